/* listen(2), accept(2), accept4(2): errors on every kind of socket and in every state. */
#include "each.h"

int main(void)
{
	int null = open("/dev/null", O_RDONLY);

	FOR_EACH(k) {
		any_addr a, b;
		socklen_t len, lb = sizeof(b);
		int s, p[2], c, d;

		title(k->name);
		s = make(k);
		SHOW(listen(-1, 1));
		SHOW(listen(null, 1));
		SHOW(accept(s, NULL, NULL));
		SHOW(accept4(s, NULL, NULL, 0x4000));
		SHOW(accept4(-1, NULL, NULL, 0x4000));
		SHOW(accept4(null, NULL, NULL, 0x4000));
		SHOW(accept(null, NULL, NULL));
		if (k->family == AF_UNIX)
			SHOW(listen(s, 1));
		make_pair(k, p);
		SHOW(listen(p[0], 1));
		SHOW(accept(p[0], NULL, NULL));
		close(s);
		s = make_bound(k, &a, &len);
		SHOW(listen(s, -5));
		SHOW(listen(s, 0));
		SHOW(listen(s, 1 << 30));
		if (k->type == SOCK_DGRAM)
			continue;
		fcntl(s, F_SETFL, O_NONBLOCK);
		SHOW(accept(s, NULL, NULL));
		SHOW(accept(s, &b.sa, BAD_PTR));
		c = make(k);
		SHOW(connect(c, &a.sa, len));
		SHOW(accept(s, &b.sa, BAD_PTR));
		c = make(k);
		connect(c, &a.sa, len);
		lb = -1;
		SHOW(accept(s, &b.sa, &lb));
		c = make(k);
		connect(c, &a.sa, len);
		lb = 2;
		d = accept4(s, &b.sa, &lb, SOCK_CLOEXEC | SOCK_NONBLOCK);
		printf("accept4: %d, fd flags %d, flags %#x, length %d\n", d >= 0, fcntl(d, F_GETFD), fcntl(d, F_GETFL) & O_NONBLOCK, (int)lb);
		c = make(k);
		connect(c, &a.sa, len);
		d = accept(s, NULL, &lb);
		printf("accept: %d, fd flags %d, flags %#x\n", d >= 0, fcntl(d, F_GETFD), fcntl(d, F_GETFL) & O_NONBLOCK);
		SHOW(send(s, "x", 1, MSG_NOSIGNAL));
		SHOW(recv(s, &b, 1, 0));
		SHOW(shutdown(s, SHUT_RD));
		SHOW(accept(s, NULL, NULL));
		SHOW(listen(s, 1));
	}
	return 0;
}
