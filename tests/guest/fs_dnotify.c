/* F_NOTIFY: which event tells which directory, its own changes included, what a rename within one and between two is, and how
 * many signals come. */
/* musl */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef DN_ACCESS
#define DN_ACCESS 1
#define DN_MODIFY 2
#define DN_CREATE 4
#define DN_DELETE 8
#define DN_RENAME 0x10
#define DN_ATTRIB 0x20
#define DN_MULTISHOT 0x80000000
#define F_NOTIFY 1026
#define F_SETSIG 10
#endif

static int outer, inner, of_outer, of_inner;

static void on_event(int sig, siginfo_t *si, void *uc)
{
	(void)sig;
	(void)uc;
	of_outer += si->si_fd == outer;
	of_inner += si->si_fd == inner;
}

static void told(const char *what)
{
	printf("%-30s outer %d inner %d\n", what, of_outer, of_inner);
	of_outer = of_inner = 0;
}

static void watch(const char *name, unsigned mask)
{
	outer = open(".", O_RDONLY | O_DIRECTORY);
	inner = open("inner", O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < 2; i++) {
		int fd = i ? inner : outer;

		if (fcntl(fd, F_SETSIG, SIGRTMIN) || fcntl(fd, F_NOTIFY, mask | DN_MULTISHOT))
			perror("F_NOTIFY");
	}
	printf("-- %s\n", name);
}

static void end(void)
{
	close(outer);
	close(inner);
	outer = inner = -1;
}

static void entries(const char *dir)
{
	char buf[4096];
	int fd = open(dir, O_RDONLY | O_DIRECTORY);

	while (syscall(SYS_getdents64, fd, buf, sizeof(buf)) > 0)
		;
	close(fd);
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_WRONLY, 0644);

	write(fd, text, 1);
	close(fd);
}

static void changes(void)
{
	char c;
	int fd;

	put("file", "x");
	told("create and write a file");
	fd = open("file", O_RDWR);
	read(fd, &c, 1);
	ftruncate(fd, 0);
	fchmod(fd, 0600);
	close(fd);
	told("read, truncate, chmod it");
	rename("file", "file2");
	told("rename it");
	rename("file2", "inner/file");
	told("move it down");
	rename("inner/file", "inner/file3");
	told("rename it there");
	chmod("inner", 0700);
	told("chmod the directory");
	rename("inner", "inner2");
	told("rename the directory");
	rename("inner2", "inner");
	of_outer = of_inner = 0;
	link("inner/file3", "inner/name");
	told("link");
	unlink("inner/name");
	unlink("inner/file3");
	told("unlink both");
	mkdir("inner/below", 0755);
	rmdir("inner/below");
	told("mkdir, rmdir");
}

int main(void)
{
	static const struct { const char *name; unsigned mask; } kinds[] = {
		{ "DN_MODIFY", DN_MODIFY }, { "DN_CREATE", DN_CREATE }, { "DN_DELETE", DN_DELETE }, { "DN_RENAME", DN_RENAME },
		{ "DN_ATTRIB", DN_ATTRIB }, { "all but DN_ACCESS", DN_MODIFY | DN_CREATE | DN_DELETE | DN_RENAME | DN_ATTRIB },
	};
	struct sigaction sa = { .sa_sigaction = on_event, .sa_flags = SA_SIGINFO };

	sigaction(SIGRTMIN, &sa, NULL);
	mkdir("inner", 0755);
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		watch(kinds[i].name, kinds[i].mask);
		changes();
		end();
	}
	watch("DN_ACCESS", DN_ACCESS);
	entries(".");
	told("read outer's entries");
	entries("inner");
	told("read inner's");
	end();
	return 0;
}
