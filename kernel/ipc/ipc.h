/* What the three kinds of System V objects share: identifiers, keys, owners and permissions. (kernel/ipc/util.c) */
#ifndef UMK_KERNEL_IPC_H
#define UMK_KERNEL_IPC_H

#include "../task.h"
#include "kerrno.h"
#include "ktime.h"
#include "procfs.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"
#include <linux/ipc.h>

#define IPCMNI 32768u /* identifiers of a kind; an identifier is a sequence number times this and an index */
#define S_IRUGO 0444
#define S_IWUGO 0222

struct kern_ipc_perm {
	u32 refs;          /* the table, and who sleeps on it */
	bool deleted;
	int id, key;
	u32 uid, gid, cuid, cgid;
	u32 mode;          /* permissions and flags of the kind */
	u16 seq;
	void (*free)(struct kern_ipc_perm *p); /* the last reference is gone */
};
struct ipc_ids {
	struct kern_ipc_perm **slots;
	unsigned nr_slots, in_use;
	int last_index;    /* given out last: indexes go round, so that an old identifier means nothing for long */
	u16 seq;
	int next_id;       /* the identifier that the next object shall have; -1: any */
};
#define IPC_IDS_INIT { .next_id = -1 }

/* What a kind does for its get call. */
struct ipc_get_ops {
	int (*create)(int key, int flags, u64 size, struct kern_ipc_perm **made); /* in the table: 0 or -errno */
	int (*check)(const struct kern_ipc_perm *p, u64 size); /* one that exists: 0 or -errno; NULL: nothing to check */
};
long ipc_get(struct ipc_ids *ids, const struct ipc_get_ops *ops, int key, int flags, u64 size);
/* Makes the object known: its identifier, -ENOSPC (@limit), -ENOMEM. Fills all of @p but free. */
int ipc_add(struct ipc_ids *ids, struct kern_ipc_perm *p, int key, int flags, unsigned limit);
/* Takes it out of the table and drops the table's reference. */
void ipc_remove(struct ipc_ids *ids, struct kern_ipc_perm *p);
/* By identifier or by index (the *_STAT commands), without a reference; NULL: there is none. */
struct kern_ipc_perm *ipc_find(struct ipc_ids *ids, int id);
/* For a ctl command that reads: with @index by index, and unless @any only if it may be read. ERR_PTR. */
struct kern_ipc_perm *ipc_find_stat(struct ipc_ids *ids, int id, bool index, bool any);
/* For IPC_SET and IPC_RMID: ERR_PTR(-EINVAL, -EPERM). */
struct kern_ipc_perm *ipc_find_owned(struct ipc_ids *ids, int id);
int ipc_max_index(const struct ipc_ids *ids); /* the highest in use, 0 if none */
static inline struct kern_ipc_perm *ipc_perm_get(struct kern_ipc_perm *p) { p->refs++; return p; }
void ipc_perm_put(struct kern_ipc_perm *p);

/* @flags: what is wanted, in any of the three places of a mode. 0 or -EACCES. */
int ipc_permission(const struct kern_ipc_perm *p, int flags);
void ipc_perm_fill(struct ipc64_perm *out, const struct kern_ipc_perm *p);
int ipc_perm_set(struct kern_ipc_perm *p, const struct ipc64_perm *in); /* 0 or -EINVAL */
static inline s64 ipc_now(void) { return (s64)(ktime_get_real() / NSEC_PER_SEC); }

/* ---- /proc/sysvipc ---- */
#define ipc_for_each(p, ids, i) \
	for (unsigned i = 0; i < (ids)->nr_slots; i++) \
		if (!(p = (ids)->slots[i])) ; else
void msg_show(struct seq *s, const struct proc_ctx *c);
void sem_show(struct seq *s, const struct proc_ctx *c);
void shm_show(struct seq *s, const struct proc_ctx *c);

/* ---- umk's start and end ---- */
void msg_init(void);
void sem_init(void);
void shm_init(void);
void mqueue_init(void);
void msg_exit(void);
void sem_exit(void);
void shm_exit(void);
void mqueue_exit(void);
void ipc_ids_exit(struct ipc_ids *ids); /* removes what is left */

#endif
