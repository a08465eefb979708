/* Where the directories of a path lead, for paths that were walked lately: compilers, interpreters and git name the same
 * directories again and again, and a walk through what is known of each of them (hostwatch.c) ends where the last one did.
 *
 * Only what is known is kept: directories of hostfs, no link, no dots, no mount in between. An entry holds no references. It ends
 * when anything is forgotten or told of any directory, when a directory's dentry goes or moves, and when something is mounted or
 * unmounted: whoever does these things calls pathcache_forget(). */
#include "hostfs.h"

#define ENTRIES 64
#define MAX_TEXT 128

static struct entry {
	u64 epoch;              /* holds while this is the time */
	struct path from, to;
	unsigned len;
	char text[MAX_TEXT];    /* directories and slashes, not ended by a zero */
} entries[ENTRIES];
static u64 epoch = 1;

void pathcache_forget(void)
{
	epoch++;
}

static struct entry *entry_of(const struct path *from, const char *text, unsigned len)
{
	return &entries[d_name_hash(from->dentry, text, len) % ENTRIES];
}

unsigned pathcache_dirs(const char *text)
{
	unsigned len = strlen(text);

	while (len && text[len - 1] == '/')
		len--;
	while (len && text[len - 1] != '/')
		len--;
	return len <= MAX_TEXT ? len : 0;
}

bool pathcache_find(const struct path *from, const char *text, unsigned len, struct path *to)
{
	struct entry *e = entry_of(from, text, len);

	if (e->epoch != epoch || e->len != len || e->from.dentry != from->dentry || e->from.mnt != from->mnt ||
			memcmp(e->text, text, len) || !cred_is_host())
		return false;
	hostwatch_look();
	if (e->epoch != epoch)
		return false;
	*to = (struct path){ mntget(e->to.mnt), dget_kept(e->to.dentry) };
	return true;
}

/* Is it known that @text names @d below @from, by one directory after the other? */
static bool leads_to(const struct dentry *from, const char *text, unsigned len, const struct dentry *d)
{
	for (;; d = d->parent) {
		while (len && text[len - 1] == '/')
			len--;
		if (!len)
			return d == from;
		if (d == from || !d->parent || d->deleted || d->mounted || d->inode->sb != &hostfs_sb ||
				d->parent->inode->sb != &hostfs_sb || len < d->len || memcmp(text + len - d->len, d->name, d->len))
			return false;
		len -= d->len;
		if ((len && text[len - 1] != '/') || !hostwatch_knows(d))
			return false;
	}
}

void pathcache_add(const struct path *from, const char *text, unsigned len, const struct path *to)
{
	struct entry *e = entry_of(from, text, len);

	if (from->mnt != to->mnt || !cred_is_host() || !leads_to(from->dentry, text, len, to->dentry))
		return;
	e->epoch = epoch;
	e->from = *from;
	e->to = *to;
	e->len = len;
	memcpy(e->text, text, len);
}
