/* read(2), write(2) and their kin: descriptors, buffers, positions and limits are checked here in Linux's order; what is
 * read or written is the file's own matter. */
#include "pipe.h"
#include "syscalls.h"
#include "ledger.h"
#include <linux/resource.h>
#include <linux/fs.h>
#include <linux/eventpoll.h>
#include <linux/magic.h>

#define S64_MAX 0x7fffffffffffffffll

int generic_write_checks(u64 pos, size_t *count)
{
	u64 limit = rlimit(RLIMIT_FSIZE);

	if (!*count)
		return 0;
	if (pos >= limit) {
		send_sig_task(SIGXFSZ, SEND_SIG_NOINFO, current);
		return -EFBIG;
	}
	if (*count > limit - pos)
		*count = limit - pos;
	if (pos >= S64_MAX)
		return -EFBIG;
	if (*count > S64_MAX - pos)
		*count = S64_MAX - pos;
	return 0;
}

loff_t empty_llseek(struct file *f, loff_t off, int whence)
{
	loff_t was = f->pos, at = generic_llseek(f, off, whence, 0);

	if (at <= 0x7fffffff)
		return at;
	f->pos = was;
	return -EINVAL;
}

loff_t generic_llseek(struct file *f, loff_t off, int whence, u64 size)
{
	switch (whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		if (off > 0 && (u64)off > S64_MAX - f->pos)
			return -EINVAL;
		off += f->pos;
		break;
	case SEEK_END:
		if (off > 0 && (u64)off > S64_MAX - size)
			return -EINVAL;
		off += size;
		break;
	case SEEK_DATA: /* all data, as in a file system that knows no holes */
		if (off < 0 || (u64)off >= size)
			return -ENXIO;
		break;
	case SEEK_HOLE:
		if (off < 0 || (u64)off >= size)
			return -ENXIO;
		off = size;
		break;
	default:
		return -EINVAL;
	}
	if (off < 0)
		return -EINVAL;
	f->pos = off;
	return off;
}

loff_t noop_llseek(struct file *f, loff_t off __maybe_unused, int whence __maybe_unused)
{
	return f->pos;
}

/* ---- one transfer ---- */

static bool has_position(const struct file *f)
{
	return f->inode && (S_ISREG(f->inode->mode) || S_ISDIR(f->inode->mode));
}

/* eventfd and its kin can be sought, without effect, but have no offsets to read at. */
static bool has_offsets(const struct file *f, bool write)
{
	return f->ops->llseek && (f->inode->mode & S_IFMT) && !(write && f->no_pwrite);
}

static bool may_read(const struct file *f)
{
	u32 acc = f->flags & O_ACCMODE;

	return acc == O_RDONLY || acc == O_RDWR;
}

static bool may_write(const struct file *f)
{
	u32 acc = f->flags & O_ACCMODE;

	return acc == O_WRONLY || acc == O_RDWR;
}

ssize_t vfs_read(struct file *f, struct iov_iter *to, u64 *pos)
{
	ssize_t n;

	if (!may_read(f))
		return -EBADF;
	if (!f->ops->read)
		return -EINVAL;
	if (iov_iter_count(to) > MAX_RW_COUNT)
		iov_iter_truncate(to, MAX_RW_COUNT);
	n = f->ops->read(f, to, pos);
	if (current) {
		current->io_count.rchar += n > 0 ? n : 0;
		current->io_count.syscr++;
	}
	if (n > 0)
		fsnotify_file(f, IN_ACCESS);
	return n;
}

ssize_t vfs_write(struct file *f, struct iov_iter *from, u64 *pos)
{
	ssize_t n;

	if (!may_write(f))
		return -EBADF;
	if (!f->ops->write)
		return -EINVAL;
	if (iov_iter_count(from) > MAX_RW_COUNT)
		iov_iter_truncate(from, MAX_RW_COUNT);
	file_remove_privs(f);
	n = f->ops->write(f, from, pos);
	if (current) {
		current->io_count.wchar += n > 0 ? n : 0;
		current->io_count.syscw++;
	}
	if (n > 0)
		fsnotify_file(f, IN_MODIFY);
	return n;
}

/* A transfer that would pass the largest offset. */
static bool beyond_all(const struct file *f, u64 pos, size_t count)
{
	return has_position(f) && pos + count > S64_MAX;
}

/* At the file's own position. */
static ssize_t rw_at_pos(struct file *f, struct iov_iter *it, bool write)
{
	bool lock = has_position(f);
	ssize_t n;

	if (lock)
		kmutex_lock(&f->pos_lock);
	if (beyond_all(f, f->pos, iov_iter_count(it)))
		n = -EINVAL;
	else
		n = write ? vfs_write(f, it, &f->pos) : vfs_read(f, it, &f->pos);
	if (lock)
		kmutex_unlock(&f->pos_lock);
	return n;
}

static ssize_t rw_at(struct file *f, struct iov_iter *it, loff_t pos, bool write)
{
	u64 at = pos;

	if (beyond_all(f, at, iov_iter_count(it)))
		return -EINVAL;
	return write ? vfs_write(f, it, &at) : vfs_read(f, it, &at);
}

static ssize_t rw_buf(unsigned fd, void __user *buf, size_t count, const loff_t *pos, bool write)
{
	struct file *f;
	struct iov_iter it;
	ssize_t n;

	if (pos && *pos < 0)
		return -EINVAL;
	f = fget(fd);
	if (!f)
		return -EBADF;
	if (pos && !has_offsets(f, write))
		n = -ESPIPE;
	else if (write ? !may_write(f) : !may_read(f))
		n = -EBADF;
	else if (write ? !f->ops->write : !f->ops->read)
		n = -EINVAL;
	else if (!access_ok((u64)buf, count))
		n = -EFAULT;
	else if ((ssize_t)count < 0)
		n = -EINVAL;
	else {
		iov_iter_ubuf(&it, buf, min(count, (size_t)MAX_RW_COUNT));
		n = pos ? rw_at(f, &it, *pos, write) : rw_at_pos(f, &it, write);
	}
	file_put(f);
	return n;
}

#ifndef RWF_NOAPPEND
#define RWF_NOAPPEND 0x20
#endif
#ifndef RWF_ATOMIC
#define RWF_ATOMIC 0x40
#endif
#ifndef RWF_DONTCACHE
#define RWF_DONTCACHE 0x80
#endif
#ifndef RWF_NOSIGNAL
#define RWF_NOSIGNAL 0x100
#endif
#define RWF_KNOWN (RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT | RWF_APPEND | RWF_NOAPPEND | RWF_DONTCACHE | RWF_NOSIGNAL)

/* Linux's FMODE_NOWAIT: files of the host's file system have it as ext4's, those of tmpfs have not. */
static bool has_nowait(const struct file *f)
{
	return S_ISREG(f->inode->mode) ? f->inode->sb && f->inode->sb->host : f->ops->nowait;
}

/* No file system of umk's has RWF_ATOMIC; the page cache can be left out for the host's files alone. */
int rw_flags_check(const struct file *f, int flags)
{
	if ((flags & ~RWF_KNOWN) || ((flags & RWF_DONTCACHE) && !(S_ISREG(f->inode->mode) && f->inode->sb && f->inode->sb->host)))
		return -EOPNOTSUPP;
	if ((flags & RWF_APPEND) && (flags & RWF_NOAPPEND))
		return -EINVAL;
	if ((flags & RWF_NOWAIT) && !has_nowait(f))
		return -EOPNOTSUPP;
	if ((flags & RWF_NOAPPEND) && (f->flags & O_APPEND) && file_append_only(f))
		return -EPERM;
	return 1;
}

/* The flags are this call's alone: it uses a description of its own with them. */
ssize_t rw_flagged(struct file *f, struct iov_iter *it, const loff_t *pos, int flags, bool write)
{
	bool lock = !pos && has_position(f);
	struct file one;
	ssize_t n;
	u64 at;
	int err;

	/* ext4: data for the page cache can always have to wait. */
	if (write && (flags & RWF_NOWAIT) && S_ISREG(f->inode->mode) && !(f->flags & O_DIRECT))
		return -EOPNOTSUPP;
	if (lock)
		kmutex_lock(&f->pos_lock);
	one = *f;
	if (flags & RWF_APPEND)
		one.flags |= O_APPEND;
	if (flags & RWF_NOAPPEND)
		one.flags &= ~(u32)O_APPEND;
	if (flags & RWF_NOWAIT)
		one.flags |= O_NONBLOCK;
	one.nosignal = flags & RWF_NOSIGNAL;
	at = pos ? (u64)*pos : f->pos;
	if (beyond_all(f, at, iov_iter_count(it)))
		n = -EINVAL;
	else
		n = write ? vfs_write(&one, it, pos ? &at : &one.pos) : vfs_read(&one, it, pos ? &at : &one.pos);
	if (!pos)
		f->pos = one.pos;
	if (lock)
		kmutex_unlock(&f->pos_lock);
	/* Nothing of it stays in the page cache. */
	if (n > 0 && (flags & RWF_DONTCACHE)) {
		u64 end = pos ? at : one.pos, first = (end - (u64)n) >> PAGE_SHIFT;

		end = (end + PAGE_SIZE - 1) >> PAGE_SHIFT;
		if (write)
			write_dirty_pages(&f->inode->mapping, first, end);
		invalidate_pages(&f->inode->mapping, first, end);
	}
	if (n > 0 && write && (flags & (RWF_DSYNC | RWF_SYNC)) && f->ops->fsync) {
		err = f->ops->fsync(f, !(flags & RWF_SYNC));
		if (err)
			n = err;
	}
	return n;
}

static ssize_t rw_vec(unsigned fd, const struct iovec __user *vec, unsigned long nr, const loff_t *pos, int flags, bool write)
{
	struct iovec fast[UIO_FASTIOV], *to_free = NULL;
	struct iov_iter it;
	struct file *f;
	ssize_t n;

	if (pos && *pos < 0)
		return -EINVAL;
	f = fget(fd);
	if (!f)
		return -EBADF;
	if (pos && !has_offsets(f, write)) {
		n = -ESPIPE;
	} else if (write ? !may_write(f) : !may_read(f)) {
		n = -EBADF;
	} else if (write ? !f->ops->write : !f->ops->read) {
		n = -EINVAL;
	} else if (nr > UIO_MAXIOV) {
		n = -EINVAL;
	} else {
		n = import_iovec(vec, nr, fast, &to_free, &it);
		if (n > 0 && flags)
			n = write && f->ops->plain_write && (flags & ~RWF_HIPRI) ? -EOPNOTSUPP : rw_flags_check(f, flags);
		if (n > 0)
			n = flags ? rw_flagged(f, &it, pos, flags, write) : pos ? rw_at(f, &it, *pos, write) :
				rw_at_pos(f, &it, write);
		kfree(to_free);
	}
	file_put(f);
	return n;
}

SYSCALL_DEFINE3(read, unsigned, fd, char __user *, buf, size_t, count)
{
	return rw_buf(fd, buf, count, NULL, false);
}

SYSCALL_DEFINE3(write, unsigned, fd, const char __user *, buf, size_t, count)
{
	return rw_buf(fd, (void __user *)buf, count, NULL, true);
}

SYSCALL_DEFINE4(pread64, unsigned, fd, char __user *, buf, size_t, count, loff_t, pos)
{
	return rw_buf(fd, buf, count, &pos, false);
}

SYSCALL_DEFINE4(pwrite64, unsigned, fd, const char __user *, buf, size_t, count, loff_t, pos)
{
	return rw_buf(fd, (void __user *)buf, count, &pos, true);
}

SYSCALL_DEFINE3(readv, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen)
{
	return rw_vec(fd, vec, vlen, NULL, 0, false);
}

SYSCALL_DEFINE3(writev, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen)
{
	return rw_vec(fd, vec, vlen, NULL, 0, true);
}

SYSCALL_DEFINE5(preadv, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen, unsigned long, pos_l,
	unsigned long, pos_h __maybe_unused)
{
	loff_t pos = pos_l;

	return rw_vec(fd, vec, vlen, &pos, 0, false);
}

SYSCALL_DEFINE5(pwritev, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen, unsigned long, pos_l,
	unsigned long, pos_h __maybe_unused)
{
	loff_t pos = pos_l;

	return rw_vec(fd, vec, vlen, &pos, 0, true);
}

SYSCALL_DEFINE6(preadv2, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen, unsigned long, pos_l,
	unsigned long, pos_h __maybe_unused, int, flags)
{
	loff_t pos = pos_l;

	return rw_vec(fd, vec, vlen, pos == -1 ? NULL : &pos, flags, false);
}

SYSCALL_DEFINE6(pwritev2, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen, unsigned long, pos_l,
	unsigned long, pos_h __maybe_unused, int, flags)
{
	loff_t pos = pos_l;

	return rw_vec(fd, vec, vlen, pos == -1 ? NULL : &pos, flags, true);
}

/* ---- positions ---- */

SYSCALL_DEFINE3(lseek, unsigned, fd, loff_t, offset, unsigned, whence)
{
	struct file *f = fget(fd);
	loff_t at;

	if (!f)
		return -EBADF;
	if (whence > SEEK_HOLE) {
		at = -EINVAL;
	} else if (!f->ops->llseek) {
		at = -ESPIPE;
	} else {
		bool lock = has_position(f);

		if (lock)
			kmutex_lock(&f->pos_lock);
		at = f->ops->llseek(f, offset, whence);
		if (lock)
			kmutex_unlock(&f->pos_lock);
	}
	file_put(f);
	return at;
}

/* ---- from file to file ---- */

#define COPY_CHUNK (64 * 1024ul)

static ssize_t give(struct file *out, struct iov_iter *from, u64 *pos, bool more)
{
	if (out->ops->splice_write) {
		ssize_t n = out->ops->splice_write(out, from, more);

		current->io_count.wchar += n > 0 ? n : 0;
		current->io_count.syscw++;
		return n;
	}
	/* What has no name (an eventfd, say) takes no pages, nor gives any. */
	return out->ops->write && (out->inode->mode & S_IFMT) ? vfs_write(out, from, pos) : -EINVAL;
}

/* Copies up to @count bytes from *@in_pos to *@out_pos, which it moves. Bytes, or the first error if there were none. */
static ssize_t copy_files(struct file *in, u64 *in_pos, struct file *out, u64 *out_pos, size_t count)
{
	size_t size = min(count, COPY_CHUNK);
	ssize_t done = 0;
	u8 *buf;

	if (!count)
		return 0;
	buf = splice_buffer(size);
	if (!buf)
		return -ENOMEM;
	while (count) {
		struct iov_iter it;
		ssize_t got, put, n = 0;

		iov_iter_kbuf(&it, buf, min(count, size));
		got = vfs_read(in, &it, in_pos);
		if (got <= 0) {
			if (!done)
				done = got;
			else if (!got && out->ops->splice_eof)
				out->ops->splice_eof(out);
			break;
		}
		for (put = 0; put < got; put += n) {
			iov_iter_kbuf(&it, buf + put, got - put);
			n = give(out, &it, out_pos, (size_t)got < count);
			if (n <= 0)
				break;
		}
		done += put;
		count -= put;
		if (put < got) {
			*in_pos -= got - put;
			if (!done)
				done = n;
			break;
		}
		if (signal_pending(current))
			break;
		cond_resched();
	}
	kfree(buf);
	return done;
}

/* The file systems that are not for data keep to the offsets of a program without large files. */
static u64 max_offset(const struct file *f)
{
	u32 magic = f->inode->sb ? f->inode->sb->magic : 0;

	return magic == PROC_SUPER_MAGIC || magic == SYSFS_MAGIC ? 0x7fffffff : S64_MAX;
}

SYSCALL_DEFINE4(sendfile, int, out_fd, int, in_fd, loff_t __user *, offset, size_t, count)
{
	struct file *in, *out = NULL;
	loff_t at = 0;
	ssize_t n;
	u64 pos, max;

	if (offset && get_user(at, offset))
		return -EFAULT;
	in = fget(in_fd);
	if (!in)
		return -EBADF;
	n = -EBADF;
	if (!may_read(in))
		goto put;
	n = -ESPIPE;
	if (offset && !has_offsets(in, false))
		goto put;
	n = -EINVAL;
	pos = offset ? (u64)at : in->pos;
	if (at < 0 || (ssize_t)count < 0 || beyond_all(in, pos, count))
		goto put;
	count = min(count, (size_t)MAX_RW_COUNT);
	n = -EBADF;
	out = fget(out_fd);
	if (!out || !may_write(out))
		goto put;
	n = -EOVERFLOW;
	max = min(max_offset(in), max_offset(out));
	if (count && pos >= max)
		goto put;
	count = min(count, max - pos);
	if (pipe_of(out)) {
		n = sendfile_to_pipe(in, &pos, out, count);
	} else if (!in->ops->llseek || !in->ops->read || (out->flags & O_APPEND) || S_ISDIR(in->inode->mode) ||
			beyond_all(out, out->pos, count) || (count && (in->ops->no_splice_read || !(in->inode->mode & S_IFMT)))) {
		n = -EINVAL;
		goto put;
	} else {
		n = copy_files(in, &pos, out, &out->pos, count);
	}
	if (offset) {
		if (n >= 0 && put_user((loff_t)pos, offset))
			n = -EFAULT;
	} else if (n > 0) {
		in->pos = pos;
	}
put:
	file_put(out);
	file_put(in);
	return n;
}

SYSCALL_DEFINE6(copy_file_range, int, fd_in, loff_t __user *, off_in, int, fd_out, loff_t __user *, off_out, size_t, len,
	unsigned, flags)
{
	struct file *in, *out = NULL;
	struct kstat st = { 0 };
	loff_t at_in, at_out;
	u64 pos_in, pos_out;
	ssize_t n = -EBADF;

	in = fget(fd_in);
	if (!in)
		return -EBADF;
	out = fget(fd_out);
	if (!out)
		goto put;
	at_in = in->pos;
	at_out = out->pos;
	n = -EFAULT;
	if ((off_in && get_user(at_in, off_in)) || (off_out && get_user(at_out, off_out)))
		goto put;
	n = -EINVAL;
	if (flags)
		goto put;
	n = -EISDIR;
	if (S_ISDIR(in->inode->mode) || S_ISDIR(out->inode->mode))
		goto put;
	n = -EINVAL;
	if (!S_ISREG(in->inode->mode) || !S_ISREG(out->inode->mode))
		goto put;
	n = -EBADF;
	if (!may_read(in) || !may_write(out) || (out->flags & O_APPEND))
		goto put;
	n = -EOVERFLOW;
	len = min(len, (size_t)MAX_RW_COUNT);
	if (at_in < 0 || at_out < 0 || at_in > S64_MAX - (loff_t)len || at_out > S64_MAX - (loff_t)len)
		goto put;
	/* Linux copies within one file system, of the host's too. */
	n = -EXDEV;
	if (in->inode->sb != out->inode->sb || inode_dev(in->inode) != inode_dev(out->inode))
		goto put;
	/* Only up to the end of the source counts for what overlaps. */
	n = vfs_getattr(in, &st);
	if (n)
		goto put;
	len = (u64)at_in >= st.size ? 0 : min(len, st.size - at_in);
	n = -EINVAL;
	if (in->inode == out->inode && at_out + (loff_t)len > at_in && at_out < at_in + (loff_t)len)
		goto put;
	pos_in = at_in;
	pos_out = at_out;
	/* A file's own position is told by its address: an inherited stream's lies with the host. */
	n = copy_files(in, off_in ? &pos_in : &in->pos, out, off_out ? &pos_out : &out->pos, len);
	if (n > 0 && ((off_in && put_user((loff_t)pos_in, off_in)) || (off_out && put_user((loff_t)pos_out, off_out))))
		n = -EFAULT;
put:
	file_put(out);
	file_put(in);
	return n;
}

/* ---- advice ---- */

/* posix_fadvise(2): what is kept and read ahead is decided by use alone, which every advice allows. */
SYSCALL_DEFINE4(fadvise64, int, fd, loff_t, offset __maybe_unused, size_t, len, int, advice)
{
	struct file *f = fget(fd);
	int err = 0;

	if (!f)
		return -EBADF;
	if (S_ISFIFO(f->inode->mode))
		err = -ESPIPE;
	else if ((ssize_t)len < 0 || advice < 0 || advice > 5)
		err = -EINVAL;
	file_put(f);
	return err;
}

SYSCALL_DEFINE3(readahead, int, fd, loff_t, offset __maybe_unused, size_t, count __maybe_unused)
{
	struct file *f = fget(fd);
	int err = 0;

	if (!f)
		return -EBADF;
	if (!may_read(f))
		err = -EBADF;
	else if (!S_ISREG(f->inode->mode))
		err = -EINVAL;
	file_put(f);
	return err;
}

/* ---- directories ---- */

struct dirent_sink {
	u8 __user *to;
	long left;       /* Linux's is an int: none where the caller says 2 GiB or more */
	bool old;        /* struct linux_dirent: the type in the last byte */
	int err;         /* why emit has refused */
	bool any;
};
struct dirent_head {
	u64 ino;
	s64 off;
	u16 reclen;
} __packed;

static bool emit_dirent(void *ctx, const char *name, unsigned len, u64 ino, unsigned type, u64 next_off)
{
	struct dirent_sink *s = ctx;
	/* d_name follows d_type in the new form and d_reclen in the old one, where the type is the last byte. */
	unsigned name_at = s->old ? 18 : 19, used = name_at + len;
	int size = (int)round_up(used + 1 + (s->old ? 1 : 0), 8u);
	struct dirent_head head = { ino, next_off, size };
	u8 entry[1024]; /* one copy to the guest an entry; no file system has names near that long */

	if (size > (int)sizeof(entry) || size > s->left) {
		s->err = size > (int)sizeof(entry) ? -EIO : -EINVAL;
		return false;
	}
	if (signal_pending(current) && s->any) {
		s->err = -EINTR;
		return false;
	}
	memcpy(entry, &head, sizeof(head));
	memcpy(entry + name_at, name, len);
	memset(entry + used, 0, size - used);
	entry[s->old ? size - 1 : 18] = type;
	if (copy_to_user(s->to, entry, size)) {
		s->err = -EFAULT;
		return false;
	}
	s->err = 0;
	s->to += size;
	s->left -= size;
	s->any = true;
	return true;
}

static long do_getdents(unsigned fd, void __user *dirent, unsigned count, bool old)
{
	struct dirent_sink s = { .to = dirent, .left = (int)count, .old = old };
	struct file *f = fget(fd);
	long n;

	if (!f)
		return -EBADF;
	if (!S_ISDIR(f->inode->mode) || !f->ops->getdents) {
		n = -ENOTDIR;
	} else {
		kmutex_lock(&f->pos_lock);
		n = f->ops->getdents(f, &s, emit_dirent);
		kmutex_unlock(&f->pos_lock);
		if (n >= 0)
			fsnotify_file(f, IN_ACCESS);
		if (s.any)
			n = count - s.left;
		else if (n >= 0)
			n = s.err;
	}
	file_put(f);
	return n;
}

SYSCALL_DEFINE3(getdents, unsigned, fd, void __user *, dirent, unsigned, count)
{
	return do_getdents(fd, dirent, count, true);
}

SYSCALL_DEFINE3(getdents64, unsigned, fd, void __user *, dirent, unsigned, count)
{
	return do_getdents(fd, dirent, count, false);
}
