#!/bin/sh
# Signals to umk, and what is left behind when it ends: nothing. Each umk runs in a process group of its own, in which its
# stubs stay, so that leftovers can be counted.
fail() { echo "$*"; exit 1; }
SCALE=${TIMEOUT_SCALE:-1}

start() { # start ARGS...: umk in the background, its pid (and group) in $pid
	rm -f pid out
	setsid env --default-signal=INT,QUIT sh -c 'echo $$ >pid; exec "$@"' sh "$UMK" --trap="$backend" "$@" >out 2>&1 </dev/null &
	shell=$!
	n=0
	until [ -s pid ] && grep -q started out; do
		n=$((n + 1))
		[ $n -lt $((100 * SCALE)) ] || fail "$backend: the guest does not start: $(cat out)"
		sleep 0.1
	done
	pid=$(cat pid)
}

finished() { # finished STATUS: that is how it ends, and nothing remains
	wait $shell
	status=$?
	[ $status = "$1" ] || fail "$backend: status $status instead of $1: $(cat out)"
	n=0
	while pgrep -g "$pid" >/dev/null; do
		n=$((n + 1))
		[ $n -lt 50 ] || fail "$backend: left behind: $(pgrep -a -g "$pid")"
		sleep 0.1
	done
}

for backend in seccomp ptrace; do
	# ended by a signal that it does not handle
	for sig in TERM INT QUIT HUP; do
		start busybox sh -c 'echo started; exec busybox sleep 100'
		kill -$sig "$pid"
		case $sig in TERM) finished 143 ;; INT) finished 130 ;; QUIT) finished 131 ;; HUP) finished 129 ;; esac
	done
	# a guest's handler gets it
	start busybox sh -c 'trap "echo got it; exit 9" TERM; echo started; while :; do busybox sleep 0.1; done'
	kill -TERM "$pid"
	finished 9
	grep -q "got it" out || fail "$backend: the trap did not run"
	# many processes, one of them computing, and umk killed without a chance
	start busybox sh -c 'for i in 1 2 3 4 5; do busybox sleep 100 & done; while :; do :; done & echo started; wait'
	kill -KILL "$pid"
	finished 137
	# a stub killed from outside: its task dies by that signal, computing or sleeping, and the rest goes on. The stubs are
	# the zygote, the shell's, the child's, and spare ones made ahead.
	for victim in 'while :; do :; done' 'exec busybox sleep 100'; do
		start busybox sh -c "(echo started; $victim) & wait \$!; echo status \$?"
		sleep 0.5
		# exec gives the child another stub: the newest but the spare ones
		for stub in $(pgrep -g "$pid" -x umk-stub | sort -n | tail -n +3); do
			kill -KILL "$stub" 2>/dev/null
		done
		finished 0
		grep -q "status 137" out || fail "$backend: the shell saw: $(cat out)"
	done
	# without its zygote umk cannot go on, and says so
	start busybox sh -c 'echo started; while :; do busybox true; done'
	kill -KILL "$(pgrep -g "$pid" -x umk-stub | sort -n | head -n 1)"
	finished 125
	grep -q "^umk: " out || fail "$backend: no word of the zygote's end: $(cat out)"
	# stopped and continued
	start busybox sh -c 'echo started; busybox sleep 1; echo over'
	kill -STOP "$pid"
	sleep 0.2
	kill -CONT "$pid"
	finished 0
	grep -q over out || fail "$backend: it did not go on"
done
exit 0
