/* Files of /proc: a row {name, mode, show} in a table that a directory's row points to. Numbers and knobs below /proc/sys
 * are rows of sysctl.h instead. (kernel/fs/procfs.c) */
#ifndef UMK_PROCFS_H
#define UMK_PROCFS_H

#include "types.h"
#include "seq.h"
#include "wait.h"

struct task;
struct path;
struct file;
struct inode;
struct file_operations;
struct proc_row;
/* What a row's functions are about. */
struct proc_ctx {
	int pid;             /* thread id, 0 outside of /proc/PID */
	s64 key;             /* of what has no name but a number: a descriptor, the first page of a mapping */
	struct task *task;   /* found anew for each call, or NULL */
};
/* What poll(2) of a row's file tells: EPOLLERR | EPOLLPRI once after each proc_event_tell(), and that it can be read. */
struct proc_event {
	struct wait_queue_head wait;
	u64 count;
};
#define PROC_EVENT_INIT(name) { .wait.entries = LIST_HEAD_INIT((name).wait.entries) }
void proc_event_tell(struct proc_event *e);
/* One name in a directory of /proc. */
struct proc_row {
	const char *name;
	u32 mode;                                    /* S_IFREG, S_IFDIR, S_IFLNK and permissions */
	void (*show)(struct seq *s, const struct proc_ctx *c);
	long (*store)(const char *text, size_t size, const struct proc_ctx *c); /* 0 or -errno; NULL: not writable */
	long (*ioctl)(const struct proc_ctx *c, unsigned cmd, unsigned long arg); /* NULL: ENOTTY */
	int (*readlink)(const struct proc_ctx *c, char *buf, size_t size);
	int (*follow)(const struct proc_ctx *c, struct path *path); /* magic link */
	const struct proc_row *rows;                 /* S_IFDIR: ends with a NULL name */
	u8 dynamic;                                  /* S_IFDIR: more names: PROC_* below */
	bool no_pwrite;                              /* seq_file's files that can be written: ESPIPE for an offset */
	bool outlives;                               /* who has opened it can read it when the process is gone; show() has no task */
	u8 seek;                                     /* what lseek(2) takes: PROC_SEEK_* below */
	struct proc_event *event;                    /* NULL: the file cannot be polled */
	bool guarded;                                /* only for who may trace the process */
	/* A file that is no text: f->ops is fops, opening is @open's (0 or -errno). */
	const struct file_operations *fops;
	int (*open)(const struct proc_ctx *c, struct file *f);
	struct inode *(*make)(void);                 /* a directory with inodes of its own: its root, a new reference */
};
/* Of seq_file: no whence but SEEK_SET and SEEK_CUR. Files of no size, of 2 GiB at most, and without that limit. */
enum { PROC_SEEK_SEQ, PROC_SEEK_EMPTY, PROC_SEEK_ANY };
enum { PROC_STATIC, PROC_PIDS, PROC_TASKS, PROC_FDS, PROC_FDINFOS, PROC_MAPS };

bool proc_may_trace(const struct task *t);

extern const struct proc_row proc_root_rows[], proc_pid_rows[], proc_fd_row, proc_fdinfo_row, proc_map_row, proc_pid_dir, proc_task_dir;
extern const struct proc_row proc_net_rows[]; /* net/core/net_proc.c */
extern const struct proc_row sysvipc_rows[]; /* kernel/ipc/util.c */

#endif
