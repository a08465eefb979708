/* Open files and directories of hostfs: descriptors, pages, data.
 *
 * Reads and mappings of regular files go through the page cache; write(2) goes to the host at once and then into the
 * pages that are cached. The cache of a file is thrown away at open when size, mtime or ctime are not those that it was
 * filled under. Files of the host's own pseudo file systems (sysfs) are read directly. */
#include "hostfs.h"
#include <linux/falloc.h>
#include <linux/magic.h>

static struct kmem_cache *hostfs_file_cache;
static const struct file_operations hostfs_direct_ops;

void hostfs_file_init(void)
{
	hostfs_file_cache = kmem_cache_create("hostfs_file", sizeof(struct hostfs_file), 16);
}

/* ---- opening ---- */

#define FUSE_MAGIC 0x65735546

/* Whether the sizes that the file system tells mean nothing, so that its files are read as they come. */
static bool is_direct(u64 dev, int fd, u64 size)
{
	static struct { u64 dev; bool known, direct, fuse; } seen[16];
	unsigned slot = dev % ARRAY_SIZE(seen);
	struct host_statfs fs = { 0 };
	struct host_req r = { .op = HOST_STATFS, .fd = fd, .statfs = &fs };

	if (!seen[slot].known || seen[slot].dev != dev) {
		bool direct = false;

		if (host_call(&r) == 0)
			direct = fs.type == PROC_SUPER_MAGIC || fs.type == SYSFS_MAGIC || fs.type == CGROUP_SUPER_MAGIC ||
				fs.type == CGROUP2_SUPER_MAGIC || fs.type == DEBUGFS_MAGIC || fs.type == TRACEFS_MAGIC ||
				fs.type == SECURITYFS_MAGIC || fs.type == BPF_FS_MAGIC || fs.type == PSTOREFS_MAGIC ||
				fs.type == EFIVARFS_MAGIC;
		seen[slot].fuse = fs.type == FUSE_MAGIC;
		seen[slot].dev = dev;
		seen[slot].direct = direct;
		seen[slot].known = true;
	}
	return seen[slot].direct || (seen[slot].fuse && !size); /* some files of FUSE have no size but contents */
}

/* The host has another file under the pages than they were read from: they go. */
static void hostfs_revalidate(struct hostfs_inode *hi, const struct host_stat *st, bool all)
{
	struct inode *inode = &hi->inode;
	bool same = inode->size == st->size && hi->cached.mtime.sec == st->mtime.sec && !all &&
		hi->cached.mtime.nsec == st->mtime.nsec && hi->cached.ctime.sec == st->ctime.sec &&
		hi->cached.ctime.nsec == st->ctime.nsec;

	if (inode->mapping.nr_pages && !same) {
		u64 old = inode->size;

		write_dirty_pages(&inode->mapping, 0, ~0ull);
		invalidate_pages(&inode->mapping, 0, ~0ull);
		inode->size = st->size;
		if (st->size < old)
			truncate_pages(&inode->mapping, st->size);
	}
	inode->size = st->size;
	hi->cached = *st;
	hostfs_update(hi, st);
}

static struct hostfs_file *attach_fd(struct hostfs_inode *hi, int fd, u32 flags)
{
	struct hostfs_file *hf = kmem_cache_zalloc(hostfs_file_cache);

	if (!hf)
		return NULL;
	hf->fd = fd;
	hf->can_read = (flags & O_ACCMODE) == O_RDONLY || (flags & O_ACCMODE) == O_RDWR;
	hf->can_write = (flags & O_ACCMODE) == O_WRONLY || (flags & O_ACCMODE) == O_RDWR;
	hf->dio = flags & O_DIRECT;
	list_add(&hf->node, &hi->files);
	return hf;
}

/* Is @fd what @hi was looked up as? 0 with its attributes fresh, or -ESTALE. */
static int same_object(struct hostfs_inode *hi, int fd)
{
	struct host_stat st;
	int err = hostfs_statat(fd, "", &st);

	if (!err && (st.dev != hi->dev || st.ino != hi->inode.ino || ((st.mode ^ hi->inode.mode) & S_IFMT)))
		err = -ESTALE;
	if (!err)
		hostfs_revalidate(hi, &st, false);
	return err;
}

static bool is_plain(const struct file *f)
{
	return !(f->flags & (O_ACCMODE | HOSTFS_OPEN_FLAGS));
}

/* Takes over @fd, which same_object() has seen. */
static int finish_open(struct hostfs_inode *hi, struct file *f, int fd)
{
	struct inode *inode = &hi->inode;
	struct hostfs_file *hf;

	if (S_ISREG(inode->mode)) {
		hi->direct = is_direct(hi->dev, fd, inode->size);
		f->ops = hi->direct ? &hostfs_direct_ops : &hostfs_file_ops;
	} else {
		f->ops = &hostfs_dir_ops;
	}
	hf = attach_fd(hi, fd, f->flags);
	if (!hf) {
		hostfs_close(fd);
		return -ENOMEM;
	}
	hf->plain = is_plain(f);
	hf->append = f->append_only;
	hi->opened |= hf->plain;
	hf->ctime = (struct ktimespec){ hi->st.ctime.sec, hi->st.ctime.nsec };
	f->private = hf;
	return 0;
}

/* What the host is asked for: never to block on a FIFO that has taken the file's place, never a link's target. */
static int host_flags(u32 flags)
{
	return (flags & (O_ACCMODE | HOSTFS_OPEN_FLAGS)) |
		O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
}

/* Where the end of a file is the host is told write by write; but one that may only grow (chattr +a) it opens with O_APPEND alone. */
static int open_at(int dirfd, const char *name, int flags, struct file *f)
{
	int fd = hostfs_openat(dirfd, name, flags, 0);

	if (fd != -EPERM || !(f->flags & O_APPEND))
		return fd;
	fd = hostfs_openat(dirfd, name, flags | O_APPEND, 0);
	f->append_only = fd >= 0;
	return fd;
}

/* Opens by its name in the directory where it was found. A descriptor, with the inode's attributes fresh, or -errno. What is
 * opened again and again could be held, were it known that the name still means it. */
static int open_by_name(struct hostfs_inode *hi, struct file *f)
{
	struct dentry *d = f->path.dentry;
	int dirfd = hostfs_fd(hi->dir), fd, err;
	u64 gen;

	if (dirfd < 0)
		return dirfd;
	gen = S_ISREG(hi->inode.mode) ? hostwatch_ask(&hi->dir->inode, hi->opened && is_plain(f)) : 0;
	fd = open_at(dirfd, hi->name, host_flags(f->flags), f);
	if (fd < 0)
		return fd;
	err = same_object(hi, fd);
	if (err) {
		hostfs_close(fd);
		return err;
	}
	if (gen && d && d->parent && !d->deleted && d->parent->inode == &hi->dir->inode && !strcmp(d->name, hi->name))
		hostwatch_set_known(d, gen);
	return fd;
}

/* Is @hi still where it was found, as far as can be told? */
static bool has_name(struct hostfs_inode *hi)
{
	int dirfd = hostfs_fd(hi->dir);
	struct host_stat st;

	return dirfd < 0 || (!hostfs_statat(dirfd, hi->name, &st) && st.dev == hi->dev && st.ino == hi->inode.ino);
}

int hostfs_open(struct inode *inode, struct file *f)
{
	struct hostfs_inode *hi = HI(inode);
	struct host_stat st;
	char proc[32];
	int fd, err;

	fd = hostfs_take_held(hi, f, &st);
	if (fd >= 0) {
		hostfs_revalidate(hi, &st, false);
		return finish_open(hi, f, fd);
	}
	if (hi->dir) {
		fd = open_by_name(hi, f);
		if (fd >= 0)
			return finish_open(hi, f, fd);
		if (fd != -ESTALE && has_name(hi))
			return fd;
	}
	/* Its name is gone, or means something else: what is still held can be opened (/proc/self/fd of an unlinked file),
	 * for the rest the walk is repeated. */
	if ((f->flags & O_BY_NAME) || (hi->path_fd < 0 && list_empty(&hi->files)))
		return -ESTALE;
	ksnprintf(proc, sizeof(proc), "/proc/self/fd/%d", hostfs_fd(hi));
	fd = open_at(HOST_AT_FDCWD, proc, host_flags(f->flags) & ~O_NOFOLLOW, f);
	if (fd < 0)
		return fd;
	err = same_object(hi, fd);
	if (!err)
		return finish_open(hi, f, fd);
	hostfs_close(fd);
	return err;
}

int hostfs_create_open(struct inode *dir, const char *name, u32 mode, struct file *f, struct inode **made)
{
	int dirfd = hostfs_fd(HI(dir)), fd, err;
	struct host_stat st;
	struct inode *inode;

	if (dirfd < 0)
		return dirfd;
	fd = hostfs_openat(dirfd, name, (host_flags(f->flags) & ~O_TRUNC) | O_CREAT | O_EXCL, mode & 07777);
	if (fd < 0)
		return fd;
	err = hostfs_give_to_current(dir, dirfd, name, mode);
	if (!err)
		err = hostfs_statat(fd, "", &st);
	if (err) {
		hostfs_close(fd);
		return err;
	}
	inode = hostfs_inode_of(&st);
	if (IS_ERR(inode)) {
		hostfs_close(fd);
		return PTR_ERR(inode);
	}
	hostfs_set_where(HI(inode), HI(dir), name);
	hostfs_revalidate(HI(inode), &st, false);
	err = finish_open(HI(inode), f, fd);
	if (err) {
		inode_put(inode);
		return err;
	}
	*made = inode;
	return 0;
}

int hostfs_tmpfile(struct inode *dir, u32 mode, struct file *f, struct inode **made)
{
	int dirfd = hostfs_fd(HI(dir)), fd, err;
	struct host_stat st;
	struct inode *inode;

	if (dirfd < 0)
		return dirfd;
	fd = hostfs_openat(dirfd, ".", (f->flags & (O_ACCMODE | O_EXCL | O_DIRECT)) | O_TMPFILE, mode & 07777);
	if (fd < 0)
		return fd;
	inode = hostfs_inode_by_fd(fd, &st);
	if (IS_ERR(inode))
		return PTR_ERR(inode);
	hostfs_revalidate(HI(inode), &st, false);
	err = finish_open(HI(inode), f, fd);
	if (err)
		inode_put(inode);
	else
		*made = inode;
	return err;
}

struct file *hostfs_file_of(int fd, const struct host_stat *st, u32 flags, bool kept)
{
	struct inode *inode = hostfs_inode_of(st);
	struct hostfs_file *hf;
	struct file *f;

	if (IS_ERR(inode))
		return ERR_PTR(PTR_ERR(inode));
	f = file_alloc(S_ISDIR(st->mode) ? &hostfs_dir_ops : &hostfs_file_ops, inode, flags);
	hf = f ? attach_fd(HI(inode), fd, flags) : NULL;
	inode_put(inode);
	if (!hf) {
		if (f)
			file_put(f);
		return ERR_PTR(-ENOMEM);
	}
	if (S_ISREG(st->mode) && hf->can_write)
		inode->writers++;
	hf->stream = true;
	hf->at = ~0ull;
	f->can_direct = S_ISREG(st->mode);
	hf->kept = kept;
	f->private = hf;
	return f;
}

int hostfs_file_fd(struct file *f)
{
	struct host_req seek = { .op = HOST_LSEEK }; /* SEEK_SET */
	struct hostfs_file *hf = f->private;

	if (f->ops != &hostfs_file_ops && f->ops != &hostfs_dir_ops)
		return -EOPNOTSUPP;
	if (f->inode->mapping.nr_dirty)
		write_dirty_pages(&f->inode->mapping, 0, ~0ull);
	if (!hf->stream) {
		seek.fd = hf->fd;
		seek.offset = f->pos;
		host_call(&seek);
	}
	return hf->fd;
}

static void hostfs_release(struct file *f)
{
	struct hostfs_file *hf = f->private;

	if (!hf)
		return;
	if (hf->can_write && f->inode->mapping.nr_dirty)
		write_dirty_pages(&f->inode->mapping, 0, ~0ull);
	list_del(&hf->node);
	if (!hf->kept && (hf->stream || !hostfs_hold(f, hf)))
		hostfs_close(hf->fd);
	kmem_cache_free(hostfs_file_cache, hf);
}

/* ---- pages ---- */

static int fd_for(struct hostfs_inode *hi, bool write)
{
	struct hostfs_file *hf, *found = NULL;

	list_for_each_entry(hf, &hi->files, node)
		if ((write ? hf->can_write && !hf->append : hf->can_read) && (!found || found->dio))
			found = hf;
	return !found || hostfs_set_dio(found, false) ? -EIO : found->fd;
}

static int hostfs_read_pages(struct inode *inode, struct page *first, u32 count)
{
	struct hostfs_inode *hi = HI(inode);
	u8 *to = page_address(first);
	u64 size = (u64)count * PAGE_SIZE, start = first->index * PAGE_SIZE, done = 0, wanted;
	int err = 0;

	kmutex_lock(&hi->io);
	/* Not beyond the end, to be told that it is the end: see_growth() asks for that. */
	wanted = start < inode->size ? min(size, inode->size - start) : 0;
	while (done < wanted) {
		struct host_req r = { .op = HOST_PREAD, .buf = to + done, .size = wanted - done, .offset = start + done };
		long n;

		r.fd = fd_for(hi, false);
		n = r.fd < 0 ? r.fd : host_call(&r);
		if (n == -EINTR || n == -EAGAIN)
			continue;
		if (n < 0)
			err = n;
		if (n <= 0)
			break;
		done += n;
	}
	kmutex_unlock(&hi->io);
	current->io_count.read_bytes += done;
	memset(to + done, 0, size - done);
	return err;
}

static int hostfs_read_page(struct inode *inode, struct page *page)
{
	return hostfs_read_pages(inode, page, 1);
}

static int hostfs_write_page(struct inode *inode, struct page *page)
{
	struct hostfs_inode *hi = HI(inode);
	u64 at = page->index * PAGE_SIZE;
	struct host_req r = { .op = HOST_PWRITE, .buf = page_address(page), .offset = at };
	long n = 0;

	kmutex_lock(&hi->io);
	if (at < inode->size) {
		r.size = min(inode->size - at, (u64)PAGE_SIZE);
		r.fd = fd_for(hi, true);
		n = r.fd < 0 ? r.fd : host_call(&r);
	}
	kmutex_unlock(&hi->io);
	return n < 0 ? n : 0;
}

/* Of a file that everybody may read: what is shown directly stays within reach of later guests of the same host process. */
static int hostfs_host_fd(struct inode *inode)
{
	struct hostfs_inode *hi = HI(inode);
	struct hostfs_file *hf;

	if (hi->direct || !S_ISREG(inode->mode) || !(inode->mode & S_IROTH))
		return -EACCES;
	list_for_each_entry(hf, &hi->files, node)
		if (hf->can_read)
			return hf->fd;
	return -EBADF;
}

const struct address_space_operations hostfs_pages_ops = {
	.read_page = hostfs_read_page,
	.read_pages = hostfs_read_pages,
	.write_page = hostfs_write_page,
	.host_fd = hostfs_host_fd,
};

/* ---- reading and writing ---- */

/* The file may have grown on the host since it was opened (a log that is followed): asked at the end only. */
static int see_growth(struct hostfs_inode *hi, int fd)
{
	struct inode *inode = &hi->inode;
	struct host_stat st;
	int err = hostfs_statat(fd, "", &st);

	if (err || st.size == inode->size)
		return err;
	if (st.size > inode->size) {
		if (inode->size & (PAGE_SIZE - 1))
			invalidate_pages(&inode->mapping, inode->size / PAGE_SIZE, inode->size / PAGE_SIZE + 1);
		inode->size = st.size;
	} else {
		inode->size = st.size;
		truncate_pages(&inode->mapping, st.size);
	}
	return 0;
}

#define CHUNK (128 * 1024ul)

static ssize_t read_host(int fd, u64 *pos, bool stream, struct iov_iter *to)
{
	size_t size = min(iov_iter_count(to), CHUNK);
	ssize_t done = 0;
	u8 *buf = kmalloc(size ? size : 1);

	if (!buf)
		return -ENOMEM;
	while (iov_iter_count(to)) {
		struct host_req r = { .op = stream ? HOST_READ : HOST_PREAD, .fd = fd, .buf = buf, .offset = *pos };
		size_t copied;
		long n;

		r.size = min(iov_iter_count(to), size);
		n = host_call(&r);
		if (n <= 0) {
			if (!done)
				done = n;
			break;
		}
		copied = copy_to_iter(buf, n, to);
		*pos += copied;
		done += copied;
		if (copied < (size_t)n) {
			if (!done)
				done = -EFAULT;
			break;
		}
		if ((size_t)n < r.size || fatal_signal_pending(current))
			break;
		cond_resched();
	}
	kfree(buf);
	return done;
}

static ssize_t hostfs_read(struct file *f, struct iov_iter *to, u64 *pos)
{
	struct hostfs_inode *hi = HI(f->inode);
	struct hostfs_file *hf = f->private;
	int err;

	if (f->flags & O_DIRECT)
		return hostfs_dio_read(f, to, pos);
	if (hf->stream && pos == &f->pos) {
		kmutex_lock(&hi->io);
		err = hostfs_set_dio(hf, false);
		kmutex_unlock(&hi->io);
		if (err)
			return err;
		if (hi->inode.mapping.nr_dirty)
			write_dirty_pages(&hi->inode.mapping, 0, ~0ull);
		return read_host(hf->fd, pos, true, to);
	}
	if (*pos + iov_iter_count(to) > f->inode->size) {
		err = see_growth(hi, hf->fd);
		if (err)
			return err;
	}
	return generic_file_read(f->inode, pos, to);
}

static ssize_t direct_read(struct file *f, struct iov_iter *to, u64 *pos)
{
	struct hostfs_file *hf = f->private;

	if (f->flags & O_DIRECT)
		return hostfs_dio_read(f, to, pos);
	return read_host(hf->fd, pos, hf->stream && pos == &f->pos, to);
}

void hostfs_update_pages(struct inode *inode, u64 pos, const u8 *from, size_t size)
{
	if (pos > inode->size)
		zero_beyond(&inode->mapping, inode->size);
	if (pos + size > inode->size)
		inode->size = pos + size;
	inode->mapping.version++;
	while (size && inode->mapping.nr_pages) {
		struct page *page = find_page(&inode->mapping, pos / PAGE_SIZE);
		size_t off = pos & (PAGE_SIZE - 1), n = min(size, PAGE_SIZE - off);

		if (page) {
			memcpy((u8 *)page_address(page) + off, from, n);
			page_put(page);
		}
		pos += n, from += n, size -= n;
	}
}

long hostfs_end(struct hostfs_file *hf, u64 *pos)
{
	struct host_stat st;
	long err = hostfs_statat(hf->fd, "", &st);

	if (!err)
		*pos = st.size;
	return err;
}

void hostfs_stream_pos(struct hostfs_file *hf, long n, u64 *pos)
{
	struct host_req seek = { .op = HOST_LSEEK, .fd = hf->fd, .offset = 0, .flags = 1 };
	long end = host_call(&seek);

	*pos = end > n ? end - n : 0;
}

static ssize_t hostfs_write(struct file *f, struct iov_iter *from, u64 *pos)
{
	struct hostfs_inode *hi = HI(f->inode);
	struct hostfs_file *hf = f->private;
	bool stream = hf->stream && pos == &f->pos, append = f->flags & O_APPEND;
	size_t size = min(iov_iter_count(from), CHUNK);
	ssize_t done = 0;
	u8 *buf;

	if (!size)
		return 0;
	if (f->flags & O_DIRECT)
		return hostfs_dio_write(f, from, pos);
	buf = kmalloc(size);
	if (!buf)
		return -ENOMEM;
	while (iov_iter_count(from)) {
		struct host_req r = { .op = stream ? HOST_WRITE : HOST_PWRITE, .fd = hf->fd, .buf = buf };
		size_t want = min(iov_iter_count(from), size), got;
		long n = 0;

		/* Not under the lock: the buffer may be a mapping of this very file. */
		got = copy_from_iter(buf, want, from);
		if (!got) {
			n = -EFAULT;
			goto out;
		}
		kmutex_lock(&hi->io);
		n = hostfs_set_dio(hf, false);
		if (!n && append && !stream)
			n = hostfs_end(hf, pos);
		r.size = got;
		if (!n && !stream)
			n = generic_write_checks(*pos, &r.size);
		r.offset = append && !stream ? ~0ull : *pos;
		if (!n)
			n = host_call(&r);
		if (n > 0 && stream)
			hostfs_stream_pos(hf, n, pos);
		if (n > 0) {
			hostfs_update_pages(f->inode, *pos, buf, n);
			*pos += n;
			done += n;
		}
		kmutex_unlock(&hi->io);
		if (n < 0)
			goto out;
		if ((size_t)n < got)
			iov_iter_revert(from, got - n);
		if (got < want || (size_t)n < got || fatal_signal_pending(current))
			goto out;
		cond_resched();
		continue;
out:
		if (!done)
			done = n;
		break;
	}
	kfree(buf);
	return done;
}

static loff_t hostfs_llseek(struct file *f, loff_t off, int whence)
{
	struct hostfs_file *hf = f->private;
	struct host_stat st;
	loff_t end;
	int err;

	if (hf->stream || whence > 2) {
		/* The position is the host's, or the host alone knows where the holes are. */
		struct host_req r = { .op = HOST_LSEEK, .fd = hf->fd, .offset = off, .flags = whence };

		if (whence > 2 && f->inode->mapping.nr_dirty)
			write_dirty_pages(&f->inode->mapping, 0, ~0ull);
		end = host_call(&r);
		if (end >= 0)
			f->pos = end;
		return end;
	}
	if (whence == 2) {
		err = hostfs_statat(hf->fd, "", &st);
		if (err)
			return err;
		return generic_llseek(f, off, whence, max(st.size, hf->can_write ? 0 : st.size));
	}
	return generic_llseek(f, off, whence, 0);
}

/* O_DIRECT, when the host's file system does it: tried now, so that fcntl(2) can say so. */
static int hostfs_set_flags(struct file *f, u32 flags)
{
	struct hostfs_inode *hi = HI(f->inode);
	int err = 0;

	if (flags & ~f->flags & O_DIRECT) {
		kmutex_lock(&hi->io);
		err = hostfs_set_dio(f->private, true);
		kmutex_unlock(&hi->io);
	}
	return err;
}

static int hostfs_mmap(struct file *f, struct vm_area *vma)
{
	vma->mapping = &f->inode->mapping;
	return 0;
}

static int hostfs_flush(struct file *f)
{
	if (f->inode->mapping.nr_dirty)
		return write_dirty_pages(&f->inode->mapping, 0, ~0ull);
	return 0;
}

static int hostfs_fsync(struct file *f, bool datasync)
{
	struct hostfs_file *hf = f->private;
	struct host_req r = { .op = HOST_FSYNC, .fd = hf->fd, .flags = datasync };
	int err = write_dirty_pages(&f->inode->mapping, 0, ~0ull);

	return err ? err : host_call(&r);
}

static int hostfs_truncate(struct file *f, u64 size)
{
	struct hostfs_inode *hi = HI(f->inode);
	struct hostfs_file *hf = f->private;
	struct host_req r = { .op = HOST_TRUNCATE, .fd = hf->fd, .size = size };
	long err;

	kmutex_lock(&hi->io);
	err = host_call(&r);
	if (!err && size > f->inode->size)
		zero_beyond(&f->inode->mapping, f->inode->size);
	if (!err)
		f->inode->size = size;
	kmutex_unlock(&hi->io);
	if (!err)
		truncate_pages(&f->inode->mapping, size);
	return err;
}

static int hostfs_fallocate(struct file *f, int mode, u64 off, u64 len)
{
	struct hostfs_file *hf = f->private;
	struct host_req r = { .op = HOST_FALLOCATE, .fd = hf->fd, .flags = mode, .offset = off, .size = len };
	struct host_stat st;
	long err;

	if (!(mode & (FALLOC_FL_KEEP_SIZE | FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_INSERT_RANGE))) {
		err = inode_newsize_ok(f->inode, off + len);
		if (err)
			return err;
	}
	write_dirty_pages(&f->inode->mapping, 0, ~0ull);
	err = host_call(&r);
	if (!err && !hostfs_statat(hf->fd, "", &st))
		hostfs_revalidate(HI(f->inode), &st, mode != 0);
	return err;
}

/* The host knows of blocks of what has been written to it. */
static int hostfs_fiemap(struct file *f, struct fiemap *map)
{
	struct hostfs_file *hf = f->private;
	struct host_req r = { .op = HOST_FIEMAP, .fd = hf->fd, .buf = map };
	int err = write_dirty_pages(&f->inode->mapping, 0, ~0ull);

	return err ? err : host_call(&r);
}

/* What is set becomes the host's; its answer is the guest's. */
static int hostfs_fileattr(struct file *f, unsigned cmd, void *attr)
{
	struct hostfs_file *hf = f->private;
	struct host_req r = { .op = HOST_FILEATTR, .fd = hf->fd, .flags = (int)cmd, .buf = attr };

	return host_call(&r);
}

/* ---- directories ---- */

struct host_dirent {
	u64 ino;
	s64 off;
	u16 reclen;
	u8 type;
	char name[];
};

static int hostfs_getdents(struct file *f, void *ctx, bool (*emit)(void *ctx, const char *name, unsigned len, u64 ino,
	unsigned type, u64 next_off))
{
	struct hostfs_file *hf = f->private;
	u8 *buf = kmalloc(32 * 1024);
	int err = 0;

	if (!buf)
		return -ENOMEM;
	for (bool more = true; more;) {
		/* where the host stands it goes on without a seek */
		struct host_req r = { .op = HOST_GETDENTS, .fd = hf->fd, .buf = buf, .size = 32 * 1024, .offset = f->pos,
			.flags = f->pos == hf->at };
		long n, at = 0;

		hf->at = ~0ull;
		n = host_call(&r);
		if (n <= 0) {
			err = n;
			hf->at = n ? ~0ull : f->pos;
			break;
		}
		more = n > 32 * 1024 - 300; /* else the next name would have had room: it was the last */
		while (at < n) {
			struct host_dirent *d = (void *)(buf + at);

			if (!emit(ctx, d->name, strlen(d->name), d->ino, d->type, d->off)) {
				more = false;
				break;
			}
			f->pos = d->off;
			at += d->reclen;
		}
		if (at == n)
			hf->at = f->pos;
	}
	kfree(buf);
	return err;
}

static loff_t hostfs_dir_llseek(struct file *f, loff_t off, int whence)
{
	struct hostfs_file *hf = f->private;
	struct host_req r = { .op = HOST_LSEEK, .fd = hf->fd, .offset = off, .flags = whence };
	loff_t at;

	/* What a position in a directory means, and where its end is, the host's file system knows. */
	if (whence == 1) {
		if (__builtin_add_overflow(off, (loff_t)f->pos, &at))
			return -EINVAL;
		r.offset = at;
		r.flags = 0;
	}
	hf->at = ~0ull;
	at = host_call(&r);
	if (at >= 0)
		f->pos = hf->at = at;
	return at;
}

static ssize_t dir_read(struct file *f __maybe_unused, struct iov_iter *to __maybe_unused, u64 *pos __maybe_unused)
{
	return -EISDIR;
}

const struct file_operations hostfs_file_ops = {
	.name = "hostfs", .read = hostfs_read, .write = hostfs_write, .llseek = hostfs_llseek, .mmap = hostfs_mmap,
	.flush = hostfs_flush, .fsync = hostfs_fsync, .truncate = hostfs_truncate, .fallocate = hostfs_fallocate,
	.fiemap = hostfs_fiemap, .fileattr = hostfs_fileattr, .set_flags = hostfs_set_flags, .direct_io = true,
	.release = hostfs_release,
};
static const struct file_operations hostfs_direct_ops = {
	.name = "hostfs", .read = direct_read, .write = hostfs_write, .llseek = hostfs_llseek,
	.fsync = hostfs_fsync, .truncate = hostfs_truncate, .fiemap = hostfs_fiemap, .set_flags = hostfs_set_flags,
	.fileattr = hostfs_fileattr, .direct_io = true, .release = hostfs_release,
};
const struct file_operations hostfs_dir_ops = {
	.name = "hostfs", .read = dir_read, .llseek = hostfs_dir_llseek, .getdents = hostfs_getdents,
	.fsync = hostfs_fsync, .fiemap = hostfs_fiemap, .fileattr = hostfs_fileattr, .release = hostfs_release,
};
