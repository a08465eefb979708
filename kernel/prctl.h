/* The options of prctl(2) that have files of their own. */
#ifndef UMK_KERNEL_PRCTL_H
#define UMK_KERNEL_PRCTL_H

#include "types.h"

struct task;
struct pt_regs;

/* An option's work: @a holds prctl's second to fifth arguments as a[0] to a[3]. */
typedef long (*prctl_fn)(const unsigned long *a);
struct prctl_row {
	u32 option;
	prctl_fn fn;
};
/* Ends with a row without a function. */
extern const struct prctl_row prctl_cred_rows[]; /* prctl_cred.c */
extern const struct prctl_row prctl_mm_rows[];   /* prctl_mm.c */

/* ---- userdispatch.c ---- */
long prctl_user_dispatch(const unsigned long *a);
/* current's call is not to be made but reported by SIGSYS; the registers are the call's again. */
bool user_dispatch_catches(struct task *t, struct pt_regs *regs);

#endif
