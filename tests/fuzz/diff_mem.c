/* Operations on memory, within an arena at a fixed place, and what is mapped there. An access that faults is told by signal,
 * code and place. */
#include <setjmp.h>

#include "diff.h"

static sigjmp_buf fault;
static volatile sig_atomic_t watching;
static siginfo_t fault_info;

static char *a_place(void)
{
	unsigned page = R(16);
	long off = chance(90) ? 0 : 1;

	out(" @%u%s", page, off ? "+1" : "");
	return (char *)ARENA + page * PAGE + off;
}

static size_t a_length(void)
{
	static const size_t pages[] = { 1, 1, 2, 3, 4, 8, 16 };
	size_t length = chance(95) ? PICK(pages) * PAGE - (chance(10) ? 100 : 0) : 0;

	out(" +%zu", length);
	return length;
}

static int a_prot(void)
{
	return VALUE(PROT_READ, PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE, PROT_NONE, PROT_READ | PROT_EXEC, PROT_WRITE);
}

static long place(void *p)
{
	return p == MAP_FAILED ? -1 : (long)p - (long)ARENA;
}

static void op_mmap(void)
{
	char *at = a_place();
	size_t length = a_length();
	int prot = a_prot();

	result(place(mmap(at, length, prot, MAP_ANONYMOUS | VALUE(MAP_PRIVATE, MAP_PRIVATE, MAP_SHARED, 0) |
			  VALUE(MAP_FIXED, MAP_FIXED, MAP_FIXED_NOREPLACE), -1, 0)));
}

static void op_mmap_file(void)
{
	char *at = a_place();
	size_t length = a_length();
	int prot = a_prot(), flags = MAP_FIXED | VALUE(MAP_PRIVATE, MAP_SHARED, MAP_SHARED_VALIDATE), fd = 3 + (int)R(8);
	struct stat st;

	/* With a socket Linux unmaps what was there before it refuses; what has no name came to be "noexec" in 6.16. */
	if (!fstat(fd, &st) && !S_ISREG(st.st_mode))
		fd = -1;
	out(" fd %d", fd);
	result(place(mmap(at, length, prot, flags, fd, VALUE(0, 0, PAGE, 4 * PAGE, 1))));
}

static void op_munmap(void)
{
	char *at = a_place();

	result(munmap(at, a_length()));
}

static void op_mprotect(void)
{
	char *at = a_place();
	size_t length = a_length();

	result(mprotect(at, length, a_prot()));
}

static void op_mremap(void)
{
	char *at = a_place();
	size_t from = a_length(), to = a_length();
	/* What a move to a fixed place does when its source is not one mapping, and in which order, has changed since 6.12. */
	int flags = VALUE(0, 0, MREMAP_MAYMOVE | MREMAP_FIXED, MREMAP_MAYMOVE | MREMAP_FIXED, MREMAP_FIXED,
			  MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, 64);

	if (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) {
		at = (char *)((unsigned long)at & -PAGE);
		from = from ? (from + PAGE - 1) & -PAGE : PAGE;
		to = (to + PAGE - 1) & -PAGE;
		mmap(at, from, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	}
	result(place(mremap(at, from, to, flags, (char *)ARENA + (16 + R(16)) * PAGE)));
}

static void op_madvise(void)
{
	char *at = a_place();
	size_t length = a_length();

	result(madvise(at, length, VALUE(MADV_NORMAL, MADV_DONTNEED, MADV_DONTNEED, MADV_WILLNEED, MADV_DONTFORK, MADV_DOFORK, MADV_WIPEONFORK,
					 MADV_KEEPONFORK, MADV_REMOVE, MADV_POPULATE_READ, MADV_POPULATE_WRITE, MADV_SEQUENTIAL, 99)));
}

static void op_msync(void)
{
	char *at = a_place();
	size_t length = a_length();

	result(msync(at, length, VALUE(MS_SYNC, MS_ASYNC, MS_SYNC | MS_INVALIDATE, MS_SYNC | MS_ASYNC, 8)));
}

static void op_mlock(void)
{
	char *at = a_place();
	size_t length = a_length();

	result(chance(60) ? mlock(at, length) : munlock(at, length));
}

static void op_mincore(void)
{
	unsigned char vec[32];
	char *at = a_place();

	result(mincore(at, a_length(), vec));
}

static void on_fault(int sig, siginfo_t *info, void *uc)
{
	(void)uc;
	if (!watching) {
		signal(sig, SIG_DFL);
		return;
	}
	fault_info = *info;
	siglongjmp(fault, sig);
}

void memory_init(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };

	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	mmap((void *)ARENA, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

/* Reads or writes; true when it did. */
static bool touch(char *p, bool store, unsigned value, unsigned char *got)
{
	struct sigaction segv, bus, was_segv, was_bus;
	int sig;

	memset(&segv, 0, sizeof(segv));
	segv.sa_sigaction = on_fault;
	segv.sa_flags = SA_SIGINFO;
	bus = segv;
	sigaction(SIGSEGV, &segv, &was_segv);
	sigaction(SIGBUS, &bus, &was_bus);
	sig = sigsetjmp(fault, 1);
	if (!sig) {
		watching = 1;
		if (store)
			*(volatile char *)p = (char)value;
		*got = *(volatile unsigned char *)p;
	}
	watching = 0;
	sigaction(SIGSEGV, &was_segv, NULL);
	sigaction(SIGBUS, &was_bus, NULL);
	if (sig)
		out(" signal %d code %d at %ld", sig, fault_info.si_code, (long)fault_info.si_addr - (long)p);
	return !sig;
}

static void op_touch(void)
{
	char *p = a_place() + (chance(20) ? 4000 : 0);
	bool store = chance(60);
	unsigned char c = 0;

	out(store ? " store" : " load");
	if (touch(p, store, R(256), &c))
		out(" %u", c);
	out("\n");
}

static void op_fill(void)
{
	char *p = (char *)ARENA;
	unsigned char c;

	for (unsigned i = 0; i < 6; i++, p += PAGE) {
		out(" ");
		if (touch(p + R(4000), true, R(256), &c))
			out("%u", c);
	}
	out("\n");
}

/* The kernel's own access to guest memory. */
static void op_kernel_access(void)
{
	char *p = a_place();
	int fd[2];
	long n;

	if (pipe2(fd, O_NONBLOCK)) {
		result(-1);
		return;
	}
	n = result(write(fd[1], p + 4000, VALUE(1, 96, 97, 5000)));
	if (n > 0)
		result(read(fd[0], a_place() + 4000, n));
	close(fd[0]);
	close(fd[1]);
}

static uint32_t hash_arena(void)
{
	static char copy[PAGE];
	uint32_t h = 0;
	int fd[2];

	if (pipe(fd))
		return 0;
	/* write(2) tells what is readable without a fault. */
	for (unsigned i = 0; i < ARENA_PAGES; i++) {
		long n = write(fd[1], (char *)ARENA + i * PAGE, PAGE);

		if (n > 0)
			n = read(fd[0], copy, n);
		h = h * 31 + (n > 0 ? hash(copy, n) : 1);
	}
	close(fd[0]);
	close(fd[1]);
	return h;
}

/* What a child sees and does to the memory. */
static void op_fork_memory(void)
{
	unsigned char c;
	pid_t pid = fork_child();

	if (pid < 0) {
		result(-1);
		return;
	}
	if (!pid) {
		out(" child %08x", hash_arena());
		touch((char *)ARENA + R(8) * PAGE, true, R(256), &c);
		touch((char *)ARENA + R(8) * PAGE, true, R(256), &c);
		_exit(0);
	}
	while (syscall(SYS_wait4, pid, NULL, __WALL, NULL) < 0 && errno == EINTR)
		;
	out(" then %08x\n", hash_arena());
}

static void op_brk(void)
{
	char *now = (char *)syscall(SYS_brk, 0);
	long by = VALUE(0, PAGE, 10 * PAGE, 100);

	out(" = %ld\n", (long)((char *)syscall(SYS_brk, now + by) - now));
	syscall(SYS_brk, now);
}

const struct op mem_ops[] = {
	{ "mmap", op_mmap, 20 }, { "mmap_file", op_mmap_file, 16 }, { "munmap", op_munmap, 8 }, { "mprotect", op_mprotect, 12 },
	{ "mremap", op_mremap, 10 }, { "madvise", op_madvise, 10 }, { "msync", op_msync, 4 }, { "mlock", op_mlock, 3 },
	{ "mincore", op_mincore, 2 }, { "touch", op_touch, 24 }, { "fill", op_fill, 8 }, { "kernel_access", op_kernel_access, 6 },
	{ "fork_memory", op_fork_memory, 4 }, { "brk", op_brk, 2 }, { 0 }
};

/* ---- the state ---- */

/* Which mappings are one is history on Linux: equal neighbours are told as one. */
void state_memory(void)
{
	unsigned long start, end, off, from = 0, to = 0, at = 0;
	char line[512], perms[8], was[8] = "", name[256], was_name[256] = "";
	FILE *f = fopen("/proc/self/maps", "r");

	out("memory: %08x\n", hash_arena());
	while (f && fgets(line, sizeof(line), f)) {
		name[0] = 0;
		if (sscanf(line, "%lx-%lx %7s %lx %*s %*u %255s", &start, &end, perms, &off, name) < 4)
			continue;
		if (end <= ARENA || start >= ARENA + ARENA_PAGES * PAGE)
			continue;
		if (name[0] == '/')
			memmove(name, strrchr(name, '/'), strlen(strrchr(name, '/')) + 1);
		if (name[0] == '/' && name[1] == '#')
			name[2] = 0;
		if (name[0] != '/')
			off = 0;
		if (start == to && !strcmp(perms, was) && !strcmp(name, was_name) && (name[0] != '/' || off == at + (start - from))) {
			to = end;
			continue;
		}
		if (to)
			out("  %lx-%lx %s %lx %s\n", (from - ARENA) / PAGE, (to - ARENA) / PAGE, was, at, was_name);
		from = start, to = end, at = off;
		strcpy(was, perms);
		strcpy(was_name, name);
	}
	if (to)
		out("  %lx-%lx %s %lx %s\n", (from - ARENA) / PAGE, (to - ARENA) / PAGE, was, at, was_name);
	if (f)
		fclose(f);
}
