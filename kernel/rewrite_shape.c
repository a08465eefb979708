/* What call sites look like before and after they are rewritten, as bytes of one page. Two shapes are known:
 *
 *   mov $nr,%eax; syscall   The mov's five bytes become a jump to the thunk.
 *   xor %eax,%eax; syscall  read(2). Two bytes hold a short jump only. It goes to a long one, which lies in the operand of a nopl
 *                           of eight or more bytes near by, as compilers fill gaps with: whoever executes that from its start
 *                           still does nothing, for the instruction only names an address.
 *
 * The syscall instruction stays where it is. */
#include "mm.h"
#include "rewrite.h"
#include "string.h"
#include "trap.h"

#define MOV_SIZE 7     /* the whole site */
#define XOR_SIZE 4
#define NOPL_SIZE 8    /* 0f 1f, modrm of SIB and 32 bits, SIB, 32 bits */
#define NOPL_SLOT 3    /* in it the operand's SIB, where the jump goes */
#define GAP_ALIGN 8    /* where a gap ends */

static const u8 nopl[NOPL_SIZE] = { 0x0f, 0x1f, 0x84 };

/* The offset of a free slot that a short jump at @site reaches, or 0. */
static u32 find_slot(const u8 *page, u32 site)
{
	u32 from = site + 2, last = min(from + 127, (u32)PAGE_SIZE - JUMP_SIZE);

	for (u32 slot = max(from, 128 + NOPL_SLOT) - 128; slot <= last; slot++)
		if (!((slot + JUMP_SIZE) % GAP_ALIGN) && !memcmp(page + slot - NOPL_SLOT, nopl, NOPL_SIZE))
			return slot;
	return 0;
}

u32 rewrite_shape(const u8 *page, u32 end, u32 nr)
{
	const u8 *code = page + end;
	u32 imm;

	if (end < XOR_SIZE || code[-2] != 0x0f || code[-1] != 0x05)
		return 0;
	if (!nr && code[-4] == 0x31 && code[-3] == 0xc0)
		return find_slot(page, end - XOR_SIZE) ? XOR_SIZE : 0;
	if (end < MOV_SIZE || code[-MOV_SIZE] != 0xb8)
		return 0;
	memcpy(&imm, code - MOV_SIZE + 1, sizeof(imm));
	return imm == nr ? MOV_SIZE : 0;
}

static void make_jump(u8 *code, u64 addr, u64 target)
{
	s32 rel = (s32)(target - (addr + JUMP_SIZE));

	code[0] = 0xe9;
	memcpy(code + 1, &rel, sizeof(rel));
}

bool rewrite_is_jump(const u8 *code, u64 addr, u64 target)
{
	u8 wanted[JUMP_SIZE];

	make_jump(wanted, addr, target);
	return !memcmp(code, wanted, JUMP_SIZE);
}

bool rewrite_patch(u8 *page, const struct site *s, u64 thunk)
{
	u64 start = s->addr & PAGE_MASK;
	u32 at = (u32)(s->addr - start), slot;

	if (at + s->size > PAGE_SIZE || rewrite_shape(page, at + s->size, s->nr) != s->size)
		return false;
	if (s->size == MOV_SIZE) {
		make_jump(page + at, s->addr, thunk);
		return true;
	}
	slot = find_slot(page, at);
	make_jump(page + slot, start + slot, thunk);
	page[at] = 0xeb;
	page[at + 1] = (u8)(slot - (at + 2));
	return true;
}

/* The slot that the patched site at @at goes by, or 0: a guest may have changed its text (/proc/PID/mem). */
static u32 slot_of(const u8 *page, u64 start, u32 at, u64 thunk)
{
	s32 slot = (s32)at + 2 + (s8)page[at + 1];

	if (page[at] != 0xeb || slot < NOPL_SLOT || slot > (s32)(PAGE_SIZE - JUMP_SIZE))
		return 0;
	return rewrite_is_jump(page + slot, start + (u32)slot, thunk) ? (u32)slot : 0;
}

void rewrite_unpatch(u8 *page, const struct site *s, u64 thunk, bool keep_slot)
{
	u32 at = (u32)(s->addr & ~PAGE_MASK), nr = s->nr, slot;

	if (s->size == MOV_SIZE) {
		page[at] = 0xb8;
		memcpy(page + at + 1, &nr, sizeof(nr));
		return;
	}
	slot = slot_of(page, s->addr & PAGE_MASK, at, thunk);
	if (!slot)
		return;
	if (!keep_slot)
		memset(page + slot, 0, JUMP_SIZE);
	page[at] = 0x31;
	page[at + 1] = 0xc0;
}

u32 rewrite_thunk(u8 *buf, const struct site *s, u32 index, u64 thunk)
{
	u32 size = 0;

	if (s->size == XOR_SIZE) { /* unlike a mov it sets the flags, which the call keeps */
		buf[size++] = 0x31;
		buf[size++] = 0xc0;
	}
	return size + trap->rewrite_thunk(buf + size, thunk + size, index, s->addr + s->size);
}
