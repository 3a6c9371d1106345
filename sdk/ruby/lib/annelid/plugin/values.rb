# frozen_string_literal: true

require "date"
require "json"

module Annelid
  # Bytes, as parameters and results of the kind have them; any other String is text.
  class Bytes < String
    # @param bytes [String]
    def initialize(bytes = "")
      super
      force_encoding(Encoding::BINARY)
    end
  end

  # Values as they go over the pipe: what JSON has no type for is written as the protocol has it.
  # @api private
  module Values
    # From here on JSON's numbers are doubles for many; the protocol has digits in text.
    LARGEST = 2**53
    # How many braces are tried as the beginning of a message.
    BEGINNINGS = 32

    module_function

    # @return [String] JSON in one line
    # @raise [TypeError, JSON::GeneratorError] for what cannot be sent
    def encode(value)
      JSON.generate(plain(value))
    end

    # @return what JSON has for a value
    # @raise [TypeError] for what cannot be sent
    def plain(value)
      # Those that there are most of come first: a list of machines is made of these.
      case value
      when Bytes then [value].pack("m0")
      when String then text(value)
      when Integer then value.abs < LARGEST ? value : value.to_s
      when Hash then value.to_h { |name, member| [name.is_a?(Symbol) ? name : text(name.to_s), plain(member)] }
      when Array then value.map { |item| plain(item) }
      when nil, true, false, Float then value
      when Symbol then text(value.to_s)
      when Time then time_text(value)
      when DateTime then time_text(value.to_time)
      when Date then value.iso8601
      when Fault then plain(value.to_error)
      else other(value)
      end
    end

    # @return [String] RFC 3339 in UTC with milliseconds
    def time_text(at)
      at.getutc.strftime("%Y-%m-%dT%H:%M:%S.%LZ")
    end

    # @return [String] UTF-8: what is none of it is shown as such
    def text(value)
      return value if value.encoding == Encoding::UTF_8 && value.valid_encoding?

      known = [Encoding::UTF_8, Encoding::BINARY, Encoding::US_ASCII].include?(value.encoding)
      return value.dup.force_encoding(Encoding::UTF_8).scrub if known

      value.encode(Encoding::UTF_8, invalid: :replace, undef: :replace)
    end

    # The message in a line. Noise may be glued to its beginning, so each brace is tried, though not endlessly many.
    #
    # @param line [String] as it was read
    # @return [Hash{Symbol => Object}, nil] nil when there is none
    def read_message(line)
      bytes = line.b
      at = 0
      BEGINNINGS.times do
        begin
          value = JSON.parse(text(bytes.byteslice(at..-1)), symbolize_names: true)
          return value if value.is_a?(Hash) && value[:jsonrpc] == "2.0"
        rescue JSON::ParserError
          # Noise.
        end
        at = bytes.index("{", at + 1) or return nil
      end
      nil
    end

    def other(value)
      return value.to_s("F") if defined?(BigDecimal) && value.is_a?(BigDecimal)
      return plain(value.to_a) if value.is_a?(Enumerable) && !value.is_a?(Struct)
      return plain(value.to_h.compact) if value.respond_to?(:to_h)
      return value.to_path if value.respond_to?(:to_path)

      raise TypeError, "A #{value.class} cannot be sent."
    end
  end
end
