#!/bin/sh
# --host-unix: path sockets between guests and host programs, both ways, in all three types; who waits, who may, what stays.
command -v python3 >/dev/null && command -v socat >/dev/null || { echo "no python3 or socat"; exit 77; }
peer=$TOP/tests/tools/unixpeer.py
py=$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')
passed=0 failed=0
ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "$*"; }
is() { if [ "$2" = "$3" ]; then ok; else bad "$1: '$2' instead of '$3'"; fi; }
# Until $1 is a socket that somebody has bound.
bound() {
	i=0
	while [ ! -S "$1" ] && [ $i -lt 300 ]; do
		sleep 0.1
		i=$((i + 1))
	done
}
limit="timeout $((15 * ${TIMEOUT_SCALE:-1}))"
mkdir shared
here=$(pwd -P)

# What the host alone says is what is expected; beside whose process the other end shows.
for kind in stream seqpacket dgram; do
	$limit "$py" "$peer" serve $kind shared/s >want.serve &
	bound shared/s
	$limit "$py" "$peer" call $kind shared/s shared/own >want.call
	wait
	for trap in seccomp ptrace; do
		guest="$UMK --trap=$trap --host-unix=shared $py"
		rm -f shared/s shared/own
		$limit $guest "$peer" serve $kind shared/s >got.serve 2>&1 &
		bound shared/s
		$limit "$py" "$peer" call $kind shared/s shared/own >got.call 2>&1
		wait
		is "guest serves $kind ($trap)" "$(cat got.serve)" "$(sed 's/pid some/pid 0/' want.serve)"
		is "host calls $kind ($trap)" "$(cat got.call)" "$(cat want.call)"
		rm -f shared/s
		$limit "$py" "$peer" serve $kind shared/s >got.serve 2>&1 &
		bound shared/s
		$limit $guest "$peer" call $kind shared/s shared/own >got.call 2>&1
		wait
		# A pipe of the guest's is nothing that the host knows.
		is "host serves $kind ($trap)" "$(cat got.serve)" "$(sed "s/('pipe', \[\"pipe's text\"\]/('no pipe', []/" want.serve)"
		is "guest calls $kind ($trap)" "$(cat got.call)" \
			"$(sed 's/pid some/pid 0/; s/^pipe sent/pipe Operation not supported/' want.call)"
	done
done

umk="$UMK --host-unix=shared"
# Not shared: the name is there, the other kernel's socket is not.
rm -f shared/s
$limit socat UNIX-LISTEN:shared/s,fork EXEC:'echo host' &
server=$!
bound shared/s
is "shared" "$($limit $umk socat -u UNIX:shared/s -)" host
case $($limit "$UMK" socat -u UNIX:shared/s - 2>&1) in *"Connection refused"*) ok ;; *) bad "connected without --host-unix" ;; esac
mkdir private
case $($limit "$UMK" --host-unix=private socat -u UNIX:shared/s - 2>&1) in *"Connection refused"*) ok ;; *) bad "connected outside" ;; esac
ln -s shared link
is "by a symbolic link" "$($limit "$UMK" --host-unix=link socat -u UNIX:link/s -)" host
is "elsewhere in the tree" "$($limit "$UMK" --host-unix=shared --root=/ --bind="$here/shared":/mnt busybox sh -c 'socat -u UNIX:/mnt/s -')" host
kill $server
wait 2>/dev/null
$limit $umk busybox sh -c 'socat UNIX-LISTEN:private/s EXEC:"echo inside" & while [ ! -S private/s ]; do busybox sleep 0.1; done
	socat -u UNIX:private/s -' >out
is "guests among themselves" "$(cat out)" inside
rm -f shared/s
$limit $umk busybox sh -c 'socat UNIX-LISTEN:shared/s EXEC:"echo inside" & while [ ! -S shared/s ]; do busybox sleep 0.1; done
	socat -u UNIX:shared/s -' >out
is "guests among themselves, shared" "$(cat out)" inside

# Host and guest clients of one guest server; while one guest waits for the host, the others run.
rm -f shared/s
$limit $umk busybox sh -c 'socat UNIX-LISTEN:shared/s,fork EXEC:"busybox cat" & echo $! >pid
	while [ ! -S shared/s ]; do busybox sleep 0.1; done
	echo from a guest | socat -t5 - UNIX:shared/s
	while [ ! -e done ]; do busybox sleep 0.1; done; kill $(cat pid)' >out 2>&1 &
bound shared/s
is "host client" "$(echo from the host | $limit socat -t5 - UNIX:shared/s)" "from the host"
(sleep 0.5; echo late) | $limit socat -t5 - UNIX:shared/s >late &
is "while that waits" "$(echo in between | $limit socat -t5 - UNIX:shared/s)" "in between"
wait $!
touch done
wait
is "guest client" "$(cat out)" "from a guest"
is "late" "$(cat late)" late

# errno: what is no socket, what nobody listens at, the wrong type, a taken name, a name too long to be the host's
cat >errors.py <<'PYTHON'
import errno, os, socket, threading, time
def show(what, f, *args):
    try:
        f(*args)
        print(what, "ok")
    except OSError as e:
        print(what, errno.errorcode[e.errno])
S = lambda kind=socket.SOCK_STREAM: socket.socket(socket.AF_UNIX, kind)
show("file", S().connect, "shared/file")
show("nobody", S().connect, "shared/dead")
show("nothing", S().connect, "shared/none")
show("wrong type", S(socket.SOCK_DGRAM).connect, "shared/s")
show("wrong type", S(socket.SOCK_SEQPACKET).connect, "shared/s")
show("taken", S().bind, "shared/s")
show("no directory", S().bind, "shared/none/s")
s = S()
s.setblocking(False)
show("first", s.connect, "shared/s")
show("again", s.connect, "shared/s")
t = S()
show("second", t.connect, "shared/s")
t = S()
t.setblocking(False)
show("backlog", t.connect, "shared/s")
u = S()
u.settimeout(None)
import struct
u.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 100000))
show("backlog, timeout", u.connect, "shared/s")
show("empty", lambda: s.recv(1))
s.shutdown(socket.SHUT_WR)
show("shut", s.send, b"x")
d = S(socket.SOCK_DGRAM)
show("no destination", d.send, b"x")
show("too long", d.sendto, b"x" * 3000000, "shared/d")
d.setblocking(False)
n = 0
try:
    while n < 10000:
        d.sendto(b"x", "shared/d")
        n += 1
except OSError as e:
    print("queue full", errno.errorcode[e.errno], n > 0)
b = S()
b.bind("shared/mine")
os.chmod("shared/mine", 0o600)
print("bound", b.getsockname(), oct(os.stat("shared/mine").st_mode))
show("bound again", b.bind, "shared/mine2")
os.unlink("shared/mine")
show("long", S().bind, "shared/" + "x" * 80)
# a name after a connection that came to nothing
v = S()
show("nobody", v.connect, "shared/dead")
show("bound then", v.bind, "\0bound-then")
show("listening then", v.listen, 1)
# no name while somebody waits for the connection
w = S()
thread = threading.Thread(target=w.connect, args=("shared/s",))
thread.start()
time.sleep(0.3)
here = os.getcwd()
os.mkdir("shared/gone")
os.chdir("shared/gone")
os.rmdir("../gone")
show("in no directory", w.bind, "x")
os.chdir(here)
S(socket.SOCK_DGRAM).sendto(b"x", "shared/go")
thread.join()
print("accepted", w.send(b"hello"))
# the peer goes to somebody else, and what it had not read is lost; then it writes
x = S(socket.SOCK_DGRAM)
x.bind("shared/x")
x.connect("shared/go")
x.send(b"lost")
S(socket.SOCK_DGRAM).sendto(b"x", "shared/go2")
show("reset", x.recv, 100)
print(x.recv(100))
PYTHON
cat >server.py <<'PYTHON'
import socket, time
dead = socket.socket(socket.AF_UNIX); dead.bind("shared/dead")
d = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); d.bind("shared/d")
go = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); go.bind("shared/go")
go2 = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); go2.bind("shared/go2")
l = socket.socket(socket.AF_UNIX); l.bind("shared/s"); l.listen(1)
go.recv(1)
kept = [l.accept() for i in range(3)]
go2.recv(1)
go.connect("shared/x")
go.connect("shared/go2")
go.sendto(b"after that", "shared/x")
time.sleep(600)
PYTHON
for who in host guest; do
	rm -f shared/* ; echo text >shared/file
	"$py" server.py &
	server=$!
	bound shared/s
	case $who in
	host) $limit "$py" errors.py >want 2>&1 ;;
	guest) $limit $umk "$py" errors.py >got 2>&1 ;;
	esac
	kill $server
	wait 2>/dev/null
done
# A client in the backlog must not be the host's own from before.
is "errors" "$(cat got)" "$(cat want)"

# umk killed: no process stays, host clients see the end.
rm -f shared/*
$umk busybox sh -c 'socat UNIX-LISTEN:shared/s,fork EXEC:"busybox cat" & wait' 2>/dev/null &
victim=$!
bound shared/s
$limit socat -u UNIX:shared/s - >end </dev/null &
client=$!
sleep 0.5
stubs=$(ps -o pid= --ppid $victim)
kill -9 $victim
wait $victim 2>/dev/null
wait $client
is "client's end" "$?" 0
left() { ps -o stat= -p "$(echo $stubs | tr ' ' ,)" | grep -vc Z; }
i=0
while [ "$(left)" != 0 ] && [ $i -lt 100 ]; do
	sleep 0.1
	i=$((i + 1))
done
is "no process stays" "$(left)" 0

# the command line
is "overlay" "$("$UMK" --overlay --host-unix=shared true 2>&1)" "umk: --host-unix makes sockets on the host, which --overlay does not"
is "no directory" "$("$UMK" --host-unix=nothing true 2>&1)" "umk: --host-unix=nothing: not a directory"
# nothing is lost
is "leaks" "$($umk --stats socat UNIX-LISTEN:shared/x,unlink-close=1 /dev/null 2>&1 </dev/null | tail -n 1 & bound shared/x; echo x | socat - UNIX:shared/x; wait)" \
	"umk: leaks: 0"
echo "host-unix: $passed passed, $failed failed"
[ $failed = 0 ]
