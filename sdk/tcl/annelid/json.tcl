# JSON by types, since values in Tcl have none.
#
# A type is one of
#   string, bool, int, number   what JSON has; a bool is any boolean of Tcl and is read as true or false
#   counter                     an integer of 64 bits, a string of digits in JSON
#   time                        RFC 3339, or seconds as "clock seconds" has them
#   bytes                       a binary string, base64 in JSON
#   any                         JSON, as it stands
#   value, members              to be read only: whatever is there, as dicts, lists and strings; members of an object
#                               each as a list of its value and its JSON
#   {list TYPE}, map            a list; a dict of strings
#   {enum WORDS}                one of these
#   {record NAME ?FIELDS?}      a dict; FIELDS are those of annelid::json::Records when they are left out
#
# null is read as the empty string in a list, and as nothing in a dict. What is to be a number, a bool, a time or a word and
# is the empty string is left out of a record.

namespace eval annelid::json {
    namespace export decode encode
    namespace ensemble create
    variable Records {}
    variable Text {}
    variable At 0
    variable Escapes
    for {set code 0} {$code < 32} {incr code} {lappend Escapes [format %c $code] [format \\u%04x $code]}
    lappend Escapes \" \\\" \\ \\\\ \x7f \\u007f
}

# annelid::json decode text ?type? -- the value of a JSON text; fails with the code {ANNELID JSON} when it is none.
proc annelid::json::decode {text {type value}} {
    variable Text $text
    variable At 0
    set value [Value $type]
    Space
    if {$At != [string length $Text]} Wrong
    return $value
}

proc annelid::json::Wrong {} {
    variable At
    return -code error -errorcode {ANNELID JSON} "This is no JSON at $At."
}

proc annelid::json::Space {} {
    variable Text
    variable At
    while {[string index $Text $At] in {" " "\t" "\n" "\r"}} {incr At}
}

proc annelid::json::Value {type} {
    variable Text
    variable At
    Space
    set from $At
    switch -- [string index $Text $At] {
        \{ {set value [Object $type]}
        \[ {set value [Array [expr {[lindex $type 0] eq "list" ? [lindex $type 1] : "value"}]]}
        \" {set value [String]}
        t {set value [Word true]}
        f {set value [Word false]}
        n {Word null; set value ""}
        default {
            if {![regexp -indices -start $At {\A-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?} $Text found]} Wrong
            set At [expr {[lindex $found 1] + 1}]
            set value [string range $Text $from $At-1]
        }
    }
    switch -- $type {
        any {return [string range $Text $from $At-1]}
        bytes {return [binary decode base64 $value]}
    }
    return $value
}

proc annelid::json::Word {word} {
    variable Text
    variable At
    set end [expr {$At + [string length $word]}]
    if {[string range $Text $At $end-1] ne $word} Wrong
    set At $end
    return $word
}

proc annelid::json::String {} {
    variable Text
    variable At
    # Most have no escapes.
    if {[regexp -indices -start $At {\A"[^"\\\x00-\x1f]*"} $Text found]} {
        lassign $found from end
        set At [expr {$end + 1}]
        return [string range $Text $from+1 $end-1]
    }
    if {![regexp -indices -start $At {\A"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"} $Text found]} Wrong
    lassign $found from end
    set At [expr {$end + 1}]
    # Each escape of JSON is one of Tcl, with the same meaning.
    return [subst -nocommands -novariables [string range $Text $from+1 $end-1]]
}

proc annelid::json::Array {type} {
    variable Text
    variable At
    incr At
    set values {}
    Space
    if {[string index $Text $At] eq "\]"} {incr At; return $values}
    while 1 {
        lappend values [Value $type]
        Space
        switch -- [string index $Text $At] {
            , {incr At}
            \] {incr At; return $values}
            default Wrong
        }
    }
}

proc annelid::json::Object {type} {
    variable Text
    variable At
    incr At
    set members {}
    set kind [lindex $type 0]
    if {$kind eq "record"} {set fields [FieldsOf $type]}
    Space
    if {[string index $Text $At] eq "\}"} {incr At; return $members}
    while 1 {
        Space
        if {[string index $Text $At] ne "\""} Wrong
        set name [String]
        Space
        if {[string index $Text $At] ne ":"} Wrong
        incr At
        Space
        set from $At
        set isNull [expr {[string index $Text $At] eq "n"}]
        set of [expr {$kind eq "record" && [dict exists $fields $name] ? [dict get $fields $name] : "value"}]
        set value [Value $of]
        if {$kind eq "members"} {
            dict set members $name [list $value [string range $Text $from $At-1]]
        } elseif {!$isNull || $of eq "any"} {
            dict set members $name $value
        }
        Space
        switch -- [string index $Text $At] {
            , {incr At}
            \} {incr At; return $members}
            default Wrong
        }
    }
}

proc annelid::json::FieldsOf {type} {
    variable Records
    return [expr {[llength $type] > 2 ? [lindex $type 2] : [dict get $Records [lindex $type 1]]}]
}

# annelid::json encode type value -- its JSON, in ASCII; fails when it is not of that type, and says where.
proc annelid::json::encode {type value} {
    switch -- [lindex $type 0] {
        string {return [Quote $value]}
        any {return $value}
        enum {
            if {$value ni [lindex $type 1]} {Refuse $value "one of [join [lindex $type 1] {, }]"}
            return [Quote $value]
        }
        bool {
            if {![string is boolean -strict $value]} {Refuse $value "true or false"}
            return [expr {$value ? "true" : "false"}]
        }
        int {
            if {![string is entier -strict $value]} {Refuse $value "an integer"}
            return [expr {$value + 0}]
        }
        number {
            if {[string is entier -strict $value]} {return [expr {$value + 0}]}
            # Inf and NaN are numbers in Tcl, and so is what is too large for a double.
            if {![string is double -strict $value] || [string match -nocase *n* $value]} {Refuse $value "a number"}
            set double [expr {double($value)}]
            if {[string match *Inf $double]} {Refuse $value "a number"}
            return $double
        }
        counter {
            if {![string is entier -strict $value]} {Refuse $value "an integer"}
            return "\"[expr {$value + 0}]\""
        }
        time {
            if {[string is entier -strict $value]} {set value [clock format $value -format %Y-%m-%dT%H:%M:%SZ -gmt 1]}
            return [Quote $value]
        }
        bytes {
            if {[regexp {[^\x00-\xff]} $value]} {Refuse "This text" "bytes: encode it first"}
            return "\"[binary encode base64 $value]\""
        }
        list {
            if {[catch {llength $value}]} {Refuse $value "a list"}
            set of [lindex $type 1]
            set at -1
            set texts {}
            foreach item $value {incr at; lappend texts [Within $at $of $item]}
            return \[[join $texts ,]\]
        }
        map - record {
            if {[catch {dict size $value}]} {Refuse $value "a dict"}
            set fields [expr {[lindex $type 0] eq "record" ? [FieldsOf $type] : {}}]
            set texts {}
            dict for {name member} $value {
                if {[lindex $type 0] eq "map"} {
                    set of string
                } elseif {[dict exists $fields $name]} {
                    set of [dict get $fields $name]
                } else continue
                if {$member eq "" && [lindex $of 0] in {enum bool int number counter time any}} continue
                lappend texts "[Quote $name]:[Within $name $of $member]"
            }
            return "{[join $texts ,]}"
        }
    }
    return -code error "There is no type [lindex $type 0]."
}

proc annelid::json::Refuse {value wanted} {
    if {[string length $value] > 40} {set value [string range $value 0 39]...}
    return -code error -level 2 -errorcode {ANNELID TYPE} "$value is not $wanted."
}

# What a member is as JSON; of a mistake, also where it is.
proc annelid::json::Within {where type value} {
    try {
        return [encode $type $value]
    } trap {ANNELID TYPE} message {
        return -code error -errorcode {ANNELID TYPE} "$where: $message"
    }
}

proc annelid::json::Quote {text} {
    variable Escapes
    if {[string is ascii $text]} {return "\"[string map $Escapes $text]\""}
    set quoted \"
    foreach character [split $text {}] {
        scan $character %c code
        if {$code < 128} {
            append quoted [string map $Escapes $character]
        } elseif {$code < 65536} {
            append quoted [format \\u%04x $code]
        } else {
            incr code -65536
            append quoted [format \\u%04x\\u%04x [expr {0xd800 | $code >> 10}] [expr {0xdc00 | $code & 0x3ff}]]
        }
    }
    return [append quoted \"]
}
