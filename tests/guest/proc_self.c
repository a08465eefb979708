/* /proc/self/exe and what else tells a process who it is: through links, scripts, renames and deletion. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "show.h"

static char exe[4096];

static void copy(const char *to)
{
	char buf[65536];
	int in = open("/proc/self/exe", O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	ssize_t n;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		write(out, buf, (size_t)n);
	close(in);
	close(out);
}

static const char *tail(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void file(const char *name)
{
	char buf[512];
	int fd = open(name, O_RDONLY);
	ssize_t n = read(fd, buf, sizeof(buf));

	close(fd);
	printf(" %s:", name);
	for (ssize_t i = 0; i < n && i < 40; i++)
		putchar(buf[i] == 0 ? '|' : buf[i] == '\n' ? '$' : buf[i]);
	printf("\n");
}

static int show(void)
{
	struct stat a, b;
	char name[16];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	exe[n > 0 ? n : 0] = 0;
	prctl(PR_GET_NAME, name);
	printf(" exe %s, name %s\n", tail(exe), name);
	SHOW(stat("/proc/self/exe", &a));
	SHOW(stat(exe, &b) ? -1 : a.st_ino == b.st_ino);
	file("/proc/self/cmdline");
	file("/proc/self/comm");
	file("/proc/self/environ");
	fflush(stdout);
	return 0;
}

static void run(const char *name, char *arg0)
{
	char *argv[] = { arg0, "arg", NULL }, *envp[] = { "A=1", "B=", NULL };
	int status;
	pid_t pid;

	printf("%s\n", name);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		execve(name, argv, envp);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	printf(" status %x\n", status);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int fd;

	if (argc > 1) {
		if (strcmp(argv[argc - 1], "arg") == 0 && strcmp(argv[0], "delete") == 0)
			unlink("prog");
		if (strcmp(argv[0], "rename") == 0)
			rename("prog", "moved");
		return show();
	}
	copy("prog");
	run("./prog", "zero");
	symlink("prog", "alink");
	run("alink", "");
	link("prog", "hard");
	run("hard", "h");
	fd = open("script", O_WRONLY | O_CREAT, 0755);
	write(fd, "#!alink x\n", 10);
	close(fd);
	run("script", "s");
	run("prog", "rename");
	rename("moved", "prog");
	run("prog", "delete");
	SHOW(strcmp(tail(exe), "") == 0);
	SHOW(readlink("/proc/self/exe", exe, 5));
	SHOW(readlink("/proc/self/exe", exe, 0));
	SHOW(readlink("/proc/self/exe", BAD_PTR, 10));
	SHOW(open("/proc/self/exe", O_WRONLY));
	SHOW(prctl(PR_SET_NAME, "renamed"));
	file("/proc/self/comm");
	fd = open("/proc/self/comm", O_WRONLY);
	SHOW(write(fd, "by file\n", 7));
	file("/proc/self/comm");
	return 0;
}
