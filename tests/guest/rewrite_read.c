// A read called by `xor %eax,%eax; syscall`, the shape that compilers make of it, with a long nop near by: flags and registers are
// those of the two instructions, the first time and ever after; the nop does nothing and code that jumps between the two
// finds the call there; handlers of signals never see an address in the nop's middle; threads meet fresh sites at once;
// and the bytes are the file's again when they can be seen changing. musl
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define NOPL ".byte 0x0f,0x1f,0x84,0,0,0,0,0\n"
#define SITES 32
#define THREADS 4

struct state {
	uint64_t flags_in, flags_out, flags_xor, r11, rcx, ret, rdi, rsi, rdx, r8, r9, r10;
	int64_t rax;
};

/* read(-1, 0x1111, 0x2222) with the flags of flags_in; flags_xor is what the xor alone leaves. The address of the nop is
 * probe_nop, of the syscall instruction probe_call. */
void probe(struct state *s);
long probe_nop(void);
long call_in_the_middle(void); /* getpid by the probe's syscall instruction */
extern const char probe_call[];
__asm__(".text\n.p2align 4\n.globl probe\n.type probe,@function\nprobe:\n"
	"push %rbx\nmov %rdi,%rbx\n"
	"mov $-1,%rdi\nmov $0x1111,%esi\nmov $0x2222,%edx\nmov $8,%r8d\nmov $9,%r9d\nmov $10,%r10d\n"
	"push (%rbx)\npopfq\nxor %eax,%eax\npushfq\npop 16(%rbx)\n"
	"mov $77,%eax\npush (%rbx)\npopfq\n"
	"xor %eax,%eax\n"
	"probe_call: syscall\n"
	"1: pushfq\npop 8(%rbx)\npush $0x202\npopfq\n"
	"mov %r11,24(%rbx)\nmov %rcx,32(%rbx)\nlea 1b(%rip),%rcx\nmov %rcx,40(%rbx)\n"
	"mov %rdi,48(%rbx)\nmov %rsi,56(%rbx)\nmov %rdx,64(%rbx)\nmov %r8,72(%rbx)\nmov %r9,80(%rbx)\nmov %r10,88(%rbx)\n"
	"mov %rax,96(%rbx)\npop %rbx\nret\n"
	".p2align 3\n.globl probe_nop\nprobe_nop: " NOPL "mov $1234,%eax\nret\n"
	"call_in_the_middle: push %rbx\nmov $scratch,%ebx\nmovl $39,%eax\njmp probe_call\n"
	".globl call_in_the_middle\n");
struct state scratch;

/* Functions of 32 bytes, a nop in each. */
__asm__(".text\n.p2align 12\nsites:\n.rept 32\n.p2align 5\nxor %eax,%eax\nsyscall\nret\n.p2align 4,0xcc\n.byte 0x90,0x90,0x90,0x90,0x90,"
	"0x90,0x90,0x90\n" NOPL ".endr\n.p2align 12\n");
extern const char sites[];
typedef long (*read_fn)(int fd, void *buf, size_t size);

static void flags_and_registers(void)
{
	static const uint64_t flags[] = { 0x202, 0x202 | 0x8d5, 0x202 | 0x801, 0x202 | 0x44, 0x202 | 0x90, 0x602, 0x40202 };
	int bad = 0;

	for (int round = 0; round < 210; round++) {
		struct state s = { .flags_in = flags[round % 7] };

		probe(&s);
		bad += s.flags_out != s.flags_xor || s.r11 != s.flags_xor || s.rcx != s.ret || s.rax != -EBADF;
		bad += s.rdi != (uint64_t)-1 || s.rsi != 0x1111 || s.rdx != 0x2222 || s.r8 != 8 || s.r9 != 9 || s.r10 != 10;
	}
	printf("flags and registers: %d bad\n", bad);
	printf("the nop: %ld\n", probe_nop());
	call_in_the_middle();
	printf("a call in the middle: %s\n", scratch.rax == getpid() ? "right" : "wrong");
}

static volatile sig_atomic_t hits, in_the_nop;

static void handler(int sig, siginfo_t *info, void *ctx)
{
	uint64_t ip = (uint64_t)((ucontext_t *)ctx)->uc_mcontext.gregs[REG_RIP];

	(void)sig;
	(void)info;
	hits++;
	for (int i = 0; i < SITES; i++)
		in_the_nop += ip > (uint64_t)sites + 32 * i + 4 && ip < (uint64_t)sites + 32 * (i + 1);
}

static void signals(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	struct itimerval it = { { 0, 1000 }, { 0, 1000 } }, off = { { 0, 0 }, { 0, 0 } };
	long bad = 0;

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
	while (hits < 50)
		for (int i = 0; i < 1000; i++)
			bad += ((read_fn)sites)(-1, NULL, 0) != -EBADF;
	setitimer(ITIMER_REAL, &off, NULL);
	printf("signals: %ld bad, %d in the nop\n", bad, (int)in_the_nop);
}

static atomic_int gate[SITES], storm_bad;

static void *storm(void *arg)
{
	(void)arg;
	for (int i = 1; i < SITES; i++) {
		atomic_fetch_add(&gate[i], 1);
		while (atomic_load(&gate[i]) < THREADS)
			sched_yield();
		for (int k = 0; k < 50; k++)
			atomic_fetch_add(&storm_bad, ((read_fn)(sites + 32 * i))(-1, NULL, 0) != -EBADF);
	}
	return NULL;
}

static void threads(void)
{
	pthread_t t[THREADS];

	for (int i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, storm, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	printf("threads: %d bad\n", atomic_load(&storm_bad));
}

static void file_mapping(void)
{
	static const uint8_t site[] = { 0x31, 0xc0, 0x0f, 0x05, 0xc3 }, nop[] = { 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0, 0xc3 };
	static uint8_t page[8192];
	int fd = open("code.bin", O_CREAT | O_RDWR | O_TRUNC, 0644), bad = 0, status;
	uint8_t *p;

	memcpy(page + 128, site, sizeof(site));
	memcpy(page + 144, nop, sizeof(nop));
	memcpy(page + 160, site, sizeof(site));     /* the nop is taken */
	memcpy(page + 300, site, sizeof(site));     /* none in reach */
	memcpy(page + 4094, site, sizeof(site));    /* across two pages */
	memcpy(page + 4096 + 8, nop, sizeof(nop));
	if (write(fd, page, sizeof(page)) != sizeof(page))
		return;
	p = mmap(NULL, sizeof(page), PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	for (int k = 0; k < 20; k++)
		for (unsigned i = 0; i < 4; i++)
			bad += ((read_fn)(p + (const int[]){ 128, 160, 300, 4094 }[i]))(-1, NULL, 0) != -EBADF;
	((void (*)(void))(p + 144))();
	fflush(stdout);
	if (!fork())
		_exit(((read_fn)(p + 128))(-1, NULL, 0) != -EBADF);
	wait(&status);
	printf("a file's code: %d bad, in a child %d\n", bad, status);
	bad = mprotect(p, sizeof(page), PROT_READ | PROT_WRITE | PROT_EXEC) || memcmp(p, page, sizeof(page));
	printf("made writable it is %s\n", bad ? "not the file's" : "the file's");
	memcpy(p + 128, "\xb8\x27\0\0\0\x0f\x05\xc3", 8);
	for (int k = bad = 0; k < 3; k++)
		bad += ((read_fn)(p + 128))(-1, NULL, 0) != getpid();
	printf("and another call in its place: %d bad\n", bad);
	unlink("code.bin");
	close(fd);
}

int main(void)
{
	flags_and_registers();
	signals();
	threads();
	file_mapping();
	return 0;
}
