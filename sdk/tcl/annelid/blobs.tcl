# Results that are too long for a line, until the host has read them, and parameters that come in parts.
#
# annelid::Blobs new

oo::class create annelid::Blobs {
    variable out into last

    constructor {} {
        set out {}
        set into {}
        set last 0
    }
    # How many seconds something is kept that nobody asks for.
    method keptSeconds {} {return 60}
    # What is kept at once, and the longest parameters that are taken.
    method most {} {return 64}
    method longest {} {return 67108864}

    # Keeps JSON text, in bytes, for the host to read; the handle that is answered in its place.
    method put {bytes} {
        set out [my Fresh $out]
        if {[dict size $out] >= [my most]} {
            annelid::fault too-large "More than [my most] long results are not kept."
        }
        dict set out [set id out-[incr last]] [list [clock seconds] $bytes]
        return [list id $id bytes [string length $bytes]]
    }
    # The result of blob.read, in JSON.
    method read {blob offset length} {
        if {![dict exists $out $blob]} {annelid::fault not-found "There is no blob $blob." resource $blob}
        set bytes [lindex [dict get $out $blob] 1]
        set isEnd [expr {$offset + $length >= [string length $bytes]}]
        if {$isEnd} {dict unset out $blob} else {dict set out $blob [list [clock seconds] $bytes]}
        set part [string range $bytes $offset [expr {$offset + $length - 1}]]
        return [annelid::json encode {record {} {data bytes end bool}} [list data $part end $isEnd]]
    }
    # The result of blob.write, in JSON; the data are bytes.
    method write {blob offset data} {
        set into [my Fresh $into]
        set bytes [expr {[dict exists $into $blob] ? [lindex [dict get $into $blob] 1] : {}}]
        dict unset into $blob
        if {$offset != [string length $bytes]} {
            annelid::fault invalid-params "$blob goes on at [string length $bytes]." field /offset
        }
        append bytes $data
        if {[string length $bytes] > [my longest] || [dict size $into] >= [my most]} {
            annelid::fault too-large "Parameters of more than [my longest] bytes, or of more than [my most] calls, are not kept."
        }
        dict set into $blob [list [clock seconds] $bytes]
        return "{}"
    }
    # The parameters that were written, as JSON text.
    method take {id length} {
        set bytes [expr {[dict exists $into $id] ? [lindex [dict get $into $id] 1] : {}}]
        dict unset into $id
        if {[string length $bytes] != $length} {
            annelid::fault invalid-params "The blob $id has [string length $bytes] of $length bytes." field /ctx/blob
        }
        return [encoding convertfrom utf-8 $bytes]
    }
    method Fresh {kept} {
        set since [expr {[clock seconds] - [my keptSeconds]}]
        return [dict filter $kept script {- of} {expr {[lindex $of 0] >= $since}}]
    }
}
