/* Time stamps of received data on every kind of socket, old and new forms, SIOCGSTAMP, and the sender's over the error queue. */
#include "inet.h"
#include <linux/net_tstamp.h>
#include <linux/if.h>
#ifndef SOF_TIMESTAMPING_OPT_ID_TCP
#define SOF_TIMESTAMPING_OPT_ID_TCP (1 << 16)
#endif
#ifndef SO_TIMESTAMP_NEW
#define SO_TIMESTAMP_NEW 63
#define SO_TIMESTAMPNS_NEW 64
#define SO_TIMESTAMPING_NEW 65
#endif

static void stamp(const char *what, int s)
{
	struct timeval tv = { 0, 0 };

	printf("%s: %s\n", what, ioctl(s, SIOCGSTAMP, &tv) ? errno_name(errno) : labs(tv.tv_sec - time(NULL)) < 1000 ? "now" : "no");
}

/* Which control messages come, without what they say. */
static void kinds(int s)
{
	union { char bytes[256]; struct cmsghdr align; } u;
	char buf[16];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &u, .msg_controllen = sizeof(u) };
	long n = recvmsg(s, &m, MSG_DONTWAIT);

	printf("recvmsg %ld:", n);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		long long sec;

		memcpy(&sec, CMSG_DATA(c), 8);
		printf(" type %d len %d %s", c->cmsg_type, (int)c->cmsg_len, labs(sec - time(NULL)) < 1000 ? "now" : "no");
	}
	printf("\n");
}

int main(void)
{
	static const int opts[] = { SO_TIMESTAMP, SO_TIMESTAMPNS, SO_TIMESTAMP_NEW, SO_TIMESTAMPNS_NEW };
	int s = bound("127.0.0.1"), r = bound("127.0.0.1"), u[2];

	stamp("never", r);
	send_to(s, "first", "127.0.0.1", port_of(r));
	receive(r);
	stamp("first", r);
	for (int i = 0; i < 4; i++) {
		SHOW(set_int(r, SOL_SOCKET, opts[i], 1));
		for (int j = 0; j < 4; j++)
			printf(" %d", get_int(r, SOL_SOCKET, opts[j]));
		printf("\n");
		send_to(s, "stamped", "127.0.0.1", port_of(r));
		kinds(r);
		SHOW(set_int(r, SOL_SOCKET, opts[i], 0));
	}
	SHOW(set_int(r, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE));
	SHOW(set_int(r, SOL_SOCKET, SO_TIMESTAMPING, 1 << 30));
	SHOW(set_int(r, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_OPT_ID_TCP));
	SHOW(set_int(s, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_TX_SCHED | SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE
		| SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY));
	send_to(s, "sent", "127.0.0.1", port_of(r));
	receive_err(s);
	receive_err(s);
	receive_err(s);
	socketpair(AF_UNIX, SOCK_DGRAM, 0, u);
	SHOW(set_int(u[1], SOL_SOCKET, SO_TIMESTAMP, 1));
	send(u[0], "unix", 4, 0);
	receive(u[1]);
	stamp("unix", u[1]);
	return 0;
}
