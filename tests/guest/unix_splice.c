/* sendfile, splice, tee and vmsplice with sockets of AF_UNIX. */
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include "show.h"

int main(void)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
	static char buf[100000];

	for (int t = 0; t < 3; t++) {
		int s[2], p[2], f = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600);
		off_t off = 3;
		struct iovec iov = { "vmspliced", 9 };

		printf("== type %d\n", types[t]);
		socketpair(AF_UNIX, types[t], 0, s);
		fcntl(s[1], F_SETFL, O_NONBLOCK);
		pipe(p);
		write(f, "0123456789", 10);
		SHOW(sendfile(s[0], f, &off, 4));
		printf("offset %ld\n", (long)off);
		SHOW(recv(s[1], buf, sizeof(buf), MSG_DONTWAIT));
		printf("'%.4s'\n", buf);
		SHOW(sendfile(f, s[0], NULL, 4));
		SHOW(write(p[1], "piped", 5));
		SHOW(splice(p[0], NULL, s[0], NULL, 100, SPLICE_F_NONBLOCK));
		SHOW(recv(s[1], buf, sizeof(buf), MSG_DONTWAIT));
		printf("'%.5s'\n", buf);
		SHOW(send(s[0], "to a pipe", 9, 0));
		SHOW(splice(s[1], NULL, p[1], NULL, 5, SPLICE_F_NONBLOCK));
		SHOW(splice(s[1], NULL, p[1], NULL, 100, SPLICE_F_NONBLOCK));
		fcntl(p[0], F_SETFL, O_NONBLOCK);
		SHOW(read(p[0], buf, sizeof(buf)));
		SHOW(splice(s[1], &off, p[1], NULL, 5, 0));
		SHOW(splice(s[1], NULL, s[0], NULL, 5, 0));
		SHOW(tee(s[1], p[1], 5, 0));
		SHOW(vmsplice(p[1], &iov, 1, 0));
		SHOW(splice(p[0], NULL, s[0], NULL, 9, 0));
		SHOW(recv(s[1], buf, sizeof(buf), MSG_DONTWAIT));
		shutdown(s[0], SHUT_WR);
		SHOW(splice(s[1], NULL, p[1], NULL, 5, SPLICE_F_NONBLOCK) <= 0 ? 0 : 1);
		SHOW(copy_file_range(f, NULL, s[0], NULL, 3, 0));
		close(s[0]);
		close(s[1]);
		close(p[0]);
		close(p[1]);
		close(f);
	}
	return 0;
}
