/* Control messages: TCP_INQ, SO_TIMESTAMP; and what sendmsg takes. */
#include "tcp_pair.h"

#ifndef TCP_INQ
#define TCP_INQ 36
#endif

static void show_cmsgs(int fd, size_t size, int flags)
{
	char buf[64], control[256];
	struct iovec iov = { buf, size };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	long n = recvmsg(fd, &m, flags);

	printf("recvmsg %ld flags %#x:", n, m.msg_flags);
	for (struct cmsghdr *c = n >= 0 ? CMSG_FIRSTHDR(&m) : NULL; c; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level == IPPROTO_TCP && c->cmsg_type == TCP_INQ)
			printf(" inq %d", *(int *)CMSG_DATA(c));
		else
			printf(" level %d type %d length %d", c->cmsg_level, c->cmsg_type, (int)c->cmsg_len);
	}
	printf("\n");
}

int main(void)
{
	union { struct cmsghdr h; char room[64]; } control;
	struct iovec iov = { "x", 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(4) };
	int p[2];

	tcp_pair(p);
	SHOW(set_int(p[1], IPPROTO_TCP, TCP_INQ, 1));
	write(p[0], "0123456789", 10);
	wait_for(p[1], POLLIN);
	show_cmsgs(p[1], 4, 0);
	show_cmsgs(p[1], 3, MSG_PEEK);
	show_cmsgs(p[1], 64, 0);
	SHOW(set_int(p[1], IPPROTO_TCP, TCP_INQ, 0));
	SHOW(set_int(p[1], SOL_SOCKET, SO_TIMESTAMP, 1));
	write(p[0], "abc", 3);
	wait_for(p[1], POLLIN);
	show_cmsgs(p[1], 64, 0);
	SHOW(set_int(p[1], SOL_SOCKET, SO_TIMESTAMP, 0));
	SHOW(set_int(p[1], IPPROTO_TCP, TCP_INQ, 1));
	shutdown(p[0], SHUT_WR);
	wait_for(p[1], POLLIN);
	show_cmsgs(p[1], 64, 0);

	control.h = (struct cmsghdr){ .cmsg_len = CMSG_LEN(4), .cmsg_level = SOL_SOCKET, .cmsg_type = 9999 };
	SHOW(sendmsg(p[1], &m, 0));
	control.h.cmsg_level = 77;
	SHOW(sendmsg(p[1], &m, 0));
	control.h.cmsg_len = 3;
	SHOW(sendmsg(p[1], &m, 0));
	control.h = (struct cmsghdr){ .cmsg_len = 1000, .cmsg_level = SOL_SOCKET, .cmsg_type = 1 };
	SHOW(sendmsg(p[1], &m, 0));
	return 0;
}
