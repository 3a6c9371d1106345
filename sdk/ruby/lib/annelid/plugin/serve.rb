# frozen_string_literal: true

require_relative "arguments"
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
  # @return [void]
  def self.serve(name, connector, version: "0", concurrency: 1, limits: nil)
    # Mistakes in the class show as they do in any program.
    description = connector.describe(name, version, concurrency, limits)
    arguments = Arguments.new(ARGV)
    return puts(Values.encode(description)) if arguments.describe?

    open_session = ->(&send) { Session.new(name, connector, version, concurrency, limits, &send) }
    arguments.stays? ? arguments.stay(open_session) : Serving.new(open_session).run
    [STDOUT, STDERR].each(&:flush)
    # Not exit: that would wait for what the author started.
    exit!(0)
  end

  # The life of a process whose host has its pipes.
  # @api private
  class Serving
    # How long calls may go on once the host has closed the pipe, and once they were cancelled.
    GRACE_SECONDS = 2.0
    private_constant :GRACE_SECONDS

    def initialize(open_session)
      @output = Output.new
      @session = open_session.call { |message| @output.write(message) }
    end

    def run
      @output.take
      unless finish_calls
        @session.cancel_all("The plugin is stopping.")
        @session.idle(GRACE_SECONDS)
      end
      @session.close
    end

    private

    def finish_calls
      read
      # A program that feeds a few lines and closes the pipe wants their answers, so calls under way may end first.
      !@output.read? || @session.idle(GRACE_SECONDS)
    rescue SignalException
      %w[TERM INT].each { |name| trap(name, "IGNORE") }
      false
    end

    def read
      # A child process that read from the host's pipe would swallow requests.
      source = STDIN.dup.binmode
      STDIN.reopen(File::NULL)
      @session.read(source)
    end
  end

  # The real standard output.
  # @api private
  class Output
    def initialize
      @lock = Mutex.new
      @pipe = STDOUT
    end

    # Moves it away; file descriptor 1 then leads to standard error.
    def take
      STDOUT.flush
      @pipe = STDOUT.dup.binmode
      @pipe.sync = true
      STDOUT.reopen(STDERR)
      # What is printed is logged when it is printed, and not once the buffer is full.
      STDOUT.sync = true
    end

    # @param message [String] without a line feed
    def write(message)
      line = "#{message}\n"
      @lock.synchronize { @pipe.write(line) }
    rescue Errno::EPIPE, Errno::ECONNRESET
      # The host is gone: nobody is left to answer to.
      exit!(0)
    end

    # Whether somebody reads it still: a pipe that nobody reads counts as readable at this end.
    #
    # When the host was killed, the next one settles what was under way here: a call that went on would work beside the one
    # that takes it up.
    def read?
      stat = @pipe.stat
      !(stat.pipe? || stat.socket?) || IO.select([@pipe], nil, nil, 0).nil?
    end
  end
end
