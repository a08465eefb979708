// needs-root: chattr +i and +a
/* FS_IOC_GETFLAGS, SETFLAGS, FSGETXATTR and FSSETXATTR (chattr(1)): who may, what they say of files that have none, and what a file
 * that must stay as it is, or may only grow, refuses; in a directory of the host's file system and in one of tmpfs. */
// musl
#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include "show.h"

#define SHOWN (FS_IMMUTABLE_FL | FS_APPEND_FL | FS_NODUMP_FL | FS_NOATIME_FL)

static int set_flags(const char *path, int flags)
{
	int fd = open(path, O_RDONLY), had = 0, ret;

	ret = ioctl(fd, FS_IOC_GETFLAGS, &had);
	flags |= had & ~SHOWN;
	if (!ret)
		ret = ioctl(fd, FS_IOC_SETFLAGS, &flags);
	close(fd);
	return ret;
}

static int flags_of(const char *path)
{
	int fd = open(path, O_RDONLY), flags = -1;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags))
		printf("GETFLAGS: %s\n", errno_name(errno));
	close(fd);
	return flags & SHOWN;
}

static int set_xflags(const char *path, unsigned xflags)
{
	struct fsxattr x;
	int fd = open(path, O_RDONLY), ret = ioctl(fd, FS_IOC_FSGETXATTR, &x);

	if (!ret) {
		x.fsx_xflags = xflags;
		ret = ioctl(fd, FS_IOC_FSSETXATTR, &x);
	}
	close(fd);
	return ret;
}

static unsigned xflags_of(const char *path)
{
	struct fsxattr x;
	int fd = open(path, O_RDONLY), ret = ioctl(fd, FS_IOC_FSGETXATTR, &x);

	close(fd);
	return ret ? ~0u : x.fsx_xflags;
}

static void none(const char *what, int fd)
{
	struct fsxattr x = { 0 };
	int flags = 0;

	printf("-- %s\n", what);
	SHOW(ioctl(fd, FS_IOC_GETFLAGS, &flags));
	SHOW(ioctl(fd, FS_IOC_SETFLAGS, &flags));
	SHOW(ioctl(fd, FS_IOC_SETFLAGS, BAD_PTR));
	SHOW(ioctl(fd, FS_IOC_GETFLAGS, BAD_PTR));
	SHOW(ioctl(fd, FS_IOC_FSGETXATTR, &x));
	SHOW(ioctl(fd, FS_IOC_FSSETXATTR, &x));
	close(fd);
}

static void no_flags(void)
{
	int p[2];

	if (pipe(p))
		exit(1);
	none("pipe", p[0]);
	none("socket", socket(AF_UNIX, SOCK_STREAM, 0));
	none("/proc/self/stat", open("/proc/self/stat", O_RDONLY));
	none("/dev/null", open("/dev/null", O_RDONLY));
	none("O_PATH", open("/tmp", O_PATH));
}

static int touch(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT, 0644), ok = fd >= 0 && write(fd, "x", 1) == 1;

	close(fd);
	return ok ? 0 : -1;
}

static int attributes(const char *path)
{
	struct statx x;

	return statx(AT_FDCWD, path, 0, 0, &x) ? -1 : (int)(x.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND | STATX_ATTR_NODUMP));
}

static int open_close(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	return fd < 0 ? -1 : close(fd);
}

static int map_shared(const char *path)
{
	int fd = open(path, O_RDWR | O_APPEND);
	void *p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	int err = errno;

	close(fd);
	if (p != MAP_FAILED)
		munmap(p, 4096);
	errno = err;
	return p == MAP_FAILED ? -1 : 0;
}

static int setfl(const char *path, int flags)
{
	int fd = open(path, O_WRONLY | O_APPEND), ret = fcntl(fd, F_SETFL, flags);

	close(fd);
	return ret;
}

static int by_fd(const char *path, int what)
{
	int fd = open(path, O_WRONLY | O_APPEND);
	int ret = what == 't' ? ftruncate(fd, 0) : what == 'g' ? fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 10) :
		what == 'f' ? fallocate(fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, 10) : (int)write(fd, "y", 1);

	close(fd);
	return ret;
}

static void tries(const char *f, const char *dir)
{
	static const struct timespec t[2] = { { 1, 0 }, { 1, 0 } };

	SHOW(open_close(f, O_RDONLY));
	SHOW(open_close(f, O_WRONLY));
	SHOW(open_close(f, O_RDONLY | O_TRUNC));
	SHOW(open_close(f, O_WRONLY | O_APPEND));
	SHOW(open_close(f, O_WRONLY | O_APPEND | O_TRUNC));
	SHOW(by_fd(f, 'w'));
	SHOW(by_fd(f, 't'));
	SHOW(by_fd(f, 'g'));
	SHOW(by_fd(f, 'f'));
	SHOW(setfl(f, 0));
	SHOW(map_shared(f));
	SHOW(truncate(f, 0));
	SHOW(access(f, W_OK));
	SHOW(access(f, R_OK));
	SHOW(chmod(f, 0600));
	SHOW(chown(f, 0, 0));
	SHOW(utimensat(AT_FDCWD, f, NULL, 0));
	SHOW(utimensat(AT_FDCWD, f, t, 0));
	SHOW(setxattr(f, "trusted.x", "1", 1, 0));
	SHOW(link(f, "link"));
	SHOW(rename(f, "moved"));
	SHOW(unlink(f));
	SHOW(open_close("d/new", O_WRONLY | O_CREAT | O_EXCL));
	SHOW(mkdir("d/newdir", 0755));
	SHOW(symlink("x", "d/newlink"));
	SHOW(unlink("d/in"));
	SHOW(rename("d/in", "d/in2"));
	SHOW(rename("moved", "d/moved"));
	SHOW(chmod(dir, 0755));
	SHOW(rmdir(dir));
}

static void ordinary(void)
{
	pid_t pid = fork();

	if (!pid) {
		if (setresgid(1001, 1001, 1001) || setresuid(1001, 1001, 1001))
			_exit(1);
		SHOW(set_flags("theirs", FS_NODUMP_FL));
		SHOW(set_flags("theirs", FS_NODUMP_FL | FS_IMMUTABLE_FL));
		SHOW(set_flags("theirs", FS_APPEND_FL));
		SHOW(set_xflags("theirs", FS_XFLAG_IMMUTABLE));
		SHOW(set_xflags("theirs", FS_XFLAG_NODUMP));
		SHOW(set_flags("f", FS_NODUMP_FL));
		SHOW(set_xflags("f", 0));
		SHOW(flags_of("f"));
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

/* What the flags of ext4 and tmpfs mean alike; shown with what chattr -R -i -a leaves removable. */
static void in_directory(const char *where)
{
	static const struct { const char *name; int flags; } rows[] = { { "+i", FS_IMMUTABLE_FL }, { "+a", FS_APPEND_FL } };

	printf("== %s\n", where);
	SHOW(touch("f"));
	SHOW(touch("theirs"));
	SHOW(chown("theirs", 1001, 1001));
	SHOW(flags_of("f"));
	SHOW(set_flags("f", FS_NODUMP_FL | FS_NOATIME_FL));
	SHOW(flags_of("f"));
	SHOW(xflags_of("f"));
	SHOW(attributes("f"));
	SHOW(set_xflags("f", FS_XFLAG_NOATIME));
	SHOW(flags_of("f"));
	SHOW(set_flags("f", 0));
	SHOW(xflags_of("f"));
	SHOW(set_xflags("f", FS_XFLAG_EXTSZINHERIT));
	SHOW(set_xflags(".", FS_XFLAG_EXTSIZE));
	if (!strcmp(where, "tmpfs"))
		SHOW(set_flags("f", 0x10000000));
	ordinary();
	for (unsigned i = 0; i < 2; i++) {
		printf("-- %s\n", rows[i].name);
		SHOW(touch("f"));
		SHOW(mkdir("d", 0755));
		SHOW(touch("d/in"));
		SHOW(set_flags("f", rows[i].flags));
		SHOW(set_flags("d", rows[i].flags));
		SHOW(flags_of("d"));
		SHOW(attributes("f"));
		tries("f", "d");
		SHOW(set_flags("f", 0));
		SHOW(set_flags("d", 0));
		SHOW(system("rm -rf f d moved link"));
	}
	SHOW(mkdir("d", 0755));
	SHOW(set_flags("d", FS_NODUMP_FL | FS_NOATIME_FL));
	SHOW(touch("d/in"));
	SHOW(mkdir("d/sub", 0755));
	SHOW(flags_of("d/in"));
	SHOW(flags_of("d/sub"));
	SHOW(system("rm -rf f d theirs"));
}

int main(void)
{
	char dir[] = "/dev/shm/umk-attr-XXXXXX";

	umask(022);
	if (chmod(".", 0755))
		return 1;
	no_flags();
	in_directory("the host's");
	if (!mkdtemp(dir) || chdir(dir) || chmod(dir, 0755))
		return 1;
	in_directory("tmpfs");
	return chdir("/") || rmdir(dir);
}
