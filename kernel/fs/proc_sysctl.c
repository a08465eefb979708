/* The knobs below /proc/sys that belong to no subsystem of umk: what programs read to learn about the kernel. Those that
 * nothing in umk obeys cannot be written. */
#include "internal.h"
#include "sysctl.h"
#include "proc_sys.h"
#include "uts.h"

static void hostname_get(struct seq *s, const struct ctl_table *row __maybe_unused)
{
	seq_printf(s, "%s\n", uts_nodename());
}

static void domainname_get(struct seq *s, const struct ctl_table *row __maybe_unused)
{
	seq_printf(s, "%s\n", uts_domainname());
}

static int hostname_set(const char *text, size_t size __maybe_unused, const struct ctl_table *row __maybe_unused)
{
	uts_set(false, text);
	return 0;
}

static int domainname_set(const char *text, size_t size __maybe_unused, const struct ctl_table *row __maybe_unused)
{
	uts_set(true, text);
	return 0;
}

static void osrelease_get(struct seq *s, const struct ctl_table *row __maybe_unused)
{
	seq_printf(s, "%s\n", host_info.kernel_version);
}

static void uuid_write(struct seq *s, const u8 *b)
{
	seq_printf(s, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x\n", b[0], b[1], b[2], b[3], b[4],
		b[5], (b[6] & 0xf) | 0x40, b[7], (b[8] & 0x3f) | 0x80, b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static void uuid_get(struct seq *s, const struct ctl_table *row __maybe_unused)
{
	u8 b[16];

	host_random(b, sizeof(b));
	uuid_write(s, b);
}

static void boot_id_get(struct seq *s, const struct ctl_table *row __maybe_unused)
{
	static u8 b[16];

	if (!b[6])
		host_random(b, sizeof(b)), b[6] |= 0x40;
	uuid_write(s, b);
}

static void file_nr_get(struct seq *s, const struct ctl_table *row __maybe_unused)
{
	seq_printf(s, "%llu\t0\t9223372036854775807\n", (unsigned long long)nr_open_files);
}

/* 1: what is cached of files, 2: of names and inodes, which go together here, 3: both; 4: says no more of it in the log. */
static int drop_caches_set(const char *text, size_t size, const struct ctl_table *row __maybe_unused)
{
	int value;
	const struct ctl_table one = { SYSCTL_INT(value, 1, 4) };
	int err = sysctl_set_int(text, size, &one);

	if (!err && value != 4)
		(void)inode_cache_shrink();
	return err;
}

static const struct ctl_table base_table[] = {
	{ "kernel/arch", 0444, SYSCTL_TEXT("x86_64") },
	{ "kernel/auto_msgmni", 0444, SYSCTL_TEXT("0") },
	{ "kernel/cap_last_cap", 0444, SYSCTL_TEXT("40") },
	{ "kernel/core_pipe_limit", 0444, SYSCTL_TEXT("0") },
	{ "kernel/dmesg_restrict", 0444, SYSCTL_TEXT("1") },
	{ "kernel/domainname", 0644, .get = domainname_get, .set = domainname_set, .event = &domainname_event },
	{ "kernel/hostname", 0644, .get = hostname_get, .set = hostname_set, .event = &hostname_event },
	{ "kernel/io_uring_disabled", 0444, SYSCTL_TEXT("2") },
	{ "kernel/io_uring_group", 0444, SYSCTL_TEXT("-1") },
	{ "kernel/kptr_restrict", 0444, SYSCTL_TEXT("0") },
	{ "kernel/ngroups_max", 0444, SYSCTL_TEXT("65536") },
	{ "kernel/osrelease", 0444, .get = osrelease_get },
	{ "kernel/ostype", 0444, SYSCTL_TEXT("Linux") },
	{ "kernel/overflowgid", 0444, SYSCTL_TEXT("65534") },
	{ "kernel/overflowuid", 0444, SYSCTL_TEXT("65534") },
	{ "kernel/panic", 0444, SYSCTL_TEXT("0") },
	{ "kernel/perf_event_paranoid", 0444, SYSCTL_TEXT("2") },
	{ "kernel/printk", 0444, SYSCTL_TEXT("4\t4\t1\t7") },
	{ "kernel/random/boot_id", 0444, .get = boot_id_get },
	{ "kernel/random/entropy_avail", 0444, SYSCTL_TEXT("256") },
	{ "kernel/random/poolsize", 0444, SYSCTL_TEXT("256") },
	{ "kernel/random/uuid", 0444, .get = uuid_get },
	{ "kernel/randomize_va_space", 0444, SYSCTL_TEXT("0") },
	{ "kernel/sched_rr_timeslice_ms", 0444, SYSCTL_TEXT("100") },
	{ "kernel/sched_rt_period_us", 0444, SYSCTL_TEXT("1000000") },
	{ "kernel/sched_rt_runtime_us", 0444, SYSCTL_TEXT("950000") },
	{ "kernel/seccomp/actions_avail", 0444, SYSCTL_TEXT("kill_process kill_thread trap errno user_notif trace log allow") },
	{ "kernel/sysctl_writes_strict", 0444, SYSCTL_TEXT("1") },
	{ "kernel/tainted", 0444, SYSCTL_TEXT("0") },
	{ "kernel/threads-max", 0444, SYSCTL_TEXT("3584") },
	{ "kernel/unprivileged_bpf_disabled", 0444, SYSCTL_TEXT("2") },
	{ "kernel/version", 0444, SYSCTL_TEXT(UTS_VERSION) },
	{ "kernel/yama/ptrace_scope", 0444, SYSCTL_TEXT("0") },
	{ "vm/dirty_background_ratio", 0444, SYSCTL_TEXT("10") },
	{ "vm/dirty_expire_centisecs", 0444, SYSCTL_TEXT("3000") },
	{ "vm/dirty_ratio", 0444, SYSCTL_TEXT("20") },
	{ "vm/dirty_writeback_centisecs", 0444, SYSCTL_TEXT("500") },
	{ "vm/drop_caches", 0200, .set = drop_caches_set },
	{ "vm/legacy_va_layout", 0444, SYSCTL_TEXT("0") },
	{ "vm/max_map_count", 0444, SYSCTL_TEXT("65530") },
	{ "vm/min_free_kbytes", 0444, SYSCTL_TEXT("4096") },
	{ "vm/mmap_min_addr", 0444, SYSCTL_TEXT("65536") },
	{ "vm/nr_hugepages", 0444, SYSCTL_TEXT("0") },
	{ "vm/nr_overcommit_hugepages", 0444, SYSCTL_TEXT("0") },
	{ "vm/oom_kill_allocating_task", 0444, SYSCTL_TEXT("0") },
	{ "vm/overcommit_kbytes", 0444, SYSCTL_TEXT("0") },
	{ "vm/overcommit_memory", 0444, SYSCTL_TEXT("0") },
	{ "vm/overcommit_ratio", 0444, SYSCTL_TEXT("50") },
	{ "vm/page-cluster", 0444, SYSCTL_TEXT("3") },
	{ "vm/panic_on_oom", 0444, SYSCTL_TEXT("0") },
	{ "vm/swappiness", 0444, SYSCTL_TEXT("60") },
	{ "vm/unprivileged_userfaultfd", 0444, SYSCTL_TEXT("0") },
	{ "vm/vfs_cache_pressure", 0444, SYSCTL_TEXT("100") },
	{ "vm/zone_reclaim_mode", 0444, SYSCTL_TEXT("0") },
	{ "fs/epoll/max_user_watches", 0444, SYSCTL_TEXT("1048576") },
	{ "fs/file-max", 0444, SYSCTL_TEXT("9223372036854775807") },
	{ "fs/file-nr", 0444, .get = file_nr_get },
	{ "fs/leases-enable", 0444, SYSCTL_TEXT("1") },
	{ "fs/nr_open", 0444, SYSCTL_TEXT("1048576") },
	{ "fs/overflowgid", 0444, SYSCTL_TEXT("65534") },
	{ "fs/overflowuid", 0444, SYSCTL_TEXT("65534") },
	{ "fs/protected_fifos", 0444, SYSCTL_TEXT("0") },
	{ "fs/protected_hardlinks", 0444, SYSCTL_TEXT("1") },
	{ "fs/protected_regular", 0444, SYSCTL_TEXT("0") },
	{ "fs/protected_symlinks", 0444, SYSCTL_TEXT("0") },
	{ "fs/suid_dumpable", 0444, SYSCTL_TEXT("0") },
	{ "net/core/somaxconn", 0444, SYSCTL_TEXT("4096") },
	{ 0 }
};

void proc_sysctl_init(void)
{
	sysctl_register(base_table);
}
