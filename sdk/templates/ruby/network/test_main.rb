# What the plugin answers the daemon.

require "minitest/autorun"
require "tmpdir"
require_relative "host"

class TestNetworks < Minitest::Test
  def setup
    @folder = Dir.mktmpdir
    start
  end

  def teardown
    @plugin.close
    FileUtils.remove_entry(@folder)
  end

  def start
    @plugin = Plugin.new({ file: File.join(@folder, "networks") })
  end

  def create(name, *cidrs)
    @plugin.ask("samplePlugin.create", key: "k", name: name, cidrs: cidrs)
  end

  def delete(name)
    @plugin.ask("samplePlugin.delete", key: "k", network: name).fetch(:result)
  end

  def networks
    @plugin.ask("network.list").dig(:result, :items)
  end

  def test_makes_and_removes_networks
    assert_equal "blue", create("blue", "10.1.0.0/16")[:result]
    assert_equal [{ id: "blue", name: "blue", state: "up", cidrs: ["10.1.0.0/16"] }], networks
    assert_equal [true, false], [delete("blue"), delete("blue")]
    assert_empty networks
  end

  def test_has_one_network_of_a_name_also_after_a_crash
    create("blue", "10.1.0.0/16")
    @plugin.kill
    start
    assert_equal "blue", create("blue", "10.1.0.0/16")[:result]
    assert_equal 1, networks.length
  end

  def test_says_what_is_wrong
    create("blue", "10.1.0.0/16")
    error = create("blue", "10.2.0.0/16").fetch(:error)
    assert_equal [409, "There is a network blue with other ranges."], error.values_at(:code, :message)
  end
end
