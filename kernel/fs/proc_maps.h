/* What /proc/PID says of memory (proc_maps.c), for the rows of proc_pid.c. */
#ifndef UMK_FS_PROC_MAPS_H
#define UMK_FS_PROC_MAPS_H

#include "types.h"

struct mm;
struct path;
struct proc_ctx;
struct seq;

/* The first area that ends beyond @addr and is shown, or NULL; and its name as maps has it, perhaps empty. */
const struct vm_area *proc_shown_from(const struct mm *mm, u64 addr);
void proc_area_name(const struct vm_area *v, char *name, size_t size);
long proc_maps_ioctl(const struct proc_ctx *c, unsigned cmd, unsigned long arg); /* proc_mapquery.c */
void proc_maps_show(struct seq *s, const struct proc_ctx *c);
void proc_smaps_show(struct seq *s, const struct proc_ctx *c);
void proc_smaps_rollup_show(struct seq *s, const struct proc_ctx *c);
long proc_clear_refs_store(const char *text, size_t size, const struct proc_ctx *c);
void proc_numa_maps_show(struct seq *s, const struct proc_ctx *c);
void proc_statm_show(struct seq *s, const struct proc_ctx *c);
void proc_status_memory(struct seq *s, const struct mm *mm); /* VmPeak to HugetlbPages */
/* A path's text, with " (deleted)" if it is: its length or -ENAMETOOLONG. (proc_pid.c) */
int proc_path_text(const struct path *p, char *buf, size_t size);

/* The first area with a file that begins at @addr or above, as /proc/PID/map_files shows them; NULL (also for no @mm). */
const struct vm_area *proc_next_map_file(const struct mm *mm, u64 addr);

#endif
