/* The zygote, from umk's side: starts it, cleans it, asks it for children, and keeps the books of areas and of children
 * that nobody runs in: those forked ahead, and those that are dying. What a child then does is its backend's. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cpuid.h>

#include "um.h"
#include "zygote.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x10u
#endif
#define ANSWER_MS 10000         /* a zygote that has not answered for so long is taken for dead */
#define POOL_MAX 2
#define EXEC_TRIES 8            /* without ADDR_NO_RANDOMIZE the first stack may lie where the stub must */
#define VDSO_HOME 0x7ffff7f00000 /* where vdso and vvar go if the host put them in the guests' range */

extern const char stub_image_start[], stub_image_end[];

struct stub_ctl *stub_ctl;
static int ctl_fd = -1, bell_fd = -1, image_fd = -1, zygote_fd = -1;
static int listener_fd = -1;    /* seccomp's notifications, or -1 */
static pid_t zygote_pid;
static bool with_filter;

static struct { pid_t pid; unsigned area; u32 generation; } pool[POOL_MAX];
static unsigned pool_size;
static bool asked;              /* a child has been asked for and its answer not been read */
static unsigned asked_area;
static u32 bound_generation;    /* the policy of CPUs that the zygote was last bound under */
static unsigned children_taken;

/* Children that died before the zygote's answer told us who they are (a pid is told once, so a few do). */
static pid_t early_dead[16];
static unsigned early_dead_next;

static struct dying { pid_t pid; unsigned area; } *dying;
static unsigned nr_dying, cap_dying;

/* ---- areas ---- */

/* An area is also the right to have one more host process: with either backend a guest that forks without end meets umk's
 * limit, which leaves room for the host's other programs. */

static u64 area_bits[STUB_MAX_AREAS / 64];
static unsigned area_hint;

static void reap_one_dying(void);
static void kill_strangers(void);

static int area_find(void)
{
	const unsigned words = ARRAY_SIZE(area_bits);

	for (unsigned i = 0; i < words; i++) {
		unsigned w = (area_hint + i) % words;

		if (~area_bits[w]) {
			unsigned bit = (unsigned)__builtin_ctzll(~area_bits[w]);

			area_bits[w] |= 1ull << bit;
			area_hint = w;
			return (int)(w * 64 + bit);
		}
	}
	return -EAGAIN;
}

static u64 read_limit(const char *path, u64 max)
{
	unsigned long long n;
	FILE *f = fopen(path, "re");

	if (!f)
		return max;
	if (fscanf(f, "%llu", &n) == 1 && n < max)
		max = n;
	fclose(f);
	return max;
}

/* Takes away the areas that the host could not fill: a quarter of what it has for all users, all but a few of what it
 * has for this one. */
static void limit_areas(void)
{
	u64 max = read_limit("/proc/sys/kernel/pid_max", read_limit("/proc/sys/kernel/threads-max", 4 * STUB_MAX_AREAS)) / 4;
	u64 user = read_limit("/sys/fs/cgroup/pids.max", ~0ull);
	struct rlimit r;

	if (!getrlimit(RLIMIT_NPROC, &r) && r.rlim_cur < user)
		user = r.rlim_cur;
	user = user > 64 ? user - user / 8 : user;
	if (user < max)
		max = user;
	for (unsigned i = max < 16 ? 16 : (unsigned)max; i < STUB_MAX_AREAS; i++)
		area_bits[i / 64] |= 1ull << i % 64;
}

int area_alloc(void)
{
	struct stub_frame *f;
	int area = area_find();

	while (area < 0 && nr_dying) {
		reap_one_dying();
		area = area_find();
	}
	if (area < 0)
		return area;
	if (!with_filter)
		return area;
	/* Only the hand-off line matters; events overwrite the rest. */
	f = area_frame((unsigned)area);
	memset(f, 0, offsetof(struct stub_frame, regs));
	f->index = (u32)area;
	return area;
}

void area_free(unsigned area)
{
	if (area >= STUB_MAX_AREAS)
		return;
	area_bits[area / 64] &= ~(1ull << area % 64);
	if (area / 64 < area_hint)
		area_hint = area / 64;
}

/* ---- children that die ---- */

static void dying_end(unsigned i)
{
	area_free(dying[i].area);
	dying[i] = dying[--nr_dying];
}

static pid_t wait_for(pid_t pid, int *status)
{
	pid_t r;

	do
		r = waitpid(pid, status, __WALL);
	while (r < 0 && errno == EINTR);
	return r;
}

static void reap_one_dying(void)
{
	wait_for(dying[nr_dying - 1].pid, NULL);
	dying_end(nr_dying - 1);
}

void zygote_reap_later(pid_t pid, unsigned area)
{
	if (nr_dying == cap_dying) {
		unsigned cap = cap_dying ? 2 * cap_dying : 32;
		struct dying *d = realloc(dying, cap * sizeof(*d));

		if (!d) { /* then now */
			wait_for(pid, NULL);
			area_free(area);
			return;
		}
		dying = d;
		cap_dying = cap;
	}
	dying[nr_dying++] = (struct dying){ pid, area };
}

static __noreturn void zygote_is_dead(int status)
{
	zygote_pid = 0;
	if (WIFSIGNALED(status))
		um_die(125, "the zygote was killed by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	um_die(125, "the zygote ended by itself (status %d)", WEXITSTATUS(status));
}

bool zygote_child_died(pid_t pid, int status)
{
	if (pid == zygote_pid)
		zygote_is_dead(status);
	for (unsigned i = 0; i < nr_dying; i++) {
		if (dying[i].pid == pid) {
			dying_end(i);
			return true;
		}
	}
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

/* Exactly @size bytes. 0, -ETIMEDOUT, -EPIPE (it is gone). */
static int zygote_read(void *buf, size_t size, int timeout_ms)
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

/* The same, with a descriptor that may come along. */
static int zygote_read_fd(void *buf, size_t size, int *fd)
{
	union { struct cmsghdr h; char room[CMSG_SPACE(sizeof(int))]; } control;
	struct iovec iov = { buf, size };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control) };
	struct pollfd p = { .fd = zygote_fd, .events = POLLIN };
	struct cmsghdr *c;

	*fd = -1;
	while (poll(&p, 1, ANSWER_MS) < 0 && errno == EINTR)
		;
	if (recvmsg(zygote_fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) != (ssize_t)size)
		return -EPIPE;
	c = CMSG_FIRSTHDR(&msg);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(fd, CMSG_DATA(c), sizeof(int));
	return 0;
}

static bool zygote_write(const void *buf, size_t size)
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
		if (r == -EAGAIN && nr_dying) { /* at the limit of processes, dead ones count */
			while (nr_dying)
				reap_one_dying();
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

int zygote_bell_fd(void)
{
	return bell_fd;
}

/* ---- threads ---- */

/* A guest can make stub code call clone; only what umk ordered may succeed, or there would be host threads that nobody
 * knows, and that outlive umk. So the host asks umk about clone and about the new thread's first call,
 * prctl(PR_SET_PDEATHSIG), and tells who is asking, which no guest could be believed about. */

#define THREAD_MS 2000

/* The next question, if there is one within @timeout_ms. */
static bool next_question(struct seccomp_notif *n, int timeout_ms)
{
	static union { struct seccomp_notif n; char room[512]; } buf; /* a newer host's may be longer */
	struct pollfd p = { .fd = listener_fd, .events = POLLIN };

	if (poll(&p, 1, timeout_ms) <= 0 || !(p.revents & POLLIN))
		return false;
	memset(&buf, 0, sizeof(buf));
	if (ioctl(listener_fd, SECCOMP_IOCTL_NOTIF_RECV, &buf))
		return false;
	*n = buf.n;
	return true;
}

static void reply(const struct seccomp_notif *n, int error)
{
	static union { struct seccomp_notif_resp r; char room[512]; } buf;

	buf.r = (struct seccomp_notif_resp){ .id = n->id, .error = error,
		.flags = error ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE };
	ioctl(listener_fd, SECCOMP_IOCTL_NOTIF_SEND, &buf); /* if it fails the asker is dead */
}

/* A question that nothing ordered has led to: a hostile guest. */
static void refuse(const struct seccomp_notif *n)
{
	if (n->data.nr == SYS_clone)
		reply(n, -EPERM);
	else
		kill((pid_t)n->pid, SIGKILL);
}

static void strangers_ask(u32 events)
{
	struct seccomp_notif n;

	while (next_question(&n, 0))
		refuse(&n);
}

/* Some time for the question to come without a sleep, then sleeps of some milliseconds. */
static bool wait_question(struct seccomp_notif *n, unsigned round)
{
	return next_question(n, round < 200 ? 0 : 5);
}

static pid_t no_listener_thread(const struct stub_frame *f)
{
	s64 pid = 0;

	for (unsigned i = 0; i < 200 + THREAD_MS; i++) {
		if (__atomic_load_n(&f->state, __ATOMIC_ACQUIRE) == STUB_POSTED) {
			pid = READ_ONCE(f->result);
			break;
		}
		poll(NULL, 0, i < 200 ? 0 : 1);
	}
	if (pid < 0 && pid > -MAX_ERRNO)
		return (pid_t)pid;
	/* The guest may have forged it: it must at least be a child of umk's. */
	if (pid <= 0 || pid > 0x7fffffff || waitpid((pid_t)pid, NULL, WNOHANG | __WALL | WNOWAIT) != 0)
		return -EIO;
	return (pid_t)pid;
}

pid_t zygote_new_thread(pid_t creator, const struct stub_frame *f)
{
	struct seccomp_notif n;
	bool cloned = false;

	if (listener_fd < 0)
		return no_listener_thread(f);
	for (unsigned i = 0; i < 200 + THREAD_MS / 5; i++) {
		if (!wait_question(&n, i)) {
			/* The host may have refused; a result that is forged costs the guest its own new thread. */
			if (__atomic_load_n(&f->state, __ATOMIC_ACQUIRE) == STUB_POSTED) {
				s64 result = READ_ONCE(f->result);

				if (result < 0 && result > -MAX_ERRNO)
					return (pid_t)result;
			}
			continue;
		}
		if (n.data.nr == SYS_clone && !cloned && (pid_t)n.pid == creator) {
			reply(&n, 0);
			cloned = true;
			i = 0;
		} else if (n.data.nr == SYS_prctl && cloned) {
			reply(&n, 0);
			return (pid_t)n.pid;
		} else {
			refuse(&n);
		}
	}
	kill_strangers();
	return -EIO;
}

/* ---- the start ---- */

/* Ignored in stubs: what the terminal or a careless kill(2) sends to the whole process group is umk's to pass on; ^Z stops
 * go through umk as well (stop_all): a guest may catch SIGTSTP. Signals that tell of a fault are what they are. */
static const int ignored[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGPIPE, SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGIO,
	SIGPWR };

static void stub_signals(void)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int sig = 1; sig < 65; sig++)
		sigaction(sig, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	for (unsigned i = 0; i < ARRAY_SIZE(ignored); i++)
		sigaction(ignored[i], &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void stub_limits(void)
{
	struct rlimit r = { 0, 0 };

	/* A dump of a stub helps nobody, and older hosts kill all that share the address space for it. */
	setrlimit(RLIMIT_CORE, &r);
	/* mmap_base depends on it; unlimited would put the vdso low. */
	getrlimit(RLIMIT_STACK, &r);
	if (r.rlim_cur == RLIM_INFINITY || r.rlim_cur > 8u << 20) {
		r.rlim_cur = 8u << 20;
		setrlimit(RLIMIT_STACK, &r);
	}
}

static void close_from(unsigned first)
{
	struct rlimit r;

	if (!syscall(SYS_close_range, first, ~0u, 0))
		return;
	getrlimit(RLIMIT_NOFILE, &r);
	for (unsigned fd = first; fd < r.rlim_cur && fd < 1u << 20; fd++)
		close((int)fd);
}

/* In the forked child: becomes the stub image. Returns only if it cannot: the number of the step, errno is set. */
static int become_zygote(int sock, pid_t umk, int report)
{
	char *const argv[] = { "umk-stub", NULL };
	char *const envp[] = { NULL };
	const int from[] = { physmem_fd, ctl_fd, bell_fd, sock, image_fd, report };
	int high[ARRAY_SIZE(from)];

	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		return 1;
	if (getppid() != umk)
		_exit(0);
	stub_signals();
	stub_limits();
	/* A container may refuse this; umk then moves what lies in the way. */
	personality(ADDR_NO_RANDOMIZE);
	for (unsigned i = 0; i < ARRAY_SIZE(from); i++) {
		high[i] = fcntl(from[i], F_DUPFD, 16);
		if (high[i] < 0)
			return 2;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(from); i++)
		if (dup2(high[i], STUB_PHYS_FD + (int)i) < 0)
			return 2;
	fcntl(STUB_PHYS_FD + 4, F_SETFD, FD_CLOEXEC); /* the image */
	fcntl(STUB_PHYS_FD + 5, F_SETFD, FD_CLOEXEC); /* the report */
	close_from(STUB_PHYS_FD + ARRAY_SIZE(from));
	for (int fd = 0; fd < STUB_PHYS_FD; fd++)
		close(fd);
	syscall(SYS_execveat, STUB_PHYS_FD + 4, "", argv, envp, AT_EMPTY_PATH);
	return 3;
}

static const char *const step_names[] = { "", "prctl(PR_SET_PDEATHSIG)", "its descriptors", "execveat of its memfd" };

/* Forks and executes the zygote. 0, or -errno after um_reason(); -ERESTART to try again. */
static int launch(void)
{
	int sv[2], report[2], status = 0;
	struct { int step, err; } failed = { 0, 0 };
	pid_t umk = getpid();
	ssize_t n;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sv)) {
		um_reason("no socket pair for the zygote: %s", strerror(errno));
		return -errno;
	}
	if (pipe2(report, O_CLOEXEC)) {
		int err = errno;

		close(sv[0]);
		close(sv[1]);
		um_reason("no pipe for the zygote: %s", strerror(err));
		return -err;
	}
	zygote_pid = vfork();
	if (zygote_pid == 0) {
		failed.step = become_zygote(sv[1], umk, report[1]);
		failed.err = errno;
		/* the report's end may have moved, and one of the two is closed */
		if (write(failed.step == 3 ? STUB_PHYS_FD + 5 : report[1], &failed, sizeof(failed)) < 0)
			_exit(2);
		_exit(1);
	}
	close(sv[1]);
	close(report[1]);
	if (zygote_pid < 0) {
		int err = errno;

		close(sv[0]);
		close(report[0]);
		zygote_pid = 0;
		um_reason("fork of the zygote: %s%s", strerror(err),
			  err == EAGAIN ? " (RLIMIT_NPROC, or pids.max of the cgroup)" : "");
		return -err;
	}
	do
		n = read(report[0], &failed, sizeof(failed));
	while (n < 0 && errno == EINTR);
	close(report[0]);
	zygote_fd = sv[0];
	if (n == sizeof(failed)) {
		wait_for(zygote_pid, &status);
		zygote_pid = 0;
		um_reason("the zygote could not start: %s: %s%s",
			  step_names[failed.step > 0 && failed.step < 4 ? failed.step : 0], strerror(failed.err),
			  failed.step == 3 && failed.err == EACCES ? " (sysctl vm.memfd_noexec, or a security module)" : "");
		return failed.err ? -failed.err : -EIO;
	}
	return 0;
}

/* The image in a memfd that can be executed. A descriptor or -errno. */
static int image_memfd(void)
{
	size_t size = (size_t)(stub_image_end - stub_image_start), done = 0;
	int fd = memfd_create("umk-stub", MFD_CLOEXEC | MFD_EXEC);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("umk-stub", MFD_CLOEXEC);
	if (fd < 0) {
		um_reason("memfd_create: %s%s", strerror(errno), errno == EACCES ? " (sysctl vm.memfd_noexec)" : "");
		return -errno;
	}
	while (done < size) {
		ssize_t n = write(fd, stub_image_start + done, size - done);

		if (n <= 0) {
			int err = n ? errno : EIO;

			if (err == EINTR)
				continue;
			um_reason("writing the stub's image: %s%s", strerror(err), err == EFBIG ? " (RLIMIT_FSIZE)" : "");
			close(fd);
			return -err;
		}
		done += (size_t)n;
	}
	return fd;
}

/* Sorts the zygote's mappings into what stays, what goes and what moves; fills trap_layout's vdso. 0 or -errno. */
static int read_maps(u64 vdso, struct zygote_setup *s)
{
	u64 start, end, vvar_start = 0, vvar_end = 0, vdso_end = 0, from = 0;
	char path[32], line[512];
	FILE *maps;
	int err = 0;

	snprintf(path, sizeof(path), "/proc/%d/maps", zygote_pid);
	maps = fopen(path, "re");
	if (!maps) {
		err = errno;
		um_reason("%s: %s (is /proc mounted?)", path, strerror(err));
		return -err;
	}
	while (fgets(line, sizeof(line), maps)) {
		unsigned long long a, b;

		if (sscanf(line, "%llx-%llx", &a, &b) != 2)
			continue;
		start = a;
		end = b;
		if (start >> 47 || (start >= STUB_BASE && end <= STUB_END))
			continue;
		bool is_vdso = vdso && start <= vdso && vdso < end;

		if (is_vdso || strstr(line, "[vvar")) {
			if (is_vdso)
				vdso_end = end;
			else if (!vvar_start || start < vvar_start)
				vvar_start = start;
			if (!is_vdso && end > vvar_end)
				vvar_end = end;
			if (s->nr_move == ZYGOTE_MAX_RANGES)
				err = -E2BIG;
			else
				s->move[s->nr_move++] = (typeof(s->move[0])){ start, end - start, 0 };
		} else if (s->nr_drop == ZYGOTE_MAX_RANGES) {
			err = -E2BIG;
		} else {
			s->drop[s->nr_drop++] = (typeof(s->drop[0])){ start, end - start };
		}
	}
	fclose(maps);
	if (err) {
		um_reason("the zygote's address space has too many parts");
		return err;
	}
	/* The lowest of them is the origin of the move; one above the stub stays where it is. */
	for (u32 i = 0; i < s->nr_move; i++)
		if (!from || s->move[i].start < from)
			from = s->move[i].start;
	if (from >= STUB_END || !s->nr_move) {
		s->nr_move = 0;
		from = 0;
	}
	for (u32 i = 0; i < s->nr_move; i++)
		s->move[i].to = s->move[i].start - from + VDSO_HOME;
	u64 shift = from ? VDSO_HOME - from : 0;

	trap_layout.vdso_start = vdso && vdso_end ? vdso + shift : 0;
	trap_layout.vdso_end = vdso && vdso_end ? vdso_end + shift : 0;
	trap_layout.vvar_start = vvar_start ? vvar_start + shift : 0;
	trap_layout.vvar_end = vvar_start ? vvar_end + shift : 0;
	return 0;
}

/* Size and features of the extended state. AMX is left out: a thread has to ask the host for it. */
static void read_xstate(void)
{
	const u64 amx = 3ull << 17;
	u32 a, b, c, d, low, high;

	__cpuid(1, a, b, c, d);
	if (!(c & bit_OSXSAVE))
		um_die(125, "this CPU has no XSAVE");
	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	trap_layout.xfeatures = ((u64)high << 32 | low) & ~amx;
	trap_layout.xsave_size = 512 + 64;
	for (u32 i = 2; i < 63; i++) {
		if (!(trap_layout.xfeatures >> i & 1))
			continue;
		__cpuid_count(0xd, i, a, b, c, d);
		if (a + b > trap_layout.xsave_size)
			trap_layout.xsave_size = a + b;
	}
	if (trap_layout.xsave_size > AREA_STACK - AREA_XSAVE)
		um_die(125, "the CPU's extended state is too large (%u bytes)", trap_layout.xsave_size);
}

static int make_shared(void)
{
	if (ctl_fd >= 0)
		return 0;
	ctl_fd = um_memfd("umk-ctl", STUB_CTL_SIZE);
	if (ctl_fd < 0) {
		um_reason("shared memory for the stubs: %s", strerror(-ctl_fd));
		return ctl_fd;
	}
	stub_ctl = mmap(NULL, STUB_CTL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, ctl_fd, 0);
	if (stub_ctl == MAP_FAILED) {
		um_reason("shared memory for the stubs: %s (RLIMIT_AS?)", strerror(errno));
		return -errno;
	}
	bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (bell_fd < 0) {
		um_reason("eventfd: %s", strerror(errno));
		return -errno;
	}
	image_fd = image_memfd();
	return image_fd < 0 ? image_fd : 0;
}

static void abandon(void)
{
	if (zygote_pid > 0) {
		kill(zygote_pid, SIGKILL);
		wait_for(zygote_pid, NULL);
	}
	zygote_pid = 0;
	if (zygote_fd >= 0)
		close(zygote_fd);
	zygote_fd = -1;
}

/* One attempt. @listener: thread creation is asked about. 0 or -errno after um_reason(). */
static int start(bool use_filter, bool listener)
{
	struct zygote_hello hello;
	struct zygote_setup setup = { .use_filter = use_filter, .use_listener = listener, .umk_pid = (u32)getpid() };
	s64 answer;
	int err;

	if (use_filter) {
		err = stub_filter_make((struct sock_filter *)stub_ctl->filter, sizeof(stub_ctl->filter) / sizeof(struct sock_filter),
				       listener);
		if (err < 0) {
			um_reason("the stub's filter could not be made: %s", strerror(-err));
			return err;
		}
		stub_ctl->filter_len = (u32)err;
	}
	for (unsigned try = 0;; try++) {
		err = launch();
		if (err)
			return err;
		err = zygote_read(&hello, sizeof(hello), ANSWER_MS);
		if (!err)
			break;
		abandon();
		if (try == EXEC_TRIES) {
			um_reason("the zygote dies at once or does not answer (is personality(ADDR_NO_RANDOMIZE) forbidden, "
				  "or RLIMIT_AS too low?)");
			return -EIO;
		}
	}
	err = read_maps(hello.vdso, &setup);
	if (err) {
		abandon();
		return err;
	}
	answer = -EPIPE;
	if (zygote_write(&setup, sizeof(setup)) && !zygote_read_fd(&answer, sizeof(answer), &listener_fd) && answer == 0)
		return 0;
	err = (int)answer;
	um_reason("the zygote could not set itself up: %s%s", strerror(-err),
		  setup.nr_move ? " (the host's vdso lies in the guests' range and cannot be moved; is "
				  "personality(ADDR_NO_RANDOMIZE) forbidden?)" :
		  use_filter && (err == -EPERM || err == -ENOSYS || err == -EINVAL) ? " (are seccomp filters forbidden here?)" : "");
	abandon();
	return err;
}

int zygote_start(bool use_filter)
{
	int err = make_shared();

	if (err)
		return err;
	with_filter = use_filter;
	limit_areas();
	read_xstate();
	trap_layout.stub_start = STUB_BASE;
	trap_layout.stub_end = STUB_END;
	trap_layout.task_size = STUB_BASE;
	trap_layout.can_rewrite = getauxval(AT_HWCAP2) & 2; /* FSGSBASE */
	stub_ctl->xsave_size = trap_layout.xsave_size;
	stub_ctl->xfeatures = trap_layout.xfeatures;
	stub_ctl->fsgsbase = trap_layout.can_rewrite;
	err = start(use_filter, use_filter);
	if (err && use_filter) /* a supervisor of this container may be the one listener that the host allows */
		err = start(use_filter, false);
	if (err)
		return err;
	if (listener_fd >= 0)
		idle_add_fd(listener_fd, EPOLLIN, strangers_ask);
	bound_generation = cpu_bind_zygote(zygote_pid, 0);
	return 0;
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
	for (unsigned i = 0; i < nr_dying; i++)
		if (dying[i].pid == pid)
			return true;
	return false;
}

/* Kills children of umk that run the stub and that no book knows: a hostile guest's. No memory is allocated here. */
static void kill_strangers(void)
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
				wait_for(pid, &status);
			}
		}
	}
	close(dir);
}

void zygote_shutdown(void)
{
	struct timespec pause = { 0, 100000 };
	s64 answer;

	/* A child that is being forked ahead: its pid has to be known. */
	if (zygote_pid > 0 && asked && !zygote_read(&answer, sizeof(answer), 100) && answer > 0)
		kill((pid_t)answer, SIGKILL);
	asked = false;
	if (zygote_pid > 0)
		kill(zygote_pid, SIGKILL);
	for (unsigned i = 0; i < pool_size; i++)
		kill(pool[i].pid, SIGKILL);
	pool_size = 0;
	zygote_pid = 0;
	/* What is left after a while was there before umk was executed, or is the work of a hostile guest. */
	for (unsigned i = 0; i < 40; i++) {
		pid_t r;

		while ((r = waitpid(-1, NULL, WNOHANG | __WALL)) > 0)
			;
		if (r < 0)
			return;
		if (i == 20) {
			zygote_knows = NULL;
			kill_strangers();
		}
		if (i == 10)
			pause.tv_nsec = 1000000;
		nanosleep(&pause, NULL);
	}
}
