# People in a file, each a line of LOGIN:ACCOUNT:ROLE:HASH: put the directory that you have in its place. The hash is one of
# "openssl passwd -6", since Tcl has none itself.

package require annelid::plugin

oo::class create SamplePlugin {
    superclass annelid::connector
    variable file

    constructor {config} {
        set file [dict get [dict merge {file people} $config] file]
        if {$file eq {}} {annelid::fault invalid-params "file must be the path of a file." field /config/file}
    }
    method probe {} {my People}

    method directory.authenticate {login secret} {
        lassign [my Person $login] user kept
        return [expr {[my IsRight $secret $kept] ? [list user $user] : {}}]
    }
    method directory.find {login} {
        lassign [my Person $login] user
        return [expr {$user eq {} ? {} : [list user $user]}]
    }
    method Person {login} {
        set people [my People]
        if {[dict exists $people $login]} {return [dict get $people $login]}
        # Nobody: to find that out takes as long as to find a password wrong.
        return {{} {$6$rounds=100000$nobody$-}}
    }
    # Read each time: who is taken out of the file is out at once.
    method People {} {
        if {[catch {open $file} channel]} {annelid::fault unavailable "The file cannot be read: $channel."}
        chan configure $channel -encoding utf-8
        set number 0
        set people {}
        while {[chan gets $channel line] >= 0} {
            incr number
            if {![regexp {^([^:]+):([^:]+):(reader|user|admin):(\$6\$[^:]+\$[^:$]+)$} $line -> login account role kept]} {
                chan close $channel
                annelid::fault unavailable "Line $number of the file is not LOGIN:ACCOUNT:ROLE:HASH."
            }
            dict set people $login [list [list login $login account $account role $role] $kept]
        }
        chan close $channel
        return $people
    }
    method IsRight {secret kept} {
        # A line is all that is read of it, and of that 256 bytes.
        if {[regexp {[\0\n]} $secret] || [string length [encoding convertto utf-8 $secret]] > 256} {return false}
        # By its standard input, where nobody sees it.
        set openssl [open [list | openssl passwd -6 -salt [string range $kept 3 [string last $ $kept]-1] -stdin] r+]
        chan configure $openssl -encoding utf-8 -translation lf
        puts $openssl $secret
        chan close $openssl write
        chan gets $openssl given
        chan close $openssl
        # All characters are looked at, whichever differ.
        set difference [expr {[string length $given] != [string length $kept]}]
        foreach one [split $given {}] other [split $kept {}] {incr difference [expr {$one ne $other}]}
        return [expr {$difference == 0}]
    }
}

annelid::serve sample-plugin SamplePlugin -version 0.1.0
