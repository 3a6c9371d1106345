# tclsh install.tcl FOLDER
#
#   Installs the packages into a folder as Tcl modules, one file each, with a pkgIndex.tcl: they are found with
#   "tcl::tm::path add FOLDER" and with "lappend auto_path FOLDER" alike.

if {$argc != 1 || [string match -* [lindex $argv 0]]} {
    puts stderr "usage: tclsh install.tcl FOLDER"
    exit 2
}
set source [file dirname [file normalize [info script]]]
set folder [file normalize [lindex $argv 0]]
source [file join $source packages.tcl]

proc contents {file} {
    set channel [open $file]
    chan configure $channel -encoding utf-8
    try {return [read $channel]} finally {close $channel}
}
proc write {file text} {
    file mkdir [file dirname $file]
    set channel [open $file w]
    chan configure $channel -encoding utf-8 -translation lf
    try {puts -nonewline $channel $text} finally {close $channel}
    puts $file
}

set index "# The packages of Annelid, for those that do not look for modules.\n"
dict for {package parts} $packages {
    set path [string map {:: /} $package]-$version.tm
    set text "package require Tcl 8.6\n"
    if {$package ne "annelid"} {append text "package require -exact annelid $version\n"}
    foreach part $parts {append text \n [contents [file join $source annelid $part.tcl]]}
    append text "\npackage provide $package $version\n"
    write [file join $folder $path] $text
    append index "package ifneeded $package $version \[list source -encoding utf-8 \[file join \$dir $path\]\]\n"
}
write [file join $folder pkgIndex.tcl] $index
