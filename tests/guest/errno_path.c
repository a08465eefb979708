/* Every call that takes a path, with every kind of path that is wrong: the errno of each. */
// needs-root: it mounts, and becomes another user
// timeout: 60
#include <dirent.h>
#include <linux/fs.h>
#include <sys/inotify.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <utime.h>

#include "mnt.h"

#define CALL(name, ...) static long call_##name(int dir, const char *p) { return syscall(SYS_##name, __VA_ARGS__); }
static char buf[4096];
static struct timespec times[2];
static struct { unsigned long long mask, a, b, c; } how; /* struct open_how */

CALL(open, p, O_RDONLY)
CALL(creat, p, 0600)
CALL(openat, dir, p, O_RDWR)
CALL(openat2, dir, p, &how, 24)
CALL(stat, p, buf)
CALL(lstat, p, buf)
CALL(newfstatat, dir, p, buf, 0)
CALL(statx, dir, p, 0, 0x7ff, buf)
CALL(access, p, R_OK)
CALL(faccessat, dir, p, W_OK)
CALL(faccessat2, dir, p, W_OK, 0)
CALL(mkdir, p, 0755)
CALL(mkdirat, dir, p, 0755)
CALL(mknod, p, S_IFIFO | 0600, 0)
CALL(mknodat, dir, p, S_IFREG | 0600, 0)
CALL(rmdir, p)
CALL(unlink, p)
CALL(unlinkat, dir, p, 0)
CALL(rename, p, "new")
CALL(renameat, dir, p, AT_FDCWD, "new")
CALL(renameat2, dir, p, AT_FDCWD, "new", 0)
static long call_rename_to(int dir, const char *p) { return syscall(SYS_rename, "spare", p); }
static long call_renameat_to(int dir, const char *p) { return syscall(SYS_renameat, AT_FDCWD, "spare", dir, p); }
CALL(link, p, "new")
CALL(linkat, dir, p, AT_FDCWD, "new", 0)
static long call_link_to(int dir, const char *p) { return syscall(SYS_link, "spare", p); }
static long call_linkat_to(int dir, const char *p) { return syscall(SYS_linkat, AT_FDCWD, "spare", dir, p, 0); }
CALL(symlink, "to", p)
CALL(symlinkat, "to", dir, p)
static long call_symlink_text(int dir, const char *p) { return syscall(SYS_symlink, p, "new"); }
CALL(readlink, p, buf, 100)
CALL(readlinkat, dir, p, buf, 100)
CALL(chmod, p, 0600)
CALL(fchmodat, dir, p, 0600)
static long call_fchmodat2(int dir, const char *p) { return syscall(452, dir, p, 0600, 0); }
CALL(chown, p, -1, -1)
CALL(lchown, p, 0, 0)
CALL(fchownat, dir, p, 0, 0, 0)
CALL(utime, p, NULL)
CALL(utimes, p, NULL)
CALL(futimesat, dir, p, NULL)
CALL(utimensat, dir, p, times, 0)
CALL(truncate, p, 0)
CALL(statfs, p, buf)
CALL(chdir, p)
CALL(chroot, p)
CALL(setxattr, p, "user.x", "v", 1, 0)
CALL(lsetxattr, p, "user.x", "v", 1, 0)
CALL(getxattr, p, "user.x", buf, 100)
CALL(lgetxattr, p, "user.x", buf, 100)
CALL(listxattr, p, buf, 100)
CALL(llistxattr, p, buf, 100)
CALL(removexattr, p, "user.x")
CALL(lremovexattr, p, "user.x")
CALL(umount2, p, 0)
CALL(pivot_root, p, "sub")
static long call_pivot_root_old(int dir, const char *p) { return syscall(SYS_pivot_root, "sub", p); }
CALL(mount, "none", p, "tmpfs", 0, NULL)
CALL(open_tree, dir, p, 0)
CALL(fspick, dir, p, 0)
static int watcher;
CALL(inotify_add_watch, watcher, p, IN_CREATE)
CALL(execve, p, (char *[]){ NULL }, (char *[]){ NULL })
static const struct { const char *name; long (*call)(int dir, const char *p); } calls[] = {
#define ROW(name) { #name, call_##name }
	ROW(open), ROW(creat), ROW(openat), ROW(openat2), ROW(stat), ROW(lstat), ROW(newfstatat), ROW(statx), ROW(access),
	ROW(faccessat), ROW(faccessat2), ROW(mkdir), ROW(mkdirat), ROW(mknod), ROW(mknodat), ROW(rmdir), ROW(unlink),
	ROW(unlinkat), ROW(rename), ROW(renameat), ROW(renameat2), ROW(rename_to), ROW(renameat_to), ROW(link), ROW(linkat),
	ROW(link_to), ROW(linkat_to), ROW(symlink), ROW(symlinkat), ROW(symlink_text), ROW(readlink), ROW(readlinkat), ROW(chmod),
	ROW(fchmodat), ROW(chown), ROW(lchown), ROW(fchownat), ROW(utime), ROW(utimes), ROW(futimesat), ROW(utimensat),
	ROW(fchmodat2), ROW(truncate), ROW(statfs), ROW(chdir), ROW(chroot), ROW(setxattr), ROW(lsetxattr), ROW(getxattr), ROW(lgetxattr),
	ROW(listxattr), ROW(llistxattr), ROW(removexattr), ROW(lremovexattr), ROW(umount2), ROW(pivot_root), ROW(pivot_root_old),
	ROW(mount), ROW(open_tree), ROW(fspick), ROW(inotify_add_watch), ROW(execve),
};

static char long_name[300], long_path[5000];

/* Things as they are at first. */
static void set_up(void)
{
	mkdir("sub", 0755);
	make_file("file", "text");
	make_file("spare", "text");
	unlink("loop");
	symlink("loop", "loop");
	mkdir("closed", 0700);
	make_file("closed/file", "text");
	make_file("sub/file", "text");
	unlink("new");
}

/* Each call in a child of its own: some change the root, the working directory or who they are. */
static void try(const char *what, int dir, const char *path, int uid)
{
	printf("%s\n", what);
	for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		fflush(stdout);
		if (!fork()) {
			long n;

			if (uid)
				setresuid(uid, uid, uid);
			errno = 0;
			n = calls[i].call(dir, path);
			printf("  %s: %s\n", calls[i].name, n < 0 ? errno_name(errno) : "ok");
			fflush(stdout);
			_exit(0);
		}
		wait(NULL);
		set_up();
	}
}

int main(void)
{
	int dirfd, filefd;

	own_mounts();
	mkdir("ro", 0755);
	mkdir("rw", 0777);
	mount("none", "ro", "tmpfs", 0, NULL);
	mkdir("ro/dir", 0755);
	make_file("ro/file", "text");
	mount("none", "ro", "tmpfs", MS_REMOUNT | MS_RDONLY, NULL);
	mount("none", "rw", "tmpfs", 0, "mode=0777");
	chdir("rw");
	set_up();
	memset(long_name, 'n', 256);
	memset(long_path, 'p', 4999);
	for (int i = 0; i < 4999; i += 100)
		long_path[i] = '/';
	watcher = inotify_init();
	dirfd = open("sub", O_RDONLY | O_DIRECTORY);
	filefd = open("file", O_RDONLY);

	try("no address", AT_FDCWD, NULL, 0);
	try("a bad address", AT_FDCWD, BAD_PTR, 0);
	try("empty", AT_FDCWD, "", 0);
	try("what is not there", AT_FDCWD, "missing", 0);
	try("in what is not there", AT_FDCWD, "missing/file", 0);
	try("below a file", AT_FDCWD, "file/below", 0);
	try("a file with a slash", AT_FDCWD, "file/", 0);
	try("a loop of links", AT_FDCWD, "loop", 0);
	try("through a loop of links", AT_FDCWD, "loop/file", 0);
	try("a name of 256", AT_FDCWD, long_name, 0);
	try("a path of 4999", AT_FDCWD, long_path, 0);
	try("a directory that may not be searched", AT_FDCWD, "closed/file", 1234);
	try("a file of another's", AT_FDCWD, "sub/file", 1234);
	try("new, where others may not write", AT_FDCWD, "sub/newer", 1234);
	try("a directory", AT_FDCWD, "sub", 0);
	try("a file", AT_FDCWD, "file", 0);
	try("a file that may only be read", AT_FDCWD, "../ro/file", 0);
	try("a directory that may only be read", AT_FDCWD, "../ro/dir", 0);
	try("new in what may only be read", AT_FDCWD, "../ro/new", 0);
	try("a descriptor that is closed", 99, "file", 0);
	try("a descriptor of a file", filefd, "file", 0);
	try("a descriptor of a directory", dirfd, "file", 0);
	return 0;
}
