/* devpts: the slaves of pseudoterminals by number, and ptmx, which makes them. Linux's Documentation/filesystems/devpts.rst
 * has the mount options. Each mount is an instance with numbers of its own; /dev/ptmx belongs to the first. */
#include "internal.h"
#include "ledger.h"
#include "seq.h"
#include "tty.h"
#include <linux/capability.h>

#define DEVPTS_SUPER_MAGIC 0x1cd1
#define PTMX_MINOR 2
#define FIRST_INO 3 /* of pts/0 */

struct pts_entry {
	struct list_head list;  /* devpts.entries, ascending */
	int index;
	struct inode *inode;    /* reference; inode->private is the terminal, with a reference */
};
struct devpts {
	struct super_block sb;
	struct list_head entries;
	struct inode *ptmx;     /* reference */
	u64 *taken;             /* bits: indices in use, their last file included */
	int words, max, nr_taken;
	bool dead;              /* without an inode: ends with its last terminal */
	bool has_uid, has_gid;
	u32 uid, gid, mode, ptmxmode;
};
#define WORDS_FIRST 2

static struct devpts *first; /* /dev/ptmx */
static const struct inode_operations root_ops, slave_ops, ptmx_ops;
static const struct file_operations root_fops;
static void devpts_free(struct super_block *sb);

/* ---- numbers ---- */

static bool is_taken(const struct devpts *d, int index)
{
	return index / 64 < d->words && d->taken[index / 64] >> (index % 64) & 1;
}

static int take(struct devpts *d, int index)
{
	int words = d->words;
	u64 *grown;

	while (index / 64 >= words)
		words *= 2;
	if (words != d->words) {
		grown = krealloc(d->taken, words * sizeof(u64));
		if (!grown)
			return -ENOMEM;
		memset(grown + d->words, 0, (words - d->words) * sizeof(u64));
		d->taken = grown;
		d->words = words;
	}
	d->taken[index / 64] |= 1ull << (index % 64);
	d->nr_taken++;
	return 0;
}

int devpts_new_index(struct devpts *d)
{
	int index = 0, err;

	while (is_taken(d, index))
		index++;
	if (index >= d->max)
		return -ENOSPC;
	err = take(d, index);
	return err ? err : index;
}

void devpts_free_index(struct devpts *d, int index)
{
	d->taken[index / 64] &= ~(1ull << (index % 64));
	d->nr_taken--;
	if (d->dead && !d->nr_taken)
		devpts_free(&d->sb);
}

/* ---- entries ---- */

static struct pts_entry *entry_of(struct devpts *d, int index)
{
	struct pts_entry *e;

	list_for_each_entry(e, &d->entries, list)
		if (e->index == index)
			return e;
	return NULL;
}

static struct pts_entry *add(struct devpts *d, int index, struct tty *tty, u32 mode)
{
	struct pts_entry *e = kzalloc(sizeof(*e)), *at;

	if (!e)
		return ERR_PTR(-ENOMEM);
	e->inode = inode_alloc(&d->sb, S_IFCHR | mode);
	if (!e->inode) {
		kfree(e);
		return ERR_PTR(-ENOMEM);
	}
	e->index = index;
	e->inode->ino = index + FIRST_INO;
	e->inode->rdev = tty->dev;
	e->inode->ops = &slave_ops;
	e->inode->private = tty_get(tty);
	list_for_each_entry(at, &d->entries, list)
		if (at->index > index)
			break;
	list_add_tail(&e->list, &at->list);
	return e;
}

int devpts_add(struct devpts *d, struct tty *slave)
{
	struct pts_entry *e = add(d, slave->index, slave, d->mode);

	if (IS_ERR(e))
		return PTR_ERR(e);
	if (d->has_uid)
		e->inode->uid = d->uid;
	if (d->has_gid)
		e->inode->gid = d->gid;
	return 0;
}

int devpts_add_console(struct inode *root, int index, struct tty *console, const struct kstat *st)
{
	struct devpts *d = container_of(root->sb, struct devpts, sb);
	struct pts_entry *e;
	int err = take(d, index);

	if (err)
		return err;
	e = add(d, index, console, st->mode & 07777);
	if (IS_ERR(e))
		return PTR_ERR(e);
	e->inode->uid = st->uid;
	e->inode->gid = st->gid;
	return 0;
}

/* Whoever has the name open sees that it is gone. */
static void forget_name(const struct devpts *d, int index)
{
	struct mount *m;
	char name[16];
	unsigned len = ksnprintf(name, sizeof(name), "%d", index);

	list_for_each_entry(m, &mounts, list) {
		struct dentry *child = m->sb == &d->sb ? d_find(m->root, name, len) : NULL;

		if (child) {
			d_delete(child);
			dput(child);
		}
	}
}

void devpts_remove(struct devpts *d, struct tty *slave)
{
	struct pts_entry *e = entry_of(d, slave->index);

	if (!e)
		return;
	list_del(&e->list);
	forget_name(d, e->index);
	inode_put(e->inode);
	kfree(e);
}

struct devpts *devpts_of_inode(struct inode *inode)
{
	return inode->ops == &ptmx_ops ? container_of(inode->sb, struct devpts, sb) : first;
}

long devpts_open_peer(struct tty *slave, int flags)
{
	struct devpts *d = slave->driver_data;
	struct pts_entry *e = entry_of(d, slave->index);
	struct mount *m, *found = NULL;
	struct path path;
	struct file *f;
	char name[16];
	int fd;

	list_for_each_entry(m, &mounts, list)
		if (m->sb == &d->sb && !found)
			found = m;
	if (!e || !found)
		return -EIO;
	fd = fd_reserve(flags & O_CLOEXEC);
	if (fd < 0)
		return fd;
	ksnprintf(name, sizeof(name), "%d", e->index);
	path.mnt = mntget(found);
	path.dentry = d_add(found->root, name, strlen(name), inode_get(e->inode));
	if (IS_ERR(path.dentry)) {
		mntput(path.mnt);
		fd_unreserve(fd);
		return PTR_ERR(path.dentry);
	}
	f = path_open(&path, flags);
	path_put(&path);
	if (IS_ERR(f)) {
		fd_unreserve(fd);
		return PTR_ERR(f);
	}
	fd_install(fd, f);
	return fd;
}

/* ---- inodes ---- */

static int slave_open(struct inode *inode, struct file *f)
{
	struct tty *tty = inode->private;

	if (tty->exclusive && !capable(CAP_SYS_ADMIN))
		return -EBUSY;
	return tty_attach_file(tty, f, f->flags & O_NOCTTY);
}

static void slave_evict(struct inode *inode)
{
	tty_put(inode->private);
}

static int devpts_setattr(struct inode *inode, unsigned valid, const struct kstat *st)
{
	return valid & ATTR_SIZE ? -EINVAL : simple_setattr(inode, valid, st);
}

static struct inode *root_lookup(struct inode *dir, const char *name, unsigned len)
{
	struct devpts *d = container_of(dir->sb, struct devpts, sb);
	int index = 0;
	struct pts_entry *e;

	if (len == 4 && !memcmp(name, "ptmx", 4))
		return inode_get(d->ptmx);
	if (!len || len > 7 || (name[0] == '0' && len > 1))
		return ERR_PTR(-ENOENT);
	for (unsigned i = 0; i < len; i++) {
		if (name[i] < '0' || name[i] > '9')
			return ERR_PTR(-ENOENT);
		index = index * 10 + name[i] - '0';
	}
	e = entry_of(d, index);
	return e ? inode_get(e->inode) : ERR_PTR(-ENOENT);
}

static int root_getdents(struct file *f, void *ctx, bool (*emit)(void *ctx, const char *name, unsigned len, u64 ino,
	unsigned type, u64 next_off))
{
	struct devpts *d = container_of(f->inode->sb, struct devpts, sb);
	struct dentry *up = f->path.mnt && f->path.mnt->mountpoint ? f->path.mnt->mountpoint->parent : NULL;
	struct pts_entry *e;
	char name[16];

	while (f->pos < 3) {
		static const struct { const char *name; unsigned len; } fixed[3] = { { ".", 1 }, { "..", 2 }, { "ptmx", 4 } };
		u64 ino = f->pos == 2 ? d->ptmx->ino : f->pos && up ? up->inode->ino : f->inode->ino;

		if (!emit(ctx, fixed[f->pos].name, fixed[f->pos].len, ino, f->pos == 2 ? 2 : 4, f->pos + 1))
			return 0;
		f->pos++;
	}
	list_for_each_entry(e, &d->entries, list) {
		u64 at = e->index + FIRST_INO;

		if (at < f->pos)
			continue;
		ksnprintf(name, sizeof(name), "%d", e->index);
		if (!emit(ctx, name, strlen(name), e->inode->ino, 2, at + 1))
			return 0;
		f->pos = at + 1;
	}
	return 0;
}

static loff_t root_llseek(struct file *f, loff_t off, int whence)
{
	return whence > 1 ? -EINVAL : generic_llseek(f, off, whence, 0);
}

static ssize_t root_read(struct file *f __maybe_unused, struct iov_iter *to __maybe_unused, u64 *pos __maybe_unused)
{
	return -EISDIR;
}

/* open(2) says EACCES, and mkdir(2), which has no operation, EPERM. */
static int root_create(struct inode *dir __maybe_unused, const char *name __maybe_unused, u32 mode __maybe_unused,
	u64 rdev __maybe_unused, struct inode **made __maybe_unused)
{
	return -EACCES;
}

static const struct inode_operations root_ops = { .lookup = root_lookup, .create = root_create, .setattr = devpts_setattr };
static const struct inode_operations slave_ops = { .open = slave_open, .setattr = devpts_setattr, .evict = slave_evict };
static const struct inode_operations ptmx_ops = { .open = ptmx_open, .setattr = devpts_setattr };
static const struct file_operations root_fops = {
	.name = "devpts", .read = root_read, .llseek = root_llseek, .getdents = root_getdents,
};

/* ---- instances ---- */

/* @name=NUMBER in base @base, or false. */
static bool number_option(const char *text, unsigned len, const char *name, unsigned base, u32 *value)
{
	unsigned n = strlen(name);

	if (len <= n || strncmp(text, name, n))
		return false;
	*value = 0;
	for (unsigned i = n; i < len; i++) {
		if (text[i] < '0' || text[i] >= (char)('0' + base))
			return false;
		*value = *value * base + (u32)(text[i] - '0');
	}
	return true;
}

static int parse(struct devpts *d, const char *options)
{
	while (options && *options) {
		const char *end = strchr(options, ',');
		unsigned len = end ? (unsigned)(end - options) : (unsigned)strlen(options);
		u32 value;

		if (number_option(options, len, "uid=", 10, &value))
			d->uid = value, d->has_uid = true;
		else if (number_option(options, len, "gid=", 10, &value))
			d->gid = value, d->has_gid = true;
		else if (number_option(options, len, "mode=", 8, &value))
			d->mode = value & 07777;
		else if (number_option(options, len, "ptmxmode=", 8, &value))
			d->ptmxmode = value & 07777;
		else if (number_option(options, len, "max=", 10, &value) && (int)value >= 0 && value <= 1u << 20)
			d->max = (int)value;
		else if (len && !(len == 11 && !memcmp(options, "newinstance", 11)))
			return -EINVAL;
		options += len + (end ? 1 : 0);
	}
	return 0;
}

static void devpts_kill(struct super_block *sb)
{
	struct devpts *d = container_of(sb, struct devpts, sb);

	inode_put(d->ptmx);
	while (!list_empty(&d->entries)) {
		struct pts_entry *e = list_first_entry(&d->entries, struct pts_entry, list);

		list_del(&e->list);
		inode_put(e->inode);
		kfree(e);
	}
}

static void devpts_free(struct super_block *sb)
{
	struct devpts *d = container_of(sb, struct devpts, sb);

	if (first == d)
		first = NULL;
	d->dead = true;
	if (d->nr_taken)
		return; /* a process still has a terminal of it as its controlling one */
	kfree(d->taken);
	kfree(d);
}

static void devpts_show_options(struct seq *s, const struct super_block *sb)
{
	const struct devpts *d = container_of(sb, struct devpts, sb);

	if (d->has_uid)
		seq_printf(s, ",uid=%u", d->uid);
	if (d->has_gid)
		seq_printf(s, ",gid=%u", d->gid);
	seq_printf(s, ",mode=%03o,ptmxmode=%03o", d->mode, d->ptmxmode);
	if (d->max < 1 << 20)
		seq_printf(s, ",max=%d", d->max);
}

struct inode *devpts_new(const char *options, struct super_block **sb)
{
	struct devpts *d = kzalloc(sizeof(*d));
	struct inode *root;
	int err = -ENOMEM;

	if (!d)
		return ERR_PTR(-ENOMEM);
	d->sb = (struct super_block){ .type = "devpts", .magic = DEVPTS_SUPER_MAGIC, .blksize = 1024 };
	d->sb.show_options = devpts_show_options;
	INIT_LIST_HEAD(&d->entries);
	d->mode = 0600;
	d->max = 1 << 20;
	d->words = WORDS_FIRST;
	d->taken = kzalloc(WORDS_FIRST * sizeof(u64));
	if (d->taken)
		err = parse(d, options);
	if (err)
		goto free;
	d->sb.dev = new_anon_dev();
	root = inode_alloc(&d->sb, S_IFDIR | 0755);
	d->ptmx = inode_alloc(&d->sb, S_IFCHR | d->ptmxmode);
	if (!root || !d->ptmx) {
		err = -ENOMEM;
		inode_put(root);
		inode_put(d->ptmx);
		goto free; /* the inodes do not free it: devpts_free is not set yet */
	}
	root->ino = 1;
	root->nlink = 2;
	root->ops = &root_ops;
	root->fops = &root_fops;
	d->ptmx->ino = 2;
	d->ptmx->rdev = make_dev(5, PTMX_MINOR);
	d->ptmx->ops = &ptmx_ops;
	root->uid = root->gid = d->ptmx->uid = d->ptmx->gid = 0;
	if (!first || !current)
		first = d;
	d->sb.kill = devpts_kill;
	d->sb.free = devpts_free;
	*sb = &d->sb;
	return root;
free:
	kfree(d->taken);
	kfree(d);
	return ERR_PTR(err);
}
