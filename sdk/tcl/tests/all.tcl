# tclsh tests/all.tcl
package require tcltest
tcltest::configure -testdir [file dirname [file normalize [info script]]] -singleproc 0 {*}$argv
exit [expr {[tcltest::runAllTests] ? 1 : 0}]
