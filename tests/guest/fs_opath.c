/* O_PATH descriptors: what they are good for, and what they refuse. */
#include <sys/vfs.h>
#include "both.h"

#include <sys/mman.h>
#include <sys/ioctl.h>
static void all(void)
{
	struct stat st;
	char buf[16];
	int f, d, l, p[2];

	put_file("f", "text");
	mkdir("d", 0755);
	put_file("d/in", "in");
	symlink("f", "l");
	f = open("f", O_PATH);
	d = open("d", O_PATH | O_DIRECTORY);
	l = open("l", O_PATH | O_NOFOLLOW);
	SHOW(fstat(f, &st) == 0 && S_ISREG(st.st_mode));
	SHOW(fstat(l, &st) == 0 && S_ISLNK(st.st_mode));
	SHOW(readlinkat(l, "", buf, sizeof(buf)));
	SHOW(readlinkat(f, "", buf, sizeof(buf)));
	SHOW(openat(d, "in", O_RDONLY) >= 0);
	SHOW(fstatat(d, "in", &st, 0));
	SHOW(fchdir(d));
	SHOW(stat("in", &st));
	SHOW(chdir(".."));
	SHOW(fchdir(f));
	SHOW(read(f, buf, 1));
	SHOW(write(f, buf, 1));
	SHOW(pread(f, buf, 1, 0));
	SHOW(lseek(f, 0, SEEK_SET));
	SHOW(ftruncate(f, 0));
	SHOW(fchmod(f, 0600));
	SHOW(fchown(f, -1, -1));
	SHOW(futimens(f, NULL));
	SHOW(fsync(f));
	SHOW(fallocate(f, 0, 0, 1));
	SHOW(ioctl(f, 0x5401, buf));
	SHOW((long)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, f, 0));
	SHOW(syscall(SYS_getdents64, d, buf, sizeof(buf)));
	SHOW(fstatfs64(f, (void *)(char[256]){ 0 }));
	SHOW(dup(f) >= 0);
	SHOW(openat(d, "..", O_PATH) >= 0);
	SHOW(openat(f, "x", O_PATH));
	SHOW(open("none", O_PATH));
	SHOW(open("f", O_PATH | O_DIRECTORY));
	SHOW(open("f", O_PATH | O_CREAT | O_EXCL | O_TRUNC | O_RDWR, 0) >= 0);
	cat("f");
	SHOW(fchownat(f, "", -1, -1, AT_EMPTY_PATH));
	SHOW(faccessat(f, "", R_OK, AT_EMPTY_PATH) == 0 || errno == EINVAL);
	SHOW(unlinkat(d, "in", 0));
	SHOW(mkdirat(d, "sub", 0755));
	SHOW(symlinkat("x", d, "sl"));
	SHOW(renameat(d, "sl", AT_FDCWD, "moved"));
	SHOW(rmdir("d"));
	pipe(p);
}
int main(void)
{
	in_both(all);
	return 0;
}
