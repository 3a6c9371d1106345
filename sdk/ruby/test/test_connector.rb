# frozen_string_literal: true

require_relative "conversation"
require "timeout"

class TestConnector < Minitest::Test
  def refused(sentence, &body)
    cloud = Class.new(Annelid::Connector, &body)
    cloud.define_singleton_method(:to_s) { "Cloud" }
    assert_equal sentence, assert_raises(ArgumentError) { cloud.entries }.message
  end

  def test_names_a_method_that_is_no_call
    meant = defined?(DidYouMean::SpellChecker) ? "; did you mean compute_power_off?" : "."
    refused("Cloud#compute_powerof is not a call#{meant}") { def compute_powerof(vm:); end }
  end

  def test_names_a_parameter_that_is_not_of_the_call
    refused("Cloud#compute_get: the parameter id is not of the call, which has vm.") { def compute_get(id:); end }
    refused("Cloud#probe: the parameter id is not of the call, which has none.") { def probe(id:); end }
  end

  def test_names_a_parameter_that_is_no_keyword
    refused("Cloud#compute_get: the parameter vm must be a keyword: vm:.") { def compute_get(vm); end }
    refused("Cloud#compute_get: the parameter vm must be a keyword: vm:.") { def compute_get(vm = nil); end }
  end

  def test_names_a_parameter_that_may_be_left_out
    refused("Cloud#compute_start: the parameter paused may be left out by the daemon: give it a default.") do
      def compute_start(vm:, paused:); end
    end
  end

  def test_says_how_many_processes_are_to_serve_where_that_is_said
    assert_equal 1, Annelid::Connector.describe("kit", "1.0", 1, nil, 1)[:processes]
    refute_includes Annelid::Connector.describe("kit", "1.0", 1), :processes
  end

  def test_serves_no_other_class_and_no_object
    ["String", "#<Annelid::Connector >"].zip([String, Annelid::Connector.new({})]) do |shown, given|
      refusal = assert_raises(ArgumentError) { Annelid.serve("kit", given) }
      assert_equal "#{shown} is no subclass of Annelid::Connector.", refusal.message
    end
  end

  def test_shows_no_secrets
    call = Annelid::Call.new(1, { instance: "one" }, nil, nil)
    made = Annelid::Connector.make({ password: "s3cret" }, call, nil)
    assert_equal "#<Annelid::Connector one>", made.inspect
  end

  def test_takes_methods_of_parents_and_modules_but_none_that_are_private
    reads = Module.new { def compute_list; end }
    parent = Class.new(Annelid::Connector) { def compute_get(vm:); end }
    cloud = Class.new(parent) do
      include reads

      private

      def compute_key; end
    end
    assert_equal ["compute.list", "compute.get"], cloud.entries.keys
  end

  def test_has_the_names_of_faults_but_leaves_that_of_timeout_to_ruby
    cloud = Class.new(Annelid::Connector)
    assert_same Annelid::NotFound, cloud.const_get(:NotFound)
    assert_same Annelid::TimedOut, cloud.const_get(:TimedOut)
    assert_same ::Timeout, cloud.const_get(:Timeout)
  end
end

class TestFault < Minitest::Test
  def test_says_of_a_refusal_that_nothing_happened
    fault = Annelid::NotFound.new("There is no machine a.", resource: "a")
    data = { kind: "not-found", outcome: "none", resource: "a" }
    assert_equal({ code: 404, message: "There is no machine a.", data: data }, fault.to_error)
    assert_equal "done", Annelid::NotFound.new("Gone.", outcome: "done").to_error[:data][:outcome]
    assert_equal({ kind: "busy" }, Annelid::Busy.new("Busy.").to_error[:data].slice(:kind))
  end

  def test_comes_back_as_the_class_of_its_kind
    assert_instance_of Annelid::Throttled, Annelid::Fault.of("throttled", "Slow.", { retryAfterMs: 5, more: 1 })
    assert_equal 5, Annelid::Fault.of("throttled", "Slow.", { retryAfterMs: 5 }).retryAfterMs
    assert_instance_of Annelid::Internal, Annelid::Fault.of("of-later", "New.", {})
    assert_equal [true, false], [Annelid::Throttled.retry?, Annelid::NotFound.retry?]
  end

  def test_may_have_kinds_of_an_authors_own_below
    lost = Class.new(Annelid::Unavailable)
    assert_equal [503, "unavailable"], lost.new("Lost.").to_error.then { |error| [error[:code], error[:data][:kind]] }
    assert_same Annelid::Unavailable, Annelid::Fault.kinds["unavailable"]
  end

  def test_refuses_data_that_no_fault_has
    assert_equal "A fault has no resourse.", assert_raises(ArgumentError) { Annelid::Busy.new("B.", resourse: 1) }.message
  end
end
