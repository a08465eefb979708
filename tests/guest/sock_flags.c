/* MSG_PEEK, MSG_WAITALL, MSG_DONTWAIT, MSG_TRUNC on streams; SO_RCVLOWAT, SO_PEEK_OFF. */
#include <sys/socket.h>
#include <sys/wait.h>
#include "show.h"

int main(void)
{
	char buf[64];
	int s[2], v;

	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	write(s[0], "abc", 3);
	write(s[0], "defgh", 5);
	SHOW(recv(s[1], buf, 64, MSG_PEEK));
	printf("%.8s\n", buf);
	SHOW(recv(s[1], buf, 2, MSG_PEEK));
	SHOW(recv(s[1], buf, 64, MSG_PEEK | MSG_WAITALL | MSG_DONTWAIT));
	SHOW(recv(s[1], buf, 2, 0));
	SHOW(recv(s[1], buf, 64, MSG_PEEK));
	printf("%.6s\n", buf);
	SHOW(recv(s[1], NULL, 3, MSG_TRUNC));
	v = 2;
	SHOW(setsockopt(s[1], SOL_SOCKET, SO_PEEK_OFF, &v, sizeof(v)));
	SHOW(recv(s[1], buf, 2, MSG_PEEK));
	printf("%.2s\n", buf);
	SHOW(recv(s[1], buf, 2, MSG_PEEK));
	printf("%.2s\n", buf);
	v = -1;
	SHOW(setsockopt(s[1], SOL_SOCKET, SO_PEEK_OFF, &v, sizeof(v)));
	SHOW(recv(s[1], buf, 64, MSG_DONTWAIT));
	SHOW(recv(s[1], buf, 64, MSG_DONTWAIT | MSG_PEEK));
	/* WAITALL gathers pieces of another process, and ends at the end of the stream. */
	if (!fork()) {
		for (int i = 0; i < 10; i++) {
			usleep(1000);
			write(s[0], "0123456789", 10);
		}
		_exit(0);
	}
	close(s[0]);
	SHOW(recv(s[1], buf, 50, MSG_WAITALL));
	SHOW(recv(s[1], buf, 64, MSG_WAITALL));
	SHOW(recv(s[1], buf, 64, MSG_WAITALL));
	wait(NULL);
	SHOW(recv(s[1], buf, 1, MSG_OOB));
	return 0;
}
