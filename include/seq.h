/* Text that a file of /proc or /sys is made of: grows as it is written; without memory it ends early and says so.
 * (kernel/fs/procfs.c) */
#ifndef UMK_SEQ_H
#define UMK_SEQ_H

#include "types.h"

struct seq {
	char *buf;      /* kmalloc'd */
	size_t size, len;
	bool failed;
	int error;      /* what read(2) shall return instead; 0: the text */
};
void seq_printf(struct seq *s, const char *fmt, ...) __printf(2, 3);
void seq_write(struct seq *s, const void *data, size_t size);
static inline void seq_puts(struct seq *s, const char *text)
{
	size_t n = 0;

	while (text[n])
		n++;
	seq_write(s, text, n);
}

#endif
