/* Masks: what is blocked, what is pending, what a handler blocks, SA_NODEFER and SA_RESETHAND. */
/* musl */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static int depth, budget;

static void show(const char *what)
{
	sigset_t set;

	sigprocmask(SIG_BLOCK, NULL, &set);
	printf("%s: blocked", what);
	for (int sig = 1; sig <= 31; sig++)
		if (sigismember(&set, sig))
			printf(" %d", sig);
	sigpending(&set);
	printf("; pending");
	for (int sig = 1; sig <= 31; sig++)
		if (sigismember(&set, sig))
			printf(" %d", sig);
	printf("\n");
}

static void handler(int sig)
{
	printf("handler %d at depth %d\n", sig, depth);
	show("in handler");
	depth++;
	if (budget-- > 0) {
		raise(sig);
		raise(SIGUSR2);
		show("after raising");
	}
	depth--;
}

static void quiet(int sig) { printf("quiet %d\n", sig); }

int main(void)
{
	struct sigaction sa = { .sa_handler = handler }, old;
	sigset_t set;

	sigaddset(&sa.sa_mask, SIGUSR2);
	sigaddset(&sa.sa_mask, SIGTERM);
	sigaddset(&sa.sa_mask, SIGKILL);
	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGUSR1, NULL, &old);
	printf("SIGKILL kept out of sa_mask: %d\n", !sigismember(&old.sa_mask, SIGKILL));
	sa.sa_handler = quiet;
	sigemptyset(&sa.sa_mask);
	sigaction(SIGUSR2, &sa, NULL);

	budget = 1;
	raise(SIGUSR1);
	show("after SIGUSR1");

	sa.sa_handler = handler;
	sa.sa_flags = SA_NODEFER;
	sigaction(SIGUSR1, &sa, NULL);
	budget = 2;
	raise(SIGUSR1);

	sa.sa_handler = quiet;
	sa.sa_flags = SA_RESETHAND;
	sigaction(SIGUSR1, &sa, NULL);
	raise(SIGUSR1);
	sigaction(SIGUSR1, NULL, &old);
	printf("reset to default: %d\n", old.sa_handler == SIG_DFL);

	sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	show("everything");
	kill(getpid(), SIGUSR2);
	kill(getpid(), SIGCHLD);
	show("sent while blocked");
	signal(SIGUSR2, SIG_IGN);
	show("ignored: pending is dropped");
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	show("nothing");
	errno = 0;
	printf("bad how: %d", sigprocmask(7, &set, NULL));
	printf(" errno %d\n", errno);
	printf("bad size: %ld", syscall(SYS_rt_sigprocmask, 0, NULL, NULL, 4));
	printf(" errno %d\n", errno);
	return 0;
}
