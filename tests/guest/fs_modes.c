/* chmod, umask, chown to oneself, access by the owner. */
#include <fcntl.h>
#include <sys/stat.h>

#include "show.h"

static void mode(const char *name)
{
	struct stat st;

	printf("%s: %o\n", name, lstat(name, &st) ? 0 : st.st_mode & 07777);
}

int main(void)
{
	int fd;

	SHOW(umask(0));
	fd = open("a", O_CREAT | O_RDWR, 0777);
	mode("a");
	SHOW(umask(077));
	SHOW(mkdir("d", 0777));
	mode("d");
	SHOW(umask(01077));
	SHOW(umask(022));
	SHOW(mkfifo("f", 0666));
	mode("f");
	SHOW(chmod("a", 0));
	mode("a");
	SHOW(fchmod(fd, 04755));
	mode("a");
	SHOW(fchmodat(AT_FDCWD, "a", 0640, 0));
	mode("a");
	SHOW(symlink("a", "s"));
	SHOW(chmod("s", 0600));
	mode("a");
	SHOW(chmod("d", 01777));
	mode("d");
	SHOW(chmod("none", 0600));
	SHOW(chmod("a/x", 0600));
	SHOW(chmod(BAD_PTR, 0600));
	SHOW(fchmod(999, 0600));
	SHOW(chown("a", getuid(), getgid()));
	SHOW(chown("a", -1, -1));
	SHOW(lchown("s", -1, getgid()));
	SHOW(fchown(fd, getuid(), -1));
	SHOW(fchownat(AT_FDCWD, "a", -1, -1, 0x1));
	SHOW(fchownat(fd, "", -1, -1, AT_EMPTY_PATH));
	SHOW(chown("none", -1, -1));
	SHOW(access("a", R_OK | W_OK));
	SHOW(access("a", X_OK));
	SHOW(faccessat(AT_FDCWD, "d", X_OK, 0));
	SHOW(faccessat(AT_FDCWD, "s", R_OK, AT_SYMLINK_NOFOLLOW));
	SHOW(faccessat(AT_FDCWD, "s", R_OK, AT_EACCESS));
	SHOW(syscall(SYS_faccessat2, AT_FDCWD, "a", R_OK, 0x4));
	SHOW(syscall(SYS_faccessat2, fd, "", R_OK, AT_EMPTY_PATH));
	return 0;
}
