/* Which instructions store and read no memory: plain moves, pushes, string stores and the vector moves. They are what almost
 * all stores are; of every other instruction nothing is claimed. Intel's manual, volume 2, appendix A. */
#include <stddef.h>
#include <string.h>

#include "insn.h"

static bool is_prefix(unsigned char b)
{
	static const unsigned char prefixes[] = { 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf2, 0xf3 };

	return memchr(prefixes, b, sizeof(prefixes)) != NULL;
}

static bool names_memory(unsigned char modrm) { return modrm >> 6 != 3; }

/* Of the opcodes after 0f, in any encoding: movups movlps movhps movaps movntps movdqa movnti movq movntdq and kin. */
static bool stores_0f(unsigned char op, unsigned char modrm)
{
	static const unsigned char ops[] = { 0x11, 0x13, 0x17, 0x29, 0x2b, 0x7f, 0xc3, 0xd6, 0xe7 };

	return memchr(ops, op, sizeof(ops)) && names_memory(modrm);
}

static bool stores_plain(const unsigned char *p)
{
	switch (*p) {
	case 0x50 ... 0x57: /* push */
	case 0xe8:          /* call */
	case 0xa2 ... 0xa3: /* mov to an absolute address */
	case 0xaa ... 0xab: /* stos */
		return true;
	case 0x88 ... 0x89: /* mov from a register */
		return names_memory(p[1]);
	case 0xc6 ... 0xc7: /* mov of a constant */
		return names_memory(p[1]) && !(p[1] >> 3 & 7);
	default:
		return false;
	}
}

bool insn_only_stores(const unsigned char *p)
{
	const unsigned char *end = p + INSN_SIZE - 6; /* room for what is looked at behind prefixes */

	while (p < end && is_prefix(*p))
		p++;
	if (p < end && (*p & 0xf0) == 0x40) /* REX */
		p++;
	if (p == end)
		return false;
	switch (*p) {
	case 0x0f:
		return stores_0f(p[1], p[2]);
	case 0xc5: /* VEX of two bytes, of three, and EVEX, with map 0f; c3 is no move there */
		return p[2] != 0xc3 && stores_0f(p[2], p[3]);
	case 0xc4:
		return (p[1] & 0x1f) == 1 && p[3] != 0xc3 && stores_0f(p[3], p[4]);
	case 0x62:
		return (p[1] & 7) == 1 && p[4] != 0xc3 && stores_0f(p[4], p[5]);
	default:
		return stores_plain(p);
	}
}
