/* Signals and threads: to one of them, to whoever has it unblocked, sigwait in one, death of all. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_t threads[3];
static volatile int hit[4], ready;
static pthread_barrier_t barrier;

static int who(void)
{
	for (int i = 0; i < 3; i++)
		if (pthread_equal(pthread_self(), threads[i]))
			return i;
	return 3;
}

static void handler(int sig)
{
	(void)sig;
	__atomic_add_fetch(&hit[who()], 1, __ATOMIC_SEQ_CST);
}

static void *spinner(void *arg)
{
	sigset_t set;

	sigfillset(&set);
	if (arg == (void *)1)
		sigdelset(&set, SIGUSR2);
	sigdelset(&set, SIGUSR1);
	pthread_sigmask(SIG_SETMASK, &set, NULL);
	pthread_barrier_wait(&barrier);
	while (!__atomic_load_n(&ready, __ATOMIC_SEQ_CST))
		; /* no call: the signal must reach it all the same */
	return NULL;
}

static void *waiter(void *arg)
{
	sigset_t set;
	int sig;

	(void)arg;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigwait(&set, &sig);
	printf("sigwait took %d\n", sig);
	return NULL;
}

int main(void)
{
	struct sigaction sa = { .sa_handler = handler };
	sigset_t set;
	pid_t pid;
	int status;

	pthread_barrier_init(&barrier, NULL, 4);
	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGUSR2, &sa, NULL);
	sigfillset(&set);
	pthread_sigmask(SIG_SETMASK, &set, NULL);
	for (long i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, spinner, (void *)i);
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < 3; i++) {
		pthread_kill(threads[i], SIGUSR1);
		while (!__atomic_load_n(&hit[i], __ATOMIC_SEQ_CST))
			;
	}
	printf("pthread_kill: %d %d %d %d\n", hit[0], hit[1], hit[2], hit[3]);
	kill(getpid(), SIGUSR2);
	while (__atomic_load_n(&hit[1], __ATOMIC_SEQ_CST) < 2)
		;
	printf("to the process: %d %d %d %d\n", hit[0], hit[1], hit[2], hit[3]);
	__atomic_store_n(&ready, 1, __ATOMIC_SEQ_CST);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	printf("kill of an ended thread: %d\n", (int)syscall(SYS_tgkill, getpid(), getpid() + 100000, SIGUSR1));
	pthread_create(&threads[0], NULL, waiter, NULL);
	kill(getpid(), SIGTERM);
	pthread_join(threads[0], NULL);

	fflush(stdout);
	pid = fork();
	if (!pid) {
		ready = 0;
		pthread_barrier_init(&barrier, NULL, 3);
		for (long i = 0; i < 2; i++)
			pthread_create(&threads[i], NULL, spinner, (void *)0);
		pthread_barrier_wait(&barrier);
		sigemptyset(&set);
		sigaddset(&set, SIGINT);
		pthread_sigmask(SIG_UNBLOCK, &set, NULL);
		kill(getpid(), SIGINT);
		for (;;)
			pause();
	}
	waitpid(pid, &status, 0);
	printf("all threads died of %d\n", WTERMSIG(status));
	return 0;
}
