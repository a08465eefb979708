/* TCP_MAXSEG on either side bounds the segments of both. */ /* musl */
#include "tcp_pair.h"

static unsigned snd_mss(int fd)
{
	struct tcp_info i;
	socklen_t len = sizeof(i);

	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &i, &len) ? 0 : i.tcpi_snd_mss;
}

static void run(int at_client, int at_listener)
{
	static char buf[30000];
	struct sockaddr_in addr;
	int l = tcp_listener(&addr, 4), c = socket(AF_INET, SOCK_STREAM, 0), s;
	struct tcp_info i;
	socklen_t len = sizeof(i);

	if (at_client)
		SHOW(set_int(c, IPPROTO_TCP, TCP_MAXSEG, at_client));
	if (at_listener)
		SHOW(set_int(l, IPPROTO_TCP, TCP_MAXSEG, at_listener));
	connect(c, (struct sockaddr *)&addr, sizeof(addr));
	s = accept(l, NULL, NULL);
	printf("client %d listener %d: client sends %u, server sends %u, option %d\n", at_client, at_listener, snd_mss(c), snd_mss(s),
		int_opt(c, IPPROTO_TCP, TCP_MAXSEG));
	write(c, buf, sizeof(buf));
	SHOW(recv(s, buf, sizeof(buf), MSG_WAITALL));
	getsockopt(s, IPPROTO_TCP, TCP_INFO, &i, &len);
	printf("received segments of %u\n", i.tcpi_rcv_mss);
	close(c);
	close(s);
	close(l);
}

int main(void)
{
	run(1000, 0);
	run(0, 600);
	run(1400, 1200);
	run(88, 0);
	return 0;
}
