/* prctl: what it keeps for a process or a thread, and what it refuses. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "show.h"

static int v;

static void *thread(void *arg)
{
	char name[16];

	(void)arg;
	prctl(PR_GET_NAME, name);
	printf("a thread's name: %s\n", name);
	prctl(PR_SET_NAME, "other");
	SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	SHOW(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0));
	return NULL;
}

int main(void)
{
	char name[16];
	pthread_t t;
	int status;
	pid_t pid;

	SHOW(prctl(PR_SET_NAME, "sixteen characters and more"));
	SHOW(prctl(PR_GET_NAME, name));
	printf("%s\n", name);
	SHOW(prctl(PR_GET_NAME, BAD_PTR));
	SHOW(prctl(PR_SET_PDEATHSIG, SIGUSR1));
	SHOW(prctl(PR_GET_PDEATHSIG, &v));
	SHOW(v);
	SHOW(prctl(PR_GET_PDEATHSIG, BAD_PTR));
	SHOW(prctl(PR_SET_PDEATHSIG, -1));
	SHOW(prctl(PR_SET_PDEATHSIG, 0));
	SHOW(prctl(PR_GET_DUMPABLE));
	SHOW(prctl(PR_SET_DUMPABLE, 2));
	SHOW(prctl(PR_SET_DUMPABLE, 0));
	SHOW(prctl(PR_GET_DUMPABLE));
	SHOW(prctl(PR_SET_DUMPABLE, 1));
	SHOW(prctl(PR_GET_KEEPCAPS));
	SHOW(prctl(PR_SET_KEEPCAPS, 2));
	SHOW(prctl(PR_SET_KEEPCAPS, 1));
	SHOW(prctl(PR_GET_KEEPCAPS));
	SHOW(prctl(PR_GET_TIMERSLACK));
	SHOW(prctl(PR_SET_TIMERSLACK, 777));
	SHOW(prctl(PR_GET_TIMERSLACK));
	SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	SHOW(prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0));
	SHOW(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
	SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0));
	pthread_create(&t, NULL, thread, NULL);
	pthread_join(t, NULL);
	SHOW(prctl(PR_GET_NAME, name));
	printf("%s\n", name);
	SHOW(prctl(PR_SET_TIMERSLACK, 0));
	SHOW(prctl(PR_GET_TIMERSLACK));
	SHOW(prctl(PR_SET_CHILD_SUBREAPER, 1));
	SHOW(prctl(PR_GET_CHILD_SUBREAPER, &v));
	SHOW(v);
	SHOW(prctl(PR_GET_CHILD_SUBREAPER, BAD_PTR));
	pid = fork();
	if (!pid) {
		prctl(PR_GET_CHILD_SUBREAPER, &v);
		SHOW(v);
		SHOW(prctl(PR_GET_DUMPABLE));
		SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
		SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
		_exit(0);
	}
	waitpid(pid, &status, 0);
	SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	SHOW(prctl(PR_GET_TSC, &v));
	SHOW(prctl(PR_GET_TSC, BAD_PTR));
	SHOW(prctl(PR_SET_TSC, 5));
	SHOW(prctl(PR_GET_TIMING));
	SHOW(prctl(PR_SET_TIMING, 1));
	SHOW(prctl(PR_GET_THP_DISABLE, 1, 0, 0, 0));
	SHOW(prctl(PR_CAPBSET_READ, 99));
	SHOW(prctl(PR_CAPBSET_DROP, 99));
	SHOW(prctl(PR_GET_UNALIGN, &v));
	SHOW(prctl(PR_GET_ENDIAN, &v));
	SHOW(prctl(0x12345678, 1, 2, 3, 4));
	SHOW(prctl(-1));
	return 0;
}
