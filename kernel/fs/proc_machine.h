/* What proc_machine.c has for the rows of proc_root.c. */
#ifndef UMK_FS_PROC_MACHINE_H
#define UMK_FS_PROC_MACHINE_H

#include "procfs.h"

void proc_cpu_times_show(struct seq *s); /* the cpu lines of /proc/stat */
void proc_uptime_show(struct seq *s, const struct proc_ctx *c);
void proc_meminfo_show(struct seq *s, const struct proc_ctx *c);
void proc_vmstat_show(struct seq *s, const struct proc_ctx *c);
void proc_buddyinfo_show(struct seq *s, const struct proc_ctx *c);
void proc_zoneinfo_show(struct seq *s, const struct proc_ctx *c);
void proc_devices_show(struct seq *s, const struct proc_ctx *c);
void proc_interrupts_show(struct seq *s, const struct proc_ctx *c);
void proc_softirqs_show(struct seq *s, const struct proc_ctx *c);
void proc_tty_drivers_show(struct seq *s, const struct proc_ctx *c);

#endif
