/* The tree of mounts: what is mounted where, who uses it, and its text for /proc. A place is a dentry as reached through
 * one mount, so that a directory that is visible in two places can have something mounted on it in one of them only.
 * There is one tree for all tasks, and every mount is private: nothing propagates. Which changes a guest may make is decided
 * in mountcalls.c and mountapi.c. */
#include "internal.h"
#include "procfs.h"
#include "seq.h"

struct proc_event mounts_event = PROC_EVENT_INIT(mounts_event);
struct list_head mounts = LIST_HEAD_INIT(mounts); /* those in the tree, in the order in which they came */

/* ---- file systems' lives ---- */

struct super_block *sb_get(struct super_block *sb)
{
	sb->refs++;
	return sb;
}

void sb_inode_gone(struct super_block *sb)
{
	if (sb->inodes && !--sb->inodes && !sb->refs && sb->free)
		sb->free(sb);
}

void sb_put(struct super_block *sb)
{
	struct dentry *root = sb->root;

	if (--sb->refs || !sb->free)
		return;
	if (fsnotify_active)
		fsnotify_unmount(sb);
	dcache_shrink();
	sb->inodes++; /* not before its root is gone */
	sb->root = NULL;
	dput(root);
	if (sb->kill)
		sb->kill(sb);
	sb_inode_gone(sb);
}

/* ---- one mount ---- */

struct mount *mount_alloc(struct super_block *sb, struct dentry *root, u32 flags, const char *source)
{
	static u32 next_id = 20;
	struct mount *m = kzalloc(sizeof(*m));

	if (!m)
		return NULL;
	m->source = kstrdup(source ? source : "none");
	if (!m->source) {
		kfree(m);
		return NULL;
	}
	m->id = next_id++;
	m->refs = 1;
	m->flags = flags;
	m->sb = sb_get(sb);
	m->root = dget(root);
	INIT_LIST_HEAD(&m->children);
	INIT_LIST_HEAD(&m->child);
	INIT_LIST_HEAD(&m->list);
	return m;
}

void mntput(struct mount *m)
{
	if (!m)
		return;
	m->expiring = false;
	if (--m->refs)
		return;
	pathcache_forget();
	dput(m->root);
	sb_put(m->sb);
	kfree(m->source);
	kfree(m);
}

void mount_attach(struct mount *m, const struct path *where)
{
	pathcache_forget();
	if (where) {
		m->parent = mntget(where->mnt);
		m->mountpoint = dget(where->dentry);
		m->mountpoint->mounted++;
		list_add_tail(&m->child, &m->parent->children);
	}
	if (list_empty(&m->list))
		list_add_tail(&m->list, &mounts);
	proc_event_tell(&mounts_event);
}

void mount_unhook(struct mount *m)
{
	struct mount *parent = m->parent;
	struct dentry *point = m->mountpoint;

	if (!parent)
		return;
	pathcache_forget();
	list_del(&m->child);
	m->parent = NULL;
	m->mountpoint = NULL;
	point->mounted--;
	dput(point);
	mntput(parent);
	proc_event_tell(&mounts_event);
}

void mount_detach(struct mount *m)
{
	while (!list_empty(&m->children))
		mount_detach(list_first_entry(&m->children, struct mount, child));
	list_del(&m->list);
	mount_unhook(m);
	mntput(m);
}

struct mount *mount_on(const struct mount *parent, const struct dentry *dentry)
{
	struct mount *m;

	if (!dentry->mounted || !parent)
		return NULL;
	list_for_each_entry(m, &parent->children, child)
		if (m->mountpoint == dentry)
			return m;
	return NULL;
}

bool mount_busy(const struct mount *m, u32 own)
{
	return m->refs > own; /* a mount below holds the one it is on */
}

/* ---- copies ---- */

static struct mount *copy_one(const struct mount *m, struct dentry *root)
{
	struct mount *c = mount_alloc(m->sb, root, m->flags & ~MNT_UNBINDABLE, m->source);

	return c ? c : ERR_PTR(-ENOMEM);
}

static bool is_below(const struct dentry *d, const struct dentry *root)
{
	return d_is_ancestor(root, d);
}

/* Copies what is mounted on @m below @root onto @copy. */
static int copy_children(const struct mount *m, const struct dentry *root, struct mount *copy)
{
	struct mount *c;

	list_for_each_entry(c, &m->children, child) {
		struct path where = { copy, c->mountpoint };
		struct mount *n;
		int err;

		if (!is_below(c->mountpoint, root) || (c->flags & MNT_UNBINDABLE))
			continue;
		n = copy_one(c, c->root);
		if (IS_ERR(n))
			return PTR_ERR(n);
		mount_attach(n, &where);
		list_del(&n->list); /* not in the tree yet */
		err = copy_children(c, c->root, n);
		if (err)
			return err;
	}
	return 0;
}

struct mount *mount_copy(const struct mount *m, struct dentry *root, bool recurse)
{
	struct mount *copy = copy_one(m, root);

	if (!IS_ERR(copy) && recurse && copy_children(m, root, copy)) {
		mount_detach(copy);
		return ERR_PTR(-ENOMEM);
	}
	return copy;
}

static void enter_tree(struct mount *m)
{
	struct mount *c;

	if (list_empty(&m->list))
		list_add_tail(&m->list, &mounts);
	list_for_each_entry(c, &m->children, child)
		enter_tree(c);
}

int mount_graft(struct mount *m, const struct path *where)
{
	if (!mount_in_tree(where->mnt))
		return -EINVAL;
	if (where->dentry->deleted)
		return -ENOENT;
	if (S_ISDIR(m->root->inode->mode) != S_ISDIR(where->dentry->inode->mode))
		return -ENOTDIR;
	mount_attach(m, where);
	enter_tree(m);
	return 0;
}

bool path_reachable(const struct path *p, const struct path *root)
{
	const struct mount *m = p->mnt;
	const struct dentry *d = p->dentry;

	while (m != root->mnt) {
		if (!m->parent)
			return false;
		d = m->mountpoint;
		m = m->parent;
	}
	return d_is_ancestor(root->dentry, d);
}

bool path_noexec(const struct path *p)
{
	return p->mnt && (p->mnt->flags & MS_NOEXEC);
}

bool file_noexec(const struct file *f)
{
	return path_noexec(&f->path);
}

bool file_nosuid(const struct file *f)
{
	return f->path.mnt && (f->path.mnt->flags & MS_NOSUID);
}

/* ---- boot and end ---- */

void mounts_exit(void)
{
	struct mount *m;
again:
	list_for_each_entry(m, &mounts, list)
		if (!m->boot) {
			mount_detach(m);
			goto again;
		}
}

void mounts_baseline(void)
{
	struct mount *m;

	list_for_each_entry(m, &mounts, list)
		m->boot = true;
}

/* ---- text ---- */

/* Spaces and the like as \040, as getmntent(3) reads them. */
static void put_escaped(struct seq *s, const char *text)
{
	for (; *text; text++) {
		if (strchr(" \t\n\\#", *text))
			seq_printf(s, "\\%03o", (u8)*text);
		else
			seq_write(s, text, 1);
	}
}

static void put_flags(struct seq *s, u32 flags)
{
	static const struct { u32 flag; const char *text; } names[] = {
		{ MS_NOSUID, ",nosuid" }, { MS_NODEV, ",nodev" }, { MS_NOEXEC, ",noexec" }, { MS_NOATIME, ",noatime" },
		{ MS_NODIRATIME, ",nodiratime" }, { MS_RELATIME, ",relatime" }, { MS_NOSYMFOLLOW, ",nosymfollow" },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		if (flags & names[i].flag)
			seq_puts(s, names[i].text);
}

static void put_sb_options(struct seq *s, const struct super_block *sb)
{
	if (sb->show_options)
		sb->show_options(s, sb);
}

bool mount_reachable(const struct mount *m, const struct path *top)
{
	struct dentry *d = m->root;

	for (; m != top->mnt; m = m->parent) {
		if (!m->parent)
			return false;
		d = m->mountpoint;
	}
	return is_below(d, top->dentry);
}

bool mount_place(const struct mount *m, const struct task *t, char *buf)
{
	struct path p = { (struct mount *)m, m->root };
	struct fs_struct *was = current->fs;
	bool deleted;
	int len;

	if (!mount_reachable(m, &t->fs->root))
		return false;
	current->fs = t->fs; /* whose root path_text() starts from */
	len = path_text(&p, buf, PATH_MAX, &deleted);
	current->fs = was;
	return len > 0;
}

static void for_visible(struct seq *s, const struct task *t, void (*show)(struct seq *s, const struct mount *m, const char *place))
{
	char *buf = kmalloc(PATH_MAX);
	struct mount *m;

	if (!buf || !t->fs) {
		kfree(buf);
		return;
	}
	list_for_each_entry(m, &mounts, list)
		if (mount_place(m, t, buf))
			show(s, m, buf);
	kfree(buf);
}

static void show_mount(struct seq *s, const struct mount *m, const char *place)
{
	put_escaped(s, m->source);
	seq_puts(s, " ");
	put_escaped(s, place);
	seq_printf(s, " %s %s", m->sb->type, mnt_want_write(m) ? "ro" : "rw");
	put_flags(s, m->flags);
	put_sb_options(s, m->sb);
	seq_puts(s, " 0 0\n");
}

/* What of the file system the mount shows, escaped for a line of text or as it is. */
static void put_root(struct seq *s, const struct mount *m, void (*put)(struct seq *s, const char *text))
{
	const struct dentry *chain[64];
	const struct dentry *d = m->root;
	int n = 0;

	for (; d->parent && n < (int)ARRAY_SIZE(chain); d = d->parent)
		chain[n++] = d;
	if (!n)
		seq_puts(s, "/");
	while (n--) {
		seq_puts(s, "/");
		put(s, chain[n]->name);
	}
}

static void put_plain(struct seq *s, const char *text) { seq_puts(s, text); }
void mount_root_text(struct seq *s, const struct mount *m) { put_root(s, m, put_plain); }

static void show_info(struct seq *s, const struct mount *m, const char *place)
{
	u64 dev = m->sb->host ? hostfs_dev(m->root->inode) : m->sb->dev;

	seq_printf(s, "%u %u %llu:%llu ", m->id, m->parent ? m->parent->id : 1, (unsigned long long)(dev >> 8 & 0xfff),
		(unsigned long long)((dev & 0xff) | (dev >> 12 & ~0xffull)));
	put_root(s, m, put_escaped);
	seq_puts(s, " ");
	put_escaped(s, place);
	seq_puts(s, m->flags & MS_RDONLY ? " ro" : " rw");
	put_flags(s, m->flags);
	seq_printf(s, "%s - %s ", m->flags & MNT_UNBINDABLE ? " unbindable" : "", m->sb->type);
	put_escaped(s, m->source);
	seq_puts(s, m->sb->flags & MS_RDONLY ? " ro" : " rw");
	put_sb_options(s, m->sb);
	seq_puts(s, "\n");
}

static void show_stats(struct seq *s, const struct mount *m, const char *place)
{
	seq_puts(s, "device ");
	put_escaped(s, m->source);
	seq_puts(s, " mounted on ");
	put_escaped(s, place);
	seq_printf(s, " with fstype %s\n", m->sb->type);
}

void show_mounts(struct seq *s, const struct task *t) { for_visible(s, t, show_mount); }
void show_mountinfo(struct seq *s, const struct task *t) { for_visible(s, t, show_info); }
void show_mountstats(struct seq *s, const struct task *t) { for_visible(s, t, show_stats); }
