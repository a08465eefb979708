/* kernel/fs/tmpfs.c: names, links, renames, data, and that all memory comes back. */
#include "fs_unit.h"

START_TEST(test_names)
{
	fs_unit_start();
	OK(chdir, P("/dev/shm"));
	OK(mkdir, P("d"), 0755);
	FAILS(EEXIST, mkdir, P("d"), 0755);
	OK(mkdir, P("d/e"), 0755);
	FAILS(ENOTEMPTY, rmdir, P("d"));
	FAILS(EISDIR, unlink, P("d"));
	OK(symlink, P("d/e"), P2("s"));
	OK(access, P("s/."), 0);
	IS(3, readlink, P("s"), G(0), 100);
	expect(0, "d/e");
	OK(mknod, P("fifo"), 0010600, 0);
	ck_assert_int_ge(CALL(open, P("f"), O_CREAT | O_RDWR, 0600), 0);
	OK(link, P("f"), P2("d/f"));
	FAILS(EPERM, link, P("d"), P2("d2"));
	FAILS(ENOTDIR, rmdir, P("f"));
	FAILS(ENOTDIR, access, P("f/x"), 0);
	FAILS(ENOENT, access, P("none"), 0);
	OK(rename, P("f"), P2("g"));
	OK(unlink, P("g"));
	OK(access, P("d/f"), 0);
	FAILS(EINVAL, rename, P("d"), P2("d/e/x"));
	OK(mkdir, P("full"), 0755);
	OK(mkdir, P("full/x"), 0755);
	FAILS(ENOTEMPTY, rename, P("d/e"), P2("full"));
	OK(rename, P("d/e"), P2("full/x"));
	FAILS(ENOTDIR, rename, P("full"), P2("s"));
	OK(unlink, P("d/f"));
	OK(rmdir, P("d"));
}
END_TEST

START_TEST(test_data)
{
	u64 at = 0x800000;
	struct file *f;
	int fd;
	char c = 1;

	fs_unit_start();
	fd = CALL(open, P("/dev/shm/f"), O_CREAT | O_RDWR, 0600);
	IS(3, pwrite64, fd, G(0), 3, 100000);
	IS(100003, lseek, fd, 0, 2);
	IS(5000, pread64, fd, G(0), 5000, 50000);
	OK(ftruncate, fd, 10);
	poke(0, "0123456789", 10);
	IS(10, pwrite64, fd, G(0), 10, 0);
	OK(ftruncate, fd, 5);
	OK(ftruncate, fd, 10);
	IS(10, pread64, fd, G(100), 20, 0);
	expect(100, "01234");
	peek(105, &c, 1);
	ck_assert_int_eq(c, 0);
	f = fget(fd);
	ck_assert_int_eq(do_mmap(current->mm, f, at, PAGE_SIZE, RW, 0x11, 0), at);
	file_put(f);
	ck_assert_uint_eq(copy_to_user(u64_to_uptr(at), "M", 1), 0);
	IS(1, pread64, fd, G(100), 1, 0);
	expect(100, "M");
	/* unlinked, closed, still mapped */
	OK(unlink, P("/dev/shm/f"));
	OK(close, fd);
	ck_assert_uint_eq(copy_from_user(&c, u64_to_uptr(at + 1), 1), 0);
	ck_assert_int_eq(c, '1');
}
END_TEST

START_TEST(test_memory_comes_back)
{
	u64 free;
	int fd;

	fs_unit_start();
	poke(0, "x", 1);
	for (int round = 0; round < 3; round++) {
		fd = CALL(open, P("/dev/shm/f"), O_CREAT | O_RDWR, 0600);
		for (int i = 0; i < 64; i++)
			IS(65536, write, fd, G(0), 65536);
		if (round == 0)
			free = nr_free_pages();
		else
			ck_assert_uint_eq(nr_free_pages(), free);
		OK(unlink, P("/dev/shm/f"));
		ck_assert_uint_eq(nr_free_pages(), free);
		OK(close, fd);
		ck_assert_uint_ge(nr_free_pages(), free + 1024);
	}
}
END_TEST

START_TEST(test_full)
{
	long n = 0, total = 0;
	int fd;

	fs_unit_start();
	fd = CALL(open, P("/dev/shm/f"), O_CREAT | O_RDWR, 0600);
	while ((n = CALL(write, fd, G(0), 200000)) > 0 && total < 1l << 32)
		total += n;
	ck_assert_int_eq(n, -ENOSPC);
	ck_assert_int_gt(total, 1 << 20);
	OK(ftruncate, fd, 0);
	IS(200000, write, fd, G(0), 200000);
}
END_TEST

UNIT_MAIN("tmpfs", test_names, test_data, test_memory_comes_back, test_full)
