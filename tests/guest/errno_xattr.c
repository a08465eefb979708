/* Extended attributes: each error of set, get, list and remove, by path, by path of a link, by descriptor. On tmpfs. */
// needs-root: it mounts, and becomes another user
#include <sys/resource.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include "mnt.h"

static char big[70000], long_name[300], buf[256];
static int fd;

/* The same by its three names. A descriptor stands for @path. */
static void each_set(const char *path, int at, const char *name, const void *value, size_t size, int flags)
{
	SHOW(syscall(SYS_setxattr, path, name, value, size, flags));
	SHOW(syscall(SYS_lsetxattr, path, name, value, size, flags));
	SHOW(syscall(SYS_fsetxattr, at, name, value, size, flags));
}

static void each_get(const char *path, int at, const char *name, void *value, size_t size)
{
	SHOW(syscall(SYS_getxattr, path, name, value, size));
	SHOW(syscall(SYS_lgetxattr, path, name, value, size));
	SHOW(syscall(SYS_fgetxattr, at, name, value, size));
}

static void each_list(const char *path, int at, void *list, size_t size)
{
	SHOW(syscall(SYS_listxattr, path, list, size));
	SHOW(syscall(SYS_llistxattr, path, list, size));
	SHOW(syscall(SYS_flistxattr, at, list, size));
}

static void each_remove(const char *path, int at, const char *name)
{
	SHOW(syscall(SYS_removexattr, path, name));
	SHOW(syscall(SYS_lremovexattr, path, name));
	SHOW(syscall(SYS_fremovexattr, at, name));
}

static void arguments(void)
{
	puts("-- set");
	each_set("file", fd, "user.a", "value", 5, 99);
	each_set("file", fd, "user.a", "value", 5, XATTR_REPLACE);
	each_set("file", fd, "user.a", "value", 5, 0);
	each_set("file", fd, "user.a", "value", 5, XATTR_CREATE);
	each_set("file", fd, "user.a", "value", 5, XATTR_CREATE | XATTR_REPLACE);
	each_set("file", fd, "user.b", "value", 5, XATTR_CREATE | XATTR_REPLACE);
	each_set("file", fd, "other.a", "value", 5, 0);
	each_set("file", fd, "user.", "value", 5, 0);
	each_set("file", fd, "", "value", 5, 0);
	each_set("file", fd, long_name, "value", 5, 0);
	each_set("file", fd, BAD_PTR, "value", 5, 0);
	each_set("file", fd, "user.a", BAD_PTR, 5, 0);
	each_set("file", fd, "user.a", big, 65537, 0);
	each_set("file", fd, "user.big", big, 65536, 0);
	each_set("nothing", -1, "user.a", "value", 5, 0);
	each_set("nothing", -1, "user.a", BAD_PTR, 5, 0);
	each_set("file", fd, "system.a", "value", 5, 0);
	puts("-- get");
	each_get("file", fd, "user.a", buf, sizeof(buf));
	each_get("file", fd, "user.a", buf, 4);
	each_get("file", fd, "user.a", BAD_PTR, 5);
	each_get("file", fd, "user.a", BAD_PTR, 0);
	each_get("file", fd, "user.none", buf, 100);
	each_get("file", fd, "other.a", buf, 100);
	each_get("file", fd, "", buf, 100);
	each_get("file", fd, long_name, buf, 100);
	each_get("file", fd, BAD_PTR, buf, 100);
	each_get("nothing", -1, "user.a", buf, 100);
	each_get("file", fd, "user.big", NULL, 0);
	puts("-- list");
	each_list("file", fd, big, sizeof(big));
	each_list("file", fd, NULL, 0);
	each_list("file", fd, big, 3);
	each_list("file", fd, BAD_PTR, 100);
	each_list("nothing", -1, big, 100);
	puts("-- remove");
	each_remove("file", fd, "user.none");
	each_remove("file", fd, "other.a");
	each_remove("file", fd, "");
	each_remove("file", fd, long_name);
	each_remove("file", fd, BAD_PTR);
	each_remove("nothing", -1, "user.a");
	each_remove("file", fd, "user.big");
}

/* More names than any list may have. */
static void long_list(void)
{
	char name[256];
	int many;

	make_file("many", "text");
	many = open("many", O_RDONLY);
	memset(name, 'n', 255);
	memcpy(name, "user.", 5);
	for (int i = 0; i < 256; i++) {
		sprintf(name + 252, "%03d", i);
		if (setxattr("many", name, "", 0, 0))
			perror("setxattr");
	}
	puts("-- 256 attributes");
	each_list("many", many, big, 65535);
	each_list("many", many, big, 65536);
	sprintf(name + 252, "%03d", 256);
	SHOW(setxattr("many", name, "", 0, 0));
	each_list("many", many, big, 65535);
	each_list("many", many, big, 65536);
	each_list("many", many, big, 70000);
	each_list("many", many, NULL, 0);
}

/* What has no attributes of the user's: a FIFO, a link, a pipe, files of proc. */
static void kinds(void)
{
	int pipes[2], proc = open("/proc/self/stat", O_RDONLY), path = open("file", O_PATH);

	if (pipe(pipes))
		return;
	mkfifo("fifo", 0666);
	symlink("file", "link");
	puts("-- a FIFO");
	each_set("fifo", pipes[0], "user.a", "value", 5, 0);
	each_get("fifo", pipes[0], "user.a", buf, 100);
	each_list("fifo", pipes[0], buf, 100);
	each_remove("fifo", pipes[0], "user.a");
	each_set("fifo", pipes[0], "trusted.a", "value", 5, 0);
	puts("-- a link");
	each_set("link", path, "user.link", "value", 5, 0);
	each_get("link", path, "user.link", buf, 100);
	each_list("link", path, buf, 100);
	each_remove("link", path, "user.link");
	puts("-- proc");
	each_set("/proc/self/stat", proc, "user.a", "value", 5, 0);
	each_get("/proc/self/stat", proc, "user.a", buf, 100);
	each_list("/proc/self/stat", proc, buf, 100);
	each_remove("/proc/self/stat", proc, "user.a");
}

static void read_only(void)
{
	int ro;

	mkdir("ro", 0755);
	mount("none", "ro", "tmpfs", 0, NULL);
	make_file("ro/file", "text");
	ro = open("ro/file", O_RDONLY);
	puts("-- may only be read");
	setxattr("ro/file", "user.a", "value", 5, 0);
	SHOW(mount("none", "ro", "tmpfs", MS_REMOUNT | MS_RDONLY, NULL));
	each_set("ro/file", ro, "user.a", "value", 5, 0);
	each_set("ro/file", ro, "other.a", "value", 5, 0);
	each_get("ro/file", ro, "user.a", buf, 100);
	each_remove("ro/file", ro, "user.a");
	each_remove("ro/file", ro, "user.none");
}

/* Attributes of the user's on tmpfs share the room of inodes. */
static void no_room(void)
{
	int file;

	mkdir("small", 0755);
	SHOW(mount("none", "small", "tmpfs", 0, "nr_inodes=4"));
	make_file("small/file", "text");
	file = open("small/file", O_RDONLY);
	puts("-- four inodes");
	each_set("small/file", file, "user.a", big, 3000, 0);
	each_set("small/file", file, "user.b", big, 500, 0);
	each_set("small/file", file, "trusted.b", big, 5000, 0);
	each_set("small/file", file, "user.a", big, 400, 0);
	each_set("small/file", file, "user.c", big, 500, 0);
	SHOW(mkdir("small/dir", 0755));
	SHOW(mkdir("small/dir2", 0755));
	each_remove("small/file", file, "user.a");
	SHOW(mkdir("small/dir2", 0755));
	SHOW(mkdir("small/dir3", 0755));
	SHOW(unlink("small/file"));
	SHOW(mkdir("small/dir3", 0755));
	close(file);
	SHOW(mkdir("small/dir3", 0755));
}

/* Files of root's, which others may read. */
static void another(void)
{
	puts("-- another user");
	each_set("file", fd, "user.a", "value", 5, 0);
	each_set("file", fd, "trusted.a", "value", 5, 0);
	each_set("file", fd, "security.a", "value", 5, 0);
	each_set("sticky", fd, "user.a", "value", 5, 0);
	each_get("file", fd, "user.a", buf, 100);
	each_get("file", fd, "trusted.a", buf, 100);
	each_get("file", fd, "security.a", buf, 100);
	each_get("secret", fd, "user.a", buf, 100);
	each_list("secret", fd, buf, 256);
	each_remove("file", fd, "user.a");
	each_remove("file", fd, "trusted.a");
	each_remove("file", fd, "security.a");
	each_remove("sticky", fd, "user.a");
	each_remove("closed/file", -1, "user.a");
	each_list("closed/file", -1, buf, 100);
}

int main(void)
{
	own_mounts();
	SHOW(mount("none", ".", "tmpfs", 0, "mode=0755"));
	chdir(getcwd(buf, sizeof(buf)));
	memset(long_name, 'n', 256);
	memcpy(long_name, "user.", 5);
	mkdir("sticky", 01777);
	chmod("sticky", 01777);
	mkdir("closed", 0700);
	make_file("closed/file", "text");
	make_file("secret", "text");
	chmod("secret", 0600);
	make_file("file", "text");
	fd = open("file", O_RDONLY);
	arguments();
	long_list();
	kinds();
	read_only();
	no_room();
	setxattr("file", "trusted.a", "value", 5, 0);
	fflush(stdout);
	if (!fork()) {
		setresgid(1234, 1234, 1234);
		setresuid(1234, 1234, 1234);
		another();
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	return 0;
}
