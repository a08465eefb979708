/* The files of /proc that are not about one process: the machine, the kernel, /proc/sys. */
#include "internal.h"
#include "seq.h"
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

/* ---- /proc/sys ---- */

static void hostname_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_printf(s, "%s\n", umk_options.hostname ? umk_options.hostname : host_info.nodename ? host_info.nodename : "umk");
}

static void osrelease_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_printf(s, "%s\n", host_info.kernel_version);
}

static void uuid_write(struct seq *s, const u8 *b)
{
	seq_printf(s, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x\n", b[0], b[1], b[2], b[3], b[4],
		b[5], (b[6] & 0xf) | 0x40, b[7], (b[8] & 0x3f) | 0x80, b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static void uuid_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	u8 b[16];

	host_random(b, sizeof(b));
	uuid_write(s, b);
}

static void boot_id_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	static u8 b[16];

	if (!b[6])
		host_random(b, sizeof(b)), b[6] |= 0x40;
	uuid_write(s, b);
}

#define TEXT(fn, text) static void fn(struct seq *s, const struct proc_ctx *c __maybe_unused) { seq_puts(s, text "\n"); }
TEXT(ostype_show, "Linux")
TEXT(kversion_show, "#1 SMP")
TEXT(domainname_show, "(none)")
TEXT(zero_show, "0")
TEXT(one_show, "1")
TEXT(pid_max_show, "32768")
TEXT(threads_max_show, "3584")
TEXT(ngroups_show, "65536")
TEXT(last_cap_show, "40")
TEXT(overflow_show, "65534")
TEXT(core_show, "core")
TEXT(entropy_show, "256")
TEXT(map_count_show, "65530")
TEXT(mmap_min_show, "65536")
TEXT(swappiness_show, "60")
TEXT(ratio_show, "50")
TEXT(file_max_show, "9223372036854775807")
TEXT(file_nr_show, "0\t0\t9223372036854775807")
TEXT(nr_open_show, "1048576")
TEXT(pipe_size_show, "1048576")
TEXT(somaxconn_show, "4096")
TEXT(watches_show, "1048576")

#define FILE(n, fn) { .name = (n), .mode = S_IFREG | 0444, .show = (fn) }
#define DIR(n, r) { .name = (n), .mode = S_IFDIR | 0555, .rows = (r) }
#define LINK(n, fn) { .name = (n), .mode = S_IFLNK | 0777, .readlink = (fn) }

static const struct proc_row random_rows[] = {
	FILE("boot_id", boot_id_show), FILE("entropy_avail", entropy_show), FILE("poolsize", entropy_show), FILE("uuid", uuid_show),
	{ 0 },
};
static const struct proc_row kernel_rows[] = {
	FILE("cap_last_cap", last_cap_show), FILE("core_pattern", core_show), FILE("domainname", domainname_show),
	FILE("hostname", hostname_show), FILE("ngroups_max", ngroups_show), FILE("osrelease", osrelease_show),
	FILE("ostype", ostype_show), FILE("overflowgid", overflow_show), FILE("overflowuid", overflow_show),
	FILE("pid_max", pid_max_show), DIR("random", random_rows), FILE("randomize_va_space", zero_show),
	FILE("threads-max", threads_max_show), FILE("version", kversion_show), { 0 },
};
static const struct proc_row vm_rows[] = {
	FILE("max_map_count", map_count_show), FILE("mmap_min_addr", mmap_min_show), FILE("overcommit_memory", zero_show),
	FILE("overcommit_ratio", ratio_show), FILE("swappiness", swappiness_show), { 0 },
};
static const struct proc_row epoll_rows[] = { FILE("max_user_watches", watches_show), { 0 } };
static const struct proc_row fs_rows[] = {
	DIR("epoll", epoll_rows), FILE("file-max", file_max_show), FILE("file-nr", file_nr_show), FILE("nr_open", nr_open_show),
	FILE("pipe-max-size", pipe_size_show), FILE("protected_hardlinks", one_show), FILE("protected_symlinks", zero_show), { 0 },
};
static const struct proc_row net_core_rows[] = { FILE("somaxconn", somaxconn_show), { 0 } };
static const struct proc_row net_rows[] = { DIR("core", net_core_rows), { 0 } };
static const struct proc_row sys_rows[] = {
	DIR("fs", fs_rows), DIR("kernel", kernel_rows), DIR("net", net_rows), DIR("vm", vm_rows), { 0 },
};
const struct proc_row proc_root_rows[] = {
	FILE("cmdline", cmdline_show), FILE("cpuinfo", cpuinfo_show), FILE("filesystems", filesystems_show),
	FILE("loadavg", loadavg_show), FILE("meminfo", meminfo_show), LINK("mounts", mounts_link), LINK("net", net_link),
	LINK("self", self_link), FILE("stat", stat_show), DIR("sys", sys_rows), LINK("thread-self", thread_self_link),
	FILE("uptime", uptime_show), FILE("version", version_show), { 0 },
};
