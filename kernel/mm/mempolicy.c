/* NUMA policies on a machine of one node: set_mempolicy(2), get_mempolicy(2), mbind(2), set_mempolicy_home_node(2),
 * migrate_pages(2) and move_pages(2). All memory is on node 0, so every policy that can be set is obeyed as it is, and every
 * page that is to move there is there; what remains is to refuse what Linux refuses, and to remember what was set. */
#include "mempolicy.h"
#include "internal.h"
#include "cred.h"
#include "printk.h"
#include "sched.h"
#include "string.h"
#include "syscalls.h"
#include <asm/errno.h>
#include <linux/capability.h>
#include <linux/mempolicy.h>

#define MAX_NODES 1024u /* CONFIG_NODES_SHIFT=10; bits of a node mask beyond must be 0 */
#define NODE_IDS 1u     /* nodes that there can be */
#ifndef MPOL_PREFERRED_MANY
#define MPOL_PREFERRED_MANY 5
#endif
#define MPOL_WEIGHTED_INTERLEAVE_ 6 /* Linux 6.9 */
#define MODES 7
#define MODE_FLAGS (MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES | MPOL_F_NUMA_BALANCING)

/* A policy's word: */
#define POL_MODE(p) ((unsigned)((p) & 0xff) - 1)
#define POL_FLAGS(p) ((unsigned)(p) & MODE_FLAGS)  /* where the call has them: bits 13 to 15 */
#define POL_NODE0 0x100ull                         /* the policy's own set of nodes has node 0 */
#define POL_HOME 0x200ull                          /* set_mempolicy_home_node */
#define POL_USER(p) ((p) >> 32)                    /* the set as it was given, its lower half */
#define POL_KEEPS_USER (MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES)

struct nodes {
	bool empty;
	u64 low; /* nodes 0 to 63 */
};

/* ---- node masks ---- */

static int get_nodes(struct nodes *to, const unsigned long __user *umask, unsigned long maxnode)
{
	*to = (struct nodes){ .empty = true };
	maxnode--;
	if (!maxnode || !umask)
		return 0;
	if (maxnode > PAGE_SIZE * 8)
		return -EINVAL;
	for (unsigned long at = 0; at < maxnode; at += 64) {
		u64 word, left = maxnode - at;

		if (copy_from_user(&word, umask + at / 64, sizeof(word)))
			return -EFAULT;
		if (left < 64)
			word &= (1ull << left) - 1;
		if (word && at >= MAX_NODES)
			return -EINVAL;
		if (word)
			to->empty = false;
		if (at == 0)
			to->low = word;
	}
	return 0;
}

static int put_nodes(unsigned long __user *umask, unsigned long maxnode, u64 low)
{
	unsigned long bytes = round_up(maxnode - 1, 64ul) / 8, have = sizeof(u64);

	if (bytes > have) {
		if (bytes > PAGE_SIZE)
			return -EINVAL;
		if (clear_user((char __user *)umask + have, bytes - have))
			return -EFAULT;
		bytes = have;
	}
	return copy_to_user(umask, &low, bytes) ? -EFAULT : 0;
}

/* ---- policies ---- */

/* Takes the flags off *mode. */
static int mode_flags(int *mode, unsigned *flags)
{
	*flags = (unsigned)*mode & MODE_FLAGS;
	*mode &= ~MODE_FLAGS;
	if ((unsigned)*mode >= MODES)
		return -EINVAL;
	if ((*flags & POL_KEEPS_USER) == POL_KEEPS_USER)
		return -EINVAL;
	if ((*flags & MPOL_F_NUMA_BALANCING) && *mode != MPOL_BIND && *mode != MPOL_PREFERRED_MANY)
		return -EINVAL;
	return 0;
}

/* The policy's word; 0: the default; or -EINVAL. */
static long make_policy(int mode, unsigned flags, const struct nodes *nodes)
{
	bool node0 = flags & MPOL_F_RELATIVE_NODES ? !nodes->empty : nodes->low & 1;
	u64 user = flags & POL_KEEPS_USER ? nodes->low << 32 : 0;

	if (mode == MPOL_DEFAULT)
		return nodes->empty ? 0 : -EINVAL;
	if (mode == MPOL_LOCAL || (mode == MPOL_PREFERRED && nodes->empty)) {
		if (!nodes->empty || (flags & POL_KEEPS_USER))
			return -EINVAL;
		return (MPOL_LOCAL + 1) | flags;
	}
	if (!node0)
		return -EINVAL;
	return (long)(((u64)mode + 1) | flags | POL_NODE0 | (user & ~(1ull << 63)));
}

void mpol_text(u64 policy, char *buf, size_t size)
{
	static const char *const names[MODES] = { "default", "prefer", "bind", "interleave", "local", "prefer (many)",
		"weighted interleave" };
	unsigned flags = POL_FLAGS(policy);

	if (!policy) {
		strscpy(buf, names[0], size);
		return;
	}
	ksnprintf(buf, size, "%s%s%s", names[POL_MODE(policy) % MODES],
		flags & MPOL_F_STATIC_NODES ? "=static" : flags & MPOL_F_RELATIVE_NODES ? "=relative" :
		flags & MPOL_F_NUMA_BALANCING ? "=balancing" : "",
		policy & POL_NODE0 ? ":0" : "");
}

SYSCALL_DEFINE3(set_mempolicy, int, mode, const unsigned long __user *, nmask, unsigned long, maxnode)
{
	struct nodes nodes;
	unsigned flags;
	long policy;
	int err = mode_flags(&mode, &flags);

	if (!err)
		err = get_nodes(&nodes, nmask, maxnode);
	if (err)
		return err;
	policy = make_policy(mode, flags, &nodes);
	if (policy < 0)
		return policy;
	current->mempolicy = (u64)policy;
	return 0;
}

/* MPOL_F_NODE: where the next page goes, or the page at @addr is: always node 0, if the question makes sense. */
static int node_question(u64 policy, u64 addr, unsigned long flags)
{
	struct page *p;

	if (!(flags & MPOL_F_ADDR)) {
		unsigned mode = POL_MODE(policy);

		return policy && (mode == MPOL_INTERLEAVE || mode == MPOL_WEIGHTED_INTERLEAVE_) ? 0 : -EINVAL;
	}
	p = get_user_page(current->mm, addr, false);
	if (IS_ERR(p))
		return PTR_ERR(p) == -ENOMEM ? -ENOMEM : -EFAULT;
	page_put(p);
	return 0;
}

SYSCALL_DEFINE5(get_mempolicy, int __user *, upolicy, unsigned long __user *, nmask, unsigned long, maxnode,
	unsigned long, addr, unsigned long, flags)
{
	u64 policy = current->mempolicy, nodes;
	int value, err;

	if (nmask && maxnode < NODE_IDS)
		return -EINVAL;
	if (flags & ~(unsigned long)(MPOL_F_NODE | MPOL_F_ADDR | MPOL_F_MEMS_ALLOWED))
		return -EINVAL;
	if (flags & MPOL_F_MEMS_ALLOWED) {
		if (flags & (MPOL_F_NODE | MPOL_F_ADDR))
			return -EINVAL;
		value = 0;
		nodes = 1;
		goto answer;
	}
	if (flags & MPOL_F_ADDR) {
		struct vm_area *vma = find_vma_exact(current->mm, addr);

		if (!vma || (vma->flags & VM_STUB))
			return -EFAULT;
		policy = vma->policy;
	} else if (addr) {
		return -EINVAL;
	}
	nodes = policy & POL_KEEPS_USER ? POL_USER(policy) : !!(policy & POL_NODE0);
	value = policy ? (int)(POL_MODE(policy) | POL_FLAGS(policy)) : MPOL_DEFAULT;
	if (flags & MPOL_F_NODE) {
		value = node_question(policy, addr, flags);
		if (value < 0)
			return value;
	}
answer:
	if (upolicy && copy_to_user(upolicy, &value, sizeof(value)))
		return -EFAULT;
	err = nmask ? put_nodes(nmask, maxnode, nodes) : 0;
	return err;
}

/* ---- areas ---- */

static int set_area_policy(struct mm *mm, u64 start, u64 end, u64 policy)
{
	struct vm_area *vma = find_vma_exact(mm, start);
	int err;

	if (vma->policy == policy)
		return 0;
	err = vma_isolate(mm, start, end, false);
	if (err)
		return err;
	vma = find_vma_exact(mm, start);
	vma->policy = policy;
	vma_merge(vma);
	return 0;
}

/* Is the range mapped, as mbind wants it: without a hole, or, for the default policy, at all? */
static bool range_mapped(struct mm *mm, u64 start, u64 end, bool holes)
{
	struct vm_area *vma = find_vma(mm, start);

	if (!vma || vma->start >= end)
		return false;
	for (u64 a = start; !holes && a < end; a = vma->end) {
		vma = find_vma_exact(mm, a);
		if (!vma || (vma->flags & VM_STUB))
			return false;
	}
	return true;
}

static int mbind_locked(struct mm *mm, u64 start, u64 end, int mode, u64 policy)
{
	struct vm_area *vma;
	int err = 0;

	if (!range_mapped(mm, start, end, mode == MPOL_DEFAULT))
		return -EFAULT;
	for (u64 a = start; a < end && !err;) {
		u64 stop;

		vma = find_vma(mm, a);
		if (!vma || vma->start >= end)
			break;
		a = max(a, vma->start);
		stop = min(vma->end, end);
		if (!(vma->flags & VM_STUB))
			err = set_area_policy(mm, a, stop, policy);
		a = stop;
	}
	return err;
}

SYSCALL_DEFINE6(mbind, unsigned long, start, unsigned long, len, unsigned long, umode, const unsigned long __user *, nmask,
	unsigned long, maxnode, unsigned, flags)
{
	struct mm *mm = current->mm;
	u64 end = start + round_up(len, PAGE_SIZE);
	int mode = (int)umode, err;
	struct nodes nodes;
	unsigned mflags;
	long policy;

	err = mode_flags(&mode, &mflags);
	if (!err)
		err = get_nodes(&nodes, nmask, maxnode);
	if (err)
		return err;
	if (flags & ~(unsigned)(MPOL_MF_STRICT | MPOL_MF_MOVE | MPOL_MF_MOVE_ALL))
		return -EINVAL;
	if ((flags & MPOL_MF_MOVE_ALL) && !capable(CAP_SYS_NICE))
		return -EPERM;
	if ((start & ~PAGE_MASK) || end < start)
		return -EINVAL;
	if (end == start)
		return 0;
	policy = make_policy(mode, mflags, &nodes);
	if (policy < 0)
		return policy;
	err = mmap_lock(mm);
	if (err)
		return err;
	err = mbind_locked(mm, start, end, mode, (u64)policy);
	mmap_unlock(mm);
	return err;
}

SYSCALL_DEFINE4(set_mempolicy_home_node, unsigned long, start, unsigned long, len, unsigned long, home_node,
	unsigned long, flags)
{
	struct mm *mm = current->mm;
	u64 end = start + round_up(len, PAGE_SIZE);
	int err, result = -ENOENT;

	if ((start & ~PAGE_MASK) || flags || home_node >= NODE_IDS || end < start)
		return -EINVAL;
	if (end == start)
		return 0;
	err = mmap_lock(mm);
	if (err)
		return err;
	for (u64 a = start; a < end;) {
		struct vm_area *vma = find_vma(mm, a);
		unsigned mode;
		u64 stop;

		if (!vma || vma->start >= end)
			break;
		a = max(a, vma->start);
		stop = min(vma->end, end);
		mode = POL_MODE(vma->policy);
		if (vma->policy && mode != MPOL_BIND && mode != MPOL_PREFERRED_MANY) {
			result = -EOPNOTSUPP;
			break;
		}
		if (vma->policy) {
			result = set_area_policy(mm, a, stop, vma->policy | POL_HOME);
			if (result)
				break;
		}
		a = stop;
	}
	mmap_unlock(mm);
	return result;
}

/* ---- moving pages ---- */

/* The process @pid (0: current), if current may look into it: its address space, referenced. ERR_PTR: -ESRCH, -EPERM, -EINVAL. */
static struct mm *mm_of(int pid)
{
	struct task *t = pid ? find_task(pid) : current;

	if (!t || t->state == TASK_DEAD)
		return ERR_PTR(-ESRCH);
	if (!ptrace_may_access(t, false))
		return ERR_PTR(-EPERM);
	if (!t->mm)
		return ERR_PTR(-EINVAL);
	mm_get(t->mm);
	return t->mm;
}

SYSCALL_DEFINE4(migrate_pages, int, pid, unsigned long, maxnode, const unsigned long __user *, old_nodes,
	const unsigned long __user *, new_nodes)
{
	struct nodes from, to;
	struct mm *mm;
	int err = get_nodes(&from, old_nodes, maxnode);

	if (!err)
		err = get_nodes(&to, new_nodes, maxnode);
	if (err)
		return err;
	mm = mm_of(pid);
	if (IS_ERR(mm) && PTR_ERR(mm) != -EINVAL)
		return PTR_ERR(mm);
	/* To nodes that are not there, with or without others. */
	if (((to.low & ~1ull) || (!to.empty && !to.low)) && !capable(CAP_SYS_NICE))
		err = -EPERM;
	else if (!(to.low & 1))
		err = -EINVAL;
	if (IS_ERR(mm))
		return err ? err : PTR_ERR(mm);
	mm_drop(mm);
	return err;
}

/* What move_pages says of one page: its node, or why there is none. */
static int page_node(struct mm *mm, u64 addr)
{
	const struct vm_area *vma = find_vma_exact(mm, addr);

	if (!vma || (vma->flags & VM_STUB))
		return -EFAULT;
	return mm_shown_page(mm, addr) || mm_is_direct(mm, addr) ? 0 : -ENOENT;
}

static int move_pages_of(struct mm *mm, unsigned long count, const u64 __user *pages, const int __user *nodes,
	int __user *status)
{
	for (unsigned long i = 0; i < count; i++) {
		int node = 0, value;
		u64 addr;

		if (copy_from_user(&addr, pages + i, sizeof(addr)))
			return -EFAULT;
		if (nodes && copy_from_user(&node, nodes + i, sizeof(node)))
			return -EFAULT;
		if (node < 0 || (unsigned)node >= NODE_IDS)
			return -ENODEV;
		value = page_node(mm, addr);
		if (copy_to_user(status + i, &value, sizeof(value)))
			return -EFAULT;
		if (i % 256 == 255) {
			if (fatal_signal_pending(current))
				return -EINTR;
			cond_resched();
		}
	}
	return 0;
}

SYSCALL_DEFINE6(move_pages, int, pid, unsigned long, nr_pages, const u64 __user *, pages, const int __user *, nodes,
	int __user *, status, int, flags)
{
	struct mm *mm;
	int err;

	if (flags & ~(MPOL_MF_MOVE | MPOL_MF_MOVE_ALL))
		return -EINVAL;
	if ((flags & MPOL_MF_MOVE_ALL) && !capable(CAP_SYS_NICE))
		return -EPERM;
	mm = mm_of(pid);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	err = move_pages_of(mm, nr_pages, pages, nodes, status);
	mm_drop(mm);
	return err;
}
