/* What execve keeps: ignored signals, the mask, pending signals, the alarm; and what it resets: handlers, the alternate
 * stack. */
/* musl */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char stack[32768];
static void handler(int sig) { (void)sig; }

int main(int argc, char **argv)
{
	struct sigaction sa;
	sigset_t set;
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };

	if (argc == 1) {
		signal(SIGUSR1, SIG_IGN);
		signal(SIGUSR2, handler);
		signal(SIGTERM, handler);
		sigemptyset(&set);
		sigaddset(&set, SIGUSR2);
		sigaddset(&set, SIGINT);
		sigprocmask(SIG_BLOCK, &set, NULL);
		sigaltstack(&ss, NULL);
		raise(SIGINT);
		alarm(1000);
		execl("/proc/self/exe", argv[0], "second", NULL);
		execl(argv[0], argv[0], "second", NULL);
		perror("exec");
		return 1;
	}
	sigaction(SIGUSR1, NULL, &sa);
	printf("USR1 still ignored: %d\n", sa.sa_handler == SIG_IGN);
	sigaction(SIGUSR2, NULL, &sa);
	printf("USR2 default: %d, flags %x\n", sa.sa_handler == SIG_DFL, (unsigned)sa.sa_flags);
	sigaction(SIGTERM, NULL, &sa);
	printf("TERM default: %d\n", sa.sa_handler == SIG_DFL);
	sigprocmask(SIG_BLOCK, NULL, &set);
	printf("blocked: USR2 %d INT %d TERM %d\n", sigismember(&set, SIGUSR2), sigismember(&set, SIGINT),
		sigismember(&set, SIGTERM));
	sigpending(&set);
	printf("pending: INT %d USR2 %d\n", sigismember(&set, SIGINT), sigismember(&set, SIGUSR2));
	sigaltstack(NULL, &ss);
	printf("alternate stack: %s, size %zu\n", ss.ss_sp ? "some" : "none", ss.ss_size);
	printf("alarm goes on: %d\n", alarm(0) > 900);
	fflush(stdout);
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL); /* the pending SIGINT kills */
	printf("not reached\n");
	return 0;
}
