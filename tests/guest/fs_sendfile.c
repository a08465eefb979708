/* sendfile and copy_file_range between files, pipes and devices. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "show.h"

/* Into a pipe it is one splice: of what the pipe has room for, and of sockets, too. */
static void into_pipe(int file)
{
	int p[2], s[2], out = open("out", O_RDWR | O_CREAT, 0600);
	off_t off = 0;
	char buf[32];

	SHOW(pipe(p));
	SHOW(sendfile(p[1], file, &off, 100000));
	SHOW(off);
	SHOW(fcntl(p[1], F_SETFL, O_NONBLOCK));
	SHOW(sendfile(p[1], file, &off, 1));
	SHOW(sendfile(p[1], file, &off, 0));
	close(p[0]);
	SHOW(pipe(p));
	SHOW(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s));
	SHOW(sendfile(p[1], s[0], NULL, 10));
	SHOW(sendfile(p[1], s[0], &off, 10));
	SHOW(sendfile(out, s[0], NULL, 10));
	SHOW(write(s[1], "0123456789", 10));
	SHOW(sendfile(p[1], s[0], NULL, 4));
	SHOW(sendfile(p[1], s[0], NULL, 40));
	SHOW(read(p[0], buf, sizeof(buf)) == 10 && !memcmp(buf, "0123456789", 10));
	SHOW(sendfile(p[1], open(".", O_RDONLY), NULL, 10));
	SHOW(close(s[1]));
	SHOW(sendfile(p[1], s[0], NULL, 4));
}

int main(void)
{
	int a = open("a", O_RDWR | O_CREAT, 0644), b = open("b", O_RDWR | O_CREAT, 0644), p[2], ap;
	char *buf = malloc(100000), small[32] = "";
	off_t off = 90000;
	loff_t in, out;
	struct stat st;

	for (int i = 0; i < 100000; i++)
		buf[i] = i * 7;
	SHOW(write(a, buf, 100000));
	SHOW(lseek(a, 10, SEEK_SET));
	SHOW(sendfile(b, a, NULL, 50000));
	SHOW(lseek(a, 0, SEEK_CUR));
	SHOW(lseek(b, 0, SEEK_CUR));
	SHOW(sendfile(b, a, &off, 50000));
	SHOW(off);
	SHOW(lseek(a, 0, SEEK_CUR));
	SHOW(sendfile(b, a, &off, 10));
	SHOW(fstat(b, &st));
	SHOW(st.st_size);
	if (pipe(p))
		return 1;
	off = 0;
	SHOW(sendfile(p[1], a, &off, 30));
	SHOW(read(p[0], small, 32));
	SHOW(memcmp(small, buf, 30));
	SHOW(sendfile(p[1], p[0], NULL, 10));
	SHOW(sendfile(b, p[0], NULL, 10));
	off = -1;
	SHOW(sendfile(b, a, &off, 10));
	SHOW(sendfile(b, 999, NULL, 10));
	SHOW(sendfile(999, a, NULL, 10));
	SHOW(sendfile(open("a", O_RDONLY), a, NULL, 10));
	SHOW(sendfile(b, open("a", O_WRONLY), NULL, 10));
	SHOW(sendfile(b, a, BAD_PTR, 10));
	into_pipe(a);
	ap = open("b", O_WRONLY | O_APPEND);
	SHOW(sendfile(ap, a, NULL, 10));
	SHOW(sendfile(open("/dev/null", O_WRONLY), a, NULL, 10));
	in = 5; out = 70000;
	SHOW(copy_file_range(a, &in, b, &out, 1000, 0));
	SHOW(in);
	SHOW(out);
	SHOW(pread(b, small, 32, 70000));
	SHOW(memcmp(small, buf + 5, 32));
	SHOW(copy_file_range(a, &in, b, &out, 1000, 1));
	SHOW(copy_file_range(a, &in, p[1], NULL, 1000, 0));
	SHOW(copy_file_range(open(".", O_RDONLY), NULL, b, NULL, 1000, 0));
	in = 0; out = 10;
	SHOW(copy_file_range(a, &in, a, &out, 1000, 0));
	in = 0; out = 50000;
	SHOW(copy_file_range(a, &in, a, &out, 1000, 0));
	in = 1000000;
	SHOW(copy_file_range(a, &in, b, NULL, 1000, 0));
	SHOW(copy_file_range(a, NULL, ap, NULL, 10, 0));
	return 0;
}
