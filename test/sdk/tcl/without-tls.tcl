# The example of the SDK where there is no package for TLS.
package ifneeded tls 99 {error "It is hidden."}
source [file join [file dirname [info script]] ../../../sdk/tcl/examples/cloud.tcl]
