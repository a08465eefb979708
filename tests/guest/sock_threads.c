/* A descriptor that another thread closes, shuts down or replaces while a call waits on it; sockets shared by fork and dup. */
#include <pthread.h>
#include <sys/wait.h>
#include "each.h"

static int fd;
static volatile int ready;

static void *reader(void *arg)
{
	char buf[8];
	long n;

	(void)arg;
	ready = 1;
	n = recv(fd, buf, sizeof(buf), 0);
	return (void *)(n < 0 ? -(long)errno : n);
}

static void *acceptor(void *arg)
{
	(void)arg;
	ready = 1;
	return (void *)(accept(fd, NULL, NULL) < 0 ? -(long)errno : 0);
}

/* What the thread's call said. */
static void end(pthread_t t)
{
	void *p;
	long n;

	pthread_join(t, &p);
	n = (long)p;
	printf("  the waiting call: %ld %s\n", n < 0 ? -1 : n, n < 0 ? errno_name((int)-n) : "");
	fflush(stdout);
}

static pthread_t start(void *(*f)(void *))
{
	pthread_t t;

	ready = 0;
	pthread_create(&t, NULL, f, NULL);
	while (!ready)
		usleep(1000);
	usleep(30000);
	return t;
}

int main(void)
{
	FOR_EACH(k) {
		any_addr a;
		socklen_t len;
		pthread_t t;
		int p[2], keep, c, status;
		char buf[8];

		title(k->name);
		make_pair(k, p);
		fd = p[1];
		keep = dup(p[1]);
		t = start(reader);
		SHOW(close(fd));
		SHOW(send(p[0], "closed", 6, 0));
		end(t);
		fd = keep;
		t = start(reader);
		if (k->type == SOCK_STREAM || k->type == SOCK_SEQPACKET || k->family == AF_UNIX) {
			SHOW(shutdown(fd, SHUT_RD));
		} else {
			SHOW(shutdown(fd, SHUT_RDWR));
		}
		end(t);
		close(keep);
		close(p[0]);
		make_pair(k, p);
		fflush(stdout);
		if (!fork()) {
			close(p[1]);
			_exit(send(p[0], "child", 5, 0) != 5);
		}
		wait(&status);
		printf("child %d, ", status);
		SHOW(recv(p[1], buf, 8, 0));
		SHOW(send(p[0], "parent", 6, 0));
		SHOW(recv(p[1], buf, 8, 0));
		close(p[0]);
		close(p[1]);
		if (k->type == SOCK_DGRAM)
			continue;
		fd = make_bound(k, &a, &len);
		listen(fd, 1);
		t = start(acceptor);
		SHOW(shutdown(fd, SHUT_RD));
		end(t);
		close(fd);
		fd = make_bound(k, &a, &len);
		listen(fd, 1);
		t = start(acceptor);
		c = make(k);
		close(fd);
		SHOW(connect(c, (struct sockaddr *)&a, len));
		end(t);
		close(c);
	}
	return 0;
}
