/* openat2: each RESOLVE_ flag, the checks of struct open_how, and what openat ignores. */
#include "both.h"

#include <linux/openat2.h>

static int o2(const char *path, unsigned long flags, unsigned long resolve)
{
	struct open_how how = { .flags = flags, .resolve = resolve, .mode = flags & O_CREAT ? 0600 : 0 };
	int fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

static void all(void)
{
	static const char *const paths[] = { "f", "d/f", "d/../f", "../no-such-name", "..", "link", "dlink/f", "abs", "out", "d/out", "/", "/etc",
		"magic", "d/dd/../../f", "d/dd/../../../no-such-name", "loop" };
	struct { struct open_how h; unsigned long extra; } big = { { .flags = O_RDONLY }, 0 };
	struct open_how how = { .flags = O_RDONLY };

	mkdir("d", 0755); mkdir("d/dd", 0755);
	put_file("f", "x"); put_file("d/f", "x");
	symlink("f", "link"); symlink("d", "dlink"); symlink("/etc", "abs"); symlink("..", "out"); symlink("../../..", "d/out");
	symlink("/proc/self/exe", "magic"); symlink("loop", "loop");
	for (unsigned r = 1; r <= 0x10; r <<= 1)
		for (unsigned i = 0; i < 16; i++) {
			errno = 0;
			if (r == RESOLVE_NO_XDEV && strchr("am/", paths[i][0]))
				continue; /* where mounts are, differs */
			printf("resolve %#x %-28s %s\n", r, paths[i], o2(paths[i], O_RDONLY, r) ? errno_name(errno) : "+");
		}
	SHOW(o2("f", O_RDONLY, RESOLVE_BENEATH | RESOLVE_IN_ROOT));
	SHOW(o2("f", O_RDONLY, 0x80));
	SHOW(o2("f", O_RDONLY | 0x80000000ul, 0));
	SHOW(o2("f", 1ul << 40, 0));
	SHOW(o2("f", O_PATH | O_RDWR, 0));
	SHOW(o2("f", O_PATH | O_NOFOLLOW, 0));
	SHOW(o2("new", O_CREAT | O_EXCL | O_WRONLY, RESOLVE_BENEATH));
	SHOW(o2("../new", O_CREAT | O_EXCL | O_WRONLY, RESOLVE_BENEATH));
	how.mode = 0600;
	SHOW(syscall(SYS_openat2, AT_FDCWD, "f", &how, sizeof(how)));
	how.mode = 010000, how.flags = O_CREAT;
	SHOW(syscall(SYS_openat2, AT_FDCWD, "f", &how, sizeof(how)));
	how.mode = 0, how.flags = 0;
	SHOW(syscall(SYS_openat2, AT_FDCWD, "f", &how, 8));
	SHOW(syscall(SYS_openat2, AT_FDCWD, "f", &how, 100000));
	SHOW(syscall(SYS_openat2, AT_FDCWD, "f", &big, sizeof(big)) >= 0);
	big.extra = 1;
	SHOW(syscall(SYS_openat2, AT_FDCWD, "f", &big, sizeof(big)));
	SHOW(syscall(SYS_openat2, AT_FDCWD, "f", BAD_PTR, sizeof(how)));
	SHOW(syscall(SYS_openat2, AT_FDCWD, BAD_PTR, &how, sizeof(how)));
	SHOW(syscall(SYS_openat2, -1, "f", &how, sizeof(how)));
}
int main(void)
{
	in_both(all);
	return 0;
}
