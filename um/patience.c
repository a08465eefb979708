/* How long the kernel waits for a thread in a stub that was told to do something. A hostile guest can keep it from answering (by a
 * forged sigreturn that masks every signal, say), so no wait is without end; but on a crowded host it may be long before there is
 * a CPU for it. So the clock alone does not judge a thread that asks for a CPU: it is given some CPU time as well. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "um.h"
#include "seccomp.h"

#define PATIENCE_NS 2000000000ull
#define CHANCE_NS 100000000ull /* of CPU time, after that */

/* Is it running, or would it if the host let it? proc(5): the state stands behind the command's name. */
static bool wants_cpu(pid_t pid)
{
	char path[32], stat[128];
	const char *name_end;
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, stat, sizeof(stat) - 1);
		close(fd);
	}
	stat[n > 0 ? n : 0] = 0;
	name_end = strrchr(stat, ')');
	return name_end && (!strncmp(name_end, ") R", 3) || !strncmp(name_end, ") D", 3));
}

bool stub_pid_overdue(pid_t pid, struct stub_wait *w)
{
	u64 now = stub_now();

	if (!w->since)
		w->since = now;
	if (now - w->since <= PATIENCE_NS)
		return false;
	if (!wants_cpu(pid))
		return true;
	if (!w->cpu)
		w->cpu = stub_cpu_time(pid);
	return stub_cpu_time(pid) - w->cpu > CHANCE_NS;
}

bool stub_overdue(const struct trap_task *t, struct stub_wait *w)
{
	return stub_pid_overdue(t->pid, w);
}

void stub_give_up(struct trap_task *t)
{
	um_verbose("the host's thread %d does not do what it is told: it is killed", t->pid);
	stub_kill_and_reap(t);
	stub_mark_dead(t, SIGKILL);
}
