# The call that a coroutine works on: "my call SUBCOMMAND ..." in a connector.
#
#   instance, key, attempt, actor, account, logLevel   what the host said of it; empty when it did not
#   accept                  what may be answered in place of a result: "task" for work that goes on, as {task {id ...}}, and
#                           "need" before anything is done, as {need {secret {...} state {...}}}
#   given                   what the call had answered to need: a dict of secret, and of state with the version of each value
#   idle                    milliseconds that the call may go without "progress" until the host gives up; empty when it does not
#   remaining               milliseconds until the host gives up; empty when it does not
#   cancelled               whether the call is no longer wanted
#   progress ?percent? ?message?   says how far the call has come: 0 to 100, and what is being done
#   check                   lets others work; fails with {ANNELID cancelled} when the call is no longer wanted
#   sleep ms                waits; fails as soon as the call is no longer wanted, and with {ANNELID timeout} at its deadline
#   yield                   waits until the coroutine is called, as "yield" does, and fails as "sleep" does:
#                           chan event $pipe readable [info coroutine]; my call yield
#   secret name             asks the daemon for a secret of the connector, which must not be written anywhere
#   state key               asks the daemon for what it keeps for the connector: a dict of version, 0 when there is none, and value
#   keep key json ?version? has the daemon keep JSON, or forget the key when it is empty; with a version only where that is the
#                           version, else it fails with {ANNELID conflict}. Answers the new version
#   lock name leaseMs ?waitMs?     holds a lock among all processes of the connector, which "unlock" gives back; fails with {ANNELID busy}
#   unlock lock
#   lookup vm|id value      asks for the daemon's own record of a machine, by its backend id or by the daemon's
#   onCancel script         evaluates the script once the call is no longer wanted; at once when it is so already

oo::class create annelid::Call {
    variable session id ctx deadline isLate cancelled listeners waiting coroutine answer

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
    method Said {name {otherwise {}}} {annelid::Member $ctx $name $otherwise}
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
    method secret {name} {dict get [my Ask host.secret.get {name string} [list name $name]] value}
    method state {key} {my Ask host.state.get {key string} [list key $key]}
    method keep {key json {version {}}} {
        set given [list key $key version $version]
        if {$json ne {}} {lappend given value $json}
        dict get [my Ask host.state.put {key string value any version int} $given] version
    }
    method lock {name leaseMs {waitMs 0}} {
        set given [list name $name leaseMs $leaseMs waitMs $waitMs]
        dict get [my Ask host.lock {name string leaseMs int waitMs int} $given] lock
    }
    method unlock {lock} {
        my Ask host.unlock {lock string} [list lock $lock]
        return
    }
    method lookup {by value} {my Ask host.lookup {vm string id string} [list $by $value]}
    method Ask {method fields params} {
        set answer {}
        $session ask [self] $method [list record {} [list call any {*}$fields]] [list call $id {*}$params]
        while {$answer eq {}} {my yield}
        lassign $answer result error
        if {$error eq {}} {return $result}
        annelid::FaultFromError $error
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
    method answered {with} {
        set answer $with
        my Wake
    }
    method id {} {return $id}
    method began {} {
        set coroutine [info coroutine]
        my Wanted
    }
    # What "$/cancel" does.
    method cancel {reason} {
        if {$cancelled ne {}} return
        set cancelled $reason
        if {$reason eq {}} {set cancelled "The call is no longer wanted."}
        foreach script $listeners {
            if {[catch {uplevel #0 $script} - options]} {annelid::log error [dict get $options -errorinfo]}
        }
        my Wake
    }
}

# What the host said of it, and what stands in where it did not.
foreach {name member otherwise} {
    instance instance {} key key {} attempt attempt 1 actor actor {} account account {} logLevel logLevel {}
    accept accept {} given given {} idle idleMs {} blob blob {}
} {oo::define annelid::Call forward $name my Said $member $otherwise}
