/* Port unreachable: ECONNREFUSED on connected sockets, on which call it comes, and IP_RECVERR with the error queue. */
#include "inet.h"

static unsigned short free_port(const char *text)
{
	int s = bound(text);
	unsigned short p = port_of(s);

	close(s);
	return p;
}

static void family(const char *text, int level, int recverr)
{
	unsigned short p = free_port(text);
	int s = bound(text), t = bound(text);
	addr_t a = addr_of(text, p), b;
	socklen_t len = sizeof(b);

	printf("-- %s\n", text);
	SHOW(sendto(s, "x", 1, 0, &a.sa, addr_len(&a)));
	SHOW(sendto(s, "x", 1, 0, &a.sa, addr_len(&a)));
	SHOW(connect(s, &a.sa, addr_len(&a)));
	SHOW(send(s, "x", 1, 0));
	SHOW(poll_now(s));
	SHOW(get_int(s, SOL_SOCKET, SO_ERROR));
	SHOW(get_int(s, SOL_SOCKET, SO_ERROR));
	SHOW(send(s, "x", 1, 0));
	SHOW(send(s, "x", 1, 0));
	SHOW(send(s, "x", 1, 0));
	receive(s);
	receive(s);
	SHOW(set_int(t, level, recverr, 1));
	SHOW(sendto(t, "unconnected", 11, 0, &a.sa, addr_len(&a)));
	SHOW(poll_now(t));
	receive(t);
	SHOW(poll_now(t));
	receive_err(t);
	receive_err(t);
	SHOW(poll_now(t));
	SHOW(sendto(t, "one", 3, 0, &a.sa, addr_len(&a)));
	SHOW(sendto(t, "two", 3, 0, &a.sa, addr_len(&a)));
	SHOW(sendto(t, "two", 3, 0, &a.sa, addr_len(&a)));
	receive_err(t);
	receive_room(t, 1, 1024, MSG_ERRQUEUE);
	receive_room(t, 1, 20, MSG_ERRQUEUE);
	SHOW(sendto(t, "one", 3, 0, &a.sa, addr_len(&a)));
	SHOW(set_int(t, level, recverr, 0));
	receive_err(t);
	SHOW(getpeername(s, &b.sa, &len));
}

int main(void)
{
	family("127.0.0.1", IPPROTO_IP, IP_RECVERR);
	family("::1", IPPROTO_IPV6, IPV6_RECVERR);
	return 0;
}
