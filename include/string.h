/* Memory and strings. memcpy, memmove, memset and memcmp are what GCC requires of every freestanding
 * environment; they are the only symbols besides host.h and trap.h that the host layer supplies. The rest is
 * in kernel/lib/string.c. */
#ifndef UMK_STRING_H
#define UMK_STRING_H

#include "types.h"

void *memcpy(void *restrict dst, const void *restrict src, size_t size);
void *memmove(void *dst, const void *src, size_t size);
void *memset(void *dst, int c, size_t size);
int memcmp(const void *a, const void *b, size_t size);

/* Prefixed so that they never clash with libc in the final link. */
#define strlen kstrlen
#define strnlen kstrnlen
#define strcmp kstrcmp
#define strncmp kstrncmp
#define strchr kstrchr
#define strrchr kstrrchr
#define memchr kmemchr
size_t kstrlen(const char *s);
size_t kstrnlen(const char *s, size_t max);
int kstrcmp(const char *a, const char *b);
int kstrncmp(const char *a, const char *b, size_t n);
char *kstrchr(const char *s, int c);
char *kstrrchr(const char *s, int c);
void *kmemchr(const void *s, int c, size_t n);
/* Copies at most size-1 bytes and always ends with NUL. Returns strlen(src). */
size_t strscpy(char *dst, const char *src, size_t size);

/* snprintf subset: %d %i %u %x %X %o %c %s %p %% with flags "-0+ #", width, precision, *, and hh h l ll z.
 * Returns the length that the whole text would have. */
int ksnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
int kvsnprintf(char *buf, size_t size, const char *fmt, __builtin_va_list ap);

#endif
