# annelid::fault kind message ?name value ...?
#
#   Fails with what the caller is meant to see: a kind of fault (those of generated/protocol.tcl), a sentence, and data:
#   field, outcome, retryAfterMs, resource, operation, hint, provider, contract (the last as JSON). To be caught with
#   "try {...} trap {ANNELID not-found} {message options} {...}"; the data is the third word of the error code.

#
# annelid::asError kind message ?name value ...?
#
#   The same as "error" of a task that failed, a dict of code, message and data.

namespace eval annelid {
    namespace export asError fault log serve
    # What goes with a fault, and what it is.
    variable FaultData {
        field string outcome string retryAfterMs int resource string operation string hint string provider string
        contract any
    }
}

proc annelid::fault {kind message args} {
    variable Faults
    variable FaultData
    if {![dict exists $Faults $kind]} {
        return -code error "There is no kind of fault $kind; there are [join [dict keys $Faults] {, }]."
    }
    if {[llength $args] % 2} {return -code error "The data of a fault is pairs of a name and a value."}
    foreach name [dict keys $args] {
        if {![dict exists $FaultData $name]} {
            return -code error "A fault has no $name; it has [join [dict keys $FaultData] {, }]."
        }
    }
    return -code error -level 1 -errorcode [list ANNELID $kind $args] $message
}

# annelid::FaultFrom kind message data -- fails with the fault that came over a wire; of a kind that is not known, internal.
proc annelid::FaultFrom {kind message data} {
    variable Faults
    variable FaultData
    if {![dict exists $Faults $kind]} {set kind internal}
    set known [dict filter $data script {name -} {dict exists $FaultData $name}]
    return -code error -errorcode [list ANNELID $kind $known] $message
}

proc annelid::asError {kind message args} {
    variable Faults
    set known [dict get $Faults $kind]
    set outcome [expr {[dict get $known refusal] ? {outcome none} : {}}]
    return [list code [dict get $known code] message $message data [dict merge [list kind $kind] $outcome $args]]
}

# annelid::FaultError kind message data -- "error" of an answer, as plugins send it, in JSON.
proc annelid::FaultError {kind message data} {
    return [json::encode {record plugin/Error} [asError $kind $message {*}$data]]
}
