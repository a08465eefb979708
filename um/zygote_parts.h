/* What zygote.c, zygote_start.c, zygote_thread.c and area.c know of one another. */
#ifndef UMK_UM_ZYGOTE_PARTS_H
#define UMK_UM_ZYGOTE_PARTS_H

#include <errno.h>
#include <sys/wait.h>

#include "zygote.h"

#define ANSWER_MS 10000         /* a zygote that has not answered for so long is taken for dead */

/* ---- zygote.c ---- */
extern int zygote_fd;           /* the socket to it, or -1 */
extern pid_t zygote_pid;        /* 0: there is none */
extern bool zygote_with_filter; /* its children have the stub's filter, and areas a frame */
/* Exactly @size bytes from it. 0, -ETIMEDOUT, -EPIPE (it is gone). */
int zygote_read(void *buf, size_t size, int timeout_ms);
/* The same, with a descriptor that may come along (*fd, or -1). */
int zygote_read_fd(void *buf, size_t size, int *fd);
bool zygote_write(const void *buf, size_t size);
extern bool zygote_unsettled;   /* it has been told what to set up, and its answer not been read */
/* It is there, and may be bound to CPUs. */
void zygote_began(void);
/* Asks for the child that every run needs, or gives the asking up. */
void zygote_ask_first(void);
void zygote_unask(void);
/* Kills children of umk that run the stub and that no book knows: a hostile guest's. */
void zygote_kill_strangers(void);
static inline pid_t zygote_wait_for(pid_t pid, int *status)
{
	pid_t r;

	do
		r = waitpid(pid, status, __WALL);
	while (r < 0 && errno == EINTR);
	return r;
}

/* ---- zygote_exec.c ---- */
/* Makes the process, which gets the descriptors @fds (physmem, ctl memory, doorbell, image), and does not wait for it: sets
 * zygote_pid and zygote_fd. 0 or -errno after um_reason(). */
int zygote_launch(const int *fds);
/* It is gone or does not answer: -errno after um_reason() if it could not execute its image, else 0. */
int zygote_launch_failed(void);
/* Its start has ended, well or (zygote_pid is 0) not. */
void zygote_launch_end(void);

/* ---- zygote_thread.c ---- */
/* @fd tells who asks for new threads; -1: nobody does. */
void zygote_listen(int fd);

/* ---- area.c ---- */
/* Has the end of @pid, which held an area, been waited for? Then that is free now. */
bool dying_ended(pid_t pid);
bool is_dying(pid_t pid);
bool any_dying(void);
/* Waits for the end of all that are dying. True: there were some. */
bool reap_dying(void);

#endif
