/* getsockname and getpeername with buffers that are short, bad or of negative size. musl */
#include "inet.h"

static void family(const char *text)
{
	int s = bound(text);
	addr_t a = local_addr(s);
	socklen_t n;
	char buf[64];

	printf("-- %s\n", text);
	SHOW(connect(s, &a.sa, addr_len(&a)));
	for (int size = -1; size < 40; size += 7) {
		n = size;
		memset(buf, 'x', sizeof(buf));
		SHOW(getsockname(s, (void *)buf, &n));
		printf("%d: %d %s\n", size, (int)n, size < 0 || buf[size] == 'x' ? "kept" : "overrun");
		n = size;
		SHOW(getpeername(s, (void *)buf, &n));
		n = size;
		send(s, "x", 1, 0);
		SHOW(recvfrom(s, buf, 1, MSG_DONTWAIT, (void *)(buf + 8), &n));
		printf("%d\n", (int)n);
		recv(s, buf, 1, MSG_DONTWAIT);
	}
	n = sizeof(buf);
	SHOW(getsockname(s, BAD_PTR, &n));
	SHOW(getsockname(s, (void *)buf, BAD_PTR));
	SHOW(getsockname(-1, (void *)buf, &n));
	SHOW(getsockname(0, (void *)buf, &n));
	SHOW(getpeername(socket(AF_INET, SOCK_DGRAM, 0), (void *)buf, &n));
	send(s, "y", 1, 0);
	n = sizeof(buf);
	SHOW(recvfrom(s, buf, 1, MSG_DONTWAIT, BAD_PTR, &n));
	close(s);
}

int main(void)
{
	family("127.0.0.1");
	family("::1");
	return 0;
}
