/* What /proc/self/fdinfo says of an epoll, an eventfd, a timerfd, a signalfd, files and pipes. */
#include "show.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

/* Lines without the numbers that differ from run to run. */
static void info(const char *what, int fd)
{
	char path[64], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	f = fopen(path, "r");
	printf("-- %s\n", what);
	while (f && fgets(line, sizeof(line), f)) {
		char *at;

		if (!strncmp(line, "mnt_id:", 7) || !strncmp(line, "ino:", 4) || !strncmp(line, "eventfd-id", 10))
			strcpy(strchr(line, ':'), ": number\n");
		at = strstr(line, " ino:");
		if (at)
			strcpy(at, "\n");
		at = strstr(line, "it_value: (");
		if (at)
			strcpy(at, "it_value: number\n");
		fputs(line, stdout);
	}
	if (f)
		fclose(f);
}

int main(void)
{
	int ep = epoll_create1(0), ev = eventfd(5, EFD_NONBLOCK), tf = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC), p[2], sf, fd;
	struct epoll_event e = { .events = EPOLLIN | EPOLLET, .data.u64 = 0x1234 };
	sigset_t s;

	epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e);
	e = (struct epoll_event){ .events = EPOLLOUT, .data.u64 = ~0ull };
	dup2(ev, 30);
	epoll_ctl(ep, EPOLL_CTL_ADD, 30, &e);
	info("epoll", ep);
	info("eventfd", ev);
	info("semaphore", eventfd(0, EFD_SEMAPHORE));
	info("timerfd", tf);
	timerfd_settime(tf, 0, &(struct itimerspec){ .it_value = { 1000, 0 }, .it_interval = { 2, 500 } }, NULL);
	info("timerfd armed", tf);
	sigemptyset(&s);
	sigaddset(&s, SIGINT);
	sigaddset(&s, SIGRTMIN + 2);
	sf = signalfd(-1, &s, SFD_NONBLOCK);
	info("signalfd", sf);
	pipe2(p, O_CLOEXEC | O_NONBLOCK);
	info("pipe", p[0]);
	fd = open("file", O_RDWR | O_CREAT | O_APPEND, 0600);
	write(fd, "12345", 5);
	info("file", fd);
	info("path", open("file", O_PATH));
	info("directory", open(".", O_RDONLY | O_DIRECTORY));
	info("none", 77);
	return 0;
}
