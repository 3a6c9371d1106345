# The same as ledger.mjs, one call at a time.
require 'json'
$stdout.sync = true
$settings = {}

def crash_at(moment, ctx)
  Process.kill('KILL', Process.pid) if ctx['attempt'] == 1 && ctx['key'].end_with?(".#{moment}")
end

def note(ctx)
  crash_at('before', ctx)
  File.open($settings['file'], 'a') { |ledger| ledger.write("#{ctx['key']}\n") }
  crash_at('after', ctx)
end

def noted?(key)
  File.readlines($settings['file'], chomp: true).include?(key)
rescue Errno::ENOENT
  false
end

def disturb(vm)
  case vm.split('-')[1].to_i % 10
  when 3 then puts 'a print that somebody forgot'
  when 5 then warn 'a warning'
  when 7 then print 'glued to the answer: { '
  end
end

def running(vm) = { id: vm, state: 'running' }

CALLS = {
  'describe' => ->(_) { { proto: [1], name: 'ledger', version: '1', methods: %w[compute.list compute.get compute.reboot] } },
  'configure' => ->(p) { $settings = p['config']; {} },
  'compute.list' => ->(_) { { items: Array.new($settings['machines']) { |n| running("vm-#{n}") } } },
  'compute.get' => ->(p) { disturb(p['vm']); running(p['vm']) },
  'compute.reboot' => ->(p) { note(p['ctx']); running(p['vm']) },
  'find' => ->(p) { noted?(p['ctx']['key']) ? { outcome: 'done', vm: running(p['params']['vm']) } : { outcome: 'none' } }
}.freeze

$stdin.each_line do |line|
  request = JSON.parse(line)
  next if request['id'].nil?

  call = CALLS[request['method']]
  answer = call ? { result: call.(request['params'] || {}) } : { error: { code: -32601, message: 'no such method' } }
  puts JSON.generate({ jsonrpc: '2.0', id: request['id'] }.merge(answer))
end
