# frozen_string_literal: true

# The kit for plugin authors: a {Annelid::Connector} with a method for each call, and {Annelid.serve}.

require_relative "../annelid"
require_relative "plugin/connector"
require_relative "plugin/serve"
