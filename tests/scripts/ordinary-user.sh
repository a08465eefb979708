#!/bin/sh
# Programs whose output depends on who runs them (tests/guest/NAME.user.expected), run by an ordinary user on the host and under
# umk. tests/run-guest does the same with all programs when an ordinary user runs it.
[ "$(id -u)" = 0 ] || { echo "make check-guest does this"; exit 77; }
command -v setpriv >/dev/null || { echo "no setpriv"; exit 77; }
umask 022
mkdir user && cp "$UMK" user/umk || exit 1
chmod -R a+rX user
programs=
for expected in "$TOP"/tests/guest/*.user.expected; do
	programs="$programs $(basename "$expected" .user.expected)"
done
goals=
for name in $programs; do goals="$goals $O/guest/$name"; done
# shellcheck disable=SC2086
(cd "$TOP" && ${MAKE:-make} -s O="$O" $goals) || exit 1
failed=0 n=0
run() { # run NAME COMMAND...
	name=$1
	shift
	rm -rf work && mkdir work && chown 65532:65532 work
	(cd work && timeout $((30 * TIMEOUT_SCALE)) setpriv --reuid=65532 --regid=65532 --clear-groups \
		env -i PATH=/usr/bin:/bin HOME=/ LC_ALL=C "$@" >../out 2>../err </dev/null; echo "exit: $?" >>../out)
	sed 's/^/stderr: /' err >err.marked
	sed '$d' out | cat - err.marked >all
	tail -n 1 out >>all
	n=$((n + 1))
	cmp -s all "$TOP/tests/guest/$name.user.expected" && return
	echo "$name: $*"
	diff "$TOP/tests/guest/$name.user.expected" all
	failed=1
}
chmod 711 .
for name in $programs; do
	cp "$O/guest/$name" user/ && chmod 755 "user/$name"
	at=$PWD/user
	run "$name" "$at/$name"
	for backend in seccomp ptrace; do
		# shellcheck disable=SC2046
		run "$name" "$at/umk" --trap=$backend $(sed -n 's|^.*// *umk-args: *||p' "$TOP/tests/guest/$name.c") -- "$at/$name"
	done
done
[ $n -ge 30 ] || { echo "only $n runs"; exit 1; }
exit $failed
