/* Copy-up: before something below the overlay changes for the first time, it is copied into the upper tree with its
 * attributes, its extended attributes and, for a file, its contents; and so are the directories that lead to it, by name only.
 * A file is copied without a name and linked when it is whole, so that nobody sees half of it. */
#include "overlay.h"
#include <linux/limits.h>

#define CHUNK (128 * 1024ul)

/* ---- contents ---- */

static bool is_zero(const u8 *p, size_t size)
{
	const u64 *w = (const u64 *)p;

	for (; size >= 8; size -= 8)
		if (*w++)
			return false;
	return true;
}

/* Blocks of zeroes stay holes. */
static int copy_data(struct inode *lower, struct inode *upper)
{
	struct file *in = ovl_open_real(lower, O_RDONLY);
	u8 *buf = kmalloc(CHUNK);
	u64 pos = 0;
	int err = IS_ERR(in) ? PTR_ERR(in) : !buf ? -ENOMEM : 0;

	while (!err) {
		struct iov_iter it;
		u64 at = pos;
		ssize_t n, put;

		iov_iter_kbuf(&it, buf, CHUNK);
		n = in->ops->read(in, &it, &at);
		if (n <= 0) {
			err = n;
			break;
		}
		iov_iter_kbuf(&it, buf, n);
		at = pos;
		put = is_zero(buf, n & ~7ul) && is_zero(buf, n) && !(n & 7) ? n : generic_file_write(upper, &at, &it);
		if (put < n)
			err = put < 0 ? put == -ENOMEM ? -ENOSPC : put : -ENOSPC;
		pos += n;
		if (!err && fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	if (!err)
		upper->size = pos;
	kfree(buf);
	if (!IS_ERR(in))
		file_put(in);
	return err;
}

/* ---- attributes ---- */

static void copy_one_xattr(struct inode *lower, struct inode *upper, const char *name)
{
	ssize_t size = lower->ops->getxattr(lower, name, NULL, 0);
	void *value = size >= 0 ? kmalloc(size + 1) : NULL;

	if (value) {
		size = lower->ops->getxattr(lower, name, value, size);
		if (size >= 0)
			upper->ops->setxattr(upper, name, value, size, 0);
	}
	kfree(value);
}

/* Those of name spaces that the upper tree has; what the host's file system keeps for itself stays there. */
static void copy_xattrs(struct inode *lower, struct inode *upper)
{
	static const char *const spaces[] = { "user.", "trusted.", "security." };
	ssize_t size = lower->ops->listxattr ? lower->ops->listxattr(lower, NULL, 0) : 0;
	char *list = size > 0 ? kmalloc(size) : NULL;

	size = list ? lower->ops->listxattr(lower, list, size) : 0;
	for (ssize_t at = 0; at < size; at += strlen(list + at) + 1)
		for (unsigned i = 0; i < ARRAY_SIZE(spaces); i++)
			if (!strncmp(list + at, spaces[i], strlen(spaces[i])))
				copy_one_xattr(lower, upper, list + at);
	kfree(list);
}

static void copy_attributes(struct inode *upper, const struct kstat *st)
{
	upper->mode = st->mode;
	upper->uid = st->uid;
	upper->gid = st->gid;
	upper->atime = (struct ktimespec){ st->atime.sec, st->atime.nsec };
	upper->mtime = (struct ktimespec){ st->mtime.sec, st->mtime.nsec };
	upper->ctime = (struct ktimespec){ st->ctime.sec, st->ctime.nsec };
}

/* ---- one object ---- */

static int copy_file(struct inode *dir, struct inode *lower, u32 mode, bool data, struct inode **made)
{
	struct file *f = file_alloc(NULL, NULL, O_WRONLY);
	int err;

	if (!f)
		return -ENOMEM;
	err = dir->ops->tmpfile(dir, mode & 07777, f, made);
	f->ops = NULL;
	file_put(f);
	if (err)
		return err;
	(*made)->linkable = true;
	err = data ? copy_data(lower, *made) : 0;
	if (err)
		inode_put(*made);
	return err;
}

static int copy_symlink(struct inode *dir, struct inode *lower, const char *name)
{
	char *text = kmalloc(PATH_MAX);
	int len = text ? lower->ops->readlink(lower, text, PATH_MAX - 1) : -ENOMEM;

	if (len >= 0) {
		text[len] = 0;
		len = dir->ops->symlink(dir, name, text);
	}
	kfree(text);
	return len;
}

/* Into @dir, which is above. */
static int copy_object(struct inode *dir, struct ovl *o, const struct kstat *st, bool data, struct inode **made)
{
	int err;

	switch (st->mode & S_IFMT) {
	case S_IFREG:
		return copy_file(dir, o->lower, st->mode, data, made);
	case S_IFDIR:
		err = dir->ops->mkdir(dir, o->name, st->mode & 07777);
		break;
	case S_IFLNK:
		err = copy_symlink(dir, o->lower, o->name);
		break;
	default:
		err = dir->ops->create(dir, o->name, st->mode, st->rdev, NULL);
	}
	if (err)
		return err;
	*made = dir->ops->lookup(dir, o->name, strlen(o->name));
	return IS_ERR(*made) ? PTR_ERR(*made) : 0;
}

/* @inode's directory is above already. */
static int copy_up_one(struct inode *inode, bool data)
{
	struct ovl *o = OVL(inode);
	struct inode *dir = OVL(o->parent)->upper, *lower = o->lower, *upper;
	struct ktimespec mtime = dir->mtime, ctime = dir->ctime;
	struct kstat st = { 0 };
	int err;

	if (o->removed && !S_ISREG(inode->mode))
		return -ESTALE;
	inode_get(lower);
	err = inode_getattr(lower, &st);
	if (!err)
		err = copy_object(dir, o, &st, data, &upper);
	if (err)
		goto put;
	if (o->upper) { /* somebody was faster while this copy slept */
		if (!S_ISREG(st.mode))
			err = 0;
		inode_put(upper);
		goto put;
	}
	copy_xattrs(lower, upper);
	copy_attributes(upper, &st);
	if (S_ISREG(st.mode) && !o->removed)
		err = dir->ops->link(upper, dir, o->name);
	if (err || o->upper) {
		inode_put(upper);
		goto put;
	}
	upper->ctime = (struct ktimespec){ st.ctime.sec, st.ctime.nsec };
	/* Whose other names stay below is another file from now on. */
	if (S_ISDIR(st.mode) || st.nlink == 1)
		upper->origin = inode_get(lower);
	dir->mtime = mtime;
	dir->ctime = ctime;
	ovl_set_upper(inode, upper);
	if (!S_ISDIR(st.mode)) {
		o->lower = NULL;
		inode_put(lower);
	}
put:
	inode_put(lower);
	return err;
}

/* From the top down; by a loop, as a guest decides how deep it is. */
int ovl_copy_up(struct inode *inode, bool data)
{
	while (!OVL(inode)->upper) {
		struct inode *at = inode;
		int err;

		while (OVL(at)->parent && !OVL(OVL(at)->parent)->upper)
			at = OVL(at)->parent;
		inode_get(at);
		err = copy_up_one(at, data || at != inode);
		inode_put(at);
		if (err)
			return err;
	}
	return 0;
}
