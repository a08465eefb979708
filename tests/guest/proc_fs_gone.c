/* What was opened in /proc/PID while the process lived, when it has ended, and when it has been waited for. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "show.h"

static const char *const files[] = {
	"mem", "uid_map", "gid_map", "projid_map", "setgroups", "cmdline", "comm", "stat", "status", "maps", "limits", "io",
	"oom_score_adj", "wchan", "cgroup", "loginuid",
};
static const char *const names[] = {
	"exe", "cwd", "root", "fd", "task", "stat", "ns", "nothing", "ns/net", "ns/mnt", "ns/uts", "ns/ipc", "ns/cgroup", "ns/time",
	"ns/pid", "ns/user", "ns/pid_for_children",
};
static const char *const dirs[] = { "task", "fd", "fdinfo", "ns" };
#define N(a) (sizeof(a) / sizeof((a)[0]))

static int fds[N(files)], dirfds[N(dirs)], base;
static char *page;

static int open_in(int pid, const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return open(path, flags);
}

static void tell(const char *name, long r)
{
	printf("   %s: %s\n", name, r < 0 ? errno_name(errno) : r ? "some" : "0");
}

static void look(const char *when)
{
	char buf[64];

	printf("%s\n", when);
	for (unsigned i = 0; i < N(files); i++)
		tell(files[i], pread(fds[i], buf, 1, i ? 0 : (off_t)page));
	for (unsigned i = 0; i < N(names); i++) {
		struct stat st;

		printf(" %s", names[i]);
		tell("stat", fstatat(base, names[i], &st, AT_SYMLINK_NOFOLLOW));
		printf(" %s", names[i]);
		tell("readlink", readlinkat(base, names[i], buf, sizeof(buf)));
	}
	for (unsigned i = 0; i < N(dirs); i++) {
		printf(" %s", dirs[i]);
		tell("0", faccessat(dirfds[i], "0", F_OK, 0));
	}
}

/* The memory of a process that has gone on to another program. */
static void after_exec(const char *self)
{
	int p[2], q[2], fd, pid;
	char c;

	if (pipe(p) || pipe(q))
		exit(1);
	pid = fork();
	if (!pid) {
		dup2(p[0], 0);
		dup2(q[1], 1);
		if (read(0, &c, 1) == 1)
			execl(self, self, "again", NULL);
		_exit(1);
	}
	fd = open_in(pid, "mem", O_RDONLY);
	tell("before exec", pread(fd, &c, 1, (off_t)page));
	if (write(p[1], "x", 1) != 1 || read(q[0], &c, 1) != 1)
		exit(1);
	tell("after exec", pread(fd, &c, 1, (off_t)page));
	close(p[1]);
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	siginfo_t info;
	int p[2], pid;
	char c;

	if (argc > 1) {
		c = 'y';
		return write(1, &c, 1) == 1 && read(0, &c, 1) ? 1 : 0;
	}
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	page[0] = 1;
	if (pipe2(p, O_CLOEXEC))
		return 1;
	pid = fork();
	if (!pid) {
		close(p[1]);
		_exit((int)read(p[0], &c, 1));
	}
	for (unsigned i = 0; i < N(files); i++)
		fds[i] = open_in(pid, files[i], O_RDONLY);
	for (unsigned i = 0; i < N(dirs); i++)
		dirfds[i] = open_in(pid, dirs[i], O_RDONLY);
	base = open_in(pid, "", O_RDONLY);
	close(p[1]);
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	look("ended");
	waitpid(pid, NULL, 0);
	look("gone");
	after_exec(argv[0]);
	return 0;
}
