# Networks of sample-plugin, entries of a PStore: put calls of your switches in their place.

require "annelid/plugin"
require "pstore"

class SamplePlugin < Annelid::Connector
  service "samplePlugin", "Makes and removes the networks of sample-plugin."

  def initialize(config)
    file = config.fetch(:file, "networks.pstore")
    raise InvalidParams.new("file must be the path of a file.", field: "/config/file") unless file.is_a?(String)

    @store = PStore.new(file, true).tap { |store| store.ultra_safe = true }
  end

  def network_list
    { items: @store.transaction(true) { @store.roots.map { |name| @store[name] } } }
  end

  publish "samplePlugin.create",
    "Make a network. One of that name and with those ranges that is there already is as good as new.",
    params: {
      name: { type: String, description: "What it is called.", minLength: 1, maxLength: 200 },
      cidrs: { type: [{ type: String, maxLength: 64 }], description: "Its ranges of addresses.", maxItems: 16 }
    },
    result: String, returns: "Its id.", permission: "admin",
    example: { params: { name: "blue", cidrs: ["10.1.0.0/16"] }, result: "blue" }
  def create(name:, cidrs:)
    network = { id: name, name: name, state: "up", cidrs: cidrs }
    before = @store.transaction { @store[name].tap { @store[name] ||= network } }
    resync unless before
    raise Exists.new("There is a network #{name} with other ranges.", resource: name) unless [nil, network].include?(before)

    name
  end

  publish "samplePlugin.delete", "Remove a network. One that is gone already is no fault.",
    params: { network: { type: String, description: "Its id." } },
    result: :boolean, returns: "Whether it was there.", permission: "admin",
    example: { params: { network: "blue" }, result: true }
  def delete(network:)
    gone = @store.transaction { @store.delete(network) }
    resync if gone
    !gone.nil?
  end
end

Annelid.serve("sample-plugin", SamplePlugin, version: "0.1.0")
