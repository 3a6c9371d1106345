# annelid::serve name class ?-version VERSION? ?-concurrency NUMBER? ?-limits DICT? ?-processes NUMBER?
#
#   Serves a class of connectors over the standard streams of this process until the host closes the pipe; the process then ends.
#   Up to NUMBER calls, 1 unless it is said, are under way at once, each in a coroutine. From here on standard output belongs
#   to the protocol: what is written to it goes to standard error and so to the daemon's log, and children started with "exec"
#   or "open" neither write to it nor read from standard input. With --describe among the arguments of the
#   program it prints what "describe" answers, and ends. LIMITS are the longest lines in bytes, lineToPlugin and lineFromPlugin; a
#   result that is longer goes in parts. -processes says how many processes of it are to serve, unless the daemon's configuration does;
#   with 1 there are never two that are configured.
#
#   With --listen tls://HOST:PORT, --cert, --key and --ca it stays, and serves every host that connects there; each connection begins
#   with "configure". With --dial tls://HOST:PORT, --connector NAME, --token-file FILE and those files it connects to a host by itself, again
#   whenever the connection has ended.
#
# annelid::log level message
#
#   A line for the daemon's log: debug, info, warn or error.

namespace eval annelid {
    # Takes level and message.
    variable LogTo {::annelid::LogToStderr}
    # How long calls may go on once the host has closed the pipe, and once they were cancelled; in milliseconds.
    variable Grace 2000
}

proc annelid::log {level message} {
    variable LogLevels
    variable LogTo
    if {$level ni $LogLevels} {return -code error "There is no level $level; there are [join $LogLevels {, }]."}
    {*}$LogTo $level $message
}
proc annelid::LogToStderr {level message} {puts stderr "$level: $message"}

proc annelid::serve {name class args} {
    variable LogTo
    set options [dict merge {-version 0 -concurrency 1 -limits {} -processes {}} $args]
    if {[dict size $options] != 4} {error "serve has the options -version, -concurrency, -limits and -processes."}
    set served [uplevel 1 [list namespace which $class]]
    if {![info object isa class $served] || "resync" ni [info class methods $served -all]} {
        error "$class is no subclass of annelid::connector."
    }
    set open [list ::annelid::Session new $name $served $options]
    set session [{*}$open ::annelid::Send]
    if {"--describe" in $::argv} {
        puts [$session description]
        exit 0
    }
    if {[catch {Arguments $::argv} given]} {
        puts stderr $given
        exit 2
    }
    interp bgerror {} ::annelid::LogEvent
    if {[dict exists $given text]} {
        set hosts [Connections new $given $open]
        set LogTo [list $hosts log]
        $hosts [expr {[dict exists $given dial] ? "dial" : "listen"}]
    } else {
        set LogTo [list $session log]
        TakeStreams
        Link new stdin $session {set ::annelid::Ended 1}
    }
    vwait ::annelid::Ended
    exit 0
}
proc annelid::LogEvent {message options} {log error [dict get $options -errorinfo]}

# Moves everything but the protocol away from standard output, and children from both streams.
proc annelid::TakeStreams {} {
    variable Sending 0
    chan configure stdin -blocking 0 -translation binary -buffersize 65536
    chan configure stdout -encoding utf-8 -translation lf -buffering line
    # The daemon reads UTF-8, whatever the locale is.
    chan configure stderr -encoding utf-8
    chan push stdout ::annelid::Stdout
    rename ::exec ::annelid::Exec
    rename ::open ::annelid::Open
    proc ::exec {args} {
        set isBehind [expr {[lindex $args end] eq "&"}]
        tailcall ::annelid::Exec {*}[::annelid::Redirected $args 1 $isBehind]
    }
    proc ::open {name args} {
        if {[string index $name 0] eq "|"} {
            set access [expr {[llength $args] ? [lindex $args 0] : "r"}]
            set words [::annelid::Redirected [string range $name 1 end] [expr {$access eq "r"}] [string match w* $access]]
            set name "|$words"
        }
        tailcall ::annelid::Open $name {*}$args
    }
}

# The words of a pipeline, with its output redirected from the standard output, and what is inherited otherwise.
proc annelid::Redirected {words needsInput needsOutput} {
    set behind [expr {[lindex $words end] eq "&" ? "&" : {}}]
    if {$behind ne {}} {set words [lrange $words 0 end-1]}
    set made {}
    set isTarget 0
    foreach word $words {
        if {$isTarget && $word eq "stdout"} {set word stderr}
        set isTarget [expr {$word in {>@ >&@ 2>@}}]
        regsub {^(>|>&|2>)@stdout$} $word {\1@stderr} word
        if {[string match <* $word]} {set needsInput 0}
        if {[string match >* $word]} {set needsOutput 0}
        lappend made $word
    }
    if {$needsInput} {lappend made </dev/null}
    if {$needsOutput} {lappend made >@stderr}
    return [concat $made $behind]
}

# The transformation on standard output: only messages pass.
proc annelid::Stdout {subcommand handle args} {
    variable Sending
    switch -- $subcommand {
        initialize {return {initialize finalize write}}
        write {
            if {$Sending} {return [lindex $args 0]}
            puts -nonewline stderr [encoding convertfrom utf-8 [lindex $args 0]]
        }
    }
    return
}

proc annelid::Send {message} {
    variable Sending
    flush stdout
    set Sending 1
    try {
        puts stdout $message
        flush stdout
    } on error {} {
        # The host is gone: nobody is left to answer to.
        exit 0
    } finally {
        set Sending 0
    }
}

# What a host says on a channel, line by line for its session.
#
# annelid::Link new channel session script
#   Evaluates the script once the host has said all and what was under way has had its time.
oo::class create annelid::Link {
    variable channel session script

    constructor {itsChannel itsSession itsScript} {
        set channel $itsChannel
        set session $itsSession
        set script $itsScript
        chan event $channel readable [namespace code {my Read}]
    }
    method Read {} {
        # One that is broken has ended.
        while {![catch {gets $channel line} length]} {
            if {$length >= 0} {$session receive $line} elseif {[eof $channel]} break else return
        }
        my End
    }

    # The host has closed the pipe. A program that feeds a few lines and closes it wants their answers, so calls may end first.
    method End {} {
        chan event $channel readable {}
        # When the host was killed, the next one settles what was under way here, and this finds that nobody reads any more.
        if {[$session isBusy]} {
            $session notify $/log {record {} {level string message string}} {level debug message "The input has ended."}
        }
        set timers [list [after $::annelid::Grace [list $session cancelAll "The plugin is stopping."]]]
        lappend timers [after [expr {2 * $::annelid::Grace}] [namespace code [list my Finish $timers]]]
        $session idle [namespace code [list my Finish $timers]]
    }
    method Finish {timers} {
        foreach timer $timers {after cancel $timer}
        # What has failed in the event loop is told once that is idle.
        update idletasks
        $session destroy
        set after $script
        my destroy
        uplevel #0 $after
    }
}
