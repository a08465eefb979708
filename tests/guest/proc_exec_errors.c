/* execve and execveat refused: every errno for the path, the rights and the arguments; the old program goes on. */
/* musl */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "show.h"

static char *args[] = { "x", NULL }, *env[] = { NULL };
static char *many[300000];
static char big[131073];

static void file(const char *name, const void *data, size_t size, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0700);

	write(fd, data, size);
	close(fd);
	chmod(name, mode);
}

static long at(int fd, const char *path, int flags)
{
	return syscall(SYS_execveat, fd, path, args, env, flags);
}

int main(void)
{
	char name[5000], text[64];
	struct rlimit rl;
	int fd, status;
	pid_t pid;

	file("script", "#!/bin/sh\n", 10, 0755);
	file("plain", "nothing\n", 8, 0755);
	file("notx", "#!/bin/sh\n", 10, 0644);
	mkdir("dir", 0755);
	mkfifo("fifo", 0755);
	symlink("loop", "loop");
	symlink("gone", "dangling");
	SHOW(execve("none", args, env));
	SHOW(execve("dir/none", args, env));
	SHOW(execve("none/none", args, env));
	SHOW(execve("script/none", args, env));
	SHOW(execve("dir", args, env));
	SHOW(execve("dir/", args, env));
	SHOW(execve("script/", args, env));
	SHOW(execve("fifo", args, env));
	SHOW(execve("/dev/null", args, env));
	SHOW(execve("loop", args, env));
	SHOW(execve("dangling", args, env));
	SHOW(execve("notx", args, env));
	SHOW(execve("plain", args, env));
	SHOW(execve("", args, env));
	SHOW(execve(NULL, args, env));
	SHOW(execve(BAD_PTR, args, env));
	memset(name, 'a', 300);
	name[300] = 0;
	SHOW(execve(name, args, env));
	memset(name, '/', 4999);
	name[4999] = 0;
	SHOW(execve(name, args, env));
	strcpy(name + 4085, "/bin/none");
	SHOW(execve(name, args, env));
	/* the arguments */
	SHOW(execve("script", BAD_PTR, env));
	SHOW(execve("script", args, BAD_PTR));
	SHOW(execve("script", (char *[]){ "a", BAD_PTR, NULL }, env));
	SHOW(execve("script", args, (char *[]){ BAD_PTR, NULL }));
	SHOW(execve("none", BAD_PTR, env));
	SHOW(execve("plain", BAD_PTR, env));
	memset(big, 'x', 131072);
	SHOW(execve("script", (char *[]){ big, NULL }, env));
	SHOW(execve("script", args, (char *[]){ big, NULL }));
	big[131071] = 0;
	SHOW(execve("plain", (char *[]){ big, NULL }, env));
	for (int i = 0; i < 299999; i++)
		many[i] = "";
	SHOW(execve("script", many, env));
	many[200000] = NULL;
	SHOW(execve("plain", many, env));
	for (int i = 0; i < 30; i++)
		many[i] = big;
	many[15] = NULL;
	SHOW(execve("plain", many, env));
	many[15] = big;
	many[16] = NULL;
	SHOW(execve("plain", many, env));
	getrlimit(RLIMIT_STACK, &rl);
	rl.rlim_cur = 600000;
	setrlimit(RLIMIT_STACK, &rl);
	many[2] = NULL;
	SHOW(execve("plain", many, env));
	many[1] = NULL;
	SHOW(execve("plain", many, env));
	rl.rlim_cur = 8 << 20;
	setrlimit(RLIMIT_STACK, &rl);
	/* written files */
	fd = open("script", O_WRONLY);
	SHOW(execve("script", args, env));
	close(fd);
	file("viabusy", "#!script\n", 9, 0755);
	fd = open("script", O_RDWR);
	SHOW(execve("viabusy", args, env));
	close(fd);
	/* a shared writable mapping is no writer any more when the descriptor is gone? It is. */
	fd = open("plain", O_RDWR);
	mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	SHOW(execve("plain", args, env));
	/* execveat */
	fd = open("dir", O_RDONLY | O_DIRECTORY);
	SHOW(at(fd, "none", 0));
	SHOW(at(fd, "", 0));
	SHOW(at(fd, "", AT_EMPTY_PATH));
	SHOW(at(fd, "../notx", 0));
	SHOW(at(fd, "../plain", 0x80));
	SHOW(at(fd, "../plain", AT_SYMLINK_FOLLOW));
	SHOW(at(-1, "none", 0));
	SHOW(at(-1, "", AT_EMPTY_PATH));
	SHOW(at(999, "none", 0));
	close(fd);
	fd = open("script", O_RDONLY);
	SHOW(at(fd, "none", 0));
	symlink("script", "link");
	SHOW(at(AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW));
	SHOW(at(AT_FDCWD, "dangling", AT_SYMLINK_NOFOLLOW));
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	SHOW(at(fd, "", AT_EMPTY_PATH));
	fcntl(fd, F_SETFD, 0);
	for (int how = 0; how < 3; how++) {
		pid = fork();
		if (!pid) {
			snprintf(text, sizeof(text), "/proc/self/fd/%d", fd);
			if (how == 0)
				at(fd, "", AT_EMPTY_PATH);
			else if (how == 1)
				execve(text, args, env);
			else
				at(AT_FDCWD, "link", 0);
			_exit(99);
		}
		waitpid(pid, &status, 0);
		SHOW(status);
	}
	SHOW(getpid() == syscall(SYS_gettid));
	return 0;
}
