/* The files of /proc that are not about one process: the machine and the kernel. */
#include "internal.h"
#include "uts.h"
#include "proc_machine.h"
#include "kmsg.h"
#include "locks.h"
#include "procfs.h"
#include "../sched/loadavg.h"
#include "proc_sys.h"
#include "ktime.h"

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

static void loadavg_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	unsigned running = 0;
	unsigned long loads[3];
	int last = 0;
	struct task *t;

	loadavg_get(loads, 11);
	list_for_each_entry(t, &all_tasks, task_node) {
		running += t->state == TASK_RUNNING || t->state == TASK_GUEST;
		last = max(last, t->pid);
	}
	for (int i = 0; i < 3; i++) {
		unsigned long load = loads[i] + 10; /* rounds half a hundredth up */

		seq_printf(s, "%lu.%02lu ", load >> 11, ((load & 2047) * 100) >> 11);
	}
	seq_printf(s, "%u/%u %d\n", running, nr_tasks, last);
}

static void version_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_printf(s, "Linux version %s (umk) " UTS_VERSION "\n", host_info.kernel_version);
}

static void filesystems_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	show_filesystems(s);
	seq_puts(s, "nodev\tsockfs\nnodev\tpipefs\nnodev\thostfs\n"); /* which only umk mounts */
}

static void stat_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	u64 boot = (ktime_get_real() - host_clock(HOST_BOOTTIME)) / NSEC_PER_SEC;
	unsigned running = 0;
	struct task *t;

	list_for_each_entry(t, &all_tasks, task_node)
		running += t->state == TASK_RUNNING || t->state == TASK_GUEST;
	proc_cpu_times_show(s);
	seq_printf(s, "intr 0\nctxt %llu\nbtime %llu\nprocesses %llu\nprocs_running %u\nprocs_blocked 0\n"
		"softirq 0 0 0 0 0 0 0 0 0 0 0\n", (unsigned long long)nr_context_switches, (unsigned long long)boot,
		(unsigned long long)nr_forks, running);
}

static void cmdline_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_puts(s, "umk\n");
}

static void locks_file_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	locks_show(s);
}

#define FILE(n, fn) { .name = (n), .mode = S_IFREG | 0444, .show = (fn) }
#define DIR(n, r) { .name = (n), .mode = S_IFDIR | 0555, .rows = (r) }
#define LINK(n, fn) { .name = (n), .mode = S_IFLNK | 0777, .readlink = (fn) }

static struct inode *sys_root(void)
{
	return proc_sys_root(&proc_sb);
}

static void nothing_show(struct seq *s __maybe_unused, const struct proc_ctx *c __maybe_unused)
{
}

#define TEXT(fn, text) static void fn(struct seq *s, const struct proc_ctx *c __maybe_unused) { seq_puts(s, text "\n"); }
TEXT(partitions_show, "major minor  #blocks  name\n")
TEXT(swaps_show, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority")
TEXT(cgroups_show, "#subsys_name\thierarchy\tnum_cgroups\tenabled")
TEXT(execdomains_show, "0-0\tLinux           \t[kernel]")

static const struct proc_row tty_rows[] = { FILE("drivers", proc_tty_drivers_show), { 0 } };

const struct proc_row proc_root_rows[] = {
	FILE("buddyinfo", proc_buddyinfo_show), FILE("cgroups", cgroups_show), FILE("devices", proc_devices_show),
	FILE("diskstats", nothing_show), FILE("execdomains", execdomains_show), FILE("interrupts", proc_interrupts_show),
	FILE("misc", nothing_show), FILE("modules", nothing_show), FILE("partitions", partitions_show),
	FILE("softirqs", proc_softirqs_show), FILE("swaps", swaps_show),
	{ .name = "tty", .mode = S_IFDIR | 0555, .rows = tty_rows }, FILE("vmstat", proc_vmstat_show),
	FILE("zoneinfo", proc_zoneinfo_show),
	FILE("cmdline", cmdline_show), FILE("cpuinfo", cpuinfo_show), FILE("filesystems", filesystems_show),
	{ .name = "kmsg", .mode = S_IFREG | 0400, .fops = &proc_kmsg_fops, .open = proc_kmsg_open },
	FILE("loadavg", loadavg_show), FILE("locks", locks_file_show), FILE("meminfo", proc_meminfo_show), LINK("mounts", mounts_link), LINK("net", net_link),
	LINK("self", self_link), FILE("stat", stat_show), { .name = "sys", .mode = S_IFDIR | 0555, .make = sys_root },
	DIR("sysvipc", sysvipc_rows),
	LINK("thread-self", thread_self_link),
	FILE("uptime", proc_uptime_show), FILE("version", version_show), { 0 },
};
