# A cloud kept in a file, a dict of machines that one process alone reads and writes: put calls of your own in its place.

package require annelid::plugin

oo::class create Cloud {
    superclass annelid::connector
    variable vms file

    constructor {config} {
        set file [dict get [dict merge {file machines.dict} $config] file]
        if {$file eq {}} {annelid::fault invalid-params "file must be the path of a file." field /config/file}
        set vms {}
        if {[file exists $file]} {
            chan configure [set channel [open $file]] -encoding utf-8
            set vms [read $channel]
            close $channel
        }
    }
    method Keep {machines} {
        set vms $machines
        # Written beside it first: the file is whole whenever the plugin is killed.
        chan configure [set channel [open $file.new w]] -encoding utf-8
        puts -nonewline $channel $vms
        close $channel
        file rename -force $file.new $file
    }
    method Become {vm state args} {
        set machine [my compute.get $vm]
        if {[dict get $machine state] ni [list $state {*}$args]} {
            annelid::fault conflict "[dict get $machine name] is [dict get $machine state]." resource $vm
        }
        my Keep [dict replace $vms $vm [dict replace $machine state $state]]
        my changed [dict get $vms $vm]
        return [dict get $vms $vm]
    }
    method compute.list {} {return [list items [dict values $vms]]}
    method compute.get {vm} {
        if {![dict exists $vms $vm]} {annelid::fault not-found "There is no machine $vm." resource $vm}
        return [dict get $vms $vm]
    }
    method compute.create {id name vcpus memoryMiB labels args} {
        if {[dict exists [set found [my find compute.create {}]] vm]} {return [dict get $found vm]}
        set wish [list name $name vcpus $vcpus memoryMiB $memoryMiB labels $labels]
        my Keep [dict replace $vms $id [list id $id state stopped key [my call key] {*}$wish]]
        my changed [dict get $vms $id]
        return [dict get $vms $id]
    }
    method compute.start {vm {paused false}} {my Become $vm [expr {$paused ? "paused" : "running"}] stopped}
    method compute.powerOff {vm} {my Become $vm stopped running paused}
    method compute.delete {vm} {
        if {[dict exists $vms $vm]} {my Keep [dict remove $vms $vm]; my deleted $vm}
    }
    method find {call params} {
        set made [dict filter $vms script {id machine} {expr {[dict get $machine key] eq [my call key]}}]
        if {[dict size $made]} {return [list outcome done vm [lindex $made 1]]} else {return {outcome none}}
    }
}

annelid::serve cloud Cloud -version 0.1.0 -processes 1
