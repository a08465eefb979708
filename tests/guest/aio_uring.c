// host-skip: umk answers as a kernel whose administrator has switched io_uring off
/* io_uring: nobody may have one, and no descriptor is one. */
#include "show.h"
#include <fcntl.h>

int main(void)
{
	char params[120] = { 0 };
	int fd = open("/dev/null", O_RDWR);

	SHOW(syscall(SYS_io_uring_setup, 8, params));
	SHOW(syscall(SYS_io_uring_setup, 0, NULL));
	SHOW(syscall(SYS_io_uring_enter, fd, 0, 0, 0, NULL, 0));
	SHOW(syscall(SYS_io_uring_enter, 99, 0, 0, 0, NULL, 0));
	SHOW(syscall(SYS_io_uring_enter, fd, 0, 0, 1 << 20, NULL, 0));
	SHOW(syscall(SYS_io_uring_register, fd, 0, NULL, 0));
	SHOW(syscall(SYS_io_uring_register, 99, 0, NULL, 0));
	SHOW(syscall(SYS_io_uring_register, fd, 1000, NULL, 0));
	return 0;
}
