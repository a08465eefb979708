/* System V message queues: msgget(2), msgsnd(2), msgrcv(2), msgctl(2). A message goes straight to the first receiver that
 * waits for its kind; what nobody waits for is kept in order of arrival. */
#include "ipc.h"
#include "syscalls.h"
#include "sysctl.h"
#include <linux/capability.h>
#include <linux/msg.h>

struct msg {
	struct list_head list;
	long type;
	size_t size;
	char text[];
};
struct msg_queue {
	struct kern_ipc_perm perm;  /* first */
	s64 stime, rtime, ctime;
	u64 cbytes, qnum, qbytes;
	int lspid, lrpid;
	struct list_head messages;
	struct list_head receivers; /* struct msg_receiver */
	struct wait_queue_head senders;
};
enum search { SEARCH_ANY, SEARCH_EQUAL, SEARCH_NOTEQUAL, SEARCH_LESSEQUAL, SEARCH_NUMBER };
struct msg_receiver {
	struct list_head node;
	struct task *task;
	enum search search;
	long type;
	size_t maxsize;
	struct msg *msg;            /* what it got, or an error */
};

static struct ipc_ids msg_ids = IPC_IDS_INIT;
static u64 total_bytes, total_messages;
static int msgmax = MSGMAX, msgmnb = MSGMNB, msgmni = MSGMNI;

/* ---- queues ---- */

static struct msg_queue *to_queue(struct kern_ipc_perm *p) { return container_of(p, struct msg_queue, perm); }

static void msg_free(struct msg *m) { kfree(m); }

static void queue_free(struct kern_ipc_perm *p) { kfree(to_queue(p)); }

static int queue_create(int key, int flags, u64 unused __maybe_unused, struct kern_ipc_perm **made)
{
	struct msg_queue *q = kzalloc(sizeof(*q));
	int id;

	if (!q)
		return -ENOMEM;
	q->perm.free = queue_free;
	q->ctime = ipc_now();
	q->qbytes = (u64)msgmnb;
	INIT_LIST_HEAD(&q->messages);
	INIT_LIST_HEAD(&q->receivers);
	init_waitqueue_head(&q->senders);
	id = ipc_add(&msg_ids, &q->perm, key, flags, (unsigned)msgmni);
	if (id < 0) {
		kfree(q);
		return id;
	}
	*made = &q->perm;
	return 0;
}

SYSCALL_DEFINE2(msgget, int, key, int, msgflg)
{
	static const struct ipc_get_ops ops = { .create = queue_create };

	return ipc_get(&msg_ids, &ops, key, msgflg, 0);
}

static void take_out(struct msg_queue *q, struct msg *m)
{
	list_del(&m->list);
	q->qnum--;
	q->cbytes -= m->size;
	total_messages--;
	total_bytes -= m->size;
}

/* Ends the wait of every receiver with @err: they look again (-EAGAIN) or give up. */
static void wake_receivers(struct msg_queue *q, int err)
{
	while (!list_empty(&q->receivers)) {
		struct msg_receiver *r = list_first_entry(&q->receivers, struct msg_receiver, node);

		list_del(&r->node);
		r->msg = ERR_PTR(err);
		wake_task(r->task);
	}
}

static void queue_remove(struct msg_queue *q)
{
	wake_receivers(q, -EIDRM);
	while (!list_empty(&q->messages)) {
		struct msg *m = list_first_entry(&q->messages, struct msg, list);

		take_out(q, m);
		msg_free(m);
	}
	wake_up_all(&q->senders);
	ipc_remove(&msg_ids, &q->perm);
}

/* ---- sending ---- */

static bool matches(const struct msg *m, enum search search, long type)
{
	switch (search) {
	case SEARCH_ANY:
	case SEARCH_NUMBER:
		return true;
	case SEARCH_EQUAL:
		return m->type == type;
	case SEARCH_NOTEQUAL:
		return m->type != type;
	case SEARCH_LESSEQUAL:
		return m->type <= type;
	}
	return false;
}

/* Gives @m to a receiver that waits for it. One for whom it is too large learns just that. */
static bool hand_over(struct msg_queue *q, struct msg *m)
{
	struct msg_receiver *r, *next;

	list_for_each_entry_safe(r, next, &q->receivers, node) {
		if (!matches(m, r->search, r->type))
			continue;
		list_del(&r->node);
		wake_task(r->task);
		if (r->maxsize < m->size) {
			r->msg = ERR_PTR(-E2BIG);
			continue;
		}
		r->msg = m;
		q->lrpid = r->task->tgid;
		q->rtime = ipc_now();
		return true;
	}
	return false;
}

static bool fits(const struct msg_queue *q, size_t size)
{
	return size + q->cbytes <= q->qbytes && q->qnum + 1 <= q->qbytes;
}

/* Waits until a message of @size may be added: 0, -EACCES, -EAGAIN, -EIDRM, -ERESTARTNOHAND. */
static int wait_for_room(struct msg_queue *q, size_t size, int flags)
{
	struct wait_entry e;
	int err;

	init_wait(&e);
	e.exclusive = true; /* in the order of their coming */
	for (;;) {
		err = q->perm.deleted ? -EIDRM : ipc_permission(&q->perm, S_IWUGO);
		if (err || fits(q, size))
			break;
		err = flags & IPC_NOWAIT ? -EAGAIN : signal_pending(current) ? -ERESTARTNOHAND : 0;
		if (err)
			break;
		prepare_to_wait(&q->senders, &e, TASK_INTERRUPTIBLE);
		schedule();
	}
	finish_wait(&e);
	return err;
}

static struct msg *msg_load(long type, const void __user *text, size_t size)
{
	struct msg *m = kmalloc(sizeof(*m) + size);

	if (!m)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&m->list);
	m->type = type;
	m->size = size;
	if (!copy_from_user(m->text, text, size))
		return m;
	msg_free(m);
	return ERR_PTR(-EFAULT);
}

static long do_msgsnd(int id, long type, const void __user *text, size_t size, int flags)
{
	struct kern_ipc_perm *p;
	struct msg_queue *q;
	struct msg *m;
	int err = -EINVAL;

	if (size > (size_t)msgmax || id < 0 || type < 1)
		return -EINVAL;
	m = msg_load(type, text, size);
	if (IS_ERR(m))
		return PTR_ERR(m);
	p = ipc_find(&msg_ids, id);
	if (!p)
		goto free_msg;
	q = to_queue(ipc_perm_get(p));
	err = wait_for_room(q, size, flags);
	if (err)
		goto put_queue;
	q->lspid = current->tgid;
	q->stime = ipc_now();
	if (!hand_over(q, m)) {
		list_add_tail(&m->list, &q->messages);
		q->cbytes += size;
		q->qnum++;
		total_bytes += size;
		total_messages++;
	}
	m = NULL;
put_queue:
	ipc_perm_put(p);
free_msg:
	if (m)
		msg_free(m);
	return err;
}

SYSCALL_DEFINE4(msgsnd, int, msqid, struct msgbuf __user *, msgp, size_t, msgsz, int, msgflg)
{
	long type;

	if (get_user(type, (long __user *)msgp))
		return -EFAULT;
	return do_msgsnd(msqid, type, u64_to_uptr((u64)msgp + sizeof(type)), msgsz, msgflg);
}

/* ---- receiving ---- */

static enum search search_mode(long *type, int flags)
{
	if (flags & MSG_COPY)
		return SEARCH_NUMBER;
	if (*type == 0)
		return SEARCH_ANY;
	if (*type < 0) {
		*type = *type == -0x7fffffffffffffffl - 1 ? 0x7fffffffffffffffl : -*type;
		return SEARCH_LESSEQUAL;
	}
	return flags & MSG_EXCEPT ? SEARCH_NOTEQUAL : SEARCH_EQUAL;
}

/* The first that matches; with SEARCH_LESSEQUAL the first of the lowest type. NULL: none. */
static struct msg *find_message(struct msg_queue *q, enum search search, long type)
{
	struct msg *m, *found = NULL;
	long index = 0;

	list_for_each_entry(m, &q->messages, list) {
		if (search == SEARCH_NUMBER) {
			if (index++ == type)
				return m;
			continue;
		}
		if (!matches(m, search, type))
			continue;
		if (search != SEARCH_LESSEQUAL || m->type == 1)
			return m;
		type = m->type - 1;
		found = m;
	}
	return found;
}

/* MSG_COPY: the message stays where it is. */
static struct msg *msg_duplicate(const struct msg *m, size_t maxsize)
{
	return maxsize < m->size ? ERR_PTR(-EINVAL) : (kmemdup(m, sizeof(*m) + m->size) ?: ERR_PTR(-ENOMEM));
}

/* One look at what is there: a message for the caller to keep, NULL, or an error. */
static struct msg *try_receive(struct msg_queue *q, enum search search, long type, size_t maxsize, int flags)
{
	struct msg *m;

	if (ipc_permission(&q->perm, S_IRUGO))
		return ERR_PTR(-EACCES);
	if (q->perm.deleted)
		return ERR_PTR(-EIDRM);
	m = find_message(q, search, type);
	if (!m)
		return NULL;
	if (maxsize < m->size && !(flags & MSG_NOERROR))
		return ERR_PTR(-E2BIG);
	if (flags & MSG_COPY)
		return msg_duplicate(m, maxsize);
	take_out(q, m);
	q->rtime = ipc_now();
	q->lrpid = current->tgid;
	wake_up_all(&q->senders);
	return m;
}

static struct msg *receive(struct msg_queue *q, enum search search, long type, size_t maxsize, int flags)
{
	struct msg_receiver r = { .task = current, .search = search, .type = type };

	r.maxsize = flags & MSG_NOERROR ? ~0ul : maxsize;
	for (;;) {
		struct msg *m = try_receive(q, search, type, maxsize, flags);

		if (m)
			return m;
		if (flags & IPC_NOWAIT)
			return ERR_PTR(-ENOMSG);
		r.msg = ERR_PTR(-EAGAIN);
		list_add_tail(&r.node, &q->receivers);
		if (!signal_pending(current)) {
			current->state = TASK_INTERRUPTIBLE;
			schedule();
			current->state = TASK_RUNNING;
		}
		list_del(&r.node);
		if (r.msg != ERR_PTR(-EAGAIN))
			return r.msg;
		if (signal_pending(current))
			return ERR_PTR(-ERESTARTNOHAND);
	}
}

SYSCALL_DEFINE5(msgrcv, int, msqid, struct msgbuf __user *, msgp, size_t, msgsz, long, msgtyp, int, msgflg)
{
	struct kern_ipc_perm *p;
	enum search search;
	struct msg *m;
	size_t size;
	long ret;

	if (msqid < 0 || (long)msgsz < 0)
		return -EINVAL;
	if ((msgflg & MSG_COPY) && ((msgflg & MSG_EXCEPT) || !(msgflg & IPC_NOWAIT)))
		return -EINVAL;
	search = search_mode(&msgtyp, msgflg);
	p = ipc_find(&msg_ids, msqid);
	if (!p)
		return -EINVAL;
	m = receive(to_queue(ipc_perm_get(p)), search, msgtyp, msgsz, msgflg);
	ipc_perm_put(p);
	if (IS_ERR(m))
		return PTR_ERR(m);
	size = min(msgsz, m->size);
	ret = put_user(m->type, (long __user *)msgp) || copy_to_user(u64_to_uptr((u64)msgp + sizeof(long)), m->text, size) ?
		-EFAULT : (long)size;
	msg_free(m);
	return ret;
}

/* ---- control ---- */

static long msg_info(int cmd, struct msginfo __user *u)
{
	struct msginfo info = { .msgmni = msgmni, .msgmax = msgmax, .msgmnb = msgmnb, .msgssz = MSGSSZ, .msgseg = MSGSEG };

	if (cmd == MSG_INFO) {
		info.msgpool = (int)msg_ids.in_use;
		info.msgmap = (int)total_messages;
		info.msgtql = (int)total_bytes;
	} else {
		info.msgmap = MSGMAP;
		info.msgpool = MSGPOOL;
		info.msgtql = MSGTQL;
	}
	return copy_to_user(u, &info, sizeof(info)) ? -EFAULT : ipc_max_index(&msg_ids);
}

static long msg_stat(int id, int cmd, struct msqid64_ds __user *u)
{
	struct kern_ipc_perm *p = ipc_find_stat(&msg_ids, id, cmd != IPC_STAT, cmd == MSG_STAT_ANY);
	struct msqid64_ds ds;
	struct msg_queue *q;

	if (IS_ERR(p))
		return PTR_ERR(p);
	q = to_queue(p);
	memset(&ds, 0, sizeof(ds));
	ipc_perm_fill(&ds.msg_perm, p);
	ds.msg_stime = q->stime;
	ds.msg_rtime = q->rtime;
	ds.msg_ctime = q->ctime;
	ds.msg_cbytes = q->cbytes;
	ds.msg_qnum = q->qnum;
	ds.msg_qbytes = q->qbytes;
	ds.msg_lspid = q->lspid;
	ds.msg_lrpid = q->lrpid;
	id = cmd == IPC_STAT ? 0 : p->id;
	return copy_to_user(u, &ds, sizeof(ds)) ? -EFAULT : id;
}

static long msg_set(int id, const struct msqid64_ds *ds)
{
	struct kern_ipc_perm *p = ipc_find_owned(&msg_ids, id);
	struct msg_queue *q;
	int err;

	if (IS_ERR(p))
		return PTR_ERR(p);
	if (ds->msg_qbytes > (u64)msgmnb && !capable(CAP_SYS_RESOURCE))
		return -EPERM;
	err = ipc_perm_set(p, &ds->msg_perm);
	if (err)
		return err;
	q = to_queue(p);
	q->qbytes = ds->msg_qbytes;
	q->ctime = ipc_now();
	/* Rights and room may have changed: everybody looks again. */
	wake_receivers(q, -EAGAIN);
	wake_up_all(&q->senders);
	return 0;
}

SYSCALL_DEFINE3(msgctl, int, msqid, int, cmd, struct msqid64_ds __user *, buf)
{
	struct kern_ipc_perm *p;
	struct msqid64_ds ds;

	if (msqid < 0 || cmd < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
	case MSG_INFO:
		return msg_info(cmd, (struct msginfo __user *)buf);
	case MSG_STAT:
	case MSG_STAT_ANY:
	case IPC_STAT:
		return msg_stat(msqid, cmd, buf);
	case IPC_SET:
		if (copy_from_user(&ds, buf, sizeof(ds)))
			return -EFAULT;
		return msg_set(msqid, &ds);
	case IPC_RMID:
		p = ipc_find_owned(&msg_ids, msqid);
		if (IS_ERR(p))
			return PTR_ERR(p);
		queue_remove(to_queue(p));
		return 0;
	default:
		return -EINVAL;
	}
}

void msg_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	struct kern_ipc_perm *p;

	seq_puts(s, "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid      stime      rtime      ctime\n");
	ipc_for_each(p, &msg_ids, i) {
		struct msg_queue *q = to_queue(p);

		seq_printf(s, "%10d %10d  %4o  %10llu %10llu %5u %5u %5u %5u %5u %5u %10lld %10lld %10lld\n", p->key, p->id, p->mode,
			(unsigned long long)q->cbytes, (unsigned long long)q->qnum, q->lspid, q->lrpid, p->uid, p->gid, p->cuid,
			p->cgid, (long long)q->stime, (long long)q->rtime, (long long)q->ctime);
	}
}

void msg_init(void)
{
	static const struct ctl_table table[] = {
		{ "kernel/msgmax", 0644, SYSCTL_INT(msgmax, 0, 0x7fffffff) },
		{ "kernel/msgmnb", 0644, SYSCTL_INT(msgmnb, 0, 0x7fffffff) },
		{ "kernel/msgmni", 0644, SYSCTL_INT(msgmni, 0, (int)IPCMNI) },
		{ "kernel/msg_next_id", 0644, SYSCTL_INT(msg_ids.next_id, 0, 0x7fffffff) },
		{ 0 }
	};

	sysctl_register(table);
}

void msg_exit(void)
{
	struct kern_ipc_perm *p;

	ipc_for_each(p, &msg_ids, i)
		queue_remove(to_queue(p));
	ipc_ids_exit(&msg_ids);
}
