/* stat, lstat, fstat, fstatat, statx: types, modes, sizes, links, times that utimensat set. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <utime.h>

#include "show.h"

static void tell(const char *what, const struct stat *st)
{
	printf("%s: mode %o nlink %lu size %ld mine %d\n", what, st->st_mode, S_ISDIR(st->st_mode) ? 0ul : (unsigned long)st->st_nlink,
		S_ISDIR(st->st_mode) ? 0l : (long)st->st_size, st->st_uid == getuid() && st->st_gid == getgid());
}

static void times(const char *what)
{
	struct stat st;

	stat("file", &st);
	printf("%s: %ld.%09ld %ld.%09ld\n", what, (long)st.st_atim.tv_sec, st.st_atim.tv_nsec, (long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

int main(void)
{
	struct timespec ts[2] = { { 1000, 5 }, { 2000, 7 } };
	struct timeval tv[2] = { { 3000, 1 }, { 4000, 999999 } };
	struct utimbuf ub = { 50, 60 };
	struct statx sx;
	struct stat st, st2;
	int fd, dir;

	umask(027);
	fd = open("file", O_RDWR | O_CREAT, 0666);
	SHOW(write(fd, "hello", 5));
	SHOW(mkdir("dir", 0777));
	SHOW(symlink("file", "link"));
	SHOW(symlink("/nowhere/at/all", "broken"));
	SHOW(mkfifo("fifo", 0644));
	SHOW(stat("file", &st)); tell("file", &st);
	SHOW(fstat(fd, &st2)); tell("fd", &st2);
	printf("same %d\n", st.st_ino == st2.st_ino && st.st_dev == st2.st_dev);
	SHOW(stat("dir", &st)); tell("dir", &st);
	SHOW(stat("link", &st)); tell("link", &st);
	SHOW(lstat("link", &st)); tell("link itself", &st);
	SHOW(lstat("broken", &st)); tell("broken", &st);
	SHOW(stat("broken", &st));
	SHOW(stat("fifo", &st)); tell("fifo", &st);
	SHOW(stat("file/", &st));
	SHOW(stat("dir/", &st));
	SHOW(lstat("link/", &st));
	dir = open("dir", O_RDONLY);
	SHOW(fstatat(dir, "../file", &st, 0)); tell("../file", &st);
	SHOW(fstatat(dir, "", &st, AT_EMPTY_PATH)); tell("empty", &st);
	SHOW(fstatat(dir, "", &st, 0));
	SHOW(fstatat(fd, "x", &st, 0));
	SHOW(fstatat(-1, "x", &st, 0));
	SHOW(fstatat(-1, "/", &st, 0));
	SHOW(fstatat(AT_FDCWD, "file", &st, 0x40000));
	SHOW(stat("file", BAD_PTR));
	SHOW(fstat(999, &st));
	SHOW(statx(AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &sx));
	printf("statx: %o %lu %u basic %d\n", sx.stx_mode, (unsigned long)sx.stx_size, sx.stx_nlink, (sx.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS);
	SHOW(statx(AT_FDCWD, "file", 0, 0x80000000u, &sx));
	SHOW(statx(AT_FDCWD, "file", AT_STATX_SYNC_TYPE, STATX_SIZE, &sx));
	SHOW(statx(AT_FDCWD, "nothing", 0, STATX_SIZE, &sx));
	SHOW(statx(fd, "", AT_EMPTY_PATH, STATX_SIZE, &sx));
	printf("size %lu\n", (unsigned long)sx.stx_size);

	SHOW(utimensat(AT_FDCWD, "file", ts, 0)); times("utimensat");
	ts[0].tv_nsec = UTIME_OMIT; ts[1].tv_sec = 77;
	SHOW(utimensat(AT_FDCWD, "file", ts, 0)); times("omit");
	SHOW(utimes("file", tv)); times("utimes");
	SHOW(utime("file", &ub)); times("utime");
	SHOW(futimens(fd, (struct timespec[2]){ { 9, 9 }, { 8, 8 } })); times("futimens");
	ts[0].tv_nsec = -1;
	SHOW(utimensat(AT_FDCWD, "file", ts, 0));
	ts[0].tv_nsec = 0;
	SHOW(utimensat(AT_FDCWD, "nothing", ts, 0));
	SHOW(utimensat(AT_FDCWD, "broken", ts, AT_SYMLINK_NOFOLLOW));
	SHOW(lstat("broken", &st));
	printf("broken mtime %ld\n", (long)st.st_mtime);
	SHOW(stat("/dev/null", &st));
	printf("null: %o %u:%u\n", st.st_mode & S_IFMT, major(st.st_rdev), minor(st.st_rdev));
	return 0;
}
