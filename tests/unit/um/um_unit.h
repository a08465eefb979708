/* What the unit tests of um/ see: the real host side without main.c and the backends, over a fake kernel (um_unit.c) that
 * notes the upcalls. The tests use the real host. */
#ifndef UMK_UM_UNIT_H
#define UMK_UM_UNIT_H

#include <check.h>

#include "um.h"

/* Upcalls so far. */
extern unsigned upcalls_complete, upcalls_ready, upcalls_signal;
extern struct host_req *last_complete;
extern void *last_cookie;
extern u32 last_ready;
extern int last_signal;
/* The fake backend: poll() reports an event as long as this is not 0, and counts it down. */
extern unsigned backend_events;

/* Starts the parts of um/ that need it, once a test. */
void um_unit_start(void);
/* When a test may give up what it waits for: before Check ends it, which on a busy machine is later. HOST_MONOTONIC, ns. */
u64 um_unit_deadline(void);
/* Waits until @req is done; fails the test at the deadline. */
void um_unit_wait(struct host_req *req);
/* A fresh directory that is removed at the end of the test program. */
const char *um_unit_tmpdir(void);

#define UM_UNIT_MAIN(name, ...)                                                                     \
	int main(void)                                                                              \
	{                                                                                           \
		const TTest *const tests[] = { __VA_ARGS__ };                                       \
		return um_unit_run(name, tests, ARRAY_SIZE(tests));                                 \
	}
int um_unit_run(const char *name, const TTest *const *tests, unsigned count);

#endif
