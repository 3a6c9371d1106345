# Made from the contract and the catalogue by daemon/generate; change those, not this.
#
# What every plugin speaks, and the kinds of fault.

set annelid::ProtocolVersion 1
set annelid::Features {events progress cancel instances}
set annelid::LogLevels {debug info warn error}

# What may go with the sentence of a fault.
#   outcome: What had happened when the call failed.
#   retryAfterMs: When to try again, in milliseconds.
#   field: JSON Pointer into the parameters, such as `/disks/0/sizeMiB`.
#   resource: The resource meant, by its id.
#   provider: The backend's own name for the failure.
#   hint: What to do next.
#   contract: What it is in the contract of the service that was called.
#   operation: The operation that failed.
set annelid::FaultData {
    outcome string
    retryAfterMs int
    field string
    resource string
    provider string
    hint string
    contract any
    operation string
}

# The request is not well-formed, or not of this protocol.
dict set annelid::Faults malformed {code 400 wireCode -32700 retry 0 refusal 0}
# The character set or content coding of the request is not supported.
dict set annelid::Faults unsupported-encoding {code 415 wireCode -32701 retry 0 refusal 0}
# Well-formed, but not a call.
dict set annelid::Faults invalid-request {code 400 wireCode -32600 retry 0 refusal 0}
# There is no method of that name.
dict set annelid::Faults unknown-method {code 404 wireCode -32601 retry 0 refusal 1}
# A parameter is missing, unknown, or not of its type; `field` says which.
dict set annelid::Faults invalid-params {code 400 wireCode -32602 retry 0 refusal 1}
# The request is over a limit; the message names it.
dict set annelid::Faults too-large {code 413 wireCode 413 retry 0 refusal 0}
# No credentials, or credentials that are not valid (any more).
dict set annelid::Faults unauthenticated {code 401 wireCode 401 retry 0 refusal 0}
# The caller may not make this call.
dict set annelid::Faults forbidden {code 403 wireCode 403 retry 0 refusal 1}
# No such object, or the caller may not see it.
dict set annelid::Faults not-found {code 404 wireCode 404 retry 0 refusal 1}
# The object is in a state that forbids the call.
dict set annelid::Faults conflict {code 409 wireCode 409 retry 0 refusal 1}
# An object of that name or key exists and differs.
dict set annelid::Faults exists {code 409 wireCode 409 retry 0 refusal 1}
# Another operation holds the object.
dict set annelid::Faults busy {code 423 wireCode 423 retry 1 refusal 1}
# Too many calls; `retryAfterMs` says when to try again.
dict set annelid::Faults throttled {code 429 wireCode 429 retry 1 refusal 1}
# The caller or an operator cancelled the work.
dict set annelid::Faults cancelled {code 499 wireCode 499 retry 0 refusal 0}
# A bug. The cause is logged and never sent.
dict set annelid::Faults internal {code 500 wireCode -32603 retry 0 refusal 0}
# The backend of this object cannot do that.
dict set annelid::Faults unsupported {code 501 wireCode 501 retry 0 refusal 1}
# The backend tried and failed; the message says why.
dict set annelid::Faults failed {code 502 wireCode 502 retry 0 refusal 0}
# The backend cannot be reached at the moment.
dict set annelid::Faults unavailable {code 503 wireCode 503 retry 1 refusal 0}
# The backend did not answer in time; the work may still finish.
dict set annelid::Faults timeout {code 504 wireCode 504 retry 1 refusal 0}
# A quota or the capacity of the backend is used up.
dict set annelid::Faults quota {code 507 wireCode 507 retry 0 refusal 0}
