/* getdents64: offsets, seeking to them, small buffers, a directory that changes while it is read, its end. */
#include "both.h"

#include <dirent.h>
static void all(void)
{
	char name[32], buf[1024];
	struct dirent *e;
	long where[64], n = 0, count = 0, fd;
	DIR *d;

	mkdir("d", 0755);
	for (int i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "d/name%d", i);
		close(open(name, O_CREAT | O_WRONLY, 0600));
	}
	d = opendir("d");
	char names[64][32];
	while ((where[n] = telldir(d)), (e = readdir(d))) {
		strcpy(names[n], e->d_name);
		n++;
	}
	SHOW(n);
	int ok = 1;
	for (int i = n - 1; i >= 0; i -= 7) {
		seekdir(d, where[i]);
		e = readdir(d);
		ok &= e && !strcmp(e->d_name, names[i]);
	}
	SHOW(ok);
	rewinddir(d);
	while (readdir(d))
		count++;
	SHOW(count);
	/* removing while reading: every name is seen that was there all the time */
	rewinddir(d);
	count = 0;
	while ((e = readdir(d)))
		if (e->d_name[0] == 110) {
			snprintf(name, sizeof(name), "d/%.20s", e->d_name);
			unlink(name);
			count++;
		}
	SHOW(count);
	closedir(d);
	fd = open("d", O_RDONLY | O_DIRECTORY);
	SHOW(syscall(SYS_getdents64, fd, buf, 10));
	SHOW(syscall(SYS_getdents64, fd, buf, 24));
	SHOW(syscall(SYS_getdents64, fd, buf, sizeof(buf)));
	SHOW(syscall(SYS_getdents64, fd, buf, sizeof(buf)));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(syscall(SYS_getdents64, fd, BAD_PTR, sizeof(buf)));
	SHOW(syscall(SYS_getdents64, fd, buf, sizeof(buf)));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(syscall(SYS_getdents, fd, buf, sizeof(buf)));
	SHOW(read(fd, buf, 10));
	SHOW(write(fd, buf, 10));
	SHOW(rmdir("d"));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(syscall(SYS_getdents64, fd, buf, sizeof(buf)));
	SHOW(openat(fd, "x", O_CREAT | O_WRONLY, 0600));
	SHOW(openat(fd, ".", O_RDONLY) >= 0);
	SHOW(mkdirat(fd, "x", 0700));
	put_file("file", "x");
	fd = open("file", O_RDONLY);
	SHOW(syscall(SYS_getdents64, fd, buf, sizeof(buf)));
	SHOW(syscall(SYS_getdents64, -1, buf, sizeof(buf)));
	SHOW(open("file", O_RDONLY | O_DIRECTORY));
}
int main(void)
{
	in_both(all);
	return 0;
}
