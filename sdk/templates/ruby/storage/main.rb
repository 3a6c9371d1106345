# Volumes of sample-plugin, entries of a PStore: put calls of your storage in their place.

require "annelid/plugin"
require "pstore"

class SamplePlugin < Annelid::Connector
  service "samplePlugin", "Makes and removes the volumes of sample-plugin."

  def initialize(config)
    file = config.fetch(:file, "volumes.pstore")
    raise InvalidParams.new("file must be the path of a file.", field: "/config/file") unless file.is_a?(String)

    @store = PStore.new(file, true).tap { |store| store.ultra_safe = true }
  end

  def storage_list
    { items: @store.transaction(true) { @store.roots.map { |name| @store[name] } } }
  end

  publish "samplePlugin.create", "Make a volume. One of that name and size that is there already is as good as new.",
    params: {
      name: { type: String, description: "What it is called.", minLength: 1, maxLength: 200 },
      sizeMiB: { type: Integer, description: "Its size in MiB.", minimum: 1 }
    },
    result: String, returns: "Its id.", permission: "admin",
    example: { params: { name: "data1", sizeMiB: 1024 }, result: "data1" }
  def create(name:, sizeMiB:)
    volume = { id: name, name: name, sizeMiB: sizeMiB }
    before = @store.transaction { @store[name].tap { @store[name] ||= volume } }
    resync unless before
    raise Exists.new("There is a volume #{name} of another size.", resource: name) unless [nil, volume].include?(before)

    name
  end

  publish "samplePlugin.delete", "Remove a volume and what is on it. One that is gone already is no fault.",
    params: { volume: { type: String, description: "Its id." } },
    result: :boolean, returns: "Whether it was there.", permission: "admin",
    example: { params: { volume: "data1" }, result: true }
  def delete(volume:)
    gone = @store.transaction { @store.delete(volume) }
    resync if gone
    !gone.nil?
  end
end

Annelid.serve("sample-plugin", SamplePlugin, version: "0.1.0")
