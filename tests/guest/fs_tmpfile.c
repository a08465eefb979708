/* O_TMPFILE: files without a name, giving them one, and what cannot be given one. */
#include "both.h"

static void all(void)
{
	char path[64], buf[8] = "";
	struct stat st;
	int fd, ex;

	mkdir("d", 0755);
	put_file("f", "x");
	fd = open("d", O_TMPFILE | O_RDWR, 0640);
	SHOW(fstat(fd, &st));
	printf("mode %o nlink %d size %d\n", st.st_mode, (int)st.st_nlink, (int)st.st_size);
	SHOW(write(fd, "hello", 5));
	SHOW(pread(fd, buf, 5, 0));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	SHOW(linkat(AT_FDCWD, path, AT_FDCWD, "d/named", AT_SYMLINK_FOLLOW));
	SHOW(fstat(fd, &st));
	SHOW(st.st_nlink);
	cat("d/named");
	SHOW(linkat(AT_FDCWD, path, AT_FDCWD, "d/named", AT_SYMLINK_FOLLOW));
	SHOW(linkat(AT_FDCWD, path, AT_FDCWD, "again", AT_SYMLINK_FOLLOW));
	SHOW(unlink("d/named"));
	SHOW(unlink("again"));
	SHOW(linkat(AT_FDCWD, path, AT_FDCWD, "third", AT_SYMLINK_FOLLOW));
	ex = open("d", O_TMPFILE | O_RDWR | O_EXCL, 0600);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ex);
	SHOW(linkat(AT_FDCWD, path, AT_FDCWD, "excl", AT_SYMLINK_FOLLOW));
	SHOW(open("d", O_TMPFILE | O_RDONLY, 0600));
	SHOW(open("d", O_TMPFILE | O_RDWR | O_CREAT, 0600));
	SHOW(open("f", O_TMPFILE | O_RDWR, 0600));
	SHOW(open("none", O_TMPFILE | O_RDWR, 0600));
	SHOW(open("d/named", O_TMPFILE | O_RDWR, 0600));
	SHOW(open("/proc", O_TMPFILE | O_RDWR, 0600));
	SHOW(rmdir("d"));
}
int main(void)
{
	in_both(all);
	return 0;
}
