/* /proc/PID/cmdline of a program that writes over its arguments, as setproctitle(3) does: shorter, over the environment, without a
 * NUL, and as it was. */
// musl
// args: one two
#include <fcntl.h>
#include <stdlib.h>

#include "show.h"

extern char **environ;

static void look(const char *what)
{
	static char buf[8192];
	int fd = open("/proc/self/cmdline", O_RDONLY);
	ssize_t n = read(fd, buf, sizeof(buf));

	close(fd);
	printf("%s: %zd bytes:", what, n);
	for (ssize_t i = 0; i < n && i < 60; i++)
		printf(buf[i] ? "%c" : "\\0", buf[i]);
	printf("\n");
}

/* A second run has a name and an environment of known sizes: the first is called by a path of any. */
int main(int argc, char **argv)
{
	static char *const args[] = { "title", "one", "two", "three", NULL }, *const env[] = { "AAAA=bbbbbbbbbbbbbbb", "CC=dddddd", NULL };
	size_t size, whole;

	if (argc == 3) {
		execve("/proc/self/exe", args, env);
		return 1;
	}
	size = (size_t)(argv[3] + strlen(argv[3]) + 1 - argv[0]);
	whole = (size_t)(environ[1] + strlen(environ[1]) + 1 - argv[0]);
	look("as it was");
	memset(argv[0], ' ', size);
	memcpy(argv[0], "short", 6);
	look("short, blanks behind it");
	memset(argv[0], 0, size);
	memcpy(argv[0], "short", 5);
	look("short, zeroes behind it");
	memset(argv[0], 'x', size);
	argv[0][size] = 0;
	look("one byte over");
	memset(argv[0], 'y', size + 10);
	argv[0][size + 10] = 0;
	look("over the environment");
	memset(argv[0], 'z', whole);
	look("over all of it");
	memset(argv[0], 'z', size);
	argv[0][0] = 0;
	look("empty");
	return 0;
}
