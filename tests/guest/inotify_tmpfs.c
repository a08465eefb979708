/* inotify on tmpfs: the same as on other file systems, and what a process tells another. */
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "inotify.h"

int main(void)
{
	char dir[] = "/dev/shm/inotify-XXXXXX", buf[512] __attribute__((aligned(8)));
	int fd = inotify_init1(IN_NONBLOCK), f;
	struct pollfd p = { fd, POLLIN, 0 };

	if (!mkdtemp(dir) || chdir(dir))
		return 1;
	SHOW(inotify_add_watch(fd, ".", IN_ALL_EVENTS));
	f = open("f", O_CREAT | O_RDWR, 0644);
	SHOW(inotify_add_watch(fd, "f", IN_ALL_EVENTS));
	SHOW(write(f, "abc", 3));
	SHOW(ftruncate(f, 1));
	SHOW(fallocate(f, 0, 0, 100));
	SHOW(fchmod(f, 0600));
	SHOW(futimens(f, NULL));
	SHOW(syscall(SYS_fsetxattr, f, "user.a", "x", 1, 0));
	events(fd, "changes");
	close(f);
	SHOW(link("f", "g"));
	SHOW(rename("g", "h"));
	SHOW(rename("h", "f"));
	SHOW(unlink("h"));
	SHOW(unlink("f"));
	events(fd, "names");
	SHOW(mkdir("d", 0755));
	SHOW(inotify_add_watch(fd, "d", IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE));
	SHOW(rename("d", "e"));
	f = open("e/x", O_CREAT | O_WRONLY, 0600);
	close(f);
	SHOW(rename("e/x", "x"));
	SHOW(rename("x", "e/y"));
	SHOW(unlink("e/y"));
	SHOW(rmdir("e"));
	events(fd, "a directory");
	/* from another process */
	fflush(stdout);
	if (!fork()) {
		usleep(20000);
		close(open("from-child", O_CREAT | O_WRONLY, 0600));
		unlink("from-child");
		_exit(0);
	}
	SHOW(poll(&p, 1, 5000));
	SHOW(p.revents);
	wait(NULL);
	events(fd, "child");
	/* copies through pipes count as access and change */
	int a = open("a", O_CREAT | O_RDWR, 0600), pipefd[2];
	write(a, "12345", 5);
	events(fd, "a");
	pipe(pipefd);
	long off = 0;
	SHOW(splice(a, &off, pipefd[1], NULL, 5, 0));
	SHOW(splice(pipefd[0], NULL, a, NULL, 5, 0));
	events(fd, "splice");
	SHOW(read(fd, buf, sizeof(buf)));
	close(a);
	unlink("a");
	SHOW(chdir("/"));
	SHOW(rmdir(dir));
	events(fd, "the end");
	return 0;
}
