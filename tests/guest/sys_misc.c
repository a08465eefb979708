/* Names, limits, priorities, affinity, prctl, getrandom, rusage: what programs ask of a system. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHOW(what, call) do { errno = 0; long r = call; printf("%s: %ld %s\n", what, r, r < 0 ? strerrorname_np(errno) : ""); } while (0)

int main(void)
{
	struct utsname u;
	struct sysinfo si;
	struct rlimit rl, old;
	struct rusage ru;
	struct sched_param sp = { 0 };
	unsigned char a[300], b[300];
	char name[17];
	cpu_set_t set, first;
	unsigned cpu = 0;
	int v;

	uname(&u);
	printf("%s %s, node %d, release %d\n", u.sysname, u.machine, u.nodename[0] != 0, u.release[0] >= '5');
	SHOW("uname, bad pointer", syscall(SYS_uname, 8));
	SHOW("sysinfo", sysinfo(&si));
	printf("memory %d, uptime %d, procs %d\n", si.totalram * si.mem_unit > 1 << 20, si.uptime > 0, si.procs > 0);

	getrlimit(RLIMIT_NOFILE, &old);
	rl.rlim_cur = 100;
	rl.rlim_max = old.rlim_max;
	SHOW("setrlimit", setrlimit(RLIMIT_NOFILE, &rl));
	getrlimit(RLIMIT_NOFILE, &rl);
	printf("soft limit %ld\n", (long)rl.rlim_cur);
	rl.rlim_cur = rl.rlim_max + 1;
	if (rl.rlim_max == RLIM_INFINITY) {
		rl.rlim_cur = 2;
		rl.rlim_max = 1;
	}
	SHOW("soft above hard", setrlimit(RLIMIT_NOFILE, &rl));
	SHOW("unknown limit", syscall(SYS_getrlimit, 16, &rl));
	SHOW("prlimit self", prlimit(0, RLIMIT_STACK, NULL, &rl));
	SHOW("prlimit nobody", syscall(SYS_prlimit64, 0x3fffffff, RLIMIT_STACK, NULL, &rl));
	SHOW("prlimit, bad pointer", syscall(SYS_prlimit64, 0, RLIMIT_STACK, NULL, 8));

	SHOW("PR_SET_NAME", prctl(PR_SET_NAME, "a name that is too long"));
	memset(name, 'x', sizeof(name));
	prctl(PR_GET_NAME, name);
	printf("name '%s'\n", name);
	SHOW("PR_SET_NAME, bad pointer", prctl(PR_SET_NAME, 8));
	SHOW("PR_SET_PDEATHSIG", prctl(PR_SET_PDEATHSIG, SIGCHLD));
	SHOW("PR_SET_PDEATHSIG bad", prctl(PR_SET_PDEATHSIG, 65));
	prctl(PR_GET_PDEATHSIG, &v);
	printf("pdeathsig %d\n", v);
	SHOW("PR_GET_DUMPABLE", prctl(PR_GET_DUMPABLE));
	SHOW("PR_SET_DUMPABLE bad", prctl(PR_SET_DUMPABLE, 2));
	SHOW("PR_SET_DUMPABLE", prctl(PR_SET_DUMPABLE, 0));
	SHOW("PR_GET_DUMPABLE", prctl(PR_GET_DUMPABLE));
	SHOW("PR_GET_KEEPCAPS", prctl(PR_GET_KEEPCAPS));
	SHOW("PR_SET_KEEPCAPS bad", prctl(PR_SET_KEEPCAPS, 2));
	SHOW("PR_GET_NO_NEW_PRIVS", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	SHOW("PR_SET_NO_NEW_PRIVS bad", prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0));
	SHOW("PR_SET_NO_NEW_PRIVS", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	SHOW("PR_GET_NO_NEW_PRIVS", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	SHOW("PR_CAPBSET_READ bad", prctl(PR_CAPBSET_READ, 1000));
	SHOW("PR_GET_TIMERSLACK", prctl(PR_GET_TIMERSLACK));
	SHOW("PR_SET_TIMERSLACK", prctl(PR_SET_TIMERSLACK, 1000));
	SHOW("PR_GET_TIMERSLACK", prctl(PR_GET_TIMERSLACK));
	SHOW("PR_SET_THP_DISABLE", prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
	SHOW("PR_GET_THP_DISABLE", prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
	SHOW("PR_GET_CHILD_SUBREAPER", prctl(PR_GET_CHILD_SUBREAPER, &v));
	printf("subreaper %d\n", v);
	SHOW("PR_GET_TSC", prctl(PR_GET_TSC, &v));
	printf("tsc %d\n", v);
	SHOW("prctl unknown", prctl(123456));

	SHOW("getrandom", getrandom(a, sizeof(a), 0));
	SHOW("getrandom", getrandom(b, sizeof(b), GRND_NONBLOCK));
	printf("differ %d\n", memcmp(a, b, sizeof(a)) != 0);
	SHOW("getrandom, bad flags", syscall(SYS_getrandom, a, 1, 8));
	SHOW("getrandom, bad pair", syscall(SYS_getrandom, a, 1, GRND_RANDOM | GRND_INSECURE));
	SHOW("getrandom, bad pointer", syscall(SYS_getrandom, 8, 16, 0));
	SHOW("getrandom, nothing", syscall(SYS_getrandom, 8, 0, 0));

	SHOW("affinity", sched_getaffinity(0, sizeof(set), &set));
	printf("some CPU %d\n", CPU_COUNT(&set) > 0);
	CPU_ZERO(&first);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &set)) {
			CPU_SET(i, &first);
			cpu = (unsigned)i;
			break;
		}
	SHOW("pin", sched_setaffinity(0, sizeof(first), &first));
	sched_getaffinity(0, sizeof(set), &set);
	printf("pinned %d\n", CPU_EQUAL(&set, &first));
	{
		unsigned now = 12345;

		SHOW("getcpu", syscall(SYS_getcpu, &now, NULL, NULL));
		printf("runs there %d, sched_getcpu %d\n", now == cpu, sched_getcpu() == (int)cpu);
	}
	CPU_ZERO(&first);
	SHOW("no CPU", sched_setaffinity(0, sizeof(first), &first));
	SHOW("odd length", syscall(SYS_sched_getaffinity, 0, 13, &set));
	SHOW("affinity of nobody", sched_getaffinity(0x3fffffff, sizeof(set), &set));

	SHOW("scheduler", sched_getscheduler(0));
	SHOW("scheduler of nobody", sched_getscheduler(0x3fffffff));
	SHOW("batch", sched_setscheduler(0, SCHED_BATCH, &sp));
	SHOW("scheduler", sched_getscheduler(0));
	SHOW("other", sched_setscheduler(0, SCHED_OTHER, &sp));
	sp.sched_priority = 3;
	SHOW("other with a priority", sched_setscheduler(0, SCHED_OTHER, &sp));
	SHOW("unknown policy", sched_setscheduler(0, 55, &sp));
	SHOW("fifo max", sched_get_priority_max(SCHED_FIFO));
	SHOW("rr min", sched_get_priority_min(SCHED_RR));
	SHOW("bad max", sched_get_priority_max(55));
	SHOW("yield", sched_yield());

	SHOW("getpriority", syscall(SYS_getpriority, PRIO_PROCESS, 0));
	SHOW("setpriority", setpriority(PRIO_PROCESS, 0, 5));
	SHOW("getpriority", syscall(SYS_getpriority, PRIO_PROCESS, 0));
	SHOW("setpriority, clamped", setpriority(PRIO_PROCESS, 0, 100));
	SHOW("getpriority", syscall(SYS_getpriority, PRIO_PROCESS, 0));
	SHOW("priority, bad kind", syscall(SYS_getpriority, 3, 0));
	SHOW("priority of nobody", syscall(SYS_getpriority, PRIO_PROCESS, 0x3fffffff));

	SHOW("rusage", getrusage(RUSAGE_SELF, &ru));
	printf("maxrss %d\n", ru.ru_maxrss > 0);
	SHOW("rusage thread", getrusage(RUSAGE_THREAD, &ru));
	SHOW("rusage children", getrusage(RUSAGE_CHILDREN, &ru));
	SHOW("rusage bad", getrusage(5, &ru));
	SHOW("personality", personality(0xffffffff));
	SHOW("personality set", personality(ADDR_NO_RANDOMIZE));
	SHOW("personality get", personality(0xffffffff));
	SHOW("capget, bad version", syscall(SYS_capget, (unsigned[]){ 1, 0 }, NULL));
	SHOW("getgroups, negative", syscall(SYS_getgroups, -1, NULL));
	return 0;
}
