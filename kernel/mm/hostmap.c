/* The host's mappings of an address space: queued through trap.h, and no more than a cache of the page table. This file
 * decides how much is mapped at a time: runs that are contiguous in guest addresses and in frames become one host
 * mapping, and the host joins neighbours. */
#include "internal.h"

#define PROT_BITS (VM_READ | VM_WRITE | VM_EXEC)
/* Pages that the host is asked to fill in at once. For reading, its own faults bring 16 at a time and cost little, so that it
 * pays for the odd page only. */
#define POPULATE_MAX 512u
#define POPULATE_MAX_READ 4u

/* On this machine whatever may be written or executed may be read; saying so keeps the host from making execute-only
 * mappings, which would fault where the guest's area allows a read. */
int host_prot(const struct vm_area *vma, bool writable)
{
	int prot = VM_READ;

	if (!(vma->flags & PROT_BITS))
		return 0;
	if (writable && (vma->flags & VM_WRITE))
		prot |= VM_WRITE;
	if (vma->flags & VM_EXEC)
		prot |= VM_EXEC;
	return prot;
}

static bool follows(pte_t a, pte_t b)
{
	return (b & PTE_PRESENT) && pte_pfn(b) == pte_pfn(a) + 1 && !((a | b) & PTE_OLD) && (a & PTE_WRITE) == (b & PTE_WRITE);
}

static void queue_map(struct vm_area *vma, u64 start, u64 end, u64 pfn, bool writable, bool populate)
{
	u64 limit = writable ? POPULATE_MAX : POPULATE_MAX_READ;

	trap->map(vma->mm->tmm, start, end - start, host_prot(vma, writable), pfn << PAGE_SHIFT,
		populate && (end - start) >> PAGE_SHIFT <= limit);
}

static void mark_host(pte_t *e)
{
	*e = (*e & ~PTE_DIRECT) | PTE_HOST | (*e & PTE_WRITE ? PTE_HOSTW : 0);
}

void host_map_around(struct vm_area *vma, u64 addr, u64 low, u64 high)
{
	pte_t *e = pte_lookup(vma->mm, addr), *pt;
	u64 start = addr, end = addr + PAGE_SIZE, a;
	pte_t first;
	unsigned n;

	if (!vma->mm->tmm || !e || !(*e & PTE_PRESENT) || !host_prot(vma, false))
		return;
	low = max(low, vma->start);
	high = min(high, vma->end);
	while (start > low) {
		pte_t *prev = pte_lookup(vma->mm, start - PAGE_SIZE);

		if (!prev || !(*prev & PTE_PRESENT) || !follows(*prev, *pte_lookup(vma->mm, start)))
			break;
		start -= PAGE_SIZE;
	}
	while (end < high) {
		pte_t *next = pte_lookup(vma->mm, end);

		if (!next || !follows(*pte_lookup(vma->mm, end - PAGE_SIZE), *next))
			break;
		end += PAGE_SIZE;
	}
	first = *pte_lookup(vma->mm, start);
	for (a = start; (pt = pte_walk(vma->mm, &a, end, &n));)
		for (unsigned i = 0; i < n; i++, a += PAGE_SIZE)
			mark_host(&pt[i]);
	queue_map(vma, start, end, pte_pfn(first), first & PTE_WRITE, true);
}

unsigned host_map_range(struct vm_area *vma, u64 start, u64 end, unsigned runs, bool populate)
{
	u64 a = start, run = 0, pfn = 0;
	pte_t last = 0;
	unsigned queued = 0, n;
	pte_t *pt;

	if (!vma->mm->tmm || !host_prot(vma, false) || !runs)
		return 0;
	while ((pt = pte_walk(vma->mm, &a, end, &n))) {
		for (unsigned i = 0; i < n; i++, a += PAGE_SIZE) {
			if (last && (run + ((pte_pfn(last) - pfn + 1) << PAGE_SHIFT) != a || !follows(last, pt[i]))) {
				queue_map(vma, run, run + ((pte_pfn(last) - pfn + 1) << PAGE_SHIFT), pfn,
					last & PTE_WRITE, populate);
				last = 0;
				if (++queued == runs)
					return queued;
			}
			if (!(pt[i] & PTE_PRESENT) || (pt[i] & (PTE_HOST | PTE_OLD | PTE_DIRECT)))
				continue;
			if (!last) {
				run = a;
				pfn = pte_pfn(pt[i]);
			}
			mark_host(&pt[i]);
			last = pt[i];
		}
	}
	if (last) {
		queue_map(vma, run, run + ((pte_pfn(last) - pfn + 1) << PAGE_SHIFT), pfn, last & PTE_WRITE, populate);
		queued++;
	}
	return queued;
}

bool write_protect_range(struct vm_area *vma, u64 start, u64 end)
{
	struct mm *mm = vma->mm;
	u64 a = start, run = 0;
	bool in_run = false, narrowed = false;
	unsigned n;
	pte_t *pt;

	while ((pt = pte_walk(mm, &a, end, &n))) {
		for (unsigned i = 0; i < n; i++, a += PAGE_SIZE) {
			bool host = mm->tmm && (pt[i] & PTE_HOSTW);

			if (pt[i] & PTE_WRITE)
				utlb_drop(mm, a);
			pt[i] &= ~(PTE_WRITE | PTE_HOSTW);
			if (host && !in_run)
				run = a;
			if (!host && in_run)
				trap->protect(mm->tmm, run, a - run, host_prot(vma, false));
			in_run = host;
			narrowed |= host;
		}
		/* The next table may not follow on. */
		if (in_run)
			trap->protect(mm->tmm, run, a - run, host_prot(vma, false));
		in_run = false;
	}
	return narrowed;
}
