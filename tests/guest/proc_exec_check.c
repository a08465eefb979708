/* execveat with AT_EXECVE_CHECK: may the file be executed? What it contains is not looked at, and nothing runs. */
// needs-root: another user's rights
/* musl */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "show.h"

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

static char *args[] = { "zero", NULL }, *none[] = { NULL };

static long check(int fd, const char *path, int flags)
{
	return syscall(SYS_execveat, fd, path, args, none, AT_EXECVE_CHECK | flags);
}

static void make(const char *path, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	write(fd, "no program\n", 11);
	fchmod(fd, mode);
	close(fd);
}

int main(void)
{
	static char *many[] = { NULL, NULL };
	int fd, w;

	make("text", 0755);
	make("plain", 0644);
	make("mine", 0700);
	mkdir("dir", 0755);
	chmod(".", 0755);
	symlink("text", "link");
	SHOW(check(AT_FDCWD, "text", 0));
	SHOW(check(AT_FDCWD, "text", 0x20000));
	SHOW(check(AT_FDCWD, "plain", 0));
	SHOW(check(AT_FDCWD, "nothing", 0));
	SHOW(check(AT_FDCWD, "text/x", 0));
	SHOW(check(AT_FDCWD, "dir", 0));
	SHOW(check(AT_FDCWD, "", 0));
	SHOW(check(AT_FDCWD, "link", 0));
	SHOW(check(AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW));
	SHOW(check(AT_FDCWD, BAD_PTR, 0));
	fd = open("text", O_RDONLY | O_CLOEXEC);
	SHOW(check(fd, "", AT_EMPTY_PATH));
	SHOW(check(fd, "x", 0));
	SHOW(check(999, "", AT_EMPTY_PATH));
	close(fd);
	fd = open("text", O_PATH);
	SHOW(check(fd, "", AT_EMPTY_PATH));
	close(fd);
	w = open("text", O_WRONLY);
	SHOW(check(AT_FDCWD, "text", 0));
	close(w);
	SHOW(syscall(SYS_execveat, AT_FDCWD, "text", BAD_PTR, none, AT_EXECVE_CHECK));
	SHOW(syscall(SYS_execveat, AT_FDCWD, "text", none, BAD_PTR, AT_EXECVE_CHECK));
	many[0] = calloc(1, 200000);
	memset(many[0], 'a', 199999);
	SHOW(syscall(SYS_execveat, AT_FDCWD, "text", many, none, AT_EXECVE_CHECK));
	SHOW(syscall(SYS_execveat, AT_FDCWD, "text", args, none, 0));
	/* it may be written again: nothing is left of the question */
	SHOW_OK(open("text", O_WRONLY));
	fflush(stdout);
	if (!fork()) {
		SHOW(setresuid(1000, 1000, 1000));
		SHOW(check(AT_FDCWD, "mine", 0));
		SHOW(check(AT_FDCWD, "text", 0));
		_exit(0);
	}
	wait(NULL);
	return 0;
}
