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
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/inotify.h>

#define PATH_MAX 4096
#define NAME_MAX 255
#define MAXSYMLINKS 40

/* ---- the file systems ---- */
struct seq;
struct super_block {
	const char *type;     /* as /proc/mounts shows it */
	u64 dev;              /* st_dev of its inodes, unless they know better (hostfs) */
	u64 magic;            /* statfs f_type */
	u32 blksize;          /* st_blksize; 0: a page */
	u64 next_ino;
	bool host;            /* hostfs: errors and rights are the host's */
	u32 flags;            /* MS_RDONLY */
	u32 refs;             /* mounts, contexts; those that umk has one of have one more */
	u32 inodes;           /* of the kind that inode_alloc() makes: it lives as long as they do */
	struct dentry *root;  /* reference held, or NULL */
	const struct export_operations *export; /* file handles (fhandle.c); NULL: none that could be opened */
	void *private;
	void (*show_options)(struct seq *s, const struct super_block *sb); /* ",size=1k ..."; or NULL */
	void (*kill)(struct super_block *sb); /* the last mount is gone: drops what it holds of its own inodes; or NULL */
	void (*free)(struct super_block *sb); /* the last inode is gone; NULL: it is static */
};
/* One name in one directory, while somebody refers to it; those of hostfs stay for a while longer: directories, so that a walk can
 * ask the host about several names at once, and whatever is known to be there until an event says otherwise (hostwatch.c). There
 * are no negative dentries: names of hostfs that mean nothing are in hostwatch.c's table. */
struct dentry {
	u32 refs;
	struct list_head lru;       /* unreferenced and kept, or empty */
	bool deleted;
	bool dropped;               /* only the cache let go of it */
	u64 gen;                    /* hostfs: the parent's generation in which the host named it; 0: none */
	u32 mounted;                /* how many mounts are on it, below whatever mount it was reached */
	struct dentry *parent;      /* reference held; NULL for a root and for anonymous files */
	struct inode *inode;        /* reference held */
	struct hlist_node hash;     /* by parent's inode and name; on no list when the name is gone */
	unsigned len;
	char *name;                 /* kmalloc'd, NUL-ended */
};
/* MNT_* flags of a mount are mount(2)'s MS_* of the same meaning. */
#define MNT_FLAGS (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_NODIRATIME | MS_RELATIME | MS_NOSYMFOLLOW)
#define MNT_UNBINDABLE (1u << 30)
struct mount {
	u32 id;
	u32 refs;                   /* paths; one for being in the tree */
	u32 flags;                  /* MNT_FLAGS, MNT_UNBINDABLE */
	u32 writers;                /* files that are open for writing through it */
	bool boot;                  /* umk's own */
	bool expiring;              /* MNT_EXPIRE has found it unused, and nobody has used it since */
	struct super_block *sb;     /* reference held */
	struct dentry *root;        /* reference held */
	struct mount *parent;       /* NULL for the first and for those that are in no tree; reference held */
	struct dentry *mountpoint;  /* in parent; reference held */
	struct list_head children;  /* mount.child */
	struct list_head child;
	struct list_head list;      /* mounts; empty when it is in no tree */
	char *source;               /* kmalloc'd */
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
/* The mode of what is made in @dir: without set-group-ID for a program of a group that its maker is not in. */
u32 creation_mode(const struct inode *dir, u32 mode);
u32 mode_without_privs(const struct inode *inode); /* its mode without set-user-ID and set-group-ID that must go */
/* Contents change: set-user-ID and set-group-ID of a program go. */
void file_remove_privs(struct file *f);
/* In a kstat handed to getattr: the attributes that a walk that has just ended saw will do. */
#define KSTAT_FRESH 0x40000000u
int inode_getattr(struct inode *inode, struct kstat *st);
void generic_getattr(const struct inode *inode, struct kstat *st); /* from the inode's fields */
void file_accessed(struct file *f);                     /* the time of access, as the mount's flags say */
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

/* ---- events for watchers (inotify.c); IN_* masks; they never sleep but for the last reference of what is gone ---- */
extern bool fsnotify_active;   /* anything is watched at all */
void __fsnotify_inode(struct inode *inode, u32 mask);
void __fsnotify_dentry(struct dentry *d, u32 mask);
#define FS_RENAME 0x10000000u /* within one directory: F_NOTIFY's alone, which knows no half of a move by this name */
void __fsnotify_name(struct inode *dir, const char *name, u32 mask, u32 cookie);
void __fsnotify_file(struct file *f, u32 mask);
void __fsnotify_removed(struct inode *inode);
void __dirnotify_flush(struct file *f, struct files_struct *owner);
u32 fsnotify_cookie(void);
void inotify_init(void); /* its limits below /proc/sys */
void fsnotify_unmount(struct super_block *sb);
/* Something happened to the object alone. */
static inline void fsnotify_inode(struct inode *i, u32 mask) { if (fsnotify_active) __fsnotify_inode(i, mask); }
/* ... to the object and, with its name, in its directory. */
static inline void fsnotify_dentry(struct dentry *d, u32 mask) { if (fsnotify_active) __fsnotify_dentry(d, mask); }
static inline void fsnotify_file(struct file *f, u32 mask) { if (fsnotify_active) __fsnotify_file(f, mask); }
/* A name came or went; @mask with IN_ISDIR if need be. */
static inline void fsnotify_name(struct inode *dir, const char *name, u32 mask, u32 cookie)
{
	if (fsnotify_active)
		__fsnotify_name(dir, name, mask, cookie);
}
/* Nobody holds this name of @inode any more, and it has been removed. */
static inline void fsnotify_removed(struct inode *inode) { if (inode->marks) __fsnotify_removed(inode); }
/* close(2) of a descriptor (or, @owner NULL, the last one). */
static inline void dirnotify_flush(struct file *f, struct files_struct *owner)
{
	if (fsnotify_active && f->inode && f->inode->marks)
		__dirnotify_flush(f, owner);
}
/* fiemap.c: FS_IOC_FIEMAP; 0 or -errno. */
long ioctl_fiemap(struct file *f, struct fiemap __user *uarg);

/* ---- chattr(1) (fileattr.c) ---- */
long ioctl_fileattr(struct file *f, unsigned cmd, void __user *uarg); /* FS_IOC_GETFLAGS, FSGETXATTR and what sets them */
int tmpfs_fileattr(struct file *f, unsigned cmd, void *attr);
/* It must stay as it is; or it may only grow. Of inodes of umk's own: the host knows about its. */
static inline bool inode_fixed(const struct inode *inode) { return inode->fsflags & FS_IMMUTABLE_FL; }
static inline bool inode_append(const struct inode *inode) { return inode->fsflags & FS_APPEND_FL; }
long ioctl_remap(struct file *f, unsigned cmd, unsigned long arg); /* remap.c: FICLONE, FICLONERANGE, FIDEDUPERANGE */
long fcntl_dirnotify(unsigned fd, struct file *f, unsigned long arg);

/* ---- leases (lease.c) ---- */
void leases_init(void);
void pipe_init(void);
long fcntl_setlease(int fd, struct file *f, unsigned long arg);
long fcntl_getlease(const struct file *f);
void lease_release(const struct file *f);
/* @inode is about to be opened: 0, -EAGAIN (@nonblock), -ERESTARTSYS. May sleep. */
int __break_leases(const struct inode *inode, bool write, bool nonblock);

/* ---- extended attributes (xattr.c) ---- */
/* Those of file systems of umk's own: a list of the inode. */
ssize_t simple_getxattr(struct inode *inode, const char *name, void *buf, size_t size);
int simple_setxattr(struct inode *inode, const char *name, const void *value, size_t size, int flags);
ssize_t simple_listxattr(struct inode *inode, char *list, size_t size);
int simple_removexattr(struct inode *inode, const char *name);
/* The name of one of them, or NULL. */
const char *simple_first_xattr(const struct inode *inode);

/* ---- file handles (fhandle.c) ---- */
struct export_operations {
	/* Names @inode in *fh, so that decode() finds it as long as it exists; with what it is in if @connectable. 0,
	 * -EOPNOTSUPP, or another -errno. */
	int (*encode)(struct inode *inode, struct host_handle *fh, bool connectable);
	/* The object that @fh names, of @where's file system: a dentry with a reference; ERR_PTR(-ESTALE ...). */
	struct dentry *(*decode)(const struct path *where, const struct host_handle *fh);
};
extern const struct export_operations tmpfs_export_ops, hostfs_export_ops;

/* ---- dentries and mounts (dcache.c) ---- */
static inline struct dentry *dget(struct dentry *d) { d->refs++; return d; }
struct dentry *dget_kept(struct dentry *d); /* of one that nobody may refer to, but is kept */
void dput(struct dentry *d);
void mntput(struct mount *m);
/* Whether @m is @top's mount or somewhere below @top. */
bool mount_reachable(const struct mount *m, const struct path *top);
/* The place of @m as @t sees it, in PATH_MAX bytes; false: it is not below @t's root. */
bool mount_place(const struct mount *m, const struct task *t, char *buf);
/* Which directory of the file system it shows. */
void mount_root_text(struct seq *s, const struct mount *m);
#define MNT_NS_ID 1ull /* of the one tree of mounts */
/* The number that statmount(2) and STATX_MNT_ID_UNIQUE give. */
u64 mount_unique_id_of(u64 id);
static inline struct mount *mntget(struct mount *m) { if (m) m->refs++; return m; }
static inline void path_get(const struct path *p) { mntget(p->mnt); dget(p->dentry); }
static inline void path_put(const struct path *p) { dput(p->dentry); mntput(p->mnt); }
/* A dentry not in any directory (a root, an anonymous file). Takes over the inode's reference in every case. */
struct dentry *d_alloc_root(struct inode *inode, const char *name);
/* Drops the dentries that nobody refers to. */
void dcache_shrink(void);
/* The child @name, if somebody has it: a new reference, or NULL. */
struct dentry *d_find(struct dentry *parent, const char *name, unsigned len);
/* Makes (or finds) the child that is @inode; takes over the inode's reference in every case. ERR_PTR(-ENOMEM). */
struct dentry *d_add(struct dentry *parent, const char *name, unsigned len, struct inode *inode);
void d_delete(struct dentry *d);  /* the name is gone */
void d_move(struct dentry *d, struct dentry *parent, const char *name, unsigned len);
void d_exchange(struct dentry *a, struct dentry *b);
/* What @name means in @dir may have changed on the host. */
void d_forget(struct inode *dir, const char *name, unsigned len);
bool d_is_ancestor(const struct dentry *a, const struct dentry *d); /* a == d too */
/* A name that is in no directory any more, of something in @parent: O_TMPFILE. Takes over the inode's reference. */
struct dentry *d_alloc_unlinked(struct dentry *parent, struct inode *inode, const char *name);
/* Text of a path as seen from current's root. The length, or -ENAMETOOLONG, -ENOENT (*deleted decides what to do). */
int path_text(const struct path *p, char *buf, size_t size, bool *deleted);

/* ---- mounts (mount.c) ---- */
/* A mount of @root (or the root of @sb) that is in no tree yet, with one reference. NULL: no memory. */
struct mount *mount_alloc(struct super_block *sb, struct dentry *root, u32 flags, const char *source);
/* Puts @m, whose reference the tree takes over, on @where (NULL: it is the first). */
void mount_attach(struct mount *m, const struct path *where);
/* Takes @m and all below it out of the tree: each lives until its last user is gone. */
void mount_detach(struct mount *m);
/* Takes @m with all below it from its place; mount_attach() may follow. The tree's reference is the caller's. */
void mount_unhook(struct mount *m);
/* What is mounted right on @dentry below @parent, or NULL; no reference. */
struct mount *mount_on(const struct mount *parent, const struct dentry *dentry);
static inline bool mount_in_tree(const struct mount *m) { return m && !list_empty(&m->list); }
static inline bool path_is_mount_root(const struct path *p) { return p->mnt && p->dentry == p->mnt->root; }
/* Somebody uses @m or something mounted below it, besides @own references. */
bool mount_busy(const struct mount *m, u32 own);
/* A copy of @m that shows @root, in no tree; with all below it when @recurse. ERR_PTR(-ENOMEM). */
struct mount *mount_copy(const struct mount *m, struct dentry *root, bool recurse);
/* Puts @m on @where after the checks of mount(2): 0, -ENOTDIR, -ENOENT, -EINVAL, -EBUSY. Takes over the reference on success. */
int mount_graft(struct mount *m, const struct path *where);
struct super_block *sb_get(struct super_block *sb);
void sb_put(struct super_block *sb);
void sb_inode_gone(struct super_block *sb);
/* /proc/PID/mounts, mountinfo and mountstats as @t's root shows them. */
void show_mounts(struct seq *s, const struct task *t);
void show_mountinfo(struct seq *s, const struct task *t);
void show_mountstats(struct seq *s, const struct task *t);
void show_filesystems(struct seq *s);
/* At umk's end: what guests have mounted goes. */
void mounts_exit(void);
void mounts_baseline(void); /* what is mounted now was there at boot */
extern struct proc_event mounts_event; /* the tree of mounts, or a flag in it, has changed */
/* Write access to a mount: 0 or -EROFS. */
static inline int mnt_want_write(const struct mount *m)
{
	return m && ((m->flags | m->sb->flags) & 1 /* MS_RDONLY */) ? -EROFS : 0;
}
/* Whether a walk up from @p comes by @root. */
bool path_reachable(const struct path *p, const struct path *root);
bool path_noexec(const struct path *p);

/* ---- kinds of file systems that can be mounted (filesystems.c) ---- */
struct fs_context {
	const struct fs_type *type;
	char *source;               /* kmalloc'd, or NULL */
	u32 sb_flags;               /* MS_RDONLY ... that were asked for */
	u32 sb_flags_mask;
	struct super_block *sb;     /* made, or to be reconfigured: reference held */
	void *options;              /* the type's, kmalloc'd */
};
struct fs_type {
	const char *name;
	bool needs_dev;
	/* An option @key with @value ("" for a flag). -EINVAL: unknown or wrong. NULL: it has none. */
	int (*parse)(struct fs_context *fc, const char *key, const char *value);
	/* Makes or finds fc->sb, with a reference and its root. */
	int (*get_tree)(struct fs_context *fc);
	/* New options for fc->sb. NULL: nothing but flags can be changed. */
	int (*reconfigure)(struct fs_context *fc);
};
extern const struct fs_type mqueue_type; /* ipc/mq_fs.c */
const struct fs_type *find_fs_type(const char *name);
const char *fs_type_name(unsigned i); /* or NULL */
int statfs_inode(struct inode *inode, const struct mount *mnt, struct host_statfs *fs); /* stat.c */
struct fs_context *fs_context_new(const struct fs_type *type, struct super_block *sb);
void fs_context_free(struct fs_context *fc);
/* One option: ro, rw, source and other general ones here, the rest the type's. */
int fs_context_option(struct fs_context *fc, const char *key, const char *value);
/* A comma-separated list, which is taken apart. */
int fs_context_options(struct fs_context *fc, char *list);
int fs_context_get_tree(struct fs_context *fc);
int fs_context_reconfigure(struct fs_context *fc);
/* devtmpfs, proc, sysfs: the one there is. Made at boot by init.c. */
void fs_register_single(const char *type, struct super_block *sb);
extern const struct fs_type tmpfs_type, ramfs_type;

/* ---- the walk (namei.c) ---- */
#define LOOKUP_FOLLOW 1u         /* a symlink as the last component */
#define LOOKUP_EMPTY 2u          /* AT_EMPTY_PATH */
#define LOOKUP_DIRECTORY 4u
#define LOOKUP_BENEATH 0x10u     /* openat2's RESOLVE_* */
#define LOOKUP_IN_ROOT 0x20u
#define LOOKUP_NO_SYMLINKS 0x40u
#define LOOKUP_NO_MAGICLINKS 0x80u
#define LOOKUP_NO_XDEV 0x100u
#define LOOKUP_SLOW 0x200u       /* every component is asked for by itself */
#define LOOKUP_CACHED 0x1000u    /* RESOLVE_CACHED: EAGAIN where the host would have to be asked */
#define LOOKUP_KNOWN 0x400u      /* the last component's attributes may be old: what it is will do */

#define LOOKUP_OPEN 0x800u       /* ... is opened: whether it still is what it was then shows */

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
	/* Directories that were gone through by what is cached of them: where that began (reference held) and the text from there
	 * to the end of the last component; the host has not been asked yet. */
	struct path anchor;
	const char *anchor_text, *dir_end, *last_end;
	/* Or NULL: the last component's attributes are all that is wanted. When it is a file of hostfs that nobody here has to do
	 * with, they are put there, and nd_lookup_last() gives WALK_TOLD and no child: most files are looked at once, and need
	 * neither an inode nor a dentry. */
	struct kstat *only;
};
#define WALK_TOLD 1
/* A guest's path, copied in: kmalloc'd; ENOENT when empty (unless LOOKUP_EMPTY), ENAMETOOLONG, EFAULT, ENOMEM. */
char *getname(const char __user *upath, unsigned flags);
/* AT_EMPTY_PATH goes with "" or (since Linux 6.11) NULL for what dfd is; *err -EFAULT. */
bool upath_is_empty(const char __user *upath, int *err);
/* Both take a kernel string. 0 and *path with a reference, or -errno. */
int path_lookup(int dfd, const char *name, unsigned flags, struct path *path);
/* What stat(2) tells of what a guest's path names, into the zeroed *@st. */
int path_getattr(int dfd, const char __user *upath, unsigned flags, struct kstat *st);
int user_path(int dfd, const char __user *upath, unsigned flags, struct path *path);
void cross_mounts(struct path *path); /* replaces *path, whose reference goes over, by what is mounted on it */
/* The directory that holds the last component: nd->path, nd->last, nd->last_type, nd->trailing. End with nd_end. */
int nd_parent(struct nameidata *nd, int dfd, const char *name, unsigned flags);
void nd_end(struct nameidata *nd);
/* After nd_parent: looks up the last component (mounts crossed, symlink not followed). */
int nd_lookup_last(struct nameidata *nd, struct path *child);
/* The last component turned out to be this symlink: goes on to what it names; again nd_parent's results. */
int nd_follow_last(struct nameidata *nd, const struct path *link);
/* @flags: LOOKUP_KNOWN, LOOKUP_FOLLOW (a symlink's attributes will not be looked at), LOOKUP_SLOW. */
int lookup_child(const struct path *dir, const char *name, unsigned len, unsigned flags, struct path *child);

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
/* In the flags of a file that is being opened by a name just looked up: if the name means something else now, -ESTALE. */
#define O_BY_NAME 0x40000000u
/* open(2) sets it for 64-bit callers; what the kernel opens for itself has none. */
#define X86_O_LARGEFILE 0100000
/* Opens what a path names: rights have been checked. ERR_PTR. */
struct file *path_open(const struct path *path, int flags);
/* What open(2) with @flags does when @path is what it has found: a descriptor or -errno. */
long path_open_fd(const struct path *path, u32 flags);
/* 0, or -EFBIG with SIGXFSZ: the caller may not let the file grow to @size bytes. */
int inode_newsize_ok(const struct inode *inode, u64 size);
int vfs_truncate(struct file *f, u64 size);

/* ---- stat.c ---- */
int path_stat(const struct path *path, struct kstat *st); /* as path_getattr() */
/* What statx(2) tells of the mount that an object, which may be its root, was found through. */
void kstat_set_mount(struct kstat *st, const struct mount *mnt, bool root);

/* ---- readwrite.c ---- */
/* RLIMIT_FSIZE and the largest offset: cuts *count. 0, or -EFBIG (and SIGXFSZ). */
int generic_write_checks(u64 pos, size_t *count);
loff_t noop_llseek(struct file *f, loff_t off, int whence); /* succeeds without effect */
loff_t generic_llseek(struct file *f, loff_t off, int whence, u64 size);
loff_t empty_llseek(struct file *f, loff_t off, int whence); /* of a file without a size, on a file system that ends at 2 GiB */
/* Flags of preadv2(2) and aio: a positive number, or EOPNOTSUPP, EINVAL. */
int rw_flags_check(const struct file *f, int flags);
/* vfs_read or vfs_write at *@pos (or the file's position: NULL) as those flags say. */
ssize_t rw_flagged(struct file *f, struct iov_iter *it, const loff_t *pos, int flags, bool write);
ssize_t vfs_read(struct file *f, struct iov_iter *to, u64 *pos);
ssize_t vfs_write(struct file *f, struct iov_iter *from, u64 *pos);

/* ---- hostfs.c ---- */
extern struct super_block hostfs_sb;
int hostfs_syncfs(struct inode *inode); /* the host's file system that it is on */
struct super_block *hostfs_mount_root(const char *dir, struct dentry **root);
/* The inode of a host object, by its attributes; ERR_PTR. */
struct inode *hostfs_inode_of(const struct host_stat *st);
/* The inode of what @fd is open on, whose attributes are told in @st; on failure (ERR_PTR) @fd is closed. */
struct inode *hostfs_inode_by_fd(int fd, struct host_stat *st);
/* A file on umk's own descriptor @fd, 0 to 2, of a regular file or directory; its position stays the host's. */
struct file *hostfs_file_of(int fd, const struct host_stat *st, u32 flags, bool kept);
/* The host's descriptor of @f, with @f's position and data that the host has: -EOPNOTSUPP if @f is no file of hostfs. */
int hostfs_file_fd(struct file *f);
/* Where the host has it: a descriptor and a path from there ("": the descriptor itself). 0 or -errno. */
int hostfs_where(struct inode *inode, int *fd, const char **path);
/* The directory where @inode was found last, without a reference, and its name there; NULL: it is a root, or nobody knows. */
struct inode *hostfs_place(struct inode *inode, const char **name);
int hostfs_pin(struct inode *inode); /* 0 or -errno */
/* What the host has as @name in @dir, where @old was found before (or NULL): its inode, or NULL: it is a regular file, no other
 * than @old, and *@only tells its attributes. Not when @only is NULL. ERR_PTR. */
struct inode *hostfs_ask(struct inode *dir, const char *name, struct inode *old, struct kstat *only);
/* Is there a descriptor of it, a regular file? Then its attributes, for less than by a name: false on failure. */
bool hostfs_has_fd(struct inode *inode);
bool hostfs_getattr_by_fd(struct inode *inode, struct kstat *to);
/* The inode of a file whose attributes hostfs_ask() alone has just told, as @name in @dir; NULL: it was another one. ERR_PTR. */
struct inode *hostfs_told(struct inode *dir, const char *name);
/* What @path names below @anchor, if its first @dirlen bytes still name @dir and it is @name in that, or it is the file that was
 * @expected (or NULL). ERR_PTR(-ESTALE, -ENOENT ...) */
struct inode *hostfs_lookup_far(struct inode *anchor, const char *path, unsigned dirlen, struct inode *dir, const char *name,
	struct inode *expected);
/* The walk has come to @name in @dir and found @inode: later calls may go by that name. */
void hostfs_found(struct inode *inode, struct inode *dir, const char *name);
u64 hostfs_dev(const struct inode *inode); /* st_dev */
/* st_dev of any inode, and its parts. */
static inline u64 inode_dev(const struct inode *i) { return !i->sb ? 0 : i->sb->host ? hostfs_dev(i) : i->sb->dev; }
static inline u32 dev_major(u64 dev) { return (u32)((dev >> 8 & 0xfff) | (dev >> 32 & ~0xfffull)); }
static inline u32 dev_minor(u64 dev) { return (u32)((dev & 0xff) | (dev >> 12 & ~0xffull)); }
void kstat_from_host(struct kstat *to, const struct host_stat *from);
/* Drops cached inodes that nobody uses, with their pages. Returns how many pages went. */
u64 inode_cache_shrink(void);

/* The host's object @path (a directory or file), to be mounted: a dentry without a parent. ERR_PTR. */
struct dentry *hostfs_root_of(const char *path);

/* ---- hostwatch.c: of directories of hostfs ---- */
/* A walk begins. */
void hostwatch_walk(void);
/* What is known is going to be relied on: takes what has changed on the host since the walk began. True if there may be something. */
bool hostwatch_look(void);
/* Are things known of @dir now? It looks, as those below do. */
bool hostwatch_is_known(const struct inode *dir);
/* The generation in which what is known of @dir holds, changes on the host aside; 0: nothing is known. */
u64 hostwatch_gen(const struct inode *dir);
/* The same before the host is asked about a name in it. @of_use: a watch might have known the answer, and @dir may get one now. */
u64 hostwatch_ask(struct inode *dir, bool of_use);
/* Is it known that @d, whose parent is one, is still what its name means? */
bool hostwatch_knows(const struct dentry *d);
/* The host has said so; @gen is what hostwatch_ask() gave before. */
void hostwatch_set_known(struct dentry *d, u64 gen);
/* Is it known that @name is not there? */
bool hostwatch_absent(struct inode *dir, const char *name, unsigned len);
void hostwatch_set_absent(struct inode *dir, u64 gen, const char *name, unsigned len);
unsigned d_name_hash(const void *dir, const char *name, unsigned len);

/* ---- pathcache.c ---- */
/* Something that is known of directories, or where they are, has changed. */
void pathcache_forget(void);
/* The bytes of @text up to its last component; 0: it has no directories, or they are too long to be kept. */
unsigned pathcache_dirs(const char *text);
/* Where @len bytes of @text lead from @from, for who walks with the rights of the host's user: the caller's reference. */
bool pathcache_find(const struct path *from, const char *text, unsigned len, struct path *to);
/* A walk has come from @from, of which it need not hold a reference, to @to: kept if all of the way is known. */
void pathcache_add(const struct path *from, const char *text, unsigned len, const struct path *to);

/* ---- overlay.c ---- */
/* An overlay of memory over the tree below @lower: its file system and root. ERR_PTR(-ENOMEM). */
struct super_block *overlay_new(struct inode *lower, struct dentry **root);
void overlay_exit(void);

/* ---- the rest ---- */
struct inode *devfs_root(struct super_block **sb);
struct inode *procfs_root(struct super_block **sb);
struct inode *sysfs_root(struct super_block **sb);
/* A new instance with mount options ("gid=5,mode=620"), or NULL for none: its root; ERR_PTR(-EINVAL, -ENOMEM). */
struct inode *devpts_new(const char *options, struct super_block **sb);
/* umk's own terminal has the host's name there: pts/@index. */
int devpts_add_console(struct inode *root, int index, struct tty *console, const struct kstat *st);
/* A new tmpfs: its root directory with this mode; NULL: no memory. */
struct inode *tmpfs_new(const char *type, u32 mode, struct super_block **sb);
void tmpfs_clear(struct inode *root); /* at umk's end: what is in it goes */
/* For devfs: makes @name in @dir. 0 or -errno. */
int tmpfs_make_node(struct inode *dir, const char *name, u32 mode, u64 rdev);
int fifo_open(struct inode *inode, struct file *f);
/* stdio.c */
void stdio_init(void);
/* The @n-th descriptor that umk was started with, whose number is *fd; the first three are 0 to 2. -EBADF if it is closed, NULL
 * behind the last. */
struct file *stdio_file(int n, int *fd);
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
