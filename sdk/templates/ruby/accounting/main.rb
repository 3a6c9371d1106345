# Books kept in a file that only grows, with a line of JSON for each entry: put calls of your accounting in their place.

require "annelid/plugin"
require "json"
require "set"

class SamplePlugin < Annelid::Connector
  def initialize(config)
    file = config.fetch(:file, "books.jsonl")
    raise InvalidParams.new("file must be the path of a file.", field: "/config/file") unless file.is_a?(String)

    @known = Set.new
    writing do
      @books = File.open(file, File::RDWR | File::CREAT | File::APPEND, 0o600)
      @books.sync = true
      @books.each_line do |line|
        # Of half a line, which a crash may have left, nobody was told that it is written.
        line.end_with?("\n") ? @known << JSON.parse(line)["id"] : @books.truncate(@books.pos - line.bytesize)
      end
    end
  end

  def accounting_record(entries:)
    fresh = entries.uniq { |entry| entry[:id] }.reject { |entry| @known.include?(entry[:id]) }
    writing { append(fresh.map { |entry| "#{JSON.generate(entry)}\n" }.join) }
    @known.merge(fresh.map { |entry| entry[:id] })
    {}
  end

  def close
    @books.close
  end

  private

  # Returns once it is on the disk, also when the power fails.
  def append(text)
    size = @books.size
    @books.write(text)
    @books.fsync
  rescue SystemCallError
    @books.truncate(size)
    raise
  end

  # What cannot be written the daemon keeps, and tells again.
  def writing
    yield
  rescue SystemCallError, JSON::ParserError => e
    raise Unavailable, "The file cannot be written: #{e.message}."
  end
end

# Of two processes neither would know what the other has written.
Annelid.serve("sample-plugin", SamplePlugin, version: "0.1.0", processes: 1)
