# frozen_string_literal: true

require "logger"

module Annelid
  # The daemon's log, as Ruby's programs and libraries write one.
  # @api private
  class Log < Logger
    LEVELS = { "debug" => DEBUG, "info" => INFO, "warn" => WARN, "error" => ERROR }.freeze
    LONGEST = 65_536
    private_constant :LEVELS, :LONGEST

    # @param notify [#call]
    # @param instance [String, nil]
    def initialize(notify, instance = nil, level: INFO)
      super(nil, level: level)
      @notify = notify
      @instance = instance
    end

    # @return [Integer, nil] the level of Ruby for one of the protocol
    def self.level(name)
      LEVELS[name]
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
      when Exception then Values.text(message.full_message(highlight: false, order: :top)).chomp
      else message.inspect
      end
    end
  end
end
