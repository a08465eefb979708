/* SO_PASSCRED, SO_PASSPIDFD, SO_PASSRIGHTS, SO_PASSSEC, SO_INQ and the SO_PEER* options: who has them, what they take, and
 * what an accepted socket gets from its listener. */
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "show.h"

#define O_PASSSEC 34
#define O_PEERSEC 31
#define O_PEERGROUPS 59
#define O_PASSPIDFD 76
#define O_PEERPIDFD 77
#define O_PASSRIGHTS 83
#define O_INQ 84

static const struct { const char *name; int opt; } opts[] = {
	{ "SO_PASSCRED", SO_PASSCRED }, { "SO_PASSPIDFD", O_PASSPIDFD }, { "SO_PASSRIGHTS", O_PASSRIGHTS },
	{ "SO_PASSSEC", O_PASSSEC }, { "SO_INQ", O_INQ },
};

static void each(const char *what, int fd)
{
	for (unsigned i = 0; i < sizeof(opts) / sizeof(opts[0]); i++) {
		int vals[] = { 1, 2, 0, -1, 1 }, v = -7;
		socklen_t len = sizeof(v);

		printf("%s %s:", what, opts[i].name);
		printf(" first %s", getsockopt(fd, SOL_SOCKET, opts[i].opt, &v, &len) ? errno_name(errno) : "ok");
		printf(" %d;", v);
		for (unsigned j = 0; j < 5; j++) {
			int r = setsockopt(fd, SOL_SOCKET, opts[i].opt, &vals[j], sizeof(int));

			printf(" set %d %s", vals[j], r ? errno_name(errno) : "ok");
			v = -7;
			printf(" get %s", getsockopt(fd, SOL_SOCKET, opts[i].opt, &v, &len) ? errno_name(errno) : "ok");
			printf(" %d;", v);
		}
		printf(" short %s\n", setsockopt(fd, SOL_SOCKET, opts[i].opt, &v, 3) ? errno_name(errno) : "ok");
	}
}

static void flags_of(const char *what, int fd)
{
	printf("%s:", what);
	for (unsigned i = 0; i < sizeof(opts) / sizeof(opts[0]); i++) {
		int v = -7;
		socklen_t len = sizeof(v);
		int r = getsockopt(fd, SOL_SOCKET, opts[i].opt, &v, &len);

		printf(" %s %s %d", opts[i].name, r ? errno_name(errno) : "ok", v);
	}
	printf("\n");
}

static void set(int fd, int opt, int v)
{
	setsockopt(fd, SOL_SOCKET, opt, &v, sizeof(v));
}

/* Whose pid comes with what was sent before accept. */
static void early(int type)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int l = socket(AF_UNIX, type, 0), c = socket(AF_UNIX, type, 0), a, one = 1;
	union { char bytes[64]; struct cmsghdr align; } u;
	char buf[8];
	struct iovec iov = { buf, 8 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &u, .msg_controllen = sizeof(u) };
	struct ucred uc;
	socklen_t len = sizeof(un);

	bind(l, (void *)&un, sizeof(sa_family_t));
	getsockname(l, (void *)&un, &len);
	listen(l, 5);
	connect(c, (void *)&un, len);
	write(c, "early", 5);
	a = accept(l, NULL, NULL);
	setsockopt(a, SOL_SOCKET, SO_PASSCRED, &one, sizeof(one));
	SHOW(recvmsg(a, &m, 0));
	memcpy(&uc, CMSG_DATA(&u.align), sizeof(uc));
	printf("sent before accept: pid %s\n", uc.pid == getpid() ? "mine" : uc.pid ? "other" : "0");
	setsockopt(a, SOL_SOCKET, SO_PASSCRED, &(int){ 0 }, sizeof(int));
	write(c, "x", 1);
	setsockopt(a, SOL_SOCKET, O_PASSPIDFD, &one, sizeof(one));
	m.msg_control = NULL;
	SHOW(recvmsg(a, &m, 0));
	printf("pidfd unknown, no room: flags %#x\n", m.msg_flags);
	setsockopt(a, SOL_SOCKET, O_PASSPIDFD, &(int){ 0 }, sizeof(int));
	setsockopt(a, SOL_SOCKET, O_PASSSEC, &one, sizeof(one));
	write(c, "x", 1);
	SHOW(recvmsg(a, &m, 0));
	printf("security, no room: flags %#x\n", m.msg_flags);
	m.msg_control = &u;
	m.msg_controllen = sizeof(u);
	write(c, "x", 1);
	SHOW(recvmsg(a, &m, 0));
	printf("security, room: flags %#x len %zu\n", m.msg_flags, (size_t)m.msg_controllen);
}

static void inherit(int type)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int l = socket(AF_UNIX, type, 0), c1 = socket(AF_UNIX, type, 0), c2 = socket(AF_UNIX, type, 0);
	socklen_t len = sizeof(un);

	bind(l, (void *)&un, sizeof(sa_family_t));
	getsockname(l, (void *)&un, &len);
	listen(l, 5);
	set(l, SO_PASSCRED, 1);
	set(l, O_PASSRIGHTS, 0);
	set(l, O_INQ, 1);
	SHOW(connect(c1, (void *)&un, len));
	set(l, SO_PASSCRED, 0);
	set(l, O_PASSRIGHTS, 1);
	set(l, O_PASSPIDFD, 1);
	SHOW(connect(c2, (void *)&un, len));
	flags_of("client", c1);
	flags_of("accepted first", accept(l, NULL, NULL));
	flags_of("accepted second", accept(l, NULL, NULL));
}

/* SO_PEERGROUPS, SO_PEERSEC, SO_PEERPIDFD. */
static void peers(const char *what, int fd)
{
	char buf[64];
	unsigned g[64];
	int v = -7;
	struct ucred uc;
	socklen_t len = sizeof(g);

	printf("== %s\n", what);
	SHOW(getsockopt(fd, SOL_SOCKET, O_PEERGROUPS, g, &len));
	printf("groups are what getgroups says: %d\n", (int)(len / 4) == getgroups(0, NULL));
	len = sizeof(buf);
	SHOW(getsockopt(fd, SOL_SOCKET, O_PEERSEC, buf, &len));
	len = sizeof(v);
	SHOW_OK(getsockopt(fd, SOL_SOCKET, O_PEERPIDFD, &v, &len));
	printf("a descriptor: %d, len %d\n", v > 2, (int)len);
	len = 100;
	SHOW_OK(getsockopt(fd, SOL_SOCKET, O_PEERPIDFD, g, &len));
	printf("len %d\n", (int)len);
	len = 2;
	SHOW_OK(getsockopt(fd, SOL_SOCKET, O_PEERPIDFD, g, &len));
	printf("len %d\n", (int)len);
	len = 4;
	SHOW(getsockopt(fd, SOL_SOCKET, O_PEERPIDFD, BAD_PTR, &len));
	SHOW(setsockopt(fd, SOL_SOCKET, O_PEERPIDFD, &v, sizeof(v)));
	SHOW(setsockopt(fd, SOL_SOCKET, O_PEERGROUPS, &v, sizeof(v)));
	SHOW(setsockopt(fd, SOL_SOCKET, O_PEERSEC, &v, sizeof(v)));
	len = sizeof(uc);
	SHOW(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &uc, &len));
	printf("pid is mine %d, uid %d, gid %d\n", uc.pid == getpid(), (int)uc.uid, (int)uc.gid);
}

int main(void)
{
	int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET }, s[2];

	if (!getuid() && (setgid(77) || setuid(77)))
		return 1;
	for (int i = 0; i < 3; i++) {
		char what[20];

		sprintf(what, "unix type %d", types[i]);
		each(what, socket(AF_UNIX, types[i], 0));
		socketpair(AF_UNIX, types[i], 0, s);
		peers(what, s[0]);
		peers("nobody", socket(AF_UNIX, types[i], 0));
	}
	each("tcp", socket(AF_INET, SOCK_STREAM, 0));
	each("udp6", socket(AF_INET6, SOCK_DGRAM, 0));
	peers("tcp", socket(AF_INET, SOCK_STREAM, 0));
	inherit(SOCK_STREAM);
	inherit(SOCK_SEQPACKET);
	early(SOCK_STREAM);
	early(SOCK_SEQPACKET);
	return 0;
}
