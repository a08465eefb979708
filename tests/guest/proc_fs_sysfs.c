/* musl */
/* /sys as programs read it: CPUs, the loopback device, huge pages. */
#include "show.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>

static void cat(const char *path)
{
	char buf[4097];
	int fd = open(path, O_RDONLY);
	long n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);

	buf[n < 0 ? 0 : n] = 0;
	printf("%s: %s", path, n < 0 ? "error\n" : buf);
	close(fd);
}

static int has(const char *dir, const char *name)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int found = 0;

	while (d && (e = readdir(d)))
		found |= !strcmp(e->d_name, name);
	if (d)
		closedir(d);
	return found;
}

int main(void)
{
	struct statfs fs;
	struct stat st;
	char buf[100] = "", again[100] = "";
	int fd;
	long n;

	SHOW(statfs("/sys", &fs));
	printf("%lx\n", (long)fs.f_type);
	SHOW(has("/sys/devices/system/cpu", "cpu0"));
	SHOW(has("/sys/class/net", "lo"));
	SHOW(has("/sys", "kernel"));
	SHOW(has("/sys/fs", "cgroup"));
	cat("/sys/class/net/lo/mtu");
	cat("/sys/class/net/lo/type");
	cat("/sys/class/net/lo/address");
	cat("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size");
	SHOW(readlink("/sys/class/net/lo", buf, sizeof(buf) - 1));
	printf("%s\n", buf);
	SHOW(chdir("/sys/class/net/lo"));
	printf("%s\n", getcwd(buf, sizeof(buf)));
	SHOW(sysconf(_SC_NPROCESSORS_CONF) >= sysconf(_SC_NPROCESSORS_ONLN));
	fd = open("/sys/devices/system/cpu/online", O_RDONLY);
	n = read(fd, buf, sizeof(buf));
	SHOW(n > 1 && buf[n - 1] == '\n');
	SHOW(pread(fd, again, sizeof(again), 0) == n && !memcmp(buf, again, n));
	SHOW(read(fd, again, 1));
	SHOW(fstat(fd, &st));
	printf("%o %ld\n", st.st_mode, (long)st.st_size);
	SHOW(open("/sys/none", O_RDONLY));
	SHOW(open("/sys/new", O_RDWR | O_CREAT, 0600));
	SHOW(mkdir("/sys/dir", 0700));
	SHOW(unlink("/sys/class/net/lo/mtu"));
	SHOW(open("/sys/class/net", O_RDWR));
	return 0;
}
