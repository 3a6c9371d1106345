# A daemon, reached at its address over JSON-RPC.
#
#   annelid::client create api http://127.0.0.1:8420 -user alice -password secret
#
#   Options: -user and -password, or -token (what "session.login" answered); -timeout, milliseconds without an answer after which a
#   call fails, beyond those that a method is asked to wait. https is whatever was given to "http::register", since Tcl's core has no TLS:
#   package require tls; http::register https 443 [list tls::socket -autoservername 1 -require 1 -cafile ca.pem]
#
#   Methods are those of the catalogue (generated/methods.tcl): what they need comes in its order, what may be left out as options:
#   api vm.create web1 -memoryMiB 64 -labels {tier front}. A failure is an error with the code {ANNELID KIND DATA}. In a
#   coroutine a call waits in the event loop, otherwise in "vwait".

# Tcl comes with http 1.0, too.
package require http 2.7

oo::class create annelid::client {
    variable url authorization timeout last

    constructor {itsUrl args} {
        if {![regexp {^https?://[^/]} $itsUrl]} {error "$itsUrl is no address of a daemon: it begins with http:// or https://."}
        set options [dict merge {-user {} -password {} -token {} -timeout 90000} $args]
        if {[dict size $options] != 4} {error "A client has the options -user, -password, -token and -timeout."}
        set url [string trimright $itsUrl /]
        set timeout [dict get $options -timeout]
        set authorization {}
        set last 0
        if {[dict get $options -token] ne {}} {
            my token [dict get $options -token]
        } elseif {[dict get $options -user] ne {}} {
            set pair [encoding convertto utf-8 "[dict get $options -user]:[dict get $options -password]"]
            set authorization "Basic [binary encode base64 $pair]"
        }
    }

    # Calls with this token from now on.
    method token {token} {set authorization "Bearer $token"}

    # session.login; its token is used from now on.
    method login {user password} {
        set session [my session.login $user $password]
        my token [dict get $session token]
        return $session
    }

    # Calls any method, also one that a plugin publishes, with a dict of parameters. Those that are no text need
    # their types, as json.tcl has them: api call meter.book {name east count 3} {count int}.
    method call {method {params {}} {types {}}} {
        foreach name [dict keys $params] {
            if {![dict exists $types $name]} {dict set types $name string}
        }
        return [my Post $method $params $types value]
    }

    # Waits until an operation, or that with this id, has succeeded, and answers it; fails with the fault with which it
    # failed, and with {ANNELID timeout} when it has not ended after MS milliseconds: it then goes on.
    method wait {operation {ms {}}} {
        set end [expr {$ms eq {} ? {} : [clock milliseconds] + $ms}]
        set isKnown [expr {[llength $operation] > 1}]
        set id $operation
        if {$isKnown} {set id [dict get $operation id]}
        while {!$isKnown || [dict get $operation state] ni {succeeded failed cancelled}} {
            # Shorter than what proxies cut.
            set left [expr {$end eq {} ? 50 : min(50, ($end - [clock milliseconds]) / 1000.0)}]
            if {$isKnown && $left <= 0} {annelid::fault timeout "The operation $id has not ended." operation $id}
            set operation [my operation.wait $id -wait [expr {max(0, $left)}]]
            set isKnown 1
        }
        set state [dict get $operation state]
        if {$state eq "succeeded"} {return $operation}
        set fault [list kind $state message "[dict get $operation method] was $state."]
        if {[dict exists $operation fault]} {set fault [dict get $operation fault]}
        annelid::FaultFrom [dict get $fault kind] [dict get $fault message] [dict merge [list operation $id] $fault]
    }

    # Evaluates a script for each item of a list, page by page: api each vm vm.list -state running {puts [dict get $vm name]}
    method each {name method args} {
        upvar 1 $name item
        set after {}
        while 1 {
            set page [my $method {*}[lrange $args 0 end-1] {*}$after]
            foreach item [dict get $page items] {
                set code [catch {uplevel 1 [lindex $args end]} result options]
                if {$code == 3} return
                if {$code ni {0 4}} {
                    dict incr options -level
                    return -options $options $result
                }
            }
            if {![dict exists $page next]} return
            set after [list -after [dict get $page next]]
        }
    }

    method Invoke {method args} {
        set spec [dict get $::annelid::Methods $method]
        set types [dict get $spec params]
        set optional [dict get $spec optional]
        set params {}
        foreach name [dict keys $types] {
            if {$name in $optional} break
            if {![llength $args]} {error [my Usage $method $spec]}
            set args [lassign $args value]
            dict set params $name $value
        }
        if {[llength $args] % 2} {error [my Usage $method $spec]}
        foreach {option value} $args {
            set name [string range $option 1 end]
            if {[string index $option 0] ne "-" || $name ni $optional} {error "There is no $option. [my Usage $method $spec]"}
            dict set params $name $value
        }
        return [my Post $method $params $types [dict get $spec result]]
    }
    method Usage {method spec} {
        set words [lmap name [dict keys [dict get $spec params]] {
            expr {$name in [dict get $spec optional] ? "?-$name value?" : $name}
        }]
        return "wrong # args: should be \"[join [list [self] $method {*}$words]]\""
    }

    method Post {method params types result} {
        set json [annelid::json encode [list record {} $types] $params]
        set name [annelid::json encode string $method]
        set body "{\"jsonrpc\":\"2.0\",\"id\":[incr last],\"method\":$name,\"params\":$json}"
        set wait [expr {[dict exists $params wait] && [dict get $params wait] ne {} ? entier([dict get $params wait] * 1000) : 0}]
        lassign [my Ask $body [expr {$timeout + $wait}]] status answer
        if {[catch {annelid::json decode $answer members} message] || ![dict exists $message jsonrpc]} {
            annelid::fault unavailable "$url answered $status, and no JSON-RPC."
        }
        if {![dict exists $message error]} {return [annelid::json decode [lindex [dict get $message result] 1] $result]}
        annelid::FaultFromError [annelid::json decode [lindex [dict get $message error] 1] \
            {record {} {message string data {record {} {contract any}}}}]
    }
    # Posts a body; the status line and the body of the reply.
    method Ask {body milliseconds} {
        set headers [expr {$authorization eq {} ? {} : [list Authorization $authorization]}]
        set options [list -query $body -type application/json -headers $headers -timeout $milliseconds -binary 1]
        if {[info coroutine] ne {}} {lappend options -command [info coroutine]}
        if {[catch {http::geturl $url/jsonrpc {*}$options} token]} {
            if {[string match "Unsupported URL type*" $token]} {set token "https needs a package, such as tls, that is given to http::register"}
            annelid::fault unavailable "$url cannot be reached: $token."
        }
        # Whatever else wakes the coroutine is not the answer.
        if {[info coroutine] ne {}} {while {[yield] ne $token} {}}
        try {
            switch -- [http::status $token] {
                ok {return [list [lrange [http::code $token] 1 end] [encoding convertfrom utf-8 [http::data $token]]]}
                timeout {annelid::fault timeout "$url did not answer in time."}
                default {annelid::fault unavailable "$url cannot be reached: [http::error $token]."}
            }
        } finally {
            http::cleanup $token
        }
    }
}

foreach method [dict keys $annelid::Methods] {oo::define annelid::client forward $method my Invoke $method}

# annelid::client local ?FOLDER? ?option value ...? -- the daemon whose state directory this is, as its administrator.
oo::objdefine annelid::client method local {{state .annelid} args} {
    foreach {name file} {endpoint endpoint password admin-password} {
        set channel [open [file join $state $file]]
        chan configure $channel -encoding utf-8
        set $name [string trim [read $channel]]
        close $channel
    }
    return [my new [dict get [annelid::json decode $endpoint] url] -user admin -password $password {*}$args]
}
