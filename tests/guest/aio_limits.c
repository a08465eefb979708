// needs-root: fs.aio-max-nr
/* fs.aio-nr counts what io_setup asked for; contexts end with the process and with execve. */
#include "show.h"
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdlib.h>
#include <sys/wait.h>

static long nr(void)
{
	char buf[32] = "";
	int fd = open("/proc/sys/fs/aio-nr", O_RDONLY);

	read(fd, buf, sizeof(buf) - 1);
	close(fd);
	return atol(buf);
}

static void settle(long want)
{
	for (int i = 0; i < 1000 && nr() != want; i++)
		usleep(1000);
}

int main(int argc, char **argv)
{
	aio_context_t a = 0, b = 0;
	long before;

	if (argc > 1)
		return 0;
	before = nr();
	SHOW(syscall(SYS_io_setup, 100, &a));
	SHOW(syscall(SYS_io_setup, 7, &b));
	SHOW(a != b);
	SHOW(nr() - before >= 107);
	SHOW(syscall(SYS_io_destroy, a));
	SHOW(syscall(SYS_io_destroy, b));
	settle(before);
	SHOW(nr() == before);
	if (!fork()) {
		a = 0;
		syscall(SYS_io_setup, 50, &a);
		_exit(0);
	}
	wait(NULL);
	settle(before);
	SHOW(nr() == before);
	if (!fork()) {
		a = 0;
		syscall(SYS_io_setup, 50, &a);
		execl("/proc/self/exe", argv[0], "x", NULL);
		_exit(1);
	}
	wait(NULL);
	settle(before);
	SHOW(nr() == before);
	return 0;
}
