/* siginfo and ucontext of faults: code, address, trap number, error code. */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>
#include <fcntl.h>

static sigjmp_buf jump;
static volatile uint64_t base;

static void handler(int sig, siginfo_t *info, void *ctx)
{
	ucontext_t *uc = ctx;
	greg_t *g = uc->uc_mcontext.gregs;
	uint64_t addr = (uint64_t)info->si_addr;

	printf("signal %d code %d trapno %lld", sig, info->si_code, g[REG_TRAPNO]);
	if (info->si_code > 0 && info->si_code != SI_KERNEL) {
		if (addr == (uint64_t)g[REG_RIP])
			printf(" addr = ip");
		else
			printf(" addr = base%+ld", (long)(addr - base));
	} else {
		printf(" addr %#lx", addr);
	}
	if (g[REG_TRAPNO] == 14) /* bits 0 and 1 (present, write): see sig_fault_err */
		printf(" err %#llx cr2 %s", g[REG_ERR] & ~3ll, (uint64_t)g[REG_CR2] == addr ? "same" : "other");
	printf("\n");
	siglongjmp(jump, 1);
}

#define TRY(what, ...) do { printf("%s: ", what); fflush(stdout); if (!sigsetjmp(jump, 1)) { __VA_ARGS__; printf("no fault\n"); } } while (0)

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	volatile int zero = 0, one = 1;
	char *p, *ro, *none, *file, *exec;
	int fd;

	for (int sig = 1; sig < 32; sig++)
		if (sig == SIGSEGV || sig == SIGBUS || sig == SIGFPE || sig == SIGILL || sig == SIGTRAP)
			sigaction(sig, &sa, NULL);
	p = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(p + 2 * 4096, 4096);
	base = (uint64_t)p;
	TRY("read unmapped", *(volatile char *)(p + 8192 + 5));
	TRY("write unmapped", *(volatile char *)(p + 8192 + 5) = 1);
	ro = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	base = (uint64_t)ro;
	TRY("write read-only, untouched", *(volatile char *)(ro + 7) = 1);
	TRY("read read-only", *(volatile char *)(ro + 7));
	TRY("write read-only, touched", *(volatile char *)(ro + 7) = 1);
	none = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	base = (uint64_t)none;
	TRY("read PROT_NONE", *(volatile char *)(none + 100));
	TRY("write PROT_NONE", *(volatile char *)(none + 100) = 1);
	base = 0;
	TRY("null read", *(volatile char *)(long)(one * 1));
	base = 0;
	TRY("kernel address", *(volatile char *)0xffffffff80000000ul);
	TRY("non-canonical", *(volatile char *)0x1234567890abcdeful);
	p[0] = (char)0xc3;
	base = (uint64_t)p;
	TRY("execute non-executable", ((void (*)(void))p)());
	exec = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(exec, 4096);
	TRY("jump to unmapped", ((void (*)(void))exec)());
	TRY("divide by zero", one /= zero);
	TRY("illegal instruction", __asm__ volatile("ud2"));
	TRY("breakpoint", __asm__ volatile("int3"));
	TRY("hlt", __asm__ volatile("hlt"));
	TRY("cli", __asm__ volatile("cli"));
	TRY("int 0x90", __asm__ volatile("int $0x90"));
	TRY("misaligned sse", __asm__ volatile("movaps (%0),%%xmm0" : : "r"(p + 1) : "xmm0"));
	TRY("single step", __asm__ volatile("pushf; orl $0x100,(%%rsp); popf; nop; nop" : : : "cc", "memory"));
	TRY("sse divide unmasked", __asm__ volatile("sub $8,%%rsp; movl $0x1d80,(%%rsp); ldmxcsr (%%rsp); add $8,%%rsp;"
		"xorps %%xmm1,%%xmm1; movl $0x3f800000,%%eax; movd %%eax,%%xmm0; divss %%xmm1,%%xmm0"
		: : : "eax", "xmm0", "xmm1", "memory"));
	fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (ftruncate(fd, 100) == 0) {
		file = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		base = (uint64_t)file;
		TRY("inside the file", *(volatile char *)(file + 99));
		TRY("behind the file, same page", *(volatile char *)(file + 200));
		TRY("behind the file, next page", *(volatile char *)(file + 4096 + 3));
		TRY("write behind the file", *(volatile char *)(file + 4096 + 3) = 1);
	}
	return 0;
}
