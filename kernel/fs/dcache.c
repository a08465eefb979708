/* Dentries: the tree of names that somebody refers to, and those of hostfs that stay for a while. Decides nothing about what
 * exists: the walk (namei.c) asks the file systems. */
#include "hostfs.h"

static LIST_HEAD(lru);          /* oldest first */
static unsigned nr_lru;
#define MAX_LRU 4096
#define HASH_SIZE 4096
static struct hlist_head hash_table[HASH_SIZE];

static struct hlist_head *bucket(const struct inode *dir, const char *name, unsigned len)
{
	return &hash_table[d_name_hash(dir, name, len) % HASH_SIZE];
}

/* @d goes from its place. */
static void unhash(struct dentry *d)
{
	hlist_del(&d->hash);
	if (S_ISDIR(d->inode->mode))
		pathcache_forget();
}

static void hash_in(struct dentry *d)
{
	hlist_add_head(&d->hash, bucket(d->parent->inode, d->name, d->len));
}

static struct dentry *d_new(struct inode *inode, const char *name, unsigned len)
{
	struct dentry *d = kzalloc(sizeof(*d));

	if (d)
		d->name = kstrndup(name, len);
	if (!d || !d->name) {
		kfree(d);
		inode_put(inode);
		return NULL;
	}
	d->refs = 1;
	d->inode = inode;
	d->len = len;
	INIT_LIST_HEAD(&d->lru);
	return d;
}

struct dentry *d_alloc_root(struct inode *inode, const char *name)
{
	return d_new(inode, name, strlen(name));
}

struct dentry *d_alloc_unlinked(struct dentry *parent, struct inode *inode, const char *name)
{
	struct dentry *d = d_new(inode, name, strlen(name));

	if (d) {
		d->parent = dget(parent);
		d->deleted = true;
	}
	return d;
}

static bool is_kept(const struct dentry *d)
{
	u32 mode = d->inode->mode;

	return d->parent && !d->deleted && !hlist_unhashed(&d->hash) && d->inode->sb && d->inode->sb->host &&
		(S_ISDIR(mode) || S_ISREG(mode) || S_ISLNK(mode));
}

static void lru_remove(struct dentry *d)
{
	if (list_empty(&d->lru))
		return;
	list_del(&d->lru);
	nr_lru--;
}

static void lru_trim(unsigned keep)
{
	static bool trimming; /* what goes releases its directory, which comes here */

	if (trimming)
		return;
	trimming = true;
	while (nr_lru > keep || (nr_lru && hostfs_too_many_fds())) {
		struct dentry *d = list_first_entry(&lru, struct dentry, lru);

		lru_remove(d);
		d->refs = 1;
		d->deleted = d->dropped = true;
		dput(d);
	}
	trimming = false;
}

void dcache_shrink(void)
{
	lru_trim(0);
	hostwatch_shrink();
}

void dput(struct dentry *d)
{
	while (d && !--d->refs) {
		struct dentry *parent = d->parent;

		if (is_kept(d)) {
			list_add_tail(&d->lru, &lru);
			nr_lru++;
			lru_trim(MAX_LRU);
			return;
		}
		unhash(d);
		if (d->deleted && !d->dropped)
			fsnotify_removed(d->inode);
		inode_put(d->inode);
		kfree(d->name);
		kfree(d);
		d = parent;
	}
}

struct dentry *dget_kept(struct dentry *d)
{
	lru_remove(d);
	return dget(d);
}

struct dentry *d_find(struct dentry *parent, const char *name, unsigned len)
{
	struct dentry *d;

	hlist_for_each_entry(d, bucket(parent->inode, name, len), hash)
		if (d->parent == parent && d->len == len && !memcmp(d->name, name, len))
			return dget_kept(d);
	return NULL;
}

struct dentry *d_add(struct dentry *parent, const char *name, unsigned len, struct inode *inode)
{
	struct dentry *d = d_find(parent, name, len);

	if (d && d->inode == inode) {
		inode_put(inode);
		return d;
	}
	if (d) {
		d_delete(d);
		dput(d);
	}
	d = d_new(inode, name, len);
	if (!d)
		return ERR_PTR(-ENOMEM);
	d->parent = dget(parent);
	hash_in(d);
	return d;
}

void d_forget(struct inode *dir, const char *name, unsigned len)
{
	struct dentry *d;

	/* by the hash alone: the host may see no difference between some names */
	hlist_for_each_entry(d, bucket(dir, name, len), hash)
		if (d->parent->inode == dir) {
			d->gen = 0;
			if (d->inode->sb && d->inode->sb->host)
				hostfs_let_go(HI(d->inode));
		}
}

void d_delete(struct dentry *d)
{
	unhash(d);
	d->deleted = true;
}

void d_move(struct dentry *d, struct dentry *parent, const char *name, unsigned len)
{
	struct dentry *old = d_find(parent, name, len), *was = d->parent;
	char *copy;

	/* Removed while the file system renamed: the next walk finds out what has the name. */
	if (old == d || d->deleted) {
		dput(old);
		return;
	}
	if (old) {
		d_delete(old);
		dput(old);
	}
	unhash(d);
	copy = kstrndup(name, len);
	if (!copy)
		return; /* a nameless dentry: the next walk makes a new one */
	kfree(d->name);
	d->name = copy;
	d->len = len;
	d->parent = dget(parent);
	hash_in(d);
	dput(was);
}

void d_exchange(struct dentry *a, struct dentry *b)
{
	struct dentry *parent = a->parent;
	char *name = a->name;
	unsigned len = a->len;

	if (a == b || a->deleted || b->deleted)
		return;
	unhash(a);
	unhash(b);
	a->name = b->name, a->len = b->len, a->parent = b->parent;
	b->name = name, b->len = len, b->parent = parent;
	hash_in(a);
	hash_in(b);
}

bool d_is_ancestor(const struct dentry *a, const struct dentry *d)
{
	for (; d; d = d->parent)
		if (a == d)
			return true;
	return false;
}

/* ---- text ---- */

static bool prepend(char *buf, size_t *at, const char *s, size_t len)
{
	if (*at < len)
		return false;
	*at -= len;
	memcpy(buf + *at, s, len);
	return true;
}

int path_text(const struct path *p, char *buf, size_t size, bool *deleted)
{
	const struct path *root = &current->fs->root;
	const struct mount *mnt = p->mnt;
	const struct dentry *d = p->dentry;
	size_t at = size;

	*deleted = d->deleted;
	if (size < 2)
		return -ENAMETOOLONG;
	buf[--at] = 0;
	if (!d->parent && !mnt) {
		if (!prepend(buf, &at, d->name, d->len))
			return -ENAMETOOLONG;
		goto out;
	}
	while (!(d == root->dentry && mnt == root->mnt)) {
		if (d == mnt->root) {
			if (!mnt->parent)
				break;
			d = mnt->mountpoint;
			mnt = mnt->parent;
			continue;
		}
		if (!d->parent)
			break;
		if (!prepend(buf, &at, d->name, d->len) || !prepend(buf, &at, "/", 1))
			return -ENAMETOOLONG;
		d = d->parent;
	}
	if (at == size - 1)
		buf[--at] = '/';
out:
	memmove(buf, buf + at, size - at);
	return size - at - 1;
}
