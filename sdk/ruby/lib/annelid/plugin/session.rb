# frozen_string_literal: true

require_relative "connector"

module Annelid
  # The conversation with the host: lines in, lines out. Knows nothing of processes, so tests hold it in memory.
  # @api private
  class Session
    INVALID_REQUEST = -32_600
    UNKNOWN_METHOD = -32_601
    # The longest answer in one line, unless `limits` has another.
    LONGEST_ANSWER = 16 * 1024 * 1024
    private_constant :INVALID_REQUEST, :UNKNOWN_METHOD, :LONGEST_ANSWER

    # @param connector [Class]
    # @param description [Hash] what `describe` answers
    # @param send [#call] gets whole messages without a line feed, from any thread
    def initialize(connector, description, &send)
      @connector = connector
      @entries = connector.entries
      @description = description
      @name = description[:name]
      @longest_answer = description.fetch(:limits, {}).fetch(:lineFromPlugin, LONGEST_ANSWER)
      @blobs = Blobs.new
      @send = send
      @log = Log.new(method(:notify))
      @requests = Queue.new
      @threads = []
      @running = {}
      @asked = 0
      @waiting = {}
      @instances = {}
      @lock = Mutex.new
    end

    # Takes what the host says, until it says nothing more.
    #
    # @param source [IO]
    def read(source)
      source.each_line { |line| receive(line) unless line.match?(/\A\s*\z/n) }
    end

    # Takes a line from the host, whatever is in it.
    def receive(line)
      message = Values.read_message(line)
      return take(message) if message

      @log.warn { "This is no message: #{Values.text(line.byteslice(0, 256))}" }
    rescue StandardError => error
      @log.error { "This cannot be taken: #{Values.text(line.byteslice(0, 256))}\n#{Log.trace(error)}" }
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
        connector.logger.error("Closing #{connector.instance} failed: #{Log.trace(error)}")
      end
    end

    private

    def take(message)
      method, id, params = message.values_at(:method, :id, :params)
      params = {} if params.nil?
      if !id.is_a?(Integer) && !id.is_a?(String)
        cancel(params) if method == "$/cancel" && params.is_a?(Hash)
      elsif !method.is_a?(String) && (message.key?(:result) || message.key?(:error))
        # An answer to nothing that waits is noise, and noise is not answered.
        @lock.synchronize { @waiting[id] }&.push(message)
      elsif !method.is_a?(String) || !params.is_a?(Hash)
        refuse(id, INVALID_REQUEST, "A request needs a method and named parameters.")
      else
        serve(id, method, params)
      end
    end

    def serve(id, method, params)
      case method
      when "describe" then say(id: id, result: @description)
      when "echo" then say(id: id, result: params)
      # While the threads make calls, whose values these are parts of.
      when "blob.read", "blob.write" then @send.call(line_for(call_with(id, {}), method, params))
      else
        known = method == "configure" || @entries.key?(method)
        known ? enqueue(id, method, params) : refuse(id, UNKNOWN_METHOD, "#{@name} has no method #{method}.")
      end
    end

    def enqueue(id, method, params)
      ctx = params.delete(:ctx)
      call = call_with(id, ctx.is_a?(Hash) ? ctx : {})
      running = @lock.synchronize do
        @running[id] = call
        @running.size
      end
      # As many threads as calls were ever under way at once, and no more than that.
      start_thread if running > @threads.size && @threads.size < @description[:concurrency]
      @requests << [call, method, params]
    end

    def call_with(id, ctx)
      Call.new(id, ctx, method(:notify), method(:ask))
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
        # A method has ended the thread that it was called in.
        if request && !@requests.closed?
          @threads.delete(Thread.current)
          start_thread
        end
      end
    end

    def work(call, method, params)
      Connector.current = call
      line = line_for(call, method, params)
    ensure
      Connector.current = nil
      @send.call(line || failed_line(call, method))
      @lock.synchronize { @running.delete(call.id) }
    end

    # Makes a call; the line that answers it. Whatever is raised is answered: nothing may end the thread.
    def line_for(call, method, params)
      begin
        result = Values.plain(in_this_process { outcome(call, method, params) })
        line = JSON.generate({ jsonrpc: "2.0", id: call.id, result: result })
        return line if line.bytesize <= @longest_answer || !call.accept.include?("blob")

        line_of(id: call.id, result: { blob: @blobs.put(JSON.generate(result)) })
      rescue Fault => fault
        line_of(id: call.id, error: fault)
      end
    rescue Exception => error
      # The cause goes to the log, never to the caller; SystemExit too, which would end but this thread.
      (@instances[call.instance]&.logger || @log).error("#{method} failed: #{Log.trace(error)}")
      failed_line(call, method)
    end

    # A process that was forked meanwhile, and comes back from it, ends here as a program would: the answer, and what the
    # host says, are for the one that forked it.
    def in_this_process
      process = Process.pid
      yield.tap { exit!(0) if Process.pid != process }
    rescue Exception => error
      raise if Process.pid == process

      $stderr.puts(error.full_message(highlight: false)) unless error.is_a?(SystemExit)
      exit!(error.is_a?(SystemExit) ? error.status : 1)
    end

    def failed_line(call, method)
      line_of(id: call.id, error: Internal.new("#{@name} failed in #{method}; the daemon's log says why."))
    end

    def outcome(call, method, params)
      call.check
      return @blobs.read(**params) if method == "blob.read"
      return @blobs.write(**params) if method == "blob.write"

      params = JSON.parse(@blobs.take(call.blob), symbolize_names: true) if call.blob
      return configure(call, params[:config]) if method == "configure"

      connector = @instances[call.instance]
      raise Internal.new("The instance #{call.instance} has not been configured.", outcome: "none") if connector.nil?

      entry = @entries.fetch(method)
      params = entry.published.arguments(params) if entry.published
      params = params.slice(*entry.accepts) if entry.accepts
      # No keywords at all: to a method without parameters, none is not the same as an empty hash before Ruby 3.
      result = params.empty? ? connector.public_send(entry.name) : connector.public_send(entry.name, **params)
      # Of a method with nothing to say, what its last statement gives is not meant, unless it stands for a result.
      entry.silent && !(result.is_a?(Hash) && [[:task], [:need]].include?(result.keys)) ? nil : result
    end

    def configure(call, config)
      raise InvalidParams.new("configure needs ctx.instance.", field: "/ctx/instance") if call.instance.empty?

      @instances.delete(call.instance)&.close
      config = {} unless config.is_a?(Hash)
      @instances[call.instance] = @connector.make(config, call, method(:notify))
      nil
    end

    # Asks the host on behalf of a call that is under way, and waits for the answer or until the call is no longer wanted.
    def ask(call, method, params)
      answers = Queue.new
      id = @lock.synchronize { (@asked += 1).tap { |last| @waiting[last] = answers } }
      call.on_cancel { answers << nil }
      say(id: id, method: method, params: { call: call.id, **params })
      answer = answers.pop
      call.check if answer.nil?
      error = answer[:error] or return answer[:result]
      raise Fault.from_error(error)
    ensure
      @lock.synchronize { @waiting.delete(id) }
    end

    # Sends a notification. Members that are nil are left out.
    def notify(method, params)
      say(method: method, params: params.compact)
      nil
    end

    def refuse(id, code, message)
      say(id: id, error: { code: code, message: message })
    end

    def say(**message)
      @send.call(line_of(**message))
    end

    def line_of(**message)
      Values.encode({ jsonrpc: "2.0", **message })
    end
  end
end
