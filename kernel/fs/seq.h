/* Text that a /proc file is made of: grows as it is written; without memory it ends early and says so. (proc_base.c) */
#ifndef UMK_FS_SEQ_H
#define UMK_FS_SEQ_H

#include "types.h"

struct seq {
	char *buf;      /* kmalloc'd */
	size_t size, len;
	bool failed;
};
void seq_printf(struct seq *s, const char *fmt, ...) __printf(2, 3);
void seq_write(struct seq *s, const void *data, size_t size);
static inline void seq_puts(struct seq *s, const char *text)
{
	size_t n = 0;

	while (text[n])
		n++;
	seq_write(s, text, n);
}

struct task;
struct path;
/* What a row's functions are about. */
struct proc_ctx {
	int pid;             /* thread id, 0 outside of /proc/PID */
	int fd;
	struct task *task;   /* found anew for each call, or NULL */
};
/* One name in a directory of /proc. */
struct proc_row {
	const char *name;
	u32 mode;                                    /* S_IFREG, S_IFDIR, S_IFLNK and permissions */
	void (*show)(struct seq *s, const struct proc_ctx *c);
	long (*store)(const char *text, size_t size, const struct proc_ctx *c); /* 0 or -errno; NULL: not writable */
	int (*readlink)(const struct proc_ctx *c, char *buf, size_t size);
	int (*follow)(const struct proc_ctx *c, struct path *path); /* magic link */
	const struct proc_row *rows;                 /* S_IFDIR: ends with a NULL name */
	u8 dynamic;                                  /* S_IFDIR: more names: PROC_* below */
	bool guarded;                                /* only for who may trace the process */
};
enum { PROC_STATIC, PROC_PIDS, PROC_TASKS, PROC_FDS, PROC_FDINFOS };

extern const struct proc_row proc_root_rows[], proc_pid_rows[], proc_fd_row, proc_fdinfo_row, proc_pid_dir, proc_task_dir;

#endif
