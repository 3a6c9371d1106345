# A host in memory.

package require tcltest
namespace import tcltest::*
set packages [file dirname [file dirname [file normalize [info script]]]]
lappend auto_path $packages
package require annelid::plugin

oo::class create Host {
    variable session said last

    constructor {class args} {
        set options [dict merge {-config {{}} -concurrency 1 -configure 1} $args]
        set said {}
        set last 0
        set session [annelid::Session new kit $class [list -version 1.0 -concurrency [dict get $options -concurrency] -limits {} -processes {}] [namespace code {my Take}]]
        set ::annelid::LogTo [list $session log]
        if {[dict get $options -configure]} {my ask configure "{\"config\":[dict get $options -config]}"}
    }
    destructor {$session destroy}
    method Take {message} {
        lappend said $message
        set ::arrived 1
    }
    method session {} {return $session}
    method said {} {return $said}
    method receive {line} {$session receive $line}

    # Sends a request whose parameters are JSON; its id.
    method send {method params {ctx {}}} {
        set ctx [dict merge {v 1 instance one logLevel info} $ctx]
        set types {v int instance string logLevel string key string attempt int actor string account string timeoutMs int}
        set ctx [annelid::json encode [list record {} $types] $ctx]
        set params "[string range $params 0 end-1][expr {$params eq "{}" ? {} : ","}]\"ctx\":$ctx\}"
        incr last
        my receive "{\"jsonrpc\":\"2.0\",\"id\":$last,\"method\":\"$method\",\"params\":$params}"
        return $last
    }
    # Its result, or its error, in JSON.
    method answer {id} {
        set begins "\{\"jsonrpc\":\"2.0\",\"id\":$id,"
        while 1 {
            foreach message $said {
                if {[string first $begins $message] == 0} {return [string range $message [string length $begins] end-1]}
            }
            vwait ::arrived
        }
    }
    method ask {method {params {{}}} {ctx {}}} {
        my answer [my send $method $params $ctx]
    }
    # The parameters of its notifications, in JSON.
    method told {method} {
        set begins "\{\"jsonrpc\":\"2.0\",\"method\":\"$method\",\"params\":"
        return [lmap message $said {
            if {[string first $begins $message] != 0} continue
            string range $message [string length $begins] end-1
        }]
    }
}

# What stands instead of the error of a call that failed by a bug.
proc bug {method} {
    return "\"error\":{\"code\":500,\"message\":\"kit failed in $method; the daemon's log says why.\",\"data\":{\"kind\":\"internal\"}}"
}
# An object of a class that is made for one test.
proc class {name body} {
    if {[info commands ::$name] ne {}} {$name destroy}
    oo::class create ::$name "superclass ::annelid::connector\n$body"
}
proc newHost {class args} {
    if {[info commands ::host] ne {}} {::host destroy}
    Host create ::host $class {*}$args
}
