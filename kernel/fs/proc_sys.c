/* /proc/sys: a tree of directories made from the paths of the registered rows (sysctl.h), their rights, and the parsing and
 * printing of numbers. Which knobs there are is each subsystem's matter; those of none stand in proc_sysctl.c. */
#include "internal.h"
#include "procfs.h"
#include "sysctl.h"
#include "proc_sys.h"
#include <linux/eventpoll.h>

/* A directory is a prefix of some row's path; a file is a row. */
struct sys_node {
	const struct ctl_table *row; /* files; for directories a row that lies below */
	unsigned len;                /* directories: of the prefix, without a slash at its end */
};

static struct ctl_table_list *tables;
static LIST_HEAD(sys_inodes);    /* inode.hash_node: those in use */
static struct super_block *sys_sb;
static const struct inode_operations sys_dir_inode_ops, sys_file_inode_ops;
static const struct file_operations sys_dir_ops, sys_file_ops;

void sysctl_add(struct ctl_table_list *l)
{
	for (const struct ctl_table_list *t = tables; t; t = t->next)
		if (t == l)
			return; /* a second kernel in one process: unit tests */
	l->next = tables;
	tables = l;
}

/* ---- values ---- */

void sysctl_get_int(struct seq *s, const struct ctl_table *row)
{
	const int *v = row->data;

	for (unsigned i = 0; i < row->count; i++)
		seq_printf(s, i ? "\t%d" : "%d", v[i]);
	seq_puts(s, "\n");
}

void sysctl_get_u64(struct seq *s, const struct ctl_table *row)
{
	const u64 *v = row->data;

	for (unsigned i = 0; i < row->count; i++)
		seq_printf(s, i ? "\t%llu" : "%llu", (unsigned long long)v[i]);
	seq_puts(s, "\n");
}

void sysctl_get_text(struct seq *s, const struct ctl_table *row)
{
	seq_puts(s, row->data);
	seq_puts(s, "\n");
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static int digit_of(char c, int base)
{
	int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;

	return d < base ? d : -1;
}

/* The next number of *@text, in C's notation: 1 and *value, 0 at the end, -EINVAL. */
static int next_value(const char **text, u64 *value, bool *negative)
{
	const char *p = *text;
	int base = 10;

	while (is_space(*p))
		p++;
	if (!*p) {
		*text = p;
		return 0;
	}
	*negative = *p == '-';
	if (*negative)
		p++;
	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X') && digit_of(p[2], 16) >= 0)
		base = 16, p += 2;
	else if (p[0] == '0')
		base = 8;
	if (digit_of(*p, base) < 0)
		return -EINVAL;
	for (*value = 0; digit_of(*p, base) >= 0; p++)
		if (__builtin_mul_overflow(*value, (u64)base, value) ||
				__builtin_add_overflow(*value, (u64)digit_of(*p, base), value))
			return -EINVAL;
	if (*p && !is_space(*p))
		return -EINVAL;
	*text = p;
	return 1;
}

int sysctl_set_int(const char *text, size_t size __maybe_unused, const struct ctl_table *row)
{
	int *v = (int *)row->data;
	bool negative;
	u64 value;

	for (unsigned i = 0; i < row->count; i++) {
		int got = next_value(&text, &value, &negative);
		s64 n = (s64)value;

		if (got < 0 || (!got && !i))
			return -EINVAL;
		if (!got)
			return 0;
		if (value > 1ull << 31 || (!negative && value == 1ull << 31))
			return -EINVAL;
		n = negative ? -n : n;
		if (n < row->min || n > row->max)
			return -EINVAL;
		v[i] = (int)n;
	}
	return 0;
}

int sysctl_set_u64(const char *text, size_t size __maybe_unused, const struct ctl_table *row)
{
	u64 *v = (u64 *)row->data, value;
	bool negative;

	for (unsigned i = 0; i < row->count; i++) {
		int got = next_value(&text, &value, &negative);

		if (got < 0 || (!got && !i))
			return -EINVAL;
		if (!got)
			return 0;
		if (!negative && value >= (u64)row->min && value <= (u64)row->max)
			v[i] = value;
		else if (!negative)
			return -EINVAL;
	}
	return 0;
}

/* ---- the tree ---- */

/* Does @row lie in the directory that is the first @len bytes of @prefix? The rest of its path, or NULL. */
static const char *below(const struct ctl_table *row, const char *prefix, unsigned len)
{
	if (!len)
		return row->path;
	return !strncmp(row->path, prefix, len) && row->path[len] == '/' ? row->path + len + 1 : NULL;
}

static unsigned part_len(const char *rest)
{
	const char *slash = strchr(rest, '/');

	return slash ? (unsigned)(slash - rest) : (unsigned)strlen(rest);
}

static struct inode *sys_inode(const struct ctl_table *row, unsigned len, bool dir)
{
	struct sys_node *n;
	struct inode *inode;

	list_for_each_entry(inode, &sys_inodes, hash_node) {
		n = inode->private;
		if (S_ISDIR(inode->mode) == dir && (dir ? n->len == len && !strncmp(n->row->path, row->path, len) : n->row == row))
			return inode_get(inode);
	}
	n = kzalloc(sizeof(*n));
	inode = n ? inode_alloc(sys_sb, dir ? S_IFDIR | 0555 : S_IFREG | row->mode) : NULL;
	if (!inode) {
		kfree(n);
		return ERR_PTR(-ENOMEM);
	}
	n->row = row;
	n->len = len;
	inode->private = n;
	inode->uid = inode->gid = 0;
	inode->ops = dir ? &sys_dir_inode_ops : &sys_file_inode_ops;
	inode->fops = dir ? &sys_dir_ops : &sys_file_ops;
	list_add(&inode->hash_node, &sys_inodes);
	return inode;
}

struct inode *proc_sys_root(struct super_block *sb)
{
	static const struct ctl_table top = { .path = "" };

	sys_sb = sb;
	return sys_inode(&top, 0, true);
}

static void sys_evict(struct inode *inode)
{
	list_del(&inode->hash_node);
	kfree(inode->private);
}

static struct inode *sys_lookup(struct inode *dir, const char *name, unsigned len)
{
	const struct sys_node *n = dir->private;

	for (const struct ctl_table_list *t = tables; t; t = t->next)
		for (const struct ctl_table *r = t->rows; r->path; r++) {
			const char *rest = below(r, n->row->path, n->len);

			if (!rest || part_len(rest) != len || memcmp(rest, name, len))
				continue;
			return sys_inode(r, rest - r->path + len, rest[len] == '/');
		}
	return ERR_PTR(-ENOENT);
}

/* Whether an earlier row has shown the same name already. */
static bool seen_before(const struct sys_node *n, const struct ctl_table *upto, const char *name, unsigned len)
{
	for (const struct ctl_table_list *t = tables; t; t = t->next)
		for (const struct ctl_table *r = t->rows; r->path; r++) {
			const char *rest;

			if (r == upto)
				return false;
			rest = below(r, n->row->path, n->len);
			if (rest && part_len(rest) == len && !memcmp(rest, name, len))
				return true;
		}
	return false;
}

static int sys_getdents(struct file *f, void *ctx, bool (*emit)(void *ctx, const char *name, unsigned len, u64 ino,
	unsigned type, u64 next_off))
{
	const struct sys_node *n = f->inode->private;
	struct dentry *up = f->path.dentry ? f->path.dentry->parent : NULL;
	u64 at = 2;

	while (f->pos < 2) {
		if (!emit(ctx, "..", (unsigned)f->pos + 1, f->pos && up ? up->inode->ino : f->inode->ino, 4, f->pos + 1))
			return 0;
		f->pos++;
	}
	for (const struct ctl_table_list *t = tables; t; t = t->next)
		for (const struct ctl_table *r = t->rows; r->path; r++, at++) {
			const char *rest = at < f->pos ? NULL : below(r, n->row->path, n->len);
			unsigned len = rest ? part_len(rest) : 0;

			if (!rest || seen_before(n, r, rest, len))
				continue;
			if (!emit(ctx, rest, len, 0x200000 + at, rest[len] ? 4 : 8, at + 1))
				return 0;
			f->pos = at + 1;
		}
	f->pos = max(f->pos, at);
	return 0;
}

/* The owner's bits are for the user root, the group's for its group; capabilities do not count (test_perm() there). */
static int sys_permission(struct inode *inode, int mask)
{
	u32 mode = inode->mode;

	if (current && !current->cred->fsuid)
		mode >>= 6;
	else if (!current || in_group(0))
		mode >>= 3;
	return mask & 7 & ~mode ? -EACCES : 0;
}

static int sys_setattr(struct inode *inode __maybe_unused, unsigned valid, const struct kstat *st __maybe_unused)
{
	return valid & (ATTR_MODE | ATTR_UID | ATTR_GID) ? -EPERM : 0;
}

/* ---- files ---- */

static int sys_open(struct inode *inode, struct file *f)
{
	const struct sys_node *n = inode->private;

	if ((f->flags & O_ACCMODE) != O_RDONLY && !n->row->set)
		return -EACCES;
	if (n->row->event)
		f->private = (void *)(uintptr_t)n->row->event->count; /* what has been seen of it */
	return 0;
}

static u32 sys_poll(struct file *f, struct poll_table *pt)
{
	struct proc_event *e = ((const struct sys_node *)f->inode->private)->row->event;

	if (!e)
		return EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM;
	poll_wait(pt, &e->wait);
	if ((uintptr_t)f->private == e->count)
		return EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM;
	f->private = (void *)(uintptr_t)e->count;
	return EPOLLIN | EPOLLRDNORM | EPOLLERR | EPOLLPRI;
}

/* Numbers come whole with the first read; a second one finds the end, however short the first was. */
static ssize_t sys_read(struct file *f, struct iov_iter *to, u64 *pos)
{
	const struct ctl_table *row = ((const struct sys_node *)f->inode->private)->row;
	bool numbers = row->get == sysctl_get_int || row->get == sysctl_get_u64;
	struct seq s = { 0 };
	size_t want, got = 0;

	if (*pos && numbers)
		return 0;
	row->get(&s, row);
	if (s.failed) {
		kfree(s.buf);
		return -ENOMEM;
	}
	want = *pos < s.len ? min(iov_iter_count(to), s.len - *pos) : 0;
	if (want)
		got = copy_to_iter(s.buf + *pos, want, to);
	kfree(s.buf);
	*pos += got;
	return got || !want ? (ssize_t)got : -EFAULT;
}

static ssize_t sys_write(struct file *f, struct iov_iter *from, u64 *pos)
{
	const struct ctl_table *row = ((const struct sys_node *)f->inode->private)->row;
	size_t size = iov_iter_count(from);
	char *text;
	int err;

	if (!size)
		return 0;
	if (size >= PAGE_SIZE)
		return -ENOMEM;
	if (!row->set)
		return -EPERM;
	text = kmalloc(size + 1);
	if (!text)
		return -ENOMEM;
	err = copy_from_iter(text, size, from) == size ? 0 : -EFAULT;
	text[size] = 0;
	if (!err && !*pos) /* kernel.sysctl_writes_strict: what does not start at the start is passed over */
		err = row->set(text, size, row);
	kfree(text);
	if (err)
		return err;
	*pos += size;
	return size;
}

static loff_t sys_llseek(struct file *f, loff_t off, int whence)
{
	return generic_llseek(f, off, whence, 0);
}

static ssize_t sys_dir_read(struct file *f __maybe_unused, struct iov_iter *to __maybe_unused, u64 *pos __maybe_unused)
{
	return -EISDIR;
}

static const struct inode_operations sys_dir_inode_ops = {
	.lookup = sys_lookup, .permission = sys_permission, .setattr = sys_setattr, .evict = sys_evict,
};
static const struct inode_operations sys_file_inode_ops = {
	.permission = sys_permission, .setattr = sys_setattr, .open = sys_open, .evict = sys_evict,
};
static const struct file_operations sys_dir_ops = {
	.name = "sysctl", .read = sys_dir_read, .llseek = empty_llseek, .getdents = sys_getdents,
};
static const struct file_operations sys_file_ops = {
	.name = "sysctl", .read = sys_read, .write = sys_write, .llseek = sys_llseek, .poll = sys_poll,
};
