/* SCM_RIGHTS of every kind of file: what arrives is the same open file, whatever it is. */
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include "show.h"

static int pass(int fd)
{
	union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } u;
	struct iovec iov = { "x", 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &u, .msg_controllen = sizeof(u) };
	char c;
	int s[2], got = -1;

	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	u.align = (struct cmsghdr){ CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
	memcpy(CMSG_DATA(&u.align), &fd, sizeof(fd));
	if (sendmsg(s[0], &m, 0) != 1)
		printf("sendmsg: %s\n", errno_name(errno));
	close(fd);
	iov.iov_base = &c;
	m.msg_controllen = sizeof(u);
	if (recvmsg(s[1], &m, MSG_CMSG_CLOEXEC) == 1)
		memcpy(&got, CMSG_DATA(&u.align), sizeof(got));
	close(s[0]);
	close(s[1]);
	return got;
}

static void kind(const char *what, int fd)
{
	struct stat a, b;
	int flags = fcntl(fd, F_GETFL), got;

	fstat(fd, &a);
	got = pass(fd);
	fstat(got, &b);
	printf("%s: the same %d, flags the same %d, cloexec %d\n", what, a.st_ino == b.st_ino && a.st_dev == b.st_dev && a.st_mode == b.st_mode,
		flags == fcntl(got, F_GETFL), fcntl(got, F_GETFD));
	fflush(stdout);
	close(got);
}

int main(void)
{
	int p[2], fd, master, slave;
	char buf[16] = "";
	unsigned long long n = 5;
	struct itimerspec its = { { 0, 0 }, { 0, 1000 } };
	sigset_t set;

	fd = open("file", O_RDWR | O_CREAT, 0600);
	write(fd, "hello world", 11);
	lseek(fd, 6, SEEK_SET);
	fd = pass(fd);
	SHOW(read(fd, buf, 16));
	printf("'%s' at %ld\n", buf, (long)lseek(fd, 0, SEEK_CUR));
	kind("file", fd);
	kind("append", open("file", O_WRONLY | O_APPEND));
	kind("directory", open(".", O_RDONLY | O_DIRECTORY));
	kind("O_PATH", open("file", O_PATH));
	pipe(p);
	p[1] = pass(p[1]);
	SHOW(write(p[1], "pipe", 4));
	SHOW(read(p[0], buf, 16));
	kind("pipe", p[0]);
	fd = pass(eventfd(7, 0));
	SHOW(read(fd, &n, 8));
	printf("%llu\n", n);
	kind("eventfd", fd);
	fd = timerfd_create(CLOCK_MONOTONIC, 0);
	timerfd_settime(fd, 0, &its, NULL);
	fd = pass(fd);
	SHOW(read(fd, &n, 8));
	kind("timerfd", fd);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = pass(signalfd(-1, &set, 0));
	raise(SIGUSR1);
	SHOW(read(fd, (char[128]){ 0 }, 128));
	kind("signalfd", fd);
	fd = epoll_create1(0);
	kind("epoll", fd);
	kind("inotify", inotify_init1(IN_NONBLOCK));
	fd = pass(memfd_create("m", 0));
	SHOW(ftruncate(fd, 4096));
	kind("memfd", fd);
	kind("tcp", socket(AF_INET, SOCK_STREAM, 0));
	kind("udp", socket(AF_INET6, SOCK_DGRAM, 0));
	socketpair(AF_UNIX, SOCK_STREAM, 0, p);
	p[0] = pass(p[0]);
	SHOW(write(p[0], "socket", 6));
	SHOW(read(p[1], buf, 16));
	kind("unix", p[1]);
	if (!openpty(&master, &slave, NULL, NULL, NULL)) {
		slave = pass(slave);
		printf("tty %d\n", isatty(slave));
		kind("pty", master);
	}
	kind("null", open("/dev/null", O_RDWR));
	kind("proc", open("/proc/self/stat", O_RDONLY));
	fd = pass(syscall(SYS_pidfd_open, getpid(), 0));
	printf("pidfd %d\n", fd >= 0);
	return 0;
}
