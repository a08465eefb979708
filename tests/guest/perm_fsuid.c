/* setfsuid and setfsgid: whose files are made, and which rights count; supplementary groups. */
// needs-root: users
#include <sys/fsuid.h>

#include "perm.h"

static void whose(const char *name)
{
	struct stat st;

	if (lstat(name, &st))
		printf("%s: %s\n", name, errno_name(errno));
	else
		printf("%s: %u:%u %o\n", name, st.st_uid, st.st_gid, st.st_mode & 07777);
}

static void table(void)
{
	gid_t groups[] = { 2000, 2001, 2002 };

	chmod(".", 0777);
	make_at("secret", 0600, 1001, 1001);
	make_at("group", 0060, 1001, 2001);
	make_at("nogroup", 0604, 1001, 2001);
	fflush(stdout);
	if (!fork()) {
		SHOW(setfsgid(1002));
		SHOW(setfsuid(1002));
		SHOW(open("secret", O_RDONLY));
		close(open("mine", O_CREAT | O_WRONLY, 0600));
		mkdir("dir", 0700);
		symlink("x", "link");
		mknod("fifo", S_IFIFO | 0600, 0);
		whose("mine"); whose("dir"); whose("link"); whose("fifo");
		SHOW(chmod("secret", 0644));
		SHOW(chown("mine", 1003, -1));
		SHOW(unlink("secret"));
		SHOW(setfsuid(0));
		SHOW(setfsuid(-1));
		SHOW(open("mine", O_RDONLY) >= 0);
		SHOW(chmod("dir", 0755));
		_exit(0);
	}
	wait(NULL);
	make_at("secret", 0600, 1001, 1001);
	if (!fork()) {
		setgroups(3, groups);
		setresgid(1005, 1005, 1005);
		setresuid(1005, 1005, 1005);
		SHOW(open("group", O_RDWR) >= 0);
		SHOW(open("nogroup", O_RDONLY));
		SHOW(access("group", R_OK | W_OK));
		close(open("own", O_CREAT | O_WRONLY, 0600));
		SHOW(chown("own", -1, 2002));
		SHOW(chown("own", -1, 2003));
		whose("own");
		SHOW(chmod("own", 02755));
		whose("own");
		_exit(0);
	}
	wait(NULL);
	unlink("mine"); rmdir("dir"); unlink("link"); unlink("fifo"); unlink("own");
}

int main(void)
{
	in_both(table);
	return 0;
}
