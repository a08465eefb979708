/* What dirwatch.c has beside the part of host.h that it implements. */
#ifndef UMK_UM_DIRWATCH_H
#define UMK_UM_DIRWATCH_H

/* On the way out: the watches end in a process of their own. Only the kernel thread goes on afterwards. */
void dirwatch_exit(void);

#endif
