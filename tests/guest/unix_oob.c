/* Urgent data of stream sockets: the mark, inline or not, peeking, one byte after the other, poll, SIOCATMARK, SIGURG. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/sockios.h>
#include "show.h"

static int s[2];
static volatile int urgent;

static void on_urg(int sig)
{
	(void)sig;
	urgent++;
}

static void state(void)
{
	struct pollfd p = { s[1], POLLIN | POLLPRI | POLLRDHUP, 0 };
	int mark = -1, inq = -1;

	poll(&p, 1, 0);
	ioctl(s[1], SIOCATMARK, &mark);
	ioctl(s[1], SIOCINQ, &inq);
	printf("  mark %d inq %d%s%s%s%s urgent %d\n", mark, inq, p.revents & POLLIN ? " IN" : "", p.revents & POLLPRI ? " PRI" : "",
		p.revents & POLLRDHUP ? " RDHUP" : "", p.revents & POLLHUP ? " HUP" : "", urgent);
}

static void put(const char *text, int flags)
{
	long n = send(s[0], text, strlen(text), flags | MSG_DONTWAIT | MSG_NOSIGNAL);

	printf("send '%s'%s: %ld\n", text, flags & MSG_OOB ? " OOB" : "", n < 0 ? -errno : n);
	state();
}

static void get(size_t size, int flags)
{
	char buf[64] = "";
	struct iovec iov = { buf, size };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	long n = recvmsg(s[1], &m, flags | MSG_DONTWAIT);

	printf("recv %zu%s%s: ", size, flags & MSG_OOB ? " OOB" : "", flags & MSG_PEEK ? " PEEK" : "");
	if (n < 0)
		printf("%s\n", errno_name(errno));
	else
		printf("%ld '%.*s' flags %#x\n", n, (int)n, buf, m.msg_flags);
	state();
}

static void begin(const char *what, int oobinline)
{
	printf("== %s%s\n", what, oobinline ? ", inline" : "");
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	setsockopt(s[1], SOL_SOCKET, SO_OOBINLINE, &oobinline, sizeof(oobinline));
	fcntl(s[1], F_SETOWN, getpid());
	urgent = 0;
}

static void end(void)
{
	char buf[8];
	long n;

	close(s[1]);
	n = recv(s[0], buf, 8, MSG_DONTWAIT);
	printf("other end after close: %s\n", n < 0 ? errno_name(errno) : "end");
	close(s[0]);
}

static void sequences(int in)
{
	begin("mark stops a read", in);
	get(1, MSG_OOB);
	put("hello", MSG_OOB);
	get(64, 0);
	get(64, 0);
	get(1, MSG_OOB);
	end();
	begin("urgent byte first", in);
	put("ab", MSG_OOB);
	get(1, MSG_OOB | MSG_PEEK);
	get(1, MSG_OOB);
	get(1, MSG_OOB);
	get(64, 0);
	end();
	begin("urgent byte in the middle", in);
	put("abc", MSG_OOB);
	put("def", 0);
	get(64, MSG_PEEK);
	get(2, 0);
	get(64, MSG_PEEK);
	get(64, 0);
	get(64, 0);
	end();
	begin("taken, then read over", in);
	put("abc", MSG_OOB);
	put("def", 0);
	get(8, MSG_OOB);
	get(64, MSG_PEEK);
	get(64, 0);
	get(64, 0);
	get(64, 0);
	end();
	begin("two urgent bytes", in);
	put("x", MSG_OOB);
	put("y", MSG_OOB);
	get(64, 0);
	get(1, MSG_OOB);
	get(64, 0);
	end();
	begin("two urgent bytes, each taken", in);
	put("x", MSG_OOB);
	get(1, MSG_OOB);
	put("y", MSG_OOB);
	get(1, MSG_OOB);
	put("z", MSG_OOB);
	get(1, MSG_OOB);
	put("rest", 0);
	get(64, 0);
	end();
	begin("taken and closed", in);
	put("x", MSG_OOB);
	get(1, MSG_OOB);
	end();
	begin("taken twice and closed", in);
	put("x", MSG_OOB);
	get(1, MSG_OOB);
	put("y", MSG_OOB);
	get(1, MSG_OOB);
	end();
	begin("left and closed", in);
	put("x", MSG_OOB);
	end();
	begin("a newer mark", in);
	put("ab", MSG_OOB);
	put("cd", MSG_OOB);
	put("ef", 0);
	get(64, MSG_PEEK);
	get(64, 0);
	get(64, 0);
	get(64, 0);
	end();
	begin("partial reads", in);
	put("abcd", MSG_OOB);
	put("ef", 0);
	get(1, 0);
	get(1, MSG_OOB);
	get(1, 0);
	get(1, 0);
	get(1, 0);
	get(64, 0);
	get(64, 0);
	end();
	begin("peek at the mark", in);
	put("a", MSG_OOB);
	get(64, MSG_PEEK);
	put("b", 0);
	get(64, MSG_PEEK);
	get(64, MSG_PEEK | MSG_OOB);
	get(64, 0);
	end();
}

int main(void)
{
	int dgram[2];
	char c;

	signal(SIGURG, on_urg);
	sequences(0);
	sequences(1);
	begin("odd calls", 0);
	put("", MSG_OOB);
	put("a", MSG_OOB);
	get(0, MSG_OOB | MSG_PEEK);
	get(0, MSG_OOB);
	get(1, MSG_OOB);
	shutdown(s[0], SHUT_WR);
	put("a", MSG_OOB);
	end();
	begin("switched while queued", 0);
	put("ab", MSG_OOB);
	setsockopt(s[1], SOL_SOCKET, SO_OOBINLINE, &(int){ 1 }, sizeof(int));
	get(1, MSG_OOB);
	get(64, 0);
	get(64, 0);
	end();
	begin("end of file behind the mark", 0);
	put("ab", MSG_OOB);
	shutdown(s[0], SHUT_WR);
	state();
	get(64, 0);
	get(64, 0);
	end();
	for (int i = 0; i < 2; i++) {
		socketpair(AF_UNIX, i ? SOCK_SEQPACKET : SOCK_DGRAM, 0, dgram);
		SHOW(send(dgram[0], "x", 1, MSG_OOB));
		SHOW(recv(dgram[1], &c, 1, MSG_OOB | MSG_DONTWAIT));
		SHOW(ioctl(dgram[0], SIOCATMARK, &urgent));
	}
	return 0;
}
