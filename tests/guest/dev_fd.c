/* musl */
/* /dev/fd, /dev/stdin and their kin, /proc/self/fd: opening again what is open. */
#include "show.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

static const char *target(int fd)
{
	static char buf[200];
	char name[64];
	long n;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	n = readlink(name, buf, sizeof(buf) - 1);
	buf[n < 0 ? 0 : n] = 0;
	if (strchr(buf, '[') && strncmp(buf, "anon", 4))
		*strchr(buf, '[') = 0; /* the number */
	return n < 0 ? "none" : buf;
}

static void reopen(int fd, int flags)
{
	char name[64], c = '?';
	int again;

	snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	again = open(name, flags);
	if (again < 0) {
		printf("reopen: %s\n", errno_name(errno));
		return;
	}
	printf("reopen: ok, offset %ld, read %ld %c\n", (long)lseek(again, 0, SEEK_CUR), (long)read(again, &c, 1), c);
	close(again);
}

int main(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600), p[2], s[2], n = 0;
	char buf[100];
	struct stat st;
	struct dirent *e;
	DIR *d;

	write(fd, "content", 7);
	readlink("/dev/fd", buf, sizeof(buf));
	printf("%.13s\n", buf);
	SHOW(readlink("/dev/stdin", buf, sizeof(buf)));
	printf("%.15s\n", buf);
	printf("%s\n", strrchr(target(fd), '/'));
	reopen(fd, O_RDONLY);
	reopen(fd, O_WRONLY);
	fchmod(fd, 0400);
	unlink("file");
	printf("%s\n", strrchr(target(fd), '/'));
	reopen(fd, O_RDONLY);
	pipe(p);
	printf("%s\n", target(p[0]));
	write(p[1], "ab", 2);
	reopen(p[0], O_RDONLY | O_NONBLOCK);
	reopen(p[0], O_RDWR);
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	printf("%s\n", target(s[0]));
	reopen(s[0], O_RDWR);
	printf("%s\n", target(syscall(SYS_eventfd2, 0, 0)));
	printf("%s\n", target(syscall(SYS_epoll_create1, 0)));
	printf("%s\n", target(open("/dev/null", O_RDONLY)));
	printf("%s\n", target(open("/proc/self/status", O_RDONLY)) + 0 ? "proc" : "");
	SHOW(open("/dev/fd/99", O_RDONLY));
	SHOW(lstat("/proc/self/fd/0", &st));
	printf("%o\n", st.st_mode);
	snprintf(buf, sizeof(buf), "/proc/self/fd/%d", p[1]);
	SHOW(lstat(buf, &st));
	printf("%o\n", st.st_mode);
	SHOW(stat(buf, &st));
	SHOW(S_ISFIFO(st.st_mode));
	d = opendir("/proc/self/fd");
	while ((e = readdir(d)))
		n += e->d_name[0] != '.';
	closedir(d);
	d = opendir("/dev/fd");
	while ((e = readdir(d)))
		n -= e->d_name[0] != '.';
	SHOW(n);
	SHOW(unlink("/proc/self/fd/0"));
	SHOW(mkdir("/proc/self/fd/x", 0700));
	SHOW(open("/dev/stdout", O_WRONLY) >= 0 || errno == ENXIO);
	return 0;
}
