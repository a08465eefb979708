/* prctl(2): what it sets for privileges: capability sets, securebits, no_new_privs. */
#include "prctl.h"
#include "cred.h"
#include "sched.h"
#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/securebits.h>

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

/* ---- the options ---- */

static long get_keepcaps(const unsigned long *a __maybe_unused)
{
	return !!(current->cred->securebits & issecure_mask(SECURE_KEEP_CAPS));
}

static long do_set_keepcaps(const unsigned long *a) { return set_keepcaps(a[0]); }
static long capbset_drop(const unsigned long *a) { return drop_capability(a[0]); }
static long get_securebits(const unsigned long *a __maybe_unused) { return current->cred->securebits; }
static long do_set_securebits(const unsigned long *a) { return set_securebits(a[0]); }

static long capbset_read(const unsigned long *a)
{
	return a[0] > CAP_LAST_CAP ? -EINVAL : !!(current->cred->cap_bset & (1ull << a[0]));
}

static long do_set_no_new_privs(const unsigned long *a)
{
	return a[0] != 1 || a[1] || a[2] || a[3] ? -EINVAL : set_no_new_privs();
}

static long get_no_new_privs(const unsigned long *a)
{
	return a[0] || a[1] || a[2] || a[3] ? -EINVAL : current->cred->no_new_privs;
}

static long do_cap_ambient(const unsigned long *a)
{
	return a[2] || a[3] ? -EINVAL : cap_ambient(a[0], a[1]);
}

const struct prctl_row prctl_cred_rows[] = {
	{ PR_GET_KEEPCAPS, get_keepcaps },
	{ PR_SET_KEEPCAPS, do_set_keepcaps },
	{ PR_CAPBSET_READ, capbset_read },
	{ PR_CAPBSET_DROP, capbset_drop },
	{ PR_GET_SECUREBITS, get_securebits },
	{ PR_SET_SECUREBITS, do_set_securebits },
	{ PR_SET_NO_NEW_PRIVS, do_set_no_new_privs },
	{ PR_GET_NO_NEW_PRIVS, get_no_new_privs },
	{ PR_CAP_AMBIENT, do_cap_ambient },
	{ 0, NULL },
};
