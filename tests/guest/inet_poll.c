/* What poll says of UDP and raw sockets: readiness, errors, SO_SELECT_ERR_QUEUE, shutdown. */
// needs-root: a raw socket
#include "inet.h"
#include <linux/net_tstamp.h>

int main(void)
{
	int a = bound("127.0.0.1"), b = bound("127.0.0.1"), r = socket(AF_INET, SOCK_RAW, 210);
	addr_t to = local_addr(a), gone;
	struct pollfd p[2] = { { a, POLLIN, 0 }, { b, POLLOUT, 0 } };
	char buf[8];
	int c;

	SHOW(poll_now(a));
	SHOW(poll(p, 2, 0));
	printf("%#x %#x\n", p[0].revents, p[1].revents);
	send_to(b, "x", "127.0.0.1", to.in.sin_port);
	SHOW(poll(p, 2, 0));
	printf("%#x %#x\n", p[0].revents, p[1].revents);
	SHOW(poll_now(a));
	recv(a, buf, 8, 0);
	SHOW(poll_now(a));
	SHOW(connect(b, &to.sa, sizeof(to.in)));
	close(a);
	send(b, "x", 1, 0);
	SHOW(poll_now(b));
	SHOW(recv(b, buf, 8, 0));
	SHOW(poll_now(b));
	SHOW(shutdown(b, SHUT_RD));
	SHOW(poll_now(b));
	SHOW(shutdown(b, SHUT_WR));
	SHOW(poll_now(b));
	SHOW(recv(b, buf, 8, MSG_DONTWAIT));
	SHOW(recv(b, buf, 8, 0));
	SHOW(send(b, "x", 1, MSG_NOSIGNAL));
	c = bound("127.0.0.1");
	a = bound("127.0.0.1");
	set_int(c, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE);
	send_to(c, "x", "127.0.0.1", port_of(a));
	SHOW(poll_now(c));
	SHOW(set_int(c, SOL_SOCKET, SO_SELECT_ERR_QUEUE, 1));
	SHOW(poll_now(c));
	receive_err(c);
	SHOW(poll_now(c));
	gone = local_addr(a);
	close(a);
	set_int(c, IPPROTO_IP, IP_RECVERR, 1);
	SHOW(sendto(c, "x", 1, 0, &gone.sa, sizeof(gone.in)));
	SHOW(poll_now(c));
	receive_err(c);
	receive_err(c);
	SHOW(poll_now(c));
	SHOW(poll_now(r));
	to = addr_of("127.0.0.1", 0);
	SHOW(sendto(r, "raw", 3, 0, &to.sa, sizeof(to.in)));
	SHOW(poll_now(r));
	return 0;
}
