/* inotify(7) and the older F_NOTIFY of fcntl(2): who watches an inode, and the events of it. The calls of the VFS report what
 * guests do (fsnotify_*); what other processes of the host do to their files is not seen. A watch holds its inode. */
#include "internal.h"
#include "cred.h"
#include "mm.h"
#include "sysctl.h"
#include "syscalls.h"
#include <asm/ioctls.h>
#include <linux/eventpoll.h>
#include <linux/fcntl.h>

#define WATCH_COST 1240ull /* bytes that Linux counts for a watch: a mark and an inode */
#define IN_MASK_BITS (IN_ALL_EVENTS | IN_UNMOUNT | IN_Q_OVERFLOW | IN_IGNORED | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK | \
	IN_MASK_ADD | IN_MASK_CREATE | IN_ISDIR | IN_ONESHOT)
/* What a caller's mask is kept of. */
#define IN_KEPT (IN_ALL_EVENTS | IN_EXCL_UNLINK | IN_ONESHOT)

struct inotify_event_node {
	struct list_head list;   /* inotify.events */
	int wd;
	u32 mask, cookie;
	unsigned name_len;       /* 0: no name */
	char name[];
};
struct inotify {
	struct list_head events, marks;
	unsigned nr_events, nr_marks;
	int next_wd;
	unsigned max_events;     /* the limit when it was made */
	struct user_count *user; /* reference held: whose limits it counts against */
	struct wait_queue_head wait;
	struct fasync_list async;
};
struct fsnotify_mark {
	struct fsnotify_mark *next;  /* inode.marks */
	struct list_head all;        /* all_marks */
	struct inode *inode;         /* reference held */
	u32 mask;
	struct inotify *group;       /* NULL: F_NOTIFY's */
	struct list_head node;       /* inotify.marks */
	int wd;
	struct file *file;           /* F_NOTIFY: no reference, it takes the mark along when it is closed */
	struct files_struct *owner;
	int fd;
};

bool fsnotify_active;
static LIST_HEAD(all_marks);
static int dir_notify_enable = 1;
static int max_queued_events = 16384, max_user_instances = 128, max_user_watches = 1048576;
static const struct file_operations inotify_ops;

/* ---- the queue ---- */

static void queue_event(struct inotify *g, int wd, u32 mask, u32 cookie, const char *name)
{
	unsigned len = name ? strlen(name) : 0;
	struct inotify_event_node *e;

	if (!list_empty(&g->events)) {
		e = list_last_entry(&g->events, struct inotify_event_node, list);
		if (e->wd == wd && e->mask == mask && e->cookie == cookie && e->name_len == len &&
				!memcmp(e->name, name ? name : "", len))
			return; /* inotify(7): identical successive events are one */
		if (e->mask == IN_Q_OVERFLOW)
			return;
	}
	if (g->nr_events >= g->max_events)
		wd = -1, mask = IN_Q_OVERFLOW, cookie = 0, len = 0;
	e = kmalloc(sizeof(*e) + len + 1);
	if (!e)
		return;
	e->wd = wd;
	e->mask = mask;
	e->cookie = cookie;
	e->name_len = len;
	memcpy(e->name, name ? name : "", len);
	e->name[len] = 0;
	list_add_tail(&e->list, &g->events);
	g->nr_events++;
	wake_up_poll(&g->wait, EPOLLIN | EPOLLRDNORM);
	kill_fasync(&g->async, SIGIO, POLL_IN);
}

static void free_events(struct inotify *g)
{
	struct inotify_event_node *e, *n;

	list_for_each_entry_safe(e, n, &g->events, list) {
		list_del(&e->list);
		kfree(e);
	}
}

/* ---- marks ---- */

static void mark_add(struct inode *inode, struct fsnotify_mark *m)
{
	m->inode = inode_get(inode);
	m->next = inode->marks;
	inode->marks = m;
	list_add(&m->all, &all_marks);
	fsnotify_active = true;
}

/* The inode's reference is the caller's to drop, when it may sleep. */
static struct inode *mark_remove(struct fsnotify_mark *m)
{
	struct inode *inode = m->inode;
	struct fsnotify_mark **at = &inode->marks;

	while (*at != m)
		at = &(*at)->next;
	*at = m->next;
	list_del(&m->all);
	if (m->group) {
		list_del(&m->node);
		m->group->nr_marks--;
		m->group->user->inotify_watches--;
	}
	kfree(m);
	fsnotify_active = !list_empty(&all_marks);
	return inode;
}

static void dnotify_send(struct fsnotify_mark *m)
{
	send_sigio(m->file, m->fd, POLL_MSG);
	if (!(m->mask & DN_MULTISHOT))
		inode_put(mark_remove(m));
}

/* F_NOTIFY's names for what inotify calls @mask, in a directory or of itself. */
static u32 dnotify_mask(u32 mask)
{
	return (mask & IN_ACCESS ? DN_ACCESS : 0) | (mask & IN_MODIFY ? DN_MODIFY : 0) |
		(mask & (IN_CREATE | IN_MOVED_TO) ? DN_CREATE : 0) | (mask & (IN_DELETE | IN_MOVED_FROM) ? DN_DELETE : 0) |
		(mask & FS_RENAME ? DN_RENAME : 0) | (mask & IN_ATTRIB ? DN_ATTRIB : 0);
}

/* Tells who watches @inode. @name: of the child that it happened to; @unlinked: see notify_both(). */
static void notify(struct inode *inode, u32 mask, const char *name, u32 cookie, bool unlinked)
{
	struct fsnotify_mark *m, *next;

	inode_get(inode);
	for (m = inode->marks; m; m = next) {
		struct inotify *g = m->group;

		next = m->next;
		if (!g) {
			if ((name || (mask & IN_ISDIR)) && (m->mask & dnotify_mask(mask)))
				dnotify_send(m);
			continue;
		}
		if (!(m->mask & mask & IN_ALL_EVENTS) || (unlinked && (m->mask & IN_EXCL_UNLINK)))
			continue;
		queue_event(g, m->wd, mask & IN_MOVE_SELF ? mask & ~IN_ISDIR : mask, cookie, name);
		if (m->mask & IN_ONESHOT) {
			queue_event(g, m->wd, IN_IGNORED, 0, NULL);
			inode_put(mark_remove(m));
		}
	}
	inode_put(inode);
}

/* ---- what the VFS reports ---- */

static u32 with_dir(const struct inode *inode, u32 mask)
{
	return mask | (S_ISDIR(inode->mode) ? IN_ISDIR : 0);
}

void __fsnotify_inode(struct inode *inode, u32 mask)
{
	if (inode->marks)
		notify(inode, with_dir(inode, mask), NULL, 0, false);
}

/* @unlinked: it was done to an open file that has no name any more, which IN_EXCL_UNLINK leaves out. */
static void notify_both(struct dentry *d, u32 mask, bool unlinked)
{
	struct inode *inode = d->inode;

	mask = with_dir(inode, mask);
	if (d->parent && d->parent->inode->marks)
		notify(d->parent->inode, mask, d->name, 0, unlinked);
	if (inode->marks)
		notify(inode, mask, NULL, 0, unlinked);
}

void __fsnotify_dentry(struct dentry *d, u32 mask)
{
	notify_both(d, mask, false);
}

void __fsnotify_name(struct inode *dir, const char *name, u32 mask, u32 cookie)
{
	if (dir->marks)
		notify(dir, mask, name, cookie, false);
}

void __fsnotify_file(struct file *f, u32 mask)
{
	if (f->flags & O_PATH)
		return;
	if (f->path.dentry)
		notify_both(f->path.dentry, mask, f->path.dentry->deleted);
	else
		__fsnotify_inode(f->inode, mask);
}

u32 fsnotify_cookie(void)
{
	static u32 cookie;

	return ++cookie;
}

/* Ends every watch of @inode with @mask (IN_DELETE_SELF, IN_UNMOUNT) for those who asked, and IN_IGNORED. */
static void end_marks(struct inode *inode, u32 mask)
{
	struct fsnotify_mark *m;

	inode_get(inode);
	while ((m = inode->marks)) {
		struct inotify *g = m->group;

		if (g) {
			if ((mask & IN_UNMOUNT) || (m->mask & mask))
				queue_event(g, m->wd, mask, 0, NULL);
			queue_event(g, m->wd, IN_IGNORED, 0, NULL);
		}
		inode_put(mark_remove(m));
	}
	inode_put(inode);
}

void __fsnotify_removed(struct inode *inode)
{
	struct kstat st = { 0 };

	if (!inode->marks)
		return;
	if (S_ISDIR(inode->mode) || (!inode_getattr(inode, &st) && !st.nlink) || !inode->nlink)
		end_marks(inode, IN_DELETE_SELF);
}

void fsnotify_unmount(struct super_block *sb)
{
	struct fsnotify_mark *m;
again:
	list_for_each_entry(m, &all_marks, all)
		if (m->inode->sb == sb) {
			end_marks(m->inode, IN_UNMOUNT);
			goto again;
		}
}

/* ---- F_NOTIFY ---- */

long fcntl_dirnotify(unsigned fd, struct file *f, unsigned long arg)
{
	struct inode *dir = f->inode;
	struct fsnotify_mark *m;

	if (!dir_notify_enable)
		return -EINVAL;
	for (m = dir->marks; m && !(m->file == f && m->owner == current->files); m = m->next)
		;
	if (!(arg & ~DN_MULTISHOT)) {
		if (m)
			inode_put(mark_remove(m));
		return 0;
	}
	if (!S_ISDIR(dir->mode))
		return -ENOTDIR;
	if (m) {
		m->mask |= arg;
		m->fd = fd;
		return 0;
	}
	m = kzalloc(sizeof(*m));
	if (!m)
		return -ENOMEM;
	INIT_LIST_HEAD(&m->node);
	m->mask = arg;
	m->file = f;
	m->owner = current->files;
	m->fd = fd;
	if (!f->owner.pid)
		f_setown(f, current->tgid);
	mark_add(dir, m);
	return 0;
}

void __dirnotify_flush(struct file *f, struct files_struct *owner)
{
	struct fsnotify_mark *m, *next;

	for (m = f->inode->marks; m; m = next) {
		next = m->next;
		if (m->file == f && (!owner || m->owner == owner))
			inode_put(mark_remove(m)); /* not its last: the file has one */
	}
}

/* ---- the file ---- */

static unsigned padded(unsigned name_len)
{
	return name_len ? round_up(name_len + 1, (unsigned)sizeof(struct inotify_event)) : 0;
}

static ssize_t put_event(const struct inotify_event_node *e, struct iov_iter *to)
{
	unsigned len = padded(e->name_len), name = e->name_len;
	struct inotify_event head = { .wd = e->wd, .mask = e->mask, .cookie = e->cookie, .len = len };

	if (copy_to_iter(&head, sizeof(head), to) != sizeof(head))
		return -EFAULT;
	if (len && (copy_to_iter(e->name, name, to) != name || iov_iter_zero(len - name, to) != len - name))
		return -EFAULT;
	return sizeof(head) + len;
}

static ssize_t inotify_read(struct file *f, struct iov_iter *to, u64 *pos __maybe_unused)
{
	struct inotify *g = f->private;
	ssize_t done = 0;

	for (;;) {
		struct inotify_event_node *e;
		ssize_t n;
		long err;

		if (list_empty(&g->events)) {
			if (done)
				return done;
			if (f->flags & O_NONBLOCK)
				return -EAGAIN;
			err = wait_event_interruptible(&g->wait, !list_empty(&g->events));
			if (err)
				return err;
			continue;
		}
		e = list_first_entry(&g->events, struct inotify_event_node, list);
		if (sizeof(struct inotify_event) + padded(e->name_len) > iov_iter_count(to))
			return done ? done : -EINVAL;
		list_del(&e->list);
		g->nr_events--;
		n = put_event(e, to);
		kfree(e);
		if (n < 0)
			return n;
		done += n;
	}
}

static u32 inotify_poll(struct file *f, struct poll_table *pt)
{
	struct inotify *g = f->private;

	poll_wait(pt, &g->wait);
	return list_empty(&g->events) ? 0 : EPOLLIN | EPOLLRDNORM;
}

static long inotify_ioctl(struct file *f, unsigned cmd, unsigned long arg)
{
	struct inotify *g = f->private;
	struct inotify_event_node *e;
	int n = 0;

	if (cmd != FIONREAD)
		return -ENOTTY;
	list_for_each_entry(e, &g->events, list)
		n += sizeof(struct inotify_event) + padded(e->name_len);
	return put_user(n, (int __user *)u64_to_uptr(arg));
}

static int inotify_fasync(int fd, struct file *f, bool on)
{
	struct inotify *g = f->private;

	return fasync_helper(fd, f, on, &g->async);
}

static void inotify_release(struct file *f)
{
	struct inotify *g = f->private;

	while (!list_empty(&g->marks))
		inode_put(mark_remove(list_first_entry(&g->marks, struct fsnotify_mark, node)));
	free_events(g);
	g->user->inotify_instances--;
	user_count_put(g->user);
	kfree(g);
}

static void inotify_show(struct file *f, char *buf, size_t size)
{
	struct inotify *g = f->private;
	struct fsnotify_mark *m;
	size_t at = 0;

	list_for_each_entry(m, &g->marks, node) {
		if (at + 64 > size)
			break;
		at += ksnprintf(buf + at, size - at, "inotify wd:%x ino:%llx sdev:%llx mask:%x ignored_mask:0\n", m->wd,
			(unsigned long long)m->inode->ino, (unsigned long long)(m->inode->sb ? m->inode->sb->dev : 0), m->mask);
	}
}

static const struct file_operations inotify_ops = {
	.name = "inotify", .read = inotify_read, .poll = inotify_poll, .ioctl = inotify_ioctl, .fasync = inotify_fasync,
	.release = inotify_release, .show_fdinfo = inotify_show, .llseek = noop_llseek,
};

/* ---- the calls ---- */

void inotify_init(void)
{
	static const struct ctl_table table[] = {
		{ "fs/dir-notify-enable", 0644, SYSCTL_INT(dir_notify_enable, -0x7fffffff - 1, 0x7fffffff) },
		{ "fs/inotify/max_queued_events", 0644, SYSCTL_INT(max_queued_events, 0, 0x7fffffff) },
		{ "fs/inotify/max_user_instances", 0644, SYSCTL_INT(max_user_instances, 0, 0x7fffffff) },
		{ "fs/inotify/max_user_watches", 0644, SYSCTL_INT(max_user_watches, 0, 0x7fffffff) },
		{ 0 }
	};
	u64 fits = nr_total_pages() / 100 * PAGE_SIZE / WATCH_COST; /* a hundredth of all memory */

	max_user_watches = (int)min(max(fits, (u64)8192), (u64)1048576);
	sysctl_register(table);
}

static long do_inotify_init(int flags)
{
	struct user_count *user;
	struct inotify *g;
	struct file *f;
	int fd;

	if (flags & ~(IN_CLOEXEC | IN_NONBLOCK))
		return -EINVAL;
	user = user_count_get(current->cred->uid);
	g = user ? kzalloc(sizeof(*g)) : NULL;
	if (!g || user->inotify_instances >= (u32)max_user_instances) {
		int err = g ? -EMFILE : -ENOMEM;

		if (user)
			user_count_put(user);
		kfree(g);
		return err;
	}
	g->user = user;
	g->max_events = (unsigned)max_queued_events;
	INIT_LIST_HEAD(&g->events);
	INIT_LIST_HEAD(&g->marks);
	init_waitqueue_head(&g->wait);
	g->next_wd = 1;
	fd = fd_reserve(flags & O_CLOEXEC);
	f = fd < 0 ? ERR_PTR(fd) : anon_file("inotify", &inotify_ops, g, O_RDONLY | (flags & O_NONBLOCK), 0600);
	if (IS_ERR(f)) {
		if (fd >= 0)
			fd_unreserve(fd);
		user_count_put(user);
		kfree(g);
		return PTR_ERR(f);
	}
	user->inotify_instances++;
	fd_install(fd, f);
	return fd;
}

SYSCALL_DEFINE0(inotify_init)
{
	return do_inotify_init(0);
}

SYSCALL_DEFINE1(inotify_init1, int, flags)
{
	return do_inotify_init(flags);
}

static long add_watch(struct inotify *g, struct inode *inode, u32 mask)
{
	struct fsnotify_mark *m;

	for (m = inode->marks; m && m->group != g; m = m->next)
		;
	if (m) {
		if (mask & IN_MASK_CREATE)
			return -EEXIST;
		m->mask = (mask & IN_MASK_ADD ? m->mask : 0) | (mask & IN_KEPT);
		return m->wd;
	}
	if (g->user->inotify_watches >= (u32)max_user_watches)
		return -ENOSPC;
	if (inode->sb && inode->sb->host && hostfs_pin(inode))
		return -ENOENT; /* whether its last name went must be seen later */
	m = kzalloc(sizeof(*m));
	if (!m)
		return -ENOMEM;
	m->mask = mask & IN_KEPT;
	m->group = g;
	m->wd = g->next_wd++;
	list_add_tail(&m->node, &g->marks);
	g->nr_marks++;
	g->user->inotify_watches++;
	mark_add(inode, m);
	return m->wd;
}

SYSCALL_DEFINE3(inotify_add_watch, int, fd, const char __user *, pathname, u32, mask)
{
	struct path path;
	struct file *f;
	long ret;

	if (!(mask & IN_MASK_BITS))
		return -EINVAL;
	f = fget(fd);
	if (!f)
		return -EBADF;
	ret = -EINVAL;
	if (((mask & IN_MASK_ADD) && (mask & IN_MASK_CREATE)) || f->ops != &inotify_ops)
		goto put;
	ret = user_path(AT_FDCWD, pathname, (mask & IN_DONT_FOLLOW ? 0 : LOOKUP_FOLLOW) |
		(mask & IN_ONLYDIR ? LOOKUP_DIRECTORY : 0), &path);
	if (ret)
		goto put;
	ret = inode_permission(path.dentry->inode, MAY_READ);
	if (!ret)
		ret = add_watch(f->private, path.dentry->inode, mask);
	path_put(&path);
put:
	file_put(f);
	return ret;
}

SYSCALL_DEFINE2(inotify_rm_watch, int, fd, int, wd)
{
	struct file *f = fget(fd);
	struct fsnotify_mark *m;
	long ret = -EINVAL;

	if (!f)
		return -EBADF;
	if (f->ops == &inotify_ops) {
		struct inotify *g = f->private;

		list_for_each_entry(m, &g->marks, node)
			if (m->wd == wd) {
				queue_event(g, wd, IN_IGNORED, 0, NULL);
				inode_put(mark_remove(m));
				ret = 0;
				break;
			}
	}
	file_put(f);
	return ret;
}
