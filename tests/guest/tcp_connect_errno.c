/* connect(2): each error of a stream socket, and the order of checks. */ /* musl */
#include "tcp_pair.h"

int main(void)
{
	struct sockaddr_in addr, a;
	struct sockaddr any = { .sa_family = AF_UNSPEC };
	int l = tcp_listener(&addr, 4), c = socket(AF_INET, SOCK_STREAM, 0), d;

	SHOW(connect(-1, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(connect(0x7fff, (struct sockaddr *)&addr, sizeof(addr)));
	d = open("/dev/null", O_RDWR);
	SHOW(connect(d, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(connect(c, BAD_PTR, sizeof(addr)));
	SHOW(connect(c, (struct sockaddr *)&addr, -1));
	SHOW(connect(c, (struct sockaddr *)&addr, 200));
	SHOW(connect(c, (struct sockaddr *)&addr, 0));
	SHOW(connect(c, (struct sockaddr *)&addr, 1));
	SHOW(connect(c, (struct sockaddr *)&addr, 8));
	a = addr;
	a.sin_family = AF_UNIX;
	SHOW(connect(c, (struct sockaddr *)&a, sizeof(a)));
	a.sin_family = 1000;
	SHOW(connect(c, (struct sockaddr *)&a, sizeof(a)));
	a = addr;
	a.sin_addr.s_addr = inet_addr("224.0.0.1");
	SHOW(connect(c, (struct sockaddr *)&a, sizeof(a)));
	a.sin_addr.s_addr = INADDR_BROADCAST;
	SHOW(connect(c, (struct sockaddr *)&a, sizeof(a)));
	SHOW(connect(c, &any, sizeof(any)));
	/* Nobody listens there. */
	a = LOOPBACK;
	a.sin_port = htons(1);
	SHOW(connect(c, (struct sockaddr *)&a, sizeof(a)));
	SHOW_STATE(c);
	/* The same socket may try again. */
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(listen(c, 1));
	SHOW(bind(c, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(connect(l, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(connect(c, &any, sizeof(any)));
	SHOW_STATE(c);
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW_STATE(c);
	/* 0.0.0.0 is this host. */
	c = socket(AF_INET, SOCK_STREAM, 0);
	a = addr;
	a.sin_addr.s_addr = INADDR_ANY;
	SHOW(connect(c, (struct sockaddr *)&a, sizeof(a)));
	/* Any address of 127/8 is local, but nobody listens on another. */
	c = socket(AF_INET, SOCK_STREAM, 0);
	a.sin_addr.s_addr = inet_addr("127.1.2.3");
	SHOW(connect(c, (struct sockaddr *)&a, sizeof(a)));
	return 0;
}
