/* What mount(2) and the calls with file descriptors share: mountcalls.c and mountapi.c. */
#ifndef UMK_FS_MOUNTCALLS_H
#define UMK_FS_MOUNTCALLS_H

#include "internal.h"

bool may_mount(void);
char *mount_string(const char __user *ustr);
/* All of MNT_FLAGS anew; -EBUSY: somebody writes. */
int mount_change_type(const struct path *path, u32 type, bool recurse);
/* A mount in the tree, or one that is in none yet, goes on @to; or @beneath the mount whose root @to is. */
int mount_move(const struct path *from, const struct path *to, bool beneath);

#endif
