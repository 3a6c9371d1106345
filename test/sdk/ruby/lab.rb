# frozen_string_literal: true

# The plugin of test/sdk/conversation.ts.

require "annelid/plugin"

class Lab < Annelid::Connector
  MET = ConditionVariable.new
  LOCK = Mutex.new

  class << self
    attr_accessor :met
  end
  self.met = 0

  def compute_list
    puts "a forgotten print"
    IO.for_fd(1, autoclose: false).syswrite("from a library\n")
    system("echo", "from a child")
    { items: [] }
  end

  def compute_get(vm:)
    LOCK.synchronize do
      Lab.met += 1
      MET.broadcast
      MET.wait(LOCK) while Lab.met < 64
    end
    { id: vm, state: "running" }
  end

  def compute_start
    raise "A slip."
  end

  def compute_shutdown
    call.progress(10, "Waiting.")
    call.sleep(3600)
  end

  def compute_power_off
    call.progress(nil, "Deaf.")
    sleep
  end

  def compute_console_output(maxBytes:)
    { data: Annelid::Bytes.new("x" * maxBytes), start: "0", end: maxBytes.to_s }
  end

  def close
    warn "closed"
  end
end

Annelid.serve("lab", Lab, concurrency: 64)
