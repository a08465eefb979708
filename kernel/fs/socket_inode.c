/* Names of sockets in the file system: the inodes that AF_UNIX binds to. What is bound to one is the socket layer's
 * knowledge; here are only the path walk and the permission checks of bind(2) and connect(2), unix(7). */
#include "internal.h"

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

struct inode *socket_inode_create(const char *name, u32 mode)
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
		err = dir->ops->create ? dir->ops->create(dir, nd.last, mode, 0, &inode) : -EPERM;
end:
	nd_end(&nd);
	return err ? ERR_PTR(err) : inode;
}
