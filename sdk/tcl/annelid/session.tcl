# The conversation with the host: lines in, messages out. Knows nothing of processes, so tests hold it in memory.
#
# annelid::Session new name class options send
#   OPTIONS are those of annelid::serve. SEND is a command prefix that gets whole messages without a line feed.

namespace eval annelid {
    # What the host asks of values that are too long for a line.
    variable BlobCalls {
        blob.read {read {blob string offset int length int}}
        blob.write {write {blob string data bytes}}
    }
}

oo::class create annelid::Session {
    variable name class entries description concurrency send connectors running queue atWork threshold whenIdle asked asking blobs longest

    constructor {itsName itsClass options itsSend} {
        set name $itsName
        set class [namespace eval :: [list namespace which $itsClass]]
        set concurrency [dict get $options -concurrency]
        set send $itsSend
        set entries [annelid::EntriesOf $class]
        set connectors {}
        set running {}
        set queue {}
        set atWork 0
        set threshold info
        set whenIdle {}
        set asked 0
        set asking {}
        set blobs [annelid::Blobs new]
        # The longest answer in one line is 16 MiB, unless there is another limit.
        set longest [dict get [dict merge {lineFromPlugin 16777216} [dict get $options -limits]] lineFromPlugin]
        set description [my Described $options]
    }
    destructor {
        dict for {- connector} $connectors {my Close $connector}
        dict for {- call} $running {$call destroy}
        $blobs destroy
    }

    # What "describe" answers.
    method description {} {return $description}
    method Described {options} {
        set published [lmap {- of} [annelid::ServicesOf $class] {dict get $of json}]
        set said [list proto [list $::annelid::ProtocolVersion] name $name version [dict get $options -version] concurrency $concurrency]
        lappend said methods [lmap call [dict keys $::annelid::Calls] {if {![dict exists $entries $call]} continue; set call}]
        lappend said features [concat $::annelid::Features [expr {[dict exists $entries events.pull] ? "cursors" : {}}]]
        lappend said idempotency [expr {[dict exists $entries find] ? "key" : "none"}]
        if {[llength $published]} {lappend said publishes "\[[join $published ,]\]"}
        foreach more {limits processes} {
            if {[dict get $options -$more] ne {}} {lappend said $more [dict get $options -$more]}
        }
        return [annelid::json encode {record {} {
            proto {list int} name string version string concurrency int methods {list string} features {list string}
            idempotency string publishes any limits {record {} {lineToPlugin int lineFromPlugin int}} processes int
        }} $said]
    }

    method notify {method type params} {
        my Send "{\"jsonrpc\":\"2.0\",\"method\":\"$method\",\"params\":[annelid::json encode $type $params]}"
    }
    # Asks the host on behalf of a call, whose "answered" gets the result and the error.
    method ask {call method type params} {
        dict set asking [incr asked] $call
        my Send "{\"jsonrpc\":\"2.0\",\"id\":$asked,\"method\":\"$method\",\"params\":[annelid::json encode $type $params]}"
    }
    method log {level message} {
        if {[lsearch $::annelid::LogLevels $level] < [lsearch $::annelid::LogLevels $threshold]} return
        set params [list level $level message [string range $message 0 65535]]
        if {[info exists ::annelid::Current([info coroutine])]} {
            set call $::annelid::Current([info coroutine])
            lappend params instance [$call instance] id [$call id]
        }
        my notify $/log {record {} {level string message string instance string id any}} $params
    }

    # Takes a line from the host, whatever is in it.
    method receive {line} {
        set text [string trim [encoding convertfrom utf-8 $line]]
        if {$text eq {}} return
        # Noise may be glued to the beginning of a message, so each brace is tried, though not endlessly many.
        set at -1
        for {set tried 0} {$tried < 32} {incr tried} {
            set at [string first \{ $text $at+1]
            if {$at < 0} break
            if {[catch {annelid::json decode [string range $text $at end] members} message]} continue
            if {[dict exists $message jsonrpc] && [lindex [dict get $message jsonrpc] 1] eq {"2.0"}} {
                if {[catch {my Take $message} - options]} {my log error [dict get $options -errorinfo]}
                return
            }
        }
        my log warn "This is no message: [string range $text 0 255]"
    }
    method Take {message} {
        foreach {member otherwise} {method {{} {}} id {{} null} params {{} null}} {
            lassign [annelid::Member $message $member $otherwise] $member ${member}Json
        }
        set isNamed [expr {[string index $paramsJson 0] eq "\{" || $paramsJson eq "null"}]
        if {![regexp {^(-?[0-9]+$|")} $idJson]} {
            if {$method eq "$/cancel" && $isNamed && [dict exists $params id] && [dict exists $running [dict get $params id]]} {
                [dict get $running [dict get $params id]] cancel [annelid::Member $params reason]
            }
        } elseif {$methodJson eq "" && ([dict exists $message result] || [dict exists $message error])} {
            # An answer to nothing is noise, and noise is not answered.
            if {[dict exists $asking $id]} {
                set call [dict get $asking $id]
                dict unset asking $id
                $call answered [lmap member {result error} {lindex [annelid::Member $message $member] 0}]
            }
        } elseif {[string index $methodJson 0] ne "\"" || !$isNamed} {
            my Error $idJson {{"code":-32600,"message":"A request needs a method and named parameters."}}
        } elseif {$method eq "describe"} {
            my Answer $idJson $description
        } elseif {$method eq "echo"} {
            my Answer $idJson [expr {$paramsJson eq "null" ? "{}" : $paramsJson}]
        } elseif {[dict exists $::annelid::BlobCalls $method]} {
            my Part $idJson $method $paramsJson
        } elseif {$method ne "configure" && ![dict exists $entries $method]} {
            set sentence [annelid::json encode string "$name has no method $method."]
            my Error $idJson "{\"code\":-32601,\"message\":$sentence}"
        } else {
            set ctx [annelid::Member $params ctx]
            if {[catch {dict size $ctx}]} {set ctx {}}
            dict unset params ctx
            set call [annelid::Call new [self] $idJson $ctx]
            dict set running $id $call
            lappend queue [list $id $call $method $params $paramsJson]
            my Begin
        }
    }

    # Begins calls while there is room for them, each in a coroutine of its own.
    method Begin {} {
        while {$atWork < $concurrency && [llength $queue]} {
            set queue [lassign $queue request]
            incr atWork
            coroutine ::annelid::Working[incr ::annelid::Begun] {*}[namespace code [list my Work {*}$request]]
        }
        if {$atWork == 0 && $whenIdle ne {}} {uplevel #0 $whenIdle}
    }
    method Work {id call method params paramsJson} {
        set ::annelid::Current([info coroutine]) $call
        if {[catch {$call began; my Serve $call $method $params $paramsJson} result options] % 2 == 0} {
            my Answer [$call id] [my InParts $call $result]
        } else {
            lassign [dict get [dict merge {-errorcode NONE} $options] -errorcode] family kind data
            if {$family ne "ANNELID" || [catch {annelid::FaultError $kind $result $data} error]} {
                # The cause goes to the log, never to the caller.
                my log error "$method failed\n[dict get [dict merge [list -errorinfo $result] $options] -errorinfo]"
                set error [annelid::FaultError internal "$name failed in $method; the daemon's log says why." {}]
            }
            my Error [$call id] $error
        }
        unset ::annelid::Current([info coroutine])
        dict unset running $id
        set asking [dict filter $asking script {- of} {expr {$of ne $call}}]
        $call destroy
        incr atWork -1
        # Not from within this coroutine: as many as wait would stand on one another.
        if {[llength $queue] || $whenIdle ne {}} {after 0 [namespace code {my Begin}]}
    }
    # A part of a value that is too long for a line.
    method Part {idJson method paramsJson} {
        lassign [dict get $::annelid::BlobCalls $method] subcommand fields
        try {
            set params [annelid::json decode $paramsJson [list record {} $fields]]
            set words [lmap {name -} $fields {dict get $params $name}]
            my Answer $idJson [$blobs $subcommand {*}$words]
        } trap ANNELID {message options} {
            my Error $idJson [annelid::FaultError [lindex [dict get $options -errorcode] 1] $message [lindex [dict get $options -errorcode] 2]]
        } on error {} {
            my Error $idJson [annelid::FaultError invalid-params "$method takes [join [dict keys $fields] {, }]." {}]
        }
    }
    # The answer itself, or what stands for one that is too long for a line.
    method InParts {call json} {
        if {[string length $json] * 4 < $longest || "blob" ni [$call accept]} {return $json}
        set bytes [encoding convertto utf-8 $json]
        # What stands before it in the line, and behind.
        set around [string length "{\"jsonrpc\":\"2.0\",\"id\":[$call id],\"result\":}"]
        if {[string length $bytes] + $around <= $longest} {return $json}
        return [annelid::json encode {record {} {blob {record {} {id string bytes int}}}} [list blob [$blobs put $bytes]]]
    }
    # Makes a call; its result in JSON.
    method Serve {call method params paramsJson} {
        if {[dict size [$call blob]]} {
            set paramsJson [$blobs take [dict get [$call blob] id] [dict get [$call blob] bytes]]
            set params [annelid::json decode $paramsJson]
        }
        set instance [$call instance]
        if {$method eq "configure"} {
            my Configure $call $instance [annelid::Member $params config]
            return null
        }
        if {![dict exists $connectors $instance]} {
            annelid::fault internal "The instance $instance has not been configured." outcome none
        }
        set entry [dict get $entries $method]
        if {[dict exists $entry params]} {
            set params [annelid::json decode $paramsJson [dict get $entry params]]
            dict unset params ctx
        }
        set words [annelid::WordsFor [dict get $entry formals] $params]
        set value [[dict get $connectors $instance] $method {*}$words]
        set type [dict get $entry result]
        # A task or a need stands for the result, whatever that would be.
        if {[string is list $value] && [llength $value] == 2 && [lindex $value 0] in {task need}} {
            set type {record {} {task {record plugin/TaskHandle} need {record plugin/Need}}}
        }
        if {$value eq {} && [lindex $type 0] in {record any}} {return null}
        return [annelid::json encode $type $value]
    }
    method Configure {call instance config} {
        if {$instance eq {}} {annelid::fault invalid-params "configure needs ctx.instance." field /ctx/instance}
        if {[$call logLevel] in $::annelid::LogLevels} {set threshold [$call logLevel]}
        if {[dict exists $connectors $instance]} {
            set before [dict get $connectors $instance]
            dict unset connectors $instance
            my Close $before
        }
        set made [$class new $config]
        set ::annelid::Owner($made) [list [self] $instance]
        dict set connectors $instance $made
    }
    method Close {connector} {
        if {[catch {$connector destroy} - options]} {my log error [dict get $options -errorinfo]}
        unset -nocomplain ::annelid::Owner($connector)
    }

    # Whether calls are under way.
    method isBusy {} {
        return [expr {[dict size $running] > 0}]
    }
    # Evaluates the script once no call is under way.
    method idle {script} {
        set whenIdle $script
        my Begin
    }
    # Cancels all that is under way.
    method cancelAll {reason} {
        dict for {- call} $running {$call cancel $reason}
    }

    method Answer {id json} {my Send "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":$json}"}
    method Error {id json} {my Send "{\"jsonrpc\":\"2.0\",\"id\":$id,\"error\":$json}"}
    method Send {message} {
        {*}$send $message
        return
    }
}
