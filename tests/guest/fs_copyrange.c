/* copy_file_range and sendfile: positions, ends, overlap, holes, pipes and sockets, errors. */
#include "both.h"

#include <sys/sendfile.h>
#include <sys/socket.h>
static void all(void)
{
	static char buf[100000], back[100000];
	int a = open("a", O_CREAT | O_RDWR, 0644), b = open("b", O_CREAT | O_RDWR, 0644), p[2], sv[2], ap, ro, wo, dir;
	long oi, oo;

	for (unsigned i = 0; i < sizeof(buf); i++)
		buf[i] = i * 3 + i / 255;
	SHOW(write(a, buf, sizeof(buf)) == sizeof(buf));
	oi = 10, oo = 5;
	SHOW(copy_file_range(a, &oi, b, &oo, 1000, 0));
	printf("%ld %ld\n", oi, oo);
	SHOW(pread(b, back, 2000, 0));
	SHOW(back[0] == 0 && !memcmp(back + 5, buf + 10, 1000));
	SHOW(lseek(a, 0, SEEK_CUR) == sizeof(buf) && lseek(b, 0, SEEK_CUR) == 0);
	SHOW(copy_file_range(a, NULL, b, NULL, 10, 0));
	lseek(a, 99990, SEEK_SET);
	SHOW(copy_file_range(a, NULL, b, NULL, 100, 0));
	SHOW(lseek(a, 0, SEEK_CUR));
	SHOW(lseek(b, 0, SEEK_CUR));
	oi = 0, oo = 50;
	SHOW(copy_file_range(a, &oi, a, &oo, 100, 0));
	oi = 0, oo = 200;
	SHOW(copy_file_range(a, &oi, a, &oo, 100, 0));
	oi = 1000000;
	SHOW(copy_file_range(a, &oi, b, NULL, 10, 0));
	oi = -1;
	SHOW(copy_file_range(a, &oi, b, NULL, 10, 0));
	SHOW(copy_file_range(a, BAD_PTR, b, NULL, 10, 0));
	SHOW(copy_file_range(a, NULL, b, NULL, 10, 1));
	ap = open("b", O_WRONLY | O_APPEND), ro = open("b", O_RDONLY), wo = open("a", O_WRONLY), dir = open(".", O_RDONLY);
	pipe(p);
	SHOW(copy_file_range(a, NULL, ap, NULL, 10, 0));
	SHOW(copy_file_range(a, NULL, ro, NULL, 10, 0));
	SHOW(copy_file_range(wo, NULL, b, NULL, 10, 0));
	SHOW(copy_file_range(dir, NULL, b, NULL, 10, 0));
	SHOW(copy_file_range(p[0], NULL, b, NULL, 10, 0));
	SHOW(copy_file_range(a, NULL, p[1], NULL, 10, 0));
	SHOW(copy_file_range(-1, NULL, b, NULL, 10, 0));
	SHOW(copy_file_range(a, NULL, -1, NULL, 10, 0));
	/* sendfile */
	oi = 7;
	SHOW(sendfile(p[1], a, &oi, 20));
	SHOW(oi);
	SHOW(read(p[0], back, 100));
	SHOW(memcmp(back, buf + 7, 20));
	socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
	lseek(a, 100, SEEK_SET);
	SHOW(sendfile(sv[0], a, NULL, 500));
	SHOW(lseek(a, 0, SEEK_CUR));
	SHOW(read(sv[1], back, 1000));
	lseek(b, 0, SEEK_SET);
	ftruncate(b, 0);
	oi = 0;
	SHOW(sendfile(b, a, &oi, 1000000));
	SHOW(lseek(b, 0, SEEK_CUR));
	SHOW(sendfile(b, a, &oi, 10));
	SHOW(sendfile(ap, a, &oi, 10));
	SHOW(sendfile(ro, a, &oi, 10));
	SHOW(sendfile(b, wo, &oi, 10));
	SHOW(sendfile(b, p[0], NULL, 10));
	SHOW(sendfile(b, dir, NULL, 10));
	SHOW(sendfile(b, a, BAD_PTR, 10));
	oi = -1;
	SHOW(sendfile(b, a, &oi, 10));
	SHOW(sendfile(-1, a, NULL, 10));
	SHOW(sendfile(b, -1, NULL, 10));
	SHOW(sendfile(b, a, NULL, 0));
}
int main(void)
{
	in_both(all);
	return 0;
}
