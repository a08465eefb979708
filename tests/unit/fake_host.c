/* The host that unit tests run on: all of host.h and trap.h for an ordinary process.
 *
 * Guest memory and the arena are private anonymous memory, so that each forked test starts clean. The clock is fake and
 * idling jumps to the deadline. Waiting for ever with nothing pending is a failure. Files are in fake_files.c, guests in
 * fake_trap.c. */
#include <execinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define UNIT_LIBC /* here the names are libc's */
#include "unit.h"
#include "fake_host.h"

#define PHYSMEM_SIZE (64ull << 20)
#define ARENA_SIZE (1ull << 30)
#define ARENA_ADDR ((void *)0x200000000000)

struct host_info host_info;
struct umk_options umk_options;
struct trap_layout trap_layout;

u64 unit_now = 1000000000;
u64 unit_preempted;
u64 unit_arena_discarded, unit_physmem_discarded;
int unit_exit_status, unit_exit_signo;
void *unit_exit_jump[5];
bool unit_exit_catch;
char unit_messages[65536], unit_traces[65536];
u64 unit_signals;

static char tmpdir[64];
static pid_t tmpdir_owner;

/* ---- start ---- */

static void *must_map(void *at, size_t size)
{
	void *p = mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED) {
		perror("fake host: mmap");
		exit(99);
	}
	return p;
}

void unit_host_start(void)
{
	static char *no_env[] = { NULL };

	host_info.physmem = must_map(NULL, PHYSMEM_SIZE);
	host_info.physmem_size = PHYSMEM_SIZE;
	host_info.arena = must_map(ARENA_ADDR, ARENA_SIZE);
	host_info.arena_size = ARENA_SIZE;
	host_info.cpus = 2;
	host_info.cpu_mask[0] = 3;
	host_info.clk_tck = 100;
	host_info.kernel_version = "6.12.0";
	host_info.minsigstksz = 2048;
#if defined(__SANITIZE_ADDRESS__)
	host_info.sanitized = true;
#endif
	umk_options.program = "test";
	umk_options.argv = no_env;
	umk_options.envp = no_env;
	umk_options.umask = 022;
	umk_options.caps.permitted = umk_options.caps.effective = umk_options.caps.bset = ~0ull;
	for (unsigned i = 0; i < ARRAY_SIZE(umk_options.rlimit); i++)
		umk_options.rlimit[i].cur = umk_options.rlimit[i].max = ~0ull;
	umk_options.rlimit[3].cur = 8 << 20;	/* RLIMIT_STACK */
	umk_options.rlimit[7].cur = 1024;	/* RLIMIT_NOFILE */
	umk_options.rlimit[7].max = 4096;
	trap_layout.stub_start = 0x7fffe0000000;
	trap_layout.stub_end = 0x7ffff0000000;
	trap_layout.task_size = 0x7fffe0000000;
	trap_layout.xsave_size = 832;
	trap_layout.xfeatures = 7;
}

int unit_run(const char *name, const TTest *const *tests, unsigned count)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);
	SRunner *runner = srunner_create(suite);
	int failed;

	unit_host_start();
	tcase_set_timeout(tcase, 60);
	for (unsigned i = 0; i < count; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void remove_tmpdir(void)
{
	char cmd[128];

	if (tmpdir_owner != getpid())
		return;
	snprintf(cmd, sizeof(cmd), "rm -rf '%s'", tmpdir);
	if (system(cmd))
		perror("fake host: rm");
}

const char *unit_tmpdir(void)
{
	if (!tmpdir_owner) {
		strcpy(tmpdir, "/tmp/umk-unit-XXXXXX");
		if (!mkdtemp(tmpdir)) {
			perror("fake host: mkdtemp");
			exit(99);
		}
		tmpdir_owner = getpid();
		atexit(remove_tmpdir);
	}
	return tmpdir;
}

void host_exit(int status, int signo)
{
	unit_exit_status = status;
	unit_exit_signo = signo;
	if (unit_exit_catch)
		__builtin_longjmp(unit_exit_jump, 1);
	exit(signo ? 128 + signo : status);
}

void host_guests_ready(void)
{
}

void host_panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("umk: panic: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	host_backtrace();
	abort();
}

void host_fault_registers(void)
{
}

void host_walk_stack(void *ksp, bool (*frame)(void *ctx, u64 ip, const char *name, u64 offset), void *ctx)
{
}

void host_unwind(struct host_unwind *u)
{
	u->frame(u, u->regs[16]);
}

void host_backtrace(void)
{
	void *frames[32];

	backtrace_symbols_fd(frames, backtrace(frames, 32), 2);
}

/* ---- memory ---- */

void host_physmem_discard(u64 off, u64 size)
{
	unit_physmem_discarded += size;
	madvise(host_info.physmem + off, size, MADV_DONTNEED);
}

void host_arena_discard(void *p, u64 size)
{
	unit_arena_discarded += size;
	madvise(p, size, MADV_DONTNEED);
}

void *host_stack_alloc(size_t size)
{
	char *p = mmap(NULL, size + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	mprotect(p, 4096, PROT_NONE);
	return p + 4096;
}

void host_stack_free(void *stack, size_t size)
{
	munmap((char *)stack - 4096, size + 4096);
}

void *host_malloc(size_t size, size_t align)
{
	void *p;

	return posix_memalign(&p, max(align, sizeof(void *)), size) ? NULL : p;
}

void host_free(void *p)
{
	free(p);
}

/* ---- time ---- */

u64 host_clock(enum host_clock which)
{
	switch (which) {
	case HOST_REALTIME:
	case HOST_REALTIME_COARSE:
	case HOST_TAI:
		return unit_now + 1700000000000000000ull;
	case HOST_KERNEL_CPU:
		return unit_now - unit_preempted;
	default:
		return unit_now;
	}
}

void host_random(void *buf, size_t size)
{
	static u64 state = 0x9e3779b97f4a7c15ull;
	u8 *p = buf;

	while (size--) {
		state = state * 6364136223846793005ull + 1442695040888963407ull;
		*p++ = state >> 56;
	}
}

/* ---- idling ---- */

static unsigned upcalls(void)
{
	unsigned made = fake_requests_upcalls() + fake_trap_upcalls() + fake_watches_upcalls();

	for (int signo = 1; unit_signals; signo++) {
		if (!(unit_signals & 1ull << (signo - 1)))
			continue;
		unit_signals &= ~(1ull << (signo - 1));
		host_signal_upcall(signo);
		made++;
	}
	return made;
}

void host_idle(u64 deadline)
{
	if (upcalls())
		return;
	if (deadline == HOST_FOREVER)
		host_panic("every task sleeps and nothing can wake one");
	unit_now = max(unit_now, deadline);
}

void host_poll(void)
{
	upcalls();
}

/* ---- output ---- */

static void append(char *to, const char *text, size_t size)
{
	size_t used = strlen(to);

	if (size > 65535)
		size = 65535;
	if (used + size > 65535) {
		memmove(to, to + size, 65536 - size);
		used = strlen(to);
		used = used + size > 65535 ? 65535 - size : used;
	}
	memcpy(to + used, text, size);
	to[used + size] = 0;
}

void host_message(const char *text, size_t size)
{
	append(unit_messages, text, size);
}

void host_capture(const void *data, size_t size)
{
	(void)data;
	(void)size;
}

void host_trace(const char *text, size_t size)
{
	append(unit_traces, text, size);
}

bool host_coverage_on(void)
{
	return false;
}

void host_coverage_write(const char *text, size_t size)
{
}

/* ---- fibres ---- */

#if defined(__SANITIZE_ADDRESS__)
void __sanitizer_start_switch_fiber(void **save, const void *bottom, size_t size);
void __sanitizer_finish_switch_fiber(void *save, const void **bottom, size_t *size);
void host_switch_begin(void **save, const void *stack, size_t size)
{
	__sanitizer_start_switch_fiber(save, stack, size);
}
void host_switch_end(void *save)
{
	__sanitizer_finish_switch_fiber(save, NULL, NULL);
}
#else
void host_switch_begin(void **save, const void *stack, size_t size)
{
}
void host_switch_end(void *save)
{
}
#endif
