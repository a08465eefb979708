/* execve of a process with threads: the others end, from wherever they are; the process keeps its number whichever thread
 * calls. A failing execve ends nobody. */
/* musl */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "show.h"

static int pipes[2], how;
static volatile long spun;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char self[4096];

static void *busy(void *arg)
{
	char c;

	switch ((long)arg % 5) {
	case 0:
		for (;;)
			spun++;
	case 1:
		for (;;)
			read(pipes[0], &c, 1);
	case 2:
		for (;;)
			pause();
	case 3:
		for (;;)
			getppid();
	case 4:
		pthread_mutex_lock(&lock);
	}
	return NULL;
}

static void exec_self(void)
{
	char pid[16], *argv[] = { "again", pid, NULL }, *envp[] = { NULL };

	snprintf(pid, sizeof(pid), "%d", getpid());
	if (execve("/no/such", argv, envp) == -1 && errno == ENOENT)
		execve(self, argv, envp);
	_exit(99);
}

static void *caller(void *arg)
{
	(void)arg;
	usleep(10000);
	exec_self();
	return NULL;
}

static void child(void)
{
	pthread_t t;

	pthread_mutex_lock(&lock);
	for (long i = 0; i < 5; i++)
		pthread_create(&t, NULL, busy, (void *)i);
	switch (how) {
	case 0: /* the leader */
		usleep(10000);
		exec_self();
		break;
	case 1: /* another one, while the leader spins */
		pthread_create(&t, NULL, caller, NULL);
		busy((void *)0);
		break;
	case 2: /* while the leader sleeps */
		pthread_create(&t, NULL, caller, NULL);
		busy((void *)2);
		break;
	case 3: /* when the leader has ended */
		pthread_create(&t, NULL, caller, NULL);
		syscall(SYS_exit, 5);
		break;
	case 4: /* two at once */
		pthread_create(&t, NULL, caller, NULL);
		caller(NULL);
	}
}

int main(int argc, char **argv)
{
	char line[128];
	int status, tasks = 0;
	pid_t pid;
	FILE *f;

	if (argc > 1) {
		f = fopen("/proc/self/status", "r");
		while (fgets(line, sizeof(line), f))
			if (sscanf(line, "Threads: %d", &tasks) == 1)
				break;
		return getpid() == atoi(argv[1]) && syscall(SYS_gettid) == getpid() && tasks == 1 ? 17 : 18;
	}
	self[readlink("/proc/self/exe", self, sizeof(self) - 1)] = 0;
	pipe(pipes);
	for (how = 0; how < 5; how++)
		for (int round = 0; round < 3; round++) {
			pid = fork();
			if (!pid)
				child();
			SHOW(waitpid(pid, &status, 0) == pid);
			SHOW(WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status));
		}
	return 0;
}
