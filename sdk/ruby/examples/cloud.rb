# A cloud kept in a file, where machines are entries of a PStore: put calls of your own in their place.

require "annelid/plugin"
require "pstore"

class Cloud < Annelid::Connector
  def initialize(config)
    file = config.fetch(:file, "machines.pstore")
    raise InvalidParams.new("file must be the path of a file.", field: "/config/file") unless file.is_a?(String)

    @store = PStore.new(file, true).tap { |store| store.ultra_safe = true }
  end

  def compute_list
    { items: @store.transaction(true) { @store.roots.map { |id| @store[id] } } }
  end

  def compute_get(vm:)
    @store.transaction(true) { @store[vm] } or raise NotFound.new("There is no machine #{vm}.", resource: vm)
  end

  def compute_create(id:, name:, vcpus:, memoryMiB:, labels:, **)
    made = find[:vm]
    return made if made

    machine = { id: id, key: call.key, name: name, state: "stopped", vcpus: vcpus, memoryMiB: memoryMiB, labels: labels }
    changed(@store.transaction { @store[id] = machine })
    machine
  end

  def compute_start(vm:, paused: false)
    become(vm, paused ? "paused" : "running", "stopped")
  end

  def compute_power_off(vm:)
    become(vm, "stopped", "running", "paused")
  end

  def compute_delete(vm:)
    deleted(vm) if @store.transaction { @store.delete(vm) }
  end

  def find(**)
    made = compute_list[:items].find { |one| one[:key] == call.key }
    made ? { outcome: "done", vm: made } : { outcome: "none" }
  end

  private

  def become(vm, state, *before)
    machine = compute_get(vm: vm)
    allowed = [state, *before].include?(machine[:state])
    raise Conflict.new("#{machine[:name]} is #{machine[:state]}.", resource: vm) unless allowed

    changed(@store.transaction { @store[vm] = machine.merge!(state: state) })
    machine
  end
end

Annelid.serve("cloud", Cloud, version: "0.1.0")
