/* unshare: what a thread or a vfork-like child can stop sharing, and what it cannot. */
// needs-root: it gives rights up
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "show.h"

static char stack[65536] __attribute__((aligned(16)));
static int what, child_fd;

static int child(void *arg)
{
	(void)arg;
	if (what && unshare(what))
		_exit(100);
	child_fd = dup2(1, 77);
	umask(0177);
	chdir("/usr");
	_exit(0);
}

/* A child that shares files and directories with us, after it has unshared @flags. */
static void share(int flags)
{
	char cwd[64];
	int status;
	pid_t pid;

	what = flags;
	chdir("/");
	umask(022);
	pid = clone(child, stack + sizeof(stack), CLONE_FILES | CLONE_FS | SIGCHLD, NULL);
	waitpid(pid, &status, 0);
	printf(" status %d, its descriptor %s, cwd %s, umask %03o\n", WEXITSTATUS(status), fcntl(77, F_GETFD) < 0 ? "unseen" :
		"seen", getcwd(cwd, sizeof(cwd)), umask(022));
	close(77);
}

static void *thread(void *arg)
{
	char cwd[64];

	chdir("/");
	SHOW(unshare(CLONE_FILES | CLONE_FS | CLONE_SYSVSEM));
	chdir("/usr");
	close((int)(long)arg);
	printf(" the thread's cwd %s\n", getcwd(cwd, sizeof(cwd)));
	SHOW(unshare(CLONE_VM));
	SHOW(unshare(CLONE_THREAD));
	SHOW(unshare(CLONE_SIGHAND));
	return NULL;
}

int main(void)
{
	pthread_t t;
	char cwd[64];
	int fd;

	SHOW(unshare(0));
	SHOW(unshare(CLONE_FILES));
	SHOW(unshare(CLONE_FS));
	SHOW(unshare(CLONE_SYSVSEM));
	SHOW(unshare(CLONE_VM | CLONE_SIGHAND | CLONE_THREAD));
	SHOW(unshare(CLONE_VFORK));
	SHOW(unshare(CLONE_PARENT));
	SHOW(unshare(0x40));
	SHOW(unshare(0xff));
	share(0);
	share(CLONE_FILES);
	share(CLONE_FS);
	share(CLONE_FILES | CLONE_FS);
	fd = dup(1);
	pthread_create(&t, NULL, thread, (void *)(long)fd);
	pthread_join(t, NULL);
	SHOW(fcntl(fd, F_GETFD));
	printf(" main's cwd %s\n", getcwd(cwd, sizeof(cwd)));
	setresuid(1000, 1000, 1000);
	SHOW(unshare(CLONE_NEWNS));
	SHOW(unshare(CLONE_NEWUTS));
	SHOW(unshare(CLONE_NEWIPC));
	SHOW(unshare(CLONE_NEWNET));
	SHOW(unshare(CLONE_NEWPID));
	SHOW(setns(999, 0));
	SHOW(setns(1, 0));
	SHOW(setns(1, CLONE_NEWNS));
	fd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	SHOW(setns(fd, 0));
	SHOW(setns(fd, CLONE_FS));
	SHOW(setns(fd, CLONE_NEWUTS));
	return 0;
}
