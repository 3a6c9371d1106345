# frozen_string_literal: true

require "minitest/autorun"
require "annelid/plugin"

CTX = { v: 1, instance: "one", logLevel: "info" }.freeze

# A host in memory: sends lines to a session and keeps what it says.
class Host
  attr_reader :said, :session

  def initialize(connector, config: {}, concurrency: 1, configure: true)
    @said = []
    @lock = Mutex.new
    @arrived = ConditionVariable.new
    @last = 0
    description = connector.describe("kit", "1.0", concurrency)
    @session = Annelid::Session.new(connector, description) { |message| take(message) }
    ask("configure", config: config) if configure
  end

  def send_call(method, ctx = CTX, **params)
    @last += 1
    @session.receive("#{JSON.generate({ jsonrpc: "2.0", id: @last, method: method, params: { **params, ctx: ctx } })}\n")
    @last
  end

  def answer(id)
    await("answer to #{id}") { @said.find { |message| message[:id] == id && !message.key?(:method) } }
  end

  def ask(method, ctx = CTX, **params)
    answer(send_call(method, ctx, **params))
  end

  def result(method, ctx = CTX, **params)
    ask(method, ctx, **params).fetch(:result)
  end

  def told(method)
    @said.select { |message| message[:method] == method }.map { |message| message[:params] }
  end

  def wait_for(method)
    await(method) { told(method).first }
  end

  def logged
    told("$/log").map { |params| params[:message] }
  end

  private

  def take(message)
    @lock.synchronize do
      @said << JSON.parse(message, symbolize_names: true)
      @arrived.broadcast
    end
  end

  def await(what)
    finish = Annelid::Call.now + 10
    @lock.synchronize do
      until (found = yield)
        raise "There is no #{what}." if Annelid::Call.now > finish

        @arrived.wait(@lock, finish - Annelid::Call.now)
      end
      found
    end
  end
end

# Bytes that are no UTF-8, in a String that says it is.
LATIN = ["636166e9"].pack("H*").force_encoding("UTF-8").freeze

class Lists < Annelid::Connector
  def compute_list
    { items: [] }
  end
end

# What tests of a session share.
module Conversing
  def connector(parent = Lists, &body)
    Class.new(parent, &body)
  end
end
