/* The working directory: relative walks, when it is renamed, moved and removed. */
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "show.h"

static size_t skip;

static void where(void)
{
	char buf[PATH_MAX];

	if (getcwd(buf, sizeof(buf)))
		printf("cwd %s\n", strlen(buf) >= skip ? buf + skip : buf);
	else
		printf("cwd: %s\n", errno_name(errno));
}

int main(void)
{
	char top[PATH_MAX], link[64];
	int fd, status;

	getcwd(top, sizeof(top));
	skip = strlen(top);
	SHOW(mkdir("a", 0755));
	SHOW(mkdir("a/b", 0755));
	SHOW(mkdir("a/b/c", 0755));
	SHOW(chdir("a/b/c"));
	where();
	SHOW(chdir("../../b/./c//"));
	where();
	fd = open("..", O_RDONLY);
	SHOW(rename(top, "x") == -1 ? 0 : 1);
	SHOW(chdir(top));
	SHOW(rename("a/b", "a/renamed"));
	SHOW(fchdir(fd));
	where();
	SHOW(chdir("c"));
	where();
	SHOW(chdir("../../.."));
	where();
	SHOW(symlink("a/renamed", "s"));
	SHOW(chdir("s/c"));
	where();
	SHOW(close(open("../../../file", O_CREAT | O_WRONLY, 0644)));
	SHOW(rmdir("../c"));
	where();
	SHOW(open("new", O_CREAT | O_WRONLY, 0644));
	SHOW(mkdir("new", 0755));
	SHOW(open(".", O_RDONLY) >= 0);
	SHOW(chdir("."));
	SHOW(readlink("/proc/self/cwd", link, sizeof(link)) > 0);
	SHOW(access("../c", F_OK));
	SHOW(chdir(".."));
	where();
	if (!fork()) {
		chdir("/");
		_exit(0);
	}
	wait(&status);
	where();
	SHOW(chdir("/"));
	SHOW(chdir("../../.."));
	skip = 0;
	where();
	SHOW(chdir("/proc/self/fd"));
	SHOW(access("0", F_OK));
	return 0;
}
