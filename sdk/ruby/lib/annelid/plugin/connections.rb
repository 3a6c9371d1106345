# frozen_string_literal: true

require "ipaddr"
require "openssl"
require "socket"
require "timeout"

module Annelid
  # How a plugin that stays meets its hosts: at a unix socket, or by TCP with TLS 1.3, where both sides show certificates.
  # @api private
  class Connections
    OPTIONS = %w[listen dial connector token-file cert key ca].freeze
    ADDRESS = %r{\A(?:unix:(?<path>.+)|tls://(?:\[(?<ip>[0-9A-Fa-f:.]+)\]|(?<name>[^/:]+)):(?<port>[0-9]{1,5}))\z}m.freeze
    # What an end of a connection, or none, is raised as.
    GONE = [SystemCallError, SocketError, IOError, Timeout::Error, OpenSSL::OpenSSLError].freeze
    # Seconds: how long the other side may take to begin; between two tries, doubled each time, the shortest again once a
    # connection has held for a while.
    BEGIN_SECONDS = 30
    FIRST_PAUSE = 0.25
    LONGEST_PAUSE = 30.0
    WELL_AFTER = 60.0
    # When nothing comes, the system asks whether the other side is there still; of itself, it would after two hours.
    KEEPALIVE = { TCP_KEEPIDLE: 30, TCP_KEEPINTVL: 10, TCP_KEEPCNT: 3 }.freeze
    private_constant :OPTIONS, :ADDRESS, :GONE, :BEGIN_SECONDS, :FIRST_PAUSE, :LONGEST_PAUSE, :WELL_AFTER, :KEEPALIVE

    # @param words [Array<String>] the arguments of the program; what is not of the kit is the author's
    # @param hosts [Hosts]
    def initialize(words, hosts)
      @hosts = hosts
      @given = OPTIONS.to_h { |name| [name, value(words, name)] }.compact
      @option = @given.key?("listen") ? "listen" : "dial"
      @address = @given[@option]
      @files = @given.values_at("cert", "key", "ca")
      if @address.start_with?("tls:") && !@files.all?
        abort "--#{@option} tls: needs --cert, --key and --ca, each a PEM file."
      end
      found = ADDRESS.match(@address)
      found && (found[:path] || (1..65_535).cover?(found[:port].to_i)) or abort "--#{@option} takes unix:PATH or tls://HOST:PORT, not #{@address}."
      @path = found[:path]
      @host = found[:ip] || found[:name]
      @port = found[:port].to_i
    end

    # Serves until SIGTERM or SIGINT.
    def run
      return listen if @option == "listen"

      unless @given["connector"] && @given["token-file"]
        abort "--dial needs --connector, the name that the host knows it by, and --token-file."
      end
      @hosts.until_signal { dial }
    end

    private

    # Of `--name value` and `--name=value`.
    def value(words, name)
      at = words.index("--#{name}")
      at ? words[at + 1] || "" : words.find { |word| word.start_with?("--#{name}=") }&.split("=", 2)&.last
    end

    # Serves every host that connects.
    def listen
      server = begin
        open_server
      rescue *GONE => error
        abort "Hosts cannot connect to #{@address}: #{error.message}"
      end
      warn "Hosts can connect to #{@address}."
      @hosts.until_signal { loop { take_up(server.accept) } }
    ensure
      File.unlink(@path) if server && @path
    end

    # At a unix socket nobody but the user of this process may connect. What a process left there that has ended is removed.
    def open_server
      # Files that cannot be read are no matter of whoever connects first.
      return context && TCPServer.new(@host, @port) unless @path

      begin
        at_path(UNIXSocket).close
        raise IOError, "Something listens at #{@address} already."
      rescue Errno::ECONNREFUSED
        raise IOError, "#{@path} is there already, and is no socket." unless File.lstat(@path).socket?

        File.unlink(@path)
      rescue Errno::ENOENT
        nil
      end
      mask = File.umask(0o177)
      at_path(UNIXServer)
    ensure
      File.umask(mask) if mask
    end

    def at_path(kind)
      kind.new(@path)
    rescue ArgumentError => error
      raise IOError, error.message
    end

    def take_up(accepted)
      Thread.new do
        connection = @path ? accepted : secured(accepted, :accept)
        @hosts.converse(connection, connection) { true }
      rescue *GONE
        # It is gone, or is none that we know: nobody is left to be told.
        nil
      ensure
        (connection || accepted).close
      end
    end

    # Connects to a host, and again whenever the connection has ended.
    def dial
      pause = FIRST_PAUSE
      loop do
        begun = Call.now
        meet
        pause = FIRST_PAUSE if Call.now - begun >= WELL_AFTER
        sleep pause
        pause = [2 * pause, LONGEST_PAUSE].min
      end
    end

    def meet
      # At each try, so that it can be changed while the plugin runs.
      token = File.read(@given["token-file"]).strip
      connection = @path ? at_path(UNIXSocket) : secured(Socket.tcp(@host, @port, connect_timeout: BEGIN_SECONDS), :connect)
      greet(connection, token)
      connection.close
    rescue *GONE => error
      tell "cannot be reached: #{error.message}."
      # Not where a signal ends it: what is under way answers still.
      connection&.close
    end

    # Says who it is, and serves the host until it has gone.
    def greet(connection, token)
      admission = { jsonrpc: "2.0", method: "$/admit", params: { connector: @given["connector"], token: token } }
      connection.write("#{Values.encode(admission)}\n")
      first = connection.gets
      return tell "has closed the connection without a word." if first.nil?

      message = Values.read_message(first)
      return tell "does not admit this plugin; its log says why." if message && message[:method] == "$/refused"

      tell "has admitted this plugin."
      @hosts.converse(connection, connection, first: first) { true }
    end

    # Once, not at every try.
    def tell(words)
      warn "The host at #{@address} #{words}" unless words == @told
      @told = words
    end

    # What was connected, once both sides have shown their certificates.
    #
    # @param side [Symbol] `:connect` or `:accept`
    def secured(socket, side)
      socket.setsockopt(:TCP, :NODELAY, true)
      socket.setsockopt(:SOCKET, :KEEPALIVE, true)
      KEEPALIVE.each { |name, seconds| socket.setsockopt(:TCP, Socket.const_get(name), seconds) if Socket.const_defined?(name) }
      secure = OpenSSL::SSL::SSLSocket.new(socket, context)
      secure.sync_close = true
      # An IP address is no name that it could ask for (RFC 6066 section 3).
      secure.hostname = @host if side == :connect && !ip?
      Timeout.timeout(BEGIN_SECONDS, Timeout::Error, "it does not answer") { secure.public_send(side) }
      secure.post_connection_check(@host) if side == :connect
      secure
    rescue StandardError
      socket.close
      raise
    end

    def context
      chain, key, = @files.map { |file| File.read(file) }
      others = chain.scan(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/m).drop(1)
      certificate, *chained = [chain, *others].map { |pem| OpenSSL::X509::Certificate.new(pem) }
      OpenSSL::SSL::SSLContext.new.tap do |made|
        made.min_version = OpenSSL::SSL::TLS1_3_VERSION
        made.verify_mode = OpenSSL::SSL::VERIFY_PEER | OpenSSL::SSL::VERIFY_FAIL_IF_NO_PEER_CERT
        # An empty passphrase, so that nobody is asked for one.
        made.add_certificate(certificate, OpenSSL::PKey.read(key, ""), chained)
        made.cert_store = OpenSSL::X509::Store.new.tap { |store| store.add_file(@files.last) }
      end
    rescue OpenSSL::OpenSSLError, ArgumentError => error
      raise IOError, "--cert, --key and --ca must be a pair in PEM, without a passphrase, and an authority: #{error.message}"
    end

    def ip?
      IPAddr.new(@host) && true
    rescue IPAddr::Error
      false
    end
  end
end
