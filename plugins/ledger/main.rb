# frozen_string_literal: true

# The kit of this tree: nothing needs to be installed for it.
$LOAD_PATH.unshift(File.expand_path("../../sdk/ruby/lib", __dir__))

require "annelid/plugin"
require_relative "book"

# What machines have used, in a file.
class Ledger < Annelid::Connector
  def initialize(config)
    file = config[:file]
    unless file.is_a?(String) && file.start_with?("/")
      raise InvalidParams.new("file must be the absolute path of a file.", field: "/config/file")
    end

    @book = writing { Book.new(file) }
  end

  def accounting_record(entries:)
    writing { @book.add(entries) }
    {}
  end

  def close
    @book.close
  end

  private

  # The host keeps what cannot be written, and tells it again.
  def writing
    yield
  rescue SystemCallError, Book::Damaged => e
    raise Unavailable, "The ledger cannot be written: #{e.message}."
  end
end

Annelid.serve("ledger", Ledger, version: "0.1.0")
