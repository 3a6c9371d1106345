# People in a file, each a line of LOGIN:ACCOUNT:ROLE:HASH: put the directory that you have in its place. The hash is one of
# crypt(3), as in /etc/shadow.
package SamplePlugin;
use strict;
use warnings;
use parent 'Annelid::Connector';
use Annelid::Fault;
use Encode qw(encode);

# Whoever has no line: to find that out takes as long as to find a password wrong.
my $nobody = {kept => '$6$rounds=100000$nobody$'};

sub configure {
    my ($self, $config) = @_;
    my $file = $self->{file} = exists $config->{file} ? $config->{file} : 'people';
    Annelid::Fault::InvalidParams->throw('file must be the path of a file.', field => '/config/file') if !length $file || ref $file;
}

# Read each time: who is taken out of the file is out at once.
sub people {
    my ($self) = @_;
    open my $file, '<:encoding(UTF-8)', $self->{file} or Annelid::Fault::Unavailable->throw("The file cannot be read: $!.");
    my %people;
    while (my $line = <$file>) {
        my ($login, $account, $role, $kept) = $line =~ /\A([^:]+):([^:]+):(reader|user|admin):([^:\n]+)\n?\z/
            or Annelid::Fault::Unavailable->throw("Line $. of the file is not LOGIN:ACCOUNT:ROLE:HASH.");
        $people{$login} = {user => {login => $login, account => $account, role => $role}, kept => $kept};
    }
    return \%people;
}

sub is_right {
    my ($secret, $kept) = @_;
    # crypt would take what stands before a NUL for all of it.
    return 0 if $secret =~ /\0/;
    my $given = crypt(encode('UTF-8', $secret), $kept) // '';
    # All bytes are looked at, whichever differ.
    return length $given == length $kept && ($given ^ $kept) !~ /[^\0]/;
}

sub probe { $_[0]->people; return {} }

sub directory_authenticate {
    my ($self, %given) = @_;
    my $person = $self->people->{$given{login}} || $nobody;
    return is_right($given{secret}, $person->{kept}) ? {user => $person->{user}} : {};
}

sub directory_find {
    my ($self, %given) = @_;
    return {user => ($self->people->{$given{login}} || $nobody)->{user}};
}

SamplePlugin->serve('sample-plugin', version => '0.1.0');
