/* tmpfs: a tree in memory. Files are page caches without a store behind them; directories are lists in the order of
 * creation. /dev/shm is one, and devfs.c fills another with devices. */
#include "internal.h"
#include <linux/magic.h>
#include <linux/fs.h>

struct entry {
	struct list_head list;
	u64 off;                 /* position for getdents: grows, never used twice */
	u32 hash;
	unsigned len;
	struct inode *inode;     /* reference held */
	char name[];
};
struct dir {
	struct list_head entries;
	u64 next_off;
};

static const struct inode_operations tmpfs_dir_inode_ops, tmpfs_inode_ops;
static const struct file_operations tmpfs_file_ops, tmpfs_dir_ops;
static const struct address_space_operations tmpfs_pages_ops;

static u32 name_hash(const char *name, unsigned len)
{
	u32 h = 2166136261u;

	for (unsigned i = 0; i < len; i++)
		h = (h ^ (u8)name[i]) * 16777619u;
	return h;
}

/* ---- inodes ---- */

static struct inode *tmpfs_inode(struct super_block *sb, u32 mode, u64 rdev, struct inode *parent)
{
	struct inode *inode = inode_alloc(sb, mode);
	struct dir *dir;

	if (!inode)
		return NULL;
	inode->rdev = rdev;
	inode->ops = &tmpfs_inode_ops;
	inode->mapping.ops = &tmpfs_pages_ops;
	inode->fops = &tmpfs_file_ops;
	if (parent && (parent->mode & S_ISGID)) {
		inode->gid = parent->gid;
		if (S_ISDIR(mode))
			inode->mode |= S_ISGID;
	}
	if (!S_ISDIR(mode))
		return inode;
	dir = kzalloc(sizeof(*dir));
	if (!dir) {
		inode_put(inode);
		return NULL;
	}
	INIT_LIST_HEAD(&dir->entries);
	dir->next_off = 2;
	inode->private = dir;
	inode->ops = &tmpfs_dir_inode_ops;
	inode->fops = &tmpfs_dir_ops;
	inode->nlink = 2;
	return inode;
}

static void tmpfs_evict(struct inode *inode)
{
	struct dir *dir = S_ISDIR(inode->mode) ? inode->private : NULL;
	struct entry *e, *n;

	if (dir) {
		list_for_each_entry_safe(e, n, &dir->entries, list) {
			inode_put(e->inode);
			kfree(e);
		}
	}
	if (S_ISDIR(inode->mode) || S_ISLNK(inode->mode))
		kfree(inode->private);
}

struct inode *tmpfs_new(const char *type, u32 mode, struct super_block **sb)
{
	struct super_block *s = kzalloc(sizeof(*s));
	struct inode *root;

	if (!s)
		return NULL;
	s->type = type;
	s->magic = TMPFS_MAGIC;
	s->dev = new_anon_dev();
	root = tmpfs_inode(s, S_IFDIR | mode, 0, NULL);
	if (!root) {
		kfree(s);
		return NULL;
	}
	*sb = s;
	return root;
}

/* ---- names ---- */

static struct entry *find_entry(struct inode *inode, const char *name, unsigned len)
{
	struct dir *dir = inode->private;
	u32 hash = name_hash(name, len);
	struct entry *e;

	list_for_each_entry(e, &dir->entries, list)
		if (e->hash == hash && e->len == len && !memcmp(e->name, name, len))
			return e;
	return NULL;
}

static int add_entry(struct inode *inode, const char *name, struct inode *child)
{
	struct dir *dir = inode->private;
	unsigned len = strlen(name);
	struct entry *e = kmalloc(sizeof(*e) + len + 1);

	if (!e)
		return -ENOSPC;
	e->off = ++dir->next_off;
	e->hash = name_hash(name, len);
	e->len = len;
	e->inode = inode_get(child);
	memcpy(e->name, name, len + 1);
	list_add_tail(&e->list, &dir->entries);
	inode->size += 20;
	inode_touch(inode, ATTR_MTIME_NOW);
	return 0;
}

static void remove_entry(struct inode *inode, struct entry *e)
{
	list_del(&e->list);
	inode->size -= 20;
	inode_touch(inode, ATTR_MTIME_NOW);
	inode_put(e->inode);
	kfree(e);
}

static struct inode *tmpfs_lookup(struct inode *dir, const char *name, unsigned len)
{
	struct entry *e = find_entry(dir, name, len);

	return e ? inode_get(e->inode) : ERR_PTR(-ENOENT);
}

static int make(struct inode *dir, const char *name, u32 mode, u64 rdev, struct inode **made)
{
	struct inode *inode;
	int err;

	if (find_entry(dir, name, strlen(name)))
		return -EEXIST;
	inode = tmpfs_inode(dir->sb, mode, rdev, dir);
	if (!inode)
		return -ENOSPC;
	err = add_entry(dir, name, inode);
	if (!err && S_ISDIR(mode))
		dir->nlink++;
	if (!err && made)
		*made = inode;
	else
		inode_put(inode);
	return err;
}

static int tmpfs_create(struct inode *dir, const char *name, u32 mode, u64 rdev, struct inode **made)
{
	return make(dir, name, mode, rdev, made);
}

int tmpfs_make_node(struct inode *dir, const char *name, u32 mode, u64 rdev)
{
	return make(dir, name, mode, rdev, NULL);
}

static int tmpfs_mkdir(struct inode *dir, const char *name, u32 mode)
{
	return make(dir, name, S_IFDIR | mode, 0, NULL);
}

static int tmpfs_tmpfile(struct inode *dir, u32 mode, struct file *f, struct inode **made)
{
	struct inode *inode = tmpfs_inode(dir->sb, S_IFREG | mode, 0, dir);

	if (!inode)
		return -ENOSPC;
	inode->nlink = 0;
	f->ops = inode->fops;
	*made = inode;
	return 0;
}

static int tmpfs_symlink(struct inode *dir, const char *name, const char *target)
{
	struct inode *inode;
	char *text = kstrdup(target);
	int err;

	if (!text)
		return -ENOSPC;
	err = make(dir, name, S_IFLNK | 0777, 0, &inode);
	if (err) {
		kfree(text);
		return err;
	}
	inode->private = text;
	inode->size = strlen(text);
	inode_put(inode);
	return 0;
}

static int tmpfs_readlink(struct inode *inode, char *buf, size_t size)
{
	size_t len = strlen(inode->private);

	if (!S_ISLNK(inode->mode))
		return -EINVAL;
	memcpy(buf, inode->private, min(len, size));
	return min(len, size);
}

static void unlinked(struct inode *inode)
{
	inode->nlink--;
	inode_touch(inode, 0);
}

static int tmpfs_unlink(struct inode *dir, const char *name)
{
	struct entry *e = find_entry(dir, name, strlen(name));

	if (!e)
		return -ENOENT;
	unlinked(e->inode);
	remove_entry(dir, e);
	return 0;
}

static bool is_empty_dir(struct inode *inode)
{
	struct dir *dir = inode->private;

	return list_empty(&dir->entries);
}

static int tmpfs_rmdir(struct inode *dir, const char *name)
{
	struct entry *e = find_entry(dir, name, strlen(name));

	if (!e)
		return -ENOENT;
	if (!is_empty_dir(e->inode))
		return -ENOTEMPTY;
	e->inode->nlink = 0;
	dir->nlink--;
	remove_entry(dir, e);
	return 0;
}

static int tmpfs_link(struct inode *inode, struct inode *dir, const char *name)
{
	int err = find_entry(dir, name, strlen(name)) ? -EEXIST : add_entry(dir, name, inode);

	if (!err) {
		inode->nlink++;
		inode_touch(inode, 0);
	}
	return err;
}

static int tmpfs_rename(struct inode *dir, const char *name, struct inode *dir2, const char *name2, unsigned flags)
{
	struct entry *from = find_entry(dir, name, strlen(name)), *to = find_entry(dir2, name2, strlen(name2));
	struct inode *moved;
	bool isdir;
	int err;

	if (!from)
		return -ENOENT;
	moved = from->inode;
	isdir = S_ISDIR(moved->mode);
	if (flags & RENAME_EXCHANGE) {
		if (!to)
			return -ENOENT;
		dir->nlink += S_ISDIR(to->inode->mode) - isdir;
		dir2->nlink += isdir - S_ISDIR(to->inode->mode);
		from->inode = to->inode;
		to->inode = moved;
		inode_touch(from->inode, 0);
		inode_touch(moved, 0);
		return 0;
	}
	if (to && S_ISDIR(to->inode->mode) && !is_empty_dir(to->inode))
		return -ENOTEMPTY;
	inode_get(moved);
	if (to) {
		if (S_ISDIR(to->inode->mode)) {
			to->inode->nlink = 0;
			dir2->nlink--;
		} else {
			unlinked(to->inode);
		}
		inode_put(to->inode);
		to->inode = inode_get(moved);
		inode_touch(dir2, ATTR_MTIME_NOW);
		err = 0;
	} else {
		err = add_entry(dir2, name2, moved);
	}
	if (!err) {
		remove_entry(dir, from);
		dir->nlink -= isdir;
		dir2->nlink += isdir;
		inode_touch(moved, 0);
	}
	inode_put(moved);
	return err;
}

/* ---- files ---- */

static int tmpfs_read_page(struct inode *inode __maybe_unused, struct page *page)
{
	memset(page_address(page), 0, PAGE_SIZE);
	return 0;
}

static const struct address_space_operations tmpfs_pages_ops = { .read_page = tmpfs_read_page };

static ssize_t tmpfs_read(struct file *f, struct iov_iter *to, u64 *pos)
{
	return generic_file_read(f->inode, pos, to);
}

static ssize_t tmpfs_write(struct file *f, struct iov_iter *from, u64 *pos)
{
	size_t count = iov_iter_count(from);
	ssize_t n;
	int err;

	if (f->flags & O_APPEND)
		*pos = f->inode->size;
	err = generic_write_checks(*pos, &count);
	if (err)
		return err;
	iov_iter_truncate(from, count);
	/* Half of memory, as Linux's default size=50%. */
	if (nr_free_pages() < nr_total_pages() / 2 && f->inode->mapping.nr_pages > nr_total_pages() / 2)
		return -ENOSPC;
	n = generic_file_write(f->inode, pos, from);
	if (n > 0)
		inode_touch(f->inode, ATTR_MTIME_NOW);
	return n == -ENOMEM ? -ENOSPC : n;
}

static loff_t tmpfs_llseek(struct file *f, loff_t off, int whence)
{
	return generic_llseek(f, off, whence, f->inode->size);
}

static int tmpfs_mmap(struct file *f, struct vm_area *vma)
{
	vma->mapping = &f->inode->mapping;
	return 0;
}

static int tmpfs_truncate(struct file *f, u64 size)
{
	f->inode->size = size;
	truncate_pages(&f->inode->mapping, size);
	inode_touch(f->inode, ATTR_MTIME_NOW);
	return 0;
}

static int tmpfs_fsync(struct file *f __maybe_unused, bool datasync __maybe_unused)
{
	return 0;
}

static int tmpfs_fallocate(struct file *f, int mode, u64 off, u64 len)
{
	if (mode)
		return -EOPNOTSUPP;
	if (len / PAGE_SIZE > nr_free_pages())
		return -ENOSPC;
	if (off + len > f->inode->size)
		f->inode->size = off + len;
	return 0;
}

static int tmpfs_getdents(struct file *f, void *ctx, bool (*emit)(void *ctx, const char *name, unsigned len, u64 ino,
	unsigned type, u64 next_off))
{
	struct dir *dir = f->inode->private;
	struct dentry *up = f->path.dentry ? f->path.dentry->parent : NULL;
	struct entry *e;

	if (f->inode->nlink == 0)
		return -ENOENT;
	if (f->pos == 0) {
		if (!emit(ctx, ".", 1, f->inode->ino, 4, 1))
			return 0;
		f->pos = 1;
	}
	if (f->pos == 1) {
		if (!emit(ctx, "..", 2, up ? up->inode->ino : f->inode->ino, 4, 2))
			return 0;
		f->pos = 2;
	}
	list_for_each_entry(e, &dir->entries, list) {
		if (e->off <= f->pos)
			continue;
		if (!emit(ctx, e->name, e->len, e->inode->ino, (e->inode->mode & S_IFMT) >> 12, e->off))
			return 0;
		f->pos = e->off;
	}
	return 0;
}

static loff_t tmpfs_dir_llseek(struct file *f, loff_t off, int whence)
{
	if (whence == 2)
		return -EINVAL;
	return generic_llseek(f, off, whence, 0);
}

static ssize_t tmpfs_dir_read(struct file *f __maybe_unused, struct iov_iter *to __maybe_unused, u64 *pos __maybe_unused)
{
	return -EISDIR;
}

static int tmpfs_statfs(struct inode *inode, void *statfs)
{
	struct host_statfs *fs = statfs;

	fs->fsid = inode->sb->dev;
	fs->blocks = nr_total_pages() / 2;
	fs->bfree = fs->bavail = min(nr_free_pages(), fs->blocks);
	fs->files = nr_total_pages() / 2;
	fs->ffree = fs->files - min(inode->sb->next_ino, fs->files);
	return 0;
}

static const struct file_operations tmpfs_file_ops = {
	.name = "tmpfs", .read = tmpfs_read, .write = tmpfs_write, .llseek = tmpfs_llseek, .mmap = tmpfs_mmap,
	.fsync = tmpfs_fsync, .truncate = tmpfs_truncate, .fallocate = tmpfs_fallocate,
};
static const struct file_operations tmpfs_dir_ops = {
	.name = "tmpfs", .read = tmpfs_dir_read, .llseek = tmpfs_dir_llseek, .getdents = tmpfs_getdents,
	.fsync = tmpfs_fsync,
};
static const struct inode_operations tmpfs_inode_ops = {
	.readlink = tmpfs_readlink, .setattr = simple_setattr, .evict = tmpfs_evict, .statfs = tmpfs_statfs,
};
static const struct inode_operations tmpfs_dir_inode_ops = {
	.lookup = tmpfs_lookup, .create = tmpfs_create, .tmpfile = tmpfs_tmpfile, .mkdir = tmpfs_mkdir,
	.unlink = tmpfs_unlink, .rmdir = tmpfs_rmdir, .rename = tmpfs_rename, .link = tmpfs_link,
	.symlink = tmpfs_symlink, .setattr = simple_setattr, .evict = tmpfs_evict, .statfs = tmpfs_statfs,
};
