/* Guest memory: frames of physmem, page tables, VMAs, the page cache. (kernel/mm/) */
#ifndef UMK_MM_H
#define UMK_MM_H

#include "types.h"
#include "kerrno.h"
#include "list.h"
#include "ptrace.h"
#include "wait.h"

struct file;
struct inode;
struct trap_mm;
struct task;

/* ---- frames ---- */
struct page {
	u32 refs;              /* page tables, the page cache and I/O in flight; 0 = free */
	u32 flags;             /* PG_* */
	u32 mapcount;          /* page-table entries that map it */
	u32 private;           /* the allocator's */
	union {
		struct {
			struct address_space *mapping; /* page cache's owner, or NULL (anonymous) */
			u64 index;                     /* page index in mapping */
		};
		struct list_head free_node;            /* first frame of a free block: the allocator's list */
	};
	struct list_head lru;  /* page cache: filemap.c's */
};
#define PG_UPTODATE 1u
#define PG_DIRTY 2u
#define PG_ZEROED 4u  /* free and known to read as zeroes */
#define PG_LOCKED 8u  /* being read or written; wait on page_wait_locked */
#define PG_FREE 16u   /* first frame of a free block of 2^private frames */
#define PG_FALLOC 64u  /* tmpfs: reserved by an fallocate(2) that is not over */
#define PG_TEXT 128u  /* a file's text with call sites rewritten: counts as the file's */
#define PG_REFERENCED 32u /* page cache: used since the reclaimer last passed */

void physmem_init(void);
/* 2^order contiguous frames with refs 1 each, contents zero when @zero. NULL when there are none (then the caller
 * answers ENOMEM or the OOM kill). */
struct page *page_alloc(unsigned order, bool zero);
/* As many contiguous frames as it can give, at most *count; at least 1, or NULL. Contents zero when @zero. */
struct page *page_alloc_run(u32 *count, bool zero);
void page_get(struct page *p);
void page_put(struct page *p);
u64 page_phys(const struct page *p);   /* byte offset in physmem */
void *page_address(const struct page *p);
struct page *phys_page(u64 phys);
u64 nr_free_pages(void);
u64 nr_total_pages(void);

/* ---- the page cache of one inode ---- */
struct address_space_operations {
	/* Fills @page (index set, locked) from the inode; bytes beyond the end are zeroed. May sleep. 0 or -errno. */
	int (*read_page)(struct inode *inode, struct page *page);
	/* As read_page for @count pages of consecutive indexes and frames (a read-ahead cluster); optional. */
	int (*read_pages)(struct inode *inode, struct page *first, u32 count);
	/* Writes the page's part below i_size. May sleep. NULL: pages are never written back (tmpfs, memfd). */
	int (*write_page)(struct inode *inode, struct page *page);
	/* As write_page for @count pages of consecutive indexes and frames; optional. */
	int (*write_pages)(struct inode *inode, struct page *first, u32 count);
	/* The host's descriptor of the file, for trap->map_file(), or -errno: guests see the file only through the cache. Optional. */
	int (*host_fd)(struct inode *inode);
};
/* How many cached pages a file system has, and may have (0: any number): fs/tmpfs.c's. */
struct page_account {
	u64 used, max;
};
struct address_space {
	struct inode *host;
	struct page_account *account; /* counts the pages, or NULL */
	const struct address_space_operations *ops;
	void *root;            /* radix tree of pages */
	u64 nr_pages;
	u32 nr_dirty;
	struct list_head vmas; /* vma.mapping_node: who maps it */
	struct list_head dirty_node; /* on dirty_mappings while nr_dirty is not 0 and there is a write_page */
	bool direct;           /* guests may see the host's file itself (kernel/mm/direct.c) */
	u32 host_id;           /* what trap->map_file() knows the file by, or 0 */
	bool shmem;            /* memory is all that holds the pages: tmpfs, memfd, shared anonymous memory */
	u64 ra_next;           /* read-ahead: the index that a sequential reader misses next */
	u32 ra_pages;          /* and the size of the last cluster */
	u32 version;           /* counts changes of content: who keeps something made from it looks again */
	bool has_images;       /* kernel/rewrite_image.c keeps something made from it */
};
extern struct list_head dirty_mappings; /* for periodic write-back */
void page_wait_locked(struct page *p);
void address_space_init(struct address_space *m, struct inode *host, const struct address_space_operations *ops);
/* Drops all pages (inode going away); dirty ones have been written before. */
void address_space_destroy(struct address_space *m);
/* The page at @index with a reference, or NULL. */
struct page *find_page(struct address_space *m, u64 index);
/* The page at @index, uptodate, with a reference; reads it (and read-ahead) if missing. ERR_PTR(-ENOMEM, -EIO...). */
struct page *read_cache_page(struct address_space *m, u64 index);
/* The same without reading: a new page is zeroed and uptodate (whole overwrite, tmpfs). */
struct page *grab_cache_page(struct address_space *m, u64 index);
void set_page_dirty(struct page *p);
/* The first page at index *index or above, without a reference; *index becomes its index. NULL: there is none. */
struct page *next_page(struct address_space *m, u64 *index);
/* Unmaps and drops pages wholly beyond @size, zeroes the tail of the last. After i_size was set. */
void truncate_pages(struct address_space *m, u64 size);
/* Zeroes what the last page of a file of @size bytes has behind the end: mappings may have stored there, and the file grows. */
void zero_beyond(struct address_space *m, u64 size);
/* Drops clean or all pages of [start,end) page indexes and unmaps them everywhere. */
void invalidate_pages(struct address_space *m, u64 start, u64 end);
/* Writes dirty pages of [start,end) and waits. First error or 0. May sleep. */
int write_dirty_pages(struct address_space *m, u64 start, u64 end);
/* read(2)/write(2) through the cache, for files with read_page: bytes or -errno; advance *pos. */
struct iov_iter;
ssize_t generic_file_read(struct inode *inode, u64 *pos, struct iov_iter *to);
ssize_t generic_file_write(struct inode *inode, u64 *pos, struct iov_iter *from);

/* ---- address spaces ---- */
#define VM_READ 1ul   /* the same values as PROT_* */
#define VM_WRITE 2ul
#define VM_EXEC 4ul
#define VM_SHARED 8ul
#define VM_MAYREAD 0x10ul
#define VM_MAYWRITE 0x20ul
#define VM_MAYEXEC 0x40ul
#define VM_GROWSDOWN 0x100ul
#define VM_DONTCOPY 0x200ul
#define VM_WIPEONFORK 0x400ul
#define VM_LOCKED 0x800ul
#define VM_NORESERVE 0x1000ul
#define VM_DONTDUMP 0x4000ul
#define VM_STUB 0x2000ul /* belongs to umk (rewrite thunks): hidden, and refused to munmap, mprotect and MAP_FIXED */
#define VM_LOCKONFAULT 0x8000ul
#define VM_ACCOUNT 0x10000ul    /* counts as committed memory */
#define VM_HUGEPAGE 0x20000ul   /* madvise: faulted in by 2 MiB */
#define VM_NOHUGEPAGE 0x40000ul /* madvise: clusters do not grow */
#define VM_MERGEABLE 0x80000ul  /* madvise: for a KSM that does not run */
#define VM_RAND_READ 0x100000ul
#define VM_SEQ_READ 0x200000ul
#define VM_SEALED 0x400000ul    /* mseal(2) */
#define VM_DROPPABLE 0x800000ul

/* Bits of a dump filter, core(5). */
#define MM_DUMP_ANON_PRIVATE 1u
#define MM_DUMP_ANON_SHARED 2u
#define MM_DUMP_MAPPED_PRIVATE 4u
#define MM_DUMP_MAPPED_SHARED 8u
#define MM_DUMP_ELF_HEADERS 0x10u
#define MM_DUMP_ALL 0x1ffu
#define MM_DUMP_DEFAULT 0x33u

struct vm_area {
	u64 start, end;         /* [start, end) */
	u64 flags;              /* VM_* */
	struct mm *mm;
	struct file *file;      /* reference held, or NULL (anonymous) */
	struct address_space *mapping; /* pages of a file or shared-anonymous mapping, or NULL */
	u64 pgoff;              /* page index in mapping of start; anonymous: that of the address it was first used at */
	u64 anon_vma;           /* whose pages these are, for merging as Linux does: 0 while nothing was faulted in */
	u64 policy;             /* mbind(2)'s, see mempolicy.h; 0: the task's */
	struct list_head node;  /* mm.vmas, sorted */
	struct list_head mapping_node;
	const char *name;       /* "[stack]" ...: constant, or NULL */
	struct anon_name *anon_name; /* a reference to what PR_SET_VMA_ANON_NAME gave it, or NULL */
	u32 cluster;            /* pages of the last fault-in, for growth */
	u64 last_fault;         /* address behind the last fault-in */
	struct vm_area *left, *right; /* mm.tree, ordered by start */
	u32 priority;           /* heap order of the tree */
	u64 sub_start, sub_end, sub_gap; /* of the subtree: ends, and the largest hole between two areas */
};
#define UTLB_ENTRIES 64
struct utlb_entry {
	u64 tag;                /* page address | 1 valid | 2 writable; 0 none */
	u8 *kaddr;              /* the frame in the kernel's mapping */
};
struct mm {
	u32 users;              /* tasks */
	struct trap_mm *tmm;
	u64 id;                 /* its own for ever */
	u64 program;            /* trap_ops.mm_create's: the file's inode after execve, the parent's id after fork; 0 before */
	struct list_head vmas;
	u32 nr_vmas;
	void *pgd;              /* the page table */
	u64 total_vm, locked_vm, data_vm, exec_vm, stack_vm, hiwater_vm;   /* pages of areas */
	u64 rss_anon, rss_file, rss_shmem, hiwater_rss;                    /* pages that are present */
	u64 start_code, end_code, start_data, end_data, start_brk, brk, start_stack;
	u64 arg_start, arg_end, env_start, env_end;
	u64 mmap_base;          /* get_unmapped_area goes down from here */
	struct file *exe_file;
	u64 auxv[64];
	void *rewrite;          /* kernel/rewrite.c's, or NULL */
	bool dumpable;
	u16 dump_filter;        /* /proc/PID/coredump_filter: what of its memory a core file has; core(5) */
	bool thp_disabled;      /* prctl(PR_SET_THP_DISABLE): remembered only */
	struct vm_area *cache;  /* last found */
	u64 membarrier;
	u8 mdwe;                /* PR_SET_MDWE */
	struct vm_area *tree;   /* root of the tree over vmas */
	struct task *lock_owner; /* see mmap_lock() */
	bool copying;           /* mm_copy holds the lock: faults wait too, so that the child is one moment's copy */
	struct wait_queue_head lock_wait;
	u64 def_flags;          /* VM_LOCKED after mlockall(MCL_FUTURE) */
	u64 nr_ptes;            /* bytes of page tables */
	bool pkey_spent;        /* pkey_alloc(2) has been tried */
	bool keep_tables;       /* empty page tables stay: mremap is filling them */
	struct page *variant_old; /* between mm_private_variant() and mm_remap_page(): the frame that the guest still runs */
	struct utlb_entry utlb[UTLB_ENTRIES]; /* software TLB of uaccess */
};

static inline u64 mm_rss(const struct mm *mm) { return mm->rss_anon + mm->rss_file + mm->rss_shmem; }

/* The list and tree of areas change only under this lock, which sleeps; faults do not take it but for stack growth. Never
 * touch guest memory while holding it. Killable: -EINTR when current has been killed meanwhile. */
int mmap_lock(struct mm *mm);
void mmap_unlock(struct mm *mm);

static inline u64 program_of_file(const struct inode *inode) { return (u64)(unsigned long)inode; }
static inline u64 program_of_child(const struct mm *parent) { return parent->id << 1 | 1; }
struct mm *mm_alloc(void);                   /* empty; tmm is set by the caller */
/* Copy for fork. The child's tmm must be set (its host mappings are empty). Copy-on-write is complete on the
 * parent's side when it returns. 0 or -ENOMEM. May reschedule. */
int mm_copy(struct mm *child, struct mm *parent);
void mm_get(struct mm *mm);
void mm_drop(struct mm *mm);                 /* the same as mm_put, for a reference that may be the last with a host side */
void mm_put(struct mm *mm);                  /* the last one frees everything but tmm, which the caller destroys first */
struct vm_area *find_vma(struct mm *mm, u64 addr);  /* first with end > addr, or NULL */
struct vm_area *find_vma_exact(struct mm *mm, u64 addr); /* one that contains addr, or NULL */

/* Resolves a fault of @mm at @addr: maps pages into the host. @access: VM_READ, VM_WRITE or VM_EXEC. 0; or -EFAULT
 * (SEGV_MAPERR), -EACCES (SEGV_ACCERR), -EFBIG (SIGBUS BUS_ADRERR: beyond the end of file), -EIO (SIGBUS), -ENOMEM
 * (OOM kill), -EINTR (killed while waiting). May sleep. */
int handle_mm_fault(struct mm *mm, u64 addr, unsigned access);

/* PR_SET_MDWE forbids that an area of @mm goes from flags @old to @new. A new mapping has the same as both. (kernel/prctl_mm.c) */
bool mdwe_refuses(const struct mm *mm, u64 old, u64 new);
void mdwe_fork(struct mm *child, const struct mm *parent);

/* Huge pages are asked for by the logarithm of their size, 0 for the usual one, in bits 26 to 31 of the call's flags. Their pool
 * is empty, so that only asking for a size that the machine does not have is another error. */
static inline bool huge_page_size_known(unsigned long flags)
{
	unsigned log = flags >> 26 & 63;

	return !log || log == 21 || log == 30;
}

/* mmap(2) and kin on current's mm; all values validated there. Return an address or -errno. */
/* @pgoff in pages. */
long do_mmap(struct mm *mm, struct file *file, u64 addr, u64 len, unsigned long prot, unsigned long flags, u64 pgoff);
int do_munmap(struct mm *mm, u64 addr, u64 len);
int do_mprotect(struct mm *mm, u64 addr, u64 len, unsigned long prot);
/* prctl(2), PR_SET_VMA_ANON_NAME: names [addr, addr + len), of which parts may be missing; without a name when @uname is NULL.
 * 0, -EINVAL, -EFAULT, -EBADF (a file's), -ENOMEM (a part is missing), -EAGAIN, -EINTR. */
int mm_name_anon(struct mm *mm, u64 addr, u64 len, const char __user *uname);
const char *anon_name_text(const struct anon_name *n);
/* Anonymous memory shared between processes: gives @vma (MAP_SHARED of /dev/zero, or without a file) an object of its own. 0 or
 * -ENOMEM. For file_operations.mmap. */
int shmem_zero_setup(struct vm_area *vma);
bool file_is_anon_shmem(const struct file *f); /* one that shmem_zero_setup() made */
/* Drops what is cached of page indexes [start, end), changed or not; private copies stay. Punches a hole into shmem. */
void punch_pages(struct address_space *m, u64 start, u64 end);
/* Does anybody have a shared mapping that may become writable? */
bool mapping_writably_mapped(const struct address_space *m);
/* Shows the guest what is at hand without a fault each: maps cached pages of @mm's file mappings and present pages. Used
 * after execve has built an address space. Never sleeps, reads nothing. */
void mm_premap(struct mm *mm);
/* Moves or resizes as mremap(2). */
long do_mremap(struct mm *mm, u64 old, u64 old_len, u64 new_len, unsigned long flags, u64 new_addr);
/* brk(2) on @mm. The new (or unchanged) break. */
u64 do_brk(struct mm *mm, u64 brk);
/* Faults in what can be of [start, end), as MAP_POPULATE does: private writable memory for writing. */
void mm_populate(struct mm *mm, u64 start, u64 end);
/* For execve: a mapping with a name; the stack VMA [stack]. */
int mm_map_special(struct mm *mm, u64 addr, u64 len, u64 vm_flags, const char *name);
/* Shows @count frames as private pages at @addr, where nothing is present yet. Takes references of its own. 0 or -ENOMEM. */
int mm_install_frames(struct mm *mm, u64 addr, struct page **frames, u64 count);
/* The same in place of what is there. */
int mm_replace_frames(struct mm *mm, u64 addr, struct page **frames, u64 count);
/* The frame that is present at @addr, without a reference, or NULL. */
struct page *mm_shown_page(struct mm *mm, u64 addr);
/* Does the guest see a file's page at @addr without a frame of physmem? */
bool mm_is_direct(struct mm *mm, u64 addr);
/* A free range of @len bytes in [low, high), page-aligned, or -ENOMEM. */
long get_unmapped_range(struct mm *mm, u64 len, u64 low, u64 high);

/* The frame behind @addr after making it present (and writable and private when @write): a reference is held.
 * ERR_PTR as handle_mm_fault. */
struct page *get_user_page(struct mm *mm, u64 addr, bool write);
/* For rewriting: makes [addr] of a private file mapping a page of its own (copied), without write access for the guest.
 * The frame, referenced, or ERR_PTR. While threads of @mm run it is always a new frame, which they do not see until
 * mm_remap_page() exchanges it. No sleep in between. */
struct page *mm_private_variant(struct mm *mm, u64 addr);
void mm_remap_page(struct mm *mm, u64 addr);

/* guest physical limits of layout: see kernel/mm/layout in ARCHITECTURE.md */
#define GUEST_MMAP_MIN 0x10000ul

#endif
