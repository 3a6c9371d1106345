# What the plugin answers the daemon.

require "minitest/autorun"
require "tmpdir"
require_relative "host"

class TestMachines < Minitest::Test
  WISH = { id: "a", name: "web1", vcpus: 1, memoryMiB: 64, disks: [], networks: [], labels: { tier: "front" } }.freeze

  def setup
    @folder = Dir.mktmpdir
    start
  end

  def teardown
    @plugin.close
    FileUtils.remove_entry(@folder)
  end

  def start
    @plugin = Plugin.new({ file: File.join(@folder, "machines") })
  end

  def result(method, **given)
    @plugin.ask(method, **given).fetch(:result)
  end

  def test_says_what_it_is
    assert_equal ["sample-plugin", [1]], result("describe").values_at(:name, :proto)
  end

  def test_lets_a_machine_live
    assert_equal ["stopped", { tier: "front" }], result("compute.create", key: "k1", **WISH).values_at(:state, :labels)
    assert_equal "running", result("compute.start", key: "k2", vm: "a")[:state]
    assert_equal "stopped", result("compute.powerOff", key: "k3", vm: "a")[:state]
    assert_equal 1, result("compute.list")[:items].length
    @plugin.ask("compute.delete", key: "k4", vm: "a")
    assert_empty result("compute.list")[:items]
  end

  def test_makes_one_machine_for_one_key_and_finds_it_after_a_crash
    made = result("compute.create", key: "k1", **WISH)
    @plugin.kill
    start
    assert_equal made, result("compute.create", key: "k1", **WISH, id: "b")
    assert_equal({ outcome: "done", vm: made }, result("find", key: "k1", call: "compute.create", params: WISH))
    assert_equal({ outcome: "none" }, result("find", key: "k2", call: "compute.create", params: WISH))
  end

  def test_says_what_is_wrong
    error = @plugin.ask("compute.get", vm: "nobody").fetch(:error)
    assert_equal [404, "There is no machine nobody."], error.values_at(:code, :message)
  end
end
