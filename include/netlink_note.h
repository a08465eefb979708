/* Bytes that the kernel will put into a netlink socket of the guest's later: how mq_notify(2) tells a process with SIGEV_THREAD,
 * which the C library waits for and makes into a thread. (net/netlink/note.c) */
#ifndef UMK_NETLINK_NOTE_H
#define UMK_NETLINK_NOTE_H

#include "types.h"

struct netlink_note;

/* A note of @size bytes for the netlink socket @fd, which is charged for it from now on; sleeps while the socket is full.
 * ERR_PTR: -EBADF, -ENOTSOCK, -EINVAL (not of AF_NETLINK), -EAGAIN, -ERESTARTSYS, -ENOMEM. */
struct netlink_note *netlink_note_new(int fd, const void *bytes, size_t size);
/* Sends it with @code as its last byte, and frees it. Never sleeps. */
void netlink_note_send(struct netlink_note *note, u8 code);
/* Frees it unsent. NULL is fine. */
void netlink_note_drop(struct netlink_note *note);

#endif
