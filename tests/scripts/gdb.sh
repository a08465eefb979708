#!/bin/sh
# gdb on umk: it stops inside the kernel's __sys_recvfrom of a running guest, the backtrace reaches the dispatcher and the
# task's loop, the guest's registers are there, and neither signals nor stray stops disturb.
mkdir -p "$O/guest"
prog=$O/guest/gdb-recv
cat >recv.c <<'C'
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
	char buf[16];
	int s[2];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, s))
		return 1;
	if (!fork()) {
		write(s[1], "hello gdb", 9);
		_exit(0);
	}
	wait(NULL);
	printf("received %zd\n", recv(s[0], buf, sizeof(buf), 0));
	return 0;
}
C
gcc -O1 -static -o "$prog" recv.c -w || exit 1
for mode in seccomp ptrace; do
	timeout -k 5 60 gdb -q -nx -batch -ex 'set pagination off' -ex 'set debuginfod enabled off' \
		-ex 'break __sys_recvfrom' -ex run -ex bt -ex 'info args' -ex delete -ex continue \
		--args "$UMK" --trap=$mode "$prog" >out 2>&1 </dev/null
	fail() {
		echo "--trap=$mode: $1"
		cat out
		exit 1
	}
	grep -q 'Breakpoint 1, __sys_recvfrom' out || fail "gdb did not stop in __sys_recvfrom"
	grep -q '^#0 .*__sys_recvfrom' out || fail "no frame 0"
	grep -Eq '^#[1-4] .* do_syscall_64 ' out || fail "no do_syscall_64 in the backtrace"
	grep -Eq '^#[2-9] .* task_loop ' out || fail "the backtrace does not reach task_loop"
	grep -q 'corrupt stack\|Backtrace stopped\|?? ()' out && fail "the backtrace is broken"
	grep -q '^size = 16' out || fail "arguments are not shown"
	grep -q 'received 9' out || fail "the guest did not go on"
	grep -q 'received signal' out && fail "a signal disturbed gdb"
	grep -q 'exited normally' out || fail "umk did not end normally"
done
exit 0
