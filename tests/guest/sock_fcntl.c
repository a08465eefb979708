/* Sockets as files: fcntl, ioctl, stat, lseek, pread, fsync, ftruncate, mmap, dup, and flags that are a socket's own. */
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include "each.h"

int main(void)
{
	FOR_EACH(k) {
		int s = make(k), t, n = 7;
		struct stat st;
		struct statfs fs;
		char c;

		title(k->name);
		fstat(s, &st);
		printf("mode %o, links %d, size %d, blocksize %d\n", st.st_mode, (int)st.st_nlink, (int)st.st_size, (int)st.st_blksize);
		SHOW(fstatfs(s, &fs));
		printf("type %#lx\n", (long)fs.f_type);
		printf("flags %#x\n", fcntl(s, F_GETFL) & ~O_LARGEFILE);
		SHOW(fcntl(s, F_SETFL, O_NONBLOCK | O_APPEND));
		printf("flags %#x\n", fcntl(s, F_GETFL) & ~0100000);
		SHOW(lseek(s, 0, SEEK_CUR));
		SHOW(pread(s, &c, 1, 0));
		SHOW(pwrite(s, &c, 1, 0));
		SHOW(fsync(s));
		SHOW(ftruncate(s, 0));
		SHOW(fchmod(s, 0600));
		fstat(s, &st);
		printf("mode %o\n", st.st_mode);
		if (k->type != SOCK_STREAM || k->family == AF_UNIX) /* Linux maps what TCP receives */
			SHOW(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, s, 0) == MAP_FAILED ? -1 : 0);
		SHOW(fallocate(s, 0, 0, 1));
		SHOW(fchdir(s));
		SHOW(ioctl(s, FIONBIO, BAD_PTR));
		n = 0;
		SHOW(ioctl(s, FIONBIO, &n));
		printf("flags %#x\n", fcntl(s, F_GETFL) & ~0100000);
		SHOW(ioctl(s, 0x12345678, &n));
		SHOW(ioctl(s, FIOCLEX));
		SHOW(fcntl(s, F_GETFD));
		SHOW(fcntl(s, F_GETOWN));
		SHOW(fcntl(s, F_SETOWN, getpid()));
		printf("owner is me %d\n", fcntl(s, F_GETOWN) == getpid());
		SHOW(fcntl(s, F_GETSIG));
		SHOW(fcntl(s, F_SETSIG, 99));
		SHOW(fcntl(s, F_SETSIG, SIGUSR1));
		SHOW(fcntl(s, F_GETSIG) == SIGUSR1);
		SHOW(flock(s, 2));
		SHOW(fcntl(s, F_GETPIPE_SZ));
		t = dup(s);
		fcntl(t, F_SETFL, O_NONBLOCK);
		printf("shared flags %#x\n", fcntl(s, F_GETFL) & O_NONBLOCK);
		close(t);
		close(s);
	}
	return 0;
}
