/* Kernel objects: kmalloc and caches, over one arena at a fixed address (kernel/mm/slab.c). Memory is limited: every
 * caller copes with NULL. Leaks are counted per cache at exit. */
#ifndef UMK_SLAB_H
#define UMK_SLAB_H

#include "types.h"

struct kmem_cache;
/* Objects of @size bytes, aligned to 8 (16 from 32 bytes on; 64 with @align 64). @name is kept. Never NULL at boot. */
struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align);
void *kmem_cache_alloc(struct kmem_cache *c);   /* not zeroed */
void *kmem_cache_zalloc(struct kmem_cache *c);
void kmem_cache_free(struct kmem_cache *c, void *p); /* p may be NULL */

void *kmalloc(size_t size);   /* up to 32 MiB, 16-aligned */
void *kzalloc(size_t size);
void *kcalloc(size_t n, size_t size); /* overflow gives NULL */
void *krealloc(void *p, size_t size);
void kfree(const void *p);    /* NULL is fine */
char *kstrdup(const char *s);
char *kstrndup(const char *s, size_t max);
void *kmemdup(const void *p, size_t size);

void slab_init(void);
/* What is allocated now lasts as long as the kernel: slab_leaks() does not count it. */
void slab_baseline(void);
/* Objects still allocated, all caches; reports each cache with any by pr_msg when @report. */
size_t slab_leaks(bool report);

#endif
