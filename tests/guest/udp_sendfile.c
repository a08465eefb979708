/* Files and pipes into UDP: sendfile, splice, and read and write as on any descriptor. */
#include "inet.h"
#include <sys/sendfile.h>

int main(void)
{
	int a = bound("127.0.0.1"), b = bound("127.0.0.1"), f = open("file", O_RDWR | O_CREAT, 0600), p[2];
	addr_t to = local_addr(a);
	char buf[16];
	off_t off = 2;

	SHOW(write(f, "file's data", 11));
	SHOW(sendfile(b, f, &off, 5));
	SHOW(connect(b, &to.sa, sizeof(to.in)));
	SHOW(sendfile(b, f, &off, 5));
	SHOW(off);
	receive(a);
	SHOW(pipe(p));
	SHOW(write(p[1], "from a pipe", 11));
	SHOW(splice(p[0], NULL, b, NULL, 11, 0));
	receive(a);
	SHOW(write(b, "", 0));
	receive(a);
	SHOW(write(b, "short reads", 11));
	SHOW(read(a, buf, 5));
	SHOW(fcntl(a, F_SETFL, O_NONBLOCK));
	SHOW(read(a, buf, 5));
	SHOW(read(a, buf, 0));
	SHOW(pread(a, buf, 1, 0));
	SHOW(pwrite(a, buf, 1, 0));
	SHOW(ftruncate(a, 1));
	return 0;
}
