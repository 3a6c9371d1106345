# frozen_string_literal: true

# Loaded into the plugin before its program: kills it once, at the moment that is named. Further words are a file that
# tells that it has happened.
moment, marker = ARGV

killed = Module.new do
  define_method(:append) do |text|
    return super(text) if File.exist?(marker)

    File.write(marker, "")
    @file.write(text[0, text.size / 2]) if moment == "half"
    super(text) if moment == "written"
    Process.kill("KILL", Process.pid)
    sleep
  end
end

TracePoint.new(:end) { |trace| trace.self.prepend(killed) if trace.self.name == "Book" }.enable
