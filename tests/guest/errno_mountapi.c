/* fsopen, fspick, fsconfig, fsmount, open_tree, move_mount, mount_setattr, mount: the errors that mnt_api does not make, and
 * mounts that go beneath others. */
// needs-root: it mounts
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "mnt.h"

#define fsopen_(...) syscall(430, __VA_ARGS__)
#define fsconfig_(...) syscall(431, __VA_ARGS__)
#define fsmount_(...) syscall(432, __VA_ARGS__)
#define fspick_(...) syscall(433, __VA_ARGS__)
#define open_tree_(...) syscall(428, __VA_ARGS__)
#define move_mount_(...) syscall(429, __VA_ARGS__)
#define setattr_(...) syscall(442, __VA_ARGS__)
enum { SET_FLAG, SET_STRING, SET_BINARY, SET_PATH, SET_PATH_EMPTY, SET_FD, CREATE, RECONFIGURE };
#define SET_GROUP 0x100
#define BENEATH 0x200
#define T_EMPTY 0x40
#define F_EMPTY 4

struct attr { unsigned long set, clr, propagation, userns; };

static char long_name[300];

static int new_fs(const char *mode)
{
	int fs = fsopen_("tmpfs", 0);

	fsconfig_(fs, SET_STRING, "mode", mode, 0);
	fsconfig_(fs, CREATE, NULL, NULL, 0);
	return fs;
}

/* A user who may mount, and has no other right. */
static void mounter(void)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2] = { { 1u << CAP_SYS_ADMIN, 1u << CAP_SYS_ADMIN, 0 } };
	struct attr a = { .set = 1 };
	int tree;

	prctl(PR_SET_KEEPCAPS, 1);
	setresgid(1234, 1234, 1234);
	setresuid(1234, 1234, 1234);
	SHOW(syscall(SYS_capset, &h, d));
	SHOW(mount("none", "closed/dir", "tmpfs", 0, NULL));
	SHOW(mount("closed/dir", "dir", NULL, MS_BIND, NULL));
	SHOW(umount2("closed/dir", 0));
	SHOW(fspick_(AT_FDCWD, "closed/dir", 0));
	SHOW(open_tree_(AT_FDCWD, "closed/dir", 0));
	SHOW(open_tree_(AT_FDCWD, "closed/dir", 1));
	SHOW(move_mount_(AT_FDCWD, "closed/dir", AT_FDCWD, "dir", 0));
	SHOW(move_mount_(AT_FDCWD, "m", AT_FDCWD, "closed/dir", 0));
	SHOW(setattr_(AT_FDCWD, "closed/dir", 0, &a, sizeof(a)));
	SHOW(syscall(SYS_pivot_root, "closed/dir", "dir"));
	tree = open_tree_(AT_FDCWD, "m", 1);
	SHOW(move_mount_(tree, "", AT_FDCWD, "dir", F_EMPTY));
	SHOW(umount2("dir", 0));
}

static void nobody(void)
{
	struct attr a = { .set = 1 };
	int fs = new_fs("0755"), open = fsopen_("tmpfs", 0);

	setresuid(1234, 1234, 1234);
	SHOW(mount("none", "dir", "tmpfs", 0, NULL));
	SHOW(umount2("m", 0));
	SHOW(setattr_(AT_FDCWD, "m", 0, &a, sizeof(a)));
	SHOW(setattr_(AT_FDCWD, "m", 0x100000, &a, sizeof(a)));
	SHOW(setattr_(AT_FDCWD, "m", 0, &a, 1));
	SHOW(fsmount_(fs, 0, 0));
	SHOW(fsconfig_(open, SET_STRING, "size", "1m", 0));
	SHOW(fsconfig_(open, CREATE, NULL, NULL, 0));
	SHOW(open_tree_(AT_FDCWD, "m", 1));
	SHOW(open_tree_(AT_FDCWD, "closed/dir", 0));
	SHOW(move_mount_(AT_FDCWD, "m", AT_FDCWD, "dir", 0));
}

static void in_child(void (*what)(void))
{
	fflush(stdout);
	if (!fork()) {
		what();
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

static void contexts(void)
{
	struct rlimit rl;
	int fs = fsopen_("tmpfs", 0), made = new_fs("0700"), picked = fspick_(AT_FDCWD, "m", 0), dir = open(".", O_RDONLY);

	puts("-- contexts");
	SHOW(fsconfig_(fs, SET_FLAG, BAD_PTR, NULL, 0));
	SHOW(fsconfig_(fs, SET_STRING, BAD_PTR, "x", 0));
	SHOW(fsconfig_(fs, SET_STRING, "size", BAD_PTR, 0));
	SHOW(fsconfig_(fs, SET_BINARY, "size", "x", 1));
	SHOW(fsconfig_(fs, SET_BINARY, "size", "x", 0));
	SHOW(fsconfig_(fs, SET_BINARY, "size", BAD_PTR, 1));
	SHOW(fsconfig_(fs, SET_PATH, "size", "m", AT_FDCWD));
	SHOW(fsconfig_(fs, SET_PATH, "size", "m", -1));
	SHOW(fsconfig_(fs, SET_PATH, "size", BAD_PTR, AT_FDCWD));
	SHOW(fsconfig_(fs, SET_PATH_EMPTY, "size", "", dir));
	SHOW(fsconfig_(fs, SET_FD, "size", NULL, dir));
	SHOW(fsconfig_(fs, SET_FD, "size", NULL, 999));
	SHOW(fsconfig_(fs, SET_FD, "size", NULL, -1));
	SHOW(fsconfig_(fs, SET_PATH, "source", "m", AT_FDCWD));
	SHOW(fsconfig_(fs, SET_FD, "source", NULL, dir));
	SHOW(fsconfig_(fs, SET_BINARY, "source", "x", 1));
	SHOW(fsconfig_(fs, SET_BINARY, "nonsense", "x", 1));
	SHOW(fsconfig_(fs, SET_PATH, "nonsense", "m", AT_FDCWD));
	SHOW(fsconfig_(fs, SET_FD, "nonsense", NULL, dir));
	SHOW(fsconfig_(fs, SET_STRING, "size", "", 0));
	SHOW(fsconfig_(fs, SET_FLAG, "size", NULL, 0));
	SHOW(fsconfig_(fs, RECONFIGURE, NULL, NULL, 0));
	SHOW(fsconfig_(picked, CREATE, NULL, NULL, 0));
	SHOW(fsconfig_(made, SET_STRING, "size", "1m", 0));
	SHOW(fsconfig_(made, CREATE, NULL, NULL, 0));
	SHOW(fsconfig_(fs, 99, NULL, NULL, 0));
	SHOW(fsconfig_(fs, 99, "x", NULL, 7));
	SHOW(fsconfig_(dir, SET_FLAG, "ro", NULL, 0));
	SHOW(fsconfig_(fs, SET_FLAG, long_name, NULL, 0));
	SHOW(fspick_(AT_FDCWD, BAD_PTR, 0));
	SHOW(fspick_(AT_FDCWD, "", 0));
	SHOW(fspick_(dir, "", 8) >= 0);
	SHOW(fspick_(AT_FDCWD, "dir", 0) >= 0);
	SHOW(fspick_(AT_FDCWD, "link", 2));
	SHOW(fspick_(AT_FDCWD, "link", 0) >= 0);
	getrlimit(RLIMIT_NOFILE, &rl);
	rl.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &rl);
	SHOW(fsopen_("tmpfs", 0));
	SHOW(fspick_(AT_FDCWD, "m", 0));
	SHOW(fsmount_(made, 0, 0));
	SHOW(open_tree_(AT_FDCWD, "m", 1));
	rl.rlim_cur = rl.rlim_max;
	setrlimit(RLIMIT_NOFILE, &rl);
	SHOW(fsmount_(made, 0, 0));
	close(fs);
	close(made);
	close(picked);
}

static void moves(void)
{
	int tree = open_tree_(AT_FDCWD, "m", 1), dir = open("dir", O_RDONLY), gone;

	puts("-- moves");
	mkdir("gone", 0755);
	gone = open("gone", O_RDONLY);
	rmdir("gone");
	SHOW(move_mount_(tree, "", AT_FDCWD, "nothing", F_EMPTY));
	SHOW(move_mount_(tree, "", AT_FDCWD, "file/x", F_EMPTY));
	SHOW(move_mount_(tree, "", AT_FDCWD, "loop", F_EMPTY | 0x10));
	SHOW(move_mount_(tree, "", AT_FDCWD, "loop/x", F_EMPTY));
	SHOW(move_mount_(tree, "", AT_FDCWD, long_name, F_EMPTY));
	SHOW(move_mount_(tree, "", AT_FDCWD, BAD_PTR, F_EMPTY));
	SHOW(move_mount_(tree, "", AT_FDCWD, "file", F_EMPTY));
	SHOW(move_mount_(tree, "", gone, "", F_EMPTY | T_EMPTY));
	SHOW(move_mount_(tree, "", 99, "", F_EMPTY | T_EMPTY));
	SHOW(move_mount_(dir, "", AT_FDCWD, "dir", F_EMPTY));
	SHOW(move_mount_(AT_FDCWD, "m", AT_FDCWD, "m/sub", 0));
	SHOW(move_mount_(AT_FDCWD, "m", AT_FDCWD, "dir", 0x1000));
	/* two flags that exclude each other, and groups of mounts that have none */
	SHOW(move_mount_(AT_FDCWD, "m", AT_FDCWD, "dir", SET_GROUP | BENEATH));
	SHOW(move_mount_(AT_FDCWD, "m", AT_FDCWD, "dir", SET_GROUP));
	SHOW(move_mount_(AT_FDCWD, "m", AT_FDCWD, "other", SET_GROUP));
	SHOW(move_mount_(AT_FDCWD, "m", AT_FDCWD, "m2", SET_GROUP));
	SHOW(move_mount_(tree, "", AT_FDCWD, "m2", SET_GROUP | F_EMPTY));
	close(tree);
	close(dir);
	close(gone);
}

/* A mount that goes beneath what is mounted somewhere: it shows when the upper one is gone. */
static void beneath(void)
{
	int fs = new_fs("0700"), mnt = fsmount_(fs, 0, 0), fd = openat(mnt, "below", O_CREAT | O_WRONLY, 0600);

	puts("-- beneath");
	write(fd, "below", 5);
	close(fd);
	SHOW(move_mount_(mnt, "", AT_FDCWD, "dir", F_EMPTY | BENEATH));
	SHOW(move_mount_(mnt, "", AT_FDCWD, "m/sub", F_EMPTY | BENEATH));
	SHOW(move_mount_(mnt, "", AT_FDCWD, "/", F_EMPTY | BENEATH));
	SHOW(move_mount_(AT_FDCWD, "other", AT_FDCWD, "m2", BENEATH));
	show_file("m2/name");
	SHOW(umount("m2"));
	show_file("m2/other");
	SHOW(umount("m2"));
	SHOW(umount("m2"));
	SHOW(move_mount_(mnt, "", AT_FDCWD, "m", F_EMPTY | BENEATH));
	SHOW(move_mount_(AT_FDCWD, "m", AT_FDCWD, "m", BENEATH));
	show_file("m/name");
	show_file("m/below");
	SHOW(umount("m"));
	show_file("m/name");
	show_file("m/below");
	close(mnt);
	close(fs);
	SHOW(umount("m"));
	SHOW(umount("m"));
}

int main(void)
{
	struct attr a = { .set = 1 };

	own_mounts();
	memset(long_name, 'n', 256);
	SHOW(mount("none", ".", "tmpfs", 0, "mode=0755"));
	chdir(getcwd((char[4096]){ 0 }, 4096));
	for (const char *const *n = (const char *const[]){ "m", "m2", "other", "dir", "closed", "closed/dir", NULL }; *n; n++)
		mkdir(*n, 0755);
	chmod("closed", 0700);
	make_file("file", "text");
	symlink("loop", "loop");
	symlink("m", "link");
	SHOW(mount("none", "m", "tmpfs", 0, NULL));
	mkdir("m/sub", 0755);
	make_file("m/name", "upper");
	SHOW(mount("m", "m2", NULL, MS_BIND, NULL));
	SHOW(mount("none", "other", "tmpfs", 0, NULL));
	make_file("other/other", "other");
	in_child(mounter);
	in_child(nobody);
	contexts();
	moves();
	SHOW(setattr_(99, "", 0x1000, &a, sizeof(a)));
	SHOW(setattr_(AT_FDCWD, "", 0, &a, sizeof(a)));
	SHOW(setattr_(AT_FDCWD, "dir", 0, &a, sizeof(a)));
	beneath();
	return 0;
}
