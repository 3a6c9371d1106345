# What the plugin answers the daemon.

require "minitest/autorun"
require "tmpdir"
require_relative "host"
require_relative "passwords"

class TestPeople < Minitest::Test
  ANN = { login: "ann", account: "acme", role: "user" }.freeze

  def setup
    @folder = Dir.mktmpdir
    @file = File.join(@folder, "people")
    write("ann:acme:user:#{Passwords.hashed('open sesame')}\n", "bob:bobs:reader:#{Passwords.hashed('Zoë')}\n")
    @plugin = Plugin.new({ file: @file })
  end

  def teardown
    @plugin.close
    FileUtils.remove_entry(@folder)
  end

  def write(*lines)
    File.write(@file, lines.join)
  end

  def login(login, secret)
    @plugin.ask("directory.authenticate", login: login, secret: secret).dig(:result, :user)
  end

  def find(login)
    @plugin.ask("directory.find", login: login).dig(:result, :user)
  end

  def test_says_what_it_is
    description = @plugin.ask("describe").fetch(:result)
    assert_equal ["sample-plugin", %w[directory.authenticate directory.find]], description.values_at(:name, :methods)
  end

  def test_lets_in_who_has_the_password
    assert_equal ANN, login("ann", "open sesame")
    assert_equal({ login: "bob", account: "bobs", role: "reader" }, login("bob", "Zoë"))
  end

  def test_lets_nobody_else_in
    [["ann", "Zoë"], ["ann", "open"], ["ann", "open sesame\n"], ["eve", "open sesame"]].each do |name, secret|
      assert_nil login(name, secret), [name, secret]
    end
  end

  def test_finds_people_until_they_are_taken_out
    assert_equal ANN, find("ann")
    write
    assert_nil find("ann")
  end

  def test_says_what_is_wrong_and_no_hash
    write("ann:acme:boss:#{Passwords.hashed('open sesame')}\n")
    error = @plugin.ask("probe").fetch(:error)
    assert_equal [503, "Line 1 of the file is not LOGIN:ACCOUNT:ROLE:HASH."], error.values_at(:code, :message)
    assert_equal 503, @plugin.ask("directory.find", login: "ann").dig(:error, :code)
  end
end
