/* um/shown.c against a plain model: a byte a page says what is shown there. */
#include <stdlib.h>
#include <string.h>

#include "um_unit.h"
#include "shown.h"

#define PAGES (6 * SHOWN_MAX)
#define AT(page) ((u64)(page) << 12)

static u64 model[PAGES]; /* phys | prot of the page, 0: nothing known */
static unsigned maps, unmaps;

static void set(unsigned from, unsigned to, u64 phys, u32 prot)
{
	for (unsigned i = from; i < to; i++)
		model[i] = prot ? phys + AT(i - from) + prot : 0;
}

static void fill(u64 *space, const struct shown *s)
{
	memset(space, 0, PAGES * sizeof(*space));
	for (unsigned r = 0; r < s->count; r++) {
		const struct shown_run *run = &s->runs[r];

		if (run->addr >= run->end || (r && s->runs[r - 1].end > run->addr))
			ck_abort_msg("run %u is empty or begins in the one before", r);
		for (u64 a = run->addr; a < run->end; a += 4096)
			space[a >> 12] = run->phys + (a - run->addr) + run->prot;
	}
}

/* What is remembered is right, and all of it while there is room. */
static void agrees(const struct shown *s)
{
	u64 space[PAGES];

	fill(space, s);
	for (unsigned i = 0; i < PAGES; i++)
		if (space[i] != model[i] && (space[i] || s->count <= SHOWN_MAX - 4))
			ck_abort_msg("page %u: %#llx, not %#llx", i, (unsigned long long)space[i], (unsigned long long)model[i]);
}

static void change(struct shown *s)
{
	unsigned from = (unsigned)random() % PAGES, to = from + 1 + (unsigned)random() % 20;
	u32 prot = 1 + (u32)random() % 3;

	to = min(to, PAGES);
	switch (random() % 4) {
	case 0:
	case 1:
		set(from, to, AT(1000 + from), prot);
		shown_map(s, AT(from), AT(to), AT(1000 + from), prot, random() % 2);
		break;
	case 2:
		set(from, to, 0, 0);
		shown_forget(s, AT(from), AT(to));
		break;
	case 3:
		for (unsigned i = from; i < to; i++)
			if (model[i])
				model[i] = (model[i] & ~(u64)7) + prot;
		shown_protect(s, AT(from), AT(to), prot);
	}
}

START_TEST(random_changes)
{
	static struct shown s;

	srandom(1);
	for (unsigned i = 0; i < 20000; i++) {
		if (i % 40 == 0) { /* before what was forgotten makes the model useless */
			memset(&s, 0, sizeof(s));
			memset(model, 0, sizeof(model));
		}
		change(&s);
		agrees(&s);
	}
}
END_TEST

START_TEST(overflow)
{
	static struct shown s;

	memset(model, 0, sizeof(model));
	for (unsigned i = 0; i < 2 * SHOWN_MAX; i++) {
		set(3 * i, 3 * i + 2, AT(i), 1);
		shown_map(&s, AT(3 * i), AT(3 * i + 2), AT(i), 1, false);
	}
	ck_assert_uint_eq(s.count, SHOWN_MAX);
	agrees(&s);
	shown_forget(&s, AT(1), AT(3 * SHOWN_MAX));
	ck_assert_uint_eq(s.count, 1);
}
END_TEST

static u64 host[PAGES];

static void do_map(void *arg, const struct shown_run *run)
{
	ck_assert_ptr_eq(arg, host);
	maps++;
	for (u64 a = run->addr; a < run->end; a += 4096)
		host[a >> 12] = run->phys + (a - run->addr) + run->prot;
}

static void do_unmap(void *arg, u64 addr, u64 end)
{
	ck_assert_ptr_eq(arg, host);
	unmaps++;
	for (u64 a = addr; a < end; a += 4096)
		host[a >> 12] = 0;
}

/* Whatever the host had beside what is remembered, afterwards it has just what is wanted. */
START_TEST(transitions)
{
	static struct shown old, want;

	srandom(2);
	for (unsigned round = 0; round < 500; round++) {
		memset(&old, 0, sizeof(old));
		for (unsigned i = 0; i < 12; i++)
			change(&old);
		want = old;
		fill(host, &old);
		for (unsigned i = 0; i < PAGES; i++) /* mappings that nobody knows of */
			if (!host[i] && random() % 3 == 0)
				host[i] = 99;
		for (unsigned i = (unsigned)random() % 6; i; i--)
			change(&want);
		shown_change(&old, &want, AT(PAGES), host, do_map, do_unmap);
		fill(model, &want);
		ck_assert(!memcmp(host, model, sizeof(host)));
	}
	/* nothing is mapped twice */
	maps = unmaps = 0;
	shown_change(&want, &want, AT(PAGES), host, do_map, do_unmap);
	ck_assert_uint_eq(maps, 0);
	ck_assert_uint_le(unmaps, want.count + 1);
}
END_TEST

UM_UNIT_MAIN("shown", random_changes, overflow, transitions)
