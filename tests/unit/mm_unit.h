/* What the tests of kernel/mm share: a current task with an address space whose host mappings the fake backend keeps. */
#ifndef UMK_MM_UNIT_H
#define UMK_MM_UNIT_H

#include "kernel/mm/internal.h"
#include "kernel/task.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"

#define RW (VM_READ | VM_WRITE)
#define PRIVATE_ANON 0x22 /* MAP_PRIVATE | MAP_ANONYMOUS */
#define SHARED_ANON 0x21
#define FIXED 0x10

static struct task mm_unit_task;
static struct signal_struct mm_unit_signal;
static struct cred mm_unit_cred;

static struct { struct mm *mm; struct trap_task *task; } mm_unit_mms[8];

static struct mm *mm_unit_new(void)
{
	struct mm *mm = mm_alloc();
	unsigned i = 0;

	ck_assert_ptr_nonnull(mm);
	while (mm_unit_mms[i].mm)
		i++;
	mm_unit_mms[i].mm = mm;
	ck_assert_int_eq(trap->mm_create(&mm->tmm, &mm_unit_mms[i].task, NULL, 0), 0);
	mm->mmap_base = 0x7fff00000000;
	return mm;
}

static __maybe_unused void mm_unit_drop(struct mm *mm)
{
	unsigned i = 0;

	while (mm_unit_mms[i].mm != mm)
		i++;
	mm_unit_mms[i].mm = NULL;
	trap->task_destroy(mm_unit_mms[i].task);
	trap->mm_destroy(mm->tmm, 0);
	mm_put(mm);
}

/* A thread of @mm that runs as far as the backend is told. */
static __maybe_unused void mm_unit_run(struct mm *mm)
{
	static struct pt_regs regs;
	unsigned i = 0;

	while (mm_unit_mms[i].mm != mm)
		i++;
	trap->resume(mm_unit_mms[i].task, &regs);
}

static void mm_unit_start(void)
{
	slab_init();
	physmem_init();
	for (unsigned i = 0; i < ARRAY_SIZE(mm_unit_signal.rlim); i++)
		mm_unit_signal.rlim[i].cur = mm_unit_signal.rlim[i].max = ~0ull;
	mm_unit_signal.rlim[3].cur = 8 << 20; /* RLIMIT_STACK */
	mm_unit_cred.refs = 1;
	mm_unit_signal.leader = &mm_unit_task;
	mm_unit_task.signal = &mm_unit_signal;
	mm_unit_signal.leader = &mm_unit_task;
	mm_unit_task.cred = &mm_unit_cred;
	mm_unit_task.state = TASK_RUNNING;
	INIT_LIST_HEAD(&mm_unit_task.pending.queue);
	current = &mm_unit_task;
	current->mm = mm_unit_new();
}

static __maybe_unused u64 map_anon(u64 addr, u64 len, unsigned long prot, unsigned long flags)
{
	long r = do_mmap(current->mm, NULL, addr, len, prot, flags, 0);

	ck_assert_msg(!IS_ERR_VALUE(r), "mmap: %ld", r);
	return (u64)r;
}

/* What the host shows is what the page table says, or nothing. */
static __maybe_unused void check_host(struct mm *mm, u64 start, u64 end)
{
	for (u64 a = start; a < end; a += PAGE_SIZE) {
		pte_t *e = pte_lookup(mm, a);
		struct vm_area *vma = find_vma_exact(mm, a);
		u64 phys;
		int prot;

		if (!unit_trap_lookup(mm->tmm, a, &phys, &prot))
			continue;
		ck_assert_ptr_nonnull(vma);
		ck_assert_ptr_nonnull(e);
		ck_assert(*e & PTE_PRESENT);
		ck_assert(*e & PTE_HOST);
		ck_assert_uint_eq(phys, pte_pfn(*e) << PAGE_SHIFT);
		if (prot & VM_WRITE)
			ck_assert((*e & PTE_WRITE) && (vma->flags & VM_WRITE));
		if (prot & VM_EXEC)
			ck_assert(vma->flags & VM_EXEC);
		ck_assert(vma->flags & (VM_READ | VM_WRITE | VM_EXEC));
	}
}

#endif
