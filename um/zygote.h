/* The zygote, from umk's side: the ctl memory, clean children to hold guest address spaces, and area numbers. Used by the
 * trap backends only. Called on the kernel thread. */
#ifndef UMK_UM_ZYGOTE_H
#define UMK_UM_ZYGOTE_H

#include <sys/types.h>

#include "stub.h"

/* The ctl memory as umk maps it. With the ptrace backend guests do not have it. */
extern struct stub_ctl *stub_ctl;

static inline struct stub_frame *area_frame(unsigned idx)
{
	return (struct stub_frame *)((char *)stub_ctl + STUB_CTL_HEADER + ((size_t)idx << STUB_AREA_SHIFT));
}

/* Starts the zygote, installs the stub's seccomp filter in it if @use_filter, and fills trap_layout. Without the filter
 * children have neither ctl memory nor signal handlers: they pause until they are seized. 0, or -errno after um_reason(). */
int zygote_start(bool use_filter);
/* The doorbell: an eventfd. */
int zygote_bell_fd(void);

/* A new child, alone in a clean address space: from the pool or forked now. With the filter it owns the area *@area (whose
 * hand-off line has been cleared) and is on its way into stub_thread_start(); without, *@area is 0 and it pauses, its zygote
 * pages still mapped. 0; -EAGAIN: no area is left, or the host allows no more processes; -ENOMEM. */
int zygote_child(unsigned *area, pid_t *pid);
/* Forks one child ahead if the pool wants one; true if it did. Called before the kernel sleeps. */
bool zygote_pool_fill(void);

/* A free area, its hand-off line cleared; or -EAGAIN. */
int area_alloc(void);
void area_free(unsigned area);

/* A wait status that belongs to none of the backend's threads: one of the pool, one that is to be reaped, or the zygote
 * itself, whose end is umk's end too (it says why). True if it was known. */
bool zygote_child_died(pid_t pid, int status);
/* @pid has been killed and never runs guest code again: its area is free when zygote_child_died() sees its end. */
void zygote_reap_later(pid_t pid, unsigned area);
/* The same without an area (ptrace). */
#define ZYGOTE_NO_AREA (~0u)
/* Kills the zygote, its pool and every other child that runs the stub, and reaps what dies within a second. */
void zygote_shutdown(void);

/* filter.c: writes the stub's filter into @prog (room for @max instructions of 8 bytes). Returns their number, or -errno. */
struct sock_filter;
int stub_filter_make(struct sock_filter *prog, unsigned max);

#endif
