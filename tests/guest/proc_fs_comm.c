/* musl */
/* Names of tasks: prctl, comm of threads and other processes, odd bytes, and who may write. */
#include "show.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static void show(pid_t pid)
{
	char path[64], buf[64];
	int fd;
	long n;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	fd = open(path, O_RDONLY);
	n = read(fd, buf, sizeof(buf));
	printf("%ld:", n);
	for (long i = 0; i < n; i++)
		printf(buf[i] < 32 || buf[i] > 126 ? "\\%03o" : "%c", (unsigned char)buf[i]);
	puts("");
	fflush(stdout);
	close(fd);
}

static void put(pid_t pid, const char *text, long n)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	fd = open(path, O_WRONLY);
	SHOW(write(fd, text, n));
	close(fd);
}

int main(void)
{
	pid_t pid;

	put(getpid(), "exactly fifteen", 15);
	show(getpid());
	put(getpid(), "one more than is", 16);
	show(getpid());
	put(getpid(), "a\0b", 3);
	show(getpid());
	put(getpid(), "tab\tand\377", 8);
	show(getpid());
	put(getpid(), "", 0);
	show(getpid());
	put(getpid(), "\n", 1);
	show(getpid());
	prctl(PR_SET_NAME, "");
	show(getpid());
	prctl(PR_SET_NAME, "parent");
	pid = fork();
	if (!pid) {
		raise(SIGSTOP);
		_exit(0);
	}
	waitpid(pid, NULL, WUNTRACED);
	show(pid);
	put(pid, "from outside", 12);
	show(pid);
	kill(pid, SIGKILL);
	wait(NULL);
	return 0;
}
