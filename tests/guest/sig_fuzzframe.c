/* Thousands of forged frames, good and bad at random: each either faults or gives exactly the state it holds. The count
 * and a hash of all states are the host's. Only what every CPU with AVX agrees on is varied. */
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

static char frame[16384] __attribute__((aligned(64))), altstack[65536];
static struct _libc_fpstate *real_fp;
static char image[12288] __attribute__((aligned(64)));
static uint32_t image_size;
static sigjmp_buf jump;
static uint64_t seed = 42;

uint64_t out_gpr[16], out_flags, kept[8];
unsigned char out_ymm[16][32] __attribute__((aligned(32)));
uint32_t out_mxcsr;
uint16_t out_cw;

static uint64_t rnd(void)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return seed >> 17;
}

extern const char landing[];
void go(void *sp);
__asm__(".text\n"
	"go: mov %rbx,kept(%rip); mov %rbp,kept+8(%rip); mov %r12,kept+16(%rip); mov %r13,kept+24(%rip)\n"
	"mov %r14,kept+32(%rip); mov %r15,kept+40(%rip); mov %rsp,kept+48(%rip)\n"
	"mov %rdi,%rsp; mov $15,%eax; syscall; ud2\n"
	"landing: mov %rax,out_gpr(%rip); mov %rbx,out_gpr+8(%rip); mov %rcx,out_gpr+16(%rip); mov %rdx,out_gpr+24(%rip)\n"
	"mov %rsi,out_gpr+32(%rip); mov %rdi,out_gpr+40(%rip); mov %rbp,out_gpr+48(%rip); mov %rsp,out_gpr+56(%rip)\n"
	"mov %r8,out_gpr+64(%rip); mov %r9,out_gpr+72(%rip); mov %r10,out_gpr+80(%rip); mov %r11,out_gpr+88(%rip)\n"
	"mov %r12,out_gpr+96(%rip); mov %r13,out_gpr+104(%rip); mov %r14,out_gpr+112(%rip); mov %r15,out_gpr+120(%rip)\n"
	"mov kept+48(%rip),%rsp; pushf; pop out_flags(%rip); push $0x202; popf\n"
	"stmxcsr out_mxcsr(%rip); fnstcw out_cw(%rip); lea out_ymm(%rip),%rax\n"
	".irp r,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n vmovups %ymm\\r,32*\\r(%rax)\n .endr\n"
	"vzeroupper; fninit; push $0x1f80; ldmxcsr (%rsp); pop %rax\n"
	"mov kept(%rip),%rbx; mov kept+8(%rip),%rbp; mov kept+16(%rip),%r12; mov kept+24(%rip),%r13\n"
	"mov kept+32(%rip),%r14; mov kept+40(%rip),%r15; ret\n");

static void segv(int sig)
{
	(void)sig;
	siglongjmp(jump, 1);
}

/* Takes a true frame's extended state as the pattern. */
static void pattern(int sig, siginfo_t *info, void *ctx)
{
	ucontext_t *uc = ctx;

	(void)sig;
	(void)info;
	real_fp = uc->uc_mcontext.fpregs;
	image_size = *(uint32_t *)((char *)real_fp + 464 + 4);
	if (image_size < sizeof(image))
		memcpy(image, real_fp, image_size);
}

static uint64_t hash = 14695981039346656037ull;
static void mix(const void *p, size_t n)
{
	for (const unsigned char *c = p; n--; c++)
		hash = (hash ^ *c) * 1099511628211ull;
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = pattern, .sa_flags = SA_SIGINFO };
	stack_t ss = { .ss_sp = altstack, .ss_size = sizeof(altstack) };
	ucontext_t *uc = (ucontext_t *)(frame + 1024 + 8);
	char *fp = frame + 4096;
	int faults = 0, good = 0;

	if (!__builtin_cpu_supports("avx")) {
		fprintf(stderr, "this CPU has no AVX\n");
		return 1;
	}
	sigaction(SIGUSR1, &sa, NULL);
	raise(SIGUSR1);
	sa.sa_handler = segv;
	sa.sa_flags = SA_ONSTACK;
	sigaction(SIGSEGV, &sa, NULL);
	sigaltstack(&ss, NULL);
	for (int i = 0; i < 4000; i++) {
		greg_t *g = uc->uc_mcontext.gregs;
		uint64_t *header = (uint64_t *)(fp + 512);
		uint32_t *sw = (uint32_t *)(fp + 464);

		memset(uc, 0, 400);
		memcpy(fp, image, image_size);
		uc->uc_flags = 7;
		for (int r = 0; r < 16; r++)
			g[r] = (greg_t)rnd() * (greg_t)rnd();
		g[REG_RIP] = (greg_t)landing;
		g[REG_EFL] = (greg_t)(rnd() & 0xcd5) | 0x202; /* CF PF AF ZF SF DF OF */
		if (rnd() % 8 == 0)
			g[REG_EFL] |= (greg_t)(rnd() << 12 & 0x3f7000); /* IOPL NT RF AC VIF VIP ID ... */
		g[REG_EFL] &= ~0x40000ll;
		g[REG_CSGSFS] = 0x33 | 0x2bll << 48;
		uc->uc_mcontext.fpregs = (void *)fp;
		uc->uc_stack = ss;
		/* x87 control word, mxcsr, xmm, ymm */
		*(uint16_t *)fp = (uint16_t)((rnd() & 0xf00) | 0x7f);
		*(uint32_t *)(fp + 24) = (uint32_t)(rnd() & 0xffff);
		for (int b = 160; b < 416; b++)
			fp[b] = (char)rnd();
		for (int b = 576; b < 832; b++)
			fp[b] = (char)rnd();
		header[0] = rnd() & 7;
		switch (rnd() % 24) {
		case 0: header[0] |= 1ull << (40 + rnd() % 20); break;
		case 1: header[1] = 1ull << rnd() % 63; break;
		case 2: header[2] = rnd(); break;
		case 3: *(uint32_t *)(fp + 24) |= 1u << (18 + rnd() % 14); break;
		case 4: uc->uc_mcontext.fpregs = (void *)(fp + 1 + rnd() % 63); break;
		case 5: uc->uc_mcontext.fpregs = (void *)((uintptr_t)rnd() << (rnd() % 20)); break;
		case 6: sw[0] ^= 1u << rnd() % 32; break;
		case 7: sw[4] = (uint32_t)rnd(); break;
		case 8: *(uint32_t *)(fp + sw[4]) ^= 1; break;
		case 9: *(uint64_t *)(sw + 2) = rnd() & 7; break;
		case 10: g[REG_CSGSFS] = (greg_t)(0x2b30 + rnd() % 0xd0) | 0x2bll << 48; break;
		case 11: g[REG_RIP] = (greg_t)(rnd() | 1ull << 47) << (rnd() % 16); break;
		case 12: uc->uc_mcontext.fpregs = NULL; break;
		case 13: uc->uc_flags = 0; g[REG_CSGSFS] &= 0xffff; break;
		}
		if (sigsetjmp(jump, 1)) {
			faults++;
			mix(&i, sizeof(i));
			continue;
		}
		go(uc);
		good++;
		out_flags &= ~0x200000ull; /* ID: an old CPU feature's bit that no kernel lets through */
		mix(out_gpr, sizeof(out_gpr));
		mix(&out_flags, sizeof(out_flags));
		mix(out_ymm, sizeof(out_ymm));
		mix(&out_mxcsr, sizeof(out_mxcsr));
		mix(&out_cw, sizeof(out_cw));
	}
	printf("good %d, faults %d, hash %016lx\n", good, faults, (unsigned long)hash);
	return 0;
}
