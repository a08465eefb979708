/* eventfd: counting, semaphore, blocking, overflow, sizes. */
// needs-root: the anonymous inode is root's
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "show.h"

int main(void)
{
	int a = eventfd(2, EFD_NONBLOCK), s = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK), b = eventfd(0, 0), status;
	struct pollfd pf = { a, POLLIN | POLLOUT, 0 };
	char link[64] = "", proc[32];
	struct stat st;
	uint64_t v = 0;

	SHOW(read(a, &v, 8));
	SHOW(v);
	SHOW(read(a, &v, 8));
	SHOW(read(s, &v, 8));
	SHOW(v);
	SHOW(read(s, &v, 8));
	SHOW(read(s, &v, 8));
	SHOW(poll(&pf, 1, 0));
	SHOW(pf.revents);
	v = -1;
	SHOW(write(a, &v, 8));
	v = (uint64_t)-2;
	SHOW(write(a, &v, 8));
	SHOW(poll(&pf, 1, 0));
	SHOW(pf.revents);
	v = 1;
	SHOW(write(a, &v, 8));
	SHOW(read(a, &v, 4));
	SHOW(write(a, &v, 4));
	SHOW(read(a, BAD_PTR, 8));
	SHOW(lseek(a, 0, SEEK_SET));
	SHOW(eventfd(0, 0x100));
	if (!fork()) {
		usleep(20000);
		v = 42;
		write(b, &v, 8);
		_exit(0);
	}
	SHOW(read(b, &v, 16));
	SHOW(v);
	wait(&status);
	SHOW(fcntl(a, F_GETFL));
	SHOW(fstat(a, &st));
	SHOW(st.st_mode);
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", a);
	SHOW(readlink(proc, link, 63));
	printf("%s\n", link);
	SHOW(open(proc, O_RDWR));
	return 0;
}
