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
/* inotify tells of every change of a directory there: one host call. */
bool fs_tells_changes(int fd);
/* Some mount is remote (or none can be known): only then the two below are worth asking. */
bool fs_any_remote(void);
/* The kind for an absolute path, told from the table of mounts by name alone: a symbolic link that leads from a local
 * file system to a remote one is not seen. */
enum fs_kind fs_kind_of_path(const char *path);
/* Something remote is mounted on a directory of this name, somewhere. */
bool fs_remote_name(const char *name);
/* Reads the table of mounts (again). */
void fs_mounts_load(void);

#endif
