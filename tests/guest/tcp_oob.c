/* Urgent data: one byte out of band, the mark, SO_OOBINLINE, SIGURG. */
#include "tcp_pair.h"
#include <signal.h>

#ifndef SIOCATMARK
#define SIOCATMARK 0x8905
#endif

static volatile int urgs;
static void on_urg(int sig) { (void)sig; urgs++; }
static int at_mark(int fd)
{
	int v = -1;

	return ioctl(fd, SIOCATMARK, &v) ? -errno : v;
}

int main(void)
{
	char buf[16] = "";
	int p[2];

	signal(SIGURG, on_urg);
	tcp_pair(p);
	SHOW(recv(p[1], buf, 1, MSG_OOB));
	SHOW(fcntl(p[1], F_SETOWN, getpid()));
	SHOW(send(p[0], "abcU", 4, MSG_OOB));
	SHOW_POLL(p[1], POLLPRI, 5000);
	SHOW_POLL(p[1], POLLIN | POLLPRI, 0);
	printf("SIGURG: %d\n", urgs);
	SHOW(at_mark(p[1]));
	SHOW(recv(p[1], buf, 1, MSG_OOB | MSG_PEEK));
	SHOW(recv(p[1], buf, 8, MSG_OOB));
	printf("urgent: %c\n", buf[0]);
	SHOW(recv(p[1], buf, 1, MSG_OOB));
	SHOW_POLL(p[1], POLLIN | POLLPRI, 0);
	/* Reading stops at the mark. */
	SHOW(send(p[0], "def", 3, 0));
	usleep(20000);
	SHOW(recv(p[1], buf, sizeof(buf), 0));
	SHOW(at_mark(p[1]));
	SHOW(recv(p[1], buf, sizeof(buf), 0));
	printf("after the mark: %.3s\n", buf);
	SHOW(at_mark(p[1]));

	/* In line. */
	SHOW(set_int(p[1], SOL_SOCKET, SO_OOBINLINE, 1));
	SHOW(send(p[0], "xyZ", 3, MSG_OOB));
	wait_for(p[1], POLLPRI);
	SHOW(recv(p[1], buf, 1, MSG_OOB));
	SHOW(recv(p[1], buf, sizeof(buf), 0));
	SHOW(at_mark(p[1]));
	SHOW(recv(p[1], buf, sizeof(buf), 0));
	printf("in line: %c\n", buf[0]);
	SHOW(set_int(p[1], SOL_SOCKET, SO_OOBINLINE, 0));

	/* A second urgent byte before the first was read: the first turns into data. */
	send(p[0], "1", 1, MSG_OOB);
	wait_for(p[1], POLLPRI);
	send(p[0], "2", 1, MSG_OOB);
	for (int i = 0; i < 100 && urgs < 4; i++)
		usleep(10000);
	printf("SIGURG: %d\n", urgs);
	SHOW(recv(p[1], buf, 1, MSG_OOB));
	printf("urgent: %c\n", buf[0]);
	SHOW(recv(p[1], buf, sizeof(buf), MSG_DONTWAIT));
	close(p[0]);
	wait_for(p[1], POLLRDHUP);
	SHOW(recv(p[1], buf, 1, MSG_OOB));
	SHOW(recv(p[1], buf, 1, 0));
	return 0;
}
