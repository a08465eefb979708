/* RLIMIT_SIGPENDING: what is refused, what still arrives, what is lost; order and values of queued signals; SigQ in /proc. */
// needs-root: what the user has queued elsewhere counts
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "show.h"

static int order[64], values[64], codes[64], n;

static void handler(int sig, siginfo_t *si, void *uc)
{
	order[n] = sig;
	values[n] = si->si_value.sival_int;
	codes[n++] = si->si_code;
}

static long queued(void)
{
	char line[128];
	long q = -1;
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "SigQ: %ld/", &q);
	if (f)
		fclose(f);
	return q;
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	struct rlimit rl;
	sigset_t all, set;
	long before;
	int sent = 0;

	if (getuid() == 0 && setuid(54321)) /* a user who has nothing queued */
		return 1;
	sigfillset(&all);
	sigfillset(&sa.sa_mask);
	sigprocmask(SIG_BLOCK, &all, NULL);
	for (int sig = 1; sig < 65; sig++)
		if (sig != SIGKILL && sig != SIGSTOP && (sig < 32 || sig >= SIGRTMIN))
			sigaction(sig, &sa, NULL);
	before = queued();
	printf("nothing queued %d\n", before == 0);
	rl.rlim_cur = rl.rlim_max = 5;
	SHOW(setrlimit(RLIMIT_SIGPENDING, &rl));
	while (sent < 20 && !sigqueue(getpid(), SIGRTMIN + 1, (union sigval){ .sival_int = 100 + sent }))
		sent++;
	printf("queued %d, then %s, SigQ %ld\n", sent, errno_name(errno), queued());
	SHOW(sigqueue(getpid(), SIGUSR1, (union sigval){ .sival_int = 7 })); /* a classic one arrives without its value */
	SHOW(sigqueue(getpid(), SIGUSR1, (union sigval){ .sival_int = 8 }));
	SHOW(kill(getpid(), SIGRTMIN + 2)); /* kill never fails */
	SHOW(kill(getpid(), SIGRTMIN + 2));
	SHOW(raise(SIGRTMIN + 3));
	SHOW(kill(getpid(), SIGUSR2));
	printf("SigQ %ld\n", queued());
	sigpending(&set);
	printf("pending %d %d %d %d\n", sigismember(&set, SIGUSR1), sigismember(&set, SIGRTMIN + 1), sigismember(&set, SIGRTMIN + 2),
		sigismember(&set, SIGRTMIN + 3));
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	for (int i = 0; i < n; i++) {
		if (order[i] >= SIGRTMIN)
			printf("RTMIN+%d", order[i] - SIGRTMIN);
		else
			printf("%d", order[i]);
		printf(" code %d value %d\n", codes[i], codes[i] == SI_QUEUE ? values[i] : 0);
	}
	printf("SigQ %ld\n", queued());
	/* as many of each as were sent, in their order */
	n = 0;
	rl.rlim_cur = 5;
	sigprocmask(SIG_BLOCK, &all, NULL);
	sigqueue(getpid(), SIGRTMIN + 4, (union sigval){ .sival_int = 1 });
	sigqueue(getpid(), SIGRTMIN + 2, (union sigval){ .sival_int = 2 });
	sigqueue(getpid(), SIGRTMIN + 4, (union sigval){ .sival_int = 3 });
	sigqueue(getpid(), SIGRTMIN + 2, (union sigval){ .sival_int = 4 });
	kill(getpid(), SIGUSR2);
	sigprocmask(SIG_SETMASK, &set, NULL);
	for (int i = 0; i < n; i++)
		printf("%s%d:%d ", order[i] >= SIGRTMIN ? "RTMIN+" : "", order[i] >= SIGRTMIN ? order[i] - SIGRTMIN : order[i], values[i]);
	printf("\n");
	/* the child starts with nothing pending and counts for itself what it gets */
	sigprocmask(SIG_BLOCK, &all, NULL);
	sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 1 });
	if (!fork()) {
		sigpending(&set);
		printf("child: pending %d\n", sigismember(&set, SIGRTMIN));
		for (sent = 0; sent < 20 && !sigqueue(getppid(), SIGRTMIN, (union sigval){ .sival_int = 1 }); sent++)
			;
		printf("child: sent %d, then %s\n", sent, errno_name(errno));
		fflush(stdout);
		_exit(0);
	}
	while (sigtimedwait((sigemptyset(&set), sigaddset(&set, SIGCHLD), &set), NULL, NULL) != SIGCHLD)
		;
	wait(NULL);
	return 0;
}
