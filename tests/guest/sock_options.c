/* SOL_SOCKET options of AF_UNIX sockets. */
#include <sys/socket.h>
#include <sys/time.h>
#include "show.h"

static void get(int fd, const char *name, int opt)
{
	int v = -1;
	socklen_t len = sizeof(v);
	int r = getsockopt(fd, SOL_SOCKET, opt, &v, &len);

	if (r)
		printf("get %s: %s\n", name, errno_name(errno));
	else
		printf("get %s: %d (%d bytes)\n", name, v, len);
}
#define GET(opt) get(fd, #opt, opt)
static void set(int fd, const char *name, int opt, int v)
{
	int r = setsockopt(fd, SOL_SOCKET, opt, &v, sizeof(v));

	printf("set %s %d: %s\n", name, v, r ? errno_name(errno) : "ok");
	get(fd, name, opt);
}
#define SET(opt, v) set(fd, #opt, opt, v)

int main(void)
{
	int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
	struct timeval tv = { 1, 999000 };
	struct linger l = { 1, 7 };
	struct ucred uc;
	socklen_t len;
	int s[2], fd;

	for (int i = 0; i < 3; i++) {
		socketpair(AF_UNIX, types[i], 0, s);
		fd = s[0];
		GET(SO_TYPE);
		GET(SO_DOMAIN);
		GET(SO_PROTOCOL);
		GET(SO_ERROR);
		GET(SO_ACCEPTCONN);
		GET(SO_SNDBUF);
		GET(SO_RCVBUF);
		GET(SO_SNDLOWAT);
		SET(SO_SNDBUF, 10000);
		SET(SO_SNDBUF, 1);
		SET(SO_RCVBUF, 10000);
		SET(SO_RCVBUF, 1);
		SET(SO_RCVLOWAT, 5);
		SET(SO_RCVLOWAT, 0);
		SET(SO_RCVLOWAT, -1);
		SET(SO_REUSEADDR, 5);
		SET(SO_KEEPALIVE, 1);
		SET(SO_BROADCAST, 1);
		SET(SO_OOBINLINE, 1);
		SET(SO_DONTROUTE, 1);
		SET(SO_PASSCRED, 1);
		SET(SO_PASSCRED, 0);
		SET(SO_PRIORITY, 3);
		SET(SO_PEEK_OFF, 9);
		SET(SO_PEEK_OFF, -1);
		len = sizeof(uc);
		SHOW(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &uc, &len));
		printf("peer: me %d uid %d gid %d len %d\n", uc.pid == getpid(), uc.uid == getuid(), uc.gid == getgid(), len);
		close(s[0]);
		close(s[1]);
	}
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	len = sizeof(uc);
	SHOW(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &uc, &len));
	printf("nobody: %d %d %d\n", uc.pid, uc.uid, uc.gid);
	SHOW(setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l)));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, 4));
	len = 6;
	l.l_linger = 0;
	SHOW(getsockopt(fd, SOL_SOCKET, SO_LINGER, &l, &len));
	printf("linger %d %d len %d\n", l.l_onoff, l.l_linger, len);
	SHOW(getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, &(socklen_t){ sizeof(tv) }));
	printf("timeo %ld %ld\n", (long)tv.tv_sec, (long)tv.tv_usec);
	tv = (struct timeval){ 2, 500000 };
	SHOW(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, 8));
	tv.tv_usec = 1000000;
	SHOW(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	SHOW(getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, &(socklen_t){ sizeof(tv) }));
	printf("timeo %ld %ld\n", (long)tv.tv_sec, (long)tv.tv_usec);
	return 0;
}
