/* Several threads read and write one connection. */ /* musl */
#include "tcp_pair.h"
#include <pthread.h>

static int p[2];
static long got[3];
static void *writer(void *arg)
{
	char buf[1000];

	memset(buf, 'a' + (int)(long)arg, sizeof(buf));
	for (int i = 0; i < 200; i++)
		for (size_t done = 0; done < sizeof(buf);)
			done += write(p[0], buf + done, sizeof(buf) - done);
	return NULL;
}
static void *reader(void *arg)
{
	char buf[700];
	long n;

	while ((n = read(p[1], buf, sizeof(buf))) > 0)
		for (long i = 0; i < n; i++)
			__atomic_add_fetch(&got[buf[i] - 'a'], 1, __ATOMIC_RELAXED);
	(void)arg;
	return NULL;
}

int main(void)
{
	pthread_t w[3], r[3];

	tcp_pair(p);
	for (long i = 0; i < 3; i++) {
		pthread_create(&w[i], NULL, writer, (void *)i);
		pthread_create(&r[i], NULL, reader, NULL);
	}
	for (int i = 0; i < 3; i++)
		pthread_join(w[i], NULL);
	shutdown(p[0], SHUT_WR);
	for (int i = 0; i < 3; i++)
		pthread_join(r[i], NULL);
	printf("%ld %ld %ld\n", got[0], got[1], got[2]);
	return 0;
}
