#!/bin/sh
# What umk does not do is counted by place: --stats tells all of it at the end, --strict ends umk at the first.
fail() { echo "$*"; cat out; exit 1; }
cat >lack.c <<'C'
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		switch (atoi(argv[i])) {
		case 0:
			syscall(SYS_perf_event_open, NULL, 0, 0, 0, 0);
			break;
		case 1:
			syscall(999);
			break;
		case 2:
			prctl(0x7654321, 0, 0, 0, 0);
			break;
		case 3:
			unshare(CLONE_NEWUTS);
			break;
		case 4: /* int $0x80: an i386 call */
			__asm__ volatile("int $0x80" : : "a"(20l) : "memory");
			break;
		}
	puts("end");
	return 3;
}
C
gcc -static -O1 -Wall -o lack lack.c || { echo "no static C compiler"; exit 77; }

for backend in seccomp ptrace; do
	run() { timeout 30 "$UMK" --trap=$backend "$@" >out 2>&1; status=$?; }

	run --stats ./lack 0 0 0 1 2 2 3
	[ $status = 3 ] || fail "$backend: status $status"
	grep -q "^umk: not implemented: perf_event_open (call 298): 3$" out || fail "$backend: a call without an entry"
	grep -q "^umk: not implemented: calls outside the table: 1, last 999$" out || fail "$backend: a number outside the table"
	grep -q "^umk: not implemented: prctl option: 2, last 124076833 (0x7654321)$" out || fail "$backend: an option"
	grep -q "^umk: not implemented: unshare namespace flags: 1, last " out || fail "$backend: a flag"
	run ./lack 0 1 2 3
	! grep -q "not implemented" out || fail "$backend: counts nobody asked for"
	run --strict ./lack
	[ $status = 3 ] || fail "$backend: strict without a reason: status $status"
	n=0
	for text in "perf_event_open (298" "? (999" "prctl option (124076833, 0x7654321)" "unshare namespace flags"; do
		run --strict ./lack $n
		[ $status = 125 ] || fail "$backend: strict goes on: status $status"
		! grep -q "^end" out || fail "$backend: strict comes late"
		grep -qF "umk: not implemented: $text" out || fail "$backend: strict does not say $text"
		grep -q "in task 2 (lack); --strict ends here$" out || fail "$backend: strict does not say who"
		n=$((n + 1))
	done
done
run --stats ./lack 4
grep -q "^umk: not implemented: i386 call 20: 1$" out || fail "an i386 call is not counted"
