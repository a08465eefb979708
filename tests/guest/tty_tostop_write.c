/* Output of the background without TOSTOP, interleaved with that of the foreground; a stopped reader goes on after fg. */
#include "tty.h"

int main(void)
{
	int st;
	pid_t pid;

	if (fork()) {
		wait(&st);
		printf("status %x\n", st);
		return 0;
	}
	setsid();
	tty_new();
	ioctl(slave, TIOCSCTTY, 0);
	signal(SIGTTOU, SIG_IGN);
	pid = fork();
	if (!pid) {
		char buf[32];
		long n;

		signal(SIGTTOU, SIG_DFL);
		setpgid(0, 0);
		write(slave, "background ", 11);
		n = read(slave, buf, sizeof(buf));
		show_bytes("read after fg", buf, n);
		_exit(n == 5 ? 0 : 1);
	}
	setpgid(pid, pid);
	waitpid(pid, &st, WUNTRACED);
	SHOW(WIFSTOPPED(st) && WSTOPSIG(st) == SIGTTIN);
	screen("screen");
	SHOW(tcsetpgrp(slave, pid));
	SHOW(kill(-pid, SIGCONT));
	type("line\n");
	waitpid(pid, &st, 0);
	SHOW(st);
	SHOW(tcgetpgrp(slave) == pid);
	SHOW(tcsetpgrp(slave, getpgrp()));
	/* the foreground group is gone: nobody gets the keys, and nothing breaks */
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		pause();
		_exit(0);
	}
	setpgid(pid, pid);
	tcsetpgrp(slave, pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	type("\003");
	ready(slave, 20);
	screen("after the group");
	SHOW(tcgetpgrp(slave) == pid);
	SHOW(tcsetpgrp(slave, getpgrp()));
	return 0;
}
