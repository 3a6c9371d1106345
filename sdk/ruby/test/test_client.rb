# frozen_string_literal: true

require "minitest/autorun"
require "annelid/client"
require "socket"

DONE = { id: "op", method: "vm.start", state: "succeeded" }.freeze

# Answers as it is told, over HTTP.
class Daemon
  # Connections that it has closed wait in `closed`.
  attr_reader :answers, :requests, :connections, :closed

  def initialize
    @answers = {}
    @requests = []
    @connections = 0
    @closed = Queue.new
    @server = TCPServer.new("127.0.0.1", 0)
    @accepting = Thread.new do
      loop do
        socket = @server.accept
        @connections += 1
        Thread.new { serve(socket) }
      end
    end
  end

  def url
    "http://127.0.0.1:#{@server.addr[1]}"
  end

  def stop
    @accepting.kill.join
    @server.close
  end

  private

  def serve(socket)
    while socket.gets
      headers = {}
      while (line = socket.gets.chomp) != ""
        name, value = line.split(": ", 2)
        headers[name.downcase] = value
      end
      request = JSON.parse(socket.read(headers["content-length"].to_i), symbolize_names: true)
      @requests << [headers["authorization"], request[:method], request[:params]]
      answer = @answers.fetch(request[:method], { error: { code: -32_601, message: "No." } })
      break if answer == :hang_up

      answer = answer.shift if answer.is_a?(Array)
      body = answer.is_a?(String) ? answer : JSON.generate({ jsonrpc: "2.0", id: 1, **answer })
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: #{body.bytesize}\r\n\r\n#{body}")
      break if request[:method] == "session.logout"
    end
  rescue SystemCallError
    nil
  ensure
    socket.close
    @closed << socket
  end
end

class TestClient < Minitest::Test
  def setup
    @daemon = Daemon.new
    @clients = []
  end

  def teardown
    @clients.each(&:close)
    @daemon.stop
  end

  def client(*args, **options)
    Annelid::Client.new(@daemon.url, *args, **options).tap { |made| @clients << made }
  end

  def test_leaves_out_what_is_not_given
    @daemon.answers["vm.create"] = { result: DONE }
    client("alice", "sécret").vm.create("web1", memoryMiB: 64)
    assert_equal [["Basic YWxpY2U6c8OpY3JldA==", "vm.create", { name: "web1", memoryMiB: 64 }]], @daemon.requests
  end

  def test_shows_no_secrets
    assert_equal "#<Annelid::Client #{@daemon.url}>", client("alice", "secret").inspect
  end

  def test_raises_faults_as_the_class_of_their_kind
    data = { kind: "not-found", resource: "a", outcome: "none" }
    @daemon.answers["vm.get"] = { error: { code: 404, message: "There is no machine a.", data: data } }
    fault = assert_raises(Annelid::NotFound) { client.vm.get("a") }
    assert_equal ["There is no machine a.", "a"], [fault.message, fault.resource]
    assert_raises(Annelid::Internal) { client.call("vm.unknown") }
  end

  def test_uses_the_token_of_a_login
    @daemon.answers["session.login"] = { result: { token: "annelid_x" } }
    @daemon.answers["vm.list"] = { result: { items: [] } }
    api = client
    api.login("alice", "secret")
    api.vm.list
    assert_equal([nil, "Bearer annelid_x"], @daemon.requests.map(&:first))
  end

  def test_reads_page_by_page
    @daemon.answers["vm.list"] = [{ result: { items: [1, 2], next: "p" } }, { result: { items: [3] } }]
    assert_equal [1, 2, 3], client.items("vm.list", state: "running").to_a
    assert_equal([{ state: "running" }, { state: "running", after: "p" }], @daemon.requests.map(&:last))
  end

  def test_waits_for_operations
    @daemon.answers["operation.wait"] = [{ result: { **DONE, state: "running" } }, { result: DONE }]
    assert_equal "succeeded", client.wait("op")[:state]
    assert_equal DONE, client.wait(DONE)
    fault = { kind: "conflict", code: 409, message: "It runs.", resource: "a" }
    @daemon.answers["operation.wait"] = { result: { **DONE, state: "failed", fault: fault } }
    raised = assert_raises(Annelid::Conflict) { client.wait("op") }
    assert_equal %w[a op], [raised.resource, raised.operation]
    @daemon.answers["operation.wait"] = { result: { **DONE, state: "cancelled" } }
    assert_raises(Annelid::Cancelled) { client.wait("op") }
    @daemon.answers["operation.wait"] = { result: { **DONE, state: "running" } }
    assert_raises(Annelid::TimedOut) { client.wait("op", timeout: 0) }
  end

  def test_keeps_its_connection_and_makes_another_when_that_was_closed
    @daemon.answers.merge!("vm.list" => { result: {} }, "session.logout" => { result: {} })
    api = client
    3.times { api.vm.list }
    assert_equal 1, @daemon.connections
    api.session.logout
    @daemon.closed.pop
    api.vm.list
    assert_equal 2, @daemon.connections
  end

  def test_can_be_shared_by_threads
    @daemon.answers["vm.list"] = { result: { items: [] } }
    api = client
    Array.new(8) { Thread.new { 5.times { api.vm.list } } }.each(&:join)
    assert_equal 40, @daemon.requests.size
  end

  def test_says_why_there_is_no_answer
    @daemon.answers.merge!("vm.list" => "<html>", "vm.get" => :hang_up)
    fault = assert_raises(Annelid::Unavailable) { client.vm.list }
    assert_match(/answered 200 OK, and no JSON-RPC\.\z/, fault.message)
    assert_raises(Annelid::Unavailable) { client.vm.get("a") }
    assert_equal 1, @daemon.requests.count { |_, method,| method == "vm.get" }
    silent = TCPServer.new("127.0.0.1", 0)
    address = "http://127.0.0.1:#{silent.addr[1]}"
    assert_raises(Annelid::TimedOut) { Annelid::Client.new(address, timeout: 0.01).vm.list }
    silent.close
    assert_raises(Annelid::Unavailable) { Annelid::Client.open(address, timeout: 5) { |api| api.vm.list } }
    assert_raises(ArgumentError) { Annelid::Client.new("ftp://localhost") }
  end
end
