# frozen_string_literal: true

module Annelid
  # What is asked of the program of a plugin: how it meets its hosts. What is not of the kit is the author's.
  # @api private
  class Arguments
    NAMES = %w[listen dial connector token-file cert key ca].freeze
    private_constant :NAMES

    # @param words [Array<String>]
    def initialize(words)
      @is_described = words.include?("--describe")
      @given = NAMES.to_h { |name| [name, value(words, name)] }.compact
    end

    # @return [Boolean]
    def describe?
      @is_described
    end

    # @return [Boolean] whether it is not for a host that has its pipes
    def stays?
      @given.key?("listen") || @given.key?("dial")
    end

    # Serves hosts that it is connected to, until SIGTERM or SIGINT.
    #
    # @param open_session [Proc] makes the session of one host, given a block that sends to it
    def stay(open_session)
      # Not at the top: most plugins have pipes alone.
      require_relative "dial"
      hosts = Hosts.new(open_session)
      return hosts.listen(address("listen")) if @given.key?("listen")

      at = address("dial")
      connector, token_file = @given.values_at("connector", "token-file")
      unless connector && token_file
        abort "--dial needs --connector, the name that the host knows it by, and --token-file."
      end

      Dialer.new(at, connector, token_file, hosts).run
    end

    private

    # Of `--name value` and `--name=value`.
    def value(words, name)
      at = words.index("--#{name}")
      return words[at + 1] || "" if at

      words.find { |word| word.start_with?("--#{name}=") }&.split("=", 2)&.last
    end

    def address(option)
      files = { cert: @given["cert"], key: @given["key"], ca: @given["ca"] }
      if @given[option].start_with?("tls:") && !files.values.all?
        abort "--#{option} tls: needs --cert, --key and --ca, each a PEM file."
      end
      Address.new(@given[option], files)
    rescue ArgumentError
      abort "--#{option} takes unix:PATH or tls://HOST:PORT, not #{@given[option]}."
    end
  end
end
