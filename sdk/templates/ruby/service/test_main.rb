# Talks to the plugin as the daemon does: it is started as manifest.json says, and asked in lines of JSON.

require "json"
require "minitest/autorun"
require "open3"

class Plugin
  def initialize(config)
    run = JSON.parse(File.read(File.join(__dir__, "manifest.json"))).fetch("run")
    @input, @output, @process = Open3.popen2(*run, chdir: __dir__)
    @last = 0
    ask("configure", config: config)
  end

  # What it answers: `result` or `error`.
  def ask(method, key: nil, **params)
    @last += 1
    ctx = { v: 1, instance: "test", logLevel: "info", key: key }.compact
    @input.puts(JSON.generate({ jsonrpc: "2.0", id: @last, method: method, params: { **params, ctx: ctx } }))
    @input.flush
    while (line = @output.gets)
      answer = JSON.parse(line, symbolize_names: true)
      return answer if answer[:id] == @last && !answer.key?(:method)
    end
    raise "The plugin ended and did not answer #{method}."
  end

  def close
    [@input, @output].each(&:close)
    @process.value
  end
end

class TestService < Minitest::Test
  def setup
    @plugin = Plugin.new({})
  end

  def teardown
    @plugin.close
  end

  def test_publishes_its_methods
    service = @plugin.ask("describe").dig(:result, :publishes, 0)
    assert_equal ["samplePlugin", ["greet"]], [service[:service], service[:methods].map { |one| one[:name] }]
  end

  def test_greets
    assert_equal "Hello, Ann! Hello, Ann!", @plugin.ask("samplePlugin.greet", name: "Ann", times: 2)[:result]
  end
end
