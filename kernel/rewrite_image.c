/* Rewritten text that programs share. The first program that runs a file meets its call sites one by one, each with a
 * signal and a new host mapping; the next programs that map the same text at the same place get a copy in which the sites
 * found so far are rewritten already, thunks included, in contiguous frames that the host maps at once.
 *
 * An image is never changed after it was made: programs that run keep theirs, and sites found later go into the next one.
 * It is a copy: the page cache keeps the file's bytes. A change of the file makes it worthless (address_space.version). */
#include "fs.h"
#include "host.h"
#include "kerrno.h"
#include "mm.h"
#include "rewrite.h"
#include "slab.h"
#include "string.h"
#include "trap.h"
#include "umk_kernel.h"

#define IMAGE_PAGES 1024u   /* of text; larger programs rewrite for themselves */
#define IMAGE_SITES 512u
#define IMAGES_SHARE 32     /* all images together take at most one of so many frames */
#define FIRST_AFTER 4       /* starts of a file before it is worth its first image, which is a copy of all its text */
#define PATIENCE 16         /* starts that a few new sites wait for a new image */
#define MANY_NEW 4

struct image {
	struct image *next;
	struct address_space *mapping;
	u64 bias;               /* guest address of the file's first byte */
	u32 version;            /* of the mapping */
	u32 *indexes;           /* the sites found, IMAGE_SITES at most */
	u32 nr_sites, cap_sites;
	u32 starts;             /* since the last build */
	bool building;
	/* what has been built */
	u32 built;              /* sites in it: the first ones */
	u64 start;              /* guest address of frames[0] */
	u32 count;
	struct page **frames;
	u64 zone;
	u32 nr_thunks;          /* pages */
	struct page **thunks;
};
static struct image *images;
static u64 frames_used;

static void free_frames(struct page **frames, u32 count)
{
	for (u32 i = 0; frames && i < count; i++) {
		if (!frames[i])
			continue;
		frames[i]->mapcount--;
		page_put(frames[i]);
		frames_used--;
	}
	kfree(frames);
}

/* @count frames, contiguous as far as possible. An image's own reference counts as a mapping, so that nobody takes a frame
 * for its only user's. */
static struct page **alloc_frames(u32 count)
{
	struct page **frames = kcalloc(count, sizeof(*frames));
	u32 done = 0;

	while (frames && done < count) {
		u32 n = count - done;
		struct page *run = page_alloc_run(&n, false);

		if (!run) {
			free_frames(frames, count);
			return NULL;
		}
		for (u32 i = 0; i < n; i++) {
			run[i].mapcount++;
			run[i].flags = PG_TEXT;
			frames[done++] = run + i;
			frames_used++;
		}
	}
	return frames;
}

static void drop_built(struct image *im)
{
	free_frames(im->frames, im->count);
	free_frames(im->thunks, im->nr_thunks);
	im->frames = im->thunks = NULL;
	im->built = 0;
}

void rewrite_drop_images(struct address_space *mapping)
{
	struct image **p = &images;

	while (*p) {
		struct image *im = *p;

		if (mapping && im->mapping != mapping) {
			p = &im->next;
			continue;
		}
		*p = im->next;
		drop_built(im);
		kfree(im->indexes);
		kfree(im);
	}
}

static struct image *find_image(const struct vm_area *vma)
{
	u64 bias = vma->start - (vma->pgoff << PAGE_SHIFT);

	for (struct image *im = images; im; im = im->next) {
		if (im->mapping != vma->mapping || im->bias != bias)
			continue;
		if (im->version != im->mapping->version && !im->building) {
			drop_built(im);
			im->nr_sites = 0;
			im->version = im->mapping->version;
		}
		return im;
	}
	return NULL;
}

void image_note(const struct vm_area *vma, u32 index)
{
	struct image *im;

	if (!vma || !vma->mapping || vma->end - vma->start > IMAGE_PAGES << PAGE_SHIFT)
		return;
	im = find_image(vma);
	if (!im) {
		im = kzalloc(sizeof(*im));
		if (!im)
			return;
		im->mapping = vma->mapping;
		im->bias = vma->start - (vma->pgoff << PAGE_SHIFT);
		im->version = vma->mapping->version;
		vma->mapping->has_images = true;
		im->next = images;
		images = im;
	}
	for (u32 i = 0; i < im->nr_sites; i++)
		if (im->indexes[i] == index)
			return;
	if (im->nr_sites == IMAGE_SITES)
		return;
	if (im->nr_sites == im->cap_sites) {
		u32 cap = im->cap_sites ? 2 * im->cap_sites : 16;
		u32 *more = krealloc(im->indexes, cap * sizeof(*more));

		if (!more)
			return;
		im->indexes = more;
		im->cap_sites = cap;
	}
	im->indexes[im->nr_sites++] = index;
}

/* Copies the text and rewrites it. The image has a zone already. 0 or -errno; sleeps on the file. */
static int build(struct image *im, u64 start, u64 pgoff, u32 count)
{
	struct page **frames, **thunks = NULL;
	u32 sites = im->nr_sites, nr_thunks = (u32)(round_up(sites * (u64)TRAP_THUNK_SIZE, PAGE_SIZE) >> PAGE_SHIFT);
	u32 version = im->mapping->version;

	frames = alloc_frames(count);
	if (frames)
		thunks = alloc_frames(nr_thunks);
	if (!thunks)
		goto free;
	for (u32 i = 0; i < nr_thunks; i++)
		memset(page_address(thunks[i]), 0xcc, PAGE_SIZE);
	for (u32 i = 0; i < count; i++) {
		struct page *p = read_cache_page(im->mapping, pgoff + i);

		if (IS_ERR(p))
			goto free;
		memcpy(page_address(frames[i]), page_address(p), PAGE_SIZE);
		page_put(p);
	}
	if (version != im->mapping->version)
		goto free;
	for (u32 i = 0; i < sites; i++) {
		const struct site *s = &rewrite_sites[im->indexes[i]];
		u64 thunk = im->zone + i * TRAP_THUNK_SIZE, at = s->addr - start;

		rewrite_thunk((u8 *)page_address(thunks[i * TRAP_THUNK_SIZE >> PAGE_SHIFT]) + (thunk & ~PAGE_MASK), s, im->indexes[i],
			      thunk);
		if (s->addr >= start && at < (u64)count << PAGE_SHIFT)
			rewrite_patch(page_address(frames[at >> PAGE_SHIFT]), s, thunk);
	}
	drop_built(im);
	im->frames = frames;
	im->thunks = thunks;
	im->count = count;
	im->nr_thunks = nr_thunks;
	im->start = start;
	im->built = sites;
	im->starts = 0;
	im->version = version;
	return 0;
free:
	free_frames(frames, count);
	free_frames(thunks, nr_thunks);
	return -ENOMEM;
}

static bool wants_build(const struct image *im)
{
	u32 fresh = im->nr_sites - im->built;

	if (!im->built)
		return fresh && im->starts >= FIRST_AFTER;
	return fresh >= MANY_NEW || (fresh && im->starts >= PATIENCE);
}

/* The image for the area at @addr of @mm, made or renewed if that pays, its zone free in @mm; or NULL. Sleeps. */
static struct image *image_for(struct mm *mm, u64 addr)
{
	struct vm_area *vma = find_vma_exact(mm, addr), *next;
	u64 start, pgoff, limit;
	struct image *im;
	u32 count;

	if (!vma || !vma->file || !vma->mapping || (vma->flags & (VM_SHARED | VM_WRITE)) || !(vma->flags & VM_EXEC))
		return NULL;
	im = umk_options.rewrite && trap->rewrite_thunk && trap_layout.can_rewrite ? find_image(vma) : NULL;
	if (!im || im->building || !im->nr_sites)
		return NULL;
	start = vma->start;
	pgoff = vma->pgoff;
	limit = (im->mapping->host->size + PAGE_SIZE - 1) >> PAGE_SHIFT;
	if (pgoff >= limit || vma->end - vma->start > IMAGE_PAGES << PAGE_SHIFT)
		return NULL;
	count = (u32)min((vma->end - vma->start) >> PAGE_SHIFT, limit - pgoff);
	im->starts++;
	if (!im->zone) {
		long zone = rewrite_zone_place(mm, start);

		if (zone < 0)
			return NULL;
		im->zone = (u64)zone;
	}
	if (wants_build(im) && (!im->frames || (im->start == start && im->count == count)) &&
	    frames_used + count < nr_total_pages() / IMAGES_SHARE) {
		im->building = true;
		build(im, start, pgoff, count);
		im->building = false;
		vma = find_vma_exact(mm, addr); /* it slept */
		if (!vma || vma->mapping != im->mapping || vma->start != start || vma->pgoff != pgoff)
			return NULL;
	}
	if (!im->frames || im->start != start || im->count != count || im->version != im->mapping->version)
		return NULL;
	next = find_vma(mm, im->zone);
	return next && next->start < im->zone + ZONE_SIZE ? NULL : im;
}

/* Maps the thunks. False: the text must stay as it is. */
static bool show_thunks(struct mm *mm, struct image *im)
{
	return !mm_map_special(mm, im->zone, ZONE_SIZE, VM_READ | VM_EXEC | VM_MAYREAD | VM_MAYEXEC | VM_STUB, "[umk]") &&
		!mm_install_frames(mm, im->zone, im->thunks, im->nr_thunks) &&
		!rewrite_adopt(mm, im->zone, im->indexes, im->built);
}

void rewrite_attach(struct mm *mm, u64 addr)
{
	struct image *im = image_for(mm, addr);

	/* A lack of memory costs speed, never truth: what is not installed faults in from the page cache. */
	if (im && show_thunks(mm, im))
		mm_install_frames(mm, im->start, im->frames, im->count);
}

/* Does @mm show the file's own text in the image's range, but for the sites that were rewritten one by one? */
static bool text_is_plain(struct mm *mm, const struct image *im)
{
	struct vm_area *vma = find_vma_exact(mm, im->start);

	for (u32 i = 0; i < im->count; i++) {
		struct page *shown = mm_shown_page(mm, im->start + (u64)i * PAGE_SIZE);
		struct page *own = shown ? find_page(im->mapping, vma->pgoff + i) : NULL;
		bool same = !shown || (own && (shown == own || rewrite_only_difference(mm, im->start + (u64)i * PAGE_SIZE,
			page_address(shown), page_address(own))));

		if (own)
			page_put(own);
		if (!same)
			return false;
	}
	return true;
}

/* The first program that runs a file has its sites rewritten page by page, and each such page is a host mapping of its own,
 * in it and in every child. Before it forks, it gets the image instead. */
void rewrite_upgrade(struct mm *mm)
{
	struct vm_area *vma;
	u64 addr = 0;

	if (likely(!mm->rewrite) || trap->running(mm->tmm) || !rewrite_wants_image(mm, MANY_NEW))
		return;
	while ((vma = find_vma(mm, addr))) {
		struct image *im;

		addr = vma->end;
		im = vma->flags & VM_EXEC ? image_for(mm, vma->start) : NULL;
		if (!im || trap->running(mm->tmm) || !text_is_plain(mm, im))
			continue;
		rewrite_disown(mm, im->start, im->start + ((u64)im->count << PAGE_SHIFT));
		if (show_thunks(mm, im))
			mm_replace_frames(mm, im->start, im->frames, im->count);
	}
}
