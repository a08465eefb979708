/* musl */
/* O_NONBLOCK and FIONBIO on both ends, and what a reader that waits is woken by. */
#include "tty.h"

static volatile int alarms;
static void on(int sig) { (void)sig; alarms++; }

int main(void)
{
	struct sigaction sa = { .sa_handler = on }, restart = { .sa_handler = on, .sa_flags = SA_RESTART };
	char buf[64];
	int yes = 1, no = 0;
	long n;

	tty_new();
	tty_modes(0, 0, 0, 0, 0, ECHO);
	SHOW(fcntl(slave, F_SETFL, O_NONBLOCK));
	SHOW(fcntl(master, F_SETFL, O_NONBLOCK));
	SHOW(read(slave, buf, 10));
	SHOW(read(master, buf, 10));
	SHOW(read(slave, buf, 0));
	type("half");
	ready(slave, 20);
	SHOW(read(slave, buf, 10));
	type("\n");
	ready(slave, 100);
	SHOW(read(slave, buf, 2));
	SHOW(read(slave, buf, 10));
	SHOW(read(slave, buf, 10));
	SHOW(ioctl(slave, FIONBIO, &no));
	SHOW(fcntl(slave, F_GETFL) & O_NONBLOCK);
	SHOW(ioctl(master, FIONBIO, &yes));
	SHOW(read(master, buf, 1));
	ioctl(master, FIONBIO, &no);
	sigaction(SIGALRM, &sa, NULL);
	ualarm(20000, 0);
	SHOW(read(slave, buf, 10));
	SHOW(alarms);
	ualarm(20000, 0);
	SHOW(read(master, buf, 10));
	sigaction(SIGALRM, &restart, NULL);
	ualarm(20000, 0);
	if (!fork()) {
		usleep(60000);
		type("later\n");
		_exit(0);
	}
	n = read(slave, buf, 10);
	show_bytes("restarted", buf, n);
	SHOW(alarms);
	wait(NULL);
	SHOW(read(slave, BAD_PTR, 0));
	type("lost\n");
	ready(slave, 100);
	SHOW(read(slave, BAD_PTR, 10));
	SHOW(write(slave, BAD_PTR, 10));
	SHOW(write(master, BAD_PTR, 10));
	SHOW(pread(slave, buf, 1, 0));
	SHOW(lseek(slave, 0, SEEK_SET));
	SHOW(ftruncate(slave, 0));
	SHOW(fsync(slave));
	return 0;
}
