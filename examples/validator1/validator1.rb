# UserLand's validator1 suite, published by a plugin in Ruby without a library.
require 'json'

STOOGES = %w[moe larry curly].freeze

# What parameters and results are, in JSON Schema. A struct that may hold more than is known is a value of any kind.
ANY = {}.freeze
INTEGER = { type: 'integer' }.freeze
BOOLEAN = { type: 'boolean' }.freeze
DOUBLE = { type: 'number' }.freeze
STRING = { type: 'string' }.freeze
TIME = { type: 'string', format: 'date-time' }.freeze
BYTES = { type: 'string', contentEncoding: 'base64' }.freeze

def array(items) = { type: 'array', items: items }

def struct(members) = { type: 'object', properties: members, required: members.keys }

# What the caller did wrong; PROTOCOL.md, section 8, lists the codes.
class Fault < StandardError
  attr_reader :code

  def initialize(code, message)
    super(message)
    @code = code
  end
end

METHODS = []
CALLS = {}

def published(name, doc, params:, result:, &call)
  METHODS << { name: name, doc: doc, changes: false, params: struct(params), result: result }
  CALLS["validator1.#{name}"] = call
end

def member(value, name)
  return value[name] if value.is_a?(Hash) && value.key?(name)

  raise Fault.new(-32602, "There must be a struct with a member #{name}.")
end

def integer(value, name)
  found = member(value, name)
  return found if found.is_a?(Integer)

  raise Fault.new(-32602, "The member #{name} must be an integer.")
end

published 'arrayOfStructsTest', 'Adds up the members `curly` of all structs.',
          params: { structs: array(ANY) }, result: INTEGER do |structs:|
  structs.sum { |one| integer(one, 'curly') }
end

ENTITIES = {
  ctLeftAngleBrackets: '<', ctRightAngleBrackets: '>', ctAmpersands: '&', ctApostrophes: "'", ctQuotes: '"'
}.freeze

published 'countTheEntities', 'Counts the characters that XML has entities for.',
          params: { text: STRING }, result: struct(ENTITIES.transform_values { INTEGER }) do |text:|
  ENTITIES.transform_values { |character| text.count(character) }
end

published 'easyStructTest', 'Adds up the members `moe`, `larry` and `curly`.',
          params: { struct: ANY }, result: INTEGER do |struct:|
  STOOGES.sum { |name| integer(struct, name) }
end

published 'echoStructTest', 'Answers the struct that it is given.',
          params: { struct: ANY }, result: ANY do |struct:|
  struct
end

published 'manyTypesTest', 'Answers all its parameters as an array.',
          params: { number: INTEGER, boolean: BOOLEAN, string: STRING, double: DOUBLE, dateTime: TIME, base64: BYTES },
          result: array(ANY) do |number:, boolean:, string:, double:, dateTime:, base64:|
  # Parameters have types of their own; in a value of any kind, tags say what is a time and what is bytes.
  [number, boolean, string, double, { '$time' => dateTime }, { '$bytes' => base64 }]
end

published 'moderateSizeArrayCheck', 'Joins the first and the last text.',
          params: { texts: array(STRING) }, result: STRING do |texts:|
  [*texts.first, *texts.last].join
end

published 'nestedStructTest',
          'Adds up `moe`, `larry` and `curly` of the first of April 2000 in a calendar of years, months and days.',
          params: { calendar: ANY }, result: INTEGER do |calendar:|
  day = %w[2000 04 01].reduce(calendar) { |part, name| member(part, name) }
  STOOGES.sum { |name| integer(day, name) }
end

MULTIPLES = { times10: 10, times100: 100, times1000: 1000 }.freeze

published 'simpleStructReturnTest', 'Multiplies a number by 10, 100 and 1000.',
          params: { number: INTEGER }, result: struct(MULTIPLES.transform_values { INTEGER }) do |number:|
  MULTIPLES.transform_values { |factor| number * factor }
end

CALLS['describe'] = lambda do
  service = { service: 'validator1', doc: 'The first validation suite for XML-RPC.', methods: METHODS }
  { proto: [1], name: 'validator1', version: '1.0', methods: [], publishes: [service] }
end

def answer(method, params)
  return { error: { code: -32601, message: "There is no method #{method}." } } unless CALLS.key?(method)

  { result: CALLS[method].call(**params.except('ctx').transform_keys(&:to_sym)) }
rescue Fault => fault
  { error: { code: fault.code, message: fault.message } }
rescue StandardError => error
  { error: { code: 500, message: error.message } }
end

$stdout.sync = true
# Messages are UTF-8 whatever the locale is.
$stdin.set_encoding('UTF-8')
$stdin.each_line do |line|
  message = JSON.parse(line)
  # Notifications have no id, and are not answered.
  next unless message.key?('id')

  puts JSON.generate(jsonrpc: '2.0', id: message['id'], **answer(message['method'], message.fetch('params', {})))
end
