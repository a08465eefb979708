/* accept(2) and accept4(2): errors, addresses, and who is accepted in which order. */ /* musl */
#include "tcp_pair.h"

int main(void)
{
	struct sockaddr_in addr, peer, own;
	struct sockaddr_storage big;
	socklen_t len = sizeof(peer);
	int l = tcp_listener(&addr, 8), c[3], s, u = socket(AF_INET, SOCK_DGRAM, 0), n = socket(AF_INET, SOCK_STREAM, 0);
	char ch;

	SHOW(accept(-1, NULL, NULL));
	SHOW(accept(0x7fff, NULL, NULL));
	SHOW(accept(open("/dev/null", O_RDONLY), NULL, NULL));
	SHOW(accept(u, NULL, NULL));
	SHOW(accept(n, NULL, NULL));
	SHOW(syscall(SYS_accept4, l, NULL, NULL, 1));
	for (int i = 0; i < 3; i++) {
		c[i] = tcp_connect_to(&addr);
		ch = 'a' + i;
		write(c[i], &ch, 1);
	}
	SHOW(accept(l, BAD_PTR, &len));
	memset(&peer, 0xff, sizeof(peer));
	len = sizeof(peer);
	s = accept(l, (struct sockaddr *)&peer, &len);
	printf("second: %d, length %d, family %d\n", s >= 0, len, peer.sin_family);
	read(s, &ch, 1);
	printf("it is %c\n", ch);
	len = sizeof(own);
	getsockname(c[1], (struct sockaddr *)&own, &len);
	printf("its address: %d\n", own.sin_port == peer.sin_port && own.sin_addr.s_addr == peer.sin_addr.s_addr);
	len = 4;
	memset(&big, 0xff, sizeof(big));
	s = accept(l, (struct sockaddr *)&big, &len);
	printf("third: %d, length %d, bytes beyond untouched: %d\n", s >= 0, len, ((unsigned char *)&big)[4] == 0xff);
	fcntl(l, F_SETFL, O_NONBLOCK);
	SHOW(accept(l, NULL, NULL));
	/* What is inherited, and what not. */
	set_int(l, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_int(l, IPPROTO_TCP, TCP_NODELAY, 1);
	set_int(l, IPPROTO_TCP, TCP_KEEPIDLE, 77);
	close(c[0]);
	c[0] = tcp_connect_to(&addr);
	s = accept(l, NULL, NULL);
	printf("O_NONBLOCK %d, SO_KEEPALIVE %d, TCP_NODELAY %d, TCP_KEEPIDLE %d\n", !!(fcntl(s, F_GETFL) & O_NONBLOCK),
		int_opt(s, SOL_SOCKET, SO_KEEPALIVE), int_opt(s, IPPROTO_TCP, TCP_NODELAY), int_opt(s, IPPROTO_TCP, TCP_KEEPIDLE));
	SHOW(accept(s, NULL, NULL));
	SHOW(shutdown(l, SHUT_RD));
	SHOW(accept(l, NULL, NULL));
	return 0;
}
