# A cloud kept in a file, which one process alone reads and replaces as a whole: put calls of your own in its place.
package Cloud;
use strict; use warnings;
use parent 'Annelid::Connector';
use Annelid::Fault;
use Storable qw(nstore retrieve);

sub configure {
    my ($self, $config) = @_;
    my $file = $self->{file} = exists $config->{file} ? $config->{file} : 'machines.storable';
    Annelid::Fault::InvalidParams->throw('file must be the path of a file.', field => '/config/file') if !length $file || ref $file;
    $self->{vms} = -e $file ? retrieve($file) : {};
}

sub keep {
    my ($self, $machine) = @_;
    my $file = $self->{file};
    nstore($self->{vms}, "$file.new");
    rename "$file.new", $file or die "$file cannot be replaced: $!\n";
    $self->changed($machine) if $machine;
    return $machine;
}

sub become {
    my ($self, $vm, $state, @before) = @_;
    my $machine = $self->compute_get(vm => $vm);
    grep { $_ eq $machine->{state} } $state, @before
        or Annelid::Fault::Conflict->throw("$machine->{name} is $machine->{state}.", resource => $vm);
    $machine->{state} = $state;
    return $self->keep($machine);
}

sub made { my ($self) = @_; return grep { $_->{key} eq $self->call->key } values %{$self->{vms}} }
sub compute_list { my ($self) = @_; return {items => [values %{$self->{vms}}]} }

sub compute_get {
    my ($self, %given) = @_;
    return $self->{vms}{$given{vm}} || Annelid::Fault::NotFound->throw("There is no machine $given{vm}.", resource => $given{vm});
}

sub compute_create {
    my ($self, %wish) = @_;
    if (my ($made) = $self->made) { return $made }
    my %machine = map { $_ => $wish{$_} } qw(id name vcpus memoryMiB labels);
    return $self->keep($self->{vms}{$wish{id}} = {%machine, state => 'stopped', key => $self->call->key});
}

sub compute_start { my ($self, %of) = @_; return $self->become($of{vm}, $of{paused} ? 'paused' : 'running', 'stopped') }
sub compute_power_off { my ($self, %of) = @_; return $self->become($of{vm}, 'stopped', qw(running paused)) }

sub compute_delete {
    my ($self, %given) = @_;
    delete $self->{vms}{$given{vm}} or return;
    $self->keep;
    $self->deleted($given{vm});
}

sub find { my ($made) = $_[0]->made; return $made ? {outcome => 'done', vm => $made} : {outcome => 'none'} }

Cloud->serve('cloud', version => '0.1.0', processes => 1);
