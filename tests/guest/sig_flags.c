/* sigaction's flags: SA_RESETHAND, SA_NODEFER, SA_SIGINFO, masks during handlers, what reads back; order of pending signals. */
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

struct ksa { uint64_t handler, flags, restorer, mask; };
static volatile int depth, deepest, calls;
static int order[16], norder;

static void handler(int sig)
{
	sigset_t set;

	calls++;
	if (++depth > deepest)
		deepest = depth;
	sigprocmask(SIG_BLOCK, NULL, &set);
	printf("sig %d depth %d: blocked itself %d usr2 %d hup %d\n", sig, depth, sigismember(&set, sig), sigismember(&set, SIGUSR2),
		sigismember(&set, SIGHUP));
	if (calls == 1)
		raise(sig);
	depth--;
}

static void note(int sig) { order[norder++] = sig; }

static void run(const char *what, int flags)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = flags }, old;
	sigset_t set;

	sigaddset(&sa.sa_mask, SIGUSR2);
	calls = depth = deepest = 0;
	sigaction(SIGUSR1, &sa, NULL);
	printf("%s\n", what);
	raise(SIGUSR1);
	sigaction(SIGUSR1, NULL, &old);
	sigprocmask(SIG_BLOCK, NULL, &set);
	printf("calls %d deepest %d, then %s, blocked %d\n", calls, deepest, old.sa_handler == SIG_DFL ? "default" : "handler",
		sigismember(&set, SIGUSR1) || sigismember(&set, SIGUSR2));
}

static void resethand(void)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_RESETHAND | SA_NODEFER };
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		calls = 0;
		sigaction(SIGTERM, &sa, NULL);
		raise(SIGTERM); /* the second one, in the handler, kills */
		_exit(0);
	}
	waitpid(pid, &status, 0);
	printf("resethand: %x\n", status);
}

int main(void)
{
	struct ksa k = { .handler = 1, .flags = ~0ull, .mask = ~0ull }, back;
	struct sigaction sa = { .sa_handler = note };
	sigset_t all, none;

	run("plain", 0);
	run("nodefer", SA_NODEFER);
	run("resethand", SA_RESETHAND * 0);
	resethand();
	/* unknown flags are forgotten, as are KILL and STOP in the mask */
	SHOW(syscall(SYS_rt_sigaction, SIGWINCH, &k, NULL, 8));
	SHOW(syscall(SYS_rt_sigaction, SIGWINCH, NULL, &back, 8));
	printf("flags %llx mask %llx\n", (unsigned long long)back.flags, (unsigned long long)back.mask);
	SHOW(syscall(SYS_rt_sigaction, SIGKILL, NULL, &back, 8));
	SHOW(syscall(SYS_rt_sigaction, SIGKILL, &k, NULL, 8));
	SHOW(syscall(SYS_rt_sigaction, 0, NULL, &back, 8));
	SHOW(syscall(SYS_rt_sigaction, 65, NULL, &back, 8));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, &back, 7));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, BAD_PTR, NULL, 8));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, BAD_PTR, 8));
	/* signals that come due together: handlers nest, the last frame runs first */
	sigfillset(&all);
	sigemptyset(&none);
	for (int sig = 1; sig < 32; sig++)
		if (sig != SIGKILL && sig != SIGSTOP)
			sigaction(sig, &sa, NULL);
	sigprocmask(SIG_BLOCK, &all, NULL);
	kill(getpid(), SIGTERM);
	kill(getpid(), SIGHUP);
	kill(getpid(), SIGSEGV);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGBUS);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int i = 0; i < norder; i++)
		printf("%d ", order[i]);
	printf("\n");
	/* thread-directed before process-directed */
	norder = 0;
	sigprocmask(SIG_BLOCK, &all, NULL);
	kill(getpid(), SIGHUP);
	raise(SIGTERM);
	sigfillset(&sa.sa_mask);
	sigaction(SIGHUP, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int i = 0; i < norder; i++)
		printf("%d ", order[i]);
	printf("\n");
	/* ignoring discards what is pending, even if it is blocked */
	sigprocmask(SIG_BLOCK, &all, NULL);
	raise(SIGUSR1);
	signal(SIGUSR1, SIG_IGN);
	sigpending(&none);
	printf("pending %d\n", sigismember(&none, SIGUSR1));
	raise(SIGUSR1); /* blocked and ignored: kept */
	sigpending(&none);
	printf("pending %d\n", sigismember(&none, SIGUSR1));
	return 0;
}
