/* kernel/fs/procfs.c, proc_root.c and proc_pid.c: names, links, texts, and what goes when a process goes. */
#include "fs_unit.h"

static char text[8192];

static const char *slurp(const char *path)
{
	int fd = CALL(open, P(path), O_RDONLY, 0);
	long n, len = 0;

	if (fd < 0)
		return "error";
	while ((n = CALL(read, fd, G(0), 1000)) > 0 && len + n < (long)sizeof(text)) {
		peek(0, text + len, n);
		len += n;
	}
	text[len] = 0;
	OK(close, fd);
	return text;
}

static bool has(const char *path, const char *part)
{
	const char *s = slurp(path);

	for (; *s; s++)
		if (!strncmp(s, part, strlen(part)))
			return true;
	return false;
}

START_TEST(test_texts)
{
	fs_unit_start();
	ck_assert_str_eq(slurp("/proc/sys/kernel/ostype"), "Linux\n");
	ck_assert_str_eq(slurp("/proc/sys/kernel/osrelease"), "6.12.0\n");
	ck_assert_str_eq(slurp("/proc/sys/vm/overcommit_memory"), "0\n");
	ck_assert(has("/proc/meminfo", "MemTotal:"));
	ck_assert(has("/proc/filesystems", "\ttmpfs\n"));
	FAILS(ENOENT, open, P("/proc/none"), O_RDONLY, 0);
	FAILS(EIO, write, CALL(open, P("/proc/meminfo"), O_RDWR, 0), G(0), 1);
	FAILS(ENOENT, open, P("/proc/new"), O_RDWR | O_CREAT, 0600);
	FAILS(EISDIR, read, CALL(open, P("/proc/sys"), O_RDONLY, 0), G(0), 10);
}
END_TEST

START_TEST(test_positions)
{
	int fd;

	fs_unit_start();
	fd = CALL(open, P("/proc/sys/kernel/ostype"), O_RDONLY, 0);
	IS(2, read, fd, G(0), 2);
	IS(4, read, fd, G(2), 100);
	expect(0, "Linux\n");
	IS(0, read, fd, G(0), 10);
	IS(0, lseek, fd, 0, 0);
	IS(6, read, fd, G(0), 100);
	IS(3, pread64, fd, G(0), 3, 2);
	expect(0, "nux");
	IS(0, lseek, fd, 0, 2);
	IS(100, lseek, fd, 100, 0);
	IS(0, read, fd, G(0), 100);
	IS(0, lseek, fd, 0, 0);
	FAILS(EFAULT, read, fd, (void *)16, 100);
}
END_TEST

START_TEST(test_directory)
{
	u64 pos[2];
	int fd;
	long n, all = 0;

	fs_unit_start();
	fd = CALL(open, P("/proc/sys/kernel"), O_RDONLY, 0);
	while ((n = CALL(getdents64, fd, G(0), 64)) > 0)
		all += n;
	ck_assert_int_eq(n, 0);
	ck_assert_int_gt(all, 300);
	/* a position read from an entry leads behind it again */
	IS(0, lseek, fd, 0, 0);
	ck_assert_int_gt(CALL(getdents64, fd, G(0), 30), 0);
	peek(0, pos, sizeof(pos));
	IS(pos[1], lseek, fd, 0, 1);
	FAILS(EINVAL, getdents64, fd, G(0), 10);
	FAILS(EFAULT, getdents64, fd, (void *)16, 100);
}
END_TEST

UNIT_MAIN("procfs", test_texts, test_positions, test_directory)
