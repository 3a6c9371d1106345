# Ruby's xmlrpc leads a machine through its life in every connector at once.
require "xmlrpc/client"

url, prefix, *connectors = ARGV
api = XMLRPC::Client.new2("#{url}/RPC2")

# The call is made in every connector before the end of any is waited for.
everywhere = lambda do |method, &params|
  begun = connectors.map { |of| api.call(method, params.call("#{prefix}-#{of}", of)) }
  puts begun.map { |one| api.call("operation.wait", { operation: one["id"], wait: 60 })["state"] }.join(" ")
end

cursor = api.call("event.poll")["next"]
everywhere.call("vm.create") { |name, of| { name: name, connector: of, memoryMiB: 64, labels: { by: prefix } } }
everywhere.call("vm.start") { |name, _| { vm: name } }
connectors.each do |of|
  api.call("vm.start", { vm: "#{prefix}-#{of}" })
rescue XMLRPC::FaultException => e
  puts "#{e.faultCode} #{e.faultString}"
end
connectors.each do |of|
  vm = api.call("vm.get", { vm: "#{prefix}-#{of}" })
  puts "#{vm["state"]} #{vm["memoryMiB"]} #{vm["labels"]["by"]}"
end
everywhere.call("vm.powerOff") { |name, _| { vm: name } }
connectors.each do |of|
  items = api.call("vm.list", { connector: of, refresh: true })["items"]
  puts items.select { |one| one["name"].start_with?(prefix) }.map { |one| one["state"] }.join(" ")
end
everywhere.call("vm.delete") { |name, _| { vm: name } }
events = api.call("event.poll", { after: cursor, limit: 1000, types: ["vm.deleted"] })["events"]
puts(events.count { |one| one["data"]["name"].start_with?(prefix) })
