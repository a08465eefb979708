/* The files of /proc/PID about memory: maps, smaps, smaps_rollup, numa_maps, statm, and the memory part of status. proc(5).
 *
 * Areas that belong to umk are not shown. */
#include "internal.h"
#include "mempolicy.h"
#include "proc_maps.h"
#include "proc_task.h"
#include "procfs.h"
#include "smaps.h"
#include <linux/capability.h>

#define KIB(pages) ((unsigned long long)(pages) * (PAGE_SIZE / 1024))
#define CHUNK (64ull << 20) /* bytes looked at between reschedule points */

/* ---- maps ---- */

static void map_line(struct seq *s, u64 start, u64 end, const char *perm, u64 off, u64 dev, u64 ino, const char *name)
{
	size_t at = s->len;

	seq_printf(s, "%08llx-%08llx %s %08llx %02x:%02x %llu ", (unsigned long long)start, (unsigned long long)end, perm,
		(unsigned long long)off, dev_major(dev), dev_minor(dev), (unsigned long long)ino);
	while (*name && s->len - at < 73 && !s->failed)
		seq_puts(s, " ");
	seq_puts(s, name);
	seq_puts(s, "\n");
}

/* Text of the file's path with what must not stand in a line as octal, as seq_path(.., "\n") does. */
static void escape_newlines(char *name, size_t size)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++) {
		if (name[i] != '\n' || len + 3 >= size)
			continue;
		memmove(name + i + 4, name + i + 1, len - i);
		memcpy(name + i, "\\012", 4);
		len += 3;
	}
}

void proc_area_name(const struct vm_area *v, char *name, size_t size)
{
	const struct mm *mm = v->mm;
	struct path path;

	name[0] = 0;
	if (v->file && v->anon_name) {
		ksnprintf(name, size, "[anon_shmem:%s]", anon_name_text(v->anon_name));
	} else if (v->file) {
		if (file_dentry_path(v->file, &path))
			return;
		if (proc_path_text(&path, name, size) < 0)
			name[0] = 0;
		path_put(&path);
		escape_newlines(name, size);
	} else if (v->start < mm->brk && v->end > mm->start_brk) {
		strscpy(name, "[heap]", size);
	} else if (v->start <= mm->start_stack && v->end >= mm->start_stack) {
		strscpy(name, "[stack]", size);
	} else if (v->anon_name) {
		ksnprintf(name, size, "[anon:%s]", anon_name_text(v->anon_name));
	}
}

static void area_line(struct seq *s, const struct vm_area *v, char *name, size_t size)
{
	char perm[5] = { v->flags & VM_READ ? 'r' : '-', v->flags & VM_WRITE ? 'w' : '-', v->flags & VM_EXEC ? 'x' : '-',
		v->flags & VM_SHARED ? 's' : 'p', 0 };
	u64 dev = 0, ino = 0, off = 0;

	proc_area_name(v, name, size);
	if (v->file) {
		const struct inode *inode = v->file->inode;

		dev = inode_dev(inode);
		ino = inode->ino;
		off = v->pgoff * PAGE_SIZE;
	}
	map_line(s, v->start, v->end, perm, off, dev, ino, name);
}

const struct vm_area *proc_shown_from(const struct mm *mm, u64 addr)
{
	const struct vm_area *v = find_vma((struct mm *)mm, addr);

	while (v && (v->flags & VM_STUB))
		v = v->node.next == &mm->vmas ? NULL : list_entry(v->node.next, struct vm_area, node);
	return v;
}

void proc_maps_show(struct seq *s, const struct proc_ctx *c)
{
	struct mm *mm = c->task->mm;
	const struct vm_area *v;
	char *name = kmalloc(PATH_MAX);

	if (!mm || !name) {
		kfree(name);
		return;
	}
	for (u64 a = 0; (v = proc_shown_from(mm, a)); a = v->end)
		area_line(s, v, name, PATH_MAX);
	kfree(name);
	if (trap_layout.vvar_start)
		map_line(s, trap_layout.vvar_start, trap_layout.vvar_end, "r--p", 0, 0, 0, "[vvar]");
	if (trap_layout.vdso_start)
		map_line(s, trap_layout.vdso_start, trap_layout.vdso_end, "r-xp", 0, 0, 0, "[vdso]");
}

/* ---- map_files ---- */

const struct vm_area *proc_next_map_file(const struct mm *mm, u64 addr)
{
	const struct vm_area *v;

	while (mm && (v = proc_shown_from(mm, addr))) {
		if (v->file && v->start >= addr)
			return v;
		addr = v->end;
	}
	return NULL;
}

static int map_get(const struct proc_ctx *c, struct path *path)
{
	const struct vm_area *v = proc_next_map_file(c->task->mm, (u64)c->key << PAGE_SHIFT);

	if (!capable(CAP_SYS_ADMIN) && !capable(CAP_CHECKPOINT_RESTORE))
		return -EPERM;
	if (!v || v->start != (u64)c->key << PAGE_SHIFT)
		return -ENOENT;
	return file_dentry_path(v->file, path);
}

static int map_link(const struct proc_ctx *c, char *buf, size_t size)
{
	const struct vm_area *v = proc_next_map_file(c->task->mm, (u64)c->key << PAGE_SHIFT);
	struct path path;
	int err = v && v->start == (u64)c->key << PAGE_SHIFT ? file_dentry_path(v->file, &path) : -ENOENT;

	if (err)
		return err;
	err = proc_path_text(&path, buf, size);
	path_put(&path);
	return err;
}

const struct proc_row proc_map_row = { .name = "", .mode = S_IFLNK | 0400, .readlink = map_link, .follow = map_get, .guarded = true };

/* ---- clear_refs ---- */

/* proc(5). 4 is for kernels that know which pages are soft-dirty (CONFIG_MEM_SOFT_DIRTY); others have nothing to clear. */
long proc_clear_refs_store(const char *text, size_t size __maybe_unused, const struct proc_ctx *c)
{
	enum { ALL = 1, ANON, MAPPED, SOFT_DIRTY, MM_HIWATER_RSS };
	struct mm *mm = c->task->mm;
	char word[13];
	s64 what;
	int err;

	strscpy(word, text, sizeof(word));
	err = proc_number(word, &what);
	if (err || what < ALL || what > MM_HIWATER_RSS)
		return -EINVAL;
	if (!mm)
		return 0;
	mm_get(mm);
	if (what == MM_HIWATER_RSS)
		mm->hiwater_rss = mm_rss(mm);
	else if (what != SOFT_DIRTY)
		err = mm_clear_referenced(mm, what != MAPPED, what != ANON);
	mm_drop(mm);
	return err;
}

/* ---- smaps ---- */

static void kib_line(struct seq *s, const char *key, u64 kib)
{
	seq_printf(s, "%-16s%8llu kB\n", key, (unsigned long long)kib);
}

/* What smaps says of one area and smaps_rollup of all. */
static void stats_lines(struct seq *s, const struct mem_stats *st, u64 locked, bool rollup)
{
	kib_line(s, "Rss:", st->rss >> 10);
	kib_line(s, "Pss:", mem_stats_kib(st->pss));
	kib_line(s, "Pss_Dirty:", mem_stats_kib(st->pss_dirty));
	if (rollup) {
		kib_line(s, "Pss_Anon:", mem_stats_kib(st->pss_anon));
		kib_line(s, "Pss_File:", mem_stats_kib(st->pss_file));
		kib_line(s, "Pss_Shmem:", mem_stats_kib(st->pss_shmem));
	}
	kib_line(s, "Shared_Clean:", st->shared_clean >> 10);
	kib_line(s, "Shared_Dirty:", st->shared_dirty >> 10);
	kib_line(s, "Private_Clean:", st->private_clean >> 10);
	kib_line(s, "Private_Dirty:", st->private_dirty >> 10);
	kib_line(s, "Referenced:", st->referenced >> 10);
	kib_line(s, "Anonymous:", st->anonymous >> 10);
	kib_line(s, "KSM:", 0);
	kib_line(s, "LazyFree:", 0);
	kib_line(s, "AnonHugePages:", 0);
	kib_line(s, "ShmemPmdMapped:", 0);
	kib_line(s, "FilePmdMapped:", 0);
	kib_line(s, "Shared_Hugetlb:", 0);
	kib_line(s, "Private_Hugetlb:", 0);
	kib_line(s, "Swap:", 0);
	kib_line(s, "SwapPss:", 0);
	kib_line(s, "Locked:", mem_stats_kib(locked));
}

static void flags_line(struct seq *s, u64 flags)
{
	/* In the order of Linux's bits. */
	static const struct { u64 flag; const char *name; } names[] = {
		{ VM_READ, "rd" }, { VM_WRITE, "wr" }, { VM_EXEC, "ex" }, { VM_MAYREAD, "mr" }, { VM_MAYWRITE, "mw" },
		{ VM_MAYEXEC, "me" }, { VM_SHARED, "ms" }, { VM_GROWSDOWN, "gd" }, { VM_LOCKED, "lo" }, { VM_SEQ_READ, "sr" },
		{ VM_RAND_READ, "rr" }, { VM_DONTCOPY, "dc" }, { VM_LOCKONFAULT, "lf" }, { VM_ACCOUNT, "ac" },
		{ VM_NORESERVE, "nr" }, { VM_WIPEONFORK, "wf" }, { VM_DONTDUMP, "dd" }, { VM_HUGEPAGE, "hg" },
		{ VM_NOHUGEPAGE, "nh" }, { VM_MERGEABLE, "mg" }, { VM_DROPPABLE, "dp" }, { VM_SEALED, "sl" },
	};

	seq_puts(s, "VmFlags: ");
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
		if (flags & names[i].flag)
			seq_printf(s, "%s ", names[i].name);
		/* A shared mapping that can never be written is not VM_SHARED to Linux, only VM_MAYSHARE. */
		if (names[i].flag == VM_EXEC && (flags & (VM_SHARED | VM_MAYWRITE)) == (VM_SHARED | VM_MAYWRITE))
			seq_puts(s, "sh ");
	}
	seq_puts(s, "\n");
}

/* Counts the area @v, which may go while others run: its last known description is *@v's copy. */
static void gather(struct mm *mm, u64 start, u64 end, struct mem_stats *st)
{
	for (u64 a = start; a < end; a += CHUNK) {
		mem_stats_add(mm, a, min(a + CHUNK, end), st);
		cond_resched();
	}
}

void proc_smaps_show(struct seq *s, const struct proc_ctx *c)
{
	struct mm *mm = c->task->mm;
	const struct vm_area *v;
	char *name = kmalloc(PATH_MAX);

	if (!mm || !name) {
		kfree(name);
		return;
	}
	mm_get(mm);
	for (u64 a = 0; (v = proc_shown_from(mm, a));) {
		u64 start = v->start, end = v->end, flags = v->flags;
		struct mem_stats st = { 0 };

		area_line(s, v, name, PATH_MAX);
		gather(mm, start, end, &st); /* sleeps: @v may be gone */
		kib_line(s, "Size:", (end - start) >> 10);
		kib_line(s, "KernelPageSize:", PAGE_SIZE >> 10);
		kib_line(s, "MMUPageSize:", PAGE_SIZE >> 10);
		stats_lines(s, &st, flags & VM_LOCKED ? st.pss : 0, false);
		seq_puts(s, "THPeligible:           0\n");
		flags_line(s, flags);
		a = end;
	}
	kfree(name);
	mm_drop(mm);
}

void proc_smaps_rollup_show(struct seq *s, const struct proc_ctx *c)
{
	struct mm *mm = c->task->mm;
	u64 first = 0, last = 0, locked = 0, before;
	struct mem_stats st = { 0 };
	const struct vm_area *v;

	if (!mm)
		return;
	mm_get(mm);
	for (u64 a = 0; (v = proc_shown_from(mm, a)); a = last) {
		u64 start = v->start, flags = v->flags;

		if (!last)
			first = start;
		last = v->end;
		before = st.pss;
		gather(mm, start, last, &st);
		if (flags & VM_LOCKED)
			locked += st.pss - before;
	}
	mm_drop(mm);
	map_line(s, first, last, "---p", 0, 0, 0, "[rollup]");
	stats_lines(s, &st, locked, true);
}

/* ---- numa_maps: one node has everything ---- */

static void numa_line(struct seq *s, struct mm *mm, const struct vm_area *v, u64 task_policy, char *name, size_t size)
{
	u64 start = v->start, end = v->end;
	struct mem_stats st = { 0 };
	char policy[64];

	mpol_text(v->policy ? v->policy : task_policy, policy, sizeof(policy));
	proc_area_name(v, name, size);
	seq_printf(s, "%08llx %s", (unsigned long long)start, policy);
	if (v->file)
		seq_printf(s, " file=%s", name);
	else if (!strcmp(name, "[heap]") || !strcmp(name, "[stack]"))
		seq_puts(s, name[1] == 'h' ? " heap" : " stack");
	gather(mm, start, end, &st);
	if (st.rss) {
		if (st.anonymous)
			seq_printf(s, " anon=%llu", (unsigned long long)(st.anonymous / PAGE_SIZE));
		if (st.shared_dirty + st.private_dirty)
			seq_printf(s, " dirty=%llu", (unsigned long long)((st.shared_dirty + st.private_dirty) / PAGE_SIZE));
		if (st.rss != st.anonymous && st.rss != st.shared_dirty + st.private_dirty)
			seq_printf(s, " mapped=%llu", (unsigned long long)(st.rss / PAGE_SIZE));
		if (st.mapmax > 1)
			seq_printf(s, " mapmax=%u", st.mapmax);
		seq_printf(s, " N0=%llu kernelpagesize_kB=4", (unsigned long long)(st.rss / PAGE_SIZE));
	}
	seq_puts(s, "\n");
}

void proc_numa_maps_show(struct seq *s, const struct proc_ctx *c)
{
	struct mm *mm = c->task->mm;
	const struct vm_area *v;
	char *name = kmalloc(PATH_MAX);
	u64 policy = c->task->mempolicy;

	if (!mm || !name) {
		kfree(name);
		return;
	}
	mm_get(mm);
	for (u64 a = 0, end; (v = proc_shown_from(mm, a)); a = end) {
		end = v->end;
		numa_line(s, mm, v, policy, name, PATH_MAX);
	}
	kfree(name);
	mm_drop(mm);
}

/* ---- figures of the whole ---- */

/* Pages of program text, as Linux counts them. */
static u64 text_pages(const struct mm *mm)
{
	u64 text = (round_up(mm->end_code, PAGE_SIZE) - round_down(mm->start_code, PAGE_SIZE)) >> PAGE_SHIFT;

	return min(text, mm->exec_vm);
}

void proc_statm_show(struct seq *s, const struct proc_ctx *c)
{
	const struct mm *mm = c->task->mm;

	if (!mm) {
		seq_puts(s, "0 0 0 0 0 0 0\n");
		return;
	}
	seq_printf(s, "%llu %llu %llu %llu 0 %llu 0\n", (unsigned long long)mm->total_vm, (unsigned long long)mm_rss(mm),
		(unsigned long long)(mm->rss_file + mm->rss_shmem), (unsigned long long)text_pages(mm),
		(unsigned long long)(mm->data_vm + mm->stack_vm));
}

void proc_status_memory(struct seq *s, const struct mm *mm)
{
	const struct { const char *key; u64 kib; } rows[] = {
		{ "VmPeak", KIB(max(mm->hiwater_vm, mm->total_vm)) }, { "VmSize", KIB(mm->total_vm) },
		{ "VmLck", KIB(mm->locked_vm) }, { "VmPin", 0 }, { "VmHWM", KIB(max(mm->hiwater_rss, mm_rss(mm))) },
		{ "VmRSS", KIB(mm_rss(mm)) }, { "RssAnon", KIB(mm->rss_anon) }, { "RssFile", KIB(mm->rss_file) },
		{ "RssShmem", KIB(mm->rss_shmem) }, { "VmData", KIB(mm->data_vm) }, { "VmStk", KIB(mm->stack_vm) },
		{ "VmExe", KIB(text_pages(mm)) }, { "VmLib", KIB(mm->exec_vm - text_pages(mm)) },
		{ "VmPTE", mm->nr_ptes >> 10 }, { "VmSwap", 0 }, { "HugetlbPages", 0 },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++)
		seq_printf(s, "%s:\t%8llu kB\n", rows[i].key, (unsigned long long)rows[i].kib);
}
