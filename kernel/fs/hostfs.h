/* What the files of hostfs share: hostfs.c (inodes and names), hostfs_file.c (what is open) and hostfs_dio.c (O_DIRECT). */
#ifndef UMK_FS_HOSTFS_H
#define UMK_FS_HOSTFS_H

#include "internal.h"

struct hostfs_file {
	struct list_head node;    /* hostfs_inode.files */
	int fd;
	bool plain;               /* opened for reading, without any other flag */
	struct ktimespec ctime;   /* the host's when it was opened */
	u64 at;                   /* a directory: where the host's position is */
	bool can_read, can_write;
	bool append;              /* the host's has O_APPEND: it writes nowhere else */
	bool dio;                 /* the host's descriptor has O_DIRECT now: changed under hostfs_inode.io */
	bool stream;              /* umk's own descriptor 0, 1 or 2, or one that a host program passed: the position is the host's */
	bool kept;                /* umk's own: not closed */
};
/* What open(2) can ask for besides reading or writing that makes a difference on the host. */
#define HOSTFS_OPEN_FLAGS (O_TRUNC | O_DIRECTORY | O_SYNC | O_NOATIME | O_DIRECT)
struct hostfs_inode {
	struct inode inode;
	u64 dev;
	struct host_stat st;      /* as last seen */
	struct hostfs_inode *dir; /* where it was last found: reference held, or NULL */
	char *name;
	struct host_stat cached;  /* as it was when the cached pages were last known to be true: mtime and ctime */
	char *link;               /* a symlink's text, once it was read where changes are told; or NULL */
	int path_fd;              /* O_PATH, or -1 */
	bool direct;              /* no page cache: sizes there mean nothing */
	struct list_head files;   /* hostfs_file.node: open descriptors */
	bool opened;              /* for reading only, before */
	int held_fd;              /* hostfs_held.c: of a file that guests have closed, or -1 */
	struct ktimespec held_ctime; /* the host's when it was opened */
	struct list_head held;
	struct kmutex io;         /* one transfer between pages and host at a time */
	struct list_head lru;     /* unused and cached, or empty */
	/* of directories (hostwatch.c) */
	struct hlist_node watch_node;
	int wd;                   /* the host's watch, or 0 */
	int asked;                /* questions about names in it since it is not watched */
	unsigned noise;           /* events since an answer of use */
	u64 gen;                  /* what is known holds while this is it; 0: nothing is */
};
static inline struct hostfs_inode *HI(struct inode *inode)
{
	return container_of(inode, struct hostfs_inode, inode);
}

/* ---- hostfs.c ---- */
int hostfs_openat(int dirfd, const char *name, int flags, u32 mode);
void hostfs_close(int fd);
/* Of the object itself, not of what a symlink names; "" is the descriptor. */
int hostfs_statat(int dirfd, const char *name, struct host_stat *st);
/* More descriptors are held for directories than there should be. */
bool hostfs_too_many_fds(void);
/* A host descriptor for @hi that *at calls with an empty path can use; not the caller's to close. -errno. */
int hostfs_fd(struct hostfs_inode *hi);
/* The host's path of what @fd is: 0 or -errno. */
int hostfs_fd_path(int fd, char *path, size_t size);
/* Takes over @fd, O_PATH of the object: it is kept, unless there is one already. */
void hostfs_keep_fd(struct hostfs_inode *hi, int fd);
void hostfs_update(struct hostfs_inode *hi, const struct host_stat *st);
void hostfs_set_where(struct hostfs_inode *hi, struct hostfs_inode *dir, const char *name);
/* What has just been made as @name in @dir, with @mode, becomes the guest's user's. */
int hostfs_give_to_current(struct inode *dir, int dirfd, const char *name, u32 mode);

/* ---- hostfs_held.c ---- */
/* @f is closed: takes over hf->fd if it is worth it. */
bool hostfs_hold(struct file *f, struct hostfs_file *hf);
/* A held descriptor that does for opening @f, which is the caller's then, with the inode's attributes; or -1. */
int hostfs_take_held(struct hostfs_inode *hi, const struct file *f, struct host_stat *st);
void hostfs_drop_held(struct hostfs_inode *hi);
/* Nothing of umk's is to keep the host from freeing the file but what guests have open or mapped. */
void hostfs_let_go(struct hostfs_inode *hi);
void hostfs_drop_all_held(const struct hostfs_inode *dir); /* NULL: everywhere */

/* ---- hostwatch.c ---- */
extern unsigned hostwatch_after, hostwatch_count;
void hostwatch_end(struct hostfs_inode *hi);
void hostwatch_shrink(void);

/* ---- hostfs_file.c ---- */
void hostfs_file_init(void);
int hostfs_open(struct inode *inode, struct file *f);
int hostfs_create_open(struct inode *dir, const char *name, u32 mode, struct file *f, struct inode **made);
int hostfs_tmpfile(struct inode *dir, u32 mode, struct file *f, struct inode **made);
extern const struct file_operations hostfs_file_ops, hostfs_dir_ops;
/* Under hostfs_inode.io: what has gone to the host at @pos goes into the pages that are cached, and the size. */
void hostfs_update_pages(struct inode *inode, u64 pos, const u8 *from, size_t size);
/* *pos is where the file ends on the host, or -errno. */
long hostfs_end(struct hostfs_file *hf, u64 *pos);
/* *pos is where the stream stood before the @n bytes just written to it. */
void hostfs_stream_pos(struct hostfs_file *hf, long n, u64 *pos);
extern const struct address_space_operations hostfs_pages_ops;

/* ---- hostfs_dio.c ---- */
/* Sets or clears O_DIRECT of the host's descriptor; under hostfs_inode.io, or before the file is anyone's. -EINVAL: the host's
 * file system does not know it. */
int hostfs_set_dio(struct hostfs_file *hf, bool on);
ssize_t hostfs_dio_read(struct file *f, struct iov_iter *to, u64 *pos);
ssize_t hostfs_dio_write(struct file *f, struct iov_iter *from, u64 *pos);

#endif
