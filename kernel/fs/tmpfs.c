/* tmpfs: a tree in memory. Directories are lists in the order of creation, with a table of the names beside them once there
 * are many. /dev/shm is one, devfs.c fills another with devices, and overlay.c keeps in one what guests have changed. Files
 * without a name are what memfd_create(2) and shared anonymous memory are made of. Contents and seals are tmpfs_file.c's. */
#include "tmpfs.h"
#include "seq.h"
#include "ledger.h"
#include <linux/magic.h>
#include <linux/fs.h>

#define HASH_FROM 16u            /* entries from which a directory has a table */
#define BOGO_DIRENT 20           /* what a name adds to st_size */

static const struct inode_operations tmpfs_dir_inode_ops, tmpfs_inode_ops;
static const struct file_operations tmpfs_dir_ops;

/* Of files without a name: memfd_create(2), shared anonymous memory, System V shared memory. Linux's shm_mnt. */
static struct tmpfs_sb shm = { .sb = { .type = "tmpfs", .magic = TMPFS_MAGIC, .dev = 1, .export = &tmpfs_export_ops } };

static u32 name_hash(const char *name, unsigned len)
{
	u32 h = 2166136261u;

	for (unsigned i = 0; i < len; i++)
		h = (h ^ (u8)name[i]) * 16777619u;
	return h;
}

/* ---- inodes ---- */

/* What the limit on inodes counts each of them as; attributes share it. Linux's shmem.c. */
#define BOGO_INODE_SIZE 1024

static u64 inode_space_used(const struct tmpfs_sb *ts)
{
	return ts->inodes * BOGO_INODE_SIZE + ts->xattr_space;
}

static bool has_inode_space(const struct tmpfs_sb *ts, size_t size)
{
	return !ts->max_inodes || inode_space_used(ts) + size <= ts->max_inodes * BOGO_INODE_SIZE;
}

u64 tmpfs_free_inodes(const struct tmpfs_sb *ts)
{
	u64 max = ts->max_inodes * BOGO_INODE_SIZE;

	return (max - min(inode_space_used(ts), max)) / BOGO_INODE_SIZE;
}

/* An attribute as it is counted; as much on every machine. */
static size_t xattr_space(const char *name, size_t size)
{
	return 40 + strlen(name) + size;
}

static int tmpfs_setxattr(struct inode *inode, const char *name, const void *value, size_t size, int flags)
{
	struct tmpfs_sb *ts = TMPFS(inode->sb);
	ssize_t old = simple_getxattr(inode, name, NULL, 0);
	int err;

	if (!has_inode_space(ts, xattr_space(name, size)))
		return -ENOSPC;
	err = simple_setxattr(inode, name, value, size, flags);
	if (!err)
		ts->xattr_space += xattr_space(name, size) - (old < 0 ? 0 : xattr_space(name, old));
	return err;
}

static int tmpfs_removexattr(struct inode *inode, const char *name)
{
	ssize_t old = simple_getxattr(inode, name, NULL, 0);

	if (old < 0)
		return old;
	TMPFS(inode->sb)->xattr_space -= xattr_space(name, old);
	return simple_removexattr(inode, name);
}

#define TMPFS_XATTR_OPS .getxattr = simple_getxattr, .setxattr = tmpfs_setxattr, .listxattr = simple_listxattr, \
	.removexattr = tmpfs_removexattr

static struct inode *tmpfs_inode(struct super_block *sb, u32 mode, u64 rdev, struct inode *parent)
{
	struct tmpfs_sb *ts = TMPFS(sb);
	struct inode *inode;
	struct dir *dir;

	if (!has_inode_space(ts, BOGO_INODE_SIZE))
		return NULL;
	inode = inode_alloc(sb, mode);
	if (!inode)
		return NULL;
	ts->inodes++;
	inode->rdev = rdev;
	inode->ops = &tmpfs_inode_ops;
	inode->mapping.ops = &tmpfs_pages_ops;
	inode->mapping.shmem = true;
	inode->mapping.account = &ts->pages;
	inode->fops = &tmpfs_file_ops;
	inode->seals = F_SEAL_SEAL;
	if (parent && (S_ISREG(mode) || S_ISDIR(mode)))
		inode->fsflags = parent->fsflags & (FS_NODUMP_FL | FS_NOATIME_FL);
	if (parent && (parent->mode & S_ISGID)) {
		inode->gid = parent->gid;
		if (S_ISDIR(mode))
			inode->mode |= S_ISGID;
	}
	if (!S_ISDIR(mode))
		return inode;
	dir = kzalloc(sizeof(*dir));
	if (!dir) {
		inode->mode = S_IFREG;
		inode_put(inode);
		return NULL;
	}
	INIT_LIST_HEAD(&dir->entries);
	dir->next_off = 2;
	inode->private = dir;
	inode->ops = &tmpfs_dir_inode_ops;
	inode->fops = &tmpfs_dir_ops;
	inode->nlink = 2;
	inode->size = 2 * BOGO_DIRENT;
	return inode;
}

/* A tree is taken down level by level, not by recursion: a guest decides how deep it is. */
static void drop_entries(struct dir *dir)
{
	struct entry *e, *n;
	struct list_head all;

	INIT_LIST_HEAD(&all);
	list_splice_tail(&dir->entries, &all);
	kfree(dir->table);
	dir->table = NULL;
	for (unsigned done = 0; !list_empty(&all); done++) {
		e = list_first_entry(&all, struct entry, list);
		n = e;
		list_del(&n->list);
		if (S_ISDIR(e->inode->mode) && e->inode->refs == 1) {
			struct dir *sub = e->inode->private;

			list_splice_tail(&sub->entries, &all);
			kfree(sub->table);
			sub->table = NULL;
		}
		hlist_del(&e->alias);
		inode_put(e->inode);
		kfree(e);
		if (done % 256 == 255)
			cond_resched();
	}
}

/* The text of a link that is longer has a page of the file system's. Linux's SHORT_SYMLINK_LEN counts the final 0. */
#define SHORT_SYMLINK_LEN 127

bool tmpfs_link_has_page(const struct inode *inode)
{
	return S_ISLNK(inode->mode) && inode->size > SHORT_SYMLINK_LEN;
}

static void tmpfs_evict(struct inode *inode)
{
	list_del(&inode->hash_node);
	TMPFS(inode->sb)->inodes--;
	for (const char *name; (name = simple_first_xattr(inode));)
		tmpfs_removexattr(inode, name);
	if (tmpfs_link_has_page(inode))
		TMPFS(inode->sb)->pages.used--;
	if (S_ISDIR(inode->mode) && inode->private)
		drop_entries(inode->private);
	if (S_ISDIR(inode->mode) || S_ISLNK(inode->mode))
		kfree(inode->private);
}

static void tmpfs_show_options(struct seq *s, const struct super_block *sb)
{
	const struct tmpfs_sb *ts = TMPFS(sb);

	if (!ts->limits_given)
		return;
	if (ts->pages.max != nr_total_pages() / 2)
		seq_printf(s, ",size=%lluk", (unsigned long long)ts->pages.max * (PAGE_SIZE / 1024));
	if (ts->max_inodes != nr_total_pages() / 2)
		seq_printf(s, ",nr_inodes=%llu", (unsigned long long)ts->max_inodes);
	if (ts->mode != 01777)
		seq_printf(s, ",mode=%03o", ts->mode);
	if (ts->uid)
		seq_printf(s, ",uid=%u", ts->uid);
	if (ts->gid)
		seq_printf(s, ",gid=%u", ts->gid);
}

static void tmpfs_free(struct super_block *sb)
{
	kfree(TMPFS(sb));
}

struct inode *tmpfs_new(const char *type, u32 mode, struct super_block **sb)
{
	struct tmpfs_sb *ts = kzalloc(sizeof(*ts));
	struct inode *root;

	if (!ts)
		return NULL;
	ts->pages.max = nr_total_pages() / 2; /* tmpfs(5): half of memory */
	ts->sb.type = type;
	ts->sb.magic = TMPFS_MAGIC;
	ts->sb.dev = new_anon_dev();
	ts->sb.free = tmpfs_free;
	ts->sb.export = &tmpfs_export_ops;
	ts->sb.show_options = tmpfs_show_options;
	root = tmpfs_inode(&ts->sb, S_IFDIR | mode, 0, NULL);
	if (!root)
		return NULL; /* with its last inode the file system is gone */
	ts->max_inodes = nr_total_pages() / 2;
	ts->mode = mode;
	*sb = &ts->sb;
	return root;
}

void tmpfs_clear(struct inode *root)
{
	drop_entries(root->private);
}

/* ---- names ---- */

static struct entry *find_entry(struct inode *inode, const char *name, unsigned len)
{
	struct dir *dir = inode->private;
	u32 hash = name_hash(name, len);
	struct entry *e;

	if (dir->table) {
		for (e = dir->table[hash & (dir->nr_buckets - 1)]; e; e = e->next)
			if (e->hash == hash && e->len == len && !memcmp(e->name, name, len))
				return e;
		return NULL;
	}
	list_for_each_entry(e, &dir->entries, list)
		if (e->hash == hash && e->len == len && !memcmp(e->name, name, len))
			return e;
	return NULL;
}

/* Makes @e the name of @inode; takes over the reference. */
static void entry_set(struct entry *e, struct inode *inode)
{
	hlist_del(&e->alias);
	e->inode = inode;
	hlist_add_head(&e->alias, &inode->names);
}

static void table_add(struct dir *dir, struct entry *e)
{
	struct entry **bucket = &dir->table[e->hash & (dir->nr_buckets - 1)];

	e->next = *bucket;
	*bucket = e;
}

/* Keeps chains short; without memory they just grow. */
static void table_grow(struct dir *dir)
{
	u32 nr = dir->table ? dir->nr_buckets * 4 : HASH_FROM * 4;
	struct entry **table = kcalloc(nr, sizeof(*table)), *e;

	if (!table)
		return;
	kfree(dir->table);
	dir->table = table;
	dir->nr_buckets = nr;
	list_for_each_entry(e, &dir->entries, list)
		table_add(dir, e);
}

static int add_entry(struct inode *inode, const char *name, struct inode *child)
{
	struct dir *dir = inode->private;
	unsigned len = strlen(name);
	struct entry *e = kzalloc(sizeof(*e) + len + 1);

	if (!e)
		return -ENOSPC;
	e->off = ++dir->next_off;
	e->hash = name_hash(name, len);
	e->len = len;
	e->dir = inode;
	entry_set(e, inode_get(child));
	memcpy(e->name, name, len + 1);
	list_add_tail(&e->list, &dir->entries);
	dir->count++;
	if (dir->table)
		table_add(dir, e);
	if (dir->count > (dir->table ? dir->nr_buckets * 2 : HASH_FROM))
		table_grow(dir);
	inode->size += BOGO_DIRENT;
	inode_touch(inode, ATTR_MTIME_NOW);
	return 0;
}

static void remove_entry(struct inode *inode, struct entry *e)
{
	struct dir *dir = inode->private;

	if (dir->table) {
		struct entry **at = &dir->table[e->hash & (dir->nr_buckets - 1)];

		while (*at != e)
			at = &(*at)->next;
		*at = e->next;
	}
	list_del(&e->list);
	dir->count--;
	inode->size -= BOGO_DIRENT;
	inode_touch(inode, ATTR_MTIME_NOW);
	hlist_del(&e->alias);
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
	if (!dir->nlink)
		return -ENOENT;
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
	struct page_account *pages = &TMPFS(dir->sb)->pages;
	bool page = strlen(target) > SHORT_SYMLINK_LEN;
	struct inode *inode;
	char *text;
	int err;

	if (page && pages->max && pages->used >= pages->max)
		return -ENOSPC;
	text = kstrdup(target);
	if (!text)
		return -ENOSPC;
	err = make(dir, name, S_IFLNK | 0777, 0, &inode);
	if (err) {
		kfree(text);
		return err;
	}
	inode->private = text;
	inode->size = strlen(text);
	pages->used += page;
	inode_put(inode);
	return 0;
}

static int tmpfs_readlink(struct inode *inode, char *buf, size_t size)
{
	size_t len;

	if (!S_ISLNK(inode->mode))
		return -EINVAL;
	len = strlen(inode->private);
	memcpy(buf, inode->private, min(len, size));
	return min(len, size);
}

static void unlinked(struct inode *inode)
{
	inode->nlink--;
	TMPFS(inode->sb)->inodes -= inode->nlink > 0;
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
	inode_touch(e->inode, 0);
	dir->nlink--;
	remove_entry(dir, e);
	return 0;
}

static int tmpfs_link(struct inode *inode, struct inode *dir, const char *name)
{
	struct tmpfs_sb *ts = TMPFS(dir->sb);
	int err = find_entry(dir, name, strlen(name)) ? -EEXIST : !dir->nlink ? -ENOENT :
		inode->nlink && !has_inode_space(ts, BOGO_INODE_SIZE) ? -ENOSPC : add_entry(dir, name, inode);

	if (!err) {
		ts->inodes += inode->nlink > 0; /* each name more counts */
		inode->nlink++;
		inode_touch(inode, 0);
	}
	return err;
}

static int exchange(struct inode *dir, struct entry *from, struct inode *dir2, struct entry *to)
{
	struct inode *moved = from->inode;

	dir->nlink += S_ISDIR(to->inode->mode) - S_ISDIR(moved->mode);
	dir2->nlink += S_ISDIR(moved->mode) - S_ISDIR(to->inode->mode);
	entry_set(from, to->inode);
	entry_set(to, moved);
	inode_touch(from->inode, 0);
	inode_touch(moved, 0);
	inode_touch(dir, ATTR_MTIME_NOW);
	inode_touch(dir2, ATTR_MTIME_NOW);
	return 0;
}

static int tmpfs_rename(struct inode *dir, const char *name, struct inode *dir2, const char *name2, unsigned flags)
{
	struct entry *from = find_entry(dir, name, strlen(name)), *to = find_entry(dir2, name2, strlen(name2));
	struct inode *moved, *whiteout = NULL;
	bool isdir;
	int err = 0;

	if (!from)
		return -ENOENT;
	moved = from->inode;
	isdir = S_ISDIR(moved->mode);
	if (flags & RENAME_EXCHANGE)
		return to ? exchange(dir, from, dir2, to) : -ENOENT;
	if (to && S_ISDIR(to->inode->mode) && !is_empty_dir(to->inode))
		return -ENOTEMPTY;
	if (flags & RENAME_WHITEOUT) {
		whiteout = tmpfs_inode(dir->sb, S_IFCHR, 0, dir);
		if (!whiteout)
			return -ENOSPC;
	}
	inode_get(moved);
	if (to) {
		if (S_ISDIR(to->inode->mode)) {
			to->inode->nlink = 0;
			dir2->nlink--;
		} else {
			unlinked(to->inode);
		}
		hlist_del(&to->alias);
		inode_put(to->inode);
		entry_set(to, inode_get(moved));
		inode_touch(dir2, ATTR_MTIME_NOW);
	} else {
		err = add_entry(dir2, name2, moved);
	}
	if (!err) {
		if (whiteout) {
			hlist_del(&from->alias);
			inode_put(from->inode);
			entry_set(from, inode_get(whiteout));
			inode_touch(dir, ATTR_MTIME_NOW);
		} else {
			remove_entry(dir, from);
		}
		dir->nlink -= isdir;
		dir2->nlink += isdir;
		inode_touch(moved, 0);
	}
	inode_put(whiteout);
	inode_put(moved);
	return err;
}

/* ---- files without a name ---- */

bool inode_is_shmem(const struct inode *inode)
{
	return inode->fops == &tmpfs_file_ops;
}

struct file *shmem_file_setup(const char *name, u64 size, u32 mode)
{
	struct inode *inode = tmpfs_inode(&shm.sb, S_IFREG | mode, 0, NULL);
	struct file *f;

	if (!inode)
		return ERR_PTR(-ENOSPC);
	inode->nlink = 0;
	inode->size = size;
	f = file_alloc(&tmpfs_file_ops, inode, O_RDWR | X86_O_LARGEFILE);
	if (f) {
		f->uncounted = true; /* as in Linux: the program in a memfd may run while its maker has it open */
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

/* ---- directories as files ---- */

static int tmpfs_getdents(struct file *f, void *ctx, bool (*emit)(void *ctx, const char *name, unsigned len, u64 ino,
	unsigned type, u64 next_off))
{
	struct dir *dir = f->inode->private;
	struct dentry *up = f->path.dentry ? f->path.dentry->parent : NULL;
	struct entry *e;

	if (f->inode->nlink == 0)
		return -ENOENT;
	file_accessed(f);
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
	if (whence > SEEK_CUR)
		return -EINVAL;
	return generic_llseek(f, off, whence, 0);
}

static ssize_t tmpfs_dir_read(struct file *f __maybe_unused, struct iov_iter *to __maybe_unused, u64 *pos __maybe_unused)
{
	return -EISDIR;
}

static int tmpfs_dir_fsync(struct file *f __maybe_unused, bool datasync __maybe_unused)
{
	return 0;
}

static const struct file_operations tmpfs_dir_ops = {
	.name = "tmpfs", .read = tmpfs_dir_read, .llseek = tmpfs_dir_llseek, .getdents = tmpfs_getdents,
	.fsync = tmpfs_dir_fsync, .fileattr = tmpfs_fileattr,
};
static const struct inode_operations tmpfs_inode_ops = {
	.readlink = tmpfs_readlink, .getattr = tmpfs_getattr, .setattr = tmpfs_setattr, .evict = tmpfs_evict,
	.statfs = tmpfs_statfs, TMPFS_XATTR_OPS,
};
static const struct inode_operations tmpfs_dir_inode_ops = {
	.lookup = tmpfs_lookup, .create = tmpfs_create, .tmpfile = tmpfs_tmpfile, .mkdir = tmpfs_mkdir,
	.unlink = tmpfs_unlink, .rmdir = tmpfs_rmdir, .rename = tmpfs_rename, .link = tmpfs_link,
	.symlink = tmpfs_symlink, .getattr = tmpfs_getattr, .setattr = simple_setattr, .evict = tmpfs_evict,
	.statfs = tmpfs_statfs, TMPFS_XATTR_OPS,
};

/* ---- mounting: tmpfs(5) ---- */

struct options {
	u64 pages, inodes;
	u32 mode, uid, gid;
	bool has_pages, has_inodes, has_mode, has_uid, has_gid;
};

/* A number with k, m, g, t or, for sizes, %. False: it is none. */
static bool parse_number(const char *text, bool percent, u64 *value)
{
	u64 n = 0;

	if (*text < '0' || *text > '9')
		return false;
	while (*text >= '0' && *text <= '9')
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, (u64)(*text++ - '0'), &n))
			return false;
	if (*text == '%' && percent && !text[1]) {
		*value = nr_total_pages() * n / 100 * PAGE_SIZE;
		return true;
	}
	for (const char *unit = "kmgt"; *text && *unit; unit++) {
		n <<= 10;
		if ((*text | 0x20) == *unit) {
			text++;
			break;
		}
	}
	*value = n;
	return !*text;
}

static bool parse_plain(const char *text, unsigned base, u32 *value)
{
	u32 n = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text >= (char)('0' + base))
			return false;
		n = n * base + (*text - '0');
	}
	*value = n;
	return true;
}

static int tmpfs_parse(struct fs_context *fc, const char *key, const char *value)
{
	struct options *o = fc->options;
	bool ok = false;

	if (!o) {
		o = fc->options = kzalloc(sizeof(*o));
		if (!o)
			return -ENOMEM;
	}
	if (!strcmp(key, "size")) {
		ok = o->has_pages = parse_number(value, true, &o->pages);
		o->pages = (o->pages + PAGE_SIZE - 1) / PAGE_SIZE;
	} else if (!strcmp(key, "nr_blocks")) {
		ok = o->has_pages = parse_number(value, false, &o->pages);
	} else if (!strcmp(key, "nr_inodes")) {
		ok = o->has_inodes = parse_number(value, false, &o->inodes);
	} else if (!strcmp(key, "mode")) {
		ok = o->has_mode = parse_plain(value, 8, &o->mode);
		o->mode &= 07777;
	} else if (!strcmp(key, "uid")) {
		ok = o->has_uid = parse_plain(value, 10, &o->uid);
	} else if (!strcmp(key, "gid")) {
		ok = o->has_gid = parse_plain(value, 10, &o->gid);
	} else if (!strcmp(key, "inode64") || (!strcmp(key, "huge") && (!strcmp(value, "never")))) {
		ok = true; /* as it is */
	} else {
		LEDGER("mount: option of tmpfs", 0);
	}
	return ok ? 0 : -EINVAL;
}

static void apply(struct tmpfs_sb *ts, const struct options *o)
{
	ts->limits_given = true;
	if (!o)
		return;
	if (o->has_pages)
		ts->pages.max = o->pages;
	if (o->has_inodes)
		ts->max_inodes = o->inodes;
}

static int tmpfs_get_tree(struct fs_context *fc)
{
	const struct options *o = fc->options;
	struct super_block *sb;
	struct inode *root = tmpfs_new(fc->type->name, o && o->has_mode ? o->mode : 01777, &sb);

	if (!root)
		return -ENOMEM;
	root->uid = o && o->has_uid ? o->uid : current->cred->fsuid;
	root->gid = o && o->has_gid ? o->gid : current->cred->fsgid;
	TMPFS(sb)->uid = root->uid;
	TMPFS(sb)->gid = root->gid;
	apply(TMPFS(sb), o);
	sb->root = d_alloc_root(root, "");
	if (!sb->root)
		return -ENOMEM;
	fc->sb = sb_get(sb);
	return 0;
}

static int tmpfs_reconfigure(struct fs_context *fc)
{
	struct tmpfs_sb *ts = TMPFS(fc->sb);
	const struct options *o = fc->options;

	if (o->has_pages && o->pages && o->pages < ts->pages.used)
		return -EINVAL;
	if (o->has_inodes && o->inodes && o->inodes * BOGO_INODE_SIZE < inode_space_used(ts))
		return -EINVAL;
	apply(ts, o);
	return 0;
}

static int ramfs_parse(struct fs_context *fc, const char *key, const char *value)
{
	return strcmp(key, "mode") ? 0 : tmpfs_parse(fc, key, value); /* ramfs ignores what it does not know */
}

/* ramfs: a tmpfs without limits. */
static int ramfs_get_tree(struct fs_context *fc)
{
	int err = tmpfs_get_tree(fc);

	if (err)
		return err;
	TMPFS(fc->sb)->pages.max = TMPFS(fc->sb)->max_inodes = 0;
	TMPFS(fc->sb)->limits_given = false;
	fc->sb->magic = RAMFS_MAGIC;
	fc->sb->export = NULL;
	return 0;
}

const struct fs_type tmpfs_type = {
	.name = "tmpfs", .parse = tmpfs_parse, .get_tree = tmpfs_get_tree, .reconfigure = tmpfs_reconfigure,
};
const struct fs_type ramfs_type = { .name = "ramfs", .parse = ramfs_parse, .get_tree = ramfs_get_tree };
