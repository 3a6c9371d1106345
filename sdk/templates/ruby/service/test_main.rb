# What the plugin answers the daemon.

require "minitest/autorun"
require_relative "host"

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
