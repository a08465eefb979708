/* Local addresses and ports of clients: chosen, bound, shared, used up. */
#include "tcp_pair.h"

int main(void)
{
	struct sockaddr_in addr, addr2, own = LOOPBACK, peer, a;
	socklen_t len = sizeof(a);
	int l = tcp_listener(&addr, 8), l2 = tcp_listener(&addr2, 8), c, d, s;

	/* A source address of one's own. */
	own.sin_addr.s_addr = inet_addr("127.0.0.77");
	c = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(bind(c, (struct sockaddr *)&own, sizeof(own)));
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	len = sizeof(peer);
	s = accept(l, (struct sockaddr *)&peer, &len);
	printf("comes from %s\n", inet_ntoa(peer.sin_addr));
	/* The same port to two destinations: both must allow it. */
	len = sizeof(a);
	c = socket(AF_INET, SOCK_STREAM, 0);
	set_int(c, SOL_SOCKET, SO_REUSEADDR, 1);
	own = LOOPBACK;
	SHOW(bind(c, (struct sockaddr *)&own, sizeof(own)));
	getsockname(c, (struct sockaddr *)&a, &len);
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	d = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(bind(d, (struct sockaddr *)&a, sizeof(a)));
	set_int(d, SOL_SOCKET, SO_REUSEADDR, 1);
	SHOW(bind(d, (struct sockaddr *)&a, sizeof(a)));
	SHOW(connect(d, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(connect(d, (struct sockaddr *)&addr2, sizeof(addr2)));
	len = sizeof(peer);
	s = accept(l2, (struct sockaddr *)&peer, &len);
	printf("from the same port: %d\n", peer.sin_port == a.sin_port);
	/* IP_BIND_ADDRESS_NO_PORT leaves the port to connect. */
	c = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(set_int(c, IPPROTO_IP, 24, 1));
	SHOW(bind(c, (struct sockaddr *)&own, sizeof(own)));
	len = sizeof(a);
	getsockname(c, (struct sockaddr *)&a, &len);
	printf("port yet: %d\n", a.sin_port != 0);
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	(void)s;
	return 0;
}
