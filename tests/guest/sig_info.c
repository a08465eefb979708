/* What siginfo says of signals from kill, raise, tgkill, sigqueue and abort's kin. */
/* musl */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *code_name(int code)
{
	switch (code) {
	case SI_USER: return "SI_USER";
	case SI_TKILL: return "SI_TKILL";
	case SI_QUEUE: return "SI_QUEUE";
	default: return "?";
	}
}

static void handler(int sig, siginfo_t *info, void *ctx)
{
	(void)ctx;
	printf("%d: signo %s, errno %d, code %s, pid %s, uid %s", sig - (sig > 32 ? SIGRTMIN - 34 : 0), info->si_signo == sig ? "same" : "other",
		info->si_errno, code_name(info->si_code), info->si_pid == getpid() ? "own" : "other",
		info->si_uid == getuid() ? "own" : "other");
	if (info->si_code == SI_QUEUE)
		printf(", value %#lx", (unsigned long)info->si_value.sival_ptr);
	printf("\n");
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	siginfo_t forged;

	for (int sig = 1; sig <= 64; sig++)
		sigaction(sig, &sa, NULL);
	kill(getpid(), SIGUSR1);
	raise(SIGUSR2);
	syscall(SYS_tkill, syscall(SYS_gettid), SIGTERM);
	sigqueue(getpid(), SIGHUP, (union sigval){ .sival_ptr = (void *)0x1234567890abcdef });
	sigqueue(getpid(), SIGRTMIN + 1, (union sigval){ .sival_ptr = (void *)42 });

	/* to oneself anything may be forged, to others only negative codes */
	memset(&forged, 0, sizeof(forged));
	forged.si_code = SI_USER;
	forged.si_pid = getpid();
	forged.si_uid = getuid();
	printf("forged to self: %ld\n", syscall(SYS_rt_sigqueueinfo, getpid(), SIGINT, &forged));
	printf("forged to parent: %ld\n", syscall(SYS_rt_sigqueueinfo, getppid(), 0, &forged));
	printf("%s\n", strerror(errno));
	printf("tgsigqueueinfo: %ld\n", syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), SIGWINCH, &forged));
	return 0;
}
