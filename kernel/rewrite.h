/* What rewrite.c (sites of one address space) and rewrite_image.c (rewritten text that programs share) have in common. */
#ifndef UMK_KERNEL_REWRITE_H
#define UMK_KERNEL_REWRITE_H

#include "types.h"

struct mm;
struct vm_area;

#define ZONE_SIZE 0x10000ul /* of guest addresses for thunks */
#define ZONE_SLOTS (ZONE_SIZE / TRAP_THUNK_SIZE)
#define SITE_SIZE 7         /* mov $imm32,%eax; syscall */
#define JUMP_SIZE 5

struct site {
	u64 addr; /* of the mov */
	u32 nr;
	u32 next; /* 1 + index in the hash chain */
};
/* By index, as thunks carry it. */
extern struct site *rewrite_sites;

/* Is @code, SITE_SIZE bytes, the shape that is rewritten, for call @nr? */
bool rewrite_shape(const u8 *code, u32 nr);
/* The jump from @site to @thunk. */
void rewrite_jump(u8 *code, u64 site, u64 thunk);
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

/* rewrite_image.c */
/* @index was rewritten in @vma: the next program that maps this text gets it so from the start. */
void image_note(const struct vm_area *vma, u32 index);

#endif
