/* stat, statx and fstatat: which fields are true, flags, empty paths, errors. */
#include "both.h"

#include <linux/stat.h>
#include <sys/sysmacros.h>
static void all(void)
{
	struct statx x;
	struct stat st;
	int fd, dir, path;

	umask(0);
	fd = open("f", O_CREAT | O_RDWR, 0640);
	write(fd, "12345", 5);
	symlink("f", "l");
	mkdir("d", 01751);
	mknod("p", S_IFIFO | 0604, 0);
	dir = open("d", O_RDONLY);
	path = open("l", O_PATH | O_NOFOLLOW);
	SHOW(syscall(SYS_statx, AT_FDCWD, "f", 0, STATX_BASIC_STATS, &x));
	printf("mask %d mode %o size %d nlink %d uid %d blksize %d\n", (x.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS,
		x.stx_mode, (int)x.stx_size, (int)x.stx_nlink, x.stx_uid == getuid(), x.stx_blksize >= 512);
	stat("f", &st);
	SHOW(x.stx_ino == st.st_ino && makedev(x.stx_dev_major, x.stx_dev_minor) == st.st_dev);
	SHOW(x.stx_mtime.tv_sec == st.st_mtim.tv_sec && x.stx_mtime.tv_nsec == (unsigned)st.st_mtim.tv_nsec);
	SHOW(syscall(SYS_statx, AT_FDCWD, "f", 0, STATX_BTIME | STATX_MNT_ID, &x));
	SHOW(!!(x.stx_mask & STATX_MNT_ID) && !(x.stx_attributes & STATX_ATTR_MOUNT_ROOT));
	SHOW(syscall(SYS_statx, AT_FDCWD, "l", AT_SYMLINK_NOFOLLOW, STATX_TYPE, &x) == 0 && S_ISLNK(x.stx_mode) && x.stx_size == 1);
	SHOW(syscall(SYS_statx, AT_FDCWD, "l", 0, STATX_TYPE, &x) == 0 && S_ISREG(x.stx_mode));
	SHOW(syscall(SYS_statx, dir, "", AT_EMPTY_PATH, STATX_TYPE, &x) == 0 && S_ISDIR(x.stx_mode));
	SHOW(syscall(SYS_statx, path, "", AT_EMPTY_PATH, STATX_TYPE, &x) == 0 && S_ISLNK(x.stx_mode));
	SHOW(syscall(SYS_statx, dir, "", 0, STATX_TYPE, &x));
	SHOW(syscall(SYS_statx, dir, "../f", 0, STATX_TYPE, &x));
	SHOW(syscall(SYS_statx, fd, "x", 0, STATX_TYPE, &x));
	SHOW(syscall(SYS_statx, -1, "f", 0, STATX_TYPE, &x));
	SHOW(syscall(SYS_statx, -1, "", AT_EMPTY_PATH, STATX_TYPE, &x));
	SHOW(syscall(SYS_statx, AT_FDCWD, "f", 0x6000, STATX_TYPE, &x));
	SHOW(syscall(SYS_statx, AT_FDCWD, "f", 0x2000, STATX_TYPE, &x));
	SHOW(syscall(SYS_statx, AT_FDCWD, "f", 0x100000, STATX_TYPE, &x));
	SHOW(syscall(SYS_statx, AT_FDCWD, "f", 0, 0x80000000, &x));
	SHOW(syscall(SYS_statx, AT_FDCWD, "f", 0, STATX_TYPE, BAD_PTR));
	SHOW(syscall(SYS_statx, AT_FDCWD, BAD_PTR, 0, STATX_TYPE, &x));
	SHOW(stat("d", &st) == 0 && st.st_mode == (S_IFDIR | 01751));
	SHOW(stat("p", &st) == 0 && st.st_mode == (S_IFIFO | 0604) && st.st_size == 0);
	SHOW(fstatat(dir, "", &st, AT_EMPTY_PATH) == 0 && S_ISDIR(st.st_mode));
	SHOW(fstatat(path, "", &st, AT_EMPTY_PATH) == 0 && S_ISLNK(st.st_mode));
	SHOW(fstat(path, &st) == 0 && S_ISLNK(st.st_mode));
	SHOW(fstatat(AT_FDCWD, "f", &st, 0x4000));
	SHOW(fstatat(AT_FDCWD, "none", &st, 0));
	SHOW(fstat(fd, BAD_PTR));
	SHOW(stat("f", BAD_PTR));
	SHOW(link("f", "h"));
	SHOW(fstat(fd, &st) == 0 && st.st_nlink == 2);
	SHOW(unlink("f") | unlink("h"));
	SHOW(fstat(fd, &st) == 0 && st.st_nlink == 0 && st.st_size == 5);
	lseek(fd, 1 << 20, SEEK_SET);
	write(fd, "x", 1);
	SHOW(fstat(fd, &st) == 0 && st.st_size == (1 << 20) + 1 && st.st_blocks < 1000);
}
int main(void)
{
	in_both(all);
	return 0;
}
