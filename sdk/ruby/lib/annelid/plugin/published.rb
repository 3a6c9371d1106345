# frozen_string_literal: true

require "time"
require_relative "values"

module Annelid
  # A method of a plugin's own.
  # @api private
  class Published
    WORDS = {
      "String" => { type: "string" },
      "Integer" => { type: "integer" },
      "Float" => { type: "number" },
      "Time" => { type: "string", format: "date-time" },
      "Date" => { type: "string", "x-xsd": "date" },
      "BigDecimal" => { type: "string", "x-xsd": "decimal" },
      "Object" => {},
      "Hash" => { type: "object" },
      "boolean" => { type: "boolean" },
      "int64" => { type: "integer", format: "int64" },
      "bytes" => { type: "string", contentEncoding: "base64" },
      "any" => {},
      "map" => { type: "object", additionalProperties: { type: "string" } }
    }.freeze
    private_constant :WORDS

    # @return [String] `meter.read`
    attr_reader :name
    # @return [Symbol] the method that serves it
    attr_reader :method_name
    # @return [Hash] what `describe` says of it
    attr_reader :described

    # @param name [String]
    # @param method [UnboundMethod] its keywords without a default are those that must be given
    # @param params [Hash] types by names, or a JSON Schema
    # @param result [Object] a type
    # @param facts [Hash] what else is said of it
    # @raise [ArgumentError] for a type that no wire can carry
    def initialize(name, method, params:, result:, **facts)
      @name = name
      @method_name = method.name
      schema = params[:type] == "object" ? params : object(params, method)
      @properties = schema[:properties] || {}
      @is_silent = result == :nothing
      result = @is_silent ? { type: "object", properties: {} } : result && Published.schema(result)
      @described = { name: name.split(".", 2).last, params: schema, result: result, **facts }.compact
    end

    # @return [Boolean] whether it answers nothing, whatever the method returns
    def silent?
      @is_silent
    end

    # @return [String] `meter`
    def service
      name.split(".").first
    end

    # The parameters as the method wants them.
    #
    # @raise [InvalidParams] for text that is no date or number
    def arguments(params)
      params.to_h do |name, value|
        [name, Published.value(@properties[name], value)]
      rescue ArgumentError
        raise InvalidParams.new("#{self.name}: #{name} cannot be read.", field: "/#{name}")
      end
    end

    # The JSON Schema of a type: a class or a word, a list of words, a list with the type of its items, or JSON Schema.
    #
    # @raise [ArgumentError]
    def self.schema(type)
      case type
      when Class, Symbol then WORDS.fetch(type.to_s) { raise ArgumentError, "No wire can carry #{type.inspect}." }
      when Array then type.first.is_a?(String) ? { type: "string", enum: type } : { type: "array", items: schema(type.first) }
      when Hash
        given = type.dup
        base = type.key?(:type) && !type[:type].is_a?(String) ? schema(given.delete(:type)) : {}
        given[:items] = schema(given[:items]) if given.key?(:items)
        given[:properties] = given[:properties].transform_values { |of| schema(of) } if given.key?(:properties)
        base.merge(given)
      else raise ArgumentError, "No wire can carry #{type.inspect}."
      end
    end

    # A value that came, as Ruby has it.
    #
    # @raise [ArgumentError] for text that cannot be read
    def self.value(schema, value)
      return value if schema.nil? || value.nil?
      return value.map { |item| value(schema[:items], item) } if value.is_a?(Array)
      return members(schema[:properties] || {}, value) if value.is_a?(Hash)
      return Integer(value) if schema[:format] == "int64"
      return value unless value.is_a?(String)
      return Time.iso8601(value) if schema[:format] == "date-time"
      return Bytes.new(value.unpack1("m0")) if schema[:contentEncoding] == "base64"
      return Date.iso8601(value) if schema[:"x-xsd"] == "date"
      return BigDecimal(value) if schema[:"x-xsd"] == "decimal" && defined?(BigDecimal)

      value
    end

    # @return [Hash]
    def self.members(properties, record)
      record.to_h { |name, member| [name, value(properties[name], member)] }
    end
    private_class_method :members

    private

    def object(params, method)
      keywords = method.parameters.select { |type, _| %i[keyreq key].include?(type) }.to_h { |type, name| [name, type] }
      unknown = method.parameters.any? { |type, _| type == :keyrest } ? [] : params.keys - keywords.keys
      raise ArgumentError, "#{name}: the method does not take #{unknown.join(", ")}." unless unknown.empty?

      missing = keywords.keys - params.keys
      raise ArgumentError, "#{name}: nothing is said of the parameter #{missing.join(", ")}." unless missing.empty?

      properties = params.transform_values { |type| Published.schema(type) }
      required = properties.keys.select { |of| keywords[of] != :key && !properties[of].key?(:default) }
      { type: "object", properties: properties, **(required.empty? ? {} : { required: required }) }
    end
  end

  # What a connector says of methods of its own, which callers of the daemon can then call.
  module Publishing
    # Says what a service is.
    #
    # @param name [String]
    # @param doc [String] for users
    # @return [void]
    def service(name, doc)
      services[name] = doc
    end

    # Publishes the method that is defined next.
    #
    # A type is a class (`String`, `Integer`, `Float`, `Time`, `Date`, `BigDecimal`, `Object`), a word (`:boolean`, `:int64`, `:bytes`,
    # `:map` of strings, `:any`), a list of words (`%w[V A]`), a list with the type of its items (`[Float]`), or JSON Schema, in which
    # `type` may be any of these: `{ type: String, maxLength: 20 }`.
    #
    # @param name [String] a service and a word: `meter.read`
    # @param doc [String] what it does, for users
    # @param params [Hash{Symbol => Object}] types by names. Those that the method has no default for must be given, unless the
    #   type says `default`, which the daemon then fills in
    # @param result [Object] the type of what it answers; `:nothing` when it answers nothing, any value when left out
    # @param changes [Boolean] whether it changes something. Without, a call may be cancelled when its caller has gone
    # @param permission [String, nil] `public`, `read`, `operate` or `admin`: who may call it; `operate` when it changes
    #   something, else `read`
    # @param returns [String, nil] what the result means, for users
    # @param example [Hash, nil] a call for the documentation: `{ params: ..., result: ... }`
    # @return [void]
    def publish(name, doc = "", params: {}, result: nil, changes: true, permission: nil, returns: nil, example: nil)
      facts = { doc: doc, changes: changes, permission: permission, returns: returns, example: example }
      @next_published = [name, { params: params, result: result, **facts }]
    end

    # @return [Hash{String => String}] what services it has, and what they are
    # @api private
    def services
      @services ||= superclass.respond_to?(:services) ? superclass.services.dup : {}
    end

    # @return [Hash{String => Published}]
    # @api private
    def published
      @published ||= superclass.respond_to?(:published) ? superclass.published.dup : {}
    end

    private

    def method_added(method_name)
      super
      return unless @next_published

      name, facts = @next_published
      @next_published = nil
      method = Published.new(name, instance_method(method_name), **facts)
      raise ArgumentError, "#{self} does not say what the service #{method.service} is." unless services.key?(method.service)

      published[name] = method
    end

    def described_services
      services.map do |service, doc|
        of = published.values.select { |method| method.service == service }
        { service: service, doc: doc, methods: of.map(&:described) }
      end
    end
  end
end
