/* Files: struct file, inodes, dentries, paths, descriptor tables. (kernel/fs/) */
#ifndef UMK_FS_H
#define UMK_FS_H

#include "types.h"
#include "kerrno.h"
#include "list.h"
#include "wait.h"
#include "mm.h"
#include "oops.h"
#include "uio.h"
#include <linux/fcntl.h>
#include <linux/stat.h>

/* utimensat(2) */
#define UTIME_NOW ((1l << 30) - 1l)
#define UTIME_OMIT ((1l << 30) - 2l)

#ifndef F_SEAL_EXEC /* Linux 6.3 */
#define F_SEAL_EXEC 0x0020
#endif

struct super_block;
struct dentry;
struct mount;
struct poll_table;
struct files_struct;
struct cred;
struct kstat {
	u64 dev, ino, nlink, rdev, size, blocks;
	u32 mode, uid, gid, blksize;
	struct { s64 sec; u32 nsec; } atime, mtime, ctime, btime;
	u64 attributes, attributes_mask, mnt_id;
	u32 dio_mem_align, dio_offset_align; /* STATX_DIOALIGN */
	u32 result_mask; /* STATX_* that are true */
};
struct pipe_info;
struct file_lock;
struct fiemap; /* linux/fiemap.h */
struct ktimespec { s64 sec; u32 nsec; };

struct inode {
	u32 refs;
	u32 mode, uid, gid;
	u64 ino, size, nlink, rdev;
	struct super_block *sb;
	const struct inode_operations *ops;
	const struct file_operations *fops; /* for open */
	struct address_space mapping;       /* if the file has pages */
	void *private;                      /* the file system's, or the pipe, socket, ... */
	struct list_head hash_node;
	u32 writers;                        /* open for writing; ETXTBSY with deny_write */
	u32 readers;                        /* of regular files: open for reading only */
	u32 leases;                         /* F_SETLEASE (fs/lease.c) */
	u32 deny_write;                     /* being executed */
	struct ktimespec atime, mtime, ctime, btime; /* of file systems of umk's own */
	struct pipe_info *pipe;             /* S_IFIFO, while somebody has it open */
	void *socket;                       /* S_IFSOCK: who is bound to it (net/unix) */
	struct file_lock *locks;            /* fs/locks.c */
	u32 seals;                          /* F_SEAL_* of shmem */
	u32 fsflags;                        /* FS_*_FL of file systems of umk's own (fs/fileattr.c) */
	struct simple_xattr *xattrs;        /* of file systems of umk's own (fs/xattr.c) */
	struct inode *origin;               /* fs/overlay.c: what this one was copied from; reference held */
	struct fsnotify_mark *marks;        /* fs/inotify.c: who watches it */
	u64 rw_hint;                        /* F_SET_RW_HINT */
	bool linkable;                      /* O_TMPFILE without O_EXCL: may get a name */
	struct hlist_head names;            /* tmpfs: the entries that name it (fs/tmpfs.h) */
	u32 generation;                     /* tmpfs: of its file handles; 0: it has none yet */
};
/* A lock that a task may hold while it sleeps (fs/file.c). */
struct kmutex {
	bool held;
	struct held_lock holder;
	struct wait_queue_head wait;
};
/* Whom O_ASYNC signals (fs/fasync.c). */
struct fown {
	int pid;                /* 0: nobody */
	int type;               /* F_OWNER_TID, F_OWNER_PID, F_OWNER_PGRP */
	int sig;                /* F_SETSIG; 0: SIGIO without details */
	u32 uid, euid;          /* of who has set it */
	u64 start;              /* the task's start: another one with its number is not it */
};
/* The open descriptions that want a signal when something happens; zeroed memory is an empty one. */
struct fasync_list {
	struct list_head entries;
};
static inline void kmutex_init(struct kmutex *m)
{
	*m = (struct kmutex){ .held = false };
	init_waitqueue_head(&m->wait);
}
void kmutex_lock(struct kmutex *m);
int kmutex_lock_interruptible(struct kmutex *m); /* 0 or -ERESTARTSYS */
void kmutex_unlock(struct kmutex *m);
u64 make_dev(unsigned major, unsigned minor);     /* fs/inode.c: st_rdev */
struct path {
	struct mount *mnt;
	struct dentry *dentry;
};
struct file {
	u32 refs;
	u32 flags;              /* O_* as open(2) and fcntl(F_SETFL) set them */
	bool opened;            /* open(2) succeeded: its end is an event for watchers */
	bool created;           /* by that open(2): F_CREATED_QUERY */
	bool can_direct;        /* O_DIRECT may be set: the file system looks at the flag, or needs not */
	bool mnt_writer;        /* counted in path.mnt->writers */
	const struct file_operations *ops;
	struct inode *inode;    /* reference held */
	struct path path;       /* reference held; dentry NULL for anonymous files */
	u64 pos;
	struct kmutex pos_lock; /* of pos, while a call moves it: regular files and directories */
	void *private;          /* the implementation's */
	struct list_head epoll_items; /* fs/eventpoll.c's */
	struct cred *cred;      /* who has opened it: reference held; NULL at boot */
	struct fown owner;      /* F_SETOWN, F_SETSIG */
	bool nosignal;          /* of a call's own description: RWF_NOSIGNAL */
	bool reader;            /* counted in inode->readers */
	bool append_only;       /* hostfs: the host lets it be opened for appending alone */
	bool no_pwrite;         /* writes take no offset */
	bool uncounted;         /* open for writing, but not counted in inode->writers */
};

/* All may sleep unless told otherwise. NULL members mean the errno given. */
struct file_operations {
	const char *name;
	bool no_splice_read;    /* splice(2) and sendfile(2) from it: EINVAL */
	bool direct_io;                                                     /* open(2) takes O_DIRECT; others: EINVAL */
	bool nowait;            /* RWF_NOWAIT: of what is not a regular file; others: EOPNOTSUPP */
	bool plain_write;                                                   /* pwritev2(2) takes no flags but RWF_HIPRI */
	ssize_t (*read)(struct file *f, struct iov_iter *to, u64 *pos);     /* NULL: EINVAL */
	ssize_t (*write)(struct file *f, struct iov_iter *from, u64 *pos);  /* NULL: EINVAL */
	ssize_t (*splice_read)(struct file *f, struct iov_iter *to, u64 *pos); /* what splice(2) reads by. NULL: read */
	/* From a pipe or another file: the same, and @more will come at once. splice_eof: it does not come after all. NULL: write,
	 * and nothing. */
	ssize_t (*splice_write)(struct file *f, struct iov_iter *from, bool more);
	void (*splice_eof)(struct file *f);
	/* Reports readiness (EPOLL* bits) now; registers on wait queues through @pt when it is not NULL. Never sleeps.
	 * NULL: always readable and writable (and epoll_ctl says EPERM). */
	u32 (*poll)(struct file *f, struct poll_table *pt);
	long (*ioctl)(struct file *f, unsigned cmd, unsigned long arg);     /* NULL: ENOTTY */
	loff_t (*llseek)(struct file *f, loff_t off, int whence);           /* NULL: ESPIPE */
	int (*mmap)(struct file *f, struct vm_area *vma);                   /* NULL: ENODEV. Sets vma->mapping or leaves it anonymous */
	/* An area of the file's came to be other than by mmap (fork, a split), or goes. Never sleep. NULL: nobody counts. */
	void (*vma_open)(struct vm_area *vma);
	void (*vma_close)(struct vm_area *vma);
	int (*getdents)(struct file *f, void *ctx, bool (*emit)(void *ctx, const char *name, unsigned len, u64 ino,
		unsigned type, u64 next_off));                              /* NULL: ENOTDIR; emit false = buffer full */
	int (*flush)(struct file *f);                                       /* each close(2) */
	int (*fsync)(struct file *f, bool datasync);                        /* NULL: EINVAL */
	int (*truncate)(struct file *f, u64 size);                          /* NULL: EINVAL */
	int (*fallocate)(struct file *f, int mode, u64 off, u64 len);       /* NULL: EOPNOTSUPP */
	/* FS_IOC_FIEMAP with a kernel's @map that has room for the extents it asks for. NULL: EOPNOTSUPP */
	int (*fiemap)(struct file *f, struct fiemap *map);
	/* FS_IOC_GETFLAGS and SETFLAGS with a kernel's u32, FS_IOC_FSGETXATTR and FSSETXATTR with a struct fsxattr: who may is checked
	 * before, unless the host knows it. NULL: ENOTTY */
	int (*fileattr)(struct file *f, unsigned cmd, void *attr);
	int (*set_flags)(struct file *f, u32 new_flags);                    /* F_SETFL; NULL: just stored */
	/* O_ASYNC goes on or off: fasync_helper() with the file's list. -errno or >= 0. The last close turns it off with
	 * @fd -1, before release. NULL: F_SETFL ignores the flag. */
	int (*fasync)(int fd, struct file *f, bool on);
	void (*show_fdinfo)(struct file *f, char *buf, size_t size);
	void (*release)(struct file *f);                                    /* the last reference; never fails */
};
struct inode_operations {
	/* The child @name of @dir, or ERR_PTR(-ENOENT ...). A new reference. */
	struct inode *(*lookup)(struct inode *dir, const char *name, unsigned len);
	int (*create)(struct inode *dir, const char *name, u32 mode, u64 rdev, struct inode **made);
	/* Creates @name (it must not exist: -EEXIST) and opens it as @f->flags say, whatever @mode allows. NULL: create,
	 * then open. */
	int (*create_open)(struct inode *dir, const char *name, u32 mode, struct file *f, struct inode **made);
	int (*tmpfile)(struct inode *dir, u32 mode, struct file *f, struct inode **made); /* O_TMPFILE; NULL: EOPNOTSUPP */
	int (*mkdir)(struct inode *dir, const char *name, u32 mode);
	int (*unlink)(struct inode *dir, const char *name);
	int (*rmdir)(struct inode *dir, const char *name);
	int (*rename)(struct inode *dir, const char *name, struct inode *dir2, const char *name2, unsigned flags);
	int (*link)(struct inode *inode, struct inode *dir, const char *name);
	int (*symlink)(struct inode *dir, const char *name, const char *target);
	int (*readlink)(struct inode *inode, char *buf, size_t size);       /* length; NULL: EINVAL */
	/* Magic links of /proc: the object itself, with a reference. NULL: the text of readlink is walked. */
	int (*follow)(struct inode *inode, struct path *path);
	int (*getattr)(struct inode *inode, struct kstat *st);              /* NULL: from the inode's fields */
	int (*setattr)(struct inode *inode, unsigned valid, const struct kstat *st);
	int (*permission)(struct inode *inode, int mask);                   /* NULL: generic mode check */
	int (*open)(struct inode *inode, struct file *f);                   /* NULL: inode->fops as it is */
	void (*evict)(struct inode *inode);                                 /* last reference gone */
	/* Extended attributes, xattr(7): the size; with @size 0 nothing is copied, ERANGE when it is too small. Who may is
	 * checked before. NULL: EOPNOTSUPP (an empty list). */
	ssize_t (*getxattr)(struct inode *inode, const char *name, void *buf, size_t size);
	int (*setxattr)(struct inode *inode, const char *name, const void *value, size_t size, int flags); /* XATTR_CREATE ... */
	ssize_t (*listxattr)(struct inode *inode, char *list, size_t size);
	int (*removexattr)(struct inode *inode, const char *name);
	int (*statfs)(struct inode *inode, void *statfs);
};

/* ---- struct file ---- */
extern u64 nr_open_files;
struct file *file_alloc(const struct file_operations *ops, struct inode *inode, u32 flags); /* takes an inode reference */
/* A file with no path whose inode is fresh ("anon_inode:NAME"): eventfd, epoll, pipes, sockets. mode e.g. S_IFSOCK|0777. */
struct file *anon_file(const char *name, const struct file_operations *ops, void *private, u32 flags, u32 mode);
/* Memory as a file without a name in any directory, which /proc shows as @name ("/memfd:x"): open for reading and writing.
 * ERR_PTR(-ENOMEM, -ENOSPC). (kernel/fs/tmpfs.c) */
struct file *shmem_file_setup(const char *name, u64 size, u32 mode);
bool inode_is_shmem(const struct inode *inode);
/* Does current own the file, or may it write to it? */
bool inode_may_write(struct inode *inode);
static inline struct file *file_get(struct file *f) { f->refs++; return f; }
void file_put(struct file *f);

/* ---- descriptors of current ---- */
struct file *fget(unsigned fd);     /* a reference, or NULL (EBADF; O_PATH files too) */
struct file *fget_path(unsigned fd);/* O_PATH files included */
int fd_reserve(u32 flags);          /* lowest free below RLIMIT_NOFILE, flags O_CLOEXEC; -EMFILE */
void fd_install(int fd, struct file *f); /* takes over the reference */
void fd_unreserve(int fd);
int do_close(unsigned fd);
struct file *files_get(struct files_struct *files, unsigned fd); /* as fget_path() of any table: a reference or NULL */
struct files_struct *files_copy(struct files_struct *old); /* NULL: no memory */
struct files_struct *files_share(struct files_struct *f);
void files_put(struct files_struct *f);
int files_unshare(void);            /* before execve */
u32 files_fd_flags(struct files_struct *files, unsigned fd); /* O_CLOEXEC or 0 */
void files_close_on_exec(struct files_struct *f);
struct fs_struct *fs_copy(struct fs_struct *old);
void fs_to_first_root(struct fs_struct *f); /* its root and working directory are the tree's root again */
unsigned fs_users(const struct fs_struct *f);
struct fs_struct *fs_share(struct fs_struct *f);
void fs_put(struct fs_struct *f);
u32 current_umask(void);

/* ---- for the rest of the kernel ---- */
/* The process whose directory of /proc @f is, not referenced. ERR_PTR(-EBADF): it is no such directory; ERR_PTR(-ESRCH). */
struct task *proc_dir_task(const struct file *f);
void vfs_init(void);                 /* root mount, /dev, /proc; needs slab */
void vfs_exit(void);                 /* at umk's end: what guests have mounted and left in memory goes */
int hostfs_sync(void);               /* writes what guests have changed by mappings to the host: first error or 0 */
u64 inode_cache_shrink(void);        /* drops cached inodes that nobody uses, with their pages: 0: there were none */
int files_init_first(struct task *t);/* stdin, stdout, stderr of umk; root and cwd */
struct file *do_open_exec(int dfd, const char *path, int flags); /* with the right to execute instead of that to read */
struct file *do_open(int dfd, const char *path, int flags, u32 mode); /* kernel path; ERR_PTR */
int do_unlink(int dfd, const char *path); /* of a kernel path, as unlinkat(2) */
ssize_t kernel_read(struct file *f, void *buf, size_t size, u64 pos); /* for the guest, as exec does: inotify tells it */
ssize_t kernel_peek(struct file *f, void *buf, size_t size, u64 pos); /* for umk alone */
ssize_t kernel_write(struct file *f, const void *buf, size_t size, u64 pos);
/* Path of a file as the guest names it, into buf (NUL-ended); length or -ENAMETOOLONG. */
int file_path(struct file *f, char *buf, size_t size);
int vfs_getattr(struct file *f, struct kstat *st);
/* To be executed by who may do that but not read it; ERR_PTR. */
struct file *open_unreadable(int dfd, const char *path, int flags);
bool file_may_read(struct file *f);  /* current may read what it is executing */
bool file_may_exec(struct file *f);  /* x permission, regular */
bool file_append_only(const struct file *f); /* chattr +a: mmap(2) says EACCES for a shared mapping */
bool file_noexec(const struct file *f); /* on a mount where nothing may be executed: mmap(2) says EPERM for PROT_EXEC */
bool file_nosuid(const struct file *f); /* on a mount where set-user-ID means nothing */

/* Nobody may write to the file while it is executed: 0 or -ETXTBSY; end with allow_write_access. */
int deny_write_access(struct file *f);
void allow_write_access(struct file *f);

/* ---- stores through shared mappings of host files (fs/writeback.c) ---- */
/* Writes all of them to the host. First error or 0. May sleep. */
int hostfs_sync(void);
/* The same because memory is short: whether pages became clean. */
bool writeback_for_memory(void);
/* The page cache has its first dirty file. Never sleeps. */
void writeback_wake(void);
/* The task that sleeps on @q calls writeback_run() at writeback_due() (ktime ns; KTIME_MAX: nothing to do). */
void writeback_init(struct wait_queue_head *q);
u64 writeback_due(void);
void writeback_run(void);

/* The cookie of host_watch() is one of these; @ready runs on the kernel thread and must not sleep. */
struct host_watcher {
	void (*ready)(struct host_watcher *w, u32 events);
};

/* ---- hostreq.c ---- */
struct host_req;
/* Submits @r and sleeps, not interruptibly, until it is done. r->result. */
long host_call(struct host_req *r);
/* The same for requests that may take for ever (HOST_READ ...): a signal cancels it. -ERESTARTSYS if nothing moved. */
long host_call_interruptible(struct host_req *r);

/* Descriptors that go to host programs and come from them (SCM_RIGHTS over --host-unix). The host's descriptor of @f, which
 * stays @f's: a pipe or device that umk was started with or was given, or a file of the host's tree, which then has @f's
 * position. -EOPNOTSUPP: the host knows no such file. */
int host_file_fd(struct file *f);
/* A guest file for the host's @fd, which becomes the file's: a regular file, a directory, a FIFO or a character device.
 * ERR_PTR(-EOPNOTSUPP, -ENOMEM ...): @fd is still the caller's. */
struct file *host_file_adopt(int fd);

/* For sockets bound to a path (kernel/fs/socket_inode.c), relative to current's working directory: an inode with a reference.
 * The one that @path names, with write permission; ERR_PTR: -ENOENT, -EACCES ... */
struct inode *socket_inode_lookup(const char *path);
u64 socket_inode_dev(const struct inode *inode); /* st_dev */
/* A new socket inode at @path, @mode with S_IFSOCK; ERR_PTR: -EEXIST, -ENOENT, -EACCES, -EROFS ... In a directory of the host
 * @maker, unless NULL, may make the name itself: it is given a host descriptor and the host's path of the directory; 0: made,
 * 1: not its business, or -errno. */
typedef int (*socket_maker)(void *ctx, int dirfd, const char *dirpath, const char *name, u32 mode);
struct inode *socket_inode_create(const char *path, u32 mode, socket_maker maker, void *ctx);
/* Where @inode lies on the host: a host descriptor that names it, not the caller's to close, and its path there in @path.
 * -EXDEV: not on the host. */
int inode_host_path(struct inode *inode, char *path, size_t size);
void inode_put(struct inode *inode);

/* /dev/net/tun (net/core/tun.c) */
int tun_open(struct inode *inode, struct file *f);
int netlink_protocol_of(const struct file *f); /* of a netlink socket, for the tracer; -1: it is none */

/* ---- O_ASYNC (fs/fasync.c) ---- */
/* The body of a file's fasync. 1: the list has changed, 0: it has not, -ENOMEM. */
int fasync_helper(int fd, struct file *f, bool on, struct fasync_list *l);
/* Where pollers are woken: @sig is SIGIO (SIGURG for urgent data), @code POLL_IN, POLL_OUT, POLL_HUP ... Never sleeps. */
void kill_fasync(struct fasync_list *l, int sig, int code);
/* SIGURG to the owner of a socket's file; whether there is one. */
bool send_sigurg(struct file *f);
/* F_SETOWN and F_GETOWN, for the ioctls of sockets: FIOSETOWN, SIOCSPGRP. -EINVAL, -ESRCH. */
int f_setown(struct file *f, int who);
int f_getown(const struct file *f);

/* ---- poll ---- */
struct poll_table {
	void (*queue)(struct poll_table *pt, struct wait_queue_head *q);
	u32 key;             /* EPOLL* bits that are wanted; 0: any */
};
static inline void poll_wait(struct poll_table *pt, struct wait_queue_head *q)
{
	if (pt && pt->queue)
		pt->queue(pt, q);
}
u32 vfs_poll(struct file *f, struct poll_table *pt);
/* The terminal which umk was started on, or NULL; and the process group in its foreground (host signals go to it), or 0. */
struct tty *console_tty(void);
bool console_is_gone(void); /* the host has hung it up */
int tty_foreground(void);
/* eventpoll: a file that is closed leaves every epoll. */
void eventpoll_release(struct file *f);
/* The @nth file that @ep watches under the number @fd, without a reference. ERR_PTR(-EINVAL: no epoll, -ENOENT). */
const struct file *eventpoll_target(struct file *ep, int fd, unsigned nth);

#endif
