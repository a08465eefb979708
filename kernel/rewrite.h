/* What rewrite.c (sites of one address space), rewrite_shape.c (their bytes) and rewrite_image.c (rewritten text that programs
 * share) have in common. */
#ifndef UMK_KERNEL_REWRITE_H
#define UMK_KERNEL_REWRITE_H

#include "types.h"

struct mm;
struct vm_area;

#define ZONE_SIZE 0x10000ul /* of guest addresses for thunks */
#define ZONE_SLOTS (ZONE_SIZE / TRAP_THUNK_SIZE)
#define JUMP_SIZE 5

struct site {
	u64 addr; /* of the first instruction; the whole site lies in one page */
	u32 next; /* 1 + index in the hash chain */
	u16 nr;
	u16 size; /* with the syscall instruction */
	u32 traps; /* so far, while it is not yet worth rewriting */
};
/* By index, as thunks carry it. */
extern struct site *rewrite_sites;

/* ---- rewrite_shape.c: @page holds the bytes of a page of text ---- */
/* The size of the site for call @nr whose syscall instruction ends at the offset @end; 0: none that is known. */
u32 rewrite_shape(const u8 *page, u32 end, u32 nr);
/* Makes @s a jump to @thunk. False, and nothing has changed: the site is not there. */
bool rewrite_patch(u8 *page, const struct site *s, u64 thunk);
/* The original bytes again. @keep_slot: but for those in a nopl, because a thread may be on its way through them. */
void rewrite_unpatch(u8 *page, const struct site *s, u64 thunk, bool keep_slot);
/* Do the JUMP_SIZE bytes at @addr jump to @target? */
bool rewrite_is_jump(const u8 *code, u64 addr, u64 target);
/* The code of the thunk of @s, which has @index and will lie at @thunk. Its size, TRAP_THUNK_SIZE at most. */
u32 rewrite_thunk(u8 *buf, const struct site *s, u32 index, u64 thunk);

/* ---- rewrite.c ---- */
/* Where a zone for @site may lie in @mm, or -ENOMEM. */
long rewrite_zone_place(struct mm *mm, u64 site);
/* Takes over a zone and its first @count thunks, whose sites are @indexes. 0 or -ENOMEM. */
int rewrite_adopt(struct mm *mm, u64 zone, const u32 *indexes, u32 count);

/* Have enough sites been rewritten one by one since the last question for an image to pay? */
bool rewrite_wants_image(struct mm *mm, u32 enough);
/* Is the page that @mm shows at @addr, but for rewritten sites, @original? */
bool rewrite_only_difference(struct mm *mm, u64 addr, const u8 *page, const u8 *original);
/* The sites of [start, end) are about to be shown by an image. */
void rewrite_disown(struct mm *mm, u64 start, u64 end);

/* ---- rewrite_image.c ---- */
/* @index was rewritten in @vma: the next program that maps this text gets it so from the start. */
void image_note(const struct vm_area *vma, u32 index);

#endif
