# The packages, and the files that each is made of; all but the first stand on it.
set version 0.1.0
set packages {
    annelid {fault json generated/protocol}
    annelid::plugin {generated/calls blobs call connector published session connections serve}
    annelid::client {generated/methods client}
}
