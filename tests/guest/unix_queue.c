/* Queues of AF_UNIX: datagrams to a full peer, poll and select of its senders, send buffers, SIOCOUTQ, SO_SNDTIMEO, SO_RCVTIMEO,
 * backlog and connect that waits or does not, interrupted calls. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <linux/sockios.h>
#include "show.h"

static struct sockaddr_un un;
static socklen_t un_len;

static int bound(int type)
{
	int s = socket(AF_UNIX, type, 0);

	memset(&un, 0, sizeof(un));
	un.sun_family = AF_UNIX;
	bind(s, (void *)&un, sizeof(sa_family_t));
	un_len = sizeof(un);
	getsockname(s, (void *)&un, &un_len);
	return s;
}

static int events(int fd)
{
	struct pollfd p = { fd, POLLIN | POLLOUT, 0 };

	poll(&p, 1, 0);
	return p.revents;
}

static void timeo(int fd, int name, int ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	setsockopt(fd, SOL_SOCKET, name, &tv, sizeof(tv));
}

static void nothing(int sig) { (void)sig; }

static void alarm_in(int ms, int restart)
{
	struct sigaction sa = { .sa_handler = nothing, .sa_flags = restart ? SA_RESTART : 0 };
	struct itimerval it = { { 0, 0 }, { ms / 1000, ms % 1000 * 1000 } };

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
}

static void datagrams(void)
{
	int to = bound(SOCK_DGRAM), a = socket(AF_UNIX, SOCK_DGRAM, 0), b = socket(AF_UNIX, SOCK_DGRAM, 0), n;
	char buf[8];

	printf("== datagrams\n");
	connect(a, (void *)&un, un_len);
	for (n = 0; send(a, "x", 1, MSG_DONTWAIT) == 1; n++)
		;
	printf("%d sent, %s, events %#x, unconnected sender's %#x\n", n, errno_name(errno), events(a), events(b));
	SHOW(sendto(b, "x", 1, MSG_DONTWAIT, (void *)&un, un_len));
	timeo(b, SO_SNDTIMEO, 20);
	SHOW(sendto(b, "x", 1, 0, (void *)&un, un_len));
	alarm_in(30, 0);
	SHOW(send(a, "x", 1, 0));
	timeo(a, SO_SNDTIMEO, 5000);
	alarm_in(30, 1);
	SHOW(send(a, "x", 1, 0));
	timeo(a, SO_SNDTIMEO, 0);
	fflush(stdout);
	if (!fork()) {
		usleep(30000);
		_exit(recv(to, buf, 8, 0) != 1);
	}
	SHOW(send(a, "waits", 5, 0));
	wait(NULL);
	for (n = 0; recv(to, buf, 8, MSG_DONTWAIT) > 0; n++)
		;
	printf("%d received, events %#x\n", n, events(a));
	close(to);
	printf("receiver closed: events %#x\n", events(a));
	SHOW(send(a, "x", 1, 0));
	SHOW(send(a, "x", 1, 0));
	close(a);
	close(b);
}

static void streams(void)
{
	int s[2], n, q, v = 4608;
	char buf[16384];

	printf("== streams\n");
	memset(buf, 'x', sizeof(buf));
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	setsockopt(s[0], SOL_SOCKET, SO_SNDBUF, &v, sizeof(v));
	for (n = 0; (v = send(s[0], buf, 1000, MSG_DONTWAIT)) > 0; n += v)
		;
	ioctl(s[0], SIOCOUTQ, &q);
	printf("%d sent, %s, out %d, events %#x\n", n, errno_name(errno), q, events(s[0]));
	timeo(s[0], SO_SNDTIMEO, 20);
	SHOW(send(s[0], buf, 10, 0));
	alarm_in(20, 0);
	timeo(s[0], SO_SNDTIMEO, 0);
	SHOW(send(s[0], buf, 10, 0));
	recv(s[1], buf, 1000, 0);
	printf("after a read: events %#x\n", events(s[0]));
	while (recv(s[1], buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
	ioctl(s[0], SIOCOUTQ, &q);
	printf("drained: out %d, events %#x\n", q, events(s[0]));
	v = sizeof(buf);
	fcntl(s[0], F_SETFL, O_NONBLOCK);
	n = send(s[0], buf, sizeof(buf), 0);
	printf("partly %d\n", n > 0 && n < v);
	timeo(s[1], SO_RCVTIMEO, 20);
	while (recv(s[1], buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
	SHOW(recv(s[1], buf, 10, 0));
	send(s[0], "abc", 3, 0);
	SHOW(recv(s[1], buf, 10, MSG_WAITALL));
	alarm_in(20, 0);
	timeo(s[1], SO_RCVTIMEO, 0);
	SHOW(recv(s[1], buf, 10, 0));
	v = 5;
	setsockopt(s[1], SOL_SOCKET, SO_RCVLOWAT, &v, sizeof(v));
	send(s[0], "abc", 3, 0);
	printf("below the mark: events %#x\n", events(s[1]));
	SHOW(recv(s[1], buf, 10, MSG_DONTWAIT));
	close(s[0]);
	close(s[1]);
}

static void backlog(int type)
{
	int l = bound(type), c[8], n, v;

	printf("== backlog of type %d\n", type);
	listen(l, 2);
	for (n = 0; n < 8; n++) {
		c[n] = socket(AF_UNIX, type | SOCK_NONBLOCK, 0);
		if (connect(c[n], (void *)&un, un_len))
			break;
	}
	printf("%d connected, then %s, events %#x\n", n, errno_name(errno), events(c[n]));
	fcntl(c[n], F_SETFL, 0);
	timeo(c[n], SO_SNDTIMEO, 20);
	SHOW(connect(c[n], (void *)&un, un_len));
	timeo(c[n], SO_SNDTIMEO, 0);
	alarm_in(20, 0);
	SHOW(connect(c[n], (void *)&un, un_len));
	fflush(stdout);
	if (!fork()) {
		usleep(30000);
		_exit(accept(l, NULL, NULL) < 0);
	}
	SHOW(connect(c[n], (void *)&un, un_len));
	wait(NULL);
	listen(l, 5);
	v = socket(AF_UNIX, type | SOCK_NONBLOCK, 0);
	SHOW(connect(v, (void *)&un, un_len));
	SHOW(shutdown(l, SHUT_RD));
	SHOW(connect(socket(AF_UNIX, type, 0), (void *)&un, un_len));
	close(l);
	SHOW(send(c[0], "x", 1, MSG_NOSIGNAL));
	SHOW(recv(c[1], &v, 1, 0));
}

int main(void)
{
	datagrams();
	streams();
	backlog(SOCK_STREAM);
	backlog(SOCK_SEQPACKET);
	return 0;
}
