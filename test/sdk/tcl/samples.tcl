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

oo::class create Meter {
    superclass annelid::connector
    method meter.read {name {unit V}} {return 229.5}
}
annelid::publish Meter meter "Reads the meters." {
    read {doc "Read a meter." changes false params {name {string maxLength 20} unit {enum {V A}}} result number}
}

if {[lindex $argv 0] eq "demo"} {
    annelid::serve demo Demo -version 0.1 -concurrency 64
} else {
    annelid::serve meter Meter -version 1.2 -concurrency 64
}
