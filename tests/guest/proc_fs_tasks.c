/* musl */
/* /proc/PID: what can be set, counters, name spaces, mem, permissions. */
#include "show.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char text[65536];

static const char *slurp(const char *path)
{
	int fd = open(path, O_RDONLY);
	long n, len = 0;

	if (fd < 0)
		return strcpy(text, errno_name(errno));
	while (len < (long)sizeof(text) - 1 && (n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	if (!len && n < 0)
		strcpy(text, errno_name(errno)), len = strlen(text);
	text[len] = 0;
	close(fd);
	return text;
}

static void put(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);
	long n = fd < 0 ? fd : write(fd, value, strlen(value));

	printf("%s <- %s: %s\n", path, value, n < 0 ? errno_name(errno) : "ok");
	close(fd);
}

static void cat(const char *path)
{
	printf("%s: %s", path, slurp(path));
	if (!strchr(text, '\n'))
		puts("");
}

static long field(const char *file, const char *name)
{
	char *at = strstr(slurp(file), name);

	return at ? strtol(at + strlen(name), NULL, 10) : -1;
}

int main(void)
{
	static volatile char here[] = "the bytes in memory";
	char buf[64];
	int fd;
	long before;
	struct stat st;

	cat("/proc/self/oom_score_adj");
	put("/proc/self/oom_score_adj", "500");
	cat("/proc/self/oom_score_adj");
	cat("/proc/self/oom_adj");
	put("/proc/self/oom_score_adj", "1001");
	put("/proc/self/oom_score_adj", "-1001");
	put("/proc/self/oom_score_adj", "x");
	put("/proc/self/oom_score_adj", " 7\n");
	cat("/proc/self/oom_score_adj");
	put("/proc/self/oom_adj", "15");
	cat("/proc/self/oom_score_adj");
	put("/proc/self/oom_adj", "16");
	put("/proc/self/oom_score", "1");
	put("/proc/self/comm", "a name that is too long");
	cat("/proc/self/comm");
	prctl(PR_GET_NAME, buf);
	printf("%s\n", buf);
	put("/proc/self/comm", "short\n");
	cat("/proc/self/comm");
	cat("/proc/self/timerslack_ns");
	put("/proc/self/timerslack_ns", "70000");
	SHOW(prctl(PR_GET_TIMERSLACK));
	put("/proc/self/timerslack_ns", "0");
	SHOW(prctl(PR_GET_TIMERSLACK));
	cat("/proc/self/uid_map");
	cat("/proc/self/setgroups");
	cat("/proc/self/sessionid");
	cat("/proc/self/personality");
	before = field("/proc/self/io", "rchar: ");
	fd = open("/dev/zero", O_RDONLY);
	read(fd, text, 1000);
	slurp("/proc/self/io");
	SHOW(field("/proc/self/io", "rchar: ") >= before + 1000);
	fflush(stdout); /* which would count, too */
	before = field("/proc/self/io", "syscw: ");
	fd = open("/dev/null", O_WRONLY);
	write(fd, text, 10);
	SHOW(field("/proc/self/io", "syscw: ") == before + 1);
	for (const char *const *n = (const char *const []){ "user", "uts", "ipc", "pid", "cgroup", "time", "pid_for_children", NULL }; *n; n++) {
		char path[64];
		long len;

		snprintf(path, sizeof(path), "/proc/self/ns/%s", *n);
		len = readlink(path, text, 100);
		text[len < 0 ? 0 : len] = 0;
		printf("%s -> %.*s, ino ok %d\n", path, (int)strcspn(text, "["), text,
			!stat(path, &st) && st.st_ino == strtoul(strchr(text, '[') + 1, NULL, 10));
	}
	fd = open("/proc/self/mem", O_RDWR);
	SHOW(pread(fd, buf, 9, (long)here) == 9 && !memcmp(buf, "the bytes", 9));
	SHOW(pwrite(fd, "THE", 3, (long)here));
	printf("%s\n", (char *)here);
	SHOW(lseek(fd, (long)here, SEEK_SET) == (long)here);
	SHOW(read(fd, buf, 3));
	SHOW(pread(fd, buf, 4, 16));
	SHOW(lseek(fd, 0, SEEK_END));
	close(fd);
	if (!fork()) {
		if (!fork()) {
			usleep(100000);
			_exit(0);
		}
		snprintf(text, 64, "/proc/self/task/%d/children", getpid());
		SHOW(strlen(slurp(text)) > 1 && text[strlen(text) - 1] == ' ');
		wait(NULL);
		SHOW(strlen(slurp(strcpy(buf, "/proc/thread-self/children"))));
		_exit(0);
	}
	wait(NULL);
	cat("/proc/self/cpuset");
	SHOW(strstr(slurp("/proc/self/sched"), "nr_switches") != NULL);
	SHOW(stat("/proc/self/ns", &st));
	printf("%o\n", st.st_mode);
	SHOW(stat("/proc/self/mem", &st));
	printf("%o\n", st.st_mode);
	SHOW(stat("/proc/self/io", &st));
	printf("%o\n", st.st_mode);
	return 0;
}
