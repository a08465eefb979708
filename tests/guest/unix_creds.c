/* SCM_CREDENTIALS and SO_PASSCRED. */
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include "show.h"

static int send_creds(int s, struct ucred uc)
{
	union { char bytes[CMSG_SPACE(sizeof(uc))]; struct cmsghdr align; } u;
	struct iovec iov = { "c", 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &u, .msg_controllen = sizeof(u) };

	u.align.cmsg_level = SOL_SOCKET;
	u.align.cmsg_type = SCM_CREDENTIALS;
	u.align.cmsg_len = CMSG_LEN(sizeof(uc));
	memcpy(CMSG_DATA(&u.align), &uc, sizeof(uc));
	return sendmsg(s, &m, 0);
}

static void receive(int s, size_t room, pid_t child)
{
	union { char bytes[200]; struct cmsghdr align; } u;
	char text[64];
	struct iovec iov = { text, sizeof(text) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &u, .msg_controllen = room };
	ssize_t n = recvmsg(s, &m, MSG_DONTWAIT);
	struct ucred uc = { 0 };

	if (n < 0) {
		printf("recvmsg: %s\n", errno_name(errno));
		return;
	}
	printf("recvmsg: %zd flags %#x controllen %zu\n", n, m.msg_flags, (size_t)m.msg_controllen);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		memcpy(&uc, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0) < sizeof(uc) ? c->cmsg_len - CMSG_LEN(0) : sizeof(uc));
		printf("  type %d len %zu pid %s uid %s\n", c->cmsg_type, (size_t)c->cmsg_len,
			uc.pid == getpid() ? "mine" : uc.pid == child ? "child" : uc.pid == 0 ? "0" : "other",
			uc.uid == getuid() ? "mine" : uc.uid == 65534 ? "nobody" : "other");
	}
}

int main(void)
{
	int s[2], one = 1;
	pid_t child;
	struct ucred me = { getpid(), getuid(), getgid() };

	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	SHOW(send_creds(s[0], me));
	receive(s[1], 200, 0);
	write(s[0], "early", 5);
	SHOW(setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof(one)));
	receive(s[1], 200, 0);
	write(s[0], "plain", 5);
	receive(s[1], 200, 0);
	write(s[0], "cut", 3);
	receive(s[1], CMSG_LEN(8), 0);
	SHOW(send_creds(s[0], me));
	receive(s[1], 200, 0);
	/* Two writers: their bytes are not glued together. */
	write(s[0], "mine", 4);
	child = fork();
	if (!child) {
		write(s[0], "child", 5);
		_exit(0);
	}
	wait(NULL);
	write(s[0], "mine again", 10);
	write(s[0], "and again", 9);
	receive(s[1], 200, child);
	receive(s[1], 200, child);
	receive(s[1], 200, child);
	receive(s[1], 200, child);
	me.pid = 1 << 29;
	SHOW(send_creds(s[0], me) == -1);
	return 0;
}
