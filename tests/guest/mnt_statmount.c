/* statmount(2), listmount(2) and STATX_MNT_ID_UNIQUE: what they tell of mounts, in which order and from where, and their errors. */
// host-skip: as Linux 6.18 answers; older ones lack some of it
// needs-root: it mounts
#include <linux/types.h>
#include <stddef.h>
#include <stdint.h>

#include "mnt.h"

#ifndef SYS_statmount
#define SYS_statmount 457
#define SYS_listmount 458
#endif
#define MNT_ID 0x1000
#define MNT_ID_UNIQUE 0x4000
#define FIRST (1ull << 31)
#define NONE (FIRST + 99999999)
#define ROOT (-1ull)

struct req { uint32_t size, spare; uint64_t mnt_id, param, mnt_ns_id; };
struct sm {
	uint32_t size, mnt_opts;
	uint64_t mask;
	uint32_t sb_dev_major, sb_dev_minor;
	uint64_t sb_magic;
	uint32_t sb_flags, fs_type;
	uint64_t mnt_id, mnt_parent_id;
	uint32_t mnt_id_old, mnt_parent_id_old;
	uint64_t mnt_attr, mnt_propagation, mnt_peer_group, mnt_master, propagate_from;
	uint32_t mnt_root, mnt_point;
	uint64_t mnt_ns_id;
	uint32_t fs_subtype, sb_source, opt_num, opt_array, opt_sec_num, opt_sec_array;
	uint64_t supported_mask;
	uint32_t maps[4];
	uint64_t spare2[43];
	char str[1000];
};
_Static_assert(offsetof(struct sm, str) == 512, "as Linux has it");

static struct sm s;
static uint64_t list[300];

static long statmount_(uint64_t id, uint64_t mask, size_t size, unsigned flags)
{
	struct req r = { .size = sizeof(r), .mnt_id = id, .param = mask };

	memset(&s, 0, sizeof(s));
	return syscall(SYS_statmount, &r, &s, size, flags);
}

static long listmount_(uint64_t id, uint64_t last, size_t n, unsigned flags)
{
	struct req r = { .size = sizeof(r), .mnt_id = id, .param = last };

	memset(list, 0, sizeof(list));
	return syscall(SYS_listmount, &r, list, n, flags);
}

static long request(void *r, void *buf, size_t size) { return syscall(SYS_statmount, r, buf, size, 0); }

static uint64_t id_of(const char *path, unsigned mask)
{
	struct statx x;

	statx(AT_FDCWD, path, 0, mask, &x);
	printf("%s: mask %x\n", path, x.stx_mask & (MNT_ID | MNT_ID_UNIQUE));
	return x.stx_mnt_id;
}

static void all(uint64_t id)
{
	long err = statmount_(id, 0xfff, sizeof(s), 0);
	const char *point = strrchr(s.str + s.mnt_point, '/');

	printf("all: %ld mask %lx magic %lx flags %x attr %lx propagation %lx group %ld master %ld from %ld\n", err, (long)s.mask,
		(long)s.sb_magic, s.sb_flags, (long)s.mnt_attr, (long)s.mnt_propagation, (long)s.mnt_peer_group, (long)s.mnt_master,
		(long)s.propagate_from);
	printf("  type %s root %s point %s options %s source %s subtype '%s' %u+%u options, first %s\n", s.str + s.fs_type,
		s.str + s.mnt_root, point, s.str + s.mnt_opts, s.str + s.sb_source, s.str + s.fs_subtype, s.opt_num, s.opt_sec_num,
		s.str + s.opt_array);
	printf("  ids %d %d %d\n", s.mnt_id == id, s.mnt_parent_id > FIRST, s.mnt_id_old + FIRST >= FIRST);
}

int main(void)
{
	uint64_t m, bound, in, root;
	struct req r = { .size = 24, .param = 1 };
	char big[8192] = "";
	long n, there = 0, ordered = 1;

	own_mounts();
	mkdir("m", 0755);
	mkdir("bound", 0755);
	SHOW(mount("src", "m", "tmpfs", MS_NOSUID, "size=64k"));
	mkdir("m/sub", 0755);
	mkdir("m/in", 0755);
	SHOW(mount("m/sub", "bound", NULL, MS_BIND, NULL));
	SHOW(mount("src2", "m/in", "tmpfs", MS_RDONLY | MS_NOEXEC | MS_NOATIME, NULL));
	m = id_of("m", MNT_ID_UNIQUE);
	SHOW(m > FIRST);
	SHOW(id_of("m", MNT_ID) < FIRST);
	SHOW(id_of("m", MNT_ID | MNT_ID_UNIQUE) == m);
	bound = id_of("bound", MNT_ID_UNIQUE);
	in = id_of("m/in", MNT_ID_UNIQUE);
	root = id_of("/", MNT_ID_UNIQUE);
	SHOW(m < bound && bound < in);
	for (int bit = 0; bit < 18; bit++) {
		n = statmount_(m, 1 << bit, sizeof(s), 0);
		printf("bit %x: %ld mask %lx %s strings\n", 1 << bit, n, (long)s.mask, s.size > 512 ? "with" : "without");
	}
	all(m);
	all(bound);
	all(in);
	SHOW(statmount_(m, 0x1000, sizeof(s), 0));
	printf("supported %lx\n", (long)s.supported_mask);
	/* sizes */
	SHOW(statmount_(m, 1, 24, 0));
	SHOW(s.mask == 1 && !s.sb_magic);
	SHOW(statmount_(m, 1, 0, 0));
	SHOW(statmount_(m, 0x20, 512, 0));
	SHOW(statmount_(m, 0x20, 518, 0));
	SHOW(statmount_(m, 0x20, 519, 0));
	SHOW(s.size);
	/* errors */
	SHOW(statmount_(m, 1, sizeof(s), 1));
	SHOW(statmount_(5, 1, sizeof(s), 0));
	SHOW(statmount_(NONE, 1, sizeof(s), 0));
	r.mnt_id = m;
	SHOW(request(&r, &s, sizeof(s)));
	SHOW(request((void *)8, &s, sizeof(s)));
	SHOW(request(&r, (void *)8, 512));
	SHOW(request(&r, (void *)-4096l, 512));
	r.size = 23;
	SHOW(request(&r, &s, sizeof(s)));
	r.size = 24;
	memcpy(big, &r, sizeof(r));
	*(uint32_t *)big = 64;
	SHOW(request(big, &s, sizeof(s)));
	big[60] = 1;
	SHOW(request(big, &s, sizeof(s)));
	*(uint32_t *)big = 5000;
	SHOW(request(big, &s, sizeof(s)));
	r.spare = 1;
	SHOW(request(&r, &s, sizeof(s)));
	r = (struct req){ .size = 32, .mnt_id = m, .param = 1, .mnt_ns_id = 1ull << 60 };
	SHOW(request(&r, &s, sizeof(s)));
	statmount_(m, 0x40, sizeof(s), 0);
	r.mnt_ns_id = s.mnt_ns_id;
	SHOW(request(&r, &s, sizeof(s)));
	/* lists */
	n = listmount_(ROOT, 0, 300, 0);
	for (long i = 0; i < n; i++) {
		there |= (list[i] == m) | (list[i] == bound) << 1 | (list[i] == in) << 2 | (list[i] == root) << 3;
		ordered &= !i || list[i] > list[i - 1];
	}
	printf("listed %lx, ordered %ld\n", there, ordered);
	SHOW(listmount_(m, 0, 300, 0));
	SHOW(list[0] == in);
	SHOW(listmount_(bound, 0, 300, 0));
	SHOW(listmount_(m, in, 300, 0));
	SHOW(listmount_(root, 0, 300, 0) == n - 1);
	SHOW(listmount_(ROOT, 0, 300, 1) == n);
	SHOW(list[0] == in && list[1] == bound && list[2] == m);
	SHOW(listmount_(ROOT, m, 1, 0));
	SHOW(list[0] == bound && !list[1]);
	SHOW(listmount_(ROOT, in, 2, 1));
	SHOW(list[0] == bound && list[1] == m);
	SHOW(listmount_(ROOT, 0, 0, 0));
	SHOW(listmount_(m, 0, 3, 2));
	SHOW(listmount_(m, 0, 1000001, 0));
	SHOW(listmount_(m, 7, 3, 0));
	SHOW(listmount_(7, 0, 3, 0));
	SHOW(listmount_(NONE, 0, 3, 0));
	SHOW(syscall(SYS_listmount, &(struct req){ .size = 32, .mnt_id = ROOT }, (void *)8, 3L, 0));
	SHOW(syscall(SYS_listmount, big, list, 3L, 0));
	/* below another root */
	chdir("m");
	SHOW(chroot("."));
	SHOW(listmount_(ROOT, 0, 300, 0));
	SHOW(list[0] == m && list[1] == in);
	SHOW(statmount_(root, 0x10, sizeof(s), 0));
	printf("'%s'\n", s.str + s.mnt_point);
	SHOW(statmount_(m, 0x10, sizeof(s), 0));
	printf("'%s'\n", s.str + s.mnt_point);
	SHOW(statmount_(in, 0x10, sizeof(s), 0));
	printf("'%s'\n", s.str + s.mnt_point);
	SHOW(setuid(1234));
	SHOW(statmount_(root, 1, sizeof(s), 0));
	SHOW(statmount_(in, 1, sizeof(s), 0));
	SHOW(listmount_(root, 0, 300, 0));
	SHOW(listmount_(ROOT, 0, 300, 0));
	SHOW(umount("/in"));
	return 0;
}
