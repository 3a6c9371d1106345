# Books kept in a file that only grows, with a line of JSON for each entry: put calls of your accounting in their place.
package SamplePlugin;
use strict;
use warnings;
use parent 'Annelid::Connector';
use Annelid::Fault;
use IO::Handle;
use JSON::PP;

my $json = JSON::PP->new->utf8->canonical;

# The daemon keeps what cannot be written, and tells it again.
sub unavailable { Annelid::Fault::Unavailable->throw("The file cannot be written: $_[0].") }

sub configure {
    my ($self, $config) = @_;
    my $file = exists $config->{file} ? $config->{file} : 'books.jsonl';
    Annelid::Fault::InvalidParams->throw('file must be the path of a file.', field => '/config/file') if !length $file || ref $file;
    open my $books, '+>>:raw', $file or unavailable($!);
    seek $books, 0, 0;
    my %known;
    while (my $line = <$books>) {
        if ($line !~ /\n\z/) {
            # Of half a line, which a crash may have left, nobody was told that it is written.
            truncate $books, tell($books) - length $line or unavailable($!);
            last;
        }
        my $entry = eval { $json->decode($line) } or unavailable("line $. is no JSON");
        $known{$entry->{id}} = 1;
    }
    @$self{qw(books known)} = ($books, \%known);
}

sub accounting_record {
    my ($self, %given) = @_;
    my %fresh;
    my @fresh = grep { !$self->{known}{$_->{id}} && !$fresh{$_->{id}}++ } @{$given{entries}};
    $self->append(join '', map { $json->encode($_) . "\n" } @fresh);
    $self->{known}{$_} = 1 for keys %fresh;
    return {};
}

# Returns once it is on the disk, also when the power fails.
sub append {
    my ($self, $text) = @_;
    my $books = $self->{books};
    my $size = -s $books;
    my $written = syswrite $books, $text;
    return if defined $written && $written == length $text && $books->sync;
    my $why = $!;
    truncate $books, $size;
    unavailable($why);
}

# Of two processes neither would know what the other has written.
SamplePlugin->serve('sample-plugin', version => '0.1.0', processes => 1);
