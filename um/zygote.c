/* The zygote, from umk's side: asks it for children, forks some ahead, and hears of those that die. How it is started stands in
 * zygote_start.c, how threads are made in zygote_thread.c, who holds the areas in area.c. What a child does is its backend's. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "um.h"
#include "zygote_parts.h"

#define POOL_MAX 2
#define END_MS 5000             /* how long at most umk's end waits for what it has killed */

int zygote_fd = -1;
pid_t zygote_pid;
bool zygote_unsettled;
bool zygote_with_filter;

static struct { pid_t pid; unsigned area; u32 generation; } pool[POOL_MAX];
static unsigned pool_size;
static bool asked;              /* a child has been asked for and its answer not been read */
static unsigned asked_area;
static u32 bound_generation;    /* the policy of CPUs that the zygote was last bound under */
static unsigned children_taken;

/* Children that died before the zygote's answer told us who they are (a pid is told once, so a few do). */
static pid_t early_dead[16];
static unsigned early_dead_next;

/* ---- children that die ---- */

static __noreturn void zygote_is_dead(int status)
{
	zygote_pid = 0;
	if (WIFSIGNALED(status))
		um_die(125, "the zygote was killed by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	um_die(125, "the zygote ended by itself (status %d)", WEXITSTATUS(status));
}

bool zygote_child_died(pid_t pid, int status)
{
	if (pid == zygote_pid) {
		if (!zygote_unsettled)
			zygote_is_dead(status);
		zygote_pid = 0; /* zygote_ready() will say why */
		return true;
	}
	if (dying_ended(pid))
		return true;
	for (unsigned i = 0; i < pool_size; i++) {
		if (pool[i].pid == pid) {
			area_free(pool[i].area);
			pool[i] = pool[--pool_size];
			return true;
		}
	}
	if (asked) {
		early_dead[early_dead_next++ % ARRAY_SIZE(early_dead)] = pid;
		return true;
	}
	return false;
}

static bool died_early(pid_t pid)
{
	for (unsigned i = 0; i < ARRAY_SIZE(early_dead); i++) {
		if (early_dead[i] == pid) {
			early_dead[i] = 0;
			return true;
		}
	}
	return false;
}

/* ---- talking to the zygote ---- */

int zygote_read(void *buf, size_t size, int timeout_ms)
{
	struct pollfd p = { .fd = zygote_fd, .events = POLLIN };
	ssize_t n;

	for (;;) {
		n = recv(zygote_fd, buf, size, MSG_DONTWAIT);
		if (n == (ssize_t)size)
			return 0;
		if (n >= 0)
			return -EPIPE;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return -EPIPE;
		n = poll(&p, 1, timeout_ms);
		if (n == 0)
			return -ETIMEDOUT;
	}
}

int zygote_read_fd(void *buf, size_t size, int *fd)
{
	union { struct cmsghdr h; char room[CMSG_SPACE(sizeof(int))]; } control;
	struct iovec iov = { buf, size };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control) };
	struct pollfd p = { .fd = zygote_fd, .events = POLLIN };
	struct cmsghdr *c;
	ssize_t n;

	*fd = -1;
	while (poll(&p, 1, ANSWER_MS) < 0 && errno == EINTR)
		;
	n = recvmsg(zygote_fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	/* it has ended without reading all: the host says this first, and what it wrote before then */
	if (n < 0 && errno == ECONNRESET)
		n = recvmsg(zygote_fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n != (ssize_t)size)
		return -EPIPE;
	c = CMSG_FIRSTHDR(&msg);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(fd, CMSG_DATA(c), sizeof(int));
	return 0;
}

bool zygote_write(const void *buf, size_t size)
{
	ssize_t n;

	do
		n = send(zygote_fd, buf, size, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)size;
}

/* It does not answer: says why, and ends umk. */
static __noreturn void zygote_lost(void)
{
	int status;

	if (waitpid(zygote_pid, &status, WNOHANG | __WALL) == zygote_pid)
		zygote_is_dead(status);
	kill(zygote_pid, SIGKILL);
	um_die(125, "the zygote has not answered for %d seconds", ANSWER_MS / 1000);
}

static void ask(unsigned area)
{
	u32 request = area;

	bound_generation = cpu_bind_zygote(zygote_pid, bound_generation);
	if (!zygote_write(&request, sizeof(request)))
		zygote_lost();
	asked = true;
	asked_area = area;
}

/* The answer to ask(): a pid or -errno; -ESRCH: the child was killed already. @wait: until it is there; otherwise 0 if
 * it is not. */
static int collect_answer(bool wait)
{
	s64 answer;
	int err = zygote_read(&answer, sizeof(answer), wait ? ANSWER_MS : 0);

	if (err == -ETIMEDOUT && !wait)
		return 0;
	if (err)
		zygote_lost();
	asked = false;
	if (answer > 0 && died_early((pid_t)answer))
		answer = -ESRCH;
	if (answer <= 0)
		area_free(asked_area);
	return (int)answer;
}

void zygote_ask_first(void)
{
	int area = area_alloc();

	if (area >= 0)
		ask((unsigned)area);
}

void zygote_unask(void)
{
	if (asked)
		area_free(asked_area);
	asked = false;
}

bool zygote_pool_fill(void)
{
	int area, pid;

	if (asked) {
		pid = collect_answer(false);
		if (pid > 0) {
			pool[pool_size].pid = pid;
			pool[pool_size].generation = bound_generation;
			pool[pool_size++].area = asked_area;
		}
		if (pid < 0)
			children_taken = 0;
		if (pid <= 0)
			return false;
	}
	/* A program that never forks costs no spare children. */
	if (pool_size >= POOL_MAX || children_taken < 2 + pool_size)
		return false;
	area = area_alloc();
	if (area < 0)
		return false;
	ask((unsigned)area);
	return true;
}

int zygote_child(unsigned *area, pid_t *pid, u32 *generation)
{
	int r;

	children_taken++;
	if (!pool_size && !asked) {
		r = area_alloc();
		if (r < 0)
			return r;
		ask((unsigned)r);
	}
	if (asked && !pool_size) {
		r = collect_answer(true);
		if (r == -ESRCH) {
			r = area_alloc();
			if (r < 0)
				return r;
			ask((unsigned)r);
			r = collect_answer(true);
		}
		if (r == -EAGAIN && reap_dying()) { /* at the limit of processes, dead ones count */
			r = area_alloc();
			if (r < 0)
				return r;
			ask((unsigned)r);
			r = collect_answer(true);
		}
		if (r < 0) {
			um_verbose("the host refuses one more process: %s%s", strerror(-r),
				   r == -EAGAIN ? " (RLIMIT_NPROC, or pids.max of the cgroup)" : "");
			return r == -ENOMEM ? -ENOMEM : -EAGAIN;
		}
		*pid = r;
		*area = asked_area;
		*generation = bound_generation;
		return 0;
	}
	pool_size--;
	*pid = pool[pool_size].pid;
	*area = pool[pool_size].area;
	*generation = pool[pool_size].generation;
	return 0;
}

void zygote_began(void)
{
	bound_generation = cpu_bind_zygote(zygote_pid, 0);
}

/* ---- the end ---- */

bool (*zygote_knows)(pid_t pid);

static bool is_known(pid_t pid)
{
	if (pid == zygote_pid || (zygote_knows && zygote_knows(pid)))
		return true;
	for (unsigned i = 0; i < pool_size; i++)
		if (pool[i].pid == pid)
			return true;
	return is_dying(pid);
}

/* No memory is allocated here. */
void zygote_kill_strangers(void)
{
	char buf[4096], path[64], exe[64];
	int dir = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long n;

	if (dir < 0)
		return;
	while ((n = syscall(SYS_getdents64, dir, buf, sizeof(buf))) > 0) {
		for (long at = 0; at < n;) {
			const char *name = buf + at + 19; /* d_ino, d_off, d_reclen, d_type */
			u16 reclen;
			int pid = atoi(name), status;

			memcpy(&reclen, buf + at + 16, sizeof(reclen));
			at += reclen;
			if (pid <= 0 || is_known(pid))
				continue;
			snprintf(path, sizeof(path), "/proc/%d/exe", pid);
			ssize_t len = readlink(path, exe, sizeof(exe) - 1);

			if (len <= 0)
				continue;
			exe[len] = 0;
			if (strncmp(exe, "/memfd:umk-stub", 15))
				continue;
			/* ours, if it can be waited for */
			if (waitpid(pid, &status, WNOHANG | __WALL) == 0) {
				kill(pid, SIGKILL);
				zygote_wait_for(pid, &status);
			}
		}
	}
	close(dir);
}

void zygote_shutdown(void)
{
	struct timespec pause = { 0, 1000000 };
	unsigned waits = 0;
	sigset_t chld;
	s64 answer;

	/* A child that is being forked ahead: its pid has to be known. */
	if (zygote_pid > 0 && asked && (!zygote_unsettled || !zygote_read(&answer, sizeof(answer), 100)) &&
			!zygote_read(&answer, sizeof(answer), 100) && answer > 0)
		zygote_kill((pid_t)answer, asked_area);
	asked = false;
	if (zygote_pid > 0)
		zygote_kill(zygote_pid, ZYGOTE_NO_AREA);
	for (unsigned i = 0; i < pool_size; i++)
		zygote_kill(pool[i].pid, pool[i].area);
	pool_size = 0;
	zygote_pid = 0;
	/* What was killed ends as soon as the host has a CPU for it, unless a debugger holds it. What else is left after a while was
	 * there before umk was executed, or is the work of a hostile guest. */
	if (um_leaving)
		physmem_release(); /* meanwhile */
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL); /* an early end */
	while (waits < (any_dying() ? END_MS : 40)) {
		int status;
		pid_t r;

		while ((r = waitpid(-1, &status, WNOHANG | __WALL)) > 0)
			if (!WIFSTOPPED(status))
				dying_ended(r);
		if (r < 0)
			return;
		/* blocked, so one that came since then is not missed */
		if (sigtimedwait(&chld, NULL, &pause) == SIGCHLD)
			continue;
		if (waits++ == 20) {
			zygote_knows = NULL;
			zygote_kill_strangers();
		}
	}
}
