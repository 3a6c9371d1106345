# The plugin of test/sdk/conversation.ts.

package require annelid::plugin

oo::class create Lab {
    superclass annelid::connector
    variable waiting

    constructor {config} {set waiting {}}
    destructor {puts stderr closed}

    method compute.list {} {
        puts "a forgotten print"
        # Nothing in Tcl's core writes to a file descriptor but a channel.
        chan puts -nonewline stdout "from a library\n"
        exec echo "from a child" >@stdout
        return {items {}}
    }
    method compute.get {vm} {
        lappend waiting [info coroutine]
        if {[llength $waiting] < 64} {
            my call yield
        } else {
            foreach other [lrange $waiting 0 end-1] {after 0 $other}
        }
        return [list id $vm state running]
    }
    method compute.start {vm} {error "A slip."}
    method compute.shutdown {vm} {
        my call progress 10 "Waiting."
        my call sleep 3600000
    }
    method compute.powerOff {vm} {
        my call progress {} "Deaf."
        while 1 {catch {my call sleep 3600000}; yield}
    }
    method compute.consoleOutput {vm maxBytes} {
        return [list data [string repeat x $maxBytes] start 0 end $maxBytes]
    }
}

annelid::serve lab Lab -concurrency 64
