# Talks to the plugin as the daemon does: it is started as manifest.json says, and asked in lines of JSON.
set folder [file dirname [file normalize [info script]]]
lappend auto_path [file join $folder annelid sdk tcl] [file join $folder lib]
package require annelid::plugin
cd $folder

proc start {config} {
    global plugin last
    set file [open manifest.json]
    set run [dict get [annelid::json decode [read $file]] run]
    close $file
    set plugin [open |[list {*}$run 2>@stderr] r+]
    chan configure $plugin -encoding utf-8 -buffering line -translation lf
    set last 0
    ask configure "\"config\":$config"
}
# The parameters are members in JSON; what it answers: a dict with `result` or `error`.
proc ask {method {params {}} {key {}}} {
    global plugin last
    set ctx "\"ctx\":{\"v\":1,\"instance\":\"test\",\"logLevel\":\"info\"[expr {$key eq {} ? {} : ",\"key\":\"$key\""}]}"
    set params [join [concat [expr {$params eq {} ? {} : [list $params]}] [list $ctx]] ,]
    puts $plugin "{\"jsonrpc\":\"2.0\",\"id\":[incr last],\"method\":\"$method\",\"params\":{$params}}"
    while {[chan gets $plugin line] >= 0} {
        set answer [annelid::json decode $line]
        if {[dict exists $answer id] && [dict get $answer id] == $last && ![dict exists $answer method]} {return $answer}
        if {[dict exists $answer id] && [dict exists $answer method]} {
            error "It asks the daemon for [dict get $answer method]: answer that here."
        }
    }
    error "The plugin ended and did not answer $method."
}
# Killed first where a signal is given.
proc stop {{signal {}}} {
    if {$signal ne {}} {exec kill -$signal [lindex [pid $::plugin] end]}
    catch {close $::plugin}
}
