/* Sockets of the host's AF_UNIX for guests that talk to host programs (--host-unix). Decides how a path is named to the host
 * and how a message goes to and from it; which paths those are, and who waits, is the kernel's. Nothing here blocks but
 * hostsock_send() and hostsock_connect(), which helpers call. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "um.h"

static long check(long ret)
{
	return ret < 0 ? -errno : ret;
}

int host_sock_open(int type)
{
	return (int)check(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
}

/* The name under which other programs find @name in the directory @dirfd: its path, if that fits a sockaddr_un, because they
 * are told it; otherwise one that works in this process. The address's length, or -errno. */
static int name_in_dir(int dirfd, const char *name, struct sockaddr_un *un)
{
	char link[32];
	ssize_t len;

	memset(un, 0, sizeof(*un));
	un->sun_family = AF_UNIX;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", dirfd);
	len = readlink(link, un->sun_path, sizeof(un->sun_path));
	if (len < 0)
		return -errno;
	if ((size_t)len + 1 + strlen(name) < sizeof(un->sun_path)) {
		un->sun_path[len] = '/';
		strcpy(un->sun_path + len + 1, name);
	} else if (strlen(link) + 1 + strlen(name) < sizeof(un->sun_path)) {
		strcpy(un->sun_path, link);
		strcat(un->sun_path, "/");
		strcat(un->sun_path, name);
	} else {
		return -ENAMETOOLONG;
	}
	return (int)sizeof(*un);
}

int host_sock_bind(int fd, int dirfd, const char *name, u32 mode)
{
	struct sockaddr_un un;
	int len = name_in_dir(dirfd, name, &un);

	if (len < 0)
		return len;
	/* bind(2) gives the name the mode of the socket itself */
	if (fchmod(fd, mode & 0777))
		return -errno;
	len = (int)offsetof(struct sockaddr_un, sun_path) + (int)strlen(un.sun_path) + 1;
	return (int)check(bind(fd, (struct sockaddr *)&un, (socklen_t)len));
}

int host_sock_listen(int fd, int backlog)
{
	if (fcntl(fd, F_SETFL, O_NONBLOCK))
		return -errno;
	return (int)check(listen(fd, backlog));
}

int host_sock_accept(int fd)
{
	return (int)check(accept4(fd, NULL, NULL, SOCK_CLOEXEC));
}

int host_sock_shutdown(int fd, int how)
{
	return (int)check(shutdown(fd, how));
}

int host_sock_name(int fd, bool peer, void *name)
{
	socklen_t len = sizeof(struct sockaddr_un);
	int err = peer ? getpeername(fd, name, &len) : getsockname(fd, name, &len);

	return err ? -errno : (int)min(len, sizeof(struct sockaddr_un));
}

int host_sock_getopt(int fd, int name, void *val, u32 *len)
{
	return (int)check(getsockopt(fd, SOL_SOCKET, name, val, len));
}

int host_sock_setopt(int fd, int name, int val)
{
	return (int)check(setsockopt(fd, SOL_SOCKET, name, &val, sizeof(val)));
}

void host_sock_sndtimeo(int fd, u64 ns)
{
	struct timeval tv = { 0, 0 }; /* for ever */

	if (ns != ~0ull)
		tv = (struct timeval){ (time_t)(ns / 1000000000u), (suseconds_t)(ns % 1000000000u / 1000) };
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
}

/* The address of the socket behind an O_PATH descriptor. */
static socklen_t name_of_fd(int fd, struct sockaddr_un *un)
{
	memset(un, 0, sizeof(*un));
	un->sun_family = AF_UNIX;
	snprintf(un->sun_path, sizeof(un->sun_path), "/proc/self/fd/%d", fd);
	return sizeof(*un);
}

long hostsock_connect(int fd, int to, bool wait)
{
	struct sockaddr_un un = { .sun_family = AF_UNSPEC };
	socklen_t len = to < 0 ? sizeof(sa_family_t) : name_of_fd(to, &un);
	long err;

	if (wait)
		return worker_syscall(SYS_connect, fd, (long)&un, (long)len, 0);
	if (fcntl(fd, F_SETFL, O_NONBLOCK))
		return -errno;
	err = check(connect(fd, (struct sockaddr *)&un, len));
	fcntl(fd, F_SETFL, 0);
	return err;
}

/* Room for the control messages that a host_sock_msg can have. */
union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(HOST_SOCK_FDS * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
};

static void put_control(struct msghdr *h, union control *u, const struct host_sock_msg *m)
{
	struct cmsghdr *c = &u->align;
	size_t size = 0;

	if (m->has_creds) {
		struct ucred uc = { getpid(), m->uid, m->gid };

		*c = (struct cmsghdr){ CMSG_LEN(sizeof(uc)), SOL_SOCKET, SCM_CREDENTIALS };
		memcpy(CMSG_DATA(c), &uc, sizeof(uc));
		size += CMSG_SPACE(sizeof(uc));
		c = (struct cmsghdr *)(u->bytes + size);
	}
	if (m->nfds) {
		*c = (struct cmsghdr){ CMSG_LEN(m->nfds * sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
		memcpy(CMSG_DATA(c), m->fds, m->nfds * sizeof(int));
		size += CMSG_SPACE(m->nfds * sizeof(int));
	}
	h->msg_control = size ? u : NULL;
	h->msg_controllen = size;
}

long hostsock_send(int fd, struct host_sock_msg *m, bool wait)
{
	struct iovec iov = { m->buf, m->size };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct sockaddr_un un;
	union control u;
	int flags = (m->flags & (MSG_OOB | MSG_EOR | MSG_MORE)) | MSG_NOSIGNAL;

	if (m->to >= 0) {
		h.msg_name = &un;
		h.msg_namelen = name_of_fd(m->to, &un);
	}
	put_control(&h, &u, m);
	if (wait)
		return worker_syscall(SYS_sendmsg, fd, (long)&h, flags, 0);
	return check(sendmsg(fd, &h, flags | MSG_DONTWAIT));
}

long host_sock_send(int fd, struct host_sock_msg *m)
{
	return hostsock_send(fd, m, false);
}

static void take_control(struct msghdr *h, struct host_sock_msg *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
		struct ucred uc;

		if (c->cmsg_level != SOL_SOCKET)
			continue;
		if (c->cmsg_type == SCM_RIGHTS && m->fds) {
			m->nfds = (u32)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
			memcpy(m->fds, CMSG_DATA(c), m->nfds * sizeof(int));
		} else if (c->cmsg_type == SCM_CREDENTIALS && c->cmsg_len >= CMSG_LEN(sizeof(uc))) {
			memcpy(&uc, CMSG_DATA(c), sizeof(uc));
			m->has_creds = true;
			m->uid = uc.uid;
			m->gid = uc.gid;
		}
	}
}

long host_sock_recv(int fd, struct host_sock_msg *m)
{
	struct iovec iov = { m->buf, m->size };
	struct sockaddr_un un;
	union control u;
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1, .msg_name = &un, .msg_namelen = sizeof(un),
			    .msg_control = &u, .msg_controllen = sizeof(u) };
	int flags = m->flags & (MSG_OOB | MSG_PEEK | MSG_TRUNC);
	ssize_t n;

	if (!m->fds)
		h.msg_controllen = CMSG_SPACE(sizeof(struct ucred)); /* the credentials come first */
	n = recvmsg(fd, &h, flags | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	m->nfds = 0;
	m->has_creds = false;
	m->name_len = 0;
	if (n < 0)
		return -errno;
	m->flags = h.msg_flags & (MSG_TRUNC | MSG_CTRUNC | MSG_EOR | MSG_OOB);
	m->name_len = min(h.msg_namelen, (socklen_t)sizeof(un));
	if (m->name)
		memcpy(m->name, &un, m->name_len);
	take_control(&h, m);
	return n;
}
