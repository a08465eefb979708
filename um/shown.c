/* The record of what a stub's address space shows (shown.h): an ordered array, small because a program that starts or forks
 * has few runs. The others are forgotten, which costs a fault, never truth. */
#include <string.h>

#include "um.h"
#include "shown.h"

/* The first run that ends beyond @addr. */
static unsigned find(const struct shown *s, u64 addr)
{
	unsigned low = 0, high = s->count;

	while (low < high) {
		unsigned mid = (low + high) / 2;

		if (s->runs[mid].end <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void drop(struct shown *s, unsigned i, unsigned n)
{
	s->count -= n;
	memmove(&s->runs[i], &s->runs[i + n], (s->count - i) * sizeof(s->runs[0]));
}

static bool insert(struct shown *s, unsigned i, const struct shown_run *run)
{
	if (s->count == SHOWN_MAX)
		return false;
	memmove(&s->runs[i + 1], &s->runs[i], (s->count - i) * sizeof(s->runs[0]));
	s->runs[i] = *run;
	s->count++;
	return true;
}

/* Cuts the run that spans @addr there. Without room for its upper part that is forgotten. */
static void cut(struct shown *s, u64 addr)
{
	unsigned i = find(s, addr);
	struct shown_run upper;

	if (i == s->count || s->runs[i].addr >= addr)
		return;
	upper = s->runs[i];
	upper.phys += addr - upper.addr;
	upper.addr = addr;
	s->runs[i].end = addr;
	insert(s, i + 1, &upper);
}

void shown_forget(struct shown *s, u64 addr, u64 end)
{
	unsigned i, n = 0;

	cut(s, addr);
	cut(s, end);
	i = find(s, addr);
	while (i + n < s->count && s->runs[i + n].addr < end)
		n++;
	drop(s, i, n);
}

void shown_map(struct shown *s, u64 addr, u64 end, u64 phys, u32 prot, bool populate)
{
	struct shown_run run = { addr, end, phys, prot, populate }, *prev;
	unsigned i;

	shown_forget(s, addr, end);
	i = find(s, addr);
	prev = i ? &s->runs[i - 1] : NULL;
	if (prev && prev->end == addr && prev->phys + (addr - prev->addr) == phys && prev->prot == prot &&
	    prev->populate == populate)
		prev->end = end;
	else
		insert(s, i, &run);
}

void shown_protect(struct shown *s, u64 addr, u64 end, u32 prot)
{
	cut(s, addr);
	cut(s, end);
	for (unsigned i = find(s, addr); i < s->count && s->runs[i].addr < end; i++)
		s->runs[i].prot = prot;
}

/* The parts of @run that @old does not show already. */
static void change_run(const struct shown *old, const struct shown_run *run, void *arg,
		       void (*map)(void *arg, const struct shown_run *run))
{
	struct shown_run rest = *run, part;

	for (unsigned i = find(old, run->addr); i < old->count && old->runs[i].addr < run->end; i++) {
		const struct shown_run *o = &old->runs[i];

		if (o->phys - o->addr != run->phys - run->addr || o->prot != run->prot)
			continue;
		if (o->addr > rest.addr) {
			part = rest;
			part.end = o->addr;
			map(arg, &part);
		}
		rest.addr = min(o->end, run->end);
		rest.phys = run->phys + (rest.addr - run->addr);
	}
	if (rest.addr < rest.end)
		map(arg, &rest);
}

void shown_change(const struct shown *old, const struct shown *want, u64 limit, void *arg,
		  void (*map)(void *arg, const struct shown_run *run), void (*unmap)(void *arg, u64 addr, u64 end))
{
	u64 at = 0;

	for (unsigned i = 0; i < want->count; i++) {
		if (want->runs[i].addr > at)
			unmap(arg, at, want->runs[i].addr);
		change_run(old, &want->runs[i], arg, map);
		at = want->runs[i].end;
	}
	if (at < limit)
		unmap(arg, at, limit);
}
