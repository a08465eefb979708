/* umk's own standard input, output and error as guest files: pipes, sockets, devices and the terminal. (Regular files are
 * hostfs's.) Only the guest that reads or writes waits. Data and most ioctls pass through to the host; who is in the
 * terminal's foreground is decided here, as guests' process groups are umk's own. */
#include "internal.h"
#include "ledger.h"
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <linux/eventpoll.h>

struct stdio {
	struct host_watcher watcher;
	int fd;
	int flags;                  /* the host's O_*, or -EBADF when closed */
	struct host_stat st;
	bool is_tty;
	char *host_path;            /* what /proc/self/fd of the host says, kmalloc'd, or NULL */
	const char *name;           /* below /dev, in host_path; or NULL */
	struct wait_queue_head wait;
	struct kmutex reading;      /* one reader at a time: what the host gave belongs to it */
	u32 interest;               /* EPOLL* that sleepers on wait want */
	u32 armed;                  /* EPOLL* that the host is asked for */
};
static struct stdio std[3];
static struct super_block stdio_sb = { .type = "pipefs", .magic = 0x50495045 };

/* The terminal of the first session. */
static struct {
	struct stdio *io;
	int sid, pgid;              /* 0: no session has it */
} tty;

static const struct file_operations stdio_ops, tty_ops;

/* ---- readiness ---- */

static void stdio_ready(struct host_watcher *w, u32 events)
{
	struct stdio *io = container_of(w, struct stdio, watcher);

	io->armed = 0;
	wake_up_poll(&io->wait, events);
}

/* Asks the host for what sleepers want and @ready does not have. */
static void stdio_arm(struct stdio *io, u32 ready)
{
	u32 want;

	if (!waitqueue_active(&io->wait)) {
		io->interest = 0;
		return;
	}
	want = io->interest & ~ready & (EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP);
	if (!want || (ready & (EPOLLHUP | EPOLLERR)) || (io->armed & want) == want)
		return;
	io->armed |= want;
	if (host_watch(io->fd, io->armed, &io->watcher))
		io->armed = 0;
}

static u32 stdio_poll(struct file *f, struct poll_table *pt)
{
	struct stdio *io = f->private;
	u32 ready = host_ready(io->fd, EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP);

	if (ready & EPOLLIN)
		ready |= EPOLLRDNORM;
	if (ready & EPOLLOUT)
		ready |= EPOLLWRNORM;
	if (pt) {
		u32 key = pt->key ? pt->key : EPOLLIN | EPOLLOUT | EPOLLPRI;

		if (!waitqueue_active(&io->wait))
			io->interest = 0;
		io->interest |= key | (key & EPOLLRDNORM ? EPOLLIN : 0) | (key & EPOLLWRNORM ? EPOLLOUT : 0);
		poll_wait(pt, &io->wait);
	}
	stdio_arm(io, ready);
	return ready;
}

/* Sleeps until the host is ready for @event. 0, -EAGAIN (O_NONBLOCK), -ERESTARTSYS. */
static long stdio_wait(struct file *f, struct stdio *io, u32 event)
{
	u32 hup = EPOLLHUP | EPOLLERR;
	struct wait_entry e;
	long err = 0;

	if (host_ready(io->fd, event) & (event | hup))
		return 0;
	if (f->flags & O_NONBLOCK) {
		stdio_arm(io, 0);
		return -EAGAIN;
	}
	init_wait(&e);
	for (;;) {
		prepare_to_wait(&io->wait, &e, TASK_INTERRUPTIBLE);
		if (host_ready(io->fd, event) & (event | hup))
			break;
		err = -ERESTARTSYS;
		if (signal_pending(current))
			break;
		err = 0;
		io->interest |= event;
		stdio_arm(io, 0);
		schedule();
	}
	finish_wait(&e);
	if (!waitqueue_active(&io->wait) && io->armed) {
		host_unwatch(io->fd, &io->watcher);
		io->armed = 0;
	}
	return err;
}

/* ---- job control ---- */

int tty_foreground(void)
{
	return tty.io ? tty.pgid : 0;
}

static bool is_ctty(const struct stdio *io)
{
	return io->is_tty && tty.io && io->st.rdev == tty.io->st.rdev && tty.sid && current->signal->sid == tty.sid;
}

/* A background group reads (SIGTTIN) or changes (SIGTTOU) its terminal: termios(3), "Job control". 0: go on. */
static long job_control(const struct stdio *io, int sig)
{
	bool ignored;

	if (!is_ctty(io) || current->signal->pgid == tty.pgid)
		return 0;
	ignored = (current->blocked & sigmask(sig)) || current->sighand->action[sig - 1].handler == 1;
	if (ignored)
		return sig == SIGTTIN ? -EIO : 0;
	if (pgrp_is_orphaned(current->signal->pgid))
		return -EIO;
	send_sig_pgrp(sig, SEND_SIG_PRIV, current->signal->pgid);
	return -ERESTARTSYS;
}

/* ---- data ---- */

#define STDIO_CHUNK (64 * 1024ul)

static ssize_t stdio_read(struct file *f, struct iov_iter *to, u64 *pos __maybe_unused)
{
	struct stdio *io = f->private;
	size_t size = min(iov_iter_count(to), STDIO_CHUNK);
	u8 *buf;
	long n;

	if (!size)
		return 0;
	n = job_control(io, SIGTTIN);
	if (n)
		return n;
	buf = kmalloc(size);
	if (!buf)
		return -ENOMEM;
	if ((f->flags & O_NONBLOCK) && io->reading.held)
		n = -EAGAIN;
	else
		n = kmutex_lock_interruptible(&io->reading);
	if (n)
		goto free;
	do {
		struct host_req r = { .op = HOST_READ, .fd = io->fd, .buf = buf, .size = size };

		n = stdio_wait(f, io, EPOLLIN);
		if (!n)
			n = host_call_interruptible(&r);
	} while (n == -EAGAIN && !(f->flags & O_NONBLOCK));
	kmutex_unlock(&io->reading);
	if (n > 0) {
		size_t copied = copy_to_iter(buf, n, to);

		n = copied ? (long)copied : -EFAULT;
	}
free:
	kfree(buf);
	return n;
}

static ssize_t stdio_write(struct file *f, struct iov_iter *from, u64 *pos __maybe_unused)
{
	struct stdio *io = f->private;
	size_t size = min(iov_iter_count(from), STDIO_CHUNK);
	ssize_t done = 0;
	long n = 0;
	u8 *buf;

	if (!size)
		return 0;
	buf = kmalloc(size);
	if (!buf)
		return -ENOMEM;
	while (iov_iter_count(from)) {
		struct host_req r = { .op = HOST_WRITE, .fd = io->fd, .buf = buf };
		size_t got = copy_from_iter(buf, min(iov_iter_count(from), size), from);

		n = got ? stdio_wait(f, io, EPOLLOUT) : -EFAULT;
		if (!n) {
			r.size = got;
			n = host_call_interruptible(&r);
		}
		if (n == -EAGAIN && !(f->flags & O_NONBLOCK))
			n = 0;
		if (n < 0)
			break;
		done += n;
		iov_iter_revert(from, got - n);
	}
	kfree(buf);
	if (n == -EPIPE && !done)
		send_sig_task(SIGPIPE, SEND_SIG_NOINFO, current);
	return done ? done : n;
}

/* ---- ioctl ---- */

enum io_dir { IO_NONE, IO_GET, IO_SET, IO_SET_BG /* refused to the background */, IO_VALUE };
static const struct {
	unsigned cmd;
	u8 size;
	u8 dir;
} tty_ioctls[] = {
	{ TCGETS, sizeof(struct termios), IO_GET },
	{ TCSETS, sizeof(struct termios), IO_SET_BG },
	{ TCSETSW, sizeof(struct termios), IO_SET_BG },
	{ TCSETSF, sizeof(struct termios), IO_SET_BG },
	{ TCGETS2, sizeof(struct termios2), IO_GET },
	{ TCSETS2, sizeof(struct termios2), IO_SET_BG },
	{ TCSETSW2, sizeof(struct termios2), IO_SET_BG },
	{ TCSETSF2, sizeof(struct termios2), IO_SET_BG },
	{ TCGETA, 18, IO_GET },
	{ TCSETA, 18, IO_SET_BG },
	{ TCSETAW, 18, IO_SET_BG },
	{ TCSETAF, 18, IO_SET_BG },
	{ TIOCGWINSZ, 8, IO_GET },
	{ TIOCSWINSZ, 8, IO_SET },
	{ TCSBRK, 0, IO_VALUE },
	{ TCSBRKP, 0, IO_VALUE },
	{ TCXONC, 0, IO_VALUE },
	{ TCFLSH, 0, IO_VALUE },
	{ FIONREAD, 4, IO_GET },
	{ TIOCOUTQ, 4, IO_GET },
	{ TIOCGETD, 4, IO_GET },
	{ TIOCMGET, 4, IO_GET },
};

static long pass_ioctl(struct stdio *io, unsigned cmd, unsigned long arg)
{
	u8 buf[64];
	long err;

	for (unsigned i = 0; i < ARRAY_SIZE(tty_ioctls); i++) {
		if (tty_ioctls[i].cmd != cmd)
			continue;
		switch (tty_ioctls[i].dir) {
		case IO_VALUE:
			err = job_control(io, SIGTTOU);
			return err ? err : host_ioctl(io->fd, cmd, (void *)arg);
		case IO_GET:
			err = host_ioctl(io->fd, cmd, buf);
			if (!err && copy_to_user(u64_to_uptr(arg), buf, tty_ioctls[i].size))
				err = -EFAULT;
			return err;
		default:
			err = tty_ioctls[i].dir == IO_SET_BG ? job_control(io, SIGTTOU) : 0;
			if (err)
				return err;
			if (copy_from_user(buf, u64_to_uptr(arg), tty_ioctls[i].size))
				return -EFAULT;
			return host_ioctl(io->fd, cmd, buf);
		}
	}
	if (io->is_tty) {
		LEDGER("terminal ioctl", cmd);
		return -EINVAL;
	}
	return -ENOTTY;
}

static long stdio_ioctl(struct file *f, unsigned cmd, unsigned long arg)
{
	if (cmd != FIONREAD)
		return -ENOTTY;
	return pass_ioctl(f->private, cmd, arg);
}

static long tty_ioctl(struct file *f, unsigned cmd, unsigned long arg)
{
	struct stdio *io = f->private;
	struct signal_struct *sig = current->signal;
	int __user *uint = u64_to_uptr(arg);
	int pgid;
	long err;

	switch (cmd) {
	case TIOCGPGRP:
		return is_ctty(io) ? put_user(tty.pgid, uint) : -ENOTTY;
	case TIOCSPGRP:
		if (!is_ctty(io))
			return -ENOTTY;
		err = job_control(io, SIGTTOU);
		if (err)
			return err;
		if (get_user(pgid, uint))
			return -EFAULT;
		if (pgid < 0)
			return -EINVAL;
		if (!pgrp_exists(pgid, 0))
			return -ESRCH;
		if (!pgrp_exists(pgid, tty.sid))
			return -EPERM;
		tty.pgid = pgid;
		return 0;
	case TIOCGSID:
		return is_ctty(io) ? put_user(tty.sid, uint) : -ENOTTY;
	case TIOCSCTTY:
		if (is_ctty(io) && sig->leader->pid == sig->sid)
			return 0;
		if (sig->leader->pid != sig->sid || (tty.sid && pgrp_exists(tty.pgid, tty.sid)))
			return -EPERM;
		tty.sid = sig->sid;
		tty.pgid = sig->pgid;
		return 0;
	case TIOCNOTTY:
		if (!is_ctty(io))
			return -ENOTTY;
		if (sig->leader->pid == sig->sid) {
			send_sig_pgrp(SIGHUP, SEND_SIG_PRIV, tty.pgid);
			send_sig_pgrp(SIGCONT, SEND_SIG_PRIV, tty.pgid);
			tty.sid = tty.pgid = 0;
		} else {
			/* One process of the session cannot leave its terminal alone: sessions have it as a whole. */
			LEDGER("TIOCNOTTY by a process that leads no session", cmd);
			return -EPERM;
		}
		return 0;
	case TIOCSTI:
		return -EIO; /* as with dev.tty.legacy_tiocsti=0 */
	}
	return pass_ioctl(io, cmd, arg);
}

/* ---- files ---- */

static const struct file_operations stdio_ops = {
	.name = "stdio", .read = stdio_read, .write = stdio_write, .poll = stdio_poll, .ioctl = stdio_ioctl,
};
static const struct file_operations tty_ops = {
	.name = "tty", .read = stdio_read, .write = stdio_write, .poll = stdio_poll, .ioctl = tty_ioctl,
};

static int stdio_getattr(struct inode *inode, struct kstat *st)
{
	struct stdio *io = inode->private;
	struct host_req r = { .op = HOST_STAT, .fd = io->fd, .path = "", .flags = AT_EMPTY_PATH, .stat = &io->st };
	long err = host_call(&r);

	if (!err)
		kstat_from_host(st, &io->st);
	return err;
}

/* A FIFO or a device as which umk's descriptor is known may be opened again (/dev/stdin, /proc/self/fd/0). */
static int stdio_open(struct inode *inode, struct file *f)
{
	struct stdio *io = inode->private;

	if (S_ISSOCK(inode->mode))
		return -ENXIO;
	f->ops = io->is_tty ? &tty_ops : &stdio_ops;
	f->private = io;
	return 0;
}

static const struct inode_operations stdio_inode_ops = { .getattr = stdio_getattr, .open = stdio_open };

int tty_open(struct file *f)
{
	if (!tty.io || !is_ctty(tty.io))
		return -ENXIO;
	f->ops = &tty_ops;
	f->private = tty.io;
	return 0;
}

int tty_open_node(struct inode *inode, struct file *f)
{
	if (!tty.io || inode->rdev != tty.io->st.rdev)
		return -ENXIO;
	f->ops = &tty_ops;
	f->private = tty.io;
	return 0;
}

const char *stdio_tty_name(struct kstat *st)
{
	if (!tty.io || !tty.io->name)
		return NULL;
	kstat_from_host(st, &tty.io->st);
	return tty.io->name;
}

int tty_of_session(int sid)
{
	return tty.io && tty.sid && sid == tty.sid ? (int)tty.io->st.rdev : 0;
}

void stdio_first_session(struct task *t)
{
	if (!tty.io || !t->signal)
		return;
	tty.sid = t->signal->sid;
	tty.pgid = t->signal->pgid;
}

void stdio_init(void)
{
	stdio_sb.dev = new_anon_dev();
	for (int fd = 0; fd < 3; fd++) {
		struct stdio *io = &std[fd];
		struct host_req stat = { .op = HOST_STAT, .fd = fd, .path = "", .flags = AT_EMPTY_PATH, .stat = &io->st };
		struct host_req link = { .op = HOST_READLINK, .fd = HOST_AT_FDCWD, .size = PATH_MAX - 1 };
		char path[32];
		struct termios termios;
		long n;

		io->fd = fd;
		io->watcher.ready = stdio_ready;
		init_waitqueue_head(&io->wait);
		kmutex_init(&io->reading);
		io->flags = host_fcntl_getfl(fd);
		if (io->flags < 0)
			continue;
		if (host_call(&stat)) {
			io->flags = -EBADF;
			continue;
		}
		io->is_tty = S_ISCHR(io->st.mode) && !host_ioctl(fd, TCGETS, &termios);
		ksnprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		io->host_path = kmalloc(PATH_MAX);
		link.path = path;
		link.buf = io->host_path;
		n = io->host_path ? host_call(&link) : -ENOMEM;
		if (n > 0)
			io->host_path[n] = 0;
		if (n > 5 && S_ISCHR(io->st.mode) && !memcmp(io->host_path, "/dev/", 5))
			io->name = io->host_path + 5;
		if (io->is_tty && !tty.io)
			tty.io = io;
	}
}

/* Where the guest's tree has what the host calls @host_path, if that is still the same object. */
static int find_in_guest(const struct stdio *io, struct path *path)
{
	const char *text = io->host_path, *root = umk_options.root;
	struct inode *inode;
	int err;

	if (!text || text[0] != '/')
		return -ENOENT;
	if (root && strcmp(root, "/") && !S_ISCHR(io->st.mode)) {
		if (strncmp(text, root, strlen(root)))
			return -ENOENT;
		text += strlen(root);
	}
	err = path_lookup(AT_FDCWD, text, 0, path);
	if (err)
		return err;
	inode = path->dentry->inode;
	if (S_ISCHR(io->st.mode) ? S_ISCHR(inode->mode) && inode->rdev == io->st.rdev :
			inode->sb->host && inode->ino == io->st.ino && hostfs_dev(inode) == io->st.dev)
		return 0;
	path_put(path);
	return -ENOENT;
}

struct file *stdio_file(int n)
{
	struct stdio *io = &std[n];
	struct inode *inode;
	struct path path;
	struct file *f;
	bool found;
	u32 flags;

	if (io->flags < 0)
		return ERR_PTR(-EBADF);
	flags = io->flags & ~O_CLOEXEC;
	found = find_in_guest(io, &path) == 0;
	if (S_ISREG(io->st.mode) || S_ISDIR(io->st.mode)) {
		f = hostfs_file_of(n, &io->st, flags);
		if (!IS_ERR(f) && found)
			f->path = path;
		else if (found)
			path_put(&path);
		if (!IS_ERR(f) && !found) /* a name only: it lies outside of the guest's tree, or is deleted */
			f->path.dentry = d_alloc_root(inode_get(f->inode), io->host_path ? io->host_path : "");
		return f;
	}
	if (found) {
		/* A device that umk has too, or the terminal: as if it had been opened in the guest. */
		f = path_open(&path, flags);
		path_put(&path);
		if (!IS_ERR(f) && io->is_tty)
			f->private = io;
		if (!IS_ERR(f))
			return f;
	}
	inode = inode_alloc(&stdio_sb, io->st.mode);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	inode->ino = io->st.ino;
	inode->rdev = io->st.rdev;
	inode->private = io;
	inode->ops = &stdio_inode_ops;
	f = file_alloc(io->is_tty ? &tty_ops : &stdio_ops, inode, flags);
	inode_put(inode);
	if (!f)
		return ERR_PTR(-ENOMEM);
	f->private = io;
	return f;
}
