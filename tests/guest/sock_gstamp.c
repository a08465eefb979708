/* SIOCGSTAMP: what the last packet that was read leaves there, with and without messages that tell the time themselves. */
#include <arpa/inet.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "show.h"

static int a, b;

/* The packet's time, or now, when there was none; all differ by their microseconds. */
static struct timeval stamp(const char *what)
{
	struct timeval tv = { 0, 0 };

	if (ioctl(b, SIOCGSTAMP, &tv))
		printf("%s: %s\n", what, errno_name(errno));
	else
		printf("%s: %s\n", what, tv.tv_sec ? "a time" : "0");
	return tv;
}

static void pass(void)
{
	char control[256], byte;
	struct iovec v = { &byte, 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };

	nanosleep(&(struct timespec) { 0, 2000000 }, NULL);
	send(a, "x", 1, 0);
	SHOW(recvmsg(b, &m, 0));
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		printf("  message %d %d\n", c->cmsg_level, c->cmsg_type);
}

static void compare(const char *what, struct timeval x, struct timeval y)
{
	printf("%s: %s\n", what, timercmp(&x, &y, ==) ? "same" : timercmp(&x, &y, <) ? "later" : "earlier");
}

static void run(int option, int value)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(to);
	struct timeval first, second, third, fourth;
	int zero = 0;

	printf("option %d\n", option);
	a = socket(AF_INET, SOCK_DGRAM, 0);
	b = socket(AF_INET, SOCK_DGRAM, 0);
	SHOW(bind(b, (void *)&to, len));
	SHOW(getsockname(b, (void *)&to, &len));
	SHOW(connect(a, (void *)&to, len));
	stamp("nothing read");
	pass();
	first = stamp("one read");
	second = stamp("again");
	compare("asked twice", first, second);
	pass();
	third = stamp("two read");
	compare("next packet", second, third);
	SHOW(setsockopt(b, SOL_SOCKET, option, &value, sizeof(value)));
	pass();
	fourth = stamp("with the option");
	compare("with the option", third, fourth);
	SHOW(setsockopt(b, SOL_SOCKET, option, &zero, sizeof(zero)));
	pass();
	third = stamp("without it");
	compare("without it", fourth, third);
	close(a);
	close(b);
	if (value == SOF_TIMESTAMPING_SOFTWARE)
		return; /* whether a packet has a time then is any other socket's matter */
	/* first the option, then the question */
	to.sin_port = 0;
	a = socket(AF_INET, SOCK_DGRAM, 0);
	b = socket(AF_INET, SOCK_DGRAM, 0);
	SHOW(bind(b, (void *)&to, len));
	SHOW(getsockname(b, (void *)&to, &len));
	SHOW(connect(a, (void *)&to, len));
	SHOW(setsockopt(b, SOL_SOCKET, option, &value, sizeof(value)));
	pass();
	stamp("only with the option");
	close(a);
	close(b);
}

static void never_asked(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(to);
	struct timeval first, second;
	int l = socket(AF_INET, SOCK_STREAM, 0);

	SHOW(bind(l, (void *)&to, len));
	SHOW(listen(l, 1));
	SHOW(getsockname(l, (void *)&to, &len));
	a = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(connect(a, (void *)&to, len));
	b = accept(l, NULL, NULL);
	pass();
	stamp("a stream");
	pass();
	stamp("a stream again");
	close(a);
	close(b);
	close(l);
	to.sin_port = 0;
	a = socket(AF_INET, SOCK_DGRAM, 0);
	b = socket(AF_INET, SOCK_DGRAM, 0);
	SHOW(bind(b, (void *)&to, len));
	SHOW(getsockname(b, (void *)&to, &len));
	SHOW(connect(a, (void *)&to, len));
	pass();
	pass();
	first = stamp("two read before it is asked");
	nanosleep(&(struct timespec) { 0, 2000000 }, NULL);
	second = stamp("again");
	compare("again", first, second);
	close(a);
	close(b);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	run(SO_TIMESTAMP, 1);
	run(SO_TIMESTAMPNS, 1);
	run(SO_TIMESTAMPING, SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE);
	run(SO_TIMESTAMPING, SOF_TIMESTAMPING_SOFTWARE);
	run(SO_RXQ_OVFL, 1);
	never_asked();
	return 0;
}
