/* FICLONE, FICLONERANGE and FIDEDUPERANGE where no two files share blocks: the order of the checks. */
// musl
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "show.h"

static int a, b, ro, wo, ap, dir, memfd, other, p[2], q[2], path, sock, null, proc;

static void clone_whole(void)
{
	SHOW(ioctl(b, FICLONE, a));
	SHOW(ioctl(b, FICLONE, b));
	SHOW(ioctl(b, FICLONE, 999));
	SHOW(ioctl(b, FICLONE, -1));
	SHOW(ioctl(ro, FICLONE, b));
	SHOW(ioctl(b, FICLONE, wo));
	SHOW(ioctl(ap, FICLONE, a));
	SHOW(ioctl(b, FICLONE, dir));
	SHOW(ioctl(dir, FICLONE, b));
	SHOW(ioctl(memfd, FICLONE, other));
	SHOW(ioctl(memfd, FICLONE, a));
	SHOW(ioctl(a, FICLONE, memfd));
	SHOW(ioctl(p[1], FICLONE, a));
	SHOW(ioctl(a, FICLONE, p[0]));
	SHOW(ioctl(p[1], FICLONE, q[0]));
	SHOW(ioctl(sock, FICLONE, a));
	SHOW(ioctl(a, FICLONE, sock));
	SHOW(ioctl(a, FICLONE, null));
	SHOW(ioctl(a, FICLONE, proc));
	SHOW(ioctl(path, FICLONE, a));
	SHOW(ioctl(b, FICLONE, path));
}

static void clone_range(void)
{
	struct file_clone_range r = { .src_fd = a };

	SHOW(ioctl(b, FICLONERANGE, BAD_PTR));
	SHOW(ioctl(b, FICLONERANGE, &r));
	r.src_length = 5;
	r.src_offset = ~0ull;
	SHOW(ioctl(b, FICLONERANGE, &r));
	r.src_fd = -1;
	SHOW(ioctl(b, FICLONERANGE, &r));
	r.src_fd = memfd;
	SHOW(ioctl(b, FICLONERANGE, &r));
}

static void dedupe(void)
{
	struct { struct file_dedupe_range range; struct file_dedupe_range_info info[2]; } d = { .range = { .src_length = 5, .dest_count = 2 } };

	d.info[0].dest_fd = b;
	d.info[1].dest_fd = 999;
	SHOW(ioctl(a, FIDEDUPERANGE, &d));
	SHOW(d.info[1].status);
	SHOW(ioctl(a, FIDEDUPERANGE, BAD_PTR));
	d.range.dest_count = 0;
	SHOW(ioctl(a, FIDEDUPERANGE, &d));
	d.range.dest_count = 200;
	SHOW(ioctl(a, FIDEDUPERANGE, &d));
	d.range.dest_count = 1;
	d.range.reserved2 = 1;
	SHOW(ioctl(a, FIDEDUPERANGE, &d));
	SHOW(ioctl(dir, FIDEDUPERANGE, &d));
	d.range.reserved2 = 0;
	SHOW(ioctl(p[0], FIDEDUPERANGE, &d));
	SHOW(ioctl(dir, FIDEDUPERANGE, &d));
	SHOW(ioctl(memfd, FIDEDUPERANGE, &d));
	SHOW(ioctl(wo, FIDEDUPERANGE, &d));
	SHOW(ioctl(ro, FIDEDUPERANGE, &d));
	SHOW(ioctl(null, FIDEDUPERANGE, &d));
	SHOW(ioctl(sock, FIDEDUPERANGE, &d));
	SHOW(ioctl(proc, FIDEDUPERANGE, &d));
}

int main(void)
{
	char tmp[] = "/dev/shm/umk-clone-XXXXXX";

	if (!mkdtemp(tmp) || chdir(tmp) || pipe(p) || pipe(q))
		return 1;
	a = open("a", O_RDWR | O_CREAT, 0600);
	b = open("b", O_RDWR | O_CREAT, 0600);
	ro = open("a", O_RDONLY);
	wo = open("b", O_WRONLY);
	ap = open("b", O_RDWR | O_APPEND);
	dir = open(".", O_RDONLY);
	memfd = memfd_create("m", 0);
	other = memfd_create("n", 0);
	path = open("a", O_PATH);
	sock = socket(AF_UNIX, SOCK_STREAM, 0);
	null = open("/dev/null", O_RDWR);
	proc = open("/proc/self/stat", O_RDONLY);
	if (write(a, "hello", 5) != 5)
		return 1;
	clone_whole();
	clone_range();
	dedupe();
	return unlink("a") || unlink("b") || chdir("/") || rmdir(tmp);
}
