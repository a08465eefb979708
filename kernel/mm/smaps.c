/* What is present of an area of memory, and with how many others it is shared: for /proc/PID/smaps and numa_maps. */
#include "internal.h"
#include "smaps.h"

#define PSS_SHIFT 12 /* as Linux: fractions of a page that many share add up */

static void add_page(struct mem_stats *st, const struct page *p)
{
	bool shared = p->mapcount > 1, dirty = !p->mapping || (p->flags & PG_DIRTY);
	u64 pss = (PAGE_SIZE << PSS_SHIFT) / max(p->mapcount, 1u);

	st->rss += PAGE_SIZE;
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

void mem_stats_add(struct mm *mm, u64 start, u64 end, struct mem_stats *st)
{
	unsigned n;
	pte_t *pt;

	for (u64 a = start; (pt = pte_walk(mm, &a, end, &n)); a += (u64)n * PAGE_SIZE)
		for (unsigned i = 0; i < n; i++)
			if ((pt[i] & PTE_PRESENT) && !page_is_zero(pte_page(pt[i])))
				add_page(st, pte_page(pt[i]));
}

u64 mem_stats_kib(u64 pss)
{
	return pss >> (PSS_SHIFT + 10);
}
