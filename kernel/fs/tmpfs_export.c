/* File handles of tmpfs: generation and number of the inode, as Linux's shmem has them. Inodes that have one are in a table. */
#include "tmpfs.h"

#define HANDLE_BYTES 12
#define TABLE_SIZE 256

static struct list_head table[TABLE_SIZE]; /* inode.hash_node; those that were never used are all zeroes */

struct fid {
	u32 generation, ino_low, ino_high;
};

static struct list_head *bucket(u64 ino)
{
	struct list_head *b = &table[ino % TABLE_SIZE];

	if (!b->next)
		INIT_LIST_HEAD(b);
	return b;
}

static int tmpfs_encode(struct inode *inode, struct host_handle *fh, bool connectable)
{
	struct fid fid = { .ino_low = (u32)inode->ino, .ino_high = inode->ino >> 32 };

	if (connectable)
		return -EOPNOTSUPP;
	while (!inode->generation)
		host_random(&inode->generation, sizeof(inode->generation));
	if (list_empty(&inode->hash_node))
		list_add(&inode->hash_node, bucket(inode->ino));
	fid.generation = inode->generation;
	fh->bytes = HANDLE_BYTES;
	fh->type = 1;
	memcpy(fh->data, &fid, HANDLE_BYTES);
	return 0;
}

static struct inode *find_inode(const struct super_block *sb, const struct fid *fid)
{
	u64 ino = (u64)fid->ino_high << 32 | fid->ino_low;
	struct inode *inode;

	list_for_each_entry(inode, bucket(ino), hash_node)
		if (inode->sb == sb && inode->ino == ino && inode->generation == fid->generation)
			return inode;
	return NULL;
}

/* A name of @inode, or NULL. */
static struct entry *name_of(const struct inode *inode)
{
	return hlist_entry_safe(inode->names.first, struct entry, alias);
}

/* The dentry of @inode: down the names from the root of its file system. One that has no name, or is in a directory that has
 * none, stands for itself. */
static struct dentry *dentry_of(struct inode *inode)
{
	struct dentry *root = inode->sb->root, *d, *parent;
	struct entry *e, **names;
	unsigned depth = 0;

	for (e = name_of(inode); e; e = name_of(e->dir))
		depth++;
	names = kcalloc(depth + 1, sizeof(*names));
	if (!names)
		return ERR_PTR(-ENOMEM);
	e = name_of(inode);
	for (unsigned i = depth; i--; e = name_of(e->dir))
		names[i] = e;
	if (root && root->inode == (depth ? names[0]->dir : inode)) {
		d = dget(root);
	} else {
		d = d_alloc_root(inode_get(inode), "/");
		if (d)
			d->deleted = true;
		depth = 0;
	}
	for (unsigned i = 0; i < depth && d && !IS_ERR(d); i++) {
		parent = d;
		d = d_add(parent, names[i]->name, names[i]->len, inode_get(names[i]->inode));
		dput(parent);
	}
	kfree(names);
	return d ? d : ERR_PTR(-ENOMEM);
}

static struct dentry *tmpfs_decode(const struct path *where, const struct host_handle *fh)
{
	struct inode *inode;
	struct fid fid;

	if (fh->bytes < HANDLE_BYTES)
		return ERR_PTR(-ESTALE);
	memcpy(&fid, fh->data, HANDLE_BYTES);
	inode = find_inode(where->dentry->inode->sb, &fid);
	return inode ? dentry_of(inode) : ERR_PTR(-ESTALE);
}

const struct export_operations tmpfs_export_ops = { .encode = tmpfs_encode, .decode = tmpfs_decode };
