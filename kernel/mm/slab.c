/* Kernel objects: kmem_cache and kmalloc over the arena, one range of addresses that never moves.
 *
 * The arena is cut into blocks of 64 KiB. A block is a slab of one cache's objects, or part of a run that serves one
 * large kmalloc. A table at the arena's start has a descriptor a block, so an object finds its slab by its address
 * alone. Free runs are kept in lists by size, with the length at both ends, so that neighbours merge at once. Blocks
 * that have been used and are free again go back to the host when nobody has wanted them for a while: a socket's buffers
 * come and go, and a fresh page of the host costs more than what is copied into it.
 *
 * Guests make the kernel allocate; so the arena's use is limited (arena_limit) and every caller copes with NULL.
 *
 * In sanitizer builds each object comes from host_malloc instead and only the counts are kept here. */
#include "slab.h"
#include "internal.h"
#include "host.h"
#include "ktime.h"
#include "list.h"
#include "printk.h"
#include "string.h"

#define BLOCK_SHIFT 16
#define BLOCK_SIZE (1ul << BLOCK_SHIFT)
#define KMALLOC_MAX (32ul << 20)
#define RUN_BINS 32
#define DIRTY_BLOCKS_KEEP 64  /* 4 MiB of used and free again blocks stay with umk */
#define DIRTY_BLOCKS_MAX 1024 /* 64 MiB for a while */
#define TRIM_NS 200000000ull  /* what was not wanted for so long goes back */
#define ARENA_LIMIT_MIN (64ul << 20)
#define SAN_HEADER 32 /* before each object of a sanitizer build: its cache and size, keeps 16-alignment */

enum block_kind { BLOCK_FREE, BLOCK_SLAB, BLOCK_LARGE };
struct block {
	struct list_head list;    /* slab: cache.partial; free run's first: run_bins */
	struct kmem_cache *cache; /* BLOCK_SLAB, and large runs of kmalloc: the accounting cache */
	void *free;               /* slab: list of free objects, linked through their first word */
	u32 in_use;               /* slab: objects */
	u32 carved;               /* slab: objects that were ever handed out; the rest of the block is untouched */
	u32 run;                  /* free or large run: blocks, in the first and (free) last descriptor */
	u8 kind;
	bool dirty;               /* free run: some of it has been written */
};

struct kmem_cache {
	const char *name;
	u32 size;                 /* bytes from one object to the next */
	u32 per_block;
	u64 in_use;
	u64 at_start;             /* of those, what the kernel itself keeps: slab_baseline() */
	struct list_head partial; /* blocks with a free object */
	u32 empty;                /* blocks on partial without any object */
	struct list_head all;
};

static struct block *blocks;
static u64 nr_blocks, blocks_used, arena_limit;
static struct list_head run_bins[RUN_BINS];
static u64 dirty_blocks, dirty_spare; /* dirty_spare: the fewest since the last look, what nobody wanted */
static struct ktimer trim_timer;
static bool trim_due;
static LIST_HEAD(all_caches);
static struct kmem_cache cache_of_caches = { .name = "kmem_cache" };
static struct kmem_cache large_cache = { .name = "kmalloc-large" };
static bool ready;

static const u16 class_size[] = { 16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 8192,
	16384, 21824, 32768 };
static const char *const class_name[] = { "kmalloc-16", "kmalloc-32", "kmalloc-48", "kmalloc-64", "kmalloc-96",
	"kmalloc-128", "kmalloc-192", "kmalloc-256", "kmalloc-384", "kmalloc-512", "kmalloc-768", "kmalloc-1024",
	"kmalloc-1536", "kmalloc-2048", "kmalloc-3072", "kmalloc-4096", "kmalloc-8192", "kmalloc-16384", "kmalloc-21824", "kmalloc-32768" };
#define CLASSES ARRAY_SIZE(class_size)
static struct kmem_cache classes[CLASSES];
static u8 class_of[1024 / 16 + 1]; /* sizes up to 1024, by 16 */

/* ---- runs of blocks ---- */

static unsigned bin_of(u64 run)
{
	unsigned b = 63u - (unsigned)__builtin_clzll(run);

	return min(b, RUN_BINS - 1u);
}

static void *block_address(const struct block *b)
{
	return host_info.arena + ((u64)(b - blocks) << BLOCK_SHIFT);
}

static struct block *block_of(const void *p)
{
	return &blocks[((u64)((const u8 *)p - host_info.arena)) >> BLOCK_SHIFT];
}

static void run_insert(struct block *b, u64 run, bool dirty)
{
	b->kind = b[run - 1].kind = BLOCK_FREE;
	b->run = b[run - 1].run = (u32)run;
	b->dirty = b[run - 1].dirty = dirty;
	list_add(&b->list, &run_bins[bin_of(run)]);
	if (dirty)
		dirty_blocks += run;
}

static void run_remove(struct block *b)
{
	list_del(&b->list);
	if (b->dirty)
		dirty_blocks -= b->run;
}

/* Gives used blocks back to the host until about @left are left. */
static void trim_runs(u64 left)
{
	for (unsigned bin = RUN_BINS; bin-- > 0 && dirty_blocks > left;) {
		struct block *b;

		list_for_each_entry(b, &run_bins[bin], list) {
			if (!b->dirty)
				continue;
			host_arena_discard(block_address(b), (u64)b->run << BLOCK_SHIFT);
			b->dirty = b[b->run - 1].dirty = false;
			dirty_blocks -= b->run;
			if (dirty_blocks <= left)
				break;
		}
	}
}

static void look_at_dirty_blocks(void)
{
	if (trim_due || dirty_blocks <= DIRTY_BLOCKS_KEEP)
		return;
	trim_due = true;
	dirty_spare = dirty_blocks;
	timer_start(&trim_timer, ktime_get() + TRIM_NS);
}

static void trim_tick(struct ktimer *t)
{
	u64 wanted = dirty_blocks - min(dirty_spare, dirty_blocks);

	(void)t;
	trim_due = false;
	trim_runs(max(wanted, DIRTY_BLOCKS_KEEP / 2));
	look_at_dirty_blocks();
}

/* The first of @run consecutive blocks, or NULL. */
static struct block *run_alloc(u64 run)
{
	unsigned bin = bin_of(run);
	struct block *b;

	if (blocks_used + run > arena_limit)
		return NULL;
	for (; bin < RUN_BINS; bin++) {
		list_for_each_entry(b, &run_bins[bin], list) {
			u64 have = b->run;

			if (have < run)
				continue;
			run_remove(b);
			if (have > run)
				run_insert(b + run, have - run, b->dirty);
			b->run = (u32)run;
			blocks_used += run;
			dirty_spare = min(dirty_spare, dirty_blocks);
			return b;
		}
	}
	return NULL;
}

static void run_free(struct block *b, u64 run)
{
	u64 i = (u64)(b - blocks);

	blocks_used -= run;
	/* Neighbours merge when they are in the same condition, so that untouched space stays known as such. */
	if (i + run < nr_blocks && b[run].kind == BLOCK_FREE && b[run].dirty) {
		u64 next = b[run].run;

		run_remove(b + run);
		run += next;
	}
	if (i > 0 && b[-1].kind == BLOCK_FREE && b[-1].dirty) {
		u64 prev = b[-1].run;

		b -= prev;
		run_remove(b);
		run += prev;
	}
	run_insert(b, run, true);
	if (dirty_blocks > DIRTY_BLOCKS_MAX)
		trim_runs(DIRTY_BLOCKS_MAX / 2);
	look_at_dirty_blocks();
}

/* ---- caches ---- */

static void cache_init(struct kmem_cache *c, const char *name, size_t size, size_t align)
{
	if (align < 8)
		align = 8;
	if (size >= 32 && align < 16)
		align = 16;
	c->name = name;
	c->size = (u32)round_up(max(size, sizeof(void *)), align);
	c->per_block = (u32)(BLOCK_SIZE / c->size);
	c->in_use = c->at_start = 0;
	c->empty = 0;
	INIT_LIST_HEAD(&c->partial);
	list_add_tail(&c->all, &all_caches);
}

void slab_init(void)
{
	u64 table, unit = 0;

	if (ready)
		return;
	ready = true;
	for (unsigned i = 0; i < RUN_BINS; i++)
		INIT_LIST_HEAD(&run_bins[i]);
	timer_setup(&trim_timer, trim_tick);
	cache_init(&cache_of_caches, "kmem_cache", sizeof(struct kmem_cache), 8);
	cache_init(&large_cache, "kmalloc-large", 16, 16);
	for (unsigned i = 0; i < CLASSES; i++)
		cache_init(&classes[i], class_name[i], class_size[i], class_size[i] % 64 ? 16 : 64);
	for (unsigned i = 0; i < ARRAY_SIZE(class_of); i++) {
		while (class_size[unit] < i * 16)
			unit++;
		class_of[i] = (u8)unit;
	}
	nr_blocks = host_info.arena_size >> BLOCK_SHIFT;
	if (nr_blocks > 1u << 31)
		nr_blocks = 1u << 31;
	blocks = (struct block *)host_info.arena;
	table = round_up(nr_blocks * sizeof(struct block), BLOCK_SIZE) >> BLOCK_SHIFT;
	if (table >= nr_blocks)
		host_panic("the arena of %lu bytes is too small", (unsigned long)host_info.arena_size);
	for (u64 i = 0; i < table; i++)
		blocks[i].kind = BLOCK_LARGE;
	run_insert(blocks + table, nr_blocks - table, false);
	/* Page tables of the largest sensible guest and then some; and the frame table, which is not a guest's doing. */
	arena_limit = max(host_info.physmem_size / 4, ARENA_LIMIT_MIN) + host_info.physmem_size / 64;
	arena_limit >>= BLOCK_SHIFT;
}

struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align)
{
	struct kmem_cache *c;

	slab_init();
	BUG_ON(size == 0 || size > BLOCK_SIZE || align > PAGE_SIZE || (align & (align - 1)));
	c = kmem_cache_alloc(&cache_of_caches);
	BUG_ON(!c);
	cache_of_caches.in_use--; /* caches live for ever: not a leak */
	cache_init(c, name, size, align);
	return c;
}

static struct block *cache_grow(struct kmem_cache *c)
{
	struct block *b = run_alloc(1);

	if (!b)
		return NULL;
	b->kind = BLOCK_SLAB;
	b->cache = c;
	b->free = NULL;
	b->in_use = b->carved = 0;
	list_add(&b->list, &c->partial);
	c->empty++;
	return b;
}

static void *san_alloc(struct kmem_cache *c, size_t size, size_t align)
{
	u64 *p;

	if (align < SAN_HEADER)
		align = SAN_HEADER;
	p = host_malloc(size + align, align);
	if (!p)
		return NULL;
	p = (u64 *)((u8 *)p + align);
	p[-1] = size;
	p[-2] = (u64)c;
	p[-3] = align;
	c->in_use++;
	return p;
}

static void san_free(void *p)
{
	u64 *q = p;

	((struct kmem_cache *)q[-2])->in_use--;
	host_free((u8 *)p - q[-3]);
}

void *kmem_cache_alloc(struct kmem_cache *c)
{
	struct block *b;
	void *p;

	if (host_info.sanitized)
		return san_alloc(c, c->size, c->size % 64 ? 16 : c->size % PAGE_SIZE ? 64 : PAGE_SIZE);
	if (likely(!list_empty(&c->partial))) {
		b = list_first_entry(&c->partial, struct block, list);
	} else {
		b = cache_grow(c);
		if (!b)
			return NULL;
	}
	p = b->free;
	if (p)
		b->free = *(void **)p;
	else
		p = (u8 *)block_address(b) + (size_t)b->carved++ * c->size;
	if (b->in_use++ == 0)
		c->empty--;
	if (b->in_use == c->per_block)
		list_del(&b->list);
	c->in_use++;
	return p;
}

void *kmem_cache_zalloc(struct kmem_cache *c)
{
	void *p = kmem_cache_alloc(c);

	if (p)
		memset(p, 0, c->size);
	return p;
}

static void slab_free(struct block *b, void *p)
{
	struct kmem_cache *c = b->cache;

	*(void **)p = b->free;
	b->free = p;
	c->in_use--;
	if (b->in_use-- == c->per_block)
		list_add(&b->list, &c->partial);
	if (b->in_use == 0) {
		/* One empty block stays, so that a lone object that comes and goes costs nothing. */
		if (c->empty >= 1) {
			list_del(&b->list);
			run_free(b, 1);
		} else {
			c->empty++;
			list_move_tail(&b->list, &c->partial);
		}
	}
}

void kmem_cache_free(struct kmem_cache *c, void *p)
{
	if (!p)
		return;
	if (host_info.sanitized) {
		san_free(p);
		return;
	}
	BUG_ON(block_of(p)->cache != c);
	slab_free(block_of(p), p);
}

/* ---- kmalloc ---- */

static struct kmem_cache *class_for(size_t size)
{
	unsigned i;

	if (size <= 1024)
		return &classes[class_of[(size + 15) / 16]];
	for (i = class_of[1024 / 16] + 1u; i < CLASSES; i++)
		if (size <= class_size[i])
			return &classes[i];
	return NULL;
}

/* A power of two is aligned to itself, up to a page. */
void *kmalloc(size_t size)
{
	struct kmem_cache *c;
	struct block *b;
	u64 run;

	if (size > KMALLOC_MAX)
		return NULL;
	c = class_for(size);
	if (host_info.sanitized)
		return san_alloc(c ? c : &large_cache, size, size & (size - 1) ? SAN_HEADER : min(size, PAGE_SIZE));
	if (c)
		return kmem_cache_alloc(c);
	run = (size + BLOCK_SIZE - 1) >> BLOCK_SHIFT;
	b = run_alloc(run);
	if (!b)
		return NULL;
	b->kind = BLOCK_LARGE;
	b->cache = &large_cache;
	b[run - 1].kind = BLOCK_LARGE;
	large_cache.in_use++;
	return block_address(b);
}

void kfree(const void *p)
{
	struct block *b;

	if (!p)
		return;
	if (host_info.sanitized) {
		san_free((void *)p);
		return;
	}
	b = block_of(p);
	if (b->kind == BLOCK_SLAB) {
		slab_free(b, (void *)p);
		return;
	}
	BUG_ON(b->kind != BLOCK_LARGE || b->cache != &large_cache);
	large_cache.in_use--;
	b->cache = NULL;
	run_free(b, b->run);
}

static size_t ksize(const void *p)
{
	const struct block *b;

	if (host_info.sanitized)
		return ((const u64 *)p)[-1];
	b = block_of(p);
	return b->kind == BLOCK_SLAB ? b->cache->size : (size_t)b->run << BLOCK_SHIFT;
}

void *kzalloc(size_t size)
{
	void *p = kmalloc(size);

	if (p)
		memset(p, 0, size);
	return p;
}

void *kcalloc(size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		return NULL;
	return kzalloc(total);
}

void *krealloc(void *p, size_t size)
{
	void *q;

	if (!p)
		return kmalloc(size);
	if (!host_info.sanitized && size <= ksize(p) && size >= ksize(p) / 2)
		return p;
	q = kmalloc(size);
	if (!q)
		return NULL;
	memcpy(q, p, min(size, ksize(p)));
	kfree(p);
	return q;
}

char *kstrdup(const char *s)
{
	return kmemdup(s, strlen(s) + 1);
}

char *kstrndup(const char *s, size_t max)
{
	size_t n = strnlen(s, max);
	char *p = kmalloc(n + 1);

	if (p) {
		memcpy(p, s, n);
		p[n] = 0;
	}
	return p;
}

void *kmemdup(const void *s, size_t size)
{
	void *p = kmalloc(size);

	if (p)
		memcpy(p, s, size);
	return p;
}

void slab_baseline(void)
{
	struct kmem_cache *c;

	list_for_each_entry(c, &all_caches, all)
		c->at_start = c->in_use;
}

size_t slab_leaks(bool report)
{
	struct kmem_cache *c;
	size_t total = 0;

	if (!ready)
		return 0;
	list_for_each_entry(c, &all_caches, all) {
		u64 left = c->in_use > c->at_start ? c->in_use - c->at_start : 0;

		total += left;
		if (report && left)
			pr_msg("%lu objects of cache %s are still allocated", (unsigned long)left, c->name);
	}
	return total;
}

/* @size zeroed bytes for the life of umk (the frame table): not counted, untouched pages cost nothing. */
void *arena_reserve(u64 size)
{
	u64 run = round_up(size, BLOCK_SIZE) >> BLOCK_SHIFT;
	struct block *b;

	slab_init();
	arena_limit += run;
	b = run_alloc(run);
	if (!b)
		return NULL;
	b->kind = BLOCK_LARGE;
	b->cache = NULL;
	b[run - 1].kind = BLOCK_LARGE;
	return block_address(b);
}
