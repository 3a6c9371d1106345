# frozen_string_literal: true

module Annelid
  # The daemon, as a call may ask it for as long as it has not been answered. Each method raises the fault with which it is
  # refused.
  class Host
    # A value that the daemon keeps; version 0 when there is none.
    Kept = Struct.new(:value, :version)

    # @api private
    def initialize(asking, call)
      @asking = asking
      @call = call
    end

    # @param name [String]
    # @return [String] a secret from `secrets` of the connector; it must not be printed
    def secret(name)
      ask("host.secret.get", name: name)[:value]
    end

    # @param key [String]
    # @return [Kept] a value that the daemon keeps for the connector
    def state(key)
      answer = ask("host.state.get", key: key)
      Kept.new(answer[:value], answer[:version])
    end

    # Has the daemon keep a value; nil forgets the key.
    #
    # @param key [String]
    # @param value [Object]
    # @param version [Integer, nil] keep it only where this is the version
    # @return [Integer] the new version
    # @raise [Conflict] where there is another version
    def keep(key, value, version: nil)
      ask("host.state.put", key: key, value: value, version: version)[:version]
    end

    # Holds a lock among all processes of the connector while the block runs.
    #
    # @param name [String]
    # @param lease [Numeric] seconds after which it is free again whatever happens
    # @param wait [Numeric] seconds to wait for it
    # @raise [Busy] when it is not free by then
    def lock(name, lease:, wait: 0)
      lock = ask("host.lock", name: name, leaseMs: (lease * 1000).round, waitMs: (wait * 1000).round)[:lock]
      begin
        yield
      ensure
        ask("host.unlock", lock: lock)
      end
    end

    # The daemon's own record of a machine.
    #
    # @param vm [String, nil] its backend id
    # @param id [String, nil] or the daemon's
    # @return [Hash{Symbol => Object}]
    def lookup(vm: nil, id: nil)
      ask("host.lookup", vm: vm, id: id)
    end

    private

    def ask(method, **params)
      @asking.ask(@call, method, params.compact)
    end
  end

  # The requests of one conversation that wait for an answer of the host.
  # @api private
  class Asking
    def initialize(send)
      @send = send
      @lock = Mutex.new
      @last = 0
      @waiting = {}
    end

    # Asks on behalf of a call that is under way, and waits for the answer or until the call is no longer wanted.
    def ask(call, method, params)
      answers = Queue.new
      id = @lock.synchronize { (@last += 1).tap { |last| @waiting[last] = answers } }
      call.on_cancel { answers << nil }
      @send.call(%({"jsonrpc":"2.0","id":#{id},"method":"#{method}","params":#{Values.encode({ call: call.id, **params })}}))
      answer = answers.pop
      call.check if answer.nil?
      error = answer[:error] or return answer[:result]
      raise Fault.from_error(error)
    ensure
      @lock.synchronize { @waiting.delete(id) }
    end

    # Takes an answer. One to nothing that waits is noise, and noise is not answered.
    def receive(message)
      answers = @lock.synchronize { @waiting[message[:id]] }
      answers&.push(message)
    end
  end
end
