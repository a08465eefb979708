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
	char name[];
};
extern const struct file_operations mqueue_fops;
/* The queue behind a descriptor, with a reference to the file; NULL: EBADF. */
struct file *mqueue_fget(int fd, struct mqueue **q);

#endif
