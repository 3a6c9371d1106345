# Talks to the plugin as the daemon does: it is started as manifest.json says, and asked in lines of JSON.

require "json"
require "open3"

class Plugin
  def initialize(config)
    run = JSON.parse(File.read(File.join(__dir__, "manifest.json"))).fetch("run")
    @input, @output, @process = Open3.popen2(*run, chdir: __dir__)
    @last = 0
    ask("configure", config: config)
  end

  # What it answers: `result` or `error`.
  def ask(method, key: nil, **params)
    @last += 1
    ctx = { v: 1, instance: "test", logLevel: "info", key: key }.compact
    @input.puts(JSON.generate({ jsonrpc: "2.0", id: @last, method: method, params: { **params, ctx: ctx } }))
    @input.flush
    while (line = @output.gets)
      answer = JSON.parse(line, symbolize_names: true)
      return answer if answer[:id] == @last && !answer.key?(:method)
      raise "It asks the daemon for #{answer[:method]}: answer that here." if answer[:id] && answer[:method]
    end
    raise "The plugin ended and did not answer #{method}."
  end

  def close
    [@input, @output].each(&:close)
    @process.value
  end

  def kill
    Process.kill(:KILL, @process.pid)
    close
  end
end
