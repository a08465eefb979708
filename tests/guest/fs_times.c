/* What changes which times: writes, reads, names, links, modes; utimensat with its special values. */
#include "both.h"

#include <sys/time.h>
static struct timespec mark[2] = { { 1000, 1 }, { 2000, 2 } };
static void reset(const char *n) { utimensat(AT_FDCWD, n, mark, AT_SYMLINK_NOFOLLOW); }
/* which of atime, mtime have moved since reset */
static void moved(const char *what, const char *n)
{
	struct stat st;

	lstat(n, &st);
	printf("%-24s %s:%s%s\n", what, n, st.st_atime == 1000 ? "" : " atime", st.st_mtime == 2000 ? "" : " mtime");
	reset(n);
}

static void all(void)
{
	struct timespec ts[2];
	struct stat st;
	char buf[8];
	int fd;

	mkdir("d", 0755);
	put_file("d/f", "text");
	reset("d"); reset("d/f");
	fd = open("d/f", O_RDWR);
	moved("open", "d/f");
	read(fd, buf, 0);
	moved("read nothing", "d/f");
	write(fd, "x", 1);
	moved("write", "d/f");
	write(fd, "x", 0);
	moved("write nothing", "d/f");
	ftruncate(fd, 100);
	moved("ftruncate", "d/f");
	ftruncate(fd, 100);
	moved("ftruncate same", "d/f");
	truncate("d/f", 100);
	moved("truncate same", "d/f");
	fchmod(fd, 0600);
	moved("chmod", "d/f");
	close(open("d/f", O_WRONLY | O_TRUNC));
	moved("O_TRUNC", "d/f");
	moved("all that", "d");
	link("d/f", "d/g");
	moved("link", "d"); moved("link", "d/f");
	unlink("d/g");
	moved("unlink", "d"); moved("unlink", "d/f");
	rename("d/f", "d/h");
	moved("rename", "d"); moved("rename", "d/h");
	mkdir("d/sub", 0755);
	moved("mkdir", "d");
	rmdir("d/sub");
	moved("rmdir", "d");
	symlink("h", "d/l");
	moved("symlink", "d");
	utimensat(AT_FDCWD, "d/h", NULL, 0);
	moved("utimensat NULL", "d/h");
	ts[0] = (struct timespec){ 0, UTIME_OMIT }, ts[1] = (struct timespec){ 0, UTIME_NOW };
	utimensat(AT_FDCWD, "d/h", ts, 0);
	moved("omit, now", "d/h");
	ts[0] = (struct timespec){ 5, 999999999 }, ts[1] = (struct timespec){ -5, 5 };
	SHOW(utimensat(AT_FDCWD, "d/h", ts, 0));
	stat("d/h", &st);
	printf("%ld.%09ld %ld.%09ld\n", (long)st.st_atim.tv_sec, st.st_atim.tv_nsec, (long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	ts[0].tv_nsec = 1000000000;
	SHOW(utimensat(AT_FDCWD, "d/h", ts, 0));
	ts[0].tv_nsec = -1;
	SHOW(utimensat(AT_FDCWD, "d/h", ts, 0));
	SHOW(utimensat(AT_FDCWD, "d/h", mark, 0x1000000));
	SHOW(utimensat(AT_FDCWD, "none", mark, 0));
	SHOW(utimensat(-1, "d/h", mark, 0));
	SHOW(futimens(fd, mark));
	SHOW(futimens(-1, mark));
	SHOW(syscall(SYS_utimensat, fd, NULL, mark, AT_SYMLINK_NOFOLLOW));
	SHOW(utimensat(AT_FDCWD, "d/l", mark, AT_SYMLINK_NOFOLLOW));
	lstat("d/l", &st);
	SHOW(st.st_mtime);
	SHOW(utimes("d/h", (struct timeval[2]){ { 1, 2 }, { 3, 4 } }));
	stat("d/h", &st);
	printf("%ld.%09ld %ld.%09ld\n", (long)st.st_atim.tv_sec, st.st_atim.tv_nsec, (long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	SHOW(utimes("d/h", (struct timeval[2]){ { 1, 1000000 }, { 3, 4 } }));
}
int main(void)
{
	in_both(all);
	return 0;
}
