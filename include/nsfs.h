/* Name spaces as files: /proc/PID/ns, ioctl_nsfs(2). There is one of each kind. (kernel/fs/nsfs.c) */
#ifndef UMK_NSFS_H
#define UMK_NSFS_H

#include "types.h"

struct file;

/* Which kind of name space @f is: CLONE_NEW*, or 0: none. */
u32 ns_file_kind(const struct file *f);
/* A new descriptor of current's for the name space that processes see in /proc/PID/ns/@name. -errno. */
long ns_open(const char *name);

#endif
