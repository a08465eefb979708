/* SO_RCVTIMEO and SO_SNDTIMEO; what a signal does to a blocked call with and without them. */
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include "show.h"

static int fds[2];
static void nothing(int sig) { }
static int ticks;
static void feed(int sig) { if (++ticks == 3) write(fds[1], "fed", 3); }

static long ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void timed(const char *what, long min_ms, long start)
{
	long took = ms() - start;

	printf("%s: %s\n", what, took >= min_ms && took < min_ms + 30000 ? "in time" : "too early or late");
}

static void handler(void (*func)(int), int flags)
{
	struct sigaction sa = { .sa_handler = func, .sa_flags = flags };

	sigaction(SIGALRM, &sa, NULL);
}

/* Again and again: one that comes before the call blocks proves nothing. */
static void alarms(long us)
{
	struct itimerval it = { { 0, us }, { 0, us } };

	setitimer(ITIMER_REAL, &it, NULL);
}

int main(void)
{
	struct timeval tv = { 0, 60000 }, none = { 0, 0 };
	static char data[65536];
	char buf[16];
	long start;

	socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
	setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	setsockopt(fds[0], SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	start = ms();
	SHOW(recv(fds[0], buf, 16, 0));
	timed("receive", 59, start);
	start = ms();
	SHOW(read(fds[0], buf, 16));
	timed("read", 59, start);
	while (send(fds[0], data, sizeof(data), MSG_DONTWAIT) > 0)
		;
	start = ms();
	SHOW(send(fds[0], data, 1, 0));
	timed("send", 59, start);
	while (recv(fds[1], data, sizeof(data), MSG_DONTWAIT) > 0)
		;
	/* with a time limit a signal always ends it */
	tv.tv_sec = 100;
	setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	handler(nothing, SA_RESTART);
	alarms(20000);
	SHOW(recv(fds[0], buf, 16, 0));
	alarms(0);
	/* without one SA_RESTART restarts it */
	setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &none, sizeof(none));
	handler(feed, SA_RESTART);
	alarms(20000);
	SHOW(recv(fds[0], buf, 16, 0));
	handler(nothing, 0);
	SHOW(recv(fds[0], buf, 16, 0));
	alarms(0);
	SHOW(recv(fds[0], buf, 16, MSG_DONTWAIT));
	return 0;
}
