# The connector of the README's kind, which says more often than others that it is there.
package require annelid::plugin
oo::define annelid::Connections {method aliveMs {} {return 20}}
oo::class create Often {
    superclass annelid::connector
    method compute.list {} {return {items {}}}
}
annelid::serve often Often -concurrency 64
