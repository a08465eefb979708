/* The page table of an address space: four levels of 512 entries, indexed as the machine's own. It says which frame each
 * guest page is, and so what copy_to_user sees; what the host maps is a cache of it (hostmap.c).
 *
 * Tables are made on demand and freed when their last entry goes, so that a guest that maps here and there and unmaps
 * again holds nothing. */
#include "internal.h"
#include "sched.h"
#include "slab.h"
#include "string.h"

#define TABLE_ENTRIES 512u
#define LEVELS 4
#define LEVEL_SHIFT(level) (PAGE_SHIFT + 9 * (level))
#define TABLE_INDEX(addr, level) (((addr) >> LEVEL_SHIFT(level)) & (TABLE_ENTRIES - 1))

static struct kmem_cache *table_cache;

static void *table_alloc(struct mm *mm)
{
	void *t;

	if (!table_cache)
		table_cache = kmem_cache_create("page_table", PAGE_SIZE, 64);
	t = kmem_cache_zalloc(table_cache);
	if (t)
		mm->nr_ptes += PAGE_SIZE;
	return t;
}

static void table_free(struct mm *mm, void *t)
{
	mm->nr_ptes -= PAGE_SIZE;
	kmem_cache_free(table_cache, t);
}

pte_t *pte_lookup(const struct mm *mm, u64 addr)
{
	void **t = mm->pgd;

	for (int level = LEVELS - 1; level > 0 && t; level--)
		t = t[TABLE_INDEX(addr, level)];
	return t ? (pte_t *)t + TABLE_INDEX(addr, 0) : NULL;
}

pte_t *pte_alloc(struct mm *mm, u64 addr)
{
	void **slot = &mm->pgd;

	for (int level = LEVELS - 1;; level--) {
		if (!*slot) {
			*slot = table_alloc(mm);
			if (!*slot) {
				pgtable_trim(mm, addr & PAGE_MASK, (addr & PAGE_MASK) + PAGE_SIZE);
				return NULL;
			}
		}
		if (level == 0)
			return (pte_t *)*slot + TABLE_INDEX(addr, 0);
		slot = (void **)*slot + TABLE_INDEX(addr, level);
	}
}

pte_t *pte_walk(const struct mm *mm, u64 *addr, u64 end, unsigned *count)
{
	while (*addr < end) {
		void **t = mm->pgd;
		int level;

		for (level = LEVELS - 1; level > 0 && t; level--)
			t = t[TABLE_INDEX(*addr, level)];
		if (t) {
			u64 stop = min(round_down(*addr, 1ull << LEVEL_SHIFT(1)) + (1ull << LEVEL_SHIFT(1)), end);

			*count = (unsigned)((stop - *addr) >> PAGE_SHIFT);
			return (pte_t *)t + TABLE_INDEX(*addr, 0);
		}
		/* The table of @level is missing: nothing before its end. */
		*addr = round_down(*addr, 1ull << LEVEL_SHIFT(level + 1)) + (1ull << LEVEL_SHIFT(level + 1));
	}
	return NULL;
}

static bool table_empty(const void *t)
{
	const u64 *e = t;

	for (unsigned i = 0; i < TABLE_ENTRIES; i += 4)
		if (e[i] | e[i + 1] | e[i + 2] | e[i + 3])
			return false;
	return true;
}

static void trim_table(struct mm *mm, void **slot, int level, u64 base, u64 start, u64 end)
{
	void **t = *slot;
	u64 span = 1ull << LEVEL_SHIFT(level);

	if (!t)
		return;
	if (level > 0) {
		u64 first = start > base ? (start - base) / span : 0;

		for (u64 i = first; i < TABLE_ENTRIES && base + i * span < end; i++)
			trim_table(mm, &t[i], level - 1, base + i * span, start, end);
	}
	if (table_empty(t)) {
		table_free(mm, t);
		*slot = NULL;
	}
}

void pgtable_trim(struct mm *mm, u64 start, u64 end)
{
	if (!mm->keep_tables)
		trim_table(mm, &mm->pgd, LEVELS - 1, 0, start, end);
}

static void free_tables(struct mm *mm, void *table, int level)
{
	void **t = table;

	if (level > 0)
		for (unsigned i = 0; i < TABLE_ENTRIES; i++)
			if (t[i])
				free_tables(mm, t[i], level - 1);
	table_free(mm, t);
}

void pgtable_free(struct mm *mm)
{
	if (mm->pgd)
		free_tables(mm, mm->pgd, LEVELS - 1);
	mm->pgd = NULL;
}

/* ---- entries ---- */

void utlb_clear(struct mm *mm)
{
	for (unsigned i = 0; i < UTLB_ENTRIES; i++)
		mm->utlb[i].tag = 0;
}

static u64 *rss_counter(struct mm *mm, const struct page *p)
{
	if (!p->mapping)
		return p->flags & PG_TEXT ? &mm->rss_file : &mm->rss_anon;
	return p->mapping->shmem ? &mm->rss_shmem : &mm->rss_file;
}

void pte_install(struct mm *mm, pte_t *pte, struct page *p, u64 bits)
{
	p->mapcount++;
	if (pte_direct(*pte))
		mm->rss_file--;
	if (!page_is_zero(p))
		++*rss_counter(mm, p);
	if (mm_rss(mm) > mm->hiwater_rss)
		mm->hiwater_rss = mm_rss(mm);
	*pte = pfn_pte(page_pfn(p), PTE_PRESENT | bits) | (*pte & PTE_DIRECT);
}

struct page *pte_remove(struct mm *mm, pte_t *pte, u64 addr)
{
	struct page *p = pte_page(*pte);

	p->mapcount--;
	if (!page_is_zero(p))
		--*rss_counter(mm, p);
	*pte &= PTE_DIRECT;
	mm->rss_file += !!*pte;
	utlb_drop(mm, addr);
	return p;
}

/* The pages of the range that the host may map: [*low, *high), empty if there are none. */
static void host_extent(struct mm *mm, u64 start, u64 end, u64 *low, u64 *high)
{
	u64 a = start;
	unsigned n;
	pte_t *pt;

	*low = end;
	*high = start;
	while ((pt = pte_walk(mm, &a, end, &n))) {
		for (unsigned i = 0; i < n; i++, a += PAGE_SIZE) {
			if (!(pt[i] & (PTE_HOST | PTE_DIRECT)))
				continue;
			*low = min(*low, a);
			*high = a + PAGE_SIZE;
		}
	}
}

void host_unmap_range(struct mm *mm, u64 start, u64 end)
{
	u64 low, high, a;
	unsigned n;
	pte_t *pt;

	if (!mm->tmm)
		return;
	host_extent(mm, start, end, &low, &high);
	if (low >= high)
		return;
	trap->unmap(mm->tmm, low, high - low);
	for (a = low; (pt = pte_walk(mm, &a, high, &n));) {
		for (unsigned i = 0; i < n; i++, a += PAGE_SIZE) {
			mm->rss_file -= pte_direct(pt[i]);
			pt[i] &= ~(PTE_HOST | PTE_HOSTW | PTE_DIRECT);
		}
	}
	trap->flush(mm->tmm);
}

static bool page_is_of(const struct page *p, const struct address_space *only)
{
	return !only || p->mapping == only;
}

/* One table's worth, whose host mappings are gone. Neighbouring frames that become free go back as one run. */
static void zap_entries(struct mm *mm, pte_t *pt, u64 addr, unsigned n, struct address_space *only)
{
	struct page *run = NULL;
	u32 len = 0;

	for (unsigned i = 0; i < n; i++) {
		struct page *p;

		if (!(pt[i] & PTE_PRESENT) || !page_is_of(pte_page(pt[i]), only))
			continue;
		p = pte_remove(mm, &pt[i], addr + i * PAGE_SIZE);
		if (p->refs != 1 || p->mapping) {
			page_put(p);
			continue;
		}
		p->refs = 0;
		if (run && p == run + len && len < PAGE_RUN_MAX) {
			len++;
			continue;
		}
		if (run)
			page_free_run(run, len);
		run = p;
		len = 1;
	}
	if (run)
		page_free_run(run, len);
}

#define UNMAP_CHUNK (64ul << 20) /* bytes that the host unmaps in one go */
#define ZAP_CHUNK (2ul << 20) /* ... and between reschedule points: what goes back to the host takes it 1 us a page, and more */

static void zap_chunk(struct mm *mm, u64 start, u64 end, struct address_space *only)
{
	u64 a;
	unsigned n;
	pte_t *pt;

	host_unmap_range(mm, start, end);
	for (a = start; (pt = pte_walk(mm, &a, end, &n)); a += (u64)n * PAGE_SIZE) {
		zap_entries(mm, pt, a, n, only);
		if (!only)
			pgtable_trim(mm, a, a + n * PAGE_SIZE);
	}
}

void zap_range(struct mm *mm, u64 start, u64 end, struct address_space *only, bool resched)
{
	u64 unmapped = start;
	unsigned n;

	/* Nothing may map a page again between the flush and the freeing, so a chunk is done in one go. What was mapped again since
	 * the long one before is unmapped again. */
	while (pte_walk(mm, &start, end, &n)) {
		u64 stop = min(end, round_down(start, ZAP_CHUNK) + ZAP_CHUNK);

		if (start >= unmapped) {
			unmapped = min(end, start + UNMAP_CHUNK);
			host_unmap_range(mm, start, unmapped);
		}
		zap_chunk(mm, start, stop, only);
		start = stop;
		if (resched && start < end)
			cond_resched();
	}
}
