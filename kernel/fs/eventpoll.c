/* epoll(7): a set of files with a list of those that may be ready. A file's wait queue calls back into the set, so that
 * the cost of a wait is that of the ready files alone. Level-triggered items go back on the list after they were
 * reported; edge-triggered ones wait for the next call. */
#include "internal.h"
#include "syscalls.h"
#include <linux/capability.h>
#include <linux/eventpoll.h>

#define PRIVATE_BITS (EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE)
#define EXCLUSIVE_OK (EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE)
#define MAX_NESTING 5
#define MAX_EVENTS (0x7fffffff / sizeof(struct epoll_event))
#define EP_HASH 64

struct eventpoll {
	struct file *file;           /* no reference: it owns this */
	struct list_head ready;      /* epitem.ready_node */
	struct list_head *hash;      /* epitem.hash_node; nr_hash buckets */
	unsigned nr_hash, nr_items;
	struct wait_queue_head wait; /* epoll_wait */
	struct wait_queue_head poll_wait; /* who polls the epoll file itself */
	u32 visit;                   /* loop check's mark */
	unsigned depth;              /* under that mark */
	u32 busy_usecs;              /* EPIOCSPARAMS */
	u16 busy_budget;
	u8 busy_prefer;
};
/* One wait queue that an item listens to. */
struct ep_link {
	struct wait_entry wait;
	struct epitem *item;
	struct ep_link *next;
};
struct epitem {
	struct list_head hash_node;  /* eventpoll.hash */
	struct list_head file_node;  /* file.epoll_items */
	struct list_head ready_node; /* eventpoll.ready, or empty */
	struct eventpoll *ep;
	struct file *file;           /* no reference: it takes its items along when it goes */
	int fd;
	struct epoll_event event;
	struct ep_link *links;
};
struct ep_table {
	struct poll_table pt;
	struct epitem *item;
	int error;
};

static struct kmem_cache *item_cache, *link_cache;
static const struct file_operations eventpoll_ops;

static struct eventpoll *ep_of(const struct file *f)
{
	return f->ops == &eventpoll_ops ? f->private : NULL;
}

/* ---- items ---- */

static struct list_head *bucket_of(struct eventpoll *ep, const struct file *f, int fd)
{
	u64 h = ((u64)(unsigned long)f >> 4 ^ (u64)fd << 32) * 0x9e3779b97f4a7c15ull;

	return &ep->hash[(h >> 32) & (ep->nr_hash - 1)];
}

static struct epitem *ep_find(struct eventpoll *ep, const struct file *f, int fd)
{
	struct epitem *i;

	list_for_each_entry(i, bucket_of(ep, f, fd), hash_node)
		if (i->file == f && i->fd == fd)
			return i;
	return NULL;
}

const struct file *eventpoll_target(struct file *file, int fd, unsigned nth)
{
	struct eventpoll *ep = ep_of(file);
	struct epitem *i;

	if (!ep)
		return ERR_PTR(-EINVAL);
	for (unsigned b = 0; b < ep->nr_hash; b++)
		list_for_each_entry(i, &ep->hash[b], hash_node)
			if (i->fd == fd && !nth--)
				return i->file;
	return ERR_PTR(-ENOENT);
}

/* Keeps chains short; without memory they just grow. */
static void ep_grow(struct eventpoll *ep)
{
	unsigned nr = ep->nr_hash * 4, old_nr = ep->nr_hash;
	struct list_head *old = ep->hash, *hash = kmalloc(nr * sizeof(*hash));

	if (!hash)
		return;
	for (unsigned i = 0; i < nr; i++)
		INIT_LIST_HEAD(&hash[i]);
	ep->hash = hash;
	ep->nr_hash = nr;
	for (unsigned i = 0; i < old_nr; i++) {
		struct epitem *it, *n;

		list_for_each_entry_safe(it, n, &old[i], hash_node)
			list_move_tail(&it->hash_node, bucket_of(ep, it->file, it->fd));
	}
	kfree(old);
}

static void ep_wake(struct eventpoll *ep)
{
	if (waitqueue_active(&ep->wait))
		wake_up_poll(&ep->wait, 0);
	if (waitqueue_active(&ep->poll_wait))
		wake_up_poll(&ep->poll_wait, EPOLLIN | EPOLLRDNORM);
}

static bool ep_callback(struct wait_entry *e, u32 key)
{
	struct epitem *i = container_of(e, struct ep_link, wait)->item;
	struct eventpoll *ep = i->ep;
	bool woke;

	if (!(i->event.events & ~PRIVATE_BITS))
		return false; /* EPOLLONESHOT has fired */
	if (key && !(key & i->event.events))
		return false;
	if (list_empty(&i->ready_node))
		list_add_tail(&i->ready_node, &ep->ready);
	woke = waitqueue_active(&ep->wait) || waitqueue_active(&ep->poll_wait);
	ep_wake(ep);
	return woke || !(i->event.events & EPOLLEXCLUSIVE);
}

static void ep_queue(struct poll_table *pt, struct wait_queue_head *q)
{
	struct ep_table *t = container_of(pt, struct ep_table, pt);
	struct ep_link *l = kmem_cache_alloc(link_cache);

	if (!l) {
		t->error = -ENOMEM;
		return;
	}
	init_wait(&l->wait);
	l->wait.func = ep_callback;
	l->item = t->item;
	l->next = t->item->links;
	t->item->links = l;
	if (t->item->event.events & EPOLLEXCLUSIVE)
		add_wait_queue_exclusive(q, &l->wait);
	else
		add_wait_queue(q, &l->wait);
}

static void ep_remove(struct epitem *i)
{
	while (i->links) {
		struct ep_link *l = i->links;

		i->links = l->next;
		remove_wait_queue(&l->wait);
		kmem_cache_free(link_cache, l);
	}
	list_del(&i->hash_node);
	list_del(&i->file_node);
	list_del(&i->ready_node);
	i->ep->nr_items--;
	kmem_cache_free(item_cache, i);
}

void eventpoll_release(struct file *f)
{
	while (!list_empty(&f->epoll_items))
		ep_remove(list_first_entry(&f->epoll_items, struct epitem, file_node));
}

static u32 item_poll(struct epitem *i, struct poll_table *pt)
{
	return vfs_poll(i->file, pt) & i->event.events;
}

/* ---- nesting ---- */

static u32 visit_now;

/* How many epolls stand one in another from @ep downwards; more than any limit if @target is among them. */
static unsigned depth_below(struct eventpoll *ep, struct eventpoll *target, unsigned level)
{
	unsigned deepest = 0;

	if (ep == target || level > MAX_NESTING)
		return MAX_NESTING + 1;
	if (ep->visit == visit_now)
		return ep->depth;
	for (unsigned b = 0; b < ep->nr_hash; b++) {
		struct epitem *i;

		list_for_each_entry(i, &ep->hash[b], hash_node)
			if (ep_of(i->file))
				deepest = max(deepest, depth_below(ep_of(i->file), target, level + 1));
	}
	ep->visit = visit_now;
	ep->depth = deepest + 1;
	return ep->depth;
}

static unsigned depth_above(struct eventpoll *ep, unsigned level)
{
	unsigned deepest = 0;
	struct epitem *i;

	if (level > MAX_NESTING)
		return MAX_NESTING + 1;
	if (ep->visit == visit_now)
		return ep->depth;
	list_for_each_entry(i, &ep->file->epoll_items, file_node)
		deepest = max(deepest, depth_above(i->ep, level + 1));
	ep->visit = visit_now;
	ep->depth = deepest + 1;
	return ep->depth;
}

static int check_nesting(struct eventpoll *ep, struct eventpoll *child)
{
	unsigned below, above;

	visit_now++;
	below = depth_below(child, ep, 1);
	visit_now++;
	above = depth_above(ep, 1);
	return below + above > MAX_NESTING ? -ELOOP : 0;
}

/* ---- epoll_ctl ---- */

static int ep_insert(struct eventpoll *ep, const struct epoll_event *ev, struct file *f, int fd)
{
	struct ep_table t = { .pt.queue = ep_queue };
	struct epitem *i;
	int err;

	if (ep_of(f)) {
		err = check_nesting(ep, ep_of(f));
		if (err)
			return err;
	}
	i = kmem_cache_zalloc(item_cache);
	if (!i)
		return -ENOMEM;
	if (ep->nr_items >= ep->nr_hash * 2)
		ep_grow(ep);
	i->ep = ep;
	i->file = f;
	i->fd = fd;
	i->event = *ev;
	INIT_LIST_HEAD(&i->ready_node);
	list_add(&i->hash_node, bucket_of(ep, f, fd));
	list_add_tail(&i->file_node, &f->epoll_items);
	ep->nr_items++;
	t.item = i;
	t.pt.key = ev->events;
	if (item_poll(i, &t.pt) && list_empty(&i->ready_node)) {
		list_add_tail(&i->ready_node, &ep->ready);
		ep_wake(ep);
	}
	if (t.error)
		ep_remove(i);
	return t.error;
}

/* The file learns of new interest (stdio.c asks the host only for what is wanted) without a second place in its queue. */
static void no_queue(struct poll_table *pt __maybe_unused, struct wait_queue_head *q __maybe_unused)
{
}

static int ep_modify(struct epitem *i, const struct epoll_event *ev)
{
	struct poll_table pt = { .queue = no_queue, .key = ev->events };

	i->event = *ev;
	if (item_poll(i, &pt) && list_empty(&i->ready_node)) {
		list_add_tail(&i->ready_node, &i->ep->ready);
		ep_wake(i->ep);
	}
	return 0;
}

SYSCALL_DEFINE4(epoll_ctl, int, epfd, int, op, int, fd, struct epoll_event __user *, event)
{
	struct epoll_event ev = { 0 };
	struct file *epf, *f = NULL;
	struct eventpoll *ep;
	struct epitem *i;
	int err;

	if (op != EPOLL_CTL_DEL && copy_from_user(&ev, event, sizeof(ev)))
		return -EFAULT;
	err = -EBADF;
	epf = fget(epfd);
	if (!epf)
		return err;
	f = fget(fd);
	if (!f)
		goto put;
	err = -EPERM;
	if (!f->ops->poll)
		goto put;
	ev.events &= ~(u32)EPOLLWAKEUP; /* suspending is the host's matter: as without CAP_BLOCK_SUSPEND */
	err = -EINVAL;
	ep = ep_of(epf);
	if (f == epf || !ep)
		goto put;
	if (op != EPOLL_CTL_DEL && (ev.events & EPOLLEXCLUSIVE)) {
		if (op == EPOLL_CTL_MOD)
			goto put;
		if (op == EPOLL_CTL_ADD && (ep_of(f) || (ev.events & ~EXCLUSIVE_OK)))
			goto put;
	}
	i = ep_find(ep, f, fd);
	switch (op) {
	case EPOLL_CTL_ADD:
		ev.events |= EPOLLERR | EPOLLHUP;
		err = i ? -EEXIST : ep_insert(ep, &ev, f, fd);
		break;
	case EPOLL_CTL_DEL:
		err = i ? 0 : -ENOENT;
		if (i)
			ep_remove(i);
		break;
	case EPOLL_CTL_MOD:
		if (!i) {
			err = -ENOENT;
		} else if (!(i->event.events & EPOLLEXCLUSIVE)) {
			ev.events |= EPOLLERR | EPOLLHUP;
			err = ep_modify(i, &ev);
		}
		break;
	}
put:
	file_put(f);
	file_put(epf);
	return err;
}

/* ---- epoll_wait ---- */

/* Up to @max events of the ready list into @to. */
static int collect(struct eventpoll *ep, struct epoll_event *to, int max)
{
	LIST_HEAD(taken);
	int n = 0;

	list_splice_tail(&ep->ready, &taken);
	while (n < max && !list_empty(&taken)) {
		struct epitem *i = list_first_entry(&taken, struct epitem, ready_node);
		u32 ready;

		list_del(&i->ready_node);
		ready = item_poll(i, NULL);
		if (!ready)
			continue;
		to[n].events = ready;
		to[n++].data = i->event.data;
		if (i->event.events & EPOLLONESHOT)
			i->event.events &= PRIVATE_BITS;
		else if (!(i->event.events & EPOLLET))
			list_add_tail(&i->ready_node, &ep->ready);
	}
	/* What was not looked at comes first next time. */
	list_splice_tail(&ep->ready, &taken);
	list_splice_tail(&taken, &ep->ready);
	return n;
}

static unsigned count_ready(const struct eventpoll *ep, unsigned max)
{
	unsigned n = 0;

	for (const struct list_head *l = ep->ready.next; l != &ep->ready && n < max; l = l->next)
		n++;
	return n;
}

static long send_events(struct eventpoll *ep, struct epoll_event __user *events, int max)
{
	struct epoll_event fast[16], *buf = fast;
	unsigned room = count_ready(ep, max);
	long n;

	if (room > ARRAY_SIZE(fast)) {
		buf = kmalloc(room * sizeof(*buf));
		if (!buf) {
			buf = fast;
			room = ARRAY_SIZE(fast);
		}
	}
	n = collect(ep, buf, room);
	if (n && copy_to_user(events, buf, n * sizeof(*buf)))
		n = -EFAULT;
	if (buf != fast)
		kfree(buf);
	/* Level-triggered items are for the other sleepers too. */
	if (!list_empty(&ep->ready) && waitqueue_active(&ep->wait))
		wake_up(&ep->wait);
	return n;
}

static long ep_wait(struct eventpoll *ep, struct epoll_event __user *events, int max, u64 deadline)
{
	struct wait_entry e;
	bool late = deadline == 0;
	long n;

	for (;;) {
		n = list_empty(&ep->ready) ? 0 : send_events(ep, events, max);
		if (n || late)
			return n;
		if (signal_pending(current))
			return -EINTR;
		init_wait(&e);
		e.exclusive = true;
		current->state = TASK_INTERRUPTIBLE;
		add_wait_queue_exclusive(&ep->wait, &e);
		if (list_empty(&ep->ready))
			late = schedule_until(deadline);
		finish_wait(&e);
	}
}

/* @deadline: ktime ns, 0: look once, KTIME_MAX: no end. */
static long do_epoll_wait(int epfd, struct epoll_event __user *events, int maxevents, u64 deadline)
{
	struct file *f;
	u64 at = (u64)(unsigned long)events;
	long n;

	if (maxevents <= 0 || (unsigned)maxevents > MAX_EVENTS)
		return -EINVAL;
	if (at > trap_layout.task_size || maxevents * sizeof(struct epoll_event) > trap_layout.task_size - at)
		return -EFAULT;
	f = fget(epfd);
	if (!f)
		return -EBADF;
	n = ep_of(f) ? ep_wait(ep_of(f), events, maxevents, deadline) : -EINVAL;
	file_put(f);
	return n;
}

static u64 deadline_ms(int ms)
{
	return ms < 0 ? KTIME_MAX : ms ? ktime_add_safe(ktime_get(), (u64)ms * 1000000) : 0;
}

SYSCALL_DEFINE4(epoll_wait, int, epfd, struct epoll_event __user *, events, int, maxevents, int, timeout)
{
	return do_epoll_wait(epfd, events, maxevents, deadline_ms(timeout));
}

static long do_epoll_pwait(int epfd, struct epoll_event __user *events, int maxevents, u64 deadline,
	const void __user *sigmask, size_t sigsetsize)
{
	long n;

	if (sigmask) {
		int err = set_user_sigmask(sigmask, sigsetsize);

		if (err)
			return err;
	}
	n = do_epoll_wait(epfd, events, maxevents, deadline);
	restore_saved_sigmask_unless(n == -EINTR);
	return n;
}

SYSCALL_DEFINE6(epoll_pwait, int, epfd, struct epoll_event __user *, events, int, maxevents, int, timeout,
	const void __user *, sigmask, size_t, sigsetsize)
{
	return do_epoll_pwait(epfd, events, maxevents, deadline_ms(timeout), sigmask, sigsetsize);
}

SYSCALL_DEFINE6(epoll_pwait2, int, epfd, struct epoll_event __user *, events, int, maxevents,
	const struct __kernel_timespec __user *, timeout, const void __user *, sigmask, size_t, sigsetsize)
{
	u64 deadline = KTIME_MAX, ns;

	if (timeout) {
		int err = get_timespec(&ns, timeout);

		if (err)
			return err;
		deadline = ns ? ktime_add_safe(ktime_get(), ns) : 0;
	}
	return do_epoll_pwait(epfd, events, maxevents, deadline, sigmask, sigsetsize);
}

/* ---- the file ---- */

static u32 eventpoll_poll(struct file *f, struct poll_table *pt)
{
	struct eventpoll *ep = f->private;
	struct epitem *i, *n;

	poll_wait(pt, &ep->poll_wait);
	list_for_each_entry_safe(i, n, &ep->ready, ready_node) {
		if (item_poll(i, NULL))
			return EPOLLIN | EPOLLRDNORM;
		list_del(&i->ready_node);
	}
	return 0;
}

static void eventpoll_free(struct file *f)
{
	struct eventpoll *ep = f->private;

	for (unsigned b = 0; b < ep->nr_hash; b++)
		while (!list_empty(&ep->hash[b]))
			ep_remove(list_first_entry(&ep->hash[b], struct epitem, hash_node));
	kfree(ep->hash);
	kfree(ep);
}

#define SHOW_SORTED 1000 /* more items than this are shown in any order */

/* For /proc/PID/fdinfo: a line for each item, by descriptor. */
static void eventpoll_show(struct file *f, char *buf, size_t size)
{
	struct eventpoll *ep = f->private;
	struct epitem **items = kmalloc(ep->nr_items * sizeof(*items));
	unsigned n = 0;
	size_t len = 0;

	if (!items)
		return;
	for (unsigned b = 0; b < ep->nr_hash; b++) {
		struct epitem *i;

		list_for_each_entry(i, &ep->hash[b], hash_node) {
			unsigned at = n++;

			for (; at && ep->nr_items <= SHOW_SORTED && items[at - 1]->fd > i->fd; at--)
				items[at] = items[at - 1];
			items[at] = i;
		}
	}
	for (unsigned k = 0; k < n && len < size; k++) {
		const struct inode *inode = items[k]->file->inode;

		len += ksnprintf(buf + len, size - len, "tfd: %8d events: %8x data: %16llx  pos:%lld ino:%llx sdev:%llx\n",
			items[k]->fd, items[k]->event.events, (unsigned long long)items[k]->event.data,
			(long long)items[k]->file->pos, inode ? (unsigned long long)inode->ino : 0ull,
			inode && inode->sb ? (unsigned long long)(inode->sb->dev >> 8 << 20 | (inode->sb->dev & 0xff)) : 0ull);
	}
	kfree(items);
}

/* The one kind that there is: how a network card is polled busily. Without one the parameters are kept and mean nothing. */
struct busy_params { /* struct epoll_params */
	u32 usecs;
	u16 budget;
	u8 prefer, pad;
};
#define BUSY_SET 0x40088a01u
#define BUSY_GET 0x80088a02u
#define BUSY_BUDGET_MAX 64

static long eventpoll_ioctl(struct file *f, unsigned cmd, unsigned long arg)
{
	struct eventpoll *ep = f->private;
	struct busy_params p = { .usecs = ep->busy_usecs, .budget = ep->busy_budget, .prefer = ep->busy_prefer };

	if (cmd == BUSY_GET)
		return copy_to_user(u64_to_uptr(arg), &p, sizeof(p)) ? -EFAULT : 0;
	if (cmd != BUSY_SET)
		return -EINVAL;
	if (copy_from_user(&p, u64_to_uptr(arg), sizeof(p)))
		return -EFAULT;
	if (p.pad || p.usecs > 0x7fffffff || p.prefer > 1)
		return -EINVAL;
	if (p.budget > BUSY_BUDGET_MAX && !capable(CAP_NET_ADMIN))
		return -EPERM;
	ep->busy_usecs = p.usecs;
	ep->busy_budget = p.budget;
	ep->busy_prefer = p.prefer;
	return 0;
}

static const struct file_operations eventpoll_ops = {
	.name = "eventpoll", .show_fdinfo = eventpoll_show, .ioctl = eventpoll_ioctl, .poll = eventpoll_poll,
	.llseek = noop_llseek, .release = eventpoll_free,
};

static long do_epoll_create(int flags)
{
	struct eventpoll *ep;
	struct file *f;
	int fd;

	if (flags & ~EPOLL_CLOEXEC)
		return -EINVAL;
	if (!item_cache) {
		item_cache = kmem_cache_create("epitem", sizeof(struct epitem), 16);
		link_cache = kmem_cache_create("ep_link", sizeof(struct ep_link), 16);
	}
	ep = kzalloc(sizeof(*ep));
	if (!ep)
		return -ENOMEM;
	ep->nr_hash = EP_HASH;
	ep->hash = kmalloc(EP_HASH * sizeof(*ep->hash));
	if (!ep->hash) {
		kfree(ep);
		return -ENOMEM;
	}
	for (unsigned i = 0; i < EP_HASH; i++)
		INIT_LIST_HEAD(&ep->hash[i]);
	INIT_LIST_HEAD(&ep->ready);
	init_waitqueue_head(&ep->wait);
	init_waitqueue_head(&ep->poll_wait);
	fd = fd_reserve(flags & O_CLOEXEC);
	f = fd < 0 ? ERR_PTR(fd) : anon_file("[eventpoll]", &eventpoll_ops, ep, O_RDWR, 0600);
	if (IS_ERR(f)) {
		if (fd >= 0)
			fd_unreserve(fd);
		kfree(ep->hash);
		kfree(ep);
		return PTR_ERR(f);
	}
	ep->file = f;
	fd_install(fd, f);
	return fd;
}

SYSCALL_DEFINE1(epoll_create, int, size)
{
	return size <= 0 ? -EINVAL : do_epoll_create(0);
}

SYSCALL_DEFINE1(epoll_create1, int, flags)
{
	return do_epoll_create(flags);
}
