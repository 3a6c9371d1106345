# frozen_string_literal: true

require_relative "conversation"
require "bigdecimal"

class Meter < Annelid::Connector
  service "meter", "Reads the meters of the building."

  READING = {
    type: "object", title: "Reading", required: %w[at value],
    properties: { at: Time, value: Float, raw: :bytes }
  }.freeze

  publish "meter.read", "Read a meter.", changes: false, permission: "public", returns: "The reading.", result: Float,
    params: { name: { type: String, maxLength: 20, description: "Which." }, unit: { type: %w[V A], default: "V" } }
  def read(name:, unit:)
    [name, unit] == %w[east V] ? 229.5 : 1.5
  end

  publish "meter.book", params: { readings: [READING], ticks: :int64, labels: :map, count: Integer }, result: [READING]
  def book(readings:, ticks:, labels:, count: 1)
    raise "wrong" unless readings.first[:at].is_a?(Time) && ticks == 2**60 && labels == { a: "b" } && count == 1

    readings
  end

  publish "meter.bill", params: { until: Date, price: BigDecimal }, result: BigDecimal
  def bill(price:, **more)
    price * more[:until].day
  end

  publish "meter.raw", params: { type: "object", properties: { a: {} } }, result: {}
  def raw(a: nil)
    [a, call.account]
  end

  publish "meter.reset", result: :nothing
  def reset
    true
  end
end

class TestPublished < Minitest::Test
  def described
    service, = Host.new(Meter, configure: false).result("describe")[:publishes]
    assert_equal ["meter", "Reads the meters of the building."], service.values_at(:service, :doc)
    service[:methods].to_h { |method| [method[:name], method] }
  end

  def test_describes_methods_by_their_types
    expected = {
      name: "read", doc: "Read a meter.", changes: false, returns: "The reading.", permission: "public",
      params: {
        type: "object", required: ["name"],
        properties: {
          name: { type: "string", description: "Which.", maxLength: 20 },
          unit: { type: "string", enum: %w[V A], default: "V" }
        }
      },
      result: { type: "number" }
    }
    assert_equal expected, described["read"]
    book = described["book"][:params]
    assert_equal %w[readings ticks labels], book[:required]
    assert_equal({ type: "integer", format: "int64" }, book[:properties][:ticks])
    assert_equal({ type: "object", additionalProperties: { type: "string" } }, book[:properties][:labels])
    raw = { type: "string", contentEncoding: "base64" }
    at = { type: "string", format: "date-time" }
    assert_equal({ at: at, value: { type: "number" }, raw: raw }, book[:properties][:readings][:items][:properties])
    assert_equal({ type: "object", properties: {} }, described["reset"][:result])
  end

  def test_takes_json_schema_as_it_is
    assert_equal({ type: "object", properties: { a: {} } }, described["raw"][:params])
  end

  def test_calls_methods_with_values_of_their_types
    host = Host.new(Meter)
    assert_equal 229.5, host.result("meter.read", name: "east", unit: "V")
    reading = { at: "2026-01-31T12:00:00.000Z", value: 1.5, raw: "AQI=" }
    booked = host.result("meter.book", readings: [reading], ticks: (2**60).to_s, labels: { a: "b" })
    assert_equal [reading], booked
    assert_equal "46.5", host.result("meter.bill", until: "2026-01-31", price: "1.50")
    assert_equal [1, "acme"], host.result("meter.raw", { **CTX, account: "acme" }, a: 1)
    assert_nil host.result("meter.reset")
  end

  def test_refuses_text_that_cannot_be_read
    error = Host.new(Meter).ask("meter.bill", until: "soon", price: "1")[:error]
    assert_equal ["meter.bill: until cannot be read.", "/until"], [error[:message], error[:data][:field]]
  end

  def test_is_inherited
    assert_equal Meter.entries.keys, Class.new(Meter).entries.keys
  end

  def refused(sentence, &body)
    cloud = Class.new(Annelid::Connector)
    cloud.define_singleton_method(:to_s) { "Cloud" }
    assert_equal sentence, assert_raises(ArgumentError) { cloud.class_eval(&body) }.message
  end

  def test_names_mistakes_where_they_are_made
    refused("Cloud does not say what the service meter is.") do
      publish "meter.read"
      def read; end
    end
    refused("No wire can carry Thread.") do
      service "meter", ""
      publish "meter.read", params: { a: Thread }
      def read(a:); end
    end
    refused("meter.read: the method does not take b.") do
      service "meter", ""
      publish "meter.read", params: { b: String }
      def read; end
    end
    refused("meter.read: nothing is said of the parameter a.") do
      service "meter", ""
      publish "meter.read"
      def read(a:); end
    end
  end
end
