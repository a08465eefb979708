# run: /usr/bin/perl @
use strict;
use warnings;
use Socket;
use POSIX qw(:sys_wait_h);
use IO::Handle;
$| = 1;
my %h = map { $_ => $_ ** 2 } 1 .. 5;
print join(",", map { "$_=$h{$_}" } sort keys %h), "\n";
my $pid = fork();
if (!$pid) { exit 7 }
waitpid($pid, 0);
print "child ", $? >> 8, "\n";
print "output: ", `echo from a shell; exit 3`, "status ", $? >> 8, "\n";
open(my $out, "|-", "sort -r") or die;
print $out "$_\n" for 1 .. 3;
close $out;
open(my $in, "-|", "seq", "3") or die;
print "read $_" while <$in>;
close $in;
my $n = 0;
local $SIG{USR1} = sub { $n++ };
kill USR1 => $$ for 1 .. 3;
print "signals $n\n";
eval { local $SIG{ALRM} = sub { die "alarm\n" }; alarm 1; select(undef, undef, undef, 5); };
print "died of $@";
socketpair(my $here, my $there, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die;
$here->autoflush(1);
print $here "through a socket\n";
print scalar <$there>;
open(my $f, "+>", "file") or die;
print $f "x" x 100000;
seek($f, 50000, 0);
read($f, my $buf, 10);
print length($buf), " ", -s "file", "\n";
truncate($f, 10);
close $f;
print -s "file", " ", (stat "file")[2] & 0777, "\n";
unlink "file";
print "gone: $!\n" unless open($f, "<", "file");
pipe(my $r, my $w);
for my $i (1 .. 10) {
	if (!fork()) { syswrite $w, "$i\n"; POSIX::_exit($i) }
}
close $w;
my @lines = sort { $a <=> $b } <$r>;
my $sum = 0;
while ((my $p = wait()) > 0) { $sum += $? >> 8 }
print "children wrote ", join(" ", map { chomp; $_ } @lines), " and returned $sum\n";
print "sleeping ", select(undef, undef, undef, 0.05), "\n";
exec "sh", "-c", "echo exec; exit 5";
