/* Leases: who gets one, what breaks it, who is told, how long the breaker waits. */
// needs-root: another user has none
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "show.h"

static char name[] = "/dev/shm/lease-XXXXXX";
static volatile int told;

static void on_break(int sig) { told = sig; }
static void on_alarm(int sig) { (void)sig; }

static void show_lease(int fd)
{
	int type = fcntl(fd, F_GETLEASE);

	printf("lease %s, told %d\n", type == F_RDLCK ? "read" : type == F_WRLCK ? "write" : type == F_UNLCK ? "none" : "?", told);
	told = 0;
}

static void who(void)
{
	int fd = open(name, O_RDONLY), other, p[2];

	show_lease(fd);
	SHOW(fcntl(fd, F_SETLEASE, 99));
	SHOW(fcntl(fd, F_SETLEASE, F_UNLCK));
	SHOW(fcntl(fd, F_SETLEASE, F_RDLCK));
	show_lease(fd);
	SHOW(fcntl(fd, F_SETLEASE, F_WRLCK));
	show_lease(fd);
	SHOW(fcntl(fd, F_SETLEASE, F_RDLCK));
	other = open(name, O_RDONLY);
	SHOW(fcntl(fd, F_SETLEASE, F_WRLCK));
	SHOW(fcntl(other, F_SETLEASE, F_RDLCK));
	SHOW(fcntl(other, F_SETLEASE, F_WRLCK));
	show_lease(other);
	close(other);
	SHOW(fcntl(fd, F_SETLEASE, F_WRLCK));
	SHOW(close(fd));
	fd = open(name, O_RDWR);
	show_lease(fd);
	SHOW(fcntl(fd, F_SETLEASE, F_RDLCK));
	SHOW(fcntl(fd, F_SETLEASE, F_WRLCK));
	SHOW(fcntl(fd, F_SETLEASE, F_UNLCK));
	if (pipe(p))
		return;
	SHOW(fcntl(p[0], F_SETLEASE, F_RDLCK));
	SHOW(fcntl(p[0], F_SETLEASE, F_UNLCK));
	SHOW(fcntl(p[0], F_GETLEASE));
	SHOW(fcntl(open(name, O_PATH), F_SETLEASE, F_RDLCK));
	close(fd);
	fflush(stdout);
	if (!fork()) {
		setresuid(1234, 1234, 1234);
		fd = open(name, O_RDONLY);
		SHOW(fcntl(fd, F_SETLEASE, F_RDLCK));
		SHOW(fcntl(fd, F_SETLEASE, F_UNLCK));
		_exit(0);
	}
	wait(NULL);
}

/* What would break is told, and the opener that does not wait is refused. */
static void breaking(void)
{
	int fd = open(name, O_RDONLY), r;

	SHOW(fcntl(fd, F_SETLEASE, F_WRLCK));
	SHOW(syscall(SYS_open, name, O_RDONLY | O_NONBLOCK));
	show_lease(fd);
	SHOW(syscall(SYS_open, name, O_RDONLY | O_NONBLOCK));
	show_lease(fd);
	SHOW(fcntl(fd, F_SETLEASE, F_RDLCK));
	r = SHOW_OK(syscall(SYS_open, name, O_RDONLY | O_NONBLOCK));
	close(r);
	show_lease(fd);
	SHOW(syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_NONBLOCK));
	show_lease(fd);
	r = SHOW_OK(syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_TRUNC | O_NONBLOCK));
	close(r);
	show_lease(fd);
	r = SHOW_OK(syscall(SYS_open, name, O_RDONLY | O_NONBLOCK));
	close(r);
	SHOW(fcntl(fd, F_SETLEASE, F_UNLCK));
	r = SHOW_OK(syscall(SYS_open, name, O_RDWR | O_NONBLOCK));
	show_lease(fd);
	close(r);
	SHOW(fcntl(fd, F_SETLEASE, F_RDLCK));
	r = SHOW_OK(open(name, O_PATH));
	close(r);
	SHOW(chmod(name, 0644));
	SHOW(rename(name, name));
	show_lease(fd);
	close(fd);
}

/* A child's call waits until the lease is given up, which is done when the signal has come. */
static void waits(const char *what, int (*call)(void), int type, int lower)
{
	int fd = open(name, O_RDONLY), status;
	siginfo_t si;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fcntl(fd, F_SETSIG, SIGRTMIN);
	if (SHOW(fcntl(fd, F_SETLEASE, type)))
		exit(1);
	fflush(stdout);
	if (!fork()) {
		close(fd);
		_exit(call() < 0 ? errno : 0);
	}
	sigwaitinfo(&set, &si);
	printf("%s: code %s fd %s\n", what, si.si_code == POLL_MSG ? "POLL_MSG" : "?", si.si_fd == fd ? "the lease's" : "?");
	show_lease(fd);
	SHOW(fcntl(fd, F_SETLEASE, lower));
	wait(&status);
	printf("%s: %s\n", what, WEXITSTATUS(status) ? errno_name(WEXITSTATUS(status)) : "ok");
	show_lease(fd);
	close(fd);
}

static int open_read(void) { return open(name, O_RDONLY); }
static int open_write(void) { return open(name, O_WRONLY); }
static int do_truncate(void) { return truncate(name, 1); }
static int do_creat(void) { return creat(name, 0600); }

static int interrupted(void)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	struct itimerval it = { { 0, 20000 }, { 0, 20000 } };

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
	return open(name, O_WRONLY);
}

int main(void)
{
	int fd = mkstemp(name);

	if (fd < 0)
		return 1;
	fchmod(fd, 0644);
	write(fd, "leased", 6);
	close(fd);
	signal(SIGIO, on_break);
	who();
	breaking();
	waits("open to read", open_read, F_WRLCK, F_RDLCK);
	waits("open to write", open_write, F_RDLCK, F_UNLCK);
	waits("open to write a lease to write", open_write, F_WRLCK, F_UNLCK);
	waits("truncate", do_truncate, F_RDLCK, F_UNLCK);
	waits("creat", do_creat, F_RDLCK, F_UNLCK);
	fd = open(name, O_RDONLY);
	SHOW(fcntl(fd, F_SETLEASE, F_WRLCK));
	SHOW(interrupted());
	close(fd);
	return unlink(name);
}
