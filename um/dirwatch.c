/* Changes of host directories: one inotify descriptor for all that are watched, and one of /proc/self/mountinfo, both in an epoll
 * of their own, so that "has anything changed?" is one short host call. Which directories are worth a watch is the kernel's
 * matter. Only file systems that change through this host's own calls are watched: there inotify sees every change before the
 * call that made it returns.
 *
 * The end of an inotify descriptor that has watches takes the host up to some 20 ms; at umk's end a child without anything
 * else waits for that, as the last one that has it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "dirwatch.h"
#include "fskind.h"
#include "host.h"

#define MASK (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_ONLYDIR)
#define FDS 2       /* in the epoll */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

static int inotify_fd = -1, mounts_fd = -1, epoll_fd = -1;
static int refused;     /* -errno of a start that failed: not tried again */

static int add_fd(int fd, u32 events)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };

	return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &ev) ? -errno : 0;
}

static void close_all(void)
{
	int *all[] = { &inotify_fd, &mounts_fd, &epoll_fd };

	for (unsigned i = 0; i < ARRAY_SIZE(all); i++) {
		if (*all[i] >= 0)
			close(*all[i]);
		*all[i] = -1;
	}
}

static int start(void)
{
	int err = 0;

	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	inotify_fd = epoll_fd < 0 ? -1 : inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	/* without it a mount over a directory would not be seen */
	mounts_fd = inotify_fd < 0 ? -1 : open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	if (mounts_fd < 0)
		err = -errno;
	if (!err)
		err = add_fd(inotify_fd, EPOLLIN);
	if (!err)
		err = add_fd(mounts_fd, EPOLLPRI);
	if (!err)
		return 0;
	close_all();
	refused = err;
	return err;
}

int host_dirwatch(int fd)
{
	char path[32];
	int err, wd;

	if (refused)
		return refused;
	if (!fs_tells_changes(fd))
		return -EOPNOTSUPP;
	err = inotify_fd < 0 ? start() : 0;
	if (err)
		return err;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	wd = inotify_add_watch(inotify_fd, path, MASK);
	return wd < 0 ? -errno : wd;
}

void host_dirwatch_end(int wd)
{
	(void)inotify_rm_watch(inotify_fd, wd);
}

static void take_events(void)
{
	_Alignas(struct inotify_event) char buf[16384];
	ssize_t n = read(inotify_fd, buf, sizeof(buf));
	const struct inotify_event *ev;

	for (ssize_t at = 0; at < n; at += (ssize_t)(sizeof(*ev) + ev->len)) {
		ev = (const void *)(buf + at);
		if (ev->mask & IN_Q_OVERFLOW)
			host_dir_upcall(0, NULL, false);
		else
			host_dir_upcall(ev->wd, ev->len ? ev->name : NULL, ev->mask & (IN_IGNORED | IN_UNMOUNT));
	}
}

void host_dirwatch_poll(void)
{
	struct epoll_event ev[FDS];
	int n;

	/* Somebody may change things all the time: what came before this call is in the queue's first part. */
	for (unsigned turns = 0; turns < 64; turns++) {
		n = epoll_wait(epoll_fd, ev, FDS, 0);
		if (likely(n <= 0))
			return;
		for (int i = 0; i < n; i++) {
			if (ev[i].data.fd == inotify_fd)
				take_events();
			else
				host_dir_upcall(0, NULL, false);
		}
	}
	host_dir_upcall(0, NULL, false);
}

void dirwatch_exit(void)
{
	int gate[2];
	char c;

	if (inotify_fd < 0 || pipe2(gate, O_CLOEXEC))
		return;
	if (!fork()) {
		/* the last one that has it open ends it: not before the parent has closed it */
		dup2(inotify_fd, STDIN_FILENO);
		dup2(gate[0], STDOUT_FILENO);
		syscall(SYS_close_range, STDERR_FILENO, ~0u, 0u);
		(void)!read(STDOUT_FILENO, &c, 1);
		_exit(0);
	}
	close(inotify_fd);
	close(gate[0]);
	close(gate[1]);
}
