# annelid::publish class service doc methods
#
#   Publishes methods of a class: callers of the daemon may call them as SERVICE.NAME. METHODS is a dict of their names, each
#   with a dict of
#     doc         what it does, for users
#     params      the types of its parameters; their order and what stands in for them are those of the method SERVICE.NAME
#                 of the class, where one that may be left out and has nothing to stand in has the empty string
#     result      its type; without one nothing is answered
#     returns     what the result means
#     changes     whether it changes something: true unless it is said
#     permission  public, read, operate or admin; operate when it changes something, else read
#     example     {"params": ..., "result": ...} in JSON
#
#   Types are those of json.tcl. After a type may come words of JSON Schema: {string maxLength 20 description "Which."},
#   {enum {V A} description "In what."}, {list int maxItems 9}, {record Reading {at time ?raw bytes}}; a member of a record
#   with a question mark may be left out.

proc annelid::publish {class service doc methods} {
    variable Services
    set class [uplevel 1 [list namespace which $class]]
    set published {}
    dict for {name spec} $methods {
        foreach word [dict keys $spec] {
            if {$word ni {doc params result returns changes permission example}} {
                error "$service.$name: a published method has no $word."
            }
        }
        if {"$service.$name" ni [info class methods $class -all]} {error "$class has no method $service.$name."}
        dict lappend published described [DescribeMethod $class $service $name $spec]
        set types [Member $spec params]
        dict set published entries $service.$name [dict create \
            formals [FormalsOf $class $service.$name] \
            params [PlainType [list record {} $types]] \
            result [PlainType [Member $spec result {record {} {}}]]]
    }
    set head "\"service\":[json::encode string $service],\"doc\":[json::encode string $doc]"
    dict set published json "{$head,\"methods\":\[[join [dict get $published described] ,]\]}"
    dict set Services($class) $service $published
    return
}

# What was published of a class and of those that it stands on, by service.
proc annelid::ServicesOf {class} {
    variable Services
    set services {}
    foreach parent [info class superclasses $class] {set services [dict merge $services [ServicesOf $parent]]}
    if {[info exists Services($class)]} {set services [dict merge $services $Services($class)]}
    return $services
}

proc annelid::DescribeMethod {class service name spec} {
    set properties {}
    set required {}
    foreach formal [FormalsOf $class $service.$name] {
        lassign $formal parameter default
        if {![dict exists $spec params $parameter]} {error "$service.$name: the parameter $parameter has no type."}
        set type [dict get $spec params $parameter]
        # Refuses a type that there is not.
        SchemaOf $type
        if {[llength $formal] == 1} {
            lappend required [json::encode string $parameter]
            set standIn {}
        } else {
            set standIn [expr {$default eq {} ? {} : [list default [json::encode [PlainType $type] $default]]}]
        }
        lappend properties "[json::encode string $parameter]:[SchemaOf $type $standIn]"
    }
    set params "\"type\":\"object\",\"properties\":{[join $properties ,]}"
    if {[llength $required]} {append params ",\"required\":\[[join $required ,]\]"}
    set result [Member $spec result {record {} {}}]
    set type {record {} {
        name string doc string changes bool params any result any returns string permission string example any
    }}
    set said [dict merge {doc {} changes true} $spec [list name $name params "{$params}" result [SchemaOf $result]]]
    return [json::encode $type $said]
}

# annelid::SchemaOf type ?more? -- JSON Schema; MORE are further words and their JSON.
proc annelid::SchemaOf {type {more {}}} {
    set kind [lindex $type 0]
    set said 1
    switch -- $kind {
        string {set words {type {"string"}}}
        bool {set words {type {"boolean"}}}
        int {set words {type {"integer"}}}
        number {set words {type {"number"}}}
        counter {set words {type {"integer"} format {"int64"}}}
        time {set words {type {"string"} format {"date-time"}}}
        bytes {set words {type {"string"} contentEncoding {"base64"}}}
        map {set words {type {"object"} additionalProperties {{"type":"string"}}}}
        any {set words {}}
        enum {
            set said 2
            set words [list type {"string"} enum [json::encode {list string} [lindex $type 1]]]
        }
        list {
            set said 2
            set words [list type {"array"} items [SchemaOf [lindex $type 1]]]
        }
        record {
            set said 3
            set properties {}
            set required {}
            dict for {name of} [lindex $type 2] {
                set bare [json::encode string [string trimleft $name ?]]
                lappend properties "$bare:[SchemaOf $of]"
                if {![string match {\?*} $name]} {lappend required $bare}
            }
            set words [list type {"object"} properties "{[join $properties ,]}"]
            if {[lindex $type 1] ne {}} {lappend words title [json::encode string [lindex $type 1]]}
            if {[llength $required]} {lappend words required \[[join $required ,]\]}
        }
        default {error "No wire can carry $kind."}
    }
    foreach {word value} [lrange $type $said end] {
        lappend words $word [expr {[string is double -strict $value] ? $value : [json::encode string $value]}]
    }
    set members {}
    foreach {word value} [concat $words $more] {lappend members "[json::encode string $word]:$value"}
    return "{[join $members ,]}"
}

# A type without words of JSON Schema.
proc annelid::PlainType {type} {
    switch -- [lindex $type 0] {
        enum {return [lrange $type 0 1]}
        list {return [list list [PlainType [lindex $type 1]]]}
        record {
            set fields {}
            dict for {name of} [lindex $type 2] {dict set fields [string trimleft $name ?] [PlainType $of]}
            return [list record [lindex $type 1] $fields]
        }
        default {return [lindex $type 0]}
    }
}
