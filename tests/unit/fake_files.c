/* The files of the host that unit tests run on: real ones, worked on in place; at once, or with unit_async when umk idles. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <sys/uio.h>
#include <unistd.h>
#include <linux/fiemap.h>
#include <linux/fs.h>

#define UNIT_LIBC /* here the names are libc's */
#include "unit.h"
#include "fake_host.h"

bool unit_async;
unsigned unit_submits, unit_fail_next;
int unit_fail_errno;

/* ---- requests ---- */

static struct host_req *pending, **pending_tail = &pending;

static void stat_from(struct host_stat *to, const struct statx *x)
{
	memset(to, 0, sizeof(*to));
	to->dev = makedev(x->stx_dev_major, x->stx_dev_minor);
	to->rdev = makedev(x->stx_rdev_major, x->stx_rdev_minor);
	to->ino = x->stx_ino;
	to->nlink = x->stx_nlink;
	to->size = x->stx_size;
	to->blocks = x->stx_blocks;
	to->mode = x->stx_mode;
	to->uid = x->stx_uid;
	to->gid = x->stx_gid;
	to->blksize = x->stx_blksize;
	to->atime.sec = x->stx_atime.tv_sec;
	to->atime.nsec = x->stx_atime.tv_nsec;
	to->mtime.sec = x->stx_mtime.tv_sec;
	to->mtime.nsec = x->stx_mtime.tv_nsec;
	to->ctime.sec = x->stx_ctime.tv_sec;
	to->ctime.nsec = x->stx_ctime.tv_nsec;
	to->btime.sec = x->stx_btime.tv_sec;
	to->btime.nsec = x->stx_btime.tv_nsec;
	to->attributes = x->stx_attributes;
	to->attributes_mask = x->stx_attributes_mask;
}

static long do_statfs(struct host_req *r)
{
	struct statfs s;

	if (fstatfs(r->fd, &s))
		return -1;
	*r->statfs = (struct host_statfs){ .type = s.f_type, .bsize = s.f_bsize, .blocks = s.f_blocks, .bfree = s.f_bfree,
		.bavail = s.f_bavail, .files = s.f_files, .ffree = s.f_ffree, .namelen = s.f_namelen,
		.frsize = s.f_frsize, .flags = s.f_flags };
	return 0;
}

static long do_utimens(struct host_req *r)
{
	return syscall(SYS_utimensat, r->fd, r->path, r->buf, r->path ? r->flags : 0);
}

static long do_stat(struct host_req *r)
{
	struct statx x;
	const char *path = r->path ? r->path : "";
	int flags = r->flags | (*path ? 0 : AT_EMPTY_PATH);

	if (statx(r->fd, path, flags, STATX_BASIC_STATS | STATX_BTIME, &x))
		return -1;
	stat_from(r->stat, &x);
	return 0;
}

/* A name that the xattr calls, which know no dirfd, understand. */
static const char *xattr_path(struct host_req *r, char *buf, size_t size)
{
	if (r->path && (r->path[0] == '/' || r->fd == HOST_AT_FDCWD))
		return r->path;
	snprintf(buf, size, "/proc/self/fd/%d/%s", r->fd, r->path ? r->path : "");
	return buf;
}

static long run(struct host_req *r)
{
	char name[4200];

	switch (r->op) {
	case HOST_OPEN:
		return openat(r->fd, r->path, r->flags | O_CLOEXEC, r->mode);
	case HOST_CLOSE:
		return close(r->fd);
	case HOST_PREAD:
		return pread(r->fd, r->buf, r->size, r->offset);
	case HOST_PWRITE:
		if (r->offset == ~0ull) {
			lseek(r->fd, 0, SEEK_END);
			return write(r->fd, r->buf, r->size);
		}
		return pwrite(r->fd, r->buf, r->size, r->offset);
	case HOST_PREADV:
		return r->offset == ~0ull ? readv(r->fd, r->buf, (int)r->size) : preadv(r->fd, r->buf, (int)r->size, r->offset);
	case HOST_PWRITEV:
		if (r->flags)
			lseek(r->fd, 0, SEEK_END);
		return r->offset == ~0ull ? writev(r->fd, r->buf, (int)r->size) : pwritev(r->fd, r->buf, (int)r->size, r->offset);
	case HOST_READ:
		return read(r->fd, r->buf, r->size);
	case HOST_WRITE:
		return write(r->fd, r->buf, r->size);
	case HOST_STAT:
		return do_stat(r);
	case HOST_STATFS:
		return do_statfs(r);
	case HOST_READLINK:
		return readlinkat(r->fd, r->path ? r->path : "", r->buf, r->size);
	case HOST_GETDENTS:
		if (!(r->flags & 1) && lseek(r->fd, r->offset, SEEK_SET) < 0)
			return -1;
		return syscall(SYS_getdents64, r->fd, r->buf, r->size);
	case HOST_LSEEK:
		return lseek(r->fd, r->offset, r->flags);
	case HOST_TRUNCATE:
		return ftruncate(r->fd, r->size);
	case HOST_FALLOCATE:
		return fallocate(r->fd, r->flags, r->offset, r->size);
	case HOST_FIEMAP:
		return ioctl(r->fd, FS_IOC_FIEMAP, r->buf);
	case HOST_FSYNC:
		return r->flags & 1 ? fdatasync(r->fd) : fsync(r->fd);
	case HOST_MKDIR:
		return mkdirat(r->fd, r->path, r->mode);
	case HOST_UNLINK:
		return unlinkat(r->fd, r->path, r->flags);
	case HOST_RENAME:
		return renameat2(r->fd, r->path, r->fd2, r->path2, r->flags);
	case HOST_LINK:
		return linkat(r->fd, r->path, r->fd2, r->path2, r->flags);
	case HOST_SYMLINK:
		return symlinkat(r->path2, r->fd, r->path);
	case HOST_MKNOD:
		return mknodat(r->fd, r->path, r->mode, r->offset);
	case HOST_CHMOD:
		return r->path ? fchmodat(r->fd, r->path, r->mode, r->flags) : fchmod(r->fd, r->mode);
	case HOST_CHOWN:
		return r->path ? fchownat(r->fd, r->path, r->size, r->offset, r->flags)
			: fchown(r->fd, r->size, r->offset);
	case HOST_UTIMENS:
		return do_utimens(r);
	case HOST_ACCESS:
		return faccessat(r->fd, r->path, r->mode, r->flags);
	case HOST_GETXATTR:
		return getxattr(xattr_path(r, name, sizeof(name)), r->path2, r->buf, r->size);
	case HOST_SETXATTR:
		return setxattr(xattr_path(r, name, sizeof(name)), r->path2, r->buf, r->size, r->mode);
	case HOST_LISTXATTR:
		return listxattr(xattr_path(r, name, sizeof(name)), r->buf, r->size);
	case HOST_REMOVEXATTR:
		return removexattr(xattr_path(r, name, sizeof(name)), r->path2);
	case HOST_FILEATTR:
	case HOST_NAME_TO_HANDLE:
	case HOST_OPEN_HANDLE:
	case HOST_CONNECT:
	case HOST_SEND:
		break;
	}
	errno = ENOSYS;
	return -1;
}

static void finish(struct host_req *r)
{
	long result;

	if (unit_fail_next) {
		unit_fail_next--;
		r->result = unit_fail_errno;
	} else {
		result = run(r);
		r->result = result < 0 ? -errno : result;
	}
	r->done = true;
}

bool host_submit(struct host_req *req)
{
	unit_submits++;
	req->done = false;
	req->next = NULL;
	if (!unit_async) {
		finish(req);
		return true;
	}
	*pending_tail = req;
	pending_tail = &req->next;
	return false;
}

void host_cancel(struct host_req *req)
{
	for (struct host_req **p = &pending; *p; p = &(*p)->next) {
		if (*p != req)
			continue;
		*p = req->next;
		if (!*p)
			pending_tail = p;
		req->result = -EINTR;
		req->done = true;
		host_complete_upcall(req);
		return;
	}
}

unsigned fake_requests_upcalls(void)
{
	unsigned made = 0;

	while (pending) {
		struct host_req *r = pending;

		pending = r->next;
		if (!pending)
			pending_tail = &pending;
		finish(r);
		host_complete_upcall(r);
		made++;
	}
	return made;
}

/* ---- descriptors ---- */

static struct watch {
	int fd;
	u32 events;
	void *cookie;
} watches[64];
static unsigned nr_watches;

int host_watch(int fd, u32 events, void *cookie)
{
	for (unsigned i = 0; i < nr_watches; i++)
		if (watches[i].fd == fd && watches[i].cookie == cookie) {
			watches[i].events = events;
			return 0;
		}
	if (nr_watches == ARRAY_SIZE(watches))
		return -ENOMEM;
	watches[nr_watches++] = (struct watch){ fd, events, cookie };
	return 0;
}

void host_unwatch(int fd, void *cookie)
{
	for (unsigned i = 0; i < nr_watches; i++)
		if (watches[i].fd == fd && watches[i].cookie == cookie)
			watches[i--] = watches[--nr_watches];
}

u32 host_ready(int fd, u32 events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, 0) > 0 ? (u32)p.revents : 0;
}

unsigned fake_watches_upcalls(void)
{
	unsigned made = 0;

	for (unsigned i = 0; i < nr_watches; i++) {
		struct watch w = watches[i];
		u32 ready = w.events ? host_ready(w.fd, w.events) : 0;

		if (!ready)
			continue;
		watches[i].events = 0;
		host_ready_upcall(w.cookie, ready);
		made++;
	}
	return made;
}

long host_ioctl(int fd, unsigned cmd, void *buf)
{
	return ioctl(fd, cmd, buf) < 0 ? -errno : 0;
}

int host_set_direct(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 || fcntl(fd, F_SETFL, on ? flags | O_DIRECT : flags & ~O_DIRECT) ? -errno : 0;
}

int host_fcntl_getfl(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 ? -errno : flags;
}

void host_stop_self(int signo)
{
}

/* ---- sockets of host programs: there are none ---- */

int host_sock_open(int type) { return -EAFNOSUPPORT; }
int host_sock_bind(int fd, int dirfd, const char *name, u32 mode) { return -EBADF; }
int host_sock_listen(int fd, int backlog) { return -EBADF; }
int host_sock_accept(int fd) { return -EBADF; }
long host_sock_send(int fd, struct host_sock_msg *m) { return -EBADF; }
long host_sock_recv(int fd, struct host_sock_msg *m) { return -EBADF; }
int host_sock_shutdown(int fd, int how) { return -EBADF; }
int host_sock_name(int fd, bool peer, void *name) { return -EBADF; }
int host_sock_getopt(int fd, int name, void *val, u32 *len) { return -EBADF; }
int host_sock_setopt(int fd, int name, int val) { return -EBADF; }
void host_sock_sndtimeo(int fd, u64 ns) { }
