# frozen_string_literal: true

# Made from the contract and the catalogue by daemon/generate; change those, not this.

module Annelid
  # The version of the protocol that is spoken.
  PROTOCOL_VERSION = 1
  # What every plugin can do beside calls.
  FEATURES = %w[events progress cancel instances].freeze
end
