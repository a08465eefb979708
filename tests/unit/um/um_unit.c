/* The fake kernel and the fake backend of the unit tests of um/, and the state that main.c holds in umk. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "um_unit.h"

bool um_leaving; /* main.c's, which the tests do without */

#define LIMIT_SECONDS 20 /* of one test; Check multiplies it by CK_TIMEOUT_MULTIPLIER */

struct host_info host_info;
struct umk_options umk_options;
struct trap_layout trap_layout;
const struct trap_ops *trap;

unsigned upcalls_complete, upcalls_ready, upcalls_signal;
struct host_req *last_complete;
void *last_cookie;
u32 last_ready;
int last_signal;
unsigned backend_events;

static bool fake_poll(void)
{
	if (!backend_events)
		return false;
	backend_events--;
	return true;
}

static bool fake_prepare(void)
{
	return !backend_events;
}

static void fake_finish(void)
{
}

static const struct backend fake_backend = {
	.poll = fake_poll, .prepare_sleep = fake_prepare, .finish_sleep = fake_finish, .can_spin = true,
};
const struct backend *backend = &fake_backend;

void um_exit(int status)
{
	_exit(status);
}

void host_complete_upcall(struct host_req *req)
{
	upcalls_complete++;
	last_complete = req;
}

void host_ready_upcall(void *cookie, u32 ready)
{
	upcalls_ready++;
	last_cookie = cookie;
	last_ready = ready;
}

void host_dir_upcall(int wd, const char *name, bool gone)
{
	(void)wd, (void)name, (void)gone;
}

void *host_fault_upcall(const char *what, void (**go_on)(void))
{
	return NULL;
}

void host_signal_upcall(int signo)
{
	upcalls_signal++;
	last_signal = signo;
}

void um_unit_start(void)
{
	console_init(&umk_options);
	clock_init(umk_options.seed, false);
	cpu_init();
	hostfile_init();
	idle_init();
	idle_start();
}

u64 um_unit_deadline(void)
{
	const char *factor = getenv("CK_TIMEOUT_MULTIPLIER");
	u64 seconds = LIMIT_SECONDS * (factor ? strtoull(factor, NULL, 10) : 1);

	return host_clock(HOST_MONOTONIC) + seconds * 1000000000 / 4 * 3;
}

void um_unit_wait(struct host_req *req)
{
	u64 end = um_unit_deadline();

	while (!req->done && host_clock(HOST_MONOTONIC) < end)
		host_idle(end);
	ck_assert(req->done);
}

static char dir[64];

static void remove_dir(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	if (system(command))
		fprintf(stderr, "%s is left behind\n", dir);
}

const char *um_unit_tmpdir(void)
{
	snprintf(dir, sizeof(dir), "/tmp/umk-unit-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	atexit(remove_dir);
	return dir;
}

int um_unit_run(const char *name, const TTest *const *tests, unsigned count)
{
	Suite *suite = suite_create(name);
	TCase *tc = tcase_create(name);
	SRunner *runner;
	int failed;

	for (unsigned i = 0; i < count; i++)
		tcase_add_test(tc, tests[i]);
	tcase_set_timeout(tc, LIMIT_SECONDS);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
