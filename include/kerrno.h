/* Error numbers: Linux's own, and the kernel-internal restart codes that never reach a guest. */
#ifndef UMK_KERRNO_H
#define UMK_KERRNO_H

#include <asm/errno.h>

#define ERESTARTSYS 512           /* restart if SA_RESTART, else EINTR */
#define ERESTARTNOINTR 513        /* always restart */
#define ERESTARTNOHAND 514        /* restart if no handler ran */
#define ERESTART_RESTARTBLOCK 516 /* restart through restart_syscall */

#endif
