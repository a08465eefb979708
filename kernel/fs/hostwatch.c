/* What is known of directories of hostfs without asking the host: those that walks ask about again and again are watched there
 * (host_dirwatch), and what a name meant, or that it meant nothing, holds until an event of the watch says otherwise. A walk takes
 * the events that have come before it first relies on that; who learnt of a change on the host, by whatever way, can only walk
 * after that.
 *
 * A watched directory has a generation, a number that is never used again. What the host answers about a name is marked with
 * the generation that was valid before the question, and holds while that is the directory's. Dentries (dcache.c) carry what is
 * there, the table below what is not. Attributes of files are not known in this way: they change by other names and through
 * mappings without an event in this directory. Those of the watched directory itself are, so that the right to search it, which
 * the host is asked about with each new generation, holds as well.
 *
 * Without watches (they are refused, or the file system is one that changes unseen) everything is asked, as ever. */
#include "hostfs.h"

#define WATCH_HASH 256
#define ABSENT_HASH 1024
#define MAX_ABSENT 4096
#define MAX_WATCHES 1024
#define ASKED_ENOUGH 3         /* questions that a watch would have answered before a directory is worth one */
#define ASKED_SCRATCH 2048     /* ... if everybody's names come and go there: the host marks all that it remembers of them,
				* and events will be many */
#define RETRY_AFTER 4096       /* ... before one that has been refused or given up is tried again */
#define NOISE 256              /* events in a row, without an answer that was of use, that end a watch */

/* Questions in all before the first watch: the end of the watches costs the host some time, which a short run need not pay.
 * (EXTRA=-DHOSTWATCH_AFTER=0 makes an umk that watches from the start.) */
#ifndef HOSTWATCH_AFTER
#define HOSTWATCH_AFTER 512
#endif
unsigned hostwatch_after = HOSTWATCH_AFTER;
unsigned hostwatch_count;

struct absent {
	struct hlist_node hash;
	struct list_head age;
	u64 gen;
	unsigned len;
	char name[];
};
static struct hlist_head watches[WATCH_HASH], absents[ABSENT_HASH];
static LIST_HEAD(absent_ages);  /* oldest first */
static unsigned nr_absent;
static u64 last_gen, dropped;   /* generations up to @dropped are over */
static u64 upcalls;
static unsigned questions;
static bool ever;               /* there was a watch, so that there may be events */
static bool looked;             /* for events, since the last walk began */

/* Names that a file system without regard to case takes for the same have the same hash. */
unsigned d_name_hash(const void *dir, const char *name, unsigned len)
{
	const u64 factor = 0x9e3779b97f4a7c15ull;
	u64 h = (u64)dir, w;

	for (; len > sizeof(w); len -= sizeof(w), name += sizeof(w)) {
		memcpy(&w, name, sizeof(w));
		h = (h ^ (w | 0x2020202020202020ull)) * factor;
		h ^= h >> 32;
	}
	for (w = 0; len; len--)
		w = w << 8 | (u8)(*name++ | 0x20);
	return ((h ^ w) * factor) >> 32;
}

static bool is_ascii(const char *name, unsigned len)
{
	while (len--)
		if (*name++ & 0x80)
			return false;
	return true;
}

static bool same_but_case(const char *a, const char *b, unsigned len)
{
	while (len--)
		if ((*a++ | 0x20) != (*b++ | 0x20))
			return false;
	return true;
}

/* ---- events ---- */

void hostwatch_walk(void)
{
	looked = false;
}

bool hostwatch_look(void)
{
	if (looked)
		return false;
	looked = true;
	if (ever)
		host_dirwatch_poll();
	return ever;
}

bool hostwatch_is_known(const struct inode *dir)
{
	if (!hostwatch_gen(dir))
		return false;
	hostwatch_look();
	return hostwatch_gen(dir) != 0;
}

/* ---- names ---- */

static bool has_gen(const struct dentry *d)
{
	return d->gen && d->gen == hostwatch_gen(d->parent->inode);
}

bool hostwatch_knows(const struct dentry *d)
{
	if (!has_gen(d) || (hostwatch_look() && !has_gen(d)))
		return false;
	HI(d->parent->inode)->noise = 0;
	return true;
}

void hostwatch_set_known(struct dentry *d, u64 gen)
{
	if (gen == hostwatch_gen(d->parent->inode) && is_ascii(d->name, d->len))
		d->gen = gen;
}

static void absent_free(struct absent *a)
{
	hlist_del(&a->hash);
	list_del(&a->age);
	nr_absent--;
	kfree(a);
}

static struct absent *absent_find(const struct inode *dir, const char *name, unsigned len)
{
	u64 gen = hostwatch_gen(dir);
	struct absent *a;

	if (!gen)
		return NULL;
	hlist_for_each_entry(a, &absents[d_name_hash((void *)gen, name, len) % ABSENT_HASH], hash)
		if (a->gen == gen && a->len == len && !memcmp(a->name, name, len))
			return a;
	return NULL;
}

bool hostwatch_absent(struct inode *dir, const char *name, unsigned len)
{
	struct absent *a = absent_find(dir, name, len);

	if (a && hostwatch_look())
		a = absent_find(dir, name, len);
	if (!a)
		return false;
	list_move_tail(&a->age, &absent_ages);
	HI(dir)->noise = 0;
	return true;
}

void hostwatch_set_absent(struct inode *dir, u64 gen, const char *name, unsigned len)
{
	struct absent *a;

	if (!gen || gen != hostwatch_gen(dir) || !is_ascii(name, len))
		return;
	a = kmalloc(sizeof(*a) + len);
	if (!a)
		return;
	a->gen = gen;
	a->len = len;
	memcpy(a->name, name, len);
	hlist_add_head(&a->hash, &absents[d_name_hash((void *)gen, name, len) % ABSENT_HASH]);
	list_add_tail(&a->age, &absent_ages);
	if (++nr_absent > MAX_ABSENT)
		absent_free(list_first_entry(&absent_ages, struct absent, age));
}

static void absent_forget(u64 gen, const char *name, unsigned len)
{
	struct hlist_node *next;
	struct absent *a;

	hlist_for_each_entry_safe(a, next, &absents[d_name_hash((void *)gen, name, len) % ABSENT_HASH], hash)
		if (a->gen == gen && a->len == len && same_but_case(a->name, name, len))
			absent_free(a);
}

void hostwatch_shrink(void)
{
	while (nr_absent)
		absent_free(list_first_entry(&absent_ages, struct absent, age));
}

/* ---- watches ---- */

u64 hostwatch_gen(const struct inode *dir)
{
	const struct hostfs_inode *hi = container_of(dir, struct hostfs_inode, inode);

	return hi->gen > dropped ? hi->gen : 0;
}

void hostwatch_end(struct hostfs_inode *hi)
{
	hi->gen = 0;
	if (hi->wd <= 0)
		return;
	pathcache_forget();
	hostfs_drop_all_held(hi);
	hlist_del(&hi->watch_node);
	host_dirwatch_end(hi->wd);
	hi->wd = 0;
	hostwatch_count--;
}

static bool begin(struct hostfs_inode *hi)
{
	int fd, wd, enough;

	if (questions < hostwatch_after) {
		questions++;
		return false;
	}
	enough = hi->inode.mode & S_ISVTX ? ASKED_SCRATCH : ASKED_ENOUGH;
	if (++hi->asked < enough || hostwatch_count >= MAX_WATCHES)
		return false;
	hi->asked = enough - RETRY_AFTER;
	fd = hostfs_fd(hi);
	wd = fd < 0 ? fd : host_dirwatch(fd);
	if (wd <= 0)
		return false;
	hi->wd = wd;
	hi->noise = 0;
	hlist_add_head(&hi->watch_node, &watches[wd % WATCH_HASH]);
	hostwatch_count++;
	ever = true;
	return true;
}

/* The watch is there: from here on things are known. */
static u64 renew(struct hostfs_inode *hi)
{
	struct host_req r = { .op = HOST_ACCESS, .path = "", .mode = MAY_EXEC, .flags = AT_EMPTY_PATH };
	struct host_stat st;
	u64 before = upcalls;

	r.fd = hostfs_fd(hi);
	/* where even the host's user may not search, each question gets its answer from the host */
	if (r.fd < 0 || hostfs_statat(r.fd, "", &st) || host_call(&r) || upcalls != before)
		return 0;
	hostfs_update(hi, &st);
	hi->gen = ++last_gen;
	return hi->gen;
}

u64 hostwatch_ask(struct inode *dir, bool of_use)
{
	struct hostfs_inode *hi = HI(dir);
	u64 gen = hostwatch_gen(dir);

	if (gen)
		return gen;
	if (hi->wd <= 0 && !(of_use && begin(hi)))
		return 0;
	return renew(hi);
}

void host_dir_upcall(int wd, const char *name, bool gone)
{
	struct hostfs_inode *hi;
	unsigned len;

	upcalls++;
	pathcache_forget();
	if (!wd) {
		dropped = last_gen;
		hostfs_drop_all_held(NULL);
		return;
	}
	hlist_for_each_entry(hi, &watches[(unsigned)wd % WATCH_HASH], watch_node)
		if (hi->wd == wd)
			break;
	if (!hi)
		return; /* a late one of a watch that has been ended */
	if (gone) {
		hlist_del(&hi->watch_node);
		hi->wd = 0;
		hi->gen = 0;
		hostwatch_count--;
		hostfs_drop_all_held(hi);
		return;
	}
	if (++hi->noise > NOISE) {
		hostwatch_end(hi);
		return;
	}
	len = name ? strlen(name) : 0;
	if (!len || !is_ascii(name, len)) {
		hi->gen = 0;
		hostfs_drop_all_held(hi);
		return;
	}
	if (!hostwatch_gen(&hi->inode))
		return;
	absent_forget(hi->gen, name, len);
	d_forget(&hi->inode, name, len);
}
