/* Threads made by hand: TLS, the tid words, the futex at the end, what is shared. */
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

#define FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS | \
	CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID)

struct block {
	struct block *self; /* %fs:0 */
	long value, seen;
	int tid_child, tid_parent, pid, ppid, tid, fd;
	char name[16];
} blocks[3] __attribute__((aligned(64)));
static char stacks[3][32768] __attribute__((aligned(16)));

static long call(long nr, long a, long b, long c)
{
	long ret;

	__asm__ volatile("syscall" : "=a"(ret) : "a"(nr), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return ret;
}

/* Runs without libc: its TLS is not libc's. */
__attribute__((noreturn, used, noinline, optimize("no-stack-protector"))) void thread_main(void)
{
	struct block *b;

	__asm__ volatile("mov %%fs:0,%0" : "=r"(b));
	b->seen = b->value * 2;
	b->pid = (int)call(SYS_getpid, 0, 0, 0);
	b->ppid = (int)call(SYS_getppid, 0, 0, 0);
	b->tid = (int)call(SYS_gettid, 0, 0, 0);
	b->fd = (int)call(SYS_dup, 1, 0, 0);
	call(SYS_chdir, (long)"/proc", 0, 0);
	call(SYS_exit, 7, 0, 0);
	for (;;)
		;
}

static long start(struct block *b, void *stack)
{
	register long r10 __asm__("r10") = (long)&b->tid_child;
	register long r8 __asm__("r8") = (long)b;
	long ret;

	__asm__ volatile("syscall\n test %%rax,%%rax\n jnz 1f\n xor %%ebp,%%ebp\n call thread_main\n1:"
		: "=a"(ret) : "a"(SYS_clone), "D"(FLAGS), "S"(stack), "d"(&b->tid_parent), "r"(r10), "r"(r8)
		: "rcx", "r11", "memory");
	return ret;
}

int main(void)
{
	char cwd[64];
	int status;

	for (int i = 0; i < 3; i++) {
		struct block *b = &blocks[i];
		long tid;

		b->self = b;
		b->value = 100 + i;
		b->tid_child = -1;
		tid = start(b, stacks[i] + sizeof(stacks[i]));
		SHOW(tid > 0 && b->tid_parent == tid);
		while (b->tid_child) {
			int seen = b->tid_child;

			if (seen)
				syscall(SYS_futex, &b->tid_child, FUTEX_WAIT, seen, NULL, NULL, 0);
		}
		SHOW(b->seen);
		SHOW(b->pid == getpid() && b->ppid == getppid() && b->tid == tid);
		SHOW(fcntl(b->fd, F_GETFD));
		close(b->fd);
	}
	SHOW(strcmp(getcwd(cwd, sizeof(cwd)), "/proc"));
	SHOW(waitpid(-1, &status, __WALL));
	return 0;
}
