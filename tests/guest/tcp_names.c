/* getsockname and getpeername in every state. */ /* musl */
#include "tcp_pair.h"

static struct sockaddr_in a;
static socklen_t len;
static void names(const char *what, int fd)
{
	int r;

	len = sizeof(a);
	r = getsockname(fd, (struct sockaddr *)&a, &len);
	printf("%s: own %d %s port %d;", what, r, inet_ntoa(a.sin_addr), a.sin_port != 0);
	len = sizeof(a);
	r = getpeername(fd, (struct sockaddr *)&a, &len);
	if (r)
		printf(" peer %s\n", errno_name(errno));
	else
		printf(" peer %s port %d\n", inet_ntoa(a.sin_addr), a.sin_port != 0);
}

int main(void)
{
	struct sockaddr_in addr, b = LOOPBACK;
	int l = tcp_listener(&addr, 3), c = socket(AF_INET, SOCK_STREAM, 0), s;
	char buf[4];

	names("listener", l);
	names("fresh", c);
	b.sin_addr.s_addr = inet_addr("127.0.0.9");
	SHOW(bind(c, (struct sockaddr *)&b, sizeof(b)));
	names("bound", c);
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	names("connected", c);
	s = accept(l, NULL, NULL);
	names("accepted", s);
	len = 5;
	SHOW(getpeername(s, (struct sockaddr *)&a, &len));
	printf("length %d\n", len);
	len = 0;
	SHOW(getsockname(s, (struct sockaddr *)&a, &len));
	printf("length %d\n", len);
	len = -1;
	SHOW(getsockname(s, (struct sockaddr *)&a, &len));
	len = sizeof(a);
	SHOW(getsockname(s, BAD_PTR, &len));
	SHOW(getsockname(s, (struct sockaddr *)&a, BAD_PTR));
	SHOW(getpeername(-1, (struct sockaddr *)&a, &len));
	shutdown(c, SHUT_WR);
	read(s, buf, 1);
	names("closing", s);
	shutdown(s, SHUT_WR);
	read(c, buf, 1);
	usleep(20000);
	names("closed by both", s);
	SHOW(connect(c, &(struct sockaddr){ .sa_family = AF_UNSPEC }, sizeof(struct sockaddr)));
	names("disconnected", c);
	return 0;
}
