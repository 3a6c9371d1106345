# frozen_string_literal: true

require_relative "lib/annelid/version"

Gem::Specification.new do |spec|
  spec.name = "annelid"
  spec.version = Annelid::VERSION
  spec.summary = "Annelid for Ruby: write plugins that drive a cloud, and call the daemon."
  spec.description = "A kit for plugins, which drive a cloud for the Annelid daemon. It stands on the standard library."
  spec.authors = ["The Annelid project"]
  spec.license = "Apache-2.0"
  spec.required_ruby_version = ">= 2.7"
  spec.files = Dir.chdir(__dir__) { Dir["lib/**/*.rb", "examples/*.rb", "README.md", ".yardopts"] }
  spec.extra_rdoc_files = ["README.md"]
end
