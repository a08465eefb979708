/* What the files of kernel/mm share: page-table entries, the VMA tree, and the helpers between them. */
#ifndef UMK_MM_INTERNAL_H
#define UMK_MM_INTERNAL_H

#include "mm.h"
#include "trap.h"

/* ---- slab.c ---- */
void *arena_reserve(u64 size);

/* ---- page.c ---- */
extern struct page *pages;
#define PAGE_RUN_MAX 512u /* frames of the largest contiguous run: 2 MiB */
static inline u64 page_pfn(const struct page *p) { return (u64)(p - pages); }
static inline struct page *pfn_page(u64 pfn) { return &pages[pfn]; }
/* Gives back @count consecutive frames whose references have been dropped to zero. */
void page_free_run(struct page *p, u32 count);
/* Frames that read as zeroes and are never written: what anonymous memory shows before its first store. They lie together, so
 * that the host needs one mapping for a cluster of them. */
#define ZERO_PAGES 64u /* a power of two */
extern struct page *zero_pages; /* NULL until there is one */
static inline bool page_is_zero(const struct page *p)
{
	return zero_pages && p >= zero_pages && p < zero_pages + ZERO_PAGES;
}
/* The zero frame for @addr, with a reference, or NULL: no memory. */
struct page *zero_page_get(u64 addr);
/* May the guest write the frame in place? Then nobody else's table holds it, and it is not the page cache's. */
static inline bool page_exclusive(const struct page *p)
{
	return !p->mapping && p->mapcount == 1 && !page_is_zero(p);
}
/* Few frames are left: fault in page by page. */
bool memory_low(void);

/* ---- fault.c ---- */
#define PREMAP_COPY 16u /* pages of data that are copied ahead of their stores */
bool pte_absent(struct mm *mm, u64 addr); /* no frame is present */
/* A store to memory without a frame, and one to a present page of a private area that may not be written as it is: 0, -ENOMEM,
 * -EAGAIN (things have changed: the fault starts over). */
int anon_fault(struct vm_area *vma, u64 addr);
int cow_fault(struct vm_area *vma, u64 addr);

/* ---- premap.c ---- */
/* mm_premap() for the segment of a library that was just mapped at @addr, and for what it left of the mapping below it. */
void mm_premap_segment(struct mm *mm, u64 addr);
/* A file was just mapped at [start, end): the host shows its beginning if it can. */
void mm_show_file(struct mm *mm, u64 start, u64 end);

/* ---- pgtable.c: a radix tree of four levels, as the machine's own ----
 *
 * An entry says what the guest may do, and what the host may still hold of it. HOST and HOSTW are set when a mapping is
 * queued and cleared when its removal is: the host may have less (it drops mappings as it likes), never more. */
typedef u64 pte_t;
#define PTE_PRESENT 1ull
#define PTE_WRITE 2ull   /* the guest may store without a fault: not to be copied, and dirty if it is a file's */
#define PTE_READ 4ull    /* the area allows any access; off under PROT_NONE */
#define PTE_HOST 8ull    /* the host may have it mapped */
#define PTE_HOSTW 16ull  /* the host may have it mapped writable */
#define PTE_OLD 32ull    /* not used since /proc/PID/clear_refs was written: the host must not map it before it is */
#define PTE_DIRECT 64ull /* the host shows the file's own page (direct.c), whatever the entry says; it may be the only bit */
#define PTE_PFN_SHIFT 12
static inline u64 pte_pfn(pte_t e) { return e >> PTE_PFN_SHIFT; }
static inline struct page *pte_page(pte_t e) { return pfn_page(pte_pfn(e)); }
static inline pte_t pfn_pte(u64 pfn, u64 bits) { return pfn << PTE_PFN_SHIFT | bits; }

pte_t *pte_lookup(const struct mm *mm, u64 addr);  /* NULL when no table covers it */
pte_t *pte_alloc(struct mm *mm, u64 addr);         /* NULL: no memory */
/* The next table that covers part of [*addr, end): its first entry of interest, *addr set to that entry's address and
 * *count to how many follow up to @end. NULL when there is none. */
pte_t *pte_walk(const struct mm *mm, u64 *addr, u64 end, unsigned *count);
/* Frees the tables of [start, end) that have no entry left. */
void pgtable_trim(struct mm *mm, u64 start, u64 end);
void pgtable_free(struct mm *mm);                  /* all; entries are gone */

/* Installs a frame; takes over the caller's reference. */
void pte_install(struct mm *mm, pte_t *pte, struct page *p, u64 bits);
/* Takes the frame out; the reference is the caller's to put, after trap->flush. */
struct page *pte_remove(struct mm *mm, pte_t *pte, u64 addr);
/* The host shows nothing of the range any more when this returns. */
void host_unmap_range(struct mm *mm, u64 start, u64 end);
/* Takes away every page in [start, end): host mappings, entries, references. @only: just pages of this mapping, so that
 * private copies stay. Lets others run now and then when @resched; areas in the range may then see new faults. */
void zap_range(struct mm *mm, u64 start, u64 end, struct address_space *only, bool resched);

static inline void utlb_drop(struct mm *mm, u64 addr)
{
	mm->utlb[(addr >> PAGE_SHIFT) % UTLB_ENTRIES].tag = 0;
}
void utlb_clear(struct mm *mm);

/* ---- hostmap.c: the host's mappings as a cache of the page table ---- */
int host_prot(const struct vm_area *vma, bool writable);
/* Queues mappings for the present pages round @addr, contiguous in both spaces, within [low, high). */
void host_map_around(struct vm_area *vma, u64 addr, u64 low, u64 high);
/* Queues mappings for the present pages of [start, end), at most @runs of them. Returns how many were queued. */
unsigned host_map_range(struct vm_area *vma, u64 start, u64 end, unsigned runs, bool populate);
/* Takes write access from the host's mappings of [start, end) and from the entries. The caller flushes. True if there is
 * something to flush. */
bool write_protect_range(struct vm_area *vma, u64 start, u64 end);

/* ---- direct.c: files that the host shows itself ---- */
/* Shows what is not present of [start, end) directly, as far as the file reaches. False: that cannot be, or would not pay. */
bool direct_show(struct vm_area *vma, u64 start, u64 end);
/* Nobody sees the file of @m directly any more when this returns. */
void direct_drop(struct address_space *m);
/* Shows the child directly what its parent sees so. */
void direct_copy(struct vm_area *child, struct mm *parent);
static inline bool pte_direct(pte_t e)
{
	return (e & (PTE_PRESENT | PTE_DIRECT)) == PTE_DIRECT;
}

/* ---- vma.c ---- */
extern u32 sysctl_max_map_count;
#define STACK_GUARD_GAP (256 * PAGE_SIZE)
struct vm_area *vma_alloc(struct mm *mm, u64 start, u64 end, u64 flags);
void vma_free(struct vm_area *vma);            /* drops its file and mapping; may sleep */
void vma_link(struct mm *mm, struct vm_area *vma);
void vma_unlink(struct mm *mm, struct vm_area *vma);
/* Moves the ends of a linked area. */
void vma_resize(struct vm_area *vma, u64 start, u64 end, u64 pgoff);
struct vm_area *vma_prev(struct vm_area *vma); /* or NULL */
struct vm_area *vma_next(struct vm_area *vma);
/* A copy of @vma's description for @mm, not linked, or NULL. */
struct vm_area *vma_dup(struct mm *mm, const struct vm_area *vma);
/* Joins @vma with its neighbours where they say the same. Returns the area that now holds it. */
struct vm_area *vma_merge(struct vm_area *vma);
/* Changes the flags of [start, end), which lies in one area. 0 or -ENOMEM. */
int change_vma_flags(struct mm *mm, u64 start, u64 end, u64 set, u64 clear);
/* Before an anonymous page is put into @vma. */
void anon_vma_prepare(struct vm_area *vma);
/* For a copy that fork has made. */
void anon_vma_fork(struct vm_area *child);
/* Makes [start, end) begin and end on area boundaries. 0 or -ENOMEM: no memory, or too many areas (fewer are refused when the
 * range is to be removed). */
int vma_isolate(struct mm *mm, u64 start, u64 end, bool removing);
static inline u64 vma_pages(const struct vm_area *vma) { return (vma->end - vma->start) >> PAGE_SHIFT; }
static inline u64 vma_index(const struct vm_area *vma, u64 addr)
{
	return vma->pgoff + ((addr - vma->start) >> PAGE_SHIFT);
}
static inline bool vma_is_data(const struct vm_area *vma) /* counts for RLIMIT_DATA, as Linux's is_data_mapping */
{
	return (vma->flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE;
}
void mm_account(struct mm *mm, const struct vm_area *vma, s64 pages);
/* May the mapping grow by @pages? Checks RLIMIT_AS, and RLIMIT_DATA if @data. */
bool may_expand_vm(struct mm *mm, u64 pages, bool data);
int expand_stack(struct vm_area *vma, u64 addr);

/* ---- mmap.c ---- */
#define VM_MAYALL (VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)
/* Takes [start, end) out of the tree and zaps its pages; the areas go to @dead, for free_areas() without the lock. umk's own
 * areas stay: the guest does not know of them. 0, -ENOMEM, or -EPERM: part of it is sealed. */
int unmap_areas(struct mm *mm, u64 start, u64 end, struct list_head *dead);
void free_areas(struct list_head *dead);
/* Is nothing there, and no stack just above? */
bool range_free(struct mm *mm, u64 addr, u64 len);
/* May @len more bytes with these flags be mapped, as for RLIMIT_MEMLOCK? */
bool mlock_allowed(struct mm *mm, u64 vm_flags, u64 len);
bool overcommit_refused(u64 count, u64 vm_flags);

/* ---- anon_name.c ---- */
struct anon_name *anon_name_get(struct anon_name *n); /* NULL is no name, here and below */
void anon_name_put(struct anon_name *n);
bool anon_name_same(const struct anon_name *a, const struct anon_name *b);
/* A name with a reference; ERR_PTR(-EFAULT), -EINVAL (too long, or characters that no name has), -ENOMEM. */
struct anon_name *anon_name_from_user(const char __user *utext);
/* Names [start, end) of @vma. 0, -EBADF, -EAGAIN (too many areas). */
int anon_name_area(struct mm *mm, struct vm_area *vma, u64 start, u64 end, struct anon_name *name);

/* ---- madvise.c ---- */
/* May process_madvise(2) give this advice? */
bool madvise_remote_valid(int behavior);
/* madvise(2) of a valid advice on @mm. */
int madvise_remote(struct mm *mm, u64 start, u64 len, int behavior);

/* ---- fault.c ---- */
enum fault_in { FAULT_IN_READ, FAULT_IN_WRITE, FAULT_IN_LOCK };
/* Faults in what is missing of [start, end). 0, or the error of the first page that could not be; -EINTR. */
int mm_fault_in(struct mm *mm, u64 start, u64 end, enum fault_in mode);

/* ---- filemap.c ---- */
u64 mapping_pages(const struct address_space *m); /* up to the end of file */
/* A cached, uptodate page without a reference, or NULL. */
struct page *cache_peek(struct address_space *m, u64 index);
#define READ_AROUND 64u /* of a mapped file: fewer, longer host mappings */
/* read_cache_page for a fault: reads what is missing of the aligned @around pages, a power of two, in contiguous frames. */
struct page *read_cache_around(struct address_space *m, u64 index, u32 around);
/* Shmem: puts up to @count zeroed frames at @index, where there are none. 0, -ENOMEM, or -ENOSPC: the limit is reached. */
int cache_fill_zero(struct address_space *m, u64 index, u32 count);
/* Lets go of clean pages of indexes [start, end) that at most one page table maps. */
void reclaim_range(struct address_space *m, u64 start, u64 end);
/* Frees some clean pages of the cache. How many. Never sleeps. */
u64 reclaim_pages(u64 want);

#endif
