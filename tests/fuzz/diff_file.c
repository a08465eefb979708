/* Operations on names and on the contents of files, and the state of open descriptors. */
#include <dirent.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <time.h>

#include "diff.h"

int an_fd(void)
{
	int fd = chance(4) ? -1 : chance(4) ? 100 : 3 + (int)R(10);

	out(" %d", fd);
	return fd;
}

const char *a_name(void)
{
	static const char *const names[] = {
		"a", "b", "c", "a", "b", "c", "d", "d/a", "d/b", "d/e", "d/e/a", "d/../a", "d/.", "d/", "a/", "a/b", "l", "m", "l/a",
		"missing/a", ".", "..//s/a", "./b", "", "d/e/../../c", "fifo", "d/l",
	};
	const char *name = PICK(names);

	out(" '%s'", name);
	return name;
}

static int a_dir(void)
{
	int fd = chance(80) ? AT_FDCWD : 3 + (int)R(6);

	out(" %d", fd);
	return fd;
}

static unsigned open_flags(void)
{
	unsigned flags = VALUE(O_RDONLY, O_RDONLY, O_WRONLY, O_RDWR, O_RDWR, O_RDWR | O_CREAT, O_RDWR | O_CREAT, O_WRONLY | O_CREAT,
			       O_CREAT | O_EXCL | O_RDWR, 3);

	return flags | O_NONBLOCK | VALUE(0, 0, 0, 0, O_TRUNC, O_APPEND, O_DIRECTORY, O_NOFOLLOW, O_CLOEXEC, O_PATH, O_NOCTTY | O_SYNC);
}

static void op_open(void)
{
	int dir = a_dir();
	const char *name = a_name();
	unsigned flags = open_flags();

	result(openat(dir, name, flags, VALUE(0644, 0600, 0, 0444, 07777)));
}

static void op_openat2(void)
{
	struct open_how how = { 0 };
	int dir = a_dir();
	const char *name = a_name();

	how.flags = open_flags();
	how.mode = how.flags & (O_CREAT | O_TMPFILE) ? VALUE(0644, 0600) : 0;
	how.resolve = VALUE(0, RESOLVE_NO_SYMLINKS, RESOLVE_BENEATH, RESOLVE_IN_ROOT, RESOLVE_NO_XDEV, RESOLVE_NO_MAGICLINKS, 64);
	result(syscall(SYS_openat2, dir, name, &how, VALUE(sizeof(how), sizeof(how), 8)));
}

static void op_tmpfile(void)
{
	int dir = a_dir();

	result(openat(dir, chance(80) ? "." : "a", O_TMPFILE | VALUE(O_RDWR, O_WRONLY, O_RDONLY) | VALUE(0, O_EXCL), 0600));
}

static void op_mkdir(void)
{
	int dir = a_dir();
	const char *name = a_name();

	result(mkdirat(dir, name, VALUE(0755, 0700, 0777, 0, 01777, 02775)));
}

static void op_mknod(void)
{
	int dir = a_dir();
	const char *name = chance(50) ? "fifo" : a_name();

	result(mknodat(dir, name, VALUE(S_IFIFO | 0644, S_IFREG | 0600, 0644, S_IFSOCK | 0600, S_IFDIR | 0700, S_IFLNK), 0));
}

static void op_unlink(void)
{
	int dir = a_dir();
	const char *name = a_name();

	result(unlinkat(dir, name, VALUE(0, 0, AT_REMOVEDIR, 1)));
}

static void op_rename(void)
{
	int from = a_dir(), to = a_dir();
	const char *a = a_name(), *b = a_name();

	result(syscall(SYS_renameat2, from, a, to, b, VALUE(0, 0, 0, 0, RENAME_NOREPLACE, RENAME_EXCHANGE, RENAME_EXCHANGE | RENAME_NOREPLACE, 64)));
}

static void op_link(void)
{
	int from = a_dir(), to = a_dir();
	const char *a = a_name(), *b = a_name();

	result(linkat(from, a, to, b, VALUE(0, 0, AT_SYMLINK_FOLLOW, AT_EMPTY_PATH, 1)));
}

static void op_symlink(void)
{
	const char *text = a_name();
	int dir = a_dir();

	result(symlinkat(text, dir, chance(60) ? (chance(50) ? "l" : "m") : a_name()));
}

static void op_readlink(void)
{
	char buf[64];
	int dir = a_dir();
	const char *name = chance(50) ? "l" : a_name();
	long n = result(readlinkat(dir, name, buf, VALUE(64, 2, 1, 0)));

	if (n > 0)
		out("  %.*s\n", (int)n, buf);
}

static void show_stat(const struct stat *st)
{
	out("  %o nlink %u %u:%u size %lu\n", st->st_mode, S_ISDIR(st->st_mode) ? 0 : (unsigned)st->st_nlink, st->st_uid, st->st_gid,
	    S_ISDIR(st->st_mode) ? 0 : (unsigned long)st->st_size);
}

static void op_stat(void)
{
	struct stat st;
	int dir = a_dir();
	const char *name = a_name();

	if (!result(fstatat(dir, name, &st, VALUE(0, AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH, AT_NO_AUTOMOUNT, 1))))
		show_stat(&st);
}

static void op_fstat(void)
{
	struct stat st;

	if (!result(fstat(an_fd(), &st)))
		show_stat(&st);
}

static void op_statx(void)
{
	struct statx stx = { 0 };
	int dir = a_dir();
	const char *name = a_name();
	unsigned flags = VALUE(0, AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH, AT_STATX_FORCE_SYNC, AT_STATX_SYNC_TYPE, 8);

	if (!result(statx(dir, name, flags, VALUE(STATX_BASIC_STATS, STATX_SIZE, 0x80000000u), &stx)))
		out("  %o %lu\n", stx.stx_mode, S_ISDIR(stx.stx_mode) ? 0 : (unsigned long)stx.stx_size);
}

static void op_chmod(void)
{
	const char *name = a_name();

	result(fchmodat(AT_FDCWD, name, VALUE(0644, 0, 0777, 0444, 0200, 04755, 02755, 01777), 0));
}

/* Linux 6.16 began to refuse changes to anonymous inodes. */
static bool anonymous(int fd)
{
	struct stat st;

	/* nor may a device be changed: it is the host's, and stdin is /dev/null */
	return !fstat(fd, &st) && (!(st.st_mode & S_IFMT) || S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode));
}

static void op_fchmod(void)
{
	int fd = an_fd();

	if (anonymous(fd))
		fd = -1;
	result(fchmod(fd, VALUE(0644, 0, 0777, 06755)));
}

static void op_chown(void)
{
	int dir = a_dir();
	const char *name = anonymous(dir) ? "a" : a_name();
	unsigned uid = VALUE(0, 1000, 1001, -1ul), gid = VALUE(0, 1000, 1001, -1ul);

	result(fchownat(dir, name, uid, gid, VALUE(0, AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH, 1)));
}

static void op_access(void)
{
	int dir = a_dir();
	const char *name = a_name();
	int mode = VALUE(F_OK, R_OK, W_OK, X_OK, R_OK | W_OK, 8);

	result(syscall(SYS_faccessat2, dir, name, mode, VALUE(0, AT_EACCESS, AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH, 1)));
}

static void op_chdir(void)
{
	static const char *const names[] = { "d", "d/e", "..", ".", "a", "l", "missing" };
	const char *name = PICK(names);
	char cwd[512];

	/* Never above the sequence's own directory. */
	if (!strcmp(name, "..") && (!getcwd(cwd, sizeof(cwd)) || !strcmp(strrchr(cwd, '/'), "/s")))
		name = ".";
	out(" '%s'", name);
	result(chdir(name));
}

static void op_getcwd(void)
{
	char cwd[512], *tail;
	long n = syscall(SYS_getcwd, cwd, VALUE(512, 512, 1));

	if (n < 0) {
		result(n);
		return;
	}
	tail = strstr(cwd, "/s");
	out(" '%s'\n", tail && (tail = strrchr(cwd, 's')) ? tail : "?");
}

static void op_truncate(void)
{
	const char *name = a_name();

	result(truncate(name, VALUE(0, 1, 100, 4096, 5000, 70000, -1ul)));
}

static void op_ftruncate(void)
{
	int fd = an_fd();

	result(ftruncate(fd, VALUE(0, 1, 100, 4096, 5000, 70000, -1ul)));
}

static void op_fallocate(void)
{
	int fd = an_fd();
	int mode = VALUE(0, FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE, 0x800);
	long offset = VALUE(0, 1, 4096, 5000, -1ul);

	result(fallocate(fd, mode, offset, VALUE(1, 4096, 10000, 0, -1ul)));
}

static void op_seek(void)
{
	int fd = an_fd();
	long offset = VALUE(0, 1, 100, 4096, 60000, -1ul, -100ul, 1ul << 40);

	result(lseek(fd, offset, VALUE(SEEK_SET, SEEK_SET, SEEK_CUR, SEEK_END, 9)));
}

static void op_read(void)
{
	char *buf = a_buffer();
	int fd = an_fd();
	size_t size = a_size();
	long n = result(chance(95) ? read(fd, buf, size) : read(fd, BAD_PTR, size));

	if (n > 0)
		out("  %08x\n", hash(buf, n));
}

static void op_write(void)
{
	char *buf = a_buffer();
	int fd = an_fd();
	size_t size = a_size();

	result(chance(95) ? write(fd, buf, size) : write(fd, BAD_PTR, size));
}

static void op_pread(void)
{
	char *buf = a_buffer();
	int fd = an_fd();
	size_t size = a_size();
	long n = result(pread(fd, buf, size, VALUE(0, 1, 4095, 60000, -1ul)));

	if (n > 0)
		out("  %08x\n", hash(buf, n));
}

static void op_pwrite(void)
{
	char *buf = a_buffer();
	int fd = an_fd();
	size_t size = a_size();

	result(pwrite(fd, buf, size, VALUE(0, 1, 4095, 20000, -1ul)));
}

static void op_vector(void)
{
	char *buf = a_buffer();
	struct iovec iov[3];
	int fd = an_fd(), n = VALUE(0, 1, 2, 3, -1ul);
	long off = VALUE(0, 100, 5000, -1ul), r;
	int flags = VALUE(0, 0, RWF_DSYNC, RWF_APPEND, 0x8000);
	bool writing = chance(50);

	for (int i = 0; i < 3; i++)
		iov[i] = (struct iovec){ buf + i * 40000, a_size() % 30000 };
	out(writing ? " out" : " in");
	r = result(writing ? syscall(SYS_pwritev2, fd, iov, n, off, 0, flags) : syscall(SYS_preadv2, fd, iov, n, off, 0, flags & ~RWF_APPEND));
	if (r > 0)
		out("  %08x\n", hash(buf, 110000));
}

static void op_getdents(void)
{
	char *names[64];
	unsigned n = 0;
	const char *name = chance(50) ? "." : a_name();
	DIR *d = opendir(name);
	struct dirent *e;

	if (!d) {
		result(-1);
		return;
	}
	while ((e = readdir(d)) && n < 64)
		names[n++] = strdup(e->d_name);
	closedir(d);
	for (unsigned i = 0; i < n; i++)
		for (unsigned j = i + 1; j < n; j++)
			if (strcmp(names[i], names[j]) > 0) {
				char *t = names[i];
				names[i] = names[j], names[j] = t;
			}
	for (unsigned i = 0; i < n; i++)
		out(" %s", names[i]);
	out("\n");
}

static void op_sendfile(void)
{
	int to = an_fd(), from = an_fd();
	off_t off = VALUE(0, 10, 5000);
	size_t size = a_size();
	long r = result(chance(50) ? sendfile(to, from, &off, size) : sendfile(to, from, NULL, size));

	if (r >= 0)
		out("  at %ld\n", (long)off);
}

static void op_copy_range(void)
{
	int from = an_fd(), to = an_fd();
	off_t in = VALUE(0, 10, 5000), at = VALUE(0, 100, 6000);
	bool offsets = chance(50);
	size_t size = a_size();
	long r = result(copy_file_range(from, offsets ? &in : NULL, to, offsets ? &at : NULL, size, VALUE(0, 0, 0, 1)));

	if (r >= 0)
		out("  %ld %ld\n", (long)in, (long)at);
}

static void op_flock(void)
{
	int fd = an_fd();

	result(flock(fd, LOCK_NB | VALUE(LOCK_SH, LOCK_EX, LOCK_UN, 0)));
}

static void op_lock(void)
{
	struct flock fl = { 0 };
	int fd = an_fd();
	int cmd = VALUE(F_SETLK, F_GETLK, F_OFD_SETLK, F_OFD_GETLK);

	fl.l_type = VALUE(F_RDLCK, F_WRLCK, F_UNLCK, 7);
	fl.l_whence = VALUE(SEEK_SET, SEEK_CUR, SEEK_END, 5);
	fl.l_start = VALUE(0, 10, 100, -10ul);
	fl.l_len = VALUE(0, 10, 50, -5ul);
	if (result(fcntl(fd, cmd, &fl)) == 0 && (cmd == F_GETLK || cmd == F_OFD_GETLK))
		out("  %d %d %ld %ld %d\n", fl.l_type, fl.l_whence, (long)fl.l_start, (long)fl.l_len, fl.l_pid > 0);
}

static void op_xattr(void)
{
	static const char *const names[] = { "user.a", "user.bb", "user.", "trusted.t", "bad", "" };
	char *buf = a_buffer();
	const char *path = a_name(), *name = PICK(names);
	long n;

	out(" %s", name);
	switch (R(4)) {
	case 0:
		result(setxattr(path, name, buf, VALUE(0, 1, 100), VALUE(0, XATTR_CREATE, XATTR_REPLACE, 4)));
		break;
	case 1:
		n = result(getxattr(path, name, buf, VALUE(0, 1, 200)));
		if (n > 0)
			out("  %08x\n", hash(buf, n));
		break;
	case 2:
		result(removexattr(path, name));
		break;
	default:
		result(listxattr(path, buf, VALUE(0, 1, 200)));
	}
}

static void op_utimens(void)
{
	struct timespec ts[2] = { { 1000, 5 }, { 2000, VALUE(7, UTIME_OMIT, UTIME_NOW, 1000000000) } };
	struct stat st;
	int dir = a_dir();
	const char *name = a_name();

	if (!result(utimensat(dir, name, ts, VALUE(0, AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH, 1))) && !stat(name, &st))
		out("  %ld\n", st.st_mtim.tv_sec < 100000 ? (long)st.st_mtim.tv_sec : -1);
}

static void op_sync(void)
{
	int fd = an_fd();

	switch (R(4)) {
	case 0: result(fsync(fd)); break;
	case 1: result(fdatasync(fd)); break;
	case 2: result(posix_fadvise(fd, 0, 100, VALUE(POSIX_FADV_NORMAL, POSIX_FADV_DONTNEED, 9))); break;
	default: result(sync_file_range(fd, VALUE(0, 100, -1ul), 4096, VALUE(2, 7, 8)));
	}
}

static void op_umask(void)
{
	result(umask(VALUE(0, 022, 077, 07777)));
}

const struct op file_ops[] = {
	{ "open", op_open, 40 }, { "openat2", op_openat2, 6 }, { "tmpfile", op_tmpfile, 2 }, { "mkdir", op_mkdir, 10 },
	{ "mknod", op_mknod, 5 }, { "unlink", op_unlink, 12 }, { "rename", op_rename, 14 }, { "link", op_link, 8 },
	{ "symlink", op_symlink, 8 }, { "readlink", op_readlink, 4 }, { "stat", op_stat, 6 }, { "fstat", op_fstat, 5 },
	{ "statx", op_statx, 3 }, { "chmod", op_chmod, 6 }, { "fchmod", op_fchmod, 3 }, { "chown", op_chown, 6 },
	{ "access", op_access, 6 }, { "chdir", op_chdir, 5 }, { "getcwd", op_getcwd, 2 }, { "truncate", op_truncate, 5 },
	{ "ftruncate", op_ftruncate, 6 }, { "fallocate", op_fallocate, 5 }, { "lseek", op_seek, 10 }, { "read", op_read, 16 },
	{ "write", op_write, 20 }, { "pread", op_pread, 6 }, { "pwrite", op_pwrite, 8 }, { "vector", op_vector, 8 },
	{ "getdents", op_getdents, 4 }, { "sendfile", op_sendfile, 5 }, { "copy_file_range", op_copy_range, 4 },
	{ "flock", op_flock, 4 }, { "lock", op_lock, 8 }, { "xattr", op_xattr, 6 }, { "utimensat", op_utimens, 3 },
	{ "sync", op_sync, 3 }, { "umask", op_umask, 2 }, { 0 }
};

/* ---- the state ---- */

void state_fds(void)
{
	char path[32], target[512];
	struct stat st;

	out("descriptors:\n");
	for (int fd = 3; fd < 64; fd++) {
		int flags = fcntl(fd, F_GETFL);
		const char *tail;
		long n;

		if (flags < 0 || fstat(fd, &st))
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		n = readlink(path, target, sizeof(target) - 1);
		target[n < 0 ? 0 : n] = 0;
		tail = strstr(target, "/s/");
		if (strstr(target, ":["))
			*strstr(target, ":[") = 0;
		if (tail && tail[3] == '#')
			tail = "nameless";
		out("  %d %o %d %s", fd, flags, fcntl(fd, F_GETFD), tail ? tail : target[0] == '/' ? "" : target);
		if (S_ISREG(st.st_mode))
			out(" at %ld", (long)lseek(fd, 0, SEEK_CUR));
		out(" mode %o\n", st.st_mode);
	}
}
