/* POSIX message queues: mq_overview(7). A queue is an inode; names are this file's own list, which mq_fs.c shows as a directory.
 * Messages lie in the order in which they are received; one goes straight to a receiver that waits, and room that becomes
 * free goes to the sender that waits longest. */
#include "../fs/internal.h"
#include "cred.h"
#include "ipc.h"
#include "ipc_calls.h"
#include "ledger.h"
#include "mqueue.h"
#include "netlink_note.h"
#include "syscalls.h"
#include "sysctl.h"
#include <asm/resource.h>
#include <linux/capability.h>
#include <linux/eventpoll.h>
#include <linux/mqueue.h>
#include <linux/signal.h>
#include <linux/time.h>

#define HARD_QUEUESMAX 1024
#define HARD_MSGMAX 65536
#define HARD_MSGSIZEMAX (16 * 1024 * 1024)
/* What a message costs beside its bytes, as RLIMIT_MSGQUEUE counts (getrlimit(2)). */
#define MSG_OVERHEAD 48u
#define TREE_OVERHEAD 48u
#define MQUEUE_MAGIC 0x19800202
#define FILE_SIZE 80 /* st_size of a queue */
#define DIRENT_SIZE 20u /* and what one adds to its directory's */

struct super_block mqueue_sb = { .type = "mqueue", .magic = MQUEUE_MAGIC };
static LIST_HEAD(named);
static int queues_max = 256, msg_max = 10, msgsize_max = 8192, msg_default = 10, msgsize_default = 8192;
static int nr_queues;
static u64 last_nr;
static unsigned nr_named;

/* ---- queues ---- */

static void mqueue_evict(struct inode *inode)
{
	struct mqueue *q = inode->private;

	if (!q)
		return;
	while (!list_empty(&q->messages)) {
		struct mq_msg *m = list_first_entry(&q->messages, struct mq_msg, list);

		list_del(&m->list);
		kfree(m);
	}
	q->user->mq_bytes -= q->cost;
	user_count_put(q->user);
	nr_queues--;
	netlink_note_drop(q->note);
	kfree(q);
}

static const struct inode_operations mqueue_inode_ops = { .setattr = simple_setattr, .evict = mqueue_evict };

struct mqueue *mqueue_find(const char *name)
{
	struct mqueue *q;

	list_for_each_entry(q, &named, node)
		if (!strcmp(q->name, name))
			return q;
	return NULL;
}

u64 mqueue_offset(const struct mqueue *q)
{
	return (1ull << 40) - q->nr; /* the list has the newest first, and offsets grow */
}

struct mqueue *mqueue_next(u64 off)
{
	struct mqueue *q;

	list_for_each_entry(q, &named, node)
		if (mqueue_offset(q) > off)
			return q;
	return NULL;
}

void mqueue_dir_changed(void)
{
	struct inode *dir = mqueue_sb.root ? mqueue_sb.root->inode : NULL;

	if (!dir)
		return;
	dir->size = (2 + nr_named) * DIRENT_SIZE;
	inode_touch(dir, ATTR_MTIME_NOW);
}

/* The attributes of a new queue; @want may be NULL. 0, -EINVAL. */
static int choose_attr(struct mq_attr *a, const struct mq_attr *want)
{
	bool mighty = capable(CAP_SYS_RESOURCE);

	a->mq_maxmsg = min(msg_max, msg_default);
	a->mq_msgsize = min(msgsize_max, msgsize_default);
	if (!want)
		return 0;
	a->mq_maxmsg = want->mq_maxmsg;
	a->mq_msgsize = want->mq_msgsize;
	if (a->mq_maxmsg <= 0 || a->mq_msgsize <= 0)
		return -EINVAL;
	if (a->mq_maxmsg > (mighty ? HARD_MSGMAX : msg_max) || a->mq_msgsize > (mighty ? HARD_MSGSIZEMAX : msgsize_max))
		return -EINVAL;
	return 0;
}

static u64 queue_cost(const struct mq_attr *a)
{
	u64 n = (u64)a->mq_maxmsg;

	return n * MSG_OVERHEAD + min(n, (u64)MQ_PRIO_MAX) * TREE_OVERHEAD + n * (u64)a->mq_msgsize;
}

/* A new queue with a name: its inode belongs to the list of names. ERR_PTR. */
struct mqueue *mqueue_create(const char *name, u32 mode, const struct mq_attr *want)
{
	size_t len = strlen(name);
	struct mq_attr attr;
	struct mqueue *q;
	int err;

	memset(&attr, 0, sizeof(attr));
	if (nr_queues >= queues_max && !capable(CAP_SYS_RESOURCE))
		return ERR_PTR(-ENOSPC);
	err = choose_attr(&attr, want);
	if (err)
		return ERR_PTR(err);
	q = kzalloc(sizeof(*q) + len + 1);
	if (!q)
		return ERR_PTR(-ENOMEM);
	err = -ENOMEM;
	q->user = user_count_get(current->cred->uid);
	if (!q->user)
		goto free_queue;
	q->cost = queue_cost(&attr);
	err = -EMFILE;
	if (q->user->mq_bytes + q->cost > rlimit(RLIMIT_MSGQUEUE))
		goto put_user;
	err = -ENOMEM;
	q->inode = inode_alloc(&mqueue_sb, S_IFREG | (mode & 07777 & ~current_umask()));
	if (!q->inode)
		goto put_user;
	q->user->mq_bytes += q->cost;
	q->inode->ops = &mqueue_inode_ops;
	q->inode->fops = &mqueue_fops;
	q->inode->size = FILE_SIZE;
	q->inode->private = q;
	q->attr = attr;
	memcpy(q->name, name, len + 1);
	INIT_LIST_HEAD(&q->messages);
	INIT_LIST_HEAD(&q->senders);
	INIT_LIST_HEAD(&q->receivers);
	init_waitqueue_head(&q->wait);
	list_add(&q->node, &named);
	nr_named++;
	mqueue_dir_changed();
	q->nr = ++last_nr;
	nr_queues++;
	return q;
put_user:
	user_count_put(q->user);
free_queue:
	kfree(q);
	return ERR_PTR(err);
}

void mqueue_unlink(struct mqueue *q)
{
	list_del(&q->node);
	nr_named--;
	mqueue_dir_changed();
	q->inode->nlink = 0;
	inode_put(q->inode);
}

/* A guest's name for a queue: kmalloc'd, or ERR_PTR. */
static char *queue_name(const char __user *uname)
{
	char *name = getname(uname, 0);

	if (IS_ERR(name))
		return name;
	if (strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, "..")) {
		kfree(name);
		return ERR_PTR(-EACCES);
	}
	if (strlen(name) > NAME_MAX) {
		kfree(name);
		return ERR_PTR(-ENAMETOOLONG);
	}
	return name;
}

/* ---- opening ---- */

static struct mqueue *lookup_or_create(const char *name, int oflag, u32 mode, const struct mq_attr *want)
{
	struct mqueue *q = mqueue_find(name);
	static const int rights[] = { MAY_READ, MAY_WRITE, MAY_READ | MAY_WRITE };
	int err;

	if (!q)
		return oflag & O_CREAT ? mqueue_create(name, mode, want) : ERR_PTR(-ENOENT);
	if ((oflag & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return ERR_PTR(-EEXIST);
	if ((oflag & O_ACCMODE) == O_ACCMODE)
		return ERR_PTR(-EINVAL);
	err = inode_permission(q->inode, rights[oflag & O_ACCMODE]);
	return err ? ERR_PTR(err) : q;
}

SYSCALL_DEFINE4(mq_open, const char __user *, u_name, int, oflag, __kernel_mode_t, mode, struct mq_attr __user *, u_attr)
{
	struct mq_attr attr;
	struct mqueue *q;
	struct file *f;
	char *name, shown[NAME_MAX + 2];
	int fd;

	if (u_attr && copy_from_user(&attr, u_attr, sizeof(attr)))
		return -EFAULT;
	name = queue_name(u_name);
	if (IS_ERR(name))
		return PTR_ERR(name);
	fd = fd_reserve(O_CLOEXEC);
	if (fd < 0)
		goto free_name;
	q = lookup_or_create(name, oflag, mode, u_attr ? &attr : NULL);
	f = IS_ERR(q) ? (struct file *)q : file_alloc(&mqueue_fops, q->inode, (u32)oflag & (O_ACCMODE | O_NONBLOCK));
	if (IS_ERR_OR_NULL(f)) {
		fd_unreserve(fd);
		fd = f ? (int)PTR_ERR(f) : -ENOMEM;
		goto free_name;
	}
	ksnprintf(shown, sizeof(shown), "/%s", name);
	f->path.dentry = d_alloc_root(inode_get(q->inode), shown);
	fd_install(fd, f);
free_name:
	kfree(name);
	return fd;
}

SYSCALL_DEFINE1(mq_unlink, const char __user *, u_name)
{
	char *name = queue_name(u_name);
	struct mqueue *q;
	int err = 0;

	if (IS_ERR(name))
		return PTR_ERR(name);
	q = mqueue_find(name);
	if (!q)
		err = -ENOENT;
	else if (!inode_owner_or_capable(q->inode)) /* the directory would be sticky */
		err = -EPERM;
	else
		mqueue_unlink(q);
	kfree(name);
	return err;
}

/* ---- attributes ---- */

SYSCALL_DEFINE3(mq_getsetattr, int, mqdes, const struct mq_attr __user *, u_new, struct mq_attr __user *, u_old)
{
	struct mq_attr new, old;
	struct mqueue *q;
	struct file *f;
	int err = 0;

	if (u_new) {
		if (copy_from_user(&new, u_new, sizeof(new)))
			return -EFAULT;
		if (new.mq_flags & ~(long)O_NONBLOCK)
			return -EINVAL;
	}
	f = mqueue_fget(mqdes, &q);
	if (!f)
		return -EBADF;
	old = q->attr;
	old.mq_flags = f->flags & O_NONBLOCK;
	if (u_new)
		f->flags = (f->flags & ~(u32)O_NONBLOCK) | (new.mq_flags & O_NONBLOCK ? O_NONBLOCK : 0);
	if (u_old && copy_to_user(u_old, &old, sizeof(old)))
		err = -EFAULT;
	file_put(f);
	return err;
}

/* ---- start and end ---- */

void mqueue_init(void)
{
	static const struct ctl_table table[] = {
		{ "fs/mqueue/queues_max", 0644, SYSCTL_INT(queues_max, 0, 0x7fffffff) },
		{ "fs/mqueue/msg_max", 0644, SYSCTL_INT(msg_max, 1, HARD_MSGMAX) },
		{ "fs/mqueue/msgsize_max", 0644, SYSCTL_INT(msgsize_max, 128, HARD_MSGSIZEMAX) },
		{ "fs/mqueue/msg_default", 0644, SYSCTL_INT(msg_default, 1, HARD_MSGMAX) },
		{ "fs/mqueue/msgsize_default", 0644, SYSCTL_INT(msgsize_default, 128, HARD_MSGSIZEMAX) },
		{ 0 }
	};

	sysctl_register(table);
	if (!mqueue_sb.dev)
		mqueue_sb.dev = new_anon_dev();
}

void mqueue_exit(void)
{
	while (!list_empty(&named))
		mqueue_unlink(list_first_entry(&named, struct mqueue, node));
	dput(mqueue_sb.root);
	mqueue_sb.root = NULL;
}
