/* The differential fuzzer's guest: random sequences of calls, each in a process and a directory of its own, whose results
 * and left state are printed in words that must be the same on Linux and under umk.
 *
 *   diff FIRST COUNT        the sequences FIRST ...: a line "SEED HASH" each
 *   diff -v SEED [STEP,...] one sequence, or these steps of it, in full
 *
 * The parent is a subreaper and waits for all that a sequence leaves; one that takes more than 20 s is killed and told. */
#include <dirent.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "diff.h"

#define LOG_SIZE (256u * 1024)
#define MAX_STEPS 48

static struct log {
	volatile unsigned len;
	char text[LOG_SIZE];
} *sequence_log;

static uint64_t stream;
/* Sequences from here on are about the Internet's sockets, then about terminals, then about all that sockets of any family can
 * do; those before stay what they were. */
#define INET_SEED (1ull << 32)
#define TTY_SEED (1ull << 33)
#define NET_SEED (1ull << 34)
static const struct op *const groups[] = { file_ops, fd_ops, mem_ops, proc_ops, signal_ops, time_ops, socket_ops };

/* ---- randomness and words ---- */

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

unsigned R(unsigned n)
{
	stream += 0x9e3779b97f4a7c15ull;
	return (unsigned)((mix(stream) >> 32) * n >> 32);
}

bool chance(unsigned percent)
{
	return R(100) < percent;
}

uint32_t hash(const void *data, size_t size)
{
	const unsigned char *p = data;
	uint32_t h = 2166136261u;

	while (size--)
		h = (h ^ *p++) * 16777619u;
	return h;
}

void out(const char *fmt, ...)
{
	struct log *l = sequence_log;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->text + l->len, LOG_SIZE - l->len, fmt, ap);
	va_end(ap);
	if (n > 0 && l->len + n < LOG_SIZE - 1)
		l->len += n;
}

long result(long r)
{
	int err = errno;

	if (r == -1)
		out(" = %s\n", strerrorname_np(err) ? strerrorname_np(err) : "?");
	else
		out(" = %ld\n", r);
	return r;
}

long a_value(const long *values, unsigned n)
{
	long v = values[R(n)];

	out(" %lx", v);
	return v;
}

char *a_buffer(void)
{
	static char buf[128 * 1024];
	uint32_t x = R(1u << 30) | 1;

	for (unsigned i = 0; i < sizeof(buf); i += 4) {
		memcpy(buf + i, &x, 4);
		x = x * 1664525u + 1013904223u;
	}
	return buf;
}

size_t a_size(void)
{
	static const size_t sizes[] = { 0, 1, 2, 7, 8, 100, 511, 1000, 4095, 4096, 4097, 8192, 10000, 65536, 70000 };
	size_t size = PICK(sizes);

	out(" %zu", size);
	return size;
}

/* ---- one sequence ---- */

/* There are sockets to begin with. */
static const struct op *net_ops(unsigned step)
{
	static const struct op *const all[] = { msg_ops, msg_ops, msg_ops, sockopt_ops, sockopt_ops, inet_ops, inet_ops, socket_ops, fd_ops };

	return step == 0 ? inet_ops : step == 1 ? msg_ops : PICK(all);
}

static unsigned pick_op(unsigned step, uint64_t seed, const struct op *op)
{
	unsigned total = 0;

	if (seed >= NET_SEED && step < 2)
		return 0;
	for (const struct op *o = op; o->name; o++)
		total += o->weight;
	return R(total);
}

static void run_step(unsigned step, uint64_t seed, unsigned focus)
{
	const struct op *op;
	unsigned pick;

	stream = mix(seed * 1000003 + step + 1);
	if (seed >= NET_SEED)
		op = net_ops(step);
	else if (seed >= TTY_SEED)
		op = tty_ops;
	else if (seed >= INET_SEED)
		op = chance(90) ? inet_ops : fd_ops;
	else
		op = chance(60) ? groups[focus] : groups[R(sizeof(groups) / sizeof(groups[0]))];
	pick = pick_op(step, seed, op);
	while (pick >= op->weight)
		pick -= op->weight, op++;
	out("%u %s", step, op->name);
	op->run();
}

static void run_sequence(uint64_t seed, const char *keep)
{
	unsigned steps, focus;
	bool kept[MAX_STEPS] = { false };

	for (const char *p = keep; p && *p; p += strcspn(p, ",") + (p[strcspn(p, ",")] != 0))
		if ((unsigned)atoi(p) < MAX_STEPS)
			kept[atoi(p)] = true;
	stream = mix(seed);
	steps = 4 + R(MAX_STEPS - 4);
	focus = R(sizeof(groups) / sizeof(groups[0]));
	memory_init();
	signals_init();
	umask(022);
	if (seed >= NET_SEED)
		net_init();
	else if (seed >= TTY_SEED)
		tty_init();
	for (unsigned i = 0; i < steps; i++)
		if (!keep || kept[i])
			run_step(i, seed, focus);
	state_fds();
	state_memory();
	state_signals();
	state_process();
}

/* ---- what it left in its directory ---- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void show_file(int dir, const char *path, const char *name, const struct stat *st)
{
	char text[70000];
	long n;
	int fd;

	out("  %s %o %u:%u nlink %u", path, st->st_mode, st->st_uid, st->st_gid, S_ISDIR(st->st_mode) ? 0 : (unsigned)st->st_nlink);
	if (S_ISLNK(st->st_mode)) {
		n = readlinkat(dir, name, text, sizeof(text) - 1);
		out(" -> %.*s", (int)(n < 0 ? 0 : n), text);
	} else if (S_ISREG(st->st_mode)) {
		fd = openat(dir, name, O_RDONLY | O_NOFOLLOW);
		n = fd < 0 ? -1 : pread(fd, text, sizeof(text), 0);
		out(" size %lu %08x", (unsigned long)st->st_size, n < 0 ? 0 : hash(text, n));
		close(fd);
	}
	out("\n");
}

/* Prints what is below @dir, in order, and removes it. */
static void empty_directory(int dir, const char *path, bool show)
{
	char *names[256], below[512];
	unsigned n = 0;
	struct dirent *e;
	struct stat st;
	DIR *d = fdopendir(dir);

	if (!d)
		return;
	while ((e = readdir(d)) && n < 256)
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			names[n++] = strdup(e->d_name);
	qsort(names, n, sizeof(names[0]), by_name);
	for (unsigned i = 0; i < n; i++) {
		snprintf(below, sizeof(below), "%s/%s", path, names[i]);
		if (!fstatat(dir, names[i], &st, AT_SYMLINK_NOFOLLOW)) {
			if (show)
				show_file(dir, below, names[i], &st);
			if (S_ISDIR(st.st_mode)) {
				fchmodat(dir, names[i], 0700, 0);
				empty_directory(openat(dir, names[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW), below, show);
			}
			unlinkat(dir, names[i], S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0);
		}
		free(names[i]);
	}
	closedir(d);
}

/* ---- the parent ---- */

static void nothing(int sig) { (void)sig; }

static void show_end(pid_t pid)
{
	int status;

	alarm(20);
	while (waitpid(pid, &status, 0) < 0) {
		out("did not end\n");
		kill(pid, SIGKILL);
	}
	alarm(0);
	kill(-pid, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
	if (WIFSIGNALED(status))
		out("killed by %d\n", WTERMSIG(status));
	else
		out("exit %d\n", WEXITSTATUS(status));
}

static void sequence(uint64_t seed, const char *keep)
{
	pid_t pid;

	sequence_log->len = 0;
	if (mkdir("s", 0777) || chmod("s", 0777)) {
		perror("diff: s");
		exit(2);
	}
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (chdir("s"))
			_exit(3);
		run_sequence(seed, keep);
		_exit(0);
	}
	show_end(pid);
	empty_directory(open("s", O_RDONLY | O_DIRECTORY), "", true);
	rmdir("s");
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = nothing };
	int dir;

	sequence_log = mmap((void *)0x100000000ul, sizeof(struct log), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	close_range(3, ~0u, 0);
	sigaction(SIGALRM, &sa, NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	dir = open("s", O_RDONLY | O_DIRECTORY);
	if (dir >= 0)
		empty_directory(dir, "", false);
	rmdir("s");
	if (argc >= 3 && !strcmp(argv[1], "-v")) {
		sequence(strtoull(argv[2], NULL, 0), argc > 3 ? argv[3] : NULL);
		fwrite(sequence_log->text, 1, sequence_log->len, stdout);
		return 0;
	}
	if (argc != 3)
		return 2;
	for (uint64_t seed = strtoull(argv[1], NULL, 0), i = strtoull(argv[2], NULL, 0); i; seed++, i--) {
		sequence(seed, NULL);
		printf("%llu %08x\n", (unsigned long long)seed, hash(sequence_log->text, sequence_log->len));
		fflush(stdout);
	}
	return 0;
}
