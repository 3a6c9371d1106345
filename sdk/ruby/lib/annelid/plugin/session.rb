# frozen_string_literal: true

require_relative "connector"

module Annelid
  # The conversation with the host: lines in, lines out. Knows nothing of processes, so tests hold it in memory.
  # @api private
  class Session
    INVALID_REQUEST = -32_600
    UNKNOWN_METHOD = -32_601
    # The longest line that is read; the host keeps to less (`limits.plugins.lineToPlugin`).
    LONGEST_LINE = 64 * 1024 * 1024
    # The longest answer in one line, unless `limits` has another.
    LONGEST_ANSWER = 16 * 1024 * 1024
    BLOB_CALLS = { "blob.read" => :read, "blob.write" => :write }.freeze
    private_constant :INVALID_REQUEST, :UNKNOWN_METHOD, :LONGEST_LINE, :LONGEST_ANSWER, :BLOB_CALLS

    # @param name [String]
    # @param connector [Class]
    # @param version [String]
    # @param concurrency [Integer]
    # @param send [#call] gets whole messages without a line feed, from any thread
    # @param limits [Hash, nil]
    def initialize(name, connector, version, concurrency, limits = nil, &send)
      @name = name
      @connector = connector
      @entries = connector.entries
      @description = connector.describe(name, version, concurrency, limits)
      @blobs = Blobs.new
      @longest_answer = (limits || {}).fetch(:lineFromPlugin, LONGEST_ANSWER)
      @concurrency = concurrency
      @send = send
      @asking = Asking.new(send)
      @log = Log.new(method(:notify))
      @requests = Queue.new
      @threads = []
      @running = {}
      @instances = {}
      @lock = Mutex.new
    end

    # Sends a notification. Members that are nil are left out.
    def notify(method, params)
      @send.call(%({"jsonrpc":"2.0","method":"#{method}","params":#{Values.encode(params.compact)}}))
      nil
    end

    # Takes what the host says, until it says nothing more.
    #
    # @param source [IO]
    def read(source)
      while (line = source.gets("\n", LONGEST_LINE))
        if line.bytesize == LONGEST_LINE && !line.end_with?("\n")
          @log.error("A line of more than #{LONGEST_LINE} bytes was discarded.")
          line = source.gets("\n", LONGEST_LINE) until line.nil? || line.end_with?("\n")
        elsif !line.match?(/\A\s*\z/n)
          receive(line)
        end
      end
    end

    # Takes a line from the host, whatever is in it.
    def receive(line)
      message = Values.read_message(line)
      return take(message) if message

      @log.warn { "This is no message: #{Values.text(line.byteslice(0, 256))}" }
    rescue StandardError => error
      @log.error { "This cannot be taken: #{Values.text(line.byteslice(0, 256))}\n#{error.full_message(highlight: false, order: :top)}" }
    end

    # Takes no further calls, and waits until those under way have ended.
    #
    # @return [Boolean] false when the time was over before that
    def idle(seconds)
      @requests.close
      finish = Call.now + seconds
      @threads.all? { |thread| thread.join([0.0, finish - Call.now].max) }
    end

    # Cancels all that is under way.
    def cancel_all(reason)
      @lock.synchronize { @running.values }.each { |call| call.cancel(reason) }
    end

    # Closes what was configured.
    def close
      @instances.each_value do |connector|
        connector.close
      rescue StandardError => error
        connector.logger.error("Closing #{connector.instance} failed: #{error.full_message(highlight: false, order: :top)}")
      end
    end

    private

    def take(message)
      method, id, params = message.values_at(:method, :id, :params)
      params = {} if params.nil?
      if !id.is_a?(Integer) && !id.is_a?(String)
        cancel(params) if method == "$/cancel" && params.is_a?(Hash)
      elsif !method.is_a?(String) && (message.key?(:result) || message.key?(:error))
        @asking.receive(message)
      elsif !method.is_a?(String) || !params.is_a?(Hash)
        refuse(id, INVALID_REQUEST, "A request needs a method and named parameters.")
      else
        serve(id, method, params)
      end
    end

    def serve(id, method, params)
      return @send.call(result_line(id, @description)) if method == "describe"
      return @send.call(result_line(id, params)) if method == "echo"
      return @send.call(blob_line(id, method, params)) if BLOB_CALLS.key?(method)

      known = method == "configure" || @entries.key?(method)
      known ? enqueue(id, method, params) : refuse(id, UNKNOWN_METHOD, "#{@name} has no method #{method}.")
    end

    def enqueue(id, method, params)
      ctx = params.delete(:ctx)
      call = Call.new(id, ctx.is_a?(Hash) ? ctx : {}, method(:notify), @asking)
      running = @lock.synchronize do
        @running[id] = call
        @running.size
      end
      # As many threads as calls were ever under way at once, and no more than that.
      start_thread if running > @threads.size && @threads.size < @concurrency
      @requests << [call, method, params]
    end

    def cancel(params)
      call = @lock.synchronize { @running[params[:id]] }
      call&.cancel(params[:reason]&.to_s)
    end

    def start_thread
      @threads << Thread.new do
        while (request = @requests.pop)
          work(*request)
          request = nil
        end
      ensure
        replace_thread if request && !@requests.closed?
      end
    end

    # A method has ended the thread that it was called in.
    def replace_thread
      @threads.delete(Thread.current)
      start_thread
    end

    def work(call, method, params)
      Connector.current = call
      line = answered(call, method, params)
    ensure
      Connector.current = nil
      @send.call(line || failed_line(call, method))
      @lock.synchronize { @running.delete(call.id) }
    end

    # Makes a call; its answer. Whatever is raised is answered: nothing may end the thread.
    def answered(call, method, params)
      begin
        result = Values.encode(outcome(call, method, params))
        line = answer_line(call.id, result)
        too_long = line.bytesize > @longest_answer && call.accept.include?("blob")
        too_long ? result_line(call.id, { blob: @blobs.put(result) }) : line
      rescue Fault => fault
        error_line(call.id, **fault.to_error)
      end
    rescue Exception => error
      # The cause goes to the log, never to the caller; SystemExit too, which would end but this thread.
      log_of(call).error("#{method} failed: #{error.full_message(highlight: false, order: :top)}")
      failed_line(call, method)
    end

    def failed_line(call, method)
      message = "#{@name} failed in #{method}; the daemon's log says why."
      error_line(call.id, code: Internal.code, message: message, data: { kind: Internal.kind })
    end

    def outcome(call, method, params)
      call.check
      params = JSON.parse(@blobs.take(call.blob), symbolize_names: true) if call.blob
      return configure(call, params[:config]) if method == "configure"

      connector = @instances[call.instance]
      raise Internal.new("The instance #{call.instance} has not been configured.", outcome: "none") if connector.nil?

      name, accepts, silent, published = *@entries.fetch(method)
      params = published.arguments(params) if published
      params = params.slice(*accepts) if accepts
      # No keywords at all: to a method without parameters, none is not the same as an empty hash before Ruby 3.
      result = params.empty? ? connector.public_send(name) : connector.public_send(name, **params)
      silent && !stand_in?(result) ? nil : result
    end

    # Whether it stands for a result: of a method with nothing to say, what its last statement gives is not meant.
    def stand_in?(result)
      result.is_a?(Hash) && [[:task], [:need]].include?(result.keys)
    end

    def configure(call, config)
      raise InvalidParams.new("configure needs ctx.instance.", field: "/ctx/instance") if call.instance.empty?

      level = Log.level(call.log_level) || Log::INFO
      @instances.delete(call.instance)&.close
      config = {} unless config.is_a?(Hash)
      @instances[call.instance] = @connector.make(config, call.instance, method(:notify), level)
      nil
    end

    def log_of(call)
      @instances[call.instance]&.logger || @log
    end

    # A part of a value that is too long for a line.
    def blob_line(id, method, params)
      result_line(id, @blobs.public_send(BLOB_CALLS.fetch(method), **params))
    rescue Fault => fault
      error_line(id, **fault.to_error)
    rescue ArgumentError, TypeError, NoMethodError => error
      error_line(id, **InvalidParams.new("#{method} takes other parameters: #{error.message}.").to_error)
    end

    def result_line(id, result)
      answer_line(id, Values.encode(result))
    end

    def answer_line(id, json)
      %({"jsonrpc":"2.0","id":#{JSON.generate(id)},"result":#{json}})
    end

    def error_line(id, **error)
      %({"jsonrpc":"2.0","id":#{JSON.generate(id)},"error":#{Values.encode(error)}})
    end

    def refuse(id, code, message)
      @send.call(error_line(id, code: code, message: message))
    end
  end
end
