/* um/insn.c: what is certain to store, and what only looks like it. */
#include <string.h>

#include "insn.h"
#include "um_unit.h"

#define STORES(...) ck_assert(ask((unsigned char[INSN_SIZE]){ __VA_ARGS__ }))
#define OTHER(...) ck_assert(!ask((unsigned char[INSN_SIZE]){ __VA_ARGS__ }))

static bool ask(const unsigned char *bytes) { return insn_only_stores(bytes); }

START_TEST(plain)
{
	STORES(0x88, 0x07);                         /* mov %al,(%rdi) */
	STORES(0x48, 0x89, 0x44, 0x24, 0x08);       /* mov %rax,8(%rsp) */
	STORES(0x66, 0x41, 0x89, 0x00);             /* mov %ax,(%r8) */
	STORES(0xc6, 0x00, 0x01);                   /* movb $1,(%rax) */
	STORES(0x48, 0xc7, 0x00);                   /* movq $0,(%rax) */
	STORES(0x64, 0x89, 0x04, 0x25);             /* mov %eax,%fs:0 */
	STORES(0xf3, 0x48, 0xab);                   /* rep stos */
	STORES(0x41, 0x57);                         /* push %r15 */
	STORES(0xe8);                               /* call */
	OTHER(0x89, 0xc0);                          /* mov %eax,%eax */
	OTHER(0x8b, 0x00);                          /* mov (%rax),%eax */
	OTHER(0x8a, 0x00);
	OTHER(0xc7, 0xf8);                          /* xbegin */
	OTHER(0x48, 0x01, 0x00);                    /* add %rax,(%rax) reads as well */
	OTHER(0x87, 0x00);                          /* xchg */
	OTHER(0xa4);                                /* movs */
	OTHER(0xff, 0x30);                          /* push (%rax) */
	OTHER(0x58);                                /* pop */
	OTHER(0xf0, 0x0f, 0xb1, 0x0f);              /* lock cmpxchg */
}
END_TEST

START_TEST(vectors)
{
	STORES(0x0f, 0x11, 0x00);                   /* movups %xmm0,(%rax) */
	STORES(0x66, 0x0f, 0x7f, 0x07);             /* movdqa */
	STORES(0x0f, 0x29, 0x04, 0x24);             /* movaps */
	STORES(0x48, 0x0f, 0xc3, 0x00);             /* movnti */
	STORES(0xc5, 0xfe, 0x7f, 0x07);             /* vmovdqu %ymm0,(%rdi) */
	STORES(0xc4, 0xc1, 0x7e, 0x7f, 0x00);       /* vmovdqu %ymm0,(%r8) */
	STORES(0x62, 0xf1, 0xfe, 0x48, 0x7f, 0x07); /* vmovdqu64 %zmm0,(%rdi) */
	OTHER(0x0f, 0x10, 0x00);                    /* movups (%rax),%xmm0 */
	OTHER(0x0f, 0x11, 0xc0);
	OTHER(0xf3, 0x0f, 0x7e, 0x00);              /* movq (%rax),%xmm0 */
	OTHER(0xc5, 0xfe, 0x6f, 0x07);
	OTHER(0xc4, 0xe2, 0x7e, 0x7f, 0x00);        /* another map */
}
END_TEST

/* Prefixes without an end are no instruction. */
START_TEST(endless)
{
	unsigned char p[INSN_SIZE];

	memset(p, 0x66, sizeof(p));
	ck_assert(!insn_only_stores(p));
	p[9] = 0x88;
	p[10] = 0x00;
	ck_assert(insn_only_stores(p));
}
END_TEST

UM_UNIT_MAIN("um/insn", plain, vectors, endless)
