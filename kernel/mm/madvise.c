/* madvise(2). There is no swap, so cold anonymous memory stays where it is; huge pages are clusters that
 * are faulted in at once, in frames that lie together; KSM is there but does not run, as on a Linux where nobody started it. */
#include "internal.h"
#include "fs.h"
#include "ledger.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include "syscalls.h"
#include <asm/mman.h>
#include <linux/falloc.h>

#define WILLNEED_MAX 1024u /* pages of a file that are read at once */
#define HUGE_PAGES 512u

enum advice_kind { ADVICE_FLAGS, ADVICE_ZAP, ADVICE_POPULATE, ADVICE_READ, ADVICE_COLD, ADVICE_REMOVE, ADVICE_COLLAPSE,
	ADVICE_NAME };

struct advice {
	int number;
	enum advice_kind kind;
	u64 set, clear;
	bool remote;   /* process_madvise may give it */
	struct anon_name *name; /* of ADVICE_NAME */
};

/* MADV_HWPOISON and MADV_SOFT_OFFLINE are refused, as without CONFIG_MEMORY_FAILURE; MADV_GUARD_* came with 6.13. */
static const struct advice advices[] = {
	{ MADV_NORMAL, ADVICE_FLAGS, 0, VM_RAND_READ | VM_SEQ_READ },
	{ MADV_RANDOM, ADVICE_FLAGS, VM_RAND_READ, VM_SEQ_READ },
	{ MADV_SEQUENTIAL, ADVICE_FLAGS, VM_SEQ_READ, VM_RAND_READ },
	{ MADV_WILLNEED, ADVICE_READ, .remote = true },
	{ MADV_COLD, ADVICE_COLD, .remote = true },
	{ MADV_PAGEOUT, ADVICE_COLD, .remote = true },
	{ MADV_DONTNEED, ADVICE_ZAP },
	{ MADV_DONTNEED_LOCKED, ADVICE_ZAP },
	{ MADV_FREE, ADVICE_ZAP },
	{ MADV_REMOVE, ADVICE_REMOVE },
	{ MADV_DONTFORK, ADVICE_FLAGS, VM_DONTCOPY, 0 },
	{ MADV_DOFORK, ADVICE_FLAGS, 0, VM_DONTCOPY },
	{ MADV_WIPEONFORK, ADVICE_FLAGS, VM_WIPEONFORK, 0 },
	{ MADV_KEEPONFORK, ADVICE_FLAGS, 0, VM_WIPEONFORK },
	{ MADV_DONTDUMP, ADVICE_FLAGS, VM_DONTDUMP, 0 },
	{ MADV_DODUMP, ADVICE_FLAGS, 0, VM_DONTDUMP },
	{ MADV_MERGEABLE, ADVICE_FLAGS, VM_MERGEABLE, 0 },
	{ MADV_UNMERGEABLE, ADVICE_FLAGS, 0, VM_MERGEABLE },
	{ MADV_HUGEPAGE, ADVICE_FLAGS, VM_HUGEPAGE, VM_NOHUGEPAGE },
	{ MADV_NOHUGEPAGE, ADVICE_FLAGS, VM_NOHUGEPAGE, VM_HUGEPAGE },
	{ MADV_COLLAPSE, ADVICE_COLLAPSE, .remote = true },
	{ MADV_POPULATE_READ, ADVICE_POPULATE },
	{ MADV_POPULATE_WRITE, ADVICE_POPULATE },
};

static const struct advice *find_advice(int number)
{
	for (unsigned i = 0; i < ARRAY_SIZE(advices); i++)
		if (advices[i].number == number)
			return &advices[i];
	LEDGER("madvise advice", number);
	return NULL;
}

/* ---- one area, under the lock; those that sleep let go of it, and clear *locked if they cannot have it back ---- */

static int advise_flags(struct mm *mm, struct vm_area *vma, u64 start, u64 end, const struct advice *advice)
{
	int err;

	switch (advice->number) {
	case MADV_WIPEONFORK:
		if (vma->file || (vma->flags & VM_SHARED))
			return -EINVAL;
		break;
	case MADV_KEEPONFORK:
	case MADV_DODUMP:
		if (vma->flags & VM_DROPPABLE)
			return -EINVAL;
		break;
	case MADV_MERGEABLE:
		if (vma->flags & (VM_SHARED | VM_DROPPABLE))
			return 0;
	}
	if ((vma->flags & (advice->set | advice->clear)) == advice->set)
		return 0;
	err = change_vma_flags(mm, start, end, advice->set, advice->clear);
	return err == -ENOMEM ? -EAGAIN : err;
}

static int advise_zap(struct mm *mm, struct vm_area *vma, u64 start, u64 end, const struct advice *advice)
{
	if ((vma->flags & VM_LOCKED) && advice->number != MADV_DONTNEED_LOCKED)
		return -EINVAL;
	if (advice->number == MADV_FREE && vma->mapping)
		return -EINVAL;
	/* What is sealed and cannot be written keeps its content. */
	if ((vma->flags & VM_SEALED) && !vma->mapping && !(vma->flags & VM_WRITE))
		return -EPERM;
	zap_range(mm, start, end, NULL, true);
	return 0;
}

/* Anonymous pages have nowhere to go. Those of files that nobody else maps are let go of when they are to be paged out. */
static int advise_cold(struct vm_area *vma, u64 start, u64 end, const struct advice *advice)
{
	if (vma->flags & VM_LOCKED)
		return -EINVAL;
	if (advice->number == MADV_PAGEOUT && vma->mapping && vma->file &&
	    (!(vma->flags & VM_SHARED) || inode_may_write(vma->file->inode)))
		reclaim_range(vma->mapping, vma_index(vma, start), vma_index(vma, start) + ((end - start) >> PAGE_SHIFT));
	return 0;
}

static int advise_read(struct mm *mm, struct vm_area *vma, u64 start, u64 end, bool *locked)
{
	struct address_space *m = vma->mapping;
	u64 index = vma_index(vma, start), last;
	struct file *file = vma->file;

	if (!m || m->shmem || !file)
		return 0;
	last = min(mapping_pages(m), index + min((end - start) >> PAGE_SHIFT, (u64)WILLNEED_MAX));
	file_get(file);
	mmap_unlock(mm);
	for (; index < last && !memory_low(); index++) {
		struct page *p = cache_peek(m, index) ? NULL : read_cache_around(m, index, READ_AROUND);

		if (IS_ERR(p))
			break;
		if (p)
			page_put(p);
	}
	file_put(file);
	*locked = !mmap_lock(mm);
	return 0;
}

static int advise_remove(struct mm *mm, struct vm_area *vma, u64 start, u64 end, bool *locked)
{
	struct file *file = vma->file;
	u64 offset = vma_index(vma, start) << PAGE_SHIFT;
	int err;

	if ((vma->flags & VM_LOCKED) || !file || !vma->mapping)
		return -EINVAL;
	if ((vma->flags & (VM_SHARED | VM_MAYWRITE)) != (VM_SHARED | VM_MAYWRITE))
		return -EACCES;
	file_get(file);
	mmap_unlock(mm);
	err = file->ops->fallocate ?
		file->ops->fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, end - start) : -EOPNOTSUPP;
	file_put(file);
	*locked = !mmap_lock(mm);
	return err;
}

/* Copies what is present of one huge page's worth into frames that lie together; the rest becomes zeroes. */
static int collapse(struct vm_area *vma, u64 addr)
{
	struct mm *mm = vma->mm;
	u32 n = HUGE_PAGES, present = 0;
	u64 bits = PTE_READ | (vma->flags & VM_WRITE ? PTE_WRITE : 0);
	struct page *run, **old;
	pte_t *e;

	for (u32 i = 0; i < HUGE_PAGES; i++) {
		e = pte_lookup(mm, addr + i * PAGE_SIZE);
		present += e && (*e & PTE_PRESENT);
	}
	if (!present)
		return -EINVAL;
	old = kmalloc(HUGE_PAGES * sizeof(*old));
	run = old ? page_alloc_run(&n, false) : NULL;
	e = run ? pte_alloc(mm, addr) : NULL;
	if (!e || n < HUGE_PAGES) {
		for (u32 i = 0; run && i < n; i++)
			page_put(run + i);
		kfree(old);
		return -ENOMEM;
	}
	/* Nobody may store into a page that is being copied. */
	if (write_protect_range(vma, addr, addr + HUGE_PAGES * PAGE_SIZE))
		trap->flush(mm->tmm);
	for (u32 i = 0; i < HUGE_PAGES; i++) {
		old[i] = NULL;
		if (e[i] & PTE_PRESENT) {
			memcpy(page_address(run + i), page_address(pte_page(e[i])), PAGE_SIZE);
			old[i] = pte_remove(mm, &e[i], addr + i * PAGE_SIZE);
		} else {
			memset(page_address(run + i), 0, PAGE_SIZE);
		}
		pte_install(mm, &e[i], run + i, bits);
	}
	host_map_around(vma, addr, addr, addr + HUGE_PAGES * PAGE_SIZE);
	if (mm->tmm)
		trap->flush(mm->tmm);
	for (u32 i = 0; i < HUGE_PAGES; i++)
		if (old[i])
			page_put(old[i]);
	kfree(old);
	return 0;
}

static int advise_collapse(struct vm_area *vma, u64 start, u64 end)
{
	const u64 size = HUGE_PAGES * PAGE_SIZE;
	u64 first = round_up(vma->start, size);
	int err = 0, one;

	if (vma->mapping || (vma->flags & VM_NOHUGEPAGE) || first + size > vma->end)
		return -EINVAL;
	for (u64 a = round_up(start, size); a + size <= end; a += size) {
		one = collapse(vma, a);
		if (one == -ENOMEM)
			return one;
		err = err ? err : one;
		cond_resched();
	}
	return err;
}

static int advise_area(struct mm *mm, struct vm_area *vma, u64 start, u64 end, const struct advice *advice, bool *locked)
{
	switch (advice->kind) {
	case ADVICE_FLAGS:
		return advise_flags(mm, vma, start, end, advice);
	case ADVICE_ZAP:
		return advise_zap(mm, vma, start, end, advice);
	case ADVICE_COLD:
		return advise_cold(vma, start, end, advice);
	case ADVICE_READ:
		return advise_read(mm, vma, start, end, locked);
	case ADVICE_REMOVE:
		return advise_remove(mm, vma, start, end, locked);
	case ADVICE_COLLAPSE:
		return advise_collapse(vma, start, end);
	case ADVICE_NAME:
		return anon_name_area(mm, vma, start, end, advice->name);
	default:
		return -EINVAL;
	}
}

/* ---- ranges ---- */

static int advise_range(struct mm *mm, u64 start, u64 end, const struct advice *advice)
{
	bool gap = false, locked = true;
	int err = mmap_lock(mm);

	if (err)
		return err;
	for (u64 a = start; a < end && !err;) {
		struct vm_area *vma = find_vma(mm, a);
		u64 stop;

		if (!vma || vma->start >= end) {
			gap = true;
			break;
		}
		if (vma->start > a || (vma->flags & VM_STUB)) {
			gap = true;
			a = vma->flags & VM_STUB ? vma->end : vma->start;
			continue;
		}
		stop = min(vma->end, end);
		err = advise_area(mm, vma, a, stop, advice, &locked);
		if (!locked)
			return -EINTR;
		a = stop;
	}
	mmap_unlock(mm);
	return err ? err : gap ? -ENOMEM : 0;
}

static int populate_range(struct mm *mm, u64 start, u64 end, bool write)
{
	for (u64 a = start; a < end;) {
		struct vm_area *vma = find_vma_exact(mm, a);
		int err;

		if (!vma || (vma->flags & VM_STUB))
			return -ENOMEM;
		if (!(vma->flags & (write ? VM_WRITE : VM_READ)))
			return -EINVAL;
		err = mm_fault_in(mm, a, min(vma->end, end), write ? FAULT_IN_WRITE : FAULT_IN_READ);
		if (err)
			return err == -EFBIG || err == -EIO ? -EFAULT : err;
		/* The areas may have changed while we slept. */
		vma = find_vma_exact(mm, a);
		if (!vma)
			return -ENOMEM;
		a = vma->end;
	}
	return 0;
}

static int do_madvise(struct mm *mm, u64 start, u64 len_in, const struct advice *advice)
{
	u64 len = round_up(len_in, PAGE_SIZE), end = start + len;

	if ((start & ~PAGE_MASK) || (len_in && !len) || end < start)
		return -EINVAL;
	if (end == start)
		return 0;
	if (advice->kind == ADVICE_POPULATE)
		return populate_range(mm, start, end, advice->number == MADV_POPULATE_WRITE);
	return advise_range(mm, start, end, advice);
}

/* For the walk a name is an advice like others. */
int mm_name_anon(struct mm *mm, u64 addr, u64 len, const char __user *uname)
{
	struct advice advice = { .kind = ADVICE_NAME, .name = uname ? anon_name_from_user(uname) : NULL };
	int err;

	if (IS_ERR(advice.name))
		return PTR_ERR(advice.name);
	err = do_madvise(mm, addr, len, &advice);
	anon_name_put(advice.name);
	return err;
}

bool madvise_remote_valid(int behavior)
{
	const struct advice *advice = find_advice(behavior);

	return advice && advice->remote;
}

int madvise_remote(struct mm *mm, u64 start, u64 len, int behavior)
{
	return do_madvise(mm, start, len, find_advice(behavior));
}

SYSCALL_DEFINE3(madvise, unsigned long, start, size_t, len, int, behavior)
{
	const struct advice *advice = find_advice(behavior);

	return advice ? do_madvise(current->mm, start, len, advice) : -EINVAL;
}
