/* Urgent data of TCP: the mark, in line, SIOCATMARK, SIGURG, POLLPRI, a second urgent byte, peeking. */
#include <signal.h>
#include <linux/sockios.h>
#include "tcp_pair.h"

static volatile int urgent;
static void on_urg(int sig) { (void)sig; urgent++; }

static void state(int fd)
{
	struct pollfd p = { fd, POLLIN | POLLPRI, 0 };
	int mark = -1, inq = -1;

	poll(&p, 1, 0);
	ioctl(fd, SIOCATMARK, &mark);
	ioctl(fd, SIOCINQ, &inq);
	printf("  mark %d inq %d%s%s\n", mark, inq, p.revents & POLLIN ? " IN" : "", p.revents & POLLPRI ? " PRI" : "");
}

static void get(int fd, size_t size, int flags)
{
	char buf[64] = "";
	long n = recv(fd, buf, size, flags | MSG_DONTWAIT);

	printf("recv %zu%s%s: ", size, flags & MSG_OOB ? " OOB" : "", flags & MSG_PEEK ? " PEEK" : "");
	if (n < 0)
		printf("%s\n", errno_name(errno));
	else
		printf("%ld '%.*s'\n", n, (int)n, buf);
	state(fd);
}

static void talk(int in)
{
	int p[2];

	tcp_pair(p);
	printf("== %s\n", in ? "in line" : "out of line");
	set_int(p[1], SOL_SOCKET, SO_OOBINLINE, in);
	fcntl(p[1], F_SETOWN, getpid());
	urgent = 0;
	get(p[1], 1, MSG_OOB);
	SHOW(send(p[0], "abc", 3, MSG_OOB));
	wait_for(p[1], POLLPRI);
	printf("urgent %d\n", urgent);
	state(p[1]);
	get(p[1], 1, MSG_OOB | MSG_PEEK);
	get(p[1], 64, MSG_PEEK);
	get(p[1], 64, 0);
	get(p[1], 1, MSG_OOB);
	get(p[1], 1, MSG_OOB);
	SHOW(send(p[0], "def", 3, 0));
	wait_for(p[1], POLLIN);
	get(p[1], 64, 0);
	SHOW(send(p[0], "gh", 2, MSG_OOB));
	SHOW(send(p[0], "ij", 2, MSG_OOB));
	SHOW(send(p[0], "kl", 2, 0));
	for (int n = 0; n < (in ? 6 : 5); )
		ioctl(p[1], SIOCINQ, &n), n += in ? 0 : n < 1 ? 0 : 3;
	get(p[1], 64, 0);
	get(p[1], 64, MSG_OOB);
	get(p[1], 64, 0);
	get(p[1], 64, 0);
	SHOW(send(p[0], "m", 1, MSG_OOB));
	wait_for(p[1], POLLPRI);
	SHOW(close(p[0]));
	wait_for(p[1], POLLRDHUP);
	get(p[1], 1, MSG_OOB);
	get(p[1], 64, 0);
	get(p[1], 64, 0);
	close(p[1]);
}

int main(void)
{
	signal(SIGURG, on_urg);
	talk(0);
	talk(1);
	return 0;
}
