/* A program in a memfd: execveat runs it, with MFD_CLOEXEC as well; one that may not be executed does not. */
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

static int copy_self(unsigned flags)
{
	int from = open("/proc/self/exe", O_RDONLY), to = (int)syscall(SYS_memfd_create, "program", flags);
	struct stat st;

	fstat(from, &st);
	while (st.st_size > 0) {
		ssize_t n = sendfile(to, from, NULL, st.st_size);

		if (n <= 0)
			return -1;
		st.st_size -= n;
	}
	close(from);
	return to;
}

static void run(const char *what, int fd)
{
	char *argv[] = { "child", (char *)what, NULL }, *envp[] = { NULL };
	int status;

	fflush(stdout);
	if (!fork()) {
		syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH);
		printf("%s: %s\n", what, errno_name(errno));
		fflush(stdout);
		_exit(1);
	}
	wait(&status);
	printf("%s: status %x\n", what, status);
}

int main(int argc, char **argv)
{
	char link[256];
	ssize_t n;
	int fd;

	if (argc == 2) {
		n = readlink("/proc/self/exe", link, sizeof(link) - 1);
		link[n > 0 ? n : 0] = 0;
		printf("%s: running as %s\n", argv[1], link);
		return 0;
	}
	fd = copy_self(0);
	SHOW(fcntl(fd, 1033, 15) ? -1 : 0); /* no seals on this one */
	run("open for writing", fd);
	fd = copy_self(1);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = open(link, O_RDONLY | O_CLOEXEC);
	close(fd);
	run("read-only", (int)n);
	fd = copy_self(8);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = open(link, O_RDONLY);
	close(fd);
	run("not executable", (int)n);
	return 0;
}
