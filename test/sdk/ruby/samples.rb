# frozen_string_literal: true

# The plugins of the samples in PROTOCOL.md.

require "annelid/plugin"

class Demo < Annelid::Connector
  def initialize(_config)
    @vms = { "vm-1" => { id: "vm-1", state: "stopped" } }
  end

  def compute_get(vm:)
    @vms.fetch(vm) { raise NotFound.new("There is no machine #{vm}.", resource: vm) }
  end

  def compute_start(vm:)
    machine = compute_get(vm: vm)
    call.progress(40, "Booting.")
    machine[:state] = "running"
    changed(machine)
    machine
  end

  def compute_shutdown
    call.sleep(3600)
  end

  def probe; end

  def find(**)
    { outcome: "done", vm: { **@vms["vm-1"], key: call.key } }
  end
end

class Meter < Annelid::Connector
  service "meter", "Reads the meters."

  publish "meter.read", "Read a meter.", changes: false, result: Float, params: {
    name: { type: String, maxLength: 20 }, unit: { type: %w[V A], default: "V" }
  }
  def read(**)
    229.5
  end
end

if ARGV.first == "demo"
  Annelid.serve("demo", Demo, version: "0.1", concurrency: 64)
else
  Annelid.serve("meter", Meter, version: "1.2", concurrency: 64)
end
