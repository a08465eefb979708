/* The benchmark guest: each measurement prints "NAME NANOSECONDS", the time of one operation. Static; runs natively, under
 * umk, and as the init of a User-Mode Linux.
 *
 *   bench [NAME...]   all measurements unless named; as process 1 (of a User-Mode Linux) all, then power off */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "bench.h"

#define TARGET_NS 60000000ull /* how long one measurement should last */

static const char *self;
unsigned long long own_ns;

unsigned long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

void die(const char *what)
{
	perror(what);
	exit(1);
}

/* ---- what is measured: each does its operation @n times ---- */

/* The common shape of a call site, which umk rewrites. */
static void null_call(long n)
{
	while (n--) {
		long ax;

		__asm__ volatile("mov %1, %%eax\n\tsyscall" : "=&a"(ax) : "i"(SYS_getppid) : "rcx", "r11", "memory");
	}
}

/* One cache line to another CPU and back, the least that any hand-off between CPUs costs: natively, what a call that the kernel
 * thread answers cannot go below. It depends on how near the two CPUs are, and a virtual machine's are moved about. */
static struct {
	_Alignas(64) volatile long turn;
	char pad[56];
} line;

static void own_cpu(unsigned which)
{
	cpu_set_t all, one;

	if (sched_getaffinity(0, sizeof(all), &all))
		die("sched_getaffinity");
	CPU_ZERO(&one);
	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &all) && !which--)
			CPU_SET(cpu, &one);
	if (CPU_COUNT(&one) && sched_setaffinity(0, sizeof(one), &one))
		die("sched_setaffinity");
}

static void *return_line(void *arg)
{
	own_cpu(1);
	for (long n = 1; n <= (long)arg; n++) {
		while (line.turn != 2 * n - 1)
			__builtin_ia32_pause();
		line.turn = 2 * n;
	}
	return NULL;
}

static void *send_line(void *arg)
{
	own_cpu(0);
	for (long n = 1; n <= (long)arg; n++) {
		line.turn = 2 * n - 1;
		while (line.turn != 2 * n)
			__builtin_ia32_pause();
	}
	return NULL;
}

static void line_round_trip(long n)
{
	cpu_set_t all;
	pthread_t a, b;

	if (sched_getaffinity(0, sizeof(all), &all) || CPU_COUNT(&all) < 2)
		return;
	line.turn = 0;
	if (pthread_create(&a, NULL, return_line, (void *)n) || pthread_create(&b, NULL, send_line, (void *)n))
		die("pthread_create");
	pthread_join(a, NULL);
	pthread_join(b, NULL);
}

/* A site that no rewriter can know: the number comes from another register. */
static void null_call_trapped(long n)
{
	while (n--) {
		long ax, nr = SYS_getppid;

		__asm__ volatile("mov %1, %0\n\tsyscall" : "=&a"(ax) : "r"(nr) : "rcx", "r11", "memory");
	}
}

static void ping_pong(int to_child[2], int to_parent[2], long n)
{
	char c = 0;
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid) {
		close(to_child[1]);
		while (read(to_child[0], &c, 1) == 1)
			if (write(to_parent[1], &c, 1) != 1)
				break;
		_exit(0);
	}
	while (n--)
		if (write(to_child[1], &c, 1) != 1 || read(to_parent[0], &c, 1) != 1)
			die("ping-pong");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void unix_ping_pong(long n)
{
	int s[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, s))
		die("socketpair");
	int down[2] = { s[0], s[1] }, up[2] = { s[1], s[0] };
	char c = 0;
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid) {
		close(down[1]);
		while (read(down[0], &c, 1) == 1)
			if (write(down[0], &c, 1) != 1)
				break;
		_exit(0);
	}
	while (n--)
		if (write(up[0], &c, 1) != 1 || read(up[0], &c, 1) != 1)
			die("socketpair ping-pong");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(s[0]);
	close(s[1]);
}

static void pipe_ping_pong(long n)
{
	int a[2], b[2];

	if (pipe(a) || pipe(b))
		die("pipe");
	ping_pong(a, b, n);
	for (int i = 0; i < 2; i++) {
		close(a[i]);
		close(b[i]);
	}
}

static void fork_exit(long n)
{
	while (n--) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
}

static void fork_exec(long n)
{
	while (n--) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid) {
			execl(self, self, "--exit", NULL);
			_exit(127);
		}
		waitpid(pid, NULL, 0);
	}
}

static void anon_page(long n)
{
	while (n > 0) {
		long pages = n < 4096 ? n : 4096;
		char *p = mmap(NULL, pages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			die("mmap");
		for (long i = 0; i < pages; i++)
			((volatile char *)p)[i * 4096] = 1;
		munmap(p, pages * 4096);
		n -= pages;
	}
}

/* Stores to pages that a child shares, one a page, in rounds of 4096 pages: sixteen at least (see the table), so that the
 * copies go where earlier ones were. What a page of the host's costs that nobody has touched for long is anon_page's to tell. */
static void cow_page(long n)
{
	const long most = 4096;
	char *p = mmap(NULL, most * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int go[2];

	if (p == MAP_FAILED || pipe(go))
		die("cow_page");
	memset(p, 1, most * 4096);
	while (n > 0) {
		long pages = n < most ? n : most;
		unsigned long long start;
		char c;
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid) {
			close(go[1]);
			if (read(go[0], &c, 1))
				_exit(1);
			_exit(0);
		}
		start = now();
		for (long i = 0; i < pages; i++)
			((volatile char *)p)[i * 4096] = 2;
		own_ns += now() - start;
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		n -= pages;
	}
	munmap(p, most * 4096);
	close(go[0]);
	close(go[1]);
}

static void *nothing(void *arg)
{
	return arg;
}

static void thread(long n)
{
	while (n--) {
		pthread_t t;

		if (pthread_create(&t, NULL, nothing, NULL))
			die("pthread_create");
		pthread_join(t, NULL);
	}
}

/* Two threads that wake each other. */
static int futex_word;
static long futex_rounds;

static void futex(int op, int value)
{
	syscall(SYS_futex, &futex_word, op | 128 /* FUTEX_PRIVATE_FLAG */, value, NULL, NULL, 0);
}

/* Takes the turns in which the word is @mine or @mine + 1 modulo 2. */
static void futex_turns(int mine)
{
	for (long i = 0; i < futex_rounds; i++) {
		int seen;

		while (((seen = __atomic_load_n(&futex_word, __ATOMIC_SEQ_CST)) & 1) != mine)
			futex(0 /* FUTEX_WAIT */, seen);
		__atomic_store_n(&futex_word, seen + 1, __ATOMIC_SEQ_CST);
		futex(1 /* FUTEX_WAKE */, 1);
	}
}

static void *futex_partner(void *arg)
{
	futex_turns(1);
	return arg;
}

static void futex_ping_pong(long n)
{
	pthread_t t;

	futex_word = 0;
	futex_rounds = n;
	if (pthread_create(&t, NULL, futex_partner, NULL))
		die("pthread_create");
	futex_turns(0);
	pthread_join(t, NULL);
}

static void on_signal(int sig)
{
	(void)sig;
}

static void signal_self(long n)
{
	pid_t pid = getpid();

	signal(SIGUSR1, on_signal);
	while (n--)
		kill(pid, SIGUSR1);
}

/* Work that needs nothing but a CPU. */
static void *spin(void *arg)
{
	unsigned long x = 88172645463325252ul;

	for (long i = (long)arg * 1000; i > 0; i--) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		__asm__ volatile("" : "+r"(x));
	}
	return NULL;
}

static void cpu_one(long n)
{
	spin((void *)n);
}

/* The same amount, half of it in another thread. */
static void cpu_two(long n)
{
	pthread_t t;

	if (pthread_create(&t, NULL, spin, (void *)(n / 2)))
		die("pthread_create");
	spin((void *)(n - n / 2));
	pthread_join(t, NULL);
}

static void open_close(long n)
{
	while (n--) {
		int fd = open(self, O_RDONLY);

		if (fd < 0)
			die("open");
		close(fd);
	}
}

static void stat_file(long n)
{
	struct stat st;

	while (n--)
		if (stat(self, &st))
			die("stat");
}

static void read_4k(long n)
{
	static char buf[4096];
	int fd = open(self, O_RDONLY);

	while (n--)
		if (pread(fd, buf, sizeof(buf), 4096) != sizeof(buf))
			die("pread");
	close(fd);
}

static void mmap_munmap(long n)
{
	while (n--) {
		void *p = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		munmap(p, 65536);
	}
}

static const struct bench {
	const char *name;
	void (*run)(long n);
	long least; /* operations in the first round */
} benches[] = {
	{ "null_call", null_call, 1000 },
	{ "line_round_trip", line_round_trip, 1000 },
	{ "null_call_trapped", null_call_trapped, 100 },
	{ "unix_ping_pong", unix_ping_pong, 100 },
	{ "pipe_ping_pong", pipe_ping_pong, 100 },
	{ "fork_exit_wait", fork_exit, 10 },
	{ "fork_exec_wait", fork_exec, 10 },
	{ "anon_page", anon_page, 4096 },
	{ "cow_page", cow_page, 16 * 4096 },
	{ "thread_create_join", thread, 10 },
	{ "futex_ping_pong", futex_ping_pong, 100 },
	{ "signal_self", signal_self, 100 },
	{ "cpu_one", cpu_one, 1000 },
	{ "cpu_two", cpu_two, 1000 },
	{ "open_close", open_close, 20 },
	{ "stat", stat_file, 20 },
	{ "read_4k", read_4k, 100 },
	{ "mmap_munmap_64k", mmap_munmap, 50 },
	{ "tcp_rr", tcp_rr, 100 },
	{ "tcp_connect", tcp_connect, 50 },
	{ "tcp_stream_128k", tcp_stream_128k, 20 },
	{ "tcp_stream_16k", tcp_stream_16k, 100 },
	{ "tcp_stream_1k", tcp_stream_1k, 1000 },
	{ "unix_stream_128k", unix_stream_128k, 20 },
	{ "unix_stream_16k", unix_stream_16k, 100 },
	{ "unix_stream_1k", unix_stream_1k, 1000 },
	{ "epoll_1000", epoll_1000, 2000 },
};

/* @n processes that sleep, and this one, until they are killed. */
static void sleepers(int n)
{
	while (n--) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid)
			break;
	}
	if (n < 0) {
		printf("ready\n");
		fflush(stdout);
	}
	for (;;)
		pause();
}

/* Doubles the count until the run is long enough to be measured. */
static void measure(const struct bench *b)
{
	long n = b->least;
	unsigned long long start, ns;

	b->run(n < 10 ? n : n / 10); /* warms up */
	for (;;) {
		own_ns = 0;
		start = now();
		b->run(n);
		ns = own_ns ? own_ns : now() - start;
		if (ns >= TARGET_NS / 2 || n > 100000000)
			break;
		n = ns * 16 < TARGET_NS ? n * 8 : n * 2;
	}
	printf("%s %.1f\n", b->name, (double)ns / n);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	char path[4096];
	ssize_t size;

	if (argc == 2 && !strcmp(argv[1], "--exit"))
		_exit(0);
	if (argc == 3 && !strcmp(argv[1], "--sleepers"))
		sleepers(atoi(argv[2]));
	/* In a User-Mode Linux the host's /proc shows through hostfs: the link would name UML itself. */
	size = getpid() == 1 ? -1 : readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (size > 0) {
		path[size] = 0;
		self = path;
	} else {
		self = argv[0];
	}
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	for (unsigned i = 0; i < sizeof(benches) / sizeof(benches[0]); i++) {
		int wanted = argc < 2 || getpid() == 1;

		for (int k = 1; k < argc && !wanted; k++)
			wanted = !strcmp(argv[k], benches[i].name);
		if (wanted)
			measure(&benches[i]);
	}
	if (getpid() == 1) { /* the init of a User-Mode Linux */
		printf("bench done\n");
		fflush(stdout);
		reboot(RB_POWER_OFF);
	}
	return 0;
}
