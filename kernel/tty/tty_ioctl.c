/* The ioctls of terminals: ioctl_tty(2). What concerns sessions is jobctrl.c's, what only one driver or line discipline has
 * is theirs. The order in which they are asked, and so what an unknown command gives, is Linux's. */
#include "tty.h"
#include "ledger.h"
#include "sched.h"
#include "string.h"
#include "uaccess.h"
#include <asm/ioctls.h>
#include <linux/capability.h>

/* struct termio of System V. */
struct termio_k {
	u16 c_iflag, c_oflag, c_cflag, c_lflag;
	u8 c_line, c_cc[8];
};
BUILD_BUG_ON(sizeof(struct termio_k) != 18);

/* ---- speeds ---- */

static const u32 speeds[] = {
	0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400,
	57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000, 3500000, 4000000,
};

/* The bits of c_cflag as bits per second; @given for BOTHER. */
static u32 speed_of(u32 bits, u32 given)
{
	unsigned i = bits & CBAUD;

	if (i == BOTHER)
		return given;
	if (i & CBAUDEX)
		i = (i & ~(unsigned)CBAUDEX) + 15;
	return i < ARRAY_SIZE(speeds) ? speeds[i] : 0;
}

static u32 input_speed(const struct ktermios *t)
{
	u32 bits = t->c_cflag >> IBSHIFT & CBAUD;

	return bits == 0 ? speed_of(t->c_cflag, t->c_ospeed) : speed_of(bits, t->c_ispeed);
}

/* ---- termios ---- */

enum { KIND_TERMIO, KIND_TERMIOS, KIND_TERMIOS2 };

static long get_termios(struct tty *tty, unsigned long arg, int kind)
{
	const struct ktermios *k = &tty->termios;
	struct termio_k old = { .c_iflag = k->c_iflag, .c_oflag = k->c_oflag, .c_cflag = k->c_cflag, .c_lflag = k->c_lflag,
		.c_line = k->c_line };
	const void *from = k; /* struct termios is ktermios' beginning, termios2 all of it */
	size_t size = kind == KIND_TERMIOS ? sizeof(struct termios) : sizeof(struct termios2);

	if (kind == KIND_TERMIO) {
		memcpy(old.c_cc, k->c_cc, sizeof(old.c_cc));
		from = &old;
		size = sizeof(old);
	}
	return copy_to_user(u64_to_uptr(arg), from, size) ? -EFAULT : 0;
}

static int take_termios(const struct tty *tty, struct ktermios *new, unsigned long arg, int kind)
{
	struct termio_k old;

	*new = tty->termios;
	if (kind == KIND_TERMIO) {
		if (copy_from_user(&old, u64_to_uptr(arg), sizeof(old)))
			return -EFAULT;
		new->c_iflag = (new->c_iflag & 0xffff0000) | old.c_iflag;
		new->c_oflag = (new->c_oflag & 0xffff0000) | old.c_oflag;
		new->c_cflag = (new->c_cflag & 0xffff0000) | old.c_cflag;
		new->c_lflag = (new->c_lflag & 0xffff0000) | old.c_lflag;
		new->c_line = old.c_line;
		memcpy(new->c_cc, old.c_cc, sizeof(old.c_cc));
	} else if (copy_from_user(new, u64_to_uptr(arg), kind == KIND_TERMIOS ? sizeof(struct termios) : sizeof(struct termios2))) {
		return -EFAULT;
	}
	/* With BOTHER in one of them the speed is the number, else the number is the speed's. */
	new->c_ispeed = input_speed(new);
	new->c_ospeed = speed_of(new->c_cflag, new->c_ospeed);
	return 0;
}

static void tty_set_termios(struct tty *tty, const struct ktermios *new)
{
	struct ktermios old = tty->termios;
	const struct ktermios *lock = &tty->termios_locked;
	struct ktermios *t = &tty->termios;

	*t = *new;
	t->c_iflag = (old.c_iflag & lock->c_iflag) | (new->c_iflag & ~lock->c_iflag);
	t->c_oflag = (old.c_oflag & lock->c_oflag) | (new->c_oflag & ~lock->c_oflag);
	t->c_cflag = (old.c_cflag & lock->c_cflag) | (new->c_cflag & ~lock->c_cflag);
	t->c_lflag = (old.c_lflag & lock->c_lflag) | (new->c_lflag & ~lock->c_lflag);
	t->c_line = lock->c_line ? old.c_line : new->c_line;
	for (unsigned i = 0; i < NR_CCS; i++)
		t->c_cc[i] = lock->c_cc[i] ? old.c_cc[i] : new->c_cc[i];
	if (tty->driver->set_termios)
		tty->driver->set_termios(tty, &old);
	if (tty->ldisc->set_termios)
		tty->ldisc->set_termios(tty, &old);
}

/* Output is never under way here, so TCSETSW differs from TCSETS in nothing. */
static long set_termios(struct tty *real, unsigned long arg, int kind, bool flush)
{
	struct ktermios new;
	long err = tty_check_change(real, SIGTTOU);

	if (!err)
		err = take_termios(real, &new, arg, kind);
	if (err)
		return err;
	if (flush && real->ldisc->flush)
		real->ldisc->flush(real);
	tty_set_termios(real, &new);
	return 0;
}

static long locked_termios(struct tty *real, unsigned cmd, unsigned long arg)
{
	struct ktermios new = real->termios_locked;

	if (cmd == TIOCGLCKTRMIOS)
		return copy_to_user(u64_to_uptr(arg), &new, sizeof(struct termios)) ? -EFAULT : 0;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (copy_from_user(&new, u64_to_uptr(arg), sizeof(struct termios)))
		return -EFAULT;
	real->termios_locked = new;
	return 0;
}

static long mode_ioctl(struct tty *tty, unsigned cmd, unsigned long arg)
{
	struct tty *real = tty_real(tty);
	int on;

	switch (cmd) {
	case TCGETS:
		return get_termios(real, arg, KIND_TERMIOS);
	case TCGETS2:
		return get_termios(real, arg, KIND_TERMIOS2);
	case TCGETA:
		return get_termios(real, arg, KIND_TERMIO);
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return set_termios(real, arg, KIND_TERMIOS, cmd == TCSETSF);
	case TCSETS2:
	case TCSETSW2:
	case TCSETSF2:
		return set_termios(real, arg, KIND_TERMIOS2, cmd == TCSETSF2);
	case TCSETA:
	case TCSETAW:
	case TCSETAF:
		return set_termios(real, arg, KIND_TERMIO, cmd == TCSETAF);
	case TIOCGLCKTRMIOS:
	case TIOCSLCKTRMIOS:
		return locked_termios(real, cmd, arg);
	case TIOCGSOFTCAR:
		return put_user(real->termios.c_cflag & CLOCAL ? 1 : 0, (int __user *)u64_to_uptr(arg));
	case TIOCSSOFTCAR:
		if (get_user(on, (int __user *)u64_to_uptr(arg)))
			return -EFAULT;
		real->termios.c_cflag = (real->termios.c_cflag & ~CLOCAL) | (on ? CLOCAL : 0);
		return 0;
	}
	return -ENOIOCTLCMD;
}

/* ---- flow ---- */

/* An XON or XOFF of its own towards the line. */
static void send_char(struct tty *tty, u8 c)
{
	bool was_stopped = tty->stopped;

	if (was_stopped)
		tty_start(tty); /* which TCOOFF forbids */
	tty->driver->write(tty, &c, 1);
	if (was_stopped)
		tty_stop(tty);
}

static long flow_ioctl(struct tty *tty, unsigned long arg)
{
	long err = tty_check_change(tty, SIGTTOU);

	if (err)
		return err;
	switch (arg) {
	case TCOOFF:
		tty->tco_stopped = true;
		tty_stop(tty);
		return 0;
	case TCOON:
		if (tty->tco_stopped) {
			tty->tco_stopped = false;
			tty_start(tty);
		}
		return 0;
	case TCIOFF:
	case TCION:
		if (tty->termios.c_cc[arg == TCIOFF ? VSTOP : VSTART] != DISABLED_CHAR)
			send_char(tty, tty->termios.c_cc[arg == TCIOFF ? VSTOP : VSTART]);
		return 0;
	}
	return -EINVAL;
}

static long flush_ioctl(struct tty *tty, unsigned long arg)
{
	long err = tty_check_change(tty, SIGTTOU);

	if (err)
		return err;
	if (arg > TCIOFLUSH)
		return -EINVAL;
	if (arg != TCOFLUSH && tty->ldisc->flush) {
		tty->ldisc->flush(tty);
		if (tty->driver->unthrottle)
			tty->driver->unthrottle(tty);
	}
	if (arg != TCIFLUSH && tty->driver->flush_buffer)
		tty->driver->flush_buffer(tty);
	return 0;
}

long n_tty_ioctl_helper(struct tty *tty, unsigned cmd, unsigned long arg)
{
	switch (cmd) {
	case TCXONC:
		return flow_ioctl(tty, arg);
	case TCFLSH:
		return flush_ioctl(tty, arg);
	}
	return mode_ioctl(tty, cmd, arg);
}

/* ---- the rest ---- */

static long winsize_ioctl(struct tty *real, unsigned cmd, unsigned long arg)
{
	struct winsize_k ws = real->winsize;
	int err = 0;

	if (cmd == TIOCGWINSZ) {
		if (real->ldisc->get_winsize)
			err = real->ldisc->get_winsize(real, &ws);
		return err ? err : copy_to_user(u64_to_uptr(arg), &ws, sizeof(ws)) ? -EFAULT : 0;
	}
	if (copy_from_user(&ws, u64_to_uptr(arg), sizeof(ws)))
		return -EFAULT;
	if (real->ldisc->set_winsize)
		return real->ldisc->set_winsize(real, &ws);
	if (!memcmp(&ws, &real->winsize, sizeof(ws)))
		return 0;
	tty_signal_group(real, SIGWINCH);
	if (real->link && real->link->pgrp != real->pgrp)
		tty_signal_group(real->link, SIGWINCH);
	real->winsize = ws;
	if (real->link)
		real->link->winsize = ws;
	return 0;
}

/* As with dev.tty.legacy_tiocsti=0. */
static long tiocsti(struct tty *tty, unsigned long arg)
{
	u8 c;

	if (!capable(CAP_SYS_ADMIN))
		return -EIO;
	if (get_user(c, (u8 __user *)u64_to_uptr(arg)))
		return -EFAULT;
	if (!tty->ldisc->receive) {
		LEDGER("TIOCSTI on umk's own terminal", c);
		return -EIO;
	}
	tty->ldisc->receive(tty, &c, 1);
	return 0;
}

static long set_ldisc(unsigned long arg)
{
	int n;

	if (get_user(n, (int __user *)u64_to_uptr(arg)))
		return -EFAULT;
	if (n == 0)
		return 0;
	if (n > 0 && n < 31)
		LEDGER("line discipline", n);
	return -EINVAL;
}

static long open_peer(struct tty *tty, unsigned long flags)
{
	return tty->driver->master ? devpts_open_peer(tty->link, (int)flags) : -EIO;
}

static long common_ioctl(struct tty *tty, struct file *f, unsigned cmd, unsigned long arg)
{
	struct tty *real = tty_real(tty);
	int __user *uint = u64_to_uptr(arg);
	long err;

	switch (cmd) {
	case TIOCSETD:
	case TIOCSBRK:
	case TIOCCBRK:
	case TCSBRK:
	case TCSBRKP:
		err = tty_check_change(tty, SIGTTOU);
		if (err)
			return err;
		break;
	}
	switch (cmd) {
	case TIOCSTI:
		return tiocsti(tty, arg);
	case TIOCGWINSZ:
	case TIOCSWINSZ:
		return winsize_ioctl(real, cmd, arg);
	case TIOCCONS:
		return real != tty ? -EINVAL : !capable(CAP_SYS_ADMIN) ? -EPERM : -EBUSY;
	case TIOCEXCL:
	case TIOCNXCL:
		tty->exclusive = cmd == TIOCEXCL;
		return 0;
	case TIOCGEXCL:
		return put_user(tty->exclusive, uint);
	case TIOCGETD:
		return put_user(0, uint);
	case TIOCSETD:
		return set_ldisc(arg);
	case TIOCVHANGUP:
		if (!capable(CAP_SYS_ADMIN))
			return -EPERM;
		tty_hangup(tty, false);
		return 0;
	case TIOCGDEV:
		return put_user((u32)real->dev, (u32 __user *)u64_to_uptr(arg));
	case TIOCSBRK:
	case TIOCCBRK:
	case TCSBRK:
	case TCSBRKP:
		return 0; /* no line that could be held low */
	case TIOCGPTPEER:
		return open_peer(tty, arg);
	case TCFLSH:
		if (arg == TCIFLUSH || arg == TCIOFLUSH)
			tty_flip_flush(tty);
		break;
	case TIOCMGET:
	case TIOCMSET:
	case TIOCMBIC:
	case TIOCMBIS:
	case TIOCGICOUNT:
		return -ENOTTY;
	}
	return tty_jobctrl_ioctl(tty, f, cmd, arg);
}

long tty_ioctl(struct file *f, unsigned cmd, unsigned long arg)
{
	struct tty_file *tf = f->private;
	struct tty *tty = tf->tty;
	long ret;

	if (tf->hung)
		return cmd == TIOCSPGRP ? -ENOTTY : -EIO;
	ret = common_ioctl(tty, f, cmd, arg);
	if (ret == -ENOIOCTLCMD && tty->driver->ioctl)
		ret = tty->driver->ioctl(tty, cmd, arg);
	if (ret == -ENOIOCTLCMD)
		ret = tty->ldisc->ioctl(tty, f, cmd, arg);
	return ret == -ENOIOCTLCMD ? -ENOTTY : ret;
}
