/* SOF_TIMESTAMPING_OPT_ID on TCP: timestamps are told with the number of their last byte, counted from when the option was set. */
#include "tcp_pair.h"
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>

static void show_ids(int s)
{
	for (;;) {
		_Alignas(8) char control[256];
		char data[64];
		struct iovec iov = { data, sizeof(data) };
		struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };

		if (recvmsg(s, &m, MSG_ERRQUEUE) < 0)
			return;
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
			if (c->cmsg_level != SOL_SOCKET) {
				struct sock_extended_err *e = (struct sock_extended_err *)CMSG_DATA(c);

				printf("  type %u id %u\n", e->ee_info, e->ee_data);
			}
	}
}

int main(void)
{
	int v = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY, off = 0;
	struct sockaddr_in a;
	int l = tcp_listener(&a, 1), c = tcp_connect_to(&a), s = accept(l, NULL, NULL);
	char buf[64];

	SHOW(setsockopt(l, SOL_SOCKET, SO_TIMESTAMPING, &v, sizeof(v)));
	SHOW(send(c, "before", 6, 0));
	SHOW(recv(s, buf, sizeof(buf), 0));
	SHOW(send(s, "answer", 6, 0)); /* acknowledges what was sent */
	SHOW(recv(c, buf, sizeof(buf), 0));
	SHOW(setsockopt(c, SOL_SOCKET, SO_TIMESTAMPING, &v, sizeof(v)));
	SHOW(send(c, "abc", 3, 0));
	show_ids(c);
	SHOW(send(c, "defgh", 5, 0));
	show_ids(c);
	SHOW(setsockopt(c, SOL_SOCKET, SO_TIMESTAMPING, &off, sizeof(off)));
	SHOW(recv(s, buf, sizeof(buf), 0));
	SHOW(send(s, "answer", 6, 0));
	SHOW(recv(c, buf, sizeof(buf), 0));
	SHOW(setsockopt(c, SOL_SOCKET, SO_TIMESTAMPING, &v, sizeof(v)));
	SHOW(send(c, "i", 1, 0));
	show_ids(c);
	return 0;
}
