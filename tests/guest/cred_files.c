/* Which files a process may touch: by fsuid and fsgid, supplementary groups, the capabilities that go with them; and whose
 * the files are that it makes. */
// needs-root: it becomes somebody else
/* musl */
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "show.h"

static void in_child(void (*fn)(void))
{
	fflush(stdout);
	if (!fork()) {
		fn();
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

static int try(const char *name, int flags)
{
	int fd = open(name, flags | O_CREAT, 0666);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static void made_by(const char *name)
{
	struct stat st;

	unlink(name);
	if (try(name, O_WRONLY) || stat(name, &st))
		printf(" %s\n", errno_name(errno));
	else
		printf(" made by %u %u, mode %o\n", st.st_uid, st.st_gid, st.st_mode & 07777);
}

static void by_fsuid(void)
{
	setfsgid(1000);
	setfsuid(1000);
	SHOW(try("roots", O_RDONLY));
	SHOW(try("own", O_RDWR));
	made_by("dir/new");
	setfsuid(0);
	SHOW(try("roots", O_RDONLY));
	made_by("dir/new");
}

static void by_euid(void)
{
	setresgid(-1, 1000, -1);
	setresuid(-1, 1000, -1);
	SHOW(try("roots", O_RDONLY));
	SHOW(access("roots", R_OK)); /* by the real ids: root's */
	SHOW(syscall(SYS_faccessat2, AT_FDCWD, "roots", R_OK, AT_EACCESS));
	made_by("dir/new");
	setresuid(-1, 0, -1);
	SHOW(try("roots", O_RDONLY));
}

static void by_group(void)
{
	gid_t groups[] = { 2000, 2001 };

	setgroups(2, groups);
	setresgid(1000, 1000, 1000);
	setresuid(1001, 1001, 1001);
	SHOW(try("group", O_RDONLY));
	SHOW(try("group", O_WRONLY));
	SHOW(try("own", O_RDONLY));
	SHOW(chown("mine", -1, 2001));
	SHOW(chown("mine", -1, 3000));
	SHOW(chown("mine", 1002, -1));
	SHOW(chmod("mine", 02755));
}

static void by_no_group(void)
{
	setgroups(0, NULL);
	setresgid(1000, 1000, 1000);
	setresuid(1001, 1001, 1001);
	SHOW(try("group", O_RDONLY));
	SHOW(setgroups(0, NULL));
	SHOW(getgroups(0, NULL));
}

static void masked(void)
{
	umask(077);
	made_by("dir/new");
	SHOW(umask(0777));
	SHOW(umask(01777)); /* the permission bits alone */
	SHOW(umask(022));
}

int main(void)
{
	umask(0);
	mkdir("dir", 0777);
	chmod("dir", 0777);
	chmod(".", 0755);
	close(open("roots", O_CREAT | O_WRONLY, 0600));
	close(open("own", O_CREAT | O_WRONLY, 0600));
	chown("own", 1000, 1000);
	close(open("group", O_CREAT | O_WRONLY, 0640));
	chown("group", 0, 2000);
	close(open("mine", O_CREAT | O_WRONLY, 0644));
	chown("mine", 1001, 1000);
	in_child(by_fsuid);
	in_child(by_euid);
	in_child(by_group);
	in_child(by_no_group);
	in_child(masked);
	return 0;
}
