/* dup, dup2, dup3, fcntl, pipe2, ioctl: success and errors. */
/* musl */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <termios.h>

#include "show.h"

int main(void)
{
	struct rlimit few = { 16, 16 };
	struct termios t;
	int p[2], fd, n;

	fd = SHOW(open("file", O_RDWR | O_CREAT | O_APPEND, 0644));
	SHOW(dup(fd));
	SHOW(dup(-1));
	SHOW(dup(999));
	SHOW(dup2(fd, 9));
	SHOW(dup2(fd, fd));
	SHOW(dup2(-1, 9));
	SHOW(dup2(999, 999));
	SHOW(dup2(fd, -1));
	SHOW(dup2(fd, 1 << 30));
	SHOW(dup3(fd, 10, O_CLOEXEC));
	SHOW(fcntl(10, F_GETFD));
	SHOW(fcntl(9, F_GETFD));
	SHOW(dup3(fd, fd, 0));
	SHOW(syscall(SYS_dup3, fd, 10, 1));
	SHOW(dup3(-1, 10, 0));
	SHOW(fcntl(fd, F_SETFD, FD_CLOEXEC));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(fcntl(fd, F_DUPFD, 5));
	SHOW(fcntl(fd, F_DUPFD_CLOEXEC, 20));
	SHOW(fcntl(20, F_GETFD));
	SHOW(fcntl(fd, F_DUPFD, -1));
	SHOW(fcntl(fd, F_DUPFD, 1 << 30));
	SHOW(fcntl(-1, F_GETFL));
	SHOW(fcntl(fd, 12345, 0));
	SHOW((fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK)) == (O_RDWR | O_APPEND));
	SHOW(fcntl(fd, F_SETFL, O_NONBLOCK));
	SHOW((fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK)) == (O_RDWR | O_NONBLOCK));
	SHOW(pipe2(p, O_NONBLOCK | O_CLOEXEC));
	SHOW(fcntl(p[0], F_GETFD));
	SHOW(read(p[0], &n, 1));
	SHOW(pipe2(p, 1));
	SHOW(pipe(BAD_PTR));
	SHOW(ioctl(fd, TCGETS, &t));
	SHOW(ioctl(p[0], TCGETS, &t));
	SHOW(ioctl(-1, TCGETS, &t));
	SHOW(write(p[1], "abc", 3));
	SHOW(ioctl(p[0], FIONREAD, &n));
	SHOW(n);
	SHOW(ioctl(p[0], FIONREAD, BAD_PTR));
	n = 0;
	SHOW(ioctl(p[0], FIONBIO, &n));
	SHOW((fcntl(p[0], F_GETFL) & O_NONBLOCK) != 0);
	SHOW(ioctl(p[0], FIOCLEX));
	SHOW(fcntl(p[0], F_GETFD));
	SHOW(setrlimit(RLIMIT_NOFILE, &few));
	for (n = 0; dup(fd) >= 0; n++)
		;
	printf("EMFILE after a few: %d, %s\n", n < 16, errno_name(errno));
	SHOW(pipe(p));
	SHOW(open("file", O_RDONLY));
	SHOW(syscall(SYS_close_range, 3, ~0u, 0));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(syscall(SYS_close_range, 5, 3, 0));
	return 0;
}
