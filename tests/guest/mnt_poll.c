/* poll(2) and epoll(7) of /proc/self/mounts and mountinfo: an exceptional condition, once to each open file, after the tree of
 * mounts or the flags of one have changed; sleepers wake. */
// needs-root: mount(2)
#include <poll.h>
#include <sys/epoll.h>
#include <sys/wait.h>

#include "mnt.h"

static int fds[3], ep;

static void see(const char *what)
{
	struct pollfd p[3] = { { fds[0], POLLPRI | POLLIN, 0 }, { fds[1], POLLPRI, 0 }, { fds[2], 0, 0 } };
	struct epoll_event ev;
	int n = epoll_wait(ep, &ev, 1, 0);

	printf("%s: epoll %d %x\n", what, n, n > 0 ? ev.events : 0);
	for (int i = 0; i < 2; i++) {
		n = poll(p, 3, 0);
		printf("  poll %d: %x %x %x\n", n, p[0].revents, p[1].revents, p[2].revents);
	}
}

int main(void)
{
	struct epoll_event ev = { .events = EPOLLPRI };
	int fd, p[2], status;
	char c;

	own_mounts();
	mkdir("m", 0755);
	fds[0] = open("/proc/self/mounts", O_RDONLY);
	fds[1] = open("/proc/self/mountinfo", O_RDONLY);
	fds[2] = open("/proc/self/mountstats", O_RDONLY);
	fd = open("/proc/mounts", O_RDONLY);
	ep = epoll_create1(0);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, open("/proc/self/status", O_RDONLY), &ev));
	see("before");
	SHOW(mount("t", "m", "tmpfs", 0, NULL));
	see("mount");
	SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_BIND | MS_NODEV, NULL));
	see("flags");
	SHOW(mkdir("m/d", 0755));
	see("nothing of mounts");
	SHOW(umount("m"));
	see("umount");
	/* one that sleeps */
	pipe(p);
	fflush(stdout);
	if (!fork()) {
		struct pollfd w = { open("/proc/self/mounts", O_RDONLY), POLLPRI, 0 };

		write(p[1], "x", 1);
		_exit(poll(&w, 1, 20000) == 1 && w.revents == (POLLPRI | POLLERR) ? 7 : 8);
	}
	read(p[0], &c, 1);
	SHOW(mount("t", "m", "tmpfs", 0, NULL));
	wait(&status);
	SHOW(WEXITSTATUS(status));
	SHOW(umount("m"));
	return 0;
}
