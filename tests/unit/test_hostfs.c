/* kernel/fs/hostfs.c: the cache of host files and the host's edits under it, rights, failures of the host, mappings. */
#include "fs_unit.h"

#define SHARED 1 /* MAP_SHARED */

START_TEST(test_read_write)
{
	int fd;

	fs_unit_start();
	fd = CALL(open, P("/f"), O_RDWR | O_CREAT, 0644);
	poke(0, "hello world", 11);
	IS(11, write, fd, G(0), 11);
	IS(6, lseek, fd, 6, 0);
	IS(5, read, fd, G(100), 50);
	expect(100, "world");
	IS(0, read, fd, G(100), 50);
	IS(3, pread64, fd, G(100), 3, 2);
	expect(100, "llo");
	poke(0, "HE", 2);
	IS(2, pwrite64, fd, G(0), 2, 0);
	IS(5, pread64, fd, G(100), 5, 0);
	expect(100, "HEllo");
	FAILS(EFAULT, pread64, fd, (void *)16, 5, 0);
	FAILS(EBADF, read, 99, G(0), 1);
	OK(close, fd);
	FAILS(EBADF, close, fd);
	fd = CALL(open, P("/f"), O_WRONLY | O_APPEND, 0);
	IS(2, write, fd, G(0), 2);
	FAILS(EBADF, read, fd, G(0), 2);
	IS(13, lseek, fd, 0, 1);
	OK(close, fd);
}
END_TEST

START_TEST(test_edits_are_seen_at_open)
{
	int fd;

	fs_unit_start();
	behind_write("f", "first", 0, true);
	fd = CALL(open, P("/f"), O_RDONLY, 0);
	IS(5, read, fd, G(0), 100);
	expect(0, "first");
	OK(close, fd);
	unit_now += 1000000;
	behind_write("f", "other text", 0, true);
	fd = CALL(open, P("/f"), O_RDONLY, 0);
	IS(10, read, fd, G(0), 100);
	expect(0, "other text");
	/* a file that grows while it is read */
	behind_write("f", "+more", 10, false);
	IS(5, read, fd, G(0), 100);
	expect(0, "+more");
	IS(0, read, fd, G(0), 100);
	OK(close, fd);
	/* another file under the same name */
	behind_write("g", "gg", 0, true);
	ck_assert_int_eq(behind(HOST_RENAME, "g", "f", 0), 0);
	fd = CALL(open, P("/f"), O_RDONLY, 0);
	IS(2, read, fd, G(0), 100);
	expect(0, "gg");
}
END_TEST

START_TEST(test_mapping_is_the_file)
{
	u64 at = 0x800000;
	int fd;
	struct file *f;
	long addr;
	char c;

	fs_unit_start();
	behind_write("f", "mapped text", 0, true);
	fd = CALL(open, P("/f"), O_RDWR, 0);
	f = fget(fd);
	addr = do_mmap(current->mm, f, at, PAGE_SIZE, RW, SHARED | FIXED, 0);
	ck_assert_int_eq(addr, at);
	file_put(f);
	ck_assert_uint_eq(copy_from_user(&c, u64_to_uptr(at), 1), 0);
	ck_assert_int_eq(c, 'm');
	poke(0, "XY", 2);
	IS(2, pwrite64, fd, G(0), 2, 3);
	ck_assert_uint_eq(copy_from_user(&c, u64_to_uptr(at + 4), 1), 0);
	ck_assert_int_eq(c, 'Y');
	c = '!';
	ck_assert_uint_eq(copy_to_user(u64_to_uptr(at + 1), &c, 1), 0);
	IS(11, pread64, fd, G(100), 100, 0);
	expect(100, "m!pXYd text");
	/* the store reaches the host with fsync */
	OK(fsync, fd);
	behind_write("f", "", 0, false);
	OK(ftruncate, fd, 2);
	ck_assert_uint_eq(copy_from_user(&c, u64_to_uptr(at + 4), 1), 0);
	ck_assert_int_eq(c, 0);
	ck_assert_int_eq(do_munmap(current->mm, at, PAGE_SIZE), 0);
	OK(close, fd);
	fd = CALL(open, P("/f"), O_RDONLY, 0);
	IS(2, read, fd, G(0), 100);
	expect(0, "m!");
}
END_TEST

static bool guest_may_store(u64 addr)
{
	return *pte_lookup(current->mm, addr) & PTE_WRITE;
}

/* A page that is dirty can be stored to through every mapping, a clean one through none: its first store is to be known. */
START_TEST(test_first_stores)
{
	const u64 one = 0x800000, two = 0x900000;
	struct file *f;
	int fd;
	char c;

	fs_unit_start();
	behind_write("f", "some text", 0, true);
	behind_write("f", "more", PAGE_SIZE, false);
	fd = CALL(open, P("/f"), O_RDWR, 0);
	f = fget(fd);
	ck_assert_int_eq(do_mmap(current->mm, f, one, 2 * PAGE_SIZE, RW, SHARED | FIXED, 0), one);
	ck_assert_int_eq(do_mmap(current->mm, f, two, 2 * PAGE_SIZE, RW, SHARED | FIXED, 0), two);
	file_put(f);
	ck_assert_uint_eq(copy_to_user(u64_to_uptr(one), "S", 1), 0);
	ck_assert_uint_eq(copy_from_user(&c, u64_to_uptr(two), 1), 0);
	ck_assert(guest_may_store(one) && guest_may_store(two));
	ck_assert(!guest_may_store(one + PAGE_SIZE) && !guest_may_store(two + PAGE_SIZE));
	OK(fsync, fd);
	ck_assert(!guest_may_store(one) && !guest_may_store(two));
	ck_assert_uint_eq(copy_to_user(u64_to_uptr(two), "T", 1), 0);
	OK(fsync, fd);
	behind_expect("f", "Tome");
	OK(close, fd);
}
END_TEST

START_TEST(test_unlinked)
{
	int fd, dir;

	fs_unit_start();
	fd = CALL(open, P("/f"), O_RDWR | O_CREAT | O_EXCL, 0600);
	FAILS(EEXIST, open, P("/f"), O_RDWR | O_CREAT | O_EXCL, 0600);
	OK(unlink, P("/f"));
	FAILS(ENOENT, open, P("/f"), O_RDWR, 0);
	poke(0, "abc", 3);
	IS(3, write, fd, G(0), 3);
	IS(3, pread64, fd, G(10), 10, 0);
	/* a new file of that name is another one */
	dir = CALL(open, P("/f"), O_RDWR | O_CREAT, 0600);
	IS(0, read, dir, G(10), 10);
	OK(close, dir);
	OK(close, fd);
	OK(mkdir, P("/d"), 0755);
	OK(chdir, P("/d"));
	OK(rmdir, P("/d"));
	FAILS(ENOENT, open, P("x"), O_RDWR | O_CREAT, 0600);
	FAILS(ENOENT, mkdir, P("x"), 0755);
	FAILS(ENOENT, getcwd, G(0), 4096);
}
END_TEST

START_TEST(test_special_files)
{
	int fd;

	fs_unit_start();
	/* umk's own pipe, whatever the host would do with its FIFO */
	ck_assert_int_eq(behind(HOST_MKNOD, "fifo", NULL, 0010644), 0);
	FAILS(ENXIO, open, P("/fifo"), O_WRONLY | O_NONBLOCK, 0);
	fd = CALL(open, P("/fifo"), O_RDWR, 0);
	ck_assert_int_ge(fd, 0);
	poke(0, "through", 7);
	IS(7, write, fd, G(0), 7);
	IS(7, read, fd, G(100), 50);
	expect(100, "through");
	ck_assert_int_eq(behind(HOST_MKNOD, "sock", NULL, 0140644), 0);
	FAILS(ENXIO, open, P("/sock"), O_RDWR, 0);
}
END_TEST

START_TEST(test_host_fails)
{
	int fd;

	fs_unit_start();
	behind_write("f", "text", 0, true);
	fd = CALL(open, P("/f"), O_RDWR, 0);
	unit_fail_errno = -EIO;
	unit_fail_next = 1;
	FAILS(EIO, pread64, fd, G(0), 4, 0);
	IS(4, pread64, fd, G(0), 4, 0);
	unit_fail_errno = -ENOSPC;
	unit_fail_next = 1;
	FAILS(ENOSPC, pwrite64, fd, G(0), 4, 0);
	IS(4, pread64, fd, G(0), 4, 0);
	expect(0, "text");
	unit_fail_errno = -EDQUOT;
	unit_fail_next = 1;
	FAILS(EDQUOT, mkdir, P("/d"), 0755);
	OK(close, fd);
}
END_TEST

START_TEST(test_limits)
{
	int fd;

	fs_unit_start();
	fd = CALL(open, P("/f"), O_RDWR | O_CREAT, 0644);
	mm_unit_signal.rlim[1].cur = 10;
	mm_unit_task.blocked = ~0ull;
	IS(6, write, fd, G(0), 6);
	IS(4, write, fd, G(0), 6);
	IS(0, lseek, fd, 0, 0);
	for (int i = 0; i < 300; i++)
		if (CALL(open, P("/f"), O_RDONLY, 0) == -EMFILE)
			return;
	ck_abort_msg("no limit of descriptors");
}
END_TEST

START_TEST(test_cache_survives_close)
{
	unsigned before;
	int fd;

	fs_unit_start();
	behind_write("f", "kept in the cache", 0, true);
	fd = CALL(open, P("/f"), O_RDONLY, 0);
	IS(17, read, fd, G(0), 17);
	OK(close, fd);
	fd = CALL(open, P("/f"), O_RDONLY, 0);
	before = unit_submits;
	IS(5, pread64, fd, G(0), 5, 0);
	ck_assert_uint_eq(unit_submits, before);
	OK(close, fd);
	inode_cache_shrink();
	fd = CALL(open, P("/f"), O_RDONLY, 0);
	before = unit_submits;
	IS(5, pread64, fd, G(0), 5, 0);
	ck_assert_uint_gt(unit_submits, before);
}
END_TEST

UNIT_MAIN("hostfs", test_read_write, test_edits_are_seen_at_open, test_mapping_is_the_file, test_first_stores, test_unlinked,
	test_special_files, test_host_fails, test_limits, test_cache_survives_close)
