/* Requests for host files. Decides what is done in place, on the kernel thread, and what a helper thread does: in place is
 * what a local file system answers from memory or with at most a short wait for its disk; everything that a remote file
 * system, a terminal, a pipe or a large amount of data can make long goes to worker.c. Readiness is watch.c's. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <unistd.h>

#include "fskind.h"
#include "um.h"

#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x1000u
#endif
#ifndef AT_HANDLE_CONNECTABLE
#define AT_HANDLE_CONNECTABLE 2 /* Linux 6.13 */
#endif
#ifndef SYS_faccessat2
#define SYS_faccessat2 439
#endif

#define INPLACE_READ (1u << 20)     /* bytes that are copied from the page cache in place */
#define INPLACE_DISK (64u << 10)    /* bytes that may be waited for where RWF_NOWAIT is unknown */
#define INPLACE_WRITE (64u << 10)
#define BIG_FILE (64ull << 20)      /* to free the blocks of a larger one takes long */

/* How to read and write a stream without blocking on it. */
enum stream_kind {
	STREAM_UNKNOWN,
	STREAM_FILE,        /* a regular file: as it is */
	STREAM_NOWAIT,      /* the host understands RWF_NOWAIT on it */
	STREAM_TWIN,        /* a second description of the same object, with O_NONBLOCK */
	STREAM_BLOCKING,    /* none of these: a helper blocks */
};

/* What is known of a descriptor; forgotten when it is closed. */
struct fd_info {
	u8 fs;              /* enum fs_kind */
	u8 stream;          /* enum stream_kind */
	int twin;
};
static struct fd_info *fds;
static unsigned nfds;
static enum fs_kind cwd_kind;

static struct fd_info *fd_info(int fd)
{
	static struct fd_info none;
	struct fd_info *grown;
	unsigned n = nfds ? nfds : 64;

	if (fd < 0)
		return memset(&none, 0, sizeof(none));
	if ((unsigned)fd < nfds)
		return &fds[fd];
	while (n <= (unsigned)fd)
		n *= 2;
	grown = realloc(fds, n * sizeof(*fds));
	if (!grown)
		return memset(&none, 0, sizeof(none));
	memset(grown + nfds, 0, (n - nfds) * sizeof(*fds));
	fds = grown;
	nfds = n;
	return &fds[fd];
}

static enum fs_kind kind_of_fd(int fd)
{
	struct fd_info *info;

	if (fd == HOST_AT_FDCWD) {
		if (!cwd_kind)
			cwd_kind = fs_kind_of_fd(fd);
		return cwd_kind;
	}
	info = fd_info(fd);
	if (!info->fs)
		info->fs = (u8)fs_kind_of_fd(fd);
	return (enum fs_kind)info->fs;
}

/* The kind of what @path names below @dirfd; FS_DISK stands for any local kind. The kernel walks its paths itself and asks
 * for one name in a directory, or for /proc/self/fd/N. */
static enum fs_kind kind_of_path(int dirfd, const char *path)
{
	static const char self_fd[] = "/proc/self/fd/";

	if (!fs_any_remote())
		return FS_DISK;
	if (!strncmp(path, self_fd, strlen(self_fd)))
		return kind_of_fd(atoi(path + strlen(self_fd)));
	if (*path == '/')
		return fs_kind_of_path(path);
	if (strchr(path, '/') || fs_remote_name(path))
		return FS_REMOTE;
	return kind_of_fd(dirfd);
}

static void forget_fd(int fd)
{
	struct fd_info *info = fd_info(fd);

	if (info->stream == STREAM_TWIN)
		close(info->twin);
	memset(info, 0, sizeof(*info));
}

static long check(long ret)
{
	return ret < 0 ? -errno : ret;
}

/* ---- the requests, blocking ---- */

static long do_open(struct host_req *r)
{
	/* O_NONBLOCK and O_NOCTTY: a FIFO or a device that took the place of a file must not hold anybody up */
	int flags = r->flags | O_CLOEXEC | O_NOCTTY;

	return check(openat(r->fd, r->path, flags & O_PATH ? flags : flags | O_NONBLOCK, r->mode));
}

static long do_close(struct host_req *r)
{
	int null;

	if (r->fd > 2)
		return check(close(r->fd));
	/* 0 to 2 stay taken, so that no file of umk's becomes a standard descriptor */
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0)
		return -errno;
	dup3(null, r->fd, O_CLOEXEC);
	close(null);
	console_closed[r->fd] = true;
	return 0;
}

static long do_pwrite(struct host_req *r)
{
	struct iovec iov = { r->buf, r->size };

	if (r->offset != ~0ull)
		return check(pwrite(r->fd, r->buf, r->size, (off_t)r->offset));
	return check(pwritev2(r->fd, &iov, 1, -1, RWF_APPEND));
}

static long do_vector(struct host_req *r)
{
	_Static_assert(sizeof(struct host_iovec) == sizeof(struct iovec) &&
		offsetof(struct host_iovec, size) == offsetof(struct iovec, iov_len), "struct iovec");

	if (r->op == HOST_PREADV)
		return check(preadv2(r->fd, r->buf, (int)r->size, (off_t)r->offset, 0));
	return check(pwritev2(r->fd, r->buf, (int)r->size, (off_t)r->offset, r->flags ? RWF_APPEND : 0));
}

/* A stream: all of it, as a blocking write(2) does. r->offset bytes have been written already. */
static long do_write(struct host_req *r)
{
	long n;

	do {
		n = worker_syscall(SYS_write, r->fd, (long)r->buf + (long)r->offset, (long)(r->size - r->offset), 0);
		if (n > 0)
			r->offset += (u64)n;
	} while (n > 0 && r->offset < r->size);
	return r->offset ? (long)r->offset : n;
}

static void copy_time(struct statx_timestamp from, s64 *sec, u32 *nsec)
{
	*sec = from.tv_sec;
	*nsec = from.tv_nsec;
}

static long do_stat(struct host_req *r)
{
	int flags = (r->flags & (AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH)) | (r->path ? 0 : AT_EMPTY_PATH);
	struct host_stat *st = r->stat;
	struct statx x;

	if (statx(r->fd, r->path ? r->path : "", flags, STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID | STATX_DIOALIGN, &x))
		return -errno;
	*st = (struct host_stat){
		.dev = makedev(x.stx_dev_major, x.stx_dev_minor),
		.rdev = makedev(x.stx_rdev_major, x.stx_rdev_minor),
		.ino = x.stx_ino, .nlink = x.stx_nlink, .size = x.stx_size, .blocks = x.stx_blocks,
		.mode = x.stx_mode, .uid = x.stx_uid, .gid = x.stx_gid, .blksize = x.stx_blksize,
		.attributes = x.stx_attributes, .attributes_mask = x.stx_attributes_mask,
	};
	copy_time(x.stx_atime, &st->atime.sec, &st->atime.nsec);
	copy_time(x.stx_mtime, &st->mtime.sec, &st->mtime.nsec);
	copy_time(x.stx_ctime, &st->ctime.sec, &st->ctime.nsec);
	if (x.stx_mask & STATX_BTIME)
		copy_time(x.stx_btime, &st->btime.sec, &st->btime.nsec);
#ifdef STATX_ATTR_MOUNT_ROOT
	if (x.stx_mask & STATX_MNT_ID)
		st->mnt_id = x.stx_mnt_id;
#endif
	if (x.stx_mask & STATX_DIOALIGN) {
		st->dio_mem_align = x.stx_dio_mem_align;
		st->dio_offset_align = x.stx_dio_offset_align;
	}
	return 0;
}

static long do_statfs(struct host_req *r)
{
	struct statfs s;
	u64 fsid = 0;

	if (fstatfs(r->fd, &s))
		return -errno;
	memcpy(&fsid, &s.f_fsid, min(sizeof(fsid), sizeof(s.f_fsid)));
	*r->statfs = (struct host_statfs){
		.type = (u64)s.f_type, .bsize = (u64)s.f_bsize, .blocks = s.f_blocks, .bfree = s.f_bfree, .bavail = s.f_bavail,
		.files = s.f_files, .ffree = s.f_ffree, .fsid = fsid, .namelen = (u64)s.f_namelen, .frsize = (u64)s.f_frsize,
		.flags = (u64)s.f_flags,
	};
	return 0;
}

static long do_getdents(struct host_req *r)
{
	if (!(r->flags & 1) && lseek(r->fd, (off_t)r->offset, SEEK_SET) < 0)
		return -errno;
	return check(syscall(SYS_getdents64, r->fd, r->buf, r->size));
}

static long do_chmod(struct host_req *r)
{
	if (!r->path)
		return check(fchmod(r->fd, r->mode));
	return check(fchmodat(r->fd, r->path, r->mode, r->flags));
}

static long do_chown(struct host_req *r)
{
	if (!r->path)
		return check(fchownat(r->fd, "", (uid_t)r->size, (gid_t)r->offset, AT_EMPTY_PATH));
	return check(fchownat(r->fd, r->path, (uid_t)r->size, (gid_t)r->offset, r->flags));
}

static long do_access(struct host_req *r)
{
	long ret = check(syscall(SYS_faccessat2, r->fd, r->path ? r->path : "", r->mode,
				 r->flags | (r->path ? 0 : AT_EMPTY_PATH)));

	/* Linux 5.8; before that the C library's emulation has to do */
	if (ret == -ENOSYS)
		ret = check(faccessat(r->fd, r->path ? r->path : "", (int)r->mode, r->flags));
	return ret;
}

/* Extended attributes have no calls relative to a directory (before Linux 6.13): a name below /proc/self/fd stands in. */
static long xattr_path(struct host_req *r, char *buf, size_t size)
{
	int n;

	if (!r->path || !*r->path)
		n = snprintf(buf, size, "/proc/self/fd/%d", r->fd);
	else if (r->fd == HOST_AT_FDCWD || *r->path == '/')
		n = snprintf(buf, size, "%s", r->path);
	else
		n = snprintf(buf, size, "/proc/self/fd/%d/%s", r->fd, r->path);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

static long do_xattr(struct host_req *r)
{
	bool nofollow = r->flags & 1 && r->path && *r->path;
	char path[PATH_MAX + 32];
	long err = xattr_path(r, path, sizeof(path));

	if (err)
		return err;
	switch (r->op) {
	case HOST_GETXATTR:
		return check((nofollow ? lgetxattr : getxattr)(path, r->path2, r->buf, r->size));
	case HOST_SETXATTR:
		return check((nofollow ? lsetxattr : setxattr)(path, r->path2, r->buf, r->size, (int)r->mode));
	case HOST_LISTXATTR:
		return check((nofollow ? llistxattr : listxattr)(path, r->buf, r->size));
	default:
		return check((nofollow ? lremovexattr : removexattr)(path, r->path2));
	}
}

static long do_name_to_handle(struct host_req *r)
{
	struct host_handle *h = r->buf;
	int mount_id, flags = (*r->path ? 0 : AT_EMPTY_PATH) | (r->flags & 1 ? AT_HANDLE_CONNECTABLE : 0);

	h->bytes = sizeof(h->data);
	return check(name_to_handle_at(r->fd, r->path, r->buf, &mount_id, flags));
}

static long do_utimens(struct host_req *r)
{
	/* the call itself takes no path for the descriptor; the C library's wrapper refuses that */
	return check(syscall(SYS_utimensat, r->fd, r->path, r->buf, r->flags));
}

static long do_fileattr(struct host_req *r)
{
	unsigned cmd = (unsigned)r->flags;

	if (cmd != FS_IOC_GETFLAGS && cmd != FS_IOC_SETFLAGS && cmd != FS_IOC_FSGETXATTR && cmd != FS_IOC_FSSETXATTR)
		return -EINVAL;
	return check(ioctl(r->fd, cmd, r->buf));
}

long hostfile_perform(struct host_req *r)
{
	switch (r->op) {
	case HOST_OPEN:
		return do_open(r);
	case HOST_CLOSE:
		return do_close(r);
	case HOST_PREAD:
		return check(pread(r->fd, r->buf, r->size, (off_t)r->offset));
	case HOST_PWRITE:
		return do_pwrite(r);
	case HOST_PREADV:
	case HOST_PWRITEV:
		return do_vector(r);
	case HOST_READ:
		return worker_syscall(SYS_read, r->fd, (long)r->buf, (long)r->size, 0);
	case HOST_WRITE:
		return do_write(r);
	case HOST_STAT:
		return do_stat(r);
	case HOST_STATFS:
		return do_statfs(r);
	case HOST_READLINK:
		return check(readlinkat(r->fd, r->path ? r->path : "", r->buf, r->size));
	case HOST_GETDENTS:
		return do_getdents(r);
	case HOST_LSEEK:
		return check(lseek(r->fd, (off_t)r->offset, r->flags));
	case HOST_TRUNCATE:
		return check(ftruncate(r->fd, (off_t)r->size));
	case HOST_FALLOCATE:
		return check(fallocate(r->fd, r->flags, (off_t)r->offset, (off_t)r->size));
	case HOST_FIEMAP:
		return check(ioctl(r->fd, FS_IOC_FIEMAP, r->buf));
	case HOST_FILEATTR:
		return do_fileattr(r);
	case HOST_FSYNC:
		return check(r->flags & 2 ? syncfs(r->fd) : r->flags & 1 ? fdatasync(r->fd) : fsync(r->fd));
	case HOST_MKDIR:
		return check(mkdirat(r->fd, r->path, r->mode));
	case HOST_UNLINK:
		return check(unlinkat(r->fd, r->path, r->flags));
	case HOST_RENAME:
		return check(syscall(SYS_renameat2, r->fd, r->path, r->fd2, r->path2, r->flags));
	case HOST_LINK:
		return check(linkat(r->fd, r->path ? r->path : "", r->fd2, r->path2, r->flags | (r->path ? 0 : AT_EMPTY_PATH)));
	case HOST_SYMLINK:
		return check(symlinkat(r->path2, r->fd, r->path));
	case HOST_MKNOD:
		return check(mknodat(r->fd, r->path, r->mode, r->offset));
	case HOST_CHMOD:
		return do_chmod(r);
	case HOST_CHOWN:
		return do_chown(r);
	case HOST_UTIMENS:
		return do_utimens(r);
	case HOST_ACCESS:
		return do_access(r);
	case HOST_GETXATTR:
	case HOST_SETXATTR:
	case HOST_LISTXATTR:
	case HOST_REMOVEXATTR:
		return do_xattr(r);
	case HOST_NAME_TO_HANDLE:
		return do_name_to_handle(r);
	case HOST_OPEN_HANDLE:
		return check(open_by_handle_at(r->fd, r->buf, r->flags | O_CLOEXEC));
	case HOST_CONNECT:
		return hostsock_connect(r->fd, r->fd2, !(r->flags & 1));
	case HOST_SEND:
		return hostsock_send(r->fd, r->buf, true);
	}
	return -EINVAL;
}

/* ---- in place or not ---- */

/* Each try_ function does the request in place if that cannot block for long, and says whether it did. */

static bool finish(struct host_req *r, long result)
{
	r->result = result;
	r->done = true;
	return true;
}

static bool try_pread(struct host_req *r)
{
	enum fs_kind kind = kind_of_fd(r->fd);
	u64 got = 0;
	ssize_t n;

	if (r->size > INPLACE_READ || kind == FS_REMOTE)
		return false;
	if (kind == FS_MEMORY)
		return finish(r, check(pread(r->fd, r->buf, r->size, (off_t)r->offset)));
	/* what is cached comes at once; it may be less than asked, and only 0 means the end of the file */
	do {
		n = physmem_pread_nowait(r->fd, (u8 *)r->buf + got, r->size - got, (off_t)(r->offset + got));
		if (n > 0)
			got += (u64)n;
	} while (n > 0 && got < r->size);
	if (n >= 0)
		return finish(r, (long)got);
	if ((errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL) && r->size <= INPLACE_DISK)
		return finish(r, check(pread(r->fd, r->buf, r->size, (off_t)r->offset)));
	return false;
}

static bool try_pwrite(struct host_req *r)
{
	if (r->size > INPLACE_WRITE || kind_of_fd(r->fd) == FS_REMOTE)
		return false;
	return finish(r, do_pwrite(r));
}

/* Terminals can be opened a second time through /proc; a pty's master cannot (that makes a new pty). */
static bool can_have_twin(const struct stat *st)
{
	unsigned major = major(st->st_rdev);

	if (S_ISFIFO(st->st_mode))
		return true;
	return S_ISCHR(st->st_mode) && (major == 4 || (major >= 136 && major <= 143));
}

static enum stream_kind stream_kind(int fd, struct fd_info *info)
{
	struct stat st;

	if (info->stream)
		return (enum stream_kind)info->stream;
	if (fstat(fd, &st))
		return STREAM_BLOCKING;
	if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) || S_ISBLK(st.st_mode))
		info->stream = STREAM_FILE;
	else if (S_ISCHR(st.st_mode) && major(st.st_rdev) == 1)
		info->stream = STREAM_FILE;     /* null, zero, full, random */
	else
		info->stream = STREAM_NOWAIT;   /* until the host says otherwise */
	return (enum stream_kind)info->stream;
}

/* The host does not know RWF_NOWAIT on @fd. */
static enum stream_kind stream_without_nowait(int fd, struct fd_info *info)
{
	int mode = fcntl(fd, F_GETFL);
	struct stat st;
	char path[32];

	info->stream = STREAM_BLOCKING;
	if (mode < 0 || fstat(fd, &st) || !can_have_twin(&st))
		return STREAM_BLOCKING;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	info->twin = open(path, (mode & O_ACCMODE) | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (info->twin < 0)
		return STREAM_BLOCKING;
	info->stream = STREAM_TWIN;
	return STREAM_TWIN;
}

static ssize_t stream_now(struct host_req *r, const struct fd_info *info, enum stream_kind kind)
{
	struct iovec iov = { r->buf, r->size };

	if (kind == STREAM_NOWAIT && r->op == HOST_WRITE)
		return pwritev2(r->fd, &iov, 1, -1, RWF_NOWAIT);
	if (kind == STREAM_NOWAIT)
		return preadv2(r->fd, &iov, 1, -1, RWF_NOWAIT);
	return r->op == HOST_WRITE ? write(info->twin, r->buf, r->size) : read(info->twin, r->buf, r->size);
}

/* HOST_READ and HOST_WRITE: what is ready goes at once; EAGAIN is the host's "would block", and a helper blocks then. On a
 * description that its other users made O_NONBLOCK the helper gets EAGAIN too, which is then the guest's answer. */
static bool try_stream(struct host_req *r)
{
	struct fd_info *info = fd_info(r->fd);
	enum stream_kind kind = stream_kind(r->fd, info);
	ssize_t n;

	r->offset = 0;
	if (kind == STREAM_BLOCKING)
		return false;
	if (kind == STREAM_FILE) {
		if (r->size > INPLACE_READ || kind_of_fd(r->fd) == FS_REMOTE)
			return false;
		return finish(r, hostfile_perform(r));
	}
	n = stream_now(r, info, kind);
	if (n < 0 && kind == STREAM_NOWAIT && (errno == EOPNOTSUPP || errno == ENOSYS)) {
		kind = stream_without_nowait(r->fd, info);
		if (kind == STREAM_BLOCKING)
			return false;
		n = stream_now(r, info, kind);
	}
	if (n < 0 && errno == EAGAIN)
		return false;
	if (r->op == HOST_WRITE && n > 0 && (u64)n < r->size) {
		/* a blocking write goes on until all is written */
		r->offset = (u64)n;
		return false;
	}
	return finish(r, check(n));
}

/* A connection is made at once, or waits in a helper for room in the backlog. */
static bool try_connect(struct host_req *r)
{
	long err = hostsock_connect(r->fd, r->fd2, false);

	return err == -EAGAIN && !(r->flags & 1) ? false : finish(r, err);
}

static bool try_send(struct host_req *r)
{
	long n = hostsock_send(r->fd, r->buf, false);

	return n == -EAGAIN ? false : finish(r, n);
}

static bool try_unlink(struct host_req *r)
{
	struct statx x;

	if (kind_of_path(r->fd, r->path) == FS_REMOTE)
		return false;
	if (!(r->flags & AT_REMOVEDIR) && !statx(r->fd, r->path, AT_SYMLINK_NOFOLLOW, STATX_SIZE | STATX_NLINK, &x) &&
	    x.stx_size > BIG_FILE && x.stx_nlink == 1)
		return false;
	return finish(r, hostfile_perform(r));
}

static bool try_open(struct host_req *r)
{
	long fd;

	if (kind_of_path(r->fd, r->path) == FS_REMOTE || (r->flags & O_TRUNC))
		return false;
	fd = do_open(r);
	return finish(r, fd);
}

static bool try_fd(struct host_req *r)
{
	if (fs_any_remote() && kind_of_fd(r->fd) == FS_REMOTE)
		return false;
	return finish(r, hostfile_perform(r));
}

static bool try_path(struct host_req *r)
{
	if (!r->path)
		return try_fd(r);
	if (kind_of_path(r->fd, r->path) == FS_REMOTE)
		return false;
	return finish(r, hostfile_perform(r));
}

static bool try_two_paths(struct host_req *r)
{
	if ((r->path && kind_of_path(r->fd, r->path) == FS_REMOTE) || kind_of_path(r->fd2, r->path2) == FS_REMOTE)
		return false;
	return finish(r, hostfile_perform(r));
}

/* Where a file takes another's place some file systems first write what it has (ext4's auto_da_alloc), and free the other's blocks. */
static bool try_rename(struct host_req *r)
{
	struct statx x;

	if (r->path2 && !(r->flags & (RENAME_NOREPLACE | RENAME_EXCHANGE)) &&
	    !statx(r->fd2, r->path2, AT_SYMLINK_NOFOLLOW, STATX_TYPE | STATX_SIZE, &x) && S_ISREG(x.stx_mode) && x.stx_size)
		return false;
	return try_two_paths(r);
}

static bool try_close(struct host_req *r)
{
	bool remote = fd_info(r->fd)->fs == FS_REMOTE;

	forget_fd(r->fd);
	return remote ? false : finish(r, hostfile_perform(r));
}

static bool try_never(struct host_req *r)
{
	(void)r;
	return false;
}

static bool (*const tries[])(struct host_req *r) = {
	[HOST_OPEN] = try_open,
	[HOST_CLOSE] = try_close,
	[HOST_PREAD] = try_pread,
	[HOST_PWRITE] = try_pwrite,
	[HOST_PREADV] = try_never,
	[HOST_PWRITEV] = try_never,
	[HOST_READ] = try_stream,
	[HOST_WRITE] = try_stream,
	[HOST_STAT] = try_path,
	[HOST_STATFS] = try_fd,
	[HOST_READLINK] = try_path,
	[HOST_GETDENTS] = try_fd,
	[HOST_LSEEK] = try_fd,
	[HOST_TRUNCATE] = try_never,
	[HOST_FALLOCATE] = try_never,
	[HOST_FIEMAP] = try_never,
	[HOST_FILEATTR] = try_fd,
	[HOST_FSYNC] = try_never,
	[HOST_MKDIR] = try_path,
	[HOST_UNLINK] = try_unlink,
	[HOST_RENAME] = try_rename,
	[HOST_LINK] = try_two_paths,
	[HOST_SYMLINK] = try_path,
	[HOST_MKNOD] = try_path,
	[HOST_CHMOD] = try_path,
	[HOST_CHOWN] = try_path,
	[HOST_UTIMENS] = try_path,
	[HOST_ACCESS] = try_path,
	[HOST_GETXATTR] = try_path,
	[HOST_SETXATTR] = try_path,
	[HOST_LISTXATTR] = try_path,
	[HOST_REMOVEXATTR] = try_path,
	[HOST_NAME_TO_HANDLE] = try_path,
	[HOST_OPEN_HANDLE] = try_fd,
	[HOST_CONNECT] = try_connect,
	[HOST_SEND] = try_send,
};

bool host_submit(struct host_req *req)
{
	req->done = false;
	if ((unsigned)req->op >= ARRAY_SIZE(tries))
		return finish(req, -EINVAL);
	if (tries[req->op](req))
		return true;
	worker_submit(req);
	return false;
}

void host_cancel(struct host_req *req)
{
	if (!req->done)
		(void)worker_cancel(req);
}

/* ---- small things about descriptors ---- */

u32 host_ready(int fd, u32 events)
{
	/* the low bits of EPOLL* and POLL* are the same */
	struct pollfd p = { .fd = fd, .events = (short)(events & 0xffff) };

	if (poll(&p, 1, 0) < 0)
		return 0;
	if (p.revents & POLLNVAL)
		return events & (EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM);
	return (u16)p.revents;
}

long host_ioctl(int fd, unsigned cmd, void *buf)
{
	console_note_ioctl(fd, cmd);
	return check(ioctl(fd, cmd, buf));
}

int host_fcntl_getfl(int fd)
{
	if (fd >= 0 && fd <= 2 && console_closed[fd])
		return -EBADF;
	return (int)check(fcntl(fd, F_GETFL));
}

int host_set_direct(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 ? -errno : (int)check(fcntl(fd, F_SETFL, on ? flags | O_DIRECT : flags & ~O_DIRECT));
}

static void mounts_changed(u32 events)
{
	(void)events;
	fs_mounts_load();
}

void hostfile_watch_mounts(void)
{
	int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);

	/* proc(5): a change of the mounts is EPOLLERR and EPOLLPRI */
	if (fd >= 0 && idle_add_fd(fd, EPOLLPRI | EPOLLET, mounts_changed))
		close(fd);
}

void hostfile_init(void)
{
	worker_init();
}

void hostfile_check_root(const char *dir)
{
	int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		um_die(125, "--root=%s: %s", dir, strerror(errno));
	close(fd);
}
