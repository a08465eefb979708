/* mmap(2), munmap(2) and brk(2): which areas there are. Pages come later, in fault.c; the areas' tree is vma.c's. */
#include "internal.h"
#include "fs.h"
#include "ledger.h"
#include "sched.h"
#include "syscalls.h"
#include "umk_kernel.h"
#include <asm-generic/resource.h>
#include <asm/mman.h>
#include <linux/capability.h>
#include <linux/mman.h>

#define VM_MAYALL (VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)
#define HEAP_CLUSTER 16u /* pages shown by brk itself */
#define MAP_32BIT_LOW 0x40000000ull
#define MAP_32BIT_HIGH 0x80000000ull
/* What Linux lets pass without a file system that knows more (LEGACY_MAP_MASK). */
#define MAP_KNOWN (MAP_TYPE | MAP_FIXED | MAP_ANONYMOUS | MAP_DENYWRITE | MAP_EXECUTABLE | MAP_GROWSDOWN | MAP_LOCKED | \
	MAP_NORESERVE | MAP_POPULATE | MAP_NONBLOCK | MAP_STACK | MAP_HUGETLB | MAP_32BIT | MAP_FIXED_NOREPLACE)

/* ---- removal ---- */

static void free_areas(struct list_head *dead)
{
	while (!list_empty(dead)) {
		struct vm_area *vma = list_first_entry(dead, struct vm_area, node);

		list_del(&vma->node);
		vma_free(vma);
	}
}

/* Takes [start, end) out of the tree and zaps its pages; the areas go to @dead, for free_areas() without the lock. umk's own
 * areas stay: the guest does not know of them. */
static int unmap_areas(struct mm *mm, u64 start, u64 end, struct list_head *dead)
{
	struct vm_area *vma, *next;
	u64 run = start, run_end = start;
	int err = vma_isolate(mm, start, end, true);

	if (err)
		return err;
	if (mm->rewrite)
		rewrite_forget(mm, start, end);
	for (vma = find_vma(mm, start); vma && vma->start < end; vma = next) {
		next = vma_next(vma);
		if (vma->flags & VM_STUB) {
			zap_range(mm, run, run_end, NULL, true);
			run = run_end = vma->end;
			continue;
		}
		if (run == run_end)
			run = vma->start;
		run_end = vma->end;
		vma_unlink(mm, vma);
		mm_account(mm, vma, -(s64)vma_pages(vma));
		list_add_tail(&vma->node, dead);
	}
	zap_range(mm, run, run_end, NULL, true);
	return 0;
}

static int check_range(u64 addr, u64 len)
{
	if ((addr & ~PAGE_MASK) || addr > trap_layout.task_size || len > trap_layout.task_size - addr || !len)
		return -EINVAL;
	return 0;
}

int do_munmap(struct mm *mm, u64 addr, u64 len)
{
	LIST_HEAD(dead);
	int err = check_range(addr, len);

	if (!err)
		err = mmap_lock(mm);
	if (err)
		return err;
	err = unmap_areas(mm, addr, addr + round_up(len, PAGE_SIZE), &dead);
	mmap_unlock(mm);
	free_areas(&dead);
	return err;
}

/* ---- mmap ---- */

/* Heuristic overcommit, as Linux's default: only what could never be is refused. */
bool overcommit_refused(u64 count, u64 vm_flags)
{
	if ((vm_flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) != VM_WRITE)
		return false;
	return count > nr_total_pages();
}

static bool range_free(struct mm *mm, u64 addr, u64 len)
{
	struct vm_area *vma = find_vma(mm, addr);
	u64 limit;

	if (!vma)
		return true;
	limit = vma->start;
	if (vma->flags & VM_GROWSDOWN)
		limit = limit > STACK_GUARD_GAP ? limit - STACK_GUARD_GAP : 0;
	return addr + len <= limit;
}

static long choose_address(struct mm *mm, u64 addr, u64 len, unsigned long flags)
{
	if (len > trap_layout.task_size)
		return -ENOMEM;
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		struct vm_area *vma;

		if (addr > trap_layout.task_size - len)
			return -ENOMEM;
		if (addr & ~PAGE_MASK)
			return -EINVAL;
		if (addr < GUEST_MMAP_MIN)
			return -EPERM;
		vma = find_vma(mm, addr);
		if ((flags & MAP_FIXED_NOREPLACE) && vma && vma->start < addr + len)
			return -EEXIST;
		for (; vma && vma->start < addr + len; vma = vma_next(vma))
			if (vma->flags & VM_STUB)
				return -ENOMEM;
		return (long)addr;
	}
	addr &= PAGE_MASK;
	if (flags & MAP_32BIT) {
		if (addr >= MAP_32BIT_LOW && addr + len <= MAP_32BIT_HIGH && range_free(mm, addr, len))
			return (long)addr;
		return get_unmapped_range(mm, len, MAP_32BIT_LOW, MAP_32BIT_HIGH);
	}
	if (addr) {
		addr = max(addr, GUEST_MMAP_MIN);
		if (addr <= trap_layout.task_size - len && range_free(mm, addr, len))
			return (long)addr;
	}
	return get_unmapped_range(mm, len, GUEST_MMAP_MIN, mm->mmap_base);
}

/* The mapping's flags and whether the file allows it: 0 or -errno. */
static int file_flags(const struct file *file, unsigned long flags, unsigned long prot, u64 *vm_flags)
{
	u32 mode = file->flags & O_ACCMODE;
	unsigned long type = flags & MAP_TYPE;

	if (type != MAP_PRIVATE && type != MAP_SHARED && type != MAP_SHARED_VALIDATE)
		return -EINVAL;
	if (type == MAP_SHARED_VALIDATE && (flags & ~(unsigned long)MAP_KNOWN)) {
		LEDGER("mmap flag with MAP_SHARED_VALIDATE", flags & ~(unsigned long)MAP_KNOWN);
		return -EOPNOTSUPP;
	}
	if (type != MAP_PRIVATE) {
		if ((prot & PROT_WRITE) && mode == O_RDONLY)
			return -EACCES;
		*vm_flags |= VM_SHARED;
		if (mode == O_RDONLY)
			*vm_flags &= ~VM_MAYWRITE;
	}
	if (mode == O_WRONLY)
		return -EACCES;
	if (!file->ops->mmap)
		return -ENODEV;
	if (flags & MAP_GROWSDOWN)
		return -EINVAL;
	return 0;
}

static u64 pages_in(struct mm *mm, u64 start, u64 end)
{
	u64 n = 0;

	for (struct vm_area *vma = find_vma(mm, start); vma && vma->start < end; vma = vma_next(vma))
		n += (min(vma->end, end) - max(vma->start, start)) >> PAGE_SHIFT;
	return n;
}

static long mmap_locked(struct mm *mm, struct file *file, u64 addr, u64 len, u64 vm_flags, unsigned long flags, u64 pgoff,
	struct list_head *dead)
{
	struct vm_area *vma;
	u64 count = len >> PAGE_SHIFT, replaced;
	long where;
	int err;

	if (mm->nr_vmas > sysctl_max_map_count)
		return -ENOMEM;
	where = choose_address(mm, addr, len, flags);
	if (IS_ERR_VALUE(where))
		return where;
	addr = (u64)where;
	replaced = flags & MAP_FIXED ? pages_in(mm, addr, addr + len) : 0;
	if (count > replaced &&
	    !may_expand_vm(mm, count - replaced, (vm_flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE))
		return -ENOMEM;
	if (overcommit_refused(count, vm_flags))
		return -ENOMEM;
	if (replaced) {
		err = unmap_areas(mm, addr, addr + len, dead);
		if (err)
			return err;
	}
	vma = vma_alloc(mm, addr, addr + len, vm_flags);
	if (!vma)
		return -ENOMEM;
	vma->pgoff = pgoff;
	if (file) {
		vma->file = file_get(file);
		err = file->ops->mmap(file, vma);
	} else {
		err = vm_flags & VM_SHARED ? shmem_zero_setup(vma) : 0;
	}
	if (err) {
		list_add_tail(&vma->node, dead);
		return err;
	}
	vma_link(mm, vma);
	mm_account(mm, vma, (s64)count);
	vma_merge(vma);
	return where;
}

/* A program's text: read at once, and shown with its call sites rewritten if it has run before. */
static void mm_show_text(struct mm *mm, u64 addr)
{
	struct vm_area *vma = find_vma_exact(mm, addr);

	if (!vma || !vma->file || !vma->mapping || !vma->mapping->host)
		return;
	read_whole_file(vma->mapping);
	rewrite_attach(mm, addr);
}

long do_mmap(struct mm *mm, struct file *file, u64 addr, u64 len, unsigned long prot, unsigned long flags, u64 pgoff)
{
	u64 vm_flags = (prot & (VM_READ | VM_WRITE | VM_EXEC)) | VM_MAYALL | mm->def_flags;
	unsigned long type = flags & MAP_TYPE;
	LIST_HEAD(dead);
	long where;
	int err;

	if (!len)
		return -EINVAL;
	if (len > -PAGE_SIZE)
		return -ENOMEM;
	len = round_up(len, PAGE_SIZE);
	if (pgoff + (len >> PAGE_SHIFT) < pgoff)
		return -EOVERFLOW;
	if (flags & MAP_HUGETLB) {
		LEDGER("mmap MAP_HUGETLB", flags);
		return -ENOMEM; /* as with no huge pages in the pool */
	}
	if (file) {
		if (pgoff + (len >> PAGE_SHIFT) > (1ull << 63) >> PAGE_SHIFT) /* no file has such offsets */
			return -EOVERFLOW;
		err = file_flags(file, flags, prot, &vm_flags);
		if (err)
			return err;
	} else if (type == MAP_SHARED) {
		if (flags & MAP_GROWSDOWN)
			return -EINVAL;
		vm_flags |= VM_SHARED;
		pgoff = 0;
	} else if (type == MAP_PRIVATE) {
		pgoff = 0;
		if (flags & MAP_GROWSDOWN)
			vm_flags |= VM_GROWSDOWN;
	} else {
		return -EINVAL;
	}
	if (flags & MAP_NORESERVE)
		vm_flags |= VM_NORESERVE;
	if (flags & MAP_LOCKED)
		vm_flags |= VM_LOCKED;
	if ((vm_flags & VM_LOCKED) && !capable(CAP_IPC_LOCK)) {
		u64 limit = rlimit(RLIMIT_MEMLOCK);

		if ((flags & MAP_LOCKED) && !limit)
			return -EPERM;
		if (mm->locked_vm + (len >> PAGE_SHIFT) > limit >> PAGE_SHIFT)
			return -EAGAIN;
	}
	err = mmap_lock(mm);
	if (err)
		return err;
	where = mmap_locked(mm, file, addr, len, vm_flags, flags, pgoff, &dead);
	mmap_unlock(mm);
	free_areas(&dead);
	if (!IS_ERR_VALUE(where) && file && (vm_flags & (VM_EXEC | VM_WRITE | VM_SHARED)) == VM_EXEC)
		mm_show_text(mm, (u64)where);
	if (!IS_ERR_VALUE(where) && ((vm_flags & VM_LOCKED) || (flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE))
		mm_populate(mm, (u64)where, (u64)where + len, (vm_flags & (VM_WRITE | VM_SHARED)) == VM_WRITE);
	return where;
}

int mm_map_special(struct mm *mm, u64 addr, u64 len, u64 vm_flags, const char *name)
{
	struct vm_area *vma;
	int err;

	if (check_range(addr, len) || (len & ~PAGE_MASK))
		return -EINVAL;
	if ((vm_flags & VM_STUB) && mm->lock_owner)
		return -EAGAIN; /* umk's own areas are made where sleeping is out of the question */
	err = mmap_lock(mm);
	if (err)
		return err;
	vma = find_vma(mm, addr);
	if (vma && vma->start < addr + len)
		err = -EEXIST;
	else if (!(vma = vma_alloc(mm, addr, addr + len, vm_flags)))
		err = -ENOMEM;
	if (!err) {
		vma->name = name;
		vma_link(mm, vma);
		mm_account(mm, vma, (s64)(len >> PAGE_SHIFT));
	}
	mmap_unlock(mm);
	return err;
}

/* ---- brk ---- */

static bool brk_grow(struct mm *mm, u64 from, u64 to)
{
	u64 vm_flags = VM_READ | VM_WRITE | VM_MAYALL | mm->def_flags;
	struct vm_area *vma;

	/* A page stays free above the heap; more below a stack. */
	if (to > trap_layout.task_size || !range_free(mm, from, to + PAGE_SIZE - from))
		return false;
	if (mm->nr_vmas > sysctl_max_map_count || !may_expand_vm(mm, (to - from) >> PAGE_SHIFT, true) ||
	    overcommit_refused((to - from) >> PAGE_SHIFT, vm_flags))
		return false;
	vma = vma_alloc(mm, from, to, vm_flags);
	if (!vma)
		return false;
	vma_link(mm, vma);
	mm_account(mm, vma, (s64)vma_pages(vma));
	vma_merge(vma);
	return true;
}

/* The first pages of fresh heap are about to be written: they go back with the answer, which spares a fault. */
static void show_heap(struct mm *mm, u64 addr)
{
	struct vm_area *vma = find_vma_exact(mm, addr);

	if (!vma || memory_low())
		return;
	if (vma->last_fault != addr) {
		vma->last_fault = addr;
		vma->cluster = HEAP_CLUSTER / 2;
	}
	handle_mm_fault(mm, addr, VM_WRITE);
}

u64 do_brk(struct mm *mm, u64 brk)
{
	LIST_HEAD(dead);
	u64 old = 0, new = 0, result, limit = rlimit(RLIMIT_DATA);

	if (mmap_lock(mm))
		return mm->brk;
	result = mm->brk;
	if (brk < mm->start_brk || brk > trap_layout.task_size)
		goto unlock;
	if (limit < RLIM_INFINITY && (brk - mm->start_brk) + (mm->end_data - mm->start_data) > limit)
		goto unlock;
	old = round_up(mm->brk, PAGE_SIZE);
	new = round_up(brk, PAGE_SIZE);
	if (new < old ? unmap_areas(mm, new, old, &dead) == 0 : new == old || brk_grow(mm, old, new))
		result = mm->brk = brk;
unlock:
	mmap_unlock(mm);
	free_areas(&dead);
	if (new > old && result == brk)
		show_heap(mm, old);
	return result;
}

/* ---- mremap ---- */

/* Moves the entries of [from, from+len) to @to: frames stay, the host's mappings of the old place go. */
static int move_entries(struct mm *mm, u64 from, u64 to, u64 len)
{
	u64 a = from, low = from + len, high = from;
	unsigned n;
	pte_t *pt;

	while ((pt = pte_walk(mm, &a, from + len, &n)))
		for (unsigned i = 0; i < n; i++, a += PAGE_SIZE)
			if ((pt[i] & PTE_PRESENT) && !pte_alloc(mm, to + (a - from))) {
				pgtable_trim(mm, to, to + len);
				return -ENOMEM;
			}
	for (a = from; (pt = pte_walk(mm, &a, from + len, &n));) {
		for (unsigned i = 0; i < n; i++, a += PAGE_SIZE) {
			if (!(pt[i] & PTE_PRESENT))
				continue;
			if (pt[i] & PTE_HOST) {
				low = min(low, a);
				high = a + PAGE_SIZE;
			}
			*pte_lookup(mm, to + (a - from)) = pt[i] & ~(PTE_HOST | PTE_HOSTW);
			pt[i] = 0;
		}
	}
	utlb_clear(mm);
	pgtable_trim(mm, from, from + len);
	if (mm->tmm && low < high) {
		trap->unmap(mm->tmm, low, high - low);
		trap->flush(mm->tmm);
	}
	return 0;
}

static long move_area(struct mm *mm, struct vm_area *vma, u64 addr, u64 old_len, u64 new_len, u64 new_addr,
	unsigned long flags, struct list_head *dead)
{
	struct vm_area *made;
	int err;

	if (mm->nr_vmas + 3 >= sysctl_max_map_count)
		return -ENOMEM;
	err = vma_isolate(mm, addr, addr + old_len, true);
	if (err)
		return err;
	vma = find_vma_exact(mm, addr);
	made = vma_dup(mm, vma);
	if (!made)
		return -ENOMEM;
	made->start = new_addr;
	made->end = new_addr + new_len;
	if (mm->rewrite)
		rewrite_forget(mm, addr, addr + old_len);
	err = move_entries(mm, addr, new_addr, old_len);
	if (err) {
		list_add_tail(&made->node, dead);
		return err;
	}
	vma_link(mm, made);
	mm_account(mm, made, (s64)(new_len >> PAGE_SHIFT));
	vma_merge(made);
	if (!(flags & MREMAP_DONTUNMAP)) {
		err = unmap_areas(mm, addr, addr + old_len, dead);
		if (err)
			return err;
	}
	return (long)new_addr;
}

static long mremap_locked(struct mm *mm, u64 addr, u64 old_len, u64 new_len, unsigned long flags, u64 new_addr,
	struct list_head *dead)
{
	struct vm_area *vma;
	u64 grow;
	int err;

	if (flags & MREMAP_FIXED) {
		err = unmap_areas(mm, new_addr, new_addr + new_len, dead);
		if (err)
			return err;
	}
	if (new_len < old_len) {
		err = unmap_areas(mm, addr + new_len, addr + old_len, dead);
		if (err)
			return err;
		old_len = new_len;
		if (!(flags & MREMAP_FIXED))
			return (long)addr;
	}
	vma = find_vma_exact(mm, addr);
	if (!vma || (vma->flags & VM_STUB))
		return -EFAULT;
	if (!old_len) { /* a second view of a shared mapping */
		if (!(vma->flags & VM_SHARED))
			return -EINVAL;
		LEDGER("mremap of no length", addr);
		return -EINVAL;
	}
	if (old_len > vma->end - addr)
		return -EFAULT;
	if ((flags & MREMAP_DONTUNMAP) && vma->mapping)
		return -EINVAL;
	if (new_len == old_len && !(flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)))
		return (long)addr;
	grow = (new_len - old_len) >> PAGE_SHIFT;
	if (vma->mapping && vma_index(vma, addr) + (new_len >> PAGE_SHIFT) < vma_index(vma, addr))
		return -EINVAL;
	if ((vma->flags & VM_LOCKED) && !capable(CAP_IPC_LOCK) &&
	    mm->locked_vm + grow > rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT)
		return -EAGAIN;
	if (!may_expand_vm(mm, grow, vma_is_data(vma)) || overcommit_refused(grow, vma->flags))
		return -ENOMEM;
	if (!(flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) && old_len == vma->end - addr &&
	    addr + new_len <= trap_layout.task_size && range_free(mm, vma->end, new_len - old_len)) {
		vma_resize(vma, vma->start, addr + new_len, vma->pgoff);
		mm_account(mm, vma, (s64)grow);
		vma_merge(vma);
		return (long)addr;
	}
	if (!(flags & MREMAP_MAYMOVE))
		return -ENOMEM;
	if (!(flags & MREMAP_FIXED)) {
		long where = get_unmapped_range(mm, new_len, GUEST_MMAP_MIN, mm->mmap_base);

		if (IS_ERR_VALUE(where))
			return where;
		new_addr = (u64)where;
	}
	return move_area(mm, vma, addr, old_len, new_len, new_addr, flags, dead);
}

long do_mremap(struct mm *mm, u64 addr, u64 old_len, u64 new_len, unsigned long flags, u64 new_addr)
{
	LIST_HEAD(dead);
	struct vm_area *vma;
	long r;

	if (flags & ~(unsigned long)(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP))
		return -EINVAL;
	if ((flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) && !(flags & MREMAP_MAYMOVE))
		return -EINVAL;
	if ((flags & MREMAP_DONTUNMAP) && old_len != new_len)
		return -EINVAL;
	if ((addr & ~PAGE_MASK) || old_len > trap_layout.task_size || new_len > trap_layout.task_size || !new_len)
		return -EINVAL;
	old_len = round_up(old_len, PAGE_SIZE);
	new_len = round_up(new_len, PAGE_SIZE);
	if (addr > trap_layout.task_size - old_len)
		return old_len > new_len ? -EINVAL : -EFAULT;
	if (flags & MREMAP_FIXED) {
		if ((new_addr & ~PAGE_MASK) || new_addr > trap_layout.task_size - new_len)
			return -EINVAL;
		if (addr + old_len > new_addr && new_addr + new_len > addr)
			return -EINVAL;
		if (new_addr < GUEST_MMAP_MIN)
			return -EPERM;
		for (vma = find_vma(mm, new_addr); vma && vma->start < new_addr + new_len; vma = vma_next(vma))
			if (vma->flags & VM_STUB)
				return -ENOMEM;
	}
	r = mmap_lock(mm);
	if (r)
		return r;
	r = mremap_locked(mm, addr, old_len, new_len, flags, new_addr, &dead);
	vma = IS_ERR_VALUE(r) ? NULL : find_vma_exact(mm, (u64)r);
	mmap_unlock(mm);
	free_areas(&dead);
	if (vma && (vma->flags & VM_LOCKED) && new_len > old_len)
		mm_populate(mm, (u64)r + old_len, (u64)r + new_len, vma->flags & VM_WRITE);
	return r;
}

/* ---- calls ---- */

SYSCALL_DEFINE6(mmap, unsigned long, addr, unsigned long, len, unsigned long, prot, unsigned long, flags, unsigned long, fd,
	unsigned long, off)
{
	struct file *file = NULL;
	long r;

	if (off & ~PAGE_MASK)
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS)) {
		file = fget((unsigned)fd);
		if (!file)
			return -EBADF;
	}
	r = do_mmap(current->mm, file, addr, len, prot, flags, off >> PAGE_SHIFT);
	if (file)
		file_put(file);
	return r;
}

SYSCALL_DEFINE2(munmap, unsigned long, addr, size_t, len)
{
	return do_munmap(current->mm, addr, len);
}

SYSCALL_DEFINE1(brk, unsigned long, brk)
{
	return (long)do_brk(current->mm, brk);
}

SYSCALL_DEFINE5(mremap, unsigned long, addr, unsigned long, old_len, unsigned long, new_len, unsigned long, flags,
	unsigned long, new_addr)
{
	return do_mremap(current->mm, addr, old_len, new_len, flags, new_addr);
}
