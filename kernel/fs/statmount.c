/* statmount(2) and listmount(2): what a mount is, and which there are below another. A mount's number is never used again, so
 * the unique one is made from it. There is one name space. */
#include "internal.h"
#include "seq.h"
#include "syscalls.h"
#include "trap.h"
#include <linux/capability.h>

#define UNIQUE_ID_OFFSET (1ull << 31) /* as Linux: what the older calls show is below */
#define LSMT_ROOT ~0ull
#define LISTMOUNT_REVERSE 1u
#define LIST_MAX 1000000ul
#define REQ_SIZE_VER0 24u

/* linux/mount.h, from 6.18 */
struct mnt_id_req {
	u32 size, spare;
	u64 mnt_id, param, mnt_ns_id;
};
struct statmount {
	u32 size, mnt_opts;
	u64 mask;
	u32 sb_dev_major, sb_dev_minor;
	u64 sb_magic;
	u32 sb_flags, fs_type;
	u64 mnt_id, mnt_parent_id;
	u32 mnt_id_old, mnt_parent_id_old;
	u64 mnt_attr, mnt_propagation, mnt_peer_group, mnt_master, propagate_from;
	u32 mnt_root, mnt_point;
	u64 mnt_ns_id;
	u32 fs_subtype, sb_source, opt_num, opt_array, opt_sec_num, opt_sec_array;
	u64 supported_mask;
	u32 mnt_uidmap_num, mnt_uidmap, mnt_gidmap_num, mnt_gidmap;
	u64 spare2[43];
};
_Static_assert(sizeof(struct statmount) == 512, "its strings come after 512 bytes");
enum {
	SM_SB_BASIC = 1, SM_MNT_BASIC = 2, SM_PROPAGATE_FROM = 4, SM_MNT_ROOT = 8, SM_MNT_POINT = 0x10, SM_FS_TYPE = 0x20,
	SM_MNT_NS_ID = 0x40, SM_MNT_OPTS = 0x80, SM_FS_SUBTYPE = 0x100, SM_SB_SOURCE = 0x200, SM_OPT_ARRAY = 0x400,
	SM_OPT_SEC_ARRAY = 0x800, SM_SUPPORTED_MASK = 0x1000, SM_UIDMAP = 0x2000, SM_GIDMAP = 0x4000,
	SM_STRINGS = SM_MNT_ROOT | SM_MNT_POINT | SM_FS_TYPE | SM_MNT_OPTS | SM_FS_SUBTYPE | SM_SB_SOURCE | SM_OPT_ARRAY |
		SM_OPT_SEC_ARRAY | SM_UIDMAP | SM_GIDMAP,
};

u64 mount_unique_id_of(u64 id) { return UNIQUE_ID_OFFSET + id; }
static u64 mount_unique_id(const struct mount *m) { return mount_unique_id_of(m->id); }

static struct mount *find_mount(u64 id)
{
	struct mount *m;

	list_for_each_entry(m, &mounts, list)
		if (mount_unique_id(m) == id)
			return m;
	return NULL;
}

/* EFAULT, E2BIG, EINVAL, ENOENT: the order is Linux's. */
static int copy_request(const struct mnt_id_req __user *ureq, struct mnt_id_req *req)
{
	u8 more[64];
	u32 size;

	if (get_user(size, &ureq->size))
		return -EFAULT;
	if (size > PAGE_SIZE)
		return -E2BIG;
	if (size < REQ_SIZE_VER0)
		return -EINVAL;
	memset(req, 0, sizeof(*req));
	for (u32 at = sizeof(*req), n; at < size; at += n) {
		n = min(size - at, (u32)sizeof(more));
		if (copy_from_user(more, (const char __user *)ureq + at, n))
			return -EFAULT;
		for (u32 i = 0; i < n; i++)
			if (more[i])
				return -E2BIG;
	}
	if (copy_from_user(req, ureq, min(size, (u32)sizeof(*req))))
		return -EFAULT;
	return req->spare || req->mnt_id <= UNIQUE_ID_OFFSET ? -EINVAL : 0;
}

static int check_ns(const struct mnt_id_req *req)
{
	return req->mnt_ns_id && req->mnt_ns_id != MNT_NS_ID ? -ENOENT : 0;
}

/* ---- statmount ---- */

/* The strings come in @s, the first of them the empty one. */
static void string_begin(struct seq *s, u32 *offset) { *offset = (u32)s->len; }
static void string_end(struct seq *s) { seq_write(s, "", 1); }

static u64 attributes(u32 flags)
{
	static const struct { u32 flag, attr; } names[] = {
		{ MS_RDONLY, 1 }, { MS_NOSUID, 2 }, { MS_NODEV, 4 }, { MS_NOEXEC, 8 }, { MS_NODIRATIME, 0x80 },
		{ MS_NOSYMFOLLOW, 0x200000 },
	};
	u64 attr = flags & MS_NOATIME ? 0x10 : flags & MS_RELATIME ? 0 : 0x20;

	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		attr |= flags & names[i].flag ? names[i].attr : 0;
	return attr;
}

/* A file system's options are ",a,b=c". Those of the array are apart; how many. */
static u32 option_strings(struct seq *s, const struct mount *m, bool array)
{
	size_t from = s->len;
	u32 n = 0;

	if (m->sb->show_options)
		m->sb->show_options(s, m->sb);
	if (s->failed || s->len == from)
		return 0;
	memmove(s->buf + from, s->buf + from + 1, --s->len - from);
	for (size_t i = from; i < s->len; i++)
		if (s->buf[i] == ',') {
			n++;
			if (array)
				s->buf[i] = 0;
		}
	string_end(s);
	return n + 1;
}

static void basic_fields(struct statmount *sm, const struct mount *m, u64 wanted)
{
	u64 dev = inode_dev(m->root->inode);

	if (wanted & SM_SB_BASIC) {
		sm->sb_dev_major = dev_major(dev);
		sm->sb_dev_minor = dev_minor(dev);
		sm->sb_magic = m->sb->magic;
		sm->sb_flags = m->sb->flags & MS_RDONLY;
	}
	if (wanted & SM_MNT_BASIC) {
		sm->mnt_id = mount_unique_id(m);
		sm->mnt_parent_id = m->parent ? mount_unique_id(m->parent) : UNIQUE_ID_OFFSET + 1;
		sm->mnt_id_old = m->id;
		sm->mnt_parent_id_old = m->parent ? m->parent->id : 1;
		sm->mnt_attr = attributes(m->flags);
		sm->mnt_propagation = m->flags & MNT_UNBINDABLE ? MS_UNBINDABLE : MS_PRIVATE;
	}
	if (wanted & SM_MNT_NS_ID)
		sm->mnt_ns_id = MNT_NS_ID;
	if (wanted & SM_SUPPORTED_MASK)
		sm->supported_mask = 0x7fff;
	sm->mask = wanted & (SM_SB_BASIC | SM_MNT_BASIC | SM_PROPAGATE_FROM | SM_MNT_NS_ID | SM_SUPPORTED_MASK);
}

/* @place: where it is as the caller sees it. */
static void string_fields(struct statmount *sm, struct seq *s, const struct mount *m, u64 wanted, const char *place)
{
	string_end(s);
	if (wanted & SM_FS_TYPE) {
		string_begin(s, &sm->fs_type);
		seq_puts(s, m->sb->type);
		string_end(s);
	}
	if (wanted & SM_MNT_ROOT) {
		string_begin(s, &sm->mnt_root);
		mount_root_text(s, m);
		string_end(s);
	}
	if (wanted & SM_MNT_POINT) {
		string_begin(s, &sm->mnt_point);
		seq_puts(s, place);
		string_end(s);
	}
	sm->mask |= wanted & (SM_FS_TYPE | SM_MNT_ROOT | SM_MNT_POINT);
	if (wanted & SM_MNT_OPTS) {
		string_begin(s, &sm->mnt_opts);
		if (option_strings(s, m, false))
			sm->mask |= SM_MNT_OPTS;
		else
			sm->mnt_opts = 0;
	}
	if (wanted & SM_OPT_ARRAY) {
		string_begin(s, &sm->opt_array);
		sm->opt_num = option_strings(s, m, true);
		if (sm->opt_num)
			sm->mask |= SM_OPT_ARRAY;
		else
			sm->opt_array = 0;
	}
	if (wanted & SM_SB_SOURCE) {
		string_begin(s, &sm->sb_source);
		seq_puts(s, m->source);
		string_end(s);
		sm->mask |= SM_SB_SOURCE;
	}
}

static long fill_statmount(const struct mount *m, u64 wanted, char __user *buf, size_t size)
{
	struct statmount sm = { 0 };
	struct seq s = { 0 };
	char *place = kmalloc(PATH_MAX);
	long err = 0;

	if (!place)
		return -ENOMEM;
	if (!mount_place(m, current, place)) {
		*place = 0;
		if (!capable(CAP_SYS_ADMIN))
			err = -EPERM;
	}
	if (!err) {
		basic_fields(&sm, m, wanted);
		if (wanted & SM_STRINGS)
			string_fields(&sm, &s, m, wanted, place);
		sm.size = (u32)(min(size, sizeof(sm)) + s.len);
		if (s.failed)
			err = -ENOMEM;
		else if (s.len && sizeof(sm) + s.len > size)
			err = -EOVERFLOW;
		else if (copy_to_user(buf, &sm, min(size, sizeof(sm))) || copy_to_user(buf + sizeof(sm), s.buf, s.len))
			err = -EFAULT;
	}
	kfree(place);
	kfree(s.buf);
	return err;
}

/* EINVAL, EFAULT, E2BIG, ENOENT, EPERM, EOVERFLOW, ENOMEM. */
SYSCALL_DEFINE4(statmount, const struct mnt_id_req __user *, req, void __user *, buf, size_t, bufsize, unsigned, flags)
{
	struct mnt_id_req r;
	struct mount *m;
	long err;

	if (flags)
		return -EINVAL;
	err = copy_request(req, &r);
	if (!err)
		err = check_ns(&r);
	if (err)
		return err;
	if ((u64)(unsigned long)buf + bufsize < bufsize || (u64)(unsigned long)buf + bufsize > trap_layout.task_size)
		return -EFAULT;
	if ((r.param & SM_STRINGS) && bufsize == sizeof(struct statmount))
		return -EOVERFLOW;
	m = find_mount(r.mnt_id);
	if (!m)
		return -ENOENT;
	mntget(m);
	err = fill_statmount(m, r.param, buf, bufsize);
	mntput(m);
	return err;
}

/* ---- listmount ---- */

/* The mount whose number is the next after @last (0: the first), of those below @top; @except is none of them. */
static struct mount *next_below(const struct path *top, u64 except, u64 last, bool reverse)
{
	struct mount *m, *best = NULL;

	list_for_each_entry(m, &mounts, list) {
		u64 id = mount_unique_id(m);

		if (id == except || (last && (reverse ? id >= last : id <= last)) || !mount_reachable(m, top))
			continue;
		if (!best || (reverse ? m->id > best->id : m->id < best->id))
			best = m;
	}
	return best;
}

/* How many. EINVAL, EOVERFLOW, EFAULT, E2BIG, ENOENT, EPERM. */
SYSCALL_DEFINE4(listmount, const struct mnt_id_req __user *, req, u64 __user *, mnt_ids, size_t, nr_mnt_ids, unsigned, flags)
{
	struct path top = current->fs->root;
	struct mnt_id_req r;
	struct mount *m;
	u64 last, id;
	size_t n;
	long err;

	if (flags & ~LISTMOUNT_REVERSE)
		return -EINVAL;
	if (nr_mnt_ids > LIST_MAX)
		return -EOVERFLOW;
	if ((u64)(unsigned long)mnt_ids + nr_mnt_ids * sizeof(u64) > trap_layout.task_size)
		return -EFAULT;
	err = copy_request(req, &r);
	if (err)
		return err;
	last = r.param;
	if (last && last <= UNIQUE_ID_OFFSET)
		return -EINVAL;
	err = check_ns(&r);
	if (err)
		return err;
	if (r.mnt_id != LSMT_ROOT) {
		m = find_mount(r.mnt_id);
		if (!m)
			return -ENOENT;
		if (!mount_reachable(m, &top) && !capable(CAP_SYS_ADMIN))
			return -EPERM;
		top = (struct path){ m, m->root };
	}
	path_get(&top);
	for (n = 0; n < nr_mnt_ids; n++) {
		m = next_below(&top, r.mnt_id, last, flags & LISTMOUNT_REVERSE);
		if (!m)
			break;
		last = id = mount_unique_id(m);
		if (put_user(id, mnt_ids + n)) { /* sleeps: @m may be gone */
			path_put(&top);
			return -EFAULT;
		}
	}
	path_put(&top);
	return (long)n;
}
