/* tmpfs: a tree in memory. Files are page caches without a store behind them; directories are lists in the order of
 * creation. /dev/shm is one, and devfs.c fills another with devices. Files without a name are what memfd_create(2) and
 * shared anonymous memory are made of; which seals (fcntl(2)) a file has, and what they forbid, is decided here too. */
#include "internal.h"
#include <asm-generic/resource.h>
#include <linux/falloc.h>
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
static const struct address_space_operations tmpfs_pages_ops = { 0 }; /* a missing page reads as zeroes */

/* Of files without a name: memfd_create(2), shared anonymous memory, System V shared memory. Linux's shm_mnt. */
static struct super_block shm_sb = { .type = "tmpfs", .magic = TMPFS_MAGIC, .dev = 1 };

/* Half of memory, as Linux's default size=50%. */
static u64 tmpfs_max_pages(void)
{
	return nr_total_pages() / 2;
}

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
	inode->mapping.shmem = true;
	inode->mapping.max_pages = sb == &shm_sb ? 0 : tmpfs_max_pages();
	inode->fops = &tmpfs_file_ops;
	inode->seals = F_SEAL_SEAL;
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

/* What the seals of @f let through of a write of *count bytes at @pos. As in Linux, whole pages up to the first that would make
 * the file grow are written. */
static int seals_allow_write(const struct inode *inode, u64 pos, size_t *count)
{
	u64 allowed;

	if (inode->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	if (!(inode->seals & F_SEAL_GROW) || pos + *count <= inode->size)
		return 0;
	allowed = max(round_down(inode->size, PAGE_SIZE), pos) - pos;
	if (!allowed)
		return -EPERM;
	*count = allowed;
	return 0;
}

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
	if (!err && count)
		err = seals_allow_write(f->inode, *pos, &count);
	if (err)
		return err;
	iov_iter_truncate(from, count);
	if (nr_free_pages() < nr_total_pages() / 2 && f->inode->mapping.nr_pages > tmpfs_max_pages())
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
	if ((vma->flags & VM_SHARED) && (f->inode->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))) {
		if (vma->flags & VM_WRITE)
			return -EPERM;
		vma->flags &= ~VM_MAYWRITE;
	}
	vma->mapping = &f->inode->mapping;
	return 0;
}

static int tmpfs_truncate(struct file *f, u64 size)
{
	const struct inode *inode = f->inode;

	if ((size < inode->size && (inode->seals & F_SEAL_SHRINK)) || (size > inode->size && (inode->seals & F_SEAL_GROW)))
		return -EPERM;
	f->inode->size = size;
	truncate_pages(&f->inode->mapping, size);
	inode_touch(f->inode, ATTR_MTIME_NOW);
	return 0;
}

static int tmpfs_fsync(struct file *f __maybe_unused, bool datasync __maybe_unused)
{
	return 0;
}

static void zero_part(struct inode *inode, u64 from, u64 to)
{
	struct page *p = from < to ? find_page(&inode->mapping, from >> PAGE_SHIFT) : NULL;

	if (!p)
		return;
	memset((u8 *)page_address(p) + (from & ~PAGE_MASK), 0, to - from);
	page_put(p);
}

static int punch_hole(struct inode *inode, u64 off, u64 end)
{
	u64 first = round_up(off, PAGE_SIZE), last = round_down(end, PAGE_SIZE);

	if (inode->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	zero_part(inode, off, min(first, end));
	if (last >= first)
		zero_part(inode, last, end);
	if (last > first)
		punch_pages(&inode->mapping, first >> PAGE_SHIFT, last >> PAGE_SHIFT);
	return 0;
}

static int tmpfs_fallocate(struct file *f, int mode, u64 off, u64 len)
{
	struct inode *inode = f->inode;
	u64 first = off >> PAGE_SHIFT, last = (off + len + PAGE_SIZE - 1) >> PAGE_SHIFT, limit = rlimit(RLIMIT_FSIZE);
	int err;

	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE))
		return -EOPNOTSUPP;
	if (mode & FALLOC_FL_PUNCH_HOLE) {
		err = punch_hole(inode, off, off + len);
	} else {
		if (!(mode & FALLOC_FL_KEEP_SIZE) && off + len > inode->size) {
			if (off + len > limit) {
				send_sig_task(SIGXFSZ, SEND_SIG_PRIV, current);
				return -EFBIG;
			}
			if (inode->seals & F_SEAL_GROW)
				return -EPERM;
		}
		if (last - first > (inode->mapping.max_pages ? inode->mapping.max_pages : nr_total_pages()))
			return -ENOSPC;
		err = shmem_allocate(&inode->mapping, first, last);
		if (!err && !(mode & FALLOC_FL_KEEP_SIZE) && off + len > inode->size)
			inode->size = off + len;
	}
	if (!err)
		inode_touch(inode, ATTR_MTIME_NOW);
	return err;
}

/* ---- files without a name ---- */

bool inode_is_shmem(const struct inode *inode)
{
	return inode->fops == &tmpfs_file_ops;
}

struct file *shmem_file_setup(const char *name, u64 size, u32 mode)
{
	struct inode *inode = tmpfs_inode(&shm_sb, S_IFREG | mode, 0, NULL);
	struct file *f;

	if (!inode)
		return ERR_PTR(-ENOSPC);
	inode->nlink = 0;
	inode->size = size;
	f = file_alloc(&tmpfs_file_ops, inode, O_RDWR | 0100000 /* O_LARGEFILE of x86-64 */);
	if (f) {
		inode->writers++;
		f->path.dentry = d_alloc_root(inode_get(inode), name);
	}
	inode_put(inode);
	if (f && f->path.dentry) {
		f->path.dentry->deleted = true;
		return f;
	}
	if (f)
		file_put(f);
	return ERR_PTR(-ENOMEM);
}

static int tmpfs_setattr(struct inode *inode, unsigned valid, const struct kstat *st)
{
	if ((valid & ATTR_MODE) && (inode->seals & F_SEAL_EXEC) && ((inode->mode ^ st->mode) & 0111))
		return -EPERM;
	return simple_setattr(inode, valid, st);
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
	.readlink = tmpfs_readlink, .setattr = tmpfs_setattr, .evict = tmpfs_evict, .statfs = tmpfs_statfs,
};
static const struct inode_operations tmpfs_dir_inode_ops = {
	.lookup = tmpfs_lookup, .create = tmpfs_create, .tmpfile = tmpfs_tmpfile, .mkdir = tmpfs_mkdir,
	.unlink = tmpfs_unlink, .rmdir = tmpfs_rmdir, .rename = tmpfs_rename, .link = tmpfs_link,
	.symlink = tmpfs_symlink, .setattr = simple_setattr, .evict = tmpfs_evict, .statfs = tmpfs_statfs,
};
