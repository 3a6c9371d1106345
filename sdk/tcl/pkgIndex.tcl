# For the package as it stands in the tree: lappend auto_path .../sdk/tcl
if {![package vsatisfies [package provide Tcl] 8.6]} return
source [file join $dir packages.tcl]
dict for {package parts} $packages {
    package ifneeded $package $version [list apply {{dir package version parts} {
        if {$package ne "annelid"} {package require -exact annelid $version}
        foreach part $parts {uplevel #0 [list source -encoding utf-8 [file join $dir annelid $part.tcl]]}
        package provide $package $version
    }} $dir $package $version $parts]
}
