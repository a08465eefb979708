/* mq_notify with SIGEV_THREAD: the kernel's side, a cookie that comes through a netlink socket, and the C library's thread. */
/* musl */
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <linux/netlink.h>
#include "show.h"

#define COOKIE 32
static mqd_t q;

static long notify(mqd_t mq, int sock, const void *cookie)
{
	struct sigevent ev = { .sigev_notify = SIGEV_THREAD, .sigev_signo = sock, .sigev_value.sival_ptr = (void *)cookie };

	return syscall(SYS_mq_notify, mq, &ev);
}

/* What is in the socket: the code, if it is a cookie filled with @c. */
static void show_cookie(int sock, char c)
{
	char buf[64], want[COOKIE];
	struct sockaddr_nl from = { 0 };
	socklen_t len = sizeof(from);
	ssize_t n = recvfrom(sock, buf, sizeof(buf), MSG_DONTWAIT, (void *)&from, &len);

	memset(want, c, COOKIE);
	if (n != COOKIE)
		printf("nothing: %zd %s\n", n, n < 0 ? errno_name(errno) : "");
	else
		printf("cookie %c %s code %d from %u groups %u\n", c, memcmp(buf, want, COOKIE - 1) ? "changed" : "is whole", buf[COOKIE - 1],
			from.nl_pid, from.nl_groups);
}

static void show_queue(void)
{
	char text[100] = "";
	int size, type, signo;

	lseek(q, 0, SEEK_SET);
	read(q, text, sizeof(text) - 1);
	if (sscanf(text, "QSIZE:%d NOTIFY:%d SIGNO:%d", &size, &type, &signo) == 3)
		printf("size %d notify %d signo %d\n", size, type, signo);
}

static void refusals(int sock, const char *cookie)
{
	struct sigevent ev = { .sigev_notify = 99 };

	SHOW(syscall(SYS_mq_notify, q, &ev));
	SHOW(syscall(SYS_mq_notify, q, BAD_PTR));
	SHOW(notify(q, sock, BAD_PTR));
	SHOW(notify(q, -1, BAD_PTR));
	SHOW(notify(q, -1, cookie));
	SHOW(notify(q, 99, cookie));
	SHOW(notify(-1, -1, cookie));
	SHOW(notify(q, q, cookie));
	SHOW(notify(q, socket(AF_UNIX, SOCK_DGRAM, 0), cookie));
	SHOW(notify(q, open("/dev/null", O_RDONLY), cookie));
	SHOW(notify(-1, sock, cookie));
	SHOW(notify(sock, sock, cookie));
	ev.sigev_notify = SIGEV_SIGNAL;
	ev.sigev_signo = 65;
	SHOW(syscall(SYS_mq_notify, q, &ev));
	show_cookie(sock, 'a');
}

static void kernel_side(int sock)
{
	char a[COOKIE], b[COOKIE], buf[64];
	struct pollfd p = { sock, POLLIN, 0 };
	mqd_t again;
	int status;

	memset(a, 'a', COOKIE);
	memset(b, 'b', COOKIE);
	refusals(sock, a);
	SHOW(notify(q, sock, a));
	SHOW(notify(q, sock, b));
	show_queue();
	show_cookie(sock, 'a');
	memset(a, 0, COOKIE); /* it has been copied */
	SHOW(mq_send(q, "message", 7, 0));
	SHOW(poll(&p, 1, 0));
	show_cookie(sock, 'a');
	show_queue();
	/* not empty: nothing comes */
	SHOW(notify(q, sock, b));
	SHOW(mq_send(q, "message", 7, 0));
	show_cookie(sock, 'b');
	SHOW(mq_receive(q, buf, sizeof(buf), NULL));
	SHOW(mq_receive(q, buf, sizeof(buf), NULL));
	/* taken back, by the call and by closing any of the process's descriptors */
	SHOW(mq_notify(q, NULL));
	show_cookie(sock, 'b');
	SHOW(mq_notify(q, NULL));
	show_cookie(sock, 'b');
	SHOW(notify(q, sock, b));
	again = mq_open("/umk-mq-thread", O_RDWR);
	SHOW(mq_close(again));
	show_cookie(sock, 'b');
	/* another process: its message, its closing, and its own wish */
	SHOW(notify(q, sock, b));
	fflush(stdout);
	if (!fork()) {
		SHOW(notify(q, sock, b));
		SHOW(mq_notify(q, NULL));
		SHOW(mq_close(q));
		fflush(stdout);
		_exit(0);
	}
	wait(&status);
	show_cookie(sock, 'b');
	if (!fork())
		_exit(mq_send(q, "message", 7, 0));
	wait(&status);
	show_cookie(sock, 'b');
	SHOW(mq_receive(q, buf, sizeof(buf), NULL));
	fflush(stdout);
	if (!fork()) {
		SHOW(notify(q, sock, b));
		fflush(stdout);
		_exit(0);
	}
	wait(&status);
	show_cookie(sock, 'b');
	show_queue();
	/* the socket is gone before the message comes */
	SHOW(notify(q, sock, b));
	SHOW(close(sock));
	SHOW(mq_send(q, "message", 7, 0));
	SHOW(mq_receive(q, buf, sizeof(buf), NULL));
}

static sem_t go, done;

static void in_thread(union sigval v)
{
	char buf[64];
	ssize_t n = mq_receive(q, buf, sizeof(buf), NULL);

	while (sem_wait(&go))
		;
	printf("thread: value %d, message '%.*s'\n", v.sival_int, (int)n, buf);
	sem_post(&done);
}

static void library(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = in_thread, .sigev_value.sival_int = 42 };

	sem_init(&go, 0, 0);
	sem_init(&done, 0, 0);
	for (int i = 0; i < 3; i++) {
		ev.sigev_value.sival_int = 42 + i;
		SHOW(mq_notify(q, &ev));
		SHOW(mq_send(q, "hello thread", 12, 0));
		sem_post(&go);
		while (sem_wait(&done))
			;
	}
	SHOW(mq_notify(q, &ev));
	SHOW(mq_notify(q, NULL));
	SHOW(mq_send(q, "nobody", 6, 0));
	SHOW(sem_trywait(&done));
}

int main(void)
{
	struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = 32 };

	mq_unlink("/umk-mq-thread");
	q = mq_open("/umk-mq-thread", O_CREAT | O_EXCL | O_RDWR | O_NONBLOCK, 0600, &attr);
	SHOW(q >= 0);
	kernel_side(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0));
	library();
	SHOW(mq_unlink("/umk-mq-thread"));
	return 0;
}
