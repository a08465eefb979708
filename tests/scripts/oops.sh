#!/bin/sh
# Faults of the kernel itself, made on demand: the task whose call meets one is killed and the rest goes on; where there is
# no such task umk ends with a message. Without --test-faults no guest can make them.
fail() { echo "$*"; cat out; exit 1; }
cat >fault.c <<'C'
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
static char stack[65536];
static int make(void *kind) { _exit(prctl(0x756d6b66, (long)kind) != 0); }
int main(int argc, char **argv)
{
	int status;

	for (int i = 1; i < argc; i++) {
		/* sharing memory, so that its lock is everybody's */
		pid_t pid = clone(make, stack + sizeof(stack), CLONE_VM | SIGCHLD, (void *)atol(argv[i]));

		waitpid(pid, &status, 0);
		printf("kind %s: %s %d\n", argv[i], WIFSIGNALED(status) ? "signal" : "exit", WIFSIGNALED(status) ?
			WTERMSIG(status) : WEXITSTATUS(status));
		fflush(stdout);
		if (mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
			return 1;
	}
	usleep(50000);
	return 0;
}
C
gcc -static -O1 -Wall -o fault fault.c || { echo "no static C compiler"; exit 77; }
if nm "$UMK" | grep -q __asan_init; then echo "a sanitizer reports faults itself"; exit 77; fi

for backend in seccomp ptrace; do
	timeout 30 "$UMK" --trap=$backend ./fault 0 1 2 3 4 5 6 7 8 9 10 >out 2>&1 || fail "$backend: not asked for: status $?"
	[ "$(grep -c ': exit 1$' out)" = 11 ] || fail "$backend: not asked for, but something happened"
	! grep -q oops out || fail "$backend: not asked for, but an oops"

	timeout 30 "$UMK" --trap=$backend --test-faults --stats ./fault 0 1 2 3 4 5 6 7 10 >out 2>&1 || fail "$backend: status $?"
	grep -q "^umk: warning: kind == FAULT_WARN at kernel/faulttest.c:" out || fail "$backend: no warning"
	grep -q "^kind 0: exit 0" out || fail "$backend: a warning is more than that"
	for kind in 1 2 3 4 5 6 7; do
		grep -q "^kind $kind: signal 9" out || fail "$backend: kind $kind"
	done
	[ "$(grep -c '^umk: oops: killed process' out)" = 7 ] || fail "$backend: not 7 were killed"
	[ "$(grep -c '^umk: in task [0-9]* (fault), call prctl(0x756d6b66, 0x' out)" = 7 ] || fail "$backend: the calls"
	for text in "oops: Segmentation fault at address 0x10" "oops: Illegal instruction" "oops: Floating point exception" \
		"bug: kind == FAULT_BUG at kernel/faulttest.c" "  rip 0000" "#0 .* test_fault+0x" "#[12] .* do_syscall_64+0x" \
		"recurse+0x"; do
		grep -q "^umk: .*$text" out || fail "$backend: no '$text'"
	done
	# what the one with locks left behind can be used
	grep -q "^kind 10: exit 0" out || fail "$backend: the locks"
	# in interrupt context, and twice
	timeout 30 "$UMK" --trap=$backend --test-faults ./fault 8 >out 2>&1
	[ $? = 125 ] || fail "$backend: in interrupt context"
	grep -q "^umk: panic: an oops in interrupt context" out || fail "$backend: in interrupt context, the message"
	timeout 30 "$UMK" --trap=$backend --test-faults ./fault 9 >out 2>&1
	[ $? = 125 ] || fail "$backend: twice"
	grep -q "^umk: panic: an oops while another was handled" out || fail "$backend: twice, the message"
done
