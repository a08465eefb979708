/* N_TTY's output: OPOST and its kin, and echo. What is echoed is queued as operations, because how wide a tab was is only
 * known when it reaches the line, and because a stopped line takes nothing. */
#include "n_tty.h"

bool is_control(u8 c)
{
	return c < 32 || c == 127;
}

bool is_continuation(const struct tty *tty, u8 c)
{
	return I_FLAG(tty, IUTF8) && (c & 0xc0) == 0x80;
}

/* Latin-1, as the kernel's ctype has it. */
u8 lower(u8 c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ? c + 32 : c;
}

static u8 upper(u8 c)
{
	return (c >= 'a' && c <= 'z') || (c >= 0xdf && c != 0xf7) ? c - 32 : c;
}

/* ---- OPOST ---- */

/* One byte for which there is @room: false if that is too little. */
static bool output_char(struct tty *tty, u8 c, size_t room)
{
	struct n_tty *n = tty->n_tty;
	unsigned spaces;

	if (!room)
		return false;
	switch (c) {
	case '\n':
		if (O_FLAG(tty, ONLRET))
			n->column = 0;
		if (O_FLAG(tty, ONLCR)) {
			if (room < 2)
				return false;
			n->canon_column = n->column = 0;
			tty->driver->write(tty, (const u8 *)"\r\n", 2);
			return true;
		}
		n->canon_column = n->column;
		break;
	case '\r':
		if (O_FLAG(tty, ONOCR) && n->column == 0)
			return true;
		if (O_FLAG(tty, OCRNL)) {
			c = '\n';
			if (O_FLAG(tty, ONLRET))
				n->canon_column = n->column = 0;
			break;
		}
		n->canon_column = n->column = 0;
		break;
	case '\t':
		spaces = 8 - (n->column & 7);
		if (O_FLAG(tty, TABDLY) == XTABS) {
			if (room < spaces)
				return false;
			n->column += spaces;
			tty->driver->write(tty, (const u8 *)"        ", spaces);
			return true;
		}
		n->column += spaces;
		break;
	case '\b':
		if (n->column > 0)
			n->column--;
		break;
	default:
		if (is_control(c))
			break;
		if (O_FLAG(tty, OLCUC))
			c = upper(c);
		if (!is_continuation(tty, c))
			n->column++;
		break;
	}
	tty->driver->write(tty, &c, 1);
	return true;
}

/* A run of bytes that need no care goes out at once. */
static size_t plain_run(struct tty *tty, const u8 *buf, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if (is_control(buf[i]) || O_FLAG(tty, OLCUC))
			break;
		if (!is_continuation(tty, buf[i]))
			tty->n_tty->column++;
	}
	return i;
}

size_t process_output(struct tty *tty, const u8 *buf, size_t size)
{
	size_t done = 0;

	while (done < size) {
		size_t room = tty->driver->write_room(tty);
		size_t run = room ? plain_run(tty, buf + done, min(size - done, room)) : 0;

		if (run) {
			done += tty->driver->write(tty, buf + done, run);
			continue;
		}
		if (!output_char(tty, buf[done], room))
			break;
		done++;
	}
	return done;
}

/* ---- echo ---- */

#define ECHO_WATERMARK 256u /* commit_echoes() puts out each time that another so many slots are taken */
#define ECHO_MOST (N_TTY_BUF_SIZE - ECHO_WATERMARK - 32) /* more that the line does not take is lost */
#define ECHO_ESCAPE 0xffu   /* what begins an operation in Linux's queue, and goes out as it is */

static unsigned echo_slots(u16 item)
{
	switch (item >> 8) {
	case ECHO_RAW:
		return (u8)item == ECHO_ESCAPE ? 2 : 1;
	case ECHO_ERASE_TAB:
		return 3;
	default:
		return 2;
	}
}

static void echo_drop(struct n_tty *n)
{
	n->echo_tail += echo_slots(n->echo[MASK(n->echo_tail)]);
	if ((s32)(n->echo_commit - n->echo_tail) < 0)
		n->echo_commit = n->echo_tail;
	if ((s32)(n->echo_mark - n->echo_tail) < 0)
		n->echo_mark = n->echo_tail;
}

void echo_op(struct n_tty *n, enum echo_op op, u8 arg)
{
	u16 item = (u16)(op << 8 | arg);

	while (n->echo_head + echo_slots(item) - n->echo_tail > N_TTY_BUF_SIZE)
		echo_drop(n);
	n->echo[MASK(n->echo_head)] = item;
	n->echo_head += echo_slots(item);
}

void echo_char(struct tty *tty, u8 c)
{
	bool caret = L_FLAG(tty, ECHOCTL) && is_control(c) && c != '\t';

	echo_op(tty->n_tty, caret ? ECHO_CARET : ECHO_RAW, c);
}

/* Backspaces over a tab: @arg is how many columns the line had before it, since its start or (0x80) since another tab. */
static bool erase_tab(struct tty *tty, u8 arg, size_t room)
{
	struct n_tty *n = tty->n_tty;
	unsigned back, columns = arg & 0x7f;

	if (!(arg & 0x80))
		columns += n->canon_column;
	back = 8 - (columns & 7);
	if (room < back)
		return false;
	while (back--) {
		tty->driver->write(tty, (const u8 *)"\b", 1);
		if (n->column > 0)
			n->column--;
	}
	return true;
}

static bool echo_one(struct tty *tty, u16 item, size_t room)
{
	struct n_tty *n = tty->n_tty;
	u8 arg = (u8)item;

	switch (item >> 8) {
	case ECHO_RAW:
		if (O_FLAG(tty, OPOST) && arg != ECHO_ESCAPE)
			return output_char(tty, arg, room);
		if (!room)
			return false;
		tty->driver->write(tty, &arg, 1);
		if (arg == ECHO_ESCAPE)
			n->column++;
		return true;
	case ECHO_CARET:
		if (room < 2)
			return false;
		arg ^= 0100;
		tty->driver->write(tty, (const u8 *)"^", 1);
		tty->driver->write(tty, &arg, 1);
		n->column += 2;
		return true;
	case ECHO_BACK_COL:
		if (n->column > 0)
			n->column--;
		return true;
	case ECHO_CANON_COL:
		n->canon_column = n->column;
		return true;
	default:
		return erase_tab(tty, arg, room);
	}
}

static void put_out_echoes(struct tty *tty, u32 commit)
{
	struct n_tty *n = tty->n_tty;

	n->echo_commit = commit;
	while (n->echo_tail != n->echo_commit && echo_one(tty, n->echo[MASK(n->echo_tail)], tty->driver->write_room(tty)))
		echo_drop(n);
	while (n->echo_commit - n->echo_tail >= ECHO_MOST)
		echo_drop(n);
}

void process_echoes(struct tty *tty)
{
	struct n_tty *n = tty->n_tty;

	if (n->echo_mark != n->echo_tail)
		put_out_echoes(tty, n->echo_mark);
}

void commit_echoes(struct tty *tty)
{
	struct n_tty *n = tty->n_tty;
	u32 waiting = n->echo_head - n->echo_tail, before = n->echo_commit - n->echo_tail;

	n->echo_mark = n->echo_head;
	if (waiting >= ECHO_WATERMARK && waiting % ECHO_WATERMARK <= before % ECHO_WATERMARK)
		put_out_echoes(tty, n->echo_head);
}

void flush_echoes(struct tty *tty)
{
	struct n_tty *n = tty->n_tty;

	if (L_FLAG(tty, ECHO | ECHONL) && n->echo_commit != n->echo_head)
		put_out_echoes(tty, n->echo_head);
}
