/* ETXTBSY: a running program cannot be written to, a file open for writing cannot be run. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "show.h"

static void copy(const char *from, const char *to)
{
	char buf[4096];
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755), n;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		if (write(out, buf, n) != n)
			exit(9);
	close(in);
	close(out);
}

int main(int argc, char **argv)
{
	char *args[] = { "./prog", "x", NULL }, c;
	int p[2], fd, status;
	pid_t pid;

	if (argc > 1) {
		/* Told over stdin when to end. */
		write(1, "+", 1);
		read(0, &c, 1);
		return 5;
	}
	copy(argv[0], "prog");
	fd = open("prog", O_WRONLY);
	SHOW(execv("./prog", args));
	close(fd);
	int q[2];
	if (pipe(p) || pipe(q))
		return 1;
	pid = fork();
	if (!pid) {
		dup2(p[0], 0);
		dup2(q[1], 1);
		close(p[0]); close(p[1]); close(q[0]); close(q[1]);
		execv("./prog", args);
		_exit(9);
	}
	read(q[0], &c, 1);
	SHOW(open("prog", O_WRONLY));
	SHOW(open("prog", O_RDWR));
	SHOW(open("prog", O_RDONLY | O_TRUNC));
	SHOW(truncate("prog", 0));
	SHOW(open("prog", O_RDONLY) >= 0);
	SHOW(rename("prog", "prog2"));
	SHOW(open("prog2", O_WRONLY));
	SHOW(unlink("prog2"));
	write(p[1], "x", 1);
	waitpid(pid, &status, 0);
	SHOW(WEXITSTATUS(status));
	copy(argv[0], "prog");
	SHOW(open("prog", O_WRONLY) >= 0);
	SHOW(chmod("prog", 0644));
	SHOW(execv("./prog", args));
	SHOW(execv(".", args));
	return 0;
}
