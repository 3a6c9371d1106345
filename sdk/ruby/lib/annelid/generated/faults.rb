# frozen_string_literal: true

# Made from the contract and the catalogue by daemon/generate; change those, not this.

module Annelid
  # The request is not well-formed, or not of this protocol.
  class Malformed < Fault
    describe "malformed", code: 400, wire_code: -32700
  end

  # The character set or content coding of the request is not supported.
  class UnsupportedEncoding < Fault
    describe "unsupported-encoding", code: 415, wire_code: -32701
  end

  # Well-formed, but not a call.
  class InvalidRequest < Fault
    describe "invalid-request", code: 400, wire_code: -32600
  end

  # There is no method of that name.
  class UnknownMethod < Fault
    describe "unknown-method", code: 404, wire_code: -32601, refusal: true
  end

  # A parameter is missing, unknown, or not of its type; `field` says which.
  class InvalidParams < Fault
    describe "invalid-params", code: 400, wire_code: -32602, refusal: true
  end

  # The request is over a limit; the message names it.
  class TooLarge < Fault
    describe "too-large", code: 413, wire_code: 413
  end

  # No credentials, or credentials that are not valid (any more).
  class Unauthenticated < Fault
    describe "unauthenticated", code: 401, wire_code: 401
  end

  # The caller may not make this call.
  class Forbidden < Fault
    describe "forbidden", code: 403, wire_code: 403, refusal: true
  end

  # No such object, or the caller may not see it.
  class NotFound < Fault
    describe "not-found", code: 404, wire_code: 404, refusal: true
  end

  # The object is in a state that forbids the call.
  class Conflict < Fault
    describe "conflict", code: 409, wire_code: 409, refusal: true
  end

  # An object of that name or key exists and differs.
  class Exists < Fault
    describe "exists", code: 409, wire_code: 409, refusal: true
  end

  # Another operation holds the object.
  class Busy < Fault
    describe "busy", code: 423, wire_code: 423, again: true, refusal: true
  end

  # Too many calls; `retryAfterMs` says when to try again.
  class Throttled < Fault
    describe "throttled", code: 429, wire_code: 429, again: true, refusal: true
  end

  # The caller or an operator cancelled the work.
  class Cancelled < Fault
    describe "cancelled", code: 499, wire_code: 499
  end

  # A bug. The cause is logged and never sent.
  class Internal < Fault
    describe "internal", code: 500, wire_code: -32603
  end

  # The backend of this object cannot do that.
  class Unsupported < Fault
    describe "unsupported", code: 501, wire_code: 501, refusal: true
  end

  # The backend tried and failed; the message says why.
  class Failed < Fault
    describe "failed", code: 502, wire_code: 502
  end

  # The backend cannot be reached at the moment.
  class Unavailable < Fault
    describe "unavailable", code: 503, wire_code: 503, again: true
  end

  # The backend did not answer in time; the work may still finish.
  class TimedOut < Fault
    describe "timeout", code: 504, wire_code: 504, again: true
  end

  # A quota or the capacity of the backend is used up.
  class Quota < Fault
    describe "quota", code: 507, wire_code: 507
  end
end
