/* The options of tcp(7): defaults, what can be set, and what is refused. */ /* musl */
#include "tcp_pair.h"

#ifndef TCP_INQ
#define TCP_INQ 36
#endif
static const struct { int name; const char *text; int good, bad; } opts[] = {
#define O(n, good, bad) { n, #n, good, bad }
	O(TCP_NODELAY, 1, -99), O(TCP_CORK, 1, -99), O(TCP_KEEPIDLE, 100, 0), O(TCP_KEEPIDLE, 32767, 32768),
	O(TCP_KEEPINTVL, 10, 0), O(TCP_KEEPINTVL, 1, 40000), O(TCP_KEEPCNT, 5, 0), O(TCP_KEEPCNT, 127, 128),
	O(TCP_SYNCNT, 3, 0), O(TCP_SYNCNT, 127, 128), O(TCP_LINGER2, 20, -99), O(TCP_LINGER2, -5, -99),
	O(TCP_LINGER2, 500, -99), O(TCP_DEFER_ACCEPT, 5, -99), O(TCP_DEFER_ACCEPT, 0, -99), O(TCP_WINDOW_CLAMP, 70000, -99),
	O(TCP_WINDOW_CLAMP, 1, -99), O(TCP_QUICKACK, 0, -99), O(TCP_QUICKACK, 1, -99), O(TCP_MAXSEG, 1000, 87),
	O(TCP_MAXSEG, 88, 40000), O(TCP_MAXSEG, 0, -7), O(TCP_USER_TIMEOUT, 30000, -1), O(TCP_NOTSENT_LOWAT, 16384, -99),
	O(TCP_THIN_LINEAR_TIMEOUTS, 1, 2), O(TCP_SAVE_SYN, 1, 3), O(TCP_FASTOPEN, 5, -1),
	O(TCP_FASTOPEN_CONNECT, 1, 2), O(TCP_FASTOPEN_NO_COOKIE, 1, 2), O(TCP_INQ, 1, 2),
};

int main(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), v = 1;
	socklen_t len;
	char c = 1, big[64];

	for (unsigned i = 0; i < sizeof(opts) / sizeof(opts[0]); i++) {
		int before = int_opt(fd, IPPROTO_TCP, opts[i].name), err = set_int(fd, IPPROTO_TCP, opts[i].name, opts[i].good);

		printf("%s: %d, set to %d: %s, now %d", opts[i].text, before, opts[i].good, err ? errno_name(errno) : "ok",
			int_opt(fd, IPPROTO_TCP, opts[i].name));
		if (opts[i].bad != -99) {
			err = set_int(fd, IPPROTO_TCP, opts[i].name, opts[i].bad);
			printf(", %d: %s", opts[i].bad, err ? errno_name(errno) : "ok");
		}
		printf("\n");
	}
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &c, 1));
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, BAD_PTR, 4));
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &v, -1));
	SHOW(setsockopt(fd, IPPROTO_TCP, 9999, &v, 4));
	SHOW(setsockopt(-1, IPPROTO_TCP, TCP_NODELAY, &v, 4));
	len = 4;
	SHOW(getsockopt(fd, IPPROTO_TCP, 9999, &v, &len));
	SHOW(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &v, BAD_PTR));
	SHOW(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, BAD_PTR, &len));
	len = -1;
	SHOW(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &v, &len));
	len = 64;
	SHOW(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, big, &len));
	printf("length %d\n", len);
	len = 1;
	SHOW(getsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, big, &len));
	printf("length %d\n", len);
	len = 0;
	SHOW(getsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, big, &len));
	len = sizeof(big);
	SHOW(getsockopt(fd, IPPROTO_TCP, TCP_ULP, big, &len));
	printf("length %d\n", len);
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_ULP, "nonsense", 9));
	return 0;
}
