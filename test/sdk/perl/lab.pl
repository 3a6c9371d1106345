# The plugin of test/sdk/conversation.ts.
use strict;
use warnings;

package Lab;
use parent 'Annelid::Connector';
use POSIX ();

sub compute_list {
    print "a forgotten print\n";
    POSIX::write(1, "from a library\n", 15);
    system 'echo', 'from a child';
    return {items => []};
}

sub compute_start { die 'A slip.' }

sub compute_shutdown {
    my ($self) = @_;
    $self->call->progress(10, 'Waiting.');
    $self->call->sleep(3600);
}

sub compute_power_off {
    my ($self) = @_;
    $self->call->progress(undef, 'Deaf.');
    sleep 3600 while 1;
}

sub compute_console_output {
    my ($self, %given) = @_;
    return {data => 'x' x $given{maxBytes}, start => 0, end => $given{maxBytes}};
}

sub close { print STDERR "closed\n" }

Lab->serve('lab');
