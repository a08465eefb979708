/* Descriptors over fork and execve: close-on-exec by every way to set it, close_range, shared positions. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "show.h"

static void list(void)
{
	for (int fd = 0; fd < 40; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (flags >= 0)
			printf(" %d%s", fd, flags ? "c" : "");
	}
	printf("\n");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int fd, p[2], status;
	char buf[16];

	if (argc > 1) {
		printf("after exec:");
		list();
		SHOW(lseek(3, 0, SEEK_CUR));
		return 0;
	}
	syscall(SYS_close_range, 3, -1, 0);
	fd = open("file", O_CREAT | O_RDWR, 0644);
	write(fd, "0123456789", 10);
	lseek(fd, 4, SEEK_SET);
	open("file", O_RDONLY | O_CLOEXEC);
	SHOW(dup(fd));
	SHOW(fcntl(5, F_SETFD, FD_CLOEXEC));
	SHOW(fcntl(fd, F_DUPFD_CLOEXEC, 10));
	SHOW(fcntl(fd, F_DUPFD, 10));
	SHOW(dup3(fd, 20, O_CLOEXEC));
	SHOW(dup2(4, 21));
	SHOW(dup3(fd, fd, 0));
	SHOW(dup3(fd, 22, 1));
	SHOW(dup2(fd, fd));
	SHOW(dup2(999, 5));
	SHOW(dup2(fd, 100000000));
	SHOW(pipe2(p, O_CLOEXEC | O_NONBLOCK));
	SHOW(read(p[0], buf, 1));
	SHOW(pipe2(p, 1));
	SHOW(eventfd(0, EFD_CLOEXEC));
	SHOW(epoll_create1(EPOLL_CLOEXEC));
	SHOW(ioctl(fd, FIOCLEX));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(ioctl(fd, FIONCLEX));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(dup2(fd, 30));
	SHOW(dup2(fd, 31));
	SHOW(dup2(fd, 32));
	SHOW(syscall(SYS_close_range, 31, 31, 0));
	SHOW(syscall(SYS_close_range, 32, 100, 4));
	SHOW(syscall(SYS_close_range, 33, 32, 0));
	SHOW(syscall(SYS_close_range, 32, 100, 1));
	printf("before:");
	list();
	if (!fork()) {
		printf("child:");
		list();
		read(fd, buf, 2);
		syscall(SYS_close_range, 20, -1, 2);
		printf("child after close_range:");
		list();
		execv(argv[0], (char *[]){ argv[0], "x", NULL });
		_exit(1);
	}
	wait(&status);
	SHOW(WEXITSTATUS(status));
	SHOW(lseek(fd, 0, SEEK_CUR));
	return 0;
}
