# frozen_string_literal: true

require_relative "../generated/context"

module Annelid
  # The call that a thread is working on: `call` in a connector.
  class Call
    include Context

    DEFAULT_REASON = "The call is no longer wanted."
    # Seconds; the system takes no endless ones.
    LONGEST_PAUSE = 86_400.0
    private_constant :DEFAULT_REASON, :LONGEST_PAUSE

    # @return [Integer, String] the id of the request
    # @api private
    attr_reader :id

    # @api private
    def initialize(id, ctx, notify, ask)
      @id = id
      @ctx = ctx
      @notify = notify
      @ask = ask
      timeout = ctx[:timeoutMs]
      @deadline = Call.now + timeout.fdiv(1000) if timeout.is_a?(Numeric)
      @listeners = []
      @lock = Mutex.new
      @cancelled = ConditionVariable.new
    end

    # @return [Float] seconds of a clock that nobody sets
    # @api private
    def self.now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end

    # @return [Hash{Symbol => Object}, nil] what was written in place of the parameters; the kit has taken it
    # @api private
    def blob
      @ctx[:blob]
    end

    # @return [Host] what may be asked of the daemon until the call has been answered
    def host
      Host.new { |method, params| @ask.call(self, method, params) }
    end

    # @return [Float, nil] seconds until the host gives up, at least 0; nil when it does not
    def remaining
      @deadline && [0.0, @deadline - Call.now].max
    end

    # @return [Boolean] whether the call is no longer wanted
    def cancelled?
      !@reason.nil?
    end

    # To be called between the steps of long work.
    #
    # @return [void]
    # @raise [Cancelled] when the call is no longer wanted
    def check
      raise Cancelled, @reason if @reason
    end

    # Waits.
    #
    # @param seconds [Numeric] `Float::INFINITY` for as long as the call is wanted
    # @return [void]
    # @raise [Cancelled] as soon as the call is no longer wanted
    # @raise [TimedOut] at its deadline
    def sleep(seconds)
      left = remaining
      is_cut = left && left < seconds
      finish = Call.now + (is_cut ? left : seconds)
      @lock.synchronize do
        until @reason || (pause = finish - Call.now) <= 0
          @cancelled.wait(@lock, [pause, LONGEST_PAUSE].min)
        end
      end
      check
      raise TimedOut, "The backend was not done in time." if is_cut
    end

    # Calls the block once the call is no longer wanted, from another thread; at once when it is so already.
    #
    # @return [void]
    def on_cancel(&listener)
      @lock.synchronize do
        return @listeners << listener unless @reason
      end
      listener.call
    end

    # Says how far the call has come.
    #
    # @param percent [Numeric, nil] 0 to 100
    # @param message [String, nil] what is being done
    # @return [void]
    def progress(percent = nil, message = nil)
      @notify.call("$/progress", { id: id, percent: percent, message: message })
    end

    # What `$/cancel` does.
    #
    # @api private
    def cancel(reason = nil)
      listeners = @lock.synchronize do
        return if @reason

        @reason = reason || DEFAULT_REASON
        @cancelled.broadcast
        @listeners.slice!(0..-1)
      end
      listeners.each(&:call)
    end
  end
end
