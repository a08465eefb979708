/* Knobs that tell of changes: poll(2) and epoll on /proc/sys/kernel/hostname and others; names set by a write. */
// needs-root: sethostname
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "show.h"

#define HOST "/proc/sys/kernel/hostname"
#define DOMAIN "/proc/sys/kernel/domainname"

static void ready(const char *what, int fd)
{
	struct pollfd p = { fd, POLLIN | POLLOUT | POLLPRI | POLLRDNORM | POLLWRNORM, 0 };
	int n = poll(&p, 1, 0);

	printf("%s: %d %x\n", what, n, p.revents);
}

static void put(const char *path, const char *text)
{
	struct utsname u;
	int fd = open(path, O_WRONLY);

	printf("'%s' ", text);
	SHOW(write(fd, text, strlen(text)) == (long)strlen(text));
	close(fd);
	uname(&u);
	printf("   %s, %s\n", u.nodename, u.domainname);
}

int main(void)
{
	int h = open(HOST, O_RDONLY), h2 = open(HOST, O_RDWR), d = open(DOMAIN, O_RDONLY), o = open("/proc/sys/kernel/ostype", O_RDONLY);
	int ep = epoll_create1(0);
	struct epoll_event ev = { .events = EPOLLPRI | EPOLLERR };
	struct stat st;
	char text[128];

	if (unshare(CLONE_NEWUTS) && errno != EINVAL)
		return 1; /* never rename the host */
	stat(HOST, &st);
	printf("%o\n", st.st_mode);
	SHOW(sethostname("zero", 4));
	SHOW(setdomainname("zero", 4));
	ready("opened before", h);
	ready("again", h);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, h, &ev));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, d, &ev));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, o, &ev));
	SHOW(epoll_wait(ep, &ev, 1, 0));
	SHOW(sethostname("first", 5));
	SHOW(epoll_wait(ep, &ev, 1, 0));
	printf("%x\n", ev.events);
	SHOW(epoll_wait(ep, &ev, 1, 0));
	ready("the other", h2);
	ready("again", h2);
	ready("domain", d);
	SHOW(setdomainname("second", 6));
	ready("domain", d);
	ready("host", h);
	ready("other", o);
	put(HOST, "third\n");
	ready("host", h);
	put(HOST, "a b\nc");
	put(HOST, "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn");
	put(HOST, "\n");
	put(DOMAIN, "example\n");
	ready("domain", d);
	SHOW(pwrite(h2, "late", 4, 2));
	SHOW(pread(h2, text, sizeof(text), 0));
	put(HOST, "end\n");
	SHOW(pread(h2, text, sizeof(text), 0));
	return 0;
}
