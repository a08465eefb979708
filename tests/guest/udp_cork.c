/* One datagram out of several calls: MSG_MORE, UDP_CORK, their limits and mixtures, both families. */
#include "inet.h"

static void family(const char *text)
{
	int a = bound(text), b = bound(text);
	addr_t to = local_addr(a);
	static char big[40000];

	printf("-- %s\n", text);
	SHOW(sendto(b, "one ", 4, MSG_MORE, &to.sa, addr_len(&to)));
	receive(a);
	SHOW(sendto(b, "two ", 4, MSG_MORE, &to.sa, addr_len(&to)));
	SHOW(send(b, "three", 5, 0));
	receive(a);
	SHOW(connect(b, &to.sa, addr_len(&to)));
	SHOW(get_int(b, IPPROTO_UDP, UDP_CORK));
	SHOW(set_int(b, IPPROTO_UDP, UDP_CORK, 1));
	SHOW(get_int(b, IPPROTO_UDP, UDP_CORK));
	SHOW(write(b, "corked ", 7));
	SHOW(write(b, "datagram", 8));
	receive(a);
	SHOW(set_int(b, IPPROTO_UDP, UDP_CORK, 0));
	receive(a);
	SHOW(send(b, big, sizeof(big), MSG_MORE));
	SHOW(send(b, big, sizeof(big), MSG_MORE));
	SHOW(send(b, "after", 5, 0));
	receive(a);
	receive(a);
	SHOW(send(b, big, 30000, MSG_MORE));
	SHOW(send(b, big, 30000, 0));
	receive(a);
	SHOW(send(b, "pending", 7, MSG_MORE));
	SHOW(close(b));
	receive(a);
	close(a);
}

int main(void)
{
	family("127.0.0.1");
	family("::1");
	return 0;
}
