#!/bin/sh
# Real programs: each case of tests/real/ runs on the host and under umk; output and exit status must be the same.
#
# The first line of a case tells what runs it: "# run: COMMAND"; @ stands for the case's own path. A case whose
# command is not on this machine is a failure: tools/setup.sh installs them all.
#
#   real.sh [NAME...]       with $UMK and $O as tests/run-scripts sets them
cd "$(dirname "$0")/../.." || exit 2
O=${O:-build}
case $O in /*) ;; *) O=$PWD/$O ;; esac
UMK=${UMK:-$O/umk}
SCALE=${TIMEOUT_SCALE:-1}
mkdir -p "$O/real"
for program in goroutines goexec; do
	[ "$O/real/$program" -nt tests/real/$program.go ] || CGO_ENABLED=0 GO111MODULE=off GOCACHE=$O/real/cache \
		go build -o "$O/real/$program" tests/real/$program.go || exit 1
done
passed=0 failed=0
work=$(mktemp -d "${TMPDIR:-/tmp}/umk-real-XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT

run() { # run OUT PREFIX...: the case in a fresh directory
	out=$1
	shift
	rm -rf "$work/dir"
	mkdir "$work/dir"
	(
		cd "$work/dir" || exit 2
		# shellcheck disable=SC2086
		timeout -k 5 $((60 * SCALE)) env -i PATH=/usr/bin:/bin HOME=/ LC_ALL=C TZ=UTC0 "$@" $command \
			</dev/null >"$out" 2>"$out.err"
		echo "exit: $?" >>"$out"
	)
	sed 's/^/stderr: /' "$out.err" >>"$out"
}

[ $# -gt 0 ] || set -- $(cd tests/real && ls *.sh)
for name in "$@"; do
	case=$PWD/tests/real/$name
	command=$(sed -n '1,3s|^# run: ||p' "$case" | sed "s|@|$case|g; s|%O|$O|g")
	run "$work/host"
	for mode in "--trap=seccomp --rewrite=on" "--trap=seccomp --rewrite=off" "--trap=ptrace"; do
		# shellcheck disable=SC2086
		run "$work/umk" "$UMK" $mode --
		if cmp -s "$work/host" "$work/umk"; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "FAIL: $name $mode"
			diff "$work/host" "$work/umk" | head -20
		fi
	done
done
echo "real programs: $passed passed, $failed failed"
[ "$failed" = 0 ]
