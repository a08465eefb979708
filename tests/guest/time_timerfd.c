/* timerfd: counting, blocking and not, poll and epoll, intervals, absolute times, the remaining time, fdinfo, errors. */
/* musl */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <time.h>
#include "show.h"

#ifndef TFD_TIMER_CANCEL_ON_SET
#define TFD_TIMER_CANCEL_ON_SET 2
#endif

static struct itimerspec ms(long value, long interval)
{
	return (struct itimerspec){ .it_value = { value / 1000, value % 1000 * 1000000 },
		.it_interval = { interval / 1000, interval % 1000 * 1000000 } };
}

static void fdinfo(int fd)
{
	char path[64], line[128];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "clockid", 7) || !strncmp(line, "ticks", 5) || !strncmp(line, "settime", 7) ||
		    !strncmp(line, "it_interval", 11))
			fputs(line, stdout);
	if (f)
		fclose(f);
}

int main(void)
{
	struct itimerspec its, old, bad;
	struct timespec now;
	uint64_t n = 0;
	int fd = SHOW_OK(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)), ep, other;
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };
	struct epoll_event ev = { .events = EPOLLIN }, out;

	printf("cloexec %d nonblock %d\n", fcntl(fd, F_GETFD) & FD_CLOEXEC, !!(fcntl(fd, F_GETFL) & O_NONBLOCK));
	SHOW(read(fd, &n, 8));
	SHOW(read(fd, &n, 7));
	SHOW(write(fd, &n, 8));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(poll(&p, 1, 0));
	its = ms(30, 0);
	SHOW(timerfd_settime(fd, 0, &its, &old));
	printf("was %ld %ld\n", old.it_value.tv_sec, old.it_value.tv_nsec);
	SHOW(timerfd_gettime(fd, &old));
	printf("left %d, interval %ld\n", old.it_value.tv_sec == 0 && old.it_value.tv_nsec > 0 && old.it_value.tv_nsec <= 30000000,
		old.it_interval.tv_nsec);
	SHOW(poll(&p, 1, 5000));
	printf("revents %x\n", p.revents);
	SHOW(read(fd, &n, 8));
	printf("ticks %d\n", (int)n);
	SHOW(read(fd, &n, 8));
	SHOW(timerfd_gettime(fd, &old));
	printf("left %ld %ld\n", old.it_value.tv_sec, old.it_value.tv_nsec);

	/* intervals are counted while nobody reads */
	its = ms(1, 5);
	timerfd_settime(fd, 0, &its, NULL);
	usleep(60000);
	SHOW(read(fd, &n, 100));
	printf("several %d\n", n >= 8);
	SHOW(timerfd_gettime(fd, &old));
	printf("goes on %d, interval %ld\n", old.it_value.tv_nsec > 0 && old.it_value.tv_nsec <= 5000000, old.it_interval.tv_nsec);
	its = ms(0, 7);
	SHOW(timerfd_settime(fd, 0, &its, &old));
	printf("interval was %ld\n", old.it_interval.tv_nsec);
	usleep(20000);
	SHOW(read(fd, &n, 8));

	/* absolute, in the past and in the future; blocking */
	SHOW(fcntl(fd, F_SETFL, 0));
	its = ms(1, 0);
	SHOW(timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, NULL));
	SHOW(read(fd, &n, 8));
	printf("ticks %d\n", (int)n);
	clock_gettime(CLOCK_MONOTONIC, &now);
	its.it_value.tv_sec = now.tv_sec + (now.tv_nsec + 20000000) / 1000000000;
	its.it_value.tv_nsec = (now.tv_nsec + 20000000) % 1000000000;
	SHOW(timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, NULL));
	SHOW(read(fd, &n, 8));
	printf("ticks %d\n", (int)n);
	ep = epoll_create1(0);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
	SHOW(epoll_wait(ep, &out, 1, 0));
	its = ms(5, 0);
	timerfd_settime(fd, 0, &its, NULL);
	SHOW(epoll_wait(ep, &out, 1, 5000));
	fdinfo(fd);
	n = 42;
	SHOW(ioctl(fd, _IOW('T', 0, uint64_t), &n));
	SHOW(read(fd, &n, 8));
	printf("ticks %d\n", (int)n);
	n = 0;
	SHOW(ioctl(fd, _IOW('T', 0, uint64_t), &n));
	SHOW(ioctl(fd, _IOW('T', 0, uint64_t), BAD_PTR));
	SHOW(ioctl(fd, 0x5401, &n));

	other = SHOW_OK(timerfd_create(CLOCK_REALTIME, 0));
	its = ms(1000000, 1500);
	SHOW(timerfd_settime(other, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &its, NULL));
	usleep(10000);
	fdinfo(other);
	SHOW(timerfd_settime(other, TFD_TIMER_CANCEL_ON_SET, &its, NULL));
	bad = ms(1, 0);
	bad.it_value.tv_nsec = 1000000000;
	SHOW(timerfd_settime(fd, 0, &bad, NULL));
	bad.it_value.tv_nsec = 1;
	bad.it_value.tv_sec = -1;
	SHOW(timerfd_settime(fd, 0, &bad, NULL));
	SHOW(timerfd_settime(fd, 4, &its, NULL));
	SHOW(timerfd_settime(fd, 0, BAD_PTR, NULL));
	SHOW(timerfd_settime(fd, 0, &its, BAD_PTR));
	SHOW(timerfd_settime(-1, 0, &its, NULL));
	SHOW(timerfd_settime(ep, 0, &its, NULL));
	SHOW(timerfd_gettime(fd, BAD_PTR));
	SHOW(timerfd_gettime(99, &its));
	SHOW(timerfd_gettime(0, &its));
	SHOW(timerfd_create(CLOCK_TAI, 0));
	SHOW(timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0));
	SHOW(timerfd_create(-1, 0));
	SHOW(timerfd_create(CLOCK_MONOTONIC, 1));
	SHOW_OK(timerfd_create(CLOCK_BOOTTIME, 0));
	return 0;
}
