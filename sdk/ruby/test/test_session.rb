# frozen_string_literal: true

require_relative "conversation"

class TestSession < Minitest::Test
  include Conversing

  def test_describes_a_class_by_what_is_in_it
    own = connector { def probe; end }
    expected = {
      proto: [1], name: "kit", version: "1.0", methods: ["compute.list"], concurrency: 3,
      features: %w[events progress cancel instances], idempotency: "none"
    }
    assert_equal expected, Host.new(own, concurrency: 3, configure: false).result("describe")
  end

  def test_promises_idempotency_when_it_has_find
    host = Host.new(connector do
      def find(call:, params:)
        { outcome: "done", vm: { id: "#{call} #{params[:vm]} #{self.call.key}", state: "running" } }
      end
    end)
    assert_equal "key", host.result("describe")[:idempotency]
    found = host.result("find", { **CTX, key: "k" }, call: "compute.start", params: { vm: "a" })
    assert_equal "compute.start a k", found[:vm][:id]
  end

  # Not in JRuby.
  if Process.respond_to?(:fork)
    def test_ends_a_process_that_a_call_has_forked
      host = Host.new(connector do
        def compute_list
          ended = [-> {}, -> { exit 7 }, -> { raise "child" }].map do |leave|
            child = fork
            if child.nil?
              $stderr.reopen(File::NULL)
              leave.call
              return { items: [] }
            end
            Process.wait2(child).last.exitstatus
          end
          { items: [{ id: ended.join(" "), state: "running" }] }
        end
      end)
      assert_equal "0 7 1", host.result("compute.list")[:items].first[:id]
    end
  end

  def test_makes_a_connector_for_each_instance
    host = Host.new(connector do
      def compute_get(vm:)
        { id: vm, state: "running", name: "#{instance} #{config[:name]}" }
      end
    end, config: { name: "north" })
    two = { **CTX, instance: "two" }
    host.ask("configure", two, config: { name: "south" })
    assert_equal(["one north", "two south"], [CTX, two].map { |ctx| host.result("compute.get", ctx, vm: "a")[:name] })
    error = host.ask("compute.get", { **CTX, instance: "three" }, vm: "a")[:error]
    assert_equal "The instance three has not been configured.", error[:message]
    assert_equal({ kind: "internal", outcome: "none" }, error[:data])
  end

  def test_closes_an_instance_that_is_configured_anew
    closed = []
    host = Host.new(connector { define_method(:close) { closed << config[:name] } }, config: { name: "first" })
    host.ask("configure", config: { name: "second" })
    assert_equal ["first"], closed
    host.session.close
    assert_equal %w[first second], closed
  end

  def test_answers_a_fault_of_the_constructor
    picky = connector(Annelid::Connector) do
      def initialize(config)
        raise Annelid::InvalidParams.new("There is no region #{config[:region]}.", field: "/region")
      end
    end
    expected = {
      code: 400, message: "There is no region moon-1.",
      data: { kind: "invalid-params", outcome: "none", field: "/region" }
    }
    assert_equal expected, Host.new(picky, configure: false).ask("configure", config: { region: "moon-1" })[:error]
  end

  def test_gives_a_method_what_it_takes_and_no_more
    host = Host.new(connector do
      def compute_create(id:, name:, image: nil, **)
        { id: id, name: name, state: "stopped", image: image }
      end

      def compute_start(vm:)
        { id: vm, state: "running" }
      end
    end)
    wish = { id: "a", name: "web1", vcpus: 1, memoryMiB: 64, disks: [], networks: [], labels: {} }
    assert_nil host.result("compute.create", **wish)[:image]
    assert_equal "a", host.result("compute.start", vm: "a", paused: true, later: 1)[:id]
  end

  def test_says_what_goes_with_a_call
    seen = nil
    host = Host.new(connector do
      define_method(:compute_start) do
        seen = [call.instance, call.key, call.attempt, call.actor, call.account, call.cancelled?, call.remaining.ceil]
        nil
      end
    end)
    host.ask("compute.start", { **CTX, key: "k", attempt: 2, actor: "ann", timeoutMs: 50_000 }, vm: "a")
    assert_equal ["one", "k", 2, "ann", nil, false, 50], seen
  end

  def test_has_no_call_outside_of_calls
    assert_raises(RuntimeError) { Lists.new({}).call }
  end

  def test_answers_nothing_where_there_is_nothing_to_answer
    host = Host.new(connector do
      def compute_delete
        true
      end

      def probe
        :reached
      end
    end)
    assert_nil host.result("compute.delete", vm: "a")
    assert_nil host.result("probe")
  end

  def test_tells_nobody_what_a_bug_was_but_logs_it
    host = Host.new(connector do
      def compute_list
        raise ArgumentError, "secret of the backend"
      end

      def compute_hosts
        { items: [BasicObject] }
      end

      def compute_images
        exit 3
      end

      def compute_get
        raise NotImplementedError
      end

      def compute_stats
        { cpu: Float::NAN }
      end

      def compute_reboot
        raise NotFound.new("Gone.", hint: Object.new)
      end

      def compute_pause
        endless = {}
        endless[:self] = endless
      end
    end)
    %w[list hosts images get stats reboot pause].map { |word| "compute.#{word}" }.each do |method|
      error = host.ask(method, vm: "a")[:error]
      assert_equal "kit failed in #{method}; the daemon's log says why.", error[:message]
      assert_equal [500, { kind: "internal" }], error.values_at(:code, :data)
      assert_match(/\A#{method} failed: .*\n.*\tfrom /m, host.logged.last)
    end
    assert_includes host.logged.first, "secret of the backend (ArgumentError)"
  end

  def test_goes_on_when_a_method_ends_its_thread
    host = Host.new(connector do
      def compute_get
        Thread.exit
      end
    end)
    ids = Array.new(3) { host.send_call("compute.get", vm: "a") }
    assert_equal([500, 500, 500], ids.map { |id| host.answer(id)[:error][:code] })
    assert_equal({ items: [] }, host.result("compute.list"))
  end

  def test_answers_what_it_lacks_with_unknown_method
    host = Host.new(Lists)
    %w[compute.get compute_list initialize close call drain probe instance_eval].each do |method|
      assert_equal(-32_601, host.ask(method)[:error][:code], method)
    end
  end

  def test_refuses_what_is_no_request_and_logs_what_is_no_message
    host = Host.new(Lists)
    host.session.receive('{"jsonrpc":"2.0","id":1}')
    host.session.receive('{"jsonrpc":"2.0","id":2,"method":"echo","params":[1]}')
    assert_equal([-32_600, -32_600], host.said[1..-1].map { |message| message[:error][:code] })
    hostile = ["hello", "[]", "1", "null", LATIN, '{"jsonrpc":"1.0","id":3}', "[" * 100_000, "{" * 9999]
    hostile.each { |line| host.session.receive(line.b) }
    assert_equal hostile.size, host.logged.size
    [
      '{"jsonrpc":"2.0","method":"$/unknown","params":{}}', '{"jsonrpc":"2.0","method":"$/cancel","params":{"id":[]}}',
      '{"jsonrpc":"2.0","method":"$/cancel","params":3}', '{"jsonrpc":"2.0","id":true,"method":"echo"}'
    ].each { |line| host.session.receive(line) }
    assert_equal 3 + hostile.size, host.said.size
  end

  def test_outlives_values_that_no_answer_can_hold
    host = Host.new(Lists)
    [
      '"id":7,"method":"echo","params":{"a":NaN}',
      '"id":7,"method":"echo","params":{"a":1e999}',
      '"id":1e999,"method":"compute.list","params":{}',
      %("id":7,"method":"compute.list","params":{"ctx":{"timeoutMs":#{"9" * 400}}}),
      '"id":7,"method":"compute.list","params":{"ctx":{"timeoutMs":"x","attempt":[],"instance":{}}}',
      '"id":7,"method":"echo","params":{"a":"\ud800"}'
    ].each { |hostile| host.session.receive("{\"jsonrpc\":\"2.0\",#{hostile}}") }
    assert_equal({ items: [] }, host.result("compute.list"))
  end

  def test_finds_a_message_behind_noise
    host = Host.new(Lists)
    host.session.receive("é {b} {\"c\": {\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"echo\",\"params\":{\"d\":\"é\"}}\r\n".b)
    assert_equal({ d: "é" }, host.answer(77)[:result])
  end

  def test_cancels_a_call
    host = Host.new(connector do
      def compute_shutdown
        call.progress(nil, "Waiting.")
        call.sleep(Float::INFINITY)
      end
    end)
    id = host.send_call("compute.shutdown", vm: "a")
    assert_equal({ id: id, message: "Waiting." }, host.wait_for("$/progress"))
    behind = host.send_call("compute.list")
    [behind, id].each do |cancelled|
      host.session.receive(%({"jsonrpc":"2.0","method":"$/cancel","params":{"id":#{cancelled},"reason":"Enough."}}))
    end
    error = { code: 499, message: "Enough.", data: { kind: "cancelled" } }
    assert_equal([error, error], [id, behind].map { |one| host.answer(one)[:error] })
  end

  def test_tells_listeners_that_a_call_is_cancelled
    told = Queue.new
    host = Host.new(connector do
      define_method(:compute_shutdown) do
        call.on_cancel { told << :during }
        call.progress
        told.pop
        call.on_cancel { told << :after }
        call.check
      end
    end)
    id = host.send_call("compute.shutdown", vm: "a")
    host.wait_for("$/progress")
    host.session.cancel_all("Enough.")
    assert_equal 499, host.answer(id)[:error][:code]
    assert_equal :after, told.pop
  end

  def test_sleeps_no_longer_than_the_deadline
    host = Host.new(connector do
      def compute_shutdown
        call.sleep(3600)
      end
    end)
    assert_equal "timeout", host.ask("compute.shutdown", { **CTX, timeoutMs: 20 }, vm: "a")[:error][:data][:kind]
  end

  def test_makes_as_many_calls_at_once_as_it_was_told
    arrived = Queue.new
    go = Queue.new
    host = Host.new(connector do
      define_method(:compute_list) do
        arrived << true
        go.pop
        { items: [] }
      end
    end, concurrency: 8)
    ids = Array.new(8) { host.send_call("compute.list") }
    8.times { arrived.pop }
    8.times { go << true }
    ids.each { |id| assert_equal({ items: [] }, host.answer(id)[:result]) }
  end

  def test_makes_all_calls_in_one_thread_unless_told_otherwise
    threads = []
    host = Host.new(connector do
      define_method(:initialize) { |_config| threads << Thread.current }
      define_method(:compute_list) { threads << Thread.current and nil }
    end)
    Array.new(8) { host.send_call("compute.list") }.each { |id| host.answer(id) }
    assert_equal [9, 1], [threads.size, threads.uniq.size]
  end

  def test_sends_events_from_any_thread_and_from_the_constructor
    host = Host.new(connector(Annelid::Connector) do
      def initialize(_config)
        resync
        Thread.new { deleted("a", time: Time.utc(2026, 1, 31, 12)) }.join
      end

      def compute_start(vm:)
        changed({ id: vm, state: :running })
      end
    end)
    assert_nil host.result("compute.start", vm: "b")
    expected = [
      { instance: "one", type: "resync" },
      { instance: "one", type: "vm.deleted", id: "a", time: "2026-01-31T12:00:00.000Z" },
      { instance: "one", type: "vm.changed", vm: { id: "b", state: "running" } }
    ]
    assert_equal expected, host.told("$/event")
  end
end
