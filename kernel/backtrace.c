/* A guest's call chain with names. The unwinder is the host side's (host_unwind); here are its eyes: guest memory, the map of
 * areas, and the symbols of the files behind them. */
#include "coredump.h"
#include "elfsym.h"
#include "fs.h"
#include "host.h"
#include "mm.h"
#include "printk.h"
#include "sched.h"
#include "slab.h"
#include "uaccess.h"

struct walk {
	struct host_unwind u;
	struct task *task;
	unsigned depth;
};

static bool read_guest(struct host_unwind *u, u64 addr, void *to, size_t size)
{
	return !copy_from_mm(container_of(u, struct walk, u)->task->mm, to, addr, size);
}

/* Where the file that is mapped at @ip begins: the nearest area below that shows its first page. */
static u64 object_at(struct host_unwind *u, u64 ip, u64 *start, u64 *end)
{
	struct mm *mm = container_of(u, struct walk, u)->task->mm;
	struct vm_area *vma = find_vma_exact(mm, ip), *other;
	u64 base = 0;

	if (!vma || !vma->file)
		return 0;
	list_for_each_entry(other, &mm->vmas, node)
		if (other->start <= vma->start && other->file && other->file->inode == vma->file->inode && !other->pgoff)
			base = other->start;
	*start = vma->start;
	*end = vma->end;
	return base;
}

static bool section_at(struct host_unwind *u, u64 ip, const char *name, u64 *addr, u64 *size)
{
	u64 start, end, base = object_at(u, ip, &start, &end);
	struct vm_area *vma = find_vma_exact(container_of(u, struct walk, u)->task->mm, ip);
	struct file *f;
	bool found;

	if (!base || !vma || !vma->file)
		return false;
	f = file_get(vma->file);
	found = elf_section(f, name, addr, size);
	file_put(f);
	*addr += base;
	return found;
}

static bool show_frame(struct host_unwind *u, u64 ip)
{
	struct walk *w = container_of(u, struct walk, u);
	/* A return address may lie behind the end of a function that does not return. */
	u64 at = w->depth ? ip - 1 : ip, off = 0;
	struct vm_area *vma = find_vma_exact(w->task->mm, at);
	char name[128] = "", *path = kmalloc(PATH_SHOWN);

	if (vma && vma->file && path && file_path(vma->file, path, PATH_SHOWN) >= 0) {
		struct file *f = file_get(vma->file); /* reading it may sleep */

		if (elf_symbol(f, at - vma->start + (vma->pgoff << PAGE_SHIFT), name, sizeof(name), &off))
			pr_verbose("  #%-2u %#lx %s+%#lx (%s)", w->depth, (unsigned long)ip, name, (unsigned long)(off + ip - at), path);
		else
			pr_verbose("  #%-2u %#lx (%s)", w->depth, (unsigned long)ip, path);
		file_put(f);
	} else {
		pr_verbose("  #%-2u %#lx", w->depth, (unsigned long)ip);
	}
	kfree(path);
	w->depth++;
	return !fatal_signal_pending(w->task);
}

void guest_backtrace(struct task *t)
{
	const struct pt_regs *r = &t->regs;
	struct walk w = { .task = t, .u = { .read = read_guest, .object = object_at, .section = section_at, .frame = show_frame, .regs = {
		r->ax, r->dx, r->cx, r->bx, r->si, r->di, r->bp, r->sp, r->r8, r->r9, r->r10, r->r11, r->r12, r->r13, r->r14,
		r->r15, r->ip } } };

	host_unwind(&w.u);
}
