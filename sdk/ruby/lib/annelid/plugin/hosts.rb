# frozen_string_literal: true

require "socket"

module Annelid
  # A plugin that stays: hosts connect to it at a unix socket, each with a thread that reads what it says.
  # @api private
  class Hosts
    # How long calls may go on once the host has gone, and once they were cancelled.
    GRACE_SECONDS = 2.0
    private_constant :GRACE_SECONDS

    # @param address [String, nil] `unix:PATH`
    # @param open_session [Proc] makes the session of one host, given a block that sends to it
    def initialize(address, open_session)
      @path = address[/\Aunix:(.+)/m, 1] if address
      abort "--listen takes unix:PATH, not #{address}." if @path.nil?

      @open_session = open_session
      @sessions = {}
      @lock = Mutex.new
    end

    # Serves every host that connects, until SIGTERM or SIGINT.
    def run
      server = listen
      warn "Hosts can connect to unix:#{@path}."
      loop { converse(server.accept) }
    rescue SignalException
      %w[TERM INT].each { |name| trap(name, "IGNORE") }
      File.unlink(@path)
      stop
    end

    private

    # Nobody but the user of this process may connect. What a process left there that has ended is removed.
    def listen
      clear
      mask = File.umask(0o177)
      UNIXServer.new(@path)
    ensure
      File.umask(mask) if mask
    end

    def clear
      UNIXSocket.open(@path) { abort "Something listens at unix:#{@path} already." }
    rescue Errno::ECONNREFUSED
      File.unlink(@path)
    rescue Errno::ENOENT
      nil
    end

    def converse(connection)
      writing = Mutex.new
      session = @open_session.call { |message| send_to(connection, writing, message) }
      @lock.synchronize { @sessions[session] = connection }
      Thread.new do
        session.read(connection)
      rescue SystemCallError, IOError
        nil
      ensure
        # A host that comes back asks what became of its calls, so those under way may end first.
        finish(session, "The host has gone.") if @lock.synchronize { @sessions.delete(session) }
        connection.close
      end
    end

    def send_to(connection, writing, message)
      writing.synchronize { connection.write("#{message}\n") }
    rescue SystemCallError, IOError
      # The host is gone: what it would still have been answered, nobody reads.
      nil
    end

    def finish(session, reason)
      unless session.idle(GRACE_SECONDS)
        session.cancel_all(reason)
        session.idle(GRACE_SECONDS)
      end
      session.close
    end

    def stop
      open = @lock.synchronize { @sessions.keys.tap { @sessions.clear } }
      open.each { |session| session.cancel_all("The plugin is stopping.") }
      open.each { |session| finish(session, "The plugin is stopping.") }
    end
  end
end
