// timeout: 30
/* A shell in a pty as a terminal emulator starts one: forkpty, job control by typed keys. */
#include "tty.h"

static char seen[20000];
static long len;

static void expect(const char *what)
{
	long end = msec() + 10000;

	while (!strstr(seen, what)) {
		long n = 0;

		if (msec() > end) {
			printf("no \"%s\" in \"%s\"\n", what, seen);
			exit(1);
		}
		if (ready(master, 100))
			n = read(master, seen + len, sizeof(seen) - 1 - len);
		if (n > 0)
			len += n;
		seen[len] = 0;
	}
	printf("saw %s\n", what);
	fflush(stdout);
	len = 0;
	seen[0] = 0;
}

int main(void)
{
	int zero = 0, n, status;
	char name[64];
	pid_t pid;

	setenv("PS1", "PROMPT", 1);
	master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	ioctl(master, TIOCSPTLCK, &zero);
	ioctl(master, TIOCGPTN, &n);
	snprintf(name, sizeof(name), "/dev/pts/%d", n);
	pid = fork();
	if (!pid) {
		close(master);
		setsid();
		slave = open(name, O_RDWR);
		for (int i = 0; i < 3; i++)
			dup2(slave, i);
		close(slave);
		execl("/bin/sh", "sh", "-i", NULL);
		_exit(127);
	}
	expect("PROMPT");
	type("tty | sed 's/[0-9].*/N/'\n");
	expect("/dev/pts/N");
	type("sleep 60\n");
	usleep(300000);
	type("\003");
	expect("PROMPT");
	type("echo interrupted $?\n");
	expect("interrupted 130");
	type("sleep 61\n");
	usleep(300000);
	type("\032");
	expect("Stopped");
	type("jobs\n");
	expect("Stopped");
	type("bg\n");
	expect("sleep 61");
	type("kill %1\n");
	expect("PROMPT");
	type("cat\n");
	usleep(200000);
	type("a line\n");
	expect("a line\r\na line");
	type("\004");
	expect("PROMPT");
	type("cat & sleep 0.3\n\n");
	expect("Stopped");
	type("kill -9 $!\n");
	usleep(200000);
	type("exit 5\nexit 5\n");
	waitpid(pid, &status, 0);
	printf("status %x\n", status);
	return 0;
}
