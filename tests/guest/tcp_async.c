/* O_ASYNC: SIGIO when data comes and when the peer closes. */
#include "tcp_pair.h"
#include <signal.h>

static volatile int ios;
static void on_io(int sig) { (void)sig; ios++; }
static void settle(int want)
{
	for (int i = 0; i < 200 && ios < want; i++)
		usleep(10000);
}

int main(void)
{
	char buf[8];
	int p[2], on = 1;

	signal(SIGIO, on_io);
	tcp_pair(p);
	SHOW(fcntl(p[1], F_SETOWN, getpid()));
	SHOW(fcntl(p[1], F_GETOWN) == getpid());
	SHOW(ioctl(p[1], FIOASYNC, &on));
	SHOW(!!(fcntl(p[1], F_GETFL) & O_ASYNC));
	write(p[0], "a", 1);
	settle(1);
	printf("after data: %d\n", ios > 0);
	read(p[1], buf, 8);
	ios = 0;
	shutdown(p[0], SHUT_WR);
	settle(1);
	printf("after the end: %d\n", ios > 0);
	SHOW(fcntl(p[1], F_SETFL, 0));
	ios = 0;
	write(p[1], "b", 1);
	wait_for(p[0], POLLIN);
	usleep(20000);
	printf("without: %d\n", ios);
	return 0;
}
