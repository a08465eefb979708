/* SO_RCVTIMEO and SO_SNDTIMEO; signals during waits. */
#include "tcp_pair.h"
#include <signal.h>
#include <sys/time.h>

static void on_alarm(int sig) { (void)sig; }
static void alarm_in(int ms, int flags)
{
	struct itimerval it = { .it_value = { 0, ms * 1000 } };
	struct sigaction sa = { .sa_handler = on_alarm, .sa_flags = flags };

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
}

int main(void)
{
	struct timeval tv = { 0, 50000 }, none = { 0, 0 };
	static char big[1 << 20];
	struct sockaddr_in addr;
	char buf[8];
	int p[2], l = tcp_listener(&addr, 1);
	long n;

	tcp_pair(p);
	setsockopt(p[1], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	SHOW(read(p[1], buf, 8));
	SHOW(recv(p[1], buf, 8, MSG_PEEK));
	tv.tv_sec = 5;
	setsockopt(p[1], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	alarm_in(30, SA_RESTART);
	SHOW(read(p[1], buf, 8));
	setsockopt(p[1], SOL_SOCKET, SO_RCVTIMEO, &none, sizeof(none));
	alarm_in(30, 0);
	SHOW(read(p[1], buf, 8));
	tv.tv_sec = 0;
	setsockopt(l, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	SHOW(accept(l, NULL, NULL));
	tv.tv_sec = 5;
	setsockopt(l, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	alarm_in(30, SA_RESTART);
	SHOW(accept(l, NULL, NULL));
	setsockopt(l, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof(none));
	alarm_in(30, 0);
	SHOW(accept(l, NULL, NULL));

	/* A full pipe: first a partial write, then nothing. */
	tv.tv_sec = 0;
	setsockopt(p[0], SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	set_int(p[0], SOL_SOCKET, SO_SNDBUF, 20000);
	set_int(p[1], SOL_SOCKET, SO_RCVBUF, 20000);
	n = write(p[0], big, sizeof(big));
	printf("partial: %d\n", n > 0 && n < (long)sizeof(big));
	/* A late acknowledgement may make room for a little more. */
	while ((n = write(p[0], big, sizeof(big))) > 0)
		;
	printf("then: %s\n", errno_name(errno));
	SHOW(send(p[0], big, 1, MSG_DONTWAIT));
	tv.tv_sec = 5;
	setsockopt(p[0], SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	alarm_in(30, SA_RESTART);
	SHOW(write(p[0], big, sizeof(big)));
	setsockopt(p[0], SOL_SOCKET, SO_SNDTIMEO, &none, sizeof(none));
	alarm_in(30, 0);
	SHOW(write(p[0], big, sizeof(big)));
	SHOW_POLL(p[0], POLLOUT, 0);
	return 0;
}
