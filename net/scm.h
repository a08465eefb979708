/* Control messages of SOL_SOCKET: SCM_RIGHTS and SCM_CREDENTIALS. */
#ifndef UMK_NET_SCM_H
#define UMK_NET_SCM_H

#include "net.h"

struct file;
/* Descriptors on their way: each file is referenced. */
struct scm_fp_list {
	u32 count;
	u32 inflight; /* of them, how many the in-flight accounts know: set by the family */
	struct file *fp[SCM_MAX_FD];
};
/* What the control messages of one call said (send), or what a receiver is to be told. */
struct scm_cookie {
	struct ucred creds;      /* pid 0: none */
	struct scm_fp_list *fp;  /* owned, or NULL */
};

/* Reads msg's control messages. @rights: the family passes descriptors. 0; -EINVAL, -EBADF, -EPERM, -ESRCH, -ENOMEM; then
 * nothing is held. Otherwise scm_destroy() it. */
int scm_send(struct msghdr *msg, struct scm_cookie *scm, bool rights);
/* Tells the receiver: descriptors are installed, what does not fit is dropped with MSG_CTRUNC. Consumes @scm. */
void scm_recv(struct socket *sock, struct msghdr *msg, struct scm_cookie *scm, unsigned flags);
void scm_destroy(struct scm_cookie *scm);
/* A copy with references of its own (MSG_PEEK), or NULL. */
struct scm_fp_list *scm_fp_dup(const struct scm_fp_list *fpl);
void scm_fp_free(struct scm_fp_list *fpl);
/* One control message into the receiver's buffer; MSG_CTRUNC when it does not fit. */
void put_cmsg(struct msghdr *msg, int level, int type, const void *data, size_t size);
/* net/compat.c: i386's control messages, rewritten in native layout into kmalloc'd msg->msg_control. 0 or -errno. */
int cmsghdr_from_compat(struct msghdr *msg, u32 ucontrol, u32 len);

#endif
