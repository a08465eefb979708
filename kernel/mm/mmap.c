/* mmap(2), munmap(2), remap_file_pages(2): which areas there are. Pages come later, in fault.c; the areas' tree is vma.c's;
 * brk.c and mremap.c have the other ways in which areas come and go. */
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
#include <linux/personality.h>

#ifndef MAP_ABOVE4G /* Linux 6.6 */
#define MAP_ABOVE4G 0x80
#endif
#ifndef MAP_DROPPABLE /* Linux 6.11 */
#define MAP_DROPPABLE 0x08
#endif
#define LINUX_TASK_SIZE 0x7ffffffff000ull /* where guests may believe that their addresses end */
#define MAP_32BIT_LOW 0x40000000ull
#define MAP_32BIT_HIGH 0x80000000ull
/* What Linux lets pass without a file system that knows more (LEGACY_MAP_MASK). */
#define MAP_KNOWN (MAP_TYPE | MAP_FIXED | MAP_ANONYMOUS | MAP_DENYWRITE | MAP_EXECUTABLE | MAP_GROWSDOWN | MAP_LOCKED | \
	MAP_NORESERVE | MAP_POPULATE | MAP_NONBLOCK | MAP_STACK | MAP_HUGETLB | MAP_32BIT | MAP_ABOVE4G | MAP_HUGE_2MB | \
	MAP_HUGE_1GB)

/* ---- removal ---- */

void free_areas(struct list_head *dead)
{
	while (!list_empty(dead)) {
		struct vm_area *vma = list_first_entry(dead, struct vm_area, node);

		list_del(&vma->node);
		vma_free(vma);
	}
}

static bool range_sealed(struct mm *mm, u64 start, u64 end)
{
	for (struct vm_area *vma = find_vma(mm, start); vma && vma->start < end; vma = vma_next(vma))
		if (vma->flags & VM_SEALED)
			return true;
	return false;
}

int unmap_areas(struct mm *mm, u64 start, u64 end, struct list_head *dead)
{
	struct vm_area *vma, *next;
	u64 run = start, run_end = start;
	int err = range_sealed(mm, start, end) ? -EPERM : vma_isolate(mm, start, end, true);

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
	int err;

	if ((addr & ~PAGE_MASK) || addr > LINUX_TASK_SIZE || len > LINUX_TASK_SIZE - addr || !len)
		return -EINVAL;
	len = round_up(len, PAGE_SIZE);
	if (addr >= trap_layout.task_size) /* the stub's, where the guest has nothing */
		return 0;
	len = min(len, trap_layout.task_size - addr);
	err = mmap_lock(mm);
	if (err)
		return err;
	err = unmap_areas(mm, addr, addr + len, &dead);
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

bool range_free(struct mm *mm, u64 addr, u64 len)
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

/* Where a mapping of @len bytes would go; nothing is there after it, or MAP_FIXED will remove it. */
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

/* A file's mapping: whether the file allows it. 0 or -errno. */
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
		if (file_append_only(file) && mode != O_RDONLY)
			return -EACCES;
		*vm_flags |= VM_SHARED;
		if (mode == O_RDONLY)
			*vm_flags &= ~VM_MAYWRITE;
	}
	if (mode == O_WRONLY)
		return -EACCES;
	if (file_noexec(file)) {
		if (prot & PROT_EXEC)
			return -EPERM;
		*vm_flags &= ~VM_MAYEXEC;
	}
	if (!file->ops->mmap)
		return -ENODEV;
	if (flags & MAP_GROWSDOWN)
		return -EINVAL;
	return 0;
}

/* A mapping without a file. */
static int anon_flags(unsigned long flags, u64 *vm_flags)
{
	switch (flags & MAP_TYPE) {
	case MAP_SHARED:
		if (flags & MAP_GROWSDOWN)
			return -EINVAL;
		*vm_flags |= VM_SHARED;
		return 0;
	case MAP_DROPPABLE:
		if (flags & (MAP_LOCKED | MAP_GROWSDOWN))
			return -EINVAL;
		*vm_flags |= VM_DROPPABLE | VM_NORESERVE | VM_WIPEONFORK | VM_DONTDUMP;
		return 0;
	case MAP_PRIVATE:
		if (flags & MAP_GROWSDOWN)
			*vm_flags |= VM_GROWSDOWN;
		return 0;
	default:
		return -EINVAL;
	}
}

bool mlock_allowed(struct mm *mm, u64 vm_flags, u64 len)
{
	return !(vm_flags & VM_LOCKED) || mm->locked_vm + (len >> PAGE_SHIFT) <= rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT ||
		capable(CAP_IPC_LOCK);
}

/* Offsets are signed but for devices of characters; the file's largest offset is its size at most, not a byte of it. */
static bool file_has_offsets(const struct file *file, u64 len, u64 pgoff)
{
	u64 max = file->inode && S_ISCHR(file->inode->mode) ? ~0ull : ~0ull >> 1;

	return len <= max && pgoff <= (max - len) >> PAGE_SHIFT;
}

/* The new area's flags, checked in Linux's order. 0 or -errno. */
static int mapping_flags(struct mm *mm, const struct file *file, u64 len, unsigned long prot, unsigned long flags, u64 pgoff,
	u64 *vm_flags)
{
	int err;

	*vm_flags = (prot & (VM_READ | VM_WRITE | VM_EXEC)) | VM_MAYALL | mm->def_flags;
	if (flags & MAP_LOCKED) {
		if (!rlimit(RLIMIT_MEMLOCK) && !capable(CAP_IPC_LOCK))
			return -EPERM;
		*vm_flags |= VM_LOCKED;
	}
	if (!mlock_allowed(mm, *vm_flags, len))
		return -EAGAIN;
	if (file && !file_has_offsets(file, len, pgoff))
		return -EOVERFLOW;
	err = file ? file_flags(file, flags, prot, vm_flags) : anon_flags(flags, vm_flags);
	if (err)
		return err;
	if (flags & MAP_STACK)
		*vm_flags |= VM_NOHUGEPAGE;
	if (flags & MAP_NORESERVE)
		*vm_flags |= VM_NORESERVE;
	if ((*vm_flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) == VM_WRITE)
		*vm_flags |= VM_ACCOUNT;
	return 0;
}

static u64 pages_in(struct mm *mm, u64 start, u64 end)
{
	u64 n = 0;

	for (struct vm_area *vma = find_vma(mm, start); vma && vma->start < end; vma = vma_next(vma))
		n += (min(vma->end, end) - max(vma->start, start)) >> PAGE_SHIFT;
	return n;
}

static long mmap_locked(struct mm *mm, struct file *file, u64 addr, u64 len, unsigned long prot, unsigned long flags, u64 pgoff,
	u64 *vm_flags, struct list_head *dead)
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
	err = mapping_flags(mm, file, len, prot, flags, pgoff, vm_flags);
	if (err)
		return err;
	addr = (u64)where;
	replaced = flags & MAP_FIXED ? pages_in(mm, addr, addr + len) : 0;
	if (count > replaced &&
	    !may_expand_vm(mm, count - replaced, (*vm_flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE))
		return -ENOMEM;
	if (overcommit_refused(count, *vm_flags))
		return -ENOMEM;
	if (replaced) {
		err = unmap_areas(mm, addr, addr + len, dead);
		if (err)
			return err;
	}
	vma = vma_alloc(mm, addr, addr + len, *vm_flags);
	if (!vma)
		return -ENOMEM;
	if (file) {
		vma->pgoff = pgoff;
		vma->file = file_get(file);
		err = file->ops->mmap(file, vma);
	} else {
		err = *vm_flags & VM_SHARED ? shmem_zero_setup(vma) : 0;
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

/* A program's text is shown with its call sites rewritten if it has run before. */
static void mm_show_text(struct mm *mm, u64 addr)
{
	struct vm_area *vma = find_vma_exact(mm, addr);

	if (vma && vma->file && vma->mapping && vma->mapping->host)
		rewrite_attach(mm, addr);
}

long do_mmap(struct mm *mm, struct file *file, u64 addr, u64 len, unsigned long prot, unsigned long flags, u64 pgoff)
{
	LIST_HEAD(dead);
	u64 vm_flags = 0;
	long where;
	int err;

	if (!len)
		return -EINVAL;
	if (len > -PAGE_SIZE)
		return -ENOMEM;
	if ((prot & PROT_READ) && (current->personality & READ_IMPLIES_EXEC))
		prot |= PROT_EXEC;
	len = round_up(len, PAGE_SIZE);
	if (pgoff + (len >> PAGE_SHIFT) < pgoff)
		return -EOVERFLOW;
	if (flags & MAP_HUGETLB) {
		if (file || !huge_page_size_known(flags))
			return -EINVAL;
		LEDGER("mmap MAP_HUGETLB", flags);
		return -ENOMEM;
	}
	if (mdwe_refuses(mm, prot, prot))
		return -EACCES;
	err = mmap_lock(mm);
	if (err)
		return err;
	where = mmap_locked(mm, file, addr, len, prot, flags, pgoff, &vm_flags, &dead);
	mmap_unlock(mm);
	free_areas(&dead);
	if (IS_ERR_VALUE(where))
		return where;
	if (file && (vm_flags & (VM_EXEC | VM_WRITE | VM_SHARED)) == VM_EXEC)
		mm_show_text(mm, (u64)where);
	/* So the dynamic linker maps a library's segments, over a first mapping of all of it: no other program has that flag. */
	if (file && (flags & (MAP_TYPE | MAP_FIXED | MAP_DENYWRITE)) == (MAP_PRIVATE | MAP_FIXED | MAP_DENYWRITE))
		mm_premap_segment(mm, (u64)where);
	else if (file && !(flags & MAP_DENYWRITE))
		mm_show_file(mm, (u64)where, (u64)where + len);
	if ((vm_flags & VM_LOCKED) || (flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE)
		mm_populate(mm, (u64)where, (u64)where + len);
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
	else if (!(vma = vma_alloc(mm, addr, addr + len, vm_flags | (vm_flags & VM_WRITE ? VM_ACCOUNT : 0))))
		err = -ENOMEM;
	if (!err) {
		vma->name = name;
		vma_link(mm, vma);
		mm_account(mm, vma, (s64)(len >> PAGE_SHIFT));
	}
	mmap_unlock(mm);
	return err;
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

/* Obsolete: pages of a shared file mapping in another order. Linux makes a mapping of its own of them, and so do we. */
SYSCALL_DEFINE5(remap_file_pages, unsigned long, start, unsigned long, size, unsigned long, prot, unsigned long, pgoff,
	unsigned long, flags)
{
	struct mm *mm = current->mm;
	struct vm_area *vma;
	struct file *file;
	unsigned long keep;
	long r;

	if (prot)
		return -EINVAL;
	start &= PAGE_MASK;
	size &= PAGE_MASK;
	if (start + size <= start || pgoff + (size >> PAGE_SHIFT) < pgoff)
		return -EINVAL;
	vma = find_vma_exact(mm, start);
	if (!vma || !(vma->flags & VM_SHARED) || !vma->file)
		return -EINVAL;
	keep = vma->flags & (PROT_READ | PROT_WRITE | PROT_EXEC);
	file = vma->file;
	flags = (flags & MAP_NONBLOCK) | MAP_SHARED | MAP_FIXED | MAP_POPULATE | (vma->flags & VM_LOCKED ? MAP_LOCKED : 0);
	for (u64 end = vma->end; end < start + size; end = vma->end) {
		struct vm_area *next = vma_next(vma);

		if (!next || next->start != end || next->file != file || next->flags != vma->flags)
			return -EINVAL;
		vma = next;
	}
	file_get(file);
	r = do_mmap(mm, file, start, size, keep, flags, pgoff);
	file_put(file);
	return IS_ERR_VALUE(r) ? r : 0;
}
