/* umk's standard descriptors, its messages, the terminal, and the signals that the host sends to umk for its guests.
 *
 * The signals that a terminal or a supervisor sends are blocked and read from a signalfd, so they interrupt nothing, and
 * the kernel decides what they mean to the guest's foreground group. What was ignored when umk started stays ignored.
 * Terminal modes belong to the guest, as they would without umk; when umk is ended by a signal or by a fault they are
 * put back to what they were before a guest first changed them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <asm/termbits.h>
#include <unistd.h>

#include "um.h"

bool console_closed[3];
bool console_children;
unsigned long long console_sigmask;

static int signal_fd = -1;
static int tty_fd = -1;         /* the terminal whose modes a guest has changed */
static struct termios tty_modes; /* before that */
static char reason[512];

/* ---- messages ---- */

void um_write(int fd, const char *text, size_t size)
{
	while (size) {
		ssize_t n = write(fd, text, size);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			text += n;
			size -= (size_t)n;
		}
	}
}

/* One write, so that lines of several processes do not mix. */
static void __printf(1, 0) message(const char *fmt, va_list ap)
{
	char line[1024] = "umk: ";
	size_t len = strlen(line);

	vsnprintf(line + len, sizeof(line) - len - 1, fmt, ap);
	len = strlen(line);
	line[len++] = '\n';
	if (!console_closed[2])
		um_write(2, line, len);
}

void um_message(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(fmt, ap);
	va_end(ap);
}

void um_verbose(const char *fmt, ...)
{
	va_list ap;

	if (!umk_options.verbose)
		return;
	va_start(ap, fmt);
	message(fmt, ap);
	va_end(ap);
}

void um_die(int status, const char *fmt, ...)
{
	va_list ap;

	console_restore();
	va_start(ap, fmt);
	message(fmt, ap);
	va_end(ap);
	um_exit(status);
}

void host_panic(const char *fmt, ...)
{
	static bool again;
	va_list ap;

	console_restore();
	va_start(ap, fmt);
	message(fmt, ap);
	va_end(ap);
	if (!again) {
		again = true;
		host_backtrace();
	}
	um_exit(125);
}

void um_reason(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
}

const char *um_reason_text(int err)
{
	return *reason ? reason : strerror(-err);
}

void host_message(const char *text, size_t size)
{
	if (!console_closed[2])
		um_write(2, text, size);
}

/* ---- standard descriptors ---- */

void console_first(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* the lowest free number is fd itself, as the ones below are open */
		if (open("/dev/null", O_RDWR | O_CLOEXEC) == fd)
			console_closed[fd] = true;
	}
}

/* ---- terminal ---- */

void console_note_ioctl(int fd, unsigned cmd)
{
	switch (cmd) {
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
	case TCSETS2:
	case TCSETSW2:
	case TCSETSF2:
		break;
	default:
		return;
	}
	if (tty_fd < 0 && !ioctl(fd, TCGETS, &tty_modes))
		tty_fd = fd;
}

void console_restore(void)
{
	sigset_t ttou, old;

	if (tty_fd < 0)
		return;
	/* from the background too: with SIGTTOU blocked the change is allowed (termios(3)) */
	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	sigprocmask(SIG_BLOCK, &ttou, &old);
	(void)ioctl(tty_fd, TCSETS, &tty_modes);
	sigprocmask(SIG_SETMASK, &old, NULL);
	tty_fd = -1;
}

/* ---- signals ---- */

static const int passed_on[] = { SIGINT, SIGQUIT, SIGTSTP, SIGWINCH, SIGCONT, SIGTERM, SIGHUP };

void console_signals_ready(u32 events)
{
	(void)events;
	(void)console_poll_signals();
}

/* Blocks what console_sigmask holds, and has the signalfd read it. */
static void renew_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (int n = 1; n < 64; n++)
		if (console_sigmask >> (n - 1) & 1)
			sigaddset(&set, n);
	signal_fd = signalfd(signal_fd, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signal_fd < 0)
		um_die(125, "cannot make a signalfd: %s", strerror(errno));
	/* SIGURG cancels calls of helpers (worker.c); it is nothing to the kernel thread */
	sigaddset(&set, SIGURG);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* Notes which descriptors above 2 umk was started with: those that are open before it opens any itself. */
static void note_inherited(struct umk_options *opt)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *d;
	int fd, n = 0;

	while (dir && (d = readdir(dir)) && n < (int)ARRAY_SIZE(opt->inherited)) {
		fd = atoi(d->d_name);
		if (fd > 2 && fd != dirfd(dir))
			opt->inherited[n++] = fd;
	}
	if (dir)
		closedir(dir);
	opt->ninherited = (u32)n;
}

void console_init(struct umk_options *opt)
{
	struct sigaction sa;

	note_inherited(opt);

	for (int n = 1; n < 65; n++)
		if (!sigaction(n, NULL, &sa) && sa.sa_handler == SIG_IGN && n != SIGXFSZ)
			opt->sig_ignored |= 1ull << (n - 1);
	for (unsigned i = 0; i < ARRAY_SIZE(passed_on); i++)
		if (!(opt->sig_ignored >> (passed_on[i] - 1) & 1))
			console_sigmask |= 1ull << (passed_on[i] - 1);
	/* it asks umk what its tasks do, even where it was ignored */
	console_sigmask |= 1ull << (SIGUSR1 - 1);
	(void)signal(SIGUSR1, SIG_DFL);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGCHLD, SIG_DFL);
	renew_signals();
}

void console_add_signal(int signo)
{
	console_sigmask |= 1ull << (signo - 1);
	renew_signals();
}

void console_start(void)
{
	if (idle_add_fd(signal_fd, EPOLLIN, console_signals_ready))
		um_die(125, "cannot wait for signals: %s", strerror(errno));
}

bool console_poll_signals(void)
{
	struct signalfd_siginfo info[8];
	bool any = false;
	ssize_t n;

	while ((n = read(signal_fd, info, sizeof(info))) > 0) {
		for (unsigned i = 0; i < (size_t)n / sizeof(info[0]); i++) {
			if (info[i].ssi_signo == SIGCHLD) {
				console_children = true;
				continue;
			}
			host_signal_upcall((int)info[i].ssi_signo);
			any = true;
		}
		if ((size_t)n < sizeof(info))
			break;
	}
	return any;
}

void host_stop_self(int signo)
{
	struct timespec now = { 0, 0 };
	sigset_t set, old;

	trace_flush();
	if (backend->stop_all)
		backend->stop_all(true);
	sigemptyset(&set);
	sigaddset(&set, signo);
	raise(signo);
	sigprocmask(SIG_UNBLOCK, &set, &old);   /* here umk stops, and goes on after SIGCONT */
	sigprocmask(SIG_SETMASK, &old, NULL);
	/* that SIGCONT has done its work; the kernel continues the guests itself */
	sigemptyset(&set);
	sigaddset(&set, SIGCONT);
	while (sigtimedwait(&set, NULL, &now) > 0)
		;
	if (backend->stop_all)
		backend->stop_all(false);
}
