/* /proc/self/fdinfo: position and flags of every kind of descriptor. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/inotify.h>

#include "show.h"

static void info(const char *what, int fd)
{
	char name[64], line[256];
	FILE *f;

	snprintf(name, sizeof(name), "/proc/self/fdinfo/%d", fd);
	f = fopen(name, "r");
	printf("%s:", what);
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "pos:", 4) || !strncmp(line, "flags:", 6)) {
			line[strcspn(line, "\n")] = 0;
			printf(" %s", line);
		}
	printf("%s\n", f ? "" : " none");
	if (f)
		fclose(f);
}

int main(void)
{
	int fd = open("f", O_CREAT | O_RDWR, 0644), p[2];

	write(fd, "0123456789", 10);
	lseek(fd, 4, SEEK_SET);
	info("file", fd);
	fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK);
	info("with flags", fd);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	info("close-on-exec", fd);
	info("O_PATH", open("f", O_PATH | O_CLOEXEC));
	info("read only", open("f", O_RDONLY));
	info("write only", open("f", O_WRONLY | O_SYNC));
	info("directory", open(".", O_RDONLY | O_DIRECTORY));
	pipe2(p, O_NONBLOCK);
	info("pipe", p[0]);
	info("pipe", p[1]);
	info("inotify", inotify_init1(IN_NONBLOCK));
	info("device", open("/dev/null", O_RDWR));
	info("closed", 77);
	return 0;
}
