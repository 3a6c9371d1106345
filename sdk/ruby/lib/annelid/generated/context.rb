# frozen_string_literal: true

# Made from the contract and the catalogue by daemon/generate; change those, not this.

module Annelid
  # What goes with a call.
  module Context
    # @return [String] The configured instance that the call is for.
    def instance
      @ctx[:instance].to_s
    end

    # @return [String, nil] The idempotency key of a mutation: the same at each attempt.
    def key
      @ctx[:key]
    end

    # @return [Integer] 1 at the first attempt.
    def attempt
      @ctx[:attempt] || 1
    end

    # @return [Float, nil] Seconds without progress until the host gives up.
    def idle
      @ctx[:idleMs]&.fdiv(1000)
    end

    # @return [Array<String>] What may be answered in place of a result. `task` is for work that goes on, `need` for
    #   what is needed before anything is done, `blob` for what is too long for a line.
    def accept
      Array(@ctx[:accept])
    end

    # @return [Hash{Symbol => Object}] What the call was answered to need. It has `secret`, and `state` with the version
    #   of each value.
    def given
      @ctx[:given] || {}
    end

    # @return [String, nil] Who asked, for the log.
    def actor
      @ctx[:actor]
    end

    # @return [String, nil] The account of who asked, in a published method.
    def account
      @ctx[:account]
    end

    # @return [String] Log lines below this level are not kept.
    def log_level
      @ctx[:logLevel].to_s
    end
  end
end
