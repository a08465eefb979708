/* musl */
/* /proc/PID/limits after setrlimit, of another process too; prlimit agrees. */
#include "show.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void line(pid_t pid, const char *name)
{
	static char text[4096];
	char path[64], *at;
	int fd;
	long n;

	snprintf(path, sizeof(path), "/proc/%d/limits", pid);
	fd = open(path, O_RDONLY);
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n < 0 ? 0 : n] = 0;
	at = strstr(text, name);
	if (at)
		*strchr(at, '\n') = 0;
	printf("[%s]\n", at ? at : "none");
}

int main(void)
{
	struct rlimit r = { 123, 456 };
	pid_t pid;

	line(getpid(), "Limit");
	SHOW(setrlimit(RLIMIT_NOFILE, &r));
	line(getpid(), "Max open files");
	r = (struct rlimit){ 0, RLIM_INFINITY };
	SHOW(setrlimit(RLIMIT_CORE, &r));
	line(getpid(), "Max core file size");
	r = (struct rlimit){ 1ul << 40, 1ul << 40 };
	SHOW(setrlimit(RLIMIT_FSIZE, &r));
	line(getpid(), "Max file size");
	r = (struct rlimit){ 7, 8 };
	SHOW(setrlimit(RLIMIT_CPU, &r));
	line(getpid(), "Max cpu time");
	pid = fork();
	if (!pid) {
		pause();
		_exit(0);
	}
	r = (struct rlimit){ 50, 60 };
	SHOW(prlimit(pid, RLIMIT_NOFILE, &r, NULL));
	line(pid, "Max open files");
	line(pid, "Max cpu time");
	line(getpid(), "Max open files");
	kill(pid, SIGKILL);
	wait(NULL);
	return 0;
}
