# Ruby's xmlrpc; see ../README.md.
require 'base64'
require 'json'
require 'time'
require 'xmlrpc'
require 'xmlrpc/client'

scenario = JSON.parse(ARGV[0])
$stdout.sync = true

address = URI(scenario['endpoint'])
address.user = scenario['user']
address.password = scenario['password']
SERVER = XMLRPC::Client.new_from_uri(address.to_s, nil, 120)

def native((kind, value))
  case kind
  when 'bool' then value == 'true'
  when 'int' then value.to_i
  when 'number' then value.to_f
  when 'time' then XMLRPC::DateTime.new(*Time.iso8601(value).to_a.values_at(5, 4, 3, 2, 1, 0))
  when 'bytes' then XMLRPC::Base64.new(Base64.decode64(value))
  when 'any' then native(value)
  when 'list' then value.map { |item| native(item) }
  when 'record', 'map' then value.to_h { |name, member| [name, native(member)] }
  else value
  end
end

def shown(value)
  case value
  when true, false then ['bool', value.to_s]
  when Integer then ['int', value.to_s]
  when Float then ['number', value.to_s]
  # Bytes and text have one class: bytes are those that no character set can be.
  when String then value.encoding == Encoding::BINARY ? ['bytes', [value].pack('m0')] : ['string', value]
  when XMLRPC::DateTime then ['time', value.to_time.iso8601]
  when Array then ['list', value.map { |item| shown(item) }]
  when Hash then ['struct', value.map { |name, member| [name, shown(member)] }]
  else [value.class.name, value.to_s]
  end
end

def answer(call)
  { result: shown(SERVER.call(call['method'], *call['args'].map { |arg| native(arg) })) }
rescue XMLRPC::FaultException => fault
  { fault: { code: fault.faultCode.to_s, message: fault.faultString } }
rescue StandardError => error
  { failed: error.message }
end

puts JSON.generate(version: XMLRPC::VERSION)
$stdin.each_line { |line| puts JSON.generate(answer(JSON.parse(line))) }
