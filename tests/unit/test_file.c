/* kernel/fs/file.c: descriptor tables: numbers, limits, copies, close-on-exec, reservations. */
#include "fs_unit.h"

static int null(void)
{
	int fd = CALL(open, P("/dev/null"), O_RDWR, 0);

	ck_assert_int_ge(fd, 0);
	return fd;
}

START_TEST(test_lowest_number)
{
	fs_unit_start();
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(null(), i);
	OK(close, 7);
	OK(close, 50);
	ck_assert_int_eq(null(), 7);
	ck_assert_int_eq(null(), 50);
	ck_assert_int_eq(null(), 100);
	OK(close, 20);
	IS(101, fcntl, 0, F_DUPFD, 21);
	IS(20, dup, 0);
	FAILS(EINVAL, fcntl, 0, F_DUPFD, 256);
	FAILS(EINVAL, fcntl, 0, F_DUPFD, -1);
	IS(255, fcntl, 0, F_DUPFD, 255);
	FAILS(EMFILE, fcntl, 0, F_DUPFD, 255);
	FAILS(EBADF, dup2, 0, 256);
	FAILS(EBADF, dup2, 254, 3);
	IS(254, dup2, 0, 254);
	FAILS(EINVAL, dup3, 0, 0, 0);
	FAILS(EBADF, close, -1);
}
END_TEST

START_TEST(test_reservation)
{
	int fd;

	fs_unit_start();
	fd = fd_reserve(O_CLOEXEC);
	ck_assert_int_eq(fd, 0);
	ck_assert_ptr_null(fget(fd));
	FAILS(EBADF, close, fd);
	ck_assert_int_eq(null(), 1);
	FAILS(EBUSY, dup2, 1, 0);
	fd_unreserve(fd);
	ck_assert_int_eq(null(), 0);
	mm_unit_signal.rlim[7].cur = 2;
	ck_assert_int_eq(fd_reserve(0), -EMFILE);
}
END_TEST

START_TEST(test_copies)
{
	struct files_struct *mine, *copy;
	struct file *f;

	fs_unit_start();
	for (int i = 0; i < 70; i++)
		null();
	IS(200, fcntl, 0, F_DUPFD_CLOEXEC, 200);
	f = fget(0);
	ck_assert_uint_eq(f->refs, 3); /* 0, 200 and f */
	mine = current->files;
	copy = files_copy(mine);
	ck_assert_uint_eq(f->refs, 5);
	current->files = copy;
	IS(1, fcntl, 200, F_GETFD);
	OK(close, 0);
	ck_assert_int_eq(null(), 0);
	files_close_on_exec(copy);
	FAILS(EBADF, fcntl, 200, F_GETFD);
	current->files = mine;
	files_put(copy);
	ck_assert_uint_eq(f->refs, 3);
	IS(1, fcntl, 200, F_GETFD);
	files_share(mine);
	ck_assert_int_eq(files_unshare(), 0);
	ck_assert_ptr_ne(current->files, mine);
	OK(close, 200);
	files_put(mine);
	ck_assert_uint_eq(f->refs, 2);
	file_put(f);
}
END_TEST

START_TEST(test_close_range)
{
	fs_unit_start();
	for (int i = 0; i < 40; i++)
		null();
	OK(close_range, 30, -1, 0);
	FAILS(EBADF, fcntl, 30, F_GETFD);
	IS(0, fcntl, 29, F_GETFD);
	OK(close_range, 10, 19, 4);
	IS(1, fcntl, 10, F_GETFD);
	IS(1, fcntl, 19, F_GETFD);
	IS(0, fcntl, 20, F_GETFD);
	FAILS(EINVAL, close_range, 5, 4, 0);
	FAILS(EINVAL, close_range, 5, 6, 1);
	ck_assert_int_eq(null(), 30);
}
END_TEST

START_TEST(test_flags)
{
	int fd, fds[2];

	fs_unit_start();
	fd = CALL(open, P("/f"), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	IS(O_RDWR | O_APPEND | 0100000, fcntl, fd, F_GETFL);
	IS(1, fcntl, fd, F_GETFD);
	OK(fcntl, fd, F_SETFL, O_NONBLOCK | O_CREAT | O_WRONLY);
	IS(O_RDWR | O_NONBLOCK | 0100000, fcntl, fd, F_GETFL);
	OK(fcntl, fd, F_SETFD, 0xfe);
	IS(0, fcntl, fd, F_GETFD);
	FAILS(EINVAL, fcntl, fd, 9999);
	FAILS(EBADF, fcntl, 99, F_GETFD);
	OK(pipe2, G(0), O_CLOEXEC);
	peek(0, fds, sizeof(fds));
	IS(1, fcntl, fds[0], F_GETFD);
	IS(O_WRONLY, fcntl, fds[1], F_GETFL);
	FAILS(ENOTTY, ioctl, fd, 0x5401, G(0));
}
END_TEST

UNIT_MAIN("file", test_lowest_number, test_reservation, test_copies, test_close_range, test_flags)
