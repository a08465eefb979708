/* lseek(2) in directories and files of /proc and /sys: what has a size (of 0) and what has none, and where they end. */
/* musl */
#include <fcntl.h>
#include <unistd.h>

#include "show.h"

static void seek(int fd, const char *how, long off, int whence)
{
	long r = lseek(fd, off, whence);

	if (r < 0)
		printf(" %s %s", how, errno_name(errno));
	else
		printf(" %s %lx", how, r);
	lseek(fd, 0, SEEK_SET);
}

int main(void)
{
	static const char *const names[] = {
		"/proc", "/proc/self", "/proc/self/fd", "/proc/self/fdinfo", "/proc/self/task", "/proc/self/ns", "/proc/self/map_files",
		"/proc/self/net", "/proc/sys", "/proc/sys/kernel", "/proc/tty", "/proc/sysvipc", "/sys", "/sys/class", "/sys/class/net",
		"/proc/self/auxv", "/proc/self/cmdline", "/proc/self/environ", "/proc/self/coredump_filter", "/proc/self/loginuid",
		"/proc/self/oom_score_adj", "/proc/self/maps", "/proc/self/status", "/proc/self/comm", "/proc/self/limits", "/proc/self/mounts",
		"/proc/self/uid_map", "/proc/meminfo", "/proc/net/dev", "/proc/sys/kernel/hostname",
	};
	char page[4096];

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int fd = open(names[i], O_RDONLY);

		printf("%s:", names[i]);
		if (fd < 0) {
			printf(" %s\n", errno_name(errno));
			continue;
		}
		seek(fd, "set", 0x7fffffff, SEEK_SET);
		seek(fd, "further", 0x80000000, SEEK_SET);
		seek(fd, "last", 0x7fffffffffffffff, SEEK_SET);
		seek(fd, "before", -1, SEEK_SET);
		seek(fd, "here", 1, SEEK_CUR);
		seek(fd, "end", 0, SEEK_END);
		seek(fd, "past the end", 2, SEEK_END);
		seek(fd, "before the end", -1, SEEK_END);
		seek(fd, "data", 0, SEEK_DATA);
		seek(fd, "hole", 0, SEEK_HOLE);
		seek(fd, "other", 0, 9);
		printf("\n");
		close(fd);
	}
	/* A size that is no longer than an int can tell. */
	SHOW(syscall(SYS_getdents64, open("/proc/self", O_RDONLY), page, 0x80000000u));
	SHOW(syscall(SYS_getdents64, open(".", O_RDONLY), page, -1));
	SHOW_OK(syscall(SYS_getdents64, open("/proc/self", O_RDONLY), page, 0x7fffffff));
	return 0;
}
