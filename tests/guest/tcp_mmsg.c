/* sendmmsg and recvmmsg on a stream. */
#include "tcp_pair.h"

int main(void)
{
	char a[4] = "one", b[4] = "two", in[3][4];
	struct iovec out[2] = { { a, 3 }, { b, 3 } }, to[3] = { { in[0], 2 }, { in[1], 2 }, { in[2], 4 } };
	struct mmsghdr s[2] = { { .msg_hdr = { .msg_iov = &out[0], .msg_iovlen = 1 } },
		{ .msg_hdr = { .msg_iov = &out[1], .msg_iovlen = 1 } } };
	struct mmsghdr r[3] = { { .msg_hdr = { .msg_iov = &to[0], .msg_iovlen = 1 } },
		{ .msg_hdr = { .msg_iov = &to[1], .msg_iovlen = 1 } }, { .msg_hdr = { .msg_iov = &to[2], .msg_iovlen = 1 } } };
	struct timespec ts = { 0, 1000000 };
	int p[2];

	tcp_pair(p);
	SHOW(sendmmsg(p[0], s, 2, 0));
	printf("%u %u\n", s[0].msg_len, s[1].msg_len);
	usleep(30000);
	SHOW(recvmmsg(p[1], r, 3, 0, NULL));
	printf("%u %.2s, %u %.2s, %u %.2s\n", r[0].msg_len, in[0], r[1].msg_len, in[1], r[2].msg_len, in[2]);
	SHOW(recvmmsg(p[1], r, 3, MSG_DONTWAIT, NULL));
	write(p[0], "abc", 3);
	wait_for(p[1], POLLIN);
	SHOW(recvmmsg(p[1], r, 3, MSG_WAITFORONE, &ts));
	shutdown(p[0], SHUT_WR);
	wait_for(p[1], POLLRDHUP);
	SHOW(recvmmsg(p[1], r, 3, 0, NULL));
	printf("%u\n", r[0].msg_len);
	SHOW(sendmmsg(p[0], s, 2, MSG_NOSIGNAL));
	return 0;
}
