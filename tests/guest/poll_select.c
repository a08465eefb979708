/* select and pselect6: sets, what of them is written, times, errors. */
#include "show.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/time.h>
#include <time.h>

static volatile int got;
static void on(int sig) { got = sig; }

int main(void)
{
	int p[2], fd;
	fd_set in, out, ex, *big = calloc(1, 8192);
	struct timeval tv = { 0, 20000 };
	struct timespec ts = { 0, 20000000 };
	sigset_t none, all;
	struct { const sigset_t *s; size_t n; } arg = { &none, 8 };

	pipe(p);
	fd = open("file", O_RDWR | O_CREAT, 0600);
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_ZERO(&ex);
	FD_SET(p[0], &in);
	FD_SET(p[1], &out);
	FD_SET(fd, &in);
	FD_SET(fd, &ex);
	FD_SET(p[0], &ex);
	SHOW(select(fd + 1, &in, &out, &ex, NULL));
	printf("%d %d %d %d %d\n", FD_ISSET(p[0], &in), FD_ISSET(p[1], &out), FD_ISSET(fd, &in), FD_ISSET(fd, &ex), FD_ISSET(p[0], &ex));
	FD_ZERO(&in);
	FD_SET(p[0], &in);
	SHOW(select(p[0] + 1, &in, NULL, NULL, &tv));
	printf("%d, left %ld.%06ld\n", FD_ISSET(p[0], &in), (long)tv.tv_sec, (long)tv.tv_usec);
	FD_SET(p[0], &in);
	SHOW(select(p[0], &in, NULL, NULL, &tv));
	printf("beyond n: %d\n", FD_ISSET(p[0], &in));
	tv = (struct timeval){ 10, 0 };
	write(p[1], "x", 1);
	SHOW(select(p[0] + 1, &in, NULL, NULL, &tv));
	printf("time left %d\n", tv.tv_sec >= 8 && tv.tv_sec < 10);
	close(p[1]);
	FD_SET(p[0], &out);
	FD_SET(p[0], &in);
	SHOW(select(p[0] + 1, &in, NULL, &out, NULL));
	FD_ZERO(&in);
	FD_SET(60, &in);
	SHOW(select(61, &in, NULL, NULL, NULL));
	SHOW(select(-1, NULL, NULL, NULL, NULL));
	tv = (struct timeval){ -1, 0 };
	SHOW(select(0, NULL, NULL, NULL, &tv));
	tv = (struct timeval){ 0, 5000 };
	SHOW(select(0, NULL, NULL, NULL, &tv));
	tv = (struct timeval){ 0, 1000001 };
	SHOW(select(p[0] + 1, BAD_PTR, NULL, NULL, &tv));
	SHOW(syscall(SYS_select, 0, NULL, NULL, NULL, BAD_PTR));
	FD_ZERO(&in);
	FD_SET(fd, &in);
	memcpy(big, &in, sizeof(in));
	SHOW(select(65536, big, NULL, NULL, NULL));
	SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &ts, NULL));
	printf("left %ld\n", ts.tv_sec * 1000000000 + ts.tv_nsec);
	ts.tv_nsec = 1000000000;
	SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &ts, NULL));
	ts.tv_nsec = 0;
	SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &ts, BAD_PTR));
	arg.n = 7;
	SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &ts, &arg));
	arg.n = 8;
	sigemptyset(&none);
	sigfillset(&all);
	signal(SIGALRM, on);
	sigprocmask(SIG_BLOCK, &all, NULL);
	raise(SIGALRM);
	SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, NULL, &arg));
	SHOW(got == SIGALRM);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { 0, 10000 } }, NULL);
	tv = (struct timeval){ 5, 0 };
	SHOW(select(0, NULL, NULL, NULL, &tv));
	printf("left of five seconds: %d\n", tv.tv_sec == 4);
	return 0;
}
