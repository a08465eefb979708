/* Where there is no more room: a file system without space, one without inodes, a limit on the size of files. */
// needs-root: it mounts
#include <signal.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/statfs.h>
#include <sys/uio.h>

#include "mnt.h"

static char page[65536];

/* Two pages, one of them taken by the file of @fd: no more than one more is left. */
static void no_space(void)
{
	int in = open("../source", O_RDWR | O_CREAT | O_TRUNC, 0644), fd, p[2];
	struct iovec vec = { page, 4096 };
	off_t at = 0, end = 8192;
	struct stat st;

	write(in, page, sizeof(page));
	fd = open("file", O_RDWR | O_CREAT, 0644);
	if (pipe(p))
		return;
	SHOW(write(fd, page, 65536));
	SHOW(write(fd, page, 1));
	SHOW(pwrite(fd, page, 1, 8192));
	SHOW(writev(fd, &vec, 1));
	SHOW(pwritev(fd, &vec, 1, 8192));
	SHOW(syscall(SYS_pwritev2, fd, &vec, 1, 8192, 0, 0));
	SHOW(fallocate(fd, 0, 0, 8193));
	SHOW(fallocate(fd, FALLOC_FL_KEEP_SIZE, 8192, 1));
	SHOW(sendfile(fd, in, &at, 4096));
	SHOW(at);
	at = 0;
	SHOW(copy_file_range(fd, &at, fd, &end, 4096, 0));
	SHOW(write(p[1], page, 4096));
	SHOW(splice(p[0], NULL, fd, NULL, 4096, 0));
	SHOW(ftruncate(fd, 65536)); /* a hole needs no room */
	SHOW(pwrite(fd, page, 1, 60000));
	SHOW(pwrite(fd, page, 4096, 0));
	SHOW(ftruncate(fd, 4096));
	SHOW(pwrite(fd, page, 4096, 60000));
	SHOW(syscall(SYS_mkdir, "dir", 0755)); /* nor does a name */
	memset(page, 'n', 3000);
	page[128] = 0;
	SHOW(symlink(page, "long"));
	SHOW(ftruncate(fd, 0));
	SHOW(symlink(page, "long"));
	SHOW(pwrite(fd, page, 8192, 0));
	SHOW(lstat("long", &st));
	SHOW(st.st_blocks);
	page[127] = 0;
	SHOW(symlink(page, "short"));
	SHOW(lstat("short", &st));
	SHOW(st.st_blocks);
	SHOW(unlink("long"));
	SHOW(pwrite(fd, page, 8192, 0));
	SHOW(open("..", O_TMPFILE | O_RDWR, 0600) >= 0);
}

/* Three inodes: the root, a directory and a file have them. */
static void no_inodes(void)
{
	struct { unsigned long long flags, mode, resolve; } how = { O_CREAT | O_WRONLY, 0600, 0 };
	struct statfs sfs;
	int dir;

	mkdir("sub", 0755);
	make_file("file", "text");
	dir = open(".", O_RDONLY);
	SHOW(syscall(SYS_open, "new", O_CREAT | O_WRONLY, 0600));
	SHOW(openat(dir, "new", O_CREAT | O_WRONLY, 0600));
	SHOW(syscall(SYS_openat2, dir, "new", &how, sizeof(how)));
	SHOW(syscall(SYS_open, ".", O_TMPFILE | O_WRONLY, 0600));
	SHOW(syscall(SYS_creat, "new", 0600));
	SHOW(syscall(SYS_mkdir, "new", 0700));
	SHOW(mkdirat(dir, "new", 0700));
	SHOW(syscall(SYS_mknod, "new", S_IFIFO | 0600, 0));
	SHOW(mknodat(dir, "new", S_IFREG | 0600, 0));
	SHOW(syscall(SYS_symlink, "to", "new"));
	SHOW(symlinkat("to", dir, "new"));
	SHOW(syscall(SYS_link, "file", "new"));
	SHOW(linkat(dir, "file", dir, "new", 0));
	SHOW(syscall(SYS_renameat2, dir, "file", dir, "new", 4 /* RENAME_WHITEOUT */));
	SHOW(syscall(SYS_rename, "file", "new"));
	SHOW(unlink("new"));
	SHOW(syscall(SYS_mkdir, "new", 0700));
	SHOW(syscall(SYS_mkdir, "newer", 0700));
	/* further names of a file count as much as files */
	SHOW(mount("none", ".", "tmpfs", MS_REMOUNT, "nr_inodes=6"));
	make_file("file", "text");
	SHOW(link("file", "link1"));
	SHOW(link("file", "link2"));
	SHOW(link("file", "link3"));
	SHOW(statfs(".", &sfs));
	SHOW(sfs.f_ffree);
	SHOW(mount("none", ".", "tmpfs", MS_REMOUNT, "nr_inodes=5"));
	SHOW(unlink("file"));
	SHOW(mkdir("new2", 0700));
	SHOW(unlink("link2"));
	SHOW(mkdir("new3", 0700));
	SHOW(statfs(".", &sfs));
	SHOW(sfs.f_ffree);
}

/* What the limit on the size of files allows, and no byte more. */
#define LIMIT 65536

static void no_size(const char *name)
{
	struct rlimit rl = { LIMIT, RLIM_INFINITY };
	int in = open("source", O_RDWR | O_CREAT | O_TRUNC, 0644), fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
	struct iovec vec = { page, 10 };
	off_t at = 0;

	write(in, page, 4096);
	lseek(in, 0, SEEK_SET);
	signal(SIGXFSZ, SIG_IGN);
	printf("%s\n", name);
	SHOW(setrlimit(RLIMIT_FSIZE, &rl));
	SHOW(ftruncate(fd, LIMIT - 100));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(write(fd, page, 200));
	SHOW(write(fd, page, 1));
	SHOW(writev(fd, &vec, 1));
	SHOW(pwrite(fd, page, 10, LIMIT - 5));
	SHOW(pwrite(fd, page, 10, LIMIT));
	SHOW(pwritev(fd, &vec, 1, LIMIT));
	SHOW(syscall(SYS_pwritev2, fd, &vec, 1, LIMIT, 0, 0));
	SHOW(ftruncate(fd, LIMIT + 1));
	SHOW(truncate(name, LIMIT + 1));
	SHOW(fallocate(fd, 0, LIMIT, 1));
	SHOW(copy_file_range(fd, &at, fd, NULL, 10, 0));
	SHOW(sendfile(fd, in, NULL, 10));
	SHOW(lseek(fd, LIMIT - 5, SEEK_SET));
	SHOW(copy_file_range(fd, &at, fd, NULL, 10, 0));
	SHOW(at);
	SHOW(lseek(fd, LIMIT - 5, SEEK_SET));
	SHOW(sendfile(fd, in, NULL, 10));
	rl.rlim_cur = RLIM_INFINITY;
	SHOW(setrlimit(RLIMIT_FSIZE, &rl));
	/* and what no file may have */
	SHOW(pwrite(fd, page, 1, 0x7fffffffffffffff));
	SHOW(fallocate(fd, 0, 0x7fffffffffffff00, 0x100));
	close(fd);
	close(in);
}

int main(void)
{
	own_mounts();
	mkdir("pages", 0755);
	mkdir("inodes", 0755);
	SHOW(mount("none", "pages", "tmpfs", 0, "size=8k"));
	SHOW(mount("none", "inodes", "tmpfs", 0, "nr_inodes=3"));
	SHOW(chdir("pages"));
	no_space();
	SHOW(chdir("../inodes"));
	no_inodes();
	SHOW(chdir(".."));
	no_size("onhost");
	no_size("/dev/shm/errno_full");
	unlink("/dev/shm/errno_full");
	return 0;
}
