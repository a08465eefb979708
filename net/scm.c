/* Control messages of SOL_SOCKET, unix(7) and cmsg(3): what a sender attaches, and what a receiver gets. The family keeps
 * them with its buffers in between and does the in-flight accounting. */
#include "scm.h"
#include "fs.h"
#include "pidfd.h"
#include "sock.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"
#include <linux/capability.h>

static int scm_add_rights(const struct cmsghdr *cmsg, struct scm_cookie *scm)
{
	u32 count = (cmsg->cmsg_len - sizeof(struct cmsghdr)) / sizeof(int);
	const int *fds = CMSG_DATA(cmsg);

	if (!count)
		return 0;
	if (count > SCM_MAX_FD)
		return -EINVAL;
	if (!scm->fp) {
		scm->fp = kzalloc(sizeof(*scm->fp));
		if (!scm->fp)
			return -ENOMEM;
	}
	if (scm->fp->count + count > SCM_MAX_FD)
		return -EINVAL;
	for (u32 i = 0; i < count; i++) {
		struct file *f = fds[i] < 0 ? NULL : fget_path((unsigned)fds[i]);

		if (!f)
			return -EBADF;
		scm->fp->fp[scm->fp->count++] = f;
	}
	return 0;
}

/* A process may speak for itself; CAP_SYS_ADMIN, CAP_SETUID and CAP_SETGID allow other ids, unix(7). */
static int scm_add_creds(const struct cmsghdr *cmsg, struct scm_cookie *scm)
{
	const struct cred *c = current->cred;
	struct task *t;
	struct ucred uc;

	if (cmsg->cmsg_len != CMSG_LEN(sizeof(uc)))
		return -EINVAL;
	memcpy(&uc, CMSG_DATA(cmsg), sizeof(uc));
	if ((int)uc.pid != current->tgid && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (uc.uid != c->uid && uc.uid != c->euid && uc.uid != c->suid && !capable(CAP_SETUID))
		return -EPERM;
	if (uc.gid != c->gid && uc.gid != c->egid && uc.gid != c->sgid && !capable(CAP_SETGID))
		return -EPERM;
	t = (int)uc.pid == current->tgid ? current : find_task((int)uc.pid);
	if (!t)
		return -ESRCH;
	if (uc.uid == (u32)-1 || uc.gid == (u32)-1)
		return -EINVAL;
	scm->creds = uc;
	pid_handle_put(scm->pid);
	scm->pid = process_handle(t);
	return 0;
}

static int scm_parse(struct msghdr *msg, struct scm_cookie *scm, bool rights)
{
	const u8 *p = msg->msg_control;
	size_t left = msg->msg_controllen;

	while (left >= sizeof(struct cmsghdr)) {
		const struct cmsghdr *cmsg = (const struct cmsghdr *)p;
		size_t step;
		int err = 0;

		if (cmsg->cmsg_len < sizeof(*cmsg) || cmsg->cmsg_len > left)
			return -EINVAL;
		if (cmsg->cmsg_level == SOL_SOCKET) {
			if (cmsg->cmsg_type == SCM_RIGHTS && rights)
				err = scm_add_rights(cmsg, scm);
			else if (cmsg->cmsg_type == SCM_CREDENTIALS)
				err = scm_add_creds(cmsg, scm);
			else
				err = -EINVAL;
		}
		if (err)
			return err;
		step = CMSG_ALIGN(cmsg->cmsg_len);
		if (step > left)
			break;
		p += step;
		left -= step;
	}
	return 0;
}

int scm_send(struct msghdr *msg, struct scm_cookie *scm, bool rights)
{
	int err;

	memset(scm, 0, sizeof(*scm));
	scm->creds.uid = scm->creds.gid = (u32)-1;
	if (!msg->msg_controllen)
		return 0;
	err = scm_parse(msg, scm, rights);
	if (err)
		scm_destroy(scm);
	return err;
}

struct scm_fp_list *scm_fp_dup(const struct scm_fp_list *fpl)
{
	struct scm_fp_list *copy = kmemdup(fpl, sizeof(*fpl));

	if (!copy)
		return NULL;
	copy->inflight = 0;
	copy->user = NULL;
	for (u32 i = 0; i < copy->count; i++)
		file_get(copy->fp[i]);
	return copy;
}

void scm_fp_free(struct scm_fp_list *fpl)
{
	if (!fpl)
		return;
	while (fpl->count)
		file_put(fpl->fp[--fpl->count]);
	kfree(fpl);
}

void scm_destroy(struct scm_cookie *scm)
{
	struct scm_fp_list *fpl = scm->fp;

	scm->fp = NULL;
	scm_fp_free(fpl);
	pid_handle_put(scm->pid);
	scm->pid = NULL;
}

/* ---- to the receiver ---- */

/* Header of a message of @data bytes at the receiver's cursor, in the receiver's layout; -EFAULT. */
static int put_cmsg_header(struct msghdr *msg, int level, int type, size_t data)
{
	if (msg->msg_flags & MSG_CMSG_COMPAT) {
		struct compat_cmsghdr h = { (u32)COMPAT_CMSG_LEN(data), level, type };

		return copy_to_user(msg->msg_control_user, &h, sizeof(h)) ? -EFAULT : 0;
	}
	struct cmsghdr h = { CMSG_LEN(data), level, type };

	return copy_to_user(msg->msg_control_user, &h, sizeof(h)) ? -EFAULT : 0;
}

static void cmsg_advance(struct msghdr *msg, size_t space)
{
	space = min(space, msg->msg_controllen);
	msg->msg_control_user = (char __user *)msg->msg_control_user + space;
	msg->msg_controllen -= space;
}

static size_t cmsg_header_size(const struct msghdr *msg)
{
	return msg->msg_flags & MSG_CMSG_COMPAT ? sizeof(struct compat_cmsghdr) : sizeof(struct cmsghdr);
}

static size_t cmsg_space(const struct msghdr *msg, size_t data)
{
	return msg->msg_flags & MSG_CMSG_COMPAT ? COMPAT_CMSG_SPACE(data) : CMSG_SPACE(data);
}

/* A guest's bad pointer is the guest's loss: recvmsg has taken the data already, so Linux tells nobody. */
int put_cmsg(struct msghdr *msg, int level, int type, const void *data, size_t size)
{
	size_t header = cmsg_header_size(msg), part = size;

	if (!msg->msg_control_user || msg->msg_controllen < header) {
		msg->msg_flags |= MSG_CTRUNC;
		return 0;
	}
	if (msg->msg_controllen < header + size) {
		msg->msg_flags |= MSG_CTRUNC;
		part = msg->msg_controllen - header;
	}
	if (put_cmsg_header(msg, level, type, part))
		return -EFAULT;
	if (copy_to_user((char __user *)msg->msg_control_user + header, data, part))
		return -EFAULT;
	cmsg_advance(msg, cmsg_space(msg, size));
	return 0;
}

/* Installs the descriptors that fit; the rest is closed and told by MSG_CTRUNC. */
static void scm_put_rights(struct msghdr *msg, struct scm_cookie *scm, unsigned flags)
{
	size_t header = cmsg_header_size(msg);
	u32 room = msg->msg_controllen <= header ? 0 : (msg->msg_controllen - header) / sizeof(int);
	int __user *data = (int __user *)((char __user *)msg->msg_control_user + header);
	u32 count = min(room, scm->fp->count), i;

	for (i = 0; i < count; i++) {
		int fd = fd_reserve(flags & MSG_CMSG_CLOEXEC ? O_CLOEXEC : 0);

		if (fd < 0)
			break;
		if (put_user(fd, data + i)) {
			fd_unreserve(fd);
			break;
		}
		fd_install(fd, file_get(scm->fp->fp[i]));
	}
	if (i && !put_cmsg_header(msg, SOL_SOCKET, SCM_RIGHTS, i * sizeof(int)))
		cmsg_advance(msg, cmsg_space(msg, i * sizeof(int)));
	if (i < scm->fp->count)
		msg->msg_flags |= MSG_CTRUNC;
}

/* A pidfd for the sender, who may have ended. As in Linux the receiver is told an errno in place of a descriptor when it
 * can have no more of them. */
static void scm_put_pidfd(struct msghdr *msg, struct scm_cookie *scm)
{
	struct file *f = NULL;
	int fd;

	if (msg->msg_controllen < cmsg_header_size(msg) + sizeof(fd)) {
		msg->msg_flags |= MSG_CTRUNC;
		return;
	}
	if (!scm->pid)
		return;
	fd = fd_reserve(O_CLOEXEC);
	if (fd >= 0) {
		f = pid_handle_file(scm->pid, 0);
		if (IS_ERR(f)) {
			fd_unreserve(fd);
			fd = (int)PTR_ERR(f);
			f = NULL;
		}
	}
	if (!put_cmsg(msg, SOL_SOCKET, SCM_PIDFD, &fd, sizeof(fd)) && f) {
		fd_install(fd, f);
	} else if (f) {
		fd_unreserve(fd);
		file_put(f);
	}
}

void scm_recv(struct socket *sock, struct msghdr *msg, struct scm_cookie *scm, unsigned flags)
{
	u8 pass = sock->sk->sk_scm_flags;

	if (!msg->msg_control_user) {
		if (pass & (SCM_PASS_CREDS | SCM_PASS_PIDFD | SCM_PASS_SEC) || scm->fp)
			msg->msg_flags |= MSG_CTRUNC;
		scm_destroy(scm);
		return;
	}
	if (pass & SCM_PASS_CREDS) {
		struct ucred uc = scm->creds;

		if (!uc.pid && uc.uid == (u32)-1)
			uc.uid = uc.gid = 65534; /* the overflow ids */
		put_cmsg(msg, SOL_SOCKET, SCM_CREDENTIALS, &uc, sizeof(uc));
	}
	if (scm->fp)
		scm_put_rights(msg, scm, flags);
	if (pass & SCM_PASS_PIDFD)
		scm_put_pidfd(msg, scm);
	scm_destroy(scm);
}
