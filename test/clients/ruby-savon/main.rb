# Savon, from the WSDL; see ../README.md.
require 'base64'
require 'json'
require 'savon'

scenario = JSON.parse(ARGV[0])
$stdout.sync = true

CLIENT = Savon.client(
  wsdl: scenario['wsdl'],
  soap_version: scenario['soap'] == '1.2' ? 2 : 1,
  basic_auth: scenario.values_at('user', 'password'),
  log: false,
  convert_request_keys_to: :none,
  convert_response_tags_to: ->(tag) { tag },
  strip_namespaces: true
)

# It has names of its own for operations.
OPERATIONS = CLIENT.operations.to_h { |name| [name.to_s.gsub(/_(\w)/) { $1.upcase }, name] }

def native((kind, value))
  case kind
  when 'any' then native(value)
  when 'list' then { item: value.map { |item| native(item) } }
  when 'record' then value.to_h { |name, member| [name, native(member)] }
  when 'map' then { item: value.map { |name, member| { key: name, value: native(member) } } }
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
  # Attributes come as members, too.
  when Hash then ['struct', value.reject { |name, _| name.start_with?('@') }.map { |name, member| [name, shown(member)] }]
  else ['string', value.to_s]
  end
end

def answer(call)
  given = call['args'].reject { |_, (kind, _)| kind == 'nil' }.to_h { |name, value| [name, native(value)] }
  reply = CLIENT.call(OPERATIONS.fetch(call['method']), message: given)
  { result: shown(reply.body["#{call['method']}Response"]['return']) }
rescue Savon::SOAPFault => fault
  found = fault.to_hash['Fault']
  detail = (found['detail'] || found['Detail'])['ApiFault']
  message = found['faultstring'] || found.dig('Reason', 'Text')
  { fault: { code: detail['code'], kind: detail['kind'], message: message } }
rescue StandardError => error
  { failed: "#{error.class}: #{error.message}" }
end

puts JSON.generate(version: Savon::VERSION)
$stdin.each_line { |line| puts JSON.generate(answer(JSON.parse(line))) }
