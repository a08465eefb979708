/* Linux's asynchronous I/O as the rest of the kernel sees it. */
#ifndef UMK_FS_AIO_H
#define UMK_FS_AIO_H

#include "types.h"

struct file;
void aio_init(void);
/* eventfd.c: adds to the counter, at most up to its limit; is @f an eventfd? */
void eventfd_signal(struct file *f, u64 n);
bool is_eventfd(const struct file *f);

#endif
