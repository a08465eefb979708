/* Calls that ask about or set small things of the system and of the process: uname, sysinfo, getrusage, personality,
 * prctl, syslog. */
#include "loadavg.h"
#include "sched.h"
#include "cred.h"
#include "host.h"
#include "ledger.h"
#include "mm.h"
#include "oops.h"
#include "sigcore.h"
#include "string.h"
#include "syscalls.h"
#include <linux/capability.h>
#include <linux/personality.h>
#include <linux/prctl.h>
#include <linux/resource.h>
#include <linux/securebits.h>
#include <linux/sysinfo.h>
#include <linux/time.h>
#include <linux/utsname.h>

/* ---- names ---- */

static char nodename[__NEW_UTS_LEN + 1];

static const char *node_name(void)
{
	if (!nodename[0])
		strscpy(nodename, umk_options.hostname ? umk_options.hostname :
			host_info.nodename ? host_info.nodename : "umk", sizeof(nodename));
	return nodename;
}

SYSCALL_DEFINE1(uname, struct new_utsname __user *, name)
{
	struct new_utsname u;

	memset(&u, 0, sizeof(u));
	strscpy(u.sysname, "Linux", sizeof(u.sysname));
	strscpy(u.nodename, node_name(), sizeof(u.nodename));
	strscpy(u.release, host_info.kernel_version, sizeof(u.release));
	strscpy(u.version, "#1 SMP PREEMPT_DYNAMIC umk", sizeof(u.version));
	strscpy(u.machine, (current->personality & PER_MASK) == PER_LINUX32 ? "i686" : "x86_64", sizeof(u.machine));
	strscpy(u.domainname, "(none)", sizeof(u.domainname));
	return copy_to_user(name, &u, sizeof(u)) ? -EFAULT : 0;
}

/* The name belongs to the command line (--hostname). */
SYSCALL_DEFINE2(sethostname, const char __user *, name, int, len)
{
	if (capable(CAP_SYS_ADMIN))
		LEDGER("sethostname", len);
	return -EPERM;
}

SYSCALL_DEFINE2(setdomainname, const char __user *, name, int, len)
{
	if (capable(CAP_SYS_ADMIN))
		LEDGER("setdomainname", len);
	return -EPERM;
}

SYSCALL_DEFINE3(syslog, int, type, char __user *, buf, int, len)
{
	if (capable(CAP_SYSLOG))
		LEDGER("syslog", type);
	return -EPERM;
}

/* ---- figures ---- */

SYSCALL_DEFINE1(sysinfo, struct sysinfo __user *, info)
{
	struct sysinfo s;

	memset(&s, 0, sizeof(s));
	s.uptime = (long)(host_clock(HOST_BOOTTIME) / NSEC_PER_SEC);
	s.totalram = nr_total_pages() * PAGE_SIZE;
	s.freeram = nr_free_pages() * PAGE_SIZE;
	s.procs = (u16)min(nr_tasks, 65535u);
	s.mem_unit = 1;
	loadavg_get(s.loads, SI_LOAD_SHIFT);
	return copy_to_user(info, &s, sizeof(s)) ? -EFAULT : 0;
}

/* ---- personality ---- */

SYSCALL_DEFINE1(personality, unsigned, persona)
{
	u32 old = current->personality;

	if (persona != 0xffffffff)
		current->personality = persona;
	return old;
}

#define PR_UMK_FAULT 0x756d6b66 /* with --test-faults */

/* ---- prctl ---- */

static long set_name(const char __user *uname)
{
	char name[sizeof(current->comm)];

	memset(name, 0, sizeof(name));
	if (strncpy_from_user(name, uname, sizeof(name) - 1) < 0)
		return -EFAULT;
	name[sizeof(name) - 1] = 0;
	memcpy(current->comm, name, sizeof(name));
	return 0;
}

static long get_name(char __user *uname)
{
	char name[sizeof(current->comm)];

	memset(name, 0, sizeof(name));
	strscpy(name, current->comm, sizeof(name));
	return copy_to_user(uname, name, sizeof(name)) ? -EFAULT : 0;
}


static long drop_capability(unsigned long cap)
{
	struct cred *c;

	if (!capable(CAP_SETPCAP))
		return -EPERM;
	if (cap > CAP_LAST_CAP)
		return -EINVAL;
	c = cred_prepare();
	if (!c)
		return -ENOMEM;
	c->cap_bset &= ~(1ull << cap);
	cred_commit(c);
	return 0;
}

static long set_securebits(unsigned long bits)
{
	const struct cred *old = current->cred;
	unsigned long locked = (old->securebits & SECURE_ALL_LOCKS) >> 1;
	struct cred *c;

	/* Locked bits stay, locks stay, unknown bits are refused, and it takes CAP_SETPCAP. */
	if ((locked & (old->securebits ^ bits)) || (old->securebits & SECURE_ALL_LOCKS & ~bits) ||
	    (bits & ~(unsigned long)(SECURE_ALL_LOCKS | SECURE_ALL_BITS)) || !capable(CAP_SETPCAP))
		return -EPERM;
	c = cred_prepare();
	if (!c)
		return -ENOMEM;
	c->securebits = (u32)bits;
	cred_commit(c);
	return 0;
}

static long set_keepcaps(unsigned long on)
{
	struct cred *c;

	if (on > 1)
		return -EINVAL;
	if (current->cred->securebits & issecure_mask(SECURE_KEEP_CAPS_LOCKED))
		return -EPERM;
	c = cred_prepare();
	if (!c)
		return -ENOMEM;
	c->securebits &= ~issecure_mask(SECURE_KEEP_CAPS);
	if (on)
		c->securebits |= issecure_mask(SECURE_KEEP_CAPS);
	cred_commit(c);
	return 0;
}

static long set_no_new_privs(void)
{
	struct cred *c = cred_prepare();

	if (!c)
		return -ENOMEM;
	c->no_new_privs = true;
	cred_commit(c);
	return 0;
}

static long cap_ambient(unsigned long what, unsigned long cap)
{
	const struct cred *old = current->cred;
	struct cred *c;
	u64 bit = 1ull << (cap & 63);

	if (what == PR_CAP_AMBIENT_CLEAR_ALL ? cap != 0 : cap > CAP_LAST_CAP)
		return -EINVAL;
	if (what == PR_CAP_AMBIENT_IS_SET)
		return !!(old->cap_ambient & bit);
	if (what != PR_CAP_AMBIENT_RAISE && what != PR_CAP_AMBIENT_LOWER && what != PR_CAP_AMBIENT_CLEAR_ALL)
		return -EINVAL;
	if (what == PR_CAP_AMBIENT_RAISE && (!(old->cap_permitted & old->cap_inheritable & bit) ||
		(old->securebits & issecure_mask(SECURE_NO_CAP_AMBIENT_RAISE))))
		return -EPERM;
	c = cred_prepare();
	if (!c)
		return -ENOMEM;
	if (what == PR_CAP_AMBIENT_CLEAR_ALL)
		c->cap_ambient = 0;
	else if (what == PR_CAP_AMBIENT_RAISE)
		c->cap_ambient |= bit;
	else
		c->cap_ambient &= ~bit;
	cred_commit(c);
	return 0;
}

static long prctl_cred(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5)
{
	const struct cred *c = current->cred;

	switch (option) {
	case PR_GET_KEEPCAPS:
		return !!(c->securebits & issecure_mask(SECURE_KEEP_CAPS));
	case PR_SET_KEEPCAPS:
		return set_keepcaps(arg2);
	case PR_CAPBSET_READ:
		return arg2 > CAP_LAST_CAP ? -EINVAL : !!(c->cap_bset & (1ull << arg2));
	case PR_CAPBSET_DROP:
		return drop_capability(arg2);
	case PR_GET_SECUREBITS:
		return c->securebits;
	case PR_SET_SECUREBITS:
		return set_securebits(arg2);
	case PR_SET_NO_NEW_PRIVS:
		return arg2 != 1 || arg3 || arg4 || arg5 ? -EINVAL : set_no_new_privs();
	case PR_GET_NO_NEW_PRIVS:
		return arg2 || arg3 || arg4 || arg5 ? -EINVAL : c->no_new_privs;
	default: /* PR_CAP_AMBIENT */
		return arg4 || arg5 ? -EINVAL : cap_ambient(arg2, arg3);
	}
}

SYSCALL_DEFINE5(prctl, int, option, unsigned long, arg2, unsigned long, arg3, unsigned long, arg4, unsigned long, arg5)
{
	struct task *t = current;

	switch (option) {
	case PR_SET_PDEATHSIG:
		if (arg2 > _NSIG)
			return -EINVAL;
		t->pdeath_signal = (u32)arg2;
		return 0;
	case PR_GET_PDEATHSIG:
		return put_user((int)t->pdeath_signal, (int __user *)u64_to_uptr(arg2));
	case PR_GET_DUMPABLE:
		return t->mm->dumpable;
	case PR_SET_DUMPABLE:
		if (arg2 > 1)
			return -EINVAL;
		t->mm->dumpable = arg2;
		return 0;
	case PR_SET_NAME:
		return set_name(u64_to_uptr(arg2));
	case PR_GET_NAME:
		return get_name(u64_to_uptr(arg2));
	case PR_GET_TIMING:
		return PR_TIMING_STATISTICAL;
	case PR_SET_TIMING:
		return arg2 == PR_TIMING_STATISTICAL ? 0 : -EINVAL;
	case PR_GET_SECCOMP:
		return 0; /* no guest has a filter: seccomp(2) is not there */
	case PR_GET_TSC:
		return put_user((int)PR_TSC_ENABLE, (int __user *)u64_to_uptr(arg2));
	case PR_SET_TIMERSLACK:
		t->timer_slack = (s64)arg2 > 0 ? (s64)arg2 : 50000;
		return 0;
	case PR_GET_TIMERSLACK:
		return t->timer_slack;
	case PR_SET_CHILD_SUBREAPER:
		t->signal->child_subreaper = !!arg2;
		return 0;
	case PR_GET_CHILD_SUBREAPER:
		return put_user((int)t->signal->child_subreaper, (int __user *)u64_to_uptr(arg2));
	case PR_GET_TID_ADDRESS:
		return put_user(t->clear_child_tid, (u64 __user *)u64_to_uptr(arg2));
	case PR_SET_THP_DISABLE:
		if (arg3 || arg4 || arg5)
			return -EINVAL;
		t->mm->thp_disabled = !!arg2;
		return 0;
	case PR_GET_THP_DISABLE:
		return arg2 || arg3 || arg4 || arg5 ? -EINVAL : t->mm->thp_disabled;
	case PR_GET_KEEPCAPS:
	case PR_SET_KEEPCAPS:
	case PR_CAPBSET_READ:
	case PR_CAPBSET_DROP:
	case PR_GET_SECUREBITS:
	case PR_SET_SECUREBITS:
	case PR_SET_NO_NEW_PRIVS:
	case PR_GET_NO_NEW_PRIVS:
	case PR_CAP_AMBIENT:
		return prctl_cred(option, arg2, arg3, arg4, arg5);
	case PR_SET_VMA: /* as a kernel without CONFIG_ANON_VMA_NAME */
		return -EINVAL;
	case PR_UMK_FAULT:
		if (umk_options.test_faults)
			return test_fault(arg2);
		/* fall through */
	default:
		LEDGER("prctl option", (u32)option);
		return -EINVAL;
	}
}
