# Networks of sample-plugin, a dict in a file that one process alone reads and writes: put calls of your switches in its place.

package require annelid::plugin

oo::class create SamplePlugin {
    superclass annelid::connector
    variable networks file

    constructor {config} {
        set file [dict get [dict merge {file networks.dict} $config] file]
        if {$file eq {}} {annelid::fault invalid-params "file must be the path of a file." field /config/file}
        set networks {}
        if {[file exists $file]} {
            chan configure [set channel [open $file]] -encoding utf-8
            set networks [read $channel]
            close $channel
        }
    }
    method Keep {changed} {
        set networks $changed
        # Written beside it first: the file is whole whenever the plugin is killed.
        chan configure [set channel [open $file.new w]] -encoding utf-8
        puts -nonewline $channel $networks
        close $channel
        file rename -force $file.new $file
        my resync
    }
    method network.list {} {return [list items [lmap {name cidrs} $networks {list id $name name $name state up cidrs $cidrs}]]}
    method samplePlugin.create {name cidrs} {
        if {![dict exists $networks $name]} {
            my Keep [dict replace $networks $name $cidrs]
        } elseif {[dict get $networks $name] ne $cidrs} {
            annelid::fault exists "There is a network $name with other ranges." resource $name
        }
        return $name
    }
    method samplePlugin.delete {network} {
        set gone [dict exists $networks $network]
        if {$gone} {my Keep [dict remove $networks $network]}
        return $gone
    }
}

annelid::publish SamplePlugin samplePlugin "Makes and removes the networks of sample-plugin." {
    create {
        doc "Make a network. One of that name and with those ranges that is there already is as good as new." permission admin
        params {
            name {string description "What it is called." minLength 1 maxLength 200}
            cidrs {list {string maxLength 64} description "Its ranges of addresses." maxItems 16}
        }
        result string returns "Its id." example {{"params":{"name":"blue","cidrs":["10.1.0.0/16"]},"result":"blue"}}
    }
    delete {
        doc "Remove a network. One that is gone already is no fault." permission admin
        params {network {string description "Its id."}}
        result bool returns "Whether it was there." example {{"params":{"network":"blue"},"result":true}}
    }
}

annelid::serve sample-plugin SamplePlugin -version 0.1.0 -processes 1
