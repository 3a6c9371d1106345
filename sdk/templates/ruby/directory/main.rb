# People in a file, each a line of LOGIN:ACCOUNT:ROLE:HASH: put the directory that you have in its place.

require "annelid/plugin"
require_relative "passwords"

class SamplePlugin < Annelid::Connector
  LINE = /\A([^:]+):([^:]+):(reader|user|admin):(#{Passwords::HASH})\n?\z/

  # Whoever has no line: to find that out takes as long as to find a password wrong.
  NOBODY = [nil, Passwords.hashed(SecureRandom.hex)].freeze

  def initialize(config)
    @file = config.fetch(:file, "people")
    raise InvalidParams.new("file must be the path of a file.", field: "/config/file") unless @file.is_a?(String)
  end

  def probe
    people
  end

  def directory_authenticate(login:, secret:)
    user, kept = people.fetch(login, NOBODY)
    Passwords.right?(secret, kept) ? { user: user } : {}
  end

  def directory_find(login:)
    { user: people.fetch(login, NOBODY).first }
  end

  private

  # Read each time: who is taken out of the file is out at once.
  def people
    lines = File.readlines(@file, encoding: "UTF-8")
    lines.each.with_index(1).to_h do |line, number|
      login, account, role, kept = LINE.match(line)&.captures
      raise Unavailable, "Line #{number} of the file is not LOGIN:ACCOUNT:ROLE:HASH." unless login

      [login, [{ login: login, account: account, role: role }, kept]]
    end
  rescue SystemCallError => e
    raise Unavailable, "The file cannot be read: #{e.message}."
  end
end

Annelid.serve("sample-plugin", SamplePlugin, version: "0.1.0")
