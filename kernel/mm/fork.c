/* The life of an address space: made empty, copied by fork, freed.
 *
 * fork copies little areas at once, which spares both sides a trap for each; larger ones are shared read-only and copied
 * on the first store. The parent's write access is gone everywhere, flushed, before the child can run. */
#include "internal.h"
#include "fs.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include "umk_kernel.h"

#define EAGER_AREA 64u   /* pages of an area that are copied at once */
#define EAGER_TOTAL 192u /* and of the whole address space */
#define CHILD_RUNS 48u   /* host mappings that the child starts with */
#define RESCHED_EVERY 2048u /* entries or areas of work between reschedule points */

static struct kmem_cache *mm_cache;
static u64 last_id;

struct mm *mm_alloc(void)
{
	struct mm *mm;

	if (!mm_cache)
		mm_cache = kmem_cache_create("mm", sizeof(struct mm), 64);
	mm = kmem_cache_zalloc(mm_cache);
	if (!mm)
		return NULL;
	mm->id = ++last_id;
	mm->users = 1;
	mm->dumpable = true;
	mm->dump_filter = current && current->mm ? current->mm->dump_filter : MM_DUMP_DEFAULT;
	mm->mmap_base = trap_layout.task_size;
	INIT_LIST_HEAD(&mm->vmas);
	init_waitqueue_head(&mm->lock_wait);
	return mm;
}

void mm_get(struct mm *mm)
{
	mm->users++;
}

void mm_put(struct mm *mm)
{
	struct vm_area *vma, *next;

	if (--mm->users)
		return;
	if (mm->rewrite)
		rewrite_mm_exit(mm);
	mm->tmm = NULL;
	zap_range(mm, 0, trap_layout.task_size, NULL, true);
	list_for_each_entry_safe(vma, next, &mm->vmas, node)
		vma_free(vma);
	pgtable_free(mm);
	if (mm->exe_file)
		file_put(mm->exe_file);
	kmem_cache_free(mm_cache, mm);
}

/* ---- fork ---- */

struct copy {
	struct mm *child, *parent;
	u32 eager_left;  /* pages that may still be copied at once */
	u32 work;        /* since the last reschedule point */
	bool narrowed;   /* the parent has queued operations to flush */
};

static void copy_pause(struct copy *c)
{
	if (c->work < RESCHED_EVERY)
		return;
	c->work = 0;
	if (c->narrowed)
		trap->flush(c->parent->tmm);
	c->narrowed = false;
	cond_resched();
}

/* An anonymous page that has been written. */
static bool is_own(pte_t e)
{
	return (e & PTE_PRESENT) && !pte_page(e)->mapping && !page_is_zero(pte_page(e));
}

/* Should the area be copied now? Only while no thread of the parent runs: a page is copied whole or not at all. */
static bool copy_eagerly(struct copy *c, const struct vm_area *vma)
{
	u64 a = vma->start;
	u32 anon = 0, limit = min(EAGER_AREA, c->eager_left);
	unsigned n;
	pte_t *pt;

	if ((vma->flags & (VM_SHARED | VM_WRITE)) != VM_WRITE || memory_low())
		return false;
	if (c->parent->tmm && trap->running(c->parent->tmm))
		return false;
	while ((pt = pte_walk(c->parent, &a, vma->end, &n))) {
		for (unsigned i = 0; i < n; i++)
			if (is_own(pt[i]) && ++anon > limit)
				return false;
		a += (u64)n * PAGE_SIZE;
	}
	c->eager_left -= anon;
	return true;
}

/* Anonymous pages from @addr on that stand in a row in one table, at most @max. */
static u32 row_of(const pte_t *pt, unsigned max)
{
	u32 n = 0;

	while (n < max && is_own(pt[n]))
		n++;
	return n;
}

/* Copies the row of @want pages at @addr, as much of it as one run of frames holds: how many; 0: no memory. */
static u32 copy_row(struct copy *c, pte_t *src, u64 addr, u32 want)
{
	u32 n = want;
	struct page *run = page_alloc_run(&n, false);

	if (!run)
		return 0;
	for (u32 i = 0; i < n; i++) {
		pte_t *dst = pte_alloc(c->child, addr + i * PAGE_SIZE);

		if (!dst) {
			for (u32 k = i; k < n; k++)
				page_put(run + k);
			return i;
		}
		memcpy(page_address(run + i), page_address(pte_page(src[i])), PAGE_SIZE);
		pte_install(c->child, dst, run + i, PTE_READ | PTE_WRITE);
	}
	return n;
}

static int copy_entries(struct copy *c, struct vm_area *vma, bool eager)
{
	u64 keep = vma->flags & VM_SHARED ? PTE_READ | PTE_WRITE : PTE_READ, a = vma->start;
	unsigned n;
	pte_t *pt;

	while ((pt = pte_walk(c->parent, &a, vma->end, &n))) {
		if (!eager && !(vma->flags & VM_SHARED))
			c->narrowed |= write_protect_range(vma, a, a + (u64)n * PAGE_SIZE);
		for (unsigned i = 0; i < n;) {
			u32 row = eager ? row_of(pt + i, n - i) : 0;
			pte_t *dst;

			if (row) {
				row = copy_row(c, pt + i, a + i * PAGE_SIZE, row);
				if (!row)
					return -ENOMEM;
				i += row;
				continue;
			}
			if (pt[i] & PTE_PRESENT) {
				dst = pte_alloc(c->child, a + i * PAGE_SIZE);
				if (!dst)
					return -ENOMEM;
				page_get(pte_page(pt[i]));
				pte_install(c->child, dst, pte_page(pt[i]), pt[i] & keep);
			}
			i++;
		}
		a += (u64)n * PAGE_SIZE;
		c->work += n;
		copy_pause(c);
	}
	return 0;
}

static int copy_area(struct copy *c, struct vm_area *vma)
{
	struct vm_area *made;

	if ((vma->flags & VM_ACCOUNT) && overcommit_refused(vma_pages(vma), VM_WRITE))
		return -ENOMEM;
	made = vma_dup(c->child, vma);
	if (!made)
		return -ENOMEM;
	made->flags &= ~(VM_LOCKED | VM_LOCKONFAULT);
	anon_vma_fork(made);
	vma_link(c->child, made);
	mm_account(c->child, made, (s64)vma_pages(made));
	c->work += 16;
	if (vma->flags & VM_WIPEONFORK)
		return 0;
	if (made->mapping && made->mapping->direct)
		direct_copy(made, c->parent);
	return copy_entries(c, vma, copy_eagerly(c, vma));
}

/* What the child is likely to touch at once, so that it does not fault for each. */
static void map_child(struct mm *child)
{
	unsigned runs = CHILD_RUNS;
	struct vm_area *vma;

	list_for_each_entry(vma, &child->vmas, node) {
		runs -= host_map_range(vma, vma->start, vma->end, runs, true);
		if (!runs)
			break;
	}
}

static void copy_layout(struct mm *child, struct mm *parent)
{
	child->start_code = parent->start_code;
	child->end_code = parent->end_code;
	child->start_data = parent->start_data;
	child->end_data = parent->end_data;
	child->start_brk = parent->start_brk;
	child->brk = parent->brk;
	child->start_stack = parent->start_stack;
	child->arg_start = parent->arg_start;
	child->arg_end = parent->arg_end;
	child->env_start = parent->env_start;
	child->env_end = parent->env_end;
	child->mmap_base = parent->mmap_base;
	child->dumpable = parent->dumpable;
	child->pkey_spent = parent->pkey_spent;
	memcpy(child->auxv, parent->auxv, sizeof(child->auxv));
	if (parent->exe_file && !child->exe_file)
		child->exe_file = file_get(parent->exe_file);
}

int mm_copy(struct mm *child, struct mm *parent)
{
	struct copy c = { .child = child, .parent = parent, .eager_left = EAGER_TOTAL };
	struct vm_area *vma;
	int err;

	rewrite_upgrade(parent);
	err = mmap_lock(parent);
	if (err)
		return err;
	parent->copying = true;
	copy_layout(child, parent);
	list_for_each_entry(vma, &parent->vmas, node) {
		if (vma->flags & VM_DONTCOPY)
			continue;
		err = copy_area(&c, vma);
		if (err)
			break;
		copy_pause(&c);
	}
	if (c.narrowed)
		trap->flush(parent->tmm);
	if (!err)
		map_child(child);
	parent->copying = false;
	mmap_unlock(parent);
	return err;
}
