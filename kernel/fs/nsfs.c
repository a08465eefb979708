/* Name spaces as files: nsfs, the links of /proc/PID/ns, and the calls on such a file (ioctl_nsfs(2), ioctl_pidfd(2)). umk has the
 * first name space of each kind alone, with the numbers that they have on every Linux 6.12. */
#include "nsfs.h"
#include "internal.h"
#include "proc_task.h"
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/nsfs.h>
#include <linux/sched.h>

#define NSFS_MAGIC 0x6e736673
/* linux/nsfs.h of 6.11 and 6.12 */
struct ns_mnt_info {
	u32 size, nr_mounts;
	u64 mnt_ns_id;
};
#define NS_GET_MNT_ID _IOR(NSIO, 0x5, u64)
#define NS_PID_FROM_PIDNS _IOR(NSIO, 0x6, int)
#define NS_TGID_FROM_PIDNS _IOR(NSIO, 0x7, int)
#define NS_PID_IN_PIDNS _IOR(NSIO, 0x8, int)
#define NS_TGID_IN_PIDNS _IOR(NSIO, 0x9, int)
#define NS_MNT_INFO _IOR(NSIO, 10, struct ns_mnt_info)
#define NS_MNT_NEXT _IOR(NSIO, 11, struct ns_mnt_info)
#define NS_MNT_PREV _IOR(NSIO, 12, struct ns_mnt_info)

enum { NS_CGROUP, NS_IPC, NS_MNT, NS_NET, NS_PID, NS_TIME, NS_USER, NS_UTS };
static const struct ns {
	const char *name;
	u32 kind, ino;
} spaces[] = {
	[NS_CGROUP] = { "cgroup", CLONE_NEWCGROUP, 0xeffffffb }, [NS_IPC] = { "ipc", CLONE_NEWIPC, 0xefffffff },
	[NS_MNT] = { "mnt", CLONE_NEWNS, 0xf0000001 }, [NS_NET] = { "net", CLONE_NEWNET, 0xf0000000 },
	[NS_PID] = { "pid", CLONE_NEWPID, 0xeffffffc }, [NS_TIME] = { "time", CLONE_NEWTIME, 0xeffffffa },
	[NS_USER] = { "user", CLONE_NEWUSER, 0xeffffffd }, [NS_UTS] = { "uts", CLONE_NEWUTS, 0xeffffffe },
};
/* The names of /proc/PID/ns. */
static const struct { const char *name; u32 ns; } links[] = {
	{ "cgroup", NS_CGROUP }, { "ipc", NS_IPC }, { "mnt", NS_MNT }, { "net", NS_NET }, { "pid", NS_PID },
	{ "pid_for_children", NS_PID }, { "time", NS_TIME }, { "time_for_children", NS_TIME }, { "user", NS_USER }, { "uts", NS_UTS },
};
static const struct file_operations ns_fops;

/* ---- files ---- */

static int ns_text(const struct ns *ns, char *buf, size_t size)
{
	return ksnprintf(buf, size, "%s:[%u]", ns->name, ns->ino);
}

static int ns_path(const struct ns *ns, struct path *path)
{
	static struct super_block nsfs = { .type = "nsfs", .magic = NSFS_MAGIC };
	struct inode *inode;
	char name[40];

	if (!nsfs.dev)
		nsfs.dev = new_anon_dev();
	inode = inode_alloc(&nsfs, S_IFREG | 0444);
	if (!inode)
		return -ENOMEM;
	inode->ino = ns->ino;
	inode->uid = inode->gid = 0;
	inode->fsflags = FS_IMMUTABLE_FL; /* nobody may write to it, chmod it ... */
	inode->fops = &ns_fops;
	inode->private = (void *)ns;
	ns_text(ns, name, sizeof(name));
	*path = (struct path){ .dentry = d_alloc_root(inode, name) };
	return path->dentry ? 0 : -ENOMEM;
}

/* A descriptor of current's for @ns. */
static long ns_fd(const struct ns *ns)
{
	int fd = fd_reserve(O_CLOEXEC), err;
	struct path path = { 0 };
	struct file *f;

	if (fd < 0)
		return fd;
	err = ns_path(ns, &path);
	f = err ? NULL : file_alloc(&ns_fops, path.dentry->inode, O_RDONLY | X86_O_LARGEFILE);
	if (!f) {
		if (!err)
			path_put(&path);
		fd_unreserve(fd);
		return err ? err : -ENFILE;
	}
	f->path = path;
	fd_install(fd, f);
	return fd;
}

long ns_open(const char *name)
{
	for (unsigned i = 0; i < ARRAY_SIZE(links); i++)
		if (!strcmp(links[i].name, name))
			return ns_fd(&spaces[links[i].ns]);
	return -EINVAL;
}

u32 ns_file_kind(const struct file *f)
{
	return f->ops == &ns_fops ? ((const struct ns *)f->inode->private)->kind : 0;
}

/* ---- the calls ---- */

/* @arg is a pid of one name space, the answer that of another: there is one, in which it is looked for. */
static long pid_ioctl(unsigned cmd, unsigned long arg)
{
	const struct task *t = find_task((int)arg);

	if (!t)
		return -ESRCH;
	return cmd == NS_PID_FROM_PIDNS || cmd == NS_PID_IN_PIDNS ? t->pid : t->tgid;
}

static long mnt_ioctl(unsigned cmd, unsigned long arg)
{
	struct ns_mnt_info info = { .size = sizeof(info), .mnt_ns_id = MNT_NS_ID };
	struct ns_mnt_info __user *uinfo = u64_to_uptr(arg);
	const struct mount *m;

	if (cmd == NS_GET_MNT_ID)
		return put_user((u64)MNT_NS_ID, (u64 __user *)u64_to_uptr(arg));
	if (cmd == NS_MNT_INFO) {
		if (!arg)
			return -EINVAL;
		list_for_each_entry(m, &mounts, list)
			info.nr_mounts++;
		return copy_to_user(uinfo, &info, sizeof(info)) ? -EFAULT : 0;
	}
	return capable(CAP_SYS_ADMIN) ? -ENOENT : -EPERM; /* NS_MNT_NEXT and PREV: there is no other */
}

static long ns_ioctl(struct file *f, unsigned cmd, unsigned long arg)
{
	const struct ns *ns = f->inode->private;

	switch (cmd) {
	case NS_GET_USERNS:
		return ns->kind == CLONE_NEWUSER ? -EPERM : ns_fd(&spaces[NS_USER]);
	case NS_GET_PARENT:
		return ns->kind == CLONE_NEWUSER || ns->kind == CLONE_NEWPID ? -EPERM : -EINVAL;
	case NS_GET_NSTYPE:
		return (int)ns->kind;
	case NS_GET_OWNER_UID:
		return ns->kind == CLONE_NEWUSER ? put_user(0u, (u32 __user *)u64_to_uptr(arg)) : -EINVAL;
	case NS_GET_MNT_ID:
	case NS_MNT_INFO:
	case NS_MNT_NEXT:
	case NS_MNT_PREV:
		return ns->kind == CLONE_NEWNS ? mnt_ioctl(cmd, arg) : -EINVAL;
	case NS_PID_FROM_PIDNS:
	case NS_TGID_FROM_PIDNS:
	case NS_PID_IN_PIDNS:
	case NS_TGID_IN_PIDNS:
		return ns->kind == CLONE_NEWPID ? pid_ioctl(cmd, arg) : -EINVAL;
	}
	return -ENOTTY;
}

static ssize_t ns_read(struct file *f __maybe_unused, struct iov_iter *to __maybe_unused, u64 *pos __maybe_unused)
{
	return -EINVAL;
}

static const struct file_operations ns_fops = { .name = "nsfs", .read = ns_read, .ioctl = ns_ioctl };

/* ---- /proc/PID/ns ---- */

/* Who has ended is in none any more but these two. */
static bool in_ns(const struct task *t, unsigned i)
{
	return t->state != TASK_ZOMBIE || links[i].ns == NS_USER || (links[i].ns == NS_PID && !strcmp(links[i].name, "pid"));
}

static int ns_follow(const struct task *t, unsigned i, struct path *path)
{
	return in_ns(t, i) ? ns_path(&spaces[links[i].ns], path) : -ENOENT;
}

static int ns_link(const struct task *t, unsigned i, char *buf, size_t size)
{
	if (!in_ns(t, i))
		return -ENOENT;
	return ns_text(&spaces[links[i].ns], buf, size);
}

#define NS(i) \
	static int ns_link_##i(const struct proc_ctx *c, char *buf, size_t size) { return ns_link(c->task, i, buf, size); } \
	static int ns_follow_##i(const struct proc_ctx *c, struct path *path) { return ns_follow(c->task, i, path); }
NS(0) NS(1) NS(2) NS(3) NS(4) NS(5) NS(6) NS(7) NS(8) NS(9)
#define NS_ROW(i, n) { .name = (n), .mode = S_IFLNK | 0777, .readlink = ns_link_##i, .follow = ns_follow_##i, .guarded = true }
const struct proc_row proc_ns_rows[] = {
	NS_ROW(0, "cgroup"), NS_ROW(1, "ipc"), NS_ROW(2, "mnt"), NS_ROW(3, "net"), NS_ROW(4, "pid"), NS_ROW(5, "pid_for_children"),
	NS_ROW(6, "time"), NS_ROW(7, "time_for_children"), NS_ROW(8, "user"), NS_ROW(9, "uts"), { 0 },
};
