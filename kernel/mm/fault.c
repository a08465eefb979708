/* Page faults: finds or makes the frames behind an address, in clusters, and shows them to the host.
 *
 * A trap costs more than a page, so a fault brings its neighbourhood: anonymous memory in clusters of 32 KiB that double
 * up to 2 MiB while a guest walks on; cached file pages as far as they are there; copies of shared frames by 64 to 256
 * KiB. The frames of a cluster are contiguous, so that it is one mapping on the host.
 *
 * The shootdown rule: a frame that is replaced is put only after trap->flush(), when no thread can use it any more. */
#include "internal.h"
#include "fs.h"
#include "sched.h"
#include "string.h"
#include <linux/capability.h>

#define CLUSTER_MIN 16u
#define CLUSTER_STORE 8u /* ... of fresh pages: each costs the host a third of what a fault costs, and may never be used */
#define CLUSTER_MAX 512u
#define COW_ANON_MAX 64u /* pages: 256 KiB */
#define COW_FILE 8u      /* a program's data is written here and there */
#define AROUND_FILE 64u
#define DIRECT_AROUND 1024u /* of a file that is read where nothing of it is shown yet */
#define READ_DIRECT 1u   /* ... that the guest sees already: umk itself wants to look at some bytes */
#define AROUND_RUNS 3u
#define MAP_WINDOW (512 * PAGE_SIZE) /* how far a mapping is extended over what is present */

/* Pages [*start, *end) of @vma round @addr: @count of them, aligned, or from @addr up when the guest walks upwards. */
static void window(const struct vm_area *vma, u64 addr, u32 count, bool forward, u64 *start, u64 *end)
{
	u64 size = (u64)count << PAGE_SHIFT;

	*start = forward ? addr : round_down(addr, size);
	*end = *start + size;
	*start = max(*start, vma->start);
	*end = min(*end, vma->end);
}

/* The size of the next cluster: doubles while each fault comes where the last one ended. */
static u32 next_cluster(const struct vm_area *vma, u64 addr, u32 least, u32 most)
{
	if (memory_low())
		return 1;
	if (vma->flags & VM_HUGEPAGE)
		return most;
	if (vma->flags & VM_NOHUGEPAGE)
		return least;
	if (vma->cluster && addr == vma->last_fault)
		return max(min(vma->cluster * 2, most), least);
	return least;
}

/* Shrinks the window to @n pages that still hold @addr. */
static void shrink_window(u64 addr, u32 n, u64 *start, u64 *end)
{
	u64 size = (u64)n << PAGE_SHIFT;

	if (*start + size <= addr)
		*start = addr + PAGE_SIZE - size;
	*end = *start + size;
}

/* ---- anonymous memory ---- */

bool pte_absent(struct mm *mm, u64 addr)
{
	pte_t *e = pte_lookup(mm, addr);

	return !e || !(*e & PTE_PRESENT);
}

/* The cluster round @addr in which nothing is present, [*low, *high): @least pages, or more. */
static void absent_cluster(struct vm_area *vma, u64 addr, u32 least, u64 *low, u64 *high)
{
	u32 want = next_cluster(vma, addr, least, CLUSTER_MAX);
	u64 start, end;

	*low = addr;
	*high = addr + PAGE_SIZE;
	window(vma, addr, want, vma->cluster && addr == vma->last_fault, &start, &end);
	while (*low > start && pte_absent(vma->mm, *low - PAGE_SIZE))
		*low -= PAGE_SIZE;
	while (*high < end && pte_absent(vma->mm, *high))
		*high += PAGE_SIZE;
}

/* A load from memory that was never written. */
static int anon_read_fault(struct vm_area *vma, u64 addr)
{
	u64 low, high;

	absent_cluster(vma, addr, CLUSTER_MIN, &low, &high);
	for (u64 a = low; a < high; a += PAGE_SIZE) {
		struct page *p = zero_page_get(a);
		pte_t *e = p ? pte_alloc(vma->mm, a) : NULL;

		if (!e) {
			if (p)
				page_put(p);
			return -ENOMEM;
		}
		pte_install(vma->mm, e, p, PTE_READ);
	}
	vma->cluster = (u32)((high - low) >> PAGE_SHIFT);
	vma->last_fault = high;
	host_map_around(vma, addr, low, high);
	return 0;
}

/* A store to it. */
int anon_fault(struct vm_area *vma, u64 addr)
{
	struct mm *mm = vma->mm;
	u64 bits = PTE_READ | (vma->flags & VM_WRITE ? PTE_WRITE : 0), low, high;
	struct page *run;
	u32 n;

	absent_cluster(vma, addr, CLUSTER_STORE, &low, &high);
	n = (u32)((high - low) >> PAGE_SHIFT);
	anon_vma_prepare(vma);
	if (!pte_alloc(mm, low) || !pte_alloc(mm, high - PAGE_SIZE))
		return -ENOMEM;
	run = page_alloc_run(&n, true);
	if (!run) {
		pgtable_trim(mm, low, high);
		return -ENOMEM;
	}
	shrink_window(addr, n, &low, &high);
	for (u32 i = 0; i < n; i++)
		pte_install(mm, pte_alloc(mm, low + i * PAGE_SIZE), run + i, bits);
	vma->cluster = n; /* what it was to be says nothing of how far the guest has walked */
	vma->last_fault = high;
	host_map_around(vma, addr, low, high);
	return 0;
}

/* ---- copy on write ---- */

static bool same_case(pte_t e, bool excl, bool file)
{
	const struct page *p = pte_page(e);

	return (e & (PTE_PRESENT | PTE_WRITE)) == PTE_PRESENT && page_exclusive(p) == excl && !!p->mapping == file;
}

/* Pages to copy ahead of a private file mapping: the more, the more of it has been written. While the file may change, each
 * page is the file's until its own first store. */
static u32 file_cluster(const struct vm_area *vma)
{
	if (vma->mapping && vma->mapping->shmem)
		return 1;
	if (vma->file && vma->file->inode && vma->file->inode->writers)
		return 1;
	return max(COW_FILE, min(vma->cluster * 2, COW_ANON_MAX));
}

/* A store to a present page of a private area that may not be written as it is. */
int cow_fault(struct vm_area *vma, u64 addr)
{
	struct mm *mm = vma->mm;
	struct page *p = pte_page(*pte_lookup(mm, addr)), *run, *old[COW_ANON_MAX];
	bool excl = page_exclusive(p), file = p->mapping, shown = false;
	u32 want = file ? file_cluster(vma) : next_cluster(vma, addr, CLUSTER_MIN, COW_ANON_MAX), n;
	u64 start, end, low = addr, high = addr + PAGE_SIZE;
	pte_t *e;

	anon_vma_prepare(vma);
	if (memory_low())
		want = 1;
	want = min(want, COW_ANON_MAX);
	window(vma, addr, want, addr == vma->last_fault && !file, &start, &end);
	while (low > start && (e = pte_lookup(mm, low - PAGE_SIZE)) && same_case(*e, excl, file))
		low -= PAGE_SIZE;
	while (high < end && (e = pte_lookup(mm, high)) && same_case(*e, excl, file))
		high += PAGE_SIZE;
	n = (u32)((high - low) >> PAGE_SHIFT);
	vma->cluster = want;
	vma->last_fault = high;
	if (excl) {
		for (u64 a = low; a < high; a += PAGE_SIZE)
			*pte_lookup(mm, a) |= PTE_WRITE;
		host_map_around(vma, addr, low, high);
		return 0; /* the frames stay: nothing to flush */
	}
	run = page_alloc_run(&n, false);
	if (!run)
		return -ENOMEM;
	shrink_window(addr, n, &low, &high);
	for (u64 a = low; a < high; a += PAGE_SIZE) {
		if (same_case(*pte_lookup(mm, a), excl, file))
			continue;
		for (u32 i = 0; i < n; i++) /* the allocation has reclaimed what we were to copy */
			page_put(run + i);
		return -EAGAIN;
	}
	for (u32 i = 0; i < n; i++) {
		u64 a = low + i * PAGE_SIZE;

		e = pte_lookup(mm, a);
		shown |= !!(*e & PTE_HOST);
		memcpy(page_address(run + i), page_address(pte_page(*e)), PAGE_SIZE);
		old[i] = pte_remove(mm, e, a);
		pte_install(mm, e, run + i, PTE_READ | PTE_WRITE);
	}
	host_map_around(vma, addr, low, high);
	if (shown)
		trap->flush(mm->tmm);
	for (u32 i = 0; i < n; i++)
		page_put(old[i]);
	return 0;
}

/* ---- mapped files and shared memory ---- */

static bool has_writeback(const struct address_space *m)
{
	return m->ops && m->ops->write_page;
}

/* Reads a missing page; sleeps, so the caller starts over. */
static int read_missing(struct vm_area *vma, u64 index, u32 around)
{
	struct address_space *m = vma->mapping;
	struct file *file = vma->file ? file_get(vma->file) : NULL;
	struct page *p = read_cache_around(m, index, around);

	if (file)
		file_put(file);
	if (IS_ERR(p))
		return PTR_ERR(p) == -ENOMEM || PTR_ERR(p) == -EINTR ? (int)PTR_ERR(p) : -EIO;
	page_put(p);
	current->maj_flt++;
	return -EAGAIN;
}

/* Are [low, low + @n pages) of @mm still what they were when reading them began: direct pages of @m from @index on? */
static bool still_direct(struct mm *mm, u64 low, u32 n, const struct address_space *m, u64 index)
{
	struct vm_area *vma = find_vma_exact(mm, low);

	if (!vma || vma->mapping != m || vma_index(vma, low) != index || (vma->flags & (VM_WRITE | VM_SHARED)) != VM_WRITE)
		return false;
	for (u32 i = 0; i < n; i++)
		if (low + i * PAGE_SIZE >= vma->end || !mm_is_direct(mm, low + i * PAGE_SIZE))
			return false;
	return true;
}

/* A store to such a page of a large area: copies it and its neighbours from the host, past the page cache. */
static int direct_cow(struct vm_area *vma, u64 addr)
{
	struct mm *mm = vma->mm;
	struct address_space *m = vma->mapping;
	u32 version = m->version, want = memory_low() ? 1 : file_cluster(vma), n;
	u64 start, end, low = addr, high = addr + PAGE_SIZE, index;
	struct file *file;
	struct page *run;
	int err;

	window(vma, addr, want, false, &start, &end);
	while (low > start && mm_is_direct(mm, low - PAGE_SIZE))
		low -= PAGE_SIZE;
	while (high < end && mm_is_direct(mm, high))
		high += PAGE_SIZE;
	n = (u32)((high - low) >> PAGE_SHIFT);
	run = page_alloc_run(&n, false);
	if (!run)
		return -ENOMEM;
	shrink_window(addr, n, &low, &high);
	index = vma_index(vma, low);
	run->index = index;
	file = file_get(vma->file);
	err = m->ops->read_pages(m->host, run, n);
	if (err || m->version != version || !still_direct(mm, low, n, m, index)) {
		for (u32 i = 0; i < n; i++)
			page_put(run + i);
		file_put(file);
		return err == -ENOMEM || err == -EINTR ? err : err ? -EIO : -EAGAIN;
	}
	vma = find_vma_exact(mm, low);
	anon_vma_prepare(vma);
	for (u32 i = 0; i < n; i++)
		pte_install(mm, pte_lookup(mm, low + i * PAGE_SIZE), run + i, PTE_READ | PTE_WRITE);
	vma->cluster = want;
	host_map_around(vma, addr, low, high);
	file_put(file);
	return 0;
}

/* A page that the guest sees directly, so that the fault is not its own load: umk wants the frame, or a store a copy. */
static int direct_fault(struct vm_area *vma, u64 addr, bool write)
{
	u64 index = vma_index(vma, addr);
	struct page *p = cache_peek(vma->mapping, index);

	if (write && !p && vma_pages(vma) > PREMAP_COPY && vma->mapping->ops->read_pages)
		return direct_cow(vma, addr);
	if (!p)
		return read_missing(vma, index, write ? COW_FILE : READ_DIRECT);
	page_get(p);
	pte_install(vma->mm, pte_lookup(vma->mm, addr), p, PTE_READ);
	return write ? cow_fault(vma, addr) : 0;
}

static int file_fault(struct vm_area *vma, u64 addr, bool write)
{
	struct address_space *m = vma->mapping;
	struct mm *mm = vma->mm;
	u64 index = vma_index(vma, addr), limit = mapping_pages(m), start, end;
	bool stores = (vma->flags & VM_SHARED) && (vma->flags & VM_WRITE), all_writable = stores && !has_writeback(m);
	int err;

	if (index >= limit)
		return -EFBIG;
	if (mm_is_direct(mm, addr))
		return direct_fault(vma, addr, write);
	if (!cache_peek(m, index)) {
		window(vma, addr, DIRECT_AROUND, false, &start, &end);
		if (!write && direct_show(vma, start, end))
			return 0;
		if (m->ops && m->ops->read_page)
			return read_missing(vma, index, READ_AROUND);
		err = cache_fill_zero(m, index, (u32)min((u64)(memory_low() ? 1 : CLUSTER_MIN), limit - index));
		if (err)
			return err == -ENOSPC ? -EIO : err;
	}
	window(vma, addr, AROUND_FILE, false, &start, &end);
	for (u64 a = start; a < end; a += PAGE_SIZE) {
		struct page *p = cache_peek(m, vma_index(vma, a));
		bool writable;
		pte_t *e;

		if (!p || vma_index(vma, a) >= limit)
			continue;
		e = pte_alloc(mm, a);
		if (!e)
			return -ENOMEM;
		if (*e & PTE_PRESENT)
			continue;
		page_get(p);
		if (all_writable)
			set_page_dirty(p);
		writable = all_writable || (stores && (p->flags & PG_DIRTY)); /* one that is clean is to tell of its first store */
		pte_install(mm, e, p, PTE_READ | (writable ? PTE_WRITE : 0));
	}
	if (write && !all_writable) {
		pte_t *e = pte_lookup(mm, addr);

		if (!(vma->flags & VM_SHARED))
			return cow_fault(vma, addr);
		set_page_dirty(pte_page(*e));
		*e |= PTE_WRITE;
	}
	host_map_around(vma, addr, start, end);
	host_map_range(vma, start, end, AROUND_RUNS, true); /* the frames of a window need not follow each other */
	return 0;
}

/* ---- the fault ---- */

static bool access_allowed(const struct vm_area *vma, unsigned access)
{
	if (access & VM_WRITE)
		return vma->flags & VM_WRITE;
	if (access & VM_EXEC)
		return vma->flags & VM_EXEC;
	return vma->flags & (VM_READ | VM_WRITE | VM_EXEC);
}

static int fault_once(struct mm *mm, u64 addr, unsigned access)
{
	struct vm_area *vma = find_vma(mm, addr);
	bool write = access & VM_WRITE;
	pte_t *e;
	int err;

	if (!vma)
		return -EFAULT;
	if (addr < vma->start) {
		if (!(vma->flags & VM_GROWSDOWN))
			return -EFAULT;
		if (mm->lock_owner && mm->lock_owner != current) {
			err = mmap_lock(mm);
			if (err)
				return err;
			mmap_unlock(mm);
			return -EAGAIN;
		}
		if (expand_stack(vma, addr))
			return -EFAULT;
	}
	if (!access_allowed(vma, access)) {
		/* The machine tells that code is not to be executed only once a page is there. */
		bool beyond = (access & VM_EXEC) && access_allowed(vma, VM_READ) && vma->mapping &&
			vma_index(vma, addr) >= mapping_pages(vma->mapping);

		return beyond ? -EFBIG : -EACCES;
	}
	e = pte_lookup(mm, addr);
	if (!e || !(*e & PTE_PRESENT))
		return vma->mapping ? file_fault(vma, addr, write) :
			write ? anon_fault(vma, addr) : anon_read_fault(vma, addr);
	*e = (*e | PTE_READ) & ~PTE_OLD;
	if (write && !(*e & PTE_WRITE)) {
		if (!(vma->flags & VM_SHARED))
			return cow_fault(vma, addr);
		if (vma->mapping && vma_index(vma, addr) >= mapping_pages(vma->mapping))
			return -EFBIG;
		set_page_dirty(pte_page(*e));
		*e |= PTE_WRITE;
	}
	host_map_around(vma, addr, addr > MAP_WINDOW / 2 ? addr - MAP_WINDOW / 2 : 0, addr + MAP_WINDOW / 2);
	return 0;
}

int handle_mm_fault(struct mm *mm, u64 addr, unsigned access)
{
	int err;

	if (addr >= trap_layout.task_size)
		return -EFAULT;
	addr &= PAGE_MASK;
	do {
		if (mm->copying && mm->lock_owner != current) {
			err = mmap_lock(mm);
			if (err)
				return err;
			mmap_unlock(mm);
		}
		err = fault_once(mm, addr, access);
	} while (err == -EAGAIN && !fatal_signal_pending(current));
	return err == -EAGAIN ? -EINTR : err;
}

struct page *get_user_page(struct mm *mm, u64 addr, bool write)
{
	u64 need = PTE_PRESENT | PTE_READ | (write ? PTE_WRITE : 0);

	if (addr >= trap_layout.task_size)
		return ERR_PTR(-EFAULT);
	for (;;) {
		pte_t *e = pte_lookup(mm, addr);
		int err;

		if (e && (*e & need) == need) {
			page_get(pte_page(*e));
			return pte_page(*e);
		}
		err = handle_mm_fault(mm, addr, write ? VM_WRITE : VM_READ);
		if (err)
			return ERR_PTR(err);
	}
}

/* The mode of mm_fault_in(): a load, a store, or what mlock does, which is a store where that makes a private page. */
static bool wants_write(const struct vm_area *vma, enum fault_in mode)
{
	if (mode == FAULT_IN_LOCK)
		return (vma->flags & (VM_WRITE | VM_SHARED)) == VM_WRITE;
	return mode == FAULT_IN_WRITE;
}

int mm_fault_in(struct mm *mm, u64 start, u64 end, enum fault_in mode)
{
	while (start < end) {
		struct vm_area *vma = find_vma(mm, start);
		bool write;
		pte_t *e;
		int err;

		if (!vma || vma->start >= end)
			return 0;
		start = max(start, vma->start);
		if (mode == FAULT_IN_LOCK && (vma->flags & VM_LOCKONFAULT)) {
			start = vma->end;
			continue;
		}
		if (!(vma->flags & (VM_READ | VM_WRITE | VM_EXEC)))
			return -EFAULT; /* even if pages are there */
		write = wants_write(vma, mode);
		e = pte_lookup(mm, start);
		if (!e || !(*e & PTE_PRESENT) || (write && !(*e & PTE_WRITE))) {
			err = handle_mm_fault(mm, start, write ? VM_WRITE : VM_READ);
			if (err)
				return err;
			if (fatal_signal_pending(current))
				return -EINTR;
			cond_resched();
		}
		start += PAGE_SIZE;
	}
	return 0;
}

void mm_populate(struct mm *mm, u64 start, u64 end)
{
	while (start < end) {
		struct vm_area *vma = find_vma(mm, start);
		u64 stop = vma ? min(vma->end, end) : end;

		if (!vma || mm_fault_in(mm, start, stop, FAULT_IN_LOCK) == -EINTR)
			return;
		start = stop;
	}
}
