/* The files of /proc that are not about one process: the machine and the kernel. */
#include "internal.h"
#include "procfs.h"
#include "proc_sys.h"
#include "ktime.h"

#define KIB(pages) ((unsigned long long)(pages) * (PAGE_SIZE / 1024))

static int self_link(const struct proc_ctx *c __maybe_unused, char *buf, size_t size)
{
	return ksnprintf(buf, size, "%d", current->tgid);
}

static int thread_self_link(const struct proc_ctx *c __maybe_unused, char *buf, size_t size)
{
	return ksnprintf(buf, size, "%d/task/%d", current->tgid, current->pid);
}

static int mounts_link(const struct proc_ctx *c __maybe_unused, char *buf, size_t size)
{
	return ksnprintf(buf, size, "self/mounts");
}

static int net_link(const struct proc_ctx *c __maybe_unused, char *buf, size_t size)
{
	return ksnprintf(buf, size, "self/net");
}

/* The CPUs are the host's. */
static void cpuinfo_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	struct host_req open = { .op = HOST_OPEN, .fd = HOST_AT_FDCWD, .path = "/proc/cpuinfo", .flags = O_RDONLY };
	struct host_req read = { .op = HOST_READ, .size = 4096 };
	struct host_req end = { .op = HOST_CLOSE };
	char *buf = kmalloc(4096);
	long fd = buf ? host_call(&open) : -ENOMEM;

	if (fd >= 0) {
		long n;

		read.fd = end.fd = fd;
		read.buf = buf;
		while ((n = host_call(&read)) > 0)
			seq_write(s, buf, n);
		host_call(&end);
	}
	kfree(buf);
}

static void meminfo_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	u64 total = nr_total_pages(), free = nr_free_pages();
	static const char *const zero[] = {
		"Buffers", "Cached", "SwapCached", "Active", "Inactive", "SwapTotal", "SwapFree", "Dirty", "Writeback", "AnonPages",
		"Mapped", "Shmem", "Slab",
	};

	seq_printf(s, "%-16s%8llu kB\n", "MemTotal:", KIB(total));
	seq_printf(s, "%-16s%8llu kB\n", "MemFree:", KIB(free));
	seq_printf(s, "%-16s%8llu kB\n", "MemAvailable:", KIB(free));
	for (unsigned i = 0; i < ARRAY_SIZE(zero); i++) {
		char name[24];

		ksnprintf(name, sizeof(name), "%s:", zero[i]);
		seq_printf(s, "%-16s%8u kB\n", name, 0u);
	}
	seq_printf(s, "%-16s%8llu kB\n", "CommitLimit:", KIB(total / 2));
}

static void uptime_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	u64 up = host_clock(HOST_BOOTTIME) / 10000000;

	seq_printf(s, "%llu.%02llu %llu.%02llu\n", (unsigned long long)up / 100, (unsigned long long)up % 100, 0ull, 0ull);
}

static void loadavg_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	unsigned running = 0;
	int last = 0;
	struct task *t;

	list_for_each_entry(t, &all_tasks, task_node) {
		running += t->state == TASK_RUNNING || t->state == TASK_GUEST;
		last = max(last, t->pid);
	}
	seq_printf(s, "0.00 0.00 0.00 %u/%u %d\n", running, nr_tasks, last);
}

static void version_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_printf(s, "Linux version %s (umk) #1 SMP\n", host_info.kernel_version);
}

static void filesystems_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_puts(s, "nodev\tproc\nnodev\ttmpfs\nnodev\tdevtmpfs\nnodev\tsockfs\nnodev\tpipefs\nnodev\thostfs\n");
}

static void stat_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	u64 boot = (ktime_get_real() - host_clock(HOST_BOOTTIME)) / NSEC_PER_SEC;
	unsigned running = 0;
	struct task *t;

	list_for_each_entry(t, &all_tasks, task_node)
		running += t->state == TASK_RUNNING || t->state == TASK_GUEST;
	seq_puts(s, "cpu  0 0 0 0 0 0 0 0 0 0\n");
	for (unsigned cpu = 0; cpu < 64 * ARRAY_SIZE(host_info.cpu_mask); cpu++)
		if (host_info.cpu_mask[cpu / 64] >> (cpu % 64) & 1)
			seq_printf(s, "cpu%u 0 0 0 0 0 0 0 0 0 0\n", cpu);
	seq_printf(s, "intr 0\nctxt 0\nbtime %llu\nprocesses %u\nprocs_running %u\nprocs_blocked 0\n",
		(unsigned long long)boot, nr_tasks, running);
}

static void cmdline_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_puts(s, "umk\n");
}

#define FILE(n, fn) { .name = (n), .mode = S_IFREG | 0444, .show = (fn) }
#define DIR(n, r) { .name = (n), .mode = S_IFDIR | 0555, .rows = (r) }
#define LINK(n, fn) { .name = (n), .mode = S_IFLNK | 0777, .readlink = (fn) }

static struct inode *sys_root(void)
{
	return proc_sys_root(&proc_sb);
}

const struct proc_row proc_root_rows[] = {
	FILE("cmdline", cmdline_show), FILE("cpuinfo", cpuinfo_show), FILE("filesystems", filesystems_show),
	FILE("loadavg", loadavg_show), FILE("meminfo", meminfo_show), LINK("mounts", mounts_link), LINK("net", net_link),
	LINK("self", self_link), FILE("stat", stat_show), { .name = "sys", .mode = S_IFDIR | 0555, .make = sys_root }, DIR("sysvipc", sysvipc_rows),
	LINK("thread-self", thread_self_link),
	FILE("uptime", uptime_show), FILE("version", version_show), { 0 },
};
