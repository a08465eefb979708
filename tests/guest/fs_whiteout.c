/* RENAME_WHITEOUT, and whiteouts as what they are: character devices 0:0. */
// needs-root: users
#include "both.h"

#include <sys/sysmacros.h>
static void all(void)
{
	struct stat st;

	put_file("a", "A");
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "b", RENAME_WHITEOUT));
	SHOW(lstat("a", &st) == 0 && S_ISCHR(st.st_mode));
	printf("%u:%u %o\n", major(st.st_rdev), minor(st.st_rdev), st.st_mode);
	cat("b");
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "b", AT_FDCWD, "a", RENAME_WHITEOUT | RENAME_NOREPLACE));
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "b", AT_FDCWD, "a", RENAME_WHITEOUT | RENAME_EXCHANGE));
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "b", AT_FDCWD, "a", RENAME_WHITEOUT));
	cat("a");
	SHOW(unlink("b"));
	fflush(stdout);
	if (!fork()) {
		if (chmod(".", 0777) || setuid(1000))
			_exit(1);
		SHOW(mknod("w", S_IFCHR, makedev(0, 0)));
		SHOW(mknod("n", S_IFCHR, makedev(1, 3)));
		SHOW(unlink("w"));
		_exit(0);
	}
	wait(NULL);
}
int main(void)
{
	in_both(all);
	return 0;
}
