/* Which file systems answer at once. A local one may be asked in place; a request to any other (network, FUSE, unknown)
 * goes to a helper thread, because its server may take for ever. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "fskind.h"
#include "host.h"

struct fs_row {
	u32 magic;              /* statfs(2) f_type */
	enum fs_kind kind;
	const char *name;       /* as in /proc/self/mountinfo */
};

static const struct fs_row fs_rows[] = {
	{ 0x01021994, FS_MEMORY, "tmpfs" },
	{ 0x01021994, FS_MEMORY, "devtmpfs" },
	{ 0x858458f6, FS_MEMORY, "ramfs" },
	{ 0x958458f6, FS_MEMORY, "hugetlbfs" },
	{ 0x00009fa0, FS_MEMORY, "proc" },
	{ 0x62656572, FS_MEMORY, "sysfs" },
	{ 0x00001cd1, FS_MEMORY, "devpts" },
	{ 0x19800202, FS_MEMORY, "mqueue" },
	{ 0x0027e0eb, FS_MEMORY, "cgroup" },
	{ 0x63677270, FS_MEMORY, "cgroup2" },
	{ 0x64626720, FS_MEMORY, "debugfs" },
	{ 0x74726163, FS_MEMORY, "tracefs" },
	{ 0x73636673, FS_MEMORY, "securityfs" },
	{ 0x6e736673, FS_MEMORY, "nsfs" },
	{ 0xcafe4a11, FS_MEMORY, "bpf" },
	{ 0x6165676c, FS_MEMORY, "pstore" },
	{ 0x62656570, FS_MEMORY, "configfs" },
	{ 0xde5e81e4, FS_MEMORY, "efivarfs" },
	{ 0x65735543, FS_MEMORY, "fusectl" },
	{ 0x42494e4d, FS_MEMORY, "binfmt_misc" },
	{ 0x0000ef53, FS_DISK, "ext4" },
	{ 0x0000ef53, FS_DISK, "ext3" },
	{ 0x0000ef53, FS_DISK, "ext2" },
	{ 0x58465342, FS_DISK, "xfs" },
	{ 0x9123683e, FS_DISK, "btrfs" },
	{ 0xf2f52010, FS_DISK, "f2fs" },
	{ 0x2fc12fc1, FS_DISK, "zfs" },
	{ 0xca451a4e, FS_DISK, "bcachefs" },
	{ 0x794c7630, FS_DISK, "overlay" },
	{ 0x73717368, FS_DISK, "squashfs" },
	{ 0xe0f5e1e2, FS_DISK, "erofs" },
	{ 0x00009660, FS_DISK, "iso9660" },
	{ 0x00004d44, FS_DISK, "vfat" },
	{ 0x2011bab0, FS_DISK, "exfat" },
	{ 0x3153464a, FS_DISK, "jfs" },
	{ 0x52654973, FS_DISK, "reiserfs" },
	{ 0x28cd3d45, FS_DISK, "cramfs" },
	/* anonymous files: pipes, sockets, eventfds; HOST_READ and HOST_WRITE look at them closer */
	{ 0x50495045, FS_MEMORY, "pipefs" },
	{ 0x534f434b, FS_MEMORY, "sockfs" },
	{ 0x09041934, FS_MEMORY, "anon_inodefs" },
};

struct mount {
	char *point;
	size_t len;             /* of point, without a slash at the end */
	enum fs_kind kind;
};
static struct mount *mounts;
static unsigned nmounts;
static bool any_remote;
static bool loaded;

bool fs_tells_changes(int fd)
{
	/* ext, xfs, btrfs, f2fs, bcachefs, tmpfs, ramfs, overlayfs and the read-only ones: nothing changes them but calls of this host */
	static const u32 told[] = { 0x0000ef53, 0x58465342, 0x9123683e, 0xf2f52010, 0xca451a4e, 0x01021994, 0x858458f6, 0x794c7630,
				    0x73717368, 0xe0f5e1e2, 0x00009660, 0x28cd3d45 };
	struct statfs st;

	if (fstatfs(fd, &st))
		return false;
	for (unsigned i = 0; i < ARRAY_SIZE(told); i++)
		if (told[i] == (u32)st.f_type)
			return true;
	return false;
}

enum fs_kind fs_kind_of_fd(int fd)
{
	struct statfs st;

	if (fd == HOST_AT_FDCWD ? statfs(".", &st) : fstatfs(fd, &st))
		return FS_REMOTE;
	for (unsigned i = 0; i < ARRAY_SIZE(fs_rows); i++)
		if (fs_rows[i].magic == (u32)st.f_type)
			return fs_rows[i].kind;
	return FS_REMOTE;
}

static enum fs_kind kind_of_name(const char *name)
{
	for (unsigned i = 0; i < ARRAY_SIZE(fs_rows); i++)
		if (!strcmp(fs_rows[i].name, name))
			return fs_rows[i].kind;
	return FS_REMOTE;
}

/* mountinfo writes blanks and backslashes as three octal digits (proc(5)). */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (s[0] == '\\' && s[1] && s[2] && s[3]) {
			*to++ = (char)((s[1] - '0') * 64 + (s[2] - '0') * 8 + (s[3] - '0'));
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = 0;
}

static void add_mount(char *line)
{
	char *point, *type, *save = NULL;
	struct mount *grown;

	/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": the fifth field, and what follows " - " */
	type = strstr(line, " - ");
	if (!type)
		return;
	*type = 0;
	type = strtok_r(type + 3, " ", &save);
	point = strtok_r(line, " ", &save);
	for (int i = 0; point && i < 4; i++)
		point = strtok_r(NULL, " ", &save);
	if (!type || !point)
		return;
	grown = realloc(mounts, (nmounts + 1) * sizeof(*mounts));
	if (!grown)
		return;
	mounts = grown;
	unescape(point);
	grown[nmounts].point = strdup(point);
	if (!grown[nmounts].point)
		return;
	grown[nmounts].len = strcmp(point, "/") ? strlen(point) : 0;
	grown[nmounts].kind = kind_of_name(type);
	any_remote |= grown[nmounts].kind == FS_REMOTE;
	nmounts++;
}

void fs_mounts_load(void)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	size_t size = 0;

	while (nmounts)
		free(mounts[--nmounts].point);
	any_remote = !f;        /* what cannot be known is taken for remote */
	loaded = true;
	if (!f)
		return;
	while (getline(&line, &size, f) > 0)
		add_mount(line);
	free(line);
	fclose(f);
}

/* True if @path is @m's mount point or lies below it. */
static bool below(const char *path, const struct mount *m)
{
	return !strncmp(path, m->point, m->len) && (path[m->len] == '/' || !path[m->len]);
}

bool fs_any_remote(void)
{
	if (!loaded)
		fs_mounts_load();
	return any_remote;
}

bool fs_remote_name(const char *name)
{
	const char *last;

	for (unsigned i = 0; i < nmounts; i++) {
		if (mounts[i].kind != FS_REMOTE)
			continue;
		last = strrchr(mounts[i].point, '/');
		if (last && !strcmp(last + 1, name))
			return true;
	}
	return false;
}

enum fs_kind fs_kind_of_path(const char *path)
{
	const struct mount *best = NULL;

	if (strstr(path, "/.."))
		return FS_REMOTE;
	/* the last one mounted at a point hides the others */
	for (unsigned i = 0; i < nmounts; i++)
		if (below(path, &mounts[i]) && (!best || mounts[i].len >= best->len))
			best = &mounts[i];
	return best ? best->kind : FS_REMOTE;
}
