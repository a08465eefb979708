/* What proc_task.c has for the rows of proc_pid.c. */
#ifndef UMK_FS_PROC_TASK_H
#define UMK_FS_PROC_TASK_H

#include "types.h"
#include "procfs.h"

struct task;
struct file;
struct file_operations;

void proc_io_show(struct seq *s, const struct proc_ctx *c);
void proc_process_io_show(struct seq *s, const struct proc_ctx *c); /* of all threads */
void proc_sched_show(struct seq *s, const struct proc_ctx *c);
void proc_schedstat_show(struct seq *s, const struct proc_ctx *c);
void proc_syscall_show(struct seq *s, const struct proc_ctx *c);
void proc_stack_show(struct seq *s, const struct proc_ctx *c);
void proc_children_show(struct seq *s, const struct proc_ctx *c);
void proc_slack_show(struct seq *s, const struct proc_ctx *c);
/* A decimal number with white space around it: 0 or -EINVAL. */
int proc_number(const char *text, s64 *value);
/* Which areas a core file has: core(5). */
void proc_dump_filter_show(struct seq *s, const struct proc_ctx *c);
long proc_dump_filter_store(const char *text, size_t size, const struct proc_ctx *c);
/* Who has logged in (proc(5), pam_loginuid(8)). */
void proc_loginuid_show(struct seq *s, const struct proc_ctx *c);
long proc_loginuid_store(const char *text, size_t size, const struct proc_ctx *c);
void proc_sessionid_show(struct seq *s, const struct proc_ctx *c);
long proc_slack_store(const char *text, size_t size, const struct proc_ctx *c);
void proc_oom_score_show(struct seq *s, const struct proc_ctx *c);
void proc_oom_adj_show(struct seq *s, const struct proc_ctx *c);
long proc_oom_adj_store(const char *text, size_t size, const struct proc_ctx *c);
void proc_oom_score_adj_show(struct seq *s, const struct proc_ctx *c);
long proc_oom_score_adj_store(const char *text, size_t size, const struct proc_ctx *c);
extern const struct proc_row proc_ns_rows[]; /* nsfs.c */
extern const struct file_operations proc_mem_fops, proc_pagemap_fops;
/* Of files whose private is the mm that the process had when they were opened. */
int proc_mem_open(const struct proc_ctx *c, struct file *f);
struct mm *proc_mem_get(const struct file *f); /* a reference; NULL: nobody runs in it any more */
loff_t proc_mem_llseek(struct file *f, loff_t off, int whence);

#endif
