/* prlimit64 and its elders: every resource, other processes, raising and lowering, and who may. */
// needs-root: ids change
/* musl */
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "show.h"

struct lim { uint64_t cur, max; };

static long prlimit_(pid_t pid, unsigned what, struct lim *new, struct lim *old)
{
	return syscall(SYS_prlimit64, pid, what, new, old);
}

static int go[2], ready[2];

static pid_t child(uid_t uid)
{
	pid_t pid;
	char c;

	pipe(go);
	pipe(ready);
	pid = fork();
	if (!pid) {
		close(go[1]);
		if (uid) {
			setresgid(uid, uid, uid);
			setresuid(uid, uid, uid);
		}
		write(ready[1], "r", 1);
		read(go[0], &c, 1);
		_exit(0);
	}
	close(go[0]);
	read(ready[0], &c, 1);
	return pid;
}

int main(void)
{
	struct lim l, old, want;
	pid_t pid;

	for (unsigned i = 0; i < 16; i++) {
		/* lower the soft limit to half of what it can be, and back */
		if (prlimit_(0, i, NULL, &old))
			printf("%u: %s\n", i, errno_name(errno));
		want = (struct lim){ old.max == ~0ull ? 1ull << 40 : old.max / 2, old.max };
		if (prlimit_(0, i, &want, &l) || l.cur != old.cur || l.max != old.max)
			printf("%u: not the old one\n", i);
		prlimit_(0, i, NULL, &l);
		if (l.cur != want.cur || l.max != want.max)
			printf("%u: not set\n", i);
		prlimit_(0, i, &old, NULL);
	}
	SHOW(prlimit_(0, 16, NULL, &l));
	SHOW(prlimit_(0, ~0u, NULL, &l));
	l = (struct lim){ 5, 4 };
	SHOW(prlimit_(0, RLIMIT_CORE, &l, NULL));
	SHOW(prlimit_(0, RLIMIT_CORE, BAD_PTR, NULL));
	SHOW(prlimit_(0, RLIMIT_CORE, NULL, BAD_PTR));
	SHOW(prlimit_(0, RLIMIT_CORE, NULL, NULL));
	SHOW(prlimit_(0x3fffffff, RLIMIT_CORE, NULL, &l));
	SHOW(prlimit_(-1, RLIMIT_CORE, NULL, &l));
	l = (struct lim){ 1ull << 31, 1ull << 31 };
	SHOW(prlimit_(0, RLIMIT_NOFILE, &l, NULL));
	SHOW(syscall(SYS_getrlimit, 16, &l));
	SHOW(syscall(SYS_getrlimit, 0, BAD_PTR));
	SHOW(syscall(SYS_setrlimit, 16, &old));
	SHOW(syscall(SYS_setrlimit, 0, BAD_PTR));
	/* another process's */
	pid = child(0);
	l = (struct lim){ 1234, 5678 };
	SHOW(prlimit_(pid, RLIMIT_CORE, NULL, &old));
	l.max = old.max;
	l.cur = old.max == ~0ull ? 1234 : old.max / 2;
	want = l;
	SHOW(prlimit_(pid, RLIMIT_CORE, &l, NULL));
	SHOW(prlimit_(pid, RLIMIT_CORE, NULL, &l));
	SHOW(l.cur == want.cur);
	close(go[1]);
	waitpid(pid, NULL, 0);
	/* an ordinary user: its own processes, downwards */
	pid = child(1000);
	if (!fork()) {
		setresgid(1000, 1000, 1000);
		setresuid(1000, 1000, 1000);
		l = (struct lim){ 100, 200 };
		SHOW(prlimit_(pid, RLIMIT_NOFILE, &l, &old));
		l = (struct lim){ 200, 200 };
		SHOW(prlimit_(pid, RLIMIT_NOFILE, &l, &old));
		SHOW(old.cur);
		l = (struct lim){ 200, 201 };
		SHOW(prlimit_(pid, RLIMIT_NOFILE, &l, NULL));
		SHOW(prlimit_(getppid(), RLIMIT_NOFILE, NULL, &l));
		SHOW(prlimit_(1, RLIMIT_NOFILE, NULL, &l));
		SHOW(syscall(SYS_setrlimit, RLIMIT_NOFILE, &(struct lim){ 9, 10 }));
		SHOW(syscall(SYS_setrlimit, RLIMIT_NOFILE, &(struct lim){ 9, 11 }));
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	close(go[1]);
	waitpid(pid, NULL, 0);
	return 0;
}
