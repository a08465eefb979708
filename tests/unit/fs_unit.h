/* What the tests of kernel/fs share: a current task with guest memory whose / is a fresh directory of the real host, calls
 * by their entries, and changes to that directory behind the kernel's back. */
#ifndef UMK_FS_UNIT_H
#define UMK_FS_UNIT_H

#include "mm_unit.h"
#include "kernel/fs/internal.h"
#include "umk_kernel.h"

#define GUEST 0x100000ul /* 64 pages of guest memory */
#define G(off) ((void *)(GUEST + (off)))
#define PATH_AT 0x20000  /* where P() and P2() put their texts */

static __maybe_unused void fs_unit_start(void)
{
	mm_unit_start();
	umk_options.root = unit_tmpdir();
	mm_unit_task.tgid = mm_unit_task.pid = 2;
	mm_unit_cred.cap_effective = ~0ull;
	mm_unit_cred.fsuid = mm_unit_cred.uid = mm_unit_cred.euid = umk_options.uid;
	mm_unit_cred.fsgid = mm_unit_cred.gid = mm_unit_cred.egid = umk_options.gid;
	mm_unit_signal.rlim[7].cur = mm_unit_signal.rlim[7].max = 256; /* RLIMIT_NOFILE */
	mm_unit_signal.rlim[1].cur = mm_unit_signal.rlim[1].max = ~0ull; /* RLIMIT_FSIZE */
	vfs_init();
	ck_assert_int_eq(files_init_first(current), 0);
	for (unsigned fd = 0; fd < 3; fd++)
		do_close(fd);
	current->fs->umask = 022;
	map_anon(GUEST, 64 * PAGE_SIZE, RW, PRIVATE_ANON | FIXED);
}

static __maybe_unused void poke(u64 off, const void *data, size_t size)
{
	ck_assert_uint_eq(copy_to_user(G(off), data, size), 0);
}

static __maybe_unused void peek(u64 off, void *data, size_t size)
{
	ck_assert_uint_eq(copy_from_user(data, G(off), size), 0);
}

static __maybe_unused void expect(u64 off, const char *text)
{
	char buf[256];

	peek(off, buf, strlen(text));
	ck_assert_int_eq(memcmp(buf, text, strlen(text)), 0);
}

static __maybe_unused void *P(const char *path)
{
	poke(PATH_AT, path, strlen(path) + 1);
	return G(PATH_AT);
}

static __maybe_unused void *P2(const char *path)
{
	poke(PATH_AT + 8192, path, strlen(path) + 1);
	return G(PATH_AT + 8192);
}

#define CALL_(name, a, b, c, d, e, f, ...) ({ long __x64_sys_##name(const struct pt_regs *);              \
	__x64_sys_##name(&(struct pt_regs){ .di = (unsigned long)(a), .si = (unsigned long)(b),           \
		.dx = (unsigned long)(c), .r10 = (unsigned long)(d), .r8 = (unsigned long)(e), .r9 = (unsigned long)(f) }); })
#define CALL(name, ...) CALL_(name, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define OK(...) ck_assert_int_eq(CALL(__VA_ARGS__), 0)
#define FAILS(err, ...) ck_assert_int_eq(CALL(__VA_ARGS__), -(err))
#define IS(value, ...) ck_assert_int_eq(CALL(__VA_ARGS__), (value))

/* A request on a path below the directory that is the guest's /, as another process of the host would make it. */
static __maybe_unused long behind(enum host_op op, const char *path, const char *path2, u32 mode)
{
	static char full[600], full2[600];
	struct host_req r = { .op = op, .fd = HOST_AT_FDCWD, .fd2 = HOST_AT_FDCWD, .path = full, .path2 = path2, .mode = mode };

	ksnprintf(full, sizeof(full), "%s/%s", umk_options.root, path);
	if (op == HOST_RENAME || op == HOST_LINK) {
		ksnprintf(full2, sizeof(full2), "%s/%s", umk_options.root, path2);
		r.path2 = full2;
	}
	return host_call(&r);
}

static __maybe_unused void behind_write(const char *path, const char *text, u64 offset, bool truncate)
{
	char full[600];
	struct host_req open = { .op = HOST_OPEN, .fd = HOST_AT_FDCWD, .path = full, .mode = 0644,
		.flags = O_WRONLY | O_CREAT | (truncate ? O_TRUNC : 0) };
	struct host_req put = { .op = HOST_PWRITE, .buf = (void *)text, .size = strlen(text), .offset = offset };
	struct host_req end = { .op = HOST_CLOSE };

	ksnprintf(full, sizeof(full), "%s/%s", umk_options.root, path);
	put.fd = end.fd = host_call(&open);
	ck_assert_int_ge(put.fd, 0);
	ck_assert_int_eq(host_call(&put), (long)put.size);
	host_call(&end);
}

static __maybe_unused void behind_expect(const char *path, const char *text)
{
	char full[600], buf[256];
	struct host_req open = { .op = HOST_OPEN, .fd = HOST_AT_FDCWD, .path = full, .flags = O_RDONLY };
	struct host_req get = { .op = HOST_PREAD, .buf = buf, .size = strlen(text) };
	struct host_req end = { .op = HOST_CLOSE };

	ksnprintf(full, sizeof(full), "%s/%s", umk_options.root, path);
	get.fd = end.fd = host_call(&open);
	ck_assert_int_ge(get.fd, 0);
	ck_assert_int_eq(host_call(&get), (long)get.size);
	ck_assert_int_eq(memcmp(buf, text, get.size), 0);
	host_call(&end);
}

#endif
