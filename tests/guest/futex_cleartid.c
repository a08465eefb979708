/* CLONE_CHILD_CLEARTID and set_tid_address: the word is cleared and its waiters are woken when a thread ends, however it does. */
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "show.h"

#define VM (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)

static char *stack;
static volatile int32_t tid = -1, parent_tid = -1, go;

static int body(void *arg)
{
	while (!go)
		;
	syscall(SYS_exit, 0);
	return 0;
}

static long wait_tid(volatile int32_t *w)
{
	struct timespec lots = { 20, 0 };
	int32_t v;

	while ((v = *w) != 0)
		if (syscall(SYS_futex, w, FUTEX_WAIT, v, &lots, NULL, 0) && errno == ETIMEDOUT)
			return -1;
	return 0;
}

int main(void)
{
	int32_t *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status, t;
	pid_t pid;

	stack = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	t = clone(body, stack + 65536, VM | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID, NULL, &parent_tid, NULL, &tid);
	printf("parent's word %d\n", parent_tid == t);
	while (tid == -1)
		;
	printf("child's word %d\n", tid == t);
	go = 1;
	SHOW(wait_tid(&tid));
	printf("word %d\n", tid);
	/* only the parent's */
	tid = 77;
	go = 1;
	t = clone(body, stack + 65536, VM | CLONE_PARENT_SETTID, NULL, &parent_tid, NULL, &tid);
	for (int i = 0; i < 5000 && !syscall(SYS_tgkill, getpid(), t, 0); i++)
		usleep(1000);
	printf("untouched %d\n", tid);
	/* a process of its own that shares nothing: its word is cleared only where others see it */
	shared[0] = 55;
	pid = syscall(SYS_clone, CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD, 0, NULL, shared, NULL);
	if (!pid)
		_exit(0);
	waitpid(pid, &status, 0);
	printf("alone in its memory: set %d, cleared %d\n", shared[0] == pid, shared[0] == 0);
	/* killed: nobody shares its memory, so nothing is cleared */
	shared[1] = 0;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		SHOW(syscall(SYS_set_tid_address, shared + 2) == getpid());
		shared[2] = 66;
		shared[1] = 1;
		pause();
	}
	while (!((volatile int32_t *)shared)[1])
		usleep(500);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	printf("killed %d: word %d\n", WTERMSIG(status), shared[2] == 66);
	/* execve clears it, too, when others share the memory */
	pid = syscall(SYS_clone, CLONE_VM | CLONE_VFORK | CLONE_CHILD_CLEARTID | SIGCHLD, stack + 65536 - 4096, NULL, &tid, NULL);
	if (!pid)
		_exit(0);
	waitpid(pid, &status, 0);
	printf("vfork: word %d\n", tid);
	/* a bad address is nobody's error */
	go = 1;
	t = clone(body, stack + 65536, VM | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID, NULL, NULL, NULL, (int *)16);
	for (int i = 0; i < 5000 && !syscall(SYS_tgkill, getpid(), t, 0); i++)
		usleep(1000);
	printf("went on\n");
	return 0;
}
