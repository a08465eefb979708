/* Datagrams of every size, intact, over both families; memory is given back. */
#include "inet.h"

static void family(const char *text, int most)
{
	int a = bound(text), b = bound(text), bad = 0, v;
	addr_t to = local_addr(a);
	static unsigned char out[65536], in[65536];

	for (unsigned i = 0; i < sizeof(out); i++)
		out[i] = (unsigned char)(i * 31 + i / 7);
	set_int(a, SOL_SOCKET, SO_RCVBUF, 200000);
	for (int n = 0; n <= most; n += n < 3000 ? 37 : 977) {
		if (sendto(b, out, n, 0, &to.sa, addr_len(&to)) != n || recv(a, in, sizeof(in), MSG_DONTWAIT) != n
				|| memcmp(in, out, n))
			bad++;
		ioctl(b, SIOCOUTQ, &v);
		bad += v != 0;
	}
	printf("%s: bad %d\n", text, bad);
	close(a);
	close(b);
}

int main(void)
{
	family("127.0.0.1", 65507);
	family("::1", 65527);
	return 0;
}
