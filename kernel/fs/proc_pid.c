/* The files of /proc/PID: what a process is, uses and has open. proc(5). */
#include "internal.h"
#include "proc_maps.h"
#include "cred.h"
#include "locks.h"
#include "oops.h"
#include "proc_task.h"
#include "procfs.h"
#include "tty.h"
#include "umk_kernel.h"
#include <linux/resource.h>

#define TICK_NS 10000000ull /* USER_HZ is 100 */

u64 task_utime(const struct task *t);
void process_times(const struct signal_struct *s, u64 *utime, u64 *stime);

/* ---- links ---- */

int proc_path_text(const struct path *p, char *buf, size_t size)
{
	bool deleted;
	int len = path_text(p, buf, size - 16, &deleted);

	if (len >= 0 && deleted)
		len += ksnprintf(buf + len, 16, " (deleted)");
	return len;
}

static int readlink_of(int (*get)(const struct proc_ctx *c, struct path *path), const struct proc_ctx *c, char *buf,
	size_t size)
{
	struct path path;
	int err = get(c, &path);

	if (err)
		return err;
	err = proc_path_text(&path, buf, size);
	path_put(&path);
	return err;
}

static int exe_get(const struct proc_ctx *c, struct path *path)
{
	return c->task->mm && c->task->mm->exe_file ? file_dentry_path(c->task->mm->exe_file, path) : -ENOENT;
}

static int cwd_get(const struct proc_ctx *c, struct path *path)
{
	if (!c->task->fs)
		return -ENOENT;
	*path = c->task->fs->cwd;
	path_get(path);
	return 0;
}

static int root_get(const struct proc_ctx *c, struct path *path)
{
	if (!c->task->fs)
		return -ENOENT;
	*path = c->task->fs->root;
	path_get(path);
	return 0;
}

static int fd_get(const struct proc_ctx *c, struct path *path)
{
	struct file *f = files_get(c->task->files, (int)c->key);
	int err;

	if (!f)
		return -ENOENT;
	err = file_dentry_path(f, path);
	file_put(f);
	return err;
}

static int exe_link(const struct proc_ctx *c, char *buf, size_t size) { return readlink_of(exe_get, c, buf, size); }
static int cwd_link(const struct proc_ctx *c, char *buf, size_t size) { return readlink_of(cwd_get, c, buf, size); }
static int root_link(const struct proc_ctx *c, char *buf, size_t size) { return readlink_of(root_get, c, buf, size); }
static int fd_link(const struct proc_ctx *c, char *buf, size_t size) { return readlink_of(fd_get, c, buf, size); }

const struct proc_row proc_fd_row = { .name = "", .mode = S_IFLNK | 0700, .readlink = fd_link, .follow = fd_get,
	.guarded = true };

static void fdinfo_show(struct seq *s, const struct proc_ctx *c)
{
	struct file *f = files_get(c->task->files, (int)c->key);
	size_t room = 4096;
	char *extra;

	if (!f)
		return;
	seq_printf(s, "pos:\t%llu\nflags:\t0%o\nmnt_id:\t%u\nino:\t%llu\n", (unsigned long long)f->pos,
		f->flags | files_fd_flags(c->task->files, (int)c->key), f->path.mnt ? f->path.mnt->id : 0,
		(unsigned long long)f->inode->ino);
	locks_show_file(s, f, c->task->files);
	/* An epoll may hold more than fits at first. */
	for (extra = NULL; f->ops->show_fdinfo; room *= 4) {
		kfree(extra);
		extra = kzalloc(room);
		if (!extra)
			break;
		f->ops->show_fdinfo(f, extra, room);
		if (strlen(extra) + 1 < room || room > 4 << 20)
			break;
	}
	if (extra)
		seq_puts(s, extra);
	kfree(extra);
	file_put(f);
}

const struct proc_row proc_fdinfo_row = { .name = "", .mode = S_IFREG | 0444, .show = fdinfo_show, .guarded = true };

/* ---- its memory ---- */

static void memory_show(struct seq *s, struct mm *mm, u64 start, u64 end)
{
	char *buf = kmalloc(PAGE_SIZE);

	while (buf && start < end) {
		size_t want = min(end - start, (u64)PAGE_SIZE), missed;

		missed = copy_from_mm(mm, buf, start, want);
		seq_write(s, buf, want - missed);
		if (missed || s->len > 2 << 20)
			break;
		start += want;
	}
	kfree(buf);
}

/* The title that a program has written over its arguments, setproctitle(3), and over its environment if that follows: a page of it
 * at most, and the NUL behind it if there is one. */
static void title_show(struct seq *s, struct mm *mm)
{
	u64 end = mm->env_start == mm->arg_end && mm->env_end >= mm->env_start ? mm->env_end : mm->arg_end;
	char *text = kmalloc(PAGE_SIZE);
	size_t got, len = 0;

	if (!text)
		return;
	got = PAGE_SIZE - copy_from_mm(mm, text, mm->arg_start, PAGE_SIZE);
	while (len < got && text[len])
		len++;
	seq_write(s, text, min(len + (len < got), end - mm->arg_start));
	kfree(text);
}

static void cmdline_show(struct seq *s, const struct proc_ctx *c)
{
	struct mm *mm = c->task->mm;
	char last;

	if (!mm || mm->arg_start >= mm->arg_end)
		return;
	mm_get(mm);
	/* Where the last argument's NUL was is something else: the arguments have been written over. */
	if (!copy_from_mm(mm, &last, mm->arg_end - 1, 1) && last)
		title_show(s, mm);
	else
		memory_show(s, mm, mm->arg_start, mm->arg_end);
	mm_drop(mm);
}

static void environ_show(struct seq *s, const struct proc_ctx *c)
{
	struct mm *mm = c->task->mm;

	if (mm) {
		mm_get(mm);
		memory_show(s, mm, mm->env_start, mm->env_end);
		mm_drop(mm);
	}
}

static void auxv_show(struct seq *s, const struct proc_ctx *c)
{
	const struct mm *mm = c->task->mm;
	unsigned n = 0;

	if (!mm)
		return;
	while (n + 2 < ARRAY_SIZE(mm->auxv) && mm->auxv[n])
		n += 2;
	seq_write(s, mm->auxv, (n + 2) * sizeof(u64));
}

/* ---- state ---- */

static char state_letter(const struct task *t)
{
	if (t->pid == 1)
		return 'S'; /* init has no program: it waits for its children */
	switch (t->state) {
	case TASK_RUNNING:
	case TASK_GUEST:
		return 'R';
	case TASK_INTERRUPTIBLE:
		return 'S';
	case TASK_UNINTERRUPTIBLE:
	case TASK_KILLABLE:
		return 'D';
	case TASK_STOPPED:
		return 'T';
	case TASK_ZOMBIE:
		return 'Z';
	default:
		return 'X';
	}
}

static void comm_show(struct seq *s, const struct proc_ctx *c)
{
	seq_printf(s, "%s\n", c->task->comm);
}

static long comm_store(const char *text, size_t size, const struct proc_ctx *c)
{
	if (c->task->tgid != current->tgid)
		return -EINVAL;
	strscpy(c->task->comm, text, min(size + 1, sizeof(c->task->comm)));
	return 0;
}

static unsigned thread_count(const struct signal_struct *sig)
{
	const struct list_head *l;
	unsigned n = 0;

	for (l = sig->threads.next; l != &sig->threads; l = l->next)
		n++;
	return n;
}

static int parent_of(const struct task *t)
{
	return t->real_parent && t->pid != 1 ? t->real_parent->tgid : 0; /* init is its own parent here */
}

static void stat_show(struct seq *s, const struct proc_ctx *c)
{
	const struct task *t = c->task;
	const struct signal_struct *sig = t->signal;
	const struct mm *mm = t->mm;
	bool whole = t->pid == t->tgid;
	u64 utime = task_utime(t), stime = t->stime, ign = 0, caught = 0;

	if (!sig)
		return;
	if (whole)
		process_times(sig, &utime, &stime);
	for (int i = 0; t->sighand && i < _NSIG; i++) {
		ign |= (u64)(t->sighand->action[i].handler == 1) << i;
		caught |= (u64)(t->sighand->action[i].handler > 1) << i;
	}
	seq_printf(s, "%d (%s) %c %d %d %d %d %d %u ", t->pid, t->comm, state_letter(t), parent_of(t), sig->pgid, sig->sid,
		signal_tty_nr(sig), signal_tty_pgrp(sig), 0x400000u);
	seq_printf(s, "%llu %llu %llu %llu ", (unsigned long long)(whole ? sig->min_flt : 0) + t->min_flt,
		(unsigned long long)sig->cmin_flt, (unsigned long long)(whole ? sig->maj_flt : 0) + t->maj_flt,
		(unsigned long long)sig->cmaj_flt);
	seq_printf(s, "%llu %llu %llu %llu %d %d %u 0 %llu ", (unsigned long long)(utime / TICK_NS),
		(unsigned long long)(stime / TICK_NS), (unsigned long long)(sig->cutime / TICK_NS),
		(unsigned long long)(sig->cstime / TICK_NS), 20 + t->nice, t->nice, thread_count(sig),
		(unsigned long long)(t->start_time / TICK_NS));
	seq_printf(s, "%llu %llu %llu ", mm ? (unsigned long long)mm->total_vm * PAGE_SIZE : 0,
		mm ? (unsigned long long)(mm_rss(mm)) : 0, (unsigned long long)sig->rlim[RLIMIT_RSS].cur);
	seq_printf(s, "%llu %llu %llu 0 0 ", mm ? (unsigned long long)mm->start_code : 0, mm ? (unsigned long long)mm->end_code : 0,
		mm ? (unsigned long long)mm->start_stack : 0);
	seq_printf(s, "%llu %llu %llu %llu 0 0 0 %d 0 0 0 0 0 0 ",
		(unsigned long long)(t->pending.set & 0x7fffffff), (unsigned long long)(t->blocked & 0x7fffffff),
		(unsigned long long)(ign & 0x7fffffff), (unsigned long long)(caught & 0x7fffffff), t->exit_signal);
	seq_printf(s, "%llu %llu %llu %llu %llu %llu %llu %d\n", mm ? (unsigned long long)mm->start_data : 0,
		mm ? (unsigned long long)mm->end_data : 0, mm ? (unsigned long long)mm->start_brk : 0,
		mm ? (unsigned long long)mm->arg_start : 0, mm ? (unsigned long long)mm->arg_end : 0,
		mm ? (unsigned long long)mm->env_start : 0, mm ? (unsigned long long)mm->env_end : 0,
		t->state == TASK_ZOMBIE ? t->exit_code : 0);
}

static void status_signals(struct seq *s, const struct task *t)
{
	u64 ign = 0, caught = 0;

	for (int i = 0; t->sighand && i < _NSIG; i++) {
		ign |= (u64)(t->sighand->action[i].handler == 1) << i;
		caught |= (u64)(t->sighand->action[i].handler > 1) << i;
	}
	seq_printf(s, "SigPnd:\t%016llx\nShdPnd:\t%016llx\nSigBlk:\t%016llx\nSigIgn:\t%016llx\nSigCgt:\t%016llx\n",
		(unsigned long long)t->pending.set, (unsigned long long)t->signal->shared_pending.set,
		(unsigned long long)t->blocked, (unsigned long long)ign, (unsigned long long)caught);
}

/* A mask as "0-1,4". */
static void cpu_list(struct seq *s, const u64 *mask, unsigned words)
{
	bool first = true;

	for (unsigned cpu = 0; cpu < words * 64; cpu++) {
		unsigned end = cpu;

		if (!(mask[cpu / 64] >> (cpu % 64) & 1))
			continue;
		while (end + 1 < words * 64 && (mask[(end + 1) / 64] >> ((end + 1) % 64) & 1))
			end++;
		seq_printf(s, end > cpu ? "%s%u-%u" : "%s%u", first ? "" : ",", cpu, end);
		first = false;
		cpu = end;
	}
}

/* The same as "3" or "1,00000003": as many bits as there are CPUs. */
static void cpu_bits(struct seq *s, const u64 *mask)
{
	unsigned last = 0;

	for (unsigned cpu = 0; cpu < 64 * ARRAY_SIZE(host_info.cpu_mask); cpu++)
		if (host_info.cpu_mask[cpu / 64] >> (cpu % 64) & 1)
			last = cpu;
	for (int i = (int)last / 32; i >= 0; i--)
		seq_printf(s, i == (int)last / 32 ? "%x" : ",%08x", (u32)(mask[i / 2] >> (i % 2 * 32)));
}

static unsigned long long queued_signals(const struct task *t)
{
	const struct user_count *user = user_count_get(t->cred->uid);
	unsigned long long n = user ? user->sigpending : 0;

	user_count_put((struct user_count *)user);
	return n;
}

static void status_show(struct seq *s, const struct proc_ctx *c)
{
	static const char *const names[] = { ['R'] = "running", ['S'] = "sleeping", ['D'] = "disk sleep", ['T'] = "stopped",
		['Z'] = "zombie", ['X'] = "dead" };
	const struct task *t = c->task;
	const struct cred *cr = t->cred;
	char st = state_letter(t);

	if (!t->signal || !cr)
		return;
	seq_puts(s, "Name:\t");
	for (const char *p = t->comm; *p; p++) /* a line must stay one */
		seq_printf(s, *p == '\n' ? "\\n" : *p == '\\' ? "\\\\" : "%c", *p);
	seq_puts(s, "\n");
	if (t->fs)
		seq_printf(s, "Umask:\t%04o\n", t->fs->umask);
	seq_printf(s, "State:\t%c (%s)\nTgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\nTracerPid:\t0\n", st, names[(u8)st], t->tgid,
		t->pid, parent_of(t));
	seq_printf(s, "Uid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\n", cr->uid, cr->euid, cr->suid, cr->fsuid, cr->gid, cr->egid,
		cr->sgid, cr->fsgid);
	seq_printf(s, "FDSize:\t%u\nGroups:\t", t->files ? files_max(t->files) : 0);
	for (u32 i = 0; i < cr->ngroups; i++)
		seq_printf(s, "%u ", cr->groups[i]);
	seq_printf(s, "\nNStgid:\t%d\nNSpid:\t%d\nNSpgid:\t%d\nNSsid:\t%d\nKthread:\t0\n", t->tgid, t->pid, t->signal->pgid,
		t->signal->sid);
	if (t->mm) {
		proc_status_memory(s, t->mm);
		seq_puts(s, "CoreDumping:\t0\nTHP_enabled:\t1\nuntag_mask:\t0xffffffffffffffff\n");
	}
	seq_printf(s, "Threads:\t%u\nSigQ:\t%llu/%llu\n", thread_count(t->signal), queued_signals(t),
		(unsigned long long)t->signal->rlim[RLIMIT_SIGPENDING].cur);
	status_signals(s, t);
	seq_printf(s, "CapInh:\t%016llx\nCapPrm:\t%016llx\nCapEff:\t%016llx\nCapBnd:\t%016llx\nCapAmb:\t%016llx\n",
		(unsigned long long)cr->cap_inheritable, (unsigned long long)cr->cap_permitted,
		(unsigned long long)cr->cap_effective, (unsigned long long)cr->cap_bset, (unsigned long long)cr->cap_ambient);
	seq_printf(s, "NoNewPrivs:\t%d\nSeccomp:\t0\nSeccomp_filters:\t0\nSpeculation_Store_Bypass:\tunknown\n"
		"SpeculationIndirectBranch:\tunknown\nCpus_allowed:\t", cr->no_new_privs);
	cpu_bits(s, t->cpu_mask);
	seq_puts(s, "\nCpus_allowed_list:\t");
	cpu_list(s, t->cpu_mask, ARRAY_SIZE(t->cpu_mask));
	seq_puts(s, "\nMems_allowed:\t1\nMems_allowed_list:\t0");
	seq_printf(s, "\nvoluntary_ctxt_switches:\t%llu\nnonvoluntary_ctxt_switches:\t%llu\n", (unsigned long long)t->nvcsw,
		(unsigned long long)t->nivcsw);
}

static void limits_show(struct seq *s, const struct proc_ctx *c)
{
	static const struct { const char *name, *unit; } row[16] = {
		{ "Max cpu time", "seconds" }, { "Max file size", "bytes" }, { "Max data size", "bytes" },
		{ "Max stack size", "bytes" }, { "Max core file size", "bytes" }, { "Max resident set", "bytes" },
		{ "Max processes", "processes" }, { "Max open files", "files" }, { "Max locked memory", "bytes" },
		{ "Max address space", "bytes" }, { "Max file locks", "locks" }, { "Max pending signals", "signals" },
		{ "Max msgqueue size", "bytes" }, { "Max nice priority", "" }, { "Max realtime priority", "" },
		{ "Max realtime timeout", "us" },
	};

	if (!c->task->signal)
		return;
	seq_printf(s, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
	for (unsigned i = 0; i < ARRAY_SIZE(row); i++) {
		const struct rlimit64_k *l = &c->task->signal->rlim[i];
		char cur[24] = "unlimited", most[24] = "unlimited";

		if (l->cur != ~0ull)
			ksnprintf(cur, sizeof(cur), "%llu", (unsigned long long)l->cur);
		if (l->max != ~0ull)
			ksnprintf(most, sizeof(most), "%llu", (unsigned long long)l->max);
		seq_printf(s, "%-25s %-20s %-20s %-10s\n", row[i].name, cur, most, row[i].unit);
	}
}

static void timers_show(struct seq *s, const struct proc_ctx *c)
{
	posix_timers_show(s, c->task->signal);
}

/* ---- mounts ---- */

static void mounts_show(struct seq *s, const struct proc_ctx *c) { show_mounts(s, c->task); }
static void mountinfo_show(struct seq *s, const struct proc_ctx *c) { show_mountinfo(s, c->task); }
static void mountstats_show(struct seq *s, const struct proc_ctx *c) { show_mountstats(s, c->task); }

/* Where it sleeps, for those who may trace it; 0 for others. Without a newline. */
static void wchan_show(struct seq *s, const struct proc_ctx *c)
{
	char name[64] = "";

	if (proc_may_trace(c->task))
		task_waits_in(c->task, name, sizeof(name));
	seq_puts(s, *name ? name : "0");
}

static void root_show(struct seq *s, const struct proc_ctx *c __maybe_unused) { seq_puts(s, "/\n"); }
static void allow_show(struct seq *s, const struct proc_ctx *c __maybe_unused) { seq_puts(s, "allow\n"); }
static void id_map_show(struct seq *s, const struct proc_ctx *c __maybe_unused) { seq_puts(s, "         0          0 4294967295\n"); }
static long id_map_store(const char *text __maybe_unused, size_t size __maybe_unused, const struct proc_ctx *c __maybe_unused)
{
	return -EPERM; /* the first user name space's are fixed */
}

static void cgroup_show(struct seq *s, const struct proc_ctx *c __maybe_unused) { seq_puts(s, "0::/\n"); }
static void personality_show(struct seq *s, const struct proc_ctx *c) { seq_printf(s, "%08x\n", c->task->personality); }

#define FILE(n, fn) { .name = (n), .mode = S_IFREG | 0444, .show = (fn) }
#define OWN(n, fn) { .name = (n), .mode = S_IFREG | 0400, .show = (fn), .guarded = true }
#define PLAIN(n, m, fn) { .name = (n), .mode = S_IFREG | (m), .show = (fn), .guarded = (m) == 0400, .seek = PROC_SEEK_EMPTY }
#define IDMAP(n) { .name = (n), .mode = S_IFREG | 0644, .show = id_map_show, .store = id_map_store, .outlives = true }
#define OOM(n, get, set) { .name = (n), .mode = S_IFREG | 0644, .show = (get), .store = (set), .seek = PROC_SEEK_ANY }
#define MAGIC(n, link, get) { .name = (n), .mode = S_IFLNK | 0777, .readlink = (link), .follow = (get), .guarded = true }
#define MOUNTS(n, fn) { .name = (n), .mode = S_IFREG | 0444, .show = (fn), .event = &mounts_event }
#define RW(n, m, get, set) { .name = (n), .mode = S_IFREG | (m), .show = (get), .store = (set) }
#define COMMON                                                                                                    \
	PLAIN("auxv", 0400, auxv_show), FILE("cgroup", cgroup_show), PLAIN("cmdline", 0444, cmdline_show),        \
	{ .name = "comm", .mode = S_IFREG | 0644, .show = comm_show, .store = comm_store, .no_pwrite = true },     \
	MAGIC("cwd", cwd_link, cwd_get), PLAIN("environ", 0400, environ_show), MAGIC("exe", exe_link, exe_get),   \
	{ .name = "fd", .mode = S_IFDIR | 0500, .dynamic = PROC_FDS, .guarded = true },                           \
	{ .name = "fdinfo", .mode = S_IFDIR | 0555, .dynamic = PROC_FDINFOS, .guarded = true },                   \
	FILE("limits", limits_show),                                                                              \
	{ .name = "maps", .mode = S_IFREG | 0444, .show = proc_maps_show, .ioctl = proc_maps_ioctl, .guarded = true }, \
	MOUNTS("mountinfo", mountinfo_show), MOUNTS("mounts", mounts_show),                                       \
	OWN("mountstats", mountstats_show),                                                                       \
	FILE("oom_score", proc_oom_score_show),                                                                   \
	OOM("oom_adj", proc_oom_adj_show, proc_oom_adj_store),                                                    \
	OOM("oom_score_adj", proc_oom_score_adj_show, proc_oom_score_adj_store), FILE("cpuset", root_show),        \
	{ .name = "loginuid", .mode = S_IFREG | 0644, .show = proc_loginuid_show, .store = proc_loginuid_store, .seek = PROC_SEEK_EMPTY }, \
	PLAIN("sessionid", 0444, proc_sessionid_show),                                                            \
	IDMAP("uid_map"), IDMAP("gid_map"), IDMAP("projid_map"),                                                  \
	{ .name = "setgroups", .mode = S_IFREG | 0444, .show = allow_show, .outlives = true }, FILE("sched", proc_sched_show), \
	FILE("schedstat", proc_schedstat_show), OWN("stack", proc_stack_show), OWN("syscall", proc_syscall_show),  \
	{ .name = "net", .mode = S_IFDIR | 0555, .rows = proc_net_rows },                                          \
	{ .name = "ns", .mode = S_IFDIR | 0511, .rows = proc_ns_rows, .guarded = true },                           \
	{ .name = "mem", .mode = S_IFREG | 0600, .guarded = true, .fops = &proc_mem_fops, .open = proc_mem_open }, \
	{ .name = "pagemap", .mode = S_IFREG | 0400, .guarded = true, .fops = &proc_pagemap_fops, .open = proc_mem_open }, \
	OWN("personality", personality_show), MAGIC("root", root_link, root_get), \
	{ .name = "smaps", .mode = S_IFREG | 0444, .show = proc_smaps_show, .guarded = true },                    \
	{ .name = "smaps_rollup", .mode = S_IFREG | 0444, .show = proc_smaps_rollup_show, .guarded = true },      \
	{ .name = "numa_maps", .mode = S_IFREG | 0444, .show = proc_numa_maps_show, .guarded = true },            \
	FILE("stat", stat_show), FILE("statm", proc_statm_show), FILE("status", status_show), FILE("wchan", wchan_show)

static const struct proc_row task_rows[] = { COMMON, FILE("children", proc_children_show), OWN("io", proc_io_show), { 0 } };
const struct proc_row proc_pid_rows[] = {
	COMMON, { .name = "map_files", .mode = S_IFDIR | 0500, .dynamic = PROC_MAPS, .guarded = true },
	{ .name = "coredump_filter", .mode = S_IFREG | 0644, .show = proc_dump_filter_show, .store = proc_dump_filter_store,
		.seek = PROC_SEEK_EMPTY },
	FILE("timers", timers_show), OWN("io", proc_process_io_show), RW("clear_refs", 0200, NULL, proc_clear_refs_store),
	{ .name = "timerslack_ns", .mode = S_IFREG | 0666, .show = proc_slack_show, .store = proc_slack_store, .no_pwrite = true },
	{ .name = "task", .mode = S_IFDIR | 0555, .dynamic = PROC_TASKS }, { 0 },
};
const struct proc_row proc_pid_dir = { .name = "", .mode = S_IFDIR | 0555, .rows = proc_pid_rows };
const struct proc_row proc_task_dir = { .name = "", .mode = S_IFDIR | 0555, .rows = task_rows };
