#!/bin/sh
# SIGUSR1 to umk: every task, what it does and what it waits for, on standard error; and everything goes on.
fail() { echo "$*"; cat out; exit 1; }
SCALE=${TIMEOUT_SCALE:-1}

wait_for() { # wait_for PATTERN
	n=0
	until grep -q "$1" out; do
		n=$((n + 1))
		[ $n -lt $((100 * SCALE)) ] || fail "$backend: no '$1'"
		sleep 0.1
	done
}

for backend in seccomp ptrace; do
	rm -f out pid go end
	mkfifo go
	timeout $((60 * SCALE)) sh -c 'echo $$ >pid; exec "$@"' sh "$UMK" --trap=$backend busybox sh -c '
		busybox cat <go &
		(while :; do :; done) & busy=$!
		busybox sh -c "kill -STOP \$\$" & stopped=$!
		(until [ -e end ]; do busybox sleep 0.1; done; echo >go) &
		busybox sleep 0.5
		echo started
		wait %1
		kill -KILL $busy $stopped
		echo done' >out 2>&1 &
	wait_for started
	# a second time once the shell waits, too
	kill -USR1 "$(cat pid)"
	sleep 0.3
	: >out
	kill -USR1 "$(cat pid)"
	wait_for "umk: [0-9]* tasks"
	wait_for "running its program"
	sleep 0.3
	grep -q "^umk: task 1 (init), process 1, parent 1: sleeping" out || fail "$backend: init"
	grep -q "^umk: task 2 (busybox), process 2, parent 1: sleeping in rt_sigsuspend(0x[0-9a-f]*, 0x8), waits in \(sleep_until_signal\|[a-z_]*sigsuspend\)" out ||
		fail "$backend: the shell's call"
	grep -q "^umk:  .* [a-z_]*sigsuspend+0x[0-9a-f]* < .*do_syscall_64+0x[0-9a-f]* < task_loop" out || fail "$backend: the shell's call chain"
	grep -q "(busybox), process [0-9]*, parent 2: sleeping in open[at2]*(.*waits in fifo_open" out || fail "$backend: the open of a FIFO"
	grep -q "(busybox), process [0-9]*, parent 2: running its program" out || fail "$backend: the busy one"
	grep -q "(busybox), process [0-9]*, parent 2: stopped" out || fail "$backend: the stopped one"
	>end
	wait_for done
	wait
done
