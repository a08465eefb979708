/* Ports: privileged ones, the range of a socket (IP_LOCAL_PORT_RANGE), a range that is used up, IP_BIND_ADDRESS_NO_PORT. */
// needs-root: becomes another user
#include "inet.h"
#include <netinet/tcp.h>
#ifndef IP_LOCAL_PORT_RANGE
#define IP_LOCAL_PORT_RANGE 51
#endif

static int limited(int type, const char *ip, unsigned low, unsigned high, int late)
{
	addr_t a = addr_of(ip, 0);
	int s = socket(a.sa.sa_family, type, 0);

	set_int(s, IPPROTO_IP, IP_LOCAL_PORT_RANGE, (int)(high << 16 | low));
	if (late)
		set_int(s, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
	if (bind(s, &a.sa, addr_len(&a))) {
		printf("bind: %s\n", errno_name(errno));
		close(s);
		return -1;
	}
	printf("bound, port in the range %d, none %d\n", ntohs(port_of(s)) >= low && ntohs(port_of(s)) <= high, port_of(s) == 0);
	return s;
}

int main(void)
{
	static const char *const ips[] = { "127.0.0.77", "::1" };
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	SHOW(set_int(s, IPPROTO_IP, IP_LOCAL_PORT_RANGE, 100 << 16 | 200));
	SHOW(set_int(s, IPPROTO_IP, IP_LOCAL_PORT_RANGE, 200 << 16));
	SHOW(set_int(s, IPPROTO_IP, IP_LOCAL_PORT_RANGE, 200));
	SHOW(get_int(s, IPPROTO_IP, IP_LOCAL_PORT_RANGE));
	for (int i = 0; i < 2; i++)
		for (int type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
			int fd[6];

			printf("== %s type %d\n", ips[i], type);
			for (int k = 0; k < 6; k++)
				fd[k] = limited(type, ips[i], 61701, 61704, 0);
			close(fd[1]);
			fd[1] = limited(type, ips[i], 61701, 61704, 0);
			for (int k = 0; k < 6; k++)
				if (fd[k] >= 0)
					close(fd[k]);
			fd[0] = limited(type, ips[i], 61701, 61704, 1);
			close(fd[0]);
		}
	if (setgid(99) || setuid(99))
		return 1;
	for (int i = 0; i < 2; i++)
		for (int type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
			addr_t a = addr_of(i ? "::1" : "127.0.0.1", htons(1));

			s = socket(a.sa.sa_family, type, 0);
			SHOW(bind(s, &a.sa, addr_len(&a)));
			close(s);
		}
	return 0;
}
