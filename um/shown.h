/* What the host shows in a stub's address space, as far as the backend remembers: runs of guest addresses that show
 * consecutive frames. It is kept by what was ordered, so the host may have less (it drops mappings as it likes) and, where
 * there was no room to remember, more. */
#ifndef UMK_UM_SHOWN_H
#define UMK_UM_SHOWN_H

#include "types.h"

#define SHOWN_MAX 192

struct shown_run {
	u64 addr, end;
	u64 phys;       /* offset in physmem of the first byte */
	u32 prot;
	bool populate;  /* as it was ordered */
};
struct shown {
	unsigned count;
	struct shown_run runs[SHOWN_MAX]; /* by address, without overlap */
};

/* [addr, end) shows physmem from @phys on, in place of what was there. Forgotten if there is no room. */
void shown_map(struct shown *s, u64 addr, u64 end, u64 phys, u32 prot, bool populate);
/* Nothing is known of [addr, end). */
void shown_forget(struct shown *s, u64 addr, u64 end);
/* What is shown in [addr, end) has the protection @prot now. */
void shown_protect(struct shown *s, u64 addr, u64 end, u32 prot);

/* Orders that turn what @old says, and whatever else may be mapped in [0, limit), into what @want says: @map for what has to be
 * shown, @unmap for each range that shows nothing. */
void shown_change(const struct shown *old, const struct shown *want, u64 limit, void *arg,
		  void (*map)(void *arg, const struct shown_run *run), void (*unmap)(void *arg, u64 addr, u64 end));

#endif
