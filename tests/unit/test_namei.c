/* kernel/fs/namei.c: the walk: dots, slashes, symlinks, mounts, limits, and names that change on the host meanwhile. */
#include "fs_unit.h"

static int lookup(const char *path, unsigned flags)
{
	struct path p;
	int err = path_lookup(AT_FDCWD, path, flags, &p);

	if (!err)
		path_put(&p);
	return err;
}

/* The text of what @path leads to. */
static const char *where(const char *path)
{
	static char text[4096];
	struct path p;
	bool deleted;
	int err = path_lookup(AT_FDCWD, path, LOOKUP_FOLLOW, &p);

	if (err)
		return "error";
	ck_assert_int_gt(path_text(&p, text, sizeof(text), &deleted), 0);
	path_put(&p);
	return text;
}

static void tree(void)
{
	fs_unit_start();
	OK(mkdir, P("/a"), 0755);
	OK(mkdir, P("/a/b"), 0755);
	OK(mkdir, P("/a/b/c"), 0755);
	ck_assert_int_ge(CALL(open, P("/a/file"), O_CREAT | O_WRONLY, 0644), 0);
}

START_TEST(test_dots_and_slashes)
{
	tree();
	ck_assert_str_eq(where("/"), "/");
	ck_assert_str_eq(where("//a///b/"), "/a/b");
	ck_assert_str_eq(where("/a/./b/../b/c/.."), "/a/b");
	ck_assert_str_eq(where("/../../.."), "/");
	ck_assert_str_eq(where("/a/b/c/../../../.."), "/");
	OK(chdir, P("/a/b"));
	ck_assert_str_eq(where("."), "/a/b");
	ck_assert_str_eq(where(".."), "/a");
	ck_assert_str_eq(where("c"), "/a/b/c");
	ck_assert_int_eq(lookup("", 0), -ENOENT);
	ck_assert_int_eq(lookup("/a/file/", 0), -ENOTDIR);
	ck_assert_int_eq(lookup("/a/file/.", 0), -ENOTDIR);
	ck_assert_int_eq(lookup("/a/file/..", 0), -ENOTDIR);
	ck_assert_int_eq(lookup("/a/none/..", 0), -ENOENT);
	ck_assert_int_eq(lookup("/a/file", LOOKUP_DIRECTORY), -ENOTDIR);
}
END_TEST

START_TEST(test_symlinks)
{
	char name[8], target[8];

	tree();
	OK(symlink, P("/a/b"), P2("/abs"));
	OK(symlink, P("../a/b/"), P2("/a/rel"));
	OK(symlink, P("loop"), P2("/loop"));
	OK(symlink, P("/../../../a"), P2("/up"));
	FAILS(ENOENT, symlink, P(""), P2("/x"));
	ck_assert_str_eq(where("/abs"), "/a/b");
	ck_assert_str_eq(where("/abs/c"), "/a/b/c");
	ck_assert_str_eq(where("/a/rel/c"), "/a/b/c");
	/* an absolute link starts at the guest's root, wherever that is on the host */
	ck_assert_str_eq(where("/up/b"), "/a/b");
	ck_assert_int_eq(lookup("/abs", 0), 0);
	ck_assert_int_eq(lookup("/loop", 0), 0);
	ck_assert_int_eq(lookup("/loop", LOOKUP_FOLLOW), -ELOOP);
	ck_assert_int_eq(lookup("/loop/x", 0), -ELOOP);
	OK(symlink, P("a"), P2("/l0"));
	for (int i = 1; i < 42; i++) {
		ksnprintf(target, sizeof(target), "l%d", i - 1);
		ksnprintf(name, sizeof(name), "/l%d", i);
		OK(symlink, P(target), P2(name));
	}
	ck_assert_str_eq(where("/l39"), "/a");
	ck_assert_int_eq(lookup("/l40", LOOKUP_FOLLOW), -ELOOP);
	ck_assert_int_eq(lookup("/l39/rel", LOOKUP_FOLLOW), -ELOOP);
}
END_TEST

START_TEST(test_long_names)
{
	char name[PATH_MAX + 2];

	tree();
	memset(name, 'n', sizeof(name));
	name[0] = '/';
	name[256] = 0;
	ck_assert_int_eq(lookup(name, 0), -ENOENT);
	name[256] = 'n';
	name[257] = 0;
	ck_assert_int_eq(lookup(name, 0), -ENAMETOOLONG);
	for (unsigned i = 1; i + 1 < sizeof(name); i += 2)
		name[i] = '.', name[i + 1] = '/';
	name[PATH_MAX - 1] = 0;
	poke(0, name, PATH_MAX);
	OK(access, G(0), 0);
	name[PATH_MAX - 1] = '.';
	poke(0, name, PATH_MAX);
	FAILS(ENAMETOOLONG, access, G(0), 0);
	FAILS(EFAULT, access, (void *)16, 0);
	/* a text that runs into unmapped memory before its end */
	memset(name, 'n', 16);
	poke(64 * PAGE_SIZE - 16, name, 16);
	FAILS(EFAULT, access, G(64 * PAGE_SIZE - 16), 0);
}
END_TEST

START_TEST(test_mounts)
{
	struct path p;

	tree();
	/* the host's directory has no /dev and /proc: umk's own are there all the same */
	ck_assert_str_eq(where("/dev"), "/dev");
	ck_assert_str_eq(where("/dev/.."), "/");
	ck_assert_str_eq(where("/proc/sys/kernel"), "/proc/sys/kernel");
	ck_assert_str_eq(where("/dev/shm/../null"), "/dev/null");
	ck_assert_int_eq(path_lookup(AT_FDCWD, "/dev/null", 0, &p), 0);
	ck_assert_uint_eq(p.dentry->inode->mode, 0020666);
	path_put(&p);
	FAILS(EBUSY, rmdir, P("/dev"));
	FAILS(EBUSY, rename, P("/dev"), P2("/x"));
	FAILS(EXDEV, rename, P("/a"), P2("/dev/a"));
	FAILS(EXDEV, link, P("/a/file"), P2("/dev/file"));
	ck_assert_int_eq(lookup("/proc/sys", LOOKUP_NO_XDEV), -EXDEV);
}
END_TEST

START_TEST(test_resolve_flags)
{
	int dir;
	struct path p;

	tree();
	OK(symlink, P("b/c"), P2("/a/in"));
	OK(symlink, P("../a"), P2("/a/out"));
	OK(symlink, P("/b"), P2("/a/abs"));
	dir = CALL(open, P("/a"), O_PATH, 0);
	ck_assert_int_ge(dir, 0);
#define AT(path, flags) ({ int at_e = path_lookup(dir, path, flags, &p); if (!at_e) path_put(&p); at_e; })
	ck_assert_int_eq(AT("in", LOOKUP_FOLLOW | LOOKUP_BENEATH), 0);
	ck_assert_int_eq(AT("out", LOOKUP_FOLLOW | LOOKUP_BENEATH), -EXDEV);
	ck_assert_int_eq(AT("..", LOOKUP_BENEATH), -EXDEV);
	ck_assert_int_eq(AT("b/../..", LOOKUP_BENEATH), -EXDEV);
	ck_assert_int_eq(AT("b/..", LOOKUP_BENEATH), 0);
	ck_assert_int_eq(AT("/a", LOOKUP_BENEATH), -EXDEV);
	ck_assert_int_eq(AT("/b", LOOKUP_IN_ROOT), 0);
	ck_assert_int_eq(AT("abs", LOOKUP_FOLLOW | LOOKUP_IN_ROOT), 0);
	ck_assert_int_eq(AT("../../b", LOOKUP_IN_ROOT), 0);
	ck_assert_int_eq(AT("in", LOOKUP_FOLLOW | LOOKUP_NO_SYMLINKS), -ELOOP);
	ck_assert_int_eq(AT("in", LOOKUP_NO_SYMLINKS), 0);
#undef AT
}
END_TEST

START_TEST(test_edits_of_the_host)
{
	tree();
	ck_assert_int_eq(lookup("/a/b/c", 0), 0);
	ck_assert_int_eq(behind(HOST_RENAME, "a/b", "a/moved", 0), 0);
	ck_assert_int_eq(lookup("/a/b/c", 0), -ENOENT);
	ck_assert_str_eq(where("/a/moved/c"), "/a/moved/c");
	ck_assert_int_eq(behind(HOST_MKDIR, "a/b", NULL, 0755), 0);
	ck_assert_int_eq(lookup("/a/b", 0), 0);
	ck_assert_int_eq(lookup("/a/b/c", 0), -ENOENT);
	/* a directory becomes a link */
	ck_assert_int_eq(behind(HOST_RENAME, "a/moved", "a/again", 0), 0);
	ck_assert_int_eq(behind(HOST_SYMLINK, "a/moved", "again", 0), 0);
	ck_assert_str_eq(where("/a/moved/c"), "/a/again/c");
	/* who stands in a directory stays in it */
	OK(chdir, P("/a/again/c"));
	ck_assert_int_eq(behind(HOST_RENAME, "a/again/c", "a/c", 0), 0);
	OK(mkdir, P("made"), 0755);
	ck_assert_int_eq(lookup("/a/c/made", 0), 0);
}
END_TEST

START_TEST(test_rights)
{
	tree();
	/* another user than umk's: the mode decides, not the host */
	OK(chmod, P("/"), 0755);
	OK(mkdir, P("/private"), 0700);
	OK(mkdir, P("/private/in"), 0755);
	OK(mkdir, P("/listed"), 0744);
	OK(mkdir, P("/listed/in"), 0755);
	mm_unit_cred.fsuid = mm_unit_cred.uid = umk_options.uid + 1;
	mm_unit_cred.fsgid = mm_unit_cred.gid = umk_options.gid + 1;
	mm_unit_cred.cap_effective = 0;
	ck_assert_int_eq(lookup("/private", 0), 0);
	ck_assert_int_eq(lookup("/private/in", 0), -EACCES);
	ck_assert_int_eq(lookup("/listed/in", 0), -EACCES);
	ck_assert_int_eq(lookup("/listed/.", 0), -EACCES);
	FAILS(EACCES, open, P("/new"), O_CREAT | O_WRONLY, 0644);
	FAILS(EACCES, mkdir, P("/a/new"), 0755);
	FAILS(EACCES, unlink, P("/a/file"));
	FAILS(EACCES, open, P("/a/file"), O_WRONLY);
	FAILS(EPERM, chmod, P("/a/file"), 0600);
	FAILS(EACCES, access, P("/a/file"), 2);
	OK(access, P("/a/file"), 4);
	mm_unit_cred.cap_effective = ~0ull;
	ck_assert_int_eq(lookup("/private/in", 0), 0);
}
END_TEST

START_TEST(test_failing_host)
{
	tree();
	unit_fail_errno = -EIO;
	unit_fail_next = 1;
	FAILS(EIO, access, P("/a/b"), 0);
	OK(access, P("/a/b"), 0);
}
END_TEST

UNIT_MAIN("namei", test_dots_and_slashes, test_symlinks, test_long_names, test_mounts, test_resolve_flags,
	test_edits_of_the_host, test_rights, test_failing_host)
