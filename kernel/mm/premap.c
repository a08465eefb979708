/* What a guest is shown ahead of its faults, and frames put in place by hand: after execve and as libraries are mapped, what the page
 * cache has or the host can show itself; for rewriting, copies of text pages. */
#include "internal.h"
#include "fs.h"
#include "printk.h"
#include "string.h"

/* ---- ahead of faults ---- */

#define DIRECT_AHEAD 8192u /* pages of a file that is mapped: shown directly at once, if they can be */
#define PREMAP_PAGES 8192u /* of one area */
#define PREMAP_RUNS 96u
#define SEGMENT_PAGES 512u
#define SEGMENT_RUNS 8u

/* Cached pages of one area, without reading any. */
static void premap_file(struct vm_area *vma, u64 end)
{
	u64 limit = min(mapping_pages(vma->mapping), vma_index(vma, end));
	bool copy = (vma->flags & (VM_WRITE | VM_SHARED)) == VM_WRITE && vma_pages(vma) <= PREMAP_COPY && !memory_low();

	if (direct_show(vma, vma->start, end))
		return;
	for (u64 i = vma->pgoff; next_page(vma->mapping, &i) && i < limit; i++) {
		struct page *p = cache_peek(vma->mapping, i);
		pte_t *e = p ? pte_alloc(vma->mm, vma->start + ((i - vma->pgoff) << PAGE_SHIFT)) : NULL;

		if (!e || (*e & PTE_PRESENT))
			continue;
		page_get(p);
		pte_install(vma->mm, e, p, PTE_READ);
	}
	/* A program's data is written as soon as it starts. */
	for (u64 a = vma->start; copy && a < end; a += PAGE_SIZE) {
		pte_t *e = pte_lookup(vma->mm, a);

		if (e && (*e & (PTE_PRESENT | PTE_WRITE)) == PTE_PRESENT && cow_fault(vma, a))
			return;
	}
}

/* A little bss: as good as certain to be touched. */
static void premap_anon(struct vm_area *vma)
{
	for (u64 a = vma->start; a < vma->end; a += PAGE_SIZE)
		if (pte_absent(vma->mm, a) && anon_fault(vma, a))
			return;
}

void mm_premap(struct mm *mm)
{
	unsigned runs = PREMAP_RUNS;
	struct vm_area *vma;

	list_for_each_entry(vma, &mm->vmas, node) {
		u64 end = min(vma->end, vma->start + PREMAP_PAGES * PAGE_SIZE);

		if (vma->mapping && host_prot(vma, false))
			premap_file(vma, end);
		if (!vma->mapping && (vma->flags & VM_WRITE) && vma_pages(vma) <= PREMAP_COPY && !memory_low())
			premap_anon(vma);
		runs -= host_map_range(vma, vma->start, end, runs, true);
	}
}

static void premap_segment(struct vm_area *vma)
{
	u64 end = min(vma->end, vma->start + SEGMENT_PAGES * PAGE_SIZE);

	if (!host_prot(vma, false))
		return;
	premap_file(vma, end);
	host_map_range(vma, vma->start, end, SEGMENT_RUNS, true);
}

void mm_show_file(struct mm *mm, u64 start, u64 end)
{
	struct vm_area *vma = find_vma_exact(mm, start);

	if (vma && vma->mapping)
		direct_show(vma, start, min(end, start + DIRECT_AHEAD * PAGE_SIZE));
}

void mm_premap_segment(struct mm *mm, u64 addr)
{
	struct vm_area *vma = find_vma_exact(mm, addr), *prev = vma ? vma_prev(vma) : NULL;

	if (!vma || !vma->mapping || vma->mapping->shmem)
		return;
	if (prev && prev->mapping == vma->mapping && prev->end == vma->start && pte_absent(mm, prev->start))
		premap_segment(prev);
	premap_segment(vma);
}

/* ---- for rewriting ---- */

struct page *mm_private_variant(struct mm *mm, u64 addr)
{
	struct vm_area *vma = find_vma_exact(mm, addr);
	pte_t *e = pte_lookup(mm, addr);
	struct page *p, *copy;

	addr &= PAGE_MASK;
	if (!vma || !e || !(*e & PTE_PRESENT) || (vma->flags & (VM_SHARED | VM_WRITE)) || WARN_ON(mm->variant_old))
		return ERR_PTR(-EFAULT);
	p = pte_page(*e);
	if (!page_exclusive(p) || (mm->tmm && trap->running(mm->tmm))) {
		page_get(p); /* the allocation may reclaim */
		copy = page_alloc(0, false);
		p->refs--;
		if (!copy)
			return ERR_PTR(-ENOMEM);
		memcpy(page_address(copy), page_address(p), PAGE_SIZE);
		copy->flags = PG_TEXT;
		mm->variant_old = pte_remove(mm, e, addr);
		pte_install(mm, e, copy, PTE_READ);
		p = copy;
	}
	page_get(p);
	return p;
}

void mm_remap_page(struct mm *mm, u64 addr)
{
	struct vm_area *vma = find_vma_exact(mm, addr);
	struct page *old = mm->variant_old;
	pte_t *e = pte_lookup(mm, addr);

	addr &= PAGE_MASK;
	/* A frame that the guest sees already shows its new bytes without help. */
	if (vma && e && (old || !(*e & PTE_HOST)))
		host_map_around(vma, addr, addr, addr + PAGE_SIZE);
	mm->variant_old = NULL;
	if (!old)
		return;
	if (mm->tmm)
		trap->flush(mm->tmm);
	page_put(old);
}

int mm_install_frames(struct mm *mm, u64 addr, struct page **frames, u64 count)
{
	for (u64 i = 0; i < count; i++, addr += PAGE_SIZE) {
		pte_t *e = pte_alloc(mm, addr);

		if (!e)
			return -ENOMEM;
		if (*e & PTE_PRESENT)
			continue;
		page_get(frames[i]);
		pte_install(mm, e, frames[i], PTE_READ);
	}
	return 0;
}

struct page *mm_shown_page(struct mm *mm, u64 addr)
{
	pte_t *e = pte_lookup(mm, addr);

	return e && (*e & PTE_PRESENT) ? pte_page(*e) : NULL;
}

int mm_replace_frames(struct mm *mm, u64 addr, struct page **frames, u64 count)
{
	zap_range(mm, addr, addr + (count << PAGE_SHIFT), NULL, false);
	return mm_install_frames(mm, addr, frames, count);
}
