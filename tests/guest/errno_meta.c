/* stat family, chmod, chown, truncate, utimensat, statfs, flock, fsync, sendfile, getdents64: success and errors. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>

#include "show.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(void)
{
	struct stat st;
	struct statfs fs;
	struct timespec ts[2] = { { 1000, 500 }, { 2000, 600 } }, bad[2] = { { 0, 2000000000 }, { 0, 0 } };
	int fd, ro, dir, p[2], out, neither;
	off_t off = 1;
	char buf[1024], *names[8];
	unsigned count = 0;

	umask(0);
	fd = open("file", O_RDWR | O_CREAT, 0640);
	ro = open("file", O_RDONLY);
	out = open("out", O_RDWR | O_CREAT, 0600);
	mkdir("dir", 0755);
	dir = open("dir", O_RDONLY | O_DIRECTORY);
	if (pipe(p) || symlink("file", "link") || symlink("loop", "loop"))
		return 1;
	SHOW(write(fd, "0123456789", 10));

	SHOW(syscall(SYS_stat, "file", &st));
	SHOW(st.st_size);
	SHOW(st.st_mode == (S_IFREG | 0640));
	SHOW(syscall(SYS_stat, "link", &st));
	SHOW(S_ISREG(st.st_mode));
	SHOW(syscall(SYS_lstat, "link", &st));
	SHOW(S_ISLNK(st.st_mode) && st.st_size == 4);
	SHOW(syscall(SYS_stat, "nothing", &st));
	SHOW(syscall(SYS_stat, "loop", &st));
	SHOW(syscall(SYS_stat, "file/x", &st));
	SHOW(syscall(SYS_stat, BAD_PTR, &st));
	SHOW(syscall(SYS_stat, "file", BAD_PTR));
	SHOW(syscall(SYS_stat, "", &st));
	SHOW(syscall(SYS_fstat, fd, &st));
	SHOW(syscall(SYS_fstat, -1, &st));
	SHOW(syscall(SYS_fstat, fd, BAD_PTR));
	SHOW(syscall(SYS_fstat, p[0], &st));
	SHOW(S_ISFIFO(st.st_mode));
	SHOW(syscall(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH));
	SHOW(syscall(SYS_newfstatat, fd, "x", &st, 0));
	SHOW(syscall(SYS_newfstatat, AT_FDCWD, "file", &st, 0x40000));
	SHOW(syscall(SYS_newfstatat, -5, "file", &st, 0));

	SHOW(chmod("file", 0604));
	SHOW(stat("file", &st));
	SHOW((st.st_mode & 07777) == 0604);
	SHOW(chmod("nothing", 0600));
	SHOW(chmod("loop", 0600));
	SHOW(chmod(BAD_PTR, 0600));
	SHOW(fchmod(fd, 0640));
	SHOW(fchmod(-1, 0640));
	SHOW(chown("file", -1, -1));
	SHOW(chown("nothing", -1, -1));
	SHOW(lchown("loop", -1, -1));
	SHOW(fchown(fd, -1, -1));
	SHOW(fchown(-1, -1, -1));
	SHOW(fchownat(fd, "", -1, -1, AT_EMPTY_PATH));
	SHOW(fchownat(AT_FDCWD, "file", -1, -1, 1));

	SHOW(truncate("file", 5));
	SHOW(truncate("file", -1));
	SHOW(truncate("dir", 0));
	SHOW(truncate("nothing", 0));
	SHOW(truncate(BAD_PTR, 0));
	SHOW(ftruncate(fd, 20));
	SHOW(ftruncate(fd, -1));
	SHOW(ftruncate(ro, 1));
	SHOW(ftruncate(p[1], 1));
	SHOW(ftruncate(-1, 1));
	SHOW(pread(fd, buf, 20, 0));
	SHOW(memcmp(buf, "01234\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20));

	SHOW(utimensat(AT_FDCWD, "file", ts, 0));
	SHOW(stat("file", &st));
	SHOW(st.st_atim.tv_sec == 1000 && st.st_mtim.tv_sec == 2000 && st.st_mtim.tv_nsec == 600);
	SHOW(utimensat(AT_FDCWD, "file", bad, 0));
	SHOW(utimensat(AT_FDCWD, "nothing", ts, 0));
	SHOW(syscall(SYS_utimensat, AT_FDCWD, "file", BAD_PTR, 0));
	SHOW(utimensat(AT_FDCWD, "file", ts, 77));
	SHOW(futimens(fd, NULL));
	SHOW(futimens(-1, ts));

	SHOW(statfs(".", &fs));
	SHOW(fs.f_bsize > 0 && fs.f_namelen >= 255);
	SHOW(statfs("nothing", &fs));
	SHOW(statfs(".", BAD_PTR));
	SHOW(fstatfs(fd, &fs));
	SHOW(fstatfs(-1, &fs));

	SHOW(flock(fd, LOCK_EX));
	SHOW(flock(ro, LOCK_EX | LOCK_NB));
	SHOW(flock(fd, LOCK_UN));
	SHOW(flock(ro, LOCK_SH | LOCK_NB));
	SHOW(flock(fd, 0x10));
	neither = open("locked", O_CREAT | O_ACCMODE, 0600);
	SHOW(flock(neither, LOCK_SH));
	SHOW(flock(neither, LOCK_EX | LOCK_NB));
	SHOW(flock(neither, LOCK_UN));
	SHOW(flock(-1, LOCK_SH));
	SHOW(fsync(fd));
	SHOW(fsync(p[0]));
	SHOW(fsync(-1));
	SHOW(fdatasync(fd));
	SHOW(fdatasync(-1));

	SHOW(sendfile(out, fd, &off, 3));
	SHOW(off);
	SHOW(sendfile(out, fd, NULL, 0));
	SHOW(sendfile(-1, fd, NULL, 1));
	SHOW(sendfile(out, -1, NULL, 1));
	SHOW(sendfile(ro, fd, NULL, 1));
	SHOW(sendfile(out, fd, BAD_PTR, 1));
	SHOW(pread(out, buf, 10, 0));
	SHOW(memcmp(buf, "123", 3));

	SHOW(mkdir("dir/sub", 0755));
	SHOW(close(open("dir/.hidden", O_CREAT | O_WRONLY, 0600)));
	SHOW(close(open("dir/name", O_CREAT | O_WRONLY, 0600)));
	for (;;) {
		long n = syscall(SYS_getdents64, dir, buf, sizeof(buf));

		if (n <= 0)
			break;
		for (long at = 0; at < n && count < 8;) {
			struct dirent *d = (void *)(buf + at);

			asprintf(&names[count++], "%s type %d", d->d_name, d->d_type);
			at += d->d_reclen;
		}
	}
	qsort(names, count, sizeof(names[0]), by_name);
	for (unsigned i = 0; i < count; i++)
		printf("entry %s\n", names[i]);
	SHOW(syscall(SYS_getdents64, fd, buf, sizeof(buf)));
	SHOW(syscall(SYS_getdents64, -1, buf, sizeof(buf)));
	SHOW(lseek(dir, 0, SEEK_SET));
	SHOW(syscall(SYS_getdents64, dir, buf, 1));
	SHOW(syscall(SYS_getdents64, dir, BAD_PTR, 1024));
	SHOW(mknod("fifo", S_IFIFO | 0600, 0));
	SHOW(stat("fifo", &st));
	SHOW(S_ISFIFO(st.st_mode));
	SHOW(mknod("fifo", S_IFIFO | 0600, 0));
	SHOW(mknod("bad", S_IFLNK | 0600, 0));
	SHOW(umask(027));
	SHOW(umask(0));
	return 0;
}
