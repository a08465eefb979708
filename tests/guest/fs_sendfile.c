/* sendfile and copy_file_range between files, pipes and devices. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include "show.h"

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
