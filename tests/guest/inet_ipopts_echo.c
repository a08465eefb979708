/* Record route and timestamps, RFC 791: what the receiver sees (IP_RECVOPTS), what it would answer with (IP_RETOPTS), and what the
 * answer of ping has, with slots that are free, full or half used. */
// needs-root: raw sockets
#include <netinet/in.h>
#include <netinet/ip.h>
#include <sys/socket.h>

#include "show.h"

static const struct sockaddr_in lo = { .sin_family = AF_INET, .sin_addr.s_addr = 0x0100007f };

static void print_options(const char *title, const unsigned char *p, int n)
{
	printf("  %s:", title);
	for (int i = 0; i < n;) {
		int len = p[i] < 2 || i + 1 == n ? 1 : p[i + 1], words = 0;

		if (len < 1 || len > n - i)
			len = n - i;
		for (int k = i; k < i + len; k++) {
			int in_data = k - i >= 4, word = (k - i - 4) / 4;

			/* Of a stamp only whether there is one. */
			if (p[i] == 68 && in_data && ((p[i + 3] & 15) == 0 || word % 2)) {
				if ((k - i) % 4 == 0)
					words = p[k] | p[k + 1] | p[k + 2] | p[k + 3], printf(words ? " stamp" : " none");
				continue;
			}
			printf(" %02x", p[k]);
		}
		i += len;
	}
	puts("");
}

static void by_udp(const unsigned char *opt, int n)
{
	int from = socket(AF_INET, SOCK_DGRAM, 0), to = socket(AF_INET, SOCK_DGRAM, 0), one = 1;
	struct sockaddr_in addr = lo;
	socklen_t len = sizeof(addr);
	char byte, control[512];
	struct iovec iov = { &byte, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };

	bind(to, (void *)&addr, len);
	getsockname(to, (void *)&addr, &len);
	setsockopt(to, IPPROTO_IP, IP_RECVOPTS, &one, sizeof(one));
	setsockopt(to, IPPROTO_IP, IP_RETOPTS, &one, sizeof(one));
	SHOW(setsockopt(from, IPPROTO_IP, IP_OPTIONS, opt, n));
	SHOW(sendto(from, "x", 1, 0, (void *)&addr, len));
	SHOW(recvmsg(to, &m, MSG_DONTWAIT));
	printf("  flags %x\n", m.msg_flags);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		print_options(c->cmsg_type == IP_RECVOPTS ? "received" : "to return", CMSG_DATA(c), (int)(c->cmsg_len - sizeof(*c)));
	close(from);
	close(to);
}

static void by_ping(const unsigned char *opt, int n)
{
	static const unsigned char echo[8] = { 8, 0, 0xf7, 0xfe, 0, 0, 0, 1 };
	int s = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	unsigned char buf[256];

	setsockopt(s, IPPROTO_IP, IP_OPTIONS, opt, n);
	SHOW(sendto(s, echo, sizeof(echo), 0, (void *)&lo, sizeof(lo)));
	/* Others may ping, too: only those with options are ours. */
	for (int i = 0; i < 2 && recv(s, buf, sizeof(buf), MSG_DONTWAIT) > 0;) {
		int head = (buf[0] & 15) * 4;

		if (head == 20)
			continue;
		i++;
		print_options(buf[head] == 8 ? "request" : "reply", buf + 20, head - 20);
	}
	close(s);
}

int main(void)
{
	static const struct { int size; unsigned char bytes[40]; } tries[] = {
		{ 8, { 7, 7, 4 } }, { 8, { 7, 7, 8 } }, { 12, { 7, 11, 4 } }, { 12, { 7, 11, 8, 1, 2, 3, 4 } }, { 20, { 7, 19, 4 } },
		{ 24, { 7, 23, 8, 9, 9, 9, 9 } }, { 8, { 68, 8, 5, 0 } }, { 12, { 68, 12, 5, 0 } }, { 28, { 68, 28, 5, 0 } },
		{ 12, { 68, 12, 5, 1 } }, { 20, { 68, 20, 5, 1 } }, { 36, { 68, 36, 5, 1 } }, { 36, { 68, 36, 13, 1, 9, 9, 9, 9, 8, 8, 8, 8 } },
		{ 12, { 68, 12, 5, 3, 127, 0, 0, 1 } }, { 20, { 68, 20, 5, 3, 127, 0, 0, 1, 0, 0, 0, 0, 10, 9, 8, 7 } },
		{ 36, { 68, 36, 5, 3, 127, 0, 0, 1, 0, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 127, 0, 0, 2 } },
		{ 36, { 68, 36, 5, 3, 127, 0, 0, 1, 0, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 10, 2, 3, 4 } },
		{ 20, { 7, 7, 4, 0, 0, 0, 0, 68, 12, 5, 0 } },
		{ 36, { 7, 15, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 68, 20, 5, 0 } },
		{ 8, { 0x83, 7, 4, 127, 0, 0, 1 } },
	};

	for (unsigned i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		print_options("options", tries[i].bytes, tries[i].size);
		by_udp(tries[i].bytes, tries[i].size);
		by_ping(tries[i].bytes, tries[i].size);
	}
	return 0;
}
