# The plugins of the samples in PROTOCOL.md.

package require annelid::plugin

oo::class create Demo {
    superclass annelid::connector
    variable vms

    constructor {config} {set vms {vm-1 {id vm-1 state stopped}}}
    method compute.get {vm} {
        if {![dict exists $vms $vm]} {annelid::fault not-found "There is no machine $vm." resource $vm}
        return [dict get $vms $vm]
    }
    method compute.start {vm} {
        my compute.get $vm
        my call progress 40 "Booting."
        dict set vms $vm state running
        my changed [dict get $vms $vm]
        return [dict get $vms $vm]
    }
    method compute.shutdown {vm} {my call sleep 3600000}
    method probe {} {}
    method find {call params} {
        return [list outcome done vm [dict replace [dict get $vms vm-1] key [my call key]]]
    }
}

oo::class create Cloud {
    superclass annelid::connector
    variable job happened

    constructor {config} {
        set job {{state running percent 40 message Booting.} {state done result {id vm-1 state running}}}
        set happened {
            {type vm.changed vm {id vm-1 state running} cursor e5.2}
            {type vm.changed vm {id vm-1 state stopped} cursor e5.3 time 2026-01-31T12:00:00.000Z}
        }
    }
    method compute.start {vm} {
        if {"task" ni [my call accept]} {error "It must be accepted."}
        return {task {id job-8 pollMs 500 ttlMs 3600000}}
    }
    method task.get {task} {
        if {$task eq "job-9"} {
            return [list state cancelled error [annelid::asError cancelled "Nothing was begun." outcome none]]
        }
        if {$task ne "job-8"} {annelid::fault not-found "There is no task $task."}
        set job [lassign $job state]
        return $state
    }
    method task.cancel {task} {}
    method events.pull {max {since {}}} {
        set at [lsearch {e5.1 e5.2 e5.3} $since]
        if {$at < 0} {return {events {} next e5.3 reset true}}
        set events [lrange $happened $at [expr {$at + $max - 1}]]
        set next [expr {[llength $events] ? [dict get [lindex $events end] cursor] : $since}]
        return [list events $events next $next]
    }
    method find {call params} {return {outcome none}}
}

oo::class create Desk {
    superclass annelid::connector
    method compute.get {vm} {return [list id $vm state running]}
    method compute.pause {vm} {
        my call secret token
        return [list id $vm state paused]
    }
    method compute.resume {vm} {
        set kept [my call state resumed]
        set times [expr {[dict exists $kept value] ? [dict get $kept value times] : 0}]
        my call keep resumed "{\"times\":[incr times]}" [dict get $kept version]
        return [list id $vm state running]
    }
    method compute.reboot {vm} {
        set lock [my call lock $vm 60000 5000]
        try {
            return [list id [dict get [my call lookup vm $vm] nativeId] state running]
        } finally {
            my call unlock $lock
        }
    }
    method compute.reset {vm} {
        if {![dict exists [my call given] secret]} {return {need {secret token state resumed}}}
        return [list id $vm state running]
    }
}

oo::class create Meter {
    superclass annelid::connector
    method meter.read {name {unit V}} {return 229.5}
}
annelid::publish Meter meter "Reads the meters." {
    read {doc "Read a meter." changes false params {name {string maxLength 20} unit {enum {V A}}} result number}
}

oo::class create Clerk {
    superclass annelid::connector
    method directory.authenticate {login secret} {
        if {$secret ne "s3cret"} {return {}}
        return [my directory.find $login]
    }
    method accounting.record {entries} {
        if {[dict get [lindex $entries 0] seconds] != 3600} {error "It is another entry."}
    }
    method directory.find {login} {
        if {[string tolower $login] ne "ann"} {return {}}
        return {user {login ann account acme role user}}
    }
}

switch [lindex $argv 0] {
    demo {annelid::serve demo Demo -version 0.1 -concurrency 64}
    cloud {annelid::serve cloud Cloud -version 2.0 -concurrency 64}
    desk {annelid::serve desk Desk -concurrency 64}
    parts {annelid::serve parts Desk -concurrency 64 -limits {lineFromPlugin 60}}
    clerk {annelid::serve clerk Clerk -version 3.1 -concurrency 64}
    meter {annelid::serve meter Meter -version 1.2 -concurrency 64}
}
