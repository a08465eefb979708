/* Which host CPU runs what. With two or more CPUs the kernel thread keeps one for itself, so that it can wait for guests
 * by spinning, and guest threads share the others. When more guest threads compute than the others can hold, for longer
 * than a scheduling hiccup, guests get all CPUs and the kernel stops spinning ("crowded"); when that has passed, the
 * kernel takes its CPU back. Guests that call rather than compute are no crowd, however many they are: the kernel's CPU is
 * in use then, and each call would cost them two switches more. A backend that cannot spin gains nothing from two CPUs and
 * loses a wake-up from one to the other at each call: kernel and guests then share one CPU until they are crowded.
 *
 * Other work of the host may compete for the CPUs, which shows in how long the kernel thread waits for its own. A call that
 * passes from CPU to CPU then waits at each for somebody else's time slice to end. So for a while kernel and guests share
 * one CPU, which they hand to each other by going to sleep, unless more than one guest computes: that is crowded.
 *
 * On one CPU, or under a cgroup quota below two, nothing is bound and nobody spins: a spinner that shares a CPU with
 * runnable work costs more than every wake-up it could save. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <linux/membarrier.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "um.h"

#define NOT_OPEN (-2)
#define MASK_WORDS ARRAY_SIZE(host_info.cpu_mask)
#define CROWDED_NS 2000000ull   /* this long with too many guests: crowded */
#define CALM_NS 4000000ull      /* this long without: calm again */
#define CALL_NS 20000ull        /* of the guests' time that a call would cost more in a crowd: two switches and a wake-up */
#define SPIN_LEAST 50000ull     /* a spin covers at least a call's work and a peer's turn */
#define SPIN_MOST 100000ull
#define LOOKED_AT 32u           /* guest threads whose CPU time is asked for */

#define LOOK_NS 24000000ull         /* between looks at how long the kernel thread waited for its CPU: several time slices,
				     * for a daemon that takes one or two is no competition */
#define WAITED_MOST 250000ull       /* ns a time, on average: somebody else computes there */
#define SHUN_LEAST 100000000ull     /* how long the kernel then gives its CPU up; doubled each time it was in vain */
#define SHUN_MOST 3200000000ull

u32 cpu_generation = 1;
u32 cpu_no_spin = 1;
unsigned cpu_running;
unsigned cpu_events;
unsigned cpu_guest_cpus = ~0u;

static struct cpu_task *tasks;
enum policy {
	CALM,    /* kernel on its CPU, guests on the others or, where nobody spins, there too */
	SHARED,  /* other work competes: kernel and guests on one CPU, nobody spins */
	CROWDED, /* all on all CPUs, nobody spins */
};

static u64 guest_mask[MASK_WORDS];  /* where guests run under the policy of now */
static u64 calm_mask[MASK_WORDS];   /* the same while there is room */
static u64 kernel_mask[MASK_WORDS]; /* the kernel's CPU while there is room */
static bool bound;                  /* there is a policy: kernel_mask and calm_mask are set */
static enum policy policy;
static unsigned calm_cpus;          /* that guests have while there is room */
static unsigned shared_cpu;
static u64 spin_ns;                 /* about twice what a wake-up costs here, as far as is known */
static u64 shun_until;              /* the host's other work wants the CPUs: not calm before then */
static u64 shun_ns = SHUN_LEAST;
static int schedstat_fd = NOT_OPEN;
static u64 looked_at, waited_before, turns_before, ran_before;
static u64 changing_since;          /* when the present state began to look wrong; 0: it does not */
static u64 idle_cycles, idle_since; /* of the time-stamp counter: the kernel had nothing to do; since when it has not, or 0 */
static struct {                     /* calls_prevail(): what there was when it began to count */
	u64 start;                  /* 0: not yet */
	u64 cycles, idle, kernel_cpu;
	unsigned events, number;
} window;

static void mask_to_set(const u64 *mask, cpu_set_t *set)
{
	BUILD_BUG_ON(sizeof(cpu_set_t) < sizeof(host_info.cpu_mask));
	memset(set, 0, sizeof(*set));
	memcpy(set, mask, sizeof(host_info.cpu_mask));
}

static void bind_to(pid_t tid, const u64 *mask)
{
	cpu_set_t set;

	mask_to_set(mask, &set);
	/* cpusets may change under us: running somewhere else is then right */
	(void)sched_setaffinity(tid, sizeof(set), &set);
}

/* CPUs' worth of time that the cgroup grants, rounded down, at least 1; ~0 without a quota. */
static unsigned cgroup_quota(void)
{
	static const char *const files[] = { "/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us" };
	char text[64];
	long long quota, period = 100000;
	ssize_t n;
	int fd;

	for (unsigned i = 0; i < ARRAY_SIZE(files); i++) {
		fd = open(files[i], O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		n = read(fd, text, sizeof(text) - 1);
		close(fd);
		if (n <= 0)
			continue;
		text[n] = 0;
		if (sscanf(text, "%lld %lld", &quota, &period) < 1 || quota <= 0 || period <= 0)
			return ~0u;
		return quota < period ? 1 : (unsigned)(quota / period);
	}
	return ~0u;
}

/* Spinning for as long as a wake-up costs is at most twice as dear as knowing the future; a little more is worth it, because whoever
 * waits for the kernel waits as well. (A wake-up takes about 25 us in a virtual machine, 1 to 3 us on bare metal.) */
void cpu_woken(u64 late)
{
	if (spin_ns)
		spin_ns = min(spin_ns, max(2 * late, SPIN_LEAST));
}

void cpu_init(void)
{
	unsigned cpus = 0;
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		CPU_ZERO(&set);
	memcpy(host_info.cpu_mask, &set, sizeof(host_info.cpu_mask));
	for (unsigned i = 0; i < MASK_WORDS * 64; i++)
		if (host_info.cpu_mask[i / 64] >> (i % 64) & 1)
			cpus++;
	host_info.cpus = cpus ? cpus : 1;
	memcpy(guest_mask, host_info.cpu_mask, sizeof(guest_mask));
}

void cpu_choose(bool spin)
{
	unsigned last = MASK_WORDS * 64 - 1;

	if (host_info.cpus < 2 || cgroup_quota() < 2)
		return;
	while (!(host_info.cpu_mask[last / 64] >> (last % 64) & 1))
		last--;
	memset(kernel_mask, 0, sizeof(kernel_mask));
	kernel_mask[last / 64] = 1ull << (last % 64);
	memcpy(calm_mask, kernel_mask, sizeof(calm_mask));
	cpu_guest_cpus = 1;
	if (spin) {
		for (unsigned i = 0; i < MASK_WORDS; i++)
			calm_mask[i] = host_info.cpu_mask[i] & ~kernel_mask[i];
		cpu_guest_cpus = host_info.cpus - 1;
	}
	memcpy(guest_mask, calm_mask, sizeof(guest_mask));
	calm_cpus = cpu_guest_cpus;
	shared_cpu = last;
	bound = true;
	bind_to(0, kernel_mask);
	cpu_no_spin = !spin;
	if (!spin)
		return;
	spin_ns = SPIN_MOST;
	um_verbose("kernel on CPU %u, spins", last);
}

u32 cpu_bind_zygote(pid_t pid, u32 generation)
{
	if (generation != cpu_generation && bound)
		bind_to(pid, guest_mask);
	return cpu_generation;
}

void cpu_free_thread(pthread_t thread)
{
	cpu_set_t set;

	if (!bound)
		return;
	mask_to_set(host_info.cpu_mask, &set);
	(void)pthread_setaffinity_np(thread, sizeof(set), &set);
}

/* The CPUs that @t may use now: the guest's wish within the policy, or the wish alone where they do not meet. */
static void task_mask(const struct cpu_task *t, u64 *mask)
{
	u64 any = 0;

	memcpy(mask, guest_mask, sizeof(guest_mask));
	if (!t->has_want)
		return;
	for (unsigned i = 0; i < MASK_WORDS; i++) {
		mask[i] &= t->want[i];
		any |= mask[i];
	}
	if (any)
		return;
	for (unsigned i = 0; i < MASK_WORDS; i++)
		mask[i] = host_info.cpu_mask[i] & t->want[i];
}

void cpu_task_apply(struct cpu_task *t)
{
	u64 mask[MASK_WORDS];

	t->generation = cpu_generation;
	if (!bound && !t->has_want)
		return;
	task_mask(t, mask);
	bind_to(t->tid, mask);
}

void cpu_task_add(struct cpu_task *t, pid_t tid, u32 generation)
{
	t->tid = tid;
	t->policy = SCHED_OTHER;
	t->nice = umk_options.nice;
	t->generation = generation;
	t->next = tasks;
	t->prev = &tasks;
	if (tasks)
		tasks->prev = &t->next;
	tasks = t;
}

void cpu_task_del(struct cpu_task *t)
{
	cpu_task_parked(t);
	if (!t->prev)
		return;
	*t->prev = t->next;
	if (t->next)
		t->next->prev = t->prev;
	t->prev = NULL;
}

int cpu_task_set_affinity(struct cpu_task *t, const u64 *mask, unsigned words)
{
	u64 any = 0;

	for (unsigned i = 0; i < words && i < MASK_WORDS; i++)
		any |= mask[i] & host_info.cpu_mask[i];
	if (!any)
		return -EINVAL;
	memset(t->want, 0, sizeof(t->want));
	memcpy(t->want, mask, min(words, (unsigned)MASK_WORDS) * sizeof(*mask));
	t->has_want = true;
	cpu_task_apply(t);
	return 0;
}

void cpu_task_inherit(struct cpu_task *t, const struct cpu_task *creator)
{
	t->policy = creator->policy;
	t->nice = creator->nice;
}

int cpu_task_set_sched(struct cpu_task *t, int policy, int nice)
{
	struct sched_param param = { 0 };

	if (policy != t->policy) {
		if (sched_setscheduler(t->tid, policy, &param))
			return -errno;
		t->policy = policy;
	}
	if (nice != t->nice) {
		if (setpriority(PRIO_PROCESS, (id_t)t->tid, nice))
			return -errno;
		t->nice = nice;
	}
	return 0;
}

/* The zygote has registered for it, and a fork inherits that (membarrier(2)). */
int host_membarrier(void)
{
	return syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0) ? -errno : 0;
}

/* Another CPU than the last time: the one before had been taken by others. */
static void choose_shared_cpu(u64 *mask)
{
	do
		shared_cpu = (shared_cpu + 1) % (MASK_WORDS * 64);
	while (!(host_info.cpu_mask[shared_cpu / 64] >> (shared_cpu % 64) & 1));
	memset(mask, 0, sizeof(guest_mask));
	mask[shared_cpu / 64] = 1ull << (shared_cpu % 64);
}

/* Moves @t to the @nth of its CPUs, by turns, and lets it go from there: the host's own balancing may leave two threads on one
 * CPU beside an idle one for tens of milliseconds. */
static void task_spread(struct cpu_task *t, unsigned nth)
{
	u64 mask[MASK_WORDS], one[MASK_WORDS] = { 0 };
	unsigned cpus = 0, cpu = 0;

	task_mask(t, mask);
	for (unsigned i = 0; i < MASK_WORDS; i++)
		cpus += (unsigned)__builtin_popcountll(mask[i]);
	if (cpus > 1) {
		for (nth = nth % cpus + 1; nth; cpu++)
			nth -= mask[cpu / 64] >> (cpu % 64) & 1;
		cpu--;
		one[cpu / 64] = 1ull << (cpu % 64);
		bind_to(t->tid, one);
	}
	cpu_task_apply(t);
}

/* Changes the policy: running threads are moved now, parked ones when they next run. */
static void set_policy(enum policy new)
{
	unsigned nth = 0;

	policy = new;
	cpu_no_spin = new != CALM || !spin_ns;
	changing_since = window.start = 0;
	cpu_generation++;
	if (new == CALM)
		memcpy(guest_mask, calm_mask, sizeof(guest_mask));
	else if (new == SHARED)
		choose_shared_cpu(guest_mask);
	else
		memcpy(guest_mask, host_info.cpu_mask, sizeof(guest_mask));
	bind_to(0, new == CALM ? kernel_mask : guest_mask);
	for (struct cpu_task *t = tasks; t; t = t->next)
		if (t->running && new == CROWDED)
			task_spread(t, nth++);
		else if (t->running)
			cpu_task_apply(t);
}

void cpu_crowd(void)
{
	if (bound && policy != CROWDED && !changing_since)
		changing_since = clock_real();
}

/* There are CPUs enough again: what passes by in a hand-off from one guest to the next is no crowd. */
void cpu_uncrowd(void)
{
	if (policy != CROWDED)
		changing_since = 0;
}

/* True if the kernel thread has had to wait for its CPU since the last look, at least a quarter of the time that it
 * wanted it for and longer a time than what a wake-up takes. Its
 * schedstat (Documentation/scheduler/sched-stats.rst): ns run, ns waited, times run. */
static bool others_compete(u64 now)
{
	unsigned long long ran, waited, turns, w, t, r;
	char text[80];
	ssize_t n;

	if (!looked_at) /* a short program is not worth the question */
		looked_at = now;
	if (now - looked_at < LOOK_NS)
		return false;
	looked_at = now;
	if (schedstat_fd == NOT_OPEN)
		schedstat_fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	n = pread(schedstat_fd, text, sizeof(text) - 1, 0);
	if (n <= 0)
		return false;
	text[n] = 0;
	if (sscanf(text, "%llu %llu %llu", &ran, &waited, &turns) != 3)
		return false;
	w = waited - waited_before;
	t = turns - turns_before;
	r = ran - ran_before;
	waited_before = waited;
	turns_before = turns;
	ran_before = ran;
	return w >= LOOK_NS / 4 && w >= r / 3 && w / (t ? t : 1) >= WAITED_MOST;
}

/* Says whether the host's other work wants the CPUs. */
static bool shunned(u64 now)
{
	/* only where it has a CPU of its own does the kernel thread wait for nobody but others */
	if (others_compete(now) && policy == CALM) {
		shun_ns = now - shun_until < shun_ns ? min(2 * shun_ns, SHUN_MOST) : SHUN_LEAST;
		shun_until = now + shun_ns;
	}
	return now < shun_until;
}

/* The host's clock of a guest thread's CPU time, ns; 0 if it is gone. */
static u64 task_cpu(const struct cpu_task *t)
{
	struct timespec ts;
	clockid_t clock;

	if (clock_getcpuclockid(t->tid, &clock) || clock_gettime(clock, &ts))
		return 0;
	return (u64)ts.tv_sec * 1000000000ull + (u64)ts.tv_nsec;
}

/* CPU time of the guests that run since the last call, as far as they ran then, too; of a great many, a sample. */
static u64 guests_cpu(void)
{
	unsigned looked = 0;
	u64 sum = 0;

	for (struct cpu_task *t = tasks; t && looked < LOOKED_AT; t = t->next) {
		u64 cpu;

		if (!t->running)
			continue;
		looked++;
		cpu = task_cpu(t);
		if (t->seen_window == window.number && cpu > t->seen_cpu)
			sum += cpu - t->seen_cpu;
		t->seen_window = window.number + 1;
		t->seen_cpu = cpu;
	}
	window.number++;
	return looked < LOOKED_AT ? sum : sum * cpu_running / LOOKED_AT;
}

/* There are more guests than CPUs for them. Says whether they would lose more by the kernel's sharing its CPU than they gain. They
 * gain the time in which the kernel has nothing to do and they compute: so not where it works for them, nor where the
 * host's other work has their CPU. They lose CALL_NS at each call. In a crowd calls are slow: there the kernel's CPU time
 * tells. */
static bool calls_prevail(u64 now)
{
	static bool answer;
	u64 elapsed = now - window.start, cycles, idle, kernel, guests;

	if (window.start && elapsed < CROWDED_NS)
		return answer;
	cycles = __builtin_ia32_rdtsc();
	idle = idle_cycles + (idle_since ? cycles - idle_since : 0);
	kernel = host_clock(HOST_KERNEL_CPU);
	guests = guests_cpu();
	if (!window.start) {
		answer = policy != CROWDED; /* as it is */
	} else if (policy == CROWDED) {
		answer = kernel - window.kernel_cpu > guests / 2;
	} else {
		u64 idle_ns = (idle - window.idle) * (elapsed >> 10) / (((cycles - window.cycles) >> 10) + 1);

		answer = (cpu_events - window.events) * CALL_NS >= min(idle_ns, guests);
	}
	window.start = now;
	window.events = cpu_events;
	window.kernel_cpu = kernel;
	window.cycles = cycles;
	window.idle = idle;
	return answer;
}

void cpu_idle(bool begins)
{
	u64 cycles = __builtin_ia32_rdtsc();

	if (!begins)
		idle_cycles += cycles - idle_since;
	idle_since = begins ? cycles : 0;
}

u64 cpu_tick(u64 now)
{
	enum policy wanted;

	if (!bound)
		return HOST_FOREVER;
	wanted = shunned(now) ? SHARED : CALM;
	cpu_guest_cpus = wanted == CALM ? calm_cpus : 1;
	if (policy != CROWDED && policy != wanted)
		set_policy(wanted);
	if (cpu_running > cpu_guest_cpus && !calls_prevail(now))
		wanted = CROWDED;
	if (wanted == policy) {
		changing_since = 0;
		/* guests that call may begin to compute */
		return cpu_running > cpu_guest_cpus && policy != CROWDED ? now + CROWDED_NS : HOST_FOREVER;
	}
	if (!changing_since)
		changing_since = now;
	if (now - changing_since >= (policy == CROWDED ? CALM_NS : CROWDED_NS)) {
		set_policy(wanted);
		return HOST_FOREVER;
	}
	/* leaving a crowd is not worth a wake-up: the next event looks again */
	return policy == CROWDED ? HOST_FOREVER : changing_since + CROWDED_NS;
}

u64 cpu_spin_ns(void)
{
	return bound && policy == CALM && cpu_running ? spin_ns : 0;
}
