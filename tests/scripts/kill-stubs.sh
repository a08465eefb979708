#!/bin/sh
# Stubs killed from outside and guests killed from within at random moments, while many guests fork, execute, compute,
# sleep and run threads. Each death is one guest process's: umk goes on, ends when its first program does, leaks nothing,
# holds no descriptor of the dead and leaves nothing behind. KILLS is how many from outside; about as many come from
# within. A round that makes no progress is a hang: what ends a guest whose peer was killed is its own alarm.
fail() { echo "$*"; exit 1; }
SCALE=${TIMEOUT_SCALE:-1}
KILLS=${KILLS:-150}
KILL_SEED=${KILL_SEED:-$$}

${MAKE:-make} -s -C "$TOP" O="$O" "$O/guest/futex_threads" "$O/guest/proc_fork" "$O/guest/unix_bulk" || fail "guests do not build"
mkdir -p "$O/attack"
for name in deadline killer; do
	gcc -std=gnu11 -O1 -D_GNU_SOURCE -static -pthread -o "$O/attack/$name.$$" "$TOP/tests/attack/$name.c" &&
		mv "$O/attack/$name.$$" "$O/attack/$name" || fail "$name does not build"
done

cat >work.sh <<'W'
attack=$1 seed=$2
shift 2
round() { # PROGRAM...
	"$attack/killer" 20 "$seed" inside &
	(i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done) &
	(for i in 1 2 3 4 5; do busybox true; done) &
	busybox sleep 0.2 &
	busybox seq 20000 | busybox sort -n | busybox tail -n 1 &
	busybox sh -c 'busybox sleep 0.1 & busybox dd if=/dev/zero bs=64k count=100 2>/dev/null | busybox wc -c; wait' &
	# A program whose peer is killed may wait for it for ever, as on any Linux, if it holds the peer's end of a socket.
	for program; do "$attack/deadline" 10 "$program" >/dev/null 2>&1 & done
	wait
}
echo started
until [ -e go ]; do :; done
n=0
while [ ! -e stop ]; do
	round "$@" >/dev/null 2>errors
	n=$((n + 1))
	echo $n >rounds
done
echo finished
W

# Fails unless a round has ended in the last minute.
progress() {
	now=$(date +%s)
	round=$(cat rounds 2>/dev/null)
	[ "$round" = "$last_round" ] || last_round=$round last_time=$now
	[ $((now - last_time)) -lt $((60 * SCALE)) ] || fail "$backend: hangs in round $round, after $killed kills: $(ps -o pid,stat,wchan,time,args -g "$pid")"
}
descriptors() { ls /proc/"$pid"/fd 2>/dev/null | wc -l; }

for backend in ${KILL_TRAPS:-seccomp ptrace}; do
	rm -f stop go out pid rounds inside errors
	setsid sh -c 'echo $$ >pid; exec "$@"' sh "$UMK" --trap=$backend --stats -- busybox sh work.sh "$O/attack" "$KILL_SEED" \
		"$O/guest/futex_threads" "$O/guest/proc_fork" "$O/guest/unix_bulk" >out 2>&1 </dev/null &
	shell=$!
	n=0
	until [ -s pid ] && grep -q started out; do
		n=$((n + 1))
		[ $n -lt $((100 * SCALE)) ] || fail "$backend: does not start: $(cat out)"
		sleep 0.1
	done
	pid=$(cat pid)
	# Those that are there at the start are spared: the zygote, the first program's, and a few made ahead.
	spared=$(pgrep -g "$pid" -x umk-stub)
	: >go
	killed=0 tries=0 before= last_round= last_time=$(date +%s)
	while [ $killed -lt "$KILLS" ]; do
		victim=$(pgrep -g "$pid" -x umk-stub | grep -vxF "$spared" | shuf -n 1)
		[ -n "$victim" ] && kill -KILL "$victim" 2>/dev/null && killed=$((killed + 1))
		kill -0 "$pid" 2>/dev/null || fail "$backend: umk ended after $killed kills: $(tail -n 5 out errors)"
		tries=$((tries + 1))
		[ $tries -lt $((50 * KILLS)) ] || fail "$backend: only $killed of $tries"
		[ $((tries % 100)) != 0 ] || progress
		[ $killed -lt $((KILLS / 5)) ] || before=${before:-$(descriptors)}
		sleep "0.0$(shuf -i 0-9 -n 1)"
	done
	after=$(descriptors)
	[ "$after" -lt $((before + 200)) ] || fail "$backend: from $before to $after descriptors"
	: >stop
	while kill -0 "$pid" 2>/dev/null && ! grep -q finished out; do
		progress
		sleep 0.1
	done
	wait $shell
	status=$?
	[ $status = 0 ] || fail "$backend: status $status: $(tail -n 5 out)"
	grep -q 'leaks: 0$' out || fail "$backend: $(grep -v started out | tail -n 30)"
	n=0
	while pgrep -g "$pid" >/dev/null; do
		n=$((n + 1))
		[ $n -lt 50 ] || fail "$backend: left behind: $(pgrep -a -g "$pid")"
		sleep 0.1
	done
	[ -z "$KILLS_REPORT" ] || echo "$backend: $killed kills from outside, $(wc -c <inside) from within, $(cat rounds) rounds"
done
