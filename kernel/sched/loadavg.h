/* Load averages (loadavg.c). */
#ifndef UMK_LOADAVG_H
#define UMK_LOADAVG_H

#include "types.h"

/* Somebody may run from now on: fork. Cheap. */
void loadavg_kick(void);
/* Of the last 1, 5 and 15 minutes, with @shift >= 11 bits of fraction. */
void loadavg_get(unsigned long loads[3], unsigned shift);

#endif
