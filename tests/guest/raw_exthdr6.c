/* Extension headers by hand: options that are not known, routing headers, and the errors that they bring. */
// needs-root: raw sockets
#include "inet.h"
#include <netinet/ip6.h>

static int r, err;

static void send_it(const char *what, int nexthdr, const unsigned char *ext, int len)
{
	unsigned char p[200];
	addr_t a = addr_of("::1", 0);
	struct ip6_hdr h = { .ip6_src = IN6ADDR_LOOPBACK_INIT, .ip6_dst = IN6ADDR_LOOPBACK_INIT };
	int n;

	h.ip6_vfc = 0x60;
	h.ip6_plen = htons(len + 4);
	h.ip6_nxt = nexthdr;
	h.ip6_hlim = 9;
	memcpy(p, &h, 40);
	memcpy(p + 40, ext, len);
	memcpy(p + 40 + len, "data", 4);
	printf("%s: %zd\n", what, sendto(r, p, 44 + len, 0, &a.sa, sizeof(a.in6)));
	while ((n = recv(err, p, sizeof(p), MSG_DONTWAIT)) > 0)
		printf("  icmp type %d code %d pointer %d of %d\n", p[0], p[1], p[7], n);
}

int main(void)
{
	struct icmp6_filter f;
	int s = socket(AF_INET6, SOCK_RAW, 213);
	char buf[100];

	r = socket(AF_INET6, SOCK_RAW, IPPROTO_RAW);
	err = socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
	ICMP6_FILTER_SETPASSALL(&f);
	setsockopt(err, IPPROTO_ICMPV6, ICMP6_FILTER, &f, sizeof(f));
	SHOW(get_int(r, IPPROTO_IPV6, IPV6_HDRINCL));
	send_it("none", 213, (unsigned char *)"", 0);
	SHOW(recv(s, buf, 100, MSG_DONTWAIT));
	send_it("hop by hop, padded", 0, (unsigned char[]){ 213, 0, 1, 4, 0, 0, 0, 0 }, 8);
	SHOW(recv(s, buf, 100, MSG_DONTWAIT));
	send_it("destination, skipped", 60, (unsigned char[]){ 213, 0, 0x1e, 4, 1, 2, 3, 4 }, 8);
	SHOW(recv(s, buf, 100, MSG_DONTWAIT));
	send_it("destination, dropped", 60, (unsigned char[]){ 213, 0, 0x5e, 4, 1, 2, 3, 4 }, 8);
	SHOW(recv(s, buf, 100, MSG_DONTWAIT));
	send_it("destination, told", 60, (unsigned char[]){ 213, 0, 0x9e, 4, 1, 2, 3, 4 }, 8);
	send_it("destination, told unless to a group", 60, (unsigned char[]){ 213, 0, 0xde, 4, 1, 2, 3, 4 }, 8);
	send_it("hop by hop, told", 0, (unsigned char[]){ 213, 0, 0x9e, 4, 1, 2, 3, 4 }, 8);
	send_it("an option too long", 60, (unsigned char[]){ 213, 0, 0x1e, 9, 1, 2, 3, 4 }, 8);
	send_it("padding that is not zero", 60, (unsigned char[]){ 213, 0, 1, 4, 1, 0, 0, 0 }, 8);
	send_it("a header longer than the packet", 60, (unsigned char[]){ 213, 9, 1, 4, 0, 0, 0, 0 }, 8);
	SHOW(recv(s, buf, 100, MSG_DONTWAIT));
	send_it("routing, done", 43, (unsigned char[]){ 213, 0, 99, 0, 0, 0, 0, 0 }, 8);
	SHOW(recv(s, buf, 100, MSG_DONTWAIT));
	send_it("routing, unknown", 43, (unsigned char[]){ 213, 0, 99, 1, 0, 0, 0, 0 }, 8);
	send_it("no next header", 59, (unsigned char *)"", 0);
	send_it("nobody's", 214, (unsigned char *)"", 0);
	send_it("two destination headers", 60, (unsigned char[]){ 60, 0, 1, 4, 0, 0, 0, 0, 213, 0, 1, 4, 0, 0, 0, 0 }, 16);
	SHOW(recv(s, buf, 100, MSG_DONTWAIT));
	send_it("an atomic fragment", 44, (unsigned char[]){ 213, 0, 0, 0, 1, 2, 3, 4 }, 8);
	SHOW(recv(s, buf, 100, MSG_DONTWAIT));
	return 0;
}
