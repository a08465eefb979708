/* Hard links, files without a name, links through /proc/self/fd. */
#include <fcntl.h>
#include <sys/stat.h>

#include "show.h"

static void links(const char *name)
{
	struct stat st;

	if (stat(name, &st))
		printf("%s: %s\n", name, errno_name(errno));
	else
		printf("%s: %lu links, %ld bytes\n", name, (unsigned long)st.st_nlink, (long)st.st_size);
}

int main(void)
{
	int fd = open("a", O_CREAT | O_RDWR, 0644), n;
	char buf[200], proc[40];
	struct stat st;

	SHOW(link("a", "b"));
	links("a");
	SHOW(write(fd, "text", 4));
	links("b");
	SHOW(unlink("a"));
	links("b");
	SHOW(unlink("b"));
	SHOW(fstat(fd, &st));
	SHOW(st.st_nlink);
	SHOW(pread(fd, buf, 10, 0));
	SHOW(write(fd, "more", 4));
	SHOW(pread(fd, buf, 10, 0));
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	n = readlink(proc, buf, sizeof(buf) - 1);
	buf[n > 0 ? n : 0] = 0;
	printf("%s\n", strrchr(buf, '/'));
	SHOW(stat(proc, &st));
	SHOW(st.st_size);
	SHOW(linkat(AT_FDCWD, proc, AT_FDCWD, "again", AT_SYMLINK_FOLLOW));
	fd = open("c", O_CREAT | O_RDWR, 0644);
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	SHOW(linkat(AT_FDCWD, proc, AT_FDCWD, "c2", AT_SYMLINK_FOLLOW));
	links("c2");
	SHOW(symlink("c", "s"));
	SHOW(link("s", "s2"));
	SHOW(lstat("s2", &st));
	SHOW(S_ISLNK(st.st_mode));
	SHOW(linkat(AT_FDCWD, "s", AT_FDCWD, "s3", AT_SYMLINK_FOLLOW));
	links("s3");
	SHOW(mkdir("d", 0755));
	SHOW(link("d", "d2"));
	SHOW(link("c", "d/c"));
	SHOW(link("c", "d"));
	SHOW(link("c", "new/"));
	SHOW(link("c/", "new"));
	SHOW(linkat(AT_FDCWD, "c", AT_FDCWD, "x", 0x8000));
	SHOW(link("c", "/proc/x"));
	SHOW(unlinkat(AT_FDCWD, "d/c", 0));
	links("c");
	return 0;
}
