#!/bin/sh
# The command line, the environment, exit statuses and limits of the host.
fail() { echo "$*"; exit 1; }

status() { # status WANTED ARGS...: runs umk; its output is in out, its messages in err
	wanted=$1
	shift
	"$UMK" "$@" >out 2>err </dev/null
	got=$?
	[ $got = "$wanted" ] || fail "umk $*: status $got instead of $wanted: $(cat err)"
}
limit() { # limit -X N -Y M...
	while [ $# != 0 ]; do
		ulimit "$1" "$2" || return
		shift 2
	done
}
one_line() {
	[ "$(wc -l <err)" = 1 ] && grep -q '^umk: ' err || fail "umk $*: not one line: $(cat err)"
}

status 0 --help
grep -q 'Usage: umk' out || fail "help: $(cat out)"
status 0 --version
for bad in --no-such-option --trap=none --net=user --gdb=- --mem=x; do
	status 125 $bad busybox true
	one_line $bad
done
status 125
one_line
status 125 --root=/no/such/dir busybox true
one_line root

# AddressSanitizer takes more address space than that
space='-v 4000000'
(limit $space && "$UMK" --version) >out 2>&1 || space=

for backend in seccomp ptrace; do
	t=--trap=$backend
	status 0 $t busybox true
	[ ! -s err ] || fail "$backend: messages: $(cat err)"
	status 1 $t busybox false
	status 7 $t busybox sh -c 'exit 7'
	status 143 $t busybox sh -c 'kill -TERM $$'
	status 139 $t busybox sh -c 'kill -SEGV $$'
	# what cannot be run
	status 127 $t no-such-program
	one_line missing
	status 127 $t ./no-such-program
	one_line missing
	echo hello >text
	status 126 $t ./text
	one_line text
	chmod +x text
	head -c 100 "$(command -v busybox)" >short
	chmod +x short
	status 126 $t ./short
	one_line truncated
	status 126 $t /
	one_line directory
	# environment and directory
	A=1 "$UMK" $t --env=B=2 busybox sh -c 'echo $A$B' >out
	[ "$(cat out)" = 12 ] || fail "$backend: environment: $(cat out)"
	status 0 $t --clearenv --env=B=2 /bin/busybox env
	grep -q '^B=2' out && ! grep -q '^HOME=' out || fail "$backend: clearenv: $(cat out)"
	status 0 $t --cwd=/usr busybox pwd
	[ "$(cat out)" = /usr ] || fail "$backend: cwd: $(cat out)"
	status 0 $t busybox pwd
	[ "$(cat out)" = "$(pwd -P)" ] || fail "$backend: pwd: $(cat out)"
	status 0 $t --hostname=testhost busybox uname -n
	[ "$(cat out)" = testhost ] || fail "$backend: hostname: $(cat out)"
	mkdir -p root/bin
	cp "$(command -v busybox)" root/bin/busybox
	status 0 $t --root=root --cwd=/ /bin/busybox ls /
	[ "$(cat out)" = bin ] || fail "$backend: root: $(cat out)"
	# the host's limits are the guest's, and are not in umk's way
	for limits in '-n 256' "-n 256 $space" '-s 1024'; do
		(limit $limits && "$UMK" $t busybox sh -c 'echo ok') >out 2>err || fail "$backend: ulimit $limits: $(cat err)"
		[ "$(cat out)" = ok ] || fail "$backend: ulimit $limits: $(cat out) $(cat err)"
	done
	# who cannot raise the limit of file size needs a capability for another way: then a message that names the limit
	(limit -n 256 -f 2000 $space && "$UMK" $t busybox sh -c 'echo ok') >out 2>err
	case $? in
	0) [ "$(cat out)" = ok ] || fail "$backend: ulimit -f: $(cat out) $(cat err)" ;;
	125) one_line limit; grep -q 'ulimit -f' err || fail "$backend: ulimit -f: $(cat err)" ;;
	*) fail "$backend: ulimit -f: $(cat err)" ;;
	esac
	(ulimit -v 100000; "$UMK" $t busybox true) 2>err && fail "$backend: 100 MB of address space cannot do"
	# the host's table of descriptors has its room from the start
	"$UMK" $t busybox sleep 20 &
	tries=100 size=0
	while [ "$(ulimit -Hn)" != unlimited ] && [ "$(ulimit -Hn)" -ge 4096 ] && [ $size -lt 4096 ]; do
		size=$(sed -n 's/^FDSize:[^0-9]*//p' /proc/$!/status)
		[ $((tries -= 1)) != 0 ] || fail "$backend: room for $size descriptors"
		sleep 0.1
	done
	kill $!
	# closed standard descriptors
	"$UMK" $t busybox cat <&- 2>err && fail "$backend: standard input is not closed"
	"$UMK" $t busybox sh -c 'echo x >&2' 2>&- >out
	"$UMK" $t busybox true >&- || fail "$backend: standard output closed: $?"
done

# without capabilities
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	chmod 755 .
	umk=$(readlink -f "$UMK")
	if setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$umk"; then
		out=$(setpriv --reuid=65534 --regid=65534 --clear-groups "$umk" busybox id -u 2>&1)
		[ "$out" = 65534 ] || fail "as an ordinary user: $out"
	fi
fi
exit 0
