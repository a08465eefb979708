/* ioctls of TCP: FIONREAD, TIOCOUTQ, SIOCATMARK, FIONBIO, FIOASYNC. */ /* musl */
#include "tcp_pair.h"

#define ATMARK 0x8905
#define OUTQNSD 0x894b
static int ask(int fd, unsigned long cmd)
{
	int v = -1;

	if (ioctl(fd, cmd, &v))
		return -1;
	return v;
}

int main(void)
{
	struct sockaddr_in addr;
	int p[2], l = tcp_listener(&addr, 1), n = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	char buf[8];

	SHOW(ask(l, FIONREAD));
	SHOW(ask(l, TIOCOUTQ));
	SHOW(ask(l, OUTQNSD));
	SHOW(ask(n, FIONREAD));
	SHOW(ask(n, TIOCOUTQ));
	SHOW(ask(n, ATMARK));
	tcp_pair(p);
	SHOW(ask(p[0], FIONREAD));
	write(p[1], "12345", 5);
	wait_for(p[0], POLLIN);
	SHOW(ask(p[0], FIONREAD));
	read(p[0], buf, 2);
	SHOW(ask(p[0], FIONREAD));
	shutdown(p[1], SHUT_WR);
	wait_for(p[0], POLLRDHUP);
	SHOW(ask(p[0], FIONREAD));
	read(p[0], buf, 8);
	SHOW(ask(p[0], FIONREAD));
	SHOW(read(p[0], buf, 8));
	SHOW(ask(p[0], FIONREAD));
	for (int i = 0; i < 100 && ask(p[1], TIOCOUTQ) > 0; i++)
		usleep(10000);
	SHOW(ask(p[1], TIOCOUTQ));
	SHOW(ioctl(p[0], FIONREAD, BAD_PTR));
	SHOW(ioctl(n, FIONBIO, &on));
	SHOW(!!(fcntl(n, F_GETFL) & O_NONBLOCK));
	SHOW(ioctl(n, 0x12345678, &on));
	return 0;
}
