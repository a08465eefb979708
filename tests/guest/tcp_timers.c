/* Options of TCP that are about time: what they take and keep; keepalive and TCP_USER_TIMEOUT on sockets in every state;
 * DEFER_ACCEPT; LINGER2; SYNCNT; what a child gets from its listener. */
#include "tcp_pair.h"

static const struct { const char *name; int opt; int vals[8]; } opts[] = {
	{ "TCP_KEEPIDLE", TCP_KEEPIDLE, { 1, 0, -1, 32767, 32768, 60 } }, { "TCP_KEEPINTVL", TCP_KEEPINTVL, { 1, 0, -1, 32767, 32768, 9 } },
	{ "TCP_KEEPCNT", TCP_KEEPCNT, { 1, 0, -1, 127, 128, 5 } }, { "TCP_SYNCNT", TCP_SYNCNT, { 1, 0, -1, 127, 128, 3 } },
	{ "TCP_LINGER2", TCP_LINGER2, { 1, 0, -1, 60, 120, 121, 1000, 5 } }, { "TCP_DEFER_ACCEPT", TCP_DEFER_ACCEPT, { 1, 0, -1, 2, 4, 100, 3 } },
	{ "TCP_USER_TIMEOUT", TCP_USER_TIMEOUT, { 1, 0, -1, 1000000, 7000 } }, { "TCP_WINDOW_CLAMP", TCP_WINDOW_CLAMP, { 1, 0, 70000, 5000 } },
	{ "TCP_NOTSENT_LOWAT", TCP_NOTSENT_LOWAT, { 1, 0, -1, 4096 } }, { "TCP_MAXSEG", TCP_MAXSEG, { 1, 0, 87, 88, 32767, 32768, 500 } },
};


int main(void)
{
	struct sockaddr_in addr;
	int l = tcp_listener(&addr, 4), s = socket(AF_INET, SOCK_STREAM, 0), c, a;

	for (unsigned i = 0; i < sizeof(opts) / sizeof(opts[0]); i++) {
		printf("%s:", opts[i].name);
		for (int j = 0; j < 8; j++) {
			int r = set_int(s, IPPROTO_TCP, opts[i].opt, opts[i].vals[j]);

			printf(" %d %s", opts[i].vals[j], r ? errno_name(errno) : "ok");
			printf(" %d;", int_opt(s, IPPROTO_TCP, opts[i].opt));
		}
		printf("\n");
	}
	SHOW(set_int(l, IPPROTO_TCP, TCP_KEEPIDLE, 33));
	SHOW(set_int(l, IPPROTO_TCP, TCP_KEEPINTVL, 44));
	SHOW(set_int(l, IPPROTO_TCP, TCP_KEEPCNT, 5));
	SHOW(set_int(l, IPPROTO_TCP, TCP_USER_TIMEOUT, 6000));
	SHOW(set_int(l, IPPROTO_TCP, TCP_LINGER2, 7));
	SHOW(set_int(l, SOL_SOCKET, SO_KEEPALIVE, 1));
	c = tcp_connect_to(&addr);
	a = accept(l, NULL, NULL);
	printf("child: idle %d interval %d count %d timeout %d linger %d keepalive %d\n", int_opt(a, IPPROTO_TCP, TCP_KEEPIDLE),
		int_opt(a, IPPROTO_TCP, TCP_KEEPINTVL), int_opt(a, IPPROTO_TCP, TCP_KEEPCNT), int_opt(a, IPPROTO_TCP, TCP_USER_TIMEOUT),
		int_opt(a, IPPROTO_TCP, TCP_LINGER2), int_opt(a, SOL_SOCKET, SO_KEEPALIVE));
	SHOW(set_int(c, IPPROTO_TCP, TCP_KEEPIDLE, 10));
	SHOW(set_int(c, SOL_SOCKET, SO_KEEPALIVE, 1));
	SHOW(set_int(c, SOL_SOCKET, SO_KEEPALIVE, 0));
	/* DEFER_ACCEPT: nobody to accept until there is data. */
	SHOW(set_int(l, IPPROTO_TCP, TCP_DEFER_ACCEPT, 30));
	c = tcp_connect_to(&addr);
	SHOW_POLL(l, POLLIN, 50);
	SHOW(send(c, "data", 4, 0));
	SHOW_POLL(l, POLLIN, 5000);
	a = accept(l, NULL, NULL);
	printf("accepted %d\n", a >= 0);
	SHOW_STATE(a);
	return 0;
}
