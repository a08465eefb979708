/* /proc/sys as procfs.c sees it. */
#ifndef UMK_FS_PROC_SYS_H
#define UMK_FS_PROC_SYS_H

#include "types.h"

struct super_block;
struct inode;
extern struct super_block proc_sb; /* procfs.c: of all of /proc */
/* Its root directory, a new reference; ERR_PTR. */
struct inode *proc_sys_root(struct super_block *sb);
/* Registers the knobs that belong to no subsystem (proc_sysctl.c). */
void proc_sysctl_init(void);

#endif
