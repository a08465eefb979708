/* Options of socket(7) on UDP sockets: values, defaults, lengths and refusals. */
// needs-root: options of administrators
#include "inet.h"
#include <linux/net_tstamp.h>

static const struct { int name; const char *text; } options[] = {
#define O(x) { x, #x }
	O(SO_DEBUG), O(SO_REUSEADDR), O(SO_TYPE), O(SO_ERROR), O(SO_DONTROUTE), O(SO_BROADCAST), O(SO_KEEPALIVE),
	O(SO_OOBINLINE), O(SO_NO_CHECK), O(SO_PRIORITY), O(SO_REUSEPORT), O(SO_RCVLOWAT),
	O(SO_SNDLOWAT), O(SO_TIMESTAMP), O(SO_ACCEPTCONN), O(SO_MARK), O(SO_TIMESTAMPNS), O(SO_PROTOCOL), O(SO_DOMAIN),
	O(SO_RXQ_OVFL), O(SO_WIFI_STATUS), O(SO_PEEK_OFF), O(SO_NOFCS), O(SO_LOCK_FILTER), O(SO_SELECT_ERR_QUEUE),
	O(SO_BUSY_POLL), O(SO_INCOMING_CPU), O(SO_CNX_ADVICE), O(SO_ZEROCOPY), O(SO_PREFER_BUSY_POLL), O(SO_BUF_LOCK),
	O(SO_BINDTOIFINDEX), O(75 /* SO_RCVMARK */), O(SO_DETACH_FILTER), O(SO_RESERVE_MEM),
	O(SO_INCOMING_NAPI_ID), O(SO_BPF_EXTENSIONS), O(9999),
#undef O
};

int main(void)
{
	int s = bound("127.0.0.1"), len;
	struct linger l = { 1, 5 };
	struct timeval tv = { 1, 500000 };
	struct { int clock, flags; } txtime = { CLOCK_MONOTONIC, 0 };
	long rate;
	socklen_t n;
	char buf[64];

	for (unsigned i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		int name = options[i].name, v = get_int(s, SOL_SOCKET, name), e = errno, r;

		printf("%s: get %d%s", options[i].text, v, v == -1 ? "/" : "");
		if (v == -1)
			printf("%s", errno_name(e));
		for (int try = -2; try < 3; try++) {
			if (name == SO_BINDTOIFINDEX && try == 2)
				continue;
			r = set_int(s, SOL_SOCKET, name, try);
			printf(" set(%d) %s", try, r ? errno_name(errno) : "ok");
			v = get_int(s, SOL_SOCKET, name);
			if (!r && v != -1)
				printf("=%d", v);
		}
		r = setsockopt(s, SOL_SOCKET, name, &v, 3);
		printf(" short %s", r ? errno_name(errno) : "ok");
		r = setsockopt(s, SOL_SOCKET, name, BAD_PTR, 4);
		printf(" bad %s\n", r ? errno_name(errno) : "ok");
		if (name == SO_LOCK_FILTER) {
			close(s);
			s = bound("127.0.0.1");
		}
	}
	SHOW(setsockopt(s, SOL_SOCKET, SO_LINGER, &l, sizeof(l)));
	SHOW(setsockopt(s, SOL_SOCKET, SO_LINGER, &l, 4));
	SHOW(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	tv.tv_usec = 1000000;
	SHOW(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	n = sizeof(tv);
	SHOW(getsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, &n));
	printf("%ld.%06ld len %u\n", (long)tv.tv_sec, (long)tv.tv_usec, n);
	SHOW(setsockopt(s, SOL_SOCKET, SO_TXTIME, &txtime, sizeof(txtime)));
	SHOW(setsockopt(s, SOL_SOCKET, SO_TXTIME, &txtime, 4));
	txtime.clock = 99;
	SHOW(setsockopt(s, SOL_SOCKET, SO_TXTIME, &txtime, sizeof(txtime)));
	txtime.flags = 8;
	SHOW(setsockopt(s, SOL_SOCKET, SO_TXTIME, &txtime, sizeof(txtime)));
	n = sizeof(rate);
	SHOW(getsockopt(s, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, &n));
	printf("%ld len %u\n", rate, n);
	SHOW(set_int(s, SOL_SOCKET, SO_MAX_PACING_RATE, 1000000));
	SHOW(get_int(s, SOL_SOCKET, SO_MAX_PACING_RATE));
	SHOW(set_int(s, SOL_SOCKET, SO_SNDBUF, 20000));
	SHOW(get_int(s, SOL_SOCKET, SO_SNDBUF));
	SHOW(set_int(s, SOL_SOCKET, SO_SNDBUF, 1));
	SHOW(get_int(s, SOL_SOCKET, SO_SNDBUF));
	SHOW(set_int(s, SOL_SOCKET, SO_RCVBUF, 1));
	SHOW(get_int(s, SOL_SOCKET, SO_RCVBUF));
	SHOW(set_int(s, SOL_SOCKET, SO_RCVBUFFORCE, 100000000));
	SHOW(get_int(s, SOL_SOCKET, SO_RCVBUF));
	SHOW(setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "lo", 2));
	n = sizeof(buf);
	SHOW(getsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, buf, &n));
	printf("'%s' len %u\n", buf, n);
	SHOW(get_int(s, SOL_SOCKET, SO_BINDTOIFINDEX));
	n = 3;
	SHOW(getsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, buf, &n));
	SHOW(setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "nosuch", 6));
	SHOW(setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "", 0));
	n = sizeof(buf);
	SHOW(getsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, buf, &n));
	SHOW(n);
	n = 4;
	SHOW(getsockopt(s, SOL_SOCKET, SO_COOKIE, buf, &n));
	n = 8;
	SHOW(getsockopt(s, SOL_SOCKET, SO_COOKIE, buf, &n));
	n = 4;
	SHOW(getsockopt(s, SOL_SOCKET, SO_NETNS_COOKIE, buf, &n));
	n = sizeof(buf);
	SHOW(getsockopt(s, SOL_SOCKET, SO_MEMINFO, buf, &n));
	SHOW(n);
	len = -1;
	SHOW(getsockopt(s, SOL_SOCKET, SO_TYPE, buf, (socklen_t *)&len));
	SHOW(getsockopt(s, SOL_SOCKET, SO_TYPE, BAD_PTR, &(socklen_t){ 4 }));
	n = 2;
	SHOW(getsockopt(s, SOL_SOCKET, SO_TYPE, buf, &n));
	SHOW(n);
	return 0;
}
