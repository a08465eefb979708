/* openat, O_PATH descriptors, openat2's rules, opening again through /proc/self/fd. */
#include <fcntl.h>
#include <stdlib.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "show.h"

static long openat2_(int dfd, const char *path, unsigned long long flags, unsigned long long mode, unsigned long long resolve)
{
	struct open_how how = { flags, mode, resolve };
	long fd = syscall(SYS_openat2, dfd, path, &how, sizeof(how));

	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 0 : -1;
}

int main(void)
{
	struct open_how how = { .flags = O_RDONLY };
	char buf[64], path[64];
	struct stat st;
	int dir, fd, p;

	SHOW(mkdir("d", 0755));
	fd = openat(AT_FDCWD, "d/file", O_CREAT | O_RDWR, 0644);
	SHOW(write(fd, "content", 7));
	close(fd);
	symlink("file", "d/link");
	symlink("../d", "d/out");
	symlink("/", "d/abs");
	dir = open("d", O_PATH);
	SHOW(fcntl(dir, F_GETFL) & O_PATH ? 1 : 0);
	fd = openat(dir, "file", O_RDONLY);
	SHOW(read(fd, buf, 64));
	SHOW(fcntl(fd, F_GETFL));
	SHOW(fchdir(dir));
	SHOW(access("file", F_OK));
	SHOW(chdir(".."));
	p = open("d/file", O_PATH);
	SHOW(read(p, buf, 1));
	SHOW(write(p, buf, 1));
	SHOW(lseek(p, 0, SEEK_SET));
	SHOW(fchmod(p, 0600));
	SHOW(fstat(p, &st));
	SHOW(st.st_size);
	SHOW(ftruncate(p, 0));
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, p, 0) == MAP_FAILED ? -1 : 0);
	SHOW(fcntl(p, F_SETFL, O_APPEND));
	SHOW(fcntl(dup(p), F_GETFL) & O_PATH ? 1 : 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", p);
	fd = open(path, O_RDWR);
	SHOW(read(fd, buf, 64));
	SHOW(write(fd, "+", 1));
	close(fd);
	SHOW(unlink("d/file"));
	fd = open(path, O_RDONLY);
	SHOW(fd >= 0 ? read(fd, buf, 64) : -1);
	close(fd);
	fd = openat(dir, "file", O_CREAT | O_EXCL | O_WRONLY, 0600);
	SHOW(openat(fd, "x", O_RDONLY));
	SHOW(openat(dir, "/dev/null", O_RDONLY) >= 0);
	SHOW(openat(-7, "file", O_RDONLY));
	SHOW(openat(dir, "", O_RDONLY));
	SHOW(openat(dir, "file", O_CREAT | O_DIRECTORY, 0600));
	SHOW(openat(dir, "new/", O_CREAT | O_RDWR, 0600));
	SHOW(openat(dir, ".", O_CREAT | O_RDWR, 0600));
	SHOW(openat(dir, ".", O_CREAT | O_EXCL | O_RDWR, 0600));
	SHOW(openat(dir, "file", O_RDONLY | O_DIRECTORY));
	SHOW(openat(dir, ".", O_RDWR));
	SHOW(openat(dir, "..", O_RDONLY) >= 0);

	SHOW(openat2_(dir, "file", O_RDONLY, 0, 0));
	SHOW(openat2_(dir, "link", O_RDONLY, 0, RESOLVE_NO_SYMLINKS));
	SHOW(openat2_(dir, "link", O_RDONLY, 0, RESOLVE_BENEATH));
	SHOW(openat2_(dir, "../d/file", O_RDONLY, 0, RESOLVE_BENEATH));
	SHOW(openat2_(dir, "out/file", O_RDONLY, 0, RESOLVE_BENEATH));
	SHOW(openat2_(dir, "abs", O_RDONLY, 0, RESOLVE_BENEATH));
	SHOW(openat2_(dir, "abs/file", O_RDONLY, 0, RESOLVE_IN_ROOT));
	SHOW(openat2_(dir, "../../file", O_RDONLY, 0, RESOLVE_IN_ROOT));
	SHOW(openat2_(dir, "/file", O_RDONLY, 0, RESOLVE_IN_ROOT));
	SHOW(openat2_(dir, "/file", O_RDONLY, 0, RESOLVE_BENEATH));
	SHOW(openat2_(dir, path, O_RDONLY, 0, RESOLVE_NO_MAGICLINKS));
	SHOW(openat2_(dir, "/proc", O_RDONLY, 0, RESOLVE_NO_XDEV));
	SHOW(openat2_(dir, "file", O_RDONLY, 0644, 0));
	SHOW(openat2_(dir, "file", O_RDONLY | 0x80000000u, 0, 0));
	SHOW(openat2_(dir, "file", O_RDONLY, 0, 0x1000));
	SHOW(openat2_(dir, "file", O_PATH | O_RDWR, 0, 0));
	SHOW(openat2_(dir, "file", O_RDONLY, 0, RESOLVE_BENEATH | RESOLVE_IN_ROOT));
	SHOW(openat2_(dir, "n2", O_CREAT | O_WRONLY, 0600, RESOLVE_BENEATH));
	SHOW(syscall(SYS_openat2, dir, "file", &how, 8));
	SHOW(syscall(SYS_openat2, dir, "file", BAD_PTR, sizeof(how)));
	return 0;
}
