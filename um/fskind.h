/* Which host file systems answer at once. */
#ifndef UMK_UM_FSKIND_H
#define UMK_UM_FSKIND_H

#include "types.h"

enum fs_kind {
	FS_UNKNOWN,
	FS_MEMORY,      /* no disk behind it */
	FS_DISK,        /* local: waits at most for a disk */
	FS_REMOTE,      /* may take for ever */
};

/* The kind of the file system that @fd (or HOST_AT_FDCWD) is on: one host call. */
enum fs_kind fs_kind_of_fd(int fd);
/* The same for a path, told from the table of mounts by name alone: a symbolic link that leads from a local file system to a
 * remote one is not seen. FS_DISK stands for any local kind. */
enum fs_kind fs_kind_of_path(int dirfd, const char *path);
/* Reads the table of mounts (again). */
void fs_mounts_load(void);

#endif
