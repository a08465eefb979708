/* TCP_DEFER_ACCEPT: accept waits for data. */
#include "tcp_pair.h"

int main(void)
{
	struct sockaddr_in addr;
	int l = tcp_listener(&addr, 4), c, s;
	char buf[8];

	SHOW(set_int(l, IPPROTO_TCP, TCP_DEFER_ACCEPT, 3));
	SHOW(int_opt(l, IPPROTO_TCP, TCP_DEFER_ACCEPT));
	c = tcp_connect_to(&addr);
	SHOW_STATE(c);
	SHOW_POLL(l, POLLIN, 100);
	write(c, "now", 3);
	SHOW_POLL(l, POLLIN, 5000);
	s = accept(l, NULL, NULL);
	SHOW(recv(s, buf, 8, MSG_DONTWAIT));
	SHOW(write(s, "yes", 3));
	SHOW(read(c, buf, 8));
	return 0;
}
