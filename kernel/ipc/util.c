/* System V IPC: tables of objects, keys, and who may do what. There is one namespace. ipc_get() is the common part of
 * msgget(2), semget(2) and shmget(2). */
#include "ipc.h"
#include "ipc_calls.h"
#include <linux/capability.h>

/* ---- identifiers ---- */

static int make_id(u16 seq, int index) { return (int)(seq * IPCMNI + (unsigned)index); }

static struct kern_ipc_perm *ipc_find_index(struct ipc_ids *ids, int index)
{
	return index >= 0 && (unsigned)index < ids->nr_slots ? ids->slots[index] : NULL;
}

struct kern_ipc_perm *ipc_find(struct ipc_ids *ids, int id)
{
	struct kern_ipc_perm *p = id < 0 ? NULL : ipc_find_index(ids, id % (int)IPCMNI);

	return p && p->id == id ? p : NULL;
}

int ipc_max_index(const struct ipc_ids *ids)
{
	for (unsigned i = ids->nr_slots; i > 0; i--)
		if (ids->slots[i - 1])
			return (int)i - 1;
	return 0;
}

static struct kern_ipc_perm *find_key(struct ipc_ids *ids, int key)
{
	struct kern_ipc_perm *p;

	ipc_for_each(p, ids, i)
		if (p->key == key)
			return p;
	return NULL;
}

#define MIN_CYCLE 64u /* indexes that go round even when few are in use */

/* Makes the table @want slots long at least: 0 or -ENOMEM. */
static int grow(struct ipc_ids *ids, unsigned want)
{
	struct kern_ipc_perm **grown;

	if (want <= ids->nr_slots)
		return 0;
	grown = krealloc(ids->slots, want * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	memset(grown + ids->nr_slots, 0, (want - ids->nr_slots) * sizeof(*grown));
	if (!ids->nr_slots)
		ids->last_index = -1;
	ids->slots = grown;
	ids->nr_slots = want;
	return 0;
}

/* The index that the next identifier (kernel.msg_next_id and kin) has, or the first free one above it. -ENOMEM, -ENOSPC. */
static int wanted_index(struct ipc_ids *ids)
{
	unsigned index = (unsigned)ids->next_id % IPCMNI;

	while (index < ids->nr_slots && ids->slots[index])
		index++;
	if (index >= IPCMNI)
		return -ENOSPC;
	return grow(ids, index + 1) ? -ENOMEM : (int)index;
}

/* A free index behind the last one; the sequence number grows when they have gone round. -ENOMEM. */
static int new_index(struct ipc_ids *ids)
{
	unsigned index;

	if (grow(ids, min(max(ids->in_use * 3 / 2, MIN_CYCLE), IPCMNI)))
		return -ENOMEM;
	index = (unsigned)ids->last_index;
	do
		index = index + 1 < ids->nr_slots ? index + 1 : 0;
	while (ids->slots[index]);
	if ((int)index <= ids->last_index)
		ids->seq = (u16)((ids->seq + 1) & 0x7fff);
	ids->last_index = (int)index;
	return (int)index;
}

int ipc_add(struct ipc_ids *ids, struct kern_ipc_perm *p, int key, int flags, unsigned limit)
{
	bool wanted = ids->next_id >= 0;
	int index;

	if (ids->in_use >= min(limit, IPCMNI))
		return -ENOSPC;
	index = wanted ? wanted_index(ids) : new_index(ids);
	if (index < 0)
		return index;
	p->refs = 1;
	p->deleted = false;
	p->key = key;
	p->seq = wanted ? (u16)((unsigned)ids->next_id / IPCMNI) : ids->seq;
	p->id = make_id(p->seq, index);
	ids->next_id = -1;
	p->uid = p->cuid = current->cred->euid;
	p->gid = p->cgid = current->cred->egid;
	p->mode = (u32)flags & 0777;
	ids->slots[index] = p;
	ids->in_use++;
	return p->id;
}

void ipc_perm_put(struct kern_ipc_perm *p)
{
	if (--p->refs == 0)
		p->free(p);
}

void ipc_remove(struct ipc_ids *ids, struct kern_ipc_perm *p)
{
	ids->slots[p->id % (int)IPCMNI] = NULL;
	ids->in_use--;
	p->deleted = true;
	p->key = IPC_PRIVATE;
	ipc_perm_put(p);
}

void ipc_ids_exit(struct ipc_ids *ids)
{
	kfree(ids->slots);
	memset(ids, 0, sizeof(*ids));
}

/* ---- permissions ---- */

static bool in_group(u32 gid)
{
	const struct cred *c = current->cred;

	if (c->egid == gid)
		return true;
	for (u32 i = 0; i < c->ngroups; i++)
		if (c->groups[i] == gid)
			return true;
	return false;
}

int ipc_permission(const struct kern_ipc_perm *p, int flags)
{
	unsigned wanted = (unsigned)flags >> 6 | (unsigned)flags >> 3 | (unsigned)flags, granted = p->mode;
	u32 euid = current->cred->euid;

	if (euid == p->cuid || euid == p->uid)
		granted >>= 6;
	else if (in_group(p->cgid) || in_group(p->gid))
		granted >>= 3;
	return (wanted & ~granted & 7) && !capable(CAP_IPC_OWNER) ? -EACCES : 0;
}

struct kern_ipc_perm *ipc_find_stat(struct ipc_ids *ids, int id, bool index, bool any)
{
	struct kern_ipc_perm *p = index ? ipc_find_index(ids, id) : ipc_find(ids, id);

	if (!p)
		return ERR_PTR(-EINVAL);
	return !any && ipc_permission(p, S_IRUGO) ? ERR_PTR(-EACCES) : p;
}

struct kern_ipc_perm *ipc_find_owned(struct ipc_ids *ids, int id)
{
	struct kern_ipc_perm *p = ipc_find(ids, id);
	u32 euid = current->cred->euid;

	if (!p)
		return ERR_PTR(-EINVAL);
	return euid == p->cuid || euid == p->uid || capable(CAP_SYS_ADMIN) ? p : ERR_PTR(-EPERM);
}

void ipc_perm_fill(struct ipc64_perm *out, const struct kern_ipc_perm *p)
{
	out->key = p->key;
	out->uid = p->uid;
	out->gid = p->gid;
	out->cuid = p->cuid;
	out->cgid = p->cgid;
	out->mode = (__kernel_mode_t)p->mode;
	out->seq = p->seq;
}

int ipc_perm_set(struct kern_ipc_perm *p, const struct ipc64_perm *in)
{
	if (in->uid == ~0u || in->gid == ~0u)
		return -EINVAL;
	p->uid = in->uid;
	p->gid = in->gid;
	p->mode = (p->mode & ~0777u) | (in->mode & 0777u);
	return 0;
}

long ipc_get(struct ipc_ids *ids, const struct ipc_get_ops *ops, int key, int flags, u64 size)
{
	struct kern_ipc_perm *p = key == IPC_PRIVATE ? NULL : find_key(ids, key);
	int err;

	if (p) {
		if ((flags & IPC_CREAT) && (flags & IPC_EXCL))
			return -EEXIST;
		err = ops->check ? ops->check(p, size) : 0;
		if (!err)
			err = ipc_permission(p, flags);
		return err ? err : p->id;
	}
	if (key != IPC_PRIVATE && !(flags & IPC_CREAT))
		return -ENOENT;
	err = ops->create(key, flags, size, &p);
	return err ? err : p->id;
}

/* ---- start and end ---- */

const struct proc_row sysvipc_rows[] = {
	{ .name = "msg", .mode = 0100444, .show = msg_show },
	{ .name = "sem", .mode = 0100444, .show = sem_show },
	{ .name = "shm", .mode = 0100444, .show = shm_show },
	{ 0 },
};

void ipc_init(void)
{
	msg_init();
	sem_init();
	shm_init();
	mqueue_init();
}

void ipc_exit(void)
{
	msg_exit();
	sem_exit();
	shm_exit();
	mqueue_exit();
}
