/* getsockname(2), getpeername(2), shutdown(2): errors and lengths on every kind of socket. */
#include "each.h"

int main(void)
{
	int null = open("/dev/null", O_RDONLY);

	FOR_EACH(k) {
		any_addr a;
		socklen_t len = sizeof(a);
		int s = make(k), p[2];

		title(k->name);
		SHOW(getsockname(-1, &a.sa, &len));
		SHOW(getsockname(null, &a.sa, &len));
		SHOW(getsockname(s, &a.sa, &len));
		printf("unbound: length %d, family %d\n", (int)len, a.sa.sa_family);
		SHOW(getsockname(s, BAD_PTR, &len));
		SHOW(getsockname(s, &a.sa, BAD_PTR));
		len = -2;
		SHOW(getsockname(s, &a.sa, &len));
		len = 0;
		SHOW(getsockname(s, BAD_PTR, &len));
		printf("length %d\n", (int)len);
		len = sizeof(a);
		SHOW(getpeername(s, &a.sa, &len));
		SHOW(getpeername(s, BAD_PTR, BAD_PTR));
		for (int how = -1; how < 4; how++) {
			printf("shutdown %d: ", how);
			SHOW(shutdown(s, how));
		}
		make_pair(k, p);
		len = sizeof(a);
		SHOW(getpeername(p[0], &a.sa, &len));
		printf("peer: length %d, family %d\n", k->family == AF_UNIX ? len > 2 : (int)len, a.sa.sa_family);
		len = 3;
		SHOW(getpeername(p[0], &a.sa, &len));
		printf("cut: length %d\n", k->family == AF_UNIX ? len > 3 : (int)len);
		for (int how = -1; how < 4; how++) {
			printf("connected, shutdown %d: ", how);
			SHOW(shutdown(p[0], how));
		}
		SHOW(shutdown(null, 0));
		SHOW(shutdown(-1, 9));
		close(s);
		close(p[0]);
		close(p[1]);
	}
	return 0;
}
