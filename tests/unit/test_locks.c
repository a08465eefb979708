/* kernel/fs/locks.c: cutting, splitting, merging and conflicts of record locks. Other processes are other tables. */
#include "fs_unit.h"

static int fd;
static struct files_struct *other;

static long lock(int cmd, int type, s64 start, s64 len)
{
	struct flock fl = { .l_type = type, .l_start = start, .l_len = len };

	poke(0, &fl, sizeof(fl));
	return CALL(fcntl, fd, cmd, G(0));
}

/* What another process would meet: "type start len", or "free". */
static const char *probe(s64 start, s64 len)
{
	static char text[64];
	struct files_struct *mine = current->files;
	struct flock fl;

	current->files = other;
	ck_assert_int_eq(lock(F_GETLK, F_WRLCK, start, len), 0);
	current->files = mine;
	peek(0, &fl, sizeof(fl));
	if (fl.l_type == F_UNLCK)
		return "free";
	ksnprintf(text, sizeof(text), "%s %ld %ld", fl.l_type == F_RDLCK ? "r" : "w", (long)fl.l_start, (long)fl.l_len);
	return text;
}

static void start(void)
{
	fs_unit_start();
	fd = CALL(open, P("/f"), O_CREAT | O_RDWR, 0600);
	other = files_copy(current->files);
}

START_TEST(test_ranges)
{
	start();
	ck_assert_int_eq(lock(F_SETLK, F_WRLCK, 0, 100), 0);
	ck_assert_str_eq(probe(99, 1), "w 0 100");
	ck_assert_str_eq(probe(100, 0), "free");
	ck_assert_int_eq(lock(F_SETLK, F_UNLCK, 40, 20), 0);
	ck_assert_str_eq(probe(0, 50), "w 0 40");
	ck_assert_str_eq(probe(40, 20), "free");
	ck_assert_str_eq(probe(50, 0), "w 60 40");
	ck_assert_int_eq(lock(F_SETLK, F_WRLCK, 40, 20), 0);
	ck_assert_str_eq(probe(50, 1), "w 0 100");
	ck_assert_int_eq(lock(F_SETLK, F_RDLCK, 10, 10), 0);
	ck_assert_str_eq(probe(10, 10), "r 10 10");
	ck_assert_str_eq(probe(20, 1), "w 20 80");
	ck_assert_int_eq(lock(F_SETLK, F_UNLCK, 0, 0), 0);
	ck_assert_str_eq(probe(0, 0), "free");
	ck_assert_int_eq(lock(F_SETLK, F_WRLCK, 5, -5), 0);
	ck_assert_str_eq(probe(0, 0), "w 0 5");
	ck_assert_int_eq(lock(F_SETLK, F_WRLCK, 5, -6), -EINVAL);
	ck_assert_int_eq(lock(F_SETLK, F_WRLCK, -1, 1), -EINVAL);
	ck_assert_int_eq(lock(F_SETLK, F_WRLCK, 0x7fffffffffffffff, 2), -EOVERFLOW);
	ck_assert_int_eq(lock(F_SETLK, 9, 0, 1), -EINVAL);
	FAILS(EFAULT, fcntl, fd, F_SETLK, (void *)16);
}
END_TEST

START_TEST(test_conflicts)
{
	struct files_struct *mine;

	start();
	mine = current->files;
	ck_assert_int_eq(lock(F_SETLK, F_RDLCK, 0, 10), 0);
	current->files = other;
	ck_assert_int_eq(lock(F_SETLK, F_RDLCK, 5, 10), 0);
	ck_assert_int_eq(lock(F_SETLK, F_WRLCK, 9, 1), -EAGAIN);
	ck_assert_int_eq(lock(F_SETLK, F_WRLCK, 10, 5), 0);
	current->files = mine;
	ck_assert_int_eq(lock(F_SETLK, F_RDLCK, 10, 1), -EAGAIN);
	ck_assert_int_eq(lock(F_OFD_SETLK, F_WRLCK, 20, 1), 0);
	ck_assert_int_eq(lock(F_SETLK, F_WRLCK, 20, 1), -EAGAIN);
	/* the end of the other process */
	files_put(other);
	ck_assert_int_eq(lock(F_SETLK, F_WRLCK, 0, 20), 0);
	OK(close, fd);
}
END_TEST

START_TEST(test_flock)
{
	int second;

	start();
	second = CALL(open, P("/f"), O_RDWR, 0);
	OK(flock, fd, 2);
	FAILS(EAGAIN, flock, second, 2 | 4);
	FAILS(EAGAIN, flock, second, 1 | 4);
	OK(flock, fd, 1);
	OK(flock, second, 1 | 4);
	/* a conversion that fails gives up what was held */
	FAILS(EAGAIN, flock, fd, 2 | 4);
	OK(flock, second, 2 | 4);
	OK(close, second);
	OK(flock, fd, 2 | 4);
	FAILS(EINVAL, flock, fd, 3);
	FAILS(EBADF, flock, 99, 2);
	files_put(other);
}
END_TEST

UNIT_MAIN("locks", test_ranges, test_conflicts, test_flock)
