-- An answer from a listener that serves one request, at a port that the kernel chooses; and then nobody.
CREATE TEMP TABLE listener (port int);
COPY listener FROM PROGRAM $$perl -MIO::Socket::INET -e '
    my $listener = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die $!;
    $| = 1;
    print $listener->sockport, "\n";
    exit 0 if fork;
    open STDOUT, ">", "/dev/null";
    open STDERR, ">", "/dev/null";
    $SIG{ALRM} = sub { exit 0 };
    alarm 20;
    my $client = $listener->accept or exit 0;
    while (<$client>) { last if /^\r?$/ }
    print $client "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nheard";
    close $client;
    exit 0;'$$;
SELECT status, content FROM listener, http_get('http://127.0.0.1:' || port || '/');
DO $$
BEGIN
    PERFORM http_get('http://127.0.0.1:1/');
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING '%', substring(SQLERRM from '^Failed to connect|^Could not connect');
END
$$;
SELECT urlencode('a b');
