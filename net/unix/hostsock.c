/* Path sockets that guests share with host programs (--host-unix). A name that a guest binds below such a directory is one of
 * the host's too: the host's socket behind it is a gate, through which connections and datagrams of host programs come into
 * the queue of the guest's socket beside those of guests. A guest that connects to a host program's socket, and what a gate
 * accepted, have the host's connection and nothing in between: every call is the host's, and only the guest that waits waits.
 *
 * Who is who: a host program sees umk's process. A guest sees the host program's user and group, and pid 0, as Linux shows a
 * process that has no number in the reader's pid name space. Descriptors pass when both kernels know the file (host_file_fd,
 * host_file_adopt); others are refused with EOPNOTSUPP, or dropped with MSG_CTRUNC. */
#include "unix.h"
#include "fs.h"
#include "host.h"
#include "ledger.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"
#include <linux/eventpoll.h>
#include <linux/sockios.h>
#include <linux/stat.h>
#include <asm/ioctls.h>

#define CHUNK (64 * 1024ul)         /* of a stream, in one call of the host */
#define MESSAGE_MAX (1024 * 1024ul) /* of the other types; the host's default limit is a fifth of it */
#define HOST_PATH_MAX 4096

struct unix_host {
	struct host_watcher watcher; /* first */
	struct sock *sk;             /* whose it is */
	int fd;
	u32 armed;                   /* EPOLL* that the host has been asked for */
	bool bound;                  /* has a name on the host */
	bool connected;              /* to a host program */
	bool gate;                   /* what comes goes into the queue of sk */
};

static void fill(struct unix_host *h);

/* ---- readiness ---- */

static void arm(struct unix_host *h, u32 events)
{
	if ((h->armed & events) == events)
		return;
	h->armed |= events;
	if (host_watch(h->fd, h->armed, &h->watcher))
		h->armed = 0;
}

static void unix_host_ready(struct host_watcher *w, u32 events)
{
	struct unix_host *h = container_of(w, struct unix_host, watcher);

	h->armed = 0;
	if (h->gate)
		fill(h);
	sk_wake_all(h->sk, events);
	if (events & EPOLLIN)
		sk_wake_async(h->sk, POLL_IN);
	if (events & EPOLLOUT)
		sk_wake_async(h->sk, POLL_OUT);
}

/* What of @events is ready; the host is asked to tell when it is none. */
static u32 ready_or_arm(struct unix_host *h, u32 events)
{
	u32 ready = host_ready(h->fd, events) & (events | EPOLLHUP | EPOLLERR);

	if (!ready)
		arm(h, events);
	return ready;
}

static long wait_ready(struct unix_host *h, u32 events, u64 deadline)
{
	if (!deadline)
		return ready_or_arm(h, events) ? 0 : -EAGAIN;
	return sk_wait_event(h->sk->sk_wq, ready_or_arm(h, events), deadline);
}

/* ---- life ---- */

/* Gives @sk the host's socket @fd, which it owns from now on. 0 or -ENOMEM. */
static int attach(struct sock *sk, int fd)
{
	struct unix_host *h = kzalloc(sizeof(*h));

	if (!h)
		return -ENOMEM;
	h->watcher.ready = unix_host_ready;
	h->sk = sk;
	h->fd = fd;
	unix_sk(sk)->host = h;
	return 0;
}

static void close_fd(int fd)
{
	struct host_req r = { .op = HOST_CLOSE, .fd = fd };

	host_call(&r);
}

/* The host's socket of @sk, made if there is none. */
static int attach_new(struct sock *sk)
{
	int fd, err;

	if (unix_sk(sk)->host)
		return 0;
	fd = host_sock_open(sk->sk_type);
	if (fd < 0)
		return fd;
	err = attach(sk, fd);
	if (err)
		close_fd(fd);
	return err;
}

void unix_host_close(struct sock *sk)
{
	struct unix_host *h = unix_sk(sk)->host;

	if (!h)
		return;
	unix_sk(sk)->host = NULL;
	host_unwatch(h->fd, &h->watcher);
	close_fd(h->fd);
	kfree(h);
}

/* ---- names ---- */

static bool is_shared(const char *path)
{
	for (u32 i = 0; i < umk_options.nhost_unix; i++) {
		size_t len = strlen(umk_options.host_unix[i]);

		if (!strncmp(path, umk_options.host_unix[i], len) && (!path[len] || path[len] == '/' || len == 1))
			return true;
	}
	return false;
}

/* bind(2) of a name in the host's directory @dirfd: a socket_maker. */
int unix_host_bind(void *ctx, int dirfd, const char *dirpath, const char *name, u32 mode)
{
	struct sock *sk = ctx;
	struct unix_host *h;
	int err;

	if (!is_shared(dirpath))
		return 1;
	err = attach_new(sk);
	if (err)
		return err;
	h = unix_sk(sk)->host;
	/* When it fails the host's socket stays: somebody may be waiting in connect(2) or send(2) with it. */
	err = host_sock_bind(h->fd, dirfd, name, mode);
	if (err)
		return err;
	h->bound = true;
	if (sk->sk_type == SOCK_DGRAM) {
		host_sock_setopt(h->fd, SO_PASSCRED, 1);
		h->gate = true;
		fill(h);
	}
	return 0;
}

/* The host's name of a socket as guests see it: without --root's directory. Bytes. */
static int guest_name(struct sockaddr_un *to, const struct sockaddr_un *from, int len)
{
	const char *root = umk_options.root;
	size_t skip = root ? strlen(root) : 0;

	memset(to, 0, sizeof(*to));
	if (len < (int)sizeof(to->sun_family)) { /* the host tells nothing of sockets without a name */
		to->sun_family = AF_UNIX;
		return sizeof(to->sun_family);
	}
	len = min(len, (int)sizeof(*to));
	memcpy(to, from, len);
	if (skip > 1 && from->sun_path[0] == '/' && len > (int)(offsetof(struct sockaddr_un, sun_path) + skip)
			&& !memcmp(from->sun_path, root, skip) && from->sun_path[skip] == '/') {
		len -= skip;
		memcpy(to->sun_path, from->sun_path + skip, len - offsetof(struct sockaddr_un, sun_path));
	}
	return len;
}

int unix_host_peername(const struct sock *sk, struct sockaddr_un *name)
{
	const struct unix_host *h = unix_sk(sk)->host;
	struct sockaddr_un un;
	int len;

	if (!h || !h->connected)
		return -ENOTCONN;
	len = host_sock_name(h->fd, true, &un);
	return len < 0 ? len : guest_name(name, &un, len);
}

/* The shared socket that @sunaddr names: its inode, with a reference, and the host's descriptor of it. -ECONNREFUSED: it is
 * none. */
static int find_shared(const struct sockaddr_un *sunaddr, int len, struct inode **inode)
{
	char name[sizeof(struct sockaddr_un)], *path;
	int fd = -ECONNREFUSED;

	if (!umk_options.nhost_unix || !sunaddr->sun_path[0])
		return -ECONNREFUSED;
	unix_path(name, sunaddr, len);
	*inode = socket_inode_lookup(name);
	if (IS_ERR(*inode))
		return (int)PTR_ERR(*inode);
	path = kmalloc(HOST_PATH_MAX);
	if (path && ((*inode)->mode & S_IFMT) == S_IFSOCK)
		fd = inode_host_path(*inode, path, HOST_PATH_MAX);
	if (fd >= 0 && !is_shared(path))
		fd = -ECONNREFUSED;
	kfree(path);
	if (fd < 0) {
		inode_put(*inode);
		return fd == -EXDEV ? -ECONNREFUSED : fd;
	}
	return fd;
}

/* ---- connections ---- */

static void peer_credentials(struct sock *sk, int fd)
{
	struct ucred uc = { 0, (u32)-1, (u32)-1 };
	u32 len = sizeof(uc);

	host_sock_getopt(fd, SO_PEERCRED, &uc, &len);
	uc.pid = 0;
	sk->sk_peer_cred = uc;
}

/* ECONNREFUSED, also when the name is not shared; EISCONN, EPROTOTYPE, EAGAIN, EINTR and what path lookup says. */
int unix_host_connect(struct socket *sock, const struct sockaddr_un *sunaddr, int len, int flags)
{
	struct host_req r = { .op = HOST_CONNECT, .flags = flags & O_NONBLOCK || !sock->sk->sk_sndtimeo ? 1 : 0 };
	struct sock *sk = sock->sk;
	struct unix_host *h;
	struct inode *inode;
	long err;

	r.fd2 = find_shared(sunaddr, len, &inode);
	if (r.fd2 < 0)
		return r.fd2;
	if (sk->sk_type != SOCK_DGRAM && sk->sk_state != TCP_CLOSE)
		err = sk->sk_state == TCP_ESTABLISHED ? -EISCONN : -EINVAL;
	else
		err = attach_new(sk);
	if (!err) {
		h = unix_sk(sk)->host;
		r.fd = h->fd;
		host_sock_sndtimeo(h->fd, sk->sk_sndtimeo);
		err = host_call_interruptible(&r);
		if (err == -ERESTARTSYS && sk->sk_sndtimeo != KTIME_MAX)
			err = -EINTR;
	}
	inode_put(inode);
	if (err)
		return (int)err;
	h->connected = true;
	sk->sk_state = TCP_ESTABLISHED;
	sock->state = SS_CONNECTED;
	peer_credentials(sk, h->fd);
	if (sk->sk_type == SOCK_DGRAM) {
		h->gate = true;
		fill(h);
	} else {
		host_sock_setopt(h->fd, SO_PASSCRED, 1);
		sock->ops = &unix_host_ops;
	}
	return 0;
}

bool unix_host_connected(const struct sock *sk)
{
	return unix_sk(sk)->host && unix_sk(sk)->host->connected;
}

/* A datagram socket gets another peer, or none. */
void unix_host_disconnect(struct sock *sk)
{
	struct unix_host *h = unix_sk(sk)->host;
	struct host_req r = { .op = HOST_CONNECT, .fd2 = -1, .flags = 1 };

	if (!h || !h->connected)
		return;
	r.fd = h->fd;
	host_call(&r);
	h->connected = false;
}

int unix_host_listen(struct sock *sk, int backlog)
{
	struct unix_host *h = unix_sk(sk)->host;
	int err;

	if (!h || !h->bound)
		return 0;
	host_sock_setopt(h->fd, SO_PASSCRED, 1); /* for the connections, before anything comes over them */
	err = host_sock_listen(h->fd, backlog);
	if (err)
		return err;
	h->gate = true;
	fill(h);
	return 0;
}

void unix_host_shutdown(struct sock *sk, int how)
{
	if (unix_sk(sk)->host)
		host_sock_shutdown(unix_sk(sk)->host->fd, how);
}

/* ---- gates ---- */

/* A host program's connection, for the listener's queue. False: no memory; it is closed. */
static bool take_connection(struct sock *listener, int fd)
{
	struct sock *newsk = unix_create1(NULL, listener->sk_type);
	struct sk_buff *skb = newsk ? alloc_skb(0) : NULL;

	if (!skb || attach(newsk, fd)) {
		close_fd(fd);
		kfree_skb(skb);
		if (newsk)
			unix_release_sock(newsk, false);
		return false;
	}
	unix_sk(newsk)->host->connected = true;
	unix_sk(newsk)->listener = listener;
	newsk->sk_state = TCP_ESTABLISHED;
	newsk->sk_scm_flags = listener->sk_scm_flags;
	unix_share_addr(newsk, listener);
	peer_credentials(newsk, fd);
	skb->sk = newsk;
	skb_queue_tail(&listener->sk_receive_queue, skb);
	listener->sk_data_ready(listener);
	return true;
}

static void fill_listener(struct unix_host *h)
{
	while (!unix_recvq_full(h->sk)) {
		int fd = host_sock_accept(h->fd);

		if (fd == -EAGAIN)
			arm(h, EPOLLIN);
		if (fd < 0 || !take_connection(h->sk, fd))
			return; /* without descriptors or memory the next accept(2) tries again */
	}
}

/* The next datagram of a host program as a buffer; its sender stands for it as a socket of that name. NULL: none, or no memory. */
static struct sk_buff *take_datagram(struct unix_host *h)
{
	struct host_sock_msg m = { .flags = MSG_PEEK | MSG_TRUNC };
	struct sockaddr_un un, name;
	struct sk_buff *skb;
	struct sock *from;
	long size = host_sock_recv(h->fd, &m), n;
	int len;

	if (size < 0) {
		/* The host tells an error once; what comes after it is wanted, too. */
		if (size != -EAGAIN) {
			h->sk->sk_err = (int)-size;
			sk_error_report(h->sk);
		}
		arm(h, EPOLLIN);
		return NULL;
	}
	from = unix_create1(NULL, SOCK_DGRAM);
	if (!from)
		return NULL;
	skb = unix_alloc_skb(from, size, size, true);
	if (IS_ERR(skb)) {
		unix_release_sock(from, false);
		return NULL;
	}
	m = (struct host_sock_msg){ .buf = skb->tail, .size = size, .name = &un };
	n = host_sock_recv(h->fd, &m);
	len = n < 0 ? 0 : guest_name(&name, &un, (int)m.name_len);
	if (len > (int)sizeof(sa_family_t))
		unix_set_addr(from, &name, len);
	unix_release_sock(from, false); /* the buffer has a reference */
	if (n < 0) {
		kfree_skb(skb);
		return NULL;
	}
	skb_put(skb, n);
	UNIXCB(skb)->creds = (struct ucred){ 0, m.has_creds ? m.uid : (u32)-1, m.has_creds ? m.gid : (u32)-1 };
	if (m.flags & MSG_CTRUNC)
		LEDGER("SCM_RIGHTS with a host program's datagram", 0);
	return skb;
}

static void fill_datagrams(struct unix_host *h)
{
	struct sk_buff *skb;

	while (!unix_recvq_full(h->sk)) {
		skb = take_datagram(h);
		if (!skb)
			return;
		skb_queue_tail(&h->sk->sk_receive_queue, skb);
		h->sk->sk_data_ready(h->sk);
	}
}

static void fill(struct unix_host *h)
{
	if (h->sk->sk_type == SOCK_DGRAM)
		fill_datagrams(h);
	else if (h->sk->sk_state == TCP_LISTEN)
		fill_listener(h);
}

void unix_host_refill(struct sock *sk)
{
	struct unix_host *h = unix_sk(sk)->host;

	if (h && h->gate && !h->armed)
		fill(h);
}

/* ---- sending ---- */

/* The host's descriptors of @fpl's files into @m. -EOPNOTSUPP: a host program cannot have one of them. */
static int descriptors_out(struct host_sock_msg *m, const struct scm_fp_list *fpl)
{
	if (!fpl || !fpl->count)
		return 0;
	m->fds = kmalloc(HOST_SOCK_FDS * sizeof(*m->fds));
	if (!m->fds)
		return -ENOMEM;
	for (u32 i = 0; i < fpl->count; i++) {
		int fd = host_file_fd(fpl->fp[i]);

		if (fd < 0) {
			LEDGER("SCM_RIGHTS to a host program", 0);
			return -EOPNOTSUPP;
		}
		m->fds[m->nfds++] = fd;
	}
	return 0;
}

static void credentials_out(struct host_sock_msg *m, const struct ucred *creds)
{
	m->has_creds = creds->pid != 0;
	m->uid = creds->uid;
	m->gid = creds->gid;
}

/* A whole message, @m, whose buffer is the caller's; waits for room. Bytes or -errno. */
static long send_whole(struct unix_host *h, struct host_sock_msg *m, u64 deadline)
{
	struct host_req r = { .op = HOST_SEND, .fd = h->fd, .buf = m };
	long n = host_sock_send(h->fd, m);

	while (n == -EAGAIN && m->to < 0) {
		n = wait_ready(h, EPOLLOUT, deadline);
		if (n)
			return n;
		n = host_sock_send(h->fd, m);
	}
	if (n != -EAGAIN || !deadline)
		return n;
	/* Room in the queue of somebody who is not the peer is nothing that the host could tell: a helper waits for it. */
	host_sock_sndtimeo(h->fd, h->sk->sk_sndtimeo);
	n = host_call_interruptible(&r);
	return n == -ERESTARTSYS && deadline != KTIME_MAX ? -EINTR : n;
}

/* A datagram that no guest takes: @sunaddr, or NULL for the peer, may be a host program's. Bytes or -errno. */
long unix_host_send_datagram(struct sock *sk, struct sk_buff *skb, const struct sockaddr_un *sunaddr, int len, u64 deadline)
{
	struct host_sock_msg m = { .buf = skb->data, .size = skb->len, .to = -1 };
	struct inode *inode = NULL;
	long n = 0;

	if (sunaddr) {
		n = m.to = find_shared(sunaddr, len, &inode);
		if (n < 0)
			return n;
	}
	n = attach_new(sk);
	if (!n)
		n = descriptors_out(&m, UNIXCB(skb)->fp);
	credentials_out(&m, &UNIXCB(skb)->creds);
	if (!n)
		n = send_whole(unix_sk(sk)->host, &m, deadline);
	kfree(m.fds);
	if (inode)
		inode_put(inode);
	return n;
}

static ssize_t unix_host_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	struct unix_host *h = unix_sk(sock->sk)->host;
	bool stream = sock->type == SOCK_STREAM;
	struct host_sock_msg m = { .to = -1, .flags = (int)msg->msg_flags };
	u64 deadline = sock_snddeadline(sock->sk, msg->msg_flags & MSG_DONTWAIT);
	struct scm_cookie scm;
	size_t sent = 0;
	long n;

	if (stream && msg->msg_namelen)
		return -EISCONN;
	if (!stream && size > MESSAGE_MAX)
		return -EMSGSIZE;
	n = scm_send(msg, &scm, true);
	if (n)
		return n;
	n = descriptors_out(&m, scm.fp);
	credentials_out(&m, &scm.creds);
	m.buf = kmalloc(max(min(size, stream ? CHUNK : MESSAGE_MAX), 1ul));
	if (!m.buf)
		n = -ENOBUFS;
	while (!n) {
		size_t piece = min(size - sent, stream ? CHUNK : MESSAGE_MAX);

		m.size = copy_from_iter(m.buf, piece, &msg->msg_iter);
		if (m.size < piece) {
			n = -EFAULT;
			break;
		}
		n = send_whole(h, &m, deadline);
		if (n < 0)
			break;
		sent += (size_t)n;
		if ((size_t)n < piece)
			iov_iter_revert(&msg->msg_iter, piece - (size_t)n);
		n = sent < size ? 0 : 1;
		m.nfds = 0;
		m.has_creds = false;
	}
	if (n == -EPIPE && stream && !sent && !(msg->msg_flags & MSG_NOSIGNAL))
		send_sig_task(SIGPIPE, SEND_SIG_NOINFO, current);
	kfree(m.buf);
	kfree(m.fds);
	scm_destroy(&scm);
	return sent || n >= 0 ? (ssize_t)sent : n;
}

/* ---- receiving ---- */

/* Makes guest files of received descriptors; those that no guest can have are closed. True: all became files. */
static bool descriptors_in(struct host_sock_msg *m, struct scm_cookie *scm)
{
	bool all = !(m->flags & MSG_CTRUNC);

	if (m->nfds && !scm->fp)
		scm->fp = kzalloc(sizeof(*scm->fp));
	for (u32 i = 0; i < m->nfds; i++) {
		struct file *f = scm->fp && scm->fp->count < SCM_MAX_FD ? host_file_adopt(m->fds[i]) : ERR_PTR(-ENOMEM);

		if (IS_ERR(f)) {
			LEDGER("SCM_RIGHTS of a host program", 0);
			close_fd(m->fds[i]);
			all = false;
		} else {
			scm->fp->fp[scm->fp->count++] = f;
		}
	}
	return all;
}

static ssize_t unix_host_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned flags)
{
	struct unix_host *h = unix_sk(sock->sk)->host;
	bool whole = sock->type != SOCK_STREAM || flags & (MSG_PEEK | MSG_OOB); /* what one call gives is all */
	size_t room = min(size, sock->type == SOCK_STREAM ? CHUNK : MESSAGE_MAX);
	size_t target = whole ? 1 : sock_rcvlowat(sock->sk, flags & MSG_WAITALL, (int)min(size, (size_t)0x7fffffff));
	u64 deadline = sock_rcvdeadline(sock->sk, flags & MSG_DONTWAIT);
	struct scm_cookie scm = { .fp = NULL, .creds = { 0, (u32)-1, (u32)-1 } };
	struct host_sock_msg m = { .buf = kmalloc(max(room, 1ul)), .fds = kmalloc(HOST_SOCK_FDS * sizeof(*m.fds)) };
	struct sockaddr_un un;
	size_t copied = 0;
	long n = m.buf && m.fds ? 0 : -ENOMEM;

	m.name = &un;
	while (!n) {
		m.size = min(room, size - copied);
		m.flags = (int)flags;
		n = host_sock_recv(h->fd, &m);
		if (n == -EAGAIN) {
			n = wait_ready(h, flags & MSG_OOB ? EPOLLPRI : EPOLLIN, deadline);
			continue;
		}
		if (n < 0)
			break;
		if (msg->msg_name && !copied && m.name_len)
			msg->msg_namelen = guest_name(msg->msg_name, &un, (int)m.name_len);
		if (m.has_creds)
			scm.creds = (struct ucred){ 0, m.uid, m.gid };
		if (!descriptors_in(&m, &scm))
			msg->msg_flags |= MSG_CTRUNC;
		msg->msg_flags |= m.flags & (MSG_TRUNC | MSG_EOR | MSG_OOB);
		m.size = min((size_t)n, m.size);
		if (copy_to_iter(m.buf, m.size, &msg->msg_iter) != m.size) {
			n = -EFAULT;
			break;
		}
		copied += (size_t)n;
		n = n && !whole && copied < target ? 0 : 1;
	}
	kfree(m.buf);
	kfree(m.fds);
	if (n < 0 && !copied) {
		scm_destroy(&scm);
		return n;
	}
	scm_recv(sock, msg, &scm, flags);
	return (ssize_t)copied;
}

/* ---- the other calls of a connection ---- */

static u32 unix_host_poll(struct file *file __maybe_unused, struct socket *sock, struct poll_table *pt)
{
	struct unix_host *h = unix_sk(sock->sk)->host;
	u32 all = EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP, ready, want;

	poll_wait(pt, &sock->wait);
	ready = host_ready(h->fd, all);
	want = all & ~ready & (pt && pt->key ? pt->key | EPOLLRDHUP : all);
	if (want && waitqueue_active(&sock->wait))
		arm(h, want);
	return ready | (ready & EPOLLIN ? EPOLLRDNORM : 0) | (ready & EPOLLOUT ? EPOLLWRNORM | EPOLLWRBAND : 0);
}

/* A datagram socket with a host program as peer: is there room for a message? */
bool unix_host_writable(struct sock *sk)
{
	return ready_or_arm(unix_sk(sk)->host, EPOLLOUT) & EPOLLOUT;
}

static long unix_host_ioctl(struct socket *sock, unsigned cmd, unsigned long arg)
{
	int n = 0;
	long err;

	if (cmd != SIOCINQ && cmd != SIOCOUTQ && cmd != SIOCATMARK)
		return unix_ioctl(sock, cmd, arg);
	err = host_ioctl(unix_sk(sock->sk)->host->fd, cmd, &n);
	return err ? err : put_user(n, (int __user *)u64_to_uptr(arg));
}

/* What the host does for the connection it has to know: buffers, urgent data, peeking. */
static int unix_host_setsockopt(struct socket *sock, int level, int name, const void __user *val, unsigned len)
{
	int err = level == SOL_SOCKET ? sock_setsockopt(sock, name, val, len) : -EOPNOTSUPP, v;

	if (err || copy_from_user(&v, val, sizeof(v)))
		return err;
	if (name == SO_SNDBUF || name == SO_RCVBUF || name == SO_OOBINLINE || name == SO_PEEK_OFF)
		err = host_sock_setopt(unix_sk(sock->sk)->host->fd, name, v);
	return err;
}

static int unix_host_no_listen(struct socket *sock __maybe_unused, int backlog __maybe_unused)
{
	return -EINVAL;
}

const struct proto_ops unix_host_ops = {
	.family = AF_UNIX,
	.release = unix_release,
	.flush = unix_flush,
	.bind = unix_bind,
	.connect = unix_stream_connect,
	.socketpair = unix_socketpair,
	.accept = unix_accept,
	.getname = unix_getname,
	.poll = unix_host_poll,
	.ioctl = unix_host_ioctl,
	.listen = unix_host_no_listen,
	.shutdown = unix_shutdown,
	.custom_sockopt = true,
	.setsockopt = unix_host_setsockopt,
	.sendmsg = unix_host_sendmsg,
	.recvmsg = unix_host_recvmsg,
	.set_peek_off = unix_set_peek_off,
};
