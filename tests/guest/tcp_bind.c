/* bind(2) of stream sockets: errors, ports in use, SO_REUSEADDR. */ /* musl */
#include "tcp_pair.h"

static int fresh(int reuse)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (reuse)
		set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	return fd;
}

int main(void)
{
	struct sockaddr_in addr, a = LOOPBACK, any = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	int l = tcp_listener(&addr, 4), b, c, s;

	SHOW(bind(-1, (struct sockaddr *)&a, sizeof(a)));
	b = fresh(0);
	SHOW(bind(b, (struct sockaddr *)&a, 3));
	SHOW(bind(b, BAD_PTR, sizeof(a)));
	SHOW(bind(b, (struct sockaddr *)&addr, sizeof(addr)));
	a.sin_addr.s_addr = inet_addr("203.0.113.5");
	SHOW(bind(b, (struct sockaddr *)&a, sizeof(a)));
	a = LOOPBACK;
	a.sin_family = AF_UNIX;
	SHOW(bind(b, (struct sockaddr *)&a, sizeof(a)));
	a = any;
	a.sin_family = AF_UNSPEC;
	SHOW(bind(b, (struct sockaddr *)&a, sizeof(a)));
	SHOW(bind(b, (struct sockaddr *)&any, sizeof(any)));
	b = fresh(0);
	a = addr;
	a.sin_addr.s_addr = INADDR_ANY;
	SHOW(bind(b, (struct sockaddr *)&a, sizeof(a)));
	a.sin_addr.s_addr = inet_addr("127.0.0.2");
	SHOW(bind(b, (struct sockaddr *)&a, sizeof(a)));
	SHOW(listen(b, 1));
	/* SO_REUSEADDR does not help against a listener. */
	b = fresh(1);
	SHOW(bind(b, (struct sockaddr *)&addr, sizeof(addr)));
	/* A connection holds the port after its listener has gone, unless both sides allow it. */
	c = tcp_connect_to(&addr);
	s = accept(l, NULL, NULL);
	close(l);
	b = fresh(0);
	SHOW(bind(b, (struct sockaddr *)&addr, sizeof(addr)));
	b = fresh(1);
	SHOW(bind(b, (struct sockaddr *)&addr, sizeof(addr)));
	set_int(s, SOL_SOCKET, SO_REUSEADDR, 1);
	SHOW(bind(b, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(listen(b, 3));
	close(s);
	close(c);
	close(b);
	/* TIME-WAIT (of the client's end or the server's) does not keep SO_REUSEADDR out. */
	b = fresh(1);
	SHOW(bind(b, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(listen(b, 3));
	c = fresh(1);
	SHOW(bind(c, (struct sockaddr *)&addr, sizeof(addr)));
	/* Two that do not listen may share it; only one may listen. */
	close(b);
	b = fresh(1);
	SHOW(bind(b, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(bind(c, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(listen(b, 1));
	SHOW(listen(c, 1));
	/* Listening without a name chooses a port. */
	c = fresh(0);
	SHOW(listen(c, 1));
	getsockname(c, (struct sockaddr *)&a, &len);
	printf("a port: %d, any address: %d\n", a.sin_port != 0, a.sin_addr.s_addr == INADDR_ANY);
	SHOW(listen(socket(AF_INET, SOCK_DGRAM, 0), 1));
	SHOW(listen(-1, 1));
	return 0;
}
