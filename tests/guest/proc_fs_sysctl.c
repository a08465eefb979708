/* /proc/sys: the tree, numbers read in part, writes parsed, rights. */
// needs-root: knobs are root's to set
#include "show.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void cat(const char *path)
{
	char buf[256];
	int fd = open(path, O_RDONLY);
	long n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);

	buf[n < 0 ? 0 : n] = 0;
	printf("%s: %s", path, n < 0 ? "error\n" : buf);
	close(fd);
}

static void put(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);
	long n = fd < 0 ? fd : write(fd, value, strlen(value));

	printf("%s <- \"", path);
	for (const char *p = value; *p; p++)
		printf(*p == '\n' ? "\\n" : *p == '\t' ? "\\t" : "%c", *p);
	printf("\": %s\n", n < 0 ? errno_name(errno) : "ok");
	close(fd);
}

int main(void)
{
	char buf[64], old[64];
	struct stat st;
	int fd;

	cat("/proc/sys/kernel/ostype");
	cat("/proc/sys/kernel/cap_last_cap");
	cat("/proc/sys/kernel/overflowuid");
	cat("/proc/sys/fs/overflowgid");
	cat("/proc/sys/kernel/ngroups_max");
	cat("/proc/sys/fs/nr_open");
	cat("/proc/sys/kernel/io_uring_group");
	fd = open("/proc/sys/fs/aio-max-nr", O_RDONLY);
	SHOW(read(fd, buf, 2));
	SHOW(read(fd, buf, 10));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(read(fd, buf, 64) > 1);
	close(fd);
	fd = open("/proc/sys/kernel/ostype", O_RDONLY);
	SHOW(read(fd, buf, 3));
	SHOW(read(fd, buf, 10));
	SHOW(read(fd, buf, 10));
	close(fd);
	fd = open("/proc/sys/kernel/pty/max", O_RDONLY);
	old[read(fd, old, 60)] = 0;
	close(fd);
	put("/proc/sys/kernel/pty/max", "4000\n");
	cat("/proc/sys/kernel/pty/max");
	put("/proc/sys/kernel/pty/max", " 0x800");
	cat("/proc/sys/kernel/pty/max");
	put("/proc/sys/kernel/pty/max", "010");
	cat("/proc/sys/kernel/pty/max");
	put("/proc/sys/kernel/pty/max", "-1");
	put("/proc/sys/kernel/pty/max", "12x");
	put("/proc/sys/kernel/pty/max", "99999999999");
	put("/proc/sys/kernel/pty/max", "\n");
	put("/proc/sys/kernel/pty/max", "5 6");
	cat("/proc/sys/kernel/pty/max");
	put("/proc/sys/kernel/pty/max", old);
	put("/proc/sys/kernel/pty/nr", "1");
	put("/proc/sys/kernel/ostype", "BSD");
	SHOW(access("/proc/sys/kernel/ostype", W_OK));
	SHOW(stat("/proc/sys/kernel/pty/max", &st));
	printf("%o %ld\n", st.st_mode, (long)st.st_size);
	SHOW(stat("/proc/sys/kernel", &st));
	printf("%o\n", st.st_mode);
	SHOW(open("/proc/sys/kernel/none", O_RDONLY));
	SHOW(open("/proc/sys/kernel", O_RDWR));
	SHOW(chmod("/proc/sys/kernel/ostype", 0777));
	SHOW(chdir("/proc/sys/kernel/random"));
	SHOW(getcwd(buf, sizeof(buf)) && !strcmp(buf, "/proc/sys/kernel/random"));
	SHOW(chdir("../../fs"));
	SHOW(getcwd(buf, sizeof(buf)) && !strcmp(buf, "/proc/sys/fs"));
	fd = open("/proc/sys/kernel/random/uuid", O_RDONLY);
	SHOW(read(fd, buf, 64));
	SHOW(seteuid(65534));
	put("/proc/sys/kernel/pty/max", "1");
	SHOW(access("/proc/sys/kernel/pty/max", R_OK));
	return 0;
}
