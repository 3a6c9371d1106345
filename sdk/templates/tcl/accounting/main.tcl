# Books kept in a file that only grows, with a line of JSON for each entry: put calls of your accounting in their place.

package require annelid::plugin

oo::class create SamplePlugin {
    superclass annelid::connector
    variable file books known

    constructor {config} {
        set file [dict get [dict merge {file books.jsonl} $config] file]
        if {$file eq {}} {annelid::fault invalid-params "file must be the path of a file." field /config/file}
        set known {}
        my Writing {
            set books [open $file {RDWR CREAT APPEND} 0o600]
            chan configure $books -encoding utf-8 -translation lf
            chan seek $books 0
            set whole 0
            while {[chan gets $books line] >= 0 && ![chan eof $books]} {
                dict set known [dict get [annelid::json decode $line] id] {}
                set whole [chan tell $books]
            }
            # Of half a line, which a crash may have left, nobody was told that it is written.
            chan truncate $books $whole
        }
    }
    destructor {if {[info exists books]} {chan close $books}}

    method accounting.record {entries} {
        set fresh {}
        foreach entry $entries {
            if {![dict exists $known [dict get $entry id]]} {dict set fresh [dict get $entry id] $entry}
        }
        set lines [lmap entry [dict values $fresh] {annelid::json encode {record plugin/UsageEntry} $entry}]
        my Writing {my Append $lines}
        set known [dict merge $known $fresh]
        return {}
    }
    # Returns once they are on the disk, also when the power fails: "sync" waits for that, as Tcl has nothing that does.
    method Append {lines} {
        set size [file size $file]
        try {
            foreach line $lines {puts $books $line}
            chan flush $books
            exec sync $file
        } on error {message options} {
            chan truncate $books $size
            return -options $options $message
        }
    }
    # What cannot be written the daemon keeps, and tells again.
    method Writing {script} {
        try {uplevel 1 $script} on error message {annelid::fault unavailable "The file cannot be written: $message."}
    }
}

# Of two processes neither would know what the other has written.
annelid::serve sample-plugin SamplePlugin -version 0.1.0 -processes 1
