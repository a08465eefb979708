/* umk's own standard input, output and error, and what else it was started with, as guest files: pipes, sockets, devices and
 * the terminal. (Regular files are hostfs's.) Only the guest that reads or writes waits. The terminal is a struct tty whose
 * line discipline is the host's: data and modes pass through, while sessions and groups are umk's own (kernel/tty/jobctrl.c). */
#include "internal.h"
#include "ledger.h"
#include "tty.h"
#include <linux/capability.h>
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
static struct stdio std[3 + ARRAY_SIZE(umk_options.inherited)];
static int nstd;
static struct super_block stdio_sb = { .type = "pipefs", .magic = 0x50495045 };

/* The first of them that is a terminal, as the guests know it. Its line discipline is the host's. */
static struct stdio *console_io;
static struct tty console;

static const struct file_operations stdio_ops;
static const struct tty_driver console_driver;
static const struct tty_ldisc console_ldisc;

/* The open description of the host that a guest's file goes to: its own, or (/dev/tty) one that is open for @write. */
static struct stdio *io_of(const struct file *f, bool write)
{
	struct tty_file *tf;

	if (f->ops != &tty_fops)
		return f->private;
	tf = f->private;
	if (tf->data)
		return tf->data;
	for (int fd = 0; fd < nstd; fd++)
		if (std[fd].is_tty && std[fd].st.rdev == console_io->st.rdev &&
				(std[fd].flags & O_ACCMODE) != (write ? O_RDONLY : O_WRONLY))
			return &std[fd];
	return console_io;
}

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
	struct stdio *io = io_of(f, pt && pt->key && !(pt->key & EPOLLIN));
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

/* ---- the terminal ---- */

struct tty *console_tty(void)
{
	return console_io ? &console : NULL;
}

int tty_foreground(void)
{
	return console_io ? console.pgrp : 0;
}

bool console_is_gone(void)
{
	return console_io && (host_ready(console_io->fd, EPOLLIN) & EPOLLHUP);
}

/* ---- data ---- */

#define STDIO_CHUNK (64 * 1024ul)

static ssize_t stdio_read(struct file *f, struct iov_iter *to, u64 *pos __maybe_unused)
{
	struct stdio *io = io_of(f, false);
	size_t size = min(iov_iter_count(to), STDIO_CHUNK);
	u8 *buf;
	long n;

	if (!size)
		return 0;
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
	struct stdio *io = io_of(f, true);
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
	if (n == -EPIPE && !done && !f->nosignal)
		send_sig_task(SIGPIPE, SEND_SIG_NOINFO, current);
	return done ? done : n;
}

static long stdio_ioctl(struct file *f, unsigned cmd, unsigned long arg)
{
	struct stdio *io = f->private;
	int n;
	long err;

	if (cmd != FIONREAD)
		return -ENOTTY;
	err = host_ioctl(io->fd, cmd, &n);
	return err ? err : put_user(n, (int __user *)u64_to_uptr(arg));
}

static const struct file_operations stdio_ops = {
	.name = "stdio", .read = stdio_read, .write = stdio_write, .poll = stdio_poll, .ioctl = stdio_ioctl,
};

/* ---- the terminal's line discipline ---- */

static ssize_t console_read(struct tty *tty, struct file *f, struct iov_iter *to)
{
	long err = tty_check_change(tty, SIGTTIN);

	return err ? err : stdio_read(f, to, NULL);
}

static ssize_t console_write(struct tty *tty, struct file *f, struct iov_iter *from)
{
	struct termios modes;
	long err;

	/* The host sees one process; only here is known which guest is in the background. */
	if (current->signal->tty == tty && current->signal->pgid != tty->pgrp &&
			!host_ioctl(console_io->fd, TCGETS, &modes) && (modes.c_lflag & TOSTOP)) {
		err = tty_check_change(tty, SIGTTOU);
		if (err)
			return err;
	}
	return stdio_write(f, from, NULL);
}

static u32 console_poll(struct tty *tty __maybe_unused, struct file *f, struct poll_table *pt)
{
	return stdio_poll(f, pt);
}

enum io_dir { IO_GET, IO_SET, IO_VALUE };
static const struct {
	unsigned cmd;
	u8 size;
	u8 dir; /* IO_SET and IO_VALUE are refused to the background */
} host_ioctls[] = {
	{ TCGETS, sizeof(struct termios), IO_GET },
	{ TCSETS, sizeof(struct termios), IO_SET },
	{ TCSETSW, sizeof(struct termios), IO_SET },
	{ TCSETSF, sizeof(struct termios), IO_SET },
	{ TCGETS2, sizeof(struct termios2), IO_GET },
	{ TCSETS2, sizeof(struct termios2), IO_SET },
	{ TCSETSW2, sizeof(struct termios2), IO_SET },
	{ TCSETSF2, sizeof(struct termios2), IO_SET },
	{ TCGETA, 18, IO_GET },
	{ TCSETA, 18, IO_SET },
	{ TCSETAW, 18, IO_SET },
	{ TCSETAF, 18, IO_SET },
	{ TCSBRK, 0, IO_VALUE },
	{ TCSBRKP, 0, IO_VALUE },
	{ TCXONC, 0, IO_VALUE },
	{ TCFLSH, 0, IO_VALUE },
	{ FIONREAD, 4, IO_GET },
	{ TIOCOUTQ, 4, IO_GET },
	{ TIOCMGET, 4, IO_GET },
};

static long console_ioctl(struct tty *tty, struct file *f, unsigned cmd, unsigned long arg)
{
	struct stdio *io = io_of(f, true);
	unsigned i = 0;
	u8 buf[64];
	long err;

	while (i < ARRAY_SIZE(host_ioctls) && host_ioctls[i].cmd != cmd)
		i++;
	if (i == ARRAY_SIZE(host_ioctls)) {
		/* What only the other end of a pseudoterminal answers is asked of any terminal, to find out what it is. */
		if (cmd != TIOCGPTN && cmd != TIOCSPTLCK && cmd != TIOCGPTLCK && cmd != TIOCGPTPEER && cmd != TIOCPKT && cmd != TIOCGPKT)
			LEDGER("terminal ioctl", cmd);
		return -ENOIOCTLCMD;
	}
	if (host_ioctls[i].dir == IO_GET) {
		err = host_ioctl(io->fd, cmd, buf);
		return err ? err : copy_to_user(u64_to_uptr(arg), buf, host_ioctls[i].size) ? -EFAULT : 0;
	}
	err = tty_check_change(tty, SIGTTOU);
	if (err)
		return err;
	if (host_ioctls[i].dir == IO_VALUE)
		return host_ioctl(io->fd, cmd, (void *)arg);
	if (copy_from_user(buf, u64_to_uptr(arg), host_ioctls[i].size))
		return -EFAULT;
	return host_ioctl(io->fd, cmd, buf);
}

static int console_get_winsize(struct tty *tty __maybe_unused, struct winsize_k *ws)
{
	return (int)host_ioctl(console_io->fd, TIOCGWINSZ, ws);
}

static int console_set_winsize(struct tty *tty __maybe_unused, const struct winsize_k *ws)
{
	return (int)host_ioctl(console_io->fd, TIOCSWINSZ, (void *)ws);
}

/* The host's session goes on when the guests' ends: nothing hangs up. */
static const struct tty_driver console_driver = { .name = "console", .pty = true };
static const struct tty_ldisc console_ldisc = {
	.name = "host", .read = console_read, .write = console_write, .poll = console_poll, .ioctl = console_ioctl,
	.get_winsize = console_get_winsize, .set_winsize = console_set_winsize,
};

/* ---- files ---- */

static int stdio_getattr(struct inode *inode, struct kstat *st)
{
	struct stdio *io = inode->private;
	struct host_req r = { .op = HOST_STAT, .fd = io->fd, .path = "", .flags = AT_EMPTY_PATH, .stat = &io->st };
	long err = host_call(&r);

	if (!err)
		kstat_from_host(st, &io->st);
	return err;
}

int console_open(struct file *f)
{
	if (!console_io)
		return -ENXIO;
	if (console.exclusive && !capable(CAP_SYS_ADMIN))
		return -EBUSY;
	return tty_attach_file(&console, f, f->flags & O_NOCTTY);
}

/* A FIFO or a device as which umk's descriptor is known may be opened again (/dev/stdin, /proc/self/fd/0). */
static int stdio_open(struct inode *inode, struct file *f)
{
	struct stdio *io = inode->private;

	if (S_ISSOCK(inode->mode))
		return -ENXIO;
	if (io->is_tty)
		return console_open(f);
	f->ops = &stdio_ops;
	f->private = io;
	return 0;
}

static const struct inode_operations stdio_inode_ops = { .getattr = stdio_getattr, .open = stdio_open };

/* A stream that a host program passed belongs to its one file. */
static void passed_release(struct file *f)
{
	struct host_req r = { .op = HOST_CLOSE };
	struct stdio *io = f->private;

	host_unwatch(io->fd, &io->watcher);
	r.fd = io->fd;
	host_call(&r);
	f->inode->private = NULL;
	kfree(io);
}

static const struct file_operations passed_ops = {
	.name = "stdio", .read = stdio_read, .write = stdio_write, .poll = stdio_poll, .ioctl = stdio_ioctl, .release = passed_release,
};

static int passed_getattr(struct inode *inode, struct kstat *st)
{
	return inode->private ? stdio_getattr(inode, st) : -ESTALE;
}

static const struct inode_operations passed_inode_ops = { .getattr = passed_getattr };

const char *stdio_tty_name(struct kstat *st)
{
	if (!console_io || !console_io->name)
		return NULL;
	kstat_from_host(st, &console_io->st);
	return console_io->name;
}

void stdio_first_session(struct task *t)
{
	if (console_io && t->signal)
		tty_set_session(&console, t->signal);
}

/* What is known of @fd, for a file of it. */
static struct stdio *stdio_alloc(int fd, const struct host_stat *st)
{
	struct stdio *io = kzalloc(sizeof(*io));

	if (!io)
		return NULL;
	io->fd = fd;
	io->st = *st;
	io->flags = host_fcntl_getfl(fd);
	io->watcher.ready = stdio_ready;
	init_waitqueue_head(&io->wait);
	kmutex_init(&io->reading);
	return io;
}

struct file *host_file_adopt(int fd)
{
	struct host_stat st;
	struct host_req stat = { .op = HOST_STAT, .fd = fd, .path = "", .flags = AT_EMPTY_PATH, .stat = &st };
	struct inode *inode;
	struct stdio *io;
	struct file *f;
	long err = host_call(&stat);

	if (err)
		return ERR_PTR(err);
	if (S_ISREG(st.mode) || S_ISDIR(st.mode))
		return hostfs_file_of(fd, &st, host_fcntl_getfl(fd) & ~O_CLOEXEC, false);
	if (!S_ISFIFO(st.mode) && !S_ISCHR(st.mode))
		return ERR_PTR(-EOPNOTSUPP);
	io = stdio_alloc(fd, &st);
	inode = io ? inode_alloc(&stdio_sb, st.mode) : NULL;
	if (!inode)
		goto free_io;
	inode->ino = st.ino;
	inode->rdev = st.rdev;
	inode->private = io;
	inode->ops = &passed_inode_ops;
	f = file_alloc(&passed_ops, inode, (u32)io->flags & ~O_CLOEXEC);
	inode_put(inode);
	if (!f)
		goto free_io;
	f->private = io;
	return f;
free_io:
	kfree(io);
	return ERR_PTR(-ENOMEM);
}

int host_file_fd(struct file *f)
{
	if (f->ops == &stdio_ops || f->ops == &passed_ops)
		return ((struct stdio *)f->private)->fd;
	return hostfs_file_fd(f);
}

void stdio_init(void)
{
	stdio_sb.dev = new_anon_dev();
	nstd = 3 + (int)umk_options.ninherited;
	for (int i = 0; i < nstd; i++) {
		struct stdio *io = &std[i];
		int fd = i < 3 ? i : umk_options.inherited[i - 3];
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
		if (io->is_tty && !console_io) {
			tty_init(&console, &console_driver, &console_ldisc);
			console.dev = io->st.rdev;
			console_io = io;
		}
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

struct file *stdio_file(int n, int *fd)
{
	struct stdio *io = n < nstd ? &std[n] : NULL;
	struct inode *inode;
	struct path path;
	struct file *f;
	bool found;
	u32 flags;

	if (!io)
		return NULL;
	*fd = io->fd;
	if (io->flags < 0)
		return ERR_PTR(-EBADF);
	flags = io->flags & ~O_CLOEXEC;
	found = find_in_guest(io, &path) == 0;
	if (S_ISREG(io->st.mode) || S_ISDIR(io->st.mode)) {
		f = hostfs_file_of(io->fd, &io->st, flags, true);
		if (!IS_ERR(f) && found)
			f->path = path;
		else if (found)
			path_put(&path);
		if (!IS_ERR(f) && !found) /* a name only: it lies outside of the guest's tree, or is deleted */
			f->path.dentry = d_alloc_root(inode_get(f->inode), io->host_path ? io->host_path : "");
		return f;
	}
	if (found && !S_ISCHR(io->st.mode)) { /* a FIFO's other end is on the host */
		path_put(&path);
		found = false;
	}
	if (found) {
		/* A device that umk has too, or the terminal: as if it had been opened in the guest. */
		f = path_open(&path, flags | X86_O_LARGEFILE);
		path_put(&path);
		if (!IS_ERR(f) && io->is_tty)
			((struct tty_file *)f->private)->data = io;
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
	f = file_alloc(&stdio_ops, inode, flags);
	inode_put(inode);
	if (!f)
		return ERR_PTR(-ENOMEM);
	f->private = io;
	if (S_ISFIFO(io->st.mode) && io->host_path && io->host_path[0] == '/')
		f->path.dentry = d_alloc_root(inode_get(inode), io->host_path);
	if (io->is_tty) {
		int err = tty_attach_file(&console, f, true);

		if (err) {
			f->ops = &stdio_ops;
			file_put(f);
			return ERR_PTR(err);
		}
		((struct tty_file *)f->private)->data = io;
	}
	return f;
}
