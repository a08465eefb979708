/* Partly bad buffers: what was sent or received before the fault counts. */
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include "show.h"

int main(void)
{
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *edge = page + 4096;
	char buf[64];
	struct iovec v[3] = { { "good", 4 }, { BAD_PTR, 4 }, { "more", 4 } }, r[2] = { { buf, 2 }, { BAD_PTR, 8 } };
	int types[] = { SOCK_STREAM, SOCK_DGRAM }, s[2], n;

	munmap(edge, 4096);
	memset(page, 'p', 4096);
	for (int t = 0; t < 2; t++) {
		printf("type %d\n", types[t]);
		socketpair(AF_UNIX, types[t], 0, s);
		SHOW(writev(s[0], v, 3));
		SHOW(ioctl(s[1], FIONREAD, &n));
		printf("queued %d\n", n);
		SHOW(send(s[0], edge - 10, 20, 0));
		ioctl(s[1], FIONREAD, &n);
		printf("queued %d\n", n);
		SHOW(send(s[0], edge - 10, 10, 0));
		SHOW(recv(s[1], edge - 3, 10, MSG_DONTWAIT));
		SHOW(recv(s[1], buf, 64, MSG_DONTWAIT));
		send(s[0], "0123456789", 10, 0);
		SHOW(readv(s[1], r, 2));
		SHOW(recv(s[1], buf, 64, MSG_DONTWAIT));
		SHOW(send(s[0], (char *)0x7ffffffff000, 1, 0));
		SHOW(send(s[0], (char *)-4096, 1, 0));
		SHOW(recv(s[1], (char *)-4096, 1, MSG_DONTWAIT));
		SHOW(send(s[0], "x", -1, MSG_DONTWAIT) > 0);
		close(s[0]);
		close(s[1]);
	}
	return 0;
}
