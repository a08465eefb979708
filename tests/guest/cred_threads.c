/* Credentials are a thread's own: another thread's set*id and capset calls do not touch them; and prctl's per-thread bits. */
// needs-root: privileges
#include <linux/capability.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include "show.h"

static void show_ids(const char *who)
{
	unsigned head[2] = { 0x20080522, 0 }, d[6] = { 0 }, r, e, s;

	syscall(SYS_getresuid, &r, &e, &s);
	syscall(SYS_capget, head, d);
	printf("%s: %u %u %u, capabilities %d%d, no new privileges %d, keepcaps %d, groups %ld\n", who, r, e, s,
		d[0] >> CAP_SETUID & 1, d[1] >> CAP_SETUID & 1, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), prctl(PR_GET_KEEPCAPS),
		syscall(SYS_getgroups, 0, NULL));
}

static void *thread(void *arg)
{
	unsigned head[2] = { 0x20080522, 0 }, d[6] = { 0 }, groups[] = { 5, 6, 7 };

	(void)arg;
	show_ids("the thread begins with");
	SHOW(syscall(SYS_setgroups, 3, groups));
	SHOW(prctl(PR_SET_KEEPCAPS, 1));
	SHOW(syscall(SYS_setresuid, 1000, 1000, 1000));
	show_ids("the thread");
	SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	SHOW(syscall(SYS_capset, head, d));
	show_ids("the thread");
	SHOW(syscall(SYS_setresuid, 0, 0, 0));
	return NULL;
}

static void *second(void *arg)
{
	(void)arg;
	show_ids("a second thread");
	return NULL;
}

int main(void)
{
	pthread_t t;

	syscall(SYS_setgroups, 0, NULL);
	show_ids("main");
	pthread_create(&t, NULL, thread, NULL);
	pthread_join(t, NULL);
	show_ids("main");
	pthread_create(&t, NULL, second, NULL);
	pthread_join(t, NULL);
	return 0;
}
