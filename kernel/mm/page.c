/* Frames of physmem: who owns which, in runs.
 *
 * A buddy allocator with two colours. Frames that have never been used, or that the host has taken back, read as zeroes
 * and cost no memset; frames that were freed lately are dirty, but the host still holds memory for them. Free blocks are
 * listed by order and colour and merge only with their own colour. Frames above `untouched` have never been used and are
 * in no list, so that the table itself costs nothing before it is needed.
 *
 * A split hands out the lower half first: allocations that follow each other are neighbours, and the host merges their
 * mappings. A dirty frame that is cleared and mapped again costs a quarter of a fresh one, so up to dirty_max of them are
 * kept while they are in demand; what lies idle for GIVE_BACK_NS goes back to the host block by block, down to DIRTY_KEEP. */
#include "internal.h"
#include "host.h"
#include "ktime.h"
#include "printk.h"
#include "slab.h"
#include "string.h"

#define MAX_ORDER 9u
#define DIRTY_KEEP 2048u        /* frames: 8 MiB */
#define DIRTY_MAX 32768u        /* frames: 128 MiB, or less where memory is small */
#define GIVE_BACK_NS (NSEC_PER_SEC)
#define GIVE_BACK_PAUSE_NS (NSEC_PER_SEC / 400) /* between blocks, each of which takes the host up to 1 ms */

enum colour { DIRTY, ZEROED };

struct page *pages, *zero_pages;
static struct list_head free_area[2][MAX_ORDER + 1];
static u64 nr_free[2];   /* frames listed */
static u64 untouched;    /* pfn */
static u64 nr_pages, reserve, dirty_max;
static struct ktimer give_back_timer;
static u64 allocations, allocations_seen; /* to tell whether frames are in demand */

static void give_back(struct ktimer *timer);

void physmem_init(void)
{
	nr_pages = host_info.physmem_size >> PAGE_SHIFT;
	pages = arena_reserve(nr_pages * sizeof(struct page));
	if (!pages)
		host_panic("no room for the table of %lu frames", (unsigned long)nr_pages);
	for (unsigned c = 0; c < 2; c++)
		for (unsigned o = 0; o <= MAX_ORDER; o++)
			INIT_LIST_HEAD(&free_area[c][o]);
	zero_pages = NULL;
	nr_free[DIRTY] = nr_free[ZEROED] = untouched = 0;
	reserve = min(nr_pages / 64, 512ul);
	dirty_max = min(nr_pages / 16, (u64)DIRTY_MAX);
	timer_setup(&give_back_timer, give_back);
}

u64 page_phys(const struct page *p)
{
	return page_pfn(p) << PAGE_SHIFT;
}

void *page_address(const struct page *p)
{
	return host_info.physmem + page_phys(p);
}

struct page *phys_page(u64 phys)
{
	return pfn_page(phys >> PAGE_SHIFT);
}

u64 nr_free_pages(void)
{
	return nr_free[DIRTY] + nr_free[ZEROED] + (nr_pages - untouched);
}

u64 nr_total_pages(void)
{
	return nr_pages;
}

bool memory_low(void)
{
	return nr_free_pages() < nr_pages / 32 + reserve;
}

static void list_block(struct page *p, unsigned order, enum colour c)
{
	p->flags = PG_FREE | (c == ZEROED ? PG_ZEROED : 0);
	p->private = order;
	list_add(&p->free_node, &free_area[c][order]);
	nr_free[c] += 1ul << order;
}

static void unlist_block(struct page *p)
{
	enum colour c = p->flags & PG_ZEROED ? ZEROED : DIRTY;

	list_del(&p->free_node);
	p->flags = 0;
	nr_free[c] -= 1ul << p->private;
}

/* Puts a block of one colour into the lists, joined with its free buddies. */
static void free_block(u64 pfn, unsigned order, enum colour c)
{
	u32 want = PG_FREE | (c == ZEROED ? PG_ZEROED : 0);

	while (order < MAX_ORDER) {
		u64 buddy = pfn ^ (1ul << order);

		if (buddy + (1ul << order) > untouched)
			break;
		if (pages[buddy].refs || pages[buddy].flags != want || pages[buddy].private != order)
			break;
		unlist_block(&pages[buddy]);
		pfn &= ~(1ul << order);
		order++;
	}
	list_block(&pages[pfn], order, c);
}

/* Any [pfn, pfn+count) as aligned blocks. */
static void free_range(u64 pfn, u64 count, enum colour c)
{
	while (count) {
		unsigned order = pfn ? (unsigned)__builtin_ctzl(pfn) : MAX_ORDER;

		order = min(order, MAX_ORDER);
		while ((1ul << order) > count)
			order--;
		free_block(pfn, order, c);
		pfn += 1ul << order;
		count -= 1ul << order;
	}
}

/* Hands the largest dirty block of at least 2^@least frames back to the host. False: there is none. */
static bool discard_one(unsigned least)
{
	for (unsigned o = MAX_ORDER + 1; o-- > least;) {
		struct page *p;

		if (list_empty(&free_area[DIRTY][o]))
			continue;
		p = list_last_entry(&free_area[DIRTY][o], struct page, free_node);
		unlist_block(p);
		host_physmem_discard(page_phys(p), PAGE_SIZE << o);
		free_block(page_pfn(p), o, ZEROED);
		return true;
	}
	return false;
}

/* A block of at least 2^order frames of the colour; what is more than that stays in the lists. */
static struct page *take_block(unsigned order, enum colour c)
{
	for (unsigned o = order; o <= MAX_ORDER; o++) {
		struct page *p;

		if (list_empty(&free_area[c][o]))
			continue;
		p = list_first_entry(&free_area[c][o], struct page, free_node);
		unlist_block(p);
		while (o > order) {
			o--;
			list_block(p + (1ul << o), o, c);
		}
		return p;
	}
	return NULL;
}

/* Brings frames that were never used into the lists. */
static bool touch_more(void)
{
	u64 count = min(nr_pages - untouched, 1ul << MAX_ORDER), pfn = untouched;

	if (!count)
		return false;
	untouched += count;
	free_range(pfn, count, ZEROED);
	return true;
}

static struct page *take(unsigned order, enum colour *c)
{
	struct page *p = take_block(order, DIRTY);

	allocations++;
	*c = p ? DIRTY : ZEROED;
	if (!p)
		p = take_block(order, ZEROED);
	if (!p && touch_more())
		p = take_block(order, ZEROED);
	return p;
}

static void prepare(struct page *p, u32 count, bool zero, enum colour c)
{
	for (u32 i = 0; i < count; i++) {
		p[i].refs = 1;
		p[i].flags = 0;
		p[i].mapcount = 0;
		p[i].private = 0;
		p[i].mapping = NULL;
		p[i].index = 0;
	}
	if (zero && c == DIRTY)
		memset(page_address(p), 0, (size_t)count << PAGE_SHIFT);
}

struct page *page_alloc(unsigned order, bool zero)
{
	enum colour c;
	struct page *p;

	if (order > MAX_ORDER)
		return NULL;
	p = take(order, &c);
	if (!p && reclaim_pages(max(256ul, 2ul << order)))
		p = take(order, &c);
	if (p)
		prepare(p, 1u << order, zero, c);
	return p;
}

struct page *page_alloc_run(u32 *count, bool zero)
{
	u32 want = max(1u, min(*count, PAGE_RUN_MAX));
	enum colour c;
	struct page *p = NULL;
	unsigned order;

	if (nr_free_pages() < reserve + want)
		reclaim_pages(reserve + want);
	if (nr_free_pages() <= reserve)
		return NULL;
	want = (u32)min((u64)want, nr_free_pages() - reserve);
	order = want > 1 ? 32u - (unsigned)__builtin_clz(want - 1) : 0;
	for (;; order--) {
		p = take(order, &c);
		if (p || order == 0)
			break;
	}
	if (!p)
		return NULL;
	/* The rest of a block will merge again with what comes back, which is dirty: so it counts as dirty, too. */
	if (want < 1u << order)
		free_range(page_pfn(p) + want, (1u << order) - want, DIRTY);
	*count = min(want, 1u << order);
	prepare(p, *count, zero, c);
	return p;
}

void page_free_run(struct page *p, u32 count)
{
	free_range(page_pfn(p), count, DIRTY);
	while (nr_free[DIRTY] > dirty_max && discard_one(0))
		;
	if (nr_free[DIRTY] > DIRTY_KEEP && give_back_timer.deadline == KTIME_MAX) {
		allocations_seen = allocations;
		timer_start(&give_back_timer, ktime_add_safe(ktime_get(), GIVE_BACK_NS));
	}
}

/* Hands a dirty block back to the host when nobody has asked for frames in the meantime. */
static void give_back(struct ktimer *timer)
{
	unsigned least = host_info.physmem_huge ? MAX_ORDER : 0;
	u64 pause = GIVE_BACK_NS;

	if (allocations == allocations_seen) {
		if (nr_free[DIRTY] > DIRTY_KEEP && !discard_one(least))
			return; /* until more is freed */
		pause = GIVE_BACK_PAUSE_NS;
	}
	allocations_seen = allocations;
	if (nr_free[DIRTY] > DIRTY_KEEP)
		timer_start(timer, ktime_add_safe(ktime_get(), pause));
}

struct page *zero_page_get(u64 addr)
{
	struct page *p;

	if (!zero_pages)
		zero_pages = page_alloc((unsigned)__builtin_ctz(ZERO_PAGES), true);
	if (!zero_pages)
		return NULL;
	p = zero_pages + (addr >> PAGE_SHIFT) % ZERO_PAGES;
	page_get(p);
	return p;
}

void page_get(struct page *p)
{
	p->refs++;
}

void page_put(struct page *p)
{
	if (WARN_ON(p->refs == 0))
		return;
	if (--p->refs)
		return;
	WARN_ON(p->mapcount || p->mapping);
	page_free_run(p, 1);
}
