# How a plugin that stays meets its hosts: by TCP with TLS 1.3, where both sides show certificates. It stands on the package tls,
# which does not come with Tcl. Tcl's core has no unix sockets.
#
# annelid::Arguments words
#   What is asked of the program, a dict: listen or dial, connector and token-file, and text, host, port, cert, key and ca of where;
#   empty when nothing is. What is not of the kit is the author's. Fails with what to write.
# annelid::Connections new where openSession
#   WHERE is what annelid::Arguments answered. OPENSESSION is a command prefix that answers the session of a host, given what sends to it.

proc annelid::Arguments {words} {
    set given {}
    foreach name {listen dial connector token-file cert key ca} {
        set at [lsearch -exact $words --$name]
        if {$at >= 0} {dict set given $name [lindex $words $at+1]}
        if {[set word [lsearch -inline -glob $words --$name=*]] ne {}} {
            dict set given $name [string range $word [string length --$name=] end]
        }
    }
    foreach option {listen dial} {
        if {![dict exists $given $option]} continue
        set text [dict get $given $option]
        if {[string match unix:* $text]} {error "--$option unix: is not for Tcl, whose core has no unix sockets: use tls://HOST:PORT."}
        if {[string match tls:* $text] && [llength [lsearch -all -inline [dict keys $given] {[ck][ae]*}]] < 3} {
            error "--$option tls: needs --cert, --key and --ca, each a PEM file."
        }
        if {![regexp {^tls://(?:\[([0-9A-Fa-f:.]+)\]|([^/:]+)):0*([1-9][0-9]{0,4})$} $text - ip host port] || $port > 65535} {
            error "--$option takes tls://HOST:PORT, not $text."
        }
        if {[catch {package require tls}]} {
            error "--$option tls: needs the package tls, which does not come with Tcl: install it (Debian: tcl-tls)."
        }
        set given [dict merge $given [list text $text host $ip$host port $port]]
    }
    if {[dict exists $given dial] && !([dict exists $given connector] && [dict exists $given token-file])} {
        error "--dial needs --connector, the name that the host knows it by, and --token-file."
    }
    return $given
}

oo::class create annelid::Connections {
    variable where openSession sessions alive told distrust

    constructor {itsWhere itsOpenSession} {
        set where $itsWhere
        set openSession $itsOpenSession
        set sessions {}
        set alive {}
        set told {}
        set distrust {}
    }
    # How long the other side may take to begin, in milliseconds.
    method beginMs {} {return 30000}

    # Serves every host that connects, each in a coroutine.
    method listen {} {
        try {
            my Usable
            socket -server [namespace code {my Accept}] -myaddr [dict get $where host] [dict get $where port]
        } on error message {
            puts stderr "Hosts cannot connect to [dict get $where text]: $message"
            exit 1
        }
        puts stderr "Hosts can connect to [dict get $where text]."
    }
    method Accept {channel - -} {
        coroutine ::annelid::Admitting$channel {*}[namespace code [list my Admit $channel]]
    }
    method Admit {channel} {
        # One that is none that we know is told nothing.
        if {![catch {my Secure $channel 1}]} {my Serve $channel}
        close $channel
    }

    # Connects to a host, and again whenever the connection has ended; in a coroutine.
    method dial {} {coroutine ::annelid::Dialling {*}[namespace code {my Dial}]}
    method Dial {} {
        # Milliseconds between two tries: doubled each time, the shortest again once a connection has held for a while.
        set pause 250
        while 1 {
            set begun [clock milliseconds]
            set channel {}
            try {
                my Usable
                # At each try, so that it can be changed while the plugin runs.
                set file [open [dict get $where token-file]]
                set token [string trim [read $file]]
                close $file
                set channel [socket [dict get $where host] [dict get $where port]]
                my Secure $channel 0
                my Greet $channel $token
            } on error message {
                my Tell "cannot be reached: $message."
            }
            catch {close $channel}
            if {[clock milliseconds] - $begun >= 60000} {set pause 250}
            after $pause [info coroutine]
            yield
            set pause [expr {min(2 * $pause, 30000)}]
        }
    }
    # Says who it is, and serves the host when its first line does not refuse it.
    method Greet {channel token} {
        set admission [annelid::json encode {record {} {connector string token string}} [list connector [dict get $where connector] token $token]]
        puts $channel "{\"jsonrpc\":\"2.0\",\"method\":\"$/admit\",\"params\":$admission}"
        chan event $channel readable [info coroutine]
        while {[gets $channel line] < 0} {
            if {[eof $channel]} {return [my Tell "has closed the connection without a word."]}
            yield
        }
        if {![catch {dict get [annelid::json decode $line] method} method] && $method eq "$/refused"} {
            return [my Tell "does not admit this plugin; its log says why."]
        }
        my Tell "has admitted this plugin."
        my Serve $channel $line
    }
    method Tell {words} {
        # Once, not at every try.
        if {$words ne $told} {puts stderr "The host at [dict get $where text] $words"}
        set told $words
    }

    # Serves a host until it has gone.
    method Serve {channel {first {}}} {
        set session [{*}$openSession [namespace code [list my Send $channel]]]
        dict set sessions $channel $session
        if {$first ne {}} {$session receive $first}
        annelid::Link new $channel $session [info coroutine]
        my StayHeard $channel
        yield
        after cancel [dict get $alive $channel]
        dict unset alive $channel
        dict unset sessions $channel
    }
    # Says what hosts ignore from time to time: Tcl cannot have the system ask whether the other side is there still. The machine of a
    # host that has been started anew answers that it knows no such connection.
    method StayHeard {channel} {
        dict set alive $channel [after [my aliveMs] [namespace code [list my StayHeard $channel]]]
        my Send $channel {{"jsonrpc":"2.0","method":"$/alive"}}
    }
    method aliveMs {} {return 30000}
    method Send {channel message} {
        # What a host that is gone would still have been answered, nobody reads.
        catch {puts $channel [encoding convertto utf-8 $message]}
    }

    # A line for the log: of a call for the host that made it, of none for all.
    method log {level message} {
        set meant [dict values $sessions]
        if {[info exists ::annelid::Current([info coroutine])]} {set meant [list [$::annelid::Current([info coroutine]) session]]}
        if {![llength $meant]} {annelid::LogToStderr $level $message}
        foreach session $meant {$session log $level $message}
    }

    # Fails when the files of TLS cannot be used, and says why.
    method Usable {} {
        foreach name {cert key ca} {
            set file [open [dict get $where $name]]
            set text [read $file]
            close $file
        }
        # The last one: what is no certificate is passed over, and nobody would be trusted.
        if {![string match {*BEGIN CERTIFICATE*} $text]} {error "--ca [dict get $where ca] holds no certificate in PEM"}
        lassign [chan pipe] other channel
        try {my Import $channel 1} finally {
            close $channel
            close $other
        }
    }
    method Import {channel isServer args} {
        tls::import $channel -server $isServer -request 1 -require 1 -tls1 0 -tls1.1 0 -tls1.2 0 -tls1.3 1 \
            -certfile [dict get $where cert] -keyfile [dict get $where key] -cafile [dict get $where ca] \
            -command [namespace code {my Shaking}] {*}$args
    }
    # What tls tells of a handshake: of a certificate that it does not trust, why. Without this it writes to standard error, too.
    method Shaking {what args} {
        if {$what ne "verify"} return
        lassign $args channel - - isTrusted why
        if {!$isTrusted} {set distrust $why}
        return $isTrusted
    }
    # Has a channel shake hands. Fails with why not.
    method Secure {channel isServer} {
        set host [dict get $where host]
        # An IP address is no name that it could ask for (RFC 6066 section 3).
        set name [expr {$isServer || [string match *:* $host] || [regexp {^[0-9.]+$} $host] ? {} : [list -servername $host]}]
        chan configure $channel -blocking 0 -translation binary
        my Import $channel $isServer {*}$name
        chan configure $channel -blocking 0 -translation binary -buffering line
        set timer [after [my beginMs] [list [info coroutine] late]]
        chan event $channel readable [info coroutine]
        try {
            while {![my IsShaken $channel]} {if {[yield] eq "late"} {error "it does not answer"}}
        } finally {
            after cancel $timer
            chan event $channel readable {}
        }
        if {!$isServer && ![annelid::IsFor [dict get [tls::status $channel] certificate] $host]} {error "its certificate is not for $host"}
    }
    method IsShaken {channel} {
        set distrust {}
        try {tls::handshake $channel} trap {POSIX EAGAIN} {} {return 0} on error {why} {error "$why[expr {$distrust eq {} ? {} : ": $distrust"}]"}
    }
}

# annelid::IsFor pem host -- whether a certificate is for a host: by its names, and by its addresses as bytes.
proc annelid::IsFor {pem host} {
    regexp -- {-----BEGIN CERTIFICATE-----(.+?)-----END} $pem - text
    set facts [DerParts [lindex [DerParts [lindex [DerParts [binary decode base64 $text]] 1]] 1]]
    set wanted [list [string tolower $host] [regsub {^[^.]+} [string tolower $host] *]]
    if {[regexp {^[0-9]+(\.[0-9]+){3}$} $host]} {set wanted [list [binary format c4 [split $host .]]]}
    # Extensions stand behind the tag [3] (RFC 5280 section 4.1); in a subjectAltName, [2] is a name and [7] an address (4.2.1.6).
    foreach {- extension} [expr {[dict exists $facts 163] ? [DerParts [lindex [DerParts [dict get $facts 163]] 1]] : {}}] {
        set parts [DerParts $extension]
        if {[dict get $parts 6] ne "\x55\x1d\x11"} continue
        foreach {tag name} [DerParts [lindex [DerParts [dict get $parts 4]] 1]] {
            if {($tag == 130 && [string tolower $name] in $wanted) || ($tag == 135 && $name in $wanted)} {return 1}
        }
    }
    return 0
}
# What stands in DER one after the other: tags, each with what it holds.
proc annelid::DerParts {bytes} {
    set parts {}
    set at 0
    while {$at < [string length $bytes]} {
        binary scan $bytes @${at}cucu tag length
        incr at 2
        if {$length > 127} {
            set size [expr {$length - 128}]
            binary scan $bytes @${at}H[expr {2 * $size}] digits
            set length [expr {"0x$digits"}]
            incr at $size
        }
        lappend parts $tag [string range $bytes $at [expr {$at + $length - 1}]]
        incr at $length
    }
    return $parts
}
