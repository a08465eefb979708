/* What every unit test sees (the build includes it ahead of the test): Check, made to live beside the kernel's headers,
 * and the knobs of the fake host (fake_host.c).
 *
 * A test file holds START_TEST(name) ... END_TEST bodies and ends with UNIT_MAIN("suite", name, name, ...). Each test runs
 * in a forked child on a fresh fake host. Each ck_assert() that holds is a write(2) to Check: loops of many thousand rounds
 * count what is wrong, or call ck_abort_msg(), instead. */
#ifndef UMK_UNIT_H
#define UMK_UNIT_H

/* libc and uapi both define these; tests mean the kernel's. */
#ifndef UNIT_LIBC
#define sigset_t libc_sigset_t
#define timeval libc_timeval
#endif
#include <check.h>
#undef sigset_t
#undef timeval

#include "types.h"
#include "trap.h"
#include "host.h"

/* Runs the tests and prints Check's summary; the value is main()'s. */
int unit_run(const char *suite, const TTest *const *tests, unsigned count);
#define UNIT_MAIN(suite, ...)                                                              \
	int main(void)                                                                     \
	{                                                                                  \
		const TTest *const unit_tests[] = { __VA_ARGS__ };                         \
		return unit_run(suite, unit_tests, ARRAY_SIZE(unit_tests));                \
	}

/* ---- the fake host ---- */
/* unit_run() does it; a program that runs without Check (tests/fuzz/net) calls it first. */
void unit_host_start(void);
/* The fake clock: HOST_MONOTONIC in ns; host_idle() advances it to the deadline. HOST_REALTIME is a constant ahead. */
extern u64 unit_now;
extern u64 unit_preempted; /* ns of it in which the host ran somebody else */
/* Requests are not done in place but complete at the next host_poll() or host_idle(). */
extern bool unit_async;
/* Number of host_submit() calls; the next that many requests fail with this -errno instead of reaching the host. */
extern unsigned unit_submits, unit_fail_next;
extern int unit_fail_errno;
/* host_exit() was called: with this status (tests that expect it set unit_exit_jump first and get control back by
 * longjmp); otherwise host_exit ends the test process with the status. */
extern int unit_exit_status, unit_exit_signo;
extern void *unit_exit_jump[5]; /* for __builtin_setjmp */
extern bool unit_exit_catch;
/* Everything written by host_message() and host_trace(), NUL-ended; the newest 64 KiB. */
extern char unit_messages[65536], unit_traces[65536];
/* Bytes of the arena that were given back to the host. */
extern u64 unit_arena_discarded, unit_physmem_discarded;
/* Host signals to deliver at the next host_poll(): bit n-1 is signal n. */
extern u64 unit_signals;
/* A fresh directory on the real host, removed when the test's process ends. */
const char *unit_tmpdir(void);

/* ---- the fake trap backend: tasks that never run ---- */
/* What the host shows at @addr of @mm after all operations: false if nothing. */
bool unit_trap_lookup(struct trap_mm *mm, u64 addr, u64 *phys, int *prot);
/* Parks a RUNNING task with this event; trap_event_upcall comes from the next host_poll() or host_idle(). */
void unit_trap_post(struct trap_task *t, const struct trap_event *ev);
bool unit_trap_running(struct trap_task *t);
/* Fake address spaces and tasks that have not been destroyed. */
extern unsigned unit_trap_mms, unit_trap_tasks;
extern unsigned unit_trap_flushes, unit_trap_maps, unit_trap_unmaps, unit_trap_protects;
/* The next mm_create or task_create fails with this. */
extern int unit_trap_fail;

#endif
