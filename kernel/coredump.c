/* Core files: core(5). Decides who gets one, brings the process's other threads to a halt, and writes what its memory is; the
 * notes are corenote.c's. The file is the guest's (corename.c) or, with --core=DIR, the host's: DIR/core.PID.
 *
 * What is dumped of an area is the address space's filter's matter (/proc/PID/coredump_filter). As a rule: all private pages that
 * are not a file's own, shared anonymous memory, and the first page of ELF images. Pages that nobody has touched become holes. */
#include "coredump.h"
#include "fs.h"
#include "fs/internal.h"
#include "mm.h"
#include "printk.h"
#include "seq.h"
#include "sched.h"
#include "signal/sigcore.h"
#include "slab.h"
#include "string.h"
#include "trap.h"
#include "uaccess.h"
#include <asm/resource.h>
#include <linux/elf.h>

#define CHUNK (256 * 1024ull)         /* bytes a write */
#define PATIENCE (2 * NSEC_PER_SEC)   /* for threads that do not stand still */

/* ---- standing still ---- */

static bool stands_still(const struct task *t)
{
	return t->exiting || (t->state != TASK_GUEST && t->state != TASK_RUNNING);
}

static bool others_stand_still(void)
{
	struct task *t;

	list_for_each_entry(t, &current->signal->threads, thread_node)
		if (t != current && !stands_still(t))
			return false;
	return true;
}

/* What sleeps in the kernel has its registers with it; what runs is called in. False: killed meanwhile. */
static bool halt_others(struct core_state *core)
{
	u64 deadline = ktime_get() + PATIENCE;
	struct task *t;

	list_for_each_entry(t, &current->signal->threads, thread_node)
		if (t != current && !t->exiting) {
			t->sigpending = true;
			if (t->state == TASK_GUEST)
				wake_task_signal(t, false);
		}
	while (!others_stand_still() && !fatal_signal_pending(current) && ktime_get() < deadline) {
		struct wait_entry e;

		init_wait(&e);
		prepare_to_wait(&core->parked, &e, TASK_KILLABLE);
		(void)schedule_until(ktime_get() + NSEC_PER_SEC / 1000);
		finish_wait(&e);
	}
	return !fatal_signal_pending(current);
}

bool coredump_park(void)
{
	struct signal_struct *s = current->signal;

	if (!s->core || s->core->dumper == current)
		return false;
	wake_up_all(&s->core->parked);
	while (s->core && !s->group_exit && !fatal_signal_pending(current)) {
		current->state = TASK_KILLABLE;
		schedule();
	}
	current->state = TASK_RUNNING;
	return true;
}

/* ---- the file ---- */

struct core_file {
	struct file *file; /* the guest's; NULL: */
	int fd;            /* of the host */
	u64 limit;         /* RLIMIT_CORE */
	bool failed;
};

static ssize_t core_put(struct core_file *f, const void *data, u64 size, u64 off)
{
	struct host_req req = { .op = HOST_PWRITE, .fd = f->fd, .buf = (void *)data, .size = size, .offset = off };

	return f->file ? kernel_write(f->file, data, size, off) : (ssize_t)host_call(&req);
}

/* -errno stays with the file: nothing more is written. */
static void core_write(struct core_file *f, const void *data, u64 size, u64 off)
{
	if (f->failed || off + size > f->limit || fatal_signal_pending(current)) {
		f->failed = true;
		return;
	}
	while (size) {
		ssize_t n = core_put(f, data, size, off);

		if (n <= 0) {
			f->failed = true;
			return;
		}
		data = (const u8 *)data + n;
		off += (u64)n;
		size -= (u64)n;
	}
}

/* The end of a core may be a hole. */
static int core_set_length(struct core_file *f, u64 size)
{
	struct host_req req = { .op = HOST_TRUNCATE, .fd = f->fd, .size = size };

	return f->file ? vfs_truncate(f->file, size) : (int)min(host_call(&req), 0);
}

static int core_open_host(struct core_file *f)
{
	struct host_req req = { .op = HOST_OPEN, .fd = HOST_AT_FDCWD, .flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, .mode = 0600 };
	char *path = kmalloc(PATH_MAX);

	if (!path)
		return -ENOMEM;
	req.path = path;
	if (ksnprintf(path, PATH_MAX, "%s/core.%d", umk_options.core, current->tgid) >= PATH_MAX)
		req.result = -ENAMETOOLONG;
	else
		host_call(&req);
	if (req.result < 0)
		pr_msg("cannot write %s: error %ld", path, -req.result);
	kfree(path);
	f->fd = (int)req.result;
	return req.result < 0 ? (int)req.result : 0;
}

static int core_open(struct core_file *f, int sig)
{
	if (umk_options.core)
		return core_open_host(f);
	f->file = core_file(sig);
	return IS_ERR(f->file) ? (int)PTR_ERR(f->file) : 0;
}

static void core_close(struct core_file *f)
{
	struct host_req end = { .op = HOST_CLOSE, .fd = f->fd };

	if (f->file)
		file_put(f->file);
	else
		host_call(&end);
}

/* ---- memory ---- */

static bool is_elf(struct mm *mm, u64 addr)
{
	char magic[SELFMAG];

	return !copy_from_mm(mm, magic, addr, sizeof(magic)) && !memcmp(magic, ELFMAG, SELFMAG);
}

/* How many bytes of the area the file holds. */
static u64 dumped_size(const struct vm_area *vma)
{
	u32 filter = vma->mm->dump_filter;
	bool file = vma->file;

	if (vma->flags & VM_DONTDUMP)
		return 0;
	if (vma->flags & VM_SHARED)
		return filter & (file && vma->file->inode->nlink ? MM_DUMP_MAPPED_SHARED : MM_DUMP_ANON_SHARED) ? vma->end - vma->start : 0;
	if ((!file || vma->anon_vma || (vma->flags & VM_WRITE)) && (filter & MM_DUMP_ANON_PRIVATE))
		return vma->end - vma->start;
	if (file && (filter & MM_DUMP_MAPPED_PRIVATE))
		return vma->end - vma->start;
	return file && (filter & MM_DUMP_ELF_HEADERS) && !vma->pgoff && (vma->flags & VM_READ) && is_elf(vma->mm, vma->start) ? PAGE_SIZE : 0;
}

/* Pages of anonymous memory from *addr on that lie in a row, as one write: bytes. 0: a hole of one page. */
static u64 present_run(struct mm *mm, u64 addr, u64 end, void **data)
{
	struct page *first = mm_shown_page(mm, addr);
	u64 n = PAGE_SIZE;

	if (!first)
		return 0;
	*data = page_address(first);
	while (addr + n < end && n < CHUNK && mm_shown_page(mm, addr + n) == first + n / PAGE_SIZE)
		n += PAGE_SIZE;
	return n;
}

static void write_area(struct core_file *f, const struct vm_area *vma, u64 size, u64 off)
{
	u64 addr = vma->start, end = addr + size, n;
	void *data, *page = NULL;
	struct page *shared;

	/* Of a file's pages not all need be there: they are read. */
	if (vma->file && !(vma->flags & VM_SHARED))
		page = kmalloc(PAGE_SIZE);
	while (addr < end && !f->failed) {
		n = present_run(vma->mm, addr, end, &data);
		if (!n && page && !copy_from_mm(vma->mm, page, addr, PAGE_SIZE)) {
			n = PAGE_SIZE;
			data = page;
		}
		if (n)
			core_write(f, data, n, off);
		/* What this process has not touched of shared memory others may have. */
		else if (!page && vma->mapping && (shared = find_page(vma->mapping, vma->pgoff + ((addr - vma->start) >> PAGE_SHIFT)))) {
			core_write(f, page_address(shared), PAGE_SIZE, off);
			page_put(shared);
		}
		n = max(n, PAGE_SIZE);
		addr += n;
		off += n;
		cond_resched();
	}
	kfree(page);
}

static void fill_load(Elf64_Phdr *ph, const struct vm_area *vma, u64 off)
{
	memset(ph, 0, sizeof(*ph));
	ph->p_type = PT_LOAD;
	ph->p_offset = off;
	ph->p_vaddr = vma->start;
	ph->p_filesz = dumped_size(vma);
	ph->p_memsz = vma->end - vma->start;
	ph->p_flags = (vma->flags & VM_READ ? PF_R : 0) | (vma->flags & VM_WRITE ? PF_W : 0) | (vma->flags & VM_EXEC ? PF_X : 0);
	ph->p_align = PAGE_SIZE;
}

static void fill_header(Elf64_Ehdr *eh, unsigned nr)
{
	memset(eh, 0, sizeof(*eh));
	memcpy(eh->e_ident, ELFMAG, SELFMAG);
	eh->e_ident[EI_CLASS] = ELFCLASS64;
	eh->e_ident[EI_DATA] = ELFDATA2LSB;
	eh->e_ident[EI_VERSION] = EV_CURRENT;
	eh->e_type = ET_CORE;
	eh->e_machine = EM_X86_64;
	eh->e_version = EV_CURRENT;
	eh->e_phoff = sizeof(*eh);
	eh->e_ehsize = sizeof(*eh);
	eh->e_phentsize = sizeof(Elf64_Phdr);
	eh->e_phnum = (Elf64_Half)nr;
}

/* Headers, notes, areas; the length is set last. */
static void write_core(struct core_file *f, const siginfo_t *info)
{
	struct mm *mm = current->mm;
	struct seq notes = { 0 };
	struct vm_area *vma;
	Elf64_Ehdr eh;
	Elf64_Phdr *ph;
	u64 off;
	unsigned nr = 1, i = 1;

	core_notes(&notes, info);
	list_for_each_entry(vma, &mm->vmas, node)
		nr += !(vma->flags & VM_STUB);
	ph = kcalloc(nr, sizeof(*ph));
	if (!ph || notes.failed) {
		f->failed = true;
		goto free_all;
	}
	fill_header(&eh, nr);
	ph[0].p_type = PT_NOTE;
	ph[0].p_offset = sizeof(eh) + nr * sizeof(*ph);
	ph[0].p_filesz = notes.len;
	ph[0].p_align = 4;
	off = round_up(ph[0].p_offset + notes.len, PAGE_SIZE);
	list_for_each_entry(vma, &mm->vmas, node) {
		if ((vma->flags & VM_STUB) || i == nr)
			continue;
		fill_load(&ph[i], vma, off);
		off += ph[i++].p_filesz;
	}
	core_write(f, &eh, sizeof(eh), 0);
	core_write(f, ph, nr * sizeof(*ph), sizeof(eh));
	core_write(f, notes.buf, notes.len, ph[0].p_offset);
	i = 1;
	list_for_each_entry(vma, &mm->vmas, node) {
		if ((vma->flags & VM_STUB) || i == nr)
			continue;
		write_area(f, vma, ph[i].p_filesz, ph[i].p_offset);
		i++;
	}
	if (core_set_length(f, min(off, f->limit)) || off > f->limit)
		f->failed = true;
free_all:
	kfree(ph);
	kfree(notes.buf);
}

bool coredump(const siginfo_t *info)
{
	struct signal_struct *s = current->signal;
	struct core_state core = { .dumper = current };
	struct core_file f = { .limit = rlimit(RLIMIT_CORE) };

	if (!sig_dumps_core(info->si_signo) || !current->mm->dumpable || f.limit < PAGE_SIZE || s->core || s->group_exit)
		return false;
	init_waitqueue_head(&core.parked);
	s->core = &core;
	f.failed = !halt_others(&core);
	if (!f.failed)
		f.failed = core_open(&f, info->si_signo) < 0;
	if (!f.failed) {
		write_core(&f, info);
		core_close(&f);
	}
	s->core = NULL;
	wake_up_all(&core.parked);
	return !f.failed;
}
