# frozen_string_literal: true

# A plugin that answers at once: what is measured is the way there and back.

require "annelid/plugin"

class Lab < Annelid::Connector
  def compute_stats
    { time: "2026-01-31T12:00:00.000Z" }
  end
end

Annelid.serve("lab", Lab)
