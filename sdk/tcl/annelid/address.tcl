# Where hosts are met: tls://HOST:PORT with TLS 1.3, where both sides show certificates. It stands on the package tls, which does
# not come with Tcl. Tcl's core has no unix sockets.

namespace eval annelid {
    # How long the other side may take to begin, in milliseconds.
    variable BeginMs 30000
}

# annelid::Arguments words -- what is asked of the program, a dict: listen or dial, connector and token-file, and
# text, host, port, cert, key and ca of where; empty when nothing is. What is not of the kit is the author's. Fails with what to write.
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
        if {[string match tls:* $text] && [dict size [dict filter $given script {name -} {expr {$name in {cert key ca}}}]] < 3} {
            error "--$option tls: needs --cert, --key and --ca, each a PEM file."
        }
        if {![regexp {^tls://(?:\[([0-9A-Fa-f:.]+)\]|([^/:]+)):([0-9]{1,5})$} $text - ip host port]} {
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

# annelid::Readable where -- fails when a file of TLS cannot be read, and says which.
proc annelid::Readable {where} {
    foreach name {cert key ca} {close [open [dict get $where $name]]}
}

# annelid::Secure channel where isServer script -- has a channel shake hands; evaluates the script, with a word behind it that
# says why when that has failed, and is empty when it is done.
proc annelid::Secure {channel where isServer script} {
    variable BeginMs
    set name [expr {$isServer || [string match *:* [dict get $where host]] || [regexp {^[0-9.]+$} [dict get $where host]] ? {} :
        [list -servername [dict get $where host]]}]
    chan configure $channel -blocking 0 -translation binary
    tls::import $channel -server $isServer -request 1 -require 1 -tls1 0 -tls1.1 0 -tls1.2 0 -tls1.3 1 \
        -certfile [dict get $where cert] -keyfile [dict get $where key] -cafile [dict get $where ca] {*}$name
    chan configure $channel -blocking 0 -translation binary -buffering line
    set timer [after $BeginMs [list annelid::Shaken $channel {} $script "it does not answer"]]
    chan event $channel readable [list annelid::Shake $channel $timer $where $isServer $script]
    Shake $channel $timer $where $isServer $script
}
proc annelid::Shake {channel timer where isServer script} {
    try {
        if {![tls::handshake $channel]} return
        set names [NamesIn [dict get [tls::status $channel] certificate]]
        set why [expr {$isServer || [IsAmong $names [dict get $where host]] ? {} : "its certificate is not for [dict get $where host]"}]
    } trap {POSIX EAGAIN} {} {
        return
    } on error {why} {
    }
    Shaken $channel $timer $script $why
}
proc annelid::Shaken {channel timer script why} {
    after cancel $timer
    chan event $channel readable {}
    uplevel #0 [list {*}$script $why]
}

# annelid::NamesIn pem -- whom a certificate is for: the names, and the addresses as bytes, of its subjectAltName.
proc annelid::NamesIn {pem} {
    regexp -- {-----BEGIN CERTIFICATE-----(.+?)-----END} $pem - text
    set certificate [lindex [DerParts [binary decode base64 $text]] 1]
    set facts [DerParts [lindex [DerParts $certificate] 1]]
    set names {}
    # Extensions stand behind the tag [3] (RFC 5280 section 4.1); of names, [2] is that of a host and [7] an address (4.2.1.6).
    foreach {- extension} [expr {[dict exists $facts 163] ? [DerParts [lindex [DerParts [dict get $facts 163]] 1]] : {}}] {
        set parts [DerParts $extension]
        if {[dict get $parts 6] ne "\x55\x1d\x11"} continue
        foreach {tag name} [DerParts [lindex [DerParts [dict get $parts 4]] 1]] {
            if {$tag in {130 135}} {lappend names $name}
        }
    }
    return $names
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
proc annelid::IsAmong {names host} {
    if {[regexp {^[0-9]+(\.[0-9]+){3}$} $host]} {return [expr {[binary format c4 [split $host .]] in $names}]}
    set host [string tolower $host]
    set any [regsub {^[^.]+} $host *]
    foreach name $names {
        if {[string tolower $name] in [list $host $any]} {return 1}
    }
    return 0
}
