/* The host's clocks and randomness. The kernel alone decides what guests see of them.
 *
 * With --time=virtual the kernel's clocks stand still while anything runs, and idle.c moves them on to the next timer when
 * everything sleeps: an hour of sleeping takes no time, and what a program measures does not depend on the machine. */
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "um.h"

static const clockid_t clock_ids[] = {
	[HOST_MONOTONIC] = CLOCK_MONOTONIC,
	[HOST_REALTIME] = CLOCK_REALTIME,
	[HOST_BOOTTIME] = CLOCK_BOOTTIME,
	[HOST_TAI] = CLOCK_TAI,
	[HOST_MONOTONIC_RAW] = CLOCK_MONOTONIC_RAW,
	[HOST_REALTIME_COARSE] = CLOCK_REALTIME_COARSE,
	[HOST_MONOTONIC_COARSE] = CLOCK_MONOTONIC_COARSE,
	[HOST_KERNEL_CPU] = CLOCK_THREAD_CPUTIME_ID,
};

/* Where virtual time begins: 2025-01-01, and an uptime at which nothing is 0. */
#define VIRTUAL_REAL 1735689600000000000ull
#define VIRTUAL_UPTIME 1000000000000ull
#define TAI_OFFSET 37000000000ull

bool clock_virtual;
static u64 virtual_ns;          /* since the start */
static bool seeded;
static u64 seed_state;

static u64 read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (u64)ts.tv_sec * 1000000000 + (u64)ts.tv_nsec;
}

u64 clock_real(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

static u64 virtual_clock(enum host_clock which)
{
	switch (which) {
	case HOST_REALTIME:
	case HOST_REALTIME_COARSE:
		return VIRTUAL_REAL + virtual_ns;
	case HOST_TAI:
		return VIRTUAL_REAL + TAI_OFFSET + virtual_ns;
	case HOST_KERNEL_CPU:
		return read_clock(clock_ids[which]);
	default:
		return VIRTUAL_UPTIME + virtual_ns;
	}
}

u64 host_clock(enum host_clock which)
{
	return unlikely(clock_virtual) ? virtual_clock(which) : read_clock(clock_ids[which]);
}

void clock_advance(u64 to)
{
	if (to > VIRTUAL_UPTIME + virtual_ns)
		virtual_ns = to - VIRTUAL_UPTIME;
}

void clock_init(u64 seed, bool virtual)
{
	clock_virtual = host_info.virtual_time = virtual;
	seeded = seed != 0;
	seed_state = seed;
}

/* SplitMix64 (Steele, Lea, Flood 2014): repeatable, not secret, which is what --seed asks for. */
static u64 seeded_next(void)
{
	u64 z = seed_state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

void host_random(void *buf, size_t size)
{
	u8 *p = buf;

	while (size) {
		ssize_t n;

		if (seeded) {
			u64 word = seeded_next();

			n = (ssize_t)min(size, sizeof(word));
			memcpy(p, &word, (size_t)n);
		} else {
			n = getrandom(p, min(size, (size_t)256), 0);
			if (n < 0 && errno != EINTR)
				host_panic("getrandom: %s", strerror(errno));
		}
		if (n > 0) {
			p += n;
			size -= (size_t)n;
		}
	}
}
