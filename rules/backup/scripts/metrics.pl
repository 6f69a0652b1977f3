#!/usr/bin/perl
# Serves the page that backup.sh writes. It needs only Debian's perl-base.
use strict;
use warnings;
use IO::Socket::INET;

my $page   = $ENV{BACKUP_METRICS} // '@REPOSITORY@/state/metrics';
my $server = IO::Socket::INET->new(
    LocalAddr => '0.0.0.0', LocalPort => $ENV{BACKUP_METRICS_PORT} // @PORT@, Listen => 16, ReuseAddr => 1
) or die "backup metrics: cannot listen: $@\n";
$SIG{TERM} = $SIG{INT} = sub { exit 0 };
$SIG{PIPE} = 'IGNORE';

sub answer {
    my $client = shift;
    while (my $line = <$client>) { last if $line =~ /^\r?\n?$/ }
    my ($status, $body) = ('503 Service Unavailable', "no page at $page yet\n");
    if (open my $file, '<', $page) {
        local $/;
        ($status, $body) = ('200 OK', scalar <$file>);
    }
    print $client "HTTP/1.1 $status\r\nContent-Type: text/plain; version=0.0.4\r\n"
        . "Content-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
}

while (1) {
    my $client = $server->accept or next;
    # A silent client must not block the others.
    eval { local $SIG{ALRM} = sub { die "slow\n" }; alarm 5; answer($client); alarm 0; };
    alarm 0;
    close $client;
}
