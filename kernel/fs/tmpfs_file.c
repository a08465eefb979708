/* Data of tmpfs files: pages without a store behind them. What was never written is a hole: it reads as zeroes, takes no
 * memory and is found by SEEK_HOLE. Which seals (fcntl(2)) a file has, and what they forbid, is here. Pages count against the file system's size when they come into being, whether by
 * write(2), fallocate(2) or a store into a mapping. */
#include "tmpfs.h"
#include <linux/falloc.h>
#include <linux/fs.h>
#include <linux/resource.h>

const struct address_space_operations tmpfs_pages_ops = { 0 };

/* What the seals of @f let through of a write of *count bytes at @pos. As in Linux, whole pages up to the first that would make
 * the file grow are written. */
static int seals_allow_write(const struct inode *inode, u64 pos, size_t *count)
{
	u64 allowed;

	if (inode->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	if (!(inode->seals & F_SEAL_GROW) || pos + *count <= inode->size)
		return 0;
	allowed = max(round_down(inode->size, PAGE_SIZE), pos) - pos;
	if (!allowed)
		return -EPERM;
	*count = allowed;
	return 0;
}

static ssize_t tmpfs_read(struct file *f, struct iov_iter *to, u64 *pos)
{
	ssize_t n = generic_file_read(f->inode, pos, to);

	if (n >= 0)
		file_accessed(f);
	return n;
}

static ssize_t tmpfs_write(struct file *f, struct iov_iter *from, u64 *pos)
{
	size_t count = iov_iter_count(from);
	ssize_t n;
	int err;

	if (f->flags & O_APPEND)
		*pos = f->inode->size;
	err = generic_write_checks(*pos, &count);
	if (!err && count)
		err = seals_allow_write(f->inode, *pos, &count);
	if (err)
		return err;
	iov_iter_truncate(from, count);
	n = generic_file_write(f->inode, pos, from);
	if (n > 0)
		inode_touch(f->inode, ATTR_MTIME_NOW);
	return n == -ENOMEM ? -ENOSPC : n;
}

/* The first page at or after @index that is there (@data) or not, at most @end. */
static u64 find_data(struct inode *inode, u64 index, u64 end, bool data)
{
	while (index < end) {
		u64 at = index;

		if (!next_page(&inode->mapping, &at) || at >= end)
			return data ? end : index;
		if (data)
			return at;
		if (at > index)
			return index;
		index++;
		if (index % 1024 == 0)
			cond_resched();
	}
	return end;
}

static loff_t tmpfs_llseek(struct file *f, loff_t off, int whence)
{
	struct inode *inode = f->inode;
	u64 end = (inode->size + PAGE_SIZE - 1) >> PAGE_SHIFT, index;

	if (whence != SEEK_DATA && whence != SEEK_HOLE)
		return generic_llseek(f, off, whence, inode->size);
	if (off < 0 || (u64)off >= inode->size)
		return -ENXIO;
	index = find_data(inode, (u64)off >> PAGE_SHIFT, end, whence == SEEK_DATA);
	if (whence == SEEK_DATA && index >= end)
		return -ENXIO;
	off = max(off, (loff_t)(index << PAGE_SHIFT));
	f->pos = min((u64)off, inode->size);
	return f->pos;
}

static int tmpfs_mmap(struct file *f, struct vm_area *vma)
{
	if ((vma->flags & VM_SHARED) && (f->inode->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))) {
		if (vma->flags & VM_WRITE)
			return -EPERM;
		vma->flags &= ~VM_MAYWRITE;
	}
	vma->mapping = &f->inode->mapping;
	file_accessed(f);
	return 0;
}

static int tmpfs_truncate(struct file *f, u64 size)
{
	const struct inode *inode = f->inode;

	if ((size < inode->size && (inode->seals & F_SEAL_SHRINK)) || (size > inode->size && (inode->seals & F_SEAL_GROW)))
		return -EPERM;
	f->inode->size = size;
	truncate_pages(&f->inode->mapping, size);
	inode_touch(f->inode, ATTR_MTIME_NOW);
	return 0;
}

static int tmpfs_fsync(struct file *f __maybe_unused, bool datasync __maybe_unused)
{
	return 0;
}

static void zero_part(struct inode *inode, u64 from, u64 to)
{
	struct page *p = from < to ? find_page(&inode->mapping, from >> PAGE_SHIFT) : NULL;

	if (!p)
		return;
	memset((u8 *)page_address(p) + (from & ~PAGE_MASK), 0, to - from);
	page_put(p);
}

static int punch_hole(struct inode *inode, u64 off, u64 end)
{
	u64 first = round_up(off, PAGE_SIZE), last = round_down(end, PAGE_SIZE);

	if (inode->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	zero_part(inode, off, min(first, end));
	if (last >= first)
		zero_part(inode, last, end);
	if (last > first)
		punch_pages(&inode->mapping, first >> PAGE_SHIFT, last >> PAGE_SHIFT);
	return 0;
}

/* Ends the reservation of [first, last): pages that were not there before it stay or, after a failure, go. */
static void end_reservation(struct inode *inode, u64 first, u64 last, bool keep)
{
	struct page *p;

	for (u64 index = first; (p = next_page(&inode->mapping, &index)) && index < last; index++) {
		if (!(p->flags & PG_FALLOC))
			continue;
		p->flags &= ~PG_FALLOC;
		if (!keep)
			punch_pages(&inode->mapping, index, index + 1);
	}
}

/* Pages for [off, off + len), those of this call given back when not all can be had. */
static int reserve_pages(struct inode *inode, u64 off, u64 len)
{
	u64 first = off >> PAGE_SHIFT, last = (off + len + PAGE_SIZE - 1) >> PAGE_SHIFT, index;
	struct page_account *acc = inode->mapping.account;

	if (last - first > nr_free_pages() || (acc && acc->max && last - first > acc->max))
		return -ENOSPC;
	for (index = first; index < last; index++) {
		u64 at = index;
		bool had = next_page(&inode->mapping, &at) && at == index;
		struct page *p = grab_cache_page(&inode->mapping, index);

		if (IS_ERR(p) || fatal_signal_pending(current)) {
			int err = IS_ERR(p) ? PTR_ERR(p) : -EINTR;

			if (!IS_ERR(p))
				page_put(p);
			end_reservation(inode, first, index, false);
			return err == -ENOMEM ? -ENOSPC : err;
		}
		if (!had)
			p->flags |= PG_FALLOC;
		set_page_dirty(p);
		page_put(p);
		cond_resched();
	}
	end_reservation(inode, first, last, true);
	return 0;
}

static int tmpfs_fallocate(struct file *f, int mode, u64 off, u64 len)
{
	struct inode *inode = f->inode;
	int err;

	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE))
		return -EOPNOTSUPP;
	if (mode & FALLOC_FL_PUNCH_HOLE) {
		err = punch_hole(inode, off, off + len);
		if (!err)
			inode_touch(inode, ATTR_MTIME_NOW);
		return err;
	}
	/* As in Linux even when the size is kept. */
	err = inode_newsize_ok(inode, off + len);
	if (err)
		return err;
	if (off + len > inode->size && (inode->seals & F_SEAL_GROW))
		return -EPERM;
	err = reserve_pages(inode, off, len);
	if (err)
		return err;
	if (!(mode & FALLOC_FL_KEEP_SIZE) && off + len > inode->size)
		inode->size = off + len;
	inode_touch(inode, 0);
	return 0;
}

int tmpfs_getattr(struct inode *inode, struct kstat *st)
{
	generic_getattr(inode, st);
	/* They have the numbers of FS_APPEND_FL and so on. */
	st->attributes_mask = STATX_ATTR_APPEND | STATX_ATTR_IMMUTABLE | STATX_ATTR_NODUMP;
	st->attributes = inode->fsflags & st->attributes_mask;
	st->blocks = (S_ISREG(inode->mode) ? inode->mapping.nr_pages : tmpfs_link_has_page(inode)) * (PAGE_SIZE / 512);
	return 0;
}

int tmpfs_statfs(struct inode *inode, void *statfs)
{
	const struct tmpfs_sb *ts = TMPFS(inode->sb);
	struct host_statfs *fs = statfs;

	fs->fsid = inode->sb->dev;
	if (ts->pages.max) {
		fs->blocks = ts->pages.max;
		fs->bfree = fs->bavail = ts->pages.max - min(ts->pages.used, ts->pages.max);
	}
	if (ts->max_inodes) {
		fs->files = ts->max_inodes;
		fs->ffree = tmpfs_free_inodes(ts);
	}
	return 0;
}

const struct file_operations tmpfs_file_ops = {
	.name = "tmpfs", .read = tmpfs_read, .write = tmpfs_write, .llseek = tmpfs_llseek, .mmap = tmpfs_mmap,
	.fsync = tmpfs_fsync, .truncate = tmpfs_truncate, .fallocate = tmpfs_fallocate, .direct_io = true,
	.fileattr = tmpfs_fileattr,
};
