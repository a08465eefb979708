/* The notes of a core file: one set a thread and one for the process, in Linux's layouts (uapi has them in linux/elfcore.h,
 * which wants libc; so they stand here). */
#include "coredump.h"
#include "cred.h"
#include "fs.h"
#include "mm.h"
#include "seq.h"
#include "sched.h"
#include "signal/sigcore.h"
#include "slab.h"
#include "string.h"
#include "task.h"
#include "trap.h"
#include "uaccess.h"
#include <linux/elf.h>

#define XCR0_OFFSET 464 /* in the software's bytes of the XSAVE image: which components there are, for gdb */
#define FXSAVE_SIZE 512
#define MAX_PATH 4096

struct core_timeval { s64 sec, usec; };
struct core_prstatus {
	s32 signo, code, err;
	s16 cursig;
	u64 sigpend, sighold;
	s32 pid, ppid, pgrp, sid;
	struct core_timeval utime, stime, cutime, cstime;
	u64 regs[27]; /* struct user_regs_struct */
	s32 fpvalid;
};
struct core_prpsinfo {
	char state, sname, zomb, nice;
	u64 flag;
	u32 uid, gid;
	s32 pid, ppid, pgrp, sid;
	char fname[16], psargs[80];
};
BUILD_BUG_ON(sizeof(struct core_prstatus) != 336);
BUILD_BUG_ON(sizeof(struct core_prpsinfo) != 136);

/* ---- a note ---- */

static void pad(struct seq *s)
{
	static const char zero[4];

	seq_write(s, zero, (4 - s->len % 4) % 4);
}

/* The header; size bytes follow, and pad(). */
static void note_begin(struct seq *s, const char *name, u32 type, size_t size)
{
	Elf64_Nhdr h = { .n_namesz = (u32)strlen(name) + 1, .n_descsz = (u32)size, .n_type = type };

	seq_write(s, &h, sizeof(h));
	seq_write(s, name, h.n_namesz);
	pad(s);
}

static void note(struct seq *s, const char *name, u32 type, const void *data, size_t size)
{
	note_begin(s, name, type, size);
	seq_write(s, data, size);
	pad(s);
}

/* ---- of a thread ---- */

static struct core_timeval timeval(u64 ns)
{
	return (struct core_timeval){ .sec = (s64)(ns / NSEC_PER_SEC), .usec = (s64)(ns % NSEC_PER_SEC / 1000) };
}

static void fill_regs(u64 *to, const struct task *t)
{
	const struct pt_regs *r = &t->regs;
	u64 fs = 0, gs = 0;

	if (t->tt)
		(void)trap->get_bases(t->tt, &fs, &gs);
	memcpy(to, r, 21 * sizeof(u64)); /* r15 to ss lie in the same order */
	to[21] = fs;
	to[22] = gs;
}

static void prstatus_note(struct seq *s, const struct task *t, const siginfo_t *info)
{
	const struct signal_struct *sig = t->signal;
	struct core_prstatus p;

	memset(&p, 0, sizeof(p));
	p.signo = p.cursig = (s16)info->si_signo;
	p.sigpend = t->pending.set;
	p.sighold = t->blocked;
	p.pid = t->pid;
	p.ppid = sig->leader->real_parent->tgid;
	p.pgrp = sig->pgid;
	p.sid = sig->sid;
	p.utime = timeval(task_utime(t));
	p.stime = timeval(t->stime);
	p.cutime = timeval(sig->cutime);
	p.cstime = timeval(sig->cstime);
	fill_regs(p.regs, t);
	p.fpvalid = 1;
	note(s, "CORE", NT_PRSTATUS, &p, sizeof(p));
}

static void fp_notes(struct seq *s, const struct task *t)
{
	u8 *xsave = kzalloc(trap_layout.xsave_size);

	if (!xsave) {
		s->failed = true;
		return;
	}
	if (t->tt && !trap->get_fp(t->tt, xsave)) {
		memcpy(xsave + XCR0_OFFSET, &trap_layout.xfeatures, sizeof(trap_layout.xfeatures));
		note(s, "CORE", NT_PRFPREG, xsave, FXSAVE_SIZE);
		note(s, "LINUX", NT_X86_XSTATE, xsave, trap_layout.xsave_size);
	}
	kfree(xsave);
}

/* ---- of the process ---- */

static void psinfo_note(struct seq *s, const struct task *t)
{
	struct core_prpsinfo p;
	u64 n = min(t->mm->arg_end - t->mm->arg_start, sizeof(p.psargs) - 1);

	memset(&p, 0, sizeof(p));
	p.sname = 'R';
	p.nice = (char)t->nice;
	p.uid = t->cred->uid;
	p.gid = t->cred->gid;
	p.pid = t->tgid;
	p.ppid = t->signal->leader->real_parent->tgid;
	p.pgrp = t->signal->pgid;
	p.sid = t->signal->sid;
	memcpy(p.fname, t->comm, sizeof(p.fname));
	if (copy_from_mm(t->mm, p.psargs, t->mm->arg_start, n))
		n = 0;
	for (u64 i = 0; i + 1 < n; i++)
		if (!p.psargs[i])
			p.psargs[i] = ' ';
	p.psargs[n] = 0;
	note(s, "CORE", NT_PRPSINFO, &p, sizeof(p));
}

static void auxv_note(struct seq *s, const struct mm *mm)
{
	size_t n = 0;

	while (n + 2 < ARRAY_SIZE(mm->auxv) && mm->auxv[n])
		n += 2;
	note(s, "CORE", NT_AUXV, mm->auxv, (n + 2) * sizeof(mm->auxv[0]));
}

/* Which parts of which files are mapped where: counts, ranges, then the names. */
static void file_note(struct seq *s, const struct mm *mm)
{
	struct { u64 count, page_size; } head = { 0, PAGE_SIZE };
	struct seq ranges = { 0 }, names = { 0 };
	char *path = kmalloc(MAX_PATH);
	struct vm_area *vma;

	list_for_each_entry(vma, &mm->vmas, node) {
		struct { u64 start, end, offset; } r = { vma->start, vma->end, vma->pgoff };
		int n;

		if (!vma->file || !path)
			continue;
		n = file_path(vma->file, path, MAX_PATH);
		if (n < 0)
			continue;
		seq_write(&ranges, &r, sizeof(r));
		seq_write(&names, path, (size_t)n + 1);
		head.count++;
	}
	kfree(path);
	if (ranges.failed || names.failed)
		s->failed = true;
	note_begin(s, "CORE", NT_FILE, sizeof(head) + ranges.len + names.len);
	seq_write(s, &head, sizeof(head));
	seq_write(s, ranges.buf, ranges.len);
	seq_write(s, names.buf, names.len);
	pad(s);
	kfree(ranges.buf);
	kfree(names.buf);
}

void core_notes(struct seq *s, const siginfo_t *info)
{
	struct task *t;

	prstatus_note(s, current, info);
	psinfo_note(s, current);
	note(s, "CORE", NT_SIGINFO, info, sizeof(*info));
	auxv_note(s, current->mm);
	file_note(s, current->mm);
	fp_notes(s, current);
	list_for_each_entry(t, &current->signal->threads, thread_node) {
		if (t == current || t->exiting || !t->tt)
			continue;
		prstatus_note(s, t, info);
		fp_notes(s, t);
	}
}
