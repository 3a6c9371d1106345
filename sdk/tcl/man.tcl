# tclsh man.tcl FOLDER
#
#   Writes the manual of the packages into a folder, in doctools, one file each, from the comments of their sources. The programs of Tcllib
#   make pages of it: "mpexpand nroff FOLDER/annelid_plugin.man annelid_plugin.n", or "dtplite -o DOC html FOLDER" for a browser.

if {$argc != 1 || [string match -* [lindex $argv 0]]} {
    puts stderr "usage: tclsh man.tcl FOLDER"
    exit 2
}
set source [file dirname [file normalize [info script]]]
set folder [file normalize [lindex $argv 0]]
source [file join $source packages.tcl]
set titles {annelid "what both stand on" annelid::plugin "kit for plugins" annelid::client "client of the daemon"}

proc quoted {text} {string map {\[ {[lb]} \] {[rb]}} $text}

# The comments of a file, each a list of its lines and the line of code behind.
proc comments {file} {
    set channel [open $file]
    chan configure $channel -encoding utf-8
    set found {}
    set lines {}
    foreach line [split [read $channel] \n] {
        if {[regexp {^\s*# ?(.*)$} $line - text]} {lappend lines $text; continue}
        if {[llength $lines]} {lappend found [list $lines $line]}
        set lines {}
    }
    close $channel
    return $found
}

# Text that runs on is a paragraph; what is set in columns, or further in than its first line, stays as it is.
proc described {lines} {
    set text {}
    set paragraph {}
    foreach line [concat $lines {{}}] {
        if {$line ne {}} {lappend paragraph $line; continue}
        if {![llength $paragraph]} continue
        regexp {^ *} [lindex $paragraph 0] margin
        set own [lmap line $paragraph {quoted [regsub ^$margin $line {}]}]
        set isSet [expr {[lsearch -regexp $own {^ |\S {2,}\S|^\w+: }] >= 0}]
        append text [expr {$isSet ? "\[example_begin\]\n[join $own \n]\n\[example_end\]\n" : "\[para\]\n[join $own \n]\n"}]
        set paragraph {}
    }
    return $text
}

# A line of a comment that says how a command is called; a name that begins with a capital is not for others.
set signature {^(annelid::(?:json )?[a-z]\w*|[a-z]+\.[a-zA-Z.]+)( (?:[^.]|[.]{3})*)?$}
proc call {command words} {
    return "\[call \[cmd [list $command]\] [join [lmap word $words {string cat "\[arg " [list [quoted $word]] \]}]]\]\n"
}

file mkdir $folder
dict for {package parts} $packages {
    set name [string map {:: _} $package]
    set prose {}
    set calls {}
    foreach part $parts {
        set at -1
        foreach comment [comments [file join $source annelid $part.tcl]] {
            lassign $comment lines code
            incr at
            if {[string match "Made from *" [lindex $lines 0]] || [lsearch -regexp $lines {^ *annelid::[A-Z]}] >= 0} continue
            if {$part in {connector client} && [regexp {^    method ([a-z]\w*) \{(.*)\} \{} $code - method formals]} {
                set words [lmap formal $formals {expr {[llength $formal] > 1 ? "?[lindex $formal 0]?" : $formal}}]
                append calls [call $part [concat $method $words]] [described $lines]
                continue
            }
            set entry {}
            set rest {}
            foreach line [concat $lines annelid::end] {
                set tail [regsub {^.*? -- } $line {}]
                if {$tail eq $line} {set tail {}}
                if {![regexp $signature [regsub { -- .*} $line {}] - command words]} {lappend rest $line; continue}
                if {$entry ne {}} {
                    append calls $entry [described $rest]
                } elseif {$at == 0} {
                    append prose [described $rest]
                }
                set entry [call $command $words]
                set rest [list [string toupper $tail 0 0]]
            }
        }
    }
    set channel [open [file join $folder $name.man] w]
    chan configure $channel -encoding utf-8 -translation lf
    puts $channel "\[manpage_begin $name n $version\]\n\[titledesc {[dict get $titles $package]}\]\n\[require Tcl 8.6\]\n\[require $package\]"
    puts $channel "\[description\]\n$prose\[section Commands\]\n\[list_begin definitions\]\n$calls\[list_end\]\n\[manpage_end\]"
    close $channel
    puts [file join $folder $name.man]
}
