# A service that sample-plugin publishes: its methods are on every wire of the daemon. Put your own in their place.

require "annelid/plugin"

class SamplePlugin < Annelid::Connector
  service "samplePlugin", "Greets people."

  publish "samplePlugin.greet", "Greet somebody.",
    params: { name: { type: String, description: "Whom." }, times: { type: Integer, description: "How often.", default: 1 } },
    result: String, changes: false
  def greet(name:, times:)
    (["Hello, #{name}!"] * times).join(" ")
  end
end

Annelid.serve("sample-plugin", SamplePlugin, version: "0.1.0")
