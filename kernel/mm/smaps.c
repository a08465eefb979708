/* What is present of an area of memory, with how many others it is shared and whether it was used: for /proc/PID/smaps,
 * numa_maps and clear_refs. */
#include "internal.h"
#include "smaps.h"
#include "sched.h"
#include "string.h"

#define PSS_SHIFT 12 /* as Linux: fractions of a page that many share add up */

static void add_page(struct mem_stats *st, const struct page *p, bool old)
{
	bool shared = p->mapcount > 1, dirty = !p->mapping || (p->flags & PG_DIRTY);
	u64 pss = (PAGE_SIZE << PSS_SHIFT) / max(p->mapcount, 1u);

	st->rss += PAGE_SIZE;
	st->referenced += old ? 0 : PAGE_SIZE;
	st->pss += pss;
	if (dirty)
		st->pss_dirty += pss;
	if (!p->mapping) {
		st->anonymous += PAGE_SIZE;
		st->pss_anon += pss;
	} else if (p->mapping->shmem) {
		st->pss_shmem += pss;
	} else {
		st->pss_file += pss;
	}
	if (shared && dirty)
		st->shared_dirty += PAGE_SIZE;
	else if (shared)
		st->shared_clean += PAGE_SIZE;
	else if (dirty)
		st->private_dirty += PAGE_SIZE;
	else
		st->private_clean += PAGE_SIZE;
	st->mapmax = max(st->mapmax, p->mapcount);
}

/* A page of a file that the host shows itself: with whom it is shared is not known. */
static void add_direct(struct mem_stats *st)
{
	st->rss += PAGE_SIZE;
	st->referenced += PAGE_SIZE;
	st->pss += PAGE_SIZE << PSS_SHIFT;
	st->pss_file += PAGE_SIZE << PSS_SHIFT;
	st->private_clean += PAGE_SIZE;
	st->mapmax = max(st->mapmax, 1u);
}

void mem_stats_add(struct mm *mm, u64 start, u64 end, struct mem_stats *st)
{
	unsigned n;
	pte_t *pt;

	for (u64 a = start; (pt = pte_walk(mm, &a, end, &n)); a += (u64)n * PAGE_SIZE) {
		for (unsigned i = 0; i < n; i++) {
			if ((pt[i] & PTE_PRESENT) && !page_is_zero(pte_page(pt[i])))
				add_page(st, pte_page(pt[i]), pt[i] & PTE_OLD);
			else if (pte_direct(pt[i]))
				add_direct(st);
		}
	}
}

#define PM_PRESENT (1ull << 63)
#define PM_FILE (1ull << 61) /* or shared anonymous memory's */
#define PM_EXCLUSIVE (1ull << 56)
#define PM_PFN_FIRST 0x100 /* 0 is what who may not know the number is told */
#define PM_PFN_MASK ((1ull << 55) - 1)

static u64 page_entry(pte_t e, bool numbers)
{
	const struct page *p = pte_page(e);
	u64 entry = PM_PRESENT | (numbers ? (pte_pfn(e) + PM_PFN_FIRST) & PM_PFN_MASK : 0);

	if (page_is_zero(p))
		return entry;
	return entry | (p->mapping ? PM_FILE : 0) | (p->mapcount == 1 ? PM_EXCLUSIVE : 0);
}

void mm_page_entries(struct mm *mm, u64 start, u64 n, bool numbers, u64 *entry)
{
	u64 end = start + n * PAGE_SIZE;
	unsigned count;
	pte_t *pt;

	memset(entry, 0, n * sizeof(*entry));
	for (u64 a = start; (pt = pte_walk(mm, &a, end, &count)); a += (u64)count * PAGE_SIZE)
		for (unsigned i = 0; i < count; i++)
			if (pt[i] & PTE_PRESENT)
				entry[(a - start) / PAGE_SIZE + i] = page_entry(pt[i], numbers);
}

#define AGE_CHUNK (64ul << 20) /* bytes between reschedule points */

int mm_clear_referenced(struct mm *mm, bool anon, bool files)
{
	struct vm_area *vma;
	int err = mmap_lock(mm);

	if (err)
		return err;
	list_for_each_entry(vma, &mm->vmas, node) {
		if (!(vma->file ? files : anon))
			continue;
		for (u64 at = vma->start; at < vma->end; at += AGE_CHUNK) {
			u64 end = min(at + AGE_CHUNK, vma->end), a = at;
			unsigned n;
			pte_t *pt;

			while ((pt = pte_walk(mm, &a, end, &n)))
				for (unsigned i = 0; i < n; i++, a += PAGE_SIZE)
					pt[i] |= pt[i] & PTE_PRESENT ? PTE_OLD : 0;
			utlb_clear(mm);
			host_unmap_range(mm, at, end);
			cond_resched();
		}
	}
	mmap_unlock(mm);
	return 0;
}

u64 mem_stats_kib(u64 pss)
{
	return pss >> (PSS_SHIFT + 10);
}
