/* The hostile guest: every call number with random and boundary arguments, from processes whose threads race. It prints nothing
 * but what the parent says of its progress; what is tested is umk.
 *
 *   hostile SEED SECONDS
 *
 * Each round is a process in a scratch directory that makes some hundred calls from two or three threads and is killed after a
 * while, whatever it has become. Calls that would end the test or reach what it must not reach are changed: nothing is sent to
 * all processes, and no path is absolute but those of /proc, /dev and /sys. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/sockios.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define AREA 0x300000000ul
#define AREA_SIZE 0x40000ul

static __thread uint64_t stream;

static uint32_t rnd(uint32_t n)
{
	uint64_t x = stream += 0x9e3779b97f4a7c15ull;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	x ^= x >> 31;
	return (uint32_t)((x >> 32) * n >> 32);
}

static unsigned long boundary(void)
{
	static const unsigned long values[] = {
		0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256, 511, 512, 1023, 1024, 4095, 4096, 4097, 8192, 65535,
		65536, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffff, 0x7fffffffffffffff, 0x8000000000000000, -1ul, -2ul,
		-4096ul, -4095ul, 0x7ffffffff000, 0x800000000000, AREA, AREA + 1, AREA + AREA_SIZE, 0xffffffff80000000, 0x600000000000,
	};
	unsigned long v = values[rnd(sizeof(values) / sizeof(values[0]))];

	return rnd(4) ? v : v + rnd(16) - 8;
}

/* Memory of every kind: at its ends, unaligned, read-only, none, beyond files, and full of numbers that mean something. */
static unsigned long pointer(void)
{
	switch (rnd(12)) {
	case 0: return boundary();
	case 1: return AREA + AREA_SIZE - rnd(64);
	case 2: return AREA + 0x10000 - rnd(32);
	case 3: return AREA + 0x20000 + rnd(4096);
	case 4: return (unsigned long)&stream;
	case 5: return 0x400000 + rnd(0x100000);
	default: return AREA + rnd(0x10000) / 8 * 8;
	}
}

static unsigned long path(void)
{
	static const char *const names[] = {
		"a", "b", "d", "d/a", "l", "fifo", "sock", ".", "..", "", "a/b", "missing/x", "/proc/self/maps", "/proc/self/fd/3", "/proc/1/status",
		"/proc/self/mem", "/proc/self/exe", "/dev/null", "/dev/zero", "/dev/full", "/dev/ptmx", "/dev/tty", "/dev/shm/x", "/proc/self/task", "/proc/sys/kernel/hostname",
		"/proc", "/dev", "/sys/devices/system/cpu/online", "/proc/self/smaps", "/proc/self/stat", "/proc/self/cwd/a", "l/l/l/l",
	};
	char *at = (char *)AREA + 0x8000 + rnd(64) * 128;

	if (!rnd(12)) {
		memset(at, 'x', 100);
		return rnd(2) ? (unsigned long)at : pointer();
	}
	strcpy(at, names[rnd(sizeof(names) / sizeof(names[0]))]);
	return (unsigned long)at;
}

static void fill(void)
{
	uint64_t *w = (uint64_t *)AREA;

	for (unsigned i = 0; i < 60; i++) {
		unsigned at = rnd(0x7000 / 8);

		switch (rnd(6)) {
		case 0: w[at] = boundary(); break;
		case 1: w[at] = pointer(); break;
		case 2: w[at] = rnd(64); break;
		case 3: w[at] = (uint64_t)rnd(64) << 32 | rnd(64); break;
		case 4: w[at] = path(); break;
		default: w[at] = (uint64_t)rnd(0xffffffff) << 32 | rnd(0xffffffff);
		}
	}
}

static unsigned long argument(void)
{
	switch (rnd(10)) {
	case 0: case 1: return rnd(40);
	case 2: case 3: return boundary();
	case 4: return path();
	case 5: return 1ul << rnd(64);
	case 6: return (1ul << rnd(32)) | (1ul << rnd(32)) | rnd(8);
	default: return pointer();
	}
}

/* A call that the round can survive making: what would take the parent along, or wait for long, is not made. */
static bool spare(long nr, unsigned long *a)
{
	switch (nr) {
	case SYS_kill:
		if ((int)a[0] <= 2)
			a[0] = getpid();
		return false;
	case SYS_tkill: case SYS_tgkill: case SYS_rt_sigqueueinfo: case SYS_rt_tgsigqueueinfo:
		if ((int)a[0] <= 3)
			a[0] = getpid();
		return false;
	case SYS_reboot: case SYS_kexec_load: case SYS_init_module: case SYS_finit_module: case SYS_delete_module: case SYS_swapon:
	case SYS_setrlimit: case SYS_prlimit64: /* no limit on what the parent must do after */
	case SYS_ptrace:
		return (int)a[0] <= 4 && a[0] != 0;
	case SYS_setpriority: case SYS_sched_setscheduler: case SYS_sched_setattr: case SYS_sched_setparam: case SYS_sched_setaffinity:
		a[rnd(2)] = 0;
		return false;
	case SYS_pidfd_send_signal:
		return true;
	/* no descriptor that names the parent, no write into its memory, and no signal to it when one is ready */
	case SYS_pidfd_open: case SYS_process_vm_writev:
		if ((int)a[0] <= 3)
			a[0] = getpid();
		return false;
	case SYS_fcntl:
		if ((int)a[1] == F_SETOWN && (int)a[2] <= 3)
			a[2] = getpid();
		return (int)a[1] == F_SETOWN_EX;
	case SYS_ioctl:
		return (unsigned)a[1] == FIOSETOWN || (unsigned)a[1] == SIOCSPGRP;
	case SYS_pause: case SYS_exit: case SYS_exit_group: case SYS_rt_sigsuspend: case SYS_vfork:
		return rnd(20) != 0;
	case SYS_fork: case SYS_clone: case SYS_clone3:
		return rnd(4) != 0;
	case SYS_close: case SYS_close_range:
		return rnd(3) != 0;
	}
	return false;
}

static void one_call(void)
{
	static const int common[] = {
		SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise, SYS_sendmsg, SYS_recvmsg, SYS_socketpair, SYS_setsockopt, SYS_getsockopt,
		SYS_ioctl, SYS_fcntl, SYS_futex, SYS_readv, SYS_writev, SYS_epoll_ctl, SYS_splice, SYS_open, SYS_openat, SYS_rename, SYS_clone, SYS_socket,
		SYS_bind, SYS_connect, SYS_sendto, SYS_recvfrom, SYS_rt_sigaction, SYS_timer_create, SYS_mount, SYS_umount2, SYS_prctl,
	};
	long nr = rnd(3) ? rnd(470) : common[rnd(sizeof(common) / sizeof(common[0]))];
	unsigned long a[6];

	if (!rnd(50))
		nr = rnd(2) ? (long)boundary() : 0x40000000 + rnd(600);
	for (int i = 0; i < 6; i++)
		a[i] = argument();
	/* A descriptor comes first in most calls. */
	if (rnd(2))
		a[0] = rnd(24);
	if (!spare(nr, a))
		syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static int null_fd;

static void ignore(int sig) { (void)sig; }

static void *racer(void *arg)
{
	stream = (uint64_t)(uintptr_t)arg;
	for (;;) {
		fill();
		for (int i = 0; i < 20; i++)
			one_call();
	}
	return NULL;
}

/* What a round begins with: descriptors of every kind, and memory of every kind. */
static void prepare(void)
{
	int s[2], i;

	if (mkdir("round", 0777) && errno != EEXIST)
		_exit(2);
	if (chdir("round"))
		_exit(2);
	mkdir("d", 0777);
	mkfifo("fifo", 0666);
	if (symlink("l", "l")) {}
	for (i = 0; i < 2; i++)
		if (ftruncate(open(i ? "a" : "b", O_RDWR | O_CREAT, 0666), 10000)) {}
	if (pipe2(s, O_NONBLOCK)) {}
	for (i = 0; i < 3; i++)
		socketpair(AF_UNIX, (i == 0 ? SOCK_STREAM : i == 1 ? SOCK_DGRAM : SOCK_SEQPACKET) | SOCK_NONBLOCK, 0, s);
	socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, 0);
	epoll_create1(0);
	eventfd(0, EFD_NONBLOCK);
	timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	memfd_create("m", MFD_ALLOW_SEALING);
	open("/dev/ptmx", O_RDWR | O_NONBLOCK | O_NOCTTY);
	open("/proc/self/mem", O_RDWR);
	open(".", O_RDONLY);
	mmap((void *)AREA, AREA_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	mmap((void *)(AREA + 0x10000), 0x10000, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	mmap((void *)(AREA + 0x20000), 0x10000, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, 3, 0);
	mprotect((void *)(AREA + 0x30000), 0x1000, PROT_NONE);
}

static void round_of(uint64_t seed)
{
	pthread_t t;

	/* not opened by its name, which an earlier round may have taken away */
	for (int fd = 0; fd < 3; fd++)
		if (dup2(null_fd, fd) < 0)
			_exit(2);
	close(null_fd);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid();
	for (int sig = 1; sig < 65; sig++)
		if (sig != SIGSEGV && sig != SIGBUS && sig != SIGILL && sig != SIGFPE && sig != SIGTRAP && sig != SIGABRT)
			signal(sig, ignore);
	prepare();
	for (unsigned i = 0; i < 2; i++)
		pthread_create(&t, NULL, racer, (void *)(uintptr_t)(seed * 31 + i + 1));
	racer((void *)(uintptr_t)(seed * 31 + 17));
}

static void clean(const char *name)
{
	pid_t pid = fork();

	if (!pid) {
		execl("/bin/busybox", "rm", "-rf", name, NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	time_t end = time(NULL) + (argc > 2 ? atoi(argv[2]) : 10);
	unsigned rounds = 0, signals = 0;

	if (getpid() != 2) {
		fprintf(stderr, "hostile: this is not umk's first program, and kills all the others\n");
		return 2;
	}
	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null_fd < 3)
		return 2;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	while (time(NULL) < end) {
		struct timespec ts = { 0, 300000000 };
		int status = 0;
		pid_t pid = fork();

		if (!pid)
			round_of(seed + rounds);
		if (pid < 0) {
			nanosleep(&ts, NULL);
			continue;
		}
		nanosleep(&ts, NULL);
		/* All that are left, whatever they are called by now: kill(-1) spares oneself and init. */
		signal(SIGTERM, SIG_IGN);
		kill(-1, SIGKILL);
		while (waitpid(-1, &status, 0) > 0 || errno == EINTR)
			if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
				signals++;
		clean("round");
		rounds++;
	}
	printf("%u rounds, %u ended by themselves\n", rounds, signals);
	return 0;
}
