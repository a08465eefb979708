/* kcmp: which objects tasks share, by kind, and that the order it gives is one. */
// needs-root: ids change
/* */
/* musl */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <linux/kcmp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "show.h"

static char stack[65536] __attribute__((aligned(16)));
static int hold[2];

static long kcmp(pid_t a, pid_t b, int type, unsigned long i, unsigned long j) { return syscall(SYS_kcmp, a, b, type, i, j); }

static int child(void *arg)
{
	char c;

	(void)arg;
	if (!arg)
		close(hold[1]);
	read(hold[0], &c, 1);
	_exit(0);
}

/* What a child made with @flags shares with us. */
static void shares(const char *text, int flags)
{
	pid_t me = getpid(), pid;

	pipe(hold);
	pid = clone(child, stack + sizeof(stack), flags | SIGCHLD, flags & CLONE_FILES ? stack : NULL);
	printf("%s: vm %d, files %d, fs %d, handlers %d, io %d, semaphores %d\n", text, !kcmp(me, pid, KCMP_VM, 0, 0),
		!kcmp(me, pid, KCMP_FILES, 0, 0), !kcmp(me, pid, KCMP_FS, 0, 0), !kcmp(me, pid, KCMP_SIGHAND, 0, 0),
		!kcmp(me, pid, KCMP_IO, 0, 0), !kcmp(me, pid, KCMP_SYSVSEM, 0, 0));
	close(hold[1]);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(hold[0]);
}

static int sign(long order) { return order == 1 ? -1 : order == 2 ? 1 : 0; }

int main(void)
{
	pid_t me = getpid(), pid;
	int a = dup(1), b = open("/dev/null", O_RDONLY), c = open("/dev/null", O_RDONLY), ep = epoll_create1(0), fds[2];
	struct kcmp_epoll_slot slot;
	struct epoll_event ev = { .events = EPOLLIN };

	shares("fork", 0);
	shares("clone VM", CLONE_VM);
	shares("clone VM, SIGHAND", CLONE_VM | CLONE_SIGHAND);
	shares("clone FILES", CLONE_FILES);
	shares("clone FS", CLONE_FS);
	/* files by their open file description */
	SHOW(kcmp(me, me, KCMP_FILE, 1, 1));
	SHOW(kcmp(me, me, KCMP_FILE, 1, (unsigned)a));
	SHOW(kcmp(me, me, KCMP_FILE, (unsigned)b, (unsigned)c) != 0);
	SHOW(sign(kcmp(me, me, KCMP_FILE, (unsigned)b, (unsigned)c)) + sign(kcmp(me, me, KCMP_FILE, (unsigned)c, (unsigned)b)));
	pipe(hold);
	pid = fork();
	if (!pid)
		child(NULL);
	SHOW(kcmp(me, pid, KCMP_FILE, (unsigned)b, (unsigned)b));
	SHOW(kcmp(me, pid, KCMP_FILE, (unsigned)b, (unsigned)c) != 0);
	SHOW(kcmp(me, pid, KCMP_FILE, 999, 1));
	SHOW(kcmp(me, pid, KCMP_FILE, 1, 999));
	/* the targets of an epoll */
	pipe(fds);
	epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], &ev);
	slot = (struct kcmp_epoll_slot){ .efd = (unsigned)ep, .tfd = (unsigned)fds[0], .toff = 0 };
	SHOW(kcmp(me, me, KCMP_EPOLL_TFD, (unsigned)fds[0], (unsigned long)&slot));
	SHOW(kcmp(me, me, KCMP_EPOLL_TFD, (unsigned)b, (unsigned long)&slot) > 0);
	SHOW(kcmp(me, me, KCMP_EPOLL_TFD, 999, (unsigned long)&slot));
	slot.toff = 1;
	SHOW(kcmp(me, me, KCMP_EPOLL_TFD, (unsigned)fds[0], (unsigned long)&slot));
	slot.efd = 999;
	SHOW(kcmp(me, me, KCMP_EPOLL_TFD, (unsigned)fds[0], (unsigned long)&slot));
	slot.efd = (unsigned)fds[0];
	SHOW(kcmp(me, me, KCMP_EPOLL_TFD, (unsigned)fds[0], (unsigned long)&slot));
	SHOW(kcmp(me, me, KCMP_EPOLL_TFD, (unsigned)fds[0], 16));
	/* errors */
	SHOW(kcmp(me, me, 99, 0, 0));
	SHOW(kcmp(me, 0x3fffffff, KCMP_VM, 0, 0));
	SHOW(kcmp(0, me, KCMP_VM, 0, 0));
	SHOW(kcmp(-1, me, KCMP_VM, 0, 0));
	if (!fork()) {
		setresuid(1000, 1000, 1000);
		prctl(PR_SET_DUMPABLE, 1);
		SHOW(kcmp(getpid(), getpid(), KCMP_VM, 0, 0));
		SHOW(kcmp(getpid(), pid, KCMP_VM, 0, 0));
		SHOW(kcmp(pid, getpid(), 99, 0, 0));
		_exit(0);
	}
	close(hold[1]);
	while (wait(NULL) > 0)
		;
	return 0;
}
