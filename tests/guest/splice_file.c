/* splice between files and pipes: positions, ends, full and empty pipes, errors. */
/* musl */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "show.h"

static char big[300000], back[300000];

int main(void)
{
	int f = open("f", O_CREAT | O_RDWR, 0644), g = open("g", O_CREAT | O_RDWR, 0644), p[2], sv[2], null = open("/dev/null", O_RDWR);
	loff_t off, off2;
	long n, total = 0;

	for (unsigned i = 0; i < sizeof(big); i++)
		big[i] = i * 7 + i / 251;
	signal(SIGPIPE, SIG_IGN);
	pipe(p);
	SHOW(write(f, "0123456789abcdef", 16));
	off = 3;
	SHOW(splice(f, &off, p[1], NULL, 5, 0));
	SHOW(off);
	SHOW(lseek(f, 0, SEEK_CUR));
	SHOW(splice(p[0], NULL, g, NULL, 100, 0));
	SHOW(lseek(g, 0, SEEK_CUR));
	SHOW(pread(g, back, 100, 0));
	printf("%s\n", back);
	SHOW(lseek(f, 10, SEEK_SET));
	SHOW(splice(f, NULL, p[1], NULL, 100, 0));
	SHOW(lseek(f, 0, SEEK_CUR));
	SHOW(splice(f, NULL, p[1], NULL, 100, 0));
	off2 = 2;
	SHOW(splice(p[0], NULL, g, &off2, 3, 0));
	SHOW(off2);
	SHOW(lseek(g, 0, SEEK_CUR));
	SHOW(splice(p[0], NULL, g, &off2, 100, SPLICE_F_MORE | SPLICE_F_MOVE));
	memset(back, 0, 100);
	SHOW(pread(g, back, 100, 0));
	printf("%s\n", back);
	/* nothing there, no room */
	SHOW(splice(p[0], NULL, g, NULL, 100, SPLICE_F_NONBLOCK));
	fcntl(p[0], F_SETFL, O_NONBLOCK);
	SHOW(splice(p[0], NULL, g, NULL, 100, 0));
	SHOW(write(f, big, sizeof(big)) == sizeof(big));
	off = 0;
	SHOW(splice(f, &off, p[1], NULL, 1 << 20, 0));
	SHOW(splice(f, &off, p[1], NULL, 4096, SPLICE_F_NONBLOCK));
	SHOW(splice(p[0], NULL, null, NULL, 4096, 0));
	SHOW(splice(f, &off, p[1], NULL, 10000, SPLICE_F_NONBLOCK));
	while ((n = splice(p[0], NULL, null, NULL, 1 << 20, 0)) > 0)
		total += n;
	SHOW(total);
	/* all of a large file */
	SHOW(ftruncate(g, 0));
	off = 16;
	off2 = 0;
	while ((n = splice(f, &off, p[1], NULL, 50000, 0)) > 0)
		while (n > 0) {
			long m = splice(p[0], NULL, g, &off2, n, 0);

			if (m <= 0)
				break;
			n -= m;
		}
	SHOW(pread(g, back, sizeof(back), 0) == sizeof(back) && !memcmp(big, back, sizeof(big)));
	/* sockets */
	SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
	off = 0;
	SHOW(splice(f, &off, p[1], NULL, 16, 0));
	SHOW(splice(p[0], NULL, sv[0], NULL, 100, 0));
	SHOW(splice(sv[1], NULL, p[1], NULL, 100, 0));
	memset(back, 0, 100);
	SHOW(read(p[0], back, 100));
	printf("%s\n", back);
	/* errors */
	off = -1;
	SHOW(splice(f, &off, p[1], NULL, 10, 0));
	SHOW(splice(f, BAD_PTR, p[1], NULL, 10, 0));
	SHOW(splice(f, NULL, g, NULL, 10, 0));
	SHOW(splice(f, NULL, p[1], &off, 10, 0));
	SHOW(splice(p[0], &off, g, NULL, 10, 0));
	SHOW(splice(f, NULL, p[0], NULL, 10, 0));
	SHOW(splice(p[1], NULL, g, NULL, 10, 0));
	SHOW(splice(-1, NULL, p[1], NULL, 10, 0));
	SHOW(splice(f, NULL, -1, NULL, 10, 0));
	SHOW(splice(-1, NULL, -1, NULL, 0, 0));
	SHOW(splice(f, NULL, p[1], NULL, 10, 0x100));
	SHOW(splice(p[0], NULL, p[1], NULL, 10, 0));
	int ro = open("f", O_RDONLY), wo = open("f", O_WRONLY), ap = open("g", O_WRONLY | O_APPEND);
	SHOW(splice(wo, NULL, p[1], NULL, 10, 0));
	SHOW(write(p[1], "x", 1));
	SHOW(splice(p[0], NULL, ro, NULL, 10, 0));
	SHOW(splice(p[0], NULL, ap, NULL, 10, 0));
	SHOW(read(p[0], back, 10));
	close(p[0]);
	SHOW(splice(f, &off2, p[1], NULL, 10, 0));
	close(p[1]);
	pipe(p);
	close(p[1]);
	SHOW(splice(p[0], NULL, g, NULL, 10, 0));
	return 0;
}
