# What an author writes: a subclass of annelid::connector with a method for each call, named as on the wire. One object is made
# for each configured instance; its constructor gets the configuration, a dict, and a fault of the constructor is shown
# as the reason why the connector is not ready. The object is destroyed when the plugin ends, and when its instance is
# configured anew.
#
# Parameters have the names of the protocol, in any order, and a method need not have those that it does not use; "args" at
# the end gets all others as a dict.

oo::class create annelid::connector {
    constructor {config} {}

    # The call that this coroutine is working on, or what it answers to the words given.
    method call {args} {
        if {![info exists ::annelid::Current([info coroutine])]} {error "No call is being worked on here."}
        set call $::annelid::Current([info coroutine])
        if {![llength $args]} {return $call}
        tailcall $call {*}$args
    }
    # The name of this instance in the daemon's configuration.
    method instance {} {
        if {[info exists ::annelid::Owner([self])]} {return [lindex $::annelid::Owner([self]) 1]}
        return [my call instance]
    }
    # Reports a machine as it is now, whoever changed it. Can be called at any time. A connector with events.pull gives the
    # cursor with which it answers the event there. The time is when it happened, in RFC 3339, where the backend says so:
    # until then a machine that has stopped counts as having run.
    method changed {vm {cursor {}} {time {}}} {my Report type vm.changed vm $vm cursor $cursor time $time}
    # Reports that a machine is gone.
    method deleted {id {cursor {}} {time {}}} {my Report type vm.deleted id $id cursor $cursor time $time}
    # Reports that events were lost, or that not only machines have changed: the daemon reads all again.
    method resync {} {my Report type resync}

    method Report {args} {
        set session [expr {[info exists ::annelid::Owner([self])] ? [lindex $::annelid::Owner([self]) 0] : [my call session]}]
        set type {record {} {instance string type string vm {record plugin/NativeVm} id string cursor string time time}}
        set event [dict filter [list instance [my instance] {*}$args] script {name value} {expr {$value ne {}}}]
        $session notify $/event $type $event
    }
}

namespace eval annelid {
    # The call of each coroutine; the session and the instance of each connector; the services of each class.
    variable Current
    variable Owner
    variable Services
}

# annelid::EntriesOf class -- the calls of a connector by their names on the wire, each as a dict of
# formals, result and, of published methods, params. Fails for what can only be a mistake.
proc annelid::EntriesOf {class} {
    variable Calls
    variable BaseCalls
    set known [dict merge $Calls $BaseCalls]
    set entries {}
    set own [lmap method [info class methods $class -all] {
        if {$method in [info class methods ::annelid::connector -all]} continue
        set method
    }]
    foreach {name call} $known {
        if {$name ni $own} continue
        set formals [FormalsOf $class $name]
        foreach formal $formals {
            lassign $formal parameter
            if {$parameter eq "args"} continue
            if {![dict exists $call params $parameter]} {
                error "$class $name: the parameter $parameter is not of the call, which has [
                    expr {[dict size [dict get $call params]] ? [join [dict keys [dict get $call params]] {, }] : "none"}]."
            }
            if {[llength $formal] == 1 && $parameter in [dict get $call optional]} {
                error "$class $name: the parameter $parameter may be left out by the daemon: give it a default."
            }
        }
        dict set entries $name [dict create formals $formals result [dict get $call result]]
    }
    dict for {service published} [ServicesOf $class] {set entries [dict merge $entries [dict get $published entries]]}
    foreach name $own {
        set near [dict keys $Calls [regsub {\..*} $name .*]]
        if {[string match *.* $name] && [llength $near] && ![dict exists $entries $name]} {
            error "$class $name is not a call; there are [join $near {, }]."
        }
    }
    return $entries
}

# The parameters of a method, wherever among its parents and mixins it is.
proc annelid::FormalsOf {class name} {
    foreach step [info class call $class $name] {
        lassign $step kind method definer
        if {$kind eq "method" && ![catch {info class definition $definer $method} definition]} {return [lindex $definition 0]}
    }
    return args
}

# The words with which a method is called: its parameters in their order. "args" is a dict of those that it does not name.
proc annelid::WordsFor {formals params} {
    set words {}
    foreach formal $formals {
        lassign $formal name default
        if {$name eq "args"} {return [concat $words $params]}
        if {[dict exists $params $name]} {
            lappend words [dict get $params $name]
            dict unset params $name
        } elseif {[llength $formal] > 1} {
            lappend words $default
        } else {
            fault invalid-params "The parameter $name is missing." field /$name
        }
    }
    return $words
}
