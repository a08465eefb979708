/* statfs and fstatfs: sizes that make sense, descriptors of every kind, errors. */
#include "both.h"

#include <sys/vfs.h>
static void all(void)
{
	struct statfs a, b;
	int fd, p[2];

	put_file("f", "x");
	fd = open("f", O_RDONLY);
	SHOW(statfs("f", &a));
	SHOW(fstatfs(fd, &b));
	SHOW(a.f_type == b.f_type && a.f_bsize == b.f_bsize && a.f_namelen == 255);
	SHOW(!memcmp(&a.f_fsid, &b.f_fsid, sizeof(a.f_fsid)));
	SHOW(a.f_bfree <= a.f_blocks && a.f_bavail <= a.f_bfree);
	SHOW(statfs(".", &a));
	SHOW(statfs("none", &a));
	SHOW(statfs("f/x", &a));
	SHOW(statfs("", &a));
	SHOW(statfs(BAD_PTR, &a));
	SHOW(statfs("f", BAD_PTR));
	SHOW(fstatfs(-1, &a));
	SHOW(fstatfs(fd, BAD_PTR));
	SHOW(fstatfs(open("f", O_PATH), &a));
	pipe(p);
	SHOW(fstatfs(p[0], &a));
	SHOW(a.f_type == 0x50495045);
	SHOW(statfs("/proc", &a));
	SHOW(a.f_type == 0x9fa0);
	SHOW(statfs("/dev/shm", &a));
	SHOW(a.f_type == 0x1021994);
	symlink("f", "l"); symlink("none", "dang");
	SHOW(statfs("l", &a));
	SHOW(statfs("dang", &a));
}
int main(void)
{
	in_both(all);
	return 0;
}
