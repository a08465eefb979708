/* File handles of hostfs: the host's own, of whatever file system of the host's the object is on. The host opens one only for
 * who has CAP_DAC_READ_SEARCH there, and anywhere on that file system: what does not lie below the mount that the guest sees is
 * stale, as with an NFS server that checks subtrees. */
#include "hostfs.h"

static int hostfs_encode(struct inode *inode, struct host_handle *fh, bool connectable)
{
	struct host_req r = { .op = HOST_NAME_TO_HANDLE, .buf = fh, .flags = connectable };
	int err = hostfs_where(inode, &r.fd, &r.path);

	return err ? err : (int)host_call(&r);
}

/* The host's object as O_PATH: a descriptor or -errno. */
static int open_on_host(struct inode *where, const struct host_handle *fh)
{
	struct host_req r = { .op = HOST_OPEN_HANDLE, .buf = (void *)fh, .flags = O_PATH };
	struct hostfs_inode *dir = S_ISDIR(where->mode) ? HI(where) : HI(where)->dir;
	int fd = dir ? hostfs_fd(dir) : -ESTALE;

	if (fd < 0)
		return fd;
	/* The host, too, wants one that is open. */
	r.fd = hostfs_openat(fd, ".", O_RDONLY | O_DIRECTORY, 0);
	if (r.fd < 0)
		return r.fd;
	fd = (int)host_call(&r);
	hostfs_close(r.fd);
	return fd;
}

/* The part of @path below @root, both the host's; NULL: it is not there. */
static char *below(char *path, const char *root)
{
	size_t len = strcmp(root, "/") ? strlen(root) : 0;

	return !strncmp(path, root, len) && (path[len] == '/' || !path[len]) ? path + len : NULL;
}

/* Walks @text, without links and taken apart, down from the root of @mnt: the dentry of @inode there, or ERR_PTR. */
static struct dentry *walk_down(struct mount *mnt, char *text, const struct inode *inode)
{
	struct path at = { mntget(mnt), dget(mnt->root) }, child;
	int err = 0;

	for (char *next; !err && text && *text; text = next) {
		next = (char *)strchr(text, '/');
		if (next)
			*next++ = 0;
		if (!*text)
			continue;
		err = lookup_child(&at, text, strlen(text), LOOKUP_SLOW, &child);
		if (!err) {
			path_put(&at);
			at = child;
		}
	}
	if (!err && (at.mnt != mnt || at.dentry->inode != inode))
		err = -ESTALE;
	mntput(at.mnt);
	if (!err)
		return at.dentry;
	dput(at.dentry);
	return ERR_PTR(err);
}

/* The name of @inode, which the host has just opened as @fd, below @mnt. The host may know none at present: then it will do that
 * all that it has is the guest's. */
static struct dentry *hostfs_dentry_of(struct mount *mnt, struct inode *inode, int fd)
{
	char *root = kmalloc(PATH_MAX), *path = kmalloc(PATH_MAX);
	struct dentry *d = ERR_PTR(-ESTALE);
	char *text;

	if (!root || !path) {
		d = ERR_PTR(-ENOMEM);
	} else if (inode_host_path(mnt->root->inode, root, PATH_MAX) >= 0 && !hostfs_fd_path(fd, path, PATH_MAX)) {
		text = below(path, root);
		if (text)
			d = walk_down(mnt, text, inode);
		if (IS_ERR(d) && !strcmp(root, "/"))
			d = d_alloc_root(inode_get(inode), "/");
	}
	kfree(root);
	kfree(path);
	return d ? d : ERR_PTR(-ENOMEM);
}

static struct dentry *hostfs_decode(const struct path *where, const struct host_handle *fh)
{
	struct host_stat st;
	struct inode *inode;
	struct dentry *d;
	int fd = open_on_host(where->dentry->inode, fh);

	if (fd < 0)
		return ERR_PTR(fd);
	inode = hostfs_inode_by_fd(fd, &st);
	if (IS_ERR(inode))
		return ERR_PTR(PTR_ERR(inode));
	/* What is removed and only cached here would be gone without that. */
	if (!st.nlink)
		inode_cache_shrink();
	if (!where->mnt || (!st.nlink && inode->refs == 1))
		d = ERR_PTR(-ESTALE);
	else
		d = hostfs_dentry_of(where->mnt, inode, fd);
	hostfs_keep_fd(HI(inode), fd);
	inode_put(inode);
	return d;
}

const struct export_operations hostfs_export_ops = { .encode = hostfs_encode, .decode = hostfs_decode };
