/* MSG_TRUNC, MSG_PEEK and MSG_WAITALL on every kind of socket, with buffers that are too small, exact, empty and missing. */
#include <sys/ioctl.h>
#include "each.h"

static void get(int s, size_t size, int flags)
{
	char buf[32] = "";
	struct iovec iov = { buf, size };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	long n = recvmsg(s, &m, flags | MSG_DONTWAIT);
	int left = -1;

	ioctl(s, FIONREAD, &left);
	printf("recv %zu flags %#x: %ld '%.*s' flags %#x, left %d\n", size, flags, n < 0 ? -(long)errno : n,
		(int)(n > (long)size ? (long)size : n > 0 ? n : 0), buf, m.msg_flags, left);
}

int main(void)
{
	FOR_EACH(k) {
		int p[2];

		title(k->name);
		make_pair(k, p);
		send(p[0], "abcdef", 6, 0);
		get(p[1], 3, MSG_PEEK);
		get(p[1], 3, MSG_PEEK | MSG_TRUNC);
		get(p[1], 0, MSG_PEEK | MSG_TRUNC);
		get(p[1], 0, MSG_PEEK);
		get(p[1], 6, MSG_PEEK);
		get(p[1], 3, MSG_TRUNC);
		get(p[1], 3, 0);
		send(p[0], "ghi", 3, 0);
		get(p[1], 3, MSG_WAITALL);
		send(p[0], "", 0, 0);
		send(p[0], "jk", 2, 0);
		get(p[1], 5, MSG_PEEK | MSG_WAITALL);
		get(p[1], 5, MSG_WAITALL);
		get(p[1], 5, MSG_WAITALL);
		get(p[1], 5, 0);
		send(p[0], "lmn", 3, MSG_EOR);
		get(p[1], 5, 0);
		send(p[0], "opq", 3, MSG_MORE);
		send(p[0], "rst", 3, 0);
		get(p[1], 6, MSG_PEEK);
		get(p[1], 0, 0);
		get(p[1], 0, MSG_TRUNC);
		get(p[1], 6, 0);
		close(p[0]);
		close(p[1]);
	}
	return 0;
}
