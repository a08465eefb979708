/* File handles, open_by_handle_at(2): the calls, and who may open one. What stands in a handle is its file system's matter
 * (tmpfs_export.c, hostfs_export.c); the others have identifiers that cannot be opened, as in Linux. */
#include "internal.h"
#include "syscalls.h"
#include <linux/capability.h>

#ifndef AT_HANDLE_FID
#define AT_HANDLE_FID 0x200 /* Linux 6.5: an identifier is enough, it need not be opened */
#endif
#ifndef AT_HANDLE_MNT_ID_UNIQUE
#define AT_HANDLE_MNT_ID_UNIQUE 1 /* Linux 6.12 */
#endif
#ifndef AT_HANDLE_CONNECTABLE
#define AT_HANDLE_CONNECTABLE 2 /* Linux 6.13 */
#endif
#define FILEID_INO64_GEN 0x81
#define FILEID_INVALID 0xff
/* What the calls put above the file system's type. */
#define FILEID_TYPE 0xffff
#define FILEID_IS_CONNECTABLE 0x10000
#define FILEID_IS_DIR 0x20000
#define HANDLE_HEAD offsetof(struct host_handle, data)

static int encode(struct inode *inode, struct host_handle *fh, int flags)
{
	const struct export_operations *export = inode->sb ? inode->sb->export : NULL;
	struct { u64 ino; u32 gen; } fid = { .ino = inode->ino };
	int err = export ? export->encode(inode, fh, flags & AT_HANDLE_CONNECTABLE) : -EOPNOTSUPP;

	if (err == -EOPNOTSUPP && (flags & AT_HANDLE_FID)) {
		fh->bytes = 12;
		fh->type = FILEID_INO64_GEN;
		memcpy(fh->data, &fid, 12);
		return 0;
	}
	if (!err && (flags & AT_HANDLE_CONNECTABLE))
		fh->type |= FILEID_IS_CONNECTABLE | (S_ISDIR(inode->mode) ? FILEID_IS_DIR : 0);
	return err;
}

/* What does not fit is not copied; the caller learns how much room it takes. */
static int put_handle(const struct path *path, struct host_handle *fh, struct host_handle __user *handle, void __user *mnt_id,
	bool unique)
{
	u32 id = path->mnt ? path->mnt->id : 0, room;
	int err = 0;

	if (copy_from_user(&room, handle, sizeof(room)))
		return -EFAULT;
	if (room > HOST_HANDLE_SIZE)
		return -EINVAL;
	if (fh->bytes > room) {
		err = -EOVERFLOW;
		fh->type = FILEID_INVALID;
	}
	if (unique ? put_user(mount_unique_id_of(id), (u64 __user *)mnt_id) : put_user(id, (u32 __user *)mnt_id))
		return -EFAULT;
	return copy_to_user(handle, fh, HANDLE_HEAD + (err ? 0 : fh->bytes)) ? -EFAULT : err;
}

SYSCALL_DEFINE5(name_to_handle_at, int, dfd, const char __user *, name, struct host_handle __user *, handle, void __user *, mnt_id,
	int, flag)
{
	struct host_handle fh = { 0 };
	struct path path;
	int err;

	if (flag & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH | AT_HANDLE_FID | AT_HANDLE_MNT_ID_UNIQUE | AT_HANDLE_CONNECTABLE))
		return -EINVAL;
	if ((flag & AT_HANDLE_CONNECTABLE) && (flag & (AT_HANDLE_FID | AT_EMPTY_PATH)))
		return -EINVAL;
	err = user_path(dfd, name, (flag & AT_SYMLINK_FOLLOW ? LOOKUP_FOLLOW : 0) | (flag & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0),
		&path);
	if (err)
		return err;
	err = encode(path.dentry->inode, &fh, flag);
	if (!err)
		err = put_handle(&path, &fh, handle, mnt_id, flag & AT_HANDLE_MNT_ID_UNIQUE);
	path_put(&path);
	return err;
}

static int get_handle(struct host_handle *fh, const struct host_handle __user *handle)
{
	if (copy_from_user(fh, handle, HANDLE_HEAD))
		return -EFAULT;
	if (!fh->bytes || fh->bytes > HOST_HANDLE_SIZE)
		return -EINVAL;
	if (fh->type < 0 || (fh->type & ~(FILEID_TYPE | FILEID_IS_CONNECTABLE | FILEID_IS_DIR)))
		return -EINVAL;
	return copy_from_user(fh->data, (const u8 __user *)handle + HANDLE_HEAD, fh->bytes) ? -EFAULT : 0;
}

/* Where the file system is that the handle belongs to. */
static int get_anchor(int mountdirfd, struct path *path)
{
	struct file *f;
	int err;

	if (mountdirfd == AT_FDCWD)
		return dfd_path(AT_FDCWD, path);
	f = fget(mountdirfd);
	if (!f)
		return -EBADF;
	err = file_dentry_path(f, path);
	file_put(f);
	return err;
}

static struct dentry *decode(const struct path *where, struct host_handle *fh)
{
	const struct super_block *sb = where->dentry->inode->sb;
	u32 type = fh->type;
	struct dentry *d;

	if (!sb || !sb->export)
		return ERR_PTR(-ESTALE);
	fh->type &= FILEID_TYPE;
	d = sb->export->decode(where, fh);
	if (IS_ERR(d))
		return d;
	if (((type & FILEID_IS_DIR) && !S_ISDIR(d->inode->mode)) ||
			((type & FILEID_IS_CONNECTABLE) && !d_is_ancestor(where->dentry, d))) {
		dput(d);
		return ERR_PTR(-ESTALE);
	}
	return d;
}

SYSCALL_DEFINE3(open_by_handle_at, int, mountdirfd, struct host_handle __user *, handle, int, flags)
{
	struct host_handle fh;
	struct path where, path;
	long ret = get_handle(&fh, handle);

	if (ret)
		return ret;
	ret = get_anchor(mountdirfd, &where);
	if (ret)
		return ret;
	path = (struct path){ where.mnt, capable(CAP_DAC_READ_SEARCH) ? decode(&where, &fh) : ERR_PTR(-EPERM) };
	if (IS_ERR(path.dentry)) {
		ret = PTR_ERR(path.dentry);
	} else {
		ret = path_open_fd(&path, flags);
		dput(path.dentry);
	}
	path_put(&where);
	return ret;
}
