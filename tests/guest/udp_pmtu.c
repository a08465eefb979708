/* IP_MTU_DISCOVER and IP_MTU: what is too large for the path, told at once; fragments of IPv4. */
#include "inet.h"

int main(void)
{
	int a = bound("127.0.0.1"), b = bound("127.0.0.1");
	addr_t to = local_addr(a);
	static char big[65535], got[65535];
	long n;

	for (unsigned i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 13 + i / 256);
	SHOW(get_int(b, IPPROTO_IP, IP_MTU_DISCOVER));
	SHOW(get_int(b, IPPROTO_IP, IP_MTU));
	SHOW(connect(b, &to.sa, sizeof(to.in)));
	SHOW(get_int(b, IPPROTO_IP, IP_MTU));
	SHOW(set_int(b, IPPROTO_IP, IP_RECVERR, 1));
	for (int mode = IP_PMTUDISC_DONT; mode <= IP_PMTUDISC_OMIT; mode++) {
		SHOW(set_int(b, IPPROTO_IP, IP_MTU_DISCOVER, mode));
		SHOW(send(b, big, 65507, 0));
		n = recv(a, got, sizeof(got), MSG_DONTWAIT);
		SHOW(n);
		SHOW(n > 0 ? memcmp(big, got, n) : 0);
		SHOW(send(b, big, 65508, 0));
		receive_err(b);
	}
	SHOW(get_int(b, SOL_SOCKET, SO_ERROR));
	return 0;
}
