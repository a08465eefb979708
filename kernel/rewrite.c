/* Call-site rewriting: after a few traps a call site of a known shape (rewrite_shape.c) becomes a jump to a thunk, which
 * enters the stub without a signal. The syscall instruction stays where it is, for code that jumps to it and for restarts.
 *
 * Decides which sites are rewritten and where thunks lie; the thunk's code is the backend's. The changed page is a frame of
 * this mm alone, never the page cache's: the program's file keeps its bytes. While siblings run, mm_private_variant() gives
 * a new frame and the host mapping is exchanged whole, so no CPU ever sees half a jump: each sibling executes either the old
 * page or the new one, and both are right.
 *
 * A site is {address, number, shape}, the same for every mm, so one table serves all; its index travels in the thunk. */
#include "kerrno.h"
#include "mm.h"
#include "rewrite.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include "trap.h"
#include "uaccess.h"
#include "umk_kernel.h"
#include <asm/unistd.h>

#define MAX_SITES 65535
#define HASH_SIZE 4096
#define WORTH_IT 4u /* traps: a site's rewriting costs two frames and two host mappings, 10 to 20 us, a trap 2 us more than a jump */
#define REACH 0x70000000ul /* less than what rel32 spans */

struct site *rewrite_sites;
#define sites rewrite_sites
static u32 nr_sites, cap_sites;
static u32 *hash; /* 1 + index */

struct patch {
	u64 addr, thunk;
	u32 index;
	u32 undone; /* the bytes are the original ones again */
};
struct zone {
	u64 start;
	u32 used;
};
/* What has been rewritten in one mm. */
struct rewrite {
	struct zone *zones;
	u32 nr_zones;
	struct patch *patches;
	u32 nr_patches, cap_patches;
	u32 in_images; /* of the patches, those that came with images or have been considered for one */
};

static u32 hash_of(u64 addr, u32 nr)
{
	return (u32)((addr * 0x9e3779b97f4a7c15ull + nr) >> 40) % HASH_SIZE;
}

/* Index of the site, or -1 when the table is full or memory is short. */
static int site_index(u64 addr, u32 nr, u32 size)
{
	u32 h = hash_of(addr, nr);

	if (!hash) {
		hash = kcalloc(HASH_SIZE, sizeof(*hash));
		if (!hash)
			return -1;
	}
	for (u32 i = hash[h]; i; i = sites[i - 1].next)
		if (sites[i - 1].addr == addr && sites[i - 1].nr == nr && sites[i - 1].size == size)
			return (int)i - 1;
	if (nr_sites == MAX_SITES)
		return -1;
	if (nr_sites == cap_sites) {
		u32 cap = cap_sites ? 2 * cap_sites : 256;
		struct site *more = krealloc(sites, cap * sizeof(*sites));

		if (!more)
			return -1;
		sites = more;
		cap_sites = cap;
	}
	sites[nr_sites] = (struct site){ .addr = addr, .nr = (u16)nr, .size = (u16)size, .next = hash[h] };
	hash[h] = ++nr_sites;
	return (int)nr_sites - 1;
}

static struct rewrite *rewrite_of(struct mm *mm)
{
	if (!mm->rewrite)
		mm->rewrite = kzalloc(sizeof(struct rewrite));
	return mm->rewrite;
}

static struct patch *find_patch(struct rewrite *rw, u64 addr)
{
	for (u32 i = 0; i < rw->nr_patches; i++)
		if (rw->patches[i].addr == addr)
			return &rw->patches[i];
	return NULL;
}

/* The page at @start of the guest's text in a frame of its own, which may be changed until text_show(); or ERR_PTR. */
static struct page *text_copy(struct mm *mm, u64 start)
{
	struct page *page = get_user_page(mm, start, false); /* there: a page of text that ran, or anonymous */

	if (IS_ERR(page))
		return page;
	page_put(page);
	return mm_private_variant(mm, start);
}

static void text_show(struct mm *mm, u64 start, struct page *page)
{
	mm_remap_page(mm, start);
	page_put(page);
}

/* Stores the thunk of @p. 0 or -errno. */
static int put_thunk(struct mm *mm, const struct patch *p)
{
	u64 start = p->thunk & PAGE_MASK;
	struct page *page = text_copy(mm, start);

	if (IS_ERR(page))
		return (int)PTR_ERR(page);
	rewrite_thunk((u8 *)page_address(page) + (p->thunk - start), &sites[p->index], p->index, p->thunk);
	text_show(mm, start, page);
	return 0;
}

/* Makes the site of @p a jump, or not one any more. False: it is as it was. */
static bool change_site(struct mm *mm, const struct patch *p, bool jump)
{
	u64 start = p->addr & PAGE_MASK;
	struct page *page = text_copy(mm, start);
	bool changed = true;

	if (IS_ERR(page))
		return false;
	if (jump)
		changed = rewrite_patch(page_address(page), &sites[p->index], p->thunk);
	else
		rewrite_unpatch(page_address(page), &sites[p->index], p->thunk, trap->running(mm->tmm));
	text_show(mm, start, page);
	return changed;
}

long rewrite_zone_place(struct mm *mm, u64 site)
{
	/* Below the code first: above it lies the heap, which wants to grow. */
	long start = get_unmapped_range(mm, ZONE_SIZE, site > REACH + GUEST_MMAP_MIN ? site - REACH : GUEST_MMAP_MIN,
					site & PAGE_MASK);

	if (start < 0)
		start = get_unmapped_range(mm, ZONE_SIZE, round_up(site + 1, PAGE_SIZE),
					   min(site + REACH, trap_layout.task_size));
	return start;
}

/* A free thunk slot that a jump at @site can reach, or 0. */
static u64 thunk_alloc(struct mm *mm, struct rewrite *rw, u64 site)
{
	struct zone *z;
	long start;

	for (u32 i = 0; i < rw->nr_zones; i++) {
		z = &rw->zones[i];
		u64 distance = z->start > site ? z->start - site : site - z->start;

		if (z->used < ZONE_SLOTS && distance < REACH)
			return z->start + TRAP_THUNK_SIZE * z->used++;
	}
	start = rewrite_zone_place(mm, site);
	if (start < 0)
		return 0;
	z = krealloc(rw->zones, (rw->nr_zones + 1) * sizeof(*z));
	if (!z)
		return 0;
	rw->zones = z;
	if (mm_map_special(mm, (u64)start, ZONE_SIZE, VM_READ | VM_EXEC | VM_MAYREAD | VM_MAYEXEC | VM_STUB, "[umk]"))
		return 0;
	z = &rw->zones[rw->nr_zones++];
	z->start = (u64)start;
	z->used = 1;
	return z->start;
}

static struct patch *patch_add(struct rewrite *rw)
{
	if (rw->nr_patches == rw->cap_patches) {
		u32 cap = rw->cap_patches ? 2 * rw->cap_patches : 16;
		struct patch *more = krealloc(rw->patches, cap * sizeof(*more));

		if (!more)
			return NULL;
		rw->patches = more;
		rw->cap_patches = cap;
	}
	return &rw->patches[rw->nr_patches];
}

/* The size of the site whose syscall instruction ends at @end, if it has a known shape and lies in memory that may be changed:
 * private, backed by a file, not writable. Otherwise 0. */
static u32 site_size(struct mm *mm, u64 end, u32 nr)
{
	struct vm_area *vma = find_vma_exact(mm, end - 1);
	struct page *page;
	u32 size;

	if (!vma || !vma->file || (vma->flags & (VM_WRITE | VM_SHARED | VM_STUB)) || !(vma->flags & VM_EXEC))
		return 0;
	page = get_user_page(mm, (end - 1) & PAGE_MASK, false);
	if (IS_ERR(page))
		return 0;
	size = rewrite_shape(page_address(page), (u32)((end - 1) & ~PAGE_MASK) + 1, nr);
	page_put(page);
	return size;
}

/* A patch for the site with @index, its thunk in place; or NULL. */
static struct patch *new_patch(struct mm *mm, struct rewrite *rw, u32 index)
{
	struct patch *patch = patch_add(rw);
	u64 site = sites[index].addr;

	if (!patch)
		return NULL;
	*patch = (struct patch){ .addr = site, .index = index, .thunk = thunk_alloc(mm, rw, site) };
	if (!patch->thunk || put_thunk(mm, patch)) /* at worst the slot is lost */
		return NULL;
	rw->nr_patches++;
	return patch;
}

void rewrite_consider(struct pt_regs *regs)
{
	struct mm *mm = current->mm;
	u64 nr = regs->orig_ax;
	struct rewrite *rw;
	struct patch *patch;
	u32 size;
	int index;

	/* rt_sigreturn is left alone: unwinders know signal frames by its bytes. */
	if (!trap_layout.can_rewrite || nr > 0xffff || nr == __NR_rt_sigreturn)
		return;
	size = site_size(mm, regs->ip, (u32)nr);
	rw = size ? rewrite_of(mm) : NULL;
	if (!rw)
		return;
	index = site_index(regs->ip - size, (u32)nr, size);
	if (index < 0 || (sites[index].traps < WORTH_IT && ++sites[index].traps < WORTH_IT))
		return;
	patch = find_patch(rw, regs->ip - size);
	if (!patch)
		patch = new_patch(mm, rw, (u32)index);
	if (!patch)
		return;
	patch->undone = !change_site(mm, patch, true);
	if (!patch->undone)
		image_note(find_vma_exact(mm, patch->addr), (u32)index);
}

int rewrite_adopt(struct mm *mm, u64 start, const u32 *indexes, u32 count)
{
	struct rewrite *rw = rewrite_of(mm);
	struct zone *z = rw ? krealloc(rw->zones, (rw->nr_zones + 1) * sizeof(*z)) : NULL;

	if (!z)
		return -ENOMEM;
	rw->zones = z;
	for (u32 i = 0; i < count; i++) {
		struct patch *p = patch_add(rw);

		if (!p) {
			rw->nr_patches -= i;
			return -ENOMEM;
		}
		*p = (struct patch){ .addr = sites[indexes[i]].addr, .index = indexes[i], .thunk = start + TRAP_THUNK_SIZE * i };
		rw->nr_patches++;
	}
	rw->zones[rw->nr_zones++] = (struct zone){ .start = start, .used = count };
	rw->in_images += count;
	return 0;
}

bool rewrite_wants_image(struct mm *mm, u32 enough)
{
	struct rewrite *rw = mm->rewrite;

	if (!rw || rw->nr_patches < rw->in_images + enough)
		return false;
	rw->in_images = rw->nr_patches;
	return true;
}

bool rewrite_only_difference(struct mm *mm, u64 addr, const u8 *page, const u8 *original)
{
	struct rewrite *rw = mm->rewrite;
	u8 *copy = kmemdup(page, PAGE_SIZE);
	bool same;

	if (!copy)
		return false;
	for (u32 i = 0; i < rw->nr_patches; i++) {
		const struct patch *p = &rw->patches[i];

		if ((p->addr & PAGE_MASK) == addr && !p->undone)
			rewrite_unpatch(copy, &sites[p->index], p->thunk, false);
	}
	same = !memcmp(copy, original, PAGE_SIZE);
	kfree(copy);
	return same;
}

void rewrite_disown(struct mm *mm, u64 start, u64 end)
{
	struct rewrite *rw = mm->rewrite;

	for (u32 i = 0; i < rw->nr_patches;) {
		if (rw->patches[i].addr >= start && rw->patches[i].addr < end)
			rw->patches[i] = rw->patches[--rw->nr_patches];
		else
			i++;
	}
	rw->in_images = min(rw->in_images, rw->nr_patches);
}

/* Is @ip on the way from @p's site to the end of its thunk? */
static bool on_the_way(struct mm *mm, const struct patch *p, u64 ip)
{
	u8 code[JUMP_SIZE];

	if (ip >= p->thunk && ip < p->thunk + TRAP_THUNK_SIZE)
		return true;
	if ((ip & PAGE_MASK) != (p->addr & PAGE_MASK) || ip == p->addr || copy_from_mm(mm, code, ip, sizeof(code)))
		return false;
	return rewrite_is_jump(code, ip, p->thunk);
}

void rewrite_fix_interrupt(struct mm *mm, struct pt_regs *regs)
{
	struct rewrite *rw = mm->rewrite;

	if (likely(!rw))
		return;
	for (u32 i = 0; i < rw->nr_patches; i++) {
		/* Nothing of the guest's has been changed yet but rax and, where the site changes them, the flags. */
		if (on_the_way(mm, &rw->patches[i], regs->ip)) {
			regs->ip = rw->patches[i].addr;
			return;
		}
	}
}

bool rewrite_site_regs(struct mm *mm __maybe_unused, u32 index, struct pt_regs *regs)
{
	if (unlikely(index >= nr_sites))
		return false;
	regs->orig_ax = sites[index].nr;
	regs->ip = sites[index].addr + sites[index].size;
	regs->cx = regs->ip;
	return true;
}

static void undo(struct mm *mm, struct patch *p)
{
	if (!p->undone && find_vma_exact(mm, p->addr) && change_site(mm, p, false))
		p->undone = true;
}

void rewrite_forget(struct mm *mm, u64 start, u64 end)
{
	struct rewrite *rw = mm->rewrite;

	if (likely(!rw))
		return;
	for (u32 i = 0; i < rw->nr_patches;) {
		struct patch *p = &rw->patches[i];
		bool site_in = p->addr < end && p->addr + sites[p->index].size > start;
		bool thunk_in = p->thunk < end && p->thunk + TRAP_THUNK_SIZE > start;

		if (!site_in && !thunk_in) {
			i++;
			continue;
		}
		undo(mm, p);
		*p = rw->patches[--rw->nr_patches];
	}
	for (u32 i = 0; i < rw->nr_zones;) {
		struct zone *z = &rw->zones[i];

		if (z->start < end && z->start + ZONE_SIZE > start)
			*z = rw->zones[--rw->nr_zones]; /* what is left of it stays mapped, and in use, but takes no more */
		else
			i++;
	}
}

void rewrite_mm_exit(struct mm *mm)
{
	struct rewrite *rw = mm->rewrite;

	if (!rw)
		return;
	kfree(rw->zones);
	kfree(rw->patches);
	kfree(rw);
	mm->rewrite = NULL;
}

int rewrite_mm_copy(struct mm *child, struct mm *parent)
{
	struct rewrite *from = parent->rewrite, *rw;

	if (!from)
		return 0;
	rw = kzalloc(sizeof(*rw));
	if (!rw)
		return -ENOMEM;
	child->rewrite = rw;
	if (from->nr_zones) {
		rw->zones = kmemdup(from->zones, from->nr_zones * sizeof(*rw->zones));
		if (!rw->zones)
			goto free;
		rw->nr_zones = from->nr_zones;
	}
	if (from->nr_patches) {
		rw->patches = kmemdup(from->patches, from->nr_patches * sizeof(*rw->patches));
		if (!rw->patches)
			goto free;
		rw->nr_patches = rw->cap_patches = from->nr_patches;
		rw->in_images = from->in_images;
	}
	return 0;
free:
	rewrite_mm_exit(child);
	return -ENOMEM;
}

/* At the end of umk, when no address space is left. */
void rewrite_exit(void)
{
	rewrite_drop_images(NULL);
	kfree(sites);
	kfree(hash);
	sites = NULL;
	hash = NULL;
	nr_sites = cap_sites = 0;
}
