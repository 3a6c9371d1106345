# soap4r, from the WSDL; see ../README.md.
require 'json'
# It prefers httpclient, without which it has no HTTP Basic.
require 'httpclient'
require 'soap/wsdlDriver'

scenario = JSON.parse(ARGV[0])
$stdout.sync = true

DOCUMENT = scenario['mode'] == 'document'
CLIENT = SOAP::WSDLDriverFactory.new(scenario['wsdl']).create_rpc_driver
CLIENT.options['protocol.http.basic_auth'] << scenario.values_at('endpoint', 'user', 'password')

def native((kind, value))
  case kind
  when 'nil' then nil
  when 'any' then native(value)
  when 'bool' then value == 'true'
  when 'int', 'counter' then value.to_i
  when 'number' then value.to_f
  when 'time' then DateTime.parse(value)
  when 'bytes' then value.unpack1('m')
  when 'list'
    items = value.map { |item| native(item) }
    DOCUMENT ? { item: items } : items
  when 'record' then value.to_h { |name, member| [name, native(member)] }
  when 'map'
    members = value.map { |name, member| [name, native(member)] }
    DOCUMENT ? { item: members.map { |name, member| { key: name, value: member } } } : members.to_h
  else value
  end
end

def shown(value)
  case value
  when nil then ['nil', '']
  when true, false then ['bool', value.to_s]
  when Integer then ['int', value.to_s]
  when Float then ['number', value.to_s]
  when DateTime then ['time', value.new_offset(0).strftime('%FT%T.%LZ')]
  when Array then ['list', value.map { |item| shown(item) }]
  when Hash then ['struct', value.map { |name, member| [name, shown(member)] }]
  when SOAP::Mapping::Object then ['struct', value.__xmlele.map { |name, member| [name.name, shown(member)] }]
  when String then value.encoding == Encoding::BINARY ? ['bytes', [value].pack('m0')] : ['string', value]
  else [value.class.name, value.to_s]
  end
end

# Of a document the parameters are one struct, and so is the reply.
def made(method, args)
  DOCUMENT ? CLIENT.__send__(method, args.compact)['return'] : CLIENT.__send__(method, *args.values)
end

def answer(call)
  { result: shown(made(call['method'], call['args'].to_h { |name, value| [name, native(value)] })) }
rescue SOAP::FaultError => fault
  detail = fault.detail['ApiFault']
  { fault: { code: detail['code'], kind: detail['kind'], message: fault.message } }
rescue StandardError => error
  { failed: "#{error.class}: #{error.message}" }
end

puts JSON.generate(version: SOAP::VERSION)
$stdin.each_line { |line| puts JSON.generate(answer(JSON.parse(line))) }
