/* musl */
/* Files of the machine: their lines, and numbers that must agree with each other and with calls. */
#include "show.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <time.h>

static char text[1 << 18];

static char *slurp(const char *path)
{
	int fd = open(path, O_RDONLY);
	long n, len = 0;

	while (fd >= 0 && (n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	text[len] = 0;
	close(fd);
	return text;
}

static long field(const char *path, const char *name)
{
	char *at = strstr(slurp(path), name);

	return at ? strtol(at + strlen(name), NULL, 10) : -1;
}

static int lines(const char *path, const char *start)
{
	int n = 0;

	for (char *at = slurp(path); at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
		n += !strncmp(at, start, strlen(start));
	return n;
}

int main(void)
{
	static const char *const memory[] = { "MemTotal:", "MemFree:", "MemAvailable:", "Buffers:", "Cached:", "SwapTotal:", "SwapFree:",
		"Dirty:", "AnonPages:", "Mapped:", "Shmem:", "Slab:", "PageTables:", "CommitLimit:", "Committed_AS:", "VmallocTotal:",
		"HugePages_Total:", "Hugepagesize:", "DirectMap4k:" };
	struct sysinfo si;
	struct utsname u;
	double up, idle, l1, l5, l15;
	int running, total, last;
	char word[64], *at;

	for (unsigned i = 0; i < sizeof(memory) / sizeof(memory[0]); i++)
		printf("%s %d\n", memory[i], lines("/proc/meminfo", memory[i]));
	sysinfo(&si);
	SHOW(field("/proc/meminfo", "MemTotal:") == (long)(si.totalram * si.mem_unit / 1024));
	SHOW(field("/proc/meminfo", "MemFree:") <= field("/proc/meminfo", "MemTotal:"));
	SHOW(sscanf(slurp("/proc/uptime"), "%lf %lf", &up, &idle));
	SHOW(up - si.uptime > -3 && up - si.uptime < 3);
	SHOW(sscanf(slurp("/proc/loadavg"), "%lf %lf %lf %d/%d %d", &l1, &l5, &l15, &running, &total, &last));
	SHOW(running >= 1 && running <= total && last >= getpid());
	SHOW(lines("/proc/stat", "cpu ") == 1 && lines("/proc/stat", "cpu") == 1 + sysconf(_SC_NPROCESSORS_ONLN));
	at = strstr(slurp("/proc/stat"), "btime ");
	SHOW(at && labs(strtol(at + 6, NULL, 10) + si.uptime - time(NULL)) < 5);
	SHOW(lines("/proc/stat", "ctxt ") && lines("/proc/stat", "processes ") && lines("/proc/stat", "procs_running "));
	SHOW(lines("/proc/cpuinfo", "processor") == sysconf(_SC_NPROCESSORS_ONLN));
	uname(&u);
	SHOW(sscanf(slurp("/proc/version"), "Linux version %63s", word) == 1 && !strcmp(word, u.release));
	SHOW(lines("/proc/filesystems", "nodev\tproc") == 1);
	SHOW(lines("/proc/filesystems", "nodev\ttmpfs") == 1);
	SHOW(lines("/proc/filesystems", "nodev\tdevpts") == 1);
	SHOW(lines("/proc/devices", "136 pts"));
	SHOW(lines("/proc/devices", "  5 /dev/tty"));
	SHOW(lines("/proc/swaps", "Filename"));
	SHOW(lines("/proc/partitions", "major minor"));
	SHOW(lines("/proc/cgroups", "#subsys_name"));
	SHOW(lines("/proc/vmstat", "nr_free_pages ") == 1 && lines("/proc/vmstat", "pgfault ") == 1);
	SHOW(lines("/proc/mounts", "proc /proc proc ") >= 1); /* a container may have two */
	SHOW(lines("/proc/self/cgroup", "0::/"));
	SHOW(lines("/proc/tty/drivers", "pty_slave"));
	SHOW(access("/proc/interrupts", R_OK));
	SHOW(access("/proc/diskstats", R_OK));
	SHOW(access("/proc/zoneinfo", R_OK));
	SHOW(access("/proc/cmdline", R_OK));
	SHOW(open("/proc/meminfo", O_RDWR) >= 0 || errno == EACCES);
	return 0;
}
