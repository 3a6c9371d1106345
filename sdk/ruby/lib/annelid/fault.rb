# frozen_string_literal: true

module Annelid
  # A failure that the caller is meant to see: a class for its kind, a sentence, and data.
  #
  # Raise the class of the kind. In a plugin any other exception goes to the daemon's log, and the caller is told no more
  # than that the call failed.
  #
  # @example
  #   raise Annelid::NotFound.new("There is no machine #{vm}.", resource: vm)
  class Fault < StandardError
    # What may go with the sentence.
    DATA = %i[field outcome retryAfterMs resource operation hint provider contract].freeze
    KINDS = {}
    private_constant :KINDS

    class << self
      # @return [String] the name of the kind, such as `not-found`
      attr_reader :kind
      # @return [Integer] the number that plugins answer
      attr_reader :code
      # @return [Integer] the number that XML-RPC and JSON-RPC carry
      attr_reader :wire_code

      # @return [Boolean] whether the same call may simply be made again later
      def retry?
        @retry
      end

      # @return [Boolean] whether it is chosen before anything is touched
      def refusal?
        @refusal
      end

      # @return [Hash{String => Class}] every class, by its kind
      def kinds
        KINDS
      end

      # The fault that came over a wire; of a kind that is not known, an {Internal}.
      #
      # @param kind [String]
      # @param message [String]
      # @param data [Hash{Symbol => Object}]
      # @return [Fault]
      def of(kind, message, data)
        kinds.fetch(kind, Internal).new(message, **data.slice(*DATA))
      end

      private

      # A subclass of a kind is of that kind.
      def inherited(subclass)
        super
        facts = %i[@kind @code @wire_code @retry @refusal]
        facts.each { |fact| subclass.instance_variable_set(fact, instance_variable_get(fact)) }
      end

      def describe(kind, code:, wire_code:, again: false, refusal: false)
        @kind = kind
        @code = code
        @wire_code = wire_code
        @retry = again
        @refusal = refusal
        KINDS[kind] = self
      end
    end
    # @return [String, nil] JSON Pointer into the parameters, such as `/disks/0/sizeMiB`
    attr_reader :field
    # @return [String, nil] what had happened: `none`, `unknown`, `partial` or `done`
    attr_reader :outcome
    # @return [Integer, nil] when to try again, in milliseconds
    attr_reader :retryAfterMs
    # @return [String, nil] the resource meant, by its id
    attr_reader :resource
    # @return [String, nil] the operation that failed
    attr_reader :operation
    # @return [String, nil] what to do next
    attr_reader :hint
    # @return [String, nil] the backend's own name for the failure
    attr_reader :provider
    # @return [Hash, nil] what the fault is in the contract of a service
    attr_reader :contract

    # @param message [String] what is wrong, and with what. It is shown to users: no secrets, no traces
    # @param data [Hash{Symbol => Object}] any of {DATA}
    # @raise [ArgumentError] for anything else
    def initialize(message = nil, **data)
      super(message)
      unknown = data.keys - DATA
      raise ArgumentError, "A fault has no #{unknown.join(", ")}." unless unknown.empty?

      data.each { |name, value| instance_variable_set(:"@#{name}", value) }
    end

    # @return [String] the name of the kind
    def kind
      self.class.kind
    end

    # @return [Integer] the number that plugins answer
    def code
      self.class.code
    end

    # @return [Hash{Symbol => Object}] what it was given beside the sentence
    def data
      DATA.map { |name| [name, public_send(name)] }.to_h.compact
    end

    # @return [Hash] `error` of an answer, as plugins send it
    def to_error
      outcome = self.class.refusal? ? { outcome: "none" } : {}
      { code: code, message: message, data: { kind: kind, **outcome, **data } }
    end
  end
end

require_relative "generated/faults"

module Annelid
  # Every kind of fault once more, for those who write the names without `Annelid::` in front: connectors do.
  module Faults
    Fault.kinds.each_value { |fault| const_set(fault.name.split("::").last, fault) }
    # What is above all kinds.
    Fault = Annelid::Fault
  end
end
