/* The kernel's log: what dmesg shows. (kernel/kmsg.c) */
#ifndef UMK_KMSG_H
#define UMK_KMSG_H

#include "types.h"

struct file;
struct inode;
struct proc_ctx;
struct file_operations;

/* The levels of syslog(2). */
enum { KERN_EMERG, KERN_ALERT, KERN_CRIT, KERN_ERR, KERN_WARNING, KERN_NOTICE, KERN_INFO, KERN_DEBUG };

void kmsg_init(void);
/* Adds a record to the log, and only there. Never sleeps; the oldest records make room. */
void kmsg_log(unsigned level, const char *fmt, ...) __printf(2, 3);
/* The same for a line that is made already. */
void kmsg_store(unsigned facility, unsigned level, const char *text, size_t len);

int dev_kmsg_open(struct inode *inode, struct file *f);              /* /dev/kmsg: EPERM */
extern const struct file_operations proc_kmsg_fops;                  /* /proc/kmsg */
int proc_kmsg_open(const struct proc_ctx *c, struct file *f);        /* EPERM */

#endif
