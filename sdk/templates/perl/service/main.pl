# A service that sample-plugin publishes: its methods are on every wire of the daemon. Put your own in their place.
package SamplePlugin;
use strict;
use warnings;
use parent 'Annelid::Connector';

SamplePlugin->service(samplePlugin => 'Greets people.');

SamplePlugin->publish('samplePlugin.greet',
    doc     => 'Greet somebody.',
    changes => 0,
    params  => [
        name  => {type => 'string', description => 'Whom.'},
        times => {type => 'integer', description => 'How often.', default => 1},
    ],
    result => 'string',
    call   => sub {
        my ($self, %given) = @_;
        return join ' ', ("Hello, $given{name}!") x $given{times};
    },
);

SamplePlugin->serve('sample-plugin', version => '0.1.0');
