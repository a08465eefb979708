/* EPIPE, SIGPIPE, ECONNRESET, shutdown in each direction. */
#include <signal.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include "show.h"

static volatile int pipes;
static void on_pipe(int sig) { pipes++; }

static void ends(int type)
{
	char buf[8];
	int s[2];

	printf("type %d\n", type);
	socketpair(AF_UNIX, type, 0, s);
	write(s[0], "unread", 6);
	close(s[1]);
	pipes = 0;
	SHOW(recv(s[0], buf, 8, MSG_DONTWAIT));
	SHOW(recv(s[0], buf, 8, MSG_DONTWAIT));
	SHOW(send(s[0], "x", 1, 0));
	SHOW(send(s[0], "x", 1, MSG_NOSIGNAL));
	SHOW(write(s[0], "x", 1));
	SHOW(writev(s[0], &(struct iovec){ "x", 1 }, 1));
	printf("SIGPIPE %d times\n", pipes);
	close(s[0]);

	socketpair(AF_UNIX, type, 0, s);
	pipes = 0;
	SHOW(shutdown(s[0], SHUT_WR));
	SHOW(send(s[0], "x", 1, 0));
	SHOW(recv(s[1], buf, 8, MSG_DONTWAIT));
	SHOW(send(s[1], "back", 4, 0));
	SHOW(recv(s[0], buf, 8, 0));
	SHOW(shutdown(s[0], SHUT_RD));
	SHOW(recv(s[0], buf, 8, MSG_DONTWAIT));
	SHOW(send(s[1], "x", 1, 0));
	printf("SIGPIPE %d times\n", pipes);
	close(s[0]);
	close(s[1]);

	socketpair(AF_UNIX, type, 0, s);
	pipes = 0;
	send(s[0], "last words", 10, 0);
	close(s[0]);
	SHOW(recv(s[1], buf, 8, MSG_DONTWAIT));
	SHOW(recv(s[1], buf, 8, MSG_DONTWAIT));
	SHOW(recv(s[1], buf, 8, MSG_DONTWAIT));
	close(s[1]);
}

int main(void)
{
	signal(SIGPIPE, on_pipe);
	ends(SOCK_STREAM);
	ends(SOCK_DGRAM);
	ends(SOCK_SEQPACKET);
	return 0;
}
