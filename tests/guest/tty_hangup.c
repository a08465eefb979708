// timeout: 30
// needs-root: TIOCVHANGUP
/* Hang-up: by the master's end, by the leader's end, by vhangup; what the others see. */
#include "tty.h"

static int pipefd[2], told[2];
static sigset_t nothing;

static void say(const char *text) { write(pipefd[1], text, strlen(text)); }
static void on(int sig)
{
	say(sig == SIGHUP ? "HUP " : "CONT ");
}

/* Tells that the handlers are there; SIGHUP is blocked until sigsuspend(2). */
static void i_am_ready(void) { write(told[1], "r", 1); }
static void until_ready(int n)
{
	for (char c; n > 0; n--)
		read(told[0], &c, 1);
}

static void listen_to_all(void)
{
	char buf[400];
	long n = 0, got;

	close(pipefd[1]);
	while ((got = read(pipefd[0], buf + n, sizeof(buf) - n)) > 0)
		n += got;
	show_bytes("heard", buf, n);
	close(pipefd[0]);
}

int main(void)
{
	char c;
	int status;

	sigset_t hup;

	pipe(told);
	sigemptyset(&nothing);
	sigemptyset(&hup);
	sigaddset(&hup, SIGHUP);
	/* the master goes */
	pipe(pipefd);
	tty_new();
	if (!fork()) {
		close(master);
		setsid();
		ioctl(slave, TIOCSCTTY, 0);
		signal(SIGHUP, on);
		signal(SIGCONT, on);
		say("ready ");
		i_am_ready();
		while (read(slave, &c, 1) < 0 && errno == EINTR)
			;
		say(read(slave, &c, 1) == 0 ? "end " : "no end ");
		say(write(slave, &c, 1) < 0 && errno == EIO ? "EIO " : "no EIO ");
		say(open("/dev/tty", O_RDWR) < 0 && errno == ENXIO ? "ENXIO " : "no ENXIO ");
		say(tcgetpgrp(slave) < 0 ? errno_name(errno) : "group");
		say(" ");
		say(ioctl(slave, TCGETS, &c) < 0 ? errno_name(errno) : "modes");
		_exit(0);
	}
	close(slave);
	until_ready(1);
	close(master);
	master = slave = -1;
	wait(NULL);
	listen_to_all();

	/* the leader goes: the group in the foreground gets SIGHUP, the one in the background does not */
	pipe(pipefd);
	tty_new();
	if (!fork()) {
		pid_t fg, bg;

		setsid();
		ioctl(slave, TIOCSCTTY, 0);
		sigprocmask(SIG_BLOCK, &hup, NULL);
		fg = fork();
		if (!fg) {
			setpgid(0, 0);
			signal(SIGHUP, on);
			i_am_ready();
			sigsuspend(&nothing);
			say(write(slave, "still there", 11) == 11 ? "writes " : "cannot write ");
			say(open("/dev/tty", O_RDWR) < 0 ? errno_name(errno) : "has a terminal");
			_exit(0);
		}
		setpgid(fg, fg);
		bg = fork();
		if (!bg) {
			setpgid(0, 0);
			signal(SIGHUP, on);
			i_am_ready();
			alarm(1);
			sigsuspend(&nothing);
			_exit(0);
		}
		setpgid(bg, bg);
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(slave, fg);
		until_ready(2);
		_exit(0);
	}
	wait(NULL);
	listen_to_all();
	screen("the terminal lives on");

	/* vhangup */
	pipe(pipefd);
	tty_new();
	if (!fork()) {
		setsid();
		ioctl(slave, TIOCSCTTY, 0);
		signal(SIGHUP, on);
		signal(SIGCONT, on);
		say(ioctl(slave, TIOCVHANGUP) ? errno_name(errno) : "hung up ");
		say(read(slave, &c, 1) == 0 ? "end " : "no end ");
		say(write(slave, &c, 1) < 0 && errno == EIO ? "EIO" : "no EIO");
		_exit(0);
	}
	close(slave);
	slave = -1;
	wait(&status);
	listen_to_all();
	show_bytes("master", &c, read(master, &c, 1));
	return 0;
}
