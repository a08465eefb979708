/* Streams without a connection: what each call says. */ /* musl */
#include "tcp_pair.h"
#include <signal.h>

int main(void)
{
	struct sockaddr_in addr;
	int n = socket(AF_INET, SOCK_STREAM, 0), l = tcp_listener(&addr, 1);
	char buf[4];

	signal(SIGPIPE, SIG_IGN);
	SHOW(read(n, buf, 4));
	SHOW(write(n, buf, 4));
	SHOW(recv(n, buf, 4, MSG_OOB));
	SHOW(recv(n, buf, 4, MSG_PEEK));
	SHOW(recv(n, buf, 0, 0));
	SHOW(send(n, buf, 0, 0));
	SHOW(sendto(n, buf, 4, 0, (struct sockaddr *)&addr, sizeof(addr)));
	SHOW_POLL(n, POLLIN | POLLOUT | POLLRDHUP, 0);
	SHOW(read(l, buf, 4));
	SHOW(write(l, buf, 4));
	SHOW(recv(l, buf, 4, MSG_OOB));
	SHOW_POLL(l, POLLIN | POLLOUT, 0);
	SHOW(lseek(n, 0, SEEK_SET));
	SHOW(ftruncate(n, 0));
	SHOW(fsync(n));
	SHOW(pread(n, buf, 4, 0));
	SHOW(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
	SHOW(socket(AF_INET, SOCK_SEQPACKET, 0));
	SHOW(socketpair(AF_INET, SOCK_STREAM, 0, (int *)buf));
	SHOW(close(n));
	SHOW(read(n, buf, 4));
	return 0;
}
