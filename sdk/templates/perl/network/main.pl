# Networks of sample-plugin, in a file which one process alone reads and replaces as a whole: put calls of your switches in its place.
package SamplePlugin;
use strict; use warnings;
use parent 'Annelid::Connector';
use Annelid::Fault;
use Storable qw(nstore retrieve);

sub configure {
    my ($self, $config) = @_;
    my $file = $self->{file} = exists $config->{file} ? $config->{file} : 'networks.storable';
    Annelid::Fault::InvalidParams->throw('file must be the path of a file.', field => '/config/file') if !length $file || ref $file;
    $self->{cidrs} = -e $file ? retrieve($file) : {};
}

sub keep {
    my ($self) = @_;
    nstore($self->{cidrs}, "$self->{file}.new");
    rename "$self->{file}.new", $self->{file} or die "$self->{file} cannot be replaced: $!\n";
    return $self->resync;
}

sub network_list {
    my ($self) = @_;
    return {items => [map { {id => $_, name => $_, state => 'up', cidrs => $self->{cidrs}{$_}} } sort keys %{$self->{cidrs}}]};
}

sub create {
    my ($self, %given) = @_;
    my ($name, $cidrs) = @given{qw(name cidrs)};
    my $before = $self->{cidrs}{$name};
    Annelid::Fault::Exists->throw("There is a network $name with other ranges.", resource => $name) if $before && "@$before" ne "@$cidrs";
    $self->{cidrs}{$name} = $cidrs;
    $self->keep if !$before;
    return $name;
}

sub remove {
    my ($self, %given) = @_;
    my $gone = delete $self->{cidrs}{$given{network}};
    $self->keep if $gone;
    return defined $gone;
}

SamplePlugin->service(samplePlugin => 'Makes and removes the networks of sample-plugin.');
SamplePlugin->publish('samplePlugin.create',
    doc    => 'Make a network. One of that name and with those ranges that is there already is as good as new.',
    params => [
        name  => {type => 'string', description => 'What it is called.', minLength => 1, maxLength => 200},
        cidrs => {type => 'array', items => {type => 'string', maxLength => 64}, description => 'Its ranges of addresses.', maxItems => 16},
    ],
    result => 'string', returns => 'Its id.', permission => 'admin',
    example => {params => {name => 'blue', cidrs => ['10.1.0.0/16']}, result => 'blue'}, call => \&create,
);
SamplePlugin->publish('samplePlugin.delete',
    doc    => 'Remove a network. One that is gone already is no fault.',
    params => [network => {type => 'string', description => 'Its id.'}],
    result => 'boolean', returns => 'Whether it was there.', permission => 'admin',
    example => {params => {network => 'blue'}, result => 1}, call => \&remove,
);
SamplePlugin->serve('sample-plugin', version => '0.1.0', processes => 1);
