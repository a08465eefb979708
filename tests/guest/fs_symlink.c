/* Symlinks: chains up to the limit, relative and absolute targets, trailing slashes, creation through a dangling one. */
#include <fcntl.h>
#include <sys/stat.h>

#include "show.h"

int main(void)
{
	char a[64], b[64], buf[256];
	struct stat st;
	int fd;

	close(open("l0", O_CREAT | O_WRONLY, 0644));
	for (int i = 1; i <= 42; i++) {
		snprintf(a, sizeof(a), "l%d", i - 1);
		snprintf(b, sizeof(b), "l%d", i);
		symlink(a, b);
	}
	SHOW(stat("l39", &st));
	SHOW(stat("l40", &st));
	SHOW(stat("l41", &st));
	SHOW(open("l42", O_RDONLY));
	SHOW(mkdir("d", 0755));
	SHOW(mkdir("d/e", 0755));
	SHOW(symlink("d/e", "de"));
	SHOW(symlink("../..", "d/e/up"));
	SHOW(symlink("de/", "slash"));
	SHOW(symlink("l0/", "file-slash"));
	SHOW(stat("de/up/l0", &st));
	SHOW(stat("slash/up/slash/up/l0", &st));
	SHOW(stat("file-slash", &st));
	SHOW(lstat("file-slash", &st));
	SHOW(lstat("de", &st));
	SHOW(S_ISLNK(st.st_mode));
	SHOW(lstat("de/", &st));
	SHOW(S_ISDIR(st.st_mode));
	SHOW(lstat("de/.", &st));
	SHOW(symlink("made", "dangling"));
	SHOW(access("dangling", F_OK));
	SHOW(close(open("dangling", O_CREAT | O_WRONLY, 0644)));
	SHOW(access("made", F_OK));
	SHOW(open("dangling", O_CREAT | O_EXCL | O_WRONLY, 0644));
	SHOW(symlink("nodir/x", "bad"));
	SHOW(open("bad", O_CREAT | O_WRONLY, 0644));
	SHOW(open("de", O_RDONLY | O_NOFOLLOW));
	SHOW(open("de/", O_RDONLY | O_NOFOLLOW) >= 0);
	fd = open("de", O_PATH | O_NOFOLLOW);
	SHOW(readlinkat(fd, "", buf, sizeof(buf)));
	SHOW(fstat(fd, &st));
	SHOW(S_ISLNK(st.st_mode));
	SHOW(read(fd, buf, 1));
	SHOW(readlink("l0", buf, 4));
	SHOW(readlink("de/", buf, 4));
	SHOW(mkdir("dangling2", 0755) == 0 ? rmdir("dangling2") : -1);
	SHOW(symlink("zz", "zl"));
	SHOW(mkdir("zl", 0755));
	SHOW(mkdir("zl/", 0755));
	SHOW(unlink("de/"));
	SHOW(rmdir("de"));
	SHOW(unlink("de"));
	SHOW(rename("zl", "zl2"));
	SHOW(readlink("zl2", buf, sizeof(buf)));
	SHOW(symlink("a", "l0/x"));
	memset(buf, 'y', sizeof(buf));
	buf[255] = 0;
	SHOW(symlink(buf, "long"));
	SHOW(readlink("long", buf, sizeof(buf)));
	SHOW(stat("long", &st));
	SHOW(symlink("loop2", "loop1"));
	SHOW(symlink("loop1", "loop2"));
	SHOW(stat("loop1/x", &st));
	SHOW(chdir("loop1"));
	SHOW(unlink("loop1"));
	return 0;
}
