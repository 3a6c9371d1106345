# What the plugin answers the daemon.

require "json"
require "minitest/autorun"
require "tmpdir"
require_relative "host"

class TestBooks < Minitest::Test
  ENTRY = {
    vm: "v1", name: "web1", account: "acme", connector: "kvm1", vcpus: 2, memoryMiB: 64,
    began: "2026-01-31T12:00:00.000Z", ended: "2026-01-31T13:00:00.000Z", seconds: 3600
  }.freeze

  def setup
    @folder = Dir.mktmpdir
    @file = File.join(@folder, "books")
    start
  end

  def teardown
    @plugin.close
    FileUtils.remove_entry(@folder)
  end

  def start
    @plugin = Plugin.new({ file: @file })
  end

  def record(*ids)
    refute_includes @plugin.ask("accounting.record", entries: ids.map { |id| { id: id, **ENTRY } }), :error
  end

  def books
    File.foreach(@file).map { |line| JSON.parse(line, symbolize_names: true) }
  end

  def test_says_what_it_is
    description = @plugin.ask("describe").fetch(:result)
    assert_equal ["sample-plugin", ["accounting.record"]], description.values_at(:name, :methods)
  end

  def test_writes_down_what_was_used
    record("e1")
    assert_equal [{ id: "e1", **ENTRY }], books
  end

  def test_has_each_entry_once_also_after_a_crash
    record("e1", "e2", "e2")
    record("e1")
    @plugin.kill
    File.write(@file, '{"id":"e3","na', mode: "a")
    start
    record("e2", "e3")
    assert_equal %w[e1 e2 e3], books.map { |entry| entry[:id] }
  end

  def test_leaves_a_file_alone_that_is_something_else
    @plugin.close
    File.write(@file, "A letter.\n")
    start
    assert_equal 503, @plugin.ask("configure", config: { file: @file }).dig(:error, :code)
    assert_equal "A letter.\n", File.read(@file)
  end
end
