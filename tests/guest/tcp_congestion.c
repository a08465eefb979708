/* TCP_CONGESTION: by name, inherited from the listener. */ /* musl */
// needs-root: which algorithms ordinary users may have is the host's setting
#include "tcp_pair.h"

static const char *name_of(int fd)
{
	static char buf[32];
	socklen_t len = sizeof(buf);

	memset(buf, 0, sizeof(buf));
	if (getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, buf, &len))
		return errno_name(errno);
	return buf;
}

int main(void)
{
	struct sockaddr_in addr;
	socklen_t len = 3;
	char buf[16] = "......";
	int l = tcp_listener(&addr, 4), c, s;

	printf("has one: %d\n", name_of(l)[0] != 0);
	SHOW(setsockopt(l, IPPROTO_TCP, TCP_CONGESTION, "reno", 4));
	printf("%s\n", name_of(l));
	SHOW(setsockopt(l, IPPROTO_TCP, TCP_CONGESTION, "nonsense", 8));
	SHOW(setsockopt(l, IPPROTO_TCP, TCP_CONGESTION, "", 0));
	SHOW(setsockopt(l, IPPROTO_TCP, TCP_CONGESTION, BAD_PTR, 4));
	SHOW(getsockopt(l, IPPROTO_TCP, TCP_CONGESTION, buf, &len));
	printf("%.6s %d\n", buf, len);
	c = tcp_connect_to(&addr);
	s = accept(l, NULL, NULL);
	printf("server %s\n", name_of(s));
	SHOW(setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5));
	SHOW(setsockopt(c, IPPROTO_TCP, TCP_CONGESTION, "reno", 4));
	printf("%s, ", name_of(s));
	printf("%s\n", name_of(c));
	SHOW(write(c, "works", 5));
	SHOW(read(s, buf, 16));
	len = 0;
	SHOW(getsockopt(s, IPPROTO_TCP, 26 /* TCP_CC_INFO */, buf, &len));
	printf("%d\n", len);
	return 0;
}
