/* What the files of kernel/fs share among themselves: dentries, mounts, the path walk, helpers for requests to the host. */
#ifndef UMK_FS_INTERNAL_H
#define UMK_FS_INTERNAL_H

#include "fs.h"
#include "host.h"
#include "trap.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"

#define PATH_MAX 4096
#define NAME_MAX 255
#define MAXSYMLINKS 40

/* ---- hostreq.c ---- */
/* Submits @r and sleeps, not interruptibly, until it is done. r->result. */
long host_call(struct host_req *r);
/* The same for HOST_READ and HOST_WRITE, which may take for ever: a signal cancels it. -ERESTARTSYS if nothing moved. */
long host_call_interruptible(struct host_req *r);

/* ---- the file systems ---- */
struct super_block {
	const char *type;     /* as /proc/mounts shows it */
	u64 dev;              /* st_dev of its inodes, unless they know better (hostfs) */
	u64 magic;            /* statfs f_type */
	u64 next_ino;
	bool host;            /* hostfs: errors and rights are the host's */
	void *private;
};
/* One name in one directory, while somebody refers to it. There are no negative dentries and none without references:
 * what is cached between calls are inodes. The walk asks the file system about each name and compares the inode. */
struct dentry {
	u32 refs;
	bool deleted;
	struct dentry *parent;      /* reference held; NULL for a root and for anonymous files */
	struct inode *inode;        /* reference held */
	struct mount *mounted;      /* what is mounted on it; pins it */
	struct list_head children;  /* dentry.sibling */
	struct list_head sibling;   /* empty when the name is gone */
	unsigned len;
	char *name;                 /* kmalloc'd, NUL-ended */
};
struct mount {
	u32 id;
	u32 flags;                  /* MS_RDONLY ... */
	struct super_block *sb;
	struct dentry *root;        /* reference held */
	struct mount *parent;       /* NULL for the first */
	struct dentry *mountpoint;  /* in parent; reference held */
	struct list_head list;      /* mounts */
	const char *source;
};
extern struct list_head mounts;
struct fs_struct {
	u32 refs;
	struct path root, cwd;
	u32 umask;
};

/* ---- inodes (inode.c) ---- */
/* A new inode of @sb with one reference and the next number. NULL: no memory. */
struct inode *inode_alloc(struct super_block *sb, u32 mode);
void inode_init(struct inode *inode, struct super_block *sb, u32 mode);
static inline struct inode *inode_get(struct inode *i) { i->refs++; return i; }
void inode_put(struct inode *inode);
u64 new_anon_dev(void);
/* mask: MAY_EXEC 1, MAY_WRITE 2, MAY_READ 4 (the values of access(2)) */
#define MAY_EXEC 1
#define MAY_WRITE 2
#define MAY_READ 4
#define MAY_DEFER 0x100 /* an operation follows that on hostfs checks by itself */
int inode_permission(struct inode *inode, int mask);
int generic_permission(struct inode *inode, int mask);
/* Unlinking or renaming away @victim from @dir; @isdir: as a directory. 0, EACCES EPERM ENOTDIR EISDIR EBUSY. */
int may_delete(const struct path *dir, struct dentry *victim, bool isdir);
bool inode_owner_or_capable(const struct inode *inode);
/* Whether current's rights are those of the host's user, so that the host's own checks are the true ones. */
bool cred_is_host(void);
bool in_group(u32 gid);
/* In a kstat handed to getattr: the attributes that a walk that has just ended saw will do. */
#define KSTAT_FRESH 0x40000000u
int inode_getattr(struct inode *inode, struct kstat *st);
/* @valid of setattr */
#define ATTR_MODE 1u
#define ATTR_UID 2u
#define ATTR_GID 4u
#define ATTR_SIZE 8u
#define ATTR_ATIME 0x10u
#define ATTR_MTIME 0x20u
#define ATTR_ATIME_NOW 0x40u
#define ATTR_MTIME_NOW 0x80u
/* For file systems of umk's own: stores into the inode's fields and times. */
int simple_setattr(struct inode *inode, unsigned valid, const struct kstat *st);
void inode_touch(struct inode *inode, unsigned which); /* ATTR_ATIME_NOW | ATTR_MTIME_NOW (mtime and ctime) | 0 (ctime) */

/* ---- dentries and mounts (dcache.c) ---- */
static inline struct dentry *dget(struct dentry *d) { d->refs++; return d; }
void dput(struct dentry *d);
static inline void path_get(const struct path *p) { dget(p->dentry); }
static inline void path_put(const struct path *p) { dput(p->dentry); }
/* A dentry not in any directory (a root, an anonymous file). Takes over the inode's reference in every case. */
struct dentry *d_alloc_root(struct inode *inode, const char *name);
/* The child @name, if somebody has it: a new reference, or NULL. */
struct dentry *d_find(struct dentry *parent, const char *name, unsigned len);
/* Makes (or finds) the child that is @inode; takes over the inode's reference in every case. ERR_PTR(-ENOMEM). */
struct dentry *d_add(struct dentry *parent, const char *name, unsigned len, struct inode *inode);
void d_delete(struct dentry *d);  /* the name is gone */
void d_move(struct dentry *d, struct dentry *parent, const char *name, unsigned len);
void d_exchange(struct dentry *a, struct dentry *b);
bool d_is_ancestor(const struct dentry *a, const struct dentry *d); /* a == d too */
struct mount *mount_fs(struct super_block *sb, struct dentry *root, const struct path *where, u32 flags, const char *source);
/* Text of a path as seen from current's root. The length, or -ENAMETOOLONG, -ENOENT (*deleted decides what to do). */
int path_text(const struct path *p, char *buf, size_t size, bool *deleted);

/* ---- the walk (namei.c) ---- */
#define LOOKUP_FOLLOW 1u         /* a symlink as the last component */
#define LOOKUP_EMPTY 2u          /* AT_EMPTY_PATH */
#define LOOKUP_DIRECTORY 4u
#define LOOKUP_BENEATH 0x10u     /* openat2's RESOLVE_* */
#define LOOKUP_IN_ROOT 0x20u
#define LOOKUP_NO_SYMLINKS 0x40u
#define LOOKUP_NO_MAGICLINKS 0x80u
#define LOOKUP_NO_XDEV 0x100u

enum last_type { LAST_NORM, LAST_DOT, LAST_DOTDOT, LAST_ROOT, LAST_JUMPED /* by a magic link */ };
struct nameidata {
	struct path path;            /* where the walk stands: reference held */
	struct path root;            /* absolute links start here: reference held */
	const char *rest;            /* what is left of the text */
	char *text;                  /* kmalloc'd text that rest points into, or NULL: the caller's */
	unsigned flags, links;
	enum last_type last_type;
	bool trailing;               /* slashes after the last component */
	unsigned last_len;
	char last[NAME_MAX + 1];
};
/* A guest's path, copied in: kmalloc'd; ENOENT when empty (unless LOOKUP_EMPTY), ENAMETOOLONG, EFAULT, ENOMEM. */
char *getname(const char __user *upath, unsigned flags);
/* Both take a kernel string. 0 and *path with a reference, or -errno. */
int path_lookup(int dfd, const char *name, unsigned flags, struct path *path);
int user_path(int dfd, const char __user *upath, unsigned flags, struct path *path);
/* The directory that holds the last component: nd->path, nd->last, nd->last_type, nd->trailing. End with nd_end. */
int nd_parent(struct nameidata *nd, int dfd, const char *name, unsigned flags);
void nd_end(struct nameidata *nd);
/* After nd_parent: looks up the last component (mounts crossed, symlink not followed). */
int nd_lookup_last(struct nameidata *nd, struct path *child);
/* The last component turned out to be this symlink: goes on to what it names; again nd_parent's results. */
int nd_follow_last(struct nameidata *nd, const struct path *link);
int lookup_child(const struct path *dir, const char *name, unsigned len, struct path *child);
/* Write access to a mount: 0 or -EROFS. */
static inline int mnt_want_write(const struct mount *m) { return m && m->flags & 1 /* MS_RDONLY */ ? -EROFS : 0; }

/* Whether the last path_lookup has just asked the file system about the object itself; true until the next sleep. */
extern bool walk_saw_attributes;
/* What @f was opened as, even for anonymous files: a path with a reference. */
int file_dentry_path(struct file *f, struct path *path);
int dfd_path(int dfd, struct path *path);
/* Where paths of current start; at boot those of the first program. */
struct fs_struct *walk_fs(void);
extern struct fs_struct *boot_fs;
extern struct path root_path;

/* ---- open.c ---- */
/* Opens what a path names: rights have been checked. ERR_PTR. */
struct file *path_open(const struct path *path, int flags);
int vfs_truncate(struct file *f, u64 size);

/* ---- readwrite.c ---- */
/* RLIMIT_FSIZE and the largest offset: cuts *count. 0, or -EFBIG (and SIGXFSZ). */
int generic_write_checks(u64 pos, size_t *count);
loff_t noop_llseek(struct file *f, loff_t off, int whence); /* succeeds without effect */
loff_t generic_llseek(struct file *f, loff_t off, int whence, u64 size);
ssize_t vfs_read(struct file *f, struct iov_iter *to, u64 *pos);
ssize_t vfs_write(struct file *f, struct iov_iter *from, u64 *pos);

/* ---- hostfs.c ---- */
struct super_block *hostfs_mount_root(const char *dir, struct dentry **root);
/* The inode of a host object, by its attributes; ERR_PTR. */
struct inode *hostfs_inode_of(const struct host_stat *st);
/* A file on umk's own descriptor @fd, 0 to 2, of a regular file or directory; its position stays the host's. */
struct file *hostfs_file_of(int fd, const struct host_stat *st, u32 flags);
/* Where the host has it: a descriptor and a path from there ("": the descriptor itself). 0 or -errno. */
int hostfs_where(struct inode *inode, int *fd, const char **path);
int hostfs_pin(struct inode *inode); /* 0 or -errno */
u64 hostfs_dev(const struct inode *inode); /* st_dev */
void kstat_from_host(struct kstat *to, const struct host_stat *from);
/* Drops cached inodes that nobody uses, with their pages. Returns how many pages went. */
u64 inode_cache_shrink(void);

/* ---- the rest ---- */
struct inode *devfs_root(struct super_block **sb);
struct inode *procfs_root(struct super_block **sb);
/* A new instance with mount options ("gid=5,mode=620"), or NULL for none: its root; ERR_PTR(-EINVAL, -ENOMEM). */
struct inode *devpts_new(const char *options, struct super_block **sb);
/* umk's own terminal has the host's name there: pts/@index. */
int devpts_add_console(struct inode *root, int index, struct tty *console, const struct kstat *st);
/* A new tmpfs: its root directory with this mode; NULL: no memory. */
struct inode *tmpfs_new(const char *type, u32 mode, struct super_block **sb);
/* For devfs: makes @name in @dir. 0 or -errno. */
int tmpfs_make_node(struct inode *dir, const char *name, u32 mode, u64 rdev);
int fifo_open(struct inode *inode, struct file *f);
/* stdio.c */
void stdio_init(void);
struct file *stdio_file(int n);       /* umk's descriptor 0, 1 or 2; -EBADF if it is closed */
int console_open(struct file *f);      /* umk's terminal, by its node or /dev/console: -ENXIO if there is none */
const char *stdio_tty_name(struct kstat *st); /* umk's terminal below /dev ("pts/3"), or NULL */
void stdio_first_session(struct task *t); /* the terminal is its session's */
int set_first_cwd(struct fs_struct *fs, const char *cwd);
long fcntl_lock(struct file *f, unsigned cmd, unsigned long arg);
long fcntl_owner(struct file *f, unsigned cmd, unsigned long arg); /* fasync.c */
void send_sigio(struct file *f, int fd, int code);
long pipe_fcntl(struct file *f, unsigned cmd, unsigned long arg);
long memfd_fcntl(struct file *f, unsigned cmd, unsigned long arg); /* F_ADD_SEALS, F_GET_SEALS */
int chrdev_open(struct inode *inode, struct file *f);
bool pgrp_exists(int pgid, int sid);  /* kernel/pid.c */
bool pgrp_is_orphaned(int pgid);      /* kernel/exit.c */
void locks_release_owner(struct inode *inode, void *owner);
void locks_release_file(struct file *f);
/* The n-th descriptor at or after @from of @t; its number or -1. */
int files_next(struct files_struct *files, unsigned from);
u32 files_fd_flags(struct files_struct *files, unsigned fd);
unsigned files_max(struct files_struct *files);

#endif
