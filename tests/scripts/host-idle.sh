#!/bin/sh
# A sleeping guest costs nothing: umk, zygote and stubs together use no CPU while it sleeps.
fail() { echo "$*"; exit 1; }
SECONDS_IDLE=${SECONDS_IDLE:-3}

for backend in seccomp ptrace; do
	setsid sh -c 'echo $$ >pid; exec "$@"' sh "$UMK" --trap=$backend busybox sh -c 'busybox sleep 60 & busybox sleep 60' &
	shell=$!
	sleep 1
	ticks() { # CPU ticks of the whole group
		sum=0
		for p in $(pgrep -g "$(cat pid)"); do
			# shellcheck disable=SC2046
			set -- $(sed 's/.*) //' "/proc/$p/stat")
			sum=$((sum + ${12} + ${13}))
		done
		echo $sum
	}
	before=$(ticks)
	sleep "$SECONDS_IDLE"
	after=$(ticks)
	kill -9 "$(cat pid)"
	wait $shell 2>/dev/null
	[ "$before" = "$after" ] || fail "$backend: $((after - before)) ticks in $SECONDS_IDLE s of idleness"
done
exit 0
