/* Sockets in the states in which calls are refused, and the three ways to move a message: for errno_*_ways.c. */
#ifndef MSG_WAYS_H
#define MSG_WAYS_H

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/un.h>

#include "tcp_pair.h"

enum way { BY_NAME, BY_MSG, BY_MMSG };
static const char *const way_name[] __attribute__((unused)) = { "name", "msg", "mmsg" };

/* One whose queue has no room: it does not answer. */
static inline int full_listener(struct sockaddr_in *addr)
{
	int l = tcp_listener(addr, 0);

	tcp_connect_to(addr);
	return l;
}

static inline void wait_state(int fd, int state)
{
	while (tcp_state(fd) != state)
		usleep(1000);
}

static inline void on_alarm(int sig) { (void)sig; }

/* From now on what blocks on @fd is interrupted, and because of its time limit (SO_RCVTIMEO, SO_SNDTIMEO) not begun again. */
static inline void interrupted_calls(int fd, int limit)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	struct itimerval often = { { 0, 20000 }, { 0, 20000 } };
	struct timeval hour = { 3600, 0 };

	setsockopt(fd, SOL_SOCKET, limit, &hour, sizeof(hour));
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

static inline void not_interrupted(void)
{
	struct itimerval never = { 0 };

	setitimer(ITIMER_REAL, &never, NULL);
}

#endif
