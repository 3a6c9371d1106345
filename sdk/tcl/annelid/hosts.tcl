# A plugin that stays: hosts connect to it, or it connects to one.
#
# annelid::Hosts new where openSession
#   WHERE is what annelid::Arguments answered. OPENSESSION is a command prefix that answers the session of a host, given what sends to it.

oo::class create annelid::Hosts {
    variable where openSession links told pause begun

    constructor {itsWhere itsOpenSession} {
        set where $itsWhere
        set openSession $itsOpenSession
        set links {}
        set told {}
    }

    # Serves every host that connects.
    method listen {} {
        try {
            annelid::Readable $where
            socket -server [namespace code {my Accept}] -myaddr [dict get $where host] [dict get $where port]
        } on error message {
            puts stderr "Hosts cannot connect to [dict get $where text]: $message"
            exit 1
        }
        puts stderr "Hosts can connect to [dict get $where text]."
    }
    method Accept {channel - -} {
        if {[catch {annelid::Secure $channel $where 1 [namespace code [list my Accepted $channel]]} why]} {my Accepted $channel $why}
    }
    method Accepted {channel why} {
        # One that is none that we know is told nothing.
        if {$why ne {}} {my Close $channel} else {my Serve $channel [namespace code [list my Close $channel]]}
    }

    # Connects to a host, and again whenever the connection has ended.
    method dial {} {
        # Milliseconds between two tries: doubled each time, the shortest again once a connection has held for a while.
        set pause 250
        my Try
    }
    method Try {} {
        set begun [clock milliseconds]
        set channel {}
        try {
            annelid::Readable $where
            # At each try, so that it can be changed while the plugin runs.
            set file [open [dict get $where token-file]]
            set token [string trim [read $file]]
            close $file
            set channel [socket [dict get $where host] [dict get $where port]]
            annelid::Secure $channel $where 0 [namespace code [list my Greet $channel $token]]
        } on error message {
            my Again $channel "cannot be reached: $message."
        }
    }
    method Greet {channel token why} {
        if {$why ne {}} {return [my Again $channel "cannot be reached: $why."]}
        set type {record {} {connector string token string}}
        set admission [annelid::json encode $type [list connector [dict get $where connector] token $token]]
        chan event $channel readable [namespace code [list my Hear $channel]]
        my Send $channel "{\"jsonrpc\":\"2.0\",\"method\":\"$/admit\",\"params\":$admission}"
    }
    # The first line says whether it is admitted.
    method Hear {channel} {
        if {[catch {gets $channel line} length]} {return [my Again $channel "cannot be reached: $length."]}
        if {$length < 0} {
            if {[eof $channel]} {my Again $channel "has closed the connection without a word."}
            return
        }
        if {![catch {dict get [annelid::json decode $line] method} method] && $method eq "$/refused"} {
            return [my Again $channel "does not admit this plugin; its log says why."]
        }
        my Tell "has admitted this plugin."
        my Serve $channel [namespace code [list my Again $channel]] $line
    }
    method Again {channel {why {}}} {
        if {$why ne {}} {my Tell $why}
        if {$channel ne {}} {my Close $channel}
        if {[clock milliseconds] - $begun >= 60000} {set pause 250}
        after $pause [namespace code {my Try}]
        set pause [expr {min(2 * $pause, 30000)}]
    }
    method Tell {words} {
        # Once, not at every try.
        if {$words ne $told} {puts stderr "The host at [dict get $where text] $words"}
        set told $words
    }

    # Serves a host until it has gone; then evaluates the script.
    method Serve {channel script {first {}}} {
        set session [{*}$openSession [namespace code [list my Send $channel]]]
        if {$first ne {}} {$session receive $first}
        dict set links $channel [annelid::Link new $channel $session $script]
    }
    method Send {channel message} {
        # What a host that is gone would still have been answered, nobody reads.
        catch {puts $channel [encoding convertto utf-8 $message]}
    }
    method Close {channel} {
        dict unset links $channel
        catch {close $channel}
    }

    # A line for the log: of a call for the host that made it, of none for all.
    method log {level message} {
        if {[info exists ::annelid::Current([info coroutine])]} {
            return [[$::annelid::Current([info coroutine]) session] log $level $message]
        }
        if {![dict size $links]} {annelid::LogToStderr $level $message}
        foreach link [dict values $links] {[$link session] log $level $message}
    }
}
