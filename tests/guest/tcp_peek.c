/* Flags of recv: MSG_PEEK, MSG_TRUNC, MSG_WAITALL, MSG_DONTWAIT, SO_PEEK_OFF. */ /* musl */
#include "tcp_pair.h"
#include <pthread.h>

#ifndef SO_PEEK_OFF
#define SO_PEEK_OFF 42
#endif
static int p[2];
static void *later(void *arg)
{
	(void)arg;
	usleep(30000);
	write(p[0], "second", 6);
	usleep(30000);
	write(p[0], "third", 5);
	return NULL;
}

int main(void)
{
	pthread_t t;
	char buf[64] = "";

	tcp_pair(p);
	write(p[0], "0123456789", 10);
	wait_for(p[1], POLLIN);
	SHOW(recv(p[1], buf, 4, MSG_PEEK));
	printf("%.4s\n", buf);
	SHOW(recv(p[1], buf, sizeof(buf), MSG_PEEK));
	printf("%.10s\n", buf);
	memset(buf, '.', 10);
	SHOW(recv(p[1], buf, 3, MSG_TRUNC));
	printf("untouched: %.3s\n", buf);
	SHOW(recv(p[1], buf, 2, 0));
	printf("%.2s\n", buf);
	SHOW(recv(p[1], NULL, 2, MSG_TRUNC));
	SHOW(recv(p[1], buf, 0, 0));
	SHOW(recv(p[1], BAD_PTR, 2, 0));
	SHOW(recv(p[1], buf, sizeof(buf), 0));
	printf("%.3s\n", buf);
	SHOW(recv(p[1], buf, sizeof(buf), MSG_DONTWAIT));
	SHOW(recv(p[1], buf, sizeof(buf), MSG_DONTWAIT | MSG_PEEK));

	pthread_create(&t, NULL, later, NULL);
	write(p[0], "first", 5);
	SHOW(recv(p[1], buf, 16, MSG_WAITALL | MSG_PEEK));
	SHOW(recv(p[1], buf, 16, MSG_WAITALL));
	printf("%.16s\n", buf);
	pthread_join(t, NULL);
	write(p[0], "short", 5);
	wait_for(p[1], POLLIN);
	SHOW(recv(p[1], buf, 16, MSG_WAITALL | MSG_DONTWAIT));
	write(p[0], "end", 3);
	shutdown(p[0], SHUT_WR);
	SHOW(recv(p[1], buf, 16, MSG_WAITALL));
	SHOW(recv(p[1], buf, 16, MSG_WAITALL));
	SHOW(recv(p[1], buf, 16, MSG_PEEK));
	return 0;
}
