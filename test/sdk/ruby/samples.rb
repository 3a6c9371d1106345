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

class Cloud < Annelid::Connector
  HAPPENED = [
    { type: "vm.changed", vm: { id: "vm-1", state: "running" }, cursor: "e5.2" },
    { type: "vm.changed", vm: { id: "vm-1", state: "stopped" }, cursor: "e5.3", time: "2026-01-31T12:00:00.000Z" }
  ].freeze

  def initialize(_config)
    @job = [
      { state: "running", percent: 40, message: "Booting." }, { state: "done", result: { id: "vm-1", state: "running" } }
    ]
  end

  def compute_start
    raise "It must be accepted." unless call.accept.include?("task")

    { task: { id: "job-8", pollMs: 500, ttlMs: 3_600_000 } }
  end

  def task_get(task:)
    return { state: "cancelled", error: Cancelled.new("Nothing was begun.", outcome: "none") } if task == "job-9"
    raise NotFound, "There is no task #{task}." if task != "job-8"

    @job.shift
  end

  def task_cancel(**); end

  def events_pull(max:, since: nil)
    cursors = ["e5.1", *HAPPENED.map { |event| event[:cursor] }]
    return { events: [], next: cursors.last, reset: true } unless cursors.include?(since)

    events = HAPPENED.drop(cursors.index(since)).take(max)
    { events: events, next: events.empty? ? since : events.last[:cursor] }
  end

  def find(**)
    { outcome: "none" }
  end
end

class Desk < Annelid::Connector
  def compute_get(vm:)
    { id: vm, state: "running" }
  end

  def compute_pause(vm:)
    call.host.secret("token")
    { id: vm, state: "paused" }
  end

  def compute_resume(vm:)
    kept = call.host.state("resumed")
    call.host.keep("resumed", { times: (kept.value || { times: 0 })[:times] + 1 }, version: kept.version)
    { id: vm, state: "running" }
  end

  def compute_reboot(vm:)
    found = call.host.lock(vm, lease: 60, wait: 5) { call.host.lookup(vm: vm) }
    { id: found[:nativeId], state: "running" }
  end

  def compute_reset(vm:)
    return { need: { secret: ["token"], state: ["resumed"] } } unless call.given.key?(:secret)

    { id: vm, state: "running" }
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

class Clerk < Annelid::Connector
  def directory_authenticate(login:, secret:)
    secret == "s3cret" ? directory_find(login: login) : {}
  end

  def accounting_record(entries:)
    raise unless entries.map { |entry| entry[:seconds] } == [3600]
  end

  def directory_find(login:)
    login.casecmp?("ann") ? { user: { login: "ann", account: "acme", role: "user" } } : {}
  end
end

case ARGV.first
when "demo" then Annelid.serve("demo", Demo, version: "0.1", concurrency: 64)
when "cloud" then Annelid.serve("cloud", Cloud, version: "2.0", concurrency: 64)
when "desk" then Annelid.serve("desk", Desk, concurrency: 64)
when "parts" then Annelid.serve("parts", Desk, concurrency: 64, limits: { lineFromPlugin: 60 })
when "clerk" then Annelid.serve("clerk", Clerk, version: "3.1", concurrency: 64)
else Annelid.serve("meter", Meter, version: "1.2", concurrency: 64)
end
