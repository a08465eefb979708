/* Host files that guests' address spaces show directly, without a copy in physmem: a program's text comes from the host's page
 * cache, with the host's own faults. A stub maps them through descriptors of its own, which umk puts there (zygote_give_file()),
 * open for reading only and never writable.
 *
 * A file has a number as long as umk holds a descriptor of it: the low bits are its slot, and so its descriptor in every stub that
 * has been given it; the others tell it from the slot's earlier files. The slot that was not used for longest is taken anew. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "seccomp.h"

struct slot {
	int fd;
	u32 id;        /* 0: free */
	u32 last_id;   /* the one before, so that none comes twice */
	u64 used;
};
static struct slot slots[STUB_FILES];
static u64 uses;

static struct slot *slot_of(u32 id)
{
	struct slot *s = &slots[id & (STUB_FILES - 1)];

	return id && s->id == id ? s : NULL;
}

/* The stubs that have been given it keep their descriptors, which hold the file on the host, until they are told. Those are told
 * at their next reply, and those that wait for a next program at once. */
static void close_in_stubs(u32 id)
{
	unsigned slot = id & (STUB_FILES - 1);

	for (unsigned i = 0; i < area_top; i++) {
		struct trap_task *t = by_area[i];
		struct stub_op op = { .kind = STUB_OP_CLOSE_FILE, .addr = STUB_FILE_FD + slot };

		if (!t || !t->mm->files || t->mm->files[slot] != id)
			continue;
		if (t->mm->tasks)
			*op_queue_add(&t->mm->queue) = op;
		else if (stub_parked(t))
			stub_work(t, &op, 1);
		t->mm->files[slot] = 0;
	}
}

static void release(struct slot *s)
{
	close(s->fd);
	s->last_id = s->id;
	s->id = 0;
}

void seccomp_forget_file(u32 id)
{
	struct slot *s = slot_of(id);

	if (!s)
		return;
	close_in_stubs(id);
	release(s);
}

/* A descriptor of the file behind @fd that can only be read from, or -1: it may not be mapped to be executed, or not at all. */
static int reopen(int fd)
{
	struct statvfs fs;
	char path[32];
	int made;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	made = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (made >= 0 && (fstatvfs(made, &fs) || (fs.f_flag & ST_NOEXEC))) {
		close(made);
		made = -1;
	}
	return made;
}

/* A number for the file behind @fd, or 0. */
static u32 add_file(int fd)
{
	struct slot *s = &slots[0];
	u32 id;

	for (unsigned i = 1; i < STUB_FILES && s->id; i++)
		if (!slots[i].id || slots[i].used < s->used)
			s = &slots[i];
	fd = reopen(fd);
	if (fd < 0)
		return 0;
	if (s->id)
		release(s); /* stubs that have it are given the new one when they map it */
	id = s->last_id ? s->last_id + STUB_FILES : STUB_FILES + (u32)(s - slots);
	if (id >= STUB_FILE_IDS) {
		close(fd);
		return 0;
	}
	s->fd = fd;
	s->id = id;
	return id;
}

/* An order to close descriptor @fd that has not been carried yet is void: it gets another file now. */
static void keep_open(struct op_queue *q, u64 fd)
{
	unsigned n = 0;

	for (unsigned i = 0; i < q->n; i++)
		if (q->ops[i].kind != STUB_OP_CLOSE_FILE || q->ops[i].addr != fd)
			q->ops[n++] = q->ops[i];
	q->n = n;
}

/* Sees to it that @mm's stub has the file. */
static bool give(struct trap_mm *mm, const struct slot *s)
{
	unsigned slot = (unsigned)(s - slots);
	struct stub_op op = { .kind = STUB_OP_TAKE_FILE, .addr = STUB_FILE_FD + slot };
	struct trap_task *t;
	int err;

	if (mm->files && mm->files[slot] == s->id)
		return true;
	stub_wait_carrier(mm);
	t = stub_parked_thread(mm);
	if (!mm->files)
		mm->files = calloc(STUB_FILES, sizeof(*mm->files));
	if (!mm->files || !t)
		return false;
	keep_open(&mm->queue, op.addr);
	stub_rest_end(t);
	if (stub_wait_posted(t))
		return false;
	t->f->ops[0] = op;
	t->f->nops = 1;
	stub_answer(t->f, STUB_WORK);
	err = zygote_give_file(t->pid, t->f, s->fd, STUB_FILE_FD + (int)slot);
	if (stub_wait_posted(t) || err)
		return false;
	mm->files[slot] = s->id;
	return true;
}

bool seccomp_map_file(struct trap_mm *mm, u64 addr, u64 size, int prot, int fd, u32 *id, u64 offset)
{
	struct slot *s = slot_of(*id);

	if (!zygote_gives_files() || offset + size > 1ull << STUB_FILE_SHIFT || (prot & PROT_WRITE))
		return false;
	if (!s) {
		*id = add_file(fd);
		s = slot_of(*id);
	}
	if (!s || !give(mm, s))
		return false;
	s->used = ++uses;
	seccomp_map(mm, addr, size, prot, STUB_PHYS_FILE | (u64)*id << STUB_FILE_SHIFT | offset, false);
	return true;
}
