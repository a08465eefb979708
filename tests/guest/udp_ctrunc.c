/* Control buffers that are too small: MSG_CTRUNC, and what fits. */
#include "inet.h"

int main(void)
{
	int a = bound("127.0.0.1"), b = bound("127.0.0.1");
	unsigned short p = port_of(a);

	set_int(a, IPPROTO_IP, IP_PKTINFO, 1);
	set_int(a, IPPROTO_IP, IP_RECVTTL, 1);
	set_int(a, SOL_SOCKET, SO_TIMESTAMP, 1);
	for (int room = 0; room < 130; room += 8) {
		char text[8];
		union { char bytes[256]; struct cmsghdr h; } u;
		struct iovec iov = { text, 8 };
		struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &u, .msg_controllen = room };
		struct cmsghdr *c;

		memset(&u, 0x5a, sizeof(u));
		send_to(b, "x", "127.0.0.1", p);
		printf("room %d: recvmsg %zd flags %#x", room, recvmsg(a, &m, 0), m.msg_flags);
		printf(" controllen %zu kept %d", (size_t)m.msg_controllen, u.bytes[room] == 0x5a);
		for (c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
			printf(" [%d/%d len %zu]", c->cmsg_level, c->cmsg_type, (size_t)c->cmsg_len);
		printf("\n");
	}
	return 0;
}
