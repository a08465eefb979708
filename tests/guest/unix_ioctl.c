/* ioctls of AF_UNIX sockets in every state: SIOCINQ, SIOCOUTQ, SIOCATMARK, and those it does not have. */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <linux/sockios.h>
#include "show.h"

static int number(int fd, unsigned long cmd)
{
	int n = -9;

	return ioctl(fd, cmd, &n) ? -errno : n;
}

int main(void)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };

	for (int t = 0; t < 3; t++) {
		struct sockaddr_un un = { .sun_family = AF_UNIX };
		int s[2], b = socket(AF_UNIX, types[t], 0), u = socket(AF_UNIX, types[t], 0), fd = 0;
		struct timeval a;

		printf("== type %d\n", types[t]);
		sprintf(un.sun_path, "sock%d", t);
		bind(b, (void *)&un, sizeof(un));
		if (types[t] != SOCK_DGRAM)
			listen(b, 1);
		socketpair(AF_UNIX, types[t], 0, s);
		send(s[0], "abc", 3, 0);
		send(s[0], "de", 2, 0);
		printf("in %d, fresh %d, listening %d\n", number(s[1], SIOCINQ), number(u, SIOCINQ), number(b, SIOCINQ));
		printf("out %d of %d, fresh %d, listening %d\n", number(s[0], SIOCOUTQ) > 0, number(s[1], SIOCOUTQ), number(u, SIOCOUTQ),
			number(b, SIOCOUTQ));
		printf("mark %d %d %d\n", number(s[1], SIOCATMARK), number(u, SIOCATMARK), number(b, SIOCATMARK));
		SHOW(ioctl(s[0], SIOCINQ, BAD_PTR));
		SHOW(ioctl(s[0], SIOCOUTQ, BAD_PTR));
		SHOW(ioctl(s[0], SIOCOUTQNSD, &fd));
		SHOW(ioctl(s[0], SIOCGSTAMP, &a));
		SHOW(ioctl(s[0], SIOCPROTOPRIVATE + 1, &fd));
		SHOW(ioctl(s[0], 0xdeadbeef, &fd));
		close(s[1]);
		printf("peer closed: in %d out %d\n", number(s[0], SIOCINQ), number(s[0], SIOCOUTQ));
	}
	return 0;
}
