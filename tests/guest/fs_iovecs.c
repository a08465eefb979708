/* readv, writev, preadv, pwritev: many pieces, empty ones, faults in the middle, limits. */
#include "both.h"

#include <sys/uio.h>
static void all(void)
{
	static struct iovec v[1025];
	char a[8] = "", b[8] = "", c[8] = "";
	int fd = open("f", O_CREAT | O_RDWR, 0644), p[2];

	v[0] = (struct iovec){ "one", 3 }, v[1] = (struct iovec){ NULL, 0 }, v[2] = (struct iovec){ "three", 5 };
	SHOW(writev(fd, v, 3));
	SHOW(lseek(fd, 0, SEEK_SET));
	v[0] = (struct iovec){ a, 2 }, v[1] = (struct iovec){ b, 4 }, v[2] = (struct iovec){ c, 7 };
	SHOW(readv(fd, v, 3));
	printf("%s|%s|%s\n", a, b, c);
	SHOW(readv(fd, v, 3));
	SHOW(preadv(fd, v, 2, 3));
	printf("%s|%s\n", a, b);
	SHOW(pwritev(fd, v, 2, 100));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(preadv(fd, v, 1, -1));
	SHOW(readv(fd, v, 0));
	SHOW(readv(fd, v, -1));
	SHOW(readv(fd, v, 1025));
	SHOW(readv(fd, BAD_PTR, 1));
	v[1] = (struct iovec){ a, -1 };
	SHOW(readv(fd, v, 2));
	v[0] = (struct iovec){ "ok", 2 }, v[1] = (struct iovec){ BAD_PTR, 5 };
	SHOW(pwritev(fd, v, 2, 0));
	v[0] = (struct iovec){ BAD_PTR, 5 }, v[1] = (struct iovec){ "ok", 2 };
	SHOW(pwritev(fd, v, 2, 0));
	v[0] = (struct iovec){ a, 2 }, v[1] = (struct iovec){ BAD_PTR, 5 };
	SHOW(preadv(fd, v, 2, 0));
	for (int i = 0; i < 1024; i++)
		v[i] = (struct iovec){ "x", 1 };
	SHOW(pwritev(fd, v, 1024, 0));
	pipe(p);
	SHOW(writev(p[1], v, 1024));
	v[0] = (struct iovec){ a, 3 }, v[1] = (struct iovec){ b, 3 };
	SHOW(readv(p[0], v, 2));
	SHOW(preadv(p[0], v, 2, 0));
	SHOW(readv(-1, v, 2));
	SHOW(readv(open("f", O_WRONLY), v, 2));
	SHOW(writev(open("f", O_RDONLY), v, 2));
	SHOW(readv(open(".", O_RDONLY), v, 2));
}
int main(void)
{
	in_both(all);
	return 0;
}
