/* connect(2): errors on every kind of socket, and what a second connect says. */
#include "each.h"

int main(void)
{
	int null = open("/dev/null", O_RDONLY);

	FOR_EACH(k) {
		any_addr a, b;
		socklen_t len = addr_for(k, &a, 1), lb;
		int s = make(k), l, p[2];

		title(k->name);
		SHOW(connect(-1, &a.sa, len));
		SHOW(connect(null, &a.sa, len));
		SHOW(connect(s, BAD_PTR, len));
		SHOW(connect(s, &a.sa, -1));
		SHOW(connect(s, &a.sa, 129));
		SHOW(connect(s, &a.sa, 0));
		SHOW(connect(s, &a.sa, 1));
		if (k->type != SOCK_DGRAM) {
			SHOW(connect(s, &a.sa, len));
			SHOW(connect(s, &a.sa, len));
		}
		a.sa.sa_family = 99;
		SHOW(connect(s, &a.sa, len));
		a.sa.sa_family = AF_UNSPEC;
		SHOW(connect(s, &a.sa, len));
		SHOW(connect(s, &a.sa, 2));
		make_pair(k, p);
		len = sizeof(b);
		getpeername(p[0], &b.sa, &len);
		SHOW(connect(p[0], &b.sa, len));
		b.sa.sa_family = 99;
		SHOW(connect(p[0], &b.sa, len));
		SHOW(connect(p[0], BAD_PTR, len));
		b.sa.sa_family = AF_UNSPEC;
		SHOW(connect(p[0], &b.sa, len));
		len = sizeof(b);
		SHOW(getpeername(p[0], &b.sa, &len));
		close(p[0]);
		close(p[1]);
		l = make_bound(k, &b, &lb);
		if (k->type != SOCK_DGRAM) {
			listen(l, 1);
			SHOW(connect(l, &b.sa, lb));
			close(s);
			s = make(k);
			fcntl(s, F_SETFL, O_NONBLOCK);
			if (k->family == AF_UNIX) {
				SHOW(connect(s, &b.sa, lb));
				SHOW(connect(s, &b.sa, lb));
			}
		}
		close(l);
		close(s);
	}
	return 0;
}
