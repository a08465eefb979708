/* musl */
/* exe, cwd, root, environ, cmdline, auxv: of this process and after changes. */
#include "show.h"
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char buf[65536];

static long slurp(const char *path)
{
	int fd = open(path, O_RDONLY);
	long n, len = 0;

	if (fd < 0)
		return -1;
	while ((n = read(fd, buf + len, sizeof(buf) - 1 - len)) > 0)
		len += n;
	buf[len] = 0;
	close(fd);
	return len;
}

static const char *target(const char *path)
{
	long n = readlink(path, buf, sizeof(buf) - 1);

	buf[n < 0 ? 0 : n] = 0;
	return n < 0 ? errno_name(errno) : buf;
}

int main(int argc, char **argv)
{
	struct stat st, st2;
	char here[4096], *was;
	long n;
	int st3;

	if (argc > 1) {
		n = slurp("/proc/self/cmdline");
		for (long i = 0; i < n; i++)
			if (!buf[i])
				buf[i] = '|';
		printf("cmdline %s\n", strchr(buf, '|'));
		n = slurp("/proc/self/environ");
		for (long i = 0; i < n; i++)
			if (!buf[i])
				buf[i] = '|';
		printf("environ %s\n", buf);
		return 0;
	}
	SHOW(stat("/proc/self/exe", &st));
	SHOW(stat(argv[0], &st2));
	SHOW(st.st_ino == st2.st_ino);
	was = realpath(argv[0], NULL);
	SHOW(!strcmp(target("/proc/self/exe"), was));
	mkdir("dir", 0700);
	chdir("dir");
	getcwd(here, sizeof(here));
	SHOW(!strcmp(target("/proc/self/cwd"), here));
	rmdir("../dir");
	SHOW(strstr(target("/proc/self/cwd"), "/dir (deleted)") != NULL);
	SHOW(getcwd(here, sizeof(here)) == NULL);
	chdir("..");
	printf("%s\n", target("/proc/self/root"));
	SHOW(stat("/proc/self/root/proc", &st));
	SHOW(stat("/proc/self/cwd/..", &st));
	n = slurp("/proc/self/auxv");
	SHOW(n % 16);
	for (long i = 0; i < n / 16; i++) {
		Elf64_auxv_t *a = (Elf64_auxv_t *)buf + i;

		if (a->a_type == AT_PAGESZ || a->a_type == AT_SECURE)
			printf("%ld %ld\n", (long)a->a_type, (long)a->a_un.a_val);
		if (a->a_type == AT_PHDR)
			SHOW(a->a_un.a_val == getauxval(AT_PHDR));
	}
	fflush(stdout);
	if (!fork()) {
		char *args[] = { argv[0], "one", "", "three words here", NULL }, *env[] = { "A=1", "B=", NULL };

		execve(was, args, env);
		_exit(1);
	}
	wait(&st3);
	setenv("NEW", "value", 1);
	slurp("/proc/self/environ");
	SHOW(strstr(buf, "NEW=value") == NULL);
	strcpy(argv[0], "x");
	slurp("/proc/self/cmdline");
	SHOW(buf[0] == 'x' && !buf[1]);
	return 0;
}
