/* What /proc shows of locks (kernel/fs/locks.c). proc(5), proc_pid_fdinfo(5). */
#ifndef UMK_FS_LOCKS_H
#define UMK_FS_LOCKS_H

struct seq;
struct file;
struct files_struct;

void locks_show(struct seq *s);
/* Those that were taken by @f, by it or by the process with the table @files. */
void locks_show_file(struct seq *s, const struct file *f, const struct files_struct *files);

#endif
