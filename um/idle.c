/* Waiting: for guests (the backend's poll), helpers, host descriptors and signals (one epoll), and time (a timerfd in it).
 *
 * A guest that is running may call at any moment, so the kernel first spins, for a bounded time, where it has a CPU of its
 * own (cpu.c); then it announces that it sleeps, looks once more, and sleeps in epoll until something rings. Nothing is
 * running: no spin. Where kernel and guests share a CPU, it yields to them a time or two before it sleeps, which halves
 * the cost of a short call. The spinning loop looks at the backend and at one flag of the helpers each turn, at the clock every
 * SPIN_TURNS, and never at the epoll: what comes from there can wait for the length of a spin. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "um.h"

#define SPIN_TURNS 16
#define YIELDS 2
#define POLLS_SKIPPED 64        /* host_poll calls between looks at the clock */
#define EPOLL_NS 200000ull      /* between looks at host descriptors while guests keep the kernel busy */
#define COMPUTING_NS 1000000000ull
#define EVENTS_FREE 20000       /* at one virtual time; each further one takes EVENT_NS */
#define EVENT_NS 1000000ull
#define EVENTS 32
#define OWN (1ull << 32)        /* epoll data: the index of one of own[], not a watched descriptor */

static int epoll_fd = -1, timer_fd = -1;
static struct {
	void (*fn)(u32 events);
} own[8];
static unsigned nown;
static u64 timer_armed = HOST_FOREVER;
static unsigned polls_left = 1;
static u64 epoll_last;

int idle_epoll_fd(void)
{
	return epoll_fd;
}

int idle_add_fd(int fd, u32 events, void (*fn)(u32 events))
{
	struct epoll_event ev = { .events = events, .data.u64 = OWN | nown };

	if (nown >= ARRAY_SIZE(own))
		return -ENOSPC;
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &ev))
		return -errno;
	own[nown++].fn = fn;
	return 0;
}

static void drain(int fd)
{
	u64 count;

	while (read(fd, &count, sizeof(count)) < 0 && errno == EINTR)
		;
}

static void timer_fired(u32 events)
{
	u64 now = clock_real();

	(void)events;
	drain(timer_fd);
	if (now > timer_armed)
		cpu_woken(now - timer_armed);
	timer_armed = HOST_FOREVER;
}

/* The eventfds only end a sleep; what they announce is found by the polls. They are emptied, because a guest could fill
 * the doorbell up until nobody can ring it any more. */
static void helper_rang(u32 events)
{
	(void)events;
	drain(worker_fd);
}

static void guest_rang(u32 events)
{
	(void)events;
	drain(*backend->sleep_fd);
}

void idle_init(void)
{
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (epoll_fd < 0 || timer_fd < 0)
		um_die(125, "cannot make an epoll and a timer: %s", strerror(errno));
	if (idle_add_fd(timer_fd, EPOLLIN, timer_fired) || idle_add_fd(worker_fd, EPOLLIN, helper_rang))
		um_die(125, "cannot wait for descriptors: %s", strerror(errno));
	console_start();
}

void idle_start(void)
{
	if (backend->wants_sigchld)
		console_add_signal(SIGCHLD);
	if (backend->sleep_fd && idle_add_fd(*backend->sleep_fd, EPOLLIN, guest_rang))
		um_die(125, "cannot wait for the doorbell: %s", strerror(errno));
	hostfile_watch_mounts();
}

/* Waits for descriptors, at most @timeout ms (-1: for ever), and handles what is ready. True if an upcall was made, or may
 * have been. */
static bool wait_epoll(int timeout)
{
	struct epoll_event ev[EVENTS];
	bool any = false;
	int n = epoll_wait(epoll_fd, ev, EVENTS, timeout);

	for (int i = 0; i < n; i++) {
		u64 which = ev[i].data.u64;

		if (!(which & OWN)) {
			any |= watch_ready((int)which, ev[i].events);
			continue;
		}
		which &= ~OWN;
		own[which].fn(ev[i].events);
		any |= own[which].fn == console_signals_ready;
	}
	return any;
}

static void set_timer(u64 until)
{
	struct itimerspec at = { .it_value = { .tv_sec = (time_t)(until / 1000000000), .tv_nsec = (long)(until % 1000000000) } };

	/* one that is armed too early costs a wake-up, no more */
	if (until >= timer_armed)
		return;
	if (!until)
		at.it_value.tv_nsec = 1;
	timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &at, NULL);
	timer_armed = until;
}

/* Everything but the backend, without waiting. True if an upcall was made. */
static bool poll_rest(u64 now)
{
	bool any = worker_poll();

	any |= watch_poll_always();
	if (now - epoll_last < EPOLL_NS)
		return any;
	epoll_last = now;
	cpu_tick(now);
	return wait_epoll(0) | any;
}

void host_poll(void)
{
	bool any = backend->poll();

	if (unlikely(READ_ONCE(worker_pending)))
		any |= worker_poll();
	if (likely(--polls_left))
		return;
	polls_left = POLLS_SKIPPED;
	(void)poll_rest(clock_real());
}

/* True if a guest or a helper had something before @end. *@now is the clock at the end. */
static bool spin(u64 end, u64 *now)
{
	do {
		for (unsigned i = 0; i < SPIN_TURNS; i++) {
			if (backend->poll())
				return true;
			__builtin_ia32_pause();
		}
		if (READ_ONCE(worker_pending) && worker_poll())
			return true;
		*now = clock_real();
	} while (*now < end);
	return false;
}

/* Sleeps until something happens, at the latest at @until. True if an upcall was made. */
static bool sleep_until(u64 until)
{
	bool any;

	trace_flush();
	if (!worker_prepare_sleep())
		return worker_poll();
	if (!backend->prepare_sleep()) {
		worker_finish_sleep();
		return backend->poll();
	}
	set_timer(until);
	any = wait_epoll(-1);
	backend->finish_sleep();
	worker_finish_sleep();
	any |= backend->poll();
	any |= worker_poll();
	return any;
}

/* An event at the same virtual time as the ones before. A guest that looks at the clock until it has moved must not look for
 * ever. */
static void count_events(void)
{
	static u64 at;
	static unsigned events;
	u64 now = host_clock(HOST_MONOTONIC);

	events = now == at ? events + 1 : 0;
	at = now;
	if (events > EVENTS_FREE) {
		at = now + EVENT_NS;
		clock_advance(at);
	}
}

/* Virtual time: while a guest or a helper works, time stands; when all of them wait, it is @deadline at once. A guest that
 * computes without a call for a second of the host's has used a second, so that its timers come. */
static void idle_virtual(u64 deadline)
{
	u64 start = clock_real(), now = start, spin_ns = backend->can_spin ? cpu_spin_ns() : 0;

	for (;;) {
		if (backend->poll() || poll_rest(now) || wait_epoll(0))
			return;
		if (deadline <= host_clock(HOST_MONOTONIC))
			return;
		if (!cpu_running && !worker_busy()) {
			if (deadline != HOST_FOREVER)
				clock_advance(deadline);
			else
				(void)sleep_until(HOST_FOREVER);
			return;
		}
		if (spin_ns && spin(now + spin_ns, &now))
			return;
		spin_ns = 0;
		if (sleep_until(start + COMPUTING_NS))
			return;
		now = clock_real();
		if (now - start >= COMPUTING_NS) {
			clock_advance(min(deadline, host_clock(HOST_MONOTONIC) + COMPUTING_NS));
			return;
		}
	}
}

/* Nothing is there yet: waits for it. */
static void idle_real(u64 deadline)
{
	u64 now = clock_real(), spin_ns;

	if (poll_rest(now))
		return;
	spin_ns = backend->can_spin ? cpu_spin_ns() : 0;
	if (spin_ns && spin(min(deadline, now + spin_ns), &now))
		return;
	for (unsigned i = 0; !spin_ns && cpu_running && i < YIELDS; i++) {
		sched_yield();
		if (backend->poll())
			return;
	}
	while (now < deadline) {
		u64 tick = cpu_tick(now);

		if (sleep_until(min(deadline, tick)))
			return;
		now = clock_real();
	}
}

void host_idle(u64 deadline)
{
	bool counted;

	if (unlikely(clock_virtual)) {
		cpu_idle(true);
		idle_virtual(deadline);
		count_events();
		cpu_idle(false);
		return;
	}
	if (likely(backend->poll())) {
		if (unlikely(!--polls_left)) {
			polls_left = POLLS_SKIPPED;
			(void)poll_rest(clock_real());
		}
		return;
	}
	counted = cpu_running > cpu_guest_cpus; /* else nobody asks */
	if (unlikely(counted))
		cpu_idle(true);
	idle_real(deadline);
	if (unlikely(counted))
		cpu_idle(false);
}
