# frozen_string_literal: true

require_relative "session"

module Annelid
  # Serves a connector over the standard streams of this process, until the host closes the pipe or sends SIGTERM; the
  # process then ends.
  #
  # From here on standard output belongs to the protocol: what is printed, also by child processes and libraries in C,
  # goes to standard error and so to the daemon's log.
  #
  # With `--describe` among the arguments of the program it prints what `describe` answers and ends. With `--listen ADDRESS` it
  # stays, and serves every host that connects to `unix:PATH` or, with `--cert`, `--key` and `--ca`, to `tls://HOST:PORT`; each
  # connection begins with `configure`. With `--dial ADDRESS --connector NAME --token-file FILE` it connects to a host by itself,
  # again whenever the connection has ended.
  #
  # @param name [String] what the plugin is called
  # @param connector [Class] a subclass of {Connector}, of which one is made for each configured instance
  # @param version [String] the version of the plugin
  # @param concurrency [Integer] how many calls it takes at once, each in a thread of its own. With 1 all calls are made by
  #   one and the same thread, so that they need no locks
  # @param limits [Hash, nil] the longest lines, in bytes: `lineToPlugin` and `lineFromPlugin`. A result that is longer goes in parts
  # @param processes [Integer, nil] how many processes of it are to serve, unless the daemon's configuration says so; with 1 there are
  #   never two that are configured
  # @return [void]
  # @raise [ArgumentError] for a class that is no connector, or has a mistake
  def self.serve(name, connector, version: "0", concurrency: 1, limits: nil, processes: nil)
    unless connector.is_a?(Class) && connector <= Connector
      raise ArgumentError, "#{connector.inspect} is no subclass of Annelid::Connector."
    end

    # Mistakes in the class show as they do in any program.
    description = connector.describe(name, version, concurrency, limits, processes)
    return puts(Values.encode(description)) if ARGV.include?("--describe")

    hosts = Hosts.new(->(send) { Session.new(connector, description, &send) })
    if ARGV.grep(/\A--(?:listen|dial)(?:=|\z)/).empty?
      hosts.until_signal { hosts.at_pipes }
    else
      # Not at the top: most plugins have pipes alone.
      require_relative "connections"
      Connections.new(ARGV, hosts).run
    end
    [STDOUT, STDERR].reject(&:closed?).each(&:flush)
    # Not exit: that would wait for what the author started.
    exit!(0)
  end

  # The hosts that a process serves: the one that has its pipes, or those that it is connected to.
  # @api private
  class Hosts
    # How long calls may go on once the host has gone, and once they were cancelled.
    GRACE_SECONDS = 2.0
    private_constant :GRACE_SECONDS

    # @param open_session [Proc] makes the session of one host, given what sends to it
    def initialize(open_session)
      @open_session = open_session
      @sessions = []
      @lock = Mutex.new
    end

    # Evaluates the block until SIGTERM or SIGINT; then cancels what is under way and lets it answer.
    def until_signal
      yield
    rescue SignalException
      %w[TERM INT].each { |name| trap(name, "IGNORE") }
      open = @lock.synchronize { @sessions.slice!(0..-1) }
      open.each { |session| session.cancel_all("The plugin is stopping.") }
      open.each { |session| session.idle(GRACE_SECONDS) }
      open.each(&:close)
    end

    # Serves the host that has the pipes of this process.
    def at_pipes
      # A child process that read from the host's pipe would swallow requests.
      source = STDIN.dup.binmode
      STDIN.reopen(File::NULL)
      STDOUT.flush
      sink = STDOUT.dup.binmode
      sink.sync = true
      STDOUT.reopen(STDERR)
      # What is printed is logged when it is printed, and not once the buffer is full.
      STDOUT.sync = true
      # Without a host, nobody is left to answer to.
      converse(source, sink, -> { exit!(0) }) { read?(sink) }
    end

    # Serves one host until it has gone.
    #
    # @param first [String, nil] what was read of it already
    # @yieldreturn [Boolean] whether calls under way may end then
    # @raise when it cannot be read
    def converse(source, sink, unheard = -> {}, first: nil)
      writing = Mutex.new
      session = @open_session.call(lambda do |message|
        writing.synchronize { sink.write("#{message}\n") }
      rescue StandardError
        unheard.call
      end)
      @lock.synchronize { @sessions << session }
      begin
        session.receive(first) if first
        session.read(source)
      rescue StandardError => failure
        nil
      end
      # A program that feeds a few lines and closes the pipe wants their answers, and a host that comes back asks what became
      # of its calls.
      finish(session) if yield
      # After a signal it is closed where that was heard.
      session.close if @lock.synchronize { @sessions.delete(session) }
      raise failure if failure
    end

    private

    def finish(session)
      return if session.idle(GRACE_SECONDS)

      session.cancel_all("The plugin is stopping.")
      session.idle(GRACE_SECONDS)
    end

    # Whether somebody reads a pipe still: one that nobody reads counts as readable at this end.
    #
    # When the host was killed, the next one settles what was under way here: a call that went on would work beside the one
    # that takes it up.
    def read?(sink)
      stat = sink.stat
      !(stat.pipe? || stat.socket?) || IO.select([sink], nil, nil, 0).nil?
    end
  end
end
