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

/* Starts the zygote, unless zygote_early() has; has it install the stub's seccomp filter if @use_filter, and fills trap_layout.
 * Without the filter children have neither ctl memory nor signal handlers: they pause until they are seized. 0, or -errno
 * after um_reason(). */
int zygote_start(bool use_filter);
/* Waits until that is done; before anything is asked of the zygote. 0, or -errno after um_reason(). */
int zygote_ready(void);
/* The doorbell: an eventfd. */
int zygote_bell_fd(void);

/* A new child, alone in a clean address space: from the pool or forked now. With the filter it owns the area *@area (whose
 * hand-off line has been cleared) and is on its way into stub_thread_start(); without, *@area is 0 and it pauses, its zygote
 * pages still mapped. *@generation is for cpu_task_add(). 0; -EAGAIN: no area is left, or the host allows no more processes;
 * -ENOMEM. */
int zygote_child(unsigned *area, pid_t *pid, u32 *generation);
/* Seccomp backend: @creator has been told to clone a thread and will post its frame @f when it has. Lets just this happen,
 * and sees to it that the thread dies with umk. Returns the new thread's id as the host tells it, or -errno (-EIO: the
 * creator does not do what it was told, and is to be killed). */
pid_t zygote_new_thread(pid_t creator, const struct stub_frame *f);
/* Can stubs be given host files? */
bool zygote_gives_files(void);
/* @asker has been told STUB_OP_TAKE_FILE and will post its frame @f when it is done: its descriptor @as becomes a copy of umk's @fd.
 * 0 or -errno; -EIO: it did not ask. */
int zygote_give_file(pid_t asker, const struct stub_frame *f, int fd, int as);
/* Forks one child ahead if the pool wants one; true if it did. Called before the kernel sleeps. */
bool zygote_pool_fill(void);

/* A free area, its hand-off line cleared; or -EAGAIN. */
int area_alloc(void);
void area_free(unsigned area);
extern unsigned area_top; /* no area from this one on has been taken yet (seccomp backend) */

/* A wait status that belongs to none of the backend's threads: one of the pool, one that is to be reaped, or the zygote
 * itself, whose end is umk's end too (it says why). True if it was known. */
bool zygote_child_died(pid_t pid, int status);
/* Kills @pid, which does not run guest code and never will: its area is free when zygote_child_died() sees its end. */
void zygote_kill(pid_t pid, unsigned area);
#define ZYGOTE_NO_AREA (~0u)
/* Set by a backend: true for the host threads that it has. Others that run the stub are a hostile guest's. */
extern bool (*zygote_knows)(pid_t pid);
/* Kills the zygote, its pool and every other child that runs the stub; returns when those that umk knows have ended. */
void zygote_shutdown(void);

/* The stub's filter (made by um/stub/filter.c): [1] is the one with which thread creation is asked about. */
struct stub_filter {
	const struct sock_filter *prog;
	unsigned len;           /* instructions of 8 bytes */
};
extern const struct stub_filter stub_filters[2];

#endif
