/* /proc as a file system: directories made from tables of rows {name, mode, show}, process and descriptor numbers, files
 * whose text is made when they are read from the start. What the files say stands in proc_root.c and proc_pid.c. */
#include "internal.h"
#include "proc_maps.h"
#include "procfs.h"
#include "proc_sys.h"
#include <linux/eventpoll.h>
#include <linux/capability.h>
#include <linux/magic.h>

struct proc_node {
	const struct proc_row *row;
	int pid;        /* thread id */
	s64 key;        /* proc_ctx.key */
	u64 start;      /* the task's start: another one with its number is not it */
};

static LIST_HEAD(proc_inodes);  /* inode.hash_node: those in use */
struct super_block proc_sb = { .type = "proc", .magic = PROC_SUPER_MAGIC, .blksize = 1024 };
static const struct inode_operations proc_inode_ops, proc_dir_inode_ops, proc_link_inode_ops, proc_magic_inode_ops;
static const struct file_operations proc_file_ops, proc_poll_ops, proc_dir_ops;
static const struct proc_row proc_root = { .name = "", .mode = S_IFDIR | 0555, .rows = proc_root_rows, .dynamic = PROC_PIDS };

/* ---- text ---- */

void seq_write(struct seq *s, const void *data, size_t size)
{
	if (s->len + size > s->size) {
		size_t want = max(s->size ? s->size * 2 : (size_t)1024, s->len + size);
		char *grown = krealloc(s->buf, want);

		if (!grown) {
			s->failed = true;
			return;
		}
		s->buf = grown;
		s->size = want;
	}
	memcpy(s->buf + s->len, data, size);
	s->len += size;
}

void seq_printf(struct seq *s, const char *fmt, ...)
{
	char line[128], *text = line;
	__builtin_va_list ap;
	int n;

	__builtin_va_start(ap, fmt);
	n = kvsnprintf(line, sizeof(line), fmt, ap);
	__builtin_va_end(ap);
	if (n >= (int)sizeof(line)) {
		text = kmalloc(n + 1);
		if (!text) {
			s->failed = true;
			return;
		}
		__builtin_va_start(ap, fmt);
		kvsnprintf(text, n + 1, fmt, ap);
		__builtin_va_end(ap);
	}
	seq_write(s, text, n);
	if (text != line)
		kfree(text);
}

/* ---- nodes ---- */

static struct proc_node *node_of(const struct inode *inode)
{
	return inode->private;
}

/* Fills @c. ESRCH when the process is gone. */
static int ctx_of(const struct proc_node *n, struct proc_ctx *c)
{
	c->pid = n->pid;
	c->key = n->key;
	c->task = NULL;
	if (!n->pid)
		return 0;
	c->task = find_task(n->pid);
	return c->task && c->task->start_time == n->start ? 0 : -ESRCH;
}

/* ptrace(2), "Ptrace access mode checking". */
bool proc_may_trace(const struct task *t)
{
	const struct cred *me = current->cred, *it = t->cred;

	if (t->tgid == current->tgid)
		return true;
	if (me->fsuid == it->euid && me->fsuid == it->suid && me->fsuid == it->uid && me->fsgid == it->egid &&
			me->fsgid == it->sgid && me->fsgid == it->gid && (!t->mm || t->mm->dumpable))
		return true;
	return capable(CAP_SYS_PTRACE);
}

static int guard(const struct proc_node *n, const struct proc_ctx *c)
{
	return n->row->guarded && c->task && !proc_may_trace(c->task) ? -EACCES : 0;
}

/* The files of a process that may not be dumped, or has no memory any more, are root's; but not its directories. */
static void set_owner(struct inode *inode, const struct task *t)
{
	bool own = t && t->cred && ((t->mm && t->mm->dumpable) || inode->mode == (S_IFDIR | 0555));

	inode->uid = own ? t->cred->euid : 0;
	inode->gid = own ? t->cred->egid : 0;
}

static struct inode *proc_inode(const struct proc_row *row, int pid, s64 key)
{
	struct task *t = pid ? find_task(pid) : NULL;
	u64 start = t ? t->start_time : 0;
	struct proc_node *n;
	struct inode *inode;

	list_for_each_entry(inode, &proc_inodes, hash_node) {
		n = node_of(inode);
		if (n->row == row && n->pid == pid && n->key == key && n->start == start) {
			set_owner(inode, t);
			return inode_get(inode);
		}
	}
	n = kzalloc(sizeof(*n));
	inode = n ? inode_alloc(&proc_sb, row->mode) : NULL;
	if (!inode) {
		kfree(n);
		return ERR_PTR(-ENOMEM);
	}
	*n = (struct proc_node){ .row = row, .pid = pid, .key = key, .start = start };
	inode->private = n;
	set_owner(inode, t);
	inode->nlink = S_ISDIR(row->mode) ? 2 : 1;
	inode->ops = S_ISDIR(row->mode) ? &proc_dir_inode_ops : !S_ISLNK(row->mode) ? &proc_inode_ops :
		row->follow ? &proc_magic_inode_ops : &proc_link_inode_ops;
	inode->fops = S_ISDIR(row->mode) ? &proc_dir_ops : &proc_file_ops;
	list_add(&inode->hash_node, &proc_inodes);
	return inode;
}

static void proc_evict(struct inode *inode)
{
	list_del(&inode->hash_node);
	kfree(inode->private);
}

static int number_of(const char *name, unsigned len)
{
	int n = 0;

	if (!len || len > 9 || (name[0] == '0' && len > 1))
		return -1;
	for (unsigned i = 0; i < len; i++) {
		if (name[i] < '0' || name[i] > '9')
			return -1;
		n = n * 10 + name[i] - '0';
	}
	return n;
}

/* A mapping's name, "start-end" in hexadecimal without leading zeros: whether it is one. */
static bool range_of(const char *name, unsigned len, u64 *start, u64 *end)
{
	u64 part[2] = { 0, 0 };
	unsigned n = 0, digits = 0;

	for (unsigned i = 0; i < len; i++) {
		char lower = (char)(name[i] | 0x20);
		int d = name[i] >= '0' && name[i] <= '9' ? name[i] - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;

		if (name[i] == '-' && !n && digits) {
			n = 1, digits = 0;
			continue;
		}
		if (d < 0 || digits >= 16 || (digits == 1 && !part[n]))
			return false;
		part[n] = part[n] << 4 | (u64)d;
		digits++;
	}
	*start = part[0], *end = part[1];
	return n && digits;
}

static struct inode *map_lookup(const struct proc_node *n, const struct proc_ctx *c, const char *name, unsigned len)
{
	const struct vm_area *v;
	struct inode *inode;
	u64 start, end;

	if (!range_of(name, len, &start, &end))
		return ERR_PTR(-ENOENT);
	v = proc_next_map_file(c->task->mm, start);
	if (!v || v->start != start || v->end != end)
		return ERR_PTR(-ENOENT);
	inode = proc_inode(&proc_map_row, n->pid, (s64)(start >> PAGE_SHIFT));
	if (!IS_ERR(inode)) {
		u32 acc = v->file->flags & O_ACCMODE;

		inode->mode = S_IFLNK | (acc != O_WRONLY ? 0400 : 0) | (acc != O_RDONLY ? 0200 : 0);
		inode->size = 64; /* as Linux has it */
	}
	return inode;
}

static u32 fd_link_mode(const struct proc_ctx *c, int fd)
{
	struct file *f = files_get(c->task->files, fd);
	u32 mode = S_IFLNK, acc;

	if (!f)
		return mode;
	acc = f->flags & O_ACCMODE;
	if (f->flags & O_PATH)
		acc = 3;
	mode |= (acc != O_WRONLY && acc != 3 ? 0500 : 0) | (acc != O_RDONLY && acc != 3 ? 0300 : 0);
	file_put(f);
	return mode;
}

/* A process gets at its own descriptors whoever it has become since. The directories of processes and threads are immutable,
 * as if by chattr(1): EPERM for who wants to write. */
static int proc_dir_permission(struct inode *dir, int mask)
{
	const struct proc_node *n = node_of(dir);
	struct proc_ctx c;
	int err;

	if ((mask & MAY_WRITE) && (n->row == &proc_pid_dir || n->row == &proc_task_dir))
		return -EPERM;
	/* In the directory of a process that is gone nothing is looked for. */
	if ((n->row == &proc_pid_dir || n->row->dynamic == PROC_TASKS || n->row->dynamic == PROC_FDINFOS) && ctx_of(n, &c))
		return -ESRCH;
	err = generic_permission(dir, mask);
	if (err && (n->row->dynamic == PROC_FDS || n->row->dynamic == PROC_FDINFOS) && !ctx_of(n, &c) && c.task->tgid == current->tgid)
		return 0;
	return err;
}

static struct inode *proc_lookup(struct inode *dir, const char *name, unsigned len)
{
	const struct proc_node *n = node_of(dir);
	struct proc_ctx c;
	struct task *t;
	int nr, err = ctx_of(n, &c);
	struct inode *inode;

	if (err)
		return ERR_PTR(-ENOENT);
	err = guard(n, &c);
	if (err)
		return ERR_PTR(err);
	for (const struct proc_row *r = n->row->rows; r && r->name; r++)
		if (strlen(r->name) == len && !memcmp(r->name, name, len))
			return r->make ? r->make() : proc_inode(r, n->pid, 0);
	if (n->row->dynamic == PROC_MAPS)
		return map_lookup(n, &c, name, len);
	nr = number_of(name, len);
	if (nr < 0)
		return ERR_PTR(-ENOENT);
	switch (n->row->dynamic) {
	case PROC_PIDS:
		t = find_task(nr);
		return t ? proc_inode(&proc_pid_dir, nr, 0) : ERR_PTR(-ENOENT);
	case PROC_TASKS:
		t = find_task(nr);
		return t && t->tgid == c.task->tgid ? proc_inode(&proc_task_dir, nr, 0) : ERR_PTR(-ENOENT);
	case PROC_FDS:
	case PROC_FDINFOS:
		if (files_next(c.task->files, nr) != nr)
			return ERR_PTR(-ENOENT);
		inode = proc_inode(n->row->dynamic == PROC_FDS ? &proc_fd_row : &proc_fdinfo_row, n->pid, nr);
		if (!IS_ERR(inode) && n->row->dynamic == PROC_FDS)
			inode->mode = fd_link_mode(&c, nr), inode->size = 64; /* as Linux has it */
		return inode;
	}
	return ERR_PTR(-ENOENT);
}

static int proc_readlink(struct inode *inode, char *buf, size_t size)
{
	const struct proc_node *n = node_of(inode);
	struct proc_ctx c;
	int err = ctx_of(n, &c);

	if (!err)
		err = guard(n, &c);
	return err ? err == -ESRCH ? -ENOENT : err : n->row->readlink(&c, buf, size);
}

static int proc_follow(struct inode *inode, struct path *path)
{
	const struct proc_node *n = node_of(inode);
	struct proc_ctx c;
	int err = ctx_of(n, &c);

	if (!err)
		err = guard(n, &c);
	return err ? err == -ESRCH ? -ENOENT : err : n->row->follow(&c, path);
}

static unsigned nr_processes(void)
{
	unsigned n = 0;
	struct task *t;

	list_for_each_entry(t, &all_tasks, task_node)
		n += t->pid == t->tgid;
	return n;
}

/* A directory of descriptors says how many they are, one of threads or processes has them as links, beside those of the rows. */
static int proc_getattr(struct inode *inode, struct kstat *st)
{
	const struct proc_node *n = node_of(inode);
	struct proc_ctx c;
	bool gone = ctx_of(n, &c);

	*st = (struct kstat){ .dev = inode->sb->dev, .ino = inode->ino, .nlink = inode->nlink, .rdev = inode->rdev,
		.size = inode->size, .mode = inode->mode, .uid = inode->uid, .gid = inode->gid, .blksize = proc_sb.blksize,
		.result_mask = STATX_BASIC_STATS };
	st->atime.sec = st->mtime.sec = st->ctime.sec = inode->mtime.sec;
	st->atime.nsec = st->mtime.nsec = st->ctime.nsec = inode->mtime.nsec;
	if (n->row->dynamic == PROC_FDS && gone)
		return -ENOENT;
	if (n->row->dynamic == PROC_FDS)
		for (int fd = files_next(c.task->files, 0); fd >= 0; fd = files_next(c.task->files, fd + 1))
			st->size++;
	for (const struct proc_row *r = n->row->rows; r && r->name; r++)
		st->nlink += S_ISDIR(r->mode);
	if (n->row->dynamic == PROC_PIDS)
		st->nlink += nr_processes();
	if (n->row->dynamic == PROC_TASKS && !gone && c.task->signal)
		st->nlink += c.task->signal->live;
	return 0;
}

static int proc_setattr(struct inode *inode __maybe_unused, unsigned valid __maybe_unused,
	const struct kstat *st __maybe_unused)
{
	return -EPERM;
}

/* ---- files ---- */

/* An open file of text. */
struct proc_text {
	struct seq seq;
	u64 seen; /* of the row's event */
};

static int proc_open(struct inode *inode, struct file *f)
{
	const struct proc_node *n = node_of(inode);
	struct proc_text *t;
	struct proc_ctx c;
	int err = ctx_of(n, &c);

	if (err)
		return err == -ESRCH ? -ENOENT : err;
	err = guard(n, &c);
	if (err)
		return err;
	if (n->row->fops) {
		f->ops = n->row->fops;
		return n->row->open(&c, f);
	}
	f->no_pwrite = n->row->no_pwrite;
	t = kzalloc(sizeof(*t));
	if (!t)
		return -ENOMEM;
	f->private = t;
	if (n->row->event) {
		f->ops = &proc_poll_ops;
		t->seen = n->row->event->count;
	}
	return 0;
}

void proc_event_tell(struct proc_event *e)
{
	e->count++;
	wake_up_poll(&e->wait, EPOLLERR | EPOLLPRI);
}

static u32 proc_poll(struct file *f, struct poll_table *pt)
{
	struct proc_event *e = node_of(f->inode)->row->event;
	struct proc_text *t = f->private;
	u32 ready = EPOLLIN | EPOLLRDNORM;

	poll_wait(pt, &e->wait);
	if (t->seen != e->count)
		ready |= EPOLLERR | EPOLLPRI;
	t->seen = e->count;
	return ready;
}

static ssize_t proc_read(struct file *f, struct iov_iter *to, u64 *pos)
{
	struct seq *s = &((struct proc_text *)f->private)->seq;
	const struct proc_node *n = node_of(f->inode);
	size_t want, got;
	struct proc_ctx c;
	int err;

	if (*pos == 0) {
		err = ctx_of(n, &c);
		if (err && !n->row->outlives)
			return err;
		s->len = 0;
		s->failed = false;
		s->error = 0;
		if (n->row->show)
			n->row->show(s, &c);
		if (s->failed || s->error)
			return s->error ? s->error : -ENOMEM;
	}
	if (*pos >= s->len)
		return 0;
	want = min(iov_iter_count(to), s->len - *pos);
	got = copy_to_iter(s->buf + *pos, want, to);
	*pos += got;
	return got || !want ? (ssize_t)got : -EFAULT;
}

static ssize_t proc_write(struct file *f, struct iov_iter *from, u64 *pos)
{
	const struct proc_node *n = node_of(f->inode);
	size_t size = min(iov_iter_count(from), PAGE_SIZE - 1);
	struct proc_ctx c;
	char *text;
	long err = ctx_of(n, &c);

	if (err)
		return err;
	if (!n->row->store)
		return n->pid ? -EINVAL : -EIO;
	text = kmalloc(size + 1);
	if (!text)
		return -ENOMEM;
	err = copy_from_iter(text, size, from) == size ? 0 : -EFAULT;
	text[size] = 0;
	if (!err)
		err = n->row->store(text, size, &c);
	kfree(text);
	if (err)
		return err;
	if (!n->pid)
		*pos += size;
	return size;
}

static long proc_ioctl(struct file *f, unsigned cmd, unsigned long arg)
{
	const struct proc_node *n = node_of(f->inode);
	struct proc_ctx c;
	int err = n->row->ioctl ? ctx_of(n, &c) : -ENOTTY;

	return err ? err : n->row->ioctl(&c, cmd, arg);
}

/* Their size is what a read of them is long: there is none to be changed. */
static int proc_truncate(struct file *f __maybe_unused, u64 size __maybe_unused)
{
	return 0;
}

static loff_t proc_llseek(struct file *f, loff_t off, int whence)
{
	if (!node_of(f->inode)->row->show)
		return noop_llseek(f, off, whence);
	switch (node_of(f->inode)->row->seek) {
	case PROC_SEEK_EMPTY:
		return empty_llseek(f, off, whence);
	case PROC_SEEK_ANY:
		return generic_llseek(f, off, whence, 0);
	default:
		return whence > 1 ? -EINVAL : generic_llseek(f, off, whence, 0);
	}
}

static void proc_release(struct file *f)
{
	struct proc_text *t = f->private;

	if (t)
		kfree(t->seq.buf);
	kfree(t);
}

/* ---- directories ---- */

#define ROWS_AT 2ull
#define NUMBERS_AT 0x100ull

/* The smallest number at or after @from that the directory shows, or -1. */
static s64 next_number(const struct proc_node *n, const struct proc_ctx *c, s64 from)
{
	const struct vm_area *v;
	int best = -1;
	struct task *t;

	switch (n->row->dynamic) {
	case PROC_PIDS:
		list_for_each_entry(t, &all_tasks, task_node)
			if (t->pid == t->tgid && t->pid >= from && (best < 0 || t->pid < best))
				best = t->pid;
		return best;
	case PROC_TASKS:
		list_for_each_entry(t, &c->task->signal->threads, thread_node)
			if (t->pid >= from && (best < 0 || t->pid < best))
				best = t->pid;
		return best;
	case PROC_FDS:
	case PROC_FDINFOS:
		return files_next(c->task->files, (int)from);
	case PROC_MAPS:
		v = proc_next_map_file(c->task->mm, (u64)from << PAGE_SHIFT);
		return v ? (s64)(v->start >> PAGE_SHIFT) : -1;
	}
	return -1;
}

static int proc_getdents(struct file *f, void *ctx, bool (*emit)(void *ctx, const char *name, unsigned len, u64 ino,
	unsigned type, u64 next_off))
{
	const struct proc_node *n = node_of(f->inode);
	struct dentry *up = f->path.dentry ? f->path.dentry->parent : NULL;
	char name[40];
	unsigned type;
	s64 nr;

	for (;;) {
		struct proc_ctx c;
		u64 row = 0;

		if (ctx_of(n, &c) || (n->pid && !c.task->signal))
			return -ENOENT;
		if (f->pos < ROWS_AT) {
			u64 ino = f->pos && up ? up->inode->ino : f->inode->ino;

			if (!emit(ctx, "..", (unsigned)f->pos + 1, ino, 4, f->pos + 1))
				return 0;
			f->pos++;
			continue;
		}
		if (f->pos < NUMBERS_AT) {
			const struct proc_row *r = n->row->rows;

			for (; r && r->name && row < f->pos - ROWS_AT; r++)
				row++;
			if (!r || !r->name) {
				f->pos = NUMBERS_AT;
				continue;
			}
			if (!emit(ctx, r->name, strlen(r->name), 0x1000 + f->pos, (r->mode & S_IFMT) >> 12, f->pos + 1))
				return 0;
			f->pos++;
			continue;
		}
		nr = next_number(n, &c, f->pos - NUMBERS_AT);
		if (nr < 0)
			return 0;
		type = n->row->dynamic == PROC_FDS || n->row->dynamic == PROC_MAPS ? 10 : n->row->dynamic == PROC_FDINFOS ? 8 : 4;
		if (n->row->dynamic == PROC_MAPS)
			ksnprintf(name, sizeof(name), "%llx-%llx", (unsigned long long)nr << PAGE_SHIFT,
				(unsigned long long)proc_next_map_file(c.task->mm, (u64)nr << PAGE_SHIFT)->end);
		else
			ksnprintf(name, sizeof(name), "%d", (int)nr);
		if (!emit(ctx, name, strlen(name), 0x100000 + nr, type, NUMBERS_AT + nr + 1))
			return 0;
		f->pos = NUMBERS_AT + nr + 1;
	}
}

static ssize_t proc_dir_read(struct file *f __maybe_unused, struct iov_iter *to __maybe_unused, u64 *pos __maybe_unused)
{
	return -EISDIR;
}

static int proc_dir_open(struct inode *inode, struct file *f)
{
	const struct proc_node *n = node_of(inode);
	struct proc_ctx c;
	int err = ctx_of(n, &c);

	(void)f;
	return err ? -ENOENT : guard(n, &c);
}

static const struct file_operations proc_file_ops = {
	.name = "proc", .read = proc_read, .write = proc_write, .llseek = proc_llseek, .truncate = proc_truncate,
	.ioctl = proc_ioctl, .release = proc_release,
};
static const struct file_operations proc_poll_ops = {
	.name = "proc", .read = proc_read, .write = proc_write, .llseek = proc_llseek, .truncate = proc_truncate,
	.release = proc_release, .poll = proc_poll,
};
static const struct file_operations proc_dir_ops = {
	.name = "proc", .read = proc_dir_read, .llseek = empty_llseek, .getdents = proc_getdents,
};
static const struct inode_operations proc_inode_ops = {
	.setattr = proc_setattr, .open = proc_open, .evict = proc_evict,
};
static const struct inode_operations proc_dir_inode_ops = {
	.permission = proc_dir_permission, .lookup = proc_lookup, .getattr = proc_getattr, .setattr = proc_setattr,
	.open = proc_dir_open, .evict = proc_evict,
};
static const struct inode_operations proc_link_inode_ops = {
	.readlink = proc_readlink, .setattr = proc_setattr, .evict = proc_evict,
};
static const struct inode_operations proc_magic_inode_ops = {
	.readlink = proc_readlink, .follow = proc_follow, .setattr = proc_setattr, .evict = proc_evict,
};

struct task *proc_dir_task(const struct file *f)
{
	const struct proc_node *n;
	struct proc_ctx c;

	if (f->ops != &proc_dir_ops)
		return ERR_PTR(-EBADF);
	n = node_of(f->inode);
	if (n->row != &proc_pid_dir)
		return ERR_PTR(-EBADF);
	return ctx_of(n, &c) ? ERR_PTR(-ESRCH) : c.task;
}

struct inode *procfs_root(struct super_block **sb)
{
	struct inode *root;

	proc_sysctl_init();
	proc_sb.dev = new_anon_dev();
	*sb = &proc_sb;
	root = proc_inode(&proc_root, 0, 0);
	return IS_ERR(root) ? NULL : root;
}
