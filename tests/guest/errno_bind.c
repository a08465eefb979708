/* bind(2): errors on every kind of socket, by length, family, address and state. */
#include "each.h"

int main(void)
{
	int null = open("/dev/null", O_RDONLY);

	FOR_EACH(k) {
		any_addr a, b;
		socklen_t len = addr_for(k, &a, 0), lb;
		int s = make(k), t;

		title(k->name);
		SHOW(bind(-1, &a.sa, len));
		SHOW(bind(null, &a.sa, len));
		SHOW(bind(s, BAD_PTR, len));
		SHOW(bind(s, BAD_PTR, 0));
		SHOW(bind(s, &a.sa, -1));
		SHOW(bind(s, &a.sa, 129));
		SHOW(bind(s, &a.sa, 0));
		SHOW(bind(s, &a.sa, 1));
		SHOW(bind(s, &a.sa, 8) && k->family == AF_UNIX ? -1 : 0);
		close(s);
		s = make(k);
		a.sa.sa_family = AF_UNSPEC;
		SHOW(bind(s, &a.sa, len));
		a.sa.sa_family = k->family == AF_INET ? AF_INET6 : AF_INET;
		SHOW(bind(s, &a.sa, len));
		a.sa.sa_family = 77;
		SHOW(bind(s, &a.sa, len));
		s = make_bound(k, &b, &lb);
		t = make(k);
		SHOW(bind(s, &b.sa, lb));
		SHOW(bind(t, &b.sa, lb));
		SHOW(bind(t, &b.sa, 128));
		addr_for(k, &a, 0);
		if (k->family == AF_INET) {
			a.in.sin_addr.s_addr = htonl(0xc0000201);
			SHOW(bind(t, &a.sa, len));
			a.in.sin_addr.s_addr = htonl(0xe0000001);
			SHOW(bind(t, &a.sa, len));
			close(t);
			t = make(k);
			a.in.sin_addr.s_addr = htonl(0x7fffffff);
			SHOW(bind(t, &a.sa, len));
			close(t);
			t = make(k);
			a.in.sin_addr.s_addr = 0xffffffff;
			SHOW(bind(t, &a.sa, len));
		} else if (k->family == AF_INET6) {
			a.in6.sin6_addr.s6_addr[0] = 0x20;
			SHOW(bind(t, &a.sa, len));
			a.in6.sin6_addr.s6_addr[0] = 0xfe;
			a.in6.sin6_addr.s6_addr[1] = 0x80;
			SHOW(bind(t, &a.sa, len));
			a.in6.sin6_scope_id = 1;
			SHOW(bind(t, &a.sa, len));
			a.in6.sin6_scope_id = 99;
			SHOW(bind(t, &a.sa, len));
			SHOW(bind(t, &a.sa, 24));
			SHOW(bind(t, &a.sa, 23));
			close(t);
			t = make(k);
			addr_for(k, &a, 0);
			memset(&a.in6.sin6_addr, 0, 16);
			a.in6.sin6_addr.s6_addr[10] = a.in6.sin6_addr.s6_addr[11] = 0xff;
			a.in6.sin6_addr.s6_addr[12] = 192;
			SHOW(bind(t, &a.sa, len));
		}
		close(s);
		close(t);
	}
	return 0;
}
