/* The files of /proc about hardware and what the kernel does with it. CPUs and their times are the host's, whose CPUs they
 * are; disks, interrupts and modules umk has none; memory is physmem. proc(5). */
#include "internal.h"
#include "proc_machine.h"
#include "mm.h"

#define KIB(pages) ((unsigned long long)(pages) * (PAGE_SIZE / 1024))

/* ---- from the host ---- */

/* Calls @line for each line of a file of the host; the lines are NUL-ended and end with the call. */
static void host_lines(const char *path, void *arg, bool (*line)(void *arg, char *text))
{
	struct host_req open = { .op = HOST_OPEN, .fd = HOST_AT_FDCWD, .path = path, .flags = O_RDONLY };
	struct host_req read = { .op = HOST_READ };
	struct host_req end = { .op = HOST_CLOSE };
	size_t have = 0, room = 16384;
	char *buf = kmalloc(room);
	long fd = buf ? host_call(&open) : -ENOMEM, n = 1;
	bool more = true;

	while (fd >= 0 && n > 0 && more) {
		char *at = buf, *eol;

		read.fd = end.fd = (int)fd;
		read.buf = buf + have;
		read.size = room - 1 - have;
		n = host_call(&read);
		have += n > 0 ? n : 0;
		buf[have] = 0;
		while (more && (eol = strchr(at, '\n'))) {
			*eol = 0;
			more = line(arg, at);
			at = eol + 1;
		}
		have -= at - buf;
		memmove(buf, at, have + 1);
		if (have == room - 1)
			have = 0; /* a longer line than any that is wanted */
	}
	if (fd >= 0)
		host_call(&end);
	kfree(buf);
}

static bool is_cpu_line(const char *text, unsigned *cpu)
{
	if (strncmp(text, "cpu", 3) || text[3] < '0' || text[3] > '9')
		return false;
	for (*cpu = 0, text += 3; *text >= '0' && *text <= '9'; text++)
		*cpu = *cpu * 10 + (unsigned)(*text - '0');
	return true;
}

#define CPU_FIELDS 10
struct cpu_times {
	struct seq *lines;
	u64 sum[CPU_FIELDS];
};

static bool cpu_line(void *arg, char *text)
{
	struct cpu_times *t = arg;
	unsigned cpu;
	const char *p;

	if (!strncmp(text, "cpu ", 4))
		return true;
	if (!is_cpu_line(text, &cpu))
		return false;
	if (cpu >= 64 * ARRAY_SIZE(host_info.cpu_mask) || !(host_info.cpu_mask[cpu / 64] >> (cpu % 64) & 1))
		return true;
	seq_printf(t->lines, "%s\n", text);
	p = strchr(text, ' ');
	for (unsigned i = 0; i < CPU_FIELDS && p; i++) {
		u64 value = 0;

		for (p++; *p >= '0' && *p <= '9'; p++)
			value = value * 10 + (u64)(*p - '0');
		t->sum[i] += value;
		p = *p == ' ' ? p : NULL;
	}
	return true;
}

void proc_cpu_times_show(struct seq *s)
{
	struct seq lines = { 0 };
	struct cpu_times t = { .lines = &lines };

	host_lines("/proc/stat", &t, cpu_line);
	seq_puts(s, "cpu ");
	for (unsigned i = 0; i < CPU_FIELDS; i++)
		seq_printf(s, " %llu", (unsigned long long)t.sum[i]);
	seq_puts(s, "\n");
	if (lines.len)
		seq_write(s, lines.buf, lines.len);
	kfree(lines.buf);
}

static bool uptime_line(void *arg, char *text)
{
	seq_printf(arg, "%s\n", text);
	return false;
}

void proc_uptime_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	host_lines("/proc/uptime", s, uptime_line);
}

/* ---- memory ---- */

struct memory {
	u64 total, free, anon, mapped, shmem, tables, cached, committed, locked;
};

static void count_memory(struct memory *m)
{
	const struct task *t;

	*m = (struct memory){ .total = nr_total_pages(), .free = nr_free_pages() };
	list_for_each_entry(t, &all_tasks, task_node) {
		if (t != t->signal->leader || !t->mm)
			continue;
		m->anon += t->mm->rss_anon;
		m->mapped += t->mm->rss_file + t->mm->rss_shmem;
		m->shmem += t->mm->rss_shmem;
		m->tables += t->mm->nr_ptes / PAGE_SIZE;
		m->committed += t->mm->data_vm;
		m->locked += t->mm->locked_vm;
	}
	m->anon = min(m->anon, m->total - m->free); /* frames that processes share count once only */
	m->cached = m->total - m->free - m->anon;
	m->mapped = min(m->mapped, m->cached);
	m->shmem = min(m->shmem, m->cached);
}

void proc_meminfo_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	struct memory m;

	count_memory(&m);
	struct { const char *name; u64 pages; } row[] = {
		{ "MemTotal", m.total }, { "MemFree", m.free }, { "MemAvailable", m.free + m.cached - m.shmem }, { "Buffers", 0 },
		{ "Cached", m.cached }, { "SwapCached", 0 }, { "Active", m.anon + m.cached }, { "Inactive", 0 },
		{ "Active(anon)", m.anon }, { "Inactive(anon)", 0 }, { "Active(file)", m.cached }, { "Inactive(file)", 0 },
		{ "Unevictable", m.locked }, { "Mlocked", m.locked }, { "SwapTotal", 0 }, { "SwapFree", 0 }, { "Dirty", 0 },
		{ "Writeback", 0 }, { "AnonPages", m.anon }, { "Mapped", m.mapped }, { "Shmem", m.shmem }, { "KReclaimable", 0 },
		{ "Slab", 0 }, { "SReclaimable", 0 }, { "SUnreclaim", 0 }, { "KernelStack", 0 }, { "PageTables", m.tables },
		{ "SecPageTables", 0 }, { "NFS_Unstable", 0 }, { "Bounce", 0 }, { "WritebackTmp", 0 }, { "CommitLimit", m.total / 2 },
		{ "Committed_AS", m.committed }, { "VmallocTotal", 0x7ffffffffull / 4 }, { "VmallocUsed", 0 }, { "VmallocChunk", 0 },
		{ "Percpu", 0 }, { "AnonHugePages", 0 }, { "ShmemHugePages", 0 }, { "ShmemPmdMapped", 0 }, { "FileHugePages", 0 },
		{ "FilePmdMapped", 0 },
	};
	for (unsigned i = 0; i < ARRAY_SIZE(row); i++) {
		char name[24];

		ksnprintf(name, sizeof(name), "%s:", row[i].name);
		seq_printf(s, "%-15s %8llu kB\n", name, KIB(row[i].pages));
	}
	seq_puts(s, "HugePages_Total:       0\nHugePages_Free:        0\nHugePages_Rsvd:        0\nHugePages_Surp:        0\n"
		"Hugepagesize:       2048 kB\nHugetlb:               0 kB\n");
	seq_printf(s, "DirectMap4k:    %8llu kB\n", KIB(m.total));
}

void proc_vmstat_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	const struct task *t;
	struct memory m;
	u64 minor = 0, major = 0;

	count_memory(&m);
	list_for_each_entry(t, &all_tasks, task_node) {
		minor += t->min_flt + (t == t->signal->leader ? t->signal->min_flt + t->signal->cmin_flt : 0);
		major += t->maj_flt + (t == t->signal->leader ? t->signal->maj_flt + t->signal->cmaj_flt : 0);
	}
	seq_printf(s, "nr_free_pages %llu\nnr_zone_inactive_anon 0\nnr_zone_active_anon %llu\nnr_zone_inactive_file 0\n",
		(unsigned long long)m.free, (unsigned long long)m.anon);
	seq_printf(s, "nr_zone_active_file %llu\nnr_zone_unevictable %llu\nnr_mlock %llu\nnr_inactive_anon 0\nnr_active_anon %llu\n",
		(unsigned long long)m.cached, (unsigned long long)m.locked, (unsigned long long)m.locked, (unsigned long long)m.anon);
	seq_printf(s, "nr_inactive_file 0\nnr_active_file %llu\nnr_unevictable %llu\nnr_anon_pages %llu\nnr_mapped %llu\n",
		(unsigned long long)m.cached, (unsigned long long)m.locked, (unsigned long long)m.anon, (unsigned long long)m.mapped);
	seq_printf(s, "nr_file_pages %llu\nnr_dirty 0\nnr_writeback 0\nnr_shmem %llu\nnr_page_table_pages %llu\n",
		(unsigned long long)m.cached, (unsigned long long)m.shmem, (unsigned long long)m.tables);
	seq_printf(s, "pgpgin 0\npgpgout 0\npswpin 0\npswpout 0\npgfault %llu\npgmajfault %llu\noom_kill 0\n",
		(unsigned long long)(minor + major), (unsigned long long)major);
}

void proc_buddyinfo_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_puts(s, "Node 0, zone   Normal ");
	for (int order = 0; order < 10; order++)
		seq_printf(s, "%6u ", 0u);
	seq_printf(s, "%6llu \n", (unsigned long long)nr_free_pages() >> 10);
}

void proc_zoneinfo_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	struct memory m;

	count_memory(&m);
	seq_printf(s, "Node 0, zone   Normal\n  pages free     %llu\n        boost    0\n        min      0\n        low      0\n"
		"        high     0\n        spanned  %llu\n        present  %llu\n        managed  %llu\n        cma      0\n",
		(unsigned long long)m.free, (unsigned long long)m.total, (unsigned long long)m.total, (unsigned long long)m.total);
	seq_puts(s, "  node_unreclaimable:  0\n  start_pfn:           0\n");
}

/* ---- devices ---- */

void proc_devices_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_puts(s, "Character devices:\n  1 mem\n  5 /dev/tty\n  5 /dev/console\n  5 /dev/ptmx\n 10 misc\n128 ptm\n136 pts\n\n"
		"Block devices:\n");
}

static void cpu_heads(struct seq *s, unsigned width)
{
	seq_printf(s, "%*s", (int)width, "");
	for (unsigned cpu = 0; cpu < 64 * ARRAY_SIZE(host_info.cpu_mask); cpu++)
		if (host_info.cpu_mask[cpu / 64] >> (cpu % 64) & 1)
			seq_printf(s, "CPU%-8u", cpu);
	seq_puts(s, "\n");
}

static void zeros(struct seq *s)
{
	for (unsigned cpu = 0; cpu < 64 * ARRAY_SIZE(host_info.cpu_mask); cpu++)
		if (host_info.cpu_mask[cpu / 64] >> (cpu % 64) & 1)
			seq_printf(s, " %10u", 0u);
}

void proc_interrupts_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	cpu_heads(s, 11);
	seq_printf(s, "%*s: %10u\n%*s: %10u\n", 3, "ERR", 0u, 3, "MIS", 0u);
}

void proc_softirqs_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	static const char *const names[] = { "HI", "TIMER", "NET_TX", "NET_RX", "BLOCK", "IRQ_POLL", "TASKLET",
		"SCHED", "HRTIMER", "RCU" };

	cpu_heads(s, 20);
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
		seq_printf(s, "%12s:", names[i]);
		zeros(s);
		seq_puts(s, "\n");
	}
}

void proc_tty_drivers_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_puts(s, "/dev/tty             /dev/tty        5       0 system:/dev/tty\n"
		"/dev/console         /dev/console    5       1 system:console\n"
		"/dev/ptmx            /dev/ptmx       5       2 system\n"
		"pty_slave            /dev/pts      136 0-1048575 pty:slave\n"
		"pty_master           /dev/ptm      128 0-1048575 pty:master\n");
}
