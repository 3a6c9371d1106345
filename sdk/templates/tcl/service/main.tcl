# A service that sample-plugin publishes: its methods are on every wire of the daemon. Put your own in their place.

package require annelid::plugin

oo::class create SamplePlugin {
    superclass annelid::connector
    method samplePlugin.greet {name {times 1}} {
        return [join [lrepeat $times "Hello, $name!"]]
    }
}

annelid::publish SamplePlugin samplePlugin "Greets people." {
    greet {
        doc "Greet somebody."
        changes false
        params {name {string description "Whom."} times {int description "How often."}}
        result string
    }
}

annelid::serve sample-plugin SamplePlugin -version 0.1.0
