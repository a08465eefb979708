/* Directories: reading with small and large buffers, positions, changes while reading, types. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "show.h"

static int by_name(const void *a, const void *b) { return strcmp(*(char **)a, *(char **)b); }

static void list(const char *dir)
{
	char *names[600], all = 0;
	int n = 0;
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d)) && n < 600) {
		char text[300];

		snprintf(text, sizeof(text), "%s:%d", e->d_name, e->d_type);
		names[n++] = strdup(text);
	}
	if (d)
		closedir(d);
	qsort(names, n, sizeof(*names), by_name);
	printf("%s: %d entries\n", dir, n);
	for (int i = 0; i < n && (n < 20 || all); i++)
		printf("  %s\n", names[i]);
}

int main(void)
{
	char name[300], buf[64];
	long pos[8], count = 0;
	struct dirent *e;
	DIR *d;
	int fd;

	SHOW(mkdir("d", 0755));
	SHOW(mkdir("d/sub", 0755));
	SHOW(symlink("x", "d/link"));
	SHOW(mkfifo("d/fifo", 0644));
	close(open("d/file", O_CREAT | O_RDWR, 0644));
	list("d");
	fd = open("d", O_RDONLY | O_DIRECTORY);
	SHOW(syscall(SYS_getdents64, fd, buf, 10));
	SHOW(syscall(SYS_getdents64, fd, buf, 64) > 0);
	SHOW(syscall(SYS_getdents64, fd, BAD_PTR, 64));
	SHOW(read(fd, buf, 10));
	SHOW(write(fd, buf, 10));
	SHOW(syscall(SYS_getdents64, 0, buf, 64));
	SHOW(syscall(SYS_getdents64, 999, buf, 64));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(syscall(SYS_getdents, fd, buf, 64) > 0);
	SHOW(close(fd));
	SHOW(mkdir("many", 0755));
	for (int i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "many/a-rather-long-name-of-a-file-%d", i);
		close(open(name, O_CREAT | O_WRONLY, 0644));
	}
	list("many");
	/* Seeking back reads the same names again. */
	d = opendir("many");
	for (int i = 0; i < 8; i++) {
		pos[i] = telldir(d);
		readdir(d);
	}
	for (int i = 0; i < 8; i++) {
		char first[256];

		seekdir(d, pos[i]);
		e = readdir(d);
		strcpy(first, e ? e->d_name : "");
		seekdir(d, pos[i]);
		e = readdir(d);
		printf("%d", e && !strcmp(first, e->d_name));
	}
	printf("\n");
	rewinddir(d);
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "many/%.255s", e->d_name);
		count += unlink(name) == 0;
	}
	printf("removed %ld\n", count);
	closedir(d);
	list("many");
	SHOW(rmdir("many"));
	SHOW(rmdir("d"));
	fd = open("d/sub", O_RDONLY);
	SHOW(rmdir("d/sub"));
	SHOW(syscall(SYS_getdents64, fd, buf, 64));
	SHOW(openat(fd, "x", O_CREAT | O_WRONLY, 0644));
	SHOW(mkdirat(fd, "x", 0755));
	SHOW(openat(fd, "..", O_RDONLY) >= 0);
	SHOW(mkdir("d/x/", 0755));
	SHOW(mkdir("d/y/z", 0755));
	SHOW(rmdir("d/x/"));
	SHOW(mkdir("/", 0755));
	SHOW(mkdir(".", 0755));
	SHOW(rmdir("/"));
	SHOW(rmdir(".."));
	SHOW(rmdir("d/."));
	return 0;
}
