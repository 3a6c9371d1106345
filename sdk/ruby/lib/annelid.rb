# frozen_string_literal: true

# Annelid for Ruby: `annelid/plugin` drives a cloud for the daemon, `annelid/client` calls the daemon.
module Annelid
end

require_relative "annelid/version"
require_relative "annelid/fault"
