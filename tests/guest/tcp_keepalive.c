/* SO_KEEPALIVE on a living connection: probes are answered and the connection stays. */
#include "tcp_pair.h"

int main(void)
{
	char buf[8];
	int p[2];

	tcp_pair(p);
	SHOW(int_opt(p[0], SOL_SOCKET, SO_KEEPALIVE));
	SHOW(set_int(p[0], IPPROTO_TCP, TCP_KEEPIDLE, 1));
	SHOW(set_int(p[0], IPPROTO_TCP, TCP_KEEPINTVL, 1));
	SHOW(set_int(p[0], IPPROTO_TCP, TCP_KEEPCNT, 1));
	SHOW(set_int(p[0], SOL_SOCKET, SO_KEEPALIVE, 1));
	SHOW_POLL(p[0], POLLIN, 2300);
	SHOW_STATE(p[0]);
	SHOW(write(p[0], "alive", 5));
	SHOW(read(p[1], buf, 8));
	SHOW(set_int(p[0], SOL_SOCKET, SO_KEEPALIVE, 0));
	SHOW(int_opt(p[0], IPPROTO_TCP, TCP_KEEPIDLE));
	return 0;
}
