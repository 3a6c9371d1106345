# A machine's life through Ruby's xmlrpc; see ../README.md.
require 'json'
require 'xmlrpc/client'

WAIT = 60
SCENARIO = JSON.parse(ARGV[0])
$stdout.sync = true

address = URI(SCENARIO['endpoint'])
address.user = SCENARIO['user']
address.password = SCENARIO['password']
SERVER = XMLRPC::Client.new_from_uri(address.to_s, nil, 2 * WAIT)

def call(...) = SERVER.call(...)

def step(name, seen)
  puts JSON.generate({ step: name, **seen })
  exit 1 unless $stdin.gets
end

# Reads on from where it stopped.
class Console
  def initialize(vm)
    @vm = vm
    @offset = '0'
  end

  def next_boot
    text = +''
    loop do
      piece = call('vm.consoleOutput', @vm, @offset)
      @offset = piece['end']
      text << piece['data']
      return { boot: $1, bytes: piece['data'].class } if text =~ /#{SCENARIO['bootMarker']}/
      sleep 0.05 if piece['data'].empty?
    end
  end
end

step 'methods', methods: call('system.listMethods'), help: call('system.methodHelp', 'vm.start'),
                signature: call('system.methodSignature', 'vm.pause')
step 'whoami', call('session.whoami')

cursor = call('event.poll')['next']
operation = call('vm.create', { **SCENARIO['machine'], 'wait' => WAIT })
vm = operation['resource']
step 'create', state: operation['state'], vm: vm

record = call('vm.get', vm)
step 'read', **record.slice('name', 'state', 'memoryMiB', 'labels'),
             unset: %w[image lastState].reject { |name| record.key?(name) },
             created: record['created'].to_time.strftime('%Y-%m-%dT%H:%M:%S'), time: record['created'].class

page = call('vm.list', { labels: record['labels'] })
step 'list', names: page['items'].map { |item| item['name'] }, total: page['total']

step 'start', state: call('vm.start', vm, false, WAIT)['state']
console = Console.new(vm)
step 'boot', console.next_boot

begin
  call('vm.start', vm)
rescue XMLRPC::FaultException => fault
  step 'conflict', code: fault.faultCode, message: fault.faultString
end

step 'pause', state: call('vm.pause', vm, WAIT)['state']
step 'resume', state: call('vm.resume', vm, WAIT)['state']
step 'reboot', state: call('vm.reboot', vm, WAIT)['state']
step 'second boot', console.next_boot
step 'power off', state: call('vm.powerOff', vm, WAIT)['state']
step 'delete', state: call('vm.delete', vm, WAIT)['state']

events = call('event.poll', { after: cursor, types: %w[vm.created vm.deleted] })['events']
step 'events', types: events.select { |event| event['resource'] == vm }.map { |event| event['type'] }
