# frozen_string_literal: true

require_relative "generated/fault_data"

module Annelid
  # A failure that the caller is meant to see: a class for its kind, a sentence, and data.
  #
  # Raise the class of the kind. In a plugin any other exception goes to the daemon's log, and the caller is told no more
  # than that the call failed.
  #
  # @example
  #   raise Annelid::NotFound.new("There is no machine #{vm}.", resource: vm)
  class Fault < StandardError
    include FaultData

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
        kinds.fetch(kind, Internal).new(message, **data.slice(*FaultData::DATA))
      end

      # The fault that `error` of an answer is.
      #
      # @param error [Hash{Symbol => Object}]
      # @return [Fault]
      def from_error(error)
        data = error[:data] || {}
        of(data[:kind] || "internal", error[:message] || "No reason was given.", data)
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

    # @param message [String] what is wrong, and with what. It is shown to users: no secrets, no traces
    # @param data [Hash{Symbol => Object}] any of {FaultData::DATA}
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
