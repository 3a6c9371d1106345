# Volumes of sample-plugin, a dict in a file that one process alone reads and writes: put calls of your storage in its place.

package require annelid::plugin

oo::class create SamplePlugin {
    superclass annelid::connector
    variable sizes file

    constructor {config} {
        set file [dict get [dict merge {file volumes.dict} $config] file]
        if {$file eq {}} {annelid::fault invalid-params "file must be the path of a file." field /config/file}
        set sizes {}
        if {[file exists $file]} {
            chan configure [set channel [open $file]] -encoding utf-8
            set sizes [read $channel]
            close $channel
        }
    }
    method Keep {changed} {
        set sizes $changed
        # Written beside it first: the file is whole whenever the plugin is killed.
        chan configure [set channel [open $file.new w]] -encoding utf-8
        puts -nonewline $channel $sizes
        close $channel
        file rename -force $file.new $file
        my resync
    }
    method storage.list {} {return [list items [lmap {name size} $sizes {list id $name name $name sizeMiB $size}]]}
    method samplePlugin.create {name sizeMiB} {
        if {![dict exists $sizes $name]} {
            my Keep [dict replace $sizes $name $sizeMiB]
        } elseif {[dict get $sizes $name] != $sizeMiB} {
            annelid::fault exists "There is a volume $name of another size." resource $name
        }
        return $name
    }
    method samplePlugin.delete {volume} {
        set gone [dict exists $sizes $volume]
        if {$gone} {my Keep [dict remove $sizes $volume]}
        return $gone
    }
}

annelid::publish SamplePlugin samplePlugin "Makes and removes the volumes of sample-plugin." {
    create {
        doc "Make a volume. One of that name and size that is there already is as good as new." permission admin
        params {
            name {string description "What it is called." minLength 1 maxLength 200}
            sizeMiB {int description "Its size in MiB." minimum 1}
        }
        result string returns "Its id." example {{"params":{"name":"data1","sizeMiB":1024},"result":"data1"}}
    }
    delete {
        doc "Remove a volume and what is on it. One that is gone already is no fault." permission admin
        params {volume {string description "Its id."}}
        result bool returns "Whether it was there." example {{"params":{"volume":"data1"},"result":true}}
    }
}

annelid::serve sample-plugin SamplePlugin -version 0.1.0 -processes 1
