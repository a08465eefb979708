/* Two threads send datagrams to and fro, blocking, over both families. musl */
#include "inet.h"
#include <pthread.h>
#define ROUNDS 2000

static int a, b;

static void *echo(void *arg)
{
	char buf[2000];
	addr_t from;

	for (int i = 0; i < ROUNDS; i++) {
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(b, buf, sizeof(buf), 0, &from.sa, &len);

		sendto(b, buf, n, 0, &from.sa, len);
	}
	return arg;
}

static void family(const char *text)
{
	addr_t to;
	pthread_t t;
	int bad = 0;
	char out[2000], in[2000];

	a = bound(text);
	b = bound(text);
	to = local_addr(b);
	connect(a, &to.sa, addr_len(&to));
	pthread_create(&t, NULL, echo, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		size_t n = i % 1500 + 1;

		memset(out, i, n);
		send(a, out, n, 0);
		bad += recv(a, in, sizeof(in), 0) != (ssize_t)n || memcmp(in, out, n);
	}
	pthread_join(t, NULL);
	printf("%s: bad %d\n", text, bad);
	close(a);
	close(b);
}

int main(void)
{
	family("127.0.0.1");
	family("::1");
	return 0;
}
