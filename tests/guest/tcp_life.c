/* A connection from listen to close, as both ends see it. */ /* musl */
#include "tcp_pair.h"

int main(void)
{
	struct sockaddr_in addr, peer;
	socklen_t len = sizeof(peer);
	char buf[16];
	int c, s, l = tcp_listener(&addr, 4);

	SHOW_STATE(l);
	c = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
	SHOW_STATE(c);
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW_STATE(c);
	SHOW_POLL(l, POLLIN, 5000);
	s = accept(l, (struct sockaddr *)&peer, &len);
	printf("accepted: %d, peer is the loopback: %d, length %d\n", s >= 0, peer.sin_addr.s_addr == htonl(INADDR_LOOPBACK), len);
	SHOW_STATE(s);
	SHOW_POLL(l, POLLIN, 0);
	SHOW(write(c, "hello", 5));
	SHOW(read(s, buf, sizeof(buf)));
	SHOW(send(s, "world!", 6, 0));
	SHOW(recv(c, buf, sizeof(buf), 0));
	SHOW(recv(c, buf, sizeof(buf), MSG_DONTWAIT));
	SHOW(shutdown(c, SHUT_WR));
	wait_for(s, POLLRDHUP);
	SHOW_STATE(s);
	for (int i = 0; i < 200 && tcp_state(c) != TCP_FIN_WAIT2; i++)
		usleep(10000);
	SHOW_STATE(c);
	SHOW(read(s, buf, sizeof(buf)));
	SHOW(write(s, "late", 4));
	SHOW(read(c, buf, sizeof(buf)));
	SHOW(shutdown(s, SHUT_WR));
	wait_for(c, POLLIN);
	SHOW(read(c, buf, sizeof(buf)));
	for (int i = 0; i < 200 && tcp_state(s) != TCP_CLOSE; i++)
		usleep(10000);
	SHOW_STATE(s);
	SHOW_STATE(c);
	SHOW(close(s));
	SHOW(close(c));
	SHOW(close(l));
	c = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	return 0;
}
