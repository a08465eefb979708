/* Pseudoterminals: pty(7). Two terminals back to back: what is written on one end arrives at the other's line discipline.
 * The master's modes are raw and stay so; what a program sets by way of the master are the slave's. */
#include "tty.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include "sysctl.h"
#include "uaccess.h"
#include <asm/ioctls.h>
#include <linux/eventpoll.h>

#define ENDS_MAJOR_MASTER 128
#define ENDS_MAJOR_SLAVE 136

unsigned pty_count;
static int pty_max = 4096;
static int pty_reserve = 1024;

static const struct tty_driver ptm_driver, pts_driver;
#define USUAL_CHARS { [VINTR] = 3, [VQUIT] = 28, [VERASE] = 127, [VKILL] = 21, [VEOF] = 4, [VMIN] = 1, [VSTART] = 17, \
	[VSTOP] = 19, [VSUSP] = 26, [VREPRINT] = 18, [VDISCARD] = 15, [VWERASE] = 23, [VLNEXT] = 22 }
static const struct ktermios slave_modes = {
	.c_iflag = ICRNL | IXON, .c_oflag = OPOST | ONLCR, .c_cflag = B38400 | CS8 | CREAD,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
	.c_cc = USUAL_CHARS, .c_ispeed = 38400, .c_ospeed = 38400,
};
static const struct ktermios master_modes = {
	.c_cflag = B38400 | CS8 | CREAD, .c_cc = USUAL_CHARS, .c_ispeed = 38400, .c_ospeed = 38400,
};

/* ---- the driver ---- */

static size_t pty_write_room(struct tty *tty)
{
	return tty->stopped ? 0 : tty_flip_room(tty->link);
}

static size_t pty_write(struct tty *tty, const u8 *buf, size_t size)
{
	if (tty->stopped || !tty->link->flip.data)
		return 0;
	size = tty_flip_insert(tty->link, buf, size);
	if (size && !tty->delivering)
		tty_deliver(tty->link);
	return size;
}

static void tell_master(struct tty *slave, u8 clear, u8 set)
{
	if (!slave->link->packet)
		return;
	slave->pktstatus = (slave->pktstatus & ~clear) | set;
	wake_up_poll(&slave->link->read_wait, EPOLLIN | EPOLLPRI | EPOLLRDNORM);
}

static void pty_flush_buffer(struct tty *tty)
{
	tty_flip_flush(tty->link);
	tell_master(tty, 0, TIOCPKT_FLUSHWRITE);
}

static void pts_flow(struct tty *tty, bool stop)
{
	tell_master(tty, stop ? TIOCPKT_START : TIOCPKT_STOP, stop ? TIOCPKT_STOP : TIOCPKT_START);
}

static void pty_unthrottle(struct tty *tty)
{
	tty_wakeup(tty->link);
}

static bool usual_flow(const struct ktermios *t)
{
	return (t->c_iflag & IXON) && t->c_cc[VSTOP] == 19 && t->c_cc[VSTART] == 17;
}

static void pts_set_termios(struct tty *tty, const struct ktermios *old)
{
	bool was = usual_flow(old), is = usual_flow(&tty->termios);

	if (was != is)
		tell_master(tty, TIOCPKT_DOSTOP | TIOCPKT_NOSTOP, is ? TIOCPKT_DOSTOP : TIOCPKT_NOSTOP);
	if ((old->c_lflag | tty->termios.c_lflag) & EXTPROC)
		tell_master(tty, 0, TIOCPKT_IOCTL);
	tty->termios.c_cflag = (tty->termios.c_cflag & ~(CSIZE | PARENB)) | CS8 | CREAD;
}

static int pty_open(struct tty *tty, struct file *f __maybe_unused)
{
	if (!tty->driver->master && (tty->other_closed || tty->locked || tty->link->count != 1)) {
		if (tty->count <= 2)
			tty->io_error = true;
		return -EIO;
	}
	tty->io_error = false;
	tty->link->other_closed = false;
	return 0;
}

static void pty_close(struct tty *tty)
{
	if (!tty->driver->master && (tty->io_error || tty->count > 2))
		return;
	tty->io_error = true;
	tty->packet = false;
	wake_up_all(&tty->read_wait);
	wake_up_all(&tty->write_wait);
	tty->link->other_closed = true;
	wake_up_all(&tty->link->read_wait);
	wake_up_all(&tty->link->write_wait);
	if (!tty->driver->master)
		return;
	tty->other_closed = true;
	devpts_remove(tty->driver_data, tty->link);
	tty->link->count--;
	tty_hangup(tty->link, false);
}

static long get_flag(unsigned long arg, bool *on)
{
	int value;

	if (get_user(value, (int __user *)u64_to_uptr(arg)))
		return -EFAULT;
	*on = value;
	return 0;
}

static long ptm_ioctl(struct tty *tty, unsigned cmd, unsigned long arg)
{
	int __user *uint = u64_to_uptr(arg);
	bool on = false;
	long err;

	switch (cmd) {
	case TIOCSPTLCK:
		err = get_flag(arg, &on);
		if (!err)
			tty->link->locked = on;
		return err;
	case TIOCGPTLCK:
		return put_user(tty->link->locked, uint);
	case TIOCPKT:
		err = get_flag(arg, &on);
		if (err)
			return err;
		if (on && !tty->packet)
			tty->link->pktstatus = 0;
		tty->packet = on;
		return 0;
	case TIOCGPKT:
		return put_user(tty->packet, uint);
	case TIOCGPTN:
		return put_user(tty->index, (u32 __user *)u64_to_uptr(arg));
	case TIOCSIG:
		if (arg != SIGINT && arg != SIGQUIT && arg != SIGTSTP)
			return -EINVAL;
		tty_signal_group(tty->link, (int)arg);
		return 0;
	}
	return -ENOIOCTLCMD;
}

/* ---- making and ending a pair ---- */

struct pty_pair {
	struct tty master, slave;
};

static void end_free(struct tty *tty)
{
	n_tty_close(tty);
	tty_flip_free(tty);
}

static void pair_free(struct tty *master)
{
	struct pty_pair *p = container_of(master, struct pty_pair, master);

	devpts_free_index(master->driver_data, master->index);
	end_free(&p->master);
	end_free(&p->slave);
	kfree(p);
	pty_count--;
}

static int end_init(struct tty *tty, const struct tty_driver *driver, const struct ktermios *modes, struct tty *link)
{
	tty_init(tty, driver, &n_tty_ldisc);
	tty->link = link;
	tty->count = 1;
	tty->termios = *modes;
	tty->io_error = !driver->master;
	return tty_flip_init(tty) ?: n_tty_open(tty);
}

/* A new pair at @index of @d: the master, with one reference; ERR_PTR. */
static struct tty *pair_new(struct devpts *d, int index)
{
	struct pty_pair *p = kzalloc(sizeof(*p));
	int err;

	if (!p)
		return ERR_PTR(-ENOMEM);
	err = end_init(&p->master, &ptm_driver, &master_modes, &p->slave);
	if (!err)
		err = end_init(&p->slave, &pts_driver, &slave_modes, &p->master);
	if (err) {
		end_free(&p->master);
		end_free(&p->slave);
		kfree(p);
		return ERR_PTR(err);
	}
	p->slave.owner = &p->master;
	p->slave.locked = true;
	p->master.index = p->slave.index = index;
	p->master.dev = make_dev(ENDS_MAJOR_MASTER + index / 256, index % 256);
	p->slave.dev = make_dev(ENDS_MAJOR_SLAVE, index);
	p->master.driver_data = p->slave.driver_data = d;
	pty_count++;
	return &p->master;
}

int ptmx_open(struct inode *inode, struct file *f)
{
	struct devpts *d = devpts_of_inode(inode);
	struct tty *master;
	int index, err;

	if (!d)
		return -ENODEV;
	index = pty_count < (unsigned)pty_max ? devpts_new_index(d) : -ENOSPC;
	if (index < 0)
		return index;
	master = pair_new(d, index);
	if (IS_ERR(master)) {
		devpts_free_index(d, index);
		return PTR_ERR(master);
	}
	master->count = 0;
	err = devpts_add(d, master->link);
	if (!err)
		err = tty_attach_file(master, f, true);
	if (err)
		devpts_remove(d, master->link);
	tty_put(master); /* the file has its own */
	return err;
}

static const struct tty_driver ptm_driver = {
	.name = "pty_master", .pty = true, .master = true, .write = pty_write, .write_room = pty_write_room, .open = pty_open,
	.close = pty_close, .flush_buffer = pty_flush_buffer, .unthrottle = pty_unthrottle, .ioctl = ptm_ioctl, .free = pair_free,
};
static const struct tty_driver pts_driver = {
	.name = "pty_slave", .pty = true, .initial = &slave_modes, .write = pty_write, .write_room = pty_write_room, .open = pty_open,
	.close = pty_close, .flush_buffer = pty_flush_buffer, .flow = pts_flow, .unthrottle = pty_unthrottle,
	.set_termios = pts_set_termios,
};

static void pty_nr_get(struct seq *s, const struct ctl_table *row __maybe_unused)
{
	seq_printf(s, "%u\n", pty_count);
}

static const struct ctl_table pty_table[] = {
	{ "kernel/pty/max", 0644, SYSCTL_INT(pty_max, 0, 1 << 20) },
	{ "kernel/pty/reserve", 0644, SYSCTL_INT(pty_reserve, 0, 1 << 20) },
	{ "kernel/pty/nr", 0444, .get = pty_nr_get },
	{ "dev/tty/ldisc_autoload", 0444, SYSCTL_TEXT("0") },
	{ "dev/tty/legacy_tiocsti", 0444, SYSCTL_TEXT("0") },
	{ 0 }
};

void pty_init(void)
{
	sysctl_register(pty_table);
}
