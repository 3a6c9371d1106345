# frozen_string_literal: true

require "logger"

module Annelid
  # The daemon's log, as Ruby's programs and libraries write one.
  # @api private
  class Log < Logger
    LEVELS = { "debug" => DEBUG, "info" => INFO, "warn" => WARN, "error" => ERROR }.freeze
    LONGEST = 65_536
    private_constant :LEVELS, :LONGEST

    # What is raised, with its backtrace.
    def self.trace(error)
      Values.text(error.full_message(highlight: false, order: :top)).chomp
    end

    # @param notify [#call]
    # @param instance [String, nil]
    # @param level [String, nil] what the protocol calls it
    def initialize(notify, instance = nil, level: nil)
      super(nil, level: LEVELS.fetch(level, INFO))
      @notify = notify
      @instance = instance
    end

    def add(severity, message = nil, progname = nil)
      severity ||= UNKNOWN
      return true if severity < level

      message = block_given? ? yield : progname if message.nil?
      name = LEVELS.key([severity, ERROR].min) || "debug"
      @notify.call("$/log", { level: name, message: text(message)[0, LONGEST], instance: @instance, id: Connector.current&.id })
      true
    end

    def <<(message)
      add(INFO, message.to_s.chomp)
      self
    end

    private

    def text(message)
      case message
      when String then Values.text(message)
      when Exception then Log.trace(message)
      else message.inspect
      end
    end
  end
end
