/* Queues: many that wait, in which order they are served; poll and epoll wake-ups; fork, exec and close. */
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "show.h"

static volatile struct { int n, order[16]; char text[16][8]; } *s;
static mqd_t q;

static char state_of(pid_t pid)
{
	char path[64], text[256] = "";
	int fd, n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	close(fd);
	return n > 0 && strrchr(text, ')') ? strrchr(text, ')')[2] : '?';
}

static pid_t asleep(pid_t pid)
{
	for (int i = 0; i < 5000 && state_of(pid) != 'S'; i++)
		usleep(500);
	usleep(3000);
	return pid;
}

static pid_t receiver(int tag)
{
	pid_t pid = fork();
	char buf[8];

	if (pid)
		return asleep(pid);
	if (mq_receive(q, buf, 8, NULL) >= 0) {
		int i = __atomic_fetch_add(&s->n, 1, __ATOMIC_SEQ_CST);

		s->order[i] = tag;
		memcpy((char *)s->text[i], buf, 8);
	}
	_exit(0);
}

static pid_t sender(const char *text, int prio)
{
	pid_t pid = fork();

	if (pid)
		return asleep(pid);
	_exit(mq_send(q, text, strlen(text) + 1, prio) ? 1 : 0);
}

static void drain(void)
{
	char buf[8];
	unsigned prio;
	struct timespec past = { 1, 0 };

	while (mq_timedreceive(q, buf, 8, &prio, &past) >= 0)
		printf(" %s/%u", buf, prio);
	printf("\n");
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

int main(int argc, char **argv)
{
	struct mq_attr attr = { .mq_maxmsg = 2, .mq_msgsize = 8 }, now;
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET }, out;
	struct pollfd p;
	pid_t pid;
	int ep, status;

	s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	mq_unlink("/umk-wait");
	q = mq_open("/umk-wait", O_RDWR | O_CREAT, 0600, &attr);
	/* receivers are served in the order of their coming */
	for (int i = 0; i < 3; i++)
		receiver(i);
	for (int i = 0; i < 3; i++) {
		char text[2] = { 'a' + i, 0 };

		mq_send(q, text, 2, i);
		for (int k = 0; k < 5000 && s->n <= i; k++)
			usleep(500);
	}
	for (int i = 0; i < s->n; i++)
		printf("receiver %d got %s\n", s->order[i], (char *)s->text[i]);
	while (wait(NULL) > 0)
		;
	/* senders that wait put their messages in as room comes */
	mq_send(q, "one", 4, 5);
	mq_send(q, "two", 4, 5);
	sender("low", 1);
	sender("high", 9);
	mq_getattr(q, &now);
	printf("held %ld, taken:", now.mq_curmsgs);
	fflush(stdout);
	drain();
	while (wait(NULL) > 0)
		;
	/* poll and epoll */
	p = (struct pollfd){ .fd = q, .events = POLLIN };
	fflush(stdout);
	pid = fork();
	if (!pid) {
		usleep(20000);
		_exit(mq_send(q, "x", 2, 0) ? 1 : 0);
	}
	SHOW(poll(&p, 1, 5000));
	printf("revents %x\n", p.revents);
	waitpid(pid, &status, 0);
	mq_send(q, "y", 2, 0);
	p.events = POLLOUT;
	SHOW(poll(&p, 1, 0));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		char buf[8];

		usleep(20000);
		_exit(mq_receive(q, buf, 8, NULL) == 2 ? 0 : 1);
	}
	SHOW(poll(&p, 1, 5000));
	printf("revents %x\n", p.revents);
	waitpid(pid, &status, 0);
	printf("left:");
	drain();
	ep = epoll_create1(0);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, q, &ev));
	SHOW(epoll_wait(ep, &out, 1, 0));
	mq_send(q, "e", 2, 0);
	SHOW(epoll_wait(ep, &out, 1, 1000));
	SHOW(epoll_wait(ep, &out, 1, 0));
	mq_send(q, "f", 2, 0);
	SHOW(epoll_wait(ep, &out, 1, 1000));
	printf("left:");
	drain();
	/* a killed receiver and a killed sender are forgotten */
	pid = receiver(9);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	mq_send(q, "kept", 5, 0);
	mq_send(q, "two", 4, 0);
	pid = sender("gone", 3);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	printf("left:");
	drain();
	SHOW(mq_close(q));
	SHOW(mq_close(q));
	SHOW(mq_send(q, "x", 1, 0));
	SHOW(mq_unlink("/umk-wait"));
	return 0;
}
