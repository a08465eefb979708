/* /sys: as much as programs read to learn about the machine. What is about CPUs and memory nodes is the host's, whose CPUs
 * they are, and is read there ("mirrored"); the rest are rows of a table. Directories come from the paths of the rows. */
#include "internal.h"
#include "module_param.h"
#include "seq.h"
#include "sysfs_net.h"
#include <linux/magic.h>

enum sys_kind { SYS_TEXT, SYS_DIR /* with nothing in it */, SYS_LINK, SYS_MIRROR, SYS_NET /* a directory of devices */,
	SYS_PARAMS /* of a module */ };
static const struct sys_row {
	const char *path;   /* below /sys */
	enum sys_kind kind;
	u32 mode;
	const char *text;   /* of a file, with its newline; of a link its target */
	const struct module_param *params;
} rows[] = {
	{ "block", SYS_DIR },
	{ "bus/cpu", SYS_DIR },
	{ "bus/pci/devices", SYS_DIR },
	{ "bus/usb/devices", SYS_DIR },
	{ "class/block", SYS_DIR },
	{ "class/dmi", SYS_DIR },
	{ "class/net", SYS_NET },
	{ "class/power_supply", SYS_DIR },
	{ "class/thermal", SYS_DIR },
	{ "class/tty/console", SYS_LINK, .text = "../../devices/virtual/tty/console" },
	{ "class/tty/ptmx", SYS_LINK, .text = "../../devices/virtual/tty/ptmx" },
	{ "class/tty/tty", SYS_LINK, .text = "../../devices/virtual/tty/tty" },
	{ "dev/block", SYS_DIR },
	{ "dev/char", SYS_DIR },
	{ "devices/system/cpu", SYS_MIRROR },
	{ "devices/system/node", SYS_MIRROR },
	{ "devices/virtual/net", SYS_NET },
	{ "devices/virtual/tty/console/dev", SYS_TEXT, 0444, "5:1\n" },
	{ "devices/virtual/tty/ptmx/dev", SYS_TEXT, 0444, "5:2\n" },
	{ "devices/virtual/tty/tty/dev", SYS_TEXT, 0444, "5:0\n" },
	{ "firmware", SYS_DIR },
	{ "fs/cgroup", SYS_DIR },
	{ "kernel/mm/hugepages", SYS_DIR },
	{ "kernel/mm/ksm/run", SYS_TEXT, 0444, "0\n" },
	{ "kernel/mm/transparent_hugepage/defrag", SYS_TEXT, 0444, "always defer defer+madvise [madvise] never\n" },
	{ "kernel/mm/transparent_hugepage/enabled", SYS_TEXT, 0444, "always [madvise] never\n" },
	{ "kernel/mm/transparent_hugepage/hpage_pmd_size", SYS_TEXT, 0444, "2097152\n" },
	{ "kernel/mm/transparent_hugepage/shmem_enabled", SYS_TEXT, 0444, "always within_size advise [never] deny force\n" },
	{ "kernel/mm/transparent_hugepage/use_zero_page", SYS_TEXT, 0444, "1\n" },
	{ "kernel/security", SYS_DIR },
	{ "module/tcp_cubic/parameters", SYS_PARAMS, .params = tcp_cubic_params },
	{ "module/tcp_cubic/version", SYS_TEXT, 0444, "2.3\n" },
	{ "power", SYS_DIR },
};

struct sysfs_node {
	const struct sys_row *row;  /* the row, or for a directory of rows one below it */
	unsigned len;               /* such a directory: of its path */
	char *host;                 /* mirrored: the host's path, kmalloc'd */
	/* below a directory of devices: */
	enum net_part { NET_NONE, NET_LINK, NET_DEV, NET_SUBSYSTEM, NET_STATISTICS, NET_FILE } net;
	char dev[16];
	const struct sysfs_net_file *file;
	const struct module_param *param; /* below the parameters of a module */
};
#define ATTR_SIZE_SHOWN 4096

static LIST_HEAD(inodes);       /* inode.hash_node: those in use */
static struct super_block sysfs_sb = { .type = "sysfs", .magic = SYSFS_MAGIC };
static const struct inode_operations dir_ops, file_ops, link_ops;
static const struct file_operations dir_fops, file_fops;

/* ---- nodes ---- */

static bool same(const struct sysfs_node *a, const struct sysfs_node *b)
{
	if (a->host || b->host)
		return a->host && b->host && !strcmp(a->host, b->host);
	if (a->net || b->net)
		return a->net == b->net && a->file == b->file && !strcmp(a->dev, b->dev);
	if (a->param || b->param)
		return a->param == b->param;
	return a->len == b->len && (a->len ? !strncmp(a->row->path, b->row->path, a->len) : a->row == b->row);
}

/* Takes over n->host. */
static struct inode *node_inode(const struct sysfs_node *want, u32 mode)
{
	struct sysfs_node *n;
	struct inode *inode;

	list_for_each_entry(inode, &inodes, hash_node)
		if (same(inode->private, want)) {
			kfree(want->host);
			return inode_get(inode);
		}
	n = kmemdup(want, sizeof(*want));
	inode = n ? inode_alloc(&sysfs_sb, mode) : NULL;
	if (!inode) {
		kfree(n);
		kfree(want->host);
		return ERR_PTR(-ENOMEM);
	}
	inode->private = n;
	inode->uid = inode->gid = 0;
	inode->size = S_ISREG(mode) ? ATTR_SIZE_SHOWN : 0;
	inode->nlink = S_ISDIR(mode) ? 2 : 1;
	inode->ops = S_ISDIR(mode) ? &dir_ops : S_ISLNK(mode) ? &link_ops : &file_ops;
	inode->fops = S_ISDIR(mode) ? &dir_fops : &file_fops;
	list_add(&inode->hash_node, &inodes);
	return inode;
}

static void sysfs_evict(struct inode *inode)
{
	struct sysfs_node *n = inode->private;

	list_del(&inode->hash_node);
	kfree(n->host);
	kfree(n);
}

static char *join(const char *dir, const char *name, unsigned len)
{
	size_t size = strlen(dir) + len + 2;
	char *path = kmalloc(size);

	if (path)
		ksnprintf(path, size, "%s/%.*s", dir, (int)len, name);
	return path;
}

static struct inode *mirror_lookup(char *path)
{
	struct sysfs_node n = { .host = path };
	struct host_stat st;
	struct host_req r = { .op = HOST_STAT, .fd = HOST_AT_FDCWD, .path = path, .flags = AT_SYMLINK_NOFOLLOW, .stat = &st };
	long err = path ? host_call(&r) : -ENOMEM;
	struct inode *inode;

	if (err) {
		kfree(path);
		return ERR_PTR(err);
	}
	inode = node_inode(&n, S_ISREG(st.mode) ? S_IFREG | (st.mode & 0444) : st.mode & (S_IFMT | 0555));
	if (!IS_ERR(inode))
		inode->nlink = st.nlink;
	return inode;
}

static struct inode *row_inode(const struct sys_row *row)
{
	static const u32 types[] = { S_IFREG, S_IFDIR | 0755, S_IFLNK | 0777, S_IFDIR | 0755, S_IFDIR | 0755,
		S_IFDIR | 0755 };
	struct sysfs_node n = { .row = row };

	if (row->kind == SYS_MIRROR) {
		n.host = join("/sys", row->path, strlen(row->path));
		if (!n.host)
			return ERR_PTR(-ENOMEM);
	}
	return node_inode(&n, types[row->kind] | row->mode);
}

static const char *below(const struct sys_row *row, const struct sysfs_node *dir)
{
	if (!dir->row)
		return row->path; /* the top */
	return dir->len && !strncmp(row->path, dir->row->path, dir->len) && row->path[dir->len] == '/' ?
		row->path + dir->len + 1 : NULL;
}

static unsigned part_len(const char *rest)
{
	const char *slash = strchr(rest, '/');

	return slash ? (unsigned)(slash - rest) : (unsigned)strlen(rest);
}

/* ---- devices of the network ---- */

static bool is_class(const struct sys_row *row) { return !strncmp(row->path, "class/", 6); }

static bool named(const char *name, unsigned len, const char *what)
{
	return strlen(what) == len && !memcmp(name, what, len);
}

/* What is called @name in a directory of devices, a device's or its statistics. */
static struct inode *net_lookup(const struct sysfs_node *d, const char *name, unsigned len)
{
	struct sysfs_node n = { .net = NET_NONE };

	if (!d->net) {
		if (len >= sizeof(n.dev))
			return ERR_PTR(-ENOENT);
		memcpy(n.dev, name, len);
		if (!sysfs_net_exists(n.dev))
			return ERR_PTR(-ENOENT);
		n.net = is_class(d->row) ? NET_LINK : NET_DEV;
		return node_inode(&n, n.net == NET_LINK ? S_IFLNK | 0777 : S_IFDIR | 0755);
	}
	if (!sysfs_net_exists(d->dev))
		return ERR_PTR(-ENOENT);
	strscpy(n.dev, d->dev, sizeof(n.dev));
	if (d->net == NET_DEV && named(name, len, "subsystem")) {
		n.net = NET_SUBSYSTEM;
		return node_inode(&n, S_IFLNK | 0777);
	}
	if (d->net == NET_DEV && named(name, len, "statistics")) {
		n.net = NET_STATISTICS;
		return node_inode(&n, S_IFDIR | 0755);
	}
	for (n.file = sysfs_net_files; n.file->name; n.file++)
		if (n.file->statistic == (d->net == NET_STATISTICS) && named(name, len, n.file->name)) {
			n.net = NET_FILE;
			return node_inode(&n, S_IFREG | 0444);
		}
	return ERR_PTR(-ENOENT);
}

/* The @i-th name in such a directory and its d_type, or false. */
static bool net_entry(const struct sysfs_node *d, unsigned i, char *name, unsigned *type)
{
	const struct sysfs_net_file *f;

	*type = 8;
	if (!d->net) {
		*type = is_class(d->row) ? 10 : 4;
		return sysfs_net_name(i, name);
	}
	if (!sysfs_net_exists(d->dev))
		return false;
	for (f = sysfs_net_files; f->name; f++)
		if (f->statistic == (d->net == NET_STATISTICS) && !i--) {
			strscpy(name, f->name, 32);
			return true;
		}
	if (d->net != NET_DEV || i > 1)
		return false;
	*type = i ? 10 : 4;
	strscpy(name, i ? "subsystem" : "statistics", 32);
	return true;
}

static bool is_net_dir(const struct sysfs_node *d) { return d->net || (d->row && !d->len && d->row->kind == SYS_NET); }

/* ---- parameters of modules ---- */

static const struct module_param *params_of(const struct sysfs_node *d)
{
	return d->row && !d->len ? d->row->params : NULL;
}

static u64 param_count(const struct sysfs_node *d)
{
	u64 n = 0;

	while (params_of(d)[n].name)
		n++;
	return n;
}

static struct inode *param_lookup(const struct module_param *p, const char *name, unsigned len)
{
	for (; p->name; p++) {
		struct sysfs_node n = { .param = p };

		if (named(name, len, p->name))
			return node_inode(&n, S_IFREG | p->mode);
	}
	return ERR_PTR(-ENOENT);
}

/* An int as kstrtoint() reads it: a sign, 0x or 0 or neither, digits, perhaps a newline. 0, -EINVAL, -ERANGE. */
static int param_set(const struct module_param *p, const char *text, size_t size)
{
	bool minus = size && *text == '-';
	size_t i = minus || (size && *text == '+'), first;
	unsigned base = 10;
	u64 v = 0;

	if (size && text[size - 1] == '\n')
		size--;
	if (size > i + 2 && text[i] == '0' && (text[i + 1] | 0x20) == 'x')
		base = 16, i += 2;
	else if (size > i + 1 && text[i] == '0')
		base = 8;
	for (first = i; i < size; i++) {
		unsigned c = (u8)text[i] | 0x20u, digit = c >= 'a' ? c - 'a' + 10 : (u8)text[i] - (unsigned)'0';

		if (digit >= base)
			return -EINVAL;
		v = min(v * base + digit, (u64)1 << 32);
	}
	if (i == first)
		return -EINVAL;
	if (v > 0x7fffffffull + minus)
		return -ERANGE;
	*p->value = minus ? (int)-(s64)v : (int)v;
	return 0;
}

static struct inode *sysfs_lookup(struct inode *dir, const char *name, unsigned len)
{
	const struct sysfs_node *d = dir->private;

	if (d->host)
		return mirror_lookup(join(d->host, name, len));
	if (is_net_dir(d))
		return net_lookup(d, name, len);
	if (params_of(d))
		return param_lookup(params_of(d), name, len);
	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *rest = below(&rows[i], d);
		struct sysfs_node n = { .row = &rows[i] };

		if (!rest || part_len(rest) != len || memcmp(rest, name, len))
			continue;
		if (!rest[len])
			return row_inode(&rows[i]);
		n.len = rest - rows[i].path + len;
		return node_inode(&n, S_IFDIR | 0755);
	}
	return ERR_PTR(-ENOENT);
}

static int sysfs_readlink(struct inode *inode, char *buf, size_t size)
{
	const struct sysfs_node *n = inode->private;
	struct host_req r = { .op = HOST_READLINK, .fd = HOST_AT_FDCWD, .path = n->host, .buf = buf, .size = size };

	if (n->net == NET_LINK)
		return ksnprintf(buf, size, "../../devices/virtual/net/%s", n->dev);
	if (n->net)
		return ksnprintf(buf, size, "../../../../class/net");
	return n->host ? (int)host_call(&r) : ksnprintf(buf, size, "%s", n->row->text);
}

static int sysfs_setattr(struct inode *inode __maybe_unused, unsigned valid, const struct kstat *st __maybe_unused)
{
	return valid & (ATTR_MODE | ATTR_UID | ATTR_GID) ? -EPERM : 0;
}

/* ---- directories ---- */

typedef bool (*emit_fn)(void *ctx, const char *name, unsigned len, u64 ino, unsigned type, u64 next_off);

struct sys_dirent { /* struct linux_dirent64 */
	u64 ino, off;
	u16 reclen;
	u8 type;
	char name[];
};

static int mirror_getdents(struct file *f, const char *path, void *ctx, emit_fn emit)
{
	struct host_req open = { .op = HOST_OPEN, .fd = HOST_AT_FDCWD, .path = path, .flags = O_RDONLY | O_DIRECTORY };
	struct host_req get = { .op = HOST_GETDENTS, .size = 4096, .offset = f->pos };
	struct host_req end = { .op = HOST_CLOSE };
	char *buf = kmalloc(4096);
	long fd = buf ? host_call(&open) : -ENOMEM, n = 1;
	bool room = true;

	get.fd = end.fd = (int)fd;
	get.buf = buf;
	while (fd >= 0 && room && n > 0) {
		get.offset = f->pos;
		n = host_call(&get);
		for (long at = 0; at < n && room;) {
			struct sys_dirent *d = (void *)(buf + at);

			room = emit(ctx, d->name, strlen(d->name), d->ino, d->type, d->off);
			if (room)
				f->pos = d->off;
			at += d->reclen;
		}
	}
	if (fd >= 0)
		host_call(&end);
	kfree(buf);
	return fd < 0 ? (int)fd : 0;
}

static bool seen_before(const struct sysfs_node *d, unsigned upto, const char *name, unsigned len)
{
	for (unsigned i = 0; i < upto; i++) {
		const char *rest = below(&rows[i], d);

		if (rest && part_len(rest) == len && !memcmp(rest, name, len))
			return true;
	}
	return false;
}

static int sysfs_getdents(struct file *f, void *ctx, emit_fn emit)
{
	static const u8 types[] = { 8, 4, 10, 4, 4, 4 };
	const struct sysfs_node *d = f->inode->private;
	struct dentry *up = f->path.dentry ? f->path.dentry->parent : NULL;

	if (d->host)
		return mirror_getdents(f, d->host, ctx, emit);
	while (f->pos < 2) {
		if (!emit(ctx, "..", (unsigned)f->pos + 1, f->pos && up ? up->inode->ino : f->inode->ino, 4, f->pos + 1))
			return 0;
		f->pos++;
	}
	if (is_net_dir(d)) {
		char name[32];
		unsigned type;

		for (; net_entry(d, (unsigned)f->pos - 2, name, &type); f->pos++)
			if (!emit(ctx, name, strlen(name), 0x2000 + f->pos, type, f->pos + 1))
				return 0;
		return 0;
	}
	if (params_of(d)) {
		for (const struct module_param *p = params_of(d) + f->pos - 2; f->pos - 2 < param_count(d) && p->name; p++, f->pos++)
			if (!emit(ctx, p->name, strlen(p->name), 0x3000 + f->pos, 8, f->pos + 1))
				return 0;
		return 0;
	}
	for (unsigned i = (unsigned)f->pos - 2; i < ARRAY_SIZE(rows); i++) {
		const char *rest = below(&rows[i], d);
		unsigned len = rest ? part_len(rest) : 0;

		if (!rest || seen_before(d, i, rest, len))
			continue;
		if (!emit(ctx, rest, len, 0x1000 + i, rest[len] ? 4 : types[rows[i].kind], i + 3))
			return 0;
		f->pos = i + 3;
	}
	f->pos = ARRAY_SIZE(rows) + 2;
	return 0;
}

static ssize_t dir_read(struct file *f __maybe_unused, struct iov_iter *to __maybe_unused, u64 *pos __maybe_unused)
{
	return -EISDIR;
}

/* ---- files ---- */

static int file_open(struct inode *inode, struct file *f)
{
	if ((f->flags & O_ACCMODE) != O_RDONLY && !(inode->mode & 0222))
		return -EACCES; /* root cannot set it either */
	f->private = kzalloc(sizeof(struct seq));
	return f->private ? 0 : -ENOMEM;
}

static void file_release(struct file *f)
{
	struct seq *s = f->private;

	if (s)
		kfree(s->buf);
	kfree(s);
}

static long mirror_read(struct seq *s, const char *path)
{
	struct host_req open = { .op = HOST_OPEN, .fd = HOST_AT_FDCWD, .path = path, .flags = O_RDONLY };
	struct host_req read = { .op = HOST_PREAD, .size = PAGE_SIZE };
	struct host_req end = { .op = HOST_CLOSE };
	char *buf = kmalloc(PAGE_SIZE);
	long fd = buf ? host_call(&open) : -ENOMEM, n = fd;

	read.fd = end.fd = (int)fd;
	read.buf = buf;
	while (fd >= 0 && (n = host_call(&read)) > 0) {
		seq_write(s, buf, n);
		read.offset += n;
	}
	if (fd >= 0)
		host_call(&end);
	kfree(buf);
	return n;
}

static ssize_t file_read(struct file *f, struct iov_iter *to, u64 *pos)
{
	const struct sysfs_node *n = f->inode->private;
	struct seq *s = f->private;
	size_t want, got;

	if (!*pos) {
		long err = 0;

		s->len = 0;
		s->failed = false;
		if (n->host)
			err = mirror_read(s, n->host);
		else if (n->net)
			err = sysfs_net_show(s, n->dev, n->file);
		else if (n->param)
			seq_printf(s, "%d\n", *n->param->value);
		else
			seq_puts(s, n->row->text);
		if (err || s->failed)
			return err ? err : -ENOMEM;
	}
	if (*pos >= s->len)
		return 0;
	want = min(iov_iter_count(to), s->len - *pos);
	got = copy_to_iter(s->buf + *pos, want, to);
	*pos += got;
	return got || !want ? (ssize_t)got : -EFAULT;
}

/* Each write(2) is a value, wherever the file stands. */
static ssize_t file_write(struct file *f, struct iov_iter *from, u64 *pos)
{
	const struct sysfs_node *n = f->inode->private;
	size_t size = min(iov_iter_count(from), (size_t)PAGE_SIZE);
	char *text;
	int err;

	if (!size)
		return 0;
	text = kmalloc(size);
	if (!text)
		return -ENOMEM;
	err = copy_from_iter(text, size, from) == size ? param_set(n->param, text, size) : -EFAULT;
	kfree(text);
	if (err)
		return err;
	*pos += size;
	return (ssize_t)size;
}

static loff_t file_llseek(struct file *f, loff_t off, int whence)
{
	return generic_llseek(f, off, whence, ATTR_SIZE_SHOWN);
}

/* open(2) says EACCES, and mkdir(2), which has no operation, EPERM. */
static int sysfs_create(struct inode *dir __maybe_unused, const char *name __maybe_unused, u32 mode __maybe_unused,
	u64 rdev __maybe_unused, struct inode **made __maybe_unused)
{
	return -EACCES;
}

static const struct inode_operations dir_ops = {
	.lookup = sysfs_lookup, .create = sysfs_create, .setattr = sysfs_setattr,
	.evict = sysfs_evict };
static const struct inode_operations file_ops = { .open = file_open, .setattr = sysfs_setattr, .evict = sysfs_evict };
static const struct inode_operations link_ops = { .readlink = sysfs_readlink, .setattr = sysfs_setattr, .evict = sysfs_evict };
static const struct file_operations dir_fops = {
	.name = "sysfs", .read = dir_read, .llseek = empty_llseek, .getdents = sysfs_getdents,
};
static const struct file_operations file_fops = {
	.name = "sysfs", .read = file_read, .write = file_write, .llseek = file_llseek, .release = file_release,
};

struct inode *sysfs_root(struct super_block **sb)
{
	struct sysfs_node top = { 0 };
	struct inode *root;

	sysfs_sb.dev = new_anon_dev();
	*sb = &sysfs_sb;
	root = node_inode(&top, S_IFDIR | 0555);
	return IS_ERR(root) ? NULL : root;
}
