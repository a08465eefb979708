/* Every call that takes a descriptor of a file, with every kind of descriptor that is wrong or odd: the errno of each. */
// timeout: 60
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "show.h"

static char buf[4096];
static struct iovec vec = { buf, 8 }, bad_vec = { BAD_PTR, 8 };
static struct stat st;
static long zero;
static int file, out, pipe_in, pipe_out; /* good ones, for the other side */
static long offset;

#define CALL(name, ...) static long call_##name(int fd) { return syscall(SYS_##name, __VA_ARGS__); }
#define OTHER(name, ...) static long call_##name(int fd) { return __VA_ARGS__; }
CALL(read, fd, buf, 8)
CALL(write, fd, buf, 8)
OTHER(read_bad, syscall(SYS_read, fd, BAD_PTR, 8))
OTHER(write_bad, syscall(SYS_write, fd, BAD_PTR, 8))
OTHER(read_none, syscall(SYS_read, fd, buf, 0))
CALL(pread64, fd, buf, 8, 0)
CALL(pwrite64, fd, buf, 8, 0)
OTHER(pread64_negative, syscall(SYS_pread64, fd, buf, 8, -1))
OTHER(pwrite64_negative, syscall(SYS_pwrite64, fd, buf, 8, -1))
OTHER(pwrite64_bad, syscall(SYS_pwrite64, fd, BAD_PTR, 8, 0))
CALL(readv, fd, &vec, 1)
CALL(writev, fd, &vec, 1)
OTHER(readv_bad, syscall(SYS_readv, fd, &bad_vec, 1))
OTHER(writev_bad, syscall(SYS_writev, fd, BAD_PTR, 1))
OTHER(readv_many, syscall(SYS_readv, fd, &vec, 1025))
CALL(preadv, fd, &vec, 1, 0, 0)
CALL(pwritev, fd, &vec, 1, 0, 0)
OTHER(preadv_negative, syscall(SYS_preadv, fd, &vec, 1, -1, -1))
OTHER(pwritev_negative, syscall(SYS_pwritev, fd, &vec, 1, -1, -1))
OTHER(pwritev_bad, syscall(SYS_pwritev, fd, &bad_vec, 1, 0, 0))
CALL(preadv2, fd, &vec, 1, 0, 0, 0)
CALL(pwritev2, fd, &vec, 1, 0, 0, 0)
OTHER(preadv2_flags, syscall(SYS_preadv2, fd, &vec, 1, 0, 0, 0x100000))
OTHER(pwritev2_flags, syscall(SYS_pwritev2, fd, &vec, 1, 0, 0, 0x100000))
CALL(lseek, fd, 0, SEEK_CUR)
OTHER(lseek_negative, syscall(SYS_lseek, fd, -1, SEEK_SET))
OTHER(lseek_whence, syscall(SYS_lseek, fd, 0, 9))
OTHER(lseek_data, syscall(SYS_lseek, fd, 100000, SEEK_DATA))
CALL(fstat, fd, &st)
OTHER(fstat_bad, syscall(SYS_fstat, fd, BAD_PTR))
CALL(fstatfs, fd, buf)
OTHER(fstatfs_bad, syscall(SYS_fstatfs, fd, BAD_PTR))
CALL(ftruncate, fd, 16)
OTHER(ftruncate_negative, syscall(SYS_ftruncate, fd, -1))
CALL(fsync, fd)
CALL(fdatasync, fd)
CALL(syncfs, fd)
CALL(sync_file_range, fd, 0, 0, 0)
OTHER(sync_file_range_flags, syscall(SYS_sync_file_range, fd, 0, 0, 99))
CALL(fadvise64, fd, 0, 0, 0)
OTHER(fadvise64_advice, syscall(SYS_fadvise64, fd, 0, 0, 99))
CALL(readahead, fd, 0, 4096)
CALL(fallocate, fd, 0, 0, 16)
OTHER(fallocate_nothing, syscall(SYS_fallocate, fd, 0, 0, 0))
OTHER(fallocate_negative, syscall(SYS_fallocate, fd, 0, -1, 16))
OTHER(fallocate_mode, syscall(SYS_fallocate, fd, 0x4000, 0, 16))
OTHER(fallocate_huge, syscall(SYS_fallocate, fd, 0, 0x7ffffffffffffff0l, 0x100))
/* the mode that it has: the machine's devices keep theirs */
static mode_t mode_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? 0600 : st.st_mode & 07777;
}
OTHER(fchmod, syscall(SYS_fchmod, fd, mode_of(fd)))
CALL(fchown, fd, -1, -1)
CALL(fchdir, fd)
CALL(flock, fd, LOCK_SH | LOCK_NB)
OTHER(flock_odd, syscall(SYS_flock, fd, 77))
CALL(getdents64, fd, buf, sizeof(buf))
OTHER(getdents64_small, syscall(SYS_getdents64, fd, buf, 4))
OTHER(getdents64_bad, syscall(SYS_getdents64, fd, BAD_PTR, 4096))
CALL(getdents, fd, buf, sizeof(buf))
OTHER(getdents_small, syscall(SYS_getdents, fd, buf, 4))
OTHER(getdents_bad, syscall(SYS_getdents, fd, BAD_PTR, 4096))
OTHER(dup, syscall(SYS_dup, fd) < 0 ? -1 : 0)
CALL(dup2, fd, 500)
CALL(dup3, fd, 501, O_CLOEXEC)
OTHER(dup2_far, syscall(SYS_dup2, fd, 1 << 29))
OTHER(dup3_same, syscall(SYS_dup3, fd, fd, 0))
OTHER(dup3_far, syscall(SYS_dup3, fd, 1 << 29, 0))
OTHER(dup3_flags, syscall(SYS_dup3, fd, 501, 1))
OTHER(fcntl_getfl, syscall(SYS_fcntl, fd, F_GETFL) < 0 ? -1 : 0)
OTHER(fcntl_odd, syscall(SYS_fcntl, fd, 999))
OTHER(fcntl_lock, fcntl(fd, F_SETLK, &(struct flock){ .l_type = F_RDLCK }))
OTHER(fcntl_wlock, fcntl(fd, F_SETLK, &(struct flock){ .l_type = F_WRLCK }))
OTHER(ioctl_odd, syscall(SYS_ioctl, fd, 0x12345678, 0))
CALL(close, fd)
CALL(close_range, fd, fd, 0)
OTHER(close_range_order, syscall(SYS_close_range, 10, 9, 0))
OTHER(close_range_flags, syscall(SYS_close_range, 600, 601, 99))
OTHER(sendfile_from, syscall(SYS_sendfile, out, fd, NULL, 4))
OTHER(sendfile_to, syscall(SYS_sendfile, fd, file, &zero, 4))
OTHER(sendfile_bad, syscall(SYS_sendfile, out, fd, BAD_PTR, 4))
OTHER(sendfile_negative, (offset = -1, syscall(SYS_sendfile, out, fd, &offset, 4)))
OTHER(splice_from, syscall(SYS_splice, fd, NULL, pipe_in, NULL, 4, SPLICE_F_NONBLOCK))
OTHER(splice_to, syscall(SYS_splice, pipe_out, NULL, fd, NULL, 4, SPLICE_F_NONBLOCK))
OTHER(splice_flags, syscall(SYS_splice, pipe_out, NULL, fd, NULL, 4, 999))
OTHER(splice_offset, syscall(SYS_splice, fd, BAD_PTR, pipe_in, NULL, 4, SPLICE_F_NONBLOCK))
OTHER(tee_from, syscall(SYS_tee, fd, pipe_in, 4, SPLICE_F_NONBLOCK))
OTHER(tee_to, syscall(SYS_tee, pipe_out, fd, 4, SPLICE_F_NONBLOCK))
OTHER(tee_flags, syscall(SYS_tee, fd, pipe_in, 4, 999))
OTHER(vmsplice, syscall(SYS_vmsplice, fd, &vec, 1, SPLICE_F_NONBLOCK))
OTHER(vmsplice_flags, syscall(SYS_vmsplice, fd, &vec, 1, 999))
OTHER(vmsplice_bad, syscall(SYS_vmsplice, fd, BAD_PTR, 1, SPLICE_F_NONBLOCK))
OTHER(copy_from, syscall(SYS_copy_file_range, fd, &zero, out, NULL, 4, 0))
OTHER(copy_to, syscall(SYS_copy_file_range, file, &zero, fd, NULL, 4, 0))
OTHER(copy_flags, syscall(SYS_copy_file_range, file, &zero, fd, NULL, 4, 1))
OTHER(copy_bad, syscall(SYS_copy_file_range, fd, BAD_PTR, out, NULL, 4, 0))
CALL(fsetxattr, fd, "user.x", "v", 1, 0)
CALL(fgetxattr, fd, "user.none", buf, 100)
OTHER(flistxattr, syscall(SYS_flistxattr, fd, buf, 4096) < 0 ? -1 : 0)
CALL(fremovexattr, fd, "user.none")
OTHER(mmap, (long)mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == -1 ? -1 : 0)
OTHER(mmap_write, (long)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == -1 ? -1 : 0)
OTHER(utimensat, syscall(SYS_utimensat, fd, NULL, NULL, 0))
OTHER(inotify_rm_watch, syscall(SYS_inotify_rm_watch, fd, 1))

static const struct { const char *name; long (*call)(int fd); } calls[] = {
#define ROW(name) { #name, call_##name }
	ROW(read), ROW(write), ROW(read_bad), ROW(write_bad), ROW(read_none), ROW(pread64), ROW(pwrite64), ROW(pread64_negative),
	ROW(pwrite64_negative), ROW(pwrite64_bad), ROW(readv), ROW(writev), ROW(readv_bad), ROW(writev_bad), ROW(readv_many),
	ROW(preadv), ROW(pwritev), ROW(preadv_negative), ROW(pwritev_negative), ROW(pwritev_bad), ROW(preadv2), ROW(pwritev2),
	ROW(preadv2_flags), ROW(pwritev2_flags), ROW(lseek), ROW(lseek_negative), ROW(lseek_whence), ROW(lseek_data), ROW(fstat),
	ROW(fstat_bad), ROW(fstatfs), ROW(fstatfs_bad), ROW(ftruncate), ROW(ftruncate_negative), ROW(fsync), ROW(fdatasync),
	ROW(syncfs), ROW(sync_file_range), ROW(sync_file_range_flags), ROW(fadvise64), ROW(fadvise64_advice), ROW(readahead),
	ROW(fallocate), ROW(fallocate_nothing), ROW(fallocate_negative), ROW(fallocate_mode), ROW(fallocate_huge), ROW(fchmod),
	ROW(fchown), ROW(fchdir), ROW(flock), ROW(flock_odd), ROW(getdents64), ROW(getdents64_small), ROW(getdents64_bad),
	ROW(getdents), ROW(getdents_small), ROW(getdents_bad), ROW(dup), ROW(dup2), ROW(dup3), ROW(dup2_far), ROW(dup3_same),
	ROW(dup3_far), ROW(dup3_flags), ROW(fcntl_getfl), ROW(fcntl_odd), ROW(fcntl_lock), ROW(fcntl_wlock), ROW(ioctl_odd),
	ROW(close), ROW(close_range), ROW(close_range_order), ROW(close_range_flags), ROW(sendfile_from), ROW(sendfile_to),
	ROW(sendfile_bad), ROW(sendfile_negative), ROW(splice_from), ROW(splice_to), ROW(splice_flags), ROW(splice_offset),
	ROW(tee_from), ROW(tee_to), ROW(tee_flags), ROW(vmsplice), ROW(vmsplice_flags), ROW(vmsplice_bad), ROW(copy_from),
	ROW(copy_to), ROW(copy_flags), ROW(copy_bad), ROW(fsetxattr), ROW(fgetxattr), ROW(flistxattr), ROW(fremovexattr), ROW(mmap),
	ROW(mmap_write), ROW(utimensat), ROW(inotify_rm_watch),
};

static int pipe_of(int which)
{
	int p[2];

	pipe2(p, O_NONBLOCK);
	write(p[1], "in the pipe", 11);
	return p[which];
}

static int open_none(void) { return 99; }
static int open_negative(void) { return -1; }
static int open_path(void) { return open("file", O_PATH); }
static int open_read(void) { return open("file", O_RDONLY); }
static int open_write(void) { return open("file2", O_WRONLY | O_CREAT | O_TRUNC, 0644); }
static int open_both(void) { return open("file2", O_RDWR | O_CREAT | O_TRUNC, 0644); }
static int open_append(void) { return open("file2", O_RDWR | O_CREAT | O_APPEND, 0644); }
static int open_dir(void) { return open(".", O_RDONLY); }
static int open_pipe_read(void) { return pipe_of(0); }
static int open_pipe_write(void) { return pipe_of(1); }
static int open_socket(void) { int s[2]; socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s); return s[0]; }
static int open_eventfd(void) { return eventfd(0, EFD_NONBLOCK); }
static int open_memfd(void) { return memfd_create("m", 0); }
static int open_null(void) { return open("/dev/null", O_RDWR); }
static const struct { const char *name; int (*open)(void); } kinds[] = {
	{ "closed", open_none }, { "negative", open_negative }, { "O_PATH", open_path }, { "read only", open_read },
	{ "write only", open_write }, { "read and write", open_both }, { "appending", open_append }, { "a directory", open_dir },
	{ "a pipe's end to read", open_pipe_read }, { "a pipe's end to write", open_pipe_write }, { "a socket", open_socket },
	{ "an eventfd", open_eventfd }, { "a memfd", open_memfd }, { "/dev/null", open_null },
};

int main(void)
{
	file = open("source", O_RDWR | O_CREAT, 0644);
	write(file, "a source of bytes", 17);
	out = open("out", O_RDWR | O_CREAT, 0644);
	write(open("file", O_WRONLY | O_CREAT, 0644), "some text to read", 17);
	for (unsigned k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		printf("%s\n", kinds[k].name);
		for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
			fflush(stdout);
			if (!fork()) {
				int fd = kinds[k].open();
				long n;

				pipe_in = pipe_of(1);
				pipe_out = pipe_of(0);
				errno = 0;
				n = calls[i].call(fd);
				printf("  %s: %s\n", calls[i].name, n < 0 ? errno_name(errno) : "ok");
				fflush(stdout);
				_exit(0);
			}
			wait(NULL);
		}
	}
	return 0;
}
