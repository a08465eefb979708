#!/bin/sh
# Stubs killed at random moments while many guests fork, execute, compute, sleep and run threads: each death is one guest
# process's. umk goes on, ends when its first program does, leaks nothing and leaves nothing behind.
fail() { echo "$*"; exit 1; }
SCALE=${TIMEOUT_SCALE:-1}
KILLS=${KILLS:-150}

${MAKE:-make} -s -C "$TOP" O="$O" "$O/guest/futex_threads" "$O/guest/proc_fork" "$O/guest/unix_bulk" || fail "guests do not build"
cat >work.sh <<'W'
round() { # PROGRAM...
	(i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done) &
	(for i in 1 2 3 4 5; do busybox true; done) &
	busybox sleep 0.2 &
	busybox seq 20000 | busybox sort -n | busybox tail -n 1 &
	busybox sh -c 'busybox sleep 0.1 & busybox dd if=/dev/zero bs=64k count=100 2>/dev/null | busybox wc -c; wait' &
	# A program whose peer is killed may wait for it for ever, as on any Linux, if it holds the peer's end of a socket.
	for program; do busybox timeout -s KILL 10 "$program" >/dev/null 2>&1 & done
	wait
}
echo started
until [ -e go ]; do :; done
while [ ! -e stop ]; do round "$@" >/dev/null 2>&1; done
echo finished
W

for backend in seccomp ptrace; do
	rm -f stop go out pid
	setsid sh -c 'echo $$ >pid; exec "$@"' sh "$UMK" --trap=$backend --stats -- busybox sh work.sh \
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
	killed=0 tries=0
	while [ $killed -lt "$KILLS" ]; do
		victim=$(pgrep -g "$pid" -x umk-stub | grep -vxF "$spared" | shuf -n 1)
		[ -n "$victim" ] && kill -KILL "$victim" 2>/dev/null && killed=$((killed + 1))
		kill -0 "$pid" 2>/dev/null || fail "$backend: umk ended after $killed kills: $(tail -n 5 out)"
		tries=$((tries + 1))
		[ $tries -lt $((20 * KILLS)) ] || fail "$backend: only $killed of $tries"
		sleep "0.0$(shuf -i 0-9 -n 1)"
	done
	: >stop
	n=0
	while kill -0 "$pid" 2>/dev/null && ! grep -q finished out; do
		n=$((n + 1))
		[ $n -lt $((600 * SCALE)) ] || fail "$backend: does not finish: $(tail -n 5 out)"
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
done
