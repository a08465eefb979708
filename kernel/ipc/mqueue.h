/* What mqueue.c (names and attributes) and mq_msg.c (messages, notification) share. */
#ifndef UMK_KERNEL_IPC_MQUEUE_H
#define UMK_KERNEL_IPC_MQUEUE_H

#include "fs.h"
#include <linux/mqueue.h>

struct mq_msg {
	struct list_head list;
	unsigned prio;
	size_t size;
	char text[];
};
struct mqueue {
	struct list_head node;       /* the list of names; empty once unlinked */
	struct inode *inode;         /* whose private this is; the name holds a reference */
	struct mq_attr attr;         /* mq_curmsgs is kept */
	struct user_count *user;     /* who pays the cost (RLIMIT_MSGQUEUE) */
	u64 cost;
	struct list_head messages;   /* highest priority first, then oldest */
	struct list_head senders, receivers; /* struct mq_waiter */
	struct wait_queue_head wait; /* poll */
	int notify_tgid;             /* the process that is to hear of a message into an empty queue, or 0 */
	u64 notify_start;
	int notify, notify_signo;
	u64 notify_value;
	struct netlink_note *note;   /* of SIGEV_THREAD, or NULL */
	u64 nr;                      /* as they were made */
	char name[];
};
extern const struct file_operations mqueue_fops;
extern struct super_block mqueue_sb;
struct mqueue *mqueue_find(const char *name); /* or NULL */
struct mqueue *mqueue_create(const char *name, u32 mode, const struct mq_attr *want); /* there must be none; ERR_PTR */
void mqueue_unlink(struct mqueue *q);
void mqueue_dir_changed(void);
/* Where a queue stands in the directory, and the first one behind @off. */
u64 mqueue_offset(const struct mqueue *q);
struct mqueue *mqueue_next(u64 off);
/* The queue behind a descriptor, with a reference to the file; NULL: EBADF. */
struct file *mqueue_fget(int fd, struct mqueue **q);

#endif
