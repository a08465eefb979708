/* What the host's memory cgroups still grant. */
#ifndef UMK_UM_CGROUP_H
#define UMK_UM_CGROUP_H

#include "types.h"

/* Bytes that may still be used before a memory cgroup above this process runs out; ~0 if none has a limit. */
u64 cgroup_memory_headroom(void);

#endif
