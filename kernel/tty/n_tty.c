/* N_TTY, the line discipline of every pty: what typed bytes mean (termios(3)), line editing, and reading. The behaviour is
 * that of Linux's n_tty.c, down to what happens when its buffer of 4096 bytes is full. */
#include "n_tty.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"
#include <linux/eventpoll.h>
#include <linux/tty.h>
#include <asm/ioctls.h>

#define TENTH (NSEC_PER_SEC / 10)
#define READ_PIECE 64u

int n_tty_open(struct tty *tty)
{
	tty->n_tty = kzalloc(sizeof(struct n_tty));
	if (!tty->n_tty)
		return -ENOMEM;
	tty->ldisc->set_termios(tty, NULL);
	return 0;
}

void n_tty_close(struct tty *tty)
{
	kfree(tty->n_tty);
	tty->n_tty = NULL;
}

/* ---- the buffer ---- */

static u8 byte_at(const struct n_tty *n, u32 pos) { return n->buf[MASK(pos)]; }
static bool ends_line(const struct n_tty *n, u32 pos) { return n->line_end[MASK(pos) / 64] >> (pos % 64) & 1; }
static void mark_end(struct n_tty *n, u32 pos) { n->line_end[MASK(pos) / 64] |= 1ull << (pos % 64); }
static void clear_end(struct n_tty *n, u32 pos) { n->line_end[MASK(pos) / 64] &= ~(1ull << (pos % 64)); }
static void put(struct n_tty *n, u8 c) { n->buf[MASK(n->head++)] = c; }

static void reset(struct n_tty *n)
{
	n->head = n->canon_head = n->tail = 0;
	n->erasing = n->lnext = false;
	memset(n->line_end, 0, sizeof(n->line_end));
}

/* Tells a master in packet mode that input was dropped. */
static void tell_flush(struct tty *tty)
{
	if (!tty->link || !tty->link->packet)
		return;
	tty->pktstatus |= TIOCPKT_FLUSHREAD;
	wake_up_poll(&tty->link->read_wait, EPOLLIN | EPOLLPRI | EPOLLRDNORM);
}

static void n_tty_flush(struct tty *tty)
{
	reset(tty->n_tty);
	tty_deliver(tty);
	tell_flush(tty);
}

static bool input_available(const struct tty *tty, bool poll)
{
	const struct n_tty *n = tty->n_tty;
	u32 amount = poll && !CC(tty, VTIME) && CC(tty, VMIN) ? CC(tty, VMIN) : 1;

	if (n->icanon && !L_FLAG(tty, EXTPROC))
		return n->canon_head != n->tail;
	return n->head - n->tail >= amount;
}

static void wake_readers(struct tty *tty)
{
	kill_fasync(&tty->fasync, SIGIO, POLL_IN);
	if (waitqueue_active(&tty->read_wait))
		wake_up_poll(&tty->read_wait, EPOLLIN | EPOLLRDNORM);
}

/* ---- editing ---- */

static void finish_erasing(struct n_tty *n)
{
	if (!n->erasing)
		return;
	echo_char_raw(n, '/');
	n->erasing = false;
}

static bool is_word(u8 c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
		(c >= 0xc0 && c != 0xd7 && c != 0xf7);
}

/* How wide what lies before the tab at head was. */
static u8 columns_before_tab(const struct tty *tty)
{
	const struct n_tty *n = tty->n_tty;
	unsigned columns = 0;

	for (u32 at = n->head; at != n->canon_head;) {
		u8 c = byte_at(n, --at);

		if (c == '\t')
			return 0x80 | (columns & 7);
		if (is_control(c))
			columns += L_FLAG(tty, ECHOCTL) ? 2 : 0;
		else if (!is_continuation(tty, c))
			columns++;
	}
	return columns & 0x7f;
}

/* The character @c of @count bytes at head is gone from the buffer: from the screen, too. */
static void echo_erased(struct tty *tty, u8 c, unsigned count, bool one)
{
	struct n_tty *n = tty->n_tty;
	u32 at = n->head;

	if (L_FLAG(tty, ECHOPRT)) {
		if (!n->erasing) {
			echo_char_raw(n, '\\');
			n->erasing = true;
		}
		echo_char(tty, c);
		while (--count > 0) {
			echo_char_raw(n, byte_at(n, ++at));
			echo_op(n, ECHO_BACK_COL, 0);
		}
	} else if (one && !L_FLAG(tty, ECHOE)) {
		echo_char(tty, CC(tty, VERASE));
	} else if (c == '\t') {
		echo_op(n, ECHO_ERASE_TAB, columns_before_tab(tty));
	} else {
		unsigned width = !is_control(c) ? 1 : L_FLAG(tty, ECHOCTL) ? 2 : 0;

		while (width--) {
			echo_char_raw(n, '\b');
			echo_char_raw(n, ' ');
			echo_char_raw(n, '\b');
		}
	}
}

static void erase(struct tty *tty, u8 key)
{
	enum { ONE, WORD, LINE } kind = key == CC(tty, VERASE) ? ONE : key == CC(tty, VWERASE) ? WORD : LINE;
	struct n_tty *n = tty->n_tty;
	bool in_word = false;

	if (n->head == n->canon_head)
		return;
	if (kind == LINE && !L_FLAG(tty, ECHO)) {
		n->head = n->canon_head;
		return;
	}
	if (kind == LINE && (!L_FLAG(tty, ECHOK) || !L_FLAG(tty, ECHOKE) || !L_FLAG(tty, ECHOE))) {
		n->head = n->canon_head;
		finish_erasing(n);
		echo_char(tty, CC(tty, VKILL));
		if (L_FLAG(tty, ECHOK))
			echo_char_raw(n, '\n');
		return;
	}
	while (n->head != n->canon_head) {
		u32 at = n->head;
		unsigned count;
		u8 c;

		do {
			c = byte_at(n, --at);
		} while (is_continuation(tty, c) && at != n->canon_head);
		if (is_continuation(tty, c))
			break; /* half a character is not erased */
		if (kind == WORD) {
			if (is_word(c))
				in_word = true;
			else if (in_word)
				break;
		}
		count = n->head - at;
		n->head = at;
		if (L_FLAG(tty, ECHO))
			echo_erased(tty, c, count, kind == ONE);
		if (kind == ONE)
			break;
	}
	if (n->head == n->canon_head && L_FLAG(tty, ECHO))
		finish_erasing(n);
}

static void reprint(struct tty *tty, u8 key)
{
	struct n_tty *n = tty->n_tty;

	finish_erasing(n);
	echo_char(tty, key);
	echo_char_raw(n, '\n');
	for (u32 at = n->canon_head; at != n->head; at++)
		echo_char(tty, byte_at(n, at));
	commit_echoes(tty);
}

/* ---- what a byte means ---- */

static void restart_output(struct tty *tty)
{
	tty_start(tty);
	process_echoes(tty);
}

static void signal_char(struct tty *tty, int sig, u8 c)
{
	struct n_tty *n = tty->n_tty;

	tty_signal_group(tty, sig);
	if (!L_FLAG(tty, NOFLSH)) {
		n->echo_head = n->echo_mark = n->echo_commit = n->echo_tail = 0;
		if (tty->driver->flush_buffer)
			tty->driver->flush_buffer(tty);
		reset(n);
		tell_flush(tty);
	}
	if (I_FLAG(tty, IXON))
		tty_start(tty);
	if (L_FLAG(tty, ECHO)) {
		echo_char(tty, c);
		commit_echoes(tty);
	} else {
		process_echoes(tty);
	}
}

static void end_line(struct tty *tty, u8 c)
{
	struct n_tty *n = tty->n_tty;

	mark_end(n, n->head);
	put(n, c);
	n->canon_head = n->head;
	wake_readers(tty);
}

/* The first byte of a line tells where erasing has to stop. */
static void note_column(struct n_tty *n)
{
	if (n->canon_head == n->head)
		echo_op(n, ECHO_CANON_COL, 0);
}

static void put_marked(struct tty *tty, u8 c)
{
	if (c == 0xff && I_FLAG(tty, PARMRK))
		put(tty->n_tty, c);
	put(tty->n_tty, c);
}

/* True if canonical mode has a use for @c. */
static bool canon_char(struct tty *tty, u8 c)
{
	struct n_tty *n = tty->n_tty;
	bool extended = L_FLAG(tty, IEXTEN);

	if (c == CC(tty, VERASE) || c == CC(tty, VKILL) || (c == CC(tty, VWERASE) && extended)) {
		erase(tty, c);
		commit_echoes(tty);
		return true;
	}
	if (c == CC(tty, VLNEXT) && extended) {
		n->lnext = true;
		if (L_FLAG(tty, ECHO)) {
			finish_erasing(n);
			if (L_FLAG(tty, ECHOCTL)) {
				echo_char_raw(n, '^');
				echo_char_raw(n, '\b');
				commit_echoes(tty);
			}
		}
		return true;
	}
	if (c == CC(tty, VREPRINT) && L_FLAG(tty, ECHO) && extended) {
		reprint(tty, c);
		return true;
	}
	if (c == '\n') {
		if (L_FLAG(tty, ECHO | ECHONL)) {
			echo_char_raw(n, '\n');
			commit_echoes(tty);
		}
		end_line(tty, c);
		return true;
	}
	if (c == CC(tty, VEOF)) {
		end_line(tty, DISABLED_CHAR);
		return true;
	}
	if (c != CC(tty, VEOL) && !(c == CC(tty, VEOL2) && extended))
		return false;
	if (L_FLAG(tty, ECHO)) {
		note_column(n);
		echo_char(tty, c);
		commit_echoes(tty);
	}
	if (c == 0xff && I_FLAG(tty, PARMRK))
		put(n, c);
	end_line(tty, c);
	return true;
}

static bool ixany(const struct tty *tty)
{
	return tty->stopped && !tty->tco_stopped && I_FLAG(tty, IXON) && I_FLAG(tty, IXANY);
}

static void plain_char(struct tty *tty, u8 c)
{
	if (ixany(tty))
		restart_output(tty);
	if (L_FLAG(tty, ECHO)) {
		finish_erasing(tty->n_tty);
		note_column(tty->n_tty);
		echo_char(tty, c);
		commit_echoes(tty);
	}
	put_marked(tty, c);
}

static void special_char(struct tty *tty, u8 c)
{
	struct n_tty *n = tty->n_tty;

	if (I_FLAG(tty, IXON) && c == CC(tty, VSTART)) {
		restart_output(tty);
		return;
	}
	if (I_FLAG(tty, IXON) && c == CC(tty, VSTOP)) {
		tty_stop(tty);
		return;
	}
	if (L_FLAG(tty, ISIG) && (c == CC(tty, VINTR) || c == CC(tty, VQUIT) || c == CC(tty, VSUSP))) {
		signal_char(tty, c == CC(tty, VINTR) ? SIGINT : c == CC(tty, VQUIT) ? SIGQUIT : SIGTSTP, c);
		return;
	}
	if (ixany(tty))
		restart_output(tty);
	if (c == '\r') {
		if (I_FLAG(tty, IGNCR))
			return;
		if (I_FLAG(tty, ICRNL))
			c = '\n';
	} else if (c == '\n' && I_FLAG(tty, INLCR)) {
		c = '\r';
	}
	if (n->icanon && canon_char(tty, c))
		return;
	if (L_FLAG(tty, ECHO)) {
		finish_erasing(n);
		if (c == '\n') {
			echo_char_raw(n, '\n');
		} else {
			note_column(n);
			echo_char(tty, c);
		}
		commit_echoes(tty);
	}
	put_marked(tty, c);
}

static void receive_char(struct tty *tty, u8 c)
{
	struct n_tty *n = tty->n_tty;
	bool literal = n->lnext;

	n->lnext = false;
	if (I_FLAG(tty, ISTRIP))
		c &= 0x7f;
	if (I_FLAG(tty, IUCLC) && L_FLAG(tty, IEXTEN))
		c = lower(c);
	if (literal)
		plain_char(tty, c);
	else if (L_FLAG(tty, EXTPROC))
		put(n, c);
	else if (n->special[c / 64] >> (c % 64) & 1)
		special_char(tty, c);
	else
		plain_char(tty, c);
}

static size_t n_tty_receive(struct tty *tty, const u8 *buf, size_t size)
{
	struct n_tty *n = tty->n_tty;
	size_t done = 0;

	while (done < size) {
		int room = (int)(N_TTY_BUF_SIZE - (n->head - n->tail));

		if (I_FLAG(tty, PARMRK))
			room = (room + 2) / 3;
		if (--room <= 0) {
			/* A line that no reader can ever get must not block its own end: its last byte is given up. */
			bool overflow = n->icanon && n->canon_head == n->tail;

			if (!overflow)
				break;
			if (room < 0)
				n->head--;
			room = 1;
		}
		for (size_t k = min((size_t)room, size - done); k; k--) {
			if (n->raw)
				put(n, buf[done++]);
			else
				receive_char(tty, buf[done++]);
		}
		if (!n->raw)
			flush_echoes(tty);
	}
	if (n->icanon && !L_FLAG(tty, EXTPROC))
		return done;
	if (n->head != n->tail)
		wake_readers(tty);
	return done;
}

static void set_special(struct n_tty *n, u8 c)
{
	n->special[c / 64] |= 1ull << (c % 64);
}

static void find_special(struct tty *tty)
{
	static const u8 canon[] = { VERASE, VKILL, VEOF, VEOL }, extended[] = { VWERASE, VLNEXT, VEOL2 };
	struct n_tty *n = tty->n_tty;

	memset(n->special, 0, sizeof(n->special));
	if (I_FLAG(tty, IGNCR | ICRNL))
		set_special(n, '\r');
	if (I_FLAG(tty, INLCR) || L_FLAG(tty, ICANON))
		set_special(n, '\n');
	if (L_FLAG(tty, ICANON)) {
		for (unsigned i = 0; i < ARRAY_SIZE(canon); i++)
			set_special(n, CC(tty, canon[i]));
		for (unsigned i = 0; i < ARRAY_SIZE(extended) && L_FLAG(tty, IEXTEN); i++)
			set_special(n, CC(tty, extended[i]));
		if (L_FLAG(tty, IEXTEN) && L_FLAG(tty, ECHO))
			set_special(n, CC(tty, VREPRINT));
	}
	if (I_FLAG(tty, IXON)) {
		set_special(n, CC(tty, VSTART));
		set_special(n, CC(tty, VSTOP));
	}
	if (L_FLAG(tty, ISIG)) {
		set_special(n, CC(tty, VINTR));
		set_special(n, CC(tty, VQUIT));
		set_special(n, CC(tty, VSUSP));
	}
	n->special[0] &= ~(1ull << DISABLED_CHAR);
}

static void n_tty_set_termios(struct tty *tty, const struct ktermios *old)
{
	struct n_tty *n = tty->n_tty;

	if (!old || ((old->c_lflag ^ tty->termios.c_lflag) & (ICANON | EXTPROC))) {
		memset(n->line_end, 0, sizeof(n->line_end));
		if (L_FLAG(tty, ICANON) && n->head != n->tail) {
			mark_end(n, n->head - 1);
			n->canon_head = n->head;
		} else {
			n->canon_head = n->tail;
		}
		n->erasing = n->lnext = false;
	}
	n->icanon = L_FLAG(tty, ICANON);
	n->raw = !I_FLAG(tty, ISTRIP | IUCLC | IGNCR | ICRNL | INLCR | IXON | PARMRK) && !L_FLAG(tty, ICANON | ISIG | ECHO);
	find_special(tty);
	if (old && (old->c_iflag & IXON) && !I_FLAG(tty, IXON) && !tty->tco_stopped)
		restart_output(tty);
	wake_up_all(&tty->write_wait);
	wake_up_all(&tty->read_wait);
}

/* ---- reading ---- */

/* Bytes as they are. */
static size_t take_raw(struct n_tty *n, u8 *to, size_t size)
{
	size_t done = 0;

	while (done < size && n->tail != n->head)
		to[done++] = byte_at(n, n->tail++);
	return done;
}

/* At most one line; its end, if that is VEOF, is taken along unseen even when @size is just used up. */
static size_t take_line(struct n_tty *n, u8 *to, size_t size)
{
	size_t done = 0;

	while (n->tail != n->canon_head) {
		u8 c = byte_at(n, n->tail);
		bool end = ends_line(n, n->tail);

		if (end && c == DISABLED_CHAR) {
			clear_end(n, n->tail++);
			break;
		}
		if (done == size)
			break;
		to[done++] = c;
		if (end) {
			clear_end(n, n->tail++);
			break;
		}
		n->tail++;
	}
	return done;
}

/* Sleeps for input until @deadline: 0, or what the read gives when there was nothing. */
static long wait_input(struct tty *tty, struct file *f, u64 deadline, bool *late)
{
	struct wait_entry e;
	long err = 0;

	init_wait(&e);
	prepare_to_wait(&tty->read_wait, &e, TASK_INTERRUPTIBLE);
	if (tty_hung_up(f) || tty->other_closed || input_available(tty, false) || (tty->packet && tty->link->pktstatus))
		;
	else if (signal_pending(current))
		err = -ERESTARTSYS;
	else
		*late = schedule_until(deadline);
	finish_wait(&e);
	return err;
}

/* The four cases of VMIN and VTIME: termios(3), "Canonical and noncanonical mode". */
static ssize_t gather(struct tty *tty, struct file *f, u8 *buf, size_t size)
{
	struct n_tty *n = tty->n_tty;
	size_t done = 0, minimum = 0;
	u64 between = 0, deadline = KTIME_MAX;
	bool late = false;
	long err = 0;

	if (!n->icanon) {
		minimum = CC(tty, VMIN);
		if (minimum) {
			between = CC(tty, VTIME) * TENTH;
		} else {
			deadline = ktime_add_safe(ktime_get(), CC(tty, VTIME) * TENTH);
			late = !CC(tty, VTIME);
			minimum = 1;
		}
		/* Linux reads by so many bytes, and does not begin another piece while it has less than VMIN. */
		if (minimum > READ_PIECE)
			size = min(size, (size_t)READ_PIECE);
	}
	while (done < size) {
		if (tty->packet && tty->link->pktstatus) {
			if (done)
				break;
			buf[done++] = tty->link->pktstatus;
			tty->link->pktstatus = 0;
			break;
		}
		tty_deliver(tty);
		if (!input_available(tty, false)) {
			if (tty->other_closed)
				err = -EIO;
			else if (tty_hung_up(f) || late)
				break;
			else if (f->flags & O_NONBLOCK)
				err = -EAGAIN;
			else
				err = wait_input(tty, f, deadline, &late);
			if (err)
				break;
			continue;
		}
		if (n->icanon && !L_FLAG(tty, EXTPROC)) {
			done += take_line(n, buf + done, size - done);
			break;
		}
		if (tty->packet && !done)
			buf[done++] = TIOCPKT_DATA;
		done += take_raw(n, buf + done, size - done);
		if (done >= minimum + (tty->packet ? 1 : 0))
			break;
		if (between)
			deadline = ktime_add_safe(ktime_get(), between);
	}
	return done ? (ssize_t)done : err;
}

static ssize_t n_tty_read(struct tty *tty, struct file *f, struct iov_iter *to)
{
	size_t size = min(iov_iter_count(to), (size_t)N_TTY_BUF_SIZE);
	u8 few[256], *buf = few;
	ssize_t n = tty_check_change(tty, SIGTTIN);

	if (n || !size)
		return n;
	if ((f->flags & O_NONBLOCK) && tty->reading.held)
		return -EAGAIN;
	n = kmutex_lock_interruptible(&tty->reading);
	if (n)
		return n;
	if (size > sizeof(few)) {
		buf = kmalloc(size);
		n = buf ? 0 : -ENOMEM;
	}
	if (!n)
		n = tty_hung_up(f) ? 0 : gather(tty, f, buf, size);
	kmutex_unlock(&tty->reading);
	tty_deliver(tty); /* there is room again for what has arrived meanwhile */
	if (n > 0 && copy_to_iter(buf, n, to) != (size_t)n)
		n = -EFAULT;
	if (buf != few)
		kfree(buf);
	return n;
}

/* ---- writing ---- */

static long wait_room(struct tty *tty, struct file *f)
{
	struct wait_entry e;
	long err = 0;

	if (f->flags & O_NONBLOCK)
		return -EAGAIN;
	init_wait(&e);
	prepare_to_wait(&tty->write_wait, &e, TASK_INTERRUPTIBLE);
	if (signal_pending(current))
		err = -ERESTARTSYS;
	else if (!tty_hung_up(f) && !tty->io_error && !(tty->link && !tty->link->count) && tty->driver->write_room(tty) < 8)
		schedule();
	finish_wait(&e);
	return err;
}

static ssize_t n_tty_write(struct tty *tty, struct file *f, struct iov_iter *from)
{
	size_t total = 0, have = 0, at = 0;
	u8 *buf = tty->n_tty->writing;
	long err = 0;

	if (L_FLAG(tty, TOSTOP)) {
		err = tty_check_change(tty, SIGTTOU);
		if (err)
			return err;
	}
	process_echoes(tty);
	for (;;) {
		size_t n;

		if (at == have) {
			if (!iov_iter_count(from))
				break;
			have = copy_from_iter(buf, min(iov_iter_count(from), (size_t)WRITE_CHUNK), from);
			at = 0;
			if (!have) {
				err = -EFAULT;
				break;
			}
		}
		if (tty_hung_up(f) || (tty->link && !tty->link->count)) {
			err = -EIO;
			break;
		}
		n = O_FLAG(tty, OPOST) ? process_output(tty, buf + at, have - at) : tty->driver->write(tty, buf + at, have - at);
		at += n;
		total += n;
		if (!n) {
			err = wait_room(tty, f);
			if (err)
				break;
		}
		cond_resched();
	}
	return total ? (ssize_t)total : err;
}

/* ---- the rest ---- */

static u32 n_tty_poll(struct tty *tty, struct file *f, struct poll_table *pt)
{
	u32 mask = 0;

	poll_wait(pt, &tty->read_wait);
	poll_wait(pt, &tty->write_wait);
	tty_deliver(tty);
	if (input_available(tty, true))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (tty->packet && tty->link->pktstatus)
		mask |= EPOLLPRI | EPOLLIN | EPOLLRDNORM;
	if (tty->other_closed || tty_hung_up(f))
		mask |= EPOLLHUP;
	if (!tty->writing.held && tty->driver->write_room(tty) > 0)
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}

/* Bytes of complete lines, VEOF not counted. */
static int canon_count(const struct n_tty *n)
{
	int count = 0;

	for (u32 at = n->tail; at != n->canon_head; at++)
		count += !(ends_line(n, at) && byte_at(n, at) == DISABLED_CHAR);
	return count;
}

static long n_tty_ioctl(struct tty *tty, struct file *f __maybe_unused, unsigned cmd, unsigned long arg)
{
	const struct n_tty *n = tty->n_tty;
	int __user *uint = u64_to_uptr(arg);

	switch (cmd) {
	case TIOCOUTQ:
		return put_user(0, uint);
	case FIONREAD:
		return put_user(L_FLAG(tty, ICANON) && !L_FLAG(tty, EXTPROC) ? canon_count(n) : (int)(n->head - n->tail), uint);
	}
	return n_tty_ioctl_helper(tty, cmd, arg);
}

const struct tty_ldisc n_tty_ldisc = {
	.name = "n_tty", .read = n_tty_read, .write = n_tty_write, .poll = n_tty_poll, .ioctl = n_tty_ioctl,
	.receive = n_tty_receive, .flush = n_tty_flush, .set_termios = n_tty_set_termios,
};
