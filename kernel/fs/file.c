/* struct file and descriptor tables: the life of an open file description, the numbers that a process gives it, and the
 * calls that act on the numbers alone (dup, close, fcntl, ioctl's generic part). */
#include "internal.h"
#include "syscalls.h"
#include "ledger.h"
#include "printk.h"
#include <linux/close_range.h>
#include <asm/ioctls.h>
#include <linux/capability.h>
#include <linux/resource.h>
#include <linux/eventpoll.h>
#include <linux/fiemap.h>
#include <linux/fs.h>

#ifndef F_DUPFD_QUERY
#define F_DUPFD_QUERY (F_LINUX_SPECIFIC_BASE + 3)
#endif
#ifndef F_CREATED_QUERY /* Linux 6.12 */
#define F_CREATED_QUERY (F_LINUX_SPECIFIC_BASE + 4)
#endif
#ifndef F_GETOWNER_UIDS
#define F_GETOWNER_UIDS 17
#endif

struct files_struct {
	u32 refs;
	unsigned max;          /* slots */
	unsigned next;         /* no free slot below */
	struct fd_slot *slot;
};
struct fd_slot {
	struct file *file;     /* reference held; NULL: free or reserved */
	bool used;             /* the number is taken */
	bool cloexec;
};
#define FILES_FIRST 64 /* select(2) asks about so many at least */
#define FILES_LIMIT (1u << 20)

static struct kmem_cache *file_cache;
u64 nr_open_files;

/* ---- sleeping locks ---- */

static void kmutex_release(struct held_lock *l)
{
	kmutex_unlock(container_of(l, struct kmutex, holder));
}

static void kmutex_take(struct kmutex *m)
{
	m->held = true;
	m->holder.release = kmutex_release;
	oops_mutex_taken(&m->holder);
}

void kmutex_lock(struct kmutex *m)
{
	while (m->held)
		wait_event(&m->wait, !m->held);
	kmutex_take(m);
}

int kmutex_lock_interruptible(struct kmutex *m)
{
	while (m->held) {
		long err = wait_event_interruptible(&m->wait, !m->held);

		if (err)
			return err;
	}
	kmutex_take(m);
	return 0;
}

void kmutex_unlock(struct kmutex *m)
{
	m->held = false;
	oops_mutex_dropped(&m->holder);
	if (waitqueue_active(&m->wait))
		wake_up(&m->wait);
}

/* ---- struct file ---- */

struct file *file_alloc(const struct file_operations *ops, struct inode *inode, u32 flags)
{
	struct file *f;

	if (!file_cache)
		file_cache = kmem_cache_create("file", sizeof(struct file), 16);
	f = kmem_cache_zalloc(file_cache);
	if (!f)
		return NULL;
	nr_open_files++;
	f->refs = 1;
	f->flags = flags;
	f->ops = ops;
	f->inode = inode ? inode_get(inode) : NULL;
	f->cred = current ? cred_get(current->cred) : NULL;
	INIT_LIST_HEAD(&f->epoll_items);
	kmutex_init(&f->pos_lock);
	return f;
}

static struct super_block *anon_sb(u32 mode)
{
	static struct super_block anon = { .type = "anon_inodefs", .magic = 0x09041934 };
	static struct super_block pipes = { .type = "pipefs", .magic = 0x50495045 };
	static struct super_block socks = { .type = "sockfs", .magic = 0x534F434B };
	struct super_block *sb = S_ISFIFO(mode) ? &pipes : S_ISSOCK(mode) ? &socks : &anon;

	if (!sb->dev)
		sb->dev = new_anon_dev();
	return sb;
}

static const struct inode_operations anon_inode_ops;

struct file *anon_file(const char *name, const struct file_operations *ops, void *private, u32 flags, u32 mode)
{
	struct inode *inode = inode_alloc(anon_sb(mode), mode);
	struct file *f;

	if (!inode)
		return ERR_PTR(-ENFILE);
	inode->private = (void *)name;
	inode->ops = &anon_inode_ops;
	/* Linux's one anonymous inode is root's. */
	if (!(mode & S_IFMT))
		inode->uid = inode->gid = 0;
	f = file_alloc(ops, inode, flags);
	inode_put(inode);
	if (!f)
		return ERR_PTR(-ENFILE);
	f->private = private;
	return f;
}

static bool may_write(const struct file *f)
{
	return (f->flags & O_ACCMODE) == O_WRONLY || (f->flags & O_ACCMODE) == O_RDWR;
}

void file_put(struct file *f)
{
	if (!f || --f->refs)
		return;
	if (f->opened)
		fsnotify_file(f, may_write(f) ? IN_CLOSE_WRITE : IN_CLOSE_NOWRITE);
	dirnotify_flush(f, NULL);
	if (!list_empty(&f->epoll_items))
		eventpoll_release(f);
	if (f->inode && f->inode->locks)
		locks_release_file(f);
	if (f->inode && f->inode->leases)
		lease_release(f);
	if ((f->flags & FASYNC) && f->ops && f->ops->fasync)
		f->ops->fasync(-1, f, false);
	if (f->ops && f->ops->release)
		f->ops->release(f);
	if (f->inode && S_ISREG(f->inode->mode) && (f->flags & O_ACCMODE) != O_RDONLY && !(f->flags & O_PATH) &&
	    !f->uncounted)
		f->inode->writers--;
	if (f->reader)
		f->inode->readers--;
	if (f->mnt_writer)
		f->path.mnt->writers--;
	inode_put(f->inode);
	if (f->path.dentry)
		path_put(&f->path);
	if (f->cred)
		cred_put(f->cred);
	nr_open_files--;
	kmem_cache_free(file_cache, f);
}

/* ---- descriptor tables ---- */

static struct files_struct *files_new(unsigned max)
{
	struct files_struct *files = kzalloc(sizeof(*files));

	if (!files)
		return NULL;
	files->slot = kcalloc(max, sizeof(struct fd_slot));
	if (!files->slot) {
		kfree(files);
		return NULL;
	}
	files->refs = 1;
	files->max = max;
	return files;
}

struct files_struct *files_copy(struct files_struct *old)
{
	unsigned max = old->max;
	struct files_struct *files;

	while (max > FILES_FIRST && files_next(old, max / 2) < 0)
		max /= 2;
	files = files_new(max);
	if (!files)
		return NULL;
	files->next = old->next;
	for (unsigned fd = 0; fd < max; fd++) {
		if (!old->slot[fd].file)
			continue;
		files->slot[fd] = old->slot[fd];
		file_get(files->slot[fd].file);
	}
	if (files->next > max)
		files->next = max;
	/* A number that another thread has only reserved is free in the copy. */
	for (unsigned fd = 0; fd < files->next; fd++)
		if (!files->slot[fd].used)
			files->next = fd;
	return files;
}

struct files_struct *files_share(struct files_struct *files)
{
	files->refs++;
	return files;
}

static void filp_close(struct file *f, struct files_struct *files)
{
	if (f->inode && f->inode->locks)
		locks_release_owner(f->inode, files);
	dirnotify_flush(f, files);
	if (f->ops->flush && !(f->flags & O_PATH))
		f->ops->flush(f);
	file_put(f);
}

void files_put(struct files_struct *files)
{
	if (!files || --files->refs)
		return;
	for (unsigned fd = 0; fd < files->max; fd++) {
		struct file *f = files->slot[fd].file;

		files->slot[fd].file = NULL;
		if (f)
			filp_close(f, files);
		if (fd % 64 == 63)
			cond_resched();
	}
	kfree(files->slot);
	kfree(files);
}

int files_unshare(void)
{
	struct files_struct *copy, *old = current->files;

	if (old->refs == 1)
		return 0;
	copy = files_copy(old);
	if (!copy)
		return -ENOMEM;
	current->files = copy;
	files_put(old);
	return 0;
}

/* Frees the number and returns what it held: the caller's reference. */
static struct file *fd_take(struct files_struct *files, unsigned fd)
{
	struct file *f = files->slot[fd].file;

	files->slot[fd] = (struct fd_slot){ 0 };
	if (fd < files->next)
		files->next = fd;
	return f;
}

void files_close_on_exec(struct files_struct *files)
{
	for (unsigned fd = 0; fd < files->max; fd++)
		if (files->slot[fd].file && files->slot[fd].cloexec)
			filp_close(fd_take(files, fd), files);
}

struct file *files_get(struct files_struct *files, unsigned fd)
{
	if (!files || fd >= files->max || !files->slot[fd].file)
		return NULL;
	return file_get(files->slot[fd].file);
}

int files_next(struct files_struct *files, unsigned from)
{
	for (unsigned fd = from; files && fd < files->max; fd++)
		if (files->slot[fd].used)
			return fd;
	return -1;
}

u32 files_fd_flags(struct files_struct *files, unsigned fd)
{
	return fd < files->max && files->slot[fd].cloexec ? O_CLOEXEC : 0;
}

unsigned files_max(struct files_struct *files)
{
	return files->max;
}

struct file *fget_path(unsigned fd)
{
	return files_get(current->files, fd);
}

struct file *fget(unsigned fd)
{
	struct files_struct *files = current->files;

	if (fd >= files->max || !files->slot[fd].file || (files->slot[fd].file->flags & O_PATH))
		return NULL;
	return file_get(files->slot[fd].file);
}

static int files_grow(struct files_struct *files, unsigned need)
{
	unsigned max = files->max;
	struct fd_slot *slot;

	while (max <= need)
		max *= 2;
	if (max > FILES_LIMIT)
		max = FILES_LIMIT;
	if (max <= need)
		return -EMFILE;
	slot = kcalloc(max, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	memcpy(slot, files->slot, files->max * sizeof(*slot));
	kfree(files->slot);
	files->slot = slot;
	files->max = max;
	return 0;
}

static int fd_reserve_from(unsigned low, u32 flags)
{
	struct files_struct *files = current->files;
	unsigned fd = max(low, files->next);
	u64 limit = rlimit(RLIMIT_NOFILE);
	int err;

	while (fd < files->max && files->slot[fd].used)
		fd++;
	if (fd >= limit)
		return -EMFILE;
	if (fd >= files->max) {
		err = files_grow(files, fd);
		if (err)
			return err;
	}
	files->slot[fd] = (struct fd_slot){ .used = true, .cloexec = flags & O_CLOEXEC };
	if (low <= files->next)
		files->next = fd + 1;
	return fd;
}

int fd_reserve(u32 flags)
{
	return fd_reserve_from(0, flags);
}

void fd_install(int fd, struct file *f)
{
	struct files_struct *files = current->files;

	BUG_ON((unsigned)fd >= files->max || files->slot[fd].file);
	files->slot[fd].file = f;
}

void fd_unreserve(int fd)
{
	fd_take(current->files, fd);
}

/* close(2): EBADF, and what flush reports (EIO ENOSPC EDQUOT). */
int do_close(unsigned fd)
{
	struct files_struct *files = current->files;
	struct file *f;
	int err = 0;

	if (fd >= files->max || !files->slot[fd].file)
		return -EBADF;
	f = fd_take(files, fd);
	if (f->inode && f->inode->locks)
		locks_release_owner(f->inode, files);
	dirnotify_flush(f, files);
	if (f->ops->flush && !(f->flags & O_PATH))
		err = f->ops->flush(f);
	file_put(f);
	return err;
}

/* ---- dup and close ---- */

static long do_dup2(unsigned oldfd, unsigned newfd, u32 flags)
{
	struct files_struct *files = current->files;
	struct file *f, *old;

	if (newfd >= rlimit(RLIMIT_NOFILE))
		return -EBADF;
	f = fget_path(oldfd);
	if (!f)
		return -EBADF;
	if (newfd >= files->max) {
		int err = files_grow(files, newfd);

		if (err) {
			file_put(f);
			return err == -EMFILE ? -EBADF : err;
		}
	}
	if (files->slot[newfd].used && !files->slot[newfd].file) {
		file_put(f);
		return -EBUSY; /* another thread is opening just this number */
	}
	old = files->slot[newfd].file;
	files->slot[newfd] = (struct fd_slot){ .file = f, .used = true, .cloexec = flags & O_CLOEXEC };
	if (old)
		filp_close(old, files);
	return newfd;
}

static long dup_from(struct file *f, unsigned low, u32 flags)
{
	int fd = fd_reserve_from(low, flags);

	if (fd >= 0)
		fd_install(fd, file_get(f));
	return fd;
}

SYSCALL_DEFINE1(dup, unsigned, fildes)
{
	struct file *f = fget_path(fildes);
	long fd;

	if (!f)
		return -EBADF;
	fd = dup_from(f, 0, 0);
	file_put(f);
	return fd;
}

SYSCALL_DEFINE2(dup2, unsigned, oldfd, unsigned, newfd)
{
	if (oldfd == newfd) {
		struct file *f = fget_path(oldfd);

		if (!f)
			return -EBADF;
		file_put(f);
		return newfd;
	}
	return do_dup2(oldfd, newfd, 0);
}

SYSCALL_DEFINE3(dup3, unsigned, oldfd, unsigned, newfd, int, flags)
{
	if ((flags & ~O_CLOEXEC) || oldfd == newfd)
		return -EINVAL;
	return do_dup2(oldfd, newfd, flags);
}

SYSCALL_DEFINE1(close, unsigned, fd)
{
	long err = do_close(fd);

	/* close(2): the number is gone whatever happened, so the call is never restarted. */
	if (err == -ERESTARTSYS || err == -ERESTARTNOINTR || err == -ERESTARTNOHAND)
		err = -EINTR;
	return err;
}

SYSCALL_DEFINE3(close_range, unsigned, fd, unsigned, max_fd, unsigned, flags)
{
	struct files_struct *files;

	if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) || fd > max_fd)
		return -EINVAL;
	if (flags & CLOSE_RANGE_UNSHARE) {
		int err = files_unshare();

		if (err)
			return err;
	}
	files = current->files;
	for (unsigned i = fd; i < files->max && i <= max_fd; i++) {
		if (!files->slot[i].file)
			continue;
		if (flags & CLOSE_RANGE_CLOEXEC)
			files->slot[i].cloexec = true;
		else
			filp_close(fd_take(files, i), files);
	}
	return 0;
}

/* ---- fcntl ---- */

#define SETFL_MASK (O_APPEND | O_NONBLOCK | O_NDELAY | O_DIRECT | O_NOATIME)

static int set_async(unsigned fd, struct file *f, bool on)
{
	int err = 0;

	if (on != !!(f->flags & FASYNC) && f->ops->fasync)
		err = f->ops->fasync(fd, f, on);
	return min(err, 0);
}

static long do_setfl(unsigned fd, struct file *f, u32 arg)
{
	int err;

	if (((arg ^ f->flags) & O_APPEND) && file_append_only(f))
		return -EPERM;
	if ((arg & O_NOATIME) && !(f->flags & O_NOATIME) && !inode_owner_or_capable(f->inode))
		return -EPERM;
	/* Of pipes it is the packet mode. */
	if ((arg & O_DIRECT) && !S_ISFIFO(f->inode->mode) && !f->can_direct)
		return -EINVAL;
	err = f->ops->set_flags ? f->ops->set_flags(f, (f->flags & ~SETFL_MASK) | (arg & SETFL_MASK)) : 0;
	if (!err)
		err = set_async(fd, f, arg & FASYNC);
	if (err)
		return err;
	/* FASYNC is fasync_helper's: files that cannot tell do not keep it. */
	f->flags = (f->flags & ~SETFL_MASK) | (arg & SETFL_MASK);
	return 0;
}

/* Linux 6.10: whether @fd is the same open file description. */
static long is_same_file(const struct file *f, unsigned long fd)
{
	struct file *other = fd <= ~0u ? fget_path(fd) : NULL;
	bool same = f == other;

	if (!other)
		return -EBADF;
	file_put(other);
	return same;
}

/* What is said of the life of data; kept, as nothing is written by it. */
static long rw_hint(struct file *f, unsigned cmd, unsigned long arg)
{
	u64 hint;

	if (cmd == F_GET_RW_HINT)
		return put_user(f->inode->rw_hint, (u64 __user *)u64_to_uptr(arg));
	if (!inode_owner_or_capable(f->inode))
		return -EPERM;
	if (get_user(hint, (u64 __user *)u64_to_uptr(arg)))
		return -EFAULT;
	if (hint > 5) /* RWH_WRITE_LIFE_EXTREME */
		return -EINVAL;
	f->inode->rw_hint = hint;
	return 0;
}

static long do_fcntl(unsigned fd, struct file *f, unsigned cmd, unsigned long arg)
{
	struct files_struct *files = current->files;

	switch (cmd) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		if (arg >= rlimit(RLIMIT_NOFILE))
			return -EINVAL;
		return dup_from(f, arg, cmd == F_DUPFD_CLOEXEC ? O_CLOEXEC : 0);
	case F_GETFD:
		return files->slot[fd].cloexec ? FD_CLOEXEC : 0;
	case F_SETFD:
		files->slot[fd].cloexec = arg & FD_CLOEXEC;
		return 0;
	case F_DUPFD_QUERY:
		return is_same_file(f, arg);
	case F_CREATED_QUERY:
		return f->created;
	case F_GETFL:
		return f->flags & ~(O_CLOEXEC | O_CREAT | O_NOCTTY | O_TRUNC);
	}
	if (f->flags & O_PATH)
		return -EBADF;
	switch (cmd) {
	case F_SETFL:
		return do_setfl(fd, f, arg);
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return fcntl_lock(f, cmd, arg);
	case F_GETOWN:
	case F_SETOWN:
	case F_GETSIG:
	case F_SETSIG:
	case F_GETOWN_EX:
	case F_SETOWN_EX:
	case F_GETOWNER_UIDS:
		return fcntl_owner(f, cmd, arg);
	case F_SETLEASE:
		return fcntl_setlease(fd, f, arg);
	case F_GETLEASE:
		return fcntl_getlease(f);
	case F_GET_RW_HINT:
	case F_SET_RW_HINT:
		return rw_hint(f, cmd, arg);
	case F_NOTIFY:
		return fcntl_dirnotify(fd, f, arg);
	case F_GETPIPE_SZ:
	case F_SETPIPE_SZ:
		return pipe_fcntl(f, cmd, arg);
	case F_GET_SEALS:
	case F_ADD_SEALS:
		return memfd_fcntl(f, cmd, arg);
	}
	LEDGER("fcntl command", cmd);
	return -EINVAL;
}

SYSCALL_DEFINE3(fcntl, unsigned, fd, unsigned, cmd, unsigned long, arg)
{
	struct file *f = fget_path(fd);
	long ret;

	if (!f)
		return -EBADF;
	ret = do_fcntl(fd, f, cmd, arg);
	file_put(f);
	return ret;
}

/* ---- ioctl ---- */

static long do_ioctl(unsigned fd, struct file *f, unsigned cmd, unsigned long arg)
{
	int on;

	switch (cmd) {
	case FIOCLEX:
	case FIONCLEX:
		current->files->slot[fd].cloexec = cmd == FIOCLEX;
		return 0;
	case FIONBIO:
		if (get_user(on, (int __user *)u64_to_uptr(arg)))
			return -EFAULT;
		return do_setfl(fd, f, on ? f->flags | O_NONBLOCK : f->flags & ~O_NONBLOCK);
	case FIOASYNC:
		if (get_user(on, (int __user *)u64_to_uptr(arg)))
			return -EFAULT;
		if (!on != !(f->flags & FASYNC) && !f->ops->fasync)
			return -ENOTTY;
		return do_setfl(fd, f, on ? f->flags | FASYNC : f->flags & ~FASYNC);
	case FIOQSIZE:
		if (S_ISREG(f->inode->mode) || S_ISDIR(f->inode->mode) || S_ISLNK(f->inode->mode)) {
			struct kstat st = { 0 };
			int err = vfs_getattr(f, &st);

			if (err)
				return err;
			return put_user((loff_t)(st.blocks * 512), (loff_t __user *)u64_to_uptr(arg));
		}
		return -ENOTTY;
	case FIONREAD:
		if (S_ISREG(f->inode->mode)) {
			struct kstat st = { 0 };
			int err = vfs_getattr(f, &st);

			if (err)
				return err;
			return put_user((int)(st.size - f->pos), (int __user *)u64_to_uptr(arg));
		}
		break;
	case FS_IOC_FIEMAP:
		return ioctl_fiemap(f, u64_to_uptr(arg));
	case FICLONE:
	case FICLONERANGE:
	case FIDEDUPERANGE:
		return ioctl_remap(f, cmd, arg);
	case FS_IOC_GETFLAGS:
	case FS_IOC_SETFLAGS:
	case FS_IOC_FSGETXATTR:
	case FS_IOC_FSSETXATTR:
		return ioctl_fileattr(f, cmd, u64_to_uptr(arg));
	}
	if (!f->ops->ioctl)
		return -ENOTTY;
	return f->ops->ioctl(f, cmd, arg);
}

SYSCALL_DEFINE3(ioctl, unsigned, fd, unsigned, cmd, unsigned long, arg)
{
	struct file *f = fget(fd);
	long ret;

	if (!f)
		return -EBADF;
	ret = do_ioctl(fd, f, cmd, arg);
	file_put(f);
	return ret;
}

/* ---- fs_struct ---- */

unsigned fs_users(const struct fs_struct *fs)
{
	return fs->refs;
}

struct fs_struct *fs_copy(struct fs_struct *old)
{
	struct fs_struct *fs = kmemdup(old, sizeof(*old));

	if (!fs)
		return NULL;
	fs->refs = 1;
	path_get(&fs->root);
	path_get(&fs->cwd);
	return fs;
}

void fs_to_first_root(struct fs_struct *fs)
{
	struct path root = fs->root, cwd = fs->cwd;

	path_get(&root_path);
	path_get(&root_path);
	fs->root = fs->cwd = root_path;
	path_put(&root);
	path_put(&cwd);
}

struct fs_struct *fs_share(struct fs_struct *fs)
{
	fs->refs++;
	return fs;
}

void fs_put(struct fs_struct *fs)
{
	if (!fs || --fs->refs)
		return;
	path_put(&fs->root);
	path_put(&fs->cwd);
	kfree(fs);
}

u32 current_umask(void)
{
	return current->fs->umask;
}

/* ---- the first program's files ---- */

int files_init_first(struct task *t)
{
	struct fs_struct *fs = kzalloc(sizeof(*fs));
	struct files_struct *files = files_new(FILES_FIRST);
	const char *cwd = umk_options.cwd;
	int err;

	if (!fs || !files)
		return -ENOMEM;
	fs->refs = 1;
	fs->umask = umk_options.umask & 0777;
	fs->root = fs->cwd = root_path;
	path_get(&fs->root);
	path_get(&fs->cwd);
	t->fs = fs;
	t->files = files;
	stdio_first_session(t);
	for (int i = 0;; i++) {
		int fd;
		struct file *f = stdio_file(i, &fd);

		if (!f)
			break;
		if (IS_ERR(f))
			continue; /* closed in umk too */
		if ((unsigned)fd >= files->max && files_grow(files, (unsigned)fd)) {
			file_put(f);
			continue;
		}
		files->slot[fd] = (struct fd_slot){ .file = f, .used = true };
	}
	while (files->next < files->max && files->slot[files->next].used)
		files->next++;
	err = set_first_cwd(fs, cwd);
	return err;
}
