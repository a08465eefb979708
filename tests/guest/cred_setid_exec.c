/* set-user-ID and set-group-ID programs: the ids that they run with, capabilities, AT_SECURE, dumpability, and what
 * no_new_privs, a shared directory and securebits do about it. */
// needs-root: it makes set-user-ID programs
/* musl */
#include <elf.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <linux/securebits.h>
#include "show.h"

static void copy_self(const char *to, uid_t uid, gid_t gid, mode_t mode)
{
	char buf[65536];
	int in = open("/proc/self/exe", O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0700);
	ssize_t n;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		write(out, buf, (size_t)n);
	close(in);
	close(out);
	chown(to, uid, gid);
	chmod(to, mode);
}

static void report(void)
{
	unsigned head[2] = { 0x20080522, 0 }, d[6] = { 0 };
	uid_t r, e, s;
	gid_t gr, ge, gs;
	int sig = -1;

	getresuid(&r, &e, &s);
	getresgid(&gr, &ge, &gs);
	syscall(SYS_capget, head, d);
	prctl(PR_GET_PDEATHSIG, &sig);
	printf(" uid %d %d %d, gid %d %d %d, setuid cap %d%d, secure %lu, dumpable %d, pdeathsig %d, personality %#x, keepcaps %d\n",
		r, e, s, gr, ge, gs, d[0] >> 7 & 1, d[1] >> 7 & 1, getauxval(AT_SECURE), prctl(PR_GET_DUMPABLE), sig,
		personality(0xffffffff) & ADDR_NO_RANDOMIZE, prctl(PR_GET_KEEPCAPS));
	fflush(stdout);
}

enum { PLAIN, NO_NEW_PRIVS, SHARED, PDEATH, NO_ROOT, AS_ROOT };

static char stack[65536] __attribute__((aligned(16)));
static const char *program;

static int runner(void *arg)
{
	long how = (long)arg;
	char *argv[] = { (char *)program, "report", NULL };

	if (how == NO_ROOT)
		prctl(PR_SET_SECUREBITS, SECBIT_NOROOT);
	setgroups(0, NULL);
	if (how != AS_ROOT && how != NO_ROOT) {
		setresgid(1000, 1000, 1000);
		setresuid(1000, 1000, 1000);
	}
	if (how == NO_NEW_PRIVS)
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (how == PDEATH) {
		prctl(PR_SET_PDEATHSIG, SIGUSR1);
		personality(ADDR_NO_RANDOMIZE);
	}
	execv(program, argv);
	printf(" %s\n", errno_name(errno));
	fflush(stdout);
	_exit(1);
}

static void run(const char *text, const char *what, long how)
{
	pid_t pid;

	program = what;
	printf("%s:\n", text);
	fflush(stdout);
	pid = clone(runner, stack + sizeof(stack), SIGCHLD | (how == SHARED ? CLONE_FS : 0), (void *)how);
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) {
		report();
		return 0;
	}
	chmod(".", 0755);
	copy_self("plain", 0, 0, 0755);
	copy_self("suid", 0, 0, 04755);
	copy_self("suid-user", 1001, 0, 04755);
	copy_self("sgid", 0, 1002, 02755);
	copy_self("sgid-lock", 0, 1002, 02745);
	copy_self("both", 1001, 1002, 06755);
	copy_self("unreadable", 0, 0, 0711);
	run("plain", "./plain", PLAIN);
	run("set-user-ID root", "./suid", PLAIN);
	run("set-user-ID another", "./suid-user", PLAIN);
	run("set-group-ID", "./sgid", PLAIN);
	run("set-group-ID without group execution", "./sgid-lock", PLAIN);
	run("both", "./both", PLAIN);
	run("unreadable", "./unreadable", PLAIN);
	run("no_new_privs", "./suid", NO_NEW_PRIVS);
	run("no_new_privs, both", "./both", NO_NEW_PRIVS);
	run("shared directory", "./suid", SHARED);
	run("death signal and personality", "./plain", PDEATH);
	run("death signal and personality, set-user-ID", "./suid", PDEATH);
	run("by root, plain", "./plain", AS_ROOT);
	run("by root, another's", "./suid-user", AS_ROOT);
	run("by root that is none", "./plain", NO_ROOT);
	return 0;
}
