# tclws, Tcl's web services; see ../README.md.
package require json
package require json::write
package require WS::Client

chan configure stdin -encoding utf-8
chan configure stdout -encoding utf-8 -buffering line
json::write indented false

set scenario [json::json2dict [lindex $argv end]]
set credentials [binary encode base64 "[dict get $scenario user]:[dict get $scenario password]"]
set headers [list Authorization "Basic [string map {"\n" ""} $credentials]"]
set service [dict get [WS::Client::GetAndParseWsdl [dict get $scenario wsdl]] name]

# What it is given: texts, and dictionaries with a list where items repeat. What is nil is left out.
proc native {tagged} {
    lassign $tagged kind value
    switch $kind {
        any { return [native $value] }
        list { return [dict create item [lmap item $value {native $item}]] }
        map { return [dict create item [lmap pair $value {dict create key [lindex $pair 0] value [native [lindex $pair 1]]}]] }
        record { return [members $value] }
    }
    return $value
}

proc members {pairs} {
    set made {}
    foreach pair $pairs {
        lassign $pair name value
        if {[lindex $value 0] ne "nil"} { dict set made $name [native $value] }
    }
    return $made
}

proc told {kind value} { json::write array [json::write string $kind] $value }

# It gives texts and dictionaries alone: which is which, its table of types says.
proc shown {type value} {
    if {[string match *() $type]} {
        return [told list [json::write array {*}[lmap item $value {shown [string range $type 0 end-2] $item}]]]
    }
    # What is nil it shows as what is empty.
    if {$value eq ""} { return [told nil [json::write string ""]] }
    set of [WS::Utils::GetServiceTypeDef Client $::service $type]
    if {$of eq "" || ![dict exists $of definition]} { return [told string [json::write string $value]] }
    set fields [lmap {name field} [dict get $of definition] {
        if {![dict exists $value $name]} continue
        json::write array [json::write string $name] [shown [dict get $field type] [dict get $value $name]]
    }]
    return [told struct [json::write array {*}$fields]]
}

proc answer {method arguments} {
    if {[catch {WS::Client::DoCall $::service $method [members $arguments] $::headers} reply options]} {
        # Of a fault it shows the sentence.
        if {[lrange [dict get $options -errorcode] 0 2] ne {WS CLIENT REMERR}} {
            return [json::write object failed [json::write string $reply]]
        }
        return [json::write object fault [json::write object message [json::write string $reply]]]
    }
    set result [dict get [WS::Utils::GetServiceTypeDef Client $::service tns1:${method}Response] definition return type]
    return [json::write object result [shown $result [dict get $reply return]]]
}

puts [json::write object version [json::write string [package present WS::Client]]]
while {[gets stdin line] >= 0} {
    set call [json::json2dict $line]
    puts [answer [dict get $call method] [dict get $call args]]
}
