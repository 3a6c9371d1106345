# frozen_string_literal: true

# Made from the contract and the catalogue by daemon/generate; change those, not this.

module Annelid
  # Calls by the names of their methods.
  CALLS = {
    compute_list: "compute.list",
    compute_get: "compute.get",
    compute_create: "compute.create",
    compute_start: "compute.start",
    compute_shutdown: "compute.shutdown",
    compute_power_off: "compute.powerOff",
    compute_reboot: "compute.reboot",
    compute_reset: "compute.reset",
    compute_pause: "compute.pause",
    compute_resume: "compute.resume",
    compute_update: "compute.update",
    compute_delete: "compute.delete",
    compute_console_output: "compute.consoleOutput",
    compute_stats: "compute.stats",
    compute_hosts: "compute.hosts",
    compute_images: "compute.images",
    storage_list: "storage.list",
    network_list: "network.list",
    directory_authenticate: "directory.authenticate",
    directory_find: "directory.find",
    accounting_record: "accounting.record"
  }.freeze

  # What is asked of every connector that has it.
  BASE_CALLS = {
    find: "find",
    probe: "probe",
    drain: "drain",
    events_pull: "events.pull",
    task_get: "task.get",
    task_cancel: "task.cancel"
  }.freeze

  # Those that answer nothing, whatever their methods return.
  SILENT_CALLS = %i[compute_delete probe drain task_cancel].freeze

  # Every call of the protocol; a connector has those that its cloud can do.
  module Calls
    # All machines of the backend, whoever made them.
    #
    # @param after [String, nil] `next` of the page before; the first page when left out. (up to 1024 characters)
    # @return [Hash{Symbol => Object}] A page of machines. {Resources::NativeVmPage}
    def compute_list(after: nil)
      raise NotImplementedError, "compute.list"
    end

    # One machine. A machine that does not exist is a `not-found` fault.
    #
    # @param vm [String] The backend id of the machine. (1 to 1024 characters)
    # @return [Hash{Symbol => Object}] A virtual machine as its backend knows it. {Resources::NativeVm}
    def compute_get(vm:)
      raise NotImplementedError, "compute.get"
    end

    # Make a machine, stopped. With the same `ctx.key` again, answer the machine made before and make nothing.
    #
    # @param id [String] A UUID that the backend may use as its own id. (up to 36 characters)
    # @param name [String] The name that the user chose. Another machine may have it already. (1 to 256 characters)
    # @param vcpus [Integer] Virtual processors. (1 to 4096)
    # @param memoryMiB [Integer] Memory in MiB. (1 or more)
    # @param disks [Array<Hash{Symbol => Object}>] Further empty disks. (up to 32 items) {Resources::NewDisk}
    # @param networks [Array<String>] Networks, one interface each. (up to 32 items)
    # @param labels [Hash{Symbol => String}] Labels to keep with the machine if the backend can. (up to 64 members)
    # @param image [String, nil] Backend id of the disk image to boot from; the machine gets a copy of its own. (up to
    #   1024 characters)
    # @param kernel [String, nil] Backend id of a kernel image to boot directly. (up to 1024 characters)
    # @param initrd [String, nil] Backend id of the initial RAM disk for `kernel`. (up to 1024 characters)
    # @param commandLine [String, nil] Kernel command line. (up to 4096 characters)
    # @return [Hash{Symbol => Object}] A virtual machine as its backend knows it. {Resources::NativeVm}
    def compute_create(
      id:,
      name:,
      vcpus:,
      memoryMiB:,
      disks:,
      networks:,
      labels:,
      image: nil,
      kernel: nil,
      initrd: nil,
      commandLine: nil
    )
      raise NotImplementedError, "compute.create"
    end

    # Power on; done when the machine runs, or is paused when `paused` was asked for.
    #
    # @param vm [String] The backend id of the machine. (1 to 1024 characters)
    # @param paused [Boolean, nil] Stop before the first instruction.
    # @return [Hash{Symbol => Object}] A virtual machine as its backend knows it. {Resources::NativeVm}
    def compute_start(vm:, paused: nil)
      raise NotImplementedError, "compute.start"
    end

    # Ask the guest to shut down (ACPI); done when it has. A guest may ignore it: the call then ends with its deadline.
    #
    # @param vm [String] The backend id of the machine. (1 to 1024 characters)
    # @return [Hash{Symbol => Object}] A virtual machine as its backend knows it. {Resources::NativeVm}
    def compute_shutdown(vm:)
      raise NotImplementedError, "compute.shutdown"
    end

    # Cut the power; done when the machine is stopped.
    #
    # @param vm [String] The backend id of the machine. (1 to 1024 characters)
    # @return [Hash{Symbol => Object}] A virtual machine as its backend knows it. {Resources::NativeVm}
    def compute_power_off(vm:)
      raise NotImplementedError, "compute.powerOff"
    end

    # Ask the guest to reboot (ACPI); done when the request is delivered.
    #
    # @param vm [String] The backend id of the machine. (1 to 1024 characters)
    # @return [Hash{Symbol => Object}] A virtual machine as its backend knows it. {Resources::NativeVm}
    def compute_reboot(vm:)
      raise NotImplementedError, "compute.reboot"
    end

    # Press the reset button.
    #
    # @param vm [String] The backend id of the machine. (1 to 1024 characters)
    # @return [Hash{Symbol => Object}] A virtual machine as its backend knows it. {Resources::NativeVm}
    def compute_reset(vm:)
      raise NotImplementedError, "compute.reset"
    end

    # Stop the processors, keep the memory.
    #
    # @param vm [String] The backend id of the machine. (1 to 1024 characters)
    # @return [Hash{Symbol => Object}] A virtual machine as its backend knows it. {Resources::NativeVm}
    def compute_pause(vm:)
      raise NotImplementedError, "compute.pause"
    end

    # Let a paused machine go on.
    #
    # @param vm [String] The backend id of the machine. (1 to 1024 characters)
    # @return [Hash{Symbol => Object}] A virtual machine as its backend knows it. {Resources::NativeVm}
    def compute_resume(vm:)
      raise NotImplementedError, "compute.resume"
    end

    # Change a machine; what is left out stays as it is. A change that the state forbids is a `conflict` fault.
    #
    # @param vm [String] The backend id of the machine. (1 to 1024 characters)
    # @param name [String, nil] A new name. (1 to 256 characters)
    # @param vcpus [Integer, nil] Virtual processors. (1 to 4096)
    # @param memoryMiB [Integer, nil] Memory in MiB. (1 or more)
    # @param labels [Hash{Symbol => String}, nil] All labels: they replace those before. (up to 64 members)
    # @return [Hash{Symbol => Object}] A virtual machine as its backend knows it. {Resources::NativeVm}
    def compute_update(vm:, name: nil, vcpus: nil, memoryMiB: nil, labels: nil)
      raise NotImplementedError, "compute.update"
    end

    # Remove a stopped machine and the disks that `compute.create` made for it. One that is gone already is no fault.
    #
    # @param vm [String] The backend id of the machine. (1 to 1024 characters)
    # @return [void]
    def compute_delete(vm:)
      raise NotImplementedError, "compute.delete"
    end

    # What the machine wrote to its serial console since it was started.
    #
    # @param vm [String] The backend id of the machine. (1 to 1024 characters)
    # @param maxBytes [Integer] At most so many bytes. (1 to 1048576)
    # @param offset [String, nil] Where to begin; the last `maxBytes` when left out. (64 bits, as a decimal string)
    # @return [Hash{Symbol => Object}] A piece of what a machine wrote to its serial console. {Resources::ConsoleOutput}
    def compute_console_output(vm:, maxBytes:, offset: nil)
      raise NotImplementedError, "compute.consoleOutput"
    end

    # What a running machine has used.
    #
    # @param vm [String] The backend id of the machine. (1 to 1024 characters)
    # @return [Hash{Symbol => Object}] What a machine has used since it was started. What a backend cannot tell is left
    #   out. {Resources::VmStats}
    def compute_stats(vm:)
      raise NotImplementedError, "compute.stats"
    end

    # The hosts of the backend.
    #
    # @param after [String, nil] `next` of the page before; the first page when left out. (up to 1024 characters)
    # @return [Hash{Symbol => Object}] A page of hosts. {Resources::NativeHostPage}
    def compute_hosts(after: nil)
      raise NotImplementedError, "compute.hosts"
    end

    # The images that machines can be made from.
    #
    # @param after [String, nil] `next` of the page before; the first page when left out. (up to 1024 characters)
    # @return [Hash{Symbol => Object}] A page of images. {Resources::NativeImagePage}
    def compute_images(after: nil)
      raise NotImplementedError, "compute.images"
    end

    # All volumes of the backend.
    #
    # @param after [String, nil] `next` of the page before; the first page when left out. (up to 1024 characters)
    # @return [Hash{Symbol => Object}] A page of volumes. {Resources::NativeVolumePage}
    def storage_list(after: nil)
      raise NotImplementedError, "storage.list"
    end

    # All networks of the backend.
    #
    # @param after [String, nil] `next` of the page before; the first page when left out. (up to 1024 characters)
    # @return [Hash{Symbol => Object}] A page of networks. {Resources::NativeNetworkPage}
    def network_list(after: nil)
      raise NotImplementedError, "network.list"
    end

    # Whose login and secret these are. Without `user`: nobody has that login, or the secret is another one, and the
    # answer does not say which. A fault means that it is not known.
    #
    # @param login [String] The name that somebody logs in with, as it was given. (1 to 256 characters, as `^\P{Cc}+$`)
    # @param secret [String] The secret, never empty. (1 to 1024 characters)
    # @return [Hash{Symbol => Object}] Who that is. {Resources::DirectoryAnswer}
    def directory_authenticate(login:, secret:)
      raise NotImplementedError, "directory.authenticate"
    end

    # Who has a login, asked again and again as long as a token of that user is used. Without `user`: nobody has it any
    # more.
    #
    # @param login [String] The name that somebody logs in with, as it was given. (1 to 256 characters, as `^\P{Cc}+$`)
    # @return [Hash{Symbol => Object}] Who that is. {Resources::DirectoryAnswer}
    def directory_find(login:)
      raise NotImplementedError, "directory.find"
    end

    # Write down what was used. An entry that is known by its id already is not counted again, and is no fault.
    #
    # @param entries [Array<Hash{Symbol => Object}>] In the order in which they ended. (up to 1000 items)
    #   {Resources::UsageEntry}
    # @return [Hash{Symbol => Object}] That it is written. {Resources::Recorded}
    def accounting_record(entries:)
      raise NotImplementedError, "accounting.record"
    end

    # What became of the mutation with the key of the call. A connector that has it promises that a mutation which it
    # gets again with the same key has no second effect.
    #
    # @param call [String] The mutation that is asked for, as `compute.create`. (up to 128 characters)
    # @param params [Object] Its parameters. (JSON; `$time`, `$bytes` and `$counter` stand for what it has no type for)
    # @return [Hash{Symbol => Object}] What became of the mutation with the key of the context: the result of `find`.
    #   {Resources::Found}
    def find(call:, params:)
      raise NotImplementedError, "find"
    end

    # Whether the backend can be reached: fails when not.
    #
    # @return [void]
    def probe
      raise NotImplementedError, "probe"
    end

    # The daemon is about to stop: finish what must be finished.
    #
    # @return [void]
    def drain
      raise NotImplementedError, "drain"
    end

    # What happened since a cursor, the oldest first and at most `max`; without `since` no events, and where they begin.
    # An event that is reported has the cursor that it is answered with here.
    #
    # @param max [Integer] The most events that the answer may have. (1 to 1000)
    # @param since [String, nil] `next` of the answer before, or the cursor of an event. (up to 1024 characters)
    # @return [Hash{Symbol => Object}] What happened after a cursor: the result of `events.pull`. {Resources::Pulled}
    def events_pull(max:, since: nil)
      raise NotImplementedError, "events.pull"
    end

    # How a task goes that stands for the result of a mutation; a `not-found` fault when it is not known.
    #
    # @param task [String] The id of the task. (up to 1024 characters)
    # @return [Hash{Symbol => Object}] How a task goes: the result of `task.get`. {Resources::TaskState}
    def task_get(task:)
      raise NotImplementedError, "task.get"
    end

    # A task is no longer wanted. How it ends, `task.get` says.
    #
    # @param task [String] The id of the task. (up to 1024 characters)
    # @return [void]
    def task_cancel(task:)
      raise NotImplementedError, "task.cancel"
    end
  end
end
