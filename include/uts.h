/* The system's names: kernel/uts.c. */
#ifndef UMK_UTS_H
#define UMK_UTS_H

#include "types.h"
#include <linux/utsname.h>

#define UTS_VERSION "#1 SMP PREEMPT_DYNAMIC umk"

const char *uts_nodename(void);
const char *uts_domainname(void);
/* As a write to /proc/sys/kernel/hostname or domainname does it: up to a newline, and to the longest name. */
void uts_set(bool domain, const char *text);
extern struct proc_event hostname_event, domainname_event; /* told when it is a new one */

#endif
