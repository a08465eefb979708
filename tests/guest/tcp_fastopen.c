/* Fast open as far as it is on by default: the client's side, which falls back to an ordinary handshake. */
#include "tcp_pair.h"

#ifndef MSG_FASTOPEN
#define MSG_FASTOPEN 0x20000000
#endif

int main(void)
{
	struct sockaddr_in addr, nobody = LOOPBACK;
	int l = tcp_listener(&addr, 4), c = socket(AF_INET, SOCK_STREAM, 0), s;
	char buf[16] = "";

	nobody.sin_port = htons(1);
	SHOW(sendto(c, "hello", 5, MSG_FASTOPEN, (struct sockaddr *)&addr, sizeof(addr)));
	s = accept(l, NULL, NULL);
	SHOW(recv(s, buf, 5, MSG_WAITALL));
	printf("%s\n", buf);
	SHOW(sendto(c, "again", 5, MSG_FASTOPEN, (struct sockaddr *)&addr, sizeof(addr)));
	c = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(sendto(c, "hello", 5, MSG_FASTOPEN | MSG_NOSIGNAL, (struct sockaddr *)&nobody, sizeof(nobody)));
	SHOW(sendto(c, "hello", 5, MSG_FASTOPEN, NULL, 0));
	c = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(set_int(c, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1));
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW(write(c, "data", 4));
	s = accept(l, NULL, NULL);
	SHOW(recv(s, buf, 4, MSG_WAITALL));
	SHOW(set_int(c, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 0));
	SHOW(set_int(c, IPPROTO_TCP, TCP_FASTOPEN, 5));
	SHOW(set_int(l, IPPROTO_TCP, TCP_FASTOPEN, 5));
	SHOW(int_opt(l, IPPROTO_TCP, TCP_FASTOPEN));
	SHOW(setsockopt(l, IPPROTO_TCP, 33 /* TCP_FASTOPEN_KEY */, "0123456789abcdef", 16));
	SHOW(setsockopt(l, IPPROTO_TCP, 33, "0123456789abcdef", 15));
	socklen_t len = sizeof(buf);
	SHOW(getsockopt(l, IPPROTO_TCP, 33, buf, &len));
	printf("%d %.16s\n", len, buf);
	return 0;
}
