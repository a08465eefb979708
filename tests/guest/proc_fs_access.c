// needs-root: another user
/* Who may look: /proc/PID of another user, and of a process that may not be dumped. */
#include "show.h"
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void look(pid_t pid)
{
	static const char *const names[] = { "stat", "status", "statm", "cmdline", "comm", "maps", "environ", "auxv", "mem", "io",
		"limits", "oom_score", "wchan", "syscall", "stack", "personality", "mountinfo", "cgroup", "schedstat", "smaps",
		"task", "ns", "fd", "fdinfo" };
	static const char *const links[] = { "exe", "cwd", "root", "fd/0", "ns/uts" };
	char path[64], buf[64];

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int fd;
		long n;

		snprintf(path, sizeof(path), "/proc/%d/%s", pid, names[i]);
		fd = open(path, O_RDONLY);
		n = fd < 0 ? fd : read(fd, buf, 1);
		printf(" %s %s", names[i], n < 0 ? errno_name(errno) : "ok");
		close(fd);
	}
	for (unsigned i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		snprintf(path, sizeof(path), "/proc/%d/%s", pid, links[i]);
		printf(" %s %s", links[i], readlink(path, buf, sizeof(buf)) < 0 ? errno_name(errno) : "ok");
	}
	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	printf(" write comm %s", open(path, O_WRONLY) < 0 ? errno_name(errno) : "ok");
	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", pid);
	printf(" write adj %s\n", open(path, O_WRONLY) < 0 ? errno_name(errno) : "ok");
	fflush(stdout);
}

static void owner(pid_t pid)
{
	char path[64];
	struct stat st, st2;

	snprintf(path, sizeof(path), "/proc/%d", pid);
	stat(path, &st);
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	stat(path, &st2);
	printf("owners %d %d\n", st.st_uid, st2.st_uid);
	fflush(stdout);
}

int main(void)
{
	pid_t pid = fork(), user;

	if (!pid) {
		pause();
		_exit(0);
	}
	look(pid);
	owner(pid);
	if (!fork()) {
		setgid(65534);
		setuid(65534);
		look(pid);
		user = fork();
		if (!user) {
			pause();
			_exit(0);
		}
		prctl(PR_SET_DUMPABLE, 1);
		if (!fork()) {
			prctl(PR_SET_DUMPABLE, 1);
			look(getpid());
			owner(getpid());
			prctl(PR_SET_DUMPABLE, 0);
			owner(getpid());
			_exit(0);
		}
		wait(NULL);
		owner(user);
		kill(user, SIGKILL);
		wait(NULL);
		exit(0);
	}
	kill(wait(NULL) > 0 ? pid : pid, SIGKILL);
	wait(NULL);
	return 0;
}
