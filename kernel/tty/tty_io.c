/* Terminals as files: opening, closing, reading and writing by way of the line discipline, hang-up, and the short buffer
 * between a driver and its line discipline. Leaves sessions to jobctrl.c and ioctls to tty_ioctl.c. */
#include "tty.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include "syscalls.h"
#include <linux/capability.h>
#include <linux/eventpoll.h>

void tty_init(struct tty *tty, const struct tty_driver *driver, const struct tty_ldisc *ldisc)
{
	tty->refs = 1;
	tty->owner = tty;
	tty->driver = driver;
	tty->ldisc = ldisc;
	INIT_LIST_HEAD(&tty->files);
	init_waitqueue_head(&tty->read_wait);
	init_waitqueue_head(&tty->write_wait);
	kmutex_init(&tty->reading);
	kmutex_init(&tty->writing);
}

void tty_put(struct tty *tty)
{
	struct tty *owner = tty->owner;

	if (--owner->refs == 0 && owner->driver->free)
		owner->driver->free(owner);
}

/* ---- flow ---- */

void tty_wakeup(struct tty *tty)
{
	if (waitqueue_active(&tty->write_wait))
		wake_up_poll(&tty->write_wait, EPOLLOUT | EPOLLWRNORM);
}

void tty_start(struct tty *tty)
{
	if (!tty->stopped || tty->tco_stopped)
		return;
	tty->stopped = false;
	if (tty->driver->flow)
		tty->driver->flow(tty, false);
	tty_wakeup(tty);
}

void tty_stop(struct tty *tty)
{
	if (tty->stopped)
		return;
	tty->stopped = true;
	if (tty->driver->flow)
		tty->driver->flow(tty, true);
}

/* ---- opening and closing ---- */

int tty_attach_file(struct tty *tty, struct file *f, bool noctty)
{
	struct tty_file *tf = kzalloc(sizeof(*tf));
	int err = 0;

	if (!tf)
		return -ENOMEM;
	tf->tty = tty_get(tty);
	list_add_tail(&tf->node, &tty->files);
	tty->count++;
	f->ops = &tty_fops;
	f->private = tf;
	if (tty->driver->open)
		err = tty->driver->open(tty, f);
	if (err)
		return err; /* whoever opens it releases it: tty_release undoes the rest */
	if (!noctty)
		tty_open_set_ctty(tty, f);
	return 0;
}

static void tty_release(struct file *f)
{
	struct tty_file *tf = f->private;
	struct tty *tty = tf->tty;

	if (!tf->hung) {
		if (tty->driver->close)
			tty->driver->close(tty);
		tty->count--;
		if (!tty->count && tty->session)
			tty_clear_session(tty->session);
	}
	list_del(&tf->node);
	tty_put(tty);
	kfree(tf);
}

int tty_open_current(struct file *f)
{
	struct tty *tty = current->signal->tty;

	if (!tty)
		return -ENXIO;
	if (tty->exclusive && !capable(CAP_SYS_ADMIN))
		return -EBUSY;
	return tty_attach_file(tty, f, true);
}

/* ---- hang-up ---- */

void tty_hangup(struct tty *tty, bool exit_session)
{
	struct tty_file *tf;
	unsigned closed = 0;

	tty_get(tty);
	list_for_each_entry(tf, &tty->files, node) {
		if (tf->hung)
			continue;
		tf->hung = true;
		closed++;
	}
	tty_signal_session(tty, exit_session);
	if (tty->ldisc->flush)
		tty->ldisc->flush(tty);
	if (tty->driver->flush_buffer)
		tty->driver->flush_buffer(tty);
	tty_flip_flush(tty);
	tty->stopped = tty->tco_stopped = tty->packet = false;
	if (tty->driver->initial) {
		tty->termios = *tty->driver->initial;
		tty->ldisc->set_termios(tty, NULL);
	}
	/* wakes everybody: they find their files hung up */
	wake_up_all(&tty->read_wait);
	wake_up_all(&tty->write_wait);
	while (closed--) {
		if (tty->driver->close)
			tty->driver->close(tty);
		tty->count--;
	}
	tty_put(tty);
}

/* vhangup(2): EPERM. */
SYSCALL_DEFINE0(vhangup)
{
	if (!capable(CAP_SYS_TTY_CONFIG))
		return -EPERM;
	if (current->signal->tty)
		tty_hangup(current->signal->tty, false);
	return 0;
}

/* ---- data ---- */

static void touch(struct file *f, bool write)
{
	struct ktimespec *t = write ? &f->inode->mtime : &f->inode->atime;
	s64 now = ktime_get_real() / NSEC_PER_SEC;

	if ((t->sec ^ now) & ~7)
		t->sec = now; /* who is idle may be known, the rhythm of typing may not */
}

static ssize_t tty_read(struct file *f, struct iov_iter *to, u64 *pos __maybe_unused)
{
	struct tty_file *tf = f->private;
	ssize_t n;

	if (tf->hung)
		return 0;
	if (tf->tty->io_error)
		return -EIO;
	n = tf->tty->ldisc->read(tf->tty, f, to);
	if (n > 0)
		touch(f, false);
	return n;
}

static ssize_t tty_write(struct file *f, struct iov_iter *from, u64 *pos __maybe_unused)
{
	struct tty_file *tf = f->private;
	struct tty *tty = tf->tty;
	ssize_t n;

	if (tf->hung || tty->io_error)
		return -EIO;
	if (f->flags & O_NONBLOCK && tty->writing.held)
		return -EAGAIN;
	n = kmutex_lock_interruptible(&tty->writing);
	if (n)
		return n;
	n = tf->hung ? -EIO : tty->ldisc->write(tty, f, from);
	kmutex_unlock(&tty->writing);
	tty_wakeup(tty);
	if (n > 0)
		touch(f, true);
	return n;
}

static u32 tty_poll(struct file *f, struct poll_table *pt)
{
	struct tty_file *tf = f->private;

	if (tf->hung)
		return EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLRDNORM | EPOLLWRNORM;
	return tf->tty->ldisc->poll(tf->tty, f, pt);
}

static int tty_fasync(int fd, struct file *f, bool on)
{
	struct tty_file *tf = f->private;

	return tf->hung && on ? -ENOTTY : fasync_helper(fd, f, on, &tf->tty->fasync);
}

static void tty_show_fdinfo(struct file *f, char *buf, size_t size)
{
	struct tty_file *tf = f->private;

	if (tf->tty->driver->master)
		ksnprintf(buf, size, "tty-index:\t%d\n", tf->tty->index);
}

const struct file_operations tty_fops = {
	.name = "tty", .read = tty_read, .write = tty_write, .poll = tty_poll, .ioctl = tty_ioctl, .release = tty_release,
	.fasync = tty_fasync, .show_fdinfo = tty_show_fdinfo,
};
