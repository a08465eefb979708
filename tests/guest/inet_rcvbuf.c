/* A full receive buffer: datagrams are dropped and counted, SO_RXQ_OVFL tells, SO_MEMINFO shows. */
#include "inet.h"

int main(void)
{
	int a = bound("127.0.0.1"), b = bound("127.0.0.1"), got = 0, sent = 0;
	unsigned short p = port_of(a);
	unsigned mem[9];
	socklen_t n = sizeof(mem);
	char text[512];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	SHOW(set_int(a, SOL_SOCKET, SO_RCVBUF, 4096));
	SHOW(set_int(a, SOL_SOCKET, SO_RXQ_OVFL, 1));
	for (int i = 0; i < 200; i++)
		sent += send_to(b, text, "127.0.0.1", p) > 0;
	SHOW(sent);
	SHOW(getsockopt(a, SOL_SOCKET, SO_MEMINFO, mem, &n));
	SHOW(mem[0] > 0);
	SHOW(mem[1]);
	SHOW(mem[8] > 100);
	while (recv(a, text, sizeof(text), MSG_DONTWAIT) > 0)
		got++;
	SHOW(got > 0 && got < 100);
	SHOW(send_to(b, "after", "127.0.0.1", p));
	SHOW(receive_room(a, 100, 0, MSG_PEEK));
	{
		char c[64];
		struct iovec iov = { text, sizeof(text) };
		struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = c, .msg_controllen = sizeof(c) };
		struct cmsghdr *h;
		unsigned drops = 0;

		SHOW(recvmsg(a, &m, 0));
		h = CMSG_FIRSTHDR(&m);
		if (h)
			memcpy(&drops, CMSG_DATA(h), 4);
		SHOW(h ? h->cmsg_type : -2);
		SHOW(drops == mem[8]);
		SHOW((int)drops + got == sent);
	}
	n = sizeof(mem);
	getsockopt(a, SOL_SOCKET, SO_MEMINFO, mem, &n);
	SHOW(mem[0]);
	return 0;
}
