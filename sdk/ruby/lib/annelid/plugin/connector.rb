# frozen_string_literal: true

require_relative "../generated/calls"
require_relative "../generated/protocol"
require_relative "../generated/resources"
require_relative "blobs"
require_relative "call"
require_relative "host"
require_relative "log"
require_relative "published"

module Annelid
  # A connected cloud: a subclass has a method for each call that it serves.
  #
  # One is made for each configured instance. Methods are named after calls (`compute.powerOff` is `compute_power_off`,
  # see {Calls}), get parameters as keywords by the names of the protocol, and answer what it has: hashes, structs, or
  # anything with `to_h`. A method need not take the parameters that it does not use. All keys of hashes that come are
  # symbols.
  class Connector
    include Calls
    include Faults
    extend Publishing

    # @return [Hash{Symbol => Object}] the configuration of this instance
    attr_reader :config
    # @return [String] the name of this instance in the daemon's configuration
    attr_reader :instance
    # @return [Logger] the daemon's log
    attr_reader :logger

    # Called with the configuration; a {Fault} is shown as the reason why the connector is not ready.
    #
    # @param config [Hash{Symbol => Object}]
    def initialize(config); end

    # @return [Call] the call that this thread is working on
    # @raise [RuntimeError] when it is not working on one
    def call
      Connector.current or raise "This thread is not working on a call."
    end

    # Called when the plugin ends, and when the instance is configured anew. It may be called by any thread.
    #
    # @return [void]
    def close; end

    # Without the configuration, which may have secrets: Ruby shows it in messages.
    #
    # @return [String]
    def inspect
      "#<#{self.class} #{instance}>"
    end

    # Reports a machine as it is now, whoever changed it. Can be called at any time, by any thread.
    #
    # @param vm [Hash, #to_h] a NativeVm
    # @param cursor [String, nil] of a connector with `events_pull`: that with which it answers the event there
    # @param time [Time, String, nil] when it happened, where the backend says so: until then a machine that has stopped counts as having run
    # @return [void]
    def changed(vm, cursor: nil, time: nil)
      report("vm.changed", vm: vm, cursor: cursor, time: time)
    end

    # Reports that a machine is gone.
    #
    # @param id [String]
    # @param cursor [String, nil]
    # @param time [Time, String, nil]
    # @return [void]
    def deleted(id, cursor: nil, time: nil)
      report("vm.deleted", id: id, cursor: cursor, time: time)
    end

    # Reports that events were lost, or that not only machines have changed: the daemon reads all again.
    #
    # @return [void]
    def resync
      report("resync")
    end

    # A method as a call: its name, the parameters that it takes (nil: all), and whether what it returns is no answer.
    # @api private
    Entry = Struct.new(:name, :accepts, :silent, :published)

    private

    def report(type, **event)
      @notify.call("$/event", { instance: instance, type: type, **event.compact })
    end

    class << self
      # @api private
      def current
        Thread.current.thread_variable_get(:annelid_call)
      end

      # @api private
      def current=(call)
        Thread.current.thread_variable_set(:annelid_call, call)
      end

      # An instance. What it is comes before `initialize`, which may need it and need not call that of its parent.
      #
      # @api private
      def make(config, call, notify)
        made = allocate
        logger = Log.new(notify, call.instance, level: call.log_level)
        { config: config, instance: call.instance, notify: notify, logger: logger }.each do |name, value|
          made.instance_variable_set(:"@#{name}", value)
        end
        made.send(:initialize, config)
        made
      end

      # The result of `describe`.
      #
      # @api private
      # @raise [ArgumentError] for what can only be a mistake
      def describe(name, version, concurrency, limits = nil, processes = nil)
        served = entries
        {
          proto: [PROTOCOL_VERSION], name: name, version: version, methods: CALLS.values & served.keys, concurrency: concurrency,
          features: served.key?("events.pull") ? [*FEATURES, "cursors"] : FEATURES, idempotency: served.key?("find") ? "key" : "none",
          publishes: services.empty? ? nil : described_services, limits: limits, processes: processes
        }.compact
      end

      # The calls that it serves, by their names on the wire.
      #
      # @api private
      # @raise [ArgumentError] for what can only be a mistake
      def entries
        own = public_instance_methods.reject do |name|
          Connector.public_method_defined?(name) && instance_method(name).owner == Connector.instance_method(name).owner
        end
        refuse_misspelt(own - published.values.map(&:method_name))
        served = { **CALLS, **BASE_CALLS }.slice(*own)
        calls = served.to_h { |name, call| [call, Entry.new(name, accepted(name), SILENT_CALLS.include?(name))] }
        calls.merge(published.transform_values { |method| Entry.new(method.method_name, nil, method.silent?, method) })
      end

      private

      def refuse_misspelt(names)
        interfaces = CALLS.values.map { |call| "#{call[/\A\w+/]}_" }.uniq
        wrong = (names - CALLS.keys).find { |name| name.to_s.start_with?(*interfaces) } or return
        # Ruby can be started without it.
        close = defined?(DidYouMean::SpellChecker) ? DidYouMean::SpellChecker.new(dictionary: CALLS.keys).correct(wrong).first : nil
        raise ArgumentError, "#{self}##{wrong} is not a call#{close ? "; did you mean #{close}?" : "."}"
      end

      # The parameters that a method takes, which must be those of the call.
      def accepted(name)
        known = Connector.instance_method(name).parameters.to_h(&:reverse)
        given = instance_method(name).parameters
        given.each do |type, of|
          problem = problem_with(type, of, known)
          raise ArgumentError, "#{self}##{name}: the parameter #{of} #{problem}." if problem
        end
        given.any? { |type, _| type == :keyrest } ? nil : given.map(&:last)
      end

      def problem_with(type, name, known)
        return "must be a keyword: #{name}:" if %i[req opt].include?(type)
        return unless type == :keyreq
        return "is not of the call, which has #{known.empty? ? "none" : known.keys.join(", ")}" unless known.key?(name)

        "may be left out by the daemon: give it a default" unless known[name] == :keyreq
      end
    end
  end
end
