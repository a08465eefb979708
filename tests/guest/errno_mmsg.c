/* sendmmsg(2), recvmmsg(2) on every kind of socket: MSG_WAITFORONE, time-outs, a bad entry in the middle, errors kept for later. */
#include <time.h>
#include "each.h"

int main(void)
{
	int null = open("/dev/null", O_RDONLY);

	FOR_EACH(k) {
		char in[4][8];
		struct iovec out[4] = { { "one", 3 }, { "two", 3 }, { BAD_PTR, 3 }, { "four", 4 } }, iov[4];
		struct mmsghdr m[4], r[4];
		struct timespec now = { 0, 0 }, soon = { 0, 1000 }, bad = { 0, 1000000000 };
		int p[2], n, s = make(k);

		memset(m, 0, sizeof(m));
		memset(r, 0, sizeof(r));
		for (int i = 0; i < 4; i++) {
			iov[i] = (struct iovec){ in[i], 3 };
			m[i].msg_hdr.msg_iov = &out[i];
			r[i].msg_hdr.msg_iov = &iov[i];
			m[i].msg_hdr.msg_iovlen = r[i].msg_hdr.msg_iovlen = 1;
		}
		title(k->name);
		SHOW(sendmmsg(-1, m, 1, 0));
		SHOW(sendmmsg(null, m, 1, 0));
		SHOW(sendmmsg(s, m, 1, MSG_NOSIGNAL));
		SHOW(sendmmsg(s, m, 0, 0));
		SHOW(recvmmsg(null, r, 1, 0, NULL));
		SHOW(recvmmsg(s, r, 1, MSG_DONTWAIT, NULL));
		SHOW(recvmmsg(s, r, 0, 0, NULL));
		SHOW(recvmmsg(s, r, 1, 0, &bad));
		SHOW(recvmmsg(s, r, 1, 0, BAD_PTR));
		make_pair(k, p);
		SHOW(sendmmsg(p[0], m, 4, 0));
		SHOW(sendmmsg(p[0], m + 2, 2, 0));
		SHOW(sendmmsg(p[0], BAD_PTR, 2, 0));
		n = SHOW(recvmmsg(p[1], r, 4, MSG_WAITFORONE, NULL));
		for (int i = 0; i < n; i++)
			printf("  %u '%.*s' flags %#x\n", r[i].msg_len, (int)r[i].msg_len, in[i], r[i].msg_hdr.msg_flags);
		SHOW(recvmmsg(p[1], r, 4, MSG_DONTWAIT, NULL));
		sendmmsg(p[0], m, 2, 0);
		SHOW(recvmmsg(p[1], r, 1, 0, &now));
		sendmmsg(p[0], m, 2, 0);
		SHOW(recvmmsg(p[1], r, 1, 0, &soon));
		SHOW(recvmmsg(p[1], r, 1, 0x80000000, NULL));
		SHOW(sendmmsg(p[0], m, 1, 0x80000000));
		/* An error after the first message is told by the next call. */
		while (recv(p[1], in[0], 8, MSG_DONTWAIT) > 0)
			;
		sendmmsg(p[0], m, 2, 0);
		iov[1].iov_base = BAD_PTR;
		r[0].msg_hdr.msg_iov[0].iov_len = 2;
		SHOW(recvmmsg(p[1], r, 2, 0, NULL));
		SHOW(recv(p[1], in[0], 8, MSG_DONTWAIT) > 0);
		close(s);
		close(p[0]);
		close(p[1]);
	}
	return 0;
}
