/* Connected UDP sockets: who is heard, what the address becomes, connecting again and dissolving, errors of a closed peer, IPv4 and
 * IPv6, mapped. */
#include "inet.h"

static void name(const char *what, int s)
{
	addr_t a;
	socklen_t len = sizeof(a);

	printf("%s: local %s", what, addr_text(&(addr_t){ .ss = local_addr(s).ss }));
	if (getpeername(s, &a.sa, &len))
		printf(", peer %s\n", errno_name(errno));
	else
		printf(", peer %s\n", addr_text(&a));
}

static void talk(const char *lo, const char *any)
{
	int a = bound(lo), b = bound(lo), s = socket(addr_of(lo, 0).sa.sa_family, SOCK_DGRAM, 0);
	addr_t to_a = addr_of(lo, port_of(a)), to_b = addr_of(lo, port_of(b)), no = { .sa.sa_family = AF_UNSPEC }, w = addr_of(any, 0);
	unsigned short port;
	char buf[8];

	printf("== %s\n", lo);
	name("fresh", s);
	SHOW(connect(s, &to_a.sa, addr_len(&to_a)));
	name("connected", s);
	port = port_of(s);
	printf("a port %d\n", port != 0);
	send_to(b, "stranger", lo, port);
	send_to(a, "peer", lo, port);
	receive(s);
	receive(s);
	SHOW(send(s, "x", 1, 0));
	SHOW(sendto(s, "to b", 4, 0, &to_b.sa, addr_len(&to_b)));
	receive(b);
	SHOW(connect(s, &to_b.sa, addr_len(&to_b)));
	printf("the port stays %d\n", port_of(s) == port);
	send_to(a, "old peer", lo, port);
	send_to(b, "new peer", lo, port);
	receive(s);
	SHOW(connect(s, &no.sa, sizeof(no.sa)));
	name("dissolved", s);
	printf("port %d\n", port_of(s) != 0);
	SHOW(send(s, "x", 1, 0));
	SHOW(connect(s, &no.sa, sizeof(no.sa)));
	close(b);
	SHOW(connect(s, &to_b.sa, addr_len(&to_b)));
	SHOW(send(s, "x", 1, 0));
	printf("events %#x\n", poll_now(s));
	SHOW(send(s, "x", 1, 0));
	SHOW(recv(s, buf, 8, MSG_DONTWAIT));
	SHOW(send(s, "x", 1, 0));
	SHOW(get_int(s, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
	SHOW(get_int(s, SOL_SOCKET, SO_ERROR));
	close(s);
	/* A bound socket keeps its port through all of it. */
	s = bound(any);
	port = port_of(s);
	SHOW(connect(s, &to_a.sa, addr_len(&to_a)));
	name("bound", s);
	SHOW(connect(s, &no.sa, sizeof(no.sa)));
	name("bound, dissolved", s);
	printf("the port stays %d\n", port_of(s) == port);
	SHOW(connect(s, &w.sa, addr_len(&w)));
	name("to any", s);
	close(s);
	close(a);
}

int main(void)
{
	talk("127.0.0.1", "0.0.0.0");
	talk("::1", "::");
	talk("::ffff:127.0.0.1", "::");
	return 0;
}
