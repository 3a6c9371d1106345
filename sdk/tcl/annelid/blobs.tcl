# Results that are too long for a line, until the host has read them, and parameters that come in parts.
#
# annelid::Blobs new

oo::class create annelid::Blobs {
    variable kept last

    constructor {} {
        set kept {}
        set last 0
    }
    # How many seconds something is kept that nobody asks for.
    method keptSeconds {} {return 60}

    # Keeps JSON text, in bytes, for the host to read; the handle that is answered in its place.
    method put {bytes} {
        my Keep [set id out-[incr last]] $bytes
        return [list id $id bytes [string length $bytes]]
    }
    # The result of blob.read, in JSON.
    method read {blob offset length} {
        if {![dict exists $kept $blob]} {annelid::fault not-found "There is no blob $blob." resource $blob}
        set bytes [my Taken $blob]
        set isEnd [expr {$offset + $length >= [string length $bytes]}]
        if {!$isEnd} {my Keep $blob $bytes}
        set part [string range $bytes $offset [expr {$offset + $length - 1}]]
        return [annelid::json encode {record {} {data bytes end bool}} [list data $part end $isEnd]]
    }
    # The result of blob.write, in JSON; the data are bytes. Parts come in order.
    method write {blob data} {
        my Keep "into $blob" [my Taken "into $blob"]$data
        return "{}"
    }
    # The parameters that were written, as JSON text.
    method take {id length} {
        set bytes [my Taken "into $id"]
        if {[string length $bytes] != $length} {
            annelid::fault invalid-params "The blob $id has [string length $bytes] of $length bytes." field /ctx/blob
        }
        return [encoding convertfrom utf-8 $bytes]
    }

    method Keep {name bytes} {
        set since [expr {[clock seconds] - [my keptSeconds]}]
        set kept [dict filter $kept script {- of} {expr {[lindex $of 0] >= $since}}]
        dict set kept $name [list [clock seconds] $bytes]
    }
    method Taken {name} {
        set bytes [lindex [annelid::Member $kept $name] 1]
        dict unset kept $name
        return $bytes
    }
}
