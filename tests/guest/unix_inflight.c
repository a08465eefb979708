/* ETOOMANYREFS: descriptors in flight are counted by user against RLIMIT_NOFILE; who may exceed it; messages that are read,
 * peeked at or thrown away stop counting. */
// needs-root: becomes two users
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include "show.h"

static long send_fds(int s, int fd, int count)
{
	union { char bytes[CMSG_SPACE(253 * sizeof(int))]; struct cmsghdr align; } u;
	struct iovec iov = { "x", 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &u, .msg_controllen = CMSG_SPACE(count * sizeof(int)) };
	long n;

	u.align = (struct cmsghdr){ CMSG_LEN(count * sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
	for (int i = 0; i < count; i++)
		memcpy(CMSG_DATA(&u.align) + i * sizeof(int), &fd, sizeof(int));
	n = sendmsg(s, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	return n < 0 ? -errno : n;
}

static void fill(const char *what, int s, int fd, int each, int most)
{
	long n = 0, i;

	for (i = 0; i < most && (n = send_fds(s, fd, each)) == 1; i++)
		;
	printf("%s: %ld messages of %d, then %s\n", what, i, each, i == most ? "enough" : n == -ETOOMANYREFS ? "ETOOMANYREFS"
		: errno_name((int)-n));
	fflush(stdout);
}

static void as_user(int uid)
{
	struct rlimit r = { 40, 40 };
	int s[2], t[2];
	char c;

	setrlimit(RLIMIT_NOFILE, &r);
	setgid(uid);
	setuid(uid);
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	socketpair(AF_UNIX, SOCK_STREAM, 0, t);
	fill("one at a time", s[0], 0, 1, 100);
	recv(s[1], &c, 1, MSG_PEEK);
	fill("after a peek", s[0], 0, 1, 100);
	recv(s[1], &c, 1, 0);
	recv(s[1], &c, 1, 0);
	fill("after two reads", t[0], 0, 1, 100);
	printf("without descriptors: %ld\n", (long)send(s[0], "x", 1, 0));
	close(s[0]);
	close(s[1]);
	fill("after close", t[0], 0, 20, 100);
	close(t[0]);
	close(t[1]);
	socketpair(AF_UNIX, SOCK_DGRAM, 0, s);
	fill("datagrams", s[0], 0, 41, 100);
	fill("datagrams again", s[0], 0, 1, 100);
	exit(0);
}

int main(void)
{
	struct rlimit r = { 40, 40 };
	int s[2], status;

	fflush(stdout);
	if (!fork())
		as_user(12345);
	wait(&status);
	SHOW(status);
	if (!fork())
		as_user(12346);
	wait(&status);
	SHOW(status);
	/* Privileged: no limit. */
	setrlimit(RLIMIT_NOFILE, &r);
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	fill("root", s[0], 0, 1, 100);
	return 0;
}
