/* execveat: relative to a directory, a descriptor alone, scripts, symbolic links, what the program is told; and errors. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "show.h"

static void copy_self(const char *to)
{
	char buf[65536];
	int in = open("/proc/self/exe", O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	ssize_t n;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		write(out, buf, (size_t)n);
	close(in);
	close(out);
}

static void run(const char *text, int fd, const char *path, int flags)
{
	char *argv[] = { "zero", "told", NULL }, *envp[] = { NULL };

	printf("%s:", text);
	fflush(stdout);
	if (!fork()) {
		syscall(SYS_execveat, fd, path, argv, envp, flags);
		printf(" %s\n", errno_name(errno));
		fflush(stdout);
		_exit(1);
	}
	wait(NULL);
}

int main(int argc, char **argv)
{
	int dir, fd, path_fd, script;
	FILE *f;

	if (argc > 1) {
		printf(" argv %s %s, known as %s\n", argv[0], argv[1], (const char *)getauxval(AT_EXECFN));
		return 0;
	}
	mkdir("dir", 0755);
	copy_self("dir/program");
	symlink("program", "dir/link");
	f = fopen("dir/script", "w");
	fprintf(f, "#!/bin/sh\necho \" script $0 $1\"\n");
	fclose(f);
	chmod("dir/script", 0755);
	f = fopen("dir/text", "w");
	fclose(f);
	dir = dup2(open("dir", O_RDONLY | O_DIRECTORY), 50);
	fd = dup2(open("dir/program", O_RDONLY), 51);
	path_fd = dup2(open("dir/program", O_PATH), 52);
	script = dup2(open("dir/script", O_RDONLY), 53);
	run("relative", dir, "program", 0);
	run("to the working directory", AT_FDCWD, "dir/program", 0);
	run("by descriptor", fd, "", AT_EMPTY_PATH);
	run("by an O_PATH descriptor", path_fd, "", AT_EMPTY_PATH);
	run("through a link", dir, "link", 0);
	run("not through a link", dir, "link", AT_SYMLINK_NOFOLLOW);
	run("no link, not followed", dir, "program", AT_SYMLINK_NOFOLLOW);
	run("script", dir, "script", 0);
	run("script by descriptor", script, "", AT_EMPTY_PATH);
	fcntl(script, F_SETFD, FD_CLOEXEC);
	run("script by a descriptor that closes", script, "", AT_EMPTY_PATH);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	run("program by a descriptor that closes", fd, "", AT_EMPTY_PATH);
	run("empty without the flag", fd, "", 0);
	run("directory by descriptor", dir, "", AT_EMPTY_PATH);
	run("no descriptor", 999, "program", 0);
	run("no descriptor, empty", 999, "", AT_EMPTY_PATH);
	run("not a directory", fd, "program", 0);
	run("missing", dir, "missing", 0);
	run("not executable", dir, "text", 0);
	run("bad flags", dir, "program", 0x40000);
	run("bad pointer", dir, BAD_PTR, 0);
	return 0;
}
