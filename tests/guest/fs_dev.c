/* /dev/null, zero, full, random, and the links to the standard descriptors. */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <termios.h>

#include "show.h"

int main(void)
{
	int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR), full = open("/dev/full", O_RDWR),
		rnd = open("/dev/urandom", O_RDWR), ep = epoll_create1(0);
	struct epoll_event ev = { .events = EPOLLIN };
	struct pollfd pf = { .events = POLLIN | POLLOUT };
	char *buf = malloc(300000), *map;
	struct termios t;
	int differ = 0;

	memset(buf, 'x', 300000);
	SHOW(read(null, buf, 10));
	SHOW(write(null, buf, 300000));
	SHOW(write(null, BAD_PTR, 10));
	SHOW(lseek(null, 100, SEEK_SET));
	SHOW(lseek(null, -5, SEEK_END));
	SHOW(pread(null, buf, 10, 5));
	SHOW(read(zero, buf, 300000));
	SHOW(buf[0] | buf[299999]);
	SHOW(write(zero, buf, 10));
	SHOW(read(zero, BAD_PTR, 10));
	SHOW(read(full, buf, 10));
	SHOW(write(full, buf, 10));
	SHOW(write(full, buf, 0));
	SHOW(read(rnd, buf, 1000));
	for (int i = 1; i < 1000; i++)
		differ |= buf[i] != buf[0];
	SHOW(differ);
	SHOW(getrandom(buf, 16, GRND_NONBLOCK));
	SHOW(getrandom(buf, 16, 0x80));
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
	SHOW(map != MAP_FAILED && map[5000] == 0);
	map[5000] = 1;
	SHOW(mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, null, 0) == MAP_FAILED ? -1 : 0);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, null, &ev));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, zero, &ev));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, open("file", O_CREAT | O_RDWR, 0600), &ev));
	pf.fd = null;
	SHOW(poll(&pf, 1, -1));
	SHOW(pf.revents);
	SHOW(ioctl(null, TCGETS, &t));
	SHOW(isatty(null));
	SHOW(ftruncate(null, 0));
	SHOW(open("/dev/nothing", O_RDWR));
	SHOW(open("/dev/null", O_RDONLY | O_DIRECTORY));
	SHOW(open("/dev/null", O_RDWR | O_TRUNC | O_CREAT, 0600) >= 0);
	SHOW(open("/dev/stdin", O_RDONLY) >= 0);
	SHOW(open("/dev/fd/0", O_RDONLY) >= 0);
	SHOW(access("/dev/tty", F_OK));
	return 0;
}
