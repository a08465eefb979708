/* A stream socketpair: read, write, readv, writev, send, recv, end of file. */
/* musl */
#include <sys/socket.h>
#include <sys/uio.h>
#include "show.h"

int main(void)
{
	char buf[64] = "", b2[8] = "";
	struct iovec out[3] = { { "one ", 4 }, { "", 0 }, { "two", 3 } }, in[2] = { { buf, 5 }, { b2, 8 } };
	int s[2];

	SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
	SHOW(write(s[0], "hello", 5));
	SHOW(read(s[1], buf, 3));
	printf("%.3s\n", buf);
	SHOW(write(s[0], " world", 6));
	SHOW(read(s[1], buf, sizeof(buf)));
	printf("%.8s\n", buf);
	SHOW(writev(s[1], out, 3));
	SHOW(readv(s[0], in, 2));
	printf("%.5s|%.2s\n", buf, b2);
	SHOW(write(s[0], "x", 0));
	SHOW(read(s[1], buf, 0));
	SHOW(send(s[0], "abc", 3, 0));
	SHOW(send(s[0], "def", 3, MSG_NOSIGNAL));
	SHOW(recv(s[1], buf, 4, 0));
	SHOW(recv(s[1], buf + 4, 4, 0));
	printf("%.6s\n", buf);
	SHOW(recv(s[1], buf, 4, MSG_DONTWAIT));
	SHOW(lseek(s[0], 0, SEEK_SET));
	SHOW(pread(s[0], buf, 1, 0));
	SHOW(write(s[0], "last", 4));
	SHOW(close(s[0]));
	SHOW(read(s[1], buf, sizeof(buf)));
	SHOW(read(s[1], buf, sizeof(buf)));
	SHOW(recv(s[1], buf, sizeof(buf), 0));
	return 0;
}
