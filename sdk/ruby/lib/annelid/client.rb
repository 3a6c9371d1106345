# frozen_string_literal: true

require "json"
require "net/http"
require "openssl"
require "uri"
require_relative "../annelid"
require_relative "generated/methods"
require_relative "generated/records"

module Annelid
  # The client of a daemon: every method of its catalogue, over JSON-RPC.
  #
  # Methods are named after those of the catalogue (`vm.powerOff` is `vm.power_off`); what must be given stands in its order,
  # what may be left out goes by its name. They answer hashes, whose keys are symbols. A failure is raised as the class of
  # its kind: `rescue Annelid::NotFound`. Threads may share a client.
  #
  # @example
  #   api = Annelid::Client.new("http://127.0.0.1:8420", "alice", "secret")
  #   api.vm.list(state: "running")[:items]
  class Client < Methods
    ENDED = %w[succeeded failed cancelled].freeze
    # How long one `operation.wait` waits: shorter than what proxies cut.
    STEP_SECONDS = 50.0
    UNREACHABLE = [
      SystemCallError, SocketError, IOError, OpenSSL::SSL::SSLError, Net::HTTPBadResponse, Net::HTTPHeaderSyntaxError,
      Net::ProtocolError
    ].freeze
    private_constant :ENDED, :STEP_SECONDS, :UNREACHABLE

    # The daemon whose state directory this is, as its administrator.
    #
    # @param state [String] the directory
    # @param options [Hash] those of {#initialize}
    # @return [Client]
    def self.local(state = ".annelid", **options)
      url = JSON.parse(File.read(File.join(state, "endpoint"))).fetch("url")
      new(url, "admin", File.read(File.join(state, "admin-password")).strip, **options)
    end

    # A client for the block, which is closed at its end.
    #
    # @yieldparam client [Client]
    # @return [Object] what the block answers
    def self.open(*args, **options)
      client = new(*args, **options)
      yield client
    ensure
      client&.close
    end

    # @param url [String] where the daemon is: `http://HOST:PORT` or `https://...`
    # @param user [String, nil] who calls; left out for a token, or for methods that are public
    # @param password [String, nil] the password of the user
    # @param token [String, nil] what `session.login` answered
    # @param timeout [Numeric] seconds without an answer after which a call fails, beyond those that a method is asked to wait
    # @param tls [Hash{Symbol => Object}] how TLS is spoken, as `Net::HTTP.start` has it: `ca_file`, `verify_mode`, `cert`, `key` ...
    # @raise [ArgumentError] for what is no address
    def initialize(url, user = nil, password = nil, token: nil, timeout: 90, tls: {})
      super(method(:invoke))
      @uri = URI(url)
      unless @uri.is_a?(URI::HTTP) && @uri.hostname
        raise ArgumentError, "#{url} is no address of a daemon: it begins with http:// or https://."
      end

      @path = "#{@uri.path.chomp("/")}/jsonrpc"
      @timeout = timeout
      @tls = tls
      @lock = Mutex.new
      @connections = []
      @last = 0
      @authorization = "Basic #{["#{user}:#{password}"].pack("m0")}" if user
      use_token(token) if token
    end

    # Calls with this token from now on.
    #
    # @param token [String]
    # @return [void]
    def use_token(token)
      @authorization = "Bearer #{token}"
    end

    # `session.login`; its token is used from now on.
    #
    # @return [Hash{Symbol => Object}] {Records::Session}
    def login(user, password)
      session.login(user, password).tap { |made| use_token(made[:token]) }
    end

    # Calls any method, also one that a plugin publishes: `call("meter.read", name: "east")`.
    #
    # @param method [String]
    # @param params [Hash{Symbol => Object}]
    # @return [Object]
    # @raise [Fault]
    def call(method, **params)
      invoke(method, params)
    end

    # All items of a list, page by page: `api.items("vm.list", state: "running") { |vm| ... }`.
    #
    # @param method [String]
    # @param params [Hash{Symbol => Object}]
    # @yieldparam item [Hash{Symbol => Object}]
    # @return [Enumerator] without a block
    def items(method, **params, &block)
      return enum_for(:items, method, **params) unless block

      after = nil
      loop do
        page = call(method, **params, after: after)
        page[:items].each(&block)
        after = page[:next] or return self
      end
    end

    # Waits until an operation has succeeded.
    #
    # @param operation [Hash{Symbol => Object}, String] it, or its id
    # @param timeout [Numeric, nil] seconds
    # @return [Hash{Symbol => Object}] {Records::Operation}
    # @raise [Fault] that with which it failed, or {Cancelled}
    # @raise [TimedOut] when it has not ended after `timeout` seconds; the operation goes on
    def wait(operation, timeout: nil)
      finish = now + timeout if timeout
      at, id = operation.is_a?(Hash) ? [operation, operation[:id]] : [nil, operation]
      until at && ENDED.include?(at[:state])
        left = finish ? [STEP_SECONDS, finish - now].min : STEP_SECONDS
        raise TimedOut.new("The operation #{id} has not ended.", operation: id) if at && left <= 0

        at = self.operation.wait(id, wait: [0.0, left].max)
      end
      return at if at[:state] == "succeeded"

      raise fault_of(at)
    end

    # Closes the connections; the next call makes another.
    #
    # @return [void]
    def close
      @lock.synchronize { @connections.slice!(0..-1) }.each { |connection| finish(connection) }
    end

    # Without the credentials.
    #
    # @return [String]
    def inspect
      "#<#{self.class} #{@uri}>"
    end

    private

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end

    def fault_of(operation)
      id, state, fault = operation.values_at(:id, :state, :fault)
      return Fault.of(fault[:kind], fault[:message], { operation: id, **fault }) if fault

      (state == "cancelled" ? Cancelled : Failed).new("#{operation[:method]} was #{state}.", operation: id)
    end

    def invoke(method, params)
      id = @lock.synchronize { @last += 1 }
      body = JSON.generate({ jsonrpc: "2.0", id: id, method: method, params: params.compact })
      answer = post(body, params[:wait].to_f)
      error = answer[:error] or return answer[:result]
      raise Fault.from_error(error)
    end

    def post(body, wait)
      request = Net::HTTP::Post.new(@path, "Content-Type" => "application/json")
      request["Authorization"] = @authorization if @authorization
      request.body = body
      reply = with_connection(wait) { |connection| connection.request(request) }
      answer = parsed(reply.body)
      return answer if answer.is_a?(Hash)

      raise Unavailable, "#{place} answered #{reply.code} #{reply.message}, and no JSON-RPC."
    rescue Timeout::Error
      raise TimedOut, "#{place} did not answer in time."
    rescue *UNREACHABLE => error
      raise Unavailable, "#{place} cannot be reached: #{error.message}."
    end

    # One that is free, or another. After a failure nobody knows what would come from it.
    def with_connection(wait)
      connection = @lock.synchronize { @connections.pop } || connect
      connection.read_timeout = @timeout + wait
      reply = yield connection
      @lock.synchronize { @connections << connection }
      connection = nil
      reply
    ensure
      finish(connection) if connection
    end

    def connect
      # No proxy: what the environment names is for the web.
      options = { use_ssl: @uri.scheme == "https", open_timeout: @timeout, max_retries: 0, **@tls }
      Net::HTTP.start(@uri.hostname, @uri.port, nil, options)
    end

    def finish(connection)
      connection.finish if connection.started?
    rescue IOError
      nil
    end

    def parsed(text)
      JSON.parse(text, symbolize_names: true)
    rescue JSON::ParserError
      nil
    end

    def place
      "#{@uri.hostname}:#{@uri.port}"
    end
  end
end
