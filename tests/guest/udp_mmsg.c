/* sendmmsg and recvmmsg over UDP: counts, errors after the first message, MSG_WAITFORONE, timeouts. musl */
#include "inet.h"

int main(void)
{
	int a = bound("127.0.0.1"), b = bound("127.0.0.1");
	addr_t to = local_addr(a), bad = addr_of("127.0.0.1", 0);
	char text[8][16], in[8][16];
	struct iovec iov[8];
	struct mmsghdr m[8];
	struct timespec ts = { 0, 1000000 };
	int n;

	memset(m, 0, sizeof(m));
	for (int i = 0; i < 8; i++) {
		sprintf(text[i], "message %d", i);
		iov[i] = (struct iovec){ text[i], strlen(text[i]) };
		m[i].msg_hdr = (struct msghdr){ .msg_name = &to, .msg_namelen = sizeof(to.in), .msg_iov = &iov[i], .msg_iovlen = 1 };
	}
	SHOW(sendmmsg(b, m, 8, 0));
	printf("%u %u\n", m[0].msg_len, m[7].msg_len);
	for (int i = 0; i < 8; i++) {
		iov[i] = (struct iovec){ in[i], 16 };
		m[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
	}
	SHOW(recvmmsg(a, m, 3, 0, NULL));
	SHOW(recvmmsg(a, m, 8, MSG_DONTWAIT, NULL));
	printf("%.*s %.*s\n", (int)m[0].msg_len, in[0], (int)m[4].msg_len, in[4]);
	SHOW(recvmmsg(a, m, 8, MSG_DONTWAIT, NULL));
	send_to(b, "one", "127.0.0.1", to.in.sin_port);
	SHOW(recvmmsg(a, m, 8, MSG_WAITFORONE, NULL));
	send_to(b, "one", "127.0.0.1", to.in.sin_port);
	SHOW(recvmmsg(a, m, 1, 0, &ts));
	ts.tv_nsec = 1000000000;
	SHOW(recvmmsg(a, m, 1, 0, &ts));
	SHOW(recvmmsg(a, m, 1, MSG_DONTWAIT, BAD_PTR));
	SHOW(recvmmsg(a, BAD_PTR, 1, MSG_DONTWAIT, NULL));
	SHOW(recvmmsg(a, m, 0, MSG_DONTWAIT, NULL));
	SHOW(recvmmsg(-1, m, 1, MSG_DONTWAIT, NULL));
	for (int i = 0; i < 4; i++)
		m[i].msg_hdr = (struct msghdr){ .msg_name = i == 2 ? &bad : &to, .msg_namelen = sizeof(to.in), .msg_iov = &iov[i],
			.msg_iovlen = 1 };
	SHOW(sendmmsg(b, m, 4, 0));
	SHOW(sendmmsg(b, m + 2, 2, 0));
	SHOW(sendmmsg(b, BAD_PTR, 2, 0));
	SHOW(sendmmsg(b, m, 0, 0));
	for (n = 0; recv(a, in[0], 16, MSG_DONTWAIT) > 0; n++)
		;
	SHOW(n);
	iov[0].iov_base = BAD_PTR;
	SHOW(sendmmsg(b, m, 1, 0));
	m[0].msg_hdr.msg_iovlen = 2000;
	SHOW(sendmmsg(b, m, 1, 0));
	return 0;
}
