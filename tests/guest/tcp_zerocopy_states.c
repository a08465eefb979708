/* MSG_ZEROCOPY on TCP and UDP: notifications, their ranges, codes, and what refuses it. */
#include "inet.h"
#include <netinet/tcp.h>

static int pair(int p[2])
{
	addr_t a = addr_of("127.0.0.1", 0);
	int l = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t len = sizeof(a);

	bind(l, &a.sa, addr_len(&a));
	listen(l, 1);
	getsockname(l, &a.sa, &len);
	p[0] = socket(AF_INET, SOCK_STREAM, 0);
	connect(p[0], &a.sa, addr_len(&a));
	p[1] = accept(l, NULL, NULL);
	return close(l);
}

int main(void)
{
	static char buf[20000], in[20000];
	struct pollfd pf;
	int p[2], s, r;
	addr_t to;

	pair(p);
	SHOW(send(p[0], buf, 100, MSG_ZEROCOPY));
	SHOW(recv(p[1], in, sizeof(in), 0));
	receive_err(p[0]);
	SHOW(set_int(p[0], SOL_SOCKET, SO_ZEROCOPY, 2));
	SHOW(set_int(p[0], SOL_SOCKET, SO_ZEROCOPY, 1));
	SHOW(get_int(p[0], SOL_SOCKET, SO_ZEROCOPY));
	for (int i = 0; i < 3; i++) {
		SHOW(send(p[0], buf, 10000, MSG_ZEROCOPY));
		SHOW(recv(p[1], in, 10000, MSG_WAITALL));
	}
	pf = (struct pollfd){ p[0], 0, 0 };
	SHOW(poll(&pf, 1, 2000));
	printf("events %#x\n", pf.revents);
	usleep(20000);
	receive_err(p[0]);
	receive_err(p[0]);
	SHOW(send(p[0], buf, 0, MSG_ZEROCOPY));
	SHOW(send(p[0], BAD_PTR, 10, MSG_ZEROCOPY));
	SHOW(send(p[0], "last", 4, 0));
	SHOW(recv(p[1], in, 4, 0));
	close(p[0]);
	close(p[1]);
	s = bound("127.0.0.1");
	r = bound("127.0.0.1");
	to = addr_of("127.0.0.1", port_of(r));
	SHOW(set_int(s, SOL_SOCKET, SO_ZEROCOPY, 1));
	SHOW(sendto(s, buf, 1000, MSG_ZEROCOPY, &to.sa, addr_len(&to)));
	SHOW(recv(r, in, sizeof(in), 0));
	receive_err(s);
	socketpair(AF_UNIX, SOCK_STREAM, 0, p);
	SHOW(set_int(p[0], SOL_SOCKET, SO_ZEROCOPY, 1));
	SHOW(send(p[0], "x", 1, MSG_ZEROCOPY));
	SHOW(recv(p[0], in, 1, MSG_ERRQUEUE | MSG_DONTWAIT));
	return 0;
}
