/* SO_RCVLOWAT: poll and read wait for so much. */
#include "tcp_pair.h"

int main(void)
{
	struct timeval tv = { 0, 50000 };
	char buf[64];
	int p[2];

	tcp_pair(p);
	SHOW(int_opt(p[1], SOL_SOCKET, SO_RCVLOWAT));
	SHOW(set_int(p[1], SOL_SOCKET, SO_RCVLOWAT, 10));
	SHOW(int_opt(p[1], SOL_SOCKET, SO_RCVLOWAT));
	write(p[0], "12345", 5);
	SHOW_POLL(p[1], POLLIN, 100);
	SHOW(recv(p[1], buf, sizeof(buf), MSG_DONTWAIT | MSG_PEEK));
	setsockopt(p[1], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	SHOW(recv(p[1], buf, 3, 0));
	SHOW(recv(p[1], buf, sizeof(buf), 0));
	write(p[0], "abcdefghij", 10);
	SHOW_POLL(p[1], POLLIN, 5000);
	SHOW(recv(p[1], buf, sizeof(buf), 0));
	write(p[0], "end", 3);
	SHOW_POLL(p[1], POLLIN, 100);
	shutdown(p[0], SHUT_WR);
	SHOW_POLL(p[1], POLLIN, 5000);
	SHOW(recv(p[1], buf, sizeof(buf), 0));
	SHOW(set_int(p[1], SOL_SOCKET, SO_RCVLOWAT, 0));
	SHOW(int_opt(p[1], SOL_SOCKET, SO_RCVLOWAT));
	SHOW(set_int(p[1], SOL_SOCKET, SO_RCVLOWAT, -1) || int_opt(p[1], SOL_SOCKET, SO_RCVLOWAT) < 1000);
	return 0;
}
