/* POSIX message queues: priorities, blocking, time limits, attributes, poll, reading the descriptor, notification. */
/* musl */
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

#define NAME "/umk-test-queue"
static volatile sig_atomic_t got, value, code, from;
static char buf[64];

static void handler(int sig, siginfo_t *si, void *uc)
{
	got++;
	value = si->si_value.sival_int;
	code = si->si_code == SI_MESGQ;
	from = si->si_pid;
}

static void nothing(int sig) { }

static void receive(mqd_t q)
{
	unsigned prio = 99;
	ssize_t n;

	memset(buf, 0, sizeof(buf));
	n = mq_receive(q, buf, 32, &prio);
	if (n < 0)
		printf("receive: %s\n", errno_name(errno));
	else
		printf("received %zd prio %u: %s\n", n, prio, buf);
	fflush(stdout);
}

int main(void)
{
	struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = 32 }, old;
	struct timespec past = { 1000, 0 }, soon, bad = { 0, 1000000000 };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 12 };
	struct pollfd p;
	struct stat st;
	int status;
	pid_t pid;
	mqd_t q, r;

	umask(022);
	mq_unlink(NAME);
	q = SHOW_OK(mq_open(NAME, O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, 0666, &attr));
	printf("cloexec %d\n", fcntl(q, F_GETFD));
	SHOW(fstat(q, &st));
	printf("regular %d mode %o size %ld\n", S_ISREG(st.st_mode), st.st_mode & 07777, (long)st.st_size);
	SHOW(mq_getattr(q, &old));
	printf("flags %d max %ld size %ld now %ld\n", old.mq_flags == O_NONBLOCK, old.mq_maxmsg, old.mq_msgsize, old.mq_curmsgs);
	receive(q);
	SHOW(mq_send(q, "low", 3, 1));
	SHOW(mq_send(q, "high", 4, 30));
	SHOW(mq_send(q, "low again", 9, 1));
	SHOW(mq_send(q, "", 0, 0));
	SHOW(mq_send(q, "full", 4, 0));
	SHOW(mq_send(q, buf, 33, 0));
	SHOW(mq_send(q, "x", 1, 32768));
	SHOW(mq_receive(q, buf, 31, NULL));
	SHOW(mq_getattr(q, &old));
	printf("now %ld\n", old.mq_curmsgs);
	p = (struct pollfd){ .fd = q, .events = POLLIN | POLLOUT };
	SHOW(poll(&p, 1, 0));
	printf("revents %x\n", p.revents);
	memset(buf, 0, sizeof(buf));
	SHOW(read(q, buf, 60));
	printf("%s", buf);
	for (int i = 0; i < 4; i++)
		receive(q);
	SHOW(poll(&p, 1, 0));
	printf("revents %x\n", p.revents);

	/* blocking, with limits on CLOCK_REALTIME */
	SHOW(mq_setattr(q, &(struct mq_attr){ .mq_flags = 0, .mq_maxmsg = 99 }, &old));
	printf("was %d\n", old.mq_flags == O_NONBLOCK);
	SHOW(mq_timedreceive(q, buf, 32, NULL, &past));
	clock_gettime(CLOCK_REALTIME, &soon);
	soon.tv_nsec += 20000000;
	if (soon.tv_nsec >= 1000000000)
		soon.tv_sec++, soon.tv_nsec -= 1000000000;
	SHOW(mq_timedreceive(q, buf, 32, NULL, &soon));
	SHOW(mq_timedreceive(q, buf, 32, NULL, &bad));
	SHOW(mq_timedreceive(q, buf, 32, NULL, BAD_PTR));
	for (int i = 0; i < 4; i++)
		mq_send(q, "fill", 4, 2);
	SHOW(mq_timedsend(q, "x", 1, 0, &past));
	SHOW(mq_timedsend(q, "x", 1, 0, &bad));
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(mq_send(q, "waited", 6, 9) ? 1 : 0);
	usleep(20000);
	receive(q);
	waitpid(pid, &status, 0);
	printf("sender %x\n", status);
	for (int i = 0; i < 4; i++)
		receive(q);
	pid = fork();
	if (!pid) {
		receive(q);
		_exit(0);
	}
	usleep(20000);
	mq_send(q, "to a waiter", 11, 3);
	waitpid(pid, &status, 0);
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = nothing }, NULL);
	ualarm(20000, 0);
	receive(q);

	/* a signal when a message comes into the empty queue, once; not when somebody waits */
	sigaction(SIGUSR1, &(struct sigaction){ .sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_RESTART }, NULL);
	SHOW(mq_notify(q, &ev));
	SHOW(mq_notify(q, &ev));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		SHOW(mq_notify(q, &ev));
		SHOW(mq_notify(q, NULL)); /* not its own: no effect */
		mq_send(q, "a", 1, 0);
		mq_send(q, "b", 1, 0);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	printf("notified %d value %d code %d from the sender %d\n", got, value, code, from == pid);
	receive(q);
	receive(q);
	SHOW(mq_notify(q, &ev));
	pid = fork();
	if (!pid) {
		receive(q);
		_exit(0);
	}
	usleep(200000);
	mq_send(q, "taken", 5, 0);
	waitpid(pid, &status, 0);
	printf("notified %d\n", got);
	SHOW(mq_notify(q, NULL));
	mq_send(q, "c", 1, 0);
	receive(q);
	printf("notified %d\n", got);
	ev.sigev_notify = SIGEV_NONE;
	SHOW(mq_notify(q, &ev));
	r = mq_open(NAME, O_RDONLY);
	SHOW(mq_close(r)); /* any of its descriptors ends it */
	SHOW(mq_notify(q, &ev));
	ev.sigev_notify = 77;
	SHOW(mq_notify(q, &ev));
	ev.sigev_notify = SIGEV_SIGNAL;
	ev.sigev_signo = 65;
	SHOW(mq_notify(q, &ev));
	SHOW(mq_notify(1, NULL));
	SHOW(mq_close(q));
	SHOW(mq_unlink(NAME));
	return 0;
}
