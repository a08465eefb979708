/* Raw sockets with IP options and control messages on the way out, and what others see. */
// needs-root: raw sockets
#include "inet.h"

static void show(int s)
{
	unsigned char buf[200];
	int n = recv(s, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0) {
		printf("recv: %s\n", errno_name(errno));
		return;
	}
	printf("recv %d: ihl %d tos %d ttl %d off %#x src %d.%d.%d.%d", n, buf[0] & 15, buf[1], buf[8], buf[6] << 8 | buf[7],
		buf[12], buf[13], buf[14], buf[15]);
	for (int i = 20; i < (buf[0] & 15) * 4; i++)
		printf(" %02x", buf[i]);
	printf("\n");
}

int main(void)
{
	int s = socket(AF_INET, SOCK_RAW, 216), v = 99;
	addr_t to = addr_of("127.0.0.1", 0);
	unsigned char rr[11] = { 7, 11, 4 }, bad[4] = { 7, 3, 9, 0 };
	struct in_pktinfo info = { .ipi_spec_dst.s_addr = htonl(0x7f000009) };

	SHOW(sendto(s, "plain", 5, 0, &to.sa, sizeof(to.in)));
	show(s);
	SHOW(setsockopt(s, IPPROTO_IP, IP_OPTIONS, rr, sizeof(rr)));
	SHOW(sendto(s, "route", 5, 0, &to.sa, sizeof(to.in)));
	show(s);
	SHOW(setsockopt(s, IPPROTO_IP, IP_OPTIONS, bad, 4));
	SHOW(setsockopt(s, IPPROTO_IP, IP_OPTIONS, NULL, 0));
	SHOW(send_cmsg(s, "ttl", &to, IPPROTO_IP, IP_TTL, &v, 4));
	show(s);
	SHOW(send_cmsg(s, "tos", &to, IPPROTO_IP, IP_TOS, &v, 4));
	show(s);
	SHOW(send_cmsg(s, "source", &to, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info)));
	show(s);
	SHOW(send_cmsg(s, "options", &to, IPPROTO_IP, IP_RETOPTS, rr, sizeof(rr)));
	show(s);
	SHOW(set_int(s, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT));
	SHOW(sendto(s, "may be cut", 10, 0, &to.sa, sizeof(to.in)));
	show(s);
	SHOW(set_int(s, SOL_SOCKET, SO_MARK, 5));
	SHOW(send_cmsg(s, "mark", &to, SOL_SOCKET, SO_MARK, &v, 4));
	show(s);
	SHOW(sendto(s, "part", 4, MSG_MORE, &to.sa, sizeof(to.in)));
	show(s);
	SHOW(sendto(s, " and part", 9, 0, &to.sa, sizeof(to.in)));
	show(s);
	return 0;
}
