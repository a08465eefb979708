/* Requests for host files (um/hostfile.c): results and errors as the host's. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "um_unit.h"

static char path[256];

static const char *in(const char *dir, const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

/* Does a request to its end. */
static long call(struct host_req req)
{
	if (!host_submit(&req))
		um_unit_wait(&req);
	ck_assert(req.done);
	return req.result;
}
#define CALL(...) call((struct host_req){ __VA_ARGS__ })

START_TEST(open_write_read)
{
	const char *dir = um_unit_tmpdir();
	char buf[16] = "";
	long fd;

	um_unit_start();
	fd = CALL(.op = HOST_OPEN, .fd = HOST_AT_FDCWD, .path = in(dir, "f"), .flags = O_RDWR | O_CREAT, .mode = 0640);
	ck_assert_int_ge(fd, 3);
	ck_assert_int_ne(fcntl((int)fd, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_eq(CALL(.op = HOST_PWRITE, .fd = (int)fd, .buf = (void *)"hello", .size = 5), 5);
	ck_assert_int_eq(CALL(.op = HOST_PWRITE, .fd = (int)fd, .buf = (void *)"!", .size = 1, .offset = ~0ull), 1);
	ck_assert_int_eq(CALL(.op = HOST_PREAD, .fd = (int)fd, .buf = buf, .size = sizeof(buf)), 6);
	ck_assert_str_eq(buf, "hello!");
	ck_assert_int_eq(CALL(.op = HOST_PREAD, .fd = (int)fd, .buf = buf, .size = 4, .offset = 6), 0);
	ck_assert_int_eq(CALL(.op = HOST_LSEEK, .fd = (int)fd, .offset = 0, .flags = SEEK_END), 6);
	ck_assert_int_eq(CALL(.op = HOST_TRUNCATE, .fd = (int)fd, .size = 2), 0);
	ck_assert_int_eq(CALL(.op = HOST_FSYNC, .fd = (int)fd), 0);
	ck_assert_int_eq(CALL(.op = HOST_LSEEK, .fd = (int)fd, .offset = 0, .flags = SEEK_END), 2);
	ck_assert_int_eq(CALL(.op = HOST_CLOSE, .fd = (int)fd), 0);
	ck_assert_int_eq(CALL(.op = HOST_PREAD, .fd = (int)fd, .buf = buf, .size = 1), -EBADF);
}
END_TEST

START_TEST(vectors)
{
	char one[3] = "", two[4] = "";
	struct host_iovec v[2] = { { one, 2 }, { two, 3 } };
	long fd;

	um_unit_start();
	fd = CALL(.op = HOST_OPEN, .fd = HOST_AT_FDCWD, .path = in(um_unit_tmpdir(), "v"), .flags = O_RDWR | O_CREAT, .mode = 0640);
	memcpy(one, "ab", 2);
	memcpy(two, "cde", 3);
	ck_assert_int_eq(CALL(.op = HOST_PWRITEV, .fd = (int)fd, .buf = v, .size = 2, .offset = 1), 5);
	ck_assert_int_eq(CALL(.op = HOST_PWRITEV, .fd = (int)fd, .buf = v, .size = 1, .offset = ~0ull, .flags = 1), 2);
	ck_assert_int_eq(CALL(.op = HOST_LSEEK, .fd = (int)fd, .offset = 3, .flags = SEEK_SET), 3);
	/* where the descriptor is: "cdeab" */
	ck_assert_int_eq(CALL(.op = HOST_PREADV, .fd = (int)fd, .buf = v, .size = 2, .offset = ~0ull), 5);
	ck_assert_str_eq(one, "cd");
	ck_assert_str_eq(two, "eab");
	ck_assert_int_eq(CALL(.op = HOST_PREADV, .fd = (int)fd, .buf = v, .size = 2, .offset = 7), 1);
	ck_assert_int_eq(one[0], 'b');
	ck_assert_int_eq(CALL(.op = HOST_CLOSE, .fd = (int)fd), 0);
	ck_assert_int_eq(host_set_direct((int)fd, true), -EBADF);
}
END_TEST

START_TEST(stat_is_the_hosts)
{
	const char *dir = um_unit_tmpdir();
	struct host_stat hs;
	struct stat st;

	um_unit_start();
	ck_assert_int_eq(mkdir(in(dir, "d"), 0751), 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(CALL(.op = HOST_STAT, .fd = HOST_AT_FDCWD, .path = path, .stat = &hs), 0);
	ck_assert(hs.dev == st.st_dev && hs.ino == st.st_ino && hs.mode == st.st_mode && hs.nlink == st.st_nlink);
	ck_assert(hs.uid == st.st_uid && hs.gid == st.st_gid && hs.size == (u64)st.st_size && hs.blksize == (u32)st.st_blksize);
	ck_assert(hs.mtime.sec == st.st_mtim.tv_sec && hs.mtime.nsec == (u32)st.st_mtim.tv_nsec);
	ck_assert_int_eq(CALL(.op = HOST_STAT, .fd = HOST_AT_FDCWD, .path = in(dir, "none"), .stat = &hs), -ENOENT);
	ck_assert_int_eq(CALL(.op = HOST_STAT, .fd = 0, .stat = &hs), 0);
	ck_assert_int_eq(CALL(.op = HOST_STAT, .fd = 999, .stat = &hs), -EBADF);
}
END_TEST

START_TEST(names)
{
	const char *dir = um_unit_tmpdir();
	char buf[64] = "", a[300], b[300];
	int fd = open(dir, O_RDONLY | O_DIRECTORY);

	um_unit_start();
	snprintf(a, sizeof(a), "%s/a", dir);
	snprintf(b, sizeof(b), "%s/b", dir);
	ck_assert_int_eq(CALL(.op = HOST_MKDIR, .fd = fd, .path = "a", .mode = 0700), 0);
	ck_assert_int_eq(CALL(.op = HOST_MKDIR, .fd = fd, .path = "a", .mode = 0700), -EEXIST);
	ck_assert_int_eq(CALL(.op = HOST_RENAME, .fd = HOST_AT_FDCWD, .path = a, .fd2 = HOST_AT_FDCWD, .path2 = b), 0);
	ck_assert_int_eq(CALL(.op = HOST_SYMLINK, .fd = fd, .path = "l", .path2 = "b"), 0);
	ck_assert_int_eq(CALL(.op = HOST_READLINK, .fd = fd, .path = "l", .buf = buf, .size = sizeof(buf)), 1);
	ck_assert_str_eq(buf, "b");
	ck_assert_int_eq(CALL(.op = HOST_MKNOD, .fd = fd, .path = "n", .mode = S_IFREG | 0600), 0);
	ck_assert_int_eq(CALL(.op = HOST_LINK, .fd = fd, .path = "n", .fd2 = fd, .path2 = "m"), 0);
	ck_assert_int_eq(CALL(.op = HOST_ACCESS, .fd = fd, .path = "m", .mode = R_OK), 0);
	ck_assert_int_eq(CALL(.op = HOST_CHMOD, .fd = fd, .path = "m", .mode = 0400), 0);
	ck_assert_int_eq(CALL(.op = HOST_UNLINK, .fd = fd, .path = "b"), -EISDIR);
	ck_assert_int_eq(CALL(.op = HOST_UNLINK, .fd = fd, .path = "b", .flags = AT_REMOVEDIR), 0);
	ck_assert_int_eq(CALL(.op = HOST_UNLINK, .fd = fd, .path = "n"), 0);
	ck_assert_int_eq(CALL(.op = HOST_UNLINK, .fd = fd, .path = "n"), -ENOENT);
	ck_assert_int_eq(CALL(.op = 9999), -EINVAL);
}
END_TEST

START_TEST(times_and_owners)
{
	struct timespec ts[2] = { { 1000, 1 }, { 2000, 2 } };
	const char *dir = um_unit_tmpdir();
	struct host_stat hs;
	int fd = open(in(dir, "f"), O_RDWR | O_CREAT, 0600);

	um_unit_start();
	ck_assert_int_eq(CALL(.op = HOST_UTIMENS, .fd = fd, .buf = ts), 0);
	ck_assert_int_eq(CALL(.op = HOST_STAT, .fd = fd, .stat = &hs), 0);
	ck_assert(hs.atime.sec == 1000 && hs.atime.nsec == 1 && hs.mtime.sec == 2000 && hs.mtime.nsec == 2);
	ck_assert_int_eq(CALL(.op = HOST_CHOWN, .fd = fd, .size = getuid(), .offset = getgid()), 0);
	ck_assert_int_eq(CALL(.op = HOST_CHMOD, .fd = fd, .mode = 0644), 0);
	ck_assert_int_eq(CALL(.op = HOST_STAT, .fd = fd, .stat = &hs), 0);
	ck_assert_int_eq(hs.mode & 07777, 0644);
}
END_TEST

START_TEST(extended_attributes)
{
	const char *dir = um_unit_tmpdir();
	int dirfd = open(dir, O_RDONLY | O_DIRECTORY), fd = open(in(dir, "f"), O_RDWR | O_CREAT, 0600);
	char buf[64] = "";
	long ret;

	um_unit_start();
	ret = CALL(.op = HOST_SETXATTR, .fd = dirfd, .path = "f", .path2 = "user.x", .buf = (void *)"v", .size = 1);
	if (ret == -EOPNOTSUPP)
		return;         /* an older tmpfs */
	ck_assert_int_eq(ret, 0);
	ck_assert_int_eq(CALL(.op = HOST_GETXATTR, .fd = fd, .path2 = "user.x", .buf = buf, .size = sizeof(buf)), 1);
	ck_assert_str_eq(buf, "v");
	ck_assert_int_ge(CALL(.op = HOST_LISTXATTR, .fd = fd, .buf = buf, .size = sizeof(buf)), 7);
	ck_assert_int_eq(CALL(.op = HOST_REMOVEXATTR, .fd = fd, .path2 = "user.x"), 0);
	ck_assert_int_eq(CALL(.op = HOST_GETXATTR, .fd = fd, .path2 = "user.x", .buf = buf, .size = 1), -ENODATA);
}
END_TEST

START_TEST(open_of_a_fifo_does_not_block)
{
	const char *dir = um_unit_tmpdir();
	long fd;

	um_unit_start();
	ck_assert_int_eq(mkfifo(in(dir, "p"), 0600), 0);
	fd = CALL(.op = HOST_OPEN, .fd = HOST_AT_FDCWD, .path = path, .flags = O_RDONLY);
	ck_assert_int_ge(fd, 3);
}
END_TEST

START_TEST(pipe_reads_and_writes)
{
	struct host_req req = { .op = HOST_READ };
	char buf[8] = "";
	int p[2];

	um_unit_start();
	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(CALL(.op = HOST_WRITE, .fd = p[1], .buf = (void *)"abc", .size = 3), 3);
	ck_assert_int_eq(CALL(.op = HOST_READ, .fd = p[0], .buf = buf, .size = sizeof(buf)), 3);
	/* nobody's O_NONBLOCK was touched */
	ck_assert_int_eq(fcntl(p[0], F_GETFL) & O_NONBLOCK, 0);
	req.fd = p[0];
	req.buf = buf;
	req.size = sizeof(buf);
	ck_assert(!host_submit(&req));
	host_poll();
	ck_assert(!req.done);
	ck_assert_int_eq(write(p[1], "d", 1), 1);
	um_unit_wait(&req);
	ck_assert_int_eq(req.result, 1);
	close(p[0]);
	ck_assert_int_eq(CALL(.op = HOST_WRITE, .fd = p[1], .buf = (void *)"e", .size = 1), -EPIPE);
}
END_TEST

START_TEST(long_write_is_whole)
{
	static char big[300000];
	struct host_req req = { .op = HOST_WRITE, .buf = big, .size = sizeof(big) };
	char buf[4096];
	size_t got = 0;
	int p[2];

	um_unit_start();
	ck_assert_int_eq(pipe(p), 0);
	req.fd = p[1];
	ck_assert(!host_submit(&req));
	while (got < sizeof(big)) {
		ssize_t n = read(p[0], buf, sizeof(buf));

		ck_assert_int_gt(n, 0);
		got += (size_t)n;
	}
	um_unit_wait(&req);
	ck_assert_int_eq(req.result, sizeof(big));
}
END_TEST

START_TEST(cancel_a_blocked_read)
{
	char buf[8];
	int p[2];

	um_unit_start();
	ck_assert_int_eq(pipe(p), 0);
	for (int i = 0; i < 200; i++) {
		struct host_req req = { .op = HOST_READ, .fd = p[0], .buf = buf, .size = sizeof(buf) };

		ck_assert(!host_submit(&req));
		/* at every distance from the helper's call */
		for (int spin = 0; spin < i * 200; spin++)
			__asm__ volatile("pause");
		host_cancel(&req);
		um_unit_wait(&req);
		ck_assert_int_eq(req.result, -EINTR);
	}
}
END_TEST

START_TEST(many_blocked_readers)
{
	struct host_req req[40];
	char buf[40];
	int p[2];

	um_unit_start();
	ck_assert_int_eq(pipe(p), 0);
	for (int i = 0; i < 40; i++) {
		req[i] = (struct host_req){ .op = HOST_READ, .fd = p[0], .buf = buf + i, .size = 1 };
		ck_assert(!host_submit(&req[i]));
	}
	ck_assert_int_eq(write(p[1], buf, 40), 40);
	for (int i = 0; i < 40; i++)
		um_unit_wait(&req[i]);
	ck_assert_uint_eq(upcalls_complete, 40);
}
END_TEST

START_TEST(closing_a_standard_descriptor_keeps_its_number)
{
	um_unit_start();
	ck_assert_int_eq(CALL(.op = HOST_CLOSE, .fd = 0), 0);
	ck_assert_int_eq(host_fcntl_getfl(0), -EBADF);
	ck_assert_int_gt(open("/dev/null", O_RDONLY), 2);
}
END_TEST

START_TEST(readiness)
{
	int p[2], cookie, other;
	FILE *file = tmpfile();

	um_unit_start();
	ck_assert_int_eq(pipe(p), 0);
	ck_assert_uint_eq(host_ready(p[0], EPOLLIN | EPOLLOUT), 0);
	ck_assert_uint_eq(host_ready(p[1], EPOLLIN | EPOLLOUT), EPOLLOUT);
	ck_assert_int_eq(host_watch(p[0], EPOLLIN, &cookie), 0);
	ck_assert_int_eq(host_watch(p[0], EPOLLIN, &other), 0);
	host_idle(host_clock(HOST_MONOTONIC) + 1000000);
	ck_assert_uint_eq(upcalls_ready, 0);
	ck_assert_int_eq(write(p[1], "x", 1), 1);
	host_idle(HOST_FOREVER);
	ck_assert_uint_eq(upcalls_ready, 2);
	ck_assert_uint_eq(last_ready, EPOLLIN);
	/* one-shot */
	host_idle(host_clock(HOST_MONOTONIC) + 1000000);
	ck_assert_uint_eq(upcalls_ready, 2);
	ck_assert_int_eq(host_watch(p[0], EPOLLIN, &cookie), 0);
	host_unwatch(p[0], &cookie);
	host_idle(host_clock(HOST_MONOTONIC) + 1000000);
	ck_assert_uint_eq(upcalls_ready, 2);
	/* a file is always ready */
	ck_assert_int_eq(host_watch(fileno(file), EPOLLIN, &cookie), 0);
	host_idle(HOST_FOREVER);
	ck_assert_uint_eq(upcalls_ready, 3);
	ck_assert_ptr_eq(last_cookie, &cookie);
}
END_TEST

UM_UNIT_MAIN("um/hostfile", open_write_read, vectors, stat_is_the_hosts, names, times_and_owners, extended_attributes,
	     open_of_a_fifo_does_not_block, pipe_reads_and_writes, long_write_is_whole, cancel_a_blocked_read,
	     many_blocked_readers, closing_a_standard_descriptor_keeps_its_number, readiness)
