/* A socket that connects to itself: simultaneous open, and simultaneous close. */
#include "tcp_pair.h"

int main(void)
{
	struct sockaddr_in addr = LOOPBACK, peer;
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char buf[16] = "";

	SHOW(bind(fd, (struct sockaddr *)&addr, sizeof(addr)));
	getsockname(fd, (struct sockaddr *)&addr, &len);
	SHOW(connect(fd, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW_STATE(fd);
	len = sizeof(peer);
	getpeername(fd, (struct sockaddr *)&peer, &len);
	printf("peer is itself: %d\n", peer.sin_port == addr.sin_port);
	SHOW(write(fd, "to myself", 9));
	SHOW(read(fd, buf, sizeof(buf)));
	printf("%.9s\n", buf);
	SHOW(send(fd, "urgent", 6, MSG_OOB));
	wait_for(fd, POLLPRI);
	SHOW(recv(fd, buf, 1, MSG_OOB));
	SHOW(recv(fd, buf, sizeof(buf), 0));
	SHOW(shutdown(fd, SHUT_WR));
	wait_for(fd, POLLIN);
	SHOW(read(fd, buf, sizeof(buf)));
	SHOW_POLL(fd, POLLIN | POLLOUT | POLLRDHUP, 5000);
	SHOW(close(fd));
	return 0;
}
