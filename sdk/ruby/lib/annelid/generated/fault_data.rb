# frozen_string_literal: true

# Made from the contract and the catalogue by daemon/generate; change those, not this.

module Annelid
  # What may go with the sentence of a fault.
  module FaultData
    # Its names.
    DATA = %i[outcome retryAfterMs field resource provider hint contract operation].freeze

    # @return [String, nil] What had happened when the call failed. (`none`, `unknown`, `partial`, `done`)
    attr_reader :outcome

    # @return [Integer, nil] When to try again, in milliseconds.
    attr_reader :retryAfterMs

    # @return [String, nil] JSON Pointer into the parameters, such as `/disks/0/sizeMiB`.
    attr_reader :field

    # @return [String, nil] The resource meant, by its id.
    attr_reader :resource

    # @return [String, nil] The backend's own name for the failure.
    attr_reader :provider

    # @return [String, nil] What to do next.
    attr_reader :hint

    # @return [Hash, nil] What it is in the contract of the service that was called.
    attr_reader :contract

    # @return [String, nil] The operation that failed.
    attr_reader :operation
  end
end
