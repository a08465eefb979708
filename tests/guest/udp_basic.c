/* UDP over IPv4: sending, receiving, truncation, empty datagrams, names, connected sockets and their end. musl */
#include "inet.h"

int main(void)
{
	int a = bound("127.0.0.1"), b = bound("127.0.0.1"), c;
	unsigned short pa = port_of(a), pb = port_of(b);
	addr_t aa = local_addr(a);
	char buf[16];
	int v;

	SHOW(pa != pb);
	SHOW(send_to(b, "hello", "127.0.0.1", pa));
	receive(a);
	receive(a);
	SHOW(send_to(b, "", "127.0.0.1", pa));
	receive(a);
	SHOW(send_to(b, "0123456789", "127.0.0.1", pa));
	receive_room(a, 4, 0, 0);
	SHOW(send_to(b, "0123456789", "127.0.0.1", pa));
	receive_room(a, 4, 0, MSG_TRUNC);
	SHOW(send_to(b, "0123456789", "127.0.0.1", pa));
	receive_room(a, 4, 0, MSG_PEEK);
	receive_room(a, 4, 0, MSG_PEEK | MSG_TRUNC);
	receive(a);
	SHOW(send(b, "x", 1, 0));
	SHOW(connect(b, &aa.sa, sizeof(aa.in)));
	SHOW(send(b, "connected", 9, 0));
	receive(a);
	SHOW(write(b, "written", 7));
	SHOW(read(a, buf, sizeof(buf)));
	SHOW(sendto(b, "named", 5, 0, &aa.sa, sizeof(aa.in)));
	receive(a);
	/* A connected socket hears only its peer. */
	c = bound("127.0.0.1");
	SHOW(send_to(c, "stranger", "127.0.0.1", pb));
	receive(b);
	SHOW(send_to(a, "peer", "127.0.0.1", pb));
	receive(b);
	aa = addr_of("0.0.0.0", 0);
	aa.sa.sa_family = AF_UNSPEC;
	SHOW(connect(b, &aa.sa, sizeof(aa.in)));
	SHOW(send(b, "x", 1, 0));
	SHOW(port_of(b) == pb);
	SHOW(send_to(c, "stranger", "127.0.0.1", pb));
	receive(b);
	SHOW(listen(a, 1));
	SHOW(accept(a, NULL, NULL));
	SHOW(getpeername(a, &aa.sa, &(socklen_t){ sizeof(aa) }));
	SHOW(ioctl(a, SIOCINQ, &v));
	SHOW(v);
	SHOW(send_to(b, "first", "127.0.0.1", pa));
	SHOW(send_to(b, "second!", "127.0.0.1", pa));
	SHOW(ioctl(a, SIOCINQ, &v));
	SHOW(v);
	SHOW(ioctl(b, SIOCOUTQ, &v));
	SHOW(v);
	SHOW(poll_now(a));
	SHOW(poll_now(b));
	SHOW(recv(a, BAD_PTR, 4, 0));
	receive(a);
	receive(a);
	return 0;
}
