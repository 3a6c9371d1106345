# The call that a coroutine works on: "my call SUBCOMMAND ..." in a connector.
#
#   instance, key, attempt, actor, account, logLevel   what the host said of it; empty when it did not
#   accept                  what may be answered in place of a result: "task" for work that goes on, as {task {id ...}}
#   idle                    milliseconds that the call may go without "progress" until the host gives up; empty when it does not
#   remaining               milliseconds until the host gives up; empty when it does not
#   cancelled               whether the call is no longer wanted
#   progress ?percent? ?message?   says how far the call has come: 0 to 100, and what is being done
#   check                   lets others work; fails with {ANNELID cancelled} when the call is no longer wanted
#   sleep ms                waits; fails as soon as the call is no longer wanted, and with {ANNELID timeout} at its deadline
#   yield                   waits until the coroutine is called, as "yield" does, and fails as "sleep" does:
#                           chan event $pipe readable [info coroutine]; my call yield
#   onCancel script         evaluates the script once the call is no longer wanted; at once when it is so already

oo::class create annelid::Call {
    variable session id ctx deadline isLate cancelled listeners waiting coroutine

    constructor {itsSession itsId itsCtx} {
        set session $itsSession
        set id $itsId
        set ctx $itsCtx
        set cancelled {}
        set listeners {}
        set waiting 0
        set deadline {}
        set isLate 0
        set timeout [my Said timeoutMs]
        if {[string is double -strict $timeout] && $timeout < 1e12} {
            set deadline [expr {[clock milliseconds] + entier($timeout)}]
        }
    }
    method Said {name {otherwise {}}} {
        return [expr {[dict exists $ctx $name] ? [dict get $ctx $name] : $otherwise}]
    }

    method instance {} {my Said instance}
    method key {} {my Said key}
    method attempt {} {my Said attempt 1}
    method actor {} {my Said actor}
    method account {} {my Said account}
    method logLevel {} {my Said logLevel}
    method accept {} {my Said accept}
    method idle {} {my Said idleMs}
    method remaining {} {
        return [expr {$deadline eq {} ? {} : max(0, $deadline - [clock milliseconds])}]
    }
    method cancelled {} {
        return [expr {$cancelled ne {}}]
    }
    method progress {{percent {}} {message {}}} {
        set params [list id $id percent $percent]
        if {$message ne {}} {lappend params message $message}
        $session notify $/progress {record {} {id any percent number message string}} $params
    }

    method check {} {
        set turn [after 0 $coroutine]
        try {
            my Pause
        } trap {TCL COROUTINE} {} {
            # Called from where no coroutine can wait, such as the command of a sort.
        } finally {
            after cancel $turn
        }
        my Wanted
    }
    method sleep {ms} {
        set timer [after $ms $coroutine]
        try {
            my yield
        } finally {
            after cancel $timer
        }
        return
    }
    method yield {} {
        my Wanted
        set timer {}
        if {$deadline ne {}} {set timer [after [my remaining] [namespace code {my Expire}]]}
        try {
            set woken [my Pause]
        } finally {
            after cancel $timer
        }
        my Wanted
        if {$isLate} {annelid::fault timeout "The backend was not done in time."}
        return $woken
    }
    method onCancel {script} {
        if {$cancelled eq {}} {lappend listeners $script} else {uplevel #0 $script}
        return
    }

    method Pause {} {
        set waiting 1
        try {
            return [yield]
        } finally {
            set waiting 0
        }
    }
    method Expire {} {
        set isLate 1
        my Wake
    }
    method Wake {} {
        if {$waiting} {$coroutine}
    }
    method Wanted {} {
        if {$cancelled ne {}} {annelid::fault cancelled $cancelled}
    }

    # For the session.
    method session {} {return $session}
    method id {} {return $id}
    method began {} {
        set coroutine [info coroutine]
        my Wanted
    }
    # What "$/cancel" does.
    method cancel {reason} {
        if {$cancelled ne {}} return
        set cancelled [expr {$reason eq {} ? "The call is no longer wanted." : $reason}]
        foreach script $listeners {
            if {[catch {uplevel #0 $script} - options]} {annelid::log error [dict get $options -errorinfo]}
        }
        my Wake
    }
}
