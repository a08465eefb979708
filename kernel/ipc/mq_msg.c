/* Messages of POSIX queues: sending, receiving, waiting with a time limit, and telling a process that a message has come into
 * an empty queue. */
#include "../fs/internal.h"
#include "../task.h"
#include "cred.h"
#include "ktime.h"
#include "mqueue.h"
#include "netlink_note.h"
#include "sched.h"
#include "syscalls.h"
#include <linux/eventpoll.h>
#include <linux/signal.h>
#include <linux/time.h>

/* One that sleeps: for a message, or with one for room. */
struct mq_waiter {
	struct list_head node;
	struct task *task;
	struct mq_msg *msg; /* given by the other side; a sender's own until somebody has taken it */
	bool done;
};

static struct mqueue *queue_of(const struct file *f) { return f->inode->private; }

struct file *mqueue_fget(int fd, struct mqueue **q)
{
	struct file *f = fget((unsigned)fd);

	if (f && f->ops == &mqueue_fops) {
		*q = queue_of(f);
		return f;
	}
	if (f)
		file_put(f);
	return NULL;
}

/* ---- notification ---- */

static void forget_notify(struct mqueue *q)
{
	q->notify_tgid = 0;
	q->notify = SIGEV_NONE;
}

/* Nobody is told any more, and who waits for a note is told that. */
static void remove_notify(struct mqueue *q)
{
	if (q->note)
		netlink_note_send(q->note, NOTIFY_REMOVED);
	q->note = NULL;
	forget_notify(q);
}

static bool notifies_current(const struct mqueue *q)
{
	return q->notify_tgid == current->tgid && q->notify_start == current->signal->start_time;
}

static void signal_owner(const struct mqueue *q)
{
	struct task *t = find_task(q->notify_tgid);
	siginfo_t info;

	if (!t || !t->signal || t->signal->start_time != q->notify_start || !q->notify_signo)
		return;
	memset(&info, 0, sizeof(info));
	info.si_signo = q->notify_signo;
	info.si_code = SI_MESGQ;
	info.si_pid = current->tgid;
	info.si_uid = current->cred->uid;
	info.si_ptr = (void *)q->notify_value;
	send_sig_group(q->notify_signo, &info, t);
}

/* A message has come into the empty queue and nobody waits for it. */
static void notify(struct mqueue *q)
{
	if (!q->notify_tgid)
		return;
	if (q->notify == SIGEV_SIGNAL)
		signal_owner(q);
	else if (q->note)
		netlink_note_send(q->note, NOTIFY_WOKENUP);
	q->note = NULL;
	forget_notify(q);
}

/* Takes over @note on success. 0, -EBUSY */
static int set_notify(struct mqueue *q, const sigevent_t *ev, struct netlink_note *note)
{
	if (q->notify_tgid)
		return -EBUSY;
	q->notify = ev->sigev_notify;
	q->notify_signo = ev->sigev_signo;
	q->notify_value = (u64)ev->sigev_value.sival_ptr;
	q->note = note;
	q->notify_tgid = current->tgid;
	q->notify_start = current->signal->start_time;
	return 0;
}

/* What SIGEV_THREAD means in the kernel: sigev_value points to a cookie, sigev_signo is the netlink socket that is to get it. */
static struct netlink_note *cookie_note(const sigevent_t *ev)
{
	u8 cookie[NOTIFY_COOKIE_LEN];

	if (copy_from_user(cookie, u64_to_uptr((u64)ev->sigev_value.sival_ptr), sizeof(cookie)))
		return ERR_PTR(-EFAULT);
	return netlink_note_new(ev->sigev_signo, cookie, sizeof(cookie));
}

static bool event_valid(const sigevent_t *ev)
{
	switch (ev->sigev_notify) {
	case SIGEV_NONE:
	case SIGEV_THREAD:
		return true;
	case SIGEV_SIGNAL:
		return ev->sigev_signo >= 0 && ev->sigev_signo <= _NSIG;
	default:
		return false;
	}
}

/* mq_notify(2): EFAULT, EINVAL, EBADF, EBUSY, and with SIGEV_THREAD what the socket is refused for (netlink_note.h). */
SYSCALL_DEFINE2(mq_notify, int, mqdes, const sigevent_t __user *, u_notification)
{
	struct netlink_note *note = NULL;
	struct mqueue *q;
	struct file *f;
	sigevent_t ev;
	int err = 0;

	if (u_notification) {
		if (copy_from_user(&ev, u_notification, sizeof(ev)))
			return -EFAULT;
		if (!event_valid(&ev))
			return -EINVAL;
		if (ev.sigev_notify == SIGEV_THREAD)
			note = cookie_note(&ev);
		if (IS_ERR(note))
			return PTR_ERR(note);
	}
	f = mqueue_fget(mqdes, &q);
	if (!f)
		err = -EBADF;
	else if (u_notification)
		err = set_notify(q, &ev, note);
	else if (notifies_current(q))
		remove_notify(q);
	if (err)
		netlink_note_drop(note);
	if (f)
		file_put(f);
	return err;
}

/* ---- the queue proper ---- */

static void insert(struct mqueue *q, struct mq_msg *m)
{
	struct list_head *at = q->messages.prev;

	while (at != &q->messages && list_entry(at, struct mq_msg, list)->prio < m->prio)
		at = at->prev;
	list_add(&m->list, at);
	q->attr.mq_curmsgs++;
}

static struct mq_waiter *first_waiter(struct list_head *waiters)
{
	return list_empty(waiters) ? NULL : list_first_entry(waiters, struct mq_waiter, node);
}

static void end_wait(struct mq_waiter *w, struct mq_msg *m)
{
	list_del(&w->node);
	w->msg = m;
	w->done = true;
	wake_task(w->task);
}

/* Sleeps on @waiters until the other side is done with @w: 0, -ETIMEDOUT, -ERESTARTSYS. */
static int wait_on(struct list_head *waiters, struct mq_waiter *w, u64 deadline)
{
	bool timeout = false;

	list_add_tail(&w->node, waiters);
	while (!w->done && !timeout && !signal_pending(current)) {
		current->state = TASK_INTERRUPTIBLE;
		timeout = schedule_until(deadline);
		current->state = TASK_RUNNING;
	}
	list_del(&w->node);
	return w->done ? 0 : timeout ? -ETIMEDOUT : -ERESTARTSYS;
}

/* Takes over @m on success. */
static int send(struct mqueue *q, struct mq_msg *m, bool nonblock, u64 deadline)
{
	struct mq_waiter *r, w = { .task = current, .msg = m };

	if (q->attr.mq_curmsgs == q->attr.mq_maxmsg)
		return nonblock ? -EAGAIN : wait_on(&q->senders, &w, deadline);
	r = first_waiter(&q->receivers);
	if (r) {
		end_wait(r, m);
		return 0;
	}
	insert(q, m);
	if (q->attr.mq_curmsgs == 1)
		notify(q);
	wake_up_poll(&q->wait, EPOLLIN | EPOLLRDNORM);
	return 0;
}

/* The next message, which is then the caller's; ERR_PTR. */
static struct mq_msg *receive(struct mqueue *q, bool nonblock, u64 deadline)
{
	struct mq_waiter *s, w = { .task = current };
	struct mq_msg *m;
	int err;

	if (!q->attr.mq_curmsgs) {
		err = nonblock ? -EAGAIN : wait_on(&q->receivers, &w, deadline);
		return err ? ERR_PTR(err) : w.msg;
	}
	m = list_first_entry(&q->messages, struct mq_msg, list);
	list_del(&m->list);
	q->attr.mq_curmsgs--;
	s = first_waiter(&q->senders);
	if (s) {
		insert(q, s->msg);
		end_wait(s, NULL);
	} else {
		wake_up_poll(&q->wait, EPOLLOUT | EPOLLWRNORM);
	}
	return m;
}

/* ---- the calls ---- */

/* The time limit is on CLOCK_REALTIME, absolute. 0, -EFAULT, -EINVAL. */
static int read_deadline(const struct __kernel_timespec __user *u, u64 *deadline)
{
	u64 ns, now;
	int err;

	*deadline = KTIME_MAX;
	if (!u)
		return 0;
	err = get_timespec(&ns, u);
	if (err || ns == KTIME_MAX)
		return err;
	now = ktime_get_real();
	*deadline = ns > now ? ktime_add_safe(ktime_get(), ns - now) : 0;
	return 0;
}

SYSCALL_DEFINE5(mq_timedsend, int, mqdes, const char __user *, u_msg_ptr, size_t, msg_len, unsigned, msg_prio,
	const struct __kernel_timespec __user *, u_abs_timeout)
{
	struct mq_msg *m;
	struct mqueue *q;
	struct file *f;
	u64 deadline;
	long err = read_deadline(u_abs_timeout, &deadline);

	if (err)
		return err;
	if (msg_prio >= MQ_PRIO_MAX)
		return -EINVAL;
	f = mqueue_fget(mqdes, &q);
	if (!f)
		return -EBADF;
	err = -EBADF;
	if ((f->flags & O_ACCMODE) == O_RDONLY)
		goto put_file;
	err = -EMSGSIZE;
	if (msg_len > (size_t)q->attr.mq_msgsize)
		goto put_file;
	err = -ENOMEM;
	m = kmalloc(sizeof(*m) + msg_len);
	if (!m)
		goto put_file;
	INIT_LIST_HEAD(&m->list);
	m->prio = msg_prio;
	m->size = msg_len;
	err = copy_from_user(m->text, u_msg_ptr, msg_len) ? -EFAULT : send(q, m, f->flags & O_NONBLOCK, deadline);
	if (err)
		kfree(m);
	else
		inode_touch(f->inode, 0);
put_file:
	file_put(f);
	return err;
}

SYSCALL_DEFINE5(mq_timedreceive, int, mqdes, char __user *, u_msg_ptr, size_t, msg_len, unsigned __user *, u_msg_prio,
	const struct __kernel_timespec __user *, u_abs_timeout)
{
	struct mq_msg *m;
	struct mqueue *q;
	struct file *f;
	u64 deadline;
	long ret = read_deadline(u_abs_timeout, &deadline);

	if (ret)
		return ret;
	f = mqueue_fget(mqdes, &q);
	if (!f)
		return -EBADF;
	ret = -EBADF;
	if ((f->flags & O_ACCMODE) == O_WRONLY)
		goto put_file;
	ret = -EMSGSIZE;
	if (msg_len < (size_t)q->attr.mq_msgsize)
		goto put_file;
	m = receive(q, f->flags & O_NONBLOCK, deadline);
	ret = PTR_ERR(m);
	if (IS_ERR(m))
		goto put_file;
	ret = (long)m->size;
	if ((u_msg_prio && put_user(m->prio, u_msg_prio)) || copy_to_user(u_msg_ptr, m->text, m->size))
		ret = -EFAULT;
	kfree(m);
	inode_touch(f->inode, ATTR_ATIME_NOW);
put_file:
	file_put(f);
	return ret;
}

/* ---- as a file ---- */

static ssize_t mqueue_read(struct file *f, struct iov_iter *to, u64 *pos)
{
	struct mqueue *q = queue_of(f);
	size_t bytes = 0, size, n = 0;
	struct mq_msg *m;
	char text[80];

	list_for_each_entry(m, &q->messages, list)
		bytes += m->size;
	size = (size_t)ksnprintf(text, sizeof(text), "QSIZE:%-10lu NOTIFY:%-5d SIGNO:%-5d NOTIFY_PID:%-6d\n", (unsigned long)bytes,
		q->notify_tgid ? q->notify : 0, q->notify_tgid && q->notify == SIGEV_SIGNAL ? q->notify_signo : 0, q->notify_tgid);
	if (*pos < size)
		n = copy_to_iter(text + *pos, min(size - *pos, iov_iter_count(to)), to);
	*pos += n;
	return (ssize_t)n;
}

static u32 mqueue_poll(struct file *f, struct poll_table *pt)
{
	struct mqueue *q = queue_of(f);

	poll_wait(pt, &q->wait);
	return (q->attr.mq_curmsgs ? EPOLLIN | EPOLLRDNORM : 0) |
		(q->attr.mq_curmsgs < q->attr.mq_maxmsg ? EPOLLOUT | EPOLLWRNORM : 0);
}

static int mqueue_flush(struct file *f)
{
	if (notifies_current(queue_of(f)))
		remove_notify(queue_of(f));
	return 0;
}

static loff_t mqueue_llseek(struct file *f, loff_t off, int whence)
{
	return generic_llseek(f, off, whence, f->inode->size);
}

const struct file_operations mqueue_fops = {
	.name = "mqueue", .read = mqueue_read, .poll = mqueue_poll, .flush = mqueue_flush, .llseek = mqueue_llseek,
};
