/* The overlay of --overlay: the host's tree (or that of --root) below, and a tmpfs above it that takes everything that guests
 * change. The host's tree is only read.
 *
 * A name that is in the upper tree hides that below; a whiteout there hides it without being one. A directory of the upper tree
 * remembers which lower directory it covers (inode.origin), so that it can be renamed and still shows what was in it; one that
 * was made anew has none and hides everything. Files are copied up whole before their first change (overlay_copy.c). What a
 * hard link below names is copied by itself, as Linux's overlayfs does: the other names keep the old contents. */
#include "overlay.h"
#include <linux/fs.h>
#include <linux/magic.h>

#ifndef OVERLAYFS_SUPER_MAGIC
#define OVERLAYFS_SUPER_MAGIC 0x794c7630
#endif

#define HASH_SIZE 4096u
static struct list_head *hash;     /* inode.hash_node, by the real inode */
static struct super_block ovl_sb = { .type = "overlay", .magic = OVERLAYFS_SUPER_MAGIC, .refs = 1 };
static struct super_block *upper_sb;
static const struct inode_operations ovl_inode_ops, ovl_dir_inode_ops;

/* ---- inodes ---- */

static struct list_head *bucket_of(const struct inode *real)
{
	return &hash[((u64)(unsigned long)real * 0x9e3779b97f4a7c15ull) >> 52];
}

void ovl_copyattr(struct inode *inode)
{
	const struct inode *real = ovl_real(inode);

	inode->mode = real->mode;
	inode->uid = real->uid;
	inode->gid = real->gid;
	inode->rdev = real->rdev;
	inode->fsflags = real->fsflags;
	inode->size = real->size;
	inode->nlink = OVL(inode)->removed && !OVL(inode)->upper ? 0 : real->nlink;
	inode->ino = real->origin ? real->origin->ino : real->ino;
}

void ovl_set_upper(struct inode *inode, struct inode *upper)
{
	OVL(inode)->upper = upper;
	list_del(&inode->hash_node);
	list_add(&inode->hash_node, bucket_of(upper));
	ovl_copyattr(inode);
}

static bool same_place(const struct ovl *o, const struct inode *parent, const char *name)
{
	return o->parent == parent && o->name && !strcmp(o->name, name);
}

/* What @upper or @lower is in the overlay; takes over both references. @name in @parent is where it was found. */
static struct inode *ovl_get(struct inode *parent, const char *name, struct inode *upper, struct inode *lower)
{
	struct inode *real = upper ? upper : lower, *inode;
	bool linked = !upper && !S_ISDIR(lower->mode) && lower->nlink > 1;
	struct ovl *o;

	list_for_each_entry(inode, bucket_of(real), hash_node) {
		if (ovl_real(inode) != real || (linked && !same_place(OVL(inode), parent, name)))
			continue;
		inode_put(upper);
		inode_put(lower);
		ovl_copyattr(inode);
		return inode_get(inode);
	}
	o = kzalloc(sizeof(*o));
	inode = o ? inode_alloc(&ovl_sb, real->mode) : NULL;
	if (o)
		o->name = kstrdup(name);
	if (!inode || !o->name) {
		if (o)
			kfree(o->name);
		kfree(o);
		inode_put(upper);
		inode_put(lower);
		if (inode) {
			inode->ops = NULL;
			inode_put(inode);
		}
		return ERR_PTR(-ENOMEM);
	}
	o->upper = upper;
	o->lower = lower;
	o->parent = parent ? inode_get(parent) : NULL;
	inode->private = o;
	inode->ops = S_ISDIR(real->mode) ? &ovl_dir_inode_ops : &ovl_inode_ops;
	inode->fops = S_ISDIR(real->mode) ? &ovl_dir_ops : &ovl_file_ops;
	list_add(&inode->hash_node, bucket_of(real));
	ovl_copyattr(inode);
	return inode;
}

/* Up the tree by a loop: a guest decides how deep it is. */
static void ovl_evict(struct inode *inode)
{
	struct ovl *o = OVL(inode);
	struct inode *parent = o->parent;

	list_del(&inode->hash_node);
	inode_put(o->upper);
	inode_put(o->lower);
	dput(o->below);
	kfree(o->name);
	kfree(o);
	while (parent) {
		struct inode *next = NULL;

		if (parent->refs == 1) {
			next = OVL(parent)->parent;
			OVL(parent)->parent = NULL;
		}
		inode_put(parent);
		parent = next;
	}
}

/* ---- lookup ---- */

static struct inode *look(struct inode *dir, const char *name)
{
	return dir ? dir->ops->lookup(dir, name, strlen(name)) : ERR_PTR(-ENOENT);
}

static void set_below(struct inode *dir, struct dentry *below)
{
	if (below && !OVL(dir)->below && below->inode == OVL(dir)->lower)
		OVL(dir)->below = below;
	else
		dput(below);
}

#define DEPTH_MOST 64
static struct dentry *root_below; /* the root inode's below, which holds the reference */

/* The dentry of a directory of the host, by the places where it and all above it were found last: a reference, or NULL. */
static struct dentry *dentry_of_lower(struct inode *lower)
{
	struct { struct inode *inode; const char *name; } chain[DEPTH_MOST];
	struct dentry *d = root_below, *child;
	unsigned n = 0;

	for (struct inode *at = lower; at != root_below->inode; n++) {
		if (n == DEPTH_MOST)
			return NULL;
		chain[n].inode = at;
		at = hostfs_place(at, &chain[n].name);
		if (!at)
			return NULL;
	}
	dget(d);
	while (n--) {
		const char *name = chain[n].name;

		child = d_find(d, name, strlen(name));
		if (!child)
			child = d_add(d, name, strlen(name), inode_get(chain[n].inode));
		dput(d);
		if (IS_ERR(child))
			return NULL;
		if (child->inode != chain[n].inode) {
			dput(child);
			return NULL;
		}
		d = child;
	}
	return d;
}

/* The child @name of @dir's lower directory by way of the dentries of hostfs, which know more than each lookup by itself: a
 * reference in @child, or -errno. -ESTALE: @dir's own dentry is not known. */
static int find_below(struct inode *dir, const char *name, struct dentry **child)
{
	struct path at = { NULL, OVL(dir)->below }, found;
	int err = at.dentry ? lookup_child(&at, name, strlen(name), LOOKUP_KNOWN, &found) : -ESTALE;

	if (!err)
		*child = found.dentry;
	return err;
}

/* What @name is in the lower directory; *below is its dentry if it is a directory, or NULL. */
static struct inode *look_below(struct inode *dir, const char *name, struct dentry **below)
{
	struct ovl *o = OVL(dir);
	struct dentry *child;
	struct inode *inode;
	int err;

	*below = NULL;
	/* One that is in the upper tree, too, may have been renamed: its lower directory lies where the host has it. */
	if (o->lower && !o->below && !o->sought) {
		o->sought = true;
		set_below(dir, dentry_of_lower(o->lower));
	}
	err = o->lower ? find_below(dir, name, &child) : -ENOENT;
	if (err == -ESTALE)
		return look(o->lower, name);
	if (err)
		return ERR_PTR(err);
	inode = inode_get(child->inode);
	if (S_ISDIR(inode->mode))
		*below = child;
	else
		dput(child);
	return inode;
}

static struct inode *ovl_lookup_name(struct inode *dir, const char *name)
{
	struct inode *upper = look(OVL(dir)->upper, name), *lower, *inode;
	struct dentry *below;

	if (!IS_ERR(upper)) {
		if (is_whiteout(upper)) {
			inode_put(upper);
			return ERR_PTR(-ENOENT);
		}
		lower = S_ISDIR(upper->mode) && upper->origin ? inode_get(upper->origin) : NULL;
		return ovl_get(dir, name, upper, lower);
	}
	if (PTR_ERR(upper) != -ENOENT)
		return upper;
	lower = look_below(dir, name, &below);
	if (IS_ERR(lower))
		return lower;
	inode = ovl_get(dir, name, NULL, lower);
	if (IS_ERR(inode))
		dput(below);
	else
		set_below(inode, below);
	return inode;
}

static struct inode *ovl_lookup(struct inode *dir, const char *name, unsigned len __maybe_unused)
{
	return ovl_lookup_name(dir, name);
}

/* Whether the lower directory has the name, which a whiteout must hide. */
static bool lower_has(struct inode *dir, const char *name)
{
	struct dentry *below;
	struct inode *lower = look_below(dir, name, &below);

	if (IS_ERR(lower))
		return false;
	inode_put(lower);
	dput(below);
	return true;
}

/* ---- making ---- */

/* Gets @dir ready for a new @name: copied up, and no whiteout in its place. */
static int prepare(struct inode *dir, const char *name)
{
	struct inode *upper, *there;
	int err = ovl_copy_up(dir, true);

	if (err)
		return err;
	upper = OVL(dir)->upper;
	there = look(upper, name);
	if (IS_ERR(there))
		return PTR_ERR(there) == -ENOENT ? 0 : PTR_ERR(there);
	err = is_whiteout(there) ? upper->ops->unlink(upper, name) : -EEXIST;
	inode_put(there);
	return err;
}

static int whiteout(struct inode *dir, const char *name)
{
	struct inode *upper = OVL(dir)->upper;

	return upper->ops->create(upper, name, S_IFCHR, 0, NULL);
}

/* After @err of making @name: the whiteout that prepare() took away comes back if nothing else is there. */
static int finish_make(struct inode *dir, const char *name, int err)
{
	if (err && lower_has(dir, name))
		whiteout(dir, name);
	ovl_copyattr(dir);
	return err;
}

static int ovl_create(struct inode *dir, const char *name, u32 mode, u64 rdev, struct inode **made)
{
	int err = prepare(dir, name);

	if (err)
		return err;
	err = OVL(dir)->upper->ops->create(OVL(dir)->upper, name, mode, rdev, NULL);
	err = finish_make(dir, name, err);
	if (!err && made) {
		*made = ovl_lookup_name(dir, name);
		err = IS_ERR(*made) ? PTR_ERR(*made) : 0;
	}
	return err;
}

static int ovl_mkdir(struct inode *dir, const char *name, u32 mode)
{
	int err = prepare(dir, name);

	return err ? err : finish_make(dir, name, OVL(dir)->upper->ops->mkdir(OVL(dir)->upper, name, mode));
}

static int ovl_symlink(struct inode *dir, const char *name, const char *target)
{
	int err = prepare(dir, name);

	return err ? err : finish_make(dir, name, OVL(dir)->upper->ops->symlink(OVL(dir)->upper, name, target));
}

static int ovl_link(struct inode *inode, struct inode *dir, const char *name)
{
	int err = ovl_copy_up(inode, true);

	if (!err)
		err = prepare(dir, name);
	if (err)
		return err;
	err = finish_make(dir, name, OVL(dir)->upper->ops->link(OVL(inode)->upper, OVL(dir)->upper, name));
	ovl_copyattr(inode);
	return err;
}

static int ovl_tmpfile(struct inode *dir, u32 mode, struct file *f, struct inode **made)
{
	struct inode *upper, *inode;
	struct file *real;
	int err = ovl_copy_up(dir, true);

	if (err)
		return err;
	real = file_alloc(NULL, NULL, f->flags);
	if (!real)
		return -ENOMEM;
	err = OVL(dir)->upper->ops->tmpfile(OVL(dir)->upper, mode, real, &upper);
	if (err) {
		file_put(real);
		return err;
	}
	real->inode = inode_get(upper);
	upper->writers++;
	upper->linkable = true;
	inode = ovl_get(dir, "", upper, NULL);
	if (IS_ERR(inode)) {
		file_put(real);
		return PTR_ERR(inode);
	}
	OVL(inode)->removed = true;
	f->ops = &ovl_file_ops;
	err = ovl_attach(f, real);
	if (err)
		inode_put(inode);
	else
		*made = inode;
	return err;
}

/* ---- removing ---- */

static bool note_name(void *ctx, const char *name __maybe_unused, unsigned len __maybe_unused, u64 ino __maybe_unused,
	unsigned type __maybe_unused)
{
	*(bool *)ctx = true;
	return false;
}

static int check_empty(struct inode *dir)
{
	bool any = false;
	int err = ovl_for_names(dir, note_name, &any);

	return err ? err : any ? -ENOTEMPTY : 0;
}

struct first_name { char *name; bool failed; };

static bool take_first(void *ctx, const char *name, unsigned len, u64 ino __maybe_unused, unsigned type __maybe_unused,
	u64 off __maybe_unused)
{
	struct first_name *n = ctx;

	if (name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.')))
		return true;
	n->name = kstrndup(name, len);
	n->failed = !n->name;
	return false;
}

/* Takes the whiteouts out of an upper directory that holds nothing else. */
static int clear_whiteouts(struct inode *upper)
{
	for (;;) {
		struct first_name n = { 0 };
		struct file *f = ovl_open_real(upper, O_RDONLY | O_DIRECTORY);
		int err;

		if (IS_ERR(f))
			return PTR_ERR(f);
		err = f->ops->getdents(f, &n, take_first);
		file_put(f);
		if (err || n.failed)
			return err ? err : -ENOMEM;
		if (!n.name)
			return 0;
		err = upper->ops->unlink(upper, n.name);
		kfree(n.name);
		if (err)
			return err;
		cond_resched();
	}
}

/* @child, which is @name in @dir, goes. */
static int remove_name(struct inode *dir, const char *name, struct inode *child)
{
	bool isdir = S_ISDIR(child->mode);
	struct inode *upper_dir, *upper = OVL(child)->upper;
	int err = ovl_copy_up(dir, true);

	if (err)
		return err;
	upper_dir = OVL(dir)->upper;
	if (upper) {
		err = isdir ? clear_whiteouts(upper) : 0;
		if (!err)
			err = isdir ? upper_dir->ops->rmdir(upper_dir, name) : upper_dir->ops->unlink(upper_dir, name);
	}
	if (!err && lower_has(dir, name))
		err = whiteout(dir, name);
	if (err)
		return err;
	if (isdir || !upper || !upper->nlink)
		OVL(child)->removed = true;
	inode_touch(upper_dir, ATTR_MTIME_NOW);
	ovl_copyattr(child);
	ovl_copyattr(dir);
	return 0;
}

static int ovl_unlink(struct inode *dir, const char *name)
{
	struct inode *child = ovl_lookup_name(dir, name);
	int err;

	if (IS_ERR(child))
		return PTR_ERR(child);
	err = remove_name(dir, name, child);
	inode_put(child);
	return err;
}

static int ovl_rmdir(struct inode *dir, const char *name)
{
	struct inode *child = ovl_lookup_name(dir, name);
	int err;

	if (IS_ERR(child))
		return PTR_ERR(child);
	err = check_empty(child);
	if (!err)
		err = remove_name(dir, name, child);
	inode_put(child);
	return err;
}

/* ---- renaming ---- */

/* @child is @name in @dir now. */
static int set_place(struct inode *child, struct inode *dir, const char *name)
{
	struct ovl *o = OVL(child);
	struct inode *was = o->parent;
	char *copy = kstrdup(name);

	if (!copy)
		return -ENOMEM;
	kfree(o->name);
	o->name = copy;
	o->parent = inode_get(dir);
	inode_put(was);
	return 0;
}

static int rename_upper(struct inode *dir, const char *name, struct inode *child, struct inode *dir2, const char *name2,
	struct inode *target, unsigned flags)
{
	struct inode *upper = OVL(dir)->upper;
	int err = 0;

	if (target && !(flags & RENAME_EXCHANGE) && S_ISDIR(target->mode)) {
		err = check_empty(target);
		if (!err && OVL(target)->upper)
			err = clear_whiteouts(OVL(target)->upper);
	}
	if (err)
		return err;
	if (!(flags & RENAME_EXCHANGE) && lower_has(dir, name))
		flags |= RENAME_WHITEOUT;
	err = upper->ops->rename(upper, name, OVL(dir2)->upper, name2, flags & (RENAME_EXCHANGE | RENAME_WHITEOUT));
	if (err)
		return err;
	if (target && !(flags & RENAME_EXCHANGE)) {
		OVL(target)->removed = true;
		ovl_copyattr(target);
	}
	if (target && (flags & RENAME_EXCHANGE))
		err = set_place(target, dir, name);
	return err ? err : set_place(child, dir2, name2);
}

static int ovl_rename(struct inode *dir, const char *name, struct inode *dir2, const char *name2, unsigned flags)
{
	struct inode *child, *target;
	int err;

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL; /* as overlayfs: whiteouts are its own matter */
	child = ovl_lookup_name(dir, name);
	if (IS_ERR(child))
		return PTR_ERR(child);
	target = ovl_lookup_name(dir2, name2);
	if (IS_ERR(target)) {
		err = PTR_ERR(target) == -ENOENT && !(flags & RENAME_EXCHANGE) ? 0 : PTR_ERR(target);
		target = NULL;
		if (err)
			goto put;
	}
	err = ovl_copy_up(child, true);
	if (!err)
		err = ovl_copy_up(dir2, true);
	if (!err && target && (flags & RENAME_EXCHANGE))
		err = ovl_copy_up(target, true);
	if (!err)
		err = rename_upper(dir, name, child, dir2, name2, target, flags);
	ovl_copyattr(dir);
	ovl_copyattr(dir2);
put:
	inode_put(target);
	inode_put(child);
	return err;
}

/* ---- attributes ---- */

static int ovl_getattr(struct inode *inode, struct kstat *st)
{
	struct inode *real = ovl_real(inode), *origin = real->origin;
	int err;

	st->result_mask &= ~KSTAT_FRESH; /* what was found by its dentry was not looked at */
	err = inode_getattr(real, st);
	if (err)
		return err;
	if (OVL(inode)->upper) {
		st->dev = origin ? hostfs_dev(origin) : ovl_sb.dev;
		st->ino = origin ? origin->ino : real->ino;
	} else if (OVL(inode)->removed) {
		st->nlink = 0;
	}
	ovl_copyattr(inode);
	return 0;
}

static int ovl_setattr(struct inode *inode, unsigned valid, const struct kstat *st)
{
	int err = ovl_copy_up(inode, true);

	if (!err)
		err = OVL(inode)->upper->ops->setattr(OVL(inode)->upper, valid, st);
	ovl_copyattr(inode);
	return err;
}

static int ovl_readlink(struct inode *inode, char *buf, size_t size)
{
	struct inode *real = ovl_real(inode);

	return S_ISLNK(inode->mode) ? real->ops->readlink(real, buf, size) : -EINVAL;
}

static int ovl_statfs(struct inode *inode __maybe_unused, void *statfs)
{
	struct host_statfs *fs = statfs;
	struct inode *root = upper_sb->root->inode;
	int err = root->ops->statfs(root, fs);

	fs->fsid = ovl_sb.dev;
	return err;
}

static ssize_t ovl_getxattr(struct inode *inode, const char *name, void *buf, size_t size)
{
	struct inode *real = ovl_real(inode);

	return real->ops->getxattr(real, name, buf, size);
}

static ssize_t ovl_listxattr(struct inode *inode, char *list, size_t size)
{
	struct inode *real = ovl_real(inode);

	return real->ops->listxattr(real, list, size);
}

static int ovl_setxattr(struct inode *inode, const char *name, const void *value, size_t size, int flags)
{
	int err = ovl_copy_up(inode, true);

	return err ? err : OVL(inode)->upper->ops->setxattr(OVL(inode)->upper, name, value, size, flags);
}

static int ovl_removexattr(struct inode *inode, const char *name)
{
	int err = ovl_copy_up(inode, true);

	return err ? err : OVL(inode)->upper->ops->removexattr(OVL(inode)->upper, name);
}

#define ATTR_OPS .getattr = ovl_getattr, .setattr = ovl_setattr, .evict = ovl_evict, .statfs = ovl_statfs, \
	.getxattr = ovl_getxattr, .setxattr = ovl_setxattr, .listxattr = ovl_listxattr, .removexattr = ovl_removexattr
static const struct inode_operations ovl_inode_ops = { .readlink = ovl_readlink, .open = ovl_open, ATTR_OPS };
static const struct inode_operations ovl_dir_inode_ops = {
	.lookup = ovl_lookup, .create = ovl_create, .tmpfile = ovl_tmpfile, .mkdir = ovl_mkdir, .unlink = ovl_unlink,
	.rmdir = ovl_rmdir, .rename = ovl_rename, .link = ovl_link, .symlink = ovl_symlink, ATTR_OPS,
};

/* ---- mounting ---- */

static void show_options(struct seq *s __maybe_unused, const struct super_block *sb __maybe_unused)
{
}

struct super_block *overlay_new(struct inode *lower, struct dentry **root)
{
	struct inode *upper = tmpfs_new("tmpfs", lower->mode & 07777, &upper_sb), *inode;

	hash = kmalloc(HASH_SIZE * sizeof(*hash));
	if (!upper || !hash)
		return ERR_PTR(-ENOMEM);
	for (unsigned i = 0; i < HASH_SIZE; i++)
		INIT_LIST_HEAD(&hash[i]);
	ovl_sb.dev = new_anon_dev();
	ovl_sb.show_options = show_options;
	upper->uid = lower->uid;
	upper->gid = lower->gid;
	upper->origin = inode_get(lower);
	sb_get(upper_sb);
	upper_sb->root = d_alloc_root(inode_get(upper), "");
	inode = ovl_get(NULL, "/", upper, inode_get(lower));
	if (IS_ERR(inode) || !upper_sb->root)
		return ERR_PTR(-ENOMEM);
	root_below = dget(*root);
	set_below(inode, root_below);
	*root = d_alloc_root(inode, "");
	return *root ? &ovl_sb : ERR_PTR(-ENOMEM);
}

void overlay_exit(void)
{
	if (upper_sb)
		tmpfs_clear(upper_sb->root->inode);
}
