/* Mapped files that the host shows itself. A program's text and other files that are only read are mapped into the guest's address
 * space from the host's own page cache: no copy in physmem, no fault of ours, whatever their size.
 *
 * The entries of such pages have PTE_DIRECT and usually nothing else: they are as good as absent to everybody who asks for a
 * frame. When umk itself reads such a page, a frame of the page cache becomes present behind it, with the same bytes; a copy, or
 * text with call sites rewritten, is mapped over it, and the bit goes.
 *
 * The bytes must be the same through both: a file whose cached pages are changed is dropped here and seen through the cache (and,
 * while anybody may write to it, never shown directly). What changes it on the host shows at once, as it does natively. */
#include "internal.h"
#include "fs.h"
#include "sched.h"

#define FEW 16u /* pages that are better mapped from the cache when they are there */

static bool all_cached(const struct vm_area *vma, u64 start, u64 end)
{
	for (u64 a = start; a < end; a += PAGE_SIZE)
		if (!cache_peek(vma->mapping, vma_index(vma, a)))
			return false;
	return true;
}

/* Stores to the area do not reach the file, and nothing that umk knows can change it. */
static bool may_show(const struct vm_area *vma)
{
	const struct address_space *m = vma->mapping;

	if (!vma->mm->tmm || !trap->map_file || !m || !m->ops || !m->ops->host_fd || !host_prot(vma, false))
		return false;
	if ((vma->flags & (VM_LOCKED | VM_STUB)) || (vma->flags & (VM_SHARED | VM_MAYWRITE)) == (VM_SHARED | VM_MAYWRITE))
		return false;
	return !m->nr_dirty && !m->host->writers;
}

bool mm_is_direct(struct mm *mm, u64 addr)
{
	pte_t *e = pte_lookup(mm, addr);

	return e && pte_direct(*e);
}

/* Shows [start, end) and marks its entries. */
static bool show_run(struct vm_area *vma, u64 start, u64 end)
{
	struct mm *mm = vma->mm;
	struct address_space *m = vma->mapping;
	int fd = m->ops->host_fd(m->host);
	u64 a = start;

	if (fd < 0 || !pte_alloc(mm, start) ||
	    !trap->map_file(mm->tmm, start, end - start, host_prot(vma, false), fd, &m->host_id, vma_index(vma, start) << PAGE_SHIFT))
		return false;
	m->direct = true;
	for (; a < end; a += PAGE_SIZE) {
		pte_t *e = pte_alloc(mm, a);

		if (!e)
			break;
		*e |= PTE_DIRECT;
		mm->rss_file++;
	}
	if (a < end) /* no memory for tables */
		trap->unmap(mm->tmm, a, end - a);
	if (mm_rss(mm) > mm->hiwater_rss)
		mm->hiwater_rss = mm_rss(mm);
	return a > start;
}

static bool absent(struct mm *mm, u64 addr)
{
	pte_t *e = pte_lookup(mm, addr);

	return !e || !(*e & (PTE_PRESENT | PTE_DIRECT));
}

bool direct_show(struct vm_area *vma, u64 start, u64 end)
{
	u64 size = mapping_pages(vma->mapping), run;

	if (!may_show(vma) || size <= vma->pgoff)
		return false;
	end = min(end, vma->start + ((size - vma->pgoff) << PAGE_SHIFT));
	if (start >= end || ((end - start) >> PAGE_SHIFT <= FEW && all_cached(vma, start, end)))
		return false;
	while (start < end) {
		for (; start < end && !absent(vma->mm, start); start += PAGE_SIZE)
			;
		for (run = start; run < end && absent(vma->mm, run); run += PAGE_SIZE)
			;
		if (start < run && !show_run(vma, start, run))
			return false;
		start = run;
	}
	return true;
}

void direct_drop(struct address_space *m)
{
	struct vm_area *vma;

	m->direct = false;
	list_for_each_entry(vma, &m->vmas, mapping_node) {
		u64 a = vma->start, low = vma->end, high = vma->start;
		unsigned n;
		pte_t *pt;

		while ((pt = pte_walk(vma->mm, &a, vma->end, &n))) {
			for (unsigned i = 0; i < n; i++, a += PAGE_SIZE) {
				if (!(pt[i] & PTE_DIRECT))
					continue;
				low = min(low, a);
				high = a + PAGE_SIZE;
			}
		}
		if (low < high)
			host_unmap_range(vma->mm, low, high);
	}
}

void direct_copy(struct vm_area *child, struct mm *parent)
{
	u64 a = child->start, run = 0;
	unsigned n;
	pte_t *pt;

	if (!may_show(child))
		return;
	while ((pt = pte_walk(parent, &a, child->end, &n))) {
		for (unsigned i = 0; i < n; i++, a += PAGE_SIZE) {
			if (pt[i] & PTE_DIRECT) {
				run = run ? run : a;
				continue;
			}
			if (run && !show_run(child, run, a))
				return;
			run = 0;
		}
		if (run && a < child->end && !pte_lookup(parent, a)) {
			if (!show_run(child, run, a))
				return;
			run = 0;
		}
	}
	if (run)
		show_run(child, run, a);
}
