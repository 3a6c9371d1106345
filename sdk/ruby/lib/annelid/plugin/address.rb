# frozen_string_literal: true

require "ipaddr"
require "openssl"
require "socket"
require "timeout"

module Annelid
  # Where hosts are met: a unix socket, or TCP with TLS 1.3, where both sides show certificates.
  # @api private
  class Address
    TEXT = %r{\A(?:unix:(?<path>.+)|tls://(?:\[(?<ip>[0-9A-Fa-f:.]+)\]|(?<host>[^/:]+)):(?<port>[0-9]{1,5}))\z}m.freeze
    # How long the other side may take to begin.
    BEGIN_SECONDS = 30
    # When nothing comes, the system asks whether the other side is there still; of itself, it would after two hours.
    KEEPALIVE = { TCP_KEEPIDLE: 30, TCP_KEEPINTVL: 10, TCP_KEEPCNT: 3 }.freeze
    private_constant :TEXT, :BEGIN_SECONDS, :KEEPALIVE

    # @return [String] as it was given
    attr_reader :text
    # @return [String, nil] of a unix socket
    attr_reader :path

    # @param text [String] `unix:PATH` or `tls://HOST:PORT`
    # @param files [Hash{Symbol => String}] the PEM files `cert`, `key` and `ca`, for TLS
    # @raise [ArgumentError] for anything else
    def initialize(text, files)
      found = TEXT.match(text) or raise ArgumentError
      @text = text
      @path = found[:path]
      @host = found[:ip] || found[:host]
      @port = found[:port].to_i
      @files = files
    end

    # @return [IO] a connection to the host that listens there
    # @raise [SystemCallError, SocketError, OpenSSL::OpenSSLError, Timeout::Error]
    def connect
      return UNIXSocket.new(@path) if @path

      socket = OpenSSL::SSL::SSLSocket.new(tuned(Socket.tcp(@host, @port, connect_timeout: BEGIN_SECONDS)), context)
      # An IP address is no name that it could ask for (RFC 6066 section 3).
      socket.hostname = @host unless ip?
      secured(socket, :connect)
    end

    # Listens there; at a unix socket nobody but the user of this process may connect. What a process left there that has ended
    # is removed.
    #
    # @return [#accept]
    # @raise [SystemCallError, SocketError, OpenSSL::OpenSSLError]
    def listen
      return listen_at_path if @path

      # Files that cannot be read are no matter of whoever connects first.
      context
      TCPServer.new(@host, @port)
    end

    # @return [IO] what was accepted there, once it has shown its certificate
    def admit(connection)
      @path ? connection : secured(OpenSSL::SSL::SSLSocket.new(tuned(connection), context), :accept)
    end

    private

    def listen_at_path
      clear
      mask = File.umask(0o177)
      UNIXServer.new(@path)
    ensure
      File.umask(mask) if mask
    end

    def clear
      UNIXSocket.open(@path) { raise IOError, "Something listens at #{@text} already." }
    rescue Errno::ECONNREFUSED
      File.unlink(@path)
    rescue Errno::ENOENT
      nil
    end

    def context
      chain, key, = @files.values_at(:cert, :key, :ca).map { |file| File.read(file) }
      others = chain.scan(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/m).drop(1)
      OpenSSL::SSL::SSLContext.new.tap do |made|
        made.min_version = OpenSSL::SSL::TLS1_3_VERSION
        made.verify_mode = OpenSSL::SSL::VERIFY_PEER | OpenSSL::SSL::VERIFY_FAIL_IF_NO_PEER_CERT
        certificate, *chained = [chain, *others].map { |pem| OpenSSL::X509::Certificate.new(pem) }
        made.add_certificate(certificate, OpenSSL::PKey.read(key), chained)
        made.cert_store = OpenSSL::X509::Store.new.tap { |store| store.add_file(@files[:ca]) }
      end
    end

    def ip?
      IPAddr.new(@host) && true
    rescue IPAddr::Error
      false
    end

    def tuned(socket)
      socket.setsockopt(:TCP, :NODELAY, true)
      socket.setsockopt(:SOCKET, :KEEPALIVE, true)
      KEEPALIVE.each { |name, value| socket.setsockopt(:TCP, Socket.const_get(name), value) if Socket.const_defined?(name) }
      socket
    end

    def secured(socket, side)
      socket.sync_close = true
      Timeout.timeout(BEGIN_SECONDS, Timeout::Error, "it does not answer") { socket.public_send(side) }
      socket.post_connection_check(@host) if side == :connect
      socket
    rescue StandardError
      socket.close
      raise
    end
  end
end
