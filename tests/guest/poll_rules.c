/* musl */
/* poll's rules: POLLNVAL, POLLHUP, POLLERR, negative descriptors, files that are always ready, limits. */
#include "show.h"
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>

static void one(const char *what, int fd, short events)
{
	struct pollfd p = { fd, events, -1 };
	int n = poll(&p, 1, 0);

	printf("%s: %d %x\n", what, n, (unsigned short)p.revents);
}

int main(void)
{
	int p[2], s[2], fd = open("file", O_RDWR | O_CREAT, 0600);
	struct pollfd many[5], *huge = calloc(2000, sizeof(*huge));
	struct rlimit r = { 64, 64 };
	char c;

	one("closed", 99, POLLIN);
	one("negative", -5, POLLIN);
	one("regular", fd, POLLIN | POLLOUT | POLLPRI | POLLRDNORM | POLLWRNORM | POLLRDBAND);
	one("regular, nothing asked", fd, 0);
	one("directory", open("/", O_RDONLY), POLLIN | POLLOUT);
	pipe(p);
	one("empty pipe", p[0], POLLIN);
	one("pipe, writing", p[1], POLLOUT | POLLIN);
	one("pipe, wrong way", p[0], POLLOUT);
	write(p[1], "x", 1);
	one("full", p[0], POLLIN | POLLRDNORM);
	close(p[1]);
	one("no writer", p[0], POLLIN);
	read(p[0], &c, 1);
	one("drained", p[0], POLLIN);
	one("nothing asked", p[0], 0);
	pipe(p);
	close(p[0]);
	one("no reader", p[1], POLLOUT);
	one("no reader, nothing asked", p[1], 0);
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	one("socket", s[0], POLLIN | POLLOUT | POLLRDHUP);
	shutdown(s[1], SHUT_WR);
	one("peer has shut", s[0], POLLIN | POLLOUT | POLLRDHUP);
	close(s[1]);
	one("peer closed", s[0], POLLIN | POLLOUT | POLLRDHUP);
	one("eventfd", eventfd(0, 0), POLLIN | POLLOUT);
	one("eventfd full", eventfd(1, 0), POLLIN | POLLOUT);
	one("O_PATH", open("file", O_PATH), POLLIN);
	many[0] = (struct pollfd){ fd, POLLIN, 0 };
	many[1] = (struct pollfd){ 99, POLLIN, 0 };
	many[2] = (struct pollfd){ -1, POLLIN, 7 };
	many[3] = many[0];
	many[4] = (struct pollfd){ s[0], 0, 0 };
	SHOW(poll(many, 5, -1));
	printf("%x %x %x %x %x\n", many[0].revents, many[1].revents, many[2].revents, many[3].revents, many[4].revents);
	SHOW(poll(NULL, 0, 0));
	SHOW(poll(NULL, 0, 5));
	SHOW(poll(BAD_PTR, 1, 0));
	setrlimit(RLIMIT_NOFILE, &r);
	for (int i = 0; i < 2000; i++)
		huge[i].fd = -1;
	SHOW(poll(huge, 64, 0));
	SHOW(poll(huge, 65, 0));
	SHOW(poll(huge, 2000, 0));
	SHOW(syscall(SYS_ppoll, many, 1, BAD_PTR, NULL, 8));
	SHOW(syscall(SYS_ppoll, many, 1, NULL, many, 7));
	SHOW(syscall(SYS_ppoll, many, 1, &(struct timespec){ 0, -1 }, NULL, 8));
	SHOW(syscall(SYS_ppoll, many, 1, &(struct timespec){ 0, 1000000000 }, NULL, 8));
	return 0;
}
