/* Areas: the places in the memory that stubs and kernel share, one for each guest thread, and who holds them. An area is also the
 * right to have one more host process: with either backend a guest that forks without end meets umk's limit, which leaves room
 * for the host's other programs. So one that has been killed holds its area until the host has told its end. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "um.h"
#include "zygote_parts.h"

static u64 area_bits[STUB_MAX_AREAS / 64];
static unsigned area_hint;
unsigned area_top;

/* Of fixed size: umk's end, which may follow any fault, is not to allocate memory. */
static struct dying { pid_t pid; unsigned area; } dying[STUB_MAX_AREAS + 1];
static unsigned nr_dying;

#define FREE_ANYWAY 16u

static void reap_one_dying(void);

static int first_free(void)
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

/* Takes away the areas that the host could not fill: a quarter of what it has for all users, all but a few of what it has for
 * this one. */
static void areas_limit(void)
{
	u64 max = read_limit("/proc/sys/kernel/pid_max", read_limit("/proc/sys/kernel/threads-max", 4 * STUB_MAX_AREAS)) / 4;
	u64 user = read_limit("/sys/fs/cgroup/pids.max", ~0ull);
	struct rlimit r;

	if (!getrlimit(RLIMIT_NPROC, &r) && r.rlim_cur < user)
		user = r.rlim_cur;
	user = user > 64 ? user - user / 8 : user;
	if (user < max)
		max = user;
	for (unsigned i = max < FREE_ANYWAY ? FREE_ANYWAY : (unsigned)max; i < STUB_MAX_AREAS; i++)
		area_bits[i / 64] |= 1ull << i % 64;
}

/* A free area, or -EAGAIN. What the limit is matters, and is asked, when the areas that there are anyway are used up. */
static int area_find(void)
{
	static bool limited;
	int area = first_free();

	if (area < (int)FREE_ANYWAY || limited)
		return area;
	area_free((unsigned)area);
	areas_limit();
	limited = true;
	return first_free();
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
	if (!zygote_with_filter)
		return area;
	area_top = max(area_top, (unsigned)area + 1);
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

/* ---- those that die ---- */

static void dying_end(unsigned i)
{
	area_free(dying[i].area);
	dying[i] = dying[--nr_dying];
}

static void reap_one_dying(void)
{
	zygote_wait_for(dying[nr_dying - 1].pid, NULL);
	dying_end(nr_dying - 1);
}

void zygote_kill(pid_t pid, unsigned area)
{
	kill(pid, SIGKILL);
	if (nr_dying == ARRAY_SIZE(dying)) { /* those without an area are not counted; then now */
		zygote_wait_for(pid, NULL);
		area_free(area);
		return;
	}
	dying[nr_dying++] = (struct dying){ pid, area };
}

bool dying_ended(pid_t pid)
{
	for (unsigned i = 0; i < nr_dying; i++) {
		if (dying[i].pid == pid) {
			dying_end(i);
			return true;
		}
	}
	return false;
}

bool is_dying(pid_t pid)
{
	for (unsigned i = 0; i < nr_dying; i++)
		if (dying[i].pid == pid)
			return true;
	return false;
}

bool any_dying(void)
{
	return nr_dying;
}

bool reap_dying(void)
{
	bool any = any_dying();

	while (nr_dying)
		reap_one_dying();
	return any;
}
