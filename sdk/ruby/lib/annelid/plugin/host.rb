# frozen_string_literal: true

module Annelid
  # The daemon, as a call may ask it for as long as it has not been answered. Each method raises the fault with which it is
  # refused.
  class Host
    # A value that the daemon keeps; version 0 when there is none.
    Kept = Struct.new(:value, :version)

    # @api private
    def initialize(&ask)
      @ask = ask
    end

    # @param name [String]
    # @return [String] a secret from `secrets` of the connector; it must not be printed
    def secret(name)
      ask("host.secret.get", name: name)[:value]
    end

    # @param key [String]
    # @return [Kept] a value that the daemon keeps for the connector
    def state(key)
      Kept.new(*ask("host.state.get", key: key).values_at(:value, :version))
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
    # @return [Object] what the block answers
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
    # @return [Hash{Symbol => Object}] {Resources::LookedUp}
    def lookup(vm: nil, id: nil)
      ask("host.lookup", vm: vm, id: id)
    end

    private

    def ask(method, **params)
      @ask.call(method, params.compact)
    end
  end
end
