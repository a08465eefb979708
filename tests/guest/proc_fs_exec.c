/* musl */
/* What execve changes below /proc/PID: comm, exe, cmdline, open descriptors, memory that was opened before. */
#include "show.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static char here[] = "before execve";

int main(int argc, char **argv)
{
	char path[64], buf[200], mem[32] = "";
	int go[2], up[2], fd, st;
	pid_t pid;
	long n;

	if (argc > 1) {
		write(atoi(argv[1]), "x", 1);
		pause();
	}
	pipe(go);
	pipe(up);
	pid = fork();
	if (!pid) {
		char num[12], c;

		prctl(PR_SET_NAME, "before");
		snprintf(num, sizeof(num), "%d", up[1]);
		fcntl(go[0], F_SETFD, FD_CLOEXEC);
		fcntl(go[1], F_SETFD, FD_CLOEXEC);
		read(go[0], &c, 1);
		execl("/proc/self/exe", "new name", num, "last", NULL);
		_exit(1);
	}
	usleep(20000);
	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	fd = open(path, O_RDONLY);
	buf[n = read(fd, buf, sizeof(buf) - 1)] = 0;
	printf("%s", buf);
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	st = open(path, O_RDONLY);
	SHOW(pread(st, mem, sizeof(here), (long)here));
	printf("%s\n", mem);
	write(go[1], "x", 1);
	read(up[0], buf, 1);
	SHOW(lseek(fd, 0, SEEK_SET));
	buf[n = read(fd, buf, sizeof(buf) - 1)] = 0;
	printf("%s", strcmp(buf, "exe\n") ? buf : "exe\n");
	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	fd = open(path, O_RDONLY);
	n = read(fd, buf, sizeof(buf));
	SHOW(n > 14 && !strcmp(buf, "new name") && !memcmp(buf + n - 5, "last", 5));
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, go[0]);
	SHOW(readlink(path, buf, sizeof(buf)));
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, up[1]);
	SHOW(readlink(path, buf, sizeof(buf)) > 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(read(fd, buf, 10));
	return 0;
}
