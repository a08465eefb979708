/* IPV6_RTHDR: which headers a socket takes, and what its packets look like. */
// needs-root: raw sockets
#include "inet.h"
#include <linux/seg6.h>

static union { struct ipv6_sr_hdr srh; unsigned char bytes[2048]; } h;

static void make(unsigned hdrlen, unsigned type, unsigned left, unsigned first)
{
	memset(&h, 0, sizeof(h));
	h.srh.hdrlen = hdrlen;
	h.srh.type = type;
	h.srh.segments_left = left;
	h.srh.first_segment = first;
	h.srh.tag = htons(0x1234);
	for (unsigned i = 0; i <= first && i < 4; i++)
		h.srh.segments[i].s6_addr[15] = 1;
}

static void try(int s, const char *what, unsigned len)
{
	unsigned char got[2048];
	socklen_t n = sizeof(got);
	int r = setsockopt(s, IPPROTO_IPV6, IPV6_RTHDR, &h, len);

	printf("%s: %s", what, r ? errno_name(errno) : "taken");
	r = getsockopt(s, IPPROTO_IPV6, IPV6_RTHDR, got, &n);
	printf(", then %d bytes%s\n", r ? -1 : (int)n, !r && n == len && !memcmp(got, &h, n) ? ", the same" : "");
}

static void headers(int s)
{
	make(4, 4, 1, 1);
	try(s, "two segments", 40);
	try(s, "longer than its header", 48);
	try(s, "shorter", 32);
	try(s, "nothing", 0);
	make(2, 4, 0, 0);
	try(s, "one segment, none left", 24);
	make(2, 4, 1, 0);
	try(s, "more left than there are", 24);
	make(2, 4, 0, 1);
	try(s, "more than fit", 24);
	make(0, 4, 0, 0);
	try(s, "no segment", 8);
	make(2, 0, 1, 0);
	try(s, "type 0", 24);
	make(2, 3, 1, 0);
	try(s, "type 3", 24);
	make(3, 4, 0, 0);
	h.bytes[24] = 4; /* PADN */
	h.bytes[25] = 6;
	try(s, "with a TLV", 32);
	h.bytes[25] = 7;
	try(s, "with a TLV that is too long", 32);
	h.bytes[25] = 5;
	try(s, "with a TLV and a byte", 32);
	try(s, "nothing", 0);
}

static void see(int raw, const char *what)
{
	unsigned char b[512];
	long n = recv(raw, b, sizeof(b), MSG_DONTWAIT);

	printf("%s: %ld", what, n);
	for (long i = 0; i < n && i < 40; i++)
		printf("%s%02x", i % 8 ? "" : " ", b[i]);
	printf("\n");
}

int main(void)
{
	int raw = socket(AF_INET6, SOCK_RAW, IPPROTO_ROUTING), s = socket(AF_INET6, SOCK_DGRAM, 0), in = socket(AF_INET6, SOCK_DGRAM, 0);
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t len = sizeof(to);
	char buf[16];
	int tcp = socket(AF_INET6, SOCK_STREAM, 0);

	bind(in, (void *)&to, sizeof(to));
	getsockname(in, (void *)&to, &len);
	headers(s);
	printf("tcp:\n");
	headers(tcp);

	make(4, 4, 1, 1);
	h.srh.segments[0].s6_addr[15] = 9; /* its place is the destination's */
	SHOW(setsockopt(s, IPPROTO_IPV6, IPV6_RTHDR, &h, 40));
	SHOW(sendto(s, "", 0, 0, (void *)&to, sizeof(to)));
	see(raw, "sent");
	printf("received %s\n", recv(in, buf, sizeof(buf), MSG_DONTWAIT) < 0 ? errno_name(errno) : "it");
	SHOW(connect(s, (void *)&to, sizeof(to)));
	SHOW(send(s, "abc", 3, 0));
	see(raw, "sent");
	SHOW(setsockopt(s, IPPROTO_IPV6, IPV6_RTHDR, NULL, 0));
	SHOW(sendto(s, "ab", 2, 0, (void *)&to, sizeof(to)));
	printf("received %d\n", (int)recv(in, buf, sizeof(buf), MSG_DONTWAIT));

	/* for one packet */
	struct iovec iov = { "x", 1 };
	char control[CMSG_SPACE(40)];
	struct msghdr m = { .msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	make(4, 4, 1, 1);
	*c = (struct cmsghdr){ .cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_RTHDR, .cmsg_len = CMSG_LEN(40) };
	memcpy(CMSG_DATA(c), &h, 40);
	SHOW(sendmsg(s, &m, 0));
	return 0;
}
