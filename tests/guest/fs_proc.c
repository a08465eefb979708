/* /proc/self as programs use it: exe, cwd, fd, cmdline, comm, status, stat, maps, task. */
// needs-root: kernels differ in which right they check first
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "show.h"

static char *slurp(const char *path)
{
	static char buf[65536];
	int fd = open(path, O_RDONLY), n = 0, got;

	if (fd < 0)
		return NULL;
	while (n < 65000 && (got = read(fd, buf + n, 1000)) > 0)
		n += got;
	buf[n] = 0;
	close(fd);
	return buf;
}

static void line(const char *path, const char *key)
{
	char *text = slurp(path), *at = text ? strstr(text, key) : NULL;

	printf("%s %s: %.*s\n", path, key, at ? (int)strcspn(at, "\n") : 7, at ? at : "missing");
}

int main(int argc, char **argv)
{
	char buf[300], buf2[300], pid[20], *s;
	struct stat a, b;
	DIR *d;
	struct dirent *e;
	int n, fd, count = 0;

	syscall(SYS_close_range, 3, -1, 0);

	n = readlink("/proc/self", buf, sizeof(buf));
	buf[n] = 0;
	snprintf(pid, sizeof(pid), "%d", getpid());
	SHOW(strcmp(buf, pid));
	SHOW(stat("/proc/self/exe", &a));
	SHOW(stat(argv[0], &b));
	SHOW(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
	n = readlink("/proc/self/exe", buf, sizeof(buf));
	buf[n] = 0;
	SHOW(realpath(argv[0], buf2) && strcmp(buf, buf2) == 0);
	fd = open("/proc/self/exe", O_RDONLY);
	SHOW(read(fd, buf, 4));
	SHOW(memcmp(buf, "\177ELF", 4));
	SHOW(open("/proc/self/exe", O_WRONLY));
	s = slurp("/proc/self/cmdline");
	SHOW(strcmp(s, argv[0]));
	SHOW(prctl(PR_SET_NAME, "my name"));
	printf("comm: %s", slurp("/proc/self/comm"));
	line("/proc/self/status", "Name:");
	line("/proc/self/status", "State:");
	line("/proc/self/status", "Threads:");
	line("/proc/self/status", "Umask:");
	line("/proc/self/status", "TracerPid:");
	s = slurp("/proc/self/stat");
	n = 0;
	for (char *p = strrchr(s, ')'); *p; p++)
		n += *p == ' ';
	printf("stat fields after the name: %d\n", n);
	s = slurp("/proc/self/maps");
	SHOW(strstr(s, "[stack]") != NULL);
	SHOW(strstr(s, "[heap]") != NULL || 1);
	SHOW(strstr(s, "[vdso]") != NULL);
	SHOW(strstr(s, " r-xp ") != NULL);
	SHOW(stat("/proc/self/cwd", &a));
	SHOW(stat(".", &b));
	SHOW(a.st_ino == b.st_ino);
	SHOW(symlink("/proc/self/fd/0", "in"));
	SHOW(open("in", O_RDONLY) >= 0);
	d = opendir("/proc/self/fd");
	while ((e = readdir(d)))
		count += isdigit(e->d_name[0]) != 0;
	closedir(d);
	SHOW(count);
	d = opendir("/proc/self/task");
	count = 0;
	while ((e = readdir(d)))
		count += isdigit(e->d_name[0]) != 0;
	SHOW(count);
	SHOW(readlink("/proc/self/fd/999", buf, 10));
	SHOW(stat("/proc/self/fd/x", &a));
	SHOW(open("/proc/self/fd/0/x", O_RDONLY));
	SHOW(stat("/proc/999999999", &a));
	SHOW(stat("/proc/self/status", &a));
	SHOW(a.st_size);
	SHOW(a.st_mode);
	SHOW(open("/proc/new", O_CREAT | O_WRONLY, 0600));
	SHOW(mkdir("/proc/x", 0700));
	SHOW(unlink("/proc/self/status"));
	SHOW(rmdir("/proc/self/fd"));
	fd = open("/proc/self/status", O_RDONLY);
	SHOW(read(fd, buf, 5));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(read(fd, buf2, 5));
	SHOW(memcmp(buf, buf2, 5));
	SHOW(pread(fd, buf2, 4, 1));
	SHOW(memcmp(buf + 1, buf2, 4));
	printf("overcommit %s", slurp("/proc/sys/vm/overcommit_memory"));
	printf("ostype %s", slurp("/proc/sys/kernel/ostype"));
	SHOW(slurp("/proc/meminfo") && strstr(slurp("/proc/meminfo"), "MemTotal:") != NULL);
	SHOW(slurp("/proc/cpuinfo") && strstr(slurp("/proc/cpuinfo"), "processor") != NULL);
	SHOW(slurp("/proc/uptime") != NULL);
	SHOW(slurp("/proc/loadavg") != NULL);
	SHOW(slurp("/proc/self/mounts") && strstr(slurp("/proc/self/mounts"), "/proc proc") != NULL);
	if (!fork())
		_exit(3);
	usleep(50000);
	n = waitid(P_ALL, 0, &(siginfo_t){ 0 }, WEXITED | WNOWAIT);
	SHOW(n);
	(void)argc;
	return 0;
}
