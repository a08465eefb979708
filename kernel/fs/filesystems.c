/* The kinds of file systems that guests can mount, and how the options of a mount become one: mount(2)'s text and fsconfig(2)'s
 * single keys go through the same struct fs_context. What an option means is the kind's matter (tmpfs.c). */
#include "internal.h"
#include "seq.h"
#include "ledger.h"

/* ---- kinds of which there is one instance ---- */

static struct super_block *singles[8];

void fs_register_single(const char *type, struct super_block *sb)
{
	for (unsigned i = 0; i < ARRAY_SIZE(singles); i++) {
		if (singles[i] && strcmp(singles[i]->type, type))
			continue;
		singles[i] = sb;
		return;
	}
}

static int get_single(struct fs_context *fc)
{
	for (unsigned i = 0; i < ARRAY_SIZE(singles); i++) {
		if (!singles[i] || strcmp(singles[i]->type, fc->type->name))
			continue;
		fc->sb = sb_get(singles[i]);
		return 0;
	}
	return -ENODEV;
}

/* proc(5): everybody sees every process; that can be asked for by name. */
static int proc_parse(struct fs_context *fc __maybe_unused, const char *key, const char *value)
{
	if (!strcmp(key, "hidepid") && (!strcmp(value, "0") || !strcmp(value, "off")))
		return 0;
	if (!strcmp(key, "hidepid") || !strcmp(key, "gid") || !strcmp(key, "subset"))
		LEDGER("mount: option of proc", 0);
	return -EINVAL;
}

/* devpts takes its options as a list: each mount is an instance of its own. */
static int devpts_parse(struct fs_context *fc, const char *key, const char *value)
{
	const char *had = fc->options ? fc->options : "";
	size_t size = strlen(had) + strlen(key) + strlen(value) + 3;
	char *list;

	if (!*key)
		return -EINVAL;
	list = kmalloc(size);
	if (!list)
		return -ENOMEM;
	ksnprintf(list, size, "%s%s%s%s%s", had, *had ? "," : "", key, *value ? "=" : "", value);
	kfree(fc->options);
	fc->options = list;
	return 0;
}

static int devpts_get_tree(struct fs_context *fc)
{
	struct super_block *sb;
	struct inode *root = devpts_new(fc->options ? fc->options : "", &sb);

	if (IS_ERR(root))
		return PTR_ERR(root);
	fc->sb = sb_get(sb);
	sb->root = d_alloc_root(root, "");
	return sb->root ? 0 : -ENOMEM;
}

static int devtmpfs_parse(struct fs_context *fc __maybe_unused, const char *key, const char *value __maybe_unused)
{
	return !strcmp(key, "mode") || !strcmp(key, "size") || !strcmp(key, "nr_inodes") ? 0 : -EINVAL;
}

static const struct fs_type sysfs_type = { .name = "sysfs", .get_tree = get_single };
static const struct fs_type proc_type = { .name = "proc", .get_tree = get_single, .parse = proc_parse };
static const struct fs_type devtmpfs_type = { .name = "devtmpfs", .get_tree = get_single, .parse = devtmpfs_parse };
static const struct fs_type devpts_type = { .name = "devpts", .get_tree = devpts_get_tree, .parse = devpts_parse };

static const struct fs_type *const types[] = {
	&sysfs_type, &tmpfs_type, &proc_type, &devtmpfs_type, &ramfs_type, &devpts_type, &mqueue_type,
};

const struct fs_type *find_fs_type(const char *name)
{
	for (unsigned i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(types[i]->name, name))
			return types[i];
	return NULL;
}

const char *fs_type_name(unsigned i)
{
	return i < ARRAY_SIZE(types) ? types[i]->name : NULL;
}

void show_filesystems(struct seq *s)
{
	for (unsigned i = 0; i < ARRAY_SIZE(types); i++)
		seq_printf(s, "%s\t%s\n", types[i]->needs_dev ? "" : "nodev", types[i]->name);
}

/* ---- contexts ---- */

struct fs_context *fs_context_new(const struct fs_type *type, struct super_block *sb)
{
	struct fs_context *fc = kzalloc(sizeof(*fc));

	if (!fc)
		return NULL;
	fc->type = type;
	fc->sb = sb ? sb_get(sb) : NULL;
	return fc;
}

void fs_context_free(struct fs_context *fc)
{
	if (!fc)
		return;
	if (fc->sb)
		sb_put(fc->sb);
	kfree(fc->options);
	kfree(fc->source);
	kfree(fc);
}

/* Options that every file system has: mount(8), "FILESYSTEM-INDEPENDENT MOUNT OPTIONS" that the kernel sees. */
static bool general_option(struct fs_context *fc, const char *key)
{
	static const struct { const char *key; u32 set, clear; } flags[] = {
		{ "ro", MS_RDONLY, 0 }, { "rw", 0, MS_RDONLY }, { "sync", MS_SYNCHRONOUS, 0 }, { "async", 0, MS_SYNCHRONOUS },
		{ "dirsync", MS_DIRSYNC, 0 }, { "lazytime", MS_LAZYTIME, 0 }, { "nolazytime", 0, MS_LAZYTIME },
		{ "mand", MS_MANDLOCK, 0 }, { "nomand", 0, MS_MANDLOCK },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(flags); i++) {
		if (strcmp(flags[i].key, key))
			continue;
		fc->sb_flags = (fc->sb_flags & ~flags[i].clear) | flags[i].set;
		fc->sb_flags_mask |= flags[i].set | flags[i].clear;
		return true;
	}
	return false;
}

int fs_context_option(struct fs_context *fc, const char *key, const char *value)
{
	if (!*value && general_option(fc, key))
		return 0;
	if (!strcmp(key, "source")) {
		char *copy;

		if (fc->source)
			return -EINVAL;
		copy = kstrdup(value);
		if (!copy)
			return -ENOMEM;
		fc->source = copy;
		return 0;
	}
	return fc->type->parse ? fc->type->parse(fc, key, value) : -EINVAL;
}

int fs_context_options(struct fs_context *fc, char *list)
{
	while (*list) {
		char *end = (char *)strchr(list, ','), *value;
		int err;

		if (end)
			*end++ = 0;
		value = (char *)strchr(list, '=');
		if (value)
			*value++ = 0;
		err = *list ? fs_context_option(fc, list, value ? value : "") : 0;
		if (err)
			return err;
		if (!end)
			break;
		list = end;
	}
	return 0;
}

int fs_context_get_tree(struct fs_context *fc)
{
	int err = fc->type->get_tree(fc);

	if (!err && fc->sb->free)
		fc->sb->flags = fc->sb_flags & MS_RDONLY;
	return err;
}

int fs_context_reconfigure(struct fs_context *fc)
{
	struct super_block *sb = fc->sb;
	bool ro = fc->sb_flags_mask & MS_RDONLY ? fc->sb_flags & MS_RDONLY : sb->flags & MS_RDONLY;
	struct mount *m;
	int err;

	if (ro && !(sb->flags & MS_RDONLY))
		list_for_each_entry(m, &mounts, list)
			if (m->sb == sb && m->writers)
				return -EBUSY;
	err = fc->options && fc->type && fc->type->reconfigure ? fc->type->reconfigure(fc) : 0;
	if (!err)
		sb->flags = (sb->flags & ~(u32)MS_RDONLY) | (ro ? MS_RDONLY : 0);
	return err;
}
