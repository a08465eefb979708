/* The rarer errors of calls on files: seals, limits of types, owners, mounts that may only be read, interrupted waits. */
// needs-root: it mounts, and becomes another user
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <utime.h>

#include "mnt.h"

#define O_TMPFILE_BIT 020000000 /* what O_TMPFILE has beside O_DIRECTORY */
static char buf[4096];

static void on_alarm(int sig) { (void)sig; }

/* Alarms come again and again, so that one meets the wait whenever that begins. */
static void alarms(int on)
{
	struct itimerval it = { { 0, 20000 * on }, { 0, 20000 * on } };
	struct sigaction sa = { .sa_handler = on_alarm };

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
}

static void interrupted(void)
{
	struct { unsigned long long flags, mode, resolve; } how = { O_RDONLY, 0, 0 };
	struct flock lock = { .l_type = F_WRLCK };
	int p[2], ready[2], a = open("locked", O_RDWR | O_CREAT, 0600), b = open("locked", O_RDWR);
	char c;
	pid_t pid;

	if (pipe(p) || pipe(ready))
		return;
	mkfifo("fifo", 0600);
	flock(a, LOCK_EX);
	pid = fork();
	if (!pid) {
		fcntl(a, F_SETLK, &lock);
		write(ready[1], "r", 1);
		pause();
	}
	read(ready[0], &c, 1);
	alarms(1);
	SHOW(syscall(SYS_open, "fifo", O_RDONLY));
	SHOW(syscall(SYS_openat, AT_FDCWD, "fifo", O_WRONLY));
	SHOW(syscall(SYS_openat2, AT_FDCWD, "fifo", &how, sizeof(how)));
	SHOW(syscall(SYS_creat, "fifo", 0600));
	SHOW(read(p[0], buf, 1));
	SHOW(flock(b, LOCK_EX));
	SHOW(fcntl(b, F_SETLKW, &lock));
	alarms(0);
	while (write(p[1], buf, 4096) == 4096 && fcntl(p[1], F_SETFL, O_NONBLOCK) == 0)
		;
	fcntl(p[1], F_SETFL, 0);
	alarms(1);
	SHOW(write(p[1], buf, 1));
	SHOW(writev(p[1], &(struct iovec){ buf, 1 }, 1));
	alarms(0);
	fcntl(p[1], F_SETFL, O_NONBLOCK);
	SHOW(write(p[1], buf, 1));
	SHOW(sendfile(p[1], open("some", O_RDONLY), NULL, 1));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void data(void)
{
	struct iovec vec = { buf, 8 }, bad = { BAD_PTR, 8 };
	int fd = open("some", O_RDWR), other = open("other", O_RDWR | O_CREAT, 0644), udp = socket(AF_INET, SOCK_DGRAM, 0);
	int version = open("/proc/version", O_RDONLY), seal = memfd_create("sealed", MFD_ALLOW_SEALING), m2 = memfd_create("m", 0);
	off_t at = 0x80000000, zero = 0;

	SHOW(write(udp, "x", 1));
	SHOW(syscall(SYS_pwritev, fd, &vec, 1, -1L, -1L));
	SHOW(syscall(SYS_pwritev, fd, &vec, 1025, 0, 0));
	SHOW(syscall(SYS_pwritev2, fd, &bad, 1, 0, 0, 0));
	SHOW(syscall(SYS_preadv2, fd, &bad, 1, 0, 0, 0));
	SHOW(syscall(SYS_preadv2, fd, BAD_PTR, 1, 0, 0, 0));
	SHOW(sendfile(other, version, &at, 1));
	SHOW(write(seal, "sealed", 6));
	SHOW(fcntl(seal, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK));
	SHOW(write(seal, "x", 1));
	SHOW(pwrite(seal, "x", 1, 0));
	SHOW(writev(seal, &vec, 1));
	SHOW(ftruncate(seal, 1));
	SHOW(ftruncate(seal, 100));
	SHOW(fallocate(seal, 0, 0, 100));
	SHOW(fallocate(seal, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 100));
	SHOW(write(m2, "text", 4));
	SHOW(copy_file_range(m2, &zero, seal, NULL, 4, 0));
	SHOW(sendfile(seal, m2, &zero, 4));
	SHOW(fcntl(seal, F_ADD_SEALS, F_SEAL_GROW));
}

/* Other users' files, which this one may read. */
static void another(void)
{
	struct { unsigned long long flags, mode, resolve; } how = { O_RDONLY | O_NOATIME, 0, 0 };
	struct utimbuf ut = { 1, 2 };
	struct timeval tv[2] = { { 1, 2 }, { 3, 4 } };
	struct timespec ts[2] = { { 1, 2 }, { 3, 4 } };
	int fd = open("some", O_RDONLY);

	SHOW(syscall(SYS_open, "some", O_RDONLY | O_NOATIME));
	SHOW(syscall(SYS_openat, AT_FDCWD, "some", O_RDONLY | O_NOATIME));
	SHOW(syscall(SYS_openat2, AT_FDCWD, "some", &how, sizeof(how)));
	SHOW(fcntl(fd, F_SETFL, O_NOATIME));
	SHOW(syscall(SYS_utime, "some", &ut));
	SHOW(syscall(SYS_utimes, "some", tv));
	SHOW(syscall(SYS_futimesat, AT_FDCWD, "some", tv));
	SHOW(syscall(SYS_utimensat, AT_FDCWD, "some", ts, 0));
	SHOW(syscall(SYS_utime, "some", NULL));
	SHOW(syscall(SYS_utimes, "some", NULL));
	SHOW(syscall(SYS_futimesat, AT_FDCWD, "some", NULL));
	SHOW(syscall(SYS_utimensat, AT_FDCWD, "some", NULL, 0));
	SHOW(syscall(SYS_mknod, "open/device", S_IFCHR | 0600, 0x103));
	SHOW(syscall(SYS_mknodat, AT_FDCWD, "open/device", S_IFCHR | 0600, 0x103));
	SHOW(syscall(SYS_chmod, "some", 0600));
	SHOW(fchmod(fd, 0600));
	SHOW(syscall(SYS_fchmodat, AT_FDCWD, "some", 0600));
	SHOW(syscall(452 /* fchmodat2 */, AT_FDCWD, "some", 0600, 0));
	SHOW(syscall(SYS_chown, "some", 1, 1));
	SHOW(syscall(SYS_lchown, "some", 1, 1));
	SHOW(fchown(fd, 1, 1));
	SHOW(syscall(SYS_fchownat, AT_FDCWD, "some", 1, 1, 0));
	SHOW(syscall(SYS_chroot, "."));
	/* a sticky directory's files are their owners' */
	SHOW(syscall(SYS_unlink, "sticky/file"));
	SHOW(syscall(SYS_unlinkat, AT_FDCWD, "sticky/file", 0));
	SHOW(syscall(SYS_rmdir, "sticky/dir"));
	SHOW(syscall(SYS_rename, "sticky/file", "sticky/new"));
	SHOW(syscall(SYS_renameat, AT_FDCWD, "sticky/file", AT_FDCWD, "sticky/new"));
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "sticky/file", AT_FDCWD, "sticky/new", 0));
}

/* The same by open, openat, openat2 and creat. */
static void opens(const char *name, int flags)
{
	struct { unsigned long long flags, mode, resolve; } how = { flags, flags & (O_CREAT | O_TMPFILE_BIT) ? 0600 : 0, 0 };

	printf("%s, flags %o\n", name, flags);
	SHOW_OK(syscall(SYS_open, name, flags, 0600));
	SHOW_OK(syscall(SYS_openat, AT_FDCWD, name, flags, 0600));
	SHOW_OK(syscall(SYS_openat2, AT_FDCWD, name, &how, sizeof(how)));
	if ((flags & (O_ACCMODE | O_NONBLOCK)) == O_WRONLY)
		SHOW_OK(syscall(SYS_creat, name, 0600));
}

static void all_opens(void)
{
	struct rlimit rl = { 0, 1024 };
	struct { unsigned long long flags, mode, resolve, more; } how = { O_RDONLY, 0, 0, 1 };

	mkfifo("pipe", 0600);
	mknod("socket", S_IFSOCK | 0600, 0);
	opens("/proc/self/exe", O_WRONLY);
	opens("/proc/self/exe", O_RDWR);
	opens("/proc", O_TMPFILE | O_RDWR);
	opens(".", O_TMPFILE);
	opens("some", O_TMPFILE | O_RDWR);
	opens("some", O_CREAT | O_EXCL | O_WRONLY);
	opens("some", O_DIRECTORY);
	opens("some", O_CREAT | O_DIRECTORY);
	opens(".", O_WRONLY);
	opens(".", O_CREAT);
	opens("pipe", O_WRONLY | O_NONBLOCK);
	opens("socket", O_RDWR);
	opens("socket", O_WRONLY);
	opens("ro/new", O_CREAT | O_WRONLY);
	opens("ro/file", O_WRONLY);
	setrlimit(RLIMIT_NOFILE, &rl);
	opens("some", O_WRONLY);
	SHOW(syscall(SYS_openat2, AT_FDCWD, "some", &how, sizeof(how)));
	SHOW(syscall(SYS_openat2, AT_FDCWD, "some", &how, 8));
	how.more = 0;
	how.resolve = 8 /* RESOLVE_BENEATH */;
	SHOW(syscall(SYS_openat2, AT_FDCWD, "..", &how, sizeof(how)));
	SHOW(syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof(how)));
	how.resolve = 1 /* RESOLVE_NO_XDEV */;
	SHOW(syscall(SYS_openat2, AT_FDCWD, "ro", &how, sizeof(how)));
	how.resolve = 4 /* RESOLVE_NO_SYMLINKS */;
	SHOW(syscall(SYS_openat2, AT_FDCWD, "/proc/self", &how, sizeof(how)));
	SHOW(memfd_create("m", 0));
	SHOW(syscall(SYS_fsopen, "tmpfs", 0));
	SHOW(syscall(SYS_fspick, AT_FDCWD, "/proc", 0));
	SHOW(syscall(SYS_open_tree, AT_FDCWD, ".", 0));
	SHOW(syscall(SYS_pipe, buf));
	SHOW(syscall(SYS_dup, 1));
	SHOW(syscall(SYS_dup2, 1, 50));
	SHOW(syscall(SYS_dup3, 1, 50, 0));
	rl.rlim_cur = 1024;
	setrlimit(RLIMIT_NOFILE, &rl);
}

static void names(void)
{
	struct timeval bad[2] = { { 1, 1000000 }, { 3, 4 } }, bad2[2] = { { 1, 0 }, { 3, -1 } };
	int dir, ro, rofile, p[2];

	SHOW(syscall(SYS_utimes, "some", bad));
	SHOW(syscall(SYS_utimes, "some", bad2));
	SHOW(syscall(SYS_futimesat, AT_FDCWD, "some", bad));
	SHOW(syscall(SYS_mknod, "new", S_IFMT | 0600, 0));
	SHOW(syscall(SYS_mknodat, AT_FDCWD, "new", S_IFMT | 0600, 0));
	SHOW(syscall(SYS_mknod, "new", S_IFDIR | 0600, 0));
	SHOW(syscall(SYS_mknod, "made", S_IFREG | 0600, 0));
	SHOW(syscall(SYS_faccessat, AT_FDCWD, "some", 8));
	SHOW(syscall(SYS_pipe, p));
	SHOW(syscall(SYS_pipe, BAD_PTR));
	SHOW(syscall(SYS_truncate, "/proc/self/exe", 0));
	mkdir("gone", 0755);
	dir = open("gone", O_RDONLY);
	rmdir("gone");
	SHOW(syscall(SYS_getdents, dir, buf, sizeof(buf)));
	SHOW(syscall(SYS_getdents64, dir, buf, sizeof(buf)));
	SHOW(syscall(SYS_openat, dir, "x", O_CREAT | O_WRONLY, 0600));
	SHOW(syscall(SYS_mkdirat, dir, "x", 0700));
	SHOW(syscall(SYS_getcwd, buf, 0));

	mkdir("ro", 0755);
	mount("none", "ro", "tmpfs", 0, NULL);
	make_file("ro/file", "text");
	ro = open("ro", O_RDONLY);
	rofile = open("ro/file", O_RDONLY);
	SHOW(mount("none", "ro", "tmpfs", MS_REMOUNT | MS_RDONLY, NULL));
	SHOW(fchmod(rofile, 0600));
	SHOW(fchown(rofile, 1, 1));
	SHOW(syscall(SYS_renameat, ro, "file", ro, "new"));
	SHOW(syscall(SYS_renameat2, ro, "file", ro, "new", 0));
	SHOW(syscall(SYS_renameat, ro, "none", ro, "new"));
	SHOW(syscall(SYS_utimensat, rofile, NULL, NULL, 0));
	SHOW(syscall(SYS_renameat, AT_FDCWD, "ro", AT_FDCWD, "other"));
	SHOW(syscall(SYS_renameat, AT_FDCWD, ".", AT_FDCWD, "other"));
	SHOW(syscall(SYS_renameat, AT_FDCWD, "sticky", AT_FDCWD, "sticky/dir/x"));
	SHOW(syscall(SYS_renameat, AT_FDCWD, "open", AT_FDCWD, "sticky"));
	SHOW(syscall(SYS_unlinkat, AT_FDCWD, "ro", AT_REMOVEDIR));
	SHOW(syscall(SYS_unlinkat, AT_FDCWD, "sticky", AT_REMOVEDIR));
	SHOW(syscall(SYS_unlinkat, AT_FDCWD, "open/.", AT_REMOVEDIR));
	symlink("some", "link");
	SHOW(syscall(452, AT_FDCWD, "link", 0600, AT_SYMLINK_NOFOLLOW));
	SHOW(syscall(452, AT_FDCWD, "some", 0600, 1));
	SHOW(syscall(SYS_memfd_create, buf, 0x2000));
	SHOW(syscall(SYS_memfd_create, BAD_PTR, 0));
}

int main(void)
{
	own_mounts();
	SHOW(mount("none", ".", "tmpfs", 0, "mode=0755"));
	chdir(getcwd(buf, sizeof(buf)));
	make_file("some", "some text");
	mkdir("sticky", 01777);
	chmod("sticky", 01777);
	mkdir("open", 0777);
	chmod("open", 0777);
	make_file("sticky/file", "text");
	mkdir("sticky/dir", 0777);
	interrupted();
	data();
	names();
	all_opens();
	fflush(stdout);
	if (!fork()) {
		setresgid(1234, 1234, 1234);
		setresuid(1234, 1234, 1234);
		another();
		_exit(0);
	}
	wait(NULL);
	return 0;
}
