/* Commands of fcntl that are asked for rarely: F_DUPFD_QUERY, F_CREATED_QUERY, hints, leases, F_SETFL's limits. */
#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <asm/ioctls.h>

#include "show.h"

#define DUPFD_QUERY (1024 + 3)
#define CREATED_QUERY (1024 + 4)
#define GET_RW_HINT (1024 + 11)
#define SET_RW_HINT (1024 + 12)

int main(void)
{
	int fd = open("f", O_CREAT | O_RDWR, 0644), fd2 = dup(fd), fd3 = open("f", O_CREAT | O_RDWR, 0644), path, p[2], n;
	uint64_t hint = 9;
	long long size;

	/* of 6.10 and 6.12 */
	SHOW(fcntl(fd, DUPFD_QUERY, fd2));
	SHOW(fcntl(fd, DUPFD_QUERY, fd3));
	SHOW(fcntl(fd, DUPFD_QUERY, fd));
	SHOW(fcntl(fd, DUPFD_QUERY, 999));
	SHOW(fcntl(999, DUPFD_QUERY, fd));
	SHOW(fcntl(fd, CREATED_QUERY));
	SHOW(fcntl(fd2, CREATED_QUERY));
	SHOW(fcntl(fd3, CREATED_QUERY));
	/* hints */
	SHOW(fcntl(fd, GET_RW_HINT, &hint));
	SHOW(hint);
	hint = 3;
	SHOW(fcntl(fd, SET_RW_HINT, &hint));
	hint = 0;
	SHOW(fcntl(fd3, GET_RW_HINT, &hint));
	SHOW(hint);
	hint = 99;
	SHOW(fcntl(fd, SET_RW_HINT, &hint));
	SHOW(fcntl(fd, SET_RW_HINT, BAD_PTR));
	SHOW(fcntl(fd, GET_RW_HINT, BAD_PTR));
	/* O_PATH descriptors know few commands */
	path = open("f", O_PATH);
	SHOW(fcntl(path, F_GETFL) & O_PATH ? 1 : 0);
	SHOW(fcntl(path, F_GETFD));
	SHOW(fcntl(path, F_SETFD, FD_CLOEXEC));
	SHOW(fcntl(path, F_GETFD));
	SHOW(fcntl(path, F_SETFL, O_APPEND));
	SHOW(fcntl(path, F_GETOWN));
	SHOW(fcntl(path, F_GETLK, NULL));
	SHOW(fcntl(path, GET_RW_HINT, &hint));
	SHOW(fcntl(path, DUPFD_QUERY, path));
	SHOW(fcntl(path, F_DUPFD, 100));
	SHOW(fcntl(path, F_NOTIFY, 0));
	/* F_SETFL */
	SHOW(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK | O_CREAT | O_EXCL | O_TRUNC | O_WRONLY));
	SHOW((fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK | O_CREAT | O_EXCL | O_TRUNC)) == (O_RDWR | O_APPEND | O_NONBLOCK));
	SHOW(fcntl(fd2, F_GETFL) == fcntl(fd, F_GETFL));
	SHOW(fcntl(fd, F_SETFL, 0));
	pipe(p);
	SHOW(fcntl(p[1], F_SETFL, O_DIRECT));
	SHOW(!!(fcntl(p[1], F_GETFL) & O_DIRECT));
	int null = open("/dev/null", O_RDWR);
	SHOW(fcntl(null, F_SETFL, O_DIRECT));
	/* descriptors */
	SHOW(fcntl(fd, F_DUPFD, 50));
	SHOW(fcntl(fd, F_DUPFD_CLOEXEC, 50));
	SHOW(fcntl(51, F_GETFD));
	SHOW(fcntl(fd, F_DUPFD, -1));
	SHOW(fcntl(fd, F_DUPFD, 1 << 30));
	SHOW(fcntl(fd, 9999));
	SHOW(fcntl(-1, F_GETFL));
	SHOW(ioctl(fd, FIOCLEX));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(ioctl(fd, FIONCLEX));
	SHOW(fcntl(fd, F_GETFD));
	n = 1;
	SHOW(ioctl(fd, FIONBIO, &n));
	SHOW(!!(fcntl(fd, F_GETFL) & O_NONBLOCK));
	SHOW(ioctl(fd, FIONBIO, BAD_PTR));
	SHOW(write(fd, "12345", 5));
	SHOW(lseek(fd, 2, SEEK_SET));
	SHOW(ioctl(fd, FIONREAD, &n));
	SHOW(n);
	SHOW(ioctl(fd, FIOQSIZE, &size));
	SHOW(ioctl(null, FIOQSIZE, &size));
	SHOW(ioctl(fd, 0x12345678, &n));
	return 0;
}
