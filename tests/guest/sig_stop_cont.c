/* Stop and continue: which pending signals cancel each other, handlers of SIGCONT, blocked stops, threads that stop together. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "show.h"

static volatile struct { int cont, usr, ready; } *s;

static void handler(int sig)
{
	if (sig == SIGCONT)
		s->cont++;
	else
		s->usr++;
}

static void wait_usr(int n)
{
	for (int i = 0; i < 5000 && s->usr < n; i++)
		usleep(1000);
}

static pid_t child(void (*body)(void))
{
	pid_t pid;

	memset((void *)s, 0, sizeof(*s));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		signal(SIGCONT, handler);
		signal(SIGUSR1, handler);
		if (body)
			body();
		s->ready = 1;
		for (;;)
			pause();
	}
	while (!s->ready)
		usleep(500);
	return pid;
}

static void blocks_all(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
}

static void blocks_cont(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCONT);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static void *sleeper(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void threads(void)
{
	pthread_t th;

	for (int i = 0; i < 3; i++)
		pthread_create(&th, NULL, sleeper, NULL);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int pending(pid_t pid, int sig)
{
	char path[64], line[128];
	unsigned long long shd = 0, one = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f)) {
		sscanf(line, "SigPnd: %llx", &one);
		sscanf(line, "ShdPnd: %llx", &shd);
	}
	if (f)
		fclose(f);
	return (shd | one) >> (sig - 1) & 1;
}

int main(void)
{
	int status;
	pid_t pid;

	s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	/* while stopped, signals wait; SIGCONT's handler runs, too */
	pid = child(NULL);
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	kill(pid, SIGUSR1);
	usleep(20000);
	printf("stopped: handled %d pending %d\n", s->usr, pending(pid, SIGUSR1));
	kill(pid, SIGCONT);
	wait_usr(1);
	for (int i = 0; i < 5000 && !s->cont; i++)
		usleep(1000);
	printf("continued: usr %d cont %d\n", s->usr, s->cont);
	SHOW(waitpid(pid, &status, WCONTINUED | WNOHANG) == pid);
	/* SIGCONT to one that runs: only the handler; no wait sees it */
	kill(pid, SIGCONT);
	for (int i = 0; i < 5000 && s->cont < 2; i++)
		usleep(1000);
	printf("cont %d\n", s->cont);
	SHOW(waitpid(pid, &status, WCONTINUED | WNOHANG));
	end(pid);
	/* a blocked SIGCONT continues all the same */
	pid = child(blocks_cont);
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	kill(pid, SIGCONT);
	SHOW(waitpid(pid, &status, WCONTINUED) == pid);
	printf("blocked cont: handled %d pending %d\n", s->cont, pending(pid, SIGCONT));
	kill(pid, SIGSTOP); /* drops it */
	waitpid(pid, &status, WUNTRACED);
	printf("after a stop: pending %d\n", pending(pid, SIGCONT));
	end(pid);
	/* blocked stops are dropped by SIGCONT, and SIGCONT by stops */
	pid = child(blocks_all);
	kill(pid, SIGTSTP);
	kill(pid, SIGTTIN);
	printf("pending %d %d\n", pending(pid, SIGTSTP), pending(pid, SIGTTIN));
	kill(pid, SIGCONT);
	printf("pending %d %d, cont %d\n", pending(pid, SIGTSTP), pending(pid, SIGTTIN), pending(pid, SIGCONT));
	kill(pid, SIGTTOU);
	printf("pending %d, cont %d\n", pending(pid, SIGTTOU), pending(pid, SIGCONT));
	kill(pid, SIGSTOP); /* cannot be blocked */
	SHOW(waitpid(pid, &status, WUNTRACED) == pid);
	kill(pid, SIGTERM);
	printf("term waits %d\n", pending(pid, SIGTERM));
	SHOW(waitpid(pid, &status, WNOHANG));
	end(pid);
	/* all threads stop, and one report is made */
	pid = child(threads);
	kill(pid, SIGSTOP);
	SHOW(waitpid(pid, &status, WUNTRACED) == pid);
	printf("by %d\n", WSTOPSIG(status));
	SHOW(waitpid(pid, &status, WUNTRACED | WNOHANG));
	kill(pid, SIGSTOP); /* stopped already: nothing new */
	usleep(10000);
	SHOW(waitpid(pid, &status, WUNTRACED | WNOHANG));
	kill(pid, SIGCONT);
	kill(pid, SIGSTOP);
	SHOW(waitpid(pid, &status, WUNTRACED) == pid);
	kill(pid, SIGKILL); /* needs no SIGCONT */
	waitpid(pid, &status, 0);
	printf("killed %d\n", WTERMSIG(status));
	/* the default action of SIGCONT is nothing, of stop signals to stop */
	for (int i = 0; i < 3; i++) {
		static const int sigs[] = { SIGTSTP, SIGTTIN, SIGTTOU };

		pid = child(NULL);
		kill(pid, sigs[i]);
		waitpid(pid, &status, WUNTRACED);
		printf("%d stops by %d\n", i, WSTOPSIG(status) == sigs[i]);
		end(pid);
	}
	return 0;
}
