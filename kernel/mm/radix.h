/* The tree of a mapping's pages, by index (radix.c). The root is address_space.root. */
#ifndef UMK_MM_RADIX_H
#define UMK_MM_RADIX_H

#include "types.h"

/* 0, or -ENOMEM. There is nothing at @index yet. */
int radix_insert(void **root, u64 index, void *item);
void *radix_lookup(void *root, u64 index);
/* The item that was there, or NULL. */
void *radix_delete(void **root, u64 index);
/* The first item at *index or above; *index is set to where it is. NULL when there is none. */
void *radix_next(void *root, u64 *index);

#endif
