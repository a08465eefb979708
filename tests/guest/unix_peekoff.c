/* SO_PEEK_OFF on every type of AF_UNIX socket: peeks move it on, reads move it back, over the ends of messages. */
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/sockios.h>
#include "show.h"

static int s[2];

static void get(size_t size, int flags)
{
	char buf[64] = "";
	struct iovec iov = { buf, size };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	long n = recvmsg(s[1], &m, flags | MSG_DONTWAIT);
	int off = -9, inq = -9;
	socklen_t len = sizeof(off);

	getsockopt(s[1], SOL_SOCKET, SO_PEEK_OFF, &off, &len);
	ioctl(s[1], SIOCINQ, &inq);
	printf("%s %zu: %ld '%s' flags %#x, offset %d, inq %d\n", flags & MSG_PEEK ? "peek" : "read", size, n < 0 ? -(long)errno : n, buf,
		m.msg_flags, off, inq);
}

int main(void)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };

	for (int t = 0; t < 3; t++) {
		int off = 0;

		printf("== type %d\n", types[t]);
		socketpair(AF_UNIX, types[t], 0, s);
		send(s[0], "abcd", 4, 0);
		send(s[0], "efgh", 4, 0);
		send(s[0], "ijkl", 4, 0);
		get(2, MSG_PEEK);
		SHOW(setsockopt(s[1], SOL_SOCKET, SO_PEEK_OFF, &off, sizeof(off)));
		get(2, MSG_PEEK);
		get(2, MSG_PEEK);
		get(2, MSG_PEEK);
		get(8, MSG_PEEK);
		get(3, 0);
		get(8, MSG_PEEK);
		get(8, MSG_PEEK);
		get(8, MSG_PEEK);
		off = 5;
		SHOW(setsockopt(s[1], SOL_SOCKET, SO_PEEK_OFF, &off, sizeof(off)));
		get(8, MSG_PEEK);
		get(8, MSG_PEEK | MSG_TRUNC);
		get(64, 0);
		get(64, 0);
		get(64, MSG_PEEK);
		off = -5;
		SHOW(setsockopt(s[1], SOL_SOCKET, SO_PEEK_OFF, &off, sizeof(off)));
		send(s[0], "mn", 2, 0);
		get(64, MSG_PEEK);
		get(64, 0);
		close(s[0]);
		close(s[1]);
	}
	return 0;
}
