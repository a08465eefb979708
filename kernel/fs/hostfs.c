/* hostfs: the host's tree as the guest's, with the rights of the host's user.
 *
 * Inodes are known by (dev, ino). A directory that is walked through keeps an O_PATH descriptor on the host, so that
 * every call on the host names one component in one directory: nothing that another host process renames meanwhile can
 * lead the walk elsewhere. Each open regular file or directory has a host descriptor of its own, opened with the guest's
 * flags, and the host checks the rights (hostfs_file.c). FIFOs, sockets and devices of the host's tree are never opened
 * there. */
#include "hostfs.h"
#include <linux/resource.h>

#define HASH_BITS 13
static struct list_head inode_hash[1 << HASH_BITS]; /* those that were never used are all zeroes */
static LIST_HEAD(unused);       /* oldest first */
static unsigned nr_unused, nr_unused_fds;
#define MAX_UNUSED 512
#define MAX_UNUSED_FDS 48
static struct kmem_cache *hostfs_inode_cache;
struct super_block hostfs_sb = { .type = "hostfs", .magic = 0x00c0ffee, .host = true, .refs = 1,
	.export = &hostfs_export_ops };
static struct hostfs_inode *hostfs_root;

static unsigned nr_path_fds;    /* all that inodes hold */

static const struct inode_operations hostfs_inode_ops;

/* ---- the host's calls ---- */

int hostfs_openat(int dirfd, const char *name, int flags, u32 mode)
{
	struct host_req r = { .op = HOST_OPEN, .fd = dirfd, .path = name, .flags = flags, .mode = mode };
	long fd = host_call(&r);

	if ((fd == -EMFILE || fd == -ENFILE) && inode_cache_shrink())
		fd = host_call(&r);
	return fd;
}

void hostfs_close(int fd)
{
	struct host_req r = { .op = HOST_CLOSE, .fd = fd };

	host_call(&r);
}

int hostfs_statat(int dirfd, const char *name, struct host_stat *st)
{
	struct host_req r = { .op = HOST_STAT, .fd = dirfd, .path = name, .stat = st,
		.flags = AT_SYMLINK_NOFOLLOW | (*name ? 0 : AT_EMPTY_PATH) };

	return host_call(&r);
}

int hostfs_fd_path(int fd, char *path, size_t size)
{
	struct host_req r = { .op = HOST_READLINK, .fd = HOST_AT_FDCWD, .buf = path, .size = size - 1 };
	char link[32];
	long n;

	ksnprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	r.path = link;
	n = host_call(&r);
	if (n < 0)
		return n;
	path[n] = 0;
	return 0;
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
	to->dio_mem_align = from->dio_mem_align, to->dio_offset_align = from->dio_offset_align;
	to->result_mask = STATX_BASIC_STATS | (from->btime.sec || from->btime.nsec ? STATX_BTIME : 0) |
		(from->dio_offset_align ? STATX_DIOALIGN : 0);
}

/* ---- inodes ---- */

static struct list_head *hash_of(u64 dev, u64 ino)
{
	u64 h = (ino ^ dev * 31) * 0x9e3779b97f4a7c15ull;
	struct list_head *bucket = &inode_hash[h >> (64 - HASH_BITS)];

	if (!bucket->next)
		INIT_LIST_HEAD(bucket);
	return bucket;
}

static void hostfs_free(struct hostfs_inode *hi)
{
	struct hostfs_inode *dir = hi->dir;

	list_del(&hi->inode.hash_node);
	hostwatch_end(hi);
	hostfs_let_go(hi);
	address_space_destroy(&hi->inode.mapping);
	if (hi->path_fd >= 0) {
		hostfs_close(hi->path_fd);
		nr_path_fds--;
	}
	kfree(hi->link);
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

	hostfs_drop_all_held(NULL);
	dcache_shrink();
	unused_trim(0, 0);
	return before != nr_free_pages() + nr_unused_fds + nr_unused;
}

/* The last reference is gone: what holds pages or a descriptor stays for a while. */
static void hostfs_evict(struct inode *inode)
{
	struct hostfs_inode *hi = HI(inode);

	hostfs_let_go(hi);
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

u64 hostfs_dev(const struct inode *inode)
{
	return container_of(inode, struct hostfs_inode, inode)->dev;
}

void hostfs_update(struct hostfs_inode *hi, const struct host_stat *st)
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

/* Does the host mean @inode, not another object that has got its number? */
static bool is_object(const struct inode *inode, const struct host_stat *st)
{
	const struct hostfs_inode *hi = container_of(inode, struct hostfs_inode, inode);

	return inode->sb == &hostfs_sb && inode->ino == st->ino && hi->dev == st->dev && !((hi->st.mode ^ st->mode) & S_IFMT) &&
		hi->st.btime.sec == st->btime.sec && hi->st.btime.nsec == st->btime.nsec;
}

struct inode *hostfs_inode_of(const struct host_stat *st)
{
	struct list_head *bucket = hash_of(st->dev, st->ino);
	struct hostfs_inode *hi;

	list_for_each_entry(hi, bucket, inode.hash_node) {
		if (hi->dev != st->dev || hi->inode.ino != st->ino)
			continue;
		if (!is_object(&hi->inode, st)) {
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
	hi->path_fd = hi->held_fd = -1;
	hi->st = *st;
	INIT_LIST_HEAD(&hi->held);
	INIT_LIST_HEAD(&hi->files);
	INIT_LIST_HEAD(&hi->lru);
	kmutex_init(&hi->io);
	hostfs_update(hi, st);
	list_add(&hi->inode.hash_node, bucket);
	return &hi->inode;
}

struct inode *hostfs_inode_by_fd(int fd, struct host_stat *st)
{
	int err = hostfs_statat(fd, "", st);
	struct inode *inode = err ? ERR_PTR(err) : hostfs_inode_of(st);

	if (IS_ERR(inode))
		hostfs_close(fd);
	return inode;
}

/* Where @hi was found last; for operations on what nobody has open. */
void hostfs_set_where(struct hostfs_inode *hi, struct hostfs_inode *dir, const char *name)
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

bool hostfs_too_many_fds(void)
{
	static unsigned limit;

	if (!limit)
		limit = max(16ull, min(512ull, (unsigned long long)umk_options.rlimit[RLIMIT_NOFILE].max / 4));
	return nr_path_fds > limit;
}

void hostfs_found(struct inode *inode, struct inode *dir, const char *name)
{
	hostfs_set_where(HI(inode), HI(dir), name);
}

static int open_path_fd(struct hostfs_inode *hi);

/* A host descriptor for @hi that *at calls with an empty path can use: one that is open, or an O_PATH one that is opened
 * now and kept. -errno. */
int hostfs_fd(struct hostfs_inode *hi)
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
		fd = hostfs_openat(list_first_entry(&hi->files, struct hostfs_file, node)->fd, ".", O_PATH, 0);
	} else {
		if (!hi->dir)
			return -ESTALE;
		fd = hostfs_fd(hi->dir);
		if (fd < 0)
			return fd;
		fd = hostfs_openat(fd, hi->name, O_PATH | O_NOFOLLOW, 0);
	}
	if (fd < 0)
		return fd;
	err = hostfs_statat(fd, "", &st);
	if (!err && (st.dev != hi->dev || st.ino != hi->inode.ino))
		err = -ENOENT;
	if (err) {
		hostfs_close(fd);
		return err;
	}
	hostfs_keep_fd(hi, fd);
	return hi->path_fd;
}

void hostfs_keep_fd(struct hostfs_inode *hi, int fd)
{
	if (hi->path_fd >= 0) {
		hostfs_close(fd);
		return;
	}
	hi->path_fd = fd;
	nr_path_fds++;
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
		*fd = hostfs_fd(hi->dir);
		*path = hi->name;
		if (*fd >= 0 && hostfs_statat(*fd, *path, &st) == 0 && st.dev == hi->dev && st.ino == inode->ino)
			return 0;
	}
	*fd = hostfs_fd(hi);
	*path = "";
	return min(*fd, 0);
}

/* The last answer that made no inode: who opens the file after looking at it gets one without a second question. */
static struct {
	u64 dir_dev, dir_ino;
	char name[64];
	struct host_stat st;
} last_told;

static void set_told(const struct hostfs_inode *dir, const char *name, const struct host_stat *st)
{
	size_t size = strlen(name) + 1;

	if (size > sizeof(last_told.name))
		return;
	last_told.dir_dev = dir->dev;
	last_told.dir_ino = dir->inode.ino;
	memcpy(last_told.name, name, size);
	last_told.st = *st;
}

static struct inode *inode_found(struct inode *dir, const char *name, const struct host_stat *st)
{
	struct inode *inode = hostfs_inode_of(st);

	if (!IS_ERR(inode)) {
		hostfs_update(HI(inode), st);
		hostfs_set_where(HI(inode), HI(dir), name);
	}
	return inode;
}

struct inode *hostfs_told(struct inode *dir, const char *name)
{
	struct host_stat st = last_told.st;

	if (last_told.dir_ino != dir->ino || last_told.dir_dev != HI(dir)->dev || strcmp(last_told.name, name))
		return NULL;
	last_told.dir_ino = 0;
	return inode_found(dir, name, &st);
}

/* A descriptor for @inode, a regular file, that is there already, or -1. */
static int fd_at_hand(struct inode *inode)
{
	struct hostfs_inode *hi = HI(inode);

	if (!S_ISREG(inode->mode))
		return -1;
	if (!list_empty(&hi->files))
		return list_first_entry(&hi->files, struct hostfs_file, node)->fd;
	return hi->held_fd >= 0 ? hi->held_fd : hi->path_fd;
}

bool hostfs_has_fd(struct inode *inode)
{
	return inode->sb == &hostfs_sb && fd_at_hand(inode) >= 0;
}

bool hostfs_getattr_by_fd(struct inode *inode, struct kstat *to)
{
	struct host_stat st;

	if (hostfs_statat(fd_at_hand(inode), "", &st) || !is_object(inode, &st))
		return false;
	hostfs_update(HI(inode), &st);
	kstat_from_host(to, &st);
	return true;
}

struct inode *hostfs_ask(struct inode *dir, const char *name, struct inode *old, struct kstat *only)
{
	int fd = hostfs_fd(HI(dir)), err;
	struct host_stat st;

	if (fd < 0)
		return ERR_PTR(fd);
	err = hostfs_statat(fd, name, &st);
	if (err)
		return ERR_PTR(err);
	if (only && S_ISREG(st.mode) && (!old || is_object(old, &st))) {
		if (old)
			hostfs_update(HI(old), &st);
		else
			set_told(HI(dir), name, &st);
		kstat_from_host(only, &st);
		return NULL;
	}
	return inode_found(dir, name, &st);
}

static struct inode *hostfs_lookup(struct inode *dir, const char *name, unsigned len __maybe_unused)
{
	return hostfs_ask(dir, name, NULL, NULL);
}

struct inode *hostfs_lookup_far(struct inode *anchor, const char *path, unsigned dirlen, struct inode *dir, const char *name,
	struct inode *expected)
{
	int fd = hostfs_fd(HI(anchor)), err;
	char dirpath[NAME_MAX + 1];
	struct host_stat st, dst;

	if (fd < 0)
		return ERR_PTR(fd);
	err = hostfs_statat(fd, path, &st);
	/* The same file by the same path as before: what the directories are makes no difference. */
	if (err || !expected || S_ISDIR(st.mode) || st.dev != HI(expected)->dev || st.ino != expected->ino) {
		memcpy(dirpath, path, dirlen);
		dirpath[dirlen] = 0;
		if (hostfs_statat(fd, dirpath, &dst) || dst.dev != HI(dir)->dev || dst.ino != dir->ino)
			return ERR_PTR(-ESTALE);
		hostfs_update(HI(dir), &dst);
	}
	if (err)
		return ERR_PTR(err);
	return inode_found(dir, name, &st);
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
	/* Directories that are searched: what everybody, the owner or root may needs no question. Nor does one that the host
	 * was asked about when its watch began. */
	if (S_ISDIR(inode->mode) && (mask & 7) == MAY_EXEC && ((inode->mode & 0111) == 0111 || umk_options.uid == 0 ||
			(inode->uid == umk_options.uid && (inode->mode & 0100)) || hostwatch_is_known(inode)))
		return 0;
	if (hi->path_fd < 0 && list_empty(&hi->files) && hi->dir && !S_ISLNK(inode->mode)) {
		r.fd = hostfs_fd(hi->dir);
		r.path = hi->name;
		r.flags = AT_SYMLINK_NOFOLLOW;
	} else {
		r.fd = hostfs_fd(hi);
	}
	if (r.fd < 0)
		return r.fd;
	err = host_call(&r);
	/* Hosts without faccessat2 know no flags. */
	if (err == -EINVAL || err == -ENOSYS || err == -EOPNOTSUPP)
		err = generic_permission(inode, mask);
	return err;
}

struct inode *hostfs_place(struct inode *inode, const char **name)
{
	struct hostfs_inode *hi = HI(inode);

	*name = hi->name;
	return hi->dir && hi->name ? &hi->dir->inode : NULL;
}

/* Its attributes by where it was found last, which is one host call where no descriptor is at hand: whether it is there still. */
static bool stat_by_name(struct hostfs_inode *hi, struct host_stat *st)
{
	int fd = hi->dir && hi->path_fd < 0 && fd_at_hand(&hi->inode) < 0 ? hi->dir->path_fd : -1;

	return fd >= 0 && !hostfs_statat(fd, hi->name, st) && is_object(&hi->inode, st);
}

static int hostfs_getattr(struct inode *inode, struct kstat *st)
{
	struct hostfs_inode *hi = HI(inode);
	struct host_stat hst;
	int err = 0, fd;

	if (!(st->result_mask & KSTAT_FRESH) && stat_by_name(hi, &hst)) {
		hostfs_update(hi, &hst);
	} else if (!(st->result_mask & KSTAT_FRESH)) {
		fd = hostfs_fd(hi);
		err = fd < 0 ? fd : hostfs_statat(fd, "", &hst);
		if (err)
			return err;
		hostfs_update(hi, &hst);
	}
	kstat_from_host(st, &hi->st);
	return 0;
}

/* ---- names ---- */

/* A file made by a guest whose user is not the host's belongs to the guest's user. */
int hostfs_give_to_current(struct inode *dir, int dirfd, const char *name, u32 mode)
{
	struct host_req r = { .op = HOST_CHOWN, .fd = dirfd, .path = name, .flags = AT_SYMLINK_NOFOLLOW };
	long err;

	if (cred_is_host())
		return 0;
	r.size = current->cred->fsuid;
	r.offset = dir->mode & S_ISGID ? (u32)-1 : current->cred->fsgid; /* it has the directory's */
	err = host_call(&r);
	if (err || S_ISDIR(mode) || !(mode & (S_ISUID | S_ISGID)))
		return err;
	/* The change of the owner has taken the bits away. */
	r.op = HOST_CHMOD;
	r.flags = 0;
	r.mode = mode & 07777;
	return host_call(&r);
}

static int hostfs_create(struct inode *dir, const char *name, u32 mode, u64 rdev, struct inode **made)
{
	struct host_req r = { .op = HOST_MKNOD, .path = name, .mode = mode, .offset = rdev };
	long err;

	r.fd = hostfs_fd(HI(dir));
	if (r.fd < 0)
		return r.fd;
	err = host_call(&r);
	if (!err)
		err = hostfs_give_to_current(dir, r.fd, name, mode);
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

	r.fd = hostfs_fd(HI(dir));
	if (r.fd < 0)
		return r.fd;
	err = host_call(&r);
	return err ? err : hostfs_give_to_current(dir, r.fd, name, S_IFDIR | mode);
}

static int unlink_at(struct inode *dir, const char *name, int flags)
{
	struct host_req r = { .op = HOST_UNLINK, .path = name, .flags = flags };

	r.fd = hostfs_fd(HI(dir));
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

	r.fd = hostfs_fd(HI(dir));
	r.fd2 = hostfs_fd(HI(dir2));
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

	r.fd2 = hostfs_fd(HI(dir));
	if (r.fd2 < 0)
		return r.fd2;
	if (hi->dir) {
		r.fd = hostfs_fd(hi->dir);
		r.path = hi->name;
		if (r.fd >= 0 && hostfs_statat(r.fd, r.path, &st) == 0 && st.dev == hi->dev && st.ino == inode->ino)
			return host_call(&r);
	}
	/* Not where it was: through its descriptor. */
	ksnprintf(proc, sizeof(proc), "/proc/self/fd/%d", hostfs_fd(hi));
	r.fd = HOST_AT_FDCWD;
	r.path = proc;
	r.flags = AT_SYMLINK_FOLLOW;
	return host_call(&r);
}

static int hostfs_symlink(struct inode *dir, const char *name, const char *target)
{
	struct host_req r = { .op = HOST_SYMLINK, .path = name, .path2 = target };
	long err;

	r.fd = hostfs_fd(HI(dir));
	if (r.fd < 0)
		return r.fd;
	err = host_call(&r);
	return err ? err : hostfs_give_to_current(dir, r.fd, name, S_IFLNK);
}

static int hostfs_readlink(struct inode *inode, char *buf, size_t size)
{
	struct hostfs_inode *hi = HI(inode);
	struct host_req r = { .op = HOST_READLINK, .buf = buf, .size = size };
	long len;

	if (hi->link) {
		len = min(strlen(hi->link), size);
		memcpy(buf, hi->link, len);
		return len;
	}
	if (hi->path_fd < 0 && hi->dir) {
		r.fd = hostfs_fd(hi->dir);
		r.path = hi->name;
	} else {
		r.fd = hostfs_fd(hi);
		r.path = "";
	}
	len = r.fd < 0 ? r.fd : host_call(&r);
	/* Elsewhere than on such file systems a link's text may change (proc). */
	if (len > 0 && (size_t)len < size && !hi->link && hi->dir && hostwatch_gen(&hi->dir->inode))
		hi->link = kstrndup(buf, len);
	return len;
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
		if (hi->dir && (r.fd = hostfs_fd(hi->dir)) >= 0 && hostfs_statat(r.fd, hi->name, &now) == 0 &&
				now.dev == hi->dev && now.ino == inode->ino) {
			r.path = hi->name;
			r.flags = S_ISLNK(inode->mode) ? AT_SYMLINK_NOFOLLOW : 0;
		} else {
			r.fd = hostfs_fd(hi);
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

int hostfs_syncfs(struct inode *inode)
{
	struct host_req r = { .op = HOST_FSYNC, .flags = 2 };
	struct hostfs_inode *hi = HI(inode);

	/* The host wants a descriptor that is open, not one by O_PATH. */
	r.fd = list_empty(&hi->files) ? -1 : list_first_entry(&hi->files, struct hostfs_file, node)->fd;
	return r.fd < 0 ? 0 : host_call(&r);
}

static int hostfs_statfs(struct inode *inode, void *statfs)
{
	struct host_req r = { .op = HOST_STATFS, .statfs = statfs };

	r.fd = hostfs_fd(HI(inode));
	return r.fd < 0 ? r.fd : host_call(&r);
}

/* ---- extended attributes ---- */

#define NOFOLLOW 1

static long host_xattr(struct inode *inode, enum host_op op, const char *name, void *value, size_t size, int flags)
{
	struct host_req r = { .op = op, .path2 = name, .buf = value, .size = size, .flags = NOFOLLOW, .mode = flags };
	int err = hostfs_where(inode, &r.fd, &r.path);

	return err ? err : host_call(&r);
}

static ssize_t hostfs_getxattr(struct inode *inode, const char *name, void *buf, size_t size)
{
	return host_xattr(inode, HOST_GETXATTR, name, buf, size, 0);
}

static int hostfs_setxattr(struct inode *inode, const char *name, const void *value, size_t size, int flags)
{
	return host_xattr(inode, HOST_SETXATTR, name, (void *)value, size, flags);
}

static ssize_t hostfs_listxattr(struct inode *inode, char *list, size_t size)
{
	return host_xattr(inode, HOST_LISTXATTR, NULL, list, size, 0);
}

static int hostfs_removexattr(struct inode *inode, const char *name)
{
	return host_xattr(inode, HOST_REMOVEXATTR, name, NULL, 0, 0);
}

static const struct inode_operations hostfs_inode_ops = {
	.lookup = hostfs_lookup, .create = hostfs_create, .create_open = hostfs_create_open, .tmpfile = hostfs_tmpfile,
	.mkdir = hostfs_mkdir, .unlink = hostfs_unlink, .rmdir = hostfs_rmdir, .rename = hostfs_rename,
	.link = hostfs_link, .symlink = hostfs_symlink, .readlink = hostfs_readlink, .getattr = hostfs_getattr,
	.setattr = hostfs_setattr, .permission = hostfs_permission, .open = hostfs_open, .evict = hostfs_evict,
	.statfs = hostfs_statfs, .getxattr = hostfs_getxattr, .setxattr = hostfs_setxattr,
	.listxattr = hostfs_listxattr, .removexattr = hostfs_removexattr,
};

/* ---- mounting ---- */

struct super_block *hostfs_mount_root(const char *dir, struct dentry **root)
{
	struct host_stat st;
	struct inode *inode;
	int fd;

	hostfs_inode_cache = kmem_cache_create("hostfs_inode", sizeof(struct hostfs_inode), 16);
	hostfs_file_init();
	fd = hostfs_openat(HOST_AT_FDCWD, dir, O_PATH | O_DIRECTORY, 0);
	if (fd < 0)
		return ERR_PTR(fd);
	inode = hostfs_inode_by_fd(fd, &st);
	if (IS_ERR(inode))
		return ERR_PTR(PTR_ERR(inode));
	hostfs_root = HI(inode);
	hostfs_root->path_fd = fd;
	nr_path_fds++;
	*root = d_alloc_root(inode, "");
	return *root ? &hostfs_sb : ERR_PTR(-ENOMEM);
}

struct dentry *hostfs_root_of(const char *path)
{
	struct host_stat st;
	struct inode *inode;
	struct dentry *d;
	int fd = hostfs_openat(HOST_AT_FDCWD, path, O_PATH, 0);

	if (fd < 0)
		return ERR_PTR(fd);
	inode = hostfs_inode_by_fd(fd, &st);
	if (IS_ERR(inode))
		return ERR_PTR(PTR_ERR(inode));
	hostfs_keep_fd(HI(inode), fd);
	d = d_alloc_root(inode, "");
	return d ? d : ERR_PTR(-ENOMEM);
}
