/* openat2's RESOLVE_CACHED on tmpfs, where all names are in memory: what is opened, and what is left to a call that may wait. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "show.h"

static long cached(int dir, const char *path, unsigned long long flags)
{
	struct { unsigned long long flags, mode, resolve; } how = { flags, flags & (O_CREAT | 020000000) ? 0600 : 0, 0x20 };
	long fd = syscall(437, dir, path, &how, sizeof(how));

	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

int main(void)
{
	char top[] = "/dev/shm/cached-XXXXXX";
	int dir;

	if (!mkdtemp(top) || chdir(top))
		return 1;
	mkdir("sub", 0755);
	close(open("sub/file", O_CREAT | O_WRONLY, 0644));
	symlink("sub/file", "link");
	dir = open("sub", O_RDONLY);
	SHOW(cached(AT_FDCWD, "sub/file", O_RDONLY));
	SHOW(cached(AT_FDCWD, "sub/file", O_RDWR));
	SHOW(cached(AT_FDCWD, "sub/../link", O_RDONLY));
	SHOW(cached(dir, "file", O_WRONLY));
	SHOW(cached(dir, "file", O_PATH));
	SHOW(cached(AT_FDCWD, "link", O_NOFOLLOW));
	SHOW(cached(AT_FDCWD, "sub/file", O_DIRECTORY));
	SHOW(cached(AT_FDCWD, "sub/file", O_CREAT | O_RDONLY));
	SHOW(cached(AT_FDCWD, "sub/file", O_TRUNC | O_WRONLY));
	SHOW(cached(AT_FDCWD, "sub", O_TMPFILE | O_WRONLY));
	SHOW(cached(99, "file", O_RDONLY));
	unlink("sub/file");
	unlink("link");
	rmdir("sub");
	return rmdir(top);
}
