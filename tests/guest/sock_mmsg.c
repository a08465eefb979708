/* sendmmsg and recvmmsg. */
#include <sys/socket.h>
#include <time.h>
#include "show.h"

int main(void)
{
	char in[4][8] = { "" };
	struct iovec out[4] = { { "one", 3 }, { "two", 3 }, { "three", 5 }, { BAD_PTR, 4 } }, iov[4];
	struct mmsghdr m[4] = { 0 }, r[4] = { 0 };
	struct timespec ts = { 0, 1 }, bad = { 0, -1 };
	int s[2], n;

	for (int i = 0; i < 4; i++) {
		m[i].msg_hdr.msg_iov = &out[i];
		m[i].msg_hdr.msg_iovlen = 1;
		iov[i] = (struct iovec){ in[i], 4 };
		r[i].msg_hdr.msg_iov = &iov[i];
		r[i].msg_hdr.msg_iovlen = 1;
	}
	socketpair(AF_UNIX, SOCK_DGRAM, 0, s);
	SHOW(sendmmsg(s[0], m, 3, 0));
	printf("%u %u %u\n", m[0].msg_len, m[1].msg_len, m[2].msg_len);
	SHOW(sendmmsg(s[0], m + 2, 2, 0));
	SHOW(sendmmsg(s[0], m + 3, 1, 0));
	SHOW(sendmmsg(s[0], m, 0, 0));
	n = SHOW(recvmmsg(s[1], r, 4, MSG_DONTWAIT, NULL));
	for (int i = 0; i < n; i++)
		printf("%u '%.4s' %#x\n", r[i].msg_len, in[i], r[i].msg_hdr.msg_flags);
	SHOW(recvmmsg(s[1], r, 4, MSG_DONTWAIT, NULL));
	sendmmsg(s[0], m, 2, 0);
	SHOW(recvmmsg(s[1], r, 4, MSG_WAITFORONE, NULL));
	sendmmsg(s[0], m, 2, 0);
	SHOW(recvmmsg(s[1], r, 4, 0, &ts));
	SHOW(recvmmsg(s[1], r, 4, 0, &ts));
	SHOW(recvmmsg(s[1], r, 1, 0, &bad));
	SHOW(recvmmsg(-1, r, 1, 0, NULL));
	SHOW(recvmmsg(s[1], BAD_PTR, 1, MSG_DONTWAIT, NULL));
	SHOW(sendmmsg(s[1], BAD_PTR, 1, 0));
	return 0;
}
