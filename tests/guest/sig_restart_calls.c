/* Which calls a handler interrupts, with and without SA_RESTART, and which go on after a stop: signal(7), "Interruption of system
 * calls". Each call blocks in a child; the parent sends the signal once it sleeps, and then lets the call complete. */
// timeout: 60
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

static struct { volatile int handled, done; long ret; int err; uint32_t word; } *s;
static int fds[2], sv[2], full[2], lsock, ev, tfd, sfd, ep, msgid, msgfull, semid, lockfd, fifo;
static mqd_t mq;
static struct timespec lots = { 100, 0 };
static struct timeval lots_tv = { 100, 0 };
static char buf[70000];
static struct sockaddr_un addr = { .sun_family = AF_UNIX, .sun_path = "sock" };

static void handler(int sig) { s->handled = 1; }

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

static void until(pid_t pid, char state)
{
	for (int i = 0; i < 10000 && !s->done && state_of(pid) != state; i++)
		usleep(500);
}

static long deadline(int clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec + 100;
}

#define CALLS \
	X(read_pipe, read(fds[0], buf, 1), write(fds[1], "x", 1)) \
	X(write_pipe, write(full[1], buf, 1), read(full[0], buf, 65536)) \
	X(open_fifo, open("fifo", O_RDONLY), fifo = open("fifo", O_RDWR)) \
	X(wait4, wait4(-1, NULL, 0, NULL), kill(s->word, SIGKILL)) \
	X(waitid, waitid(P_ALL, 0, (siginfo_t *)buf, WEXITED), kill(s->word, SIGKILL)) \
	X(accept, accept(lsock, NULL, NULL), connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&addr, sizeof(addr))) \
	X(recv, recv(sv[0], buf, 1, 0), send(sv[1], "x", 1, 0)) \
	X(recv_timeo, (setsockopt(sv[0], SOL_SOCKET, SO_RCVTIMEO, &lots_tv, sizeof(lots_tv)), recv(sv[0], buf, 1, 0)), \
		send(sv[1], "x", 1, 0)) \
	X(flock, flock(open("lock", O_RDWR), LOCK_EX), flock(lockfd, LOCK_UN)) \
	X(fcntl_lock, fcntl(open("lock", O_RDWR), F_SETLKW, &(struct flock){ .l_type = F_WRLCK }), \
		fcntl(lockfd, F_SETLK, &(struct flock){ .l_type = F_UNLCK })) \
	X(futex, syscall(SYS_futex, &s->word, FUTEX_WAIT, 0, NULL, NULL, 0), syscall(SYS_futex, &s->word, FUTEX_WAKE, 1, NULL, NULL, 0)) \
	X(futex_timeout, syscall(SYS_futex, &s->word, FUTEX_WAIT, 0, &lots, NULL, 0), \
		syscall(SYS_futex, &s->word, FUTEX_WAKE, 1, NULL, NULL, 0)) \
	X(poll, poll(&(struct pollfd){ .fd = fds[0], .events = POLLIN }, 1, -1), write(fds[1], "x", 1)) \
	X(ppoll, ppoll(&(struct pollfd){ .fd = fds[0], .events = POLLIN }, 1, &lots, NULL), write(fds[1], "x", 1)) \
	X(select, select(fds[0] + 1, (FD_SET(fds[0], (fd_set *)buf), (fd_set *)buf), NULL, NULL, NULL), write(fds[1], "x", 1)) \
	X(pselect, pselect(fds[0] + 1, (FD_SET(fds[0], (fd_set *)buf), (fd_set *)buf), NULL, NULL, &lots, NULL), write(fds[1], "x", 1)) \
	X(epoll_wait, epoll_wait(ep, (void *)buf, 1, -1), write(fds[1], "x", 1)) \
	X(epoll_pwait, epoll_pwait(ep, (void *)buf, 1, 100000, NULL), write(fds[1], "x", 1)) \
	X(nanosleep, nanosleep(&(struct timespec){ 0, 300000000 }, NULL), (void)0) \
	X(clock_nanosleep, clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ 0, 300000000 }, NULL) ? (errno = EINTR, -1) : 0, (void)0) \
	X(nanosleep_abs, clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &(struct timespec){ deadline(CLOCK_REALTIME) - 98, 0 }, NULL) ? \
		(errno = EINTR, -1) : 0, (void)0) \
	X(pause, pause(), kill(s->word, SIGUSR2)) \
	X(sigsuspend, sigsuspend((sigset_t[]){ { { 0 } } }), kill(s->word, SIGUSR2)) \
	X(sigtimedwait, sigtimedwait((sigset_t[]){ { { 1u << (SIGHUP - 1) } } }, NULL, &lots), kill(s->word, SIGHUP)) \
	X(sigwaitinfo, sigwaitinfo((sigset_t[]){ { { 1u << (SIGHUP - 1) } } }, NULL), kill(s->word, SIGHUP)) \
	X(msgrcv, msgrcv(msgid, buf, 1, 0, 0), msgsnd(msgid, "\1\0\0\0\0\0\0\0x", 1, 0)) \
	X(msgsnd, msgsnd(msgfull, "\1\0\0\0\0\0\0\0x", 1, 0), msgrcv(msgfull, buf, 8192, 0, 0)) \
	X(semop, semop(semid, &(struct sembuf){ 0, -1, 0 }, 1), semop(semid, &(struct sembuf){ 0, 1, 0 }, 1)) \
	X(semtimedop, semtimedop(semid, &(struct sembuf){ 0, -1, 0 }, 1, &lots), semop(semid, &(struct sembuf){ 0, 1, 0 }, 1)) \
	X(mq_receive, mq_receive(mq, buf, 16, NULL), mq_send(mq, "x", 1, 0)) \
	X(mq_timed, mq_timedreceive(mq, buf, 16, NULL, &(struct timespec){ deadline(CLOCK_REALTIME), 0 }), mq_send(mq, "x", 1, 0)) \
	X(eventfd, read(ev, buf, 8), eventfd_write(ev, 1)) \
	X(timerfd, read(tfd, buf, 8), timerfd_settime(tfd, 0, &(struct itimerspec){ .it_value = { 0, 1 } }, NULL)) \
	X(signalfd, read(sfd, buf, 128), kill(s->word, SIGHUP))

enum {
#define X(name, call, complete) c_##name,
	CALLS
#undef X
	c_count
};
static const char *const names[] = {
#define X(name, call, complete) #name,
	CALLS
#undef X
};

static long call(int i)
{
	switch (i) {
#define X(name, call, complete) case c_##name: return call;
	CALLS
#undef X
	}
	return -1;
}

static void complete(int i)
{
	switch (i) {
#define X(name, call, complete) case c_##name: complete; break;
	CALLS
#undef X
	}
}

static void block_hup(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigprocmask(how, &set, NULL);
}

static const char *try(int i, int sig, int flags)
{
	pid_t pid, sleeper = 0;
	char state;

	memset(s, 0, sizeof(*s));
	pid = fork();
	if (!pid) {
		struct sigaction sa = { .sa_handler = handler, .sa_flags = flags };

		sigaction(SIGUSR1, &sa, NULL);
		sa.sa_flags = 0;
		sigaction(SIGUSR2, &sa, NULL);
		memset(buf, 0, sizeof(buf));
		if (i == c_wait4 || i == c_waitid) {
			sleeper = fork();
			if (!sleeper) {
				prctl(PR_SET_PDEATHSIG, SIGKILL);
				pause();
			}
			s->word = sleeper;
		} else if (i != c_futex && i != c_futex_timeout) {
			s->word = getpid();
		}
		errno = 0;
		s->ret = call(i);
		s->err = errno;
		s->done = 1;
		_exit(0);
	}
	until(pid, 'S');
	usleep(2000);
	until(pid, 'S');
	kill(pid, sig);
	if (sig == SIGSTOP) {
		until(pid, 'T');
		kill(pid, SIGCONT);
	} else {
		for (int n = 0; n < 10000 && !s->handled; n++)
			usleep(500);
	}
	usleep(5000);
	until(pid, 'S');
	state = s->done;
	if (!state)
		complete(i);
	waitpid(pid, NULL, 0);
	if (i == c_open_fifo && fifo) {
		close(fifo);
		fifo = 0;
	}
	if (s->ret >= 0)
		return state && i != c_nanosleep && i != c_clock_nanosleep ? "early" : "goes on";
	return state ? errno_name(s->err) : "EINTR by the other signal";
}

int main(void)
{
	s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pipe(fds);
	pipe(full);
	fcntl(full[1], F_SETFL, O_NONBLOCK);
	while (write(full[1], buf, 4096) > 0)
		;
	fcntl(full[1], F_SETFL, 0);
	socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
	lsock = socket(AF_UNIX, SOCK_STREAM, 0);
	bind(lsock, (void *)&addr, sizeof(addr));
	listen(lsock, 5);
	mkfifo("fifo", 0600);
	lockfd = open("lock", O_RDWR | O_CREAT, 0600);
	ev = eventfd(0, 0);
	tfd = timerfd_create(CLOCK_MONOTONIC, 0);
	ep = epoll_create1(0);
	epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], &(struct epoll_event){ .events = EPOLLIN });
	msgid = msgget(IPC_PRIVATE, 0600);
	msgfull = msgget(IPC_PRIVATE, 0600);
	*(long *)buf = 1;
	while (!msgsnd(msgfull, buf, 8192, IPC_NOWAIT))
		;
	semid = semget(IPC_PRIVATE, 1, 0600);
	mq_unlink("/umk-restart");
	mq = mq_open("/umk-restart", O_RDWR | O_CREAT, 0600, &(struct mq_attr){ .mq_maxmsg = 1, .mq_msgsize = 16 });
	block_hup(SIG_BLOCK);
	sfd = signalfd(-1, (sigset_t[]){ { { 1u << (SIGHUP - 1) } } }, 0);
	for (int i = 0; i < c_count; i++) {
		const char *plain, *restart, *stop;
		char drain[16];

#define READY() do { flock(lockfd, LOCK_UN); fcntl(lockfd, F_SETLK, &(struct flock){ .l_type = F_UNLCK }); \
		if (i == c_flock) flock(lockfd, LOCK_EX); \
		if (i == c_fcntl_lock) fcntl(lockfd, F_SETLK, &(struct flock){ .l_type = F_WRLCK }); \
		fcntl(fds[0], F_SETFL, O_NONBLOCK); while (read(fds[0], drain, 16) > 0) ; fcntl(fds[0], F_SETFL, 0); \
		fcntl(full[1], F_SETFL, O_NONBLOCK); while (write(full[1], buf, 4096) > 0) ; fcntl(full[1], F_SETFL, 0); \
		*(long *)buf = 1; while (!msgsnd(msgfull, buf, 8192, IPC_NOWAIT)) ; \
	} while (0)
		READY();
		plain = try(i, SIGUSR1, 0);
		READY();
		restart = try(i, SIGUSR1, SA_RESTART);
		READY();
		stop = try(i, SIGSTOP, 0);
		printf("%-16s handler %s, SA_RESTART %s, stop %s\n", names[i], plain, restart, stop);
		fflush(stdout);
	}
	msgctl(msgid, IPC_RMID, NULL);
	msgctl(msgfull, IPC_RMID, NULL);
	semctl(semid, 0, IPC_RMID);
	mq_unlink("/umk-restart");
	return 0;
}
