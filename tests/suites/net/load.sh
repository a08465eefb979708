# TCP under load, four proofs that a script sources and calls with its sizes. $GUEST is the prefix of what shall be a guest (umk
# with its options, or nothing: then the host is tried), $TOP the source tree. Each prints "= ..." lines that are the same
# everywhere, and returns false when something is wrong.

load_build() {
	for program in bulk epoll cycles synflood; do
		gcc -O2 -static -Wno-unused-result -D_GNU_SOURCE -I "$TOP/tests/guest" -o $program "$TOP/tests/suites/net/$program.c" || return 1
	done
}

# With umk, --stats has counted what was left behind; what was not implemented is shown.
no_leaks() {
	grep '^umk: not implemented' "$1"
	[ -z "$GUEST" ] || grep -q '^umk: leaks: 0$' "$1" || { echo "not without leaks:"; cat "$1"; return 1; }
}

# load_lossy BYTES SECONDS: a transfer over a bad network is intact, and done in time.
load_lossy() {
	./bulk -g "$1" | sha256sum >want
	start=$(date +%s)
	$GUEST ${GUEST:+--seed=1 --netem=lo:delay=5ms,loss=5%,reorder=10%,duplicate=2%} ./bulk "$1" 2>err | sha256sum >got
	took=$(($(date +%s) - start))
	echo "$1 bytes in $took s"
	cmp want got && [ $took -le "$2" ] && no_leaks err || { cat err; return 1; }
	echo "= $1 bytes, intact and within $2 s"
}

# load_many N: so many connections at once to one epoll server.
load_many() {
	start=$(date +%s)
	$GUEST ./epoll "$1" 2>err || { cat err; return 1; }
	echo "$1 connections in $(($(date +%s) - start)) s"
	no_leaks err
}

rss() { sed -n 's/^VmRSS:[ \t]*\([0-9]*\) kB$/\1/p' "/proc/$1/status" 2>/dev/null; }
# until_lines N FILE PID: waits for them while the process lives.
until_lines() {
	while [ "$(grep -c '^=' "$2")" -lt "$1" ]; do
		kill -0 "$3" 2>/dev/null || return 1
		sleep 0.1
	done
}

# load_cycles N KB: connect and close; in the second half memory has not grown by more than KB.
load_cycles() {
	mkfifo go
	start=$(date +%s)
	: >out
	$GUEST ./cycles "$1" $(($1 / 2)) <go >out 2>err &
	pid=$!
	exec 3>go
	until_lines 1 out $pid && first=$(rss $pid) && echo >&3 && until_lines 2 out $pid && second=$(rss $pid) && echo >&3
	exec 3>&-
	wait $pid || { cat err; return 1; }
	cat out
	echo "$1 cycles in $(($(date +%s) - start)) s; $first kB after the first half, $second kB after the second"
	[ $((second - first)) -le "$2" ] && no_leaks err
}

# load_flood N KB: SYNs that nobody follows up; memory stays within KB of what it was before them.
load_flood() {
	for n in 1000 "$1"; do
		${GUEST:-unshare -n} ./synflood "$n" >out 2>err &
		pid=$! most=0
		while now=$(rss $pid) && [ -n "$now" ]; do
			[ "$now" -le $most ] || most=$now
			sleep 0.05
		done
		wait $pid || { cat out err; return 1; }
		no_leaks err || return 1
		[ "$n" = 1000 ] && before=$most
	done
	cat out err
	echo "at most $before kB with 1000, $most kB with $1"
	[ $((most - before)) -le "$2" ]
}
