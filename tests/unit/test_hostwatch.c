/* kernel/fs/hostwatch.c: what is known of host directories, and what makes it unknown again. The changes are real ones, made
 * behind the kernel's back, and so are the watches. */
#include "fs_unit.h"
#include "kernel/fs/hostfs.h"

static struct stat_like { u64 words[18]; } last_stat;

/* Guests' looks at names in the root directory until the host is not asked any more. */
static void start(void)
{
	fs_unit_start();
	hostwatch_after = 0;
	mm_unit_cred.cap_permitted = ~0ull;
	ck_assert_int_eq(behind(HOST_CHMOD, "", NULL, 0755), 0);
	OK(mkdir, P("/warm"), 0755);
	for (int i = 0; i < 8; i++)
		OK(access, P("/warm"), 0);
	ck_assert_uint_ge(hostwatch_count, 1);
}

/* How many requests to the host @what made. */
#define HOST_CALLS(what) ({ unsigned before_ = unit_submits; what; unit_submits - before_; })

static u64 ino_of(const char *path)
{
	OK(stat, P(path), G(4096));
	peek(4096, &last_stat, sizeof(last_stat));
	return last_stat.words[1];
}

/* Deep directories whose names have been asked about often enough. */
static void warm(const char *path)
{
	for (int i = 0; i < 8; i++) {
		OK(access, P(path), 0);
		OK(stat, P(path), G(4096));
	}
}

START_TEST(test_depth_costs_nothing)
{
	start();
	OK(mkdir, P("/a"), 0755);
	OK(mkdir, P("/a/b"), 0755);
	OK(mkdir, P("/a/b/c"), 0755);
	behind_write("a/b/c/f", "text", 0, true);
	warm("/a/b/c/f");
	/* the file's attributes are asked for, nothing else */
	ck_assert_uint_eq(HOST_CALLS(OK(stat, P("/a/b/c/f"), G(4096))), 1);
	ck_assert_uint_eq(HOST_CALLS(FAILS(ENOTDIR, stat, P("/a/b/c/f/g"), G(4096))), 0);
	ck_assert_uint_eq(HOST_CALLS(OK(access, P("/a/b/c/f"), 0)), 0);
	FAILS(ENOENT, stat, P("/a/b/c/no"), G(4096));
	ck_assert_uint_eq(HOST_CALLS(FAILS(ENOENT, stat, P("/a/b/c/no"), G(4096))), 0);
	ck_assert_uint_eq(HOST_CALLS(FAILS(ENOENT, open, P("/a/b/c/no"), O_RDONLY, 0)), 0);
	ck_assert_uint_eq(HOST_CALLS(FAILS(ENOENT, stat, P("/a/b/c/no/more"), G(4096))), 0);
	ck_assert_uint_eq(HOST_CALLS(FAILS(EEXIST, mkdir, P("/a/b/c"), 0755)), 0);
}
END_TEST

/* A watch knows nothing of what a walk over many files asks for; it does know names that are not there. */
START_TEST(test_attributes_need_no_watch)
{
	unsigned before;

	start();
	OK(mkdir, P("/a"), 0755);
	OK(mkdir, P("/a/b"), 0755);
	behind_write("a/b/f", "text", 0, true);
	warm("/a/b");
	before = hostwatch_count;
	for (int i = 0; i < 50; i++)
		OK(stat, P("/a/b/f"), G(4096));
	ck_assert_uint_eq(hostwatch_count, before);
	for (int i = 0; i < 8; i++)
		FAILS(ENOENT, stat, P("/a/b/no"), G(4096));
	ck_assert_uint_eq(hostwatch_count, before + 1);
	ck_assert_uint_eq(HOST_CALLS(FAILS(ENOENT, stat, P("/a/b/no"), G(4096))), 0);
}
END_TEST

START_TEST(test_names_come_and_go)
{
	int fd;

	start();
	FAILS(ENOENT, stat, P("/f"), G(4096));
	FAILS(ENOENT, stat, P("/g"), G(4096));
	behind_write("f", "text", 0, true);
	OK(stat, P("/f"), G(4096));
	ck_assert_int_eq(behind(HOST_RENAME, "f", "g", 0), 0);
	FAILS(ENOENT, stat, P("/f"), G(4096));
	OK(stat, P("/g"), G(4096));
	ck_assert_int_eq(behind(HOST_LINK, "g", "f", 0), 0);
	ck_assert_uint_eq(ino_of("/f"), ino_of("/g"));
	ck_assert_int_eq(behind(HOST_UNLINK, "g", NULL, 0), 0);
	FAILS(ENOENT, access, P("/g"), 0);
	FAILS(ENOENT, open, P("/g"), O_RDONLY, 0);
	/* another file under a known name */
	OK(close, CALL(open, P("/f"), O_RDONLY, 0));
	behind_write("other", "xyz", 0, true);
	ck_assert_int_eq(behind(HOST_RENAME, "other", "f", 0), 0);
	fd = CALL(open, P("/f"), O_RDONLY, 0);
	IS(3, read, fd, G(100), 50);
	expect(100, "xyz");
	OK(close, fd);
	/* the guest's own changes */
	fd = CALL(open, P("/own"), O_RDWR | O_CREAT | O_EXCL, 0644);
	ck_assert_int_ge(fd, 0);
	OK(close, fd);
	OK(stat, P("/own"), G(4096));
	OK(rename, P("/own"), P2("/own2"));
	FAILS(ENOENT, stat, P("/own"), G(4096));
	OK(stat, P("/own2"), G(4096));
	OK(unlink, P("/own2"));
	FAILS(ENOENT, stat, P("/own2"), G(4096));
	OK(rename, P("/f"), P2("/own2"));
	OK(stat, P("/own2"), G(4096));
}
END_TEST

START_TEST(test_directories_are_replaced)
{
	u64 was;

	start();
	OK(mkdir, P("/d"), 0755);
	OK(mkdir, P("/e"), 0755);
	behind_write("d/f", "1", 0, true);
	behind_write("e/f", "22", 0, true);
	warm("/d/f");
	warm("/e/f");
	was = ino_of("/d/f");
	ck_assert_int_eq(behind(HOST_RENAME, "d", "x", 0), 0);
	FAILS(ENOENT, stat, P("/d/f"), G(4096));
	ck_assert_int_eq(behind(HOST_RENAME, "e", "d", 0), 0);
	ck_assert_uint_ne(ino_of("/d/f"), was);
	ck_assert_uint_eq(ino_of("/x/f"), was);
	FAILS(ENOENT, stat, P("/d/g"), G(4096));
	/* removed and made again */
	ck_assert_int_eq(behind(HOST_UNLINK, "d/f", NULL, 0), 0);
	{
		char full[600];
		struct host_req r = { .op = HOST_UNLINK, .fd = HOST_AT_FDCWD, .path = full, .flags = 0x200 /* AT_REMOVEDIR */ };

		ksnprintf(full, sizeof(full), "%s/d", umk_options.root);
		ck_assert_int_eq(host_call(&r), 0);
	}
	FAILS(ENOENT, stat, P("/d"), G(4096));
	FAILS(ENOENT, stat, P("/d/g"), G(4096));
	ck_assert_int_eq(behind(HOST_MKDIR, "d", NULL, 0755), 0);
	behind_write("d/g", "333", 0, true);
	OK(stat, P("/d/g"), G(4096));
}
END_TEST

static void behind_symlink(const char *target, const char *path)
{
	char full[600];
	struct host_req r = { .op = HOST_SYMLINK, .fd = HOST_AT_FDCWD, .path = full, .path2 = target };

	ksnprintf(full, sizeof(full), "%s/%s", umk_options.root, path);
	ck_assert_int_eq(host_call(&r), 0);
}

START_TEST(test_symlinks)
{
	start();
	OK(mkdir, P("/one"), 0755);
	OK(mkdir, P("/two"), 0755);
	behind_write("one/f", "1", 0, true);
	behind_write("two/f", "2", 0, true);
	behind_symlink("one", "l");
	warm("/l/f");
	ck_assert_uint_eq(HOST_CALLS(OK(stat, P("/l/f"), G(4096))), 1);
	ck_assert_uint_eq(HOST_CALLS(IS(3, readlink, P("/l"), G(100), 50)), 0);
	ck_assert_uint_eq(ino_of("/l/f"), ino_of("/one/f"));
	behind_symlink("two", "new");
	ck_assert_int_eq(behind(HOST_RENAME, "new", "l", 0), 0);
	IS(3, readlink, P("/l"), G(100), 50);
	expect(100, "two");
	ck_assert_uint_eq(ino_of("/l/f"), ino_of("/two/f"));
	ck_assert_int_eq(behind(HOST_UNLINK, "l", NULL, 0), 0);
	FAILS(ENOENT, stat, P("/l/f"), G(4096));
	behind_write("l", "a file", 0, true);
	FAILS(EINVAL, readlink, P("/l"), G(100), 50);
	FAILS(ENOTDIR, stat, P("/l/f"), G(4096));
}
END_TEST

/* Guests with other rights than umk's are judged by the modes that the host's directories have now. */
START_TEST(test_modes)
{
	start();
	OK(mkdir, P("/d"), 0755);
	OK(mkdir, P("/d/e"), 0755);
	behind_write("d/e/f", "1", 0, true);
	warm("/d/e/f");
	mm_unit_cred.fsuid = umk_options.uid + 1;
	mm_unit_cred.fsgid = umk_options.gid + 1;
	mm_unit_cred.cap_effective = 0;
	OK(stat, P("/d/e/f"), G(4096));
	ck_assert_int_eq(behind(HOST_CHMOD, "d", NULL, 0700), 0);
	FAILS(EACCES, stat, P("/d/e/f"), G(4096));
	ck_assert_int_eq(behind(HOST_CHMOD, "d", NULL, 0755), 0);
	OK(stat, P("/d/e/f"), G(4096));
	ck_assert_int_eq(behind(HOST_CHMOD, "d/e", NULL, 0700), 0);
	FAILS(EACCES, stat, P("/d/e/f"), G(4096));
	ck_assert_int_eq(behind(HOST_CHMOD, "d/e/f", NULL, 0600), 0);
	ck_assert_int_eq(behind(HOST_CHMOD, "d/e", NULL, 0711), 0);
	FAILS(EACCES, open, P("/d/e/f"), O_RDONLY, 0);
	FAILS(EACCES, open, P("/d/e"), O_RDONLY, 0);
	ck_assert_int_eq(behind(HOST_CHMOD, "d/e/f", NULL, 0644), 0);
	OK(close, CALL(open, P("/d/e/f"), O_RDONLY, 0));
}
END_TEST

/* When events are lost, or mounts change, everything is asked again, once. */
START_TEST(test_all_is_forgotten)
{
	start();
	OK(mkdir, P("/d"), 0755);
	behind_write("d/f", "1", 0, true);
	warm("/d/f");
	FAILS(ENOENT, stat, P("/d/no"), G(4096));
	ck_assert_uint_eq(HOST_CALLS(FAILS(ENOENT, stat, P("/d/no"), G(4096))), 0);
	host_dir_upcall(0, NULL, false);
	ck_assert_uint_gt(HOST_CALLS(FAILS(ENOENT, stat, P("/d/no"), G(4096))), 0);
	OK(stat, P("/d/f"), G(4096));
	ck_assert_uint_eq(HOST_CALLS(FAILS(ENOENT, stat, P("/d/no"), G(4096))), 0);
	ck_assert_uint_eq(HOST_CALLS(OK(stat, P("/d/f"), G(4096))), 1);
}
END_TEST

/* A directory that changes all the time without a use of what is known is not watched. */
START_TEST(test_noise_ends_a_watch)
{
	unsigned before;

	start();
	OK(mkdir, P("/d"), 0755);
	behind_write("d/f", "1", 0, true);
	warm("/d/f");
	before = hostwatch_count;
	for (int i = 0; i < 300; i++) {
		behind_write("d/a", "1", 0, true);
		ck_assert_int_eq(behind(HOST_UNLINK, "d/a", NULL, 0), 0);
	}
	for (int i = 0; i < 3; i++)
		OK(stat, P("/d/f"), G(4096));
	ck_assert_uint_eq(hostwatch_count, before - 1);
	behind_write("d/late", "1", 0, true);
	OK(stat, P("/d/late"), G(4096));
}
END_TEST

/* Names that differ in case, or are not ASCII, may mean the same to the host. */
START_TEST(test_names_with_case)
{
	start();
	FAILS(ENOENT, stat, P("/name"), G(4096));
	ck_assert_uint_eq(HOST_CALLS(FAILS(ENOENT, stat, P("/name"), G(4096))), 0);
	behind_write("NAME", "1", 0, true);
	ck_assert_uint_gt(HOST_CALLS(FAILS(ENOENT, stat, P("/name"), G(4096))), 0);
	FAILS(ENOENT, stat, P("/n\303\244me"), G(4096));
	ck_assert_uint_gt(HOST_CALLS(FAILS(ENOENT, stat, P("/n\303\244me"), G(4096))), 0);
	behind_write("n\303\244me", "1", 0, true);
	OK(stat, P("/n\303\244me"), G(4096));
}
END_TEST

/* A file that is opened again and again costs one question, whether it has changed. */
START_TEST(test_reopened)
{
	int fd;

	start();
	behind_write("f", "text", 0, true);
	warm("/f");
	for (int i = 0; i < 3; i++) {
		fd = CALL(open, P("/f"), O_RDONLY, 0);
		IS(4, read, fd, G(100), 50);
		OK(close, fd);
	}
	ck_assert_uint_eq(HOST_CALLS(OK(close, CALL(open, P("/f"), O_RDONLY, 0))), 1);
	/* two at once, and one for writing */
	fd = CALL(open, P("/f"), O_RDONLY, 0);
	OK(close, CALL(open, P("/f"), O_RDONLY, 0));
	OK(close, fd);
	fd = CALL(open, P("/f"), O_WRONLY, 0);
	poke(0, "more text", 9);
	IS(9, write, fd, G(0), 9);
	OK(close, fd);
	fd = CALL(open, P("/f"), O_RDONLY, 0);
	IS(9, read, fd, G(100), 50);
	OK(close, fd);
	/* changed, replaced, and removed on the host */
	unit_now += 1000000;
	behind_write("f", "changed", 0, true);
	fd = CALL(open, P("/f"), O_RDONLY, 0);
	IS(7, read, fd, G(100), 50);
	expect(100, "changed");
	OK(close, fd);
	behind_write("g", "another", 0, true);
	ck_assert_int_eq(behind(HOST_RENAME, "g", "f", 0), 0);
	fd = CALL(open, P("/f"), O_RDONLY, 0);
	IS(7, read, fd, G(100), 50);
	expect(100, "another");
	OK(close, fd);
	ck_assert_int_eq(behind(HOST_UNLINK, "f", NULL, 0), 0);
	FAILS(ENOENT, open, P("/f"), O_RDONLY, 0);
}
END_TEST

/* Opens alone make a directory worth a watch. */
START_TEST(test_reopened_only)
{
	start();
	OK(mkdir, P("/d"), 0755);
	OK(mkdir, P("/d/e"), 0755);
	behind_write("d/e/f", "text", 0, true);
	behind_write("d/e/once", "text", 0, true);
	OK(close, CALL(open, P("/d/e/once"), O_RDONLY, 0));
	for (int i = 0; i < 8; i++)
		OK(close, CALL(open, P("/d/e/f"), O_RDONLY, 0));
	ck_assert_uint_eq(HOST_CALLS(OK(close, CALL(open, P("/d/e/f"), O_RDONLY, 0))), 1);
	/* touched: it is known again when it has been opened twice more */
	ck_assert_int_eq(behind(HOST_CHMOD, "d/e/f", NULL, 0600), 0);
	for (int i = 0; i < 2; i++)
		OK(close, CALL(open, P("/d/e/f"), O_RDONLY, 0));
	ck_assert_uint_eq(HOST_CALLS(OK(close, CALL(open, P("/d/e/f"), O_RDONLY, 0))), 1);
	ck_assert_int_eq(behind(HOST_RENAME, "d/e/once", "d/e/f", 0), 0);
	OK(close, CALL(open, P("/d/e/f"), O_RDONLY, 0));
	FAILS(ENOENT, open, P("/d/e/once"), O_RDONLY, 0);
	ck_assert_int_eq(behind(HOST_UNLINK, "d/e/f", NULL, 0), 0);
	FAILS(ENOENT, open, P("/d/e/f"), O_RDONLY, 0);
}
END_TEST

/* What is there is opened by its name, whatever the name was before. */
START_TEST(test_opened_after_a_change)
{
	int fd, held;

	fs_unit_start();
	hostwatch_after = ~0u; /* nothing is watched */
	behind_write("f", "text", 0, true);
	OK(stat, P("/f"), G(4096));
	ck_assert_uint_le(HOST_CALLS(fd = CALL(open, P("/f"), O_RDONLY, 0)), 3);
	held = fd;
	ck_assert_int_eq(behind(HOST_UNLINK, "f", NULL, 0), 0);
	FAILS(ENOENT, open, P("/f"), O_RDONLY, 0);
	IS(4, read, held, G(100), 50);
	ck_assert_int_eq(behind(HOST_MKDIR, "f", NULL, 0755), 0);
	FAILS(EISDIR, open, P("/f"), O_WRONLY, 0);
	fd = CALL(open, P("/f"), O_RDONLY | O_DIRECTORY, 0);
	ck_assert_int_ge(fd, 0);
	OK(close, fd);
	ck_assert_int_eq(behind(HOST_RENAME, "f", "d", 0), 0);
	behind_write("f", "new", 0, true);
	FAILS(ENOTDIR, open, P("/f"), O_RDONLY | O_DIRECTORY, 0);
	fd = CALL(open, P("/f"), O_RDWR, 0);
	IS(3, read, fd, G(100), 50);
	OK(close, fd);
	ck_assert_int_eq(behind(HOST_UNLINK, "f", NULL, 0), 0);
	fd = CALL(open, P("/f"), O_RDWR | O_CREAT, 0644);
	IS(0, read, fd, G(100), 50);
	OK(close, fd);
	behind_write("g", "linked", 0, true);
	OK(stat, P("/f"), G(4096));
	ck_assert_int_eq(behind(HOST_UNLINK, "f", NULL, 0), 0);
	behind_symlink("g", "f");
	fd = CALL(open, P("/f"), O_RDONLY, 0);
	IS(6, read, fd, G(100), 50);
	FAILS(ELOOP, open, P("/f"), O_RDONLY | O_NOFOLLOW, 0);
}
END_TEST

START_TEST(test_caches_can_go)
{
	start();
	OK(mkdir, P("/d"), 0755);
	behind_write("d/f", "1", 0, true);
	warm("/d/f");
	FAILS(ENOENT, stat, P("/d/no"), G(4096));
	inode_cache_shrink();
	ck_assert_uint_le(hostwatch_count, 1); /* of the root, which stays */
	OK(stat, P("/d/f"), G(4096));
	FAILS(ENOENT, stat, P("/d/no"), G(4096));
}
END_TEST

/* The way through directories is kept (pathcache.c) until something of it changes. */
START_TEST(test_ways_change)
{
	u64 ino, other;

	start();
	OK(mkdir, P("/a"), 0755);
	OK(mkdir, P("/a/b"), 0755);
	OK(mkdir, P("/a/b/c"), 0755);
	OK(mkdir, P("/b"), 0755);
	OK(mkdir, P("/b/c"), 0755);
	behind_write("a/b/c/f", "1", 0, true);
	behind_write("b/c/f", "22", 0, true);
	warm("/a/b/c/f");
	warm("/b/c/f");
	ino = ino_of("/a/b/c/f");
	other = ino_of("/b/c/f");
	/* the guest renames, exchanges and mounts */
	OK(rename, P("/a/b"), P2("/a/x"));
	FAILS(ENOENT, stat, P("/a/b/c/f"), G(4096));
	ck_assert_uint_eq(ino_of("/a/x/c/f"), ino);
	OK(rename, P("/a/x"), P2("/a/b"));
	warm("/a/b/c/f");
	OK(renameat2, AT_FDCWD, P("/a/b"), AT_FDCWD, P2("/b"), 2 /* RENAME_EXCHANGE */);
	ck_assert_uint_eq(ino_of("/a/b/c/f"), other);
	ck_assert_uint_eq(ino_of("/b/c/f"), ino);
	OK(renameat2, AT_FDCWD, P("/a/b"), AT_FDCWD, P2("/b"), 2);
	warm("/a/b/c/f");
	poke(8192, "tmpfs", 6);
	OK(mount, G(8192), P("/a/b"), G(8192), 0, NULL);
	FAILS(ENOENT, stat, P("/a/b/c/f"), G(4096));
	OK(umount, P("/a/b"), 0);
	ck_assert_uint_eq(ino_of("/a/b/c/f"), ino);
	/* it walks from elsewhere */
	OK(chdir, P("/a"));
	warm("b/c/f");
	ck_assert_uint_eq(ino_of("b/c/f"), ino);
	OK(chdir, P("/"));
	ck_assert_uint_eq(ino_of("b/c/f"), other);
	/* the host renames, and makes a link of a directory */
	warm("/a/b/c/f");
	ck_assert_int_eq(behind(HOST_RENAME, "a/b", "a/y", 0), 0);
	FAILS(ENOENT, stat, P("/a/b/c/f"), G(4096));
	behind_symlink("../b", "a/b");
	ck_assert_uint_eq(ino_of("/a/b/c/f"), other);
	ck_assert_int_eq(behind(HOST_UNLINK, "a/b", NULL, 0), 0);
	ck_assert_int_eq(behind(HOST_RENAME, "a/y", "a/b", 0), 0);
	warm("/a/b/c/f");
	inode_cache_shrink();
	ck_assert_uint_eq(ino_of("/a/b/c/f"), ino);
	warm("/a/b/c/f");
	OK(unlink, P("/a/b/c/f"));
	OK(rmdir, P("/a/b/c"));
	FAILS(ENOENT, stat, P("/a/b/c/f"), G(4096));
	behind_write("a/b/c", "a file", 0, true);
	FAILS(ENOTDIR, stat, P("/a/b/c/f"), G(4096));
}
END_TEST

UNIT_MAIN("hostwatch", test_depth_costs_nothing, test_attributes_need_no_watch, test_names_come_and_go,
	test_directories_are_replaced, test_symlinks, test_modes, test_reopened, test_reopened_only, test_opened_after_a_change, test_all_is_forgotten,
	test_noise_ends_a_watch, test_names_with_case, test_caches_can_go, test_ways_change)
