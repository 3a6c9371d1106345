# Volumes of sample-plugin, in a file which one process alone reads and replaces as a whole: put calls of your storage in its place.
package SamplePlugin;
use strict; use warnings;
use parent 'Annelid::Connector';
use Annelid::Fault;
use Storable qw(nstore retrieve);

sub configure {
    my ($self, $config) = @_;
    my $file = $self->{file} = exists $config->{file} ? $config->{file} : 'volumes.storable';
    Annelid::Fault::InvalidParams->throw('file must be the path of a file.', field => '/config/file') if !length $file || ref $file;
    $self->{sizes} = -e $file ? retrieve($file) : {};
}

sub keep {
    my ($self) = @_;
    nstore($self->{sizes}, "$self->{file}.new");
    rename "$self->{file}.new", $self->{file} or die "$self->{file} cannot be replaced: $!\n";
    return $self->resync;
}

sub storage_list {
    my ($self) = @_;
    return {items => [map { {id => $_, name => $_, sizeMiB => $self->{sizes}{$_}} } sort keys %{$self->{sizes}}]};
}

sub create {
    my ($self, %given) = @_;
    my ($name, $size) = @given{qw(name sizeMiB)};
    my $before = $self->{sizes}{$name} // 0;
    Annelid::Fault::Exists->throw("There is a volume $name of another size.", resource => $name) if $before && $before != $size;
    $self->{sizes}{$name} = $size;
    $self->keep if !$before;
    return $name;
}

sub remove {
    my ($self, %given) = @_;
    my $size = delete $self->{sizes}{$given{volume}};
    $self->keep if $size;
    return defined $size;
}

SamplePlugin->service(samplePlugin => 'Makes and removes the volumes of sample-plugin.');
SamplePlugin->publish('samplePlugin.create',
    doc    => 'Make a volume. One of that name and size that is there already is as good as new.',
    params => [
        name    => {type => 'string',  description => 'What it is called.', minLength => 1, maxLength => 200},
        sizeMiB => {type => 'integer', description => 'Its size in MiB.', minimum => 1},
    ],
    result => 'string', returns => 'Its id.', permission => 'admin',
    example => {params => {name => 'data1', sizeMiB => 1024}, result => 'data1'}, call => \&create,
);
SamplePlugin->publish('samplePlugin.delete',
    doc    => 'Remove a volume and what is on it. One that is gone already is no fault.',
    params => [volume => {type => 'string', description => 'Its id.'}],
    result => 'boolean', returns => 'Whether it was there.', permission => 'admin',
    example => {params => {volume => 'data1'}, result => 1}, call => \&remove,
);
SamplePlugin->serve('sample-plugin', version => '0.1.0', processes => 1);
