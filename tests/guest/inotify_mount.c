/* A watch on a file system that is unmounted, dnotify (F_NOTIFY), and O_ASYNC of an inotify descriptor. */
// needs-root: mount(2)
#include <signal.h>

#include "inotify.h"
#include "mnt.h"

static volatile int got, code;

static void handler(int sig, siginfo_t *si, void *uc)
{
	(void)uc;
	got = sig;
	code = si->si_code;
}

static void report(const char *what)
{
	printf("%s: %s\n", what, got == SIGIO ? "SIGIO" : got == SIGUSR1 ? "SIGUSR1" : "no signal");
	got = 0;
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	int fd = inotify_init1(IN_NONBLOCK), d;

	own_mounts();
	sigaction(SIGIO, &sa, NULL);
	sigaction(SIGUSR1, &sa, NULL);
	mkdir("m", 0755);
	SHOW(mount("t", "m", "tmpfs", 0, NULL));
	make_file("m/f", "x");
	SHOW(inotify_add_watch(fd, "m/f", IN_OPEN));
	SHOW(umount("m"));
	events(fd, "umount");
	SHOW(inotify_rm_watch(fd, 1));
	/* O_ASYNC */
	SHOW(inotify_add_watch(fd, ".", IN_CREATE));
	SHOW(fcntl(fd, F_SETOWN, getpid()));
	SHOW(fcntl(fd, F_SETFL, O_NONBLOCK | O_ASYNC));
	make_file("new", "");
	report("inotify");
	events(fd, "created");
	fcntl(fd, F_SETFL, O_NONBLOCK);
	/* dnotify */
	show_file("/proc/sys/fs/dir-notify-enable");
	mkdir("dn", 0755);
	d = open("dn", O_RDONLY);
	SHOW(fcntl(d, F_NOTIFY, DN_CREATE));
	make_file("dn/a", "");
	report("DN_CREATE");
	make_file("dn/b", "");
	report("not again");
	SHOW(fcntl(d, F_SETSIG, SIGUSR1));
	SHOW(fcntl(d, F_NOTIFY, DN_DELETE | DN_MULTISHOT));
	SHOW(unlink("dn/a"));
	report("DN_DELETE");
	printf("POLL_MSG %d\n", code == POLL_MSG);
	SHOW(unlink("dn/b"));
	report("DN_DELETE again");
	make_file("dn/a", "");
	report("not asked for");
	SHOW(fcntl(d, F_NOTIFY, DN_ATTRIB | DN_RENAME | DN_MODIFY | DN_ACCESS | DN_MULTISHOT));
	SHOW(chmod("dn/a", 0600));
	report("DN_ATTRIB");
	SHOW(rename("dn/a", "dn/b"));
	report("DN_RENAME");
	make_file("dn/b", "text");
	report("DN_MODIFY");
	show_file("dn/b");
	report("DN_ACCESS");
	SHOW(fcntl(d, F_NOTIFY, 0));
	SHOW(chmod("dn/b", 0600));
	report("off");
	SHOW(fcntl(d, F_NOTIFY, DN_ATTRIB | DN_MULTISHOT));
	close(d);
	SHOW(chmod("dn/b", 0600));
	report("closed");
	d = open("new", O_RDONLY);
	SHOW(fcntl(d, F_NOTIFY, DN_ATTRIB));
	SHOW(fcntl(-1, F_NOTIFY, DN_ATTRIB));
	return 0;
}
