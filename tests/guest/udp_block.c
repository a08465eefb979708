/* Waiting for datagrams: a reader that sleeps, time limits, signals, shutdown by another thread, poll and epoll. */
#include "inet.h"
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>

static int a, b;

static void *sender(void *arg)
{
	usleep(20000);
	send_to(b, arg, "127.0.0.1", port_of(a));
	return NULL;
}

static void *closer(void *arg)
{
	usleep(20000);
	shutdown(b, SHUT_RDWR);
	return arg;
}

static void handler(int sig) { (void)sig; }

int main(void)
{
	struct sigaction sa = { .sa_handler = handler };
	struct itimerval it = { { 0, 0 }, { 0, 20000 } };
	struct timeval tv = { 0, 20000 };
	struct epoll_event ev = { EPOLLIN | EPOLLET, { 0 } };
	struct pollfd p;
	pthread_t t;
	char buf[16];
	addr_t to;
	int e = epoll_create1(0);

	a = bound("127.0.0.1");
	b = bound("127.0.0.1");
	pthread_create(&t, NULL, sender, "woken");
	SHOW(recv(a, buf, sizeof(buf), 0));
	pthread_join(t, NULL);
	pthread_create(&t, NULL, sender, "polled");
	p = (struct pollfd){ a, POLLIN, 0 };
	SHOW(poll(&p, 1, 5000));
	SHOW(p.revents);
	SHOW(recv(a, buf, sizeof(buf), 0));
	pthread_join(t, NULL);
	SHOW(epoll_ctl(e, EPOLL_CTL_ADD, a, &ev));
	pthread_create(&t, NULL, sender, "epolled");
	SHOW(epoll_wait(e, &ev, 1, 5000));
	SHOW(epoll_wait(e, &ev, 1, 0));
	pthread_join(t, NULL);
	send_to(b, "again", "127.0.0.1", port_of(a));
	SHOW(epoll_wait(e, &ev, 1, 0));
	SHOW(recv(a, buf, sizeof(buf), 0));
	SHOW(recv(a, buf, sizeof(buf), 0));
	SHOW(setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	SHOW(recv(a, buf, sizeof(buf), 0));
	tv.tv_usec = 0;
	SHOW(setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
	SHOW(recv(a, buf, sizeof(buf), 0));
	tv.tv_sec = 5;
	setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	sa.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
	SHOW(recv(a, buf, sizeof(buf), 0));
	to = local_addr(a);
	SHOW(connect(b, &to.sa, sizeof(to.in)));
	pthread_create(&t, NULL, closer, NULL);
	SHOW(recv(b, buf, sizeof(buf), 0));
	pthread_join(t, NULL);
	SHOW(recv(b, buf, sizeof(buf), 0));
	SHOW(poll_now(b));
	SHOW(send(b, "x", 1, MSG_NOSIGNAL));
	SHOW(recv(b, buf, sizeof(buf), MSG_DONTWAIT));
	return 0;
}
