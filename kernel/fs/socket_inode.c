/* Names of sockets in the file system: the inodes that AF_UNIX binds to. What is bound to one is the socket layer's
 * knowledge; here are only the path walk and the permission checks of bind(2) and connect(2), unix(7). */
#include "hostfs.h"

struct inode *socket_inode_lookup(const char *name)
{
	struct path path;
	struct inode *inode;
	int err = path_lookup(AT_FDCWD, name, LOOKUP_FOLLOW, &path);

	if (err)
		return ERR_PTR(err);
	inode = inode_get(path.dentry->inode);
	path_put(&path);
	err = inode_permission(inode, MAY_WRITE);
	if (err) {
		inode_put(inode);
		return ERR_PTR(err);
	}
	return inode;
}

int inode_host_path(struct inode *inode, char *path, size_t size)
{
	int fd, err;

	if (!inode->sb->host)
		return -EXDEV;
	fd = hostfs_fd(HI(inode));
	if (fd < 0)
		return fd;
	err = hostfs_fd_path(fd, path, size);
	return err ? err : fd;
}

/* @maker's try at @name in @dir: 0 and *inode, 1: it is to be made in the ordinary way, or -errno. */
static int make_on_host(struct inode *dir, const char *name, u32 mode, socket_maker maker, void *ctx, struct inode **inode)
{
	char *path;
	int fd, err = 1;

	if (!maker || !dir->sb->host)
		return 1;
	path = kmalloc(PATH_MAX);
	if (!path)
		return -ENOMEM;
	fd = inode_host_path(dir, path, PATH_MAX);
	if (fd >= 0)
		err = maker(ctx, fd, path, name, mode);
	kfree(path);
	if (err)
		return err;
	err = hostfs_give_to_current(dir, fd, name, mode);
	if (err)
		return err;
	*inode = dir->ops->lookup(dir, name, strlen(name));
	return IS_ERR(*inode) ? (int)PTR_ERR(*inode) : 0;
}

struct inode *socket_inode_create(const char *name, u32 mode, socket_maker maker, void *ctx)
{
	struct nameidata nd;
	struct inode *dir, *inode = NULL;
	struct path child;
	int err = nd_parent(&nd, AT_FDCWD, name, 0);

	if (err)
		goto end;
	dir = nd.path.dentry->inode;
	if (nd.last_type != LAST_NORM) {
		err = -EEXIST;
		goto end;
	}
	err = nd_lookup_last(&nd, &child);
	if (!err) {
		path_put(&child);
		err = -EEXIST;
		goto end;
	}
	if (err != -ENOENT)
		goto end;
	err = nd.trailing ? -ENOENT : mnt_want_write(nd.path.mnt);
	if (!err)
		err = inode_permission(dir, MAY_WRITE | MAY_EXEC);
	if (!err)
		err = make_on_host(dir, nd.last, mode, maker, ctx, &inode);
	if (err == 1)
		err = dir->ops->create ? dir->ops->create(dir, nd.last, mode, 0, &inode) : -EPERM;
end:
	nd_end(&nd);
	return err ? ERR_PTR(err) : inode;
}

u64 socket_inode_dev(const struct inode *inode)
{
	return inode_dev(inode);
}
