# frozen_string_literal: true

require "json"
require "set"

# Entries as lines of JSON in a file that only grows. Each is there once, by its id: what was written before the process
# was killed is read again, and half a line, which nobody was told of, is taken away.
class Book
  # A line that is none of ours.
  class Damaged < StandardError; end

  def initialize(path)
    @file = File.open(path, File::RDWR | File::CREAT | File::APPEND, 0o600)
    @file.sync = true
    File.open(File.dirname(path), &:fsync)
    forget
    locked { catch_up }
  end

  # Returns once they are on the disk.
  def add(entries)
    locked do
      catch_up
      fresh = entries.reject { |entry| @known.include?(entry[:id]) }.uniq { |entry| entry[:id] }
      append(fresh.map { |entry| "#{JSON.generate(entry)}\n" }.join) unless fresh.empty?
      @known.merge(fresh.map { |entry| entry[:id] })
    end
  end

  def close
    @file.close
  end

  private

  def forget
    @known = Set.new
    @size = 0
    @lines = 0
  end

  # While this process is replaced there is another one for a moment.
  def locked
    @file.flock(File::LOCK_EX)
    yield
  ensure
    @file.flock(File::LOCK_UN)
  end

  def append(text)
    @file.write(text)
    @file.fsync
    @size += text.bytesize
    @lines += text.count("\n")
  rescue SystemCallError
    # Without room there may be a part of it.
    @file.truncate(@size)
    raise
  end

  # Read what has been written since, by whomever. It may be in memory alone: who wrote it was killed before it was on the
  # disk, and is not told so.
  def catch_up
    forget if @file.size < @size
    @file.fsync if @file.size > @size
    @file.seek(@size)
    @file.each_line do |line|
      break @file.truncate(@size) unless line.end_with?("\n")

      @lines += 1
      @known << id_in(line)
      @size += line.bytesize
    end
  end

  def id_in(line)
    JSON.parse(line).fetch("id")
  rescue JSON::ParserError, KeyError, TypeError, NoMethodError
    raise Damaged, "line #{@lines} of the file is no entry"
  end
end
