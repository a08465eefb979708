/* SO_PASSPIDFD and SCM_PIDFD, SO_PEERPIDFD, SO_PASSRIGHTS: what receivers get, beside credentials and rights, with room or
 * without, from a sender that has ended, and what may not be sent. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include "show.h"

#define O_PASSPIDFD 76
#define O_PEERPIDFD 77
#define O_PASSRIGHTS 83
#define S_PIDFD 4

static pid_t child;

static long send_fd(int s, const char *text, int fd, int type)
{
	union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } u;
	struct iovec iov = { (char *)text, strlen(text) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &u, .msg_controllen = sizeof(u) };

	u.align = (struct cmsghdr){ CMSG_LEN(sizeof(int)), SOL_SOCKET, type };
	memcpy(CMSG_DATA(&u.align), &fd, sizeof(int));
	return sendmsg(s, &m, MSG_NOSIGNAL);
}

/* Whose process a pidfd is, by the number that its fdinfo shows. */
static void whose(int fd)
{
	char name[64], text[512] = "", *p;
	FILE *f;
	int pid = 0;
	struct pollfd pf = { fd, POLLIN, 0 };

	sprintf(name, "/proc/self/fdinfo/%d", fd);
	f = fopen(name, "r");
	if (f) {
		text[fread(text, 1, sizeof(text) - 1, f)] = 0;
		fclose(f);
	}
	p = strstr(text, "Pid:");
	if (p)
		pid = atoi(p + 4);
	poll(&pf, 1, 0);
	printf(" pidfd of %s%s%s%s", pid == getpid() ? "me" : pid == child ? "child" : pid == -1 ? "nobody" : "other",
		fcntl(fd, F_GETFD) & FD_CLOEXEC ? " cloexec" : "", pf.revents & POLLIN ? " ended" : "",
		pf.revents & POLLHUP ? " reaped" : "");
}

static void receive(int s, size_t room, int flags)
{
	union { char bytes[200]; struct cmsghdr align; } u;
	char text[64];
	struct iovec iov = { text, sizeof(text) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = room ? &u : NULL, .msg_controllen = room };
	ssize_t n = recvmsg(s, &m, flags | MSG_DONTWAIT);

	if (n < 0) {
		printf("recvmsg: %s\n", errno_name(errno));
		return;
	}
	printf("recvmsg room %zu: %zd '%.*s' flags %#x controllen %zu", room, n, (int)n, text, m.msg_flags, (size_t)m.msg_controllen);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		int v = -1;

		printf(" [%d len %zu", c->cmsg_type, (size_t)c->cmsg_len);
		if (c->cmsg_len >= CMSG_LEN(4))
			memcpy(&v, CMSG_DATA(c), 4);
		if (c->cmsg_type == S_PIDFD) {
			whose(v);
			close(v);
		} else if (c->cmsg_type == SCM_CREDENTIALS) {
			printf(" pid of %s", v == getpid() ? "me" : v == child ? "child" : v == 0 ? "nobody" : "other");
		} else {
			printf(" %s", fcntl(v, F_GETFD) < 0 ? "closed" : "open");
			close(v);
		}
		printf("]");
	}
	printf("\n");
	fflush(stdout);
}

static void set(int fd, int opt, int v)
{
	printf("set %d to %d: %s\n", opt, v, setsockopt(fd, SOL_SOCKET, opt, &v, sizeof(v)) ? errno_name(errno) : "ok");
}

static void child_writes(int s, const char *text, int reap)
{
	fflush(stdout);
	child = fork();
	if (!child)
		_exit(write(s, text, strlen(text)) < 0);
	if (reap)
		waitpid(child, NULL, 0);
	else
		waitid(P_PID, child, NULL, WEXITED | WNOWAIT);
}

static void pidfds(int type)
{
	int s[2], v;
	socklen_t len = sizeof(v);

	printf("== type %d\n", type);
	socketpair(AF_UNIX, type, 0, s);
	write(s[0], "early", 5);
	set(s[1], O_PASSPIDFD, 1);
	receive(s[1], 200, 0);
	write(s[0], "plain", 5);
	receive(s[1], 200, MSG_PEEK);
	receive(s[1], 200, 0);
	write(s[0], "none", 4);
	receive(s[1], 0, 0);
	write(s[0], "cut", 3);
	receive(s[1], CMSG_LEN(4) - 1, 0);
	write(s[0], "exact", 5);
	receive(s[1], CMSG_LEN(4), 0);
	send_fd(s[0], "rights", 0, SCM_RIGHTS);
	receive(s[1], 200, 0);
	send_fd(s[0], "rights, little room", 0, SCM_RIGHTS);
	receive(s[1], CMSG_SPACE(4) + 8, 0);
	set(s[1], SO_PASSCRED, 1);
	send_fd(s[0], "all", 0, SCM_RIGHTS);
	receive(s[1], 200, 0);
	set(s[1], SO_PASSCRED, 0);
	child_writes(s[0], "zombie", 0);
	receive(s[1], 200, 0);
	waitpid(child, NULL, 0);
	child_writes(s[0], "reaped", 1);
	receive(s[1], 200, 0);
	SHOW(send_fd(s[0], "x", 0, S_PIDFD));
	set(s[1], O_PASSPIDFD, 0);
	write(s[0], "off", 3);
	receive(s[1], 200, 0);
	SHOW_OK(getsockopt(s[0], SOL_SOCKET, O_PEERPIDFD, &v, &len));
	whose(v);
	printf("\n");
	close(v);
	/* SO_PASSRIGHTS */
	set(s[1], O_PASSRIGHTS, 0);
	SHOW(send_fd(s[0], "x", 0, SCM_RIGHTS));
	SHOW(write(s[0], "ok", 2));
	receive(s[1], 200, 0);
	SHOW(send_fd(s[1], "back", 0, SCM_RIGHTS));
	receive(s[0], 200, 0);
	set(s[1], O_PASSRIGHTS, 1);
	send_fd(s[0], "queued", 0, SCM_RIGHTS);
	set(s[1], O_PASSRIGHTS, 0);
	receive(s[1], 200, 0);
	close(s[0]);
	close(s[1]);
}

/* A server learns of a client that has gone. */
static void peer_gone(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int l = socket(AF_UNIX, SOCK_STREAM, 0), a, v = -1;
	socklen_t len = sizeof(un);

	bind(l, (void *)&un, sizeof(sa_family_t));
	getsockname(l, (void *)&un, &len);
	listen(l, 5);
	fflush(stdout);
	child = fork();
	if (!child) {
		int c = socket(AF_UNIX, SOCK_STREAM, 0);

		if (connect(c, (void *)&un, len))
			_exit(1);
		pause();
	}
	a = accept(l, NULL, NULL);
	len = sizeof(v);
	SHOW_OK(getsockopt(a, SOL_SOCKET, O_PEERPIDFD, &v, &len));
	whose(v);
	printf("\n");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	whose(v);
	printf("\n");
	SHOW_OK(getsockopt(a, SOL_SOCKET, O_PEERPIDFD, &v, &len));
	whose(v);
	printf("\n");
}

int main(void)
{
	pidfds(SOCK_STREAM);
	pidfds(SOCK_DGRAM);
	pidfds(SOCK_SEQPACKET);
	peer_gone();
	return 0;
}
