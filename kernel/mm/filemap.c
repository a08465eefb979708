/* The page cache: pages of an inode by index, shared by read(2), write(2), mmap(2) and execve(2).
 *
 * A page that is being read or written is PG_LOCKED and whoever needs it sleeps; the cache itself holds one reference, each
 * page-table entry another. Pages are read ahead in clusters of contiguous frames. Dirty pages are written by
 * write_dirty_pages(): the mappings lose write access first and the frame is flushed, so that a later store is seen as one.
 * What to keep when memory is short is decided here too: clean pages that were not used since the last round go. */
#include "internal.h"
#include "fs.h"
#include "host.h"
#include "printk.h"
#include "radix.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include "uio.h"
#include "umk_kernel.h"

#define READ_AHEAD_MIN 16u
#define READ_AHEAD_MAX 256u
#define READ_HEAD 2u
#define WRITE_RUN_MAX 256u
#define RECLAIM_SCAN 8192u
#define ACCOUNT_SLACK 1024u /* pages below a limit where nothing is read ahead of its need */

LIST_HEAD(dirty_mappings);
static LIST_HEAD(lru); /* all cached pages, oldest first */
static struct wait_queue_head page_waits[64];

/* ---- page locks ---- */

static struct wait_queue_head *page_queue(const struct page *p)
{
	struct wait_queue_head *q = &page_waits[page_pfn(p) % ARRAY_SIZE(page_waits)];

	if (!q->entries.next)
		init_waitqueue_head(q);
	return q;
}

void page_wait_locked(struct page *p)
{
	if (p->flags & PG_LOCKED)
		wait_event(page_queue(p), !(p->flags & PG_LOCKED));
}

static void page_unlock(struct page *p)
{
	p->flags &= ~PG_LOCKED;
	wake_up_all(page_queue(p));
}

/* ---- the cache ---- */

void address_space_init(struct address_space *m, struct inode *host, const struct address_space_operations *ops)
{
	memset(m, 0, sizeof(*m));
	m->host = host;
	m->ops = ops;
	INIT_LIST_HEAD(&m->vmas);
	INIT_LIST_HEAD(&m->dirty_node);
}

u64 mapping_pages(const struct address_space *m)
{
	return (m->host->size >> PAGE_SHIFT) + !!(m->host->size & ~PAGE_MASK);
}

/* Puts @p, whose reference the cache takes over, at @index. 0 or -ENOMEM. */
static int cache_insert(struct address_space *m, u64 index, struct page *p)
{
	int err;

	if (m->account && m->account->max && m->account->used >= m->account->max)
		return -ENOSPC;
	err = radix_insert(&m->root, index, p);
	if (err)
		return err;
	if (m->account)
		m->account->used++;
	p->mapping = m;
	p->index = index;
	list_add_tail(&p->lru, &lru);
	m->nr_pages++;
	return 0;
}

static void clear_dirty(struct page *p)
{
	struct address_space *m = p->mapping;

	if (!(p->flags & PG_DIRTY))
		return;
	p->flags &= ~PG_DIRTY;
	if (--m->nr_dirty == 0)
		list_del(&m->dirty_node);
}

/* Takes a page out of the cache; nobody maps it any more. */
static void cache_remove(struct page *p)
{
	struct address_space *m = p->mapping;

	WARN_ON(p->mapcount);
	if ((p->flags & PG_DIRTY) && current && m->ops && m->ops->write_page)
		current->io_count.cancelled_write_bytes += PAGE_SIZE;
	clear_dirty(p);
	radix_delete(&m->root, p->index);
	list_del(&p->lru);
	m->nr_pages--;
	if (m->account)
		m->account->used--;
	p->mapping = NULL;
	page_put(p);
}

void address_space_destroy(struct address_space *m)
{
	u64 index = 0;
	struct page *p;

	WARN_ON(!list_empty(&m->vmas));
	if (m->has_images)
		rewrite_drop_images(m);
	while ((p = radix_next(m->root, &index)))
		cache_remove(p);
}

struct page *find_page(struct address_space *m, u64 index)
{
	struct page *p = radix_lookup(m->root, index);

	if (p) {
		p->flags |= PG_REFERENCED;
		page_get(p);
	}
	return p;
}

struct page *cache_peek(struct address_space *m, u64 index)
{
	struct page *p = radix_lookup(m->root, index);

	if (!p || !(p->flags & PG_UPTODATE))
		return NULL;
	p->flags |= PG_REFERENCED;
	return p;
}

void set_page_dirty(struct page *p)
{
	struct address_space *m = p->mapping;

	if (!m || (p->flags & PG_DIRTY))
		return;
	if (unlikely(m->direct))
		direct_drop(m);
	p->flags |= PG_DIRTY;
	m->version++;
	if (current && m->ops && m->ops->write_page)
		current->io_count.write_bytes += PAGE_SIZE;
	if (m->nr_dirty++ == 0 && m->ops && m->ops->write_page) {
		list_add_tail(&m->dirty_node, &dirty_mappings);
		writeback_wake();
	}
}

/* ---- reading ---- */

static int fill_pages(struct address_space *m, struct page *first, u32 count)
{
	if (count > 1 && m->ops->read_pages)
		return m->ops->read_pages(m->host, first, count);
	for (u32 i = 0; i < count; i++) {
		int err = m->ops->read_page(m->host, first + i);

		if (err)
			return err;
	}
	return 0;
}

/* Which missing pages to read for @index: [*start, +*count), at least @index itself. */
static void read_window(struct address_space *m, u64 index, u32 around, u64 *start, u32 *count)
{
	u64 limit = mapping_pages(m), end;

	if (index == m->ra_next && index) {
		m->ra_pages = min(max(m->ra_pages * 2, READ_AHEAD_MIN), READ_AHEAD_MAX);
		*start = index;
		end = index + m->ra_pages;
	} else {
		m->ra_pages = READ_AHEAD_MIN;
		*start = index;
		while (*start > round_down(index, (u64)around) && !radix_lookup(m->root, *start - 1))
			--*start;
		end = round_down(index, (u64)around) + around;
	}
	if (memory_low() || (m->account && m->account->max && m->account->max < m->account->used + ACCOUNT_SLACK))
		*start = index, end = index + 1;
	end = max(index + 1, min(end, limit));
	*count = (u32)(index + 1 - *start);
	while (*start + *count < end && !radix_lookup(m->root, *start + *count))
		++*count;
	m->ra_next = *start + *count;
}

/* Reads @want missing pages from @start on, in as long a run of frames as there is, @index among them. */
static int read_run(struct address_space *m, u64 index, u64 start, u32 want)
{
	u32 n = want, in;
	struct page *run;
	int err;

	run = page_alloc_run(&n, false);
	if (!run) {
		n = 1;
		run = page_alloc(0, false);
	}
	if (!run)
		return -ENOMEM;
	if (start + n <= index)
		start = index + 1 - n;
	for (in = 0, err = 0; in < n; in++) {
		run[in].flags = PG_LOCKED;
		err = cache_insert(m, start + in, run + in);
		if (err)
			break;
		page_get(run + in);
	}
	for (u32 i = in; i < n; i++)
		page_put(run + i);
	if (!in)
		return err;
	err = fill_pages(m, run, in);
	for (u32 i = 0; i < in; i++) {
		if (!err)
			run[i].flags |= PG_UPTODATE;
		page_unlock(run + i);
		if (err && run[i].mapping == m)
			cache_remove(run + i);
		page_put(run + i);
	}
	return err ? err : start + in > index ? 0 : -ENOMEM;
}

static int read_cluster(struct address_space *m, u64 index, u32 around)
{
	u64 start;
	u32 want;

	read_window(m, index, around, &start, &want);
	return read_run(m, index, start, want);
}

static struct page *get_cache_page(struct address_space *m, u64 index, u32 around)
{
	for (;;) {
		struct page *p = find_page(m, index);
		int err;

		if (p) {
			page_wait_locked(p);
			if (p->mapping == m && (p->flags & PG_UPTODATE))
				return p;
			page_put(p); /* truncated, or the read failed */
			if (fatal_signal_pending(current))
				return ERR_PTR(-EINTR);
			continue;
		}
		if (!m->ops || !m->ops->read_page)
			return grab_cache_page(m, index);
		err = read_cluster(m, index, around);
		if (err)
			return ERR_PTR(err);
	}
}

struct page *read_cache_page(struct address_space *m, u64 index)
{
	return get_cache_page(m, index, READ_AHEAD_MIN);
}

struct page *read_cache_around(struct address_space *m, u64 index, u32 around)
{
	return get_cache_page(m, index, around);
}

struct page *grab_cache_page(struct address_space *m, u64 index)
{
	struct page *p;
	int err;

	for (;;) {
		p = find_page(m, index);
		if (!p)
			break;
		page_wait_locked(p);
		if (p->mapping == m && (p->flags & PG_UPTODATE))
			return p;
		page_put(p);
	}
	p = page_alloc(0, true);
	if (!p)
		return ERR_PTR(-ENOMEM);
	p->flags = PG_UPTODATE;
	err = cache_insert(m, index, p);
	if (err) {
		page_put(p);
		return ERR_PTR(err);
	}
	page_get(p);
	return p;
}

int cache_fill_zero(struct address_space *m, u64 index, u32 count)
{
	struct page *run;
	u32 n = 1, in;
	int err = 0;

	while (n < count && !radix_lookup(m->root, index + n))
		n++;
	run = page_alloc_run(&n, true);
	if (!run)
		return -ENOMEM;
	for (in = 0; in < n; in++) {
		run[in].flags = PG_UPTODATE;
		err = cache_insert(m, index + in, run + in);
		if (err)
			break;
		set_page_dirty(run + in);
	}
	for (u32 i = in; i < n; i++)
		page_put(run + i);
	return in ? 0 : err;
}

/* As read_cache_page(), but NULL for a hole of shmem, which reading leaves one. @bytes are wanted from the page on: who asks for
 * the head of a file, a few bytes of it, often wants no more. */
static struct page *page_for_read(struct address_space *m, u64 index, u64 bytes)
{
	if (m->shmem)
		return find_page(m, index);
	return get_cache_page(m, index, bytes <= PAGE_SIZE ? READ_HEAD : READ_AHEAD_MIN);
}

ssize_t generic_file_read(struct inode *inode, u64 *pos, struct iov_iter *to)
{
	ssize_t done = 0;

	while (iov_iter_count(to) && *pos < inode->size) {
		struct page *p = page_for_read(&inode->mapping, *pos >> PAGE_SHIFT, iov_iter_count(to));
		size_t offset = *pos & ~PAGE_MASK, part, copied;

		if (IS_ERR(p))
			return done ? done : PTR_ERR(p);
		if (*pos >= inode->size) { /* truncated while we slept */
			if (p)
				page_put(p);
			break;
		}
		part = min(min(PAGE_SIZE - offset, inode->size - *pos), iov_iter_count(to));
		copied = p ? copy_to_iter((u8 *)page_address(p) + offset, part, to) : iov_iter_zero(part, to);
		if (p)
			page_put(p);
		*pos += copied;
		done += (ssize_t)copied;
		if (copied < part)
			return done ? done : -EFAULT;
		if (fatal_signal_pending(current))
			return done ? done : -EINTR;
		cond_resched();
	}
	return done;
}

/* ---- writing ---- */

/* A page for @part bytes at @offset of it that come from @from. The bytes have been copied when *copied is set: a page that
 * is overwritten whole need not be read, but then its bytes must all be there before the page is. */
static struct page *page_for_write(struct inode *inode, u64 index, size_t offset, size_t part, struct iov_iter *from,
	size_t *copied)
{
	struct address_space *m = &inode->mapping;
	struct page *p, *fresh;
	int err;

	*copied = 0;
	p = find_page(m, index);
	if (p) {
		page_put(p);
		return read_cache_page(m, index);
	}
	if (index >= mapping_pages(m) || !m->ops || !m->ops->read_page)
		return grab_cache_page(m, index);
	if (part < PAGE_SIZE)
		return read_cache_page(m, index);
	fresh = page_alloc(0, false);
	if (!fresh)
		return ERR_PTR(-ENOMEM);
	*copied = copy_from_iter(page_address(fresh), part, from);
	if (*copied == part && !radix_lookup(m->root, index)) {
		fresh->flags = PG_UPTODATE;
		err = cache_insert(m, index, fresh);
		if (!err) {
			page_get(fresh);
			return fresh;
		}
		p = ERR_PTR(err);
	} else {
		p = *copied ? read_cache_page(m, index) : ERR_PTR(-EFAULT);
		if (!IS_ERR(p))
			memcpy((u8 *)page_address(p) + offset, page_address(fresh), *copied);
	}
	if (IS_ERR(p))
		iov_iter_revert(from, *copied);
	page_put(fresh);
	return p;
}

ssize_t generic_file_write(struct inode *inode, u64 *pos, struct iov_iter *from)
{
	struct address_space *m = &inode->mapping;
	ssize_t done = 0;

	if (*pos > inode->size && !m->shmem)
		zero_beyond(m, inode->size);
	while (iov_iter_count(from)) {
		size_t offset = *pos & ~PAGE_MASK, part = min(PAGE_SIZE - offset, iov_iter_count(from)), copied;
		struct page *p = page_for_write(inode, *pos >> PAGE_SHIFT, offset, part, from, &copied);

		if (IS_ERR(p))
			return done ? done : PTR_ERR(p);
		if (!copied)
			copied = copy_from_iter((u8 *)page_address(p) + offset, part, from);
		if (copied)
			set_page_dirty(p);
		page_put(p);
		*pos += copied;
		done += (ssize_t)copied;
		if (*pos > inode->size && copied)
			inode->size = *pos;
		if (copied < part)
			return done ? done : -EFAULT;
		if (fatal_signal_pending(current))
			return done ? done : -EINTR;
		cond_resched();
		if (m->nr_dirty > nr_total_pages() / 8 && m->ops && m->ops->write_page)
			write_dirty_pages(m, 0, ~0ull);
	}
	return done;
}

/* Takes write access to [index, +count) from everyone who maps it shared. An address space is flushed once for all its mappings
 * that follow one another: a program may have thousands. */
static void mkclean_range(struct address_space *m, u64 index, u32 count)
{
	struct mm *narrowed = NULL;
	struct vm_area *vma;

	list_for_each_entry(vma, &m->vmas, mapping_node) {
		u64 first = max(index, vma->pgoff), last = min(index + count, vma->pgoff + vma_pages(vma));

		if (!(vma->flags & VM_SHARED) || first >= last)
			continue;
		if (narrowed && narrowed != vma->mm) {
			trap->flush(narrowed->tmm);
			narrowed = NULL;
		}
		if (write_protect_range(vma, vma->start + ((first - vma->pgoff) << PAGE_SHIFT),
		    vma->start + ((last - vma->pgoff) << PAGE_SHIFT)))
			narrowed = vma->mm;
	}
	if (narrowed)
		trap->flush(narrowed->tmm);
}

/* Writes the run of dirty pages that begins with @first (locked here), of consecutive frames. */
static int write_run(struct address_space *m, struct page *first, u64 end)
{
	u64 index = first->index;
	u32 count = 1;
	int err = 0;

	first->flags |= PG_LOCKED;
	while (m->ops->write_pages && count < WRITE_RUN_MAX && index + count < end) {
		struct page *p = radix_lookup(m->root, index + count);

		if (!p || p != first + count || (p->flags & (PG_DIRTY | PG_LOCKED)) != PG_DIRTY)
			break;
		p->flags |= PG_LOCKED;
		count++;
	}
	mkclean_range(m, index, count);
	for (u32 i = 0; i < count; i++) {
		page_get(first + i);
		clear_dirty(first + i);
	}
	if (m->ops->write_pages)
		err = m->ops->write_pages(m->host, first, count);
	else
		err = m->ops->write_page(m->host, first);
	for (u32 i = 0; i < count; i++) {
		page_unlock(first + i);
		page_put(first + i);
	}
	return err;
}

int write_dirty_pages(struct address_space *m, u64 start, u64 end)
{
	u64 index = start;
	int err = 0, e;
	struct page *p;

	if (!m->ops || !m->ops->write_page)
		return 0;
	while ((p = radix_next(m->root, &index)) && index < end) {
		if (p->flags & PG_LOCKED) { /* its write is somebody else's, but we wait for it */
			page_get(p);
			page_wait_locked(p);
			page_put(p);
			continue;
		}
		if (p->flags & PG_DIRTY) {
			e = write_run(m, p, end);
			err = err ? err : e;
		}
		index++;
		if (index % 1024 == 0)
			cond_resched();
	}
	return err;
}

/* ---- truncation and invalidation ---- */

/* Unmaps page indexes [first, last) everywhere; private copies too, unless @only_cached. */
static void unmap_mapping(struct address_space *m, u64 first, u64 last, bool only_cached)
{
	struct vm_area *vma;

	list_for_each_entry(vma, &m->vmas, mapping_node) {
		u64 a = max(first, vma->pgoff), b = min(last, vma->pgoff + vma_pages(vma));

		if (a < b)
			zap_range(vma->mm, vma->start + ((a - vma->pgoff) << PAGE_SHIFT),
				vma->start + ((b - vma->pgoff) << PAGE_SHIFT), only_cached ? m : NULL, false);
	}
}

void zero_beyond(struct address_space *m, u64 size)
{
	struct page *p = size & ~PAGE_MASK ? cache_peek(m, size >> PAGE_SHIFT) : NULL;

	if (p)
		memset((u8 *)page_address(p) + (size & ~PAGE_MASK), 0, PAGE_SIZE - (size & ~PAGE_MASK));
}

void truncate_pages(struct address_space *m, u64 size)
{
	u64 first = (size >> PAGE_SHIFT) + !!(size & ~PAGE_MASK), index = first;
	struct page *p;

	m->version++;
	unmap_mapping(m, first, ~0ull, false);
	while ((p = radix_next(m->root, &index)))
		cache_remove(p);
	zero_beyond(m, size);
}

struct page *next_page(struct address_space *m, u64 *index)
{
	return radix_next(m->root, index);
}

void invalidate_pages(struct address_space *m, u64 start, u64 end)
{
	u64 index = start;
	struct page *p;

	m->version++;
	if (!radix_next(m->root, &index) || index >= end)
		return;
	unmap_mapping(m, start, end, true);
	while ((p = radix_next(m->root, &index)) && index < end) {
		if (!(p->flags & (PG_DIRTY | PG_LOCKED)))
			cache_remove(p);
		index++;
	}
}

void punch_pages(struct address_space *m, u64 start, u64 end)
{
	u64 index = start;
	struct page *p;

	m->version++;
	if (!radix_next(m->root, &index) || index >= end)
		return;
	unmap_mapping(m, start, end, true);
	while ((p = radix_next(m->root, &index)) && index < end) {
		if (p->flags & PG_LOCKED) {
			page_get(p);
			page_wait_locked(p);
			page_put(p);
			continue;
		}
		if (p->mapcount) /* touched while we slept */
			unmap_mapping(m, index, index + 1, true);
		cache_remove(p);
		if (++index % 1024 == 0)
			cond_resched();
	}
}

bool mapping_writably_mapped(const struct address_space *m)
{
	const struct vm_area *vma;

	list_for_each_entry(vma, &m->vmas, mapping_node)
		if ((vma->flags & (VM_SHARED | VM_MAYWRITE)) == (VM_SHARED | VM_MAYWRITE))
			return true;
	return false;
}

/* ---- memory is short ---- */

static bool reclaimable(const struct page *p)
{
	const struct address_space *m = p->mapping;

	return m->ops && m->ops->read_page && !(p->flags & (PG_DIRTY | PG_LOCKED)) && (p->flags & PG_UPTODATE) &&
		p->refs == 1 + p->mapcount;
}

void reclaim_range(struct address_space *m, u64 start, u64 end)
{
	struct page *p;

	for (u64 index = start; (p = radix_next(m->root, &index)) && index < end; index++) {
		if (!reclaimable(p) || p->mapcount > 1)
			continue;
		if (p->mapcount)
			unmap_mapping(m, index, index + 1, true);
		if (!p->mapcount)
			cache_remove(p);
	}
}

u64 reclaim_pages(u64 want)
{
	u64 freed = 0;

	for (u32 scanned = 0; scanned < RECLAIM_SCAN && freed < want && !list_empty(&lru); scanned++) {
		struct page *p = list_first_entry(&lru, struct page, lru);

		list_move_tail(&p->lru, &lru);
		if (p->flags & PG_REFERENCED) {
			p->flags &= ~PG_REFERENCED;
			continue;
		}
		if (!reclaimable(p))
			continue;
		if (p->mapcount)
			unmap_mapping(p->mapping, p->index, p->index + 1, true);
		if (p->mapcount)
			continue;
		cache_remove(p);
		freed++;
	}
	return freed;
}
