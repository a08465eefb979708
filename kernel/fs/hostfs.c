/* hostfs: the host's tree as the guest's, with the rights of the host's user.
 *
 * Inodes are known by (dev, ino). A directory that is walked through keeps an O_PATH descriptor on the host, so that
 * every call on the host names one component in one directory: nothing that another host process renames meanwhile can
 * lead the walk elsewhere. Each open regular file or directory has a host descriptor of its own, opened with the guest's
 * flags, and the host checks the rights. FIFOs, sockets and devices of the host's tree are never opened there.
 *
 * Data: reads and mappings of regular files go through the page cache; write(2) goes to the host at once and then into
 * the pages that are cached. The cache of a file is thrown away at open when size, mtime or ctime are not those that it
 * was filled under. Files of the host's own pseudo file systems (sysfs) are read directly. */
#include "internal.h"
#include "printk.h"
#include <linux/magic.h>

struct hostfs_file {
	struct list_head node;    /* hostfs_inode.files */
	int fd;
	bool can_read, can_write;
	bool stream;              /* umk's own descriptor 0, 1 or 2: the position is the host's; not closed */
};
struct hostfs_inode {
	struct inode inode;
	u64 dev;
	struct host_stat st;      /* as last seen */
	struct hostfs_inode *dir; /* where it was last found: reference held, or NULL */
	char *name;
	struct host_stat cached;  /* as it was when the cached pages were last known to be true: mtime and ctime */
	int path_fd;              /* O_PATH, or -1 */
	bool direct;              /* no page cache: sizes there mean nothing */
	struct list_head files;   /* hostfs_file.node: open descriptors */
	struct kmutex io;         /* one transfer between pages and host at a time */
	struct list_head lru;     /* unused and cached, or empty */
};

#define HASH_SIZE 1024
static struct list_head inode_hash[HASH_SIZE];
static LIST_HEAD(unused);       /* oldest first */
static unsigned nr_unused, nr_unused_fds;
#define MAX_UNUSED 512
#define MAX_UNUSED_FDS 48
static struct kmem_cache *hostfs_inode_cache, *hostfs_file_cache;
static struct super_block hostfs_sb = { .type = "hostfs", .magic = 0x00c0ffee, .host = true };
static struct hostfs_inode *hostfs_root;

static const struct inode_operations hostfs_inode_ops;
static const struct file_operations hostfs_file_ops, hostfs_direct_ops, hostfs_dir_ops;
static const struct address_space_operations hostfs_pages_ops;

static struct hostfs_inode *HI(struct inode *inode)
{
	return container_of(inode, struct hostfs_inode, inode);
}

/* ---- the host's calls ---- */

static int host_openat(int dirfd, const char *name, int flags, u32 mode)
{
	struct host_req r = { .op = HOST_OPEN, .fd = dirfd, .path = name, .flags = flags, .mode = mode };
	long fd = host_call(&r);

	if ((fd == -EMFILE || fd == -ENFILE) && inode_cache_shrink())
		fd = host_call(&r);
	return fd;
}

static void host_close(int fd)
{
	struct host_req r = { .op = HOST_CLOSE, .fd = fd };

	host_call(&r);
}

static int host_statat(int dirfd, const char *name, struct host_stat *st)
{
	struct host_req r = { .op = HOST_STAT, .fd = dirfd, .path = name, .stat = st,
		.flags = AT_SYMLINK_NOFOLLOW | (*name ? 0 : AT_EMPTY_PATH) };

	return host_call(&r);
}

void kstat_from_host(struct kstat *to, const struct host_stat *from)
{
	to->dev = from->dev, to->ino = from->ino, to->nlink = from->nlink, to->rdev = from->rdev;
	to->size = from->size, to->blocks = from->blocks, to->mode = from->mode, to->uid = from->uid;
	to->gid = from->gid, to->blksize = from->blksize;
	to->atime.sec = from->atime.sec, to->atime.nsec = from->atime.nsec;
	to->mtime.sec = from->mtime.sec, to->mtime.nsec = from->mtime.nsec;
	to->ctime.sec = from->ctime.sec, to->ctime.nsec = from->ctime.nsec;
	to->btime.sec = from->btime.sec, to->btime.nsec = from->btime.nsec;
	to->attributes = from->attributes, to->attributes_mask = from->attributes_mask, to->mnt_id = from->mnt_id;
	to->result_mask = STATX_BASIC_STATS | (from->btime.sec || from->btime.nsec ? STATX_BTIME : 0);
}

/* ---- inodes ---- */

static struct list_head *hash_of(u64 dev, u64 ino)
{
	u64 h = (ino ^ dev * 31) * 0x9e3779b97f4a7c15ull;

	return &inode_hash[h >> 54];
}

static void hostfs_free(struct hostfs_inode *hi)
{
	struct hostfs_inode *dir = hi->dir;

	list_del(&hi->inode.hash_node);
	address_space_destroy(&hi->inode.mapping);
	if (hi->path_fd >= 0)
		host_close(hi->path_fd);
	kfree(hi->name);
	kmem_cache_free(hostfs_inode_cache, hi);
	if (dir)
		inode_put(&dir->inode);
}

static void unused_remove(struct hostfs_inode *hi)
{
	list_del(&hi->lru);
	nr_unused--;
	nr_unused_fds -= hi->path_fd >= 0;
}

static void unused_trim(unsigned keep, unsigned keep_fds)
{
	struct hostfs_inode *hi, *n;

	list_for_each_entry_safe(hi, n, &unused, lru) {
		if (nr_unused <= keep && nr_unused_fds <= keep_fds)
			return;
		if (nr_unused <= keep && hi->path_fd < 0)
			continue;
		unused_remove(hi);
		/* May sleep and change the list: start again. */
		hostfs_free(hi);
		return unused_trim(keep, keep_fds);
	}
}

u64 inode_cache_shrink(void)
{
	u64 before = nr_free_pages() + nr_unused_fds + nr_unused;

	unused_trim(0, 0);
	return before != nr_free_pages() + nr_unused_fds + nr_unused;
}

/* The last reference is gone: what holds pages or a descriptor stays for a while. */
static void hostfs_evict(struct inode *inode)
{
	struct hostfs_inode *hi = HI(inode);

	if (list_empty(&inode->hash_node) || hi == hostfs_root || inode->mapping.nr_dirty ||
			(hi->path_fd < 0 && !inode->mapping.nr_pages)) {
		hostfs_free(hi);
		return;
	}
	list_add_tail(&hi->lru, &unused);
	nr_unused++;
	nr_unused_fds += hi->path_fd >= 0;
	unused_trim(MAX_UNUSED, MAX_UNUSED_FDS);
}

#define FUSE_MAGIC 0x65735546

/* Whether the sizes that the file system tells mean nothing, so that its files are read as they come. */
static bool is_direct(u64 dev, int fd, u64 size)
{
	static struct { u64 dev; bool known, direct, fuse; } seen[16];
	unsigned slot = dev % ARRAY_SIZE(seen);
	struct host_statfs fs = { 0 };
	struct host_req r = { .op = HOST_STATFS, .fd = fd, .statfs = &fs };

	if (!seen[slot].known || seen[slot].dev != dev) {
		bool direct = false;

		if (host_call(&r) == 0)
			direct = fs.type == PROC_SUPER_MAGIC || fs.type == SYSFS_MAGIC || fs.type == CGROUP_SUPER_MAGIC ||
				fs.type == CGROUP2_SUPER_MAGIC || fs.type == DEBUGFS_MAGIC || fs.type == TRACEFS_MAGIC ||
				fs.type == SECURITYFS_MAGIC || fs.type == BPF_FS_MAGIC || fs.type == PSTOREFS_MAGIC ||
				fs.type == EFIVARFS_MAGIC;
		seen[slot].fuse = fs.type == FUSE_MAGIC;
		seen[slot].dev = dev;
		seen[slot].direct = direct;
		seen[slot].known = true;
	}
	return seen[slot].direct || (seen[slot].fuse && !size); /* some files of FUSE have no size but contents */
}

u64 hostfs_dev(const struct inode *inode)
{
	return container_of(inode, struct hostfs_inode, inode)->dev;
}

static void hostfs_update(struct hostfs_inode *hi, const struct host_stat *st)
{
	hi->st = *st;
	hi->inode.mode = st->mode;
	hi->inode.uid = st->uid;
	hi->inode.gid = st->gid;
	hi->inode.nlink = st->nlink;
	hi->inode.rdev = st->rdev;
	/* The size follows the host only when the cache does: see hostfs_revalidate. */
	if (!S_ISREG(st->mode))
		hi->inode.size = st->size;
}

struct inode *hostfs_inode_of(const struct host_stat *st)
{
	struct list_head *bucket = hash_of(st->dev, st->ino);
	struct hostfs_inode *hi;

	list_for_each_entry(hi, bucket, inode.hash_node) {
		if (hi->dev != st->dev || hi->inode.ino != st->ino)
			continue;
		if (((hi->st.mode ^ st->mode) & S_IFMT) || hi->st.btime.sec != st->btime.sec ||
				hi->st.btime.nsec != st->btime.nsec) {
			/* The number was used again for another object. */
			if (!list_empty(&hi->lru)) {
				unused_remove(hi);
				hostfs_free(hi);
			} else {
				list_del(&hi->inode.hash_node);
			}
			break;
		}
		if (!list_empty(&hi->lru)) {
			unused_remove(hi);
			hi->inode.refs = 0;
		}
		hi->inode.refs++;
		hi->st.nlink = st->nlink;
		return &hi->inode;
	}
	hi = kmem_cache_zalloc(hostfs_inode_cache);
	if (!hi)
		return ERR_PTR(-ENOMEM);
	inode_init(&hi->inode, &hostfs_sb, st->mode);
	hi->inode.ino = st->ino;
	hi->inode.ops = &hostfs_inode_ops;
	hi->inode.size = st->size;
	hi->inode.mapping.ops = &hostfs_pages_ops;
	hi->inode.fops = S_ISDIR(st->mode) ? &hostfs_dir_ops : &hostfs_file_ops;
	hi->dev = st->dev;
	hi->path_fd = -1;
	hi->st = *st;
	INIT_LIST_HEAD(&hi->files);
	INIT_LIST_HEAD(&hi->lru);
	kmutex_init(&hi->io);
	hostfs_update(hi, st);
	list_add(&hi->inode.hash_node, bucket);
	return &hi->inode;
}

/* Where @hi was found last; for operations on what nobody has open. */
static void set_where(struct hostfs_inode *hi, struct hostfs_inode *dir, const char *name)
{
	struct hostfs_inode *was = hi->dir;
	char *copy;

	if (was == dir && hi->name && !strcmp(hi->name, name))
		return;
	if (hi == dir)
		return;
	copy = kstrdup(name);
	if (!copy)
		return;
	kfree(hi->name);
	hi->name = copy;
	inode_get(&dir->inode);
	hi->dir = dir;
	if (was)
		inode_put(&was->inode);
}

static int open_path_fd(struct hostfs_inode *hi);

/* A host descriptor for @hi that *at calls with an empty path can use: one that is open, or an O_PATH one that is opened
 * now and kept. -errno. */
static int path_fd_of(struct hostfs_inode *hi)
{
	if (hi->path_fd < 0 && !list_empty(&hi->files))
		return list_first_entry(&hi->files, struct hostfs_file, node)->fd;
	return open_path_fd(hi);
}

static int open_path_fd(struct hostfs_inode *hi)
{
	struct host_stat st;
	int fd, err;

	if (hi->path_fd >= 0)
		return hi->path_fd;
	if (S_ISDIR(hi->inode.mode) && !list_empty(&hi->files)) {
		fd = host_openat(list_first_entry(&hi->files, struct hostfs_file, node)->fd, ".", O_PATH, 0);
	} else {
		if (!hi->dir)
			return -ESTALE;
		fd = path_fd_of(hi->dir);
		if (fd < 0)
			return fd;
		fd = host_openat(fd, hi->name, O_PATH | O_NOFOLLOW, 0);
	}
	if (fd < 0)
		return fd;
	err = host_statat(fd, "", &st);
	if (!err && (st.dev != hi->dev || st.ino != hi->inode.ino))
		err = -ENOENT;
	if (err || hi->path_fd >= 0) {
		host_close(fd);
		return err ? err : hi->path_fd;
	}
	hi->path_fd = fd;
	return fd;
}

/* Somebody stands in it or holds it without opening it: it stays what it is when its name goes. */
int hostfs_pin(struct inode *inode)
{
	int fd = open_path_fd(HI(inode));

	return min(fd, 0);
}

int hostfs_where(struct inode *inode, int *fd, const char **path)
{
	struct hostfs_inode *hi = HI(inode);
	struct host_stat st;

	if (hi->path_fd < 0 && list_empty(&hi->files) && hi->dir) {
		*fd = path_fd_of(hi->dir);
		*path = hi->name;
		if (*fd >= 0 && host_statat(*fd, *path, &st) == 0 && st.dev == hi->dev && st.ino == inode->ino)
			return 0;
	}
	*fd = path_fd_of(hi);
	*path = "";
	return min(*fd, 0);
}

static struct inode *hostfs_lookup(struct inode *dir, const char *name, unsigned len __maybe_unused)
{
	int fd = path_fd_of(HI(dir)), err;
	struct host_stat st;
	struct inode *inode;

	if (fd < 0)
		return ERR_PTR(fd);
	err = host_statat(fd, name, &st);
	if (err)
		return ERR_PTR(err);
	inode = hostfs_inode_of(&st);
	if (!IS_ERR(inode)) {
		hostfs_update(HI(inode), &st);
		set_where(HI(inode), HI(dir), name);
	}
	return inode;
}

static int hostfs_permission(struct inode *inode, int mask)
{
	struct host_req r = { .op = HOST_ACCESS, .path = "", .mode = mask & 7, .flags = AT_EMPTY_PATH };
	struct hostfs_inode *hi = HI(inode);
	long err;

	if (!cred_is_host())
		return generic_permission(inode, mask);
	if (mask & MAY_DEFER)
		return 0;
	/* Directories that are searched: what everybody, the owner or root may needs no question. */
	if (S_ISDIR(inode->mode) && (mask & 7) == MAY_EXEC && ((inode->mode & 0111) == 0111 || umk_options.uid == 0 ||
			(inode->uid == umk_options.uid && (inode->mode & 0100))))
		return 0;
	if (hi->path_fd < 0 && list_empty(&hi->files) && hi->dir && !S_ISLNK(inode->mode)) {
		r.fd = path_fd_of(hi->dir);
		r.path = hi->name;
		r.flags = AT_SYMLINK_NOFOLLOW;
	} else {
		r.fd = path_fd_of(hi);
	}
	if (r.fd < 0)
		return r.fd;
	err = host_call(&r);
	/* Hosts without faccessat2 know no flags. */
	if (err == -EINVAL || err == -ENOSYS || err == -EOPNOTSUPP)
		err = generic_permission(inode, mask);
	return err;
}

static int hostfs_getattr(struct inode *inode, struct kstat *st)
{
	struct hostfs_inode *hi = HI(inode);
	struct host_stat hst;
	int err = 0, fd;

	if (!(st->result_mask & KSTAT_FRESH)) {
		fd = path_fd_of(hi);
		err = fd < 0 ? fd : host_statat(fd, "", &hst);
		if (err)
			return err;
		hostfs_update(hi, &hst);
	}
	kstat_from_host(st, &hi->st);
	return 0;
}

/* ---- names ---- */

/* A file made by a guest whose user is not the host's belongs to the guest's user. */
static int give_to_current(int dirfd, const char *name)
{
	struct host_req r = { .op = HOST_CHOWN, .fd = dirfd, .path = name, .flags = AT_SYMLINK_NOFOLLOW };

	if (cred_is_host())
		return 0;
	r.size = current->cred->fsuid;
	r.offset = current->cred->fsgid;
	return host_call(&r);
}

static int hostfs_create(struct inode *dir, const char *name, u32 mode, u64 rdev, struct inode **made)
{
	struct host_req r = { .op = HOST_MKNOD, .path = name, .mode = mode, .offset = rdev };
	long err;

	r.fd = path_fd_of(HI(dir));
	if (r.fd < 0)
		return r.fd;
	err = host_call(&r);
	if (!err)
		err = give_to_current(r.fd, name);
	if (!err && made) {
		*made = hostfs_lookup(dir, name, strlen(name));
		err = IS_ERR(*made) ? PTR_ERR(*made) : 0;
	}
	return err;
}

static int hostfs_mkdir(struct inode *dir, const char *name, u32 mode)
{
	struct host_req r = { .op = HOST_MKDIR, .path = name, .mode = mode };
	long err;

	r.fd = path_fd_of(HI(dir));
	if (r.fd < 0)
		return r.fd;
	err = host_call(&r);
	return err ? err : give_to_current(r.fd, name);
}

static int unlink_at(struct inode *dir, const char *name, int flags)
{
	struct host_req r = { .op = HOST_UNLINK, .path = name, .flags = flags };

	r.fd = path_fd_of(HI(dir));
	return r.fd < 0 ? r.fd : host_call(&r);
}

static int hostfs_unlink(struct inode *dir, const char *name)
{
	return unlink_at(dir, name, 0);
}

static int hostfs_rmdir(struct inode *dir, const char *name)
{
	return unlink_at(dir, name, AT_REMOVEDIR);
}

static int hostfs_rename(struct inode *dir, const char *name, struct inode *dir2, const char *name2, unsigned flags)
{
	struct host_req r = { .op = HOST_RENAME, .path = name, .path2 = name2, .flags = flags };

	r.fd = path_fd_of(HI(dir));
	r.fd2 = path_fd_of(HI(dir2));
	if (r.fd < 0 || r.fd2 < 0)
		return min(r.fd, r.fd2);
	return host_call(&r);
}

static int hostfs_link(struct inode *inode, struct inode *dir, const char *name)
{
	struct hostfs_inode *hi = HI(inode);
	struct host_req r = { .op = HOST_LINK, .path2 = name };
	struct host_stat st;
	char proc[32];

	r.fd2 = path_fd_of(HI(dir));
	if (r.fd2 < 0)
		return r.fd2;
	if (hi->dir) {
		r.fd = path_fd_of(hi->dir);
		r.path = hi->name;
		if (r.fd >= 0 && host_statat(r.fd, r.path, &st) == 0 && st.dev == hi->dev && st.ino == inode->ino)
			return host_call(&r);
	}
	/* Not where it was: through its descriptor. */
	ksnprintf(proc, sizeof(proc), "/proc/self/fd/%d", path_fd_of(hi));
	r.fd = HOST_AT_FDCWD;
	r.path = proc;
	r.flags = AT_SYMLINK_FOLLOW;
	return host_call(&r);
}

static int hostfs_symlink(struct inode *dir, const char *name, const char *target)
{
	struct host_req r = { .op = HOST_SYMLINK, .path = name, .path2 = target };
	long err;

	r.fd = path_fd_of(HI(dir));
	if (r.fd < 0)
		return r.fd;
	err = host_call(&r);
	return err ? err : give_to_current(r.fd, name);
}

static int hostfs_readlink(struct inode *inode, char *buf, size_t size)
{
	struct hostfs_inode *hi = HI(inode);
	struct host_req r = { .op = HOST_READLINK, .buf = buf, .size = size };

	if (hi->path_fd < 0 && hi->dir) {
		r.fd = path_fd_of(hi->dir);
		r.path = hi->name;
	} else {
		r.fd = path_fd_of(hi);
		r.path = "";
	}
	return r.fd < 0 ? r.fd : host_call(&r);
}

static int hostfs_setattr(struct inode *inode, unsigned valid, const struct kstat *st)
{
	struct hostfs_inode *hi = HI(inode);
	struct { s64 sec, nsec; } times[2];
	struct host_req r = { .path = "", .flags = AT_EMPTY_PATH };
	struct host_stat now;
	char proc[32];
	long err = 0;

	if (!list_empty(&hi->files)) {
		r.fd = list_first_entry(&hi->files, struct hostfs_file, node)->fd;
		r.path = NULL;
		r.flags = 0;
	} else {
		if (hi->dir && (r.fd = path_fd_of(hi->dir)) >= 0 && host_statat(r.fd, hi->name, &now) == 0 &&
				now.dev == hi->dev && now.ino == inode->ino) {
			r.path = hi->name;
			r.flags = S_ISLNK(inode->mode) ? AT_SYMLINK_NOFOLLOW : 0;
		} else {
			r.fd = path_fd_of(hi);
			if (r.fd < 0)
				return r.fd;
			ksnprintf(proc, sizeof(proc), "/proc/self/fd/%d", r.fd);
			r.fd = HOST_AT_FDCWD;
			r.path = proc;
			r.flags = 0;
		}
	}
	if (valid & (ATTR_UID | ATTR_GID)) {
		r.op = HOST_CHOWN;
		r.size = valid & ATTR_UID ? st->uid : (u32)-1;
		r.offset = valid & ATTR_GID ? st->gid : (u32)-1;
		err = host_call(&r);
	}
	if (!err && (valid & ATTR_MODE)) {
		r.op = HOST_CHMOD;
		r.mode = st->mode & 07777;
		err = host_call(&r);
	}
	if (!err && (valid & (ATTR_ATIME | ATTR_MTIME | ATTR_ATIME_NOW | ATTR_MTIME_NOW))) {
		times[0].sec = st->atime.sec;
		times[0].nsec = valid & ATTR_ATIME_NOW ? UTIME_NOW : valid & ATTR_ATIME ? st->atime.nsec : UTIME_OMIT;
		times[1].sec = st->mtime.sec;
		times[1].nsec = valid & ATTR_MTIME_NOW ? UTIME_NOW : valid & ATTR_MTIME ? st->mtime.nsec : UTIME_OMIT;
		r.op = HOST_UTIMENS;
		r.buf = times;
		err = host_call(&r);
	}
	if (err)
		return err;
	/* The rights that umk itself checks, now. */
	if (valid & ATTR_MODE)
		inode->mode = (inode->mode & S_IFMT) | (st->mode & 07777);
	if (valid & ATTR_UID)
		inode->uid = st->uid;
	if (valid & ATTR_GID)
		inode->gid = st->gid;
	return 0;
}

static int hostfs_statfs(struct inode *inode, void *statfs)
{
	struct host_req r = { .op = HOST_STATFS, .statfs = statfs };

	r.fd = path_fd_of(HI(inode));
	return r.fd < 0 ? r.fd : host_call(&r);
}

/* ---- opening ---- */

/* The host has another file under the pages than they were read from: they go. */
static void hostfs_revalidate(struct hostfs_inode *hi, const struct host_stat *st, bool all)
{
	struct inode *inode = &hi->inode;
	bool same = inode->size == st->size && hi->cached.mtime.sec == st->mtime.sec && !all &&
		hi->cached.mtime.nsec == st->mtime.nsec && hi->cached.ctime.sec == st->ctime.sec &&
		hi->cached.ctime.nsec == st->ctime.nsec;

	if (inode->mapping.nr_pages && !same) {
		u64 old = inode->size;

		write_dirty_pages(&inode->mapping, 0, ~0ull);
		invalidate_pages(&inode->mapping, 0, ~0ull);
		inode->size = st->size;
		if (st->size < old)
			truncate_pages(&inode->mapping, st->size);
	}
	inode->size = st->size;
	hi->cached = *st;
	hostfs_update(hi, st);
}

static struct hostfs_file *attach_fd(struct hostfs_inode *hi, int fd, u32 flags)
{
	struct hostfs_file *hf = kmem_cache_zalloc(hostfs_file_cache);

	if (!hf)
		return NULL;
	hf->fd = fd;
	hf->can_read = (flags & O_ACCMODE) == O_RDONLY || (flags & O_ACCMODE) == O_RDWR;
	hf->can_write = (flags & O_ACCMODE) == O_WRONLY || (flags & O_ACCMODE) == O_RDWR;
	list_add(&hf->node, &hi->files);
	return hf;
}

/* Is @fd what @hi was looked up as? 0 with its attributes fresh, or -ESTALE. */
static int same_object(struct hostfs_inode *hi, int fd)
{
	struct host_stat st;
	int err = host_statat(fd, "", &st);

	if (!err && (st.dev != hi->dev || st.ino != hi->inode.ino || ((st.mode ^ hi->inode.mode) & S_IFMT)))
		err = -ESTALE;
	if (!err)
		hostfs_revalidate(hi, &st, false);
	return err;
}

/* Takes over @fd, which same_object() has seen. */
static int finish_open(struct hostfs_inode *hi, struct file *f, int fd)
{
	struct inode *inode = &hi->inode;
	struct hostfs_file *hf;

	if (S_ISREG(inode->mode)) {
		hi->direct = is_direct(hi->dev, fd, inode->size);
		f->ops = hi->direct ? &hostfs_direct_ops : &hostfs_file_ops;
	} else {
		f->ops = &hostfs_dir_ops;
	}
	hf = attach_fd(hi, fd, f->flags);
	if (!hf) {
		host_close(fd);
		return -ENOMEM;
	}
	f->private = hf;
	return 0;
}

/* What the host is asked for: never to block on a FIFO that has taken the file's place, never a link's target. */
static int host_flags(u32 flags)
{
	return (flags & (O_ACCMODE | O_TRUNC | O_DIRECTORY | O_SYNC | O_NOATIME)) | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
}

static int hostfs_open(struct inode *inode, struct file *f)
{
	struct hostfs_inode *hi = HI(inode);
	struct host_stat st;
	char proc[32];
	int fd, err;

	if (hi->dir) {
		int dirfd = path_fd_of(hi->dir);

		if (dirfd < 0)
			return dirfd;
		fd = host_openat(dirfd, hi->name, host_flags(f->flags), 0);
		err = fd < 0 ? fd : same_object(hi, fd);
		if (!err)
			return finish_open(hi, f, fd);
		if (fd >= 0)
			host_close(fd);
		else if (!host_statat(dirfd, hi->name, &st) && st.dev == hi->dev && st.ino == inode->ino)
			return fd;
	}
	/* Its name is gone, or means something else: what is still held can be opened (/proc/self/fd of an unlinked file),
	 * for the rest the walk is repeated. */
	if (hi->path_fd < 0 && list_empty(&hi->files))
		return -ESTALE;
	ksnprintf(proc, sizeof(proc), "/proc/self/fd/%d", path_fd_of(hi));
	fd = host_openat(HOST_AT_FDCWD, proc, host_flags(f->flags) & ~O_NOFOLLOW, 0);
	if (fd < 0)
		return fd;
	err = same_object(hi, fd);
	if (!err)
		return finish_open(hi, f, fd);
	host_close(fd);
	return err;
}

static int hostfs_create_open(struct inode *dir, const char *name, u32 mode, struct file *f, struct inode **made)
{
	int dirfd = path_fd_of(HI(dir)), fd, err;
	struct host_stat st;
	struct inode *inode;

	if (dirfd < 0)
		return dirfd;
	fd = host_openat(dirfd, name, (host_flags(f->flags) & ~O_TRUNC) | O_CREAT | O_EXCL, mode & 07777);
	if (fd < 0)
		return fd;
	err = give_to_current(dirfd, name);
	if (!err)
		err = host_statat(fd, "", &st);
	if (err) {
		host_close(fd);
		return err;
	}
	inode = hostfs_inode_of(&st);
	if (IS_ERR(inode)) {
		host_close(fd);
		return PTR_ERR(inode);
	}
	set_where(HI(inode), HI(dir), name);
	hostfs_revalidate(HI(inode), &st, false);
	err = finish_open(HI(inode), f, fd);
	if (err) {
		inode_put(inode);
		return err;
	}
	*made = inode;
	return 0;
}

static int hostfs_tmpfile(struct inode *dir, u32 mode, struct file *f, struct inode **made)
{
	int dirfd = path_fd_of(HI(dir)), fd, err;
	struct host_stat st;
	struct inode *inode;

	if (dirfd < 0)
		return dirfd;
	fd = host_openat(dirfd, ".", (f->flags & (O_ACCMODE | O_EXCL)) | O_TMPFILE, mode & 07777);
	if (fd < 0)
		return fd;
	err = host_statat(fd, "", &st);
	inode = err ? ERR_PTR(err) : hostfs_inode_of(&st);
	if (IS_ERR(inode)) {
		host_close(fd);
		return PTR_ERR(inode);
	}
	hostfs_revalidate(HI(inode), &st, false);
	err = finish_open(HI(inode), f, fd);
	if (err)
		inode_put(inode);
	else
		*made = inode;
	return err;
}

struct file *hostfs_file_of(int fd, const struct host_stat *st, u32 flags)
{
	struct inode *inode = hostfs_inode_of(st);
	struct hostfs_file *hf;
	struct file *f;

	if (IS_ERR(inode))
		return ERR_PTR(PTR_ERR(inode));
	f = file_alloc(S_ISDIR(st->mode) ? &hostfs_dir_ops : &hostfs_file_ops, inode, flags);
	hf = f ? attach_fd(HI(inode), fd, flags) : NULL;
	inode_put(inode);
	if (!hf) {
		if (f)
			file_put(f);
		return ERR_PTR(-ENOMEM);
	}
	if (S_ISREG(st->mode) && hf->can_write)
		inode->writers++;
	hf->stream = true;
	f->private = hf;
	return f;
}

static void hostfs_release(struct file *f)
{
	struct hostfs_file *hf = f->private;

	if (!hf)
		return;
	if (hf->can_write && f->inode->mapping.nr_dirty)
		write_dirty_pages(&f->inode->mapping, 0, ~0ull);
	list_del(&hf->node);
	if (!hf->stream)
		host_close(hf->fd);
	kmem_cache_free(hostfs_file_cache, hf);
}

/* ---- pages ---- */

static int fd_for(struct hostfs_inode *hi, bool write)
{
	struct hostfs_file *hf;

	list_for_each_entry(hf, &hi->files, node)
		if (write ? hf->can_write : hf->can_read)
			return hf->fd;
	return -EIO;
}

static int hostfs_read_pages(struct inode *inode, struct page *first, u32 count)
{
	struct hostfs_inode *hi = HI(inode);
	u8 *to = page_address(first);
	u64 size = (u64)count * PAGE_SIZE, done = 0;
	int err = 0;

	kmutex_lock(&hi->io);
	while (done < size) {
		struct host_req r = { .op = HOST_PREAD, .buf = to + done, .size = size - done,
			.offset = first->index * PAGE_SIZE + done };
		long n;

		r.fd = fd_for(hi, false);
		n = r.fd < 0 ? r.fd : host_call(&r);
		if (n == -EINTR || n == -EAGAIN)
			continue;
		if (n < 0)
			err = n;
		if (n <= 0)
			break;
		done += n;
	}
	kmutex_unlock(&hi->io);
	memset(to + done, 0, size - done);
	return err;
}

static int hostfs_read_page(struct inode *inode, struct page *page)
{
	return hostfs_read_pages(inode, page, 1);
}

static int hostfs_write_page(struct inode *inode, struct page *page)
{
	struct hostfs_inode *hi = HI(inode);
	u64 at = page->index * PAGE_SIZE;
	struct host_req r = { .op = HOST_PWRITE, .buf = page_address(page), .offset = at };
	long n = 0;

	kmutex_lock(&hi->io);
	if (at < inode->size) {
		r.size = min(inode->size - at, (u64)PAGE_SIZE);
		r.fd = fd_for(hi, true);
		n = r.fd < 0 ? r.fd : host_call(&r);
	}
	kmutex_unlock(&hi->io);
	return n < 0 ? n : 0;
}

static const struct address_space_operations hostfs_pages_ops = {
	.read_page = hostfs_read_page,
	.read_pages = hostfs_read_pages,
	.write_page = hostfs_write_page,
};

/* ---- reading and writing ---- */

/* The file may have grown on the host since it was opened (a log that is followed): asked at the end only. */
static int see_growth(struct hostfs_inode *hi, int fd)
{
	struct inode *inode = &hi->inode;
	struct host_stat st;
	int err = host_statat(fd, "", &st);

	if (err || st.size == inode->size)
		return err;
	if (st.size > inode->size) {
		if (inode->size & (PAGE_SIZE - 1))
			invalidate_pages(&inode->mapping, inode->size / PAGE_SIZE, inode->size / PAGE_SIZE + 1);
		inode->size = st.size;
	} else {
		inode->size = st.size;
		truncate_pages(&inode->mapping, st.size);
	}
	return 0;
}

#define CHUNK (128 * 1024ul)

static ssize_t read_host(int fd, u64 *pos, bool stream, struct iov_iter *to)
{
	size_t size = min(iov_iter_count(to), CHUNK);
	ssize_t done = 0;
	u8 *buf = kmalloc(size ? size : 1);

	if (!buf)
		return -ENOMEM;
	while (iov_iter_count(to)) {
		struct host_req r = { .op = stream ? HOST_READ : HOST_PREAD, .fd = fd, .buf = buf, .offset = *pos };
		size_t copied;
		long n;

		r.size = min(iov_iter_count(to), size);
		n = host_call(&r);
		if (n <= 0) {
			if (!done)
				done = n;
			break;
		}
		copied = copy_to_iter(buf, n, to);
		*pos += copied;
		done += copied;
		if (copied < (size_t)n) {
			if (!done)
				done = -EFAULT;
			break;
		}
		if ((size_t)n < r.size || fatal_signal_pending(current))
			break;
		cond_resched();
	}
	kfree(buf);
	return done;
}

static ssize_t hostfs_read(struct file *f, struct iov_iter *to, u64 *pos)
{
	struct hostfs_inode *hi = HI(f->inode);
	struct hostfs_file *hf = f->private;
	int err;

	if (hf->stream && pos == &f->pos) {
		if (hi->inode.mapping.nr_dirty)
			write_dirty_pages(&hi->inode.mapping, 0, ~0ull);
		return read_host(hf->fd, pos, true, to);
	}
	if (*pos + iov_iter_count(to) > f->inode->size) {
		err = see_growth(hi, hf->fd);
		if (err)
			return err;
	}
	return generic_file_read(f->inode, pos, to);
}

static ssize_t direct_read(struct file *f, struct iov_iter *to, u64 *pos)
{
	struct hostfs_file *hf = f->private;

	return read_host(hf->fd, pos, hf->stream && pos == &f->pos, to);
}

/* What has gone to the host at @pos goes into the pages that are cached. */
static void update_pages(struct inode *inode, u64 pos, const u8 *from, size_t size)
{
	if (pos + size > inode->size)
		inode->size = pos + size;
	inode->mapping.version++;
	while (size && inode->mapping.nr_pages) {
		struct page *page = find_page(&inode->mapping, pos / PAGE_SIZE);
		size_t off = pos & (PAGE_SIZE - 1), n = min(size, PAGE_SIZE - off);

		if (page) {
			memcpy((u8 *)page_address(page) + off, from, n);
			page_put(page);
		}
		pos += n, from += n, size -= n;
	}
}

static ssize_t hostfs_write(struct file *f, struct iov_iter *from, u64 *pos)
{
	struct hostfs_inode *hi = HI(f->inode);
	struct hostfs_file *hf = f->private;
	bool stream = hf->stream && pos == &f->pos, append = f->flags & O_APPEND;
	size_t size = min(iov_iter_count(from), CHUNK);
	ssize_t done = 0;
	u8 *buf;

	if (!size)
		return 0;
	buf = kmalloc(size);
	if (!buf)
		return -ENOMEM;
	while (iov_iter_count(from)) {
		struct host_req r = { .op = stream ? HOST_WRITE : HOST_PWRITE, .fd = hf->fd, .buf = buf };
		size_t want = min(iov_iter_count(from), size), got;
		struct host_stat st;
		long n = 0;

		/* Not under the lock: the buffer may be a mapping of this very file. */
		got = copy_from_iter(buf, want, from);
		if (!got) {
			n = -EFAULT;
			goto out;
		}
		kmutex_lock(&hi->io);
		if (append && !stream) {
			n = host_statat(hf->fd, "", &st);
			if (!n)
				*pos = st.size;
		}
		r.size = got;
		if (!n && !stream)
			n = generic_write_checks(*pos, &r.size);
		r.offset = append && !stream ? ~0ull : *pos;
		if (!n)
			n = host_call(&r);
		if (n > 0 && stream) {
			struct host_req seek = { .op = HOST_LSEEK, .fd = hf->fd, .offset = 0, .flags = 1 };
			long end = host_call(&seek);

			*pos = end > n ? end - n : 0;
		}
		if (n > 0) {
			update_pages(f->inode, *pos, buf, n);
			*pos += n;
			done += n;
		}
		kmutex_unlock(&hi->io);
		if (n < 0)
			goto out;
		if ((size_t)n < got)
			iov_iter_revert(from, got - n);
		if (got < want || (size_t)n < got || fatal_signal_pending(current))
			goto out;
		cond_resched();
		continue;
out:
		if (!done)
			done = n;
		break;
	}
	kfree(buf);
	return done;
}

static loff_t hostfs_llseek(struct file *f, loff_t off, int whence)
{
	struct hostfs_file *hf = f->private;
	struct host_stat st;
	loff_t end;
	int err;

	if (hf->stream || whence > 2) {
		/* The position is the host's, or the host alone knows where the holes are. */
		struct host_req r = { .op = HOST_LSEEK, .fd = hf->fd, .offset = off, .flags = whence };

		if (whence > 2 && f->inode->mapping.nr_dirty)
			write_dirty_pages(&f->inode->mapping, 0, ~0ull);
		end = host_call(&r);
		if (end >= 0)
			f->pos = end;
		return end;
	}
	if (whence == 2) {
		err = host_statat(hf->fd, "", &st);
		if (err)
			return err;
		return generic_llseek(f, off, whence, max(st.size, hf->can_write ? 0 : st.size));
	}
	return generic_llseek(f, off, whence, 0);
}

static int hostfs_mmap(struct file *f, struct vm_area *vma)
{
	vma->mapping = &f->inode->mapping;
	return 0;
}

static int hostfs_flush(struct file *f)
{
	if (f->inode->mapping.nr_dirty)
		return write_dirty_pages(&f->inode->mapping, 0, ~0ull);
	return 0;
}

static int hostfs_fsync(struct file *f, bool datasync)
{
	struct hostfs_file *hf = f->private;
	struct host_req r = { .op = HOST_FSYNC, .fd = hf->fd, .flags = datasync };
	int err = write_dirty_pages(&f->inode->mapping, 0, ~0ull);

	return err ? err : host_call(&r);
}

static int hostfs_truncate(struct file *f, u64 size)
{
	struct hostfs_inode *hi = HI(f->inode);
	struct hostfs_file *hf = f->private;
	struct host_req r = { .op = HOST_TRUNCATE, .fd = hf->fd, .size = size };
	long err;

	kmutex_lock(&hi->io);
	err = host_call(&r);
	if (!err)
		f->inode->size = size;
	kmutex_unlock(&hi->io);
	if (!err)
		truncate_pages(&f->inode->mapping, size);
	return err;
}

static int hostfs_fallocate(struct file *f, int mode, u64 off, u64 len)
{
	struct hostfs_file *hf = f->private;
	struct host_req r = { .op = HOST_FALLOCATE, .fd = hf->fd, .flags = mode, .offset = off, .size = len };
	struct host_stat st;
	long err;

	write_dirty_pages(&f->inode->mapping, 0, ~0ull);
	err = host_call(&r);
	if (!err && !host_statat(hf->fd, "", &st))
		hostfs_revalidate(HI(f->inode), &st, mode != 0);
	return err;
}

/* ---- directories ---- */

struct host_dirent {
	u64 ino;
	s64 off;
	u16 reclen;
	u8 type;
	char name[];
};

static int hostfs_getdents(struct file *f, void *ctx, bool (*emit)(void *ctx, const char *name, unsigned len, u64 ino,
	unsigned type, u64 next_off))
{
	struct hostfs_file *hf = f->private;
	u8 *buf = kmalloc(32 * 1024);
	int err = 0;

	if (!buf)
		return -ENOMEM;
	for (bool full = false; !full;) {
		struct host_req r = { .op = HOST_GETDENTS, .fd = hf->fd, .buf = buf, .size = 32 * 1024, .offset = f->pos };
		long n = host_call(&r), at = 0;

		if (n <= 0) {
			err = n;
			break;
		}
		while (at < n) {
			struct host_dirent *d = (void *)(buf + at);

			if (!emit(ctx, d->name, strlen(d->name), d->ino, d->type, d->off)) {
				full = true;
				break;
			}
			f->pos = d->off;
			at += d->reclen;
		}
	}
	kfree(buf);
	return err;
}

static loff_t hostfs_dir_llseek(struct file *f, loff_t off, int whence)
{
	struct hostfs_file *hf = f->private;
	struct host_req r = { .op = HOST_LSEEK, .fd = hf->fd, .offset = off, .flags = whence };
	loff_t at;

	/* What a position in a directory means, and where its end is, the host's file system knows. */
	if (whence == 1) {
		if (__builtin_add_overflow(off, (loff_t)f->pos, &at))
			return -EINVAL;
		r.offset = at;
		r.flags = 0;
	}
	at = host_call(&r);
	if (at >= 0)
		f->pos = at;
	return at;
}

static ssize_t dir_read(struct file *f __maybe_unused, struct iov_iter *to __maybe_unused, u64 *pos __maybe_unused)
{
	return -EISDIR;
}

static const struct file_operations hostfs_file_ops = {
	.name = "hostfs", .read = hostfs_read, .write = hostfs_write, .llseek = hostfs_llseek, .mmap = hostfs_mmap,
	.flush = hostfs_flush, .fsync = hostfs_fsync, .truncate = hostfs_truncate, .fallocate = hostfs_fallocate,
	.release = hostfs_release,
};
static const struct file_operations hostfs_direct_ops = {
	.name = "hostfs", .read = direct_read, .write = hostfs_write, .llseek = hostfs_llseek,
	.fsync = hostfs_fsync, .truncate = hostfs_truncate, .release = hostfs_release,
};
static const struct file_operations hostfs_dir_ops = {
	.name = "hostfs", .read = dir_read, .llseek = hostfs_dir_llseek, .getdents = hostfs_getdents,
	.fsync = hostfs_fsync, .release = hostfs_release,
};
static const struct inode_operations hostfs_inode_ops = {
	.lookup = hostfs_lookup, .create = hostfs_create, .create_open = hostfs_create_open, .tmpfile = hostfs_tmpfile,
	.mkdir = hostfs_mkdir, .unlink = hostfs_unlink, .rmdir = hostfs_rmdir, .rename = hostfs_rename,
	.link = hostfs_link, .symlink = hostfs_symlink, .readlink = hostfs_readlink, .getattr = hostfs_getattr,
	.setattr = hostfs_setattr, .permission = hostfs_permission, .open = hostfs_open, .evict = hostfs_evict,
	.statfs = hostfs_statfs,
};

/* ---- mounting ---- */

struct super_block *hostfs_mount_root(const char *dir, struct dentry **root)
{
	struct host_stat st;
	struct inode *inode;
	int fd, err;

	hostfs_inode_cache = kmem_cache_create("hostfs_inode", sizeof(struct hostfs_inode), 16);
	hostfs_file_cache = kmem_cache_create("hostfs_file", sizeof(struct hostfs_file), 16);
	for (unsigned i = 0; i < HASH_SIZE; i++)
		INIT_LIST_HEAD(&inode_hash[i]);
	fd = host_openat(HOST_AT_FDCWD, dir, O_PATH | O_DIRECTORY, 0);
	if (fd < 0)
		return ERR_PTR(fd);
	err = host_statat(fd, "", &st);
	inode = err ? ERR_PTR(err) : hostfs_inode_of(&st);
	if (IS_ERR(inode))
		return ERR_PTR(PTR_ERR(inode));
	hostfs_root = HI(inode);
	hostfs_root->path_fd = fd;
	*root = d_alloc_root(inode, "");
	return *root ? &hostfs_sb : ERR_PTR(-ENOMEM);
}
