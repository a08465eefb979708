/* UDP_SEGMENT and UDP_GRO at their edges: sizes, counts, the control message, what is refused. */
#include "inet.h"

static long seg(int s, const addr_t *to, size_t size, int gso)
{
	static char buf[70000];
	union { char bytes[64]; struct cmsghdr align; } u;
	struct iovec iov = { buf, size };
	struct msghdr m = { .msg_name = (void *)to, .msg_namelen = addr_len(to), .msg_iov = &iov, .msg_iovlen = 1 };
	unsigned short v = (unsigned short)gso;

	memset(&u, 0, sizeof(u));
	if (gso >= 0) {
		u.align = (struct cmsghdr){ CMSG_LEN(sizeof(v)), IPPROTO_UDP, UDP_SEGMENT };
		memcpy(CMSG_DATA(&u.align), &v, sizeof(v));
		m.msg_control = &u;
		m.msg_controllen = CMSG_SPACE(sizeof(v));
	}
	return sendmsg(s, &m, 0);
}

static void drain(int s)
{
	char buf[70000];
	long n;
	int count = 0;

	printf("  got");
	while ((n = recv(s, buf, sizeof(buf), MSG_DONTWAIT)) >= 0)
		if (++count <= 5)
			printf(" %ld", n);
	printf(" (%d)\n", count);
}

static void family(const char *lo)
{
	int r = bound(lo), s = bound(lo);
	addr_t to = addr_of(lo, port_of(r));

	printf("== %s\n", lo);
	SHOW(seg(s, &to, 1000, 300));
	drain(r);
	SHOW(seg(s, &to, 1000, 1000));
	drain(r);
	SHOW(seg(s, &to, 1000, 2000));
	drain(r);
	SHOW(seg(s, &to, 1000, 0));
	drain(r);
	SHOW(seg(s, &to, 0, 100));
	drain(r);
	SHOW(seg(s, &to, 128, 1));
	drain(r);
	SHOW(seg(s, &to, 129, 1));
	drain(r);
	SHOW(seg(s, &to, 65507, 1400));
	drain(r);
	SHOW(seg(s, &to, 65508, 1400));
	drain(r);
	SHOW(set_int(s, IPPROTO_UDP, UDP_SEGMENT, 500));
	SHOW(get_int(s, IPPROTO_UDP, UDP_SEGMENT));
	SHOW(seg(s, &to, 1200, -1));
	drain(r);
	SHOW(seg(s, &to, 1200, 700));
	drain(r);
	SHOW(set_int(s, IPPROTO_UDP, UDP_SEGMENT, -1));
	SHOW(set_int(s, IPPROTO_UDP, UDP_SEGMENT, 65536));
	SHOW(set_int(s, IPPROTO_UDP, UDP_SEGMENT, 65535));
	SHOW(set_int(s, IPPROTO_UDP, UDP_SEGMENT, 0));
	/* a segment that no packet could hold: what is smaller goes all the same */
	SHOW(seg(s, &to, 100, 65535));
	drain(r);
	SHOW(seg(s, &to, 65536, 65535));
	SHOW(get_int(r, IPPROTO_UDP, UDP_GRO));
	SHOW(set_int(r, IPPROTO_UDP, UDP_GRO, 7));
	SHOW(get_int(r, IPPROTO_UDP, UDP_GRO));
	SHOW(seg(s, &to, 1000, 300));
	receive(r);
	SHOW(seg(s, &to, 300, 300));
	receive(r);
	SHOW(seg(s, &to, 1000, -1));
	receive(r);
	SHOW(seg(s, &to, 1000, 300));
	receive_room(r, 100, 1024, 0);
	receive(r);
	close(r);
	close(s);
}

int main(void)
{
	family("127.0.0.1");
	family("::1");
	return 0;
}
