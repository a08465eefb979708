/* open, close, access, unlink, mkdir, rmdir, rename, link, symlink, readlink, chdir: success and errors. */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "show.h"

int main(void)
{
	char name[5000], buf[64];
	int fd;

	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = 0;
	umask(022);
	SHOW(open("nothing", O_RDONLY));
	SHOW(open("", O_RDONLY));
	SHOW(open(BAD_PTR, O_RDONLY));
	SHOW(open(name, O_RDONLY));
	name[256] = 0;
	SHOW(open(name, O_RDONLY));
	fd = SHOW_OK(open("file", O_WRONLY | O_CREAT | O_EXCL, 0644));
	SHOW(open("file", O_WRONLY | O_CREAT | O_EXCL, 0644));
	SHOW(open("file/x", O_RDONLY));
	SHOW(open("file", O_RDONLY | O_DIRECTORY));
	SHOW(open(".", O_WRONLY));
	SHOW(open("nodir/file", O_WRONLY | O_CREAT, 0644));
	SHOW(symlink("loop", "loop"));
	SHOW(open("loop", O_RDONLY));
	SHOW(symlink("file", "link"));
	SHOW(open("link", O_RDONLY | O_NOFOLLOW));
	SHOW(open("file", O_RDONLY | O_CREAT | O_DIRECTORY, 0644) < 0);
	SHOW(close(fd));
	SHOW(close(fd));
	SHOW(close(-1));
	SHOW(openat(fd, "file", O_RDONLY));
	SHOW(openat(AT_FDCWD, "/", O_RDONLY | O_DIRECTORY) >= 0);

	SHOW(access("file", R_OK | W_OK));
	SHOW(access("file", F_OK));
	SHOW(access("nothing", F_OK));
	SHOW(access("file", 8));
	SHOW(access("file/x", F_OK));
	SHOW(access(BAD_PTR, F_OK));
	SHOW(access("loop", F_OK));

	SHOW(mkdir("dir", 0755));
	SHOW(mkdir("dir", 0755));
	SHOW(mkdir("file/x", 0755));
	SHOW(mkdir("nodir/x", 0755));
	SHOW(mkdir(BAD_PTR, 0755));
	SHOW(mkdir(name, 0755));
	SHOW(mkdir("dir/sub", 0755));
	SHOW(rmdir("dir"));
	SHOW(rmdir("dir/sub"));
	SHOW(rmdir("file"));
	SHOW(rmdir("nothing"));
	SHOW(rmdir("dir/."));
	SHOW(rmdir(BAD_PTR));
	SHOW(unlink("dir"));
	SHOW(unlink("nothing"));
	SHOW(unlink("file/x"));
	SHOW(unlink(BAD_PTR));
	SHOW(unlinkat(AT_FDCWD, "dir", AT_REMOVEDIR));
	SHOW(unlinkat(AT_FDCWD, "dir", 0x10));

	SHOW(link("file", "hard"));
	SHOW(link("file", "hard"));
	SHOW(link("nothing", "hard2"));
	SHOW(link("file", "nodir/hard"));
	SHOW(rename("hard", "hard2"));
	SHOW(rename("nothing", "x"));
	SHOW(rename("file", "nodir/x"));
	SHOW(rename(BAD_PTR, "x"));
	SHOW(mkdir("a", 0755));
	SHOW(mkdir("a/b", 0755));
	SHOW(rename("a", "a/b/c"));
	SHOW(rename("file", "a"));
	SHOW(rename("a", "file"));
	SHOW(mkdir("c", 0755));
	SHOW(rename("c", "a"));
	SHOW(readlink("link", buf, sizeof(buf)));
	SHOW(readlink("link", buf, 2));
	SHOW(readlink("file", buf, sizeof(buf)));
	SHOW(readlink("nothing", buf, sizeof(buf)));
	SHOW(readlink("link", buf, 0) < 0);
	SHOW(readlink("link", BAD_PTR, 4));
	SHOW(readlink(BAD_PTR, buf, 4));
	SHOW(symlink("x", "link"));
	SHOW(symlink("", "empty"));
	SHOW(symlink(BAD_PTR, "y"));
	SHOW(chdir("a"));
	SHOW(chdir("b"));
	SHOW(chdir("../.."));
	SHOW(chdir("file"));
	SHOW(chdir("nothing"));
	SHOW(chdir(BAD_PTR));
	SHOW(fchdir(-1));
	fd = open("file", O_RDONLY);
	SHOW(fchdir(fd));
	SHOW(syscall(SYS_getcwd, buf, 1));
	SHOW(syscall(SYS_getcwd, BAD_PTR, 4096));
	return 0;
}
