/* Areas of an address space: a sorted list for neighbours and a tree for everything else, find_vma and the search for
 * free space both in O(log n). What mmap(2) and its kin do with them is in mmap.c.
 *
 * The tree is a treap: ordered by address, heap-ordered by a random priority. Each node knows the ends of its subtree and
 * the largest hole within it, so that the search for free space never looks at areas with no room between them. */
#include "internal.h"
#include "fs.h"
#include "host.h"
#include "sched.h"
#include "slab.h"
#include <asm-generic/resource.h>
#include <linux/capability.h>

u32 sysctl_max_map_count = 65530;
static struct kmem_cache *vma_cache;

/* ---- the tree ---- */

/* Where others must stay clear of @vma: a stack keeps a gap below itself. */
static u64 guarded_start(const struct vm_area *vma)
{
	if (!(vma->flags & VM_GROWSDOWN))
		return vma->start;
	return vma->start > STACK_GUARD_GAP ? vma->start - STACK_GUARD_GAP : 0;
}

static u64 hole(u64 from, u64 to)
{
	return to > from ? to - from : 0;
}

static void node_update(struct vm_area *v)
{
	v->sub_start = guarded_start(v);
	v->sub_end = v->end;
	v->sub_gap = 0;
	if (v->left) {
		v->sub_gap = max(v->left->sub_gap, hole(v->left->sub_end, v->sub_start));
		v->sub_start = v->left->sub_start;
	}
	if (v->right) {
		v->sub_gap = max(v->sub_gap, max(v->right->sub_gap, hole(v->end, v->right->sub_start)));
		v->sub_end = v->right->sub_end;
	}
}

/* Nodes below @addr to *low, the others to *high. */
static void tree_split(struct vm_area *t, u64 addr, struct vm_area **low, struct vm_area **high)
{
	if (!t) {
		*low = *high = NULL;
		return;
	}
	if (t->start < addr) {
		tree_split(t->right, addr, &t->right, high);
		*low = t;
	} else {
		tree_split(t->left, addr, low, &t->left);
		*high = t;
	}
	node_update(t);
}

static struct vm_area *tree_join(struct vm_area *low, struct vm_area *high)
{
	if (!low || !high)
		return low ? low : high;
	if (low->priority > high->priority) {
		low->right = tree_join(low->right, high);
		node_update(low);
		return low;
	}
	high->left = tree_join(low, high->left);
	node_update(high);
	return high;
}

static struct vm_area *tree_insert(struct vm_area *t, struct vm_area *vma)
{
	if (!t || vma->priority > t->priority) {
		tree_split(t, vma->start, &vma->left, &vma->right);
		node_update(vma);
		return vma;
	}
	if (vma->start < t->start)
		t->left = tree_insert(t->left, vma);
	else
		t->right = tree_insert(t->right, vma);
	node_update(t);
	return t;
}

static struct vm_area *tree_remove(struct vm_area *t, struct vm_area *vma)
{
	if (t == vma)
		return tree_join(t->left, t->right);
	if (vma->start < t->start)
		t->left = tree_remove(t->left, vma);
	else
		t->right = tree_remove(t->right, vma);
	node_update(t);
	return t;
}

/* After the ends of @vma have moved, without passing a neighbour. */
static void tree_refresh(struct vm_area *t, const struct vm_area *vma)
{
	if (t != vma)
		tree_refresh(vma->start < t->start ? t->left : t->right, vma);
	node_update(t);
}

static u32 next_priority(void)
{
	static u32 x = 2463534242u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

/* ---- areas ---- */

struct vm_area *vma_alloc(struct mm *mm, u64 start, u64 end, u64 flags)
{
	struct vm_area *vma;

	if (!vma_cache)
		vma_cache = kmem_cache_create("vm_area", sizeof(struct vm_area), 8);
	vma = kmem_cache_zalloc(vma_cache);
	if (!vma)
		return NULL;
	vma->start = start;
	vma->end = end;
	vma->flags = flags;
	vma->mm = mm;
	vma->pgoff = start >> PAGE_SHIFT;
	vma->priority = next_priority();
	INIT_LIST_HEAD(&vma->node);
	INIT_LIST_HEAD(&vma->mapping_node);
	return vma;
}

void vma_free(struct vm_area *vma)
{
	struct file *file = vma->file;

	if (file && file->ops->vma_close)
		file->ops->vma_close(vma);
	list_del(&vma->mapping_node);
	anon_name_put(vma->anon_name);
	kmem_cache_free(vma_cache, vma);
	if (file)
		file_put(file);
}

struct vm_area *vma_dup(struct mm *mm, const struct vm_area *vma)
{
	struct vm_area *n = vma_alloc(mm, vma->start, vma->end, vma->flags);

	if (!n)
		return NULL;
	n->mapping = vma->mapping;
	n->pgoff = vma->pgoff;
	n->anon_vma = vma->anon_vma;
	n->policy = vma->policy;
	n->name = vma->name;
	n->anon_name = anon_name_get(vma->anon_name);
	if (vma->file)
		n->file = file_get(vma->file);
	if (n->file && n->file->ops->vma_open)
		n->file->ops->vma_open(n);
	return n;
}

void vma_link(struct mm *mm, struct vm_area *vma)
{
	struct vm_area *next = find_vma(mm, vma->start);

	list_add_tail(&vma->node, next ? &next->node : &mm->vmas);
	mm->tree = tree_insert(mm->tree, vma);
	mm->nr_vmas += !(vma->flags & VM_STUB);
	if (vma->mapping && list_empty(&vma->mapping_node))
		list_add_tail(&vma->mapping_node, &vma->mapping->vmas);
}

void vma_unlink(struct mm *mm, struct vm_area *vma)
{
	mm->tree = tree_remove(mm->tree, vma);
	list_del(&vma->node);
	list_del(&vma->mapping_node);
	mm->nr_vmas -= !(vma->flags & VM_STUB);
	if (mm->cache == vma)
		mm->cache = NULL;
}

void vma_resize(struct vm_area *vma, u64 start, u64 end, u64 pgoff)
{
	vma->start = start;
	vma->end = end;
	vma->pgoff = pgoff;
	tree_refresh(vma->mm->tree, vma);
}

struct vm_area *vma_prev(struct vm_area *vma)
{
	return vma->node.prev == &vma->mm->vmas ? NULL : list_entry(vma->node.prev, struct vm_area, node);
}

struct vm_area *vma_next(struct vm_area *vma)
{
	return vma->node.next == &vma->mm->vmas ? NULL : list_next_entry(vma, node);
}

struct vm_area *find_vma(struct mm *mm, u64 addr)
{
	struct vm_area *t = mm->tree, *best = mm->cache;

	if (best && addr >= best->start && addr < best->end)
		return best;
	for (best = NULL; t;) {
		if (t->end > addr) {
			best = t;
			if (t->start <= addr)
				break;
			t = t->left;
		} else {
			t = t->right;
		}
	}
	if (best)
		mm->cache = best;
	return best;
}

struct vm_area *find_vma_exact(struct mm *mm, u64 addr)
{
	struct vm_area *vma = find_vma(mm, addr);

	return vma && vma->start <= addr ? vma : NULL;
}

static struct vm_area *vma_split(struct vm_area *vma, u64 addr)
{
	struct vm_area *upper = vma_dup(vma->mm, vma);

	if (!upper)
		return NULL;
	upper->start = addr;
	upper->pgoff = vma_index(vma, addr);
	vma_resize(vma, vma->start, addr, vma->pgoff);
	vma_link(vma->mm, upper);
	return upper;
}

/* ---- merging: as Linux does, so that /proc/self/maps shows the same areas ----
 *
 * Anonymous pages remember where they were first used: areas whose pages come from different mappings, or that were moved, do
 * not join. Linux keeps an anon_vma for that; here it is a number, made when the first page comes, and shared with a neighbour
 * that differs in access alone, so that they can join later. */

#define ANON_FORKED 1ull /* the area is a copy that fork made: it joins only its own */

static bool anon_vma_mergeable(const struct vm_area *a, const struct vm_area *b)
{
	if (a->anon_vma == b->anon_vma)
		return true;
	if (a->anon_vma && b->anon_vma)
		return false;
	return !((a->anon_vma | b->anon_vma) & ANON_FORKED);
}

static bool can_merge(const struct vm_area *a, const struct vm_area *b)
{
	return a->end == b->start && a->flags == b->flags && a->file == b->file && a->mapping == b->mapping &&
		a->name == b->name && anon_name_same(a->anon_name, b->anon_name) && a->policy == b->policy && !(a->flags & VM_STUB) &&
		a->pgoff + vma_pages(a) == b->pgoff && anon_vma_mergeable(a, b);
}

static bool anon_vma_reusable(const struct vm_area *a, const struct vm_area *b, const struct vm_area *from)
{
	return from->anon_vma && !(from->anon_vma & ANON_FORKED) && a->end == b->start && a->file == b->file &&
		a->policy == b->policy && !((a->flags ^ b->flags) & ~(VM_READ | VM_WRITE | VM_EXEC)) &&
		a->pgoff + vma_pages(a) == b->pgoff;
}

static u64 new_anon_vma(void)
{
	static u64 last;

	return last += 2;
}

void anon_vma_prepare(struct vm_area *vma)
{
	struct vm_area *prev, *next;

	if (vma->anon_vma)
		return;
	next = vma_next(vma);
	prev = vma_prev(vma);
	if (next && anon_vma_reusable(vma, next, next))
		vma->anon_vma = next->anon_vma;
	else if (prev && anon_vma_reusable(prev, vma, prev))
		vma->anon_vma = prev->anon_vma;
	else
		vma->anon_vma = new_anon_vma();
}

void anon_vma_fork(struct vm_area *child)
{
	if (child->anon_vma)
		child->anon_vma = new_anon_vma() | ANON_FORKED;
}

/* @low takes over its neighbour @high. */
static void join(struct vm_area *low, struct vm_area *high)
{
	u64 end = high->end;

	low->anon_vma |= high->anon_vma;
	vma_unlink(low->mm, high);
	vma_resize(low, low->start, end, low->pgoff);
	vma_free(high);
}

struct vm_area *vma_merge(struct vm_area *vma)
{
	struct vm_area *prev = vma_prev(vma), *next = vma_next(vma);

	/* The lower one first: the two sides may have pages that do not join each other's. */
	if (prev && can_merge(prev, vma)) {
		join(prev, vma);
		vma = prev;
	}
	if (next && can_merge(vma, next))
		join(vma, next);
	return vma;
}

int vma_isolate(struct mm *mm, u64 start, u64 end, bool removing)
{
	struct vm_area *first = find_vma_exact(mm, start), *last = find_vma_exact(mm, end);
	bool cut_first = first && first->start < start, cut_last = last && last->start < end;

	/* As Linux counts: removal may need an area more only where it cuts a hole into one. */
	if (removing ? cut_first && cut_last && first == last && mm->nr_vmas >= sysctl_max_map_count :
	    cut_first + cut_last > 0 && mm->nr_vmas + cut_first + cut_last > sysctl_max_map_count)
		return -ENOMEM;
	if (cut_first && !vma_split(first, start))
		return -ENOMEM;
	last = find_vma_exact(mm, end);
	if (cut_last && !vma_split(last, end))
		return -ENOMEM;
	return 0;
}

int change_vma_flags(struct mm *mm, u64 start, u64 end, u64 set, u64 clear)
{
	struct vm_area *vma;
	int err = vma_isolate(mm, start, end, false);

	if (err)
		return err;
	vma = find_vma_exact(mm, start);
	mm_account(mm, vma, -(s64)vma_pages(vma));
	vma->flags = (vma->flags & ~clear) | set;
	mm_account(mm, vma, (s64)vma_pages(vma));
	vma_merge(vma);
	return 0;
}

/* ---- free space ---- */

/* The highest start of @len free bytes between @low and @high in the space round subtree @t, or 0. */
static u64 highest_hole(const struct vm_area *t, u64 low, u64 high, u64 len)
{
	u64 found;

	if (high < low || high - low < len)
		return 0;
	if (!t)
		return high - len;
	if (t->sub_gap < len && hole(low, t->sub_start) < len && hole(t->sub_end, high) < len)
		return 0;
	found = highest_hole(t->right, max(low, t->end), high, len);
	return found ? found : highest_hole(t->left, low, min(high, guarded_start(t)), len);
}

static u64 lowest_hole(const struct vm_area *t, u64 low, u64 high, u64 len)
{
	u64 found;

	if (high < low || high - low < len)
		return 0;
	if (!t)
		return low;
	if (t->sub_gap < len && hole(low, t->sub_start) < len && hole(t->sub_end, high) < len)
		return 0;
	found = lowest_hole(t->left, low, min(high, guarded_start(t)), len);
	return found ? found : lowest_hole(t->right, max(low, t->end), high, len);
}

long get_unmapped_range(struct mm *mm, u64 len, u64 low, u64 high)
{
	u64 addr;

	low = round_up(max(low, GUEST_MMAP_MIN), PAGE_SIZE);
	high = round_down(min(high, trap_layout.task_size), PAGE_SIZE);
	addr = highest_hole(mm->tree, low, high, len);
	if (!addr && high == mm->mmap_base) /* Linux's second try, bottom up above the base */
		addr = lowest_hole(mm->tree, low, trap_layout.task_size, len);
	return addr ? (long)addr : -ENOMEM;
}

/* ---- accounting and limits ---- */

void mm_account(struct mm *mm, const struct vm_area *vma, s64 count)
{
	if (vma->flags & VM_STUB)
		return; /* a guest need not know */
	mm->total_vm += (u64)count;
	mm->hiwater_vm = max(mm->hiwater_vm, mm->total_vm);
	if ((vma->flags & (VM_EXEC | VM_WRITE | VM_GROWSDOWN)) == VM_EXEC)
		mm->exec_vm += (u64)count;
	else if (vma->flags & VM_GROWSDOWN)
		mm->stack_vm += (u64)count;
	else if (vma_is_data(vma))
		mm->data_vm += (u64)count;
	if (vma->flags & VM_LOCKED)
		mm->locked_vm += (u64)count;
}

bool may_expand_vm(struct mm *mm, u64 count, bool data)
{
	if (mm->total_vm + count > rlimit(RLIMIT_AS) >> PAGE_SHIFT)
		return false;
	if (!data || mm->data_vm + count <= rlimit(RLIMIT_DATA) >> PAGE_SHIFT)
		return true;
	/* Linux lets valgrind through, which sets the limit to 0. */
	return !rlimit(RLIMIT_DATA) && mm->data_vm + count <= current->signal->rlim[RLIMIT_DATA].max >> PAGE_SHIFT;
}

int expand_stack(struct vm_area *vma, u64 addr)
{
	struct vm_area *prev = vma_prev(vma);
	u64 grow = (vma->start - addr) >> PAGE_SHIFT;

	if (addr < GUEST_MMAP_MIN)
		return -EPERM;
	if (prev && !(prev->flags & VM_GROWSDOWN) && (prev->flags & (VM_READ | VM_WRITE | VM_EXEC)) &&
	    addr - prev->end < STACK_GUARD_GAP)
		return -ENOMEM;
	if (prev && prev->end > addr)
		return -ENOMEM;
	if (vma->end - addr > rlimit(RLIMIT_STACK) || !may_expand_vm(vma->mm, grow, false))
		return -ENOMEM;
	if ((vma->flags & VM_LOCKED) && !capable(CAP_IPC_LOCK) &&
	    vma->mm->locked_vm + grow > rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT)
		return -ENOMEM;
	if (overcommit_refused(grow, VM_WRITE))
		return -ENOMEM;
	vma_resize(vma, addr, vma->end, vma->pgoff - grow);
	mm_account(vma->mm, vma, (s64)grow);
	return 0;
}

/* ---- the lock ---- */

int mmap_lock(struct mm *mm)
{
	int err;

	if (likely(!mm->lock_owner)) {
		mm->lock_owner = current;
		return 0;
	}
	err = (int)wait_event_killable(&mm->lock_wait, !mm->lock_owner);
	if (err)
		return -EINTR;
	mm->lock_owner = current;
	return 0;
}

void mmap_unlock(struct mm *mm)
{
	mm->lock_owner = NULL;
	wake_up(&mm->lock_wait);
}
