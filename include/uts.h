/* The system's names: kernel/uts.c. */
#ifndef UMK_UTS_H
#define UMK_UTS_H

#include <linux/utsname.h>

#define UTS_VERSION "#1 SMP PREEMPT_DYNAMIC umk"

const char *uts_nodename(void);
const char *uts_domainname(void);

#endif
