# frozen_string_literal: true

require_relative "conversation"
require "bigdecimal"
require "set"

class TestValues < Minitest::Test
  include Conversing

  def test_sends_what_is_logged_with_its_level_and_instance
    host = Host.new(connector do
      def compute_list
        logger.debug("not wanted")
        logger.warn { LATIN }
        logger.fatal(IOError.new("gone"))
        logger << "raw\n"
        logger.info("cloud")
        { items: [] }
      end
    end)
    host.ask("compute.list")
    expected = [["warn", "caf\ufffd"], ["error", "gone (IOError)"], %w[info raw], %w[info cloud]]
    told = host.told("$/log").map { |line| line.values_at(:level, :message) }
    assert_equal(expected, told.map { |level, message| [level, message.sub(/\A.*: (?=gone)/, "")] })
    assert_equal(["one"], host.told("$/log").map { |line| line[:instance] }.uniq)
  end

  def test_logs_what_the_host_wants
    host = Host.new(connector do
      def compute_list
        logger.info("info")
        logger.error("error")
        { items: [] }
      end
    end, configure: false)
    host.ask("configure", { **CTX, logLevel: "error" }, config: {})
    host.ask("compute.list")
    assert_equal ["error"], host.logged
  end

  Piece = Struct.new(:data, :start, :end, keyword_init: true)

  def test_writes_values_as_the_protocol_has_them
    at = Time.new(2026, 1, 31, 13, 0, 0, "+01:00")
    values = [
      [Piece.new(data: Annelid::Bytes.new("\x01\x02"), start: 9), { data: "AQI=", start: 9 }],
      [at, "2026-01-31T12:00:00.000Z"], [at.to_datetime, "2026-01-31T12:00:00.000Z"], [Date.new(2026, 1, 31), "2026-01-31"],
      [2**53 - 1, 2**53 - 1], [-(2**60), (-(2**60)).to_s], [BigDecimal("1.50"), "1.5"], [Set[:a, nil, true], ["a", nil, true]],
      ["café".b, "café"], [LATIN, "caf\ufffd"], [LATIN.dup.force_encoding("ISO-8859-1"), "café"],
      [{ 1 => { "a" => 1.5 } }, { "1": { a: 1.5 } }], [(1..3).lazy.map { |n| n * 2 }, [2, 4, 6]]
    ]
    values.each do |value, expected|
      assert_equal [expected], JSON.parse(Annelid::Values.encode([value]), symbolize_names: true), value.inspect
    end
    assert_raises(TypeError) { Annelid::Values.encode([Object.new]) }
  end
end
