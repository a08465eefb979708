/* Writing where files of /proc take no offset or no size, and names that cannot come to be there. */
// needs-root: names of the system's files
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "show.h"

static void comm(void)
{
	int fd = open("/proc/self/comm", O_RDWR);
	struct iovec v = { (char *)"abc", 3 };
	char buf[32];

	SHOW(write(fd, "first", 5));
	SHOW(pwrite(fd, "hello", 5, 3));
	SHOW(pwrite(fd, "hello", 5, 0));
	SHOW(pwritev(fd, &v, 1, 7));
	SHOW(pwritev2(fd, &v, 1, 0, RWF_APPEND));
	SHOW(pread(fd, buf, sizeof(buf), 0));
	/* a write replaces all, wherever the position is, and leaves it there */
	SHOW(lseek(fd, 2, SEEK_SET));
	SHOW(write(fd, "second", 6));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(read(fd, buf, sizeof(buf)));
	printf("%.6s\n", buf);
	SHOW(pwritev2(fd, &v, 1, -1, 0));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(write(fd, BAD_PTR, 3));
	SHOW(ftruncate(fd, 0));
	SHOW(truncate("/proc/version", 0));
	SHOW(close(open("/proc/self/oom_score_adj", O_WRONLY | O_TRUNC)));
	close(fd);
	fd = open("/proc/self/oom_score_adj", O_RDWR);
	SHOW(pwrite(fd, "1", 1, 7));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(write(fd, "2", 1));
	SHOW(lseek(fd, 0, SEEK_CUR));
	close(fd);
	fd = open("/proc/self/timerslack_ns", O_RDWR);
	SHOW(pwrite(fd, "50000", 5, 1));
	SHOW(write(fd, "50000", 5));
	SHOW(lseek(fd, 0, SEEK_CUR));
}

static void names(void)
{
	close(open("f", O_CREAT | O_RDWR, 0644));
	SHOW(rename("/proc/self/comm", "/proc/self/x"));
	SHOW(rename("/proc/self/comm", "/proc/self/status"));
	SHOW(rename("/proc/none", "/proc/self/x"));
	SHOW(rename("f", "/proc/x"));
	SHOW(rename("/proc/self/comm", "f"));
	SHOW(rename("/proc/version", "/proc/vv"));
	SHOW(rename("/proc/version", "/proc/stat"));
	SHOW(rename("/proc/sys", "/proc/sys2"));
	SHOW(rename("/proc/sys/kernel/hostname", "/proc/sys/kernel/h2"));
	SHOW(rename("/proc/sys/kernel/hostname", "/proc/sys/kernel/ostype"));
	SHOW(renameat2(AT_FDCWD, "/proc/version", AT_FDCWD, "/proc/stat", RENAME_NOREPLACE));
	SHOW(renameat2(AT_FDCWD, "/proc/version", AT_FDCWD, "/proc/stat", RENAME_EXCHANGE));
	SHOW(renameat2(AT_FDCWD, "/proc/version", AT_FDCWD, "/proc/x", RENAME_EXCHANGE));
	SHOW(link("/proc/version", "/proc/v2"));
	SHOW(unlink("/proc/version"));
	SHOW(rmdir("/proc/sys"));
	SHOW(rename("/sys/kernel", "/sys/k2"));
}

int main(void)
{
	comm();
	names();
	return 0;
}
