/* Opening what /proc/self/fd names: other access, unlinked files, directories, pipes, O_PATH descriptors. */
#include "both.h"

static int re(int fd, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags);
}

static void all(void)
{
	char buf[256] = "", path[64];
	struct stat st, st2;
	int fd = open("f", O_CREAT | O_RDWR, 0644), r, p[2], o;

	SHOW(write(fd, "content", 7));
	r = re(fd, O_RDONLY);
	SHOW(read(r, buf, 3));
	SHOW(write(r, "x", 1));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(unlink("f"));
	r = re(fd, O_RDWR);
	SHOW(read(r, buf, 100));
	SHOW(write(r, "+", 1));
	SHOW(fstat(fd, &st) | fstat(r, &st2));
	SHOW(st.st_ino == st2.st_ino && st.st_size == 8 && st.st_nlink == 0);
	SHOW(re(fd, O_RDWR | O_TRUNC) >= 0);
	SHOW(fstat(fd, &st) == 0 && st.st_size == 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	memset(buf, 0, sizeof(buf));
	SHOW(readlink(path, buf, 255) > 0);
	SHOW(strlen(buf) > 10 && !strcmp(buf + strlen(buf) - 12, "/f (deleted)"));
	SHOW(linkat(AT_FDCWD, path, AT_FDCWD, "back", AT_SYMLINK_FOLLOW));
	SHOW(re(fd, O_RDONLY | O_DIRECTORY));
	SHOW(re(fd, O_RDONLY | O_NOFOLLOW));
	SHOW(re(fd, O_PATH | O_NOFOLLOW) >= 0);
	/* directories */
	mkdir("d", 0755);
	put_file("d/in", "inside");
	o = open("d", O_PATH);
	r = re(o, O_RDONLY | O_DIRECTORY);
	SHOW(r >= 0);
	SHOW(openat(o, "in", O_RDONLY) >= 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d/in", o);
	cat("d/in");
	SHOW(access(path, R_OK));
	SHOW(rename("d", "e"));
	SHOW(access(path, R_OK));
	snprintf(path, sizeof(path), "/proc/self/fd/%d/..", o);
	SHOW(stat(path, &st) | stat(".", &st2));
	SHOW(st.st_ino == st2.st_ino);
	SHOW(unlink("e/in") | rmdir("e"));
	SHOW(openat(o, "in", O_RDONLY));
	SHOW(re(o, O_RDONLY) >= 0);
	/* O_PATH of a file */
	put_file("g", "g");
	o = open("g", O_PATH);
	SHOW(read(o, buf, 1));
	SHOW(fchmod(o, 0600));
	r = re(o, O_RDWR);
	SHOW(read(r, buf, 1));
	SHOW(unlink("g"));
	SHOW(re(o, O_RDONLY) >= 0);
	/* pipes */
	pipe(p);
	SHOW(write(p[1], "pipe", 4));
	r = re(p[0], O_RDONLY | O_NONBLOCK);
	SHOW(read(r, buf, 2));
	SHOW(read(p[0], buf, 2));
	SHOW(read(r, buf, 2));
	r = re(p[0], O_WRONLY);
	SHOW(write(r, "other", 5));
	SHOW(read(p[0], buf, 10));
	SHOW(open("/proc/self/fd/999", O_RDONLY));
	SHOW(open("/proc/self/fd/x", O_RDONLY));
}
int main(void)
{
	in_both(all);
	return 0;
}
