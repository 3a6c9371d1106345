# frozen_string_literal: true

require_relative "address"

module Annelid
  # A plugin that stays: hosts connect to it, each with a thread that reads what it says, or it connects to one.
  # @api private
  class Hosts
    # How long calls may go on once the host has gone, and once they were cancelled.
    GRACE_SECONDS = 2.0
    private_constant :GRACE_SECONDS
    # What an end of a connection, or none, is raised as.
    GONE = [SystemCallError, SocketError, IOError, Timeout::Error, OpenSSL::OpenSSLError].freeze

    # @param open_session [Proc] makes the session of one host, given a block that sends to it
    def initialize(open_session)
      @open_session = open_session
      @sessions = {}
      @lock = Mutex.new
    end

    # Serves until SIGTERM or SIGINT: every host that connects to the address.
    def listen(address)
      server = begin
        address.listen
      rescue *GONE => error
        abort "Hosts cannot connect to #{address.text}: #{error.message}"
      end
      warn "Hosts can connect to #{address.text}."
      until_signal { loop { take_up(address, server.accept) } }
    ensure
      File.unlink(address.path) if server && address.path
    end

    # Evaluates the block until SIGTERM or SIGINT; then cancels what is under way and lets it answer.
    def until_signal
      yield
    rescue SignalException
      %w[TERM INT].each { |name| trap(name, "IGNORE") }
      open = @lock.synchronize { @sessions.keys.tap { @sessions.clear } }
      open.each { |session| session.cancel_all("The plugin is stopping.") }
      open.each { |session| finish(session, "The plugin is stopping.") }
    end

    # Serves one host until it has gone.
    #
    # @param connection [IO]
    # @param first [String, nil] what was read of it already
    # @raise when it cannot be read
    def converse(connection, first = nil)
      writing = Mutex.new
      session = @open_session.call { |message| send_to(connection, writing, message) }
      @lock.synchronize { @sessions[session] = connection }
      begin
        session.receive(first) if first
        session.read(connection)
      rescue *GONE => failure
        nil
      end
      # A host that comes back asks what became of its calls, so those under way may end first.
      finish(session, "The host has gone.") if @lock.synchronize { @sessions.delete(session) }
      raise failure if failure
    end

    private

    def take_up(address, accepted)
      Thread.new do
        connection = address.admit(accepted)
        converse(connection)
      rescue *GONE
        # It is gone, or is none that we know: nobody is left to be told.
        nil
      ensure
        (connection || accepted).close
      end
    end

    def send_to(connection, writing, message)
      writing.synchronize { connection.write("#{message}\n") }
    rescue *GONE
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
  end
end
