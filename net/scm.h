/* Control messages of SOL_SOCKET: SCM_RIGHTS, SCM_CREDENTIALS and SCM_PIDFD. */
#ifndef UMK_NET_SCM_H
#define UMK_NET_SCM_H

#include "net.h"

struct file;
struct pid_handle;
struct user_count;
/* Descriptors on their way: each file is referenced. */
struct scm_fp_list {
	u32 count;
	u32 inflight; /* of them, how many the in-flight accounts know: set by the family */
	struct user_count *user; /* whose account that is: a reference while inflight */
	struct file *fp[SCM_MAX_FD];
};
/* What the control messages of one call said (send), or what a receiver is to be told. */
struct scm_cookie {
	struct ucred creds;      /* pid 0: none */
	struct pid_handle *pid;  /* of creds.pid: a reference, or NULL */
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
/* A sender's control messages, which are in kernel memory. CMSG_OK: this one lies within them. */
#define for_each_cmsghdr(cmsg, msg) for (cmsg = cmsg_first(msg); cmsg; cmsg = cmsg_next(msg, cmsg))
#define CMSG_OK(msg, cmsg) ((cmsg)->cmsg_len >= sizeof(struct cmsghdr) && (cmsg)->cmsg_len <= (msg)->msg_controllen \
	- (size_t)((char *)(cmsg) - (char *)(msg)->msg_control))
static inline struct cmsghdr *cmsg_first(const struct msghdr *msg)
{
	return msg->msg_controllen >= sizeof(struct cmsghdr) ? msg->msg_control : NULL;
}
static inline struct cmsghdr *cmsg_next(const struct msghdr *msg, const struct cmsghdr *cmsg)
{
	size_t at = (size_t)((char *)cmsg - (char *)msg->msg_control), step = CMSG_ALIGN(cmsg->cmsg_len);

	if (step > msg->msg_controllen - at || msg->msg_controllen - at - step < sizeof(struct cmsghdr))
		return NULL;
	return (struct cmsghdr *)((char *)cmsg + step);
}
/* One control message into the receiver's buffer; MSG_CTRUNC when it does not fit. 0, or -EFAULT, which nobody is told. */
int put_cmsg(struct msghdr *msg, int level, int type, const void *data, size_t size);
/* net/compat.c: i386's control messages, rewritten in native layout into kmalloc'd msg->msg_control. 0 or -errno. */
int cmsghdr_from_compat(struct msghdr *msg, u32 ucontrol, u32 len);

#endif
