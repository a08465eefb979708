/* UDP_SEGMENT and UDP_GRO: as options and control messages, and their limits. */
#include "inet.h"

static void family(const char *text)
{
	int a = bound(text), b = bound(text);
	addr_t to = local_addr(a);
	static char big[65000];
	unsigned short size;

	printf("-- %s\n", text);
	SHOW(get_int(b, IPPROTO_UDP, UDP_SEGMENT));
	SHOW(set_int(b, IPPROTO_UDP, UDP_SEGMENT, 1000));
	SHOW(set_int(b, IPPROTO_UDP, UDP_SEGMENT, -1));
	SHOW(set_int(b, IPPROTO_UDP, UDP_SEGMENT, 65536));
	SHOW(get_int(b, IPPROTO_UDP, UDP_SEGMENT));
	SHOW(sendto(b, big, 2500, 0, &to.sa, addr_len(&to)));
	receive(a);
	receive(a);
	receive(a);
	receive(a);
	SHOW(sendto(b, big, 900, 0, &to.sa, addr_len(&to)));
	receive(a);
	SHOW(set_int(a, IPPROTO_UDP, UDP_GRO, 1));
	SHOW(get_int(a, IPPROTO_UDP, UDP_GRO));
	SHOW(sendto(b, big, 2500, 0, &to.sa, addr_len(&to)));
	receive(a);
	receive(a);
	SHOW(set_int(b, IPPROTO_UDP, UDP_SEGMENT, 0));
	size = 4;
	SHOW(send_cmsg(b, "abcdefghij", &to, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)));
	receive(a);
	SHOW(set_int(a, IPPROTO_UDP, UDP_GRO, 0));
	SHOW(send_cmsg(b, "abcdefghij", &to, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)));
	receive(a);
	receive(a);
	receive(a);
	SHOW(send_cmsg(b, "abcdefghij", &to, IPPROTO_UDP, UDP_SEGMENT, &size, 1));
	SHOW(send_cmsg(b, "abcdefghij", &to, IPPROTO_UDP, 99, &size, 2));
	SHOW(set_int(b, IPPROTO_UDP, UDP_SEGMENT, 10));
	SHOW(sendto(b, big, 10000, 0, &to.sa, addr_len(&to)));
	SHOW(set_int(b, SOL_SOCKET, SO_NO_CHECK, 1));
	SHOW(sendto(b, big, 100, 0, &to.sa, addr_len(&to)));
	close(a);
	close(b);
}

int main(void)
{
	family("127.0.0.1");
	family("::1");
	return 0;
}
