# frozen_string_literal: true

require_relative "conversation"
require "stringio"

class TestHosts < Minitest::Test
  # Hears a signal while it waits for its calls.
  class Interrupted
    attr_reader :told

    def initialize
      @told = []
    end

    def read(_source); end

    def idle(_seconds)
      @told << :idle
      raise SignalException, "TERM" if @told == [:idle]
    end

    def cancel_all(reason)
      @told << reason
    end

    def close
      @told << :close
    end
  end

  def setup
    @traps = %w[TERM INT].map { |name| [name, trap(name, "DEFAULT")] }
  end

  def teardown
    @traps.each { |name, before| trap(name, before) }
  end

  def test_cancels_and_closes_when_a_signal_comes_after_the_end_of_the_input
    session = Interrupted.new
    hosts = Annelid::Hosts.new(->(_send) { session })
    hosts.until_signal { hosts.converse(StringIO.new, StringIO.new) { true } }
    assert_equal [:idle, "The plugin is stopping.", :idle, :close], session.told
  end
end
