/* Arguments of the calls about mounts, watches, pipes as channels and extended attributes. */
#include "decode.h"
#include "string.h"
#include <linux/fs.h>
#include <linux/inotify.h>
#include <linux/mount.h>
#include <linux/fcntl.h>
#include <linux/xattr.h>

#define FLAGS_OF(decoder, fn, what, ...) \
	static const struct trace_name names_##fn[] = { __VA_ARGS__ TN_END }; \
	static void fn(struct trace_state *ts, unsigned arg) { tflags(ts, names_##fn, (u32)ts->args[arg], what); } \
	const struct arg_decoder decoder = { .show = fn };
#define NAME_OF(decoder, fn, what, ...) \
	static const struct trace_name names_##fn[] = { __VA_ARGS__ TN_END }; \
	static void fn(struct trace_state *ts, unsigned arg) { tname(ts, names_##fn, (u32)ts->args[arg], what); } \
	const struct arg_decoder decoder = { .show = fn };

FLAGS_OF(d_umount_flags, show_umount_flags, "MNT_???", { 1, "MNT_FORCE" }, { 2, "MNT_DETACH" }, { 4, "MNT_EXPIRE" },
	{ 8, "UMOUNT_NOFOLLOW" },)
FLAGS_OF(d_inotify_init, show_inotify_init, "IN_???", TN(IN_CLOEXEC), TN(IN_NONBLOCK),)
FLAGS_OF(d_inotify_mask, show_inotify_mask, "IN_???", TN(IN_ACCESS), TN(IN_MODIFY), TN(IN_ATTRIB), TN(IN_CLOSE_WRITE),
	TN(IN_CLOSE_NOWRITE), TN(IN_OPEN), TN(IN_MOVED_FROM), TN(IN_MOVED_TO), TN(IN_CREATE), TN(IN_DELETE), TN(IN_DELETE_SELF),
	TN(IN_MOVE_SELF), TN(IN_UNMOUNT), TN(IN_Q_OVERFLOW), TN(IN_IGNORED), TN(IN_ONLYDIR), TN(IN_DONT_FOLLOW), TN(IN_EXCL_UNLINK),
	TN(IN_MASK_CREATE), TN(IN_MASK_ADD), TN(IN_ISDIR), TN(IN_ONESHOT),)
FLAGS_OF(d_splice_flags, show_splice_flags, "SPLICE_F_???", { 1, "SPLICE_F_MOVE" }, { 2, "SPLICE_F_NONBLOCK" },
	{ 4, "SPLICE_F_MORE" }, { 8, "SPLICE_F_GIFT" },)
FLAGS_OF(d_sync_range, show_sync_range, "SYNC_FILE_RANGE_???", TN(SYNC_FILE_RANGE_WAIT_BEFORE), TN(SYNC_FILE_RANGE_WRITE),
	TN(SYNC_FILE_RANGE_WAIT_AFTER),)
FLAGS_OF(d_xattr_flags, show_xattr_flags, "XATTR_???", TN(XATTR_CREATE), TN(XATTR_REPLACE),)
FLAGS_OF(d_rwf, show_rwf, "RWF_???", { 1, "RWF_HIPRI" }, { 2, "RWF_DSYNC" }, { 4, "RWF_SYNC" }, { 8, "RWF_NOWAIT" },
	{ 16, "RWF_APPEND" }, { 32, "RWF_NOAPPEND" },)
FLAGS_OF(d_fsopen_flags, show_fsopen_flags, "FSOPEN_???", TN(FSOPEN_CLOEXEC),)
FLAGS_OF(d_fsmount_flags, show_fsmount_flags, "FSMOUNT_???", TN(FSMOUNT_CLOEXEC),)
FLAGS_OF(d_mount_attrs, show_mount_attrs, "MOUNT_ATTR_???", TN(MOUNT_ATTR_RDONLY), TN(MOUNT_ATTR_NOSUID), TN(MOUNT_ATTR_NODEV),
	TN(MOUNT_ATTR_NOEXEC), TN(MOUNT_ATTR_NOATIME), TN(MOUNT_ATTR_STRICTATIME), TN(MOUNT_ATTR_NODIRATIME),
	TN(MOUNT_ATTR_NOSYMFOLLOW),)
FLAGS_OF(d_open_tree, show_open_tree, "OPEN_TREE_???", TN(OPEN_TREE_CLONE), { O_CLOEXEC, "OPEN_TREE_CLOEXEC" },
	TN(AT_SYMLINK_NOFOLLOW), TN(AT_NO_AUTOMOUNT), TN(AT_EMPTY_PATH), TN(AT_RECURSIVE),)
FLAGS_OF(d_move_mount, show_move_mount, "MOVE_MOUNT_???", TN(MOVE_MOUNT_F_SYMLINKS), TN(MOVE_MOUNT_F_AUTOMOUNTS),
	TN(MOVE_MOUNT_F_EMPTY_PATH), TN(MOVE_MOUNT_T_SYMLINKS), TN(MOVE_MOUNT_T_AUTOMOUNTS), TN(MOVE_MOUNT_T_EMPTY_PATH),)
NAME_OF(d_fsconfig_cmd, show_fsconfig_cmd, "FSCONFIG_???", TN(FSCONFIG_SET_FLAG), TN(FSCONFIG_SET_STRING), TN(FSCONFIG_SET_BINARY),
	TN(FSCONFIG_SET_PATH), TN(FSCONFIG_SET_PATH_EMPTY), TN(FSCONFIG_SET_FD), TN(FSCONFIG_CMD_CREATE),
	TN(FSCONFIG_CMD_RECONFIGURE),)

/* With the magic number that mount(2) once wanted. */
static const struct trace_name mount_names[] = { TN(MS_RDONLY), TN(MS_NOSUID), TN(MS_NODEV), TN(MS_NOEXEC), TN(MS_SYNCHRONOUS),
	TN(MS_REMOUNT), TN(MS_MANDLOCK), TN(MS_DIRSYNC), TN(MS_NOSYMFOLLOW), TN(MS_NOATIME), TN(MS_NODIRATIME), TN(MS_BIND), TN(MS_MOVE),
	TN(MS_REC), TN(MS_SILENT), TN(MS_POSIXACL), TN(MS_UNBINDABLE), TN(MS_PRIVATE), TN(MS_SLAVE), TN(MS_SHARED), TN(MS_RELATIME),
	TN(MS_STRICTATIME), TN(MS_LAZYTIME), TN_END };

static void show_mount_flags(struct trace_state *ts, unsigned arg)
{
	u32 flags = (u32)ts->args[arg];

	if ((flags & MS_MGC_MSK) == MS_MGC_VAL) {
		tputs(ts, "MS_MGC_VAL");
		flags &= ~(u32)MS_MGC_MSK;
		if (!flags)
			return;
		tputs(ts, "|");
	}
	tflags(ts, mount_names, flags, "MS_???");
}
const struct arg_decoder d_mount_flags = { .show = show_mount_flags };
