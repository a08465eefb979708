/* The tree of the first program: hostfs as the root, umk's own file systems mounted over its /dev, /proc and /sys, and
 * where the program starts in it. */
#include "internal.h"
#include "kmsg.h"
#include "aio.h"
#include "printk.h"
#include "tty.h"

/* Mounts on @where; a host tree that lacks the directory gets a name that only umk sees. */
static int mount_at(const char *where, struct inode *root, struct super_block *sb, u32 flags)
{
	struct path path;
	struct dentry *d;
	struct mount *m;
	int err;

	if (!root)
		return -ENOMEM;
	err = path_lookup(AT_FDCWD, where, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);
	if (err && !strrchr(where + 1, '/')) {
		struct inode *point = inode_alloc(sb, S_IFDIR | 0755);

		d = point ? d_add(root_path.dentry, where + 1, strlen(where + 1), point) : ERR_PTR(-ENOMEM);
		if (IS_ERR(d))
			return PTR_ERR(d);
		path = (struct path){ mntget(root_path.mnt), d };
		err = 0;
	}
	if (err) {
		inode_put(root);
		return err;
	}
	d = sb->root ? dget(sb->root) : d_alloc_root(root, "");
	m = d ? mount_alloc(sb, d, flags | MS_RELATIME, sb->type) : NULL;
	if (m) {
		if (!sb->root) {
			sb->root = dget(d); /* mount(2) of the same kind shows it again */
			sb_get(sb);
			if (strcmp(sb->type, "devpts") && strcmp(sb->type, "tmpfs"))
				fs_register_single(sb->type, sb);
		}
		mount_attach(m, &path);
	} else {
		err = -ENOMEM;
	}
	dput(d);
	path_put(&path);
	return err;
}

/* /dev/pts as Debian mounts it. umk's terminal keeps the number that it has on the host. */
static int mount_devpts(void)
{
	struct super_block *sb;
	struct inode *root = devpts_new("gid=5,mode=620,ptmxmode=000", &sb);
	struct kstat st = { 0 };
	const char *name = stdio_tty_name(&st);
	int index = 0;

	if (IS_ERR(root))
		return PTR_ERR(root);
	if (name && !strncmp(name, "pts/", 4)) {
		for (name += 4; *name >= '0' && *name <= '9' && index < 100000; name++)
			index = index * 10 + *name - '0';
		if (!*name)
			(void)devpts_add_console(root, index, console_tty(), &st);
	}
	return mount_at("/dev/pts", root, sb, MS_NOSUID | MS_NOEXEC);
}

/* --bind: a directory or file of the host somewhere else in the guest's tree, past --root and --overlay. */
static void mount_host(const struct umk_bind *b)
{
	const char *where = b->guest ? b->guest : b->host;
	struct path path;
	struct dentry *d = hostfs_root_of(b->host);
	struct mount *m;
	int err = IS_ERR(d) ? PTR_ERR(d) : path_lookup(AT_FDCWD, where, LOOKUP_FOLLOW, &path);

	if (!err) {
		m = mount_alloc(&hostfs_sb, d, MS_RELATIME | (b->readonly ? MS_RDONLY : 0), b->host);
		err = m ? mount_graft(m, &path) : -ENOMEM;
		path_put(&path);
	}
	if (err) {
		pr_msg("--bind=%s:%s: error %d", b->host, where, -err);
		host_exit(125, 0);
	}
	dput(d);
}

void vfs_init(void)
{
	static struct fs_struct boot;
	struct super_block *sb;
	struct dentry *root;
	struct inode *inode;
	int err;

	sb = hostfs_mount_root(umk_options.root ? umk_options.root : "/", &root);
	if (IS_ERR(sb)) {
		pr_msg("cannot use %s as the root directory: error %ld", umk_options.root ? umk_options.root : "/", -PTR_ERR(sb));
		host_exit(125, 0);
	}
	if (umk_options.overlay) {
		sb = overlay_new(root->inode, &root);
		if (IS_ERR(sb)) {
			pr_msg("cannot make the overlay: error %ld", -PTR_ERR(sb));
			host_exit(125, 0);
		}
	}
	root_path.dentry = root;
	root_path.mnt = mount_alloc(sb, root, MS_RELATIME, sb->type);
	mount_attach(root_path.mnt, NULL);
	boot = (struct fs_struct){ .refs = 1, .root = root_path, .cwd = root_path, .umask = umk_options.umask };
	boot_fs = &boot;
	stdio_init();
	pty_init();
	pipe_init();
	aio_init();
	leases_init();
	inotify_init();
	kmsg_init();
	inode = devfs_root(&sb);
	err = mount_at("/dev", inode, sb, MS_NOSUID);
	if (!err)
		err = mount_devpts();
	if (!err) {
		inode = tmpfs_new("tmpfs", 01777, &sb);
		err = mount_at("/dev/shm", inode, sb, MS_NOSUID | MS_NODEV);
	}
	if (!err) {
		inode = procfs_root(&sb);
		err = mount_at("/proc", inode, sb, MS_NOSUID | MS_NODEV | MS_NOEXEC);
	}
	if (!err) {
		inode = sysfs_root(&sb);
		err = mount_at("/sys", inode, sb, MS_NOSUID | MS_NODEV | MS_NOEXEC);
	}
	if (err) {
		pr_msg("cannot mount /dev and /proc: error %d", -err);
		host_exit(125, 0);
	}
	for (unsigned i = 0; i < umk_options.nbinds; i++)
		mount_host(&umk_options.binds[i]);
	mounts_baseline();
}

void vfs_exit(void)
{
	struct mount *m;

	mounts_exit();
	overlay_exit();
	list_for_each_entry(m, &mounts, list)
		if (!strcmp(m->sb->type, "tmpfs"))
			tmpfs_clear(m->sb->root->inode);
}

/* umk's own working directory as the guest names it; / when it lies outside of --root. */
static void host_cwd(char *buf, size_t size)
{
	struct host_req r = { .op = HOST_READLINK, .fd = HOST_AT_FDCWD, .path = "/proc/self/cwd", .buf = buf, .size = size - 1 };
	long n = host_call(&r);
	size_t len;

	buf[n > 0 ? n : 0] = 0;
	if (n <= 0)
		strscpy(buf, "/", size);
	if (!umk_options.root || !strcmp(umk_options.root, "/"))
		return;
	len = strlen(umk_options.root);
	while (len > 1 && umk_options.root[len - 1] == '/')
		len--;
	if (!strncmp(buf, umk_options.root, len) && (buf[len] == '/' || !buf[len]))
		memmove(buf, buf[len] ? buf + len : "/", strlen(buf[len] ? buf + len : "/") + 1);
	else
		strscpy(buf, "/", size);
}

int set_first_cwd(struct fs_struct *fs, const char *cwd)
{
	char *text = kmalloc(PATH_MAX);
	struct path path;
	int err;

	if (!text)
		return -ENOMEM;
	if (cwd)
		strscpy(text, cwd, PATH_MAX);
	else
		host_cwd(text, PATH_MAX);
	err = path_lookup(AT_FDCWD, text, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);
	if (err && cwd) {
		pr_msg("--cwd=%s: error %d", cwd, -err);
		host_exit(125, 0);
	}
	if (!err) {
		path_put(&fs->cwd);
		fs->cwd = path;
	}
	kfree(text);
	return 0;
}
