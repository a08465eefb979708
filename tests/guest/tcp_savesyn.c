/* TCP_SAVE_SYN: the headers of the SYN that made a connection. */
#include "tcp_pair.h"

#define SAVE_SYN 27
#define SAVED_SYN 28

int main(void)
{
	struct sockaddr_in addr;
	int l = tcp_listener(&addr, 4), s, s2;
	unsigned char syn[200];
	socklen_t len = 5;

	s2 = (tcp_connect_to(&addr), accept(l, NULL, NULL));
	SHOW(set_int(l, IPPROTO_TCP, SAVE_SYN, 1));
	s = (tcp_connect_to(&addr), accept(l, NULL, NULL));
	SHOW(getsockopt(s, IPPROTO_TCP, SAVED_SYN, syn, &len));
	printf("length %d\n", len);
	len = sizeof(syn);
	SHOW(getsockopt(s, IPPROTO_TCP, SAVED_SYN, syn, &len));
	printf("length %d, version %d, protocol %d, source 127.0.0.1: %d\n", len, syn[0] >> 4, syn[9], !memcmp(syn + 12, "\x7f\0\0\1", 4));
	printf("port %d, flags %#x, header %d bytes, MSS option first: %d\n", !memcmp(syn + 22, &addr.sin_port, 2), syn[33],
		(syn[32] >> 4) * 4, syn[40] == 2);
	printf("options:");
	for (int i = 40; i < (int)len;) {
		printf(" %d", syn[i]);
		i += syn[i] <= 1 ? 1 : syn[i + 1];
	}
	printf("\n");
	len = sizeof(syn);
	SHOW(getsockopt(s, IPPROTO_TCP, SAVED_SYN, syn, &len));
	printf("length %d\n", len);
	len = sizeof(syn);
	SHOW(getsockopt(s2, IPPROTO_TCP, SAVED_SYN, syn, &len));
	printf("length %d\n", len);
	return 0;
}
