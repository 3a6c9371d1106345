# annelid::serve name class ?-version VERSION? ?-concurrency NUMBER? ?-limits DICT?
#
#   Serves a class of connectors over the standard streams of this process until the host closes the pipe; the process then ends.
#   Up to NUMBER calls, 1 unless it is said, are under way at once, each in a coroutine. From here on standard output belongs
#   to the protocol: what is written to it goes to standard error and so to the daemon's log, and children started with "exec"
#   or "open" neither write to it nor read from standard input. With --describe among the arguments of the
#   program it prints what "describe" answers, and ends. LIMITS are the longest lines in bytes, lineToPlugin and lineFromPlugin; a
#   result that is longer goes in parts.
#
# annelid::log level message
#
#   A line for the daemon's log: debug, info, warn or error.

namespace eval annelid {
    # Takes level and message.
    variable LogTo {::annelid::LogToStderr}
    # Longer lines are discarded; the host keeps to less (limits.plugins.lineToPlugin).
    variable LongestLine 67108864
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
    set options [dict merge {-version 0 -concurrency 1 -limits {}} $args]
    if {[dict size $options] != 3} {error "serve has the options -version, -concurrency and -limits."}
    set class [uplevel 1 [list namespace which $class]]
    set session [Session new $name $class [dict get $options -version] [dict get $options -concurrency] ::annelid::Send [dict get $options -limits]]
    if {"--describe" in $::argv} {
        puts [$session description]
        exit 0
    }
    set LogTo [list $session log]
    interp bgerror {} ::annelid::LogEvent
    TakeStreams
    chan event stdin readable [list ::annelid::Read $session]
    vwait ::annelid::Ended
    exit 0
}

proc annelid::LogEvent {message options} {log error [dict get $options -errorinfo]}

# Moves everything but the protocol away from standard output, and children from both streams.
proc annelid::TakeStreams {} {
    variable Sending 0
    variable Partial {}
    variable Discarding 0
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

proc annelid::Read {session} {
    variable Partial
    variable Discarding
    variable LongestLine
    set chunk [read stdin 65536]
    if {$chunk eq {} && [eof stdin]} {
        chan event stdin readable {}
        End $session
        return
    }
    if {[string first \n $chunk] < 0} {
        append Partial $chunk
        if {[string length $Partial] <= $LongestLine} return
        if {!$Discarding} {log error "A line of more than $LongestLine bytes was discarded."}
        set Partial {}
        set Discarding 1
        return
    }
    set lines [split $Partial$chunk \n]
    set Partial [lindex $lines end]
    set lines [lrange $lines $Discarding end-1]
    set Discarding 0
    foreach line $lines {$session receive $line}
}

# The host has closed the pipe. A program that feeds a few lines and closes it wants their answers, so calls may end first.
proc annelid::End {session} {
    variable Grace
    # When the host was killed, the next one settles what was under way here, and this finds that nobody reads any more.
    if {[$session isBusy]} {
        $session notify $/log {record {} {level string message string}} {level debug message "The input has ended."}
    }
    after $Grace [list $session cancelAll "The plugin is stopping."]
    after [expr {2 * $Grace}] [list ::annelid::Finish $session]
    $session idle [list ::annelid::Finish $session]
}
proc annelid::Finish {session} {
    variable Ended 1
    if {[info object isa object $session]} {$session destroy}
}
