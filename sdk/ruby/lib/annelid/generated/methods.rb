# frozen_string_literal: true

# Made from the contract and the catalogue by daemon/generate; change those, not this.

module Annelid
  # The methods of one noun.
  class NounMethods
    # @api private
    def initialize(call)
      @call = call
    end
  end

  # The daemon itself, and introspection.
  class SystemMethods < NounMethods
    # The names of all methods.
    #
    # @return [Array<String>] The names, sorted.
    # @raise [Fault] invalid-params, unauthenticated, forbidden, throttled, internal
    def list_methods
      @call.call("system.listMethods", {})
    end

    # What a method does, in prose.
    #
    # @param method [String] The name of a method. (up to 256 characters)
    # @return [String] The prose.
    # @raise [Fault] unknown-method, invalid-params, unauthenticated, forbidden, throttled, internal
    def method_help(method)
      @call.call("system.methodHelp", { method: method })
    end

    # The types of a method, in the words of XML-RPC: a list of signatures, one for each number of optional parameters
    # that is given; in each, the type of the result comes first.
    #
    # @param method [String] The name of a method. (up to 256 characters)
    # @return [Array<Array<String>>] The signatures.
    # @raise [Fault] unknown-method, invalid-params, unauthenticated, forbidden, throttled, internal
    def method_signature(method)
      @call.call("system.methodSignature", { method: method })
    end

    # Which software this is.
    #
    # @return [Hash{Symbol => Object}] Name and versions. {Records::Version}
    # @raise [Fault] invalid-params, unauthenticated, forbidden, throttled, internal
    def version
      @call.call("system.version", {})
    end

    # Whether the daemon is well.
    #
    # @return [Hash{Symbol => Object}] How it is. {Records::Health}
    # @raise [Fault] invalid-params, unauthenticated, forbidden, throttled, internal
    def health
      @call.call("system.health", {})
    end
  end

  # Logging in and out.
  class SessionMethods < NounMethods
    # Exchange a name and password for a token.
    #
    # @param user [String] The name of the user. (up to 256 characters)
    # @param password [String] The password. (up to 1024 characters)
    # @return [Hash{Symbol => Object}] The token and whose it is. {Records::Session}
    # @raise [Fault] invalid-params, unauthenticated, forbidden, throttled, internal
    def login(user, password)
      @call.call("session.login", { user: user, password: password })
    end

    # End the token that this call is made with.
    #
    # @return [Hash{Symbol => Object}] Whose token it was. {Records::LoggedOut}
    # @raise [Fault] conflict, invalid-params, unauthenticated, forbidden, throttled, internal
    def logout
      @call.call("session.logout", {})
    end

    # Who is calling, as the daemon sees it.
    #
    # @return [Hash{Symbol => Object}] The caller. {Records::Identity}
    # @raise [Fault] invalid-params, unauthenticated, forbidden, throttled, internal
    def whoami
      @call.call("session.whoami", {})
    end
  end

  # Virtual machines.
  class VmMethods < NounMethods
    # List machines. Filters that are given must all match; machines that are deleted are listed only when `state` asks
    # for them.
    #
    # @param state [String, nil] Only machines in this state. (`pending`, `stopped`, `starting`, `running`, `pausing`,
    #   `paused`, `stopping`, `suspended`, `rebooting`, `error`, `unknown`, `deleting`, `deleted`)
    # @param connector [String, nil] Only machines of this connector.
    # @param host [String, nil] Only machines on this host.
    # @param account [String, nil] Only machines of this account.
    # @param name [String, nil] Only machines whose name contains this text, in any case. (up to 256 characters)
    # @param labels [Hash{Symbol => String}, nil] Only machines that have all these labels with these values. (up to 64
    #   members)
    # @param sort [String, nil] What to sort by. (default `"created"`) (`created`, `name`, `state`, `vcpus`,
    #   `memoryMiB`)
    # @param descending [Boolean, nil] Whether the last comes first. (default `false`)
    # @param limit [Integer, nil] At most so many in one page. (1 to 100000; default `100000`)
    # @param after [String, nil] `next` of the page before. (up to 1024 characters; empty counts as left out)
    # @param refresh [Boolean, nil] Read from the backends first instead of answering from the inventory. (default
    #   `false`)
    # @return [Hash{Symbol => Object}] The machines that the caller may see. {Records::VmPage}
    # @raise [Fault] unavailable, invalid-params, unauthenticated, forbidden, throttled, internal
    def list(
      state: nil,
      connector: nil,
      host: nil,
      account: nil,
      name: nil,
      labels: nil,
      sort: nil,
      descending: nil,
      limit: nil,
      after: nil,
      refresh: nil
    )
      @call.call(
        "vm.list",
        {
          state: state,
          connector: connector,
          host: host,
          account: account,
          name: name,
          labels: labels,
          sort: sort,
          descending: descending,
          limit: limit,
          after: after,
          refresh: refresh
        }
      )
    end

    # Read one machine.
    #
    # @param vm [String] The machine: its id, or its name where that is unique.
    # @param refresh [Boolean, nil] Read from the backends first instead of answering from the inventory. (default
    #   `false`)
    # @return [Hash{Symbol => Object}] The machine. {Records::Vm}
    # @raise [Fault] not-found, unavailable, invalid-params, unauthenticated, forbidden, throttled, internal
    def get(vm, refresh: nil)
      @call.call("vm.get", { vm: vm, refresh: refresh })
    end

    # Make a machine from a disk image, or from a kernel and an initial RAM disk, or with empty disks. It is stopped
    # unless `start` is given. The machine is in the inventory, `pending`, as soon as the call is answered; its id is
    # the `resource` of the operation.
    #
    # @param name [String] Its name. (1 to 128 characters, as `^[A-Za-z0-9][A-Za-z0-9._ -]*$`)
    # @param connector [String, nil] Where to make it; may be left out when there is only one connector.
    # @param vcpus [Integer, nil] Virtual processors. (1 to 1024; default `1`)
    # @param memoryMiB [Integer, nil] Memory in MiB. (16 to 16777216; default `512`)
    # @param image [String, nil] The disk image to boot from; the machine gets a copy of its own.
    # @param kernel [String, nil] A kernel image to boot directly.
    # @param initrd [String, nil] The initial RAM disk for `kernel`.
    # @param commandLine [String, nil] The kernel command line. (up to 4096 characters)
    # @param disks [Array<Hash{Symbol => Object}>, nil] Further empty disks. (up to 32 items; default `[]`)
    #   {Records::NewDisk}
    # @param networks [Array<String>, nil] Networks to connect it to, one interface each. (up to 32 items; default `[]`)
    # @param labels [Hash{Symbol => String}, nil] Labels. (up to 64 members; default `{}`)
    # @param start [Boolean, nil] Start it once it is made. (default `false`)
    # @param account [String, nil] The owner; only administrators may name another account than their own.
    # @param key [String, nil] A word of your choice: the same call with the same key again answers the same operation
    #   and makes nothing. (1 to 128 characters)
    # @param wait [Float, nil] Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
    #   default `0`)
    # @return [Hash{Symbol => Object}] The operation that makes the machine. {Records::Operation}
    # @raise [Fault] not-found, conflict, exists, unsupported, quota, unavailable, timeout, invalid-params,
    #   unauthenticated, forbidden, throttled, internal
    def create(
      name,
      connector: nil,
      vcpus: nil,
      memoryMiB: nil,
      image: nil,
      kernel: nil,
      initrd: nil,
      commandLine: nil,
      disks: nil,
      networks: nil,
      labels: nil,
      start: nil,
      account: nil,
      key: nil,
      wait: nil
    )
      @call.call(
        "vm.create",
        {
          name: name,
          connector: connector,
          vcpus: vcpus,
          memoryMiB: memoryMiB,
          image: image,
          kernel: kernel,
          initrd: initrd,
          commandLine: commandLine,
          disks: disks,
          networks: networks,
          labels: labels,
          start: start,
          account: account,
          key: key,
          wait: wait
        }
      )
    end

    # Power on a stopped machine.
    #
    # @param vm [String] The machine: its id, or its name where that is unique.
    # @param paused [Boolean, nil] Stop before the first instruction. (default `false`)
    # @param wait [Float, nil] Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
    #   default `0`)
    # @return [Hash{Symbol => Object}] Done once the backend reports the machine running or paused. {Records::Operation}
    # @raise [Fault] not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated, forbidden,
    #   throttled, internal
    def start(vm, paused: nil, wait: nil)
      @call.call("vm.start", { vm: vm, paused: paused, wait: wait })
    end

    # Ask the guest to shut down. A guest may ignore that; `vm.powerOff` always works, also while this is under way.
    #
    # @param vm [String] The machine: its id, or its name where that is unique.
    # @param wait [Float, nil] Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
    #   default `0`)
    # @return [Hash{Symbol => Object}] Done once the machine is stopped. {Records::Operation}
    # @raise [Fault] not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated, forbidden,
    #   throttled, internal
    def shutdown(vm, wait: nil)
      @call.call("vm.shutdown", { vm: vm, wait: wait })
    end

    # Cut the power. A start, shutdown or reboot of this machine that is under way is cancelled.
    #
    # @param vm [String] The machine: its id, or its name where that is unique.
    # @param wait [Float, nil] Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
    #   default `0`)
    # @return [Hash{Symbol => Object}] Done once the machine is stopped. {Records::Operation}
    # @raise [Fault] not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated, forbidden,
    #   throttled, internal
    def power_off(vm, wait: nil)
      @call.call("vm.powerOff", { vm: vm, wait: wait })
    end

    # Ask the guest to reboot.
    #
    # @param vm [String] The machine: its id, or its name where that is unique.
    # @param wait [Float, nil] Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
    #   default `0`)
    # @return [Hash{Symbol => Object}] Done once the request is delivered. {Records::Operation}
    # @raise [Fault] not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated, forbidden,
    #   throttled, internal
    def reboot(vm, wait: nil)
      @call.call("vm.reboot", { vm: vm, wait: wait })
    end

    # Press the reset button: the machine starts anew at once, without asking the guest.
    #
    # @param vm [String] The machine: its id, or its name where that is unique.
    # @param wait [Float, nil] Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
    #   default `0`)
    # @return [Hash{Symbol => Object}] Done once the machine runs again. {Records::Operation}
    # @raise [Fault] not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated, forbidden,
    #   throttled, internal
    def reset(vm, wait: nil)
      @call.call("vm.reset", { vm: vm, wait: wait })
    end

    # Stop the processors of a running machine; its memory is kept.
    #
    # @param vm [String] The machine: its id, or its name where that is unique.
    # @param wait [Float, nil] Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
    #   default `0`)
    # @return [Hash{Symbol => Object}] Done once the machine is paused. {Records::Operation}
    # @raise [Fault] not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated, forbidden,
    #   throttled, internal
    def pause(vm, wait: nil)
      @call.call("vm.pause", { vm: vm, wait: wait })
    end

    # Let a paused machine go on.
    #
    # @param vm [String] The machine: its id, or its name where that is unique.
    # @param wait [Float, nil] Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
    #   default `0`)
    # @return [Hash{Symbol => Object}] Done once the machine runs. {Records::Operation}
    # @raise [Fault] not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated, forbidden,
    #   throttled, internal
    def resume(vm, wait: nil)
      @call.call("vm.resume", { vm: vm, wait: wait })
    end

    # Change a machine; what is left out stays as it is. Most backends change the name, processors and memory of stopped
    # machines only.
    #
    # @param vm [String] The machine: its id, or its name where that is unique.
    # @param name [String, nil] A new name. (1 to 128 characters, as `^[A-Za-z0-9][A-Za-z0-9._ -]*$`)
    # @param labels [Hash{Symbol => String}, nil] All labels: they replace those before. (up to 64 members)
    # @param vcpus [Integer, nil] Virtual processors. (1 to 1024)
    # @param memoryMiB [Integer, nil] Memory in MiB. (16 to 16777216)
    # @param wait [Float, nil] Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
    #   default `0`)
    # @return [Hash{Symbol => Object}] Done once the backend has changed it. {Records::Operation}
    # @raise [Fault] not-found, conflict, exists, unsupported, unavailable, timeout, invalid-params, unauthenticated,
    #   forbidden, throttled, internal
    def update(vm, name: nil, labels: nil, vcpus: nil, memoryMiB: nil, wait: nil)
      @call.call("vm.update", { vm: vm, name: name, labels: labels, vcpus: vcpus, memoryMiB: memoryMiB, wait: wait })
    end

    # Remove a stopped machine and the disks that were made for it. Its record stays readable as `deleted` for a while.
    #
    # @param vm [String] The machine: its id, or its name where that is unique.
    # @param wait [Float, nil] Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
    #   default `0`)
    # @return [Hash{Symbol => Object}] Done once the machine is gone. {Records::Operation}
    # @raise [Fault] not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated, forbidden,
    #   throttled, internal
    def delete(vm, wait: nil)
      @call.call("vm.delete", { vm: vm, wait: wait })
    end

    # What the machine wrote to its serial console since it was started.
    #
    # @param vm [String] The machine: its id, or its name where that is unique.
    # @param offset [String, nil] Where to begin; the end of the output when left out. (64 bits, as a decimal string)
    # @param maxBytes [Integer, nil] At most so many bytes. (1 to 1048576; default `65536`)
    # @return [Hash{Symbol => Object}] The piece of output, and the offset to read on from. {Records::ConsoleOutput}
    # @raise [Fault] not-found, unsupported, unavailable, timeout, invalid-params, unauthenticated, forbidden,
    #   throttled, internal
    def console_output(vm, offset: nil, maxBytes: nil)
      @call.call("vm.consoleOutput", { vm: vm, offset: offset, maxBytes: maxBytes })
    end

    # What a running machine has used since it was started.
    #
    # @param vm [String] The machine: its id, or its name where that is unique.
    # @return [Hash{Symbol => Object}] The figures; what the backend cannot tell is left out. {Records::VmStats}
    # @raise [Fault] not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated, forbidden,
    #   throttled, internal
    def stats(vm)
      @call.call("vm.stats", { vm: vm })
    end
  end

  # The machines that virtual machines run on.
  class HostMethods < NounMethods
    # List hosts.
    #
    # @param connector [String, nil] Only hosts of this connector.
    # @param limit [Integer, nil] At most so many in one page. (1 to 100000; default `100000`)
    # @param after [String, nil] `next` of the page before. (up to 1024 characters; empty counts as left out)
    # @param refresh [Boolean, nil] Read from the backends first instead of answering from the inventory. (default
    #   `false`)
    # @return [Hash{Symbol => Object}] The hosts. {Records::HostPage}
    # @raise [Fault] unavailable, invalid-params, unauthenticated, forbidden, throttled, internal
    def list(connector: nil, limit: nil, after: nil, refresh: nil)
      @call.call("host.list", { connector: connector, limit: limit, after: after, refresh: refresh })
    end

    # Read one host.
    #
    # @param host [String] The host: its id, or its name where that is unique.
    # @return [Hash{Symbol => Object}] The host. {Records::Host}
    # @raise [Fault] not-found, invalid-params, unauthenticated, forbidden, throttled, internal
    def get(host)
      @call.call("host.get", { host: host })
    end
  end

  # What machines are made from.
  class ImageMethods < NounMethods
    # List images.
    #
    # @param connector [String, nil] Only images of this connector.
    # @param limit [Integer, nil] At most so many in one page. (1 to 100000; default `100000`)
    # @param after [String, nil] `next` of the page before. (up to 1024 characters; empty counts as left out)
    # @param refresh [Boolean, nil] Read from the backends first instead of answering from the inventory. (default
    #   `false`)
    # @return [Hash{Symbol => Object}] The images. {Records::ImagePage}
    # @raise [Fault] unavailable, invalid-params, unauthenticated, forbidden, throttled, internal
    def list(connector: nil, limit: nil, after: nil, refresh: nil)
      @call.call("image.list", { connector: connector, limit: limit, after: after, refresh: refresh })
    end

    # Read one image.
    #
    # @param image [String] The image: its id, or its name where that is unique.
    # @return [Hash{Symbol => Object}] The image. {Records::Image}
    # @raise [Fault] not-found, invalid-params, unauthenticated, forbidden, throttled, internal
    def get(image)
      @call.call("image.get", { image: image })
    end
  end

  # Networks that machines can be connected to.
  class NetworkMethods < NounMethods
    # List networks.
    #
    # @param connector [String, nil] Only networks of this connector.
    # @param limit [Integer, nil] At most so many in one page. (1 to 100000; default `100000`)
    # @param after [String, nil] `next` of the page before. (up to 1024 characters; empty counts as left out)
    # @param refresh [Boolean, nil] Read from the backends first instead of answering from the inventory. (default
    #   `false`)
    # @return [Hash{Symbol => Object}] The networks. {Records::NetworkPage}
    # @raise [Fault] unavailable, invalid-params, unauthenticated, forbidden, throttled, internal
    def list(connector: nil, limit: nil, after: nil, refresh: nil)
      @call.call("network.list", { connector: connector, limit: limit, after: after, refresh: refresh })
    end

    # Read one network.
    #
    # @param network [String] The network: its id, or its name where that is unique.
    # @return [Hash{Symbol => Object}] The network. {Records::Network}
    # @raise [Fault] not-found, invalid-params, unauthenticated, forbidden, throttled, internal
    def get(network)
      @call.call("network.get", { network: network })
    end
  end

  # Disks on the backends.
  class VolumeMethods < NounMethods
    # List volumes.
    #
    # @param connector [String, nil] Only volumes of this connector.
    # @param limit [Integer, nil] At most so many in one page. (1 to 100000; default `100000`)
    # @param after [String, nil] `next` of the page before. (up to 1024 characters; empty counts as left out)
    # @param refresh [Boolean, nil] Read from the backends first instead of answering from the inventory. (default
    #   `false`)
    # @return [Hash{Symbol => Object}] The volumes. {Records::VolumePage}
    # @raise [Fault] unavailable, invalid-params, unauthenticated, forbidden, throttled, internal
    def list(connector: nil, limit: nil, after: nil, refresh: nil)
      @call.call("volume.list", { connector: connector, limit: limit, after: after, refresh: refresh })
    end

    # Read one volume.
    #
    # @param volume [String] The volume: its id, or its name where that is unique.
    # @return [Hash{Symbol => Object}] The volume. {Records::Volume}
    # @raise [Fault] not-found, invalid-params, unauthenticated, forbidden, throttled, internal
    def get(volume)
      @call.call("volume.get", { volume: volume })
    end
  end

  # The configured backends.
  class ConnectorMethods < NounMethods
    # List the configured backends and how they are.
    #
    # @param limit [Integer, nil] At most so many in one page. (1 to 100000; default `100000`)
    # @param after [String, nil] `next` of the page before. (up to 1024 characters; empty counts as left out)
    # @return [Hash{Symbol => Object}] The connectors. {Records::ConnectorPage}
    # @raise [Fault] invalid-params, unauthenticated, forbidden, throttled, internal
    def list(limit: nil, after: nil)
      @call.call("connector.list", { limit: limit, after: after })
    end

    # Read one connector.
    #
    # @param connector [String] The connector, by its name in the configuration.
    # @return [Hash{Symbol => Object}] The connector. {Records::Connector}
    # @raise [Fault] not-found, invalid-params, unauthenticated, forbidden, throttled, internal
    def get(connector)
      @call.call("connector.get", { connector: connector })
    end

    # Read what a connector claims and what of it has been proven: how often each call of its plugin succeeded and
    # failed. `/docs/plugins` shows it.
    #
    # @param connector [String] The connector, by its name in the configuration.
    # @return [Hash{Symbol => Object}] What it claims, and what is proven. {Records::Proof}
    # @raise [Fault] not-found, invalid-params, unauthenticated, forbidden, throttled, internal
    def proof(connector)
      @call.call("connector.proof", { connector: connector })
    end
  end

  # Changes under way, and those that have ended.
  class OperationMethods < NounMethods
    # Read one operation.
    #
    # @param operation [String] The operation.
    # @return [Hash{Symbol => Object}] The operation. {Records::Operation}
    # @raise [Fault] not-found, invalid-params, unauthenticated, forbidden, throttled, internal
    def get(operation)
      @call.call("operation.get", { operation: operation })
    end

    # List operations, the newest first.
    #
    # @param state [String, nil] Only operations in this state. (`queued`, `running`, `succeeded`, `failed`,
    #   `cancelled`)
    # @param resource [String, nil] Only operations on the resource with this id. (up to 256 characters; empty counts as
    #   left out)
    # @param method [String, nil] Only operations that this method asked for. (up to 256 characters; empty counts as
    #   left out)
    # @param limit [Integer, nil] At most so many in one page. (1 to 1000; default `100`)
    # @param after [String, nil] `next` of the page before. (up to 1024 characters; empty counts as left out)
    # @return [Hash{Symbol => Object}] The operations. {Records::OperationPage}
    # @raise [Fault] invalid-params, unauthenticated, forbidden, throttled, internal
    def list(state: nil, resource: nil, method: nil, limit: nil, after: nil)
      @call.call("operation.list", { state: state, resource: resource, method: method, limit: limit, after: after })
    end

    # Wait until an operation ends. One that failed is no fault of this call: its `state` and `fault` tell.
    #
    # @param operation [String] The operation.
    # @param wait [Float, nil] Wait at most so many seconds. (0 to 3600; default `60`)
    # @return [Hash{Symbol => Object}] The operation, ended, or as it is when the time is over. {Records::Operation}
    # @raise [Fault] not-found, invalid-params, unauthenticated, forbidden, throttled, internal
    def wait(operation, wait: nil)
      @call.call("operation.wait", { operation: operation, wait: wait })
    end

    # Ask an operation to stop. It ends as `cancelled`, or as something else when it was too late; what was done is not
    # undone.
    #
    # @param operation [String] The operation.
    # @return [Hash{Symbol => Object}] The operation as it is now. {Records::Operation}
    # @raise [Fault] not-found, conflict, invalid-params, unauthenticated, forbidden, throttled, internal
    def cancel(operation)
      @call.call("operation.cancel", { operation: operation })
    end

    # Tell what happened to an operation, from every side: who asked, each call to the plugin and what came of it, what
    # it changed, and what to do next. Administrators also see keys, what the plugin logged meanwhile, and how the
    # backend calls a failure.
    #
    # @param operation [String] The operation.
    # @return [Hash{Symbol => Object}] The story of the operation, up to now when it has not ended. {Records::Story}
    # @raise [Fault] not-found, invalid-params, unauthenticated, forbidden, throttled, internal
    def explain(operation)
      @call.call("operation.explain", { operation: operation })
    end
  end

  # What happened.
  class EventMethods < NounMethods
    # Read what happened after a cursor, waiting for it if need be. Events come in order and each comes once.
    #
    # @param after [String, nil] `next` of the answer before; from now on when left out. (64 bits, as a decimal string)
    # @param wait [Float, nil] Wait at most so many seconds for the first event. (0 to 300; default `0`)
    # @param limit [Integer, nil] At most so many events. (1 to 10000; default `1000`)
    # @param types [Array<String>, nil] Only events of these types. (up to 64 items; empty counts as left out)
    # @return [Hash{Symbol => Object}] The events that the caller may see, and where to read on. {Records::EventPage}
    # @raise [Fault] invalid-params, unauthenticated, forbidden, throttled, internal
    def poll(after: nil, wait: nil, limit: nil, types: nil)
      @call.call("event.poll", { after: after, wait: wait, limit: limit, types: types })
    end
  end

  # What machines have used.
  class UsageMethods < NounMethods
    # List what machines have used, in the order in which it ended. An entry is written when a machine stops, is removed
    # or resized, and at the end of each period (`limits.accounting.periodSeconds`) or a moment after it; of a connector
    # that is away, once it is back. Of spans of time that follow one another, each entry is in one.
    #
    # @param account [String, nil] Only what this account has used. (up to 256 characters; empty counts as left out)
    # @param vm [String, nil] Only what the machine with this id has used. (up to 64 characters; empty counts as left
    #   out)
    # @param since [String, nil] Only what ended at that moment or later. (RFC 3339, UTC)
    # @param before [String, nil] Only what ended before. (RFC 3339, UTC)
    # @param limit [Integer, nil] At most so many in one page. (1 to 10000; default `1000`)
    # @param after [String, nil] `next` of the page before. (up to 1024 characters; empty counts as left out)
    # @return [Hash{Symbol => Object}] The entries of the own account; to administrators those of all.
    #   {Records::UsagePage}
    # @raise [Fault] invalid-params, unauthenticated, forbidden, throttled, internal
    def list(account: nil, vm: nil, since: nil, before: nil, limit: nil, after: nil)
      @call.call("usage.list", { account: account, vm: vm, since: since, before: before, limit: limit, after: after })
    end
  end

  # Every method of the daemon, by its noun.
  class Methods
    # @return [SystemMethods] The daemon itself, and introspection.
    attr_reader :system

    # @return [SessionMethods] Logging in and out.
    attr_reader :session

    # @return [VmMethods] Virtual machines.
    attr_reader :vm

    # @return [HostMethods] The machines that virtual machines run on.
    attr_reader :host

    # @return [ImageMethods] What machines are made from.
    attr_reader :image

    # @return [NetworkMethods] Networks that machines can be connected to.
    attr_reader :network

    # @return [VolumeMethods] Disks on the backends.
    attr_reader :volume

    # @return [ConnectorMethods] The configured backends.
    attr_reader :connector

    # @return [OperationMethods] Changes under way, and those that have ended.
    attr_reader :operation

    # @return [EventMethods] What happened.
    attr_reader :event

    # @return [UsageMethods] What machines have used.
    attr_reader :usage

    # @api private
    def initialize(call)
      @system = SystemMethods.new(call)
      @session = SessionMethods.new(call)
      @vm = VmMethods.new(call)
      @host = HostMethods.new(call)
      @image = ImageMethods.new(call)
      @network = NetworkMethods.new(call)
      @volume = VolumeMethods.new(call)
      @connector = ConnectorMethods.new(call)
      @operation = OperationMethods.new(call)
      @event = EventMethods.new(call)
      @usage = UsageMethods.new(call)
    end
  end
end
