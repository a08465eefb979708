/* Frames that no kernel made: each child returns from a handler with something bad in its frame. */
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

static int attack;
static const char *const names[] = { "nothing", "non-canonical ip", "kernel ip", "bad cs", "bad ss", "unmapped fpstate",
	"kernel fpstate", "bad mxcsr", "reserved header bytes", "compacted header", "unknown feature", "huge size in magic",
	"no magic", "misaligned fpstate", "null fpstate", "system flags", "everything masked", "bad altstack",
	"unmapped stack" };

static void handler(int sig, siginfo_t *info, void *ctx)
{
	ucontext_t *uc = ctx;
	greg_t *g = uc->uc_mcontext.gregs;
	char *fp = (char *)uc->uc_mcontext.fpregs;
	uint64_t *header = (uint64_t *)(fp + 512);

	(void)sig;
	(void)info;
	switch (attack) {
	case 1: g[REG_RIP] = 0x1234567890abcdef; break;
	case 2: g[REG_RIP] = (greg_t)0xffffffff81000000; break;
	case 3: g[REG_CSGSFS] = (g[REG_CSGSFS] & ~0xffffll) | 0x1230; break;
	case 4: g[REG_CSGSFS] = (g[REG_CSGSFS] & ~(0xffffll << 48)) | 0x4560ll << 48; break;
	case 5: uc->uc_mcontext.fpregs = (void *)0x10000000; break;
	case 6: uc->uc_mcontext.fpregs = (void *)0xffffffff81000000; break;
	case 7: ((struct _libc_fpstate *)fp)->mxcsr = 0xffffffff; break;
	case 8: header[3] = 1; break;
	case 9: header[1] = 1ull << 62; break;
	case 10: header[0] |= 1ull << 61; break;
	case 11: *(uint32_t *)(fp + 464 + 16) = 0x7fffffff; break;
	case 12: *(uint32_t *)(fp + 464) = 0; break;
	case 13: uc->uc_mcontext.fpregs = (void *)(fp + 8); break;
	case 14: uc->uc_mcontext.fpregs = NULL; break;
	case 15: g[REG_EFL] |= 0x3f3000; g[REG_EFL] &= ~0x40100ll; break; /* IOPL, NT, VM, VIF, VIP, ID; no AC, no TF */
	case 16: memset(&uc->uc_sigmask, 0xff, 8); break;
	case 17: uc->uc_stack.ss_flags = 77; uc->uc_stack.ss_sp = (void *)1; break;
	}
}

int main(void)
{
	for (attack = 0; attack < (int)(sizeof(names) / sizeof(names[0])); attack++) {
		pid_t pid;
		int status;

		fflush(stdout);
		pid = fork();
		if (!pid) {
			struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
			struct rlimit rl = { 0, 0 };
			sigset_t mask;

			setrlimit(RLIMIT_CORE, &rl);
			prctl(PR_SET_DUMPABLE, 0);
			sigaction(SIGUSR1, &sa, NULL);
			if (attack == 18) /* a sigreturn out of nothing */
				__asm__ volatile("mov $0x20000000,%%rsp; mov $15,%%eax; syscall" : : : "memory");
			kill(getpid(), SIGUSR1);
			sigprocmask(SIG_BLOCK, NULL, &mask);
			_exit(sigismember(&mask, SIGTERM) ? 51 : 50);
		}
		waitpid(pid, &status, 0);
		if (WIFSIGNALED(status))
			printf("%s: killed by %d\n", names[attack], WTERMSIG(status));
		else
			printf("%s: exit %d\n", names[attack], WEXITSTATUS(status));
	}
	return 0;
}
