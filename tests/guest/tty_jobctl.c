// timeout: 30
/* The background: SIGTTIN, SIGTTOU, TOSTOP, ignored and blocked signals, orphaned groups. */
#include "tty.h"

/* A child in a group of its own in the background does @what; how it fares. */
static void background(const char *name, int (*what)(void), int sig, void (*handler)(int))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		setpgid(0, 0);
		if (sig)
			signal(sig, handler);
		_exit(what());
	}
	setpgid(pid, pid);
	waitpid(pid, &status, WUNTRACED);
	if (WIFSTOPPED(status)) {
		printf("%s: stopped by %s\n", name, strsignal(WSTOPSIG(status)));
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	} else if (WIFSIGNALED(status)) {
		printf("%s: killed by %s\n", name, strsignal(WTERMSIG(status)));
	} else {
		printf("%s: %s\n", name, WEXITSTATUS(status) ? errno_name(WEXITSTATUS(status)) : "ok");
	}
	fflush(stdout);
}

static int do_read(void)
{
	char c;

	fcntl(slave, F_SETFL, O_NONBLOCK);
	return read(slave, &c, 1) < 0 ? errno : 0;
}

static int do_write(void) { return write(slave, "x", 1) < 0 ? errno : 0; }

static int do_modes(void)
{
	struct termios t;

	return tcgetattr(slave, &t) || tcsetattr(slave, TCSANOW, &t) ? errno : 0;
}

static int do_pgrp(void) { return tcsetpgrp(slave, getpgrp()) ? errno : 0; }
static int do_ask(void) { return tcgetpgrp(slave) < 0 ? errno : 0; }
static int do_size(void) { return ioctl(slave, TIOCSWINSZ, &(struct winsize){ 9, 9, 0, 0 }) ? errno : 0; }
static int do_flush(void) { return tcflush(slave, TCIFLUSH) ? errno : 0; }
static int do_read_blocked(void)
{
	sigset_t s;

	sigemptyset(&s);
	sigaddset(&s, SIGTTIN);
	sigprocmask(SIG_BLOCK, &s, NULL);
	return do_read();
}
static int do_pgrp_blocked(void)
{
	sigset_t s;
	int e;

	sigemptyset(&s);
	sigaddset(&s, SIGTTOU);
	sigprocmask(SIG_BLOCK, &s, NULL);
	e = do_pgrp();
	if (!e && tcgetpgrp(slave) != getpgrp())
		e = EINVAL;
	return e;
}

/* In a group whose only link to the session is gone. */
static void orphaned(const char *name, int (*what)(void))
{
	int p[2], e = -1;

	pipe(p);
	if (!fork()) {
		if (!fork()) {
			setpgid(0, 0);
			for (int i = 0; i < 1000 && getppid() != 1; i++)
				usleep(1000);
			e = what();
			write(p[1], &e, sizeof(e));
			_exit(0);
		}
		usleep(20000);
		_exit(0);
	}
	wait(NULL);
	read(p[0], &e, sizeof(e));
	printf("%s in an orphaned group: %s\n", name, e ? errno_name(e) : "ok");
	fflush(stdout);
	close(p[0]);
	close(p[1]);
}

static void on(int sig) { (void)sig; _exit(77); }

int main(void)
{
	if (fork()) {
		wait(NULL);
		return 0;
	}
	setsid();
	tty_new();
	SHOW(ioctl(slave, TIOCSCTTY, 0));
	background("read", do_read, 0, NULL);
	background("read, ignored", do_read, SIGTTIN, SIG_IGN);
	background("read, blocked", do_read_blocked, 0, NULL);
	background("write", do_write, 0, NULL);
	background("set modes", do_modes, 0, NULL);
	background("set modes, ignored", do_modes, SIGTTOU, SIG_IGN);
	background("set group", do_pgrp, 0, NULL);
	background("set group, blocked", do_pgrp_blocked, 0, NULL);
	signal(SIGTTOU, SIG_IGN);
	SHOW(tcsetpgrp(slave, getpgrp()));
	signal(SIGTTOU, SIG_DFL);
	background("ask for the group", do_ask, 0, NULL);
	background("set size", do_size, 0, NULL);
	background("flush", do_flush, 0, NULL);
	tty_modes(0, 0, 0, 0, TOSTOP, 0);
	background("write with TOSTOP", do_write, 0, NULL);
	background("write with TOSTOP, ignored", do_write, SIGTTOU, SIG_IGN);
	(void)on;
	orphaned("read", do_read);
	orphaned("write with TOSTOP", do_write);
	orphaned("set modes", do_modes);
	orphaned("set group", do_pgrp);
	tty_modes(0, 0, 0, 0, 0, TOSTOP);
	orphaned("write", do_write);
	SHOW(tcsetpgrp(slave, -1));
	SHOW(tcsetpgrp(slave, 999999));
	SHOW(tcsetpgrp(slave, getppid()));
	SHOW(ioctl(slave, TIOCSPGRP, BAD_PTR));
	return 0;
}
