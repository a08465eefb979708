/* send(2), sendto(2), sendmsg(2): errors on every kind of socket. */
#include "each.h"

int main(void)
{
	int null = open("/dev/null", O_RDONLY);
	static char big[300000];

	signal(SIGPIPE, SIG_IGN);
	FOR_EACH(k) {
		any_addr a, b;
		socklen_t len = addr_for(k, &a, 1);
		struct iovec iov[3] = { { "abc", 3 }, { BAD_PTR, 4 }, { "def", 3 } };
		struct msghdr m = { .msg_iov = iov, .msg_iovlen = 3 };
		char control[64] = "";
		int s = make(k), p[2];

		title(k->name);
		SHOW(send(-1, "x", 1, 0));
		SHOW(send(null, "x", 1, 0));
		SHOW(send(null, BAD_PTR, 1, 0));
		SHOW(send(s, "x", 1, 0));
		SHOW(send(s, "x", 0, 0));
		SHOW(sendto(s, "x", 1, 0, &a.sa, -1));
		SHOW(sendto(s, "x", 1, 0, &a.sa, 200));
		SHOW(sendto(s, "x", 1, 0, BAD_PTR, len));
		SHOW(sendto(s, "x", 1, 0, &a.sa, 1));
		SHOW(sendto(s, "x", 1, 0, &a.sa, 0));
		b = a;
		b.sa.sa_family = 99;
		SHOW(sendto(s, "x", 1, 0, &b.sa, len));
		if (k->family != AF_UNIX && k->type == SOCK_DGRAM) {
			b = a;
			b.in.sin_port = 0;
			SHOW(sendto(s, "x", 1, 0, &b.sa, len));
			SHOW(sendto(s, big, 65508, 0, &a.sa, len));
			SHOW(sendto(s, "x", 1, MSG_OOB, &a.sa, len));
		}
		SHOW(sendmsg(s, BAD_PTR, 0));
		make_pair(k, p);
		SHOW(send(p[0], BAD_PTR, 1, 0));
		SHOW(send(p[0], (void *)-1, 2, 0));
		SHOW(sendmsg(p[0], &m, 0));
		m.msg_iovlen = 1025;
		SHOW(sendmsg(p[0], &m, 0));
		m.msg_iovlen = 1;
		iov[0].iov_len = -1;
		SHOW(sendmsg(p[0], &m, 0));
		iov[0].iov_len = 3;
		m.msg_control = BAD_PTR;
		m.msg_controllen = 16;
		SHOW(sendmsg(p[0], &m, 0));
		m.msg_control = control;
		m.msg_controllen = 15;
		SHOW(sendmsg(p[0], &m, 0));
		m.msg_controllen = 16;
		SHOW(sendmsg(p[0], &m, 0));
		((struct cmsghdr *)control)->cmsg_len = 17;
		SHOW(sendmsg(p[0], &m, 0));
		*(struct cmsghdr *)control = (struct cmsghdr){ 16, SOL_SOCKET, 99 };
		SHOW(sendmsg(p[0], &m, 0));
		*(struct cmsghdr *)control = (struct cmsghdr){ 16, 12345, 99 };
		SHOW(sendmsg(p[0], &m, 0));
		m.msg_controllen = 1 << 30;
		SHOW(sendmsg(p[0], &m, 0));
		m.msg_controllen = 0;
		m.msg_name = &a;
		m.msg_namelen = -1;
		SHOW(sendmsg(p[0], &m, 0));
		m.msg_namelen = 500;
		SHOW(sendmsg(p[0], &m, 0) == 3 ? 3 : -1);
		SHOW(shutdown(p[0], SHUT_WR));
		SHOW(send(p[0], "x", 1, 0));
		SHOW(send(p[0], "x", 0, 0));
		close(s);
		close(p[0]);
		close(p[1]);
	}
	return 0;
}
