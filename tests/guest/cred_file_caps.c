/* File capabilities: permitted, inheritable and effective sets of a program, with and without ambient ones and no_new_privs;
 * and programs that ask for more than the bounding set has. */
// needs-root: it gives programs capabilities
#include <elf.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include "show.h"

#define NET_RAW 13
#define KILL 5
#define CHOWN 0
#define V2 0x02000000
#define EFFECTIVE 1

static void copy_self(const char *to)
{
	char buf[65536];
	int in = open("/proc/self/exe", O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	ssize_t n;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		write(out, buf, (size_t)n);
	close(in);
	close(out);
	chmod(to, 0755);
}

static int give(const char *file, unsigned flags, unsigned permitted, unsigned inheritable)
{
	unsigned attr[5] = { V2 | flags, permitted, inheritable, 0, 0 };

	return setxattr(file, "security.capability", attr, sizeof(attr), 0);
}

static void report(void)
{
	unsigned head[2] = { 0x20080522, 0 }, d[6] = { 0 };

	syscall(SYS_capget, head, d);
	printf(" effective %#x, permitted %#x, inheritable %#x, ambient %d, secure %lu, dumpable %d\n", d[0], d[1], d[2],
		prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, KILL, 0, 0), getauxval(AT_SECURE), prctl(PR_GET_DUMPABLE));
	fflush(stdout);
}

enum { PLAIN, NO_NEW_PRIVS, INHERITABLE, AMBIENT, BOUNDED };

static void run(const char *text, int how)
{
	char *argv[] = { "./program", "report", NULL };

	printf("%s:\n", text);
	fflush(stdout);
	if (!fork()) {
		if (how == BOUNDED)
			prctl(PR_CAPBSET_DROP, NET_RAW);
		if (how == AMBIENT || how == INHERITABLE) {
			unsigned head[2] = { 0x20080522, 0 }, d[6] = { 0 };

			prctl(PR_SET_KEEPCAPS, 1);
			setresuid(1000, 1000, 1000);
			d[0] = d[1] = d[2] = 1u << KILL;
			syscall(SYS_capset, head, d);
			if (how == AMBIENT)
				prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, KILL, 0, 0);
		} else {
			setresuid(1000, 1000, 1000);
		}
		if (how == NO_NEW_PRIVS)
			prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		execv(argv[0], argv);
		printf(" %s\n", errno_name(errno));
		fflush(stdout);
		_exit(1);
	}
	wait(NULL);
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) {
		report();
		return 0;
	}
	chmod(".", 0755);
	copy_self("program");
	if (give("program", EFFECTIVE, 1u << NET_RAW, 0) < 0) {
		printf("no file capabilities here: %s\n", errno_name(errno));
		return 0;
	}
	run("permitted and effective", PLAIN);
	run("no_new_privs", NO_NEW_PRIVS);
	run("not in the bounding set", BOUNDED);
	run("with ambient ones", AMBIENT);
	give("program", 0, 1u << NET_RAW, 0);
	run("permitted", PLAIN);
	run("not in the bounding set", BOUNDED);
	give("program", 0, 0, 1u << KILL | 1u << CHOWN);
	run("inheritable", INHERITABLE);
	run("inheritable and ambient", AMBIENT);
	run("inheritable that nobody has", PLAIN);
	give("program", EFFECTIVE, 1u << NET_RAW, 1u << KILL);
	run("all", INHERITABLE);
	chmod("program", 04755);
	run("set-user-ID root with capabilities", PLAIN);
	removexattr("program", "security.capability");
	chmod("program", 0755);
	run("none", PLAIN);
	run("none, inheritable", INHERITABLE);
	run("none, ambient", AMBIENT);
	run("none, ambient, no_new_privs", NO_NEW_PRIVS);
	return 0;
}
