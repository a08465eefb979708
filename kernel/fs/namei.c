/* The path walk of path_resolution(7): components, symlinks, mounts, "..", and the rights to search directories.
 *
 * Each component is asked of its file system, every time: the host's edits are seen at the next call. On hostfs, what is known
 * for certain (hostwatch.c) needs no question; other directories that were there before are asked about together: two questions
 * for a path of any depth. A symlink's text is put in front of what is left of the path, so that the walk is a loop. What is done
 * with the result (open, unlink, rename ...) is decided in open.c, stat.c and names.c. */
#include "internal.h"
#include "uaccess.h"

struct fs_struct *boot_fs;
struct path root_path;
bool walk_saw_attributes;

struct fs_struct *walk_fs(void)
{
	return current && current->fs ? current->fs : boot_fs;
}

char *getname(const char __user *upath, unsigned flags)
{
	char *name = kmalloc(PATH_MAX);
	long len;

	if (!name)
		return ERR_PTR(-ENOMEM);
	len = strncpy_from_user(name, upath, PATH_MAX);
	if (len >= PATH_MAX)
		len = -ENAMETOOLONG;
	if (len == 0 && !(flags & LOOKUP_EMPTY))
		len = -ENOENT;
	if (len < 0) {
		kfree(name);
		return ERR_PTR(len);
	}
	return name;
}

bool upath_is_empty(const char __user *upath, int *err)
{
	char c = 0;

	*err = 0;
	if (!upath)
		return true;
	if (get_user(c, (char __user *)upath))
		*err = -EFAULT;
	return !c;
}

int file_dentry_path(struct file *f, struct path *path)
{
	const char *name = f->inode->mode & S_IFMT ? NULL : f->inode->private;
	char text[48];

	if (f->path.dentry) {
		*path = f->path;
		path_get(path);
		return 0;
	}
	if (S_ISFIFO(f->inode->mode))
		ksnprintf(text, sizeof(text), "pipe:[%llu]", (unsigned long long)f->inode->ino);
	else if (S_ISSOCK(f->inode->mode))
		ksnprintf(text, sizeof(text), "socket:[%llu]", (unsigned long long)f->inode->ino);
	else if (S_ISCHR(f->inode->mode))
		ksnprintf(text, sizeof(text), "/dev/char:%llx", (unsigned long long)f->inode->rdev);
	else
		ksnprintf(text, sizeof(text), "anon_inode:%s", name ? name : "");
	path->mnt = NULL;
	path->dentry = d_alloc_root(inode_get(f->inode), text);
	return path->dentry ? 0 : -ENOMEM;
}

/* The path behind the dfd argument of the *at calls. EBADF. */
int dfd_path(int dfd, struct path *path)
{
	struct file *f;
	int err;

	if (dfd == AT_FDCWD) {
		*path = walk_fs()->cwd;
		path_get(path);
		return 0;
	}
	f = fget_path(dfd);
	if (!f)
		return -EBADF;
	err = file_dentry_path(f, path);
	file_put(f);
	return err;
}

static int walk_to_last(struct nameidata *nd);

/* ---- steps ---- */

static bool path_equal(const struct path *a, const struct path *b)
{
	return a->dentry == b->dentry && a->mnt == b->mnt;
}

void cross_mounts(struct path *path)
{
	struct mount *m;

	while (path->dentry->mounted && (m = mount_on(path->mnt, path->dentry))) {
		struct path on = { m, m->root };

		path_get(&on);
		path_put(path);
		*path = on;
	}
}

/* Does @d, found under its name on hostfs, tell all that a walk with @flags wants to know of it? */
static bool will_do(const struct dentry *d, unsigned flags)
{
	if ((flags & LOOKUP_SLOW) || !d->inode->sb || !d->inode->sb->host)
		return false;
	if ((flags & LOOKUP_OPEN) && (S_ISREG(d->inode->mode) || S_ISDIR(d->inode->mode)))
		return true;
	return ((flags & LOOKUP_KNOWN) || ((flags & LOOKUP_FOLLOW) && S_ISLNK(d->inode->mode))) && hostwatch_knows(d);
}

/* Asks the file system what @name is; @old is what it was, or NULL. NULL: *@only tells it. */
static struct dentry *ask_for_child(const struct path *dir, const char *name, unsigned len, unsigned flags, struct dentry *old,
	struct kstat *only)
{
	struct inode *d = dir->dentry->inode, *inode;
	bool host = d->sb && d->sb->host, by_fd = only && old && host && hostfs_has_fd(old->inode);
	struct dentry *dentry;
	u64 gen;

	/* A name that is known needs no question: the file's descriptor tells the rest. */
	if (by_fd && hostwatch_knows(old) && hostfs_getattr_by_fd(old->inode, only))
		return NULL;
	gen = host ? hostwatch_ask(d, by_fd || (flags & LOOKUP_KNOWN)) : 0;
	inode = host ? hostfs_ask(d, name, old ? old->inode : NULL, only) : d->ops->lookup(d, name, len);
	if (!inode) {
		if (gen && old)
			hostwatch_set_known(old, gen);
		return NULL;
	}
	/* Attributes are always asked for; but a watch would have known these. */
	if (host && !(flags & LOOKUP_KNOWN) && (PTR_ERR(inode) == -ENOENT || (!IS_ERR(inode) && S_ISLNK(inode->mode))))
		hostwatch_ask(d, true);
	if (IS_ERR(inode)) {
		if (old && PTR_ERR(inode) == -ENOENT)
			d_delete(old);
		if (host && PTR_ERR(inode) == -ENOENT)
			hostwatch_set_absent(d, gen, name, len);
		return ERR_PTR(PTR_ERR(inode));
	}
	dentry = d_add(dir->dentry, name, len, inode);
	if (gen && !IS_ERR(dentry))
		hostwatch_set_known(dentry, gen);
	return dentry;
}

/* What is there of @name: a dentry, or a file that is opened right after a look at it. NULL, or ERR_PTR(-ENOMEM). */
static struct dentry *child_at_hand(const struct path *dir, const char *name, unsigned len, unsigned flags, bool host)
{
	struct dentry *dentry = d_find(dir->dentry, name, len);
	struct inode *inode;

	if (dentry || !host || (flags & (LOOKUP_OPEN | LOOKUP_SLOW)) != LOOKUP_OPEN)
		return dentry;
	inode = hostfs_told(dir->dentry->inode, name);
	return !inode || IS_ERR(inode) ? (void *)inode : d_add(dir->dentry, name, len, inode);
}

/* As lookup_child(); @only as in struct nameidata, or NULL. */
static int find_child(const struct path *dir, const char *name, unsigned len, unsigned flags, struct kstat *only, struct path *child)
{
	struct inode *d = dir->dentry->inode;
	bool host = d->sb && d->sb->host;
	struct dentry *dentry, *old;

	if (!S_ISDIR(d->mode) || !d->ops || !d->ops->lookup)
		return -ENOTDIR;
	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	dentry = child_at_hand(dir, name, len, flags, host);
	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	if (!dentry || !(dentry->mounted || (host && will_do(dentry, flags)))) {
		old = dentry;
		if (host && !(flags & LOOKUP_SLOW) && hostwatch_absent(d, name, len))
			dentry = ERR_PTR(-ENOENT);
		else if (host && (flags & LOOKUP_CACHED))
			dentry = ERR_PTR(-EAGAIN);
		else
			dentry = ask_for_child(dir, name, len, flags, old, only);
		dput(old);
		if (!dentry)
			return WALK_TOLD;
		if (IS_ERR(dentry))
			return PTR_ERR(dentry);
	} else if (!dentry->mounted) {
		hostfs_found(dentry->inode, d, dentry->name);
	}
	*child = (struct path){ mntget(dir->mnt), dentry };
	cross_mounts(child);
	return 0;
}

int lookup_child(const struct path *dir, const char *name, unsigned len, unsigned flags, struct path *child)
{
	return find_child(dir, name, len, flags, NULL, child);
}

static int step_dotdot(struct nameidata *nd, struct path *path)
{
	struct dentry *up;
	struct path on;

	while (!path_equal(path, &nd->root)) {
		if (path->dentry == (path->mnt ? path->mnt->root : NULL)) {
			if (!path->mnt->parent)
				return 0;
			if (nd->flags & LOOKUP_NO_XDEV)
				return -EXDEV;
			on = (struct path){ path->mnt->parent, path->mnt->mountpoint };
			path_get(&on);
			path_put(path);
			*path = on;
			continue;
		}
		if (!path->dentry->parent)
			return 0;
		up = dget(path->dentry->parent);
		dput(path->dentry);
		path->dentry = up;
		cross_mounts(path);
		return 0;
	}
	return nd->flags & LOOKUP_BENEATH ? -EXDEV : 0;
}

/* Cuts the next component off nd->rest into nd->last. */
static void next_component(struct nameidata *nd)
{
	const char *s = nd->rest;
	unsigned len = 0;

	while (s[len] && s[len] != '/')
		len++;
	nd->rest = s + len;
	nd->trailing = *nd->rest == '/';
	while (*nd->rest == '/')
		nd->rest++;
	/* Whether it is too long is seen when it is looked up. */
	memcpy(nd->last, s, min(len, (unsigned)NAME_MAX));
	nd->last[min(len, (unsigned)NAME_MAX)] = 0;
	nd->last_len = len;
	nd->last_end = s + len;
	nd->last_type = len == 1 && s[0] == '.' ? LAST_DOT : len == 2 && s[0] == '.' && s[1] == '.' ? LAST_DOTDOT : LAST_NORM;
}

/* ---- several names at once ---- */

static bool is_dots(const char *s, unsigned len)
{
	return s[0] == '.' && (len == 1 || (len == 2 && s[1] == '.'));
}

static void drop_anchor(struct nameidata *nd)
{
	if (nd->anchor.dentry)
		path_put(&nd->anchor);
	nd->anchor.dentry = NULL;
}

/* Goes through directories of hostfs whose dentries are there, two or more, without asking the host: it is asked about the whole
 * way when the next name is looked up. Only while the host's own checks are the true ones, never into mounts, and not where
 * more is known. */
static void skip_cached(struct nameidata *nd)
{
	struct dentry *at = nd->path.dentry, *d;
	const char *s = nd->rest, *start = s, *dir_end = NULL;
	struct path deep;
	unsigned n = 0;

	if ((nd->flags & (LOOKUP_SLOW | LOOKUP_CACHED | LOOKUP_BENEATH | LOOKUP_IN_ROOT | LOOKUP_NO_XDEV)) || !at->inode->sb ||
			!at->inode->sb->host || hostwatch_gen(at->inode) || !cred_is_host())
		return;
	dget(at);
	for (;;) {
		unsigned len = 0;

		while (s[len] && s[len] != '/')
			len++;
		if (!len || !s[len] || len > NAME_MAX || is_dots(s, len) || s + len - start > NAME_MAX)
			break;
		d = hostwatch_gen(at->inode) ? NULL : d_find(at, s, len);
		if (d && (d->mounted || !S_ISDIR(d->inode->mode) || !d->inode->sb->host)) {
			dput(d);
			d = NULL;
		}
		if (!d)
			break;
		dput(at);
		at = d;
		n++;
		dir_end = s + len;
		for (s = dir_end; *s == '/'; s++)
			;
	}
	if (n < 2 || !*s) {
		dput(at);
		return;
	}
	deep = (struct path){ mntget(nd->path.mnt), at };
	nd->anchor = nd->path;
	nd->anchor_text = start;
	nd->dir_end = dir_end;
	nd->path = deep;
	nd->rest = s;
}

/* Back to where skip_cached() began, to ask about each name. */
static int walk_slowly(struct nameidata *nd)
{
	path_put(&nd->path);
	nd->path = nd->anchor;
	nd->anchor.dentry = NULL;
	nd->rest = nd->anchor_text;
	nd->flags |= LOOKUP_SLOW;
	return walk_to_last(nd);
}

/* Directories that walks go through often get watches; not the last one for the sake of attributes. */
static void count_skipped(struct nameidata *nd, bool found)
{
	bool of_use = !found || *nd->rest || (nd->flags & LOOKUP_KNOWN);

	for (struct dentry *d = nd->path.dentry; d && d->inode->sb->host; d = d->parent, of_use = true) {
		hostwatch_ask(d->inode, of_use);
		if (d == nd->anchor.dentry)
			break;
	}
}

/* The last component when directories before it were skipped: 0 with *child, or 1: the walk has been repeated, or -errno. */
static int lookup_far(struct nameidata *nd, struct path *child)
{
	struct inode *dir = nd->path.dentry->inode, *inode;
	unsigned len = nd->last_end - nd->anchor_text;
	struct dentry *d;
	char text[2 * NAME_MAX + 2];
	int err;

	if (nd->last_type != LAST_NORM || nd->last_len > NAME_MAX || len >= sizeof(text))
		goto slowly;
	memcpy(text, nd->anchor_text, len);
	text[len] = 0;
	d = d_find(nd->path.dentry, nd->last, nd->last_len);
	if (d && d->mounted) {
		dput(d);
		goto slowly;
	}
	inode = hostfs_lookup_far(nd->anchor.dentry->inode, text, nd->dir_end - nd->anchor_text, dir, nd->last,
		d && d->inode->sb && d->inode->sb->host ? d->inode : NULL);
	if (PTR_ERR(inode) == -ENOENT && d)
		d_delete(d);
	dput(d);
	if (IS_ERR(inode) && PTR_ERR(inode) != -ENOENT)
		goto slowly;
	count_skipped(nd, !IS_ERR(inode));
	drop_anchor(nd);
	if (IS_ERR(inode))
		return PTR_ERR(inode);
	d = d_add(nd->path.dentry, nd->last, nd->last_len, inode);
	if (IS_ERR(d))
		return PTR_ERR(d);
	*child = (struct path){ mntget(nd->path.mnt), d };
	return 0;
slowly:
	err = walk_slowly(nd);
	return err ? err : 1;
}

int nd_lookup_last(struct nameidata *nd, struct path *child)
{
	int err;

	if (nd->anchor.dentry) {
		err = lookup_far(nd, child);
		if (err <= 0)
			return err;
	}
	if (nd->last_type == LAST_NORM) {
		unsigned flags = nd->flags;

		if (*nd->rest)
			flags = (flags & ~LOOKUP_OPEN) | LOOKUP_KNOWN;
		if (nd->trailing)
			flags |= LOOKUP_FOLLOW;
		err = find_child(&nd->path, nd->last, nd->last_len, flags, *nd->rest || nd->trailing ? NULL : nd->only, child);
		if (!err && child->mnt != nd->path.mnt && (nd->flags & LOOKUP_NO_XDEV)) {
			path_put(child);
			err = -EXDEV;
		}
		return err;
	}
	*child = nd->path;
	path_get(child);
	if (nd->last_type != LAST_DOTDOT)
		return 0;
	err = step_dotdot(nd, child);
	if (err)
		path_put(child);
	return err;
}

static void nd_set(struct nameidata *nd, const struct path *path)
{
	path_get(path);
	path_put(&nd->path);
	nd->path = *path;
}

/* Goes to the target of the symlink @link: a jump, or its text in front of the rest. */
static int follow_link(struct nameidata *nd, const struct path *link)
{
	struct inode *inode = link->dentry->inode;
	size_t left = strlen(nd->rest);
	struct path target;
	char *text;
	int len, err;

	if (nd->links++ >= MAXSYMLINKS)
		return -ELOOP;
	if ((nd->flags & LOOKUP_NO_SYMLINKS) || (link->mnt && (link->mnt->flags & MS_NOSYMFOLLOW)))
		return -ELOOP;
	if (inode->ops->follow) {
		if (nd->flags & LOOKUP_NO_MAGICLINKS)
			return -ELOOP;
		if (nd->flags & (LOOKUP_BENEATH | LOOKUP_IN_ROOT))
			return -EXDEV;
		err = inode->ops->follow(inode, &target);
		if (err)
			return err;
		path_put(&nd->path);
		nd->path = target;
		nd->last_type = LAST_JUMPED;
		return 0;
	}
	if (!inode->ops->readlink)
		return -EINVAL;
	text = kmalloc(PATH_MAX + left + 2);
	if (!text)
		return -ENOMEM;
	len = inode->ops->readlink(inode, text, PATH_MAX);
	if (len == 0)
		len = -ENOENT;
	if (len < 0) {
		kfree(text);
		return len;
	}
	if (nd->trailing)
		text[len++] = '/';
	memcpy(text + len, nd->rest, left + 1);
	kfree(nd->text);
	nd->text = text;
	nd->rest = text;
	if (*text == '/') {
		if (nd->flags & LOOKUP_BENEATH)
			return -EXDEV;
		if ((nd->flags & LOOKUP_NO_XDEV) && nd->path.mnt != nd->root.mnt)
			return -EXDEV;
		nd_set(nd, &nd->root);
		while (*nd->rest == '/')
			nd->rest++;
	}
	nd->last_type = LAST_ROOT;
	return 0;
}

/* Walks every component but the last, which it leaves in nd->last. */
static int walk_to_last(struct nameidata *nd)
{
	struct path child;
	int err;

	while (*nd->rest) {
		struct inode *dir;

		if (!nd->anchor.dentry)
			skip_cached(nd);
		dir = nd->path.dentry->inode;
		if (!S_ISDIR(dir->mode))
			return -ENOTDIR;
		err = inode_permission(dir, MAY_EXEC);
		if (err)
			return err;
		next_component(nd);
		if (!*nd->rest)
			return 0;
		err = nd->anchor.dentry ? lookup_far(nd, &child) : nd_lookup_last(nd, &child);
		if (err)
			return min(err, 0); /* 1: it has been walked slowly, to the last */
		if (S_ISLNK(child.dentry->inode->mode)) {
			err = follow_link(nd, &child);
			path_put(&child);
			if (err)
				return err;
			continue;
		}
		path_put(&nd->path);
		nd->path = child;
		cond_resched();
	}
	return 0;
}

/* The same from where the walk begins: at once where the way through the directories is known. */
static int walk_from_start(struct nameidata *nd)
{
	const unsigned others = LOOKUP_SLOW | LOOKUP_CACHED | LOOKUP_BENEATH | LOOKUP_IN_ROOT | LOOKUP_NO_XDEV;
	unsigned len = nd->flags & others ? 0 : pathcache_dirs(nd->rest);
	const char *text = nd->rest;
	struct path from = nd->path, to;
	int err;

	if (len && pathcache_find(&from, text, len, &to)) {
		path_put(&nd->path);
		nd->path = to;
		nd->rest += len;
		return walk_to_last(nd);
	}
	err = walk_to_last(nd);
	if (!err && len && !nd->links && !nd->anchor.dentry)
		pathcache_add(&from, text, len, &nd->path);
	return err;
}

void nd_end(struct nameidata *nd)
{
	drop_anchor(nd);
	if (nd->path.dentry)
		path_put(&nd->path);
	if (nd->root.dentry)
		path_put(&nd->root);
	kfree(nd->text);
}

int nd_parent(struct nameidata *nd, int dfd, const char *name, unsigned flags)
{
	int err = 0;

	nd->path = nd->root = nd->anchor = (struct path){ 0 };
	nd->text = NULL;
	nd->only = NULL;
	nd->rest = name;
	nd->flags = flags;
	nd->links = 0;
	nd->last_type = LAST_ROOT;
	nd->trailing = false;
	nd->last_len = 0;
	nd->last[0] = 0;
	if (!*name && !(flags & LOOKUP_EMPTY))
		return -ENOENT;
	hostwatch_walk();
	if (*name == '/' && (flags & LOOKUP_BENEATH))
		return -EXDEV;
	if (*name == '/' && !(flags & LOOKUP_IN_ROOT))
		nd->path = walk_fs()->root, path_get(&nd->path);
	else
		err = dfd_path(dfd, &nd->path);
	if (err)
		return err;
	nd->root = flags & (LOOKUP_BENEATH | LOOKUP_IN_ROOT) ? nd->path : walk_fs()->root;
	path_get(&nd->root);
	while (*nd->rest == '/')
		nd->rest++;
	if (!*name)
		nd->last_type = LAST_JUMPED;
	else if (!*nd->rest)
		nd->trailing = true;
	return walk_from_start(nd);
}

int nd_follow_last(struct nameidata *nd, const struct path *link)
{
	int err = follow_link(nd, link);

	if (err || nd->last_type == LAST_JUMPED)
		return err;
	return walk_to_last(nd);
}

/* path_lookup(), or, with WALK_TOLD, *@only of what has no need of a path. */
static int lookup(int dfd, const char *name, unsigned flags, struct kstat *only, struct path *path)
{
	struct nameidata nd;
	struct path child;
	int err = nd_parent(&nd, dfd, name, flags);

	nd.only = only;
	while (!err) {
		struct inode *inode;

		err = nd_lookup_last(&nd, &child);
		if (err == WALK_TOLD)
			kstat_set_mount(only, nd.path.mnt, false);
		if (err)
			break;
		inode = child.dentry->inode;
		if (S_ISLNK(inode->mode) && nd.last_type != LAST_JUMPED && ((flags & LOOKUP_FOLLOW) || nd.trailing)) {
			err = nd_follow_last(&nd, &child);
			path_put(&child);
			continue;
		}
		if (!S_ISDIR(inode->mode) && (nd.trailing || (flags & LOOKUP_DIRECTORY))) {
			path_put(&child);
			err = -ENOTDIR;
			break;
		}
		walk_saw_attributes = nd.last_type == LAST_NORM && child.mnt == nd.path.mnt && !(flags & LOOKUP_KNOWN);
		*path = child;
		break;
	}
	nd_end(&nd);
	return err;
}

int path_lookup(int dfd, const char *name, unsigned flags, struct path *path)
{
	return lookup(dfd, name, flags, NULL, path);
}

int path_getattr(int dfd, const char __user *upath, unsigned flags, struct kstat *st)
{
	char *name = getname(upath, flags);
	struct path path;
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	err = lookup(dfd, name, flags, st, &path);
	kfree(name);
	if (err)
		return min(err, 0); /* WALK_TOLD */
	st->result_mask = walk_saw_attributes ? KSTAT_FRESH : 0;
	err = path_stat(&path, st);
	path_put(&path);
	return err;
}

int user_path(int dfd, const char __user *upath, unsigned flags, struct path *path)
{
	char *name = getname(upath, flags);
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	err = path_lookup(dfd, name, flags, path);
	kfree(name);
	return err;
}
