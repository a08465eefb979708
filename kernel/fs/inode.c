/* Inodes: reference counts, generic rights and attributes. Which file system an inode belongs to and what it holds is
 * the file systems' matter; hostfs keeps unused ones in its own cache. */
#include "internal.h"
#include <linux/capability.h>

static struct kmem_cache *inode_cache;

u64 make_dev(unsigned major, unsigned minor)
{
	return (minor & 0xff) | (u64)(major & 0xfff) << 8 | (u64)(minor & ~0xffu) << 12;
}

u64 new_anon_dev(void)
{
	static unsigned minor = 1;

	return make_dev(0, 0x100 + minor++);
}

static struct ktimespec time_now(void)
{
	u64 ns = ktime_get_real();

	return (struct ktimespec){ .sec = ns / NSEC_PER_SEC, .nsec = ns % NSEC_PER_SEC };
}

void inode_init(struct inode *inode, struct super_block *sb, u32 mode)
{
	inode->refs = 1;
	inode->mode = mode;
	inode->sb = sb;
	if (sb)
		sb->inodes++;
	inode->nlink = 1;
	inode->uid = current ? current->cred->fsuid : umk_options.uid;
	inode->gid = current ? current->cred->fsgid : umk_options.gid;
	inode->ino = sb ? ++sb->next_ino : 0;
	inode->atime = inode->mtime = inode->ctime = inode->btime = time_now();
	INIT_LIST_HEAD(&inode->hash_node);
	address_space_init(&inode->mapping, inode, NULL);
}

struct inode *inode_alloc(struct super_block *sb, u32 mode)
{
	struct inode *inode;

	if (!inode_cache)
		inode_cache = kmem_cache_create("inode", sizeof(struct inode), 16);
	inode = kmem_cache_zalloc(inode_cache);
	if (inode)
		inode_init(inode, sb, mode);
	return inode;
}

void inode_put(struct inode *inode)
{
	struct super_block *sb;

	if (!inode || --inode->refs)
		return;
	if (inode->sb && inode->sb->host) {
		inode->ops->evict(inode); /* caches it or frees it */
		return;
	}
	if (inode->ops && inode->ops->evict)
		inode->ops->evict(inode);
	address_space_destroy(&inode->mapping);
	if (inode->origin)
		inode_put(inode->origin);
	sb = inode->sb;
	kmem_cache_free(inode_cache, inode);
	if (sb)
		sb_inode_gone(sb);
}

/* ---- rights ---- */

bool inode_may_write(struct inode *inode)
{
	return inode_owner_or_capable(inode) || !inode_permission(inode, MAY_WRITE);
}

bool in_group(u32 gid)
{
	const struct cred *c = current->cred;

	if (c->fsgid == gid)
		return true;
	for (u32 i = 0; i < c->ngroups; i++)
		if (c->groups[i] == gid)
			return true;
	return false;
}

bool cred_is_host(void)
{
	const struct cred *c;

	if (!current)
		return true;
	c = current->cred;
	if (c->fsuid != umk_options.uid || c->fsgid != umk_options.gid || c->ngroups != umk_options.ngroups)
		return false;
	if (c->fsuid == 0 && !(c->cap_effective & 1ull << CAP_DAC_OVERRIDE))
		return false;
	for (u32 i = 0; i < c->ngroups; i++) {
		bool found = false;

		for (u32 j = 0; j < umk_options.ngroups && !found; j++)
			found = umk_options.groups[j] == c->groups[i];
		if (!found)
			return false;
	}
	return true;
}

/* path_resolution(7): the owner's bits for the owner, else the group's for its members, else the others'. */
int generic_permission(struct inode *inode, int mask)
{
	u32 mode = inode->mode;

	mask &= 7;
	if (!current)
		return 0;
	if (current->cred->fsuid == inode->uid)
		mode >>= 6;
	else if (in_group(inode->gid))
		mode >>= 3;
	if ((mask & ~mode) == 0)
		return 0;
	if (S_ISDIR(inode->mode)) {
		if (!(mask & MAY_WRITE) && capable(CAP_DAC_READ_SEARCH))
			return 0;
		return capable(CAP_DAC_OVERRIDE) ? 0 : -EACCES;
	}
	if (mask == MAY_READ && capable(CAP_DAC_READ_SEARCH))
		return 0;
	if ((!(mask & MAY_EXEC) || (inode->mode & 0111)) && capable(CAP_DAC_OVERRIDE))
		return 0;
	return -EACCES;
}

int inode_permission(struct inode *inode, int mask)
{
	if ((mask & MAY_WRITE) && inode_fixed(inode))
		return -EPERM;
	if (inode->ops && inode->ops->permission)
		return inode->ops->permission(inode, mask);
	return generic_permission(inode, mask);
}

bool inode_owner_or_capable(const struct inode *inode)
{
	return current->cred->fsuid == inode->uid || capable(CAP_FOWNER);
}

int may_delete(const struct path *dir, struct dentry *victim, bool isdir)
{
	struct inode *d = dir->dentry->inode, *v = victim->inode;
	int err = mnt_want_write(dir->mnt);

	if (err)
		return err;
	if (!d->sb->host || !cred_is_host()) {
		err = inode_permission(d, MAY_WRITE | MAY_EXEC);
		if (err)
			return err;
		if ((d->mode & S_ISVTX) && v->uid != current->cred->fsuid && d->uid != current->cred->fsuid &&
				!capable(CAP_FOWNER))
			return -EPERM;
		if (inode_append(d) || inode_append(v) || inode_fixed(v))
			return -EPERM;
	}
	err = isdir && !S_ISDIR(v->mode) ? -ENOTDIR : !isdir && S_ISDIR(v->mode) ? -EISDIR : victim->mounted ? -EBUSY : 0;
	if (err && d->sb->host && cred_is_host()) {
		/* The host will not be asked: the right to the directory comes first. */
		int denied = inode_permission(d, MAY_WRITE | MAY_EXEC);

		if (denied)
			return denied;
	}
	return err;
}

u32 creation_mode(const struct inode *dir, u32 mode)
{
	if (S_ISDIR(mode) || !(dir->mode & S_ISGID) || (mode & (S_ISGID | S_IXGRP)) != (S_ISGID | S_IXGRP))
		return mode;
	return in_group(dir->gid) || capable(CAP_FSETID) ? mode : mode & ~S_ISGID;
}

/* chown(2): set-group-ID of what is no program stays for members of the group. */
u32 mode_without_privs(const struct inode *inode)
{
	u32 mode = inode->mode & ~S_ISUID;

	if ((mode & S_ISGID) && ((mode & S_IXGRP) || (!in_group(inode->gid) && !capable(CAP_FSETID))))
		mode &= ~S_ISGID;
	return mode;
}

void file_remove_privs(struct file *f)
{
	struct inode *inode = f->inode;
	struct kstat st = { 0 };

	if (!(inode->mode & (S_ISUID | S_ISGID)) || !S_ISREG(inode->mode) || capable(CAP_FSETID))
		return;
	st.mode = mode_without_privs(inode);
	if (st.mode == inode->mode)
		return;
	if (inode->ops && inode->ops->setattr)
		inode->ops->setattr(inode, ATTR_MODE, &st);
}

/* ---- attributes ---- */

static bool time_before(const struct ktimespec *a, const struct ktimespec *b)
{
	return a->sec < b->sec || (a->sec == b->sec && a->nsec < b->nsec);
}

static void times_to_kstat(struct kstat *st, const struct inode *inode)
{
	st->atime.sec = inode->atime.sec, st->atime.nsec = inode->atime.nsec;
	st->mtime.sec = inode->mtime.sec, st->mtime.nsec = inode->mtime.nsec;
	st->ctime.sec = inode->ctime.sec, st->ctime.nsec = inode->ctime.nsec;
	st->btime.sec = inode->btime.sec, st->btime.nsec = inode->btime.nsec;
}

void generic_getattr(const struct inode *inode, struct kstat *st)
{
	*st = (struct kstat){
		.dev = inode->sb ? inode->sb->dev : 0, .ino = inode->ino, .nlink = inode->nlink, .rdev = inode->rdev,
		.size = inode->size, .blocks = inode->mapping.nr_pages * (PAGE_SIZE / 512),
		.mode = inode->mode, .uid = inode->uid, .gid = inode->gid,
		.blksize = inode->sb && inode->sb->blksize ? inode->sb->blksize : PAGE_SIZE,
		.result_mask = STATX_BASIC_STATS | STATX_BTIME,
	};
	times_to_kstat(st, inode);
}

int inode_getattr(struct inode *inode, struct kstat *st)
{
	if (inode->ops && inode->ops->getattr)
		return inode->ops->getattr(inode, st);
	generic_getattr(inode, st);
	return 0;
}

/* mount(2): with MS_RELATIME, when the time of access is not newer than the others, or a day old. */
void file_accessed(struct file *f)
{
	const struct mount *m = f->path.mnt;
	struct inode *inode = f->inode;
	struct ktimespec now = time_now();

	if ((f->flags & O_NOATIME) || (inode->fsflags & FS_NOATIME_FL) || mnt_want_write(m))
		return;
	if (m && ((m->flags & MS_NOATIME) || (S_ISDIR(inode->mode) && (m->flags & MS_NODIRATIME))))
		return;
	if (m && (m->flags & MS_RELATIME) && now.sec - inode->atime.sec < 24 * 3600 &&
			time_before(&inode->mtime, &inode->atime) && time_before(&inode->ctime, &inode->atime))
		return;
	inode->atime = now;
}

void inode_touch(struct inode *inode, unsigned which)
{
	struct ktimespec now = time_now();

	if (which & ATTR_ATIME_NOW)
		inode->atime = now;
	if (which & ATTR_MTIME_NOW)
		inode->mtime = now;
	if (!(which & ATTR_ATIME_NOW))
		inode->ctime = now;
}

int simple_setattr(struct inode *inode, unsigned valid, const struct kstat *st)
{
	struct ktimespec now = time_now();

	if (valid & ATTR_MODE)
		inode->mode = (inode->mode & S_IFMT) | (st->mode & 07777);
	if (valid & ATTR_UID)
		inode->uid = st->uid;
	if (valid & ATTR_GID)
		inode->gid = st->gid;
	if (valid & ATTR_ATIME)
		inode->atime = (struct ktimespec){ st->atime.sec, st->atime.nsec };
	if (valid & ATTR_MTIME)
		inode->mtime = (struct ktimespec){ st->mtime.sec, st->mtime.nsec };
	if (valid & ATTR_ATIME_NOW)
		inode->atime = now;
	if (valid & ATTR_MTIME_NOW)
		inode->mtime = now;
	inode->ctime = now;
	return 0;
}
