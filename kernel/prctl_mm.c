/* prctl(2): what it sets for an address space: PR_SET_MM's fields, the auxiliary vector, dumpability, huge pages, and
 * PR_SET_MDWE. */
#include "prctl.h"
#include "cred.h"
#include "fs.h"
#include "ledger.h"
#include "mm.h"
#include "sched.h"
#include "string.h"
#include "trap.h"
#include "uaccess.h"
#include <asm/resource.h>
#include <linux/capability.h>
#include <linux/prctl.h>

/* Of newer kernels. */
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_GET_MDWE 66
#endif
#define MDWE_REFUSE_EXEC_GAIN 1ul
#define MDWE_NO_INHERIT 2ul
#ifndef PR_GET_AUXV
#define PR_GET_AUXV 0x41555856
#endif
#define AUXV_SIZE 416 /* bytes that Linux keeps on x86-64: 26 pairs */

/* ---- PR_SET_MM ---- */

struct mm_fields {
	u64 start_code, end_code, start_data, end_data, start_brk, brk, start_stack, arg_start, arg_end, env_start, env_end;
};

static void get_fields(const struct mm *mm, struct mm_fields *f)
{
	*f = (struct mm_fields){ mm->start_code, mm->end_code, mm->start_data, mm->end_data, mm->start_brk, mm->brk,
		mm->start_stack, mm->arg_start, mm->arg_end, mm->env_start, mm->env_end };
}

static void set_fields(struct mm *mm, const struct mm_fields *f)
{
	mm->start_code = f->start_code, mm->end_code = f->end_code;
	mm->start_data = f->start_data, mm->end_data = f->end_data;
	mm->start_brk = f->start_brk, mm->brk = f->brk, mm->start_stack = f->start_stack;
	mm->arg_start = f->arg_start, mm->arg_end = f->arg_end;
	mm->env_start = f->env_start, mm->env_end = f->env_end;
}

static bool in_user_space(u64 addr)
{
	return addr >= GUEST_MMAP_MIN && addr < trap_layout.task_size;
}

/* prctl(2), "PR_SET_MM": all within user space, in order, and the heap and data within RLIMIT_DATA. */
static bool fields_sane(const struct mm_fields *f)
{
	const u64 all[] = { f->start_code, f->end_code, f->start_data, f->end_data, f->start_brk, f->brk, f->start_stack,
		f->arg_start, f->arg_end, f->env_start, f->env_end };
	u64 limit = rlimit(RLIMIT_DATA);

	for (unsigned i = 0; i < ARRAY_SIZE(all); i++)
		if (!in_user_space(all[i]))
			return false;
	if (f->start_code >= f->end_code || f->start_data > f->end_data || f->start_brk > f->brk ||
	    f->arg_start > f->arg_end || f->env_start > f->env_end)
		return false;
	return limit == ~0ull || f->brk - f->start_brk + f->end_data - f->start_data <= limit;
}

static u64 *field_of(struct mm_fields *f, unsigned long which)
{
	switch (which) {
	case PR_SET_MM_START_CODE:
		return &f->start_code;
	case PR_SET_MM_END_CODE:
		return &f->end_code;
	case PR_SET_MM_START_DATA:
		return &f->start_data;
	case PR_SET_MM_END_DATA:
		return &f->end_data;
	case PR_SET_MM_START_STACK:
		return &f->start_stack;
	case PR_SET_MM_START_BRK:
		return &f->start_brk;
	case PR_SET_MM_BRK:
		return &f->brk;
	case PR_SET_MM_ARG_START:
		return &f->arg_start;
	case PR_SET_MM_ARG_END:
		return &f->arg_end;
	case PR_SET_MM_ENV_START:
		return &f->env_start;
	case PR_SET_MM_ENV_END:
		return &f->env_end;
	default:
		return NULL;
	}
}

/* These must lie in memory that is mapped. */
static bool must_be_mapped(unsigned long which)
{
	return which == PR_SET_MM_START_STACK || which == PR_SET_MM_ARG_START || which == PR_SET_MM_ARG_END ||
		which == PR_SET_MM_ENV_START || which == PR_SET_MM_ENV_END;
}

static long set_auxv(struct mm *mm, unsigned long addr, unsigned long len)
{
	u64 auxv[ARRAY_SIZE(mm->auxv)];

	if (len > AUXV_SIZE)
		return -EINVAL;
	memset(auxv, 0, sizeof(auxv));
	if (copy_from_user(auxv, u64_to_uptr(addr), len))
		return -EFAULT;
	/* It ends with AT_NULL, whatever was given. */
	auxv[AUXV_SIZE / sizeof(u64) - 2] = 0;
	auxv[AUXV_SIZE / sizeof(u64) - 1] = 0;
	memcpy(mm->auxv, auxv, sizeof(auxv));
	return 0;
}

static long set_mm(const unsigned long *a)
{
	struct mm *mm = current->mm;
	unsigned long which = a[0], addr = a[1];
	struct mm_fields f;
	u64 *field;

	if (a[3] || (a[2] && which != PR_SET_MM_AUXV && which != PR_SET_MM_MAP && which != PR_SET_MM_MAP_SIZE))
		return -EINVAL;
	if (which == PR_SET_MM_MAP || which == PR_SET_MM_MAP_SIZE) {
		LEDGER("prctl PR_SET_MM_MAP", which);
		return -EINVAL; /* as a kernel without CONFIG_CHECKPOINT_RESTORE */
	}
	if (!capable(CAP_SYS_RESOURCE))
		return -EPERM;
	if (which == PR_SET_MM_EXE_FILE) {
		LEDGER("prctl PR_SET_MM_EXE_FILE", addr);
		return -EINVAL;
	}
	if (which == PR_SET_MM_AUXV)
		return set_auxv(mm, addr, a[2]);
	if (!in_user_space(addr))
		return -EINVAL;
	get_fields(mm, &f);
	field = field_of(&f, which);
	if (!field)
		return -EINVAL;
	*field = addr;
	if (!fields_sane(&f))
		return -EINVAL;
	if (must_be_mapped(which) && !find_vma(mm, addr))
		return -EFAULT;
	set_fields(mm, &f);
	return 0;
}

/* ---- the rest ---- */

static long get_auxv(const unsigned long *a)
{
	size_t size = min((size_t)a[1], (size_t)AUXV_SIZE);

	BUILD_BUG_ON(sizeof(current->mm->auxv) < AUXV_SIZE);
	if (a[2] || a[3])
		return -EINVAL;
	return copy_to_user(u64_to_uptr(a[0]), current->mm->auxv, size) ? -EFAULT : AUXV_SIZE;
}

static long get_dumpable(const unsigned long *a __maybe_unused) { return current->mm->dumpable; }

static long set_dumpable(const unsigned long *a)
{
	if (a[0] > 1)
		return -EINVAL;
	current->mm->dumpable = a[0];
	return 0;
}

/* There are no huge pages that it could keep away. */
static long set_thp_disable(const unsigned long *a)
{
	if (a[1] || a[2] || a[3])
		return -EINVAL;
	current->mm->thp_disabled = a[0];
	return 0;
}

static long get_thp_disable(const unsigned long *a)
{
	return a[0] || a[1] || a[2] || a[3] ? -EINVAL : current->mm->thp_disabled;
}

static long set_mdwe(const unsigned long *a)
{
	struct mm *mm = current->mm;

	if (a[1] || a[2] || a[3] || (a[0] & ~(MDWE_REFUSE_EXEC_GAIN | MDWE_NO_INHERIT)) || a[0] == MDWE_NO_INHERIT)
		return -EINVAL;
	if (mm->mdwe && mm->mdwe != a[0])
		return -EPERM;
	mm->mdwe = (u8)a[0];
	return 0;
}

static long get_mdwe(const unsigned long *a)
{
	return a[0] || a[1] || a[2] || a[3] ? -EINVAL : current->mm->mdwe;
}

bool mdwe_refuses(const struct mm *mm, u64 old, u64 new)
{
	if (!(mm->mdwe & MDWE_REFUSE_EXEC_GAIN) || !(new & VM_EXEC))
		return false;
	return (new & VM_WRITE) || !(old & VM_EXEC);
}

void mdwe_fork(struct mm *child, const struct mm *parent)
{
	child->mdwe = parent->mdwe & MDWE_NO_INHERIT ? 0 : parent->mdwe;
}

static long set_vma(const unsigned long *a)
{
	return a[0] == PR_SET_VMA_ANON_NAME ? mm_name_anon(current->mm, a[1], a[2], u64_to_uptr(a[3])) : -EINVAL;
}

const struct prctl_row prctl_mm_rows[] = {
	{ PR_SET_MM, set_mm },
	{ PR_GET_AUXV, get_auxv },
	{ PR_GET_DUMPABLE, get_dumpable },
	{ PR_SET_DUMPABLE, set_dumpable },
	{ PR_SET_THP_DISABLE, set_thp_disable },
	{ PR_GET_THP_DISABLE, get_thp_disable },
	{ PR_SET_MDWE, set_mdwe },
	{ PR_GET_MDWE, get_mdwe },
	{ PR_SET_VMA, set_vma },
	{ 0, NULL },
};
