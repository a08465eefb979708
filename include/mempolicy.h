/* NUMA memory policies (kernel/mm/mempolicy.c). A policy is a word, 0 for none: what set_mempolicy(2) and mbind(2) were told. */
#ifndef UMK_MEMPOLICY_H
#define UMK_MEMPOLICY_H

#include "types.h"

/* As /proc/PID/numa_maps shows it: "bind=static:0". */
void mpol_text(u64 policy, char *buf, size_t size);

#endif
