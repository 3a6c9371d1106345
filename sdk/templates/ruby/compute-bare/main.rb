# Machines of sample-plugin, without any library: for a start, entries of a PStore. Put calls of your cloud in their place.

require "json"
require "pstore"

# What the caller should read: a code of clause 8.2, a kind and a sentence.
class Fault < StandardError
  def initialize(code, kind, message)
    super(message)
    @code = code
    @kind = kind
  end

  def error
    { code: @code, message: message, data: { kind: @kind, outcome: "none" } }
  end
end

class SamplePlugin
  NAME = "sample-plugin"
  VERSION = "0.1.0"
  CALLS = %w[compute.list compute.get compute.create compute.start compute.powerOff compute.delete].freeze
  METHODS = [*CALLS, "describe", "configure", "find"].freeze

  def answer(method, params)
    return { error: { code: -32601, message: "#{NAME} has no method #{method}." } } unless METHODS.include?(method)

    { result: send(method.tr(".", "_"), params) }
  rescue Fault => e
    { error: e.error }
  rescue StandardError => e
    warn e.full_message(highlight: false)
    { error: { code: 500, message: "#{method} failed; the daemon's log says why." } }
  end

  private

  def describe(_params)
    { proto: [1], name: NAME, version: VERSION, methods: CALLS }
  end

  def configure(params)
    file = params[:config].fetch(:file, "machines.pstore")
    raise Fault.new(400, "invalid-params", "file must be the path of a file.") unless file.is_a?(String)

    @store = PStore.new(file, true)
    @store.ultra_safe = true
    { idempotency: "key" }
  end

  def machines
    @store.transaction(true) { @store.roots.map { |id| @store[id] } }
  end

  def compute_list(_params)
    { items: machines }
  end

  def compute_get(params)
    @store.transaction(true) { @store[params[:vm]] } or raise Fault.new(404, "not-found", "There is no machine #{params[:vm]}.")
  end

  def compute_create(params)
    made = find(params)[:vm]
    return made if made

    machine = params.slice(:id, :name, :vcpus, :memoryMiB, :labels).merge(state: "stopped", key: params[:ctx][:key])
    @store.transaction { @store[machine[:id]] = machine }
  end

  def compute_start(params)
    become(params, params[:paused] ? "paused" : "running", "stopped")
  end

  def compute_powerOff(params)
    become(params, "stopped", "running", "paused")
  end

  def compute_delete(params)
    @store.transaction { @store.delete(params[:vm]) }
    {}
  end

  def find(params)
    made = machines.find { |machine| machine[:key] == params[:ctx][:key] }
    made ? { outcome: "done", vm: made } : { outcome: "none" }
  end

  def become(params, state, *before)
    machine = compute_get(params)
    allowed = [state, *before].include?(machine[:state])
    raise Fault.new(409, "conflict", "#{machine[:name]} is #{machine[:state]}.") unless allowed

    @store.transaction { @store[machine[:id]] = machine.merge(state: state) }
  end
end

# Standard output belongs to the protocol: what is printed by accident goes to standard error, that is to the log.
out = $stdout.dup
$stdout.reopen($stderr)
out.sync = true
$stdin.set_encoding("UTF-8")
plugin = SamplePlugin.new
$stdin.each_line do |line|
  request = begin
    JSON.parse(line, symbolize_names: true)
  rescue JSON::ParserError
    next
  end
  next unless request.is_a?(Hash) && request[:id] && request[:method]

  reply = plugin.answer(request[:method], request[:params] || {})
  out.puts JSON.generate({ jsonrpc: "2.0", id: request[:id] }.merge(reply))
end
