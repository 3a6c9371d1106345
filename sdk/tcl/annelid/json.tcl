# JSON by types, since values in Tcl have none.
#
# A type is one of
#   string, bool, int, number   what JSON has; a bool is any boolean of Tcl and is read as true or false
#   counter                     an integer of 64 bits, a string of digits in JSON
#   time                        RFC 3339, or seconds as "clock seconds" has them
#   bytes                       a binary string, base64 in JSON
#   any                         JSON, as it stands but for line breaks
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
    variable From 0
    variable Token {(?:[]\[{}:,]|true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")}
    variable Next \\A$Token
    variable Whole "\\A(?:\[ \t\n\r\]|$Token)+\\Z"
    variable Escapes
    for {set code 0} {$code < 32} {incr code} {lappend Escapes [format %c $code] [format \\u%04x $code]}
    lappend Escapes \" \\\" \\ \\\\ \x7f \\u007f
}

# annelid::json decode text ?type? -- the value of a JSON text; fails with the code {ANNELID JSON} when it is none.
proc annelid::json::decode {text {type value}} {
    variable Text $text
    variable At 0
    set value [Value $type [Token]]
    if {[string trim [string range $Text $At end] " \t\n\r"] ne {}} Wrong
    return $value
}

proc annelid::json::Wrong {} {
    variable At
    return -code error -errorcode {ANNELID JSON} "This is no JSON at $At."
}

# The next token; it stands from From to At.
proc annelid::json::Token {} {
    variable Text
    variable At
    variable From
    variable Next
    while {[string index $Text $At] in {" " "\t" "\n" "\r"}} {incr At}
    if {![regexp -indices -start $At $Next $Text found]} Wrong
    lassign $found From end
    set At [expr {$end + 1}]
    return [string range $Text $From $end]
}

# The value that begins with a token.
proc annelid::json::Value {type token} {
    variable Text
    variable At
    variable From
    set from $From
    switch -- [string index $token 0] {
        \{ {set value [Object $type]}
        \[ {set value [Array [expr {[lindex $type 0] eq "list" ? [lindex $type 1] : "value"}]]}
        \" {set value [Unquoted $token]}
        n {set value {}}
        \} - \] - : - , Wrong
        default {set value $token}
    }
    switch -- $type {
        any {return [string range $Text $from $At-1]}
        bytes {return [binary decode base64 $value]}
    }
    return $value
}

proc annelid::json::Unquoted {token} {
    if {[string index $token 0] ne "\""} Wrong
    # Each escape of JSON is one of Tcl, with the same meaning.
    if {[string first \\ $token] >= 0} {set token [subst -nocommands -novariables $token]}
    return [string range $token 1 end-1]
}

proc annelid::json::Array {type} {
    set values {}
    set token [Token]
    if {$token eq "\]"} {return $values}
    while 1 {
        lappend values [Value $type $token]
        switch -- [Token] {
            , {set token [Token]}
            \] {return $values}
            default Wrong
        }
    }
}

proc annelid::json::Object {type} {
    variable Text
    variable At
    variable From
    set members {}
    set kind [lindex $type 0]
    set fields [expr {$kind eq "record" ? [FieldsOf $type] : {}}]
    set token [Token]
    if {$token eq "\}"} {return $members}
    while 1 {
        set name [Unquoted $token]
        if {[Token] ne ":"} Wrong
        set of [expr {[dict exists $fields $name] ? [dict get $fields $name] : "value"}]
        set token [Token]
        set from $From
        set value [Value $of $token]
        if {$kind eq "members"} {
            dict set members $name [list $value [string range $Text $from $At-1]]
        } elseif {$token ne "null" || $of eq "any"} {
            dict set members $name $value
        }
        switch -- [Token] {
            , {set token [Token]}
            \} {return $members}
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
        any {
            # Its words are looked at, not how they nest: to read it would take some hundred times as long.
            variable Whole
            if {![regexp $Whole $value]} {Refuse $value JSON}
            # A line break between tokens would end the message, and half of a character is nothing in UTF-8.
            set map {\n " " \r " "}
            for {set rest $value} {[regexp {[\ud800-\udfff]} $rest half]} {set rest [string map [list $half {}] $rest]} {
                lappend map $half [format \\u%04x [scan $half %c]]
            }
            return [string map $map $value]
        }
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
