/* What wakes a blocked reader, writer and connector: data, the end, a reset, a shutdown in another thread. */
#include "tcp_pair.h"
#include <pthread.h>
#include <signal.h>

static int p[2];
static void *reader(void *arg)
{
	char buf[64];
	long n = read(p[1], buf, sizeof(buf));

	printf("%s: %ld %s\n", (char *)arg, n, n < 0 ? errno_name(errno) : "");
	return NULL;
}
static void *writer(void *arg)
{
	static char big[4 << 20];
	long n = write(p[1], big, sizeof(big));

	printf("%s: %s\n", (char *)arg, n < 0 ? errno_name(errno) : n < (long)sizeof(big) ? "partial" : "all");
	return NULL;
}

static void start(pthread_t *t, void *(*fn)(void *), const char *what)
{
	tcp_pair(p);
	pthread_create(t, NULL, fn, (void *)what);
	usleep(40000);
}

int main(void)
{
	struct linger lg = { 1, 0 };
	pthread_t t;

	signal(SIGPIPE, SIG_IGN);
	start(&t, reader, "data");
	write(p[0], "x", 1);
	pthread_join(t, NULL);
	start(&t, reader, "end");
	close(p[0]);
	pthread_join(t, NULL);
	start(&t, reader, "reset");
	setsockopt(p[0], SOL_SOCKET, SO_LINGER, &lg, sizeof(lg));
	close(p[0]);
	pthread_join(t, NULL);
	start(&t, reader, "own shutdown");
	shutdown(p[1], SHUT_RD);
	pthread_join(t, NULL);
	start(&t, writer, "writer, reset");
	setsockopt(p[0], SOL_SOCKET, SO_LINGER, &lg, sizeof(lg));
	close(p[0]);
	pthread_join(t, NULL);
	start(&t, writer, "writer, own shutdown");
	shutdown(p[1], SHUT_RDWR);
	pthread_join(t, NULL);
	start(&t, writer, "writer, reader drains");
	{
		static char buf[65536];

		for (long got = 0; got < 4 << 20;)
			got += read(p[0], buf, sizeof(buf));
	}
	pthread_join(t, NULL);
	return 0;
}
