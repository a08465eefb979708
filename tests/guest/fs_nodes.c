/* mknod of every kind, opening FIFOs, sockets and devices, their stat, removing them while open. */
// needs-root: devices
#include "both.h"

#include <sys/sysmacros.h>

/* What has no driver: the major 10 has one, which looks for others. */
static void without_driver(void)
{
	static const unsigned devices[][2] = { { 10, 62 }, { 10, 254 }, { 240, 3 }, { 1, 77 }, { 4, 200 }, { 13, 9 }, { 136, 999 } };

	for (unsigned i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		SHOW(mknod("node", S_IFCHR | 0666, makedev(devices[i][0], devices[i][1])));
		printf("%u:%u ", devices[i][0], devices[i][1]);
		SHOW(open("node", O_RDWR));
		SHOW(unlink("node"));
	}
}

static void all(void)
{
	struct stat st;
	char buf[8];
	int r, w;

	umask(0);
	SHOW(mknod("reg", S_IFREG | 0641, 0));
	SHOW(mknod("zero", 0642, 0));
	SHOW(mknod("fifo", S_IFIFO | 0666, 0));
	SHOW(mknod("sock", S_IFSOCK | 0666, 0));
	SHOW(mknod("chr", S_IFCHR | 0666, makedev(1, 3)));
	SHOW(mknod("big", S_IFCHR | 0666, makedev(0xfff, 0xfffff)));
	SHOW(mknod("blk", S_IFBLK | 0666, makedev(250, 7)));
	SHOW(mknod("dir", S_IFDIR | 0755, 0));
	SHOW(mknod("lnk", S_IFLNK | 0755, 0));
	SHOW(mknod("bad", 0170000 | 0755, 0));
	SHOW(mknod("reg", S_IFREG | 0600, 0));
	SHOW(mknod("none/x", S_IFREG | 0600, 0));
	SHOW(mknodat(-1, "x", S_IFREG | 0600, 0));
	SHOW(mknodat(AT_FDCWD, BAD_PTR, S_IFREG | 0600, 0));
	for (const char *const *n = (const char *const[]){ "reg", "zero", "fifo", "sock", "chr", "big", "blk", NULL }; *n; n++) {
		stat(*n, &st);
		printf("%s %o %u:%u\n", *n, st.st_mode, major(st.st_rdev), minor(st.st_rdev));
	}
	SHOW(open("sock", O_RDONLY));
	SHOW(open("sock", O_PATH) >= 0);
	SHOW(open("fifo", O_WRONLY | O_NONBLOCK));
	r = open("fifo", O_RDONLY | O_NONBLOCK);
	w = open("fifo", O_WRONLY | O_NONBLOCK);
	SHOW(write(w, "fifo", 4));
	SHOW(unlink("fifo"));
	SHOW(read(r, buf, 8));
	SHOW(read(r, buf, 8));
	close(w);
	SHOW(read(r, buf, 8));
	SHOW(fstat(r, &st));
	SHOW(st.st_nlink);
	SHOW(truncate("chr", 0));
	SHOW(open("chr", O_RDWR | O_DIRECTORY));
	SHOW(rename("chr", "chr2"));
	SHOW(link("blk", "blk2"));
	SHOW(stat("blk2", &st));
	SHOW(st.st_nlink);
	SHOW(chmod("sock", 0600));
	SHOW(chown("chr2", 5, 6));
	stat("chr2", &st);
	printf("%o %d %d\n", st.st_mode, st.st_uid, st.st_gid);
}
int main(void)
{
	umask(0);
	without_driver();
	in_both(all);
	return 0;
}
