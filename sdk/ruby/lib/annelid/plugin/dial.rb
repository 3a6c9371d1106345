# frozen_string_literal: true

require_relative "hosts"

module Annelid
  # Connects to a host, and again whenever the connection has ended.
  # @api private
  class Dialer
    # Seconds between two tries: doubled each time, the shortest again once a connection has held for a while.
    FIRST_PAUSE = 0.25
    LONGEST_PAUSE = 30.0
    WELL_AFTER = 60.0
    # Bytes of the first line, which is a refusal or `describe`.
    LONGEST_FIRST = 65_536
    private_constant :FIRST_PAUSE, :LONGEST_PAUSE, :WELL_AFTER, :LONGEST_FIRST

    # @param address [Address] where the host is
    # @param connector [String] the name that the host knows the plugin by
    # @param token_file [String] read at each try, so that it can be changed while the plugin runs
    # @param hosts [Hosts] serves the host
    def initialize(address, connector, token_file, hosts)
      @address = address
      @connector = connector
      @token_file = token_file
      @hosts = hosts
    end

    # Goes on until SIGTERM or SIGINT.
    def run
      @hosts.until_signal do
        pause = FIRST_PAUSE
        loop do
          begun = Call.now
          meet
          pause = FIRST_PAUSE if Call.now - begun >= WELL_AFTER
          sleep pause
          pause = [2 * pause, LONGEST_PAUSE].min
        end
      end
    end

    private

    def meet
      connection = nil
      begin
        token = File.read(@token_file).strip
        connection = @address.connect
        greet(connection, token)
      rescue *Hosts::GONE => error
        tell "The host at #{@address.text} cannot be reached: #{error.message}."
      end
      # Not where a signal ends it: what is under way answers still.
      connection&.close
    end

    # Says who it is, and serves the host until it has gone.
    def greet(connection, token)
      admission = { connector: @connector, token: token }
      connection.write(%({"jsonrpc":"2.0","method":"$/admit","params":#{Values.encode(admission)}}\n))
      first = connection.gets("\n", LONGEST_FIRST)
      return tell "The host at #{@address.text} has closed the connection without a word." if first.nil?
      return tell "The host at #{@address.text} does not admit this plugin; its log says why." if refusal?(first)

      tell "The host at #{@address.text} has admitted this plugin."
      @hosts.converse(connection, first)
    end

    def refusal?(line)
      message = Values.read_message(line)
      !message.nil? && message[:method] == "$/refused"
    end

    # Once, not at every try.
    def tell(words)
      warn words unless words == @told
      @told = words
    end
  end
end
