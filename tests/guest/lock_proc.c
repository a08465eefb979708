/* /proc/locks and the lines "lock:" of /proc/PID/fdinfo: every kind, waiters below what they wait for, splits and merges. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include "show.h"

#ifndef F_OFD_SETLK
#define F_OFD_SETLK 37
#endif

static char where[64];
static int child;

static int by_text(const void *a, const void *b) { return strcmp(a, b); }

/* Whose pid it is. */
static const char *who(int pid) { return pid == getpid() ? "ME" : pid == child ? "CHILD" : pid == -1 ? "-1" : "?"; }

/* The lines of @file about our inode, without its numbers. In /proc/locks, ids count all locks of the machine, and the order is
 * that of the CPUs on which they were taken. */
static void show(const char *file, bool proc_locks)
{
	char line[256], out[16][128], *at, *start;
	FILE *f = fopen(file, "r");
	int n = 0, pid, len;

	while (fgets(line, sizeof(line), f)) {
		at = strstr(line, where);
		if (!at)
			continue;
		at[-1] = 0;
		start = strrchr(line, ' ');
		pid = atoi(start);
		len = start - line;
		start = proc_locks ? strchr(line, ':') + 1 : line;
		snprintf(out[n++], sizeof(out[0]), "%.*s %s <inode>%s", (int)(line + len - start), start, who(pid), at + strlen(where));
	}
	fclose(f);
	qsort(out, n, sizeof(out[0]), by_text);
	for (int i = 0; i < n; i++)
		printf("  %s", out[i]);
}

static void both(const char *what, int fd)
{
	char path[64];

	printf("%s\n", what);
	show("/proc/locks", true);
	sprintf(path, "/proc/self/fdinfo/%d", fd);
	show(path, false);
}

static int lock(int fd, int cmd, int type, long start, long len)
{
	struct flock fl = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };

	return fcntl(fd, cmd, &fl);
}

int main(void)
{
	struct stat st;
	int fd = open("file", O_RDWR | O_CREAT, 0644), fd2 = open("file", O_RDWR), p[2];
	char c;

	fstat(fd, &st);
	sprintf(where, "%02x:%02x:%lu", major(st.st_dev), minor(st.st_dev), (long)st.st_ino);
	both("nothing", fd);
	SHOW(flock(fd, LOCK_SH));
	both("flock", fd);
	both("by the other descriptor", fd2);
	SHOW(flock(fd, LOCK_UN));
	SHOW(lock(fd, F_SETLK, F_WRLCK, 10, 90));
	both("posix", fd);
	SHOW(lock(fd, F_SETLK, F_UNLCK, 40, 20));
	both("split", fd);
	SHOW(lock(fd, F_SETLK, F_WRLCK, 40, 20));
	SHOW(lock(fd2, F_SETLK, F_RDLCK, 1000, 0));
	both("merged; another to the end", fd);
	both("by the other descriptor", fd2);
	SHOW(lock(fd, F_SETLK, F_UNLCK, 0, 0));
	SHOW(lock(fd2, F_OFD_SETLK, F_RDLCK, 5, 1));
	both("of a description", fd2);
	SHOW(lock(fd2, F_OFD_SETLK, F_UNLCK, 0, 0));
	/* who waits */
	SHOW(lock(fd, F_SETLK, F_WRLCK, 0, 10));
	pipe(p);
	child = fork();
	if (!child) {
		write(p[1], "x", 1);
		lock(fd, F_SETLKW, F_RDLCK, 5, 10);
		_exit(0);
	}
	read(p[0], &c, 1);
	for (bool waits = false; !waits;) {
		char line[256];
		FILE *f = fopen("/proc/locks", "r");

		while (fgets(line, sizeof(line), f))
			waits |= strstr(line, where) && strstr(line, "-> ");
		fclose(f);
		sched_yield();
	}
	both("a child waits", fd);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	both("it is gone", fd);
	close(fd2);
	both("closed", fd);
	return 0;
}
