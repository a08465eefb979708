/* Operations on processes: children that do something and end, groups and sessions, waiting in its forms, credentials, limits
 * and attributes. A child that lives on sleeps until a later step kills it. */
#include <grp.h>
#include <pthread.h>
#include <sys/fsuid.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "diff.h"

static pid_t children[3];

pid_t fork_child(void)
{
	pid_t parent = getpid(), pid;
	sigset_t all, old;

	/* Nothing may come between the fork and the defaults. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(9);
		for (int sig = 1; sig < 65; sig++)
			signal(sig, SIG_DFL);
		sigemptyset(&old);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return pid;
}

/* Numbers of processes in words. */
static const char *who(pid_t pid)
{
	static char text[16];

	if (pid == getpid())
		return "self";
	for (int i = 0; i < 3; i++)
		if (pid > 0 && pid == children[i]) {
			snprintf(text, sizeof(text), "child%d", i);
			return text;
		}
	return pid == 0 ? "0" : pid == -1 ? strerrorname_np(errno) : pid == getppid() ? "parent" : "other";
}

static void show_status(int status)
{
	if (WIFEXITED(status))
		out(" exit %d", WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		out(" signal %d", WTERMSIG(status));
	else if (WIFSTOPPED(status))
		out(" stopped %d", WSTOPSIG(status));
	else if (WIFCONTINUED(status))
		out(" continued");
	else
		out(" status %x", status);
}

static void child_does(void)
{
	static const int deadly[] = { SIGKILL, SIGTERM, SIGUSR1, SIGABRT, SIGSEGV, 34, SIGPIPE };
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	switch (R(8)) {
	case 0: _exit(R(300));
	case 1: kill(getpid(), PICK(deadly)); break;
	case 2: *(volatile int *)8 = 1; break;
	case 3: close(3 + R(6)); lseek(3 + R(6), 5, SEEK_SET); break;
	case 4: mkdir("d", 0755); chdir("d"); close(open("a", O_CREAT | O_RDWR, 0600)); break;
	case 5: raise(SIGCHLD); raise(SIGURG); umask(0); break;
	case 6: if (write(3 + R(6), "child", 5)) {} break;
	default: setsid(); setpgid(0, 0); _exit(getpgrp() == getpid());
	}
	_exit(4);
}

static void op_fork(void)
{
	pid_t pid = fork_child();
	int status = 0;

	if (pid < 0) {
		result(-1);
		return;
	}
	if (!pid)
		child_does();
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	show_status(status);
	out("\n");
}

static void op_vfork(void)
{
	int status = 0, code = R(256);
	pid_t pid = vfork();

	if (!pid)
		_exit(code);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	show_status(status);
	out("\n");
}

static void op_child(void)
{
	pid_t parent = getpid();
	int i = R(3);

	if (children[i]) {
		out(" %d is there\n", i);
		return;
	}
	children[i] = fork_child();
	/* PR_SET_PDEATHSIG needs the right to send it, which a parent with another uid has not. */
	if (!children[i]) {
		while (getppid() == parent)
			usleep(20000);
		_exit(0);
	}
	out(" %d\n", i);
}

/* A continued process tells its parent itself, on its way out of the kernel: so it has when it sleeps again. */
static void wait_until_asleep(pid_t pid)
{
	char path[32], stat[64] = "";
	const char *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	for (;;) {
		int fd = open(path, O_RDONLY);
		ssize_t n = fd < 0 ? -1 : read(fd, stat, sizeof(stat) - 1);

		close(fd);
		state = n > 0 ? strchr(stat, ')') : NULL;
		if (!state || state[2] == 'S')
			return;
		sched_yield();
	}
}

static void op_kill_child(void)
{
	int i = R(3), sig = VALUE(SIGKILL, SIGTERM, SIGUSR1, 0, SIGCHLD, SIGSTOP, 65, SIGRTMIN), status = 0;
	pid_t pid = children[i];

	out(" child%d", i);
	if (!pid) {
		out(" none\n");
		return;
	}
	if (kill(pid, sig)) {
		result(-1);
		return;
	}
	if (sig == 0 || sig == SIGCHLD) {
		out(" still %s\n", who(waitpid(pid, &status, WNOHANG)));
		return;
	}
	while (waitpid(pid, &status, WUNTRACED) < 0 && errno == EINTR)
		;
	show_status(status);
	if (WIFSTOPPED(status)) {
		kill(pid, SIGCONT);
		while (waitpid(pid, &status, WCONTINUED) < 0 && errno == EINTR)
			;
		show_status(status);
		wait_until_asleep(pid);
	} else {
		children[i] = 0;
	}
	out("\n");
}

static void op_waitid(void)
{
	siginfo_t si = { 0 };
	int i = R(4);
	idtype_t type = VALUE(P_PID, P_ALL, P_PGID, 9);
	int options = VALUE(WEXITED, WEXITED | WSTOPPED, WSTOPPED, WEXITED | WNOWAIT, 0, WCONTINUED);

	out(" %d", i);
	if (result(waitid(type, i < 3 && type == P_PID ? (id_t)children[i] : type == P_PGID ? (id_t)getpgrp() : 99999999, &si, options | WNOHANG)) == 0)
		out("  %s %d\n", who(si.si_pid), si.si_code);
}

static void op_waitpid(void)
{
	int status;
	pid_t pid = chance(50) ? -1 : chance(50) ? 0 : 99999999;

	out(" %d %s\n", pid, who(waitpid(pid, &status, VALUE(WNOHANG, WNOHANG | WUNTRACED, WNOHANG | 64))));
}

static void op_wait_order(void)
{
	siginfo_t si = { 0 };
	int code = R(100), status = 0;
	pid_t pid = fork_child();

	if (!pid)
		_exit(code);
	while (waitid(P_PID, pid, &si, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	out(" %d %d", si.si_code, si.si_status);
	out(" zombie kill %d", kill(pid, 0));
	out(" setpgid %d", setpgid(pid, 0) ? errno : 0);
	result(waitpid(pid, &status, WNOHANG) == pid);
}

static void op_group(void)
{
	int i = R(4);
	pid_t pid = i < 3 ? children[i] : 0;

	switch (R(6)) {
	case 0: out(" setpgid %d", i); result(setpgid(pid, 0)); break;
	case 1: out(" getpgid %d", i); out(" %s\n", who(getpgid(pid))); break;
	case 2: out(" getsid %d %s\n", i, who(getsid(pid))); break;
	case 3: out(" setsid %s\n", who(setsid())); break;
	case 4: out(" setpgid to group %d", i); result(setpgid(pid, i < 2 ? children[i + 1] : 99999999)); break;
	default: out(" setpgid other"); result(setpgid(99999999, 0));
	}
}

static void show_ids(void)
{
	uid_t r, e, s;
	gid_t gr, ge, gs;

	getresuid(&r, &e, &s);
	getresgid(&gr, &ge, &gs);
	out("  %d %d %d, %d %d %d\n", r, e, s, gr, ge, gs);
}

#define ID() ((unsigned)VALUE(0, 1000, 1001, -1, 1000))
static void op_ids(void)
{
	unsigned a, b;

	switch (R(9)) {
	case 0: result(setuid(ID())); break;
	case 1: result(setgid(ID())); break;
	case 2: a = ID(), b = ID(); result(setreuid(a, b)); break;
	case 3: a = ID(), b = ID(); result(setregid(a, b)); break;
	case 4: a = ID(), b = ID(); result(setresuid(a, b, ID())); break;
	case 5: a = ID(), b = ID(); result(setresgid(a, b, ID())); break;
	case 6: result(setfsuid(ID())); break;
	case 7: result(setfsgid(ID())); break;
	default: {
		gid_t groups[3] = { 1000, 5, 1001 };
		result(setgroups(VALUE(0, 1, 3, -1), groups));
	}
	}
	show_ids();
}

static void op_prctl(void)
{
	int option = VALUE(PR_GET_DUMPABLE, PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_GET_KEEPCAPS, PR_GET_NO_NEW_PRIVS, PR_SET_NO_NEW_PRIVS,
			   PR_GET_SECUREBITS, PR_CAPBSET_READ, PR_GET_TIMERSLACK, PR_SET_TIMERSLACK, PR_GET_TSC, PR_GET_THP_DISABLE, 12345);

	result(prctl(option, VALUE(0, 1, 2, 40, 100), 0, 0, 0));
}

static void op_rlimit(void)
{
	struct rlimit r = { 0, 0 };
	int what = VALUE(RLIMIT_NOFILE, RLIMIT_FSIZE, RLIMIT_STACK, RLIMIT_NICE, RLIMIT_DATA, 16);

	if (chance(40)) {
		r.rlim_cur = VALUE(20, 100000, 5000, -1);
		r.rlim_max = VALUE(1000, 100000, 5000, -1);
		if (what == RLIMIT_DATA || what == RLIMIT_STACK)
			r.rlim_cur = r.rlim_max = RLIM_INFINITY;
		result(setrlimit(what, &r));
	} else {
		result(getrlimit(what, &r));
		if (what == RLIMIT_NICE)
			out("  %ld %ld\n", (long)r.rlim_cur, (long)r.rlim_max);
	}
}

static void op_nice(void)
{
	int prio = VALUE(0, 5, 10, 19, 40);

	result(setpriority(VALUE(PRIO_PROCESS, PRIO_PROCESS, 9), 0, prio));
	errno = 0;
	result(getpriority(PRIO_PROCESS, 0));
}

static void op_sched(void)
{
	struct sched_param p = { .sched_priority = VALUE(0, 0, 1, 100) };

	result(sched_setscheduler(0, VALUE(SCHED_OTHER, SCHED_BATCH, SCHED_IDLE, 99), &p));
	result(sched_getscheduler(0));
}

static void op_personality(void) { result(personality(VALUE(0xffffffff, 0, ADDR_NO_RANDOMIZE, 0xffffffff))); }

/* ---- futexes and threads ---- */

static uint32_t words[4];

static void op_futex(void)
{
	struct timespec ts = { 0, 1000 };
	int i = R(4), op;
	bool locked = false;

	switch (R(7)) {
	case 0: result(syscall(SYS_futex, &words[i], VALUE(0, 128), words[i] + 1, NULL, NULL, 0)); break;
	case 1: result(syscall(SYS_futex, &words[i], VALUE(0, 128), words[i], &ts, NULL, 0)); break;
	case 2: result(syscall(SYS_futex, &words[i], VALUE(1, 129), VALUE(0, 1, 5), NULL, NULL, 0)); break;
	case 3: result(syscall(SYS_futex, &words[i], 4, 1, 1, &words[(i + 1) % 4], VALUE(0, 1, 7))); break;
	case 4:
		op = VALUE(0, 1, 2, 3, 4, 8, 9) << 28 | VALUE(0, 1, 2, 5, 6) << 24 | R(8) << 12 | R(8);
		result(syscall(SYS_futex, &words[i], 5, 1, 1, &words[(i + 1) % 4], op));
		break;
	case 5: result(syscall(SYS_futex, (char *)&words[i] + 1, 1, 1, NULL, NULL, 0)); break;
	default:
		locked = true;
		words[i] = VALUE(0, 99999999);
		result(syscall(SYS_futex, &words[i], VALUE(9, 10, 6, 7, 8, 99), 0, &ts, NULL, VALUE(0, -1)));
	}
	out(" ");
	for (int w = 0; w < 4; w++)
		out(" %d", w == i && locked && words[w] == (uint32_t)getpid() ? -1 : (int)words[w]);
	out("\n");
	if (locked && (words[i] & 0x3fffffff) == (uint32_t)getpid())
		words[i] = 0;
}

static void *thread(void *arg)
{
	uint32_t *w = arg;

	while (__atomic_load_n(w, __ATOMIC_SEQ_CST) != 77)
		syscall(SYS_futex, w, 128, 0, NULL, NULL, 0);
	__atomic_add_fetch(&words[3], 1, __ATOMIC_SEQ_CST);
	return NULL;
}

static void op_threads(void)
{
	static uint32_t gate;
	pthread_t t[3];
	int n = 1 + R(3);

	gate = 0;
	for (int i = 0; i < n; i++)
		if (pthread_create(&t[i], NULL, thread, &gate))
			n = i;
	__atomic_store_n(&gate, 77, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &gate, 129, 100, NULL, NULL, 0);
	for (int i = 0; i < n; i++)
		pthread_join(t[i], NULL);
	out(" %d %u\n", n, words[3]);
}

const struct op proc_ops[] = {
	{ "fork", op_fork, 14 }, { "vfork", op_vfork, 3 }, { "child", op_child, 8 }, { "kill_child", op_kill_child, 12 },
	{ "waitid", op_waitid, 8 }, { "waitpid", op_waitpid, 6 }, { "wait_order", op_wait_order, 4 }, { "group", op_group, 10 },
	{ "ids", op_ids, 12 }, { "prctl", op_prctl, 8 }, { "rlimit", op_rlimit, 6 }, { "nice", op_nice, 4 }, { "sched", op_sched, 4 },
	{ "personality", op_personality, 2 }, { "futex", op_futex, 16 }, { "threads", op_threads, 3 }, { 0 }
};

void state_process(void)
{
	struct rlimit r = { 0, 0 };
	gid_t groups[8];
	int n = getgroups(8, groups);

	out("process: umask %o, group %s, session %s, nice %d", umask(0), who(getpgrp()), who(getsid(0)), getpriority(PRIO_PROCESS, 0));
	getrlimit(RLIMIT_FSIZE, &r);
	out(", fsize %ld, groups", (long)r.rlim_cur);
	for (int i = 0; i < n; i++)
		out(" %u", groups[i]);
	out("\n");
	show_ids();
}
