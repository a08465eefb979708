/* A zombie: still there for kill, getpgid and /proc, but without memory, descriptors or directory. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "show.h"

static void line(pid_t pid, const char *file, const char *key)
{
	char path[64], text[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	f = fopen(path, "r");
	if (!f) {
		printf("%s: %s\n", file, errno_name(errno));
		return;
	}
	while (fgets(text, sizeof(text), f))
		if (strncmp(text, key, strlen(key)) == 0)
			printf("%s", text);
	fclose(f);
}

int main(void)
{
	char path[64], text[256], state;
	struct rlimit rl;
	siginfo_t si;
	int status, fd;
	ssize_t n;
	pid_t pid = fork();

	if (!pid)
		_exit(3);
	waitid(P_PID, (id_t)pid, &si, WEXITED | WNOWAIT);
	SHOW(kill(pid, 0));
	SHOW(kill(pid, SIGKILL));
	SHOW(kill(pid, SIGSTOP));
	SHOW(syscall(SYS_tgkill, pid, pid, SIGTERM));
	SHOW(getpgid(pid) == getpgrp());
	SHOW(getsid(pid) == getsid(0));
	SHOW(getpriority(PRIO_PROCESS, (id_t)pid));
	SHOW(prlimit(pid, RLIMIT_NOFILE, NULL, &rl));
	SHOW(setpgid(pid, pid));
	SHOW(getpgid(pid) == pid);
	SHOW(syscall(SYS_sched_getscheduler, pid));
	line(pid, "status", "State");
	line(pid, "status", "VmSize");
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	n = read(fd, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = 0;
	close(fd);
	sscanf(strrchr(text, ')') + 2, "%c", &state);
	SHOW(state);
	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	SHOW(readlink(path, text, sizeof(text)));
	snprintf(path, sizeof(path), "/proc/%d/cwd", pid);
	SHOW(readlink(path, text, sizeof(text)));
	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	fd = open(path, O_RDONLY);
	SHOW(read(fd, text, sizeof(text)));
	close(fd);
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(status);
	SHOW(kill(pid, 0));
	SHOW(getpgid(pid));
	SHOW(open(path, O_RDONLY));
	/* Many of them. */
	for (int i = 0; i < 100; i++)
		if (!fork())
			_exit(0);
	for (n = 0; wait(NULL) > 0; n++)
		;
	SHOW(n);
	return 0;
}
