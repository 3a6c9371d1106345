# A plugin that answers at once: what is measured is the way there and back.

package require annelid::plugin

oo::class create Lab {
    superclass annelid::connector
    method compute.stats {vm} {return {time 2026-01-31T12:00:00.000Z}}
}

annelid::serve lab Lab
