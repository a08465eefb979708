/* RWF flags in aio_rw_flags: those of one request, appended writes, and those that Linux refuses. */
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "show.h"

static aio_context_t ctx;

static long request(int fd, int op, void *buf, size_t len, long off, int flags)
{
	struct iocb cb = { .aio_fildes = fd, .aio_lio_opcode = op, .aio_buf = (long)buf, .aio_nbytes = len, .aio_offset = off,
		.aio_rw_flags = flags };
	struct iocb *list[] = { &cb };
	struct io_event ev;

	if (syscall(SYS_io_submit, ctx, 1L, list) != 1)
		return -errno;
	return syscall(SYS_io_getevents, ctx, 1L, 1L, &ev, NULL) == 1 ? ev.res : -999;
}

int main(void)
{
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0644), p[2];
	char buf[32] = "";
	struct stat st;

	SHOW(syscall(SYS_io_setup, 8L, &ctx));
	SHOW(request(fd, IOCB_CMD_PWRITE, "0123456789", 10, 0, 0));
	SHOW(request(fd, IOCB_CMD_PWRITE, "abc", 3, 0, RWF_APPEND));
	SHOW(request(fd, IOCB_CMD_PWRITE, "xy", 2, 1, RWF_DSYNC));
	SHOW(request(fd, IOCB_CMD_PWRITE, "z", 1, 5, RWF_SYNC));
	SHOW(request(fd, IOCB_CMD_PREAD, buf, sizeof(buf), 0, RWF_HIPRI));
	printf("%s\n", buf);
	fstat(fd, &st);
	printf("size %ld\n", (long)st.st_size);
	SHOW(request(fd, IOCB_CMD_PWRITE, "n", 1, 0, 0x40000));
	SHOW(request(fd, IOCB_CMD_PWRITE, "n", 1, 0, RWF_APPEND | 0x20));
	SHOW(request(fd, IOCB_CMD_PREAD, buf, 1, 0, 1 << 30));
	/* flags are judged before the descriptor's mode */
	close(fd);
	fd = open("file", O_RDONLY);
	SHOW(request(fd, IOCB_CMD_PWRITE, "n", 1, 0, 0x40000));
	SHOW(request(fd, IOCB_CMD_PWRITE, "n", 1, 0, RWF_APPEND));
	/* an O_APPEND description can be overridden */
	close(fd);
	fd = open("file", O_RDWR | O_APPEND);
	SHOW(request(fd, IOCB_CMD_PWRITE, "end", 3, 0, 0));
	memset(buf, 0, sizeof(buf));
	SHOW(request(fd, IOCB_CMD_PREAD, buf, sizeof(buf), 0, 0));
	printf("%s\n", buf);
	pipe(p);
	SHOW(request(p[1], IOCB_CMD_PWRITE, "p", 1, 0, RWF_DSYNC));
	SHOW(request(p[0], IOCB_CMD_PREAD, buf, 1, 0, 0));
	SHOW(syscall(SYS_io_destroy, ctx));
	return 0;
}
