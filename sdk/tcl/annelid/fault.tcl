# annelid::fault kind message ?name value ...?
#
#   Fails with what the caller is meant to see: a kind of fault, a sentence, and data; generated/protocol.tcl lists both. To be caught
#   with "try {...} trap {ANNELID not-found} {message options} {...}"; the data is the third word of the error code.
#
# annelid::asError kind message ?name value ...?
#
#   The same as "error" of a task that failed, a dict of code, message and data.

namespace eval annelid {
    namespace export asError fault log serve
}

# annelid::Member dict name ?otherwise? -- a member, or what stands in for it. Not by "expr", for which 0012 is a number.
proc annelid::Member {dict name {otherwise {}}} {
    if {[dict exists $dict $name]} {return [dict get $dict $name]}
    return $otherwise
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

# annelid::FaultFromError error -- fails with the fault that "error" of an answer is, a dict.
proc annelid::FaultFromError {error} {
    set error [dict merge {message "No reason was given." data {}} $error]
    tailcall FaultFrom [Member [dict get $error data] kind internal] [dict get $error message] [dict get $error data]
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
