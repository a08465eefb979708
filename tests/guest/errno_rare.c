/* Errors that need some preparation: descriptors used up, a directory that is gone, another user's process, a child that has
 * executed. Run by root, as another user cannot become a third one. */
// needs-root: another user's process
// timeout: 30
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "show.h"

static void other_user(void)
{
	struct rlimit rl = { 0, 0 };
	pid_t parent = getppid();

	if (setgid(65534) || setuid(65534))
		_exit(1);
	SHOW(kill(parent, SIGTERM));
	SHOW(syscall(SYS_tkill, parent, SIGTERM));
	SHOW(syscall(SYS_tgkill, parent, parent, SIGTERM));
	SHOW(syscall(SYS_prlimit64, parent, RLIMIT_CORE, &rl, NULL));
	SHOW(setpriority(PRIO_PROCESS, parent, 1));
	SHOW(setpriority(PRIO_PROCESS, 0, -5));
	SHOW(syscall(SYS_setuid, 0));
	SHOW(syscall(SYS_setgid, 0));
	SHOW(syscall(SYS_setresuid, 0, 0, 0));
	SHOW(syscall(SYS_setreuid, 0, 0));
	SHOW(chmod("/etc/passwd", 0777));
	SHOW(chown("/etc/passwd", 65534, 65534));
	SHOW(open("/etc/shadow", O_RDONLY));
	SHOW(open("/etc/passwd", O_WRONLY));
	SHOW(mkdir("/etc/umk-test", 0755));
	SHOW(unlink("/etc/passwd"));
	SHOW(syscall(SYS_sethostname, "x", 1));
	SHOW(chroot("/"));
	_exit(0);
}

int main(void)
{
	struct rlimit rl, few;
	struct timespec ts;
	struct epoll_event e = { .events = EPOLLIN };
	char buf[256];
	int fd, dir, ep[2], go[2];
	pid_t pid;

	SHOW(syscall(SYS_getrlimit, RLIMIT_NOFILE, &rl));
	SHOW(syscall(SYS_setrlimit, RLIMIT_NOFILE, &rl));
	SHOW(syscall(SYS_clock_getres, CLOCK_REALTIME, BAD_PTR));
	SHOW(syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &ts));
	SHOW(syscall(SYS_sched_getaffinity, 0, 8, BAD_PTR));
	SHOW(syscall(SYS_sched_getaffinity, 0, 128, BAD_PTR));
	fd = open("file", O_RDWR | O_CREAT, 0644);
	SHOW(write(fd, "data", 4));
	SHOW(lseek(fd, 2, SEEK_DATA));
	SHOW(lseek(fd, 0, SEEK_HOLE));
	SHOW(lseek(fd, 10, SEEK_DATA));
	SHOW(lseek(fd, 10, SEEK_HOLE));

	mkdir("gone", 0755);
	dir = open("gone", O_RDONLY | O_DIRECTORY);
	SHOW(fchdir(dir));
	SHOW(rmdir("../gone"));
	SHOW(syscall(SYS_getcwd, buf, sizeof(buf)));
	SHOW(syscall(SYS_getdents64, dir, buf, sizeof(buf)));
	SHOW(open("x", O_WRONLY | O_CREAT, 0644));
	SHOW(mkdir("x", 0755));
	SHOW(chdir(".."));

	ep[0] = epoll_create1(0);
	ep[1] = epoll_create1(0);
	SHOW(epoll_ctl(ep[0], EPOLL_CTL_ADD, ep[1], &e));
	SHOW(epoll_ctl(ep[1], EPOLL_CTL_ADD, ep[0], &e));

	few = (struct rlimit){ 3, rl.rlim_max };
	SHOW(setrlimit(RLIMIT_NOFILE, &few));
	SHOW(epoll_create1(0));
	SHOW(epoll_create(1));
	SHOW(eventfd(0, 0));
	SHOW(dup(0));
	SHOW(open("file", O_RDONLY));
	SHOW(setrlimit(RLIMIT_NOFILE, &rl));

	if (pipe2(go, O_CLOEXEC))
		return 1;
	pid = fork();
	if (!pid) {
		execl("/bin/sleep", "sleep", "20", NULL);
		_exit(1);
	}
	close(go[1]);
	SHOW(read(go[0], buf, 1)); /* the end of the pipe: it has executed */
	SHOW(setpgid(pid, pid));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);

	pid = fork();
	if (!pid)
		other_user();
	waitpid(pid, NULL, 0);
	return 0;
}
