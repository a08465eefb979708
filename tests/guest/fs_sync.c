/* fsync, fdatasync, syncfs, sync_file_range, readahead, posix_fadvise: which files take them, and errors. */
/* musl */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "show.h"

#define SFR(fd, off, n, fl) syscall(SYS_sync_file_range, fd, off, n, fl)
#define RA(fd, off, n) syscall(SYS_readahead, fd, off, n)
#define FADV(fd, off, n, a) syscall(SYS_fadvise64, fd, off, n, a)

int main(void)
{
	int fd = open("f", O_CREAT | O_RDWR, 0644), dir, p[2], sv[2], null = open("/dev/null", O_RDWR), path, ro, wo;

	SHOW(write(fd, "data", 4));
	dir = open(".", O_RDONLY);
	path = open("f", O_PATH);
	ro = open("f", O_RDONLY);
	wo = open("f", O_WRONLY);
	pipe(p);
	socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
	SHOW(fsync(fd));
	SHOW(fdatasync(fd));
	SHOW(fsync(ro));
	SHOW(fsync(dir));
	SHOW(fdatasync(dir));
	SHOW(fsync(p[0]));
	SHOW(fsync(sv[0]));
	SHOW(fsync(null));
	SHOW(fsync(path));
	SHOW(fsync(-1));
	SHOW(fdatasync(p[1]));
	SHOW(syncfs(fd));
	SHOW(syncfs(dir));
	SHOW(syncfs(-1));
	SHOW(syncfs(path));
	/* sync_file_range */
	SHOW(SFR(fd, 0, 0, 0));
	SHOW(SFR(fd, 0, 0, 7));
	SHOW(SFR(fd, 100, 100, 2));
	SHOW(SFR(ro, 0, 4, 7));
	SHOW(SFR(fd, 0, 0, 8));
	SHOW(SFR(fd, -1, 0, 0));
	SHOW(SFR(fd, 0, -1, 0));
	SHOW(SFR(fd, 0x7fffffffffffffff, 1, 0));
	SHOW(SFR(p[0], 0, 0, 0));
	SHOW(SFR(sv[0], 0, 0, 0));
	SHOW(SFR(null, 0, 0, 0));
	SHOW(SFR(dir, 0, 0, 0));
	SHOW(SFR(path, 0, 0, 0));
	SHOW(SFR(-1, 0, 0, 0));
	/* readahead */
	SHOW(RA(fd, 0, 4096));
	SHOW(RA(fd, 1000000, 4096));
	SHOW(RA(wo, 0, 4096));
	SHOW(RA(p[0], 0, 4096));
	SHOW(RA(dir, 0, 4096));
	SHOW(RA(-1, 0, 4096));
	/* posix_fadvise */
	for (int a = 0; a < 7; a++)
		SHOW(FADV(fd, 0, 0, a));
	SHOW(FADV(fd, 0, -1, 0));
	SHOW(FADV(fd, -5, 10, 0));
	SHOW(FADV(p[0], 0, 0, 0));
	SHOW(FADV(sv[0], 0, 0, 99));
	SHOW(FADV(dir, 0, 0, 0));
	SHOW(FADV(null, 0, 0, 3));
	SHOW(FADV(-1, 0, 0, 0));
	SHOW(FADV(path, 0, 0, 0));
	sync();
	return 0;
}
