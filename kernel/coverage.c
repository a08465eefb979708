/* Which results of which calls were met, for the tests' table (make coverage-table). Each (call, result) pair is
 * written when it is first met, so nothing is lost when umk is killed; without UMK_COVERAGE it costs one test a call. */
#include "coverage.h"
#include "syscalls.h"
#include "host.h"
#include "string.h"

#define MAX_RESULT 134 /* one more than the greatest errno that a guest sees */

bool coverage_on;
static u8 seen[NR_SYSCALLS_MAX][MAX_RESULT];

void coverage_init(void)
{
	coverage_on = host_coverage_on();
}

/* @result as the entry returned it: a restart code counts as EINTR, an address or a count as success. */
void coverage_count(unsigned long nr, long result)
{
	unsigned err = result < 0 && result >= -MAX_ERRNO ? -result : 0;
	char line[32];

	if (err >= ERESTARTSYS)
		err = EINTR;
	if (nr >= NR_SYSCALLS_MAX || err >= MAX_RESULT || seen[nr][err])
		return;
	seen[nr][err] = 1;
	host_coverage_write(line, ksnprintf(line, sizeof(line), "%lu %u\n", nr, err));
}
