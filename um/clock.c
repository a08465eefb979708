/* The host's clocks and randomness. The kernel alone decides what guests see of them. */
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

static bool seeded;
static u64 seed_state;

u64 host_clock(enum host_clock which)
{
	struct timespec ts;

	clock_gettime(clock_ids[which], &ts);
	return (u64)ts.tv_sec * 1000000000 + (u64)ts.tv_nsec;
}

void clock_init(u64 seed)
{
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
