/* /proc/PID/coredump_filter: what can be written to it, what is kept, who has it after fork and execve; and the maps of ids. */
// musl
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "show.h"

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), ret;

	if (fd < 0)
		return -1;
	ret = (int)write(fd, text, strlen(text));
	close(fd);
	return ret;
}

static const char *get(const char *path)
{
	static char buf[64];
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, buf, sizeof(buf) - 1);

	close(fd);
	if (n < 0)
		return errno_name(errno);
	buf[n] = 0;
	return buf;
}

#define FILTER "/proc/self/coredump_filter"

int main(int argc, char **argv)
{
	static const char *const texts[] = { "0x7f", "0", "51\n", "077", "+9", " 5", "5 ", "5\n\n", "", "0x", "-1", "08", "0xffffffff",
		"4294967296", "0x1ff", "0x200", "f" };
	struct stat st;
	char path[64];
	pid_t pid;

	if (argc > 1) {
		printf("after execve: %s", get(FILTER));
		return 0;
	}
	printf("%s", get(FILTER));
	SHOW(stat(FILTER, &st));
	printf("%o\n", st.st_mode);
	snprintf(path, sizeof(path), "/proc/self/task/%d/coredump_filter", getpid());
	SHOW(stat(path, &st));
	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		SHOW(put(FILTER, texts[i]));
		printf("%u: %s", i, get(FILTER));
	}
	fflush(stdout);
	SHOW(put("/proc/1/coredump_filter", "zz") == -1);
	pid = fork();
	if (!pid)
		_exit(0);
	waitid(P_PID, pid, NULL, WEXITED | WNOWAIT);
	snprintf(path, sizeof(path), "/proc/%d/coredump_filter", pid);
	printf("a zombie's: \"%s\"\n", get(path));
	SHOW(put(path, "1") == -1);
	waitpid(pid, NULL, 0);
	SHOW(put("/proc/self/uid_map", "0 0 1"));
	SHOW(put("/proc/self/gid_map", "0 0 1"));
	SHOW(put("/proc/self/projid_map", "0 0 1"));
	SHOW(put(FILTER, "0x21"));
	pid = fork();
	if (!pid) {
		printf("after fork: %s", get(FILTER));
		fflush(stdout);
		execl("/proc/self/exe", argv[0], "again", NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
	return 0;
}
