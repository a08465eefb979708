/* Open files and directories of the overlay. An open file stands on an open file of the upper or the lower tree; one that was
 * opened for reading goes over to the copy when there is one, mappings that were made before do not (as in Linux's overlayfs).
 * A directory's names are read whole, those above first, when it is read from its start: positions in it are places in that
 * list, and stay what they are whatever happens to the directory. */
#include "overlay.h"

struct ovl_name {
	u64 ino;
	u32 len;
	u8 type;
	char name[];
};
struct ovl_file {
	struct file *real;
	struct ovl_name **names; /* directories: nr_names of nr_slots */
	unsigned nr_names, nr_slots;
};

/* ---- opening ---- */

struct file *ovl_open_real(struct inode *real, u32 flags)
{
	struct file *f = file_alloc(real->fops, real, flags);
	int err;

	if (!f)
		return ERR_PTR(-ENOMEM);
	if (S_ISREG(real->mode) && (flags & O_ACCMODE) != O_RDONLY)
		real->writers++;
	err = real->ops->open ? real->ops->open(real, f) : 0;
	if (!err)
		return f;
	if (!f->private)
		f->ops = NULL;
	file_put(f);
	return ERR_PTR(err);
}

int ovl_attach(struct file *f, struct file *real)
{
	struct ovl_file *of = kzalloc(sizeof(*of));

	if (!of) {
		file_put(real);
		return -ENOMEM;
	}
	of->real = real;
	f->private = of;
	return 0;
}

int ovl_open(struct inode *inode, struct file *f)
{
	bool write = (f->flags & O_ACCMODE) != O_RDONLY || (f->flags & O_TRUNC);
	struct file *real;
	int err;

	if (S_ISFIFO(inode->mode))
		return fifo_open(inode, f);
	if (S_ISCHR(inode->mode))
		return chrdev_open(inode, f);
	err = write ? ovl_copy_up(inode, !(f->flags & O_TRUNC)) : 0;
	if (err)
		return err;
	real = ovl_open_real(ovl_real(inode), f->flags & ~(u32)(O_TRUNC | O_CREAT | O_EXCL));
	if (IS_ERR(real))
		return PTR_ERR(real);
	f->ops = &ovl_file_ops;
	return ovl_attach(f, real);
}

/* The open file below @f; the copy's, if there is one by now. */
static struct file *real_of(struct file *f)
{
	struct ovl_file *of = f->private;
	struct inode *real = ovl_real(f->inode);

	if (of->real->inode != real) {
		struct file *now = ovl_open_real(real, of->real->flags);

		if (IS_ERR(now))
			return now;
		file_put(of->real);
		of->real = now;
	}
	return of->real;
}

/* ---- contents ---- */

static ssize_t ovl_read(struct file *f, struct iov_iter *to, u64 *pos)
{
	struct file *real = real_of(f);

	return IS_ERR(real) ? PTR_ERR(real) : real->ops->read(real, to, pos);
}

static ssize_t ovl_write(struct file *f, struct iov_iter *from, u64 *pos)
{
	struct file *real = real_of(f);
	ssize_t n;

	if (IS_ERR(real))
		return PTR_ERR(real);
	n = real->ops->write(real, from, pos);
	ovl_copyattr(f->inode);
	return n;
}

static loff_t ovl_llseek(struct file *f, loff_t off, int whence)
{
	struct file *real = real_of(f);
	loff_t at;

	if (IS_ERR(real))
		return PTR_ERR(real);
	real->pos = f->pos;
	at = real->ops->llseek(real, off, whence);
	f->pos = real->pos;
	return at;
}

static int ovl_mmap(struct file *f, struct vm_area *vma)
{
	struct file *real = real_of(f);

	if (IS_ERR(real))
		return PTR_ERR(real);
	return real->ops->mmap ? real->ops->mmap(real, vma) : -ENODEV;
}

static int ovl_flush(struct file *f)
{
	struct ovl_file *of = f->private;

	return of->real->ops->flush ? of->real->ops->flush(of->real) : 0;
}

/* What is above is in memory, and what is below has not changed. */
static int ovl_fsync(struct file *f __maybe_unused, bool datasync __maybe_unused)
{
	return 0;
}

static int ovl_truncate(struct file *f, u64 size)
{
	struct file *real = real_of(f);
	int err;

	if (IS_ERR(real))
		return PTR_ERR(real);
	err = real->ops->truncate(real, size);
	ovl_copyattr(f->inode);
	return err;
}

static int ovl_fallocate(struct file *f, int mode, u64 off, u64 len)
{
	struct file *real = real_of(f);
	int err;

	if (IS_ERR(real))
		return PTR_ERR(real);
	err = real->ops->fallocate ? real->ops->fallocate(real, mode, off, len) : -EOPNOTSUPP;
	ovl_copyattr(f->inode);
	return err;
}

static int ovl_fiemap(struct file *f, struct fiemap *map)
{
	struct file *real = real_of(f);

	if (IS_ERR(real))
		return PTR_ERR(real);
	return real->ops->fiemap ? real->ops->fiemap(real, map) : -EOPNOTSUPP;
}

/* Of files and directories. */
static int ovl_fileattr(struct file *f, unsigned cmd, void *attr)
{
	int err = cmd == FS_IOC_SETFLAGS || cmd == FS_IOC_FSSETXATTR ? ovl_copy_up(f->inode, true) : 0;
	struct file *real = err ? ERR_PTR(err) : ovl_open_real(ovl_real(f->inode), O_RDONLY);

	if (IS_ERR(real))
		return PTR_ERR(real);
	if (cmd == FS_IOC_SETFLAGS) /* how the lower one lies on its disk: chattr(1) gives back what it was told */
		*(u32 *)attr &= ~(u32)FS_EXTENT_FL;
	err = real->ops->fileattr ? real->ops->fileattr(real, cmd, attr) : -ENOTTY;
	file_put(real);
	ovl_copyattr(f->inode);
	return err;
}

static int ovl_set_flags(struct file *f, u32 flags)
{
	static const u32 passed = O_APPEND | O_NOATIME | O_DIRECT;
	struct ovl_file *of = f->private;
	u32 real_flags = (of->real->flags & ~passed) | (flags & passed);
	int err = of->real->ops->set_flags ? of->real->ops->set_flags(of->real, real_flags) : 0;

	if (!err)
		of->real->flags = real_flags;
	return err;
}

static void drop_names(struct ovl_file *of)
{
	for (unsigned i = 0; i < of->nr_names; i++)
		kfree(of->names[i]);
	kfree(of->names);
	of->names = NULL;
	of->nr_names = of->nr_slots = 0;
}

static void ovl_release(struct file *f)
{
	struct ovl_file *of = f->private;

	if (!of)
		return;
	if (of->real)
		file_put(of->real);
	drop_names(of);
	kfree(of);
}

/* ---- directories ---- */

struct names_walk {
	bool (*fn)(void *ctx, const char *name, unsigned len, u64 ino, unsigned type);
	void *ctx;
	struct inode *upper;     /* whose names are no more to be told of the lower directory; NULL: it is being read itself */
	struct inode *reading;
	bool stopped;
};

static bool is_dots(const char *name, unsigned len)
{
	return name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.'));
}

static bool walk_emit(void *ctx, const char *name, unsigned len, u64 ino, unsigned type, u64 off __maybe_unused)
{
	struct names_walk *w = ctx;
	struct inode *above;

	if (is_dots(name, len))
		return true;
	if (w->reading == w->upper) {
		above = w->upper->ops->lookup(w->upper, name, len);
		if (IS_ERR(above) || is_whiteout(above)) {
			inode_put(IS_ERR(above) ? NULL : above);
			return true;
		}
		ino = above->origin ? above->origin->ino : ino;
		inode_put(above);
	} else if (w->upper) {
		above = w->upper->ops->lookup(w->upper, name, len);
		if (!IS_ERR(above)) {
			inode_put(above);
			return true;
		}
	}
	w->stopped = !w->fn(w->ctx, name, len, ino, type);
	return !w->stopped;
}

static int walk_one(struct names_walk *w, struct inode *dir)
{
	struct file *f = ovl_open_real(dir, O_RDONLY | O_DIRECTORY);
	int err;

	if (IS_ERR(f))
		return PTR_ERR(f);
	w->reading = dir;
	err = f->ops->getdents(f, w, walk_emit);
	file_put(f);
	return err;
}

int ovl_for_names(struct inode *dir, bool (*fn)(void *ctx, const char *name, unsigned len, u64 ino, unsigned type), void *ctx)
{
	struct names_walk w = { .fn = fn, .ctx = ctx, .upper = OVL(dir)->upper };
	struct inode *upper = OVL(dir)->upper, *lower = OVL(dir)->lower;
	int err = 0;

	if (upper)
		err = walk_one(&w, upper);
	if (!err && !w.stopped && lower)
		err = walk_one(&w, lower);
	return err;
}

struct collect { struct ovl_file *of; int err; };

static bool collect_name(void *ctx, const char *name, unsigned len, u64 ino, unsigned type)
{
	struct collect *c = ctx;
	struct ovl_file *of = c->of;
	struct ovl_name *n;

	c->err = -ENOMEM;
	if (of->nr_names == of->nr_slots) {
		unsigned slots = of->nr_slots ? of->nr_slots * 2 : 64;
		struct ovl_name **grown = krealloc(of->names, slots * sizeof(*grown));

		if (!grown)
			return false;
		of->names = grown;
		of->nr_slots = slots;
	}
	n = kmalloc(sizeof(*n) + len + 1);
	if (!n)
		return false;
	n->ino = ino;
	n->len = len;
	n->type = type;
	memcpy(n->name, name, len);
	n->name[len] = 0;
	of->names[of->nr_names++] = n;
	c->err = 0;
	return true;
}

static int read_names(struct file *f)
{
	struct ovl_file *of = f->private;
	struct collect c = { of, 0 };
	int err;

	drop_names(of);
	err = ovl_for_names(f->inode, collect_name, &c);
	return err ? err : c.err;
}

static int ovl_getdents(struct file *f, void *ctx, bool (*emit)(void *ctx, const char *name, unsigned len, u64 ino,
	unsigned type, u64 next_off))
{
	struct dentry *up = f->path.dentry ? f->path.dentry->parent : NULL;
	struct ovl_file *of = f->private;
	int err;

	if (OVL(f->inode)->removed)
		return -ENOENT;
	if (!of) {
		of = f->private = kzalloc(sizeof(*of));
		if (!of)
			return -ENOMEM;
	}
	if (f->pos == 0 || !of->names) {
		err = read_names(f);
		if (err)
			return err;
	}
	if (f->pos == 0) {
		if (!emit(ctx, ".", 1, f->inode->ino, 4, 1))
			return 0;
		f->pos = 1;
	}
	if (f->pos == 1) {
		if (!emit(ctx, "..", 2, up ? up->inode->ino : f->inode->ino, 4, 2))
			return 0;
		f->pos = 2;
	}
	while (f->pos - 2 < of->nr_names) {
		const struct ovl_name *n = of->names[f->pos - 2];

		if (!emit(ctx, n->name, n->len, n->ino, n->type, f->pos + 1))
			break;
		f->pos++;
	}
	return 0;
}

static loff_t ovl_dir_llseek(struct file *f, loff_t off, int whence)
{
	return whence > 1 ? -EINVAL : generic_llseek(f, off, whence, 0);
}

static ssize_t ovl_dir_read(struct file *f __maybe_unused, struct iov_iter *to __maybe_unused, u64 *pos __maybe_unused)
{
	return -EISDIR;
}

const struct file_operations ovl_file_ops = {
	.name = "overlay", .read = ovl_read, .write = ovl_write, .llseek = ovl_llseek, .mmap = ovl_mmap, .flush = ovl_flush,
	.fsync = ovl_fsync, .truncate = ovl_truncate, .fallocate = ovl_fallocate, .fiemap = ovl_fiemap,
	.set_flags = ovl_set_flags, .fileattr = ovl_fileattr, .direct_io = true, .release = ovl_release,
};
const struct file_operations ovl_dir_ops = {
	.name = "overlay", .read = ovl_dir_read, .llseek = ovl_dir_llseek, .getdents = ovl_getdents, .fsync = ovl_fsync,
	.fileattr = ovl_fileattr, .release = ovl_release,
};
