/* Credentials: user and group ids, supplementary groups, capabilities; and what each real user has in use.
 *
 * A struct cred never changes once a task has it: a call prepares a copy, changes that, and commits it. */
#include "cred.h"
#include "host.h"
#include "mm.h"
#include "slab.h"
#include "string.h"
#include "syscalls.h"
#include <asm/resource.h>
#include <linux/capability.h>
#include <linux/securebits.h>

#define CAP_BIT(cap) (1ull << (cap))
/* What fsuid 0 means for capabilities (capabilities(7), "Effect of user ID changes"). */
#define CAP_FS (CAP_BIT(CAP_CHOWN) | CAP_BIT(CAP_DAC_OVERRIDE) | CAP_BIT(CAP_DAC_READ_SEARCH) | CAP_BIT(CAP_FOWNER) | \
	CAP_BIT(CAP_FSETID) | CAP_BIT(CAP_LINUX_IMMUTABLE) | CAP_BIT(CAP_MKNOD) | CAP_BIT(CAP_MAC_OVERRIDE))
#define NGROUPS 65536
#define NOBODY_ID ((u32)-1) /* "do not change" */

/* ---- objects ---- */

struct cred *cred_get(struct cred *c)
{
	c->refs++;
	return c;
}

void cred_put(struct cred *c)
{
	if (!c || --c->refs)
		return;
	kfree(c->groups);
	kfree(c);
}

static void sort_ids(u32 *ids, u32 count)
{
	/* Heap sort: a guest chooses the numbers, and there may be 65,536. */
	for (u32 n = count, start = count / 2; n > 1;) {
		u32 root, tmp;

		if (start) {
			start--;
		} else {
			n--;
			tmp = ids[0];
			ids[0] = ids[n];
			ids[n] = tmp;
		}
		for (root = start; 2 * root + 1 < n;) {
			u32 child = 2 * root + 1;

			if (child + 1 < n && ids[child] < ids[child + 1])
				child++;
			if (ids[root] >= ids[child])
				break;
			tmp = ids[root];
			ids[root] = ids[child];
			ids[child] = tmp;
			root = child;
		}
	}
}

static bool set_groups(struct cred *c, const u32 *ids, u32 count)
{
	u32 *copy = NULL;

	if (count) {
		copy = kmemdup(ids, count * sizeof(*ids));
		if (!copy)
			return false;
		sort_ids(copy, count);
	}
	kfree(c->groups);
	c->groups = copy;
	c->ngroups = count;
	return true;
}

struct cred *cred_first(void)
{
	struct cred *c = kzalloc(sizeof(*c));

	if (!c)
		return NULL;
	c->refs = 1;
	c->uid = c->euid = c->suid = c->fsuid = umk_options.uid;
	c->gid = c->egid = c->sgid = c->fsgid = umk_options.gid;
	c->cap_bset = umk_options.caps.bset & CAP_ALL;
	c->cap_permitted = umk_options.caps.permitted & CAP_ALL;
	c->cap_effective = umk_options.caps.effective & CAP_ALL;
	c->cap_inheritable = umk_options.caps.inheritable & CAP_ALL;
	c->cap_ambient = umk_options.caps.ambient & CAP_ALL;
	c->securebits = umk_options.caps.securebits;
	c->no_new_privs = umk_options.no_new_privs;
	if (!set_groups(c, umk_options.groups, umk_options.ngroups)) {
		kfree(c);
		return NULL;
	}
	return c;
}

struct cred *cred_prepare(void)
{
	const struct cred *old = current->cred;
	struct cred *c = kmemdup(old, sizeof(*old));

	if (!c)
		return NULL;
	c->refs = 1;
	c->groups = NULL;
	if (old->ngroups) {
		c->groups = kmemdup(old->groups, old->ngroups * sizeof(u32));
		if (!c->groups) {
			kfree(c);
			return NULL;
		}
	}
	return c;
}

/* RLIMIT_NPROC and RLIMIT_SIGPENDING count by real user. Without memory the old count goes on. */
static void move_user_count(struct task *t, u32 uid)
{
	struct user_count *u;

	if (!t->user || t->user->uid == uid)
		return;
	u = user_count_get(uid);
	if (!u)
		return;
	/* execve(2) fails while it is so; programs do not look at what setuid() returns. As in Linux without this task. */
	t->nproc_exceeded = uid && u->processes > task_rlimit(t, RLIMIT_NPROC);
	u->processes++;
	t->user->processes--;
	user_count_put(t->user);
	t->user = u;
}

void cred_commit(struct cred *c)
{
	struct task *t = current;
	struct cred *old = t->cred;

	if (old->euid != c->euid || old->egid != c->egid || old->fsuid != c->fsuid || old->fsgid != c->fsgid ||
	    (c->cap_permitted & ~old->cap_permitted)) {
		if (t->mm)
			t->mm->dumpable = false;
		t->pdeath_signal = 0;
	}
	t->cred = c;
	move_user_count(t, c->uid);
	cred_put(old);
}

/* ---- per-user counts ---- */

static struct user_count *users;

struct user_count *user_count_get(u32 uid)
{
	struct user_count *u;

	for (u = users; u; u = u->next)
		if (u->uid == uid) {
			u->refs++;
			return u;
		}
	u = kzalloc(sizeof(*u));
	if (!u)
		return NULL;
	u->uid = uid;
	u->refs = 1;
	u->next = users;
	users = u;
	return u;
}

void user_count_put(struct user_count *u)
{
	struct user_count **p;

	if (!u || --u->refs)
		return;
	for (p = &users; *p != u; p = &(*p)->next)
		;
	*p = u->next;
	kfree(u);
}

/* ---- asking ---- */

bool cred_capable(const struct cred *c, int cap) { return c->cap_effective >> cap & 1; }
bool capable(int cap) { return cred_capable(current->cred, cap); }

bool ptrace_may_access(const struct task *t, bool fscreds)
{
	const struct cred *c = current->cred, *o = t->cred;
	u32 uid = fscreds ? c->fsuid : c->uid, gid = fscreds ? c->fsgid : c->gid;

	if (t->tgid == current->tgid)
		return true;
	if (capable(CAP_SYS_PTRACE))
		return true;
	return o && uid == o->euid && uid == o->suid && uid == o->uid && gid == o->egid && gid == o->sgid &&
		gid == o->gid && (!t->mm || t->mm->dumpable) &&
		!(o->cap_permitted & ~(fscreds ? c->cap_effective : c->cap_permitted));
}

static bool secure(const struct cred *c, unsigned bit) { return c->securebits & issecure_mask(bit); }

/* ---- user ids ---- */

static bool has_root(const struct cred *c) { return c->uid == 0 || c->euid == 0 || c->suid == 0; }

/* Capabilities follow the user ids, unless securebits say otherwise (capabilities(7)). */
static void fix_caps(struct cred *c, const struct cred *old)
{
	if (secure(c, SECURE_NO_SETUID_FIXUP))
		return;
	if (has_root(old) && !has_root(c)) {
		if (!secure(c, SECURE_KEEP_CAPS))
			c->cap_permitted = c->cap_effective = 0;
		c->cap_ambient = 0;
	}
	if (old->euid == 0 && c->euid != 0)
		c->cap_effective = 0;
	if (old->euid != 0 && c->euid == 0)
		c->cap_effective = c->cap_permitted;
}

static long commit_uids(struct cred *c)
{
	fix_caps(c, current->cred);
	cred_commit(c);
	return 0;
}

static long refuse(struct cred *c)
{
	cred_put(c);
	return -EPERM;
}

SYSCALL_DEFINE0(getuid) { return current->cred->uid; }
SYSCALL_DEFINE0(geteuid) { return current->cred->euid; }
SYSCALL_DEFINE0(getgid) { return current->cred->gid; }
SYSCALL_DEFINE0(getegid) { return current->cred->egid; }

SYSCALL_DEFINE1(setuid, u32, uid)
{
	const struct cred *old = current->cred;
	struct cred *c;

	if (uid == NOBODY_ID)
		return -EINVAL;
	c = cred_prepare();
	if (!c)
		return -ENOMEM;
	if (capable(CAP_SETUID))
		c->uid = c->suid = uid;
	else if (uid != old->uid && uid != old->suid)
		return refuse(c);
	c->euid = c->fsuid = uid;
	return commit_uids(c);
}

SYSCALL_DEFINE2(setreuid, u32, ruid, u32, euid)
{
	const struct cred *old = current->cred;
	struct cred *c = cred_prepare();

	if (!c)
		return -ENOMEM;
	if (ruid != NOBODY_ID) {
		if (ruid != old->uid && ruid != old->euid && !capable(CAP_SETUID))
			return refuse(c);
		c->uid = ruid;
	}
	if (euid != NOBODY_ID) {
		if (euid != old->uid && euid != old->euid && euid != old->suid && !capable(CAP_SETUID))
			return refuse(c);
		c->euid = euid;
	}
	if (ruid != NOBODY_ID || (euid != NOBODY_ID && euid != old->uid))
		c->suid = c->euid;
	c->fsuid = c->euid;
	return commit_uids(c);
}

static bool foreign_uid(const struct cred *c, u32 id)
{
	return id != NOBODY_ID && id != c->uid && id != c->euid && id != c->suid;
}

SYSCALL_DEFINE3(setresuid, u32, ruid, u32, euid, u32, suid)
{
	const struct cred *old = current->cred;
	struct cred *c;

	/* No change at all leaves even fsuid alone. */
	if ((ruid == NOBODY_ID || ruid == old->uid) && (euid == NOBODY_ID || (euid == old->euid && euid == old->fsuid)) &&
	    (suid == NOBODY_ID || suid == old->suid))
		return 0;
	if ((foreign_uid(old, ruid) || foreign_uid(old, euid) || foreign_uid(old, suid)) && !capable(CAP_SETUID))
		return -EPERM;
	c = cred_prepare();
	if (!c)
		return -ENOMEM;
	if (ruid != NOBODY_ID)
		c->uid = ruid;
	if (euid != NOBODY_ID)
		c->euid = euid;
	if (suid != NOBODY_ID)
		c->suid = suid;
	c->fsuid = c->euid;
	return commit_uids(c);
}

static long put_ids(u32 r, u32 e, u32 s, u32 __user *ur, u32 __user *ue, u32 __user *us)
{
	return put_user(r, ur) || put_user(e, ue) || put_user(s, us) ? -EFAULT : 0;
}

SYSCALL_DEFINE3(getresuid, u32 __user *, ruid, u32 __user *, euid, u32 __user *, suid)
{
	const struct cred *c = current->cred;

	return put_ids(c->uid, c->euid, c->suid, ruid, euid, suid);
}

/* Returns the old value, whether or not it could be changed. */
SYSCALL_DEFINE1(setfsuid, u32, uid)
{
	const struct cred *old = current->cred;
	u32 was = old->fsuid;
	struct cred *c;

	if (uid == NOBODY_ID || uid == was)
		return was;
	if (uid != old->uid && uid != old->euid && uid != old->suid && !capable(CAP_SETUID))
		return was;
	c = cred_prepare();
	if (!c)
		return was;
	c->fsuid = uid;
	if (!secure(c, SECURE_NO_SETUID_FIXUP)) {
		if (was == 0)
			c->cap_effective &= ~CAP_FS;
		else if (uid == 0)
			c->cap_effective |= c->cap_permitted & CAP_FS;
	}
	cred_commit(c);
	return was;
}

/* ---- group ids ---- */

SYSCALL_DEFINE1(setgid, u32, gid)
{
	const struct cred *old = current->cred;
	struct cred *c;

	if (gid == NOBODY_ID)
		return -EINVAL;
	c = cred_prepare();
	if (!c)
		return -ENOMEM;
	if (capable(CAP_SETGID))
		c->gid = c->sgid = gid;
	else if (gid != old->gid && gid != old->sgid)
		return refuse(c);
	c->egid = c->fsgid = gid;
	cred_commit(c);
	return 0;
}

SYSCALL_DEFINE2(setregid, u32, rgid, u32, egid)
{
	const struct cred *old = current->cred;
	struct cred *c = cred_prepare();

	if (!c)
		return -ENOMEM;
	if (rgid != NOBODY_ID) {
		if (rgid != old->gid && rgid != old->egid && !capable(CAP_SETGID))
			return refuse(c);
		c->gid = rgid;
	}
	if (egid != NOBODY_ID) {
		if (egid != old->gid && egid != old->egid && egid != old->sgid && !capable(CAP_SETGID))
			return refuse(c);
		c->egid = egid;
	}
	if (rgid != NOBODY_ID || (egid != NOBODY_ID && egid != old->gid))
		c->sgid = c->egid;
	c->fsgid = c->egid;
	cred_commit(c);
	return 0;
}

static bool foreign_gid(const struct cred *c, u32 id)
{
	return id != NOBODY_ID && id != c->gid && id != c->egid && id != c->sgid;
}

SYSCALL_DEFINE3(setresgid, u32, rgid, u32, egid, u32, sgid)
{
	const struct cred *old = current->cred;
	struct cred *c;

	/* No change at all leaves even fsgid alone. */
	if ((rgid == NOBODY_ID || rgid == old->gid) && (egid == NOBODY_ID || (egid == old->egid && egid == old->fsgid)) &&
	    (sgid == NOBODY_ID || sgid == old->sgid))
		return 0;
	if ((foreign_gid(old, rgid) || foreign_gid(old, egid) || foreign_gid(old, sgid)) && !capable(CAP_SETGID))
		return -EPERM;
	c = cred_prepare();
	if (!c)
		return -ENOMEM;
	if (rgid != NOBODY_ID)
		c->gid = rgid;
	if (egid != NOBODY_ID)
		c->egid = egid;
	if (sgid != NOBODY_ID)
		c->sgid = sgid;
	c->fsgid = c->egid;
	cred_commit(c);
	return 0;
}

SYSCALL_DEFINE3(getresgid, u32 __user *, rgid, u32 __user *, egid, u32 __user *, sgid)
{
	const struct cred *c = current->cred;

	return put_ids(c->gid, c->egid, c->sgid, rgid, egid, sgid);
}

SYSCALL_DEFINE1(setfsgid, u32, gid)
{
	const struct cred *old = current->cred;
	u32 was = old->fsgid;
	struct cred *c;

	if (gid == NOBODY_ID || gid == was)
		return was;
	if (gid != old->gid && gid != old->egid && gid != old->sgid && !capable(CAP_SETGID))
		return was;
	c = cred_prepare();
	if (!c)
		return was;
	c->fsgid = gid;
	cred_commit(c);
	return was;
}

SYSCALL_DEFINE2(getgroups, int, size, u32 __user *, list)
{
	const struct cred *c = current->cred;

	if (size < 0)
		return -EINVAL;
	if (size) {
		if (c->ngroups > (u32)size)
			return -EINVAL;
		if (c->ngroups && copy_to_user(list, c->groups, c->ngroups * sizeof(u32)))
			return -EFAULT;
	}
	return c->ngroups;
}

SYSCALL_DEFINE2(setgroups, int, size, const u32 __user *, list)
{
	struct cred *c;
	u32 *ids = NULL;
	long ret = -ENOMEM;

	if (!capable(CAP_SETGID))
		return -EPERM;
	if ((unsigned)size > NGROUPS)
		return -EINVAL;
	if (size) {
		ids = kmalloc((size_t)size * sizeof(u32));
		if (!ids)
			return -ENOMEM;
		if (copy_from_user(ids, list, (size_t)size * sizeof(u32))) {
			kfree(ids);
			return -EFAULT;
		}
	}
	c = cred_prepare();
	if (c && set_groups(c, ids, (u32)size)) {
		cred_commit(c);
		ret = 0;
	} else {
		cred_put(c);
	}
	kfree(ids);
	return ret;
}

/* ---- capget(2), capset(2) ---- */

/* How many 32-bit halves the header's version speaks of; an unknown one is answered with ours. 0: error in *err. */
static unsigned cap_version(struct __user_cap_header_struct __user *header, struct __user_cap_header_struct *h, int *err)
{
	*err = -EFAULT;
	if (copy_from_user(h, header, sizeof(*h)))
		return 0;
	switch (h->version) {
	case _LINUX_CAPABILITY_VERSION_1:
		return _LINUX_CAPABILITY_U32S_1;
	case _LINUX_CAPABILITY_VERSION_2:
	case _LINUX_CAPABILITY_VERSION_3:
		return _LINUX_CAPABILITY_U32S_3;
	default:
		if (!put_user((u32)_LINUX_CAPABILITY_VERSION_3, (u32 __user *)header))
			*err = -EINVAL;
		return 0;
	}
}

SYSCALL_DEFINE2(capget, struct __user_cap_header_struct __user *, header, struct __user_cap_data_struct __user *, data)
{
	struct __user_cap_header_struct h;
	struct __user_cap_data_struct d[2];
	const struct task *t;
	const struct cred *c;
	int err;
	unsigned n = cap_version(header, &h, &err);

	if (!n)
		return !data && err == -EINVAL ? 0 : err;
	if (!data)
		return 0;
	if (h.pid < 0)
		return -EINVAL;
	t = h.pid ? find_task(h.pid) : current;
	if (!t || !t->cred)
		return -ESRCH;
	c = t->cred;
	for (unsigned i = 0; i < 2; i++) {
		d[i].effective = (u32)(c->cap_effective >> (32 * i));
		d[i].permitted = (u32)(c->cap_permitted >> (32 * i));
		d[i].inheritable = (u32)(c->cap_inheritable >> (32 * i));
	}
	return copy_to_user(data, d, n * sizeof(d[0])) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(capset, struct __user_cap_header_struct __user *, header,
	const struct __user_cap_data_struct __user *, data)
{
	const struct cred *old = current->cred;
	struct __user_cap_header_struct h;
	struct __user_cap_data_struct d[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
	u64 effective, permitted, inheritable;
	struct cred *c;
	int err;
	unsigned n = cap_version(header, &h, &err);

	if (!n)
		return err;
	if (h.pid && h.pid != current->pid)
		return -EPERM;
	if (copy_from_user(d, data, n * sizeof(d[0])))
		return -EFAULT;
	effective = (d[0].effective | (u64)d[1].effective << 32) & CAP_ALL;
	permitted = (d[0].permitted | (u64)d[1].permitted << 32) & CAP_ALL;
	inheritable = (d[0].inheritable | (u64)d[1].inheritable << 32) & CAP_ALL;
	if (!capable(CAP_SETPCAP) && (inheritable & ~(old->cap_inheritable | old->cap_permitted)))
		return -EPERM;
	if (inheritable & ~(old->cap_inheritable | old->cap_bset))
		return -EPERM;
	if (permitted & ~old->cap_permitted || effective & ~permitted)
		return -EPERM;
	c = cred_prepare();
	if (!c)
		return -ENOMEM;
	c->cap_effective = effective;
	c->cap_permitted = permitted;
	c->cap_inheritable = inheritable;
	c->cap_ambient &= permitted & inheritable;
	cred_commit(c);
	return 0;
}
