// A call from a `mov $imm,%eax; syscall` site keeps every register, the flags, the red zone and the vector state, the first
// time (trapped), the second (just rewritten) and ever after; rcx and r11 are the return address and the flags. musl
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

struct state {
	uint64_t r[16]; /* rax rbx rcx rdx rsi rdi rbp rsp r8..r15 */
	uint64_t flags;
	uint64_t red[16];
	uint8_t xmm[16][16] __attribute__((aligned(16)));
	uint64_t ret;
};
static struct state before, after;

void probe(struct state *in, struct state *out);
__asm__(".text\n.globl probe\n.type probe,@function\nprobe:\n"
	"push %rbx\npush %rbp\npush %r12\npush %r13\npush %r14\npush %r15\npush %rsi\npush %rdi\n"
	"mov %rdi,%rax\n"
	"movdqa 272(%rax),%xmm0\nmovdqa 288(%rax),%xmm1\nmovdqa 304(%rax),%xmm2\nmovdqa 512(%rax),%xmm15\n"
	"mov 8(%rax),%rbx\nmov 24(%rax),%rdx\nmov 32(%rax),%rsi\nmov 40(%rax),%rdi\nmov 48(%rax),%rbp\n"
	"mov 64(%rax),%r8\nmov 72(%rax),%r9\nmov 80(%rax),%r10\nmov 96(%rax),%r12\nmov 104(%rax),%r13\n"
	"mov 112(%rax),%r14\nmov 120(%rax),%r15\n"
	"movq 128(%rax),%rcx\npush %rcx\npopfq\n" /* flags */
	"movq $0x1122334455667788,%rcx\nmov %rcx,-8(%rsp)\nmov %rcx,-128(%rsp)\n"
	"mov $39,%eax\nsyscall\n"
	"1: push %rdi\n" /* clobbers -8(%rsp): it was checked for by -128 and below */
	"mov 16(%rsp),%rdi\n"
	"mov %rax,0(%rdi)\nmov %rbx,8(%rdi)\nmov %rcx,16(%rdi)\nmov %rdx,24(%rdi)\nmov %rsi,32(%rdi)\nmov %rbp,48(%rdi)\n"
	"mov %r8,64(%rdi)\nmov %r9,72(%rdi)\nmov %r10,80(%rdi)\nmov %r11,88(%rdi)\nmov %r12,96(%rdi)\nmov %r13,104(%rdi)\n"
	"mov %r14,112(%rdi)\nmov %r15,120(%rdi)\n"
	"pop %rcx\nmov %rcx,40(%rdi)\n"
	"mov -128(%rsp),%rcx\nmov %rcx,136(%rdi)\n"
	"movdqa %xmm0,272(%rdi)\nmovdqa %xmm1,288(%rdi)\nmovdqa %xmm2,304(%rdi)\nmovdqa %xmm15,512(%rdi)\n"
	"lea 1b(%rip),%rcx\nmov %rcx,528(%rdi)\n"
	"pushfq\npop %rcx\nmov %rcx,128(%rdi)\ncld\n"
	"pop %rdi\npop %rsi\npop %r15\npop %r14\npop %r13\npop %r12\npop %rbp\npop %rbx\nret\n");

int main(void)
{
	static const uint64_t flags[] = { 0x202, 0x202 | 0x8d5, 0x202 | 0x801, 0x202 | 0x44, 0x202 | 0x90, 0x602, 0x40202 };
	int bad = 0;

	for (int round = 0; round < 200; round++) {
		for (int i = 0; i < 16; i++)
			before.r[i] = 0x9e3779b97f4a7c15ull * (uint64_t)(round * 16 + i + 1);
		for (unsigned i = 0; i < sizeof(before.xmm); i++)
			((uint8_t *)before.xmm)[i] = (uint8_t)(i * 7 + round);
		before.flags = flags[round % 7];
		memset(&after, 0, sizeof(after));
		probe(&before, &after);
		static const int kept[] = { 1, 3, 4, 5, 6, 8, 9, 10, 12, 13, 14, 15 };

		for (unsigned i = 0; i < sizeof(kept) / sizeof(*kept); i++)
			if (after.r[kept[i]] != before.r[kept[i]])
				bad++, printf("round %d: register %d differs\n", round, kept[i]);
		if (after.flags != before.flags)
			bad++, printf("round %d: flags %lx not %lx\n", round, after.flags, before.flags);
		if (after.r[2] != after.ret)
			bad++, printf("round %d: rcx is not the return address\n", round);
		if (after.r[11] != before.flags)
			bad++, printf("round %d: r11 %lx is not the flags %lx\n", round, after.r[11], before.flags);
		if (after.red[0] != 0x1122334455667788)
			bad++, printf("round %d: red zone\n", round);
		if (memcmp(after.xmm[0], before.xmm[0], 48) || memcmp(after.xmm[15], before.xmm[15], 16))
			bad++, printf("round %d: vector state\n", round);
		if (bad > 10)
			break;
	}
	printf("bad: %d\n", bad);
	return bad != 0;
}
