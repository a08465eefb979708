/* Waiting (um/idle.c), clocks, stacks, and the host's signals (um/console.c). */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "um_unit.h"

static u64 cpu_ns(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return (u64)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1000000000 +
		(u64)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) * 1000;
}

START_TEST(deadline)
{
	u64 now, end;

	um_unit_start();
	end = host_clock(HOST_MONOTONIC) + 3000000;
	host_idle(end);
	now = host_clock(HOST_MONOTONIC);
	ck_assert(now >= end);
	/* a later one after an earlier one, and one in the past */
	host_idle(now + 1000000);
	ck_assert(host_clock(HOST_MONOTONIC) >= now + 1000000);
	host_idle(1);
	host_idle(0);
}
END_TEST

START_TEST(sleeping_takes_no_cpu)
{
	u64 before;

	um_unit_start();
	host_idle(host_clock(HOST_MONOTONIC) + 1000000);
	cpu_running = 1;
	before = cpu_ns();
	host_idle(host_clock(HOST_MONOTONIC) + 300000000);
	ck_assert(cpu_ns() - before < 20000000);
}
END_TEST

START_TEST(backend_event_returns_at_once)
{
	um_unit_start();
	backend_events = 1;
	host_idle(HOST_FOREVER);
	ck_assert_uint_eq(backend_events, 0);
}
END_TEST

START_TEST(host_signals)
{
	um_unit_start();
	raise(SIGINT);
	host_idle(HOST_FOREVER);
	ck_assert_uint_eq(upcalls_signal, 1);
	ck_assert_int_eq(last_signal, SIGINT);
	kill(getpid(), SIGWINCH);
	host_idle(HOST_FOREVER);
	ck_assert_int_eq(last_signal, SIGWINCH);
}
END_TEST

START_TEST(ignored_signals_stay_ignored)
{
	signal(SIGHUP, SIG_IGN);
	um_unit_start();
	ck_assert(umk_options.sig_ignored >> (SIGHUP - 1) & 1);
	raise(SIGHUP);
	host_idle(host_clock(HOST_MONOTONIC) + 1000000);
	ck_assert_uint_eq(upcalls_signal, 0);
}
END_TEST

START_TEST(stop_and_continue)
{
	pid_t pid;
	int status;

	um_unit_start();
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		host_stop_self(SIGSTOP);
		_exit(7);
	}
	ck_assert_int_eq(waitpid(pid, &status, WUNTRACED), pid);
	ck_assert(WIFSTOPPED(status));
	kill(pid, SIGCONT);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}
END_TEST

START_TEST(seeded_randomness_repeats)
{
	u8 a[33], b[33];

	clock_init(7, false);
	host_random(a, sizeof(a));
	clock_init(7, false);
	host_random(b, sizeof(b));
	ck_assert_int_eq(memcmp(a, b, sizeof(a)), 0);
	clock_init(8, false);
	host_random(b, sizeof(b));
	ck_assert_int_ne(memcmp(a, b, sizeof(a)), 0);
	clock_init(0, false);
	host_random(a, sizeof(a));
	host_random(b, sizeof(b));
	ck_assert_int_ne(memcmp(a, b, sizeof(a)), 0);
}
END_TEST

START_TEST(stacks_have_guards)
{
	u8 *a = host_stack_alloc(65536), *b = host_stack_alloc(65536);
	unsigned char in_core;

	ck_assert(a && b && a != b);
	memset(a, 1, 65536);
	memset(b, 2, 65536);
	ck_assert_int_eq(a[0], 1);
	ck_assert_int_eq(mincore(a - 4096, 4096, &in_core), 0);
	host_stack_free(a, 65536);
	ck_assert_ptr_eq(host_stack_alloc(65536), a);
	host_stack_free(b, 65536);
	ck_assert_ptr_ne(host_stack_alloc(8192), b);
}
END_TEST

START_TEST(physmem_is_zero_after_discard)
{
	struct um_config cfg = { .mem = 64 << 20 };

	host_physmem_init(&cfg);
	ck_assert(host_info.physmem_size >= 8 << 20 && host_info.physmem_size <= 64 << 20);
	memset(host_info.physmem + 4096, 1, 8192);
	host_physmem_discard(4096, 4096);
	ck_assert_int_eq(host_info.physmem[4096], 0);
	ck_assert_int_eq(host_info.physmem[8192], 1);
	memset(host_info.arena, 1, 8192);
	host_arena_discard(host_info.arena, 4096);
	ck_assert_int_eq(host_info.arena[0], 0);
	ck_assert_int_eq(host_info.arena[4096], 1);
	/* sealed where it can be: nobody can resize it */
	if (!host_info.physmem_huge)
		ck_assert_int_eq(ftruncate(physmem_fd, 0), -1);
}
END_TEST

/* Fresh frames get their bytes by another way than those that were used before. */
START_TEST(physmem_is_read_into)
{
	static u8 bytes[300000];
	struct um_config cfg = { .mem = 64 << 20 };
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	ssize_t n, size = pread(fd, bytes, sizeof(bytes), 0);
	u8 *to;

	host_physmem_init(&cfg);
	to = host_info.physmem + host_info.physmem_size - 4096;
	n = physmem_pread_nowait(fd, to, 4096, 0);
	if (n < 0 && errno == EOPNOTSUPP)
		return; /* built on a tmpfs */
	ck_assert_int_eq(n, 4096);
	ck_assert(!memcmp(to, bytes, 4096));
	to = host_info.physmem + (1 << 20) + 4096 * 3;
	for (int again = 0; again < 2; again++) {
		ssize_t got = 0;

		memset(to + 8192, 0xff, 4096 * again); /* one that is there, behind one that is not */
		while (got < size && (n = physmem_pread_nowait(fd, to + got, (u64)(size - got), got)) > 0)
			got += n;
		ck_assert_int_eq(got, size);
		ck_assert(!memcmp(to, bytes, (size_t)size));
		ck_assert_int_eq(to[size], 0);
		host_physmem_discard(1 << 20, 1 << 20);
	}
	memset(bytes, 0, 10);
	ck_assert_int_eq(physmem_pread_nowait(fd, bytes, 4, 0), 4); /* any other memory */
	ck_assert(!memcmp(bytes, "\177ELF\0", 5));
	ck_assert_int_eq(physmem_pread_nowait(-1, to, 8192, 0), -1);
	ck_assert_int_eq(errno, EBADF);
	close(fd);
}
END_TEST

UM_UNIT_MAIN("um/idle", deadline, sleeping_takes_no_cpu, backend_event_returns_at_once, host_signals,
	     ignored_signals_stay_ignored, stop_and_continue, seeded_randomness_repeats, stacks_have_guards,
	     physmem_is_zero_after_discard, physmem_is_read_into)
