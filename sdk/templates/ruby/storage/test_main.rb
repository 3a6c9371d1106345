# What the plugin answers the daemon.

require "minitest/autorun"
require "tmpdir"
require_relative "host"

class TestVolumes < Minitest::Test
  def setup
    @folder = Dir.mktmpdir
    start
  end

  def teardown
    @plugin.close
    FileUtils.remove_entry(@folder)
  end

  def start
    @plugin = Plugin.new({ file: File.join(@folder, "volumes") })
  end

  def create(name, size)
    @plugin.ask("samplePlugin.create", key: "k", name: name, sizeMiB: size)
  end

  def delete(name)
    @plugin.ask("samplePlugin.delete", key: "k", volume: name).fetch(:result)
  end

  def volumes
    @plugin.ask("storage.list").dig(:result, :items)
  end

  def test_makes_and_removes_volumes
    assert_equal "data1", create("data1", 1024)[:result]
    assert_equal [{ id: "data1", name: "data1", sizeMiB: 1024 }], volumes
    assert_equal [true, false], [delete("data1"), delete("data1")]
    assert_empty volumes
  end

  def test_has_one_volume_of_a_name_also_after_a_crash
    create("data1", 1024)
    @plugin.kill
    start
    assert_equal "data1", create("data1", 1024)[:result]
    assert_equal 1, volumes.length
  end

  def test_says_what_is_wrong
    create("data1", 1024)
    error = create("data1", 2048).fetch(:error)
    assert_equal [409, "There is a volume data1 of another size."], error.values_at(:code, :message)
  end
end
