/* Options of SOL_SOCKET as a TCP socket has them. */ /* musl */
#include "tcp_pair.h"

int main(void)
{
	struct sockaddr_in addr;
	int l = tcp_listener(&addr, 1), p[2], n = socket(AF_INET, SOCK_STREAM, 0), before;

	tcp_pair(p);
	SHOW(int_opt(l, SOL_SOCKET, SO_ACCEPTCONN));
	SHOW(int_opt(p[0], SOL_SOCKET, SO_ACCEPTCONN));
	SHOW(int_opt(p[0], SOL_SOCKET, SO_TYPE));
	SHOW(int_opt(p[0], SOL_SOCKET, SO_DOMAIN));
	SHOW(int_opt(p[0], SOL_SOCKET, SO_PROTOCOL));
	SHOW(int_opt(p[0], SOL_SOCKET, SO_ERROR));
	SHOW(set_int(p[0], SOL_SOCKET, SO_ERROR, 1));
	SHOW(set_int(n, SOL_SOCKET, SO_SNDBUF, 10000));
	SHOW(int_opt(n, SOL_SOCKET, SO_SNDBUF));
	SHOW(set_int(n, SOL_SOCKET, SO_RCVBUF, 10000));
	SHOW(int_opt(n, SOL_SOCKET, SO_RCVBUF));
	SHOW(set_int(n, SOL_SOCKET, SO_SNDBUF, 1));
	SHOW(int_opt(n, SOL_SOCKET, SO_SNDBUF));
	SHOW(set_int(n, SOL_SOCKET, SO_RCVBUF, 1));
	SHOW(int_opt(n, SOL_SOCKET, SO_RCVBUF));
	before = int_opt(l, SOL_SOCKET, SO_RCVBUF);
	set_int(l, SOL_SOCKET, SO_RCVBUF, 30000);
	tcp_connect_to(&addr);
	SHOW(int_opt(accept(l, NULL, NULL), SOL_SOCKET, SO_RCVBUF));
	printf("default buffers: %d\n", before > 10000);
	SHOW(set_int(n, SOL_SOCKET, SO_OOBINLINE, 1));
	SHOW(int_opt(n, SOL_SOCKET, SO_OOBINLINE));
	SHOW(set_int(n, SOL_SOCKET, SO_REUSEADDR, 5));
	SHOW(int_opt(n, SOL_SOCKET, SO_REUSEADDR));
	SHOW(set_int(n, IPPROTO_IP, IP_TOS, 0x13));
	SHOW(int_opt(n, IPPROTO_IP, IP_TOS));
	SHOW(set_int(n, IPPROTO_IP, IP_TTL, 10));
	SHOW(int_opt(n, IPPROTO_IP, IP_TTL));
	SHOW(set_int(n, IPPROTO_IP, IP_TTL, 256));
	SHOW(set_int(n, IPPROTO_UDP, 1, 1));
	return 0;
}
