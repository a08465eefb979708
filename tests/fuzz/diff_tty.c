/* Operations on pseudo-terminals: what one side writes, in every mode, and what the other then reads, sees and hears. Nothing
 * here blocks, and none is a controlling terminal. */
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "diff.h"

#define PAIRS 2
static int ends[PAIRS][2]; /* master and slave; 0: none */

struct flag {
	const char *name;
	tcflag_t bits;
};
static const struct flag input_flags[] = {
	{ "BRKINT", BRKINT }, { "IGNPAR", IGNPAR }, { "PARMRK", PARMRK }, { "INPCK", INPCK }, { "ISTRIP", ISTRIP }, { "INLCR", INLCR },
	{ "IGNCR", IGNCR }, { "ICRNL", ICRNL }, { "IUCLC", IUCLC }, { "IXON", IXON }, { "IXANY", IXANY }, { "IXOFF", IXOFF },
	{ "IMAXBEL", IMAXBEL }, { "IUTF8", IUTF8 },
};
static const struct flag output_flags[] = {
	{ "OPOST", OPOST }, { "OLCUC", OLCUC }, { "ONLCR", ONLCR }, { "OCRNL", OCRNL }, { "ONOCR", ONOCR }, { "ONLRET", ONLRET },
	{ "TAB3", TAB3 },
};
static const struct flag local_flags[] = {
	{ "ISIG", ISIG }, { "ICANON", ICANON }, { "ECHO", ECHO }, { "ECHOE", ECHOE }, { "ECHOK", ECHOK }, { "ECHONL", ECHONL },
	{ "NOFLSH", NOFLSH }, { "ECHOCTL", ECHOCTL }, { "ECHOPRT", ECHOPRT }, { "ECHOKE", ECHOKE }, { "IEXTEN", IEXTEN },
	{ "EXTPROC", EXTPROC },
};

/* An end of a pair, or -1; mostly of one that there is. */
static int an_end(void)
{
	unsigned pair = chance(85) ? 0 : 1, side = R(2);
	int fd = ends[pair][side];

	out(" %c%u", side ? 's' : 'm', pair);
	return fd ? fd : -1;
}

/* What is written passes through a kernel thread on Linux: polling an end waits for it. */
static void settle(void)
{
	struct pollfd p[PAIRS * 2];

	for (unsigned i = 0; i < PAIRS * 2; i++)
		p[i] = (struct pollfd){ .fd = ends[i / 2][i % 2] ? ends[i / 2][i % 2] : -1, .events = POLLIN | POLLPRI };
	for (int i = 0; i < 3; i++) {
		poll(p, PAIRS * 2, 0);
		usleep(300);
	}
}

static void open_pair(unsigned pair)
{
	int unlock = 0;

	ends[pair][0] = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK);
	ioctl(ends[pair][0], TIOCSPTLCK, &unlock);
	ends[pair][1] = ioctl(ends[pair][0], TIOCGPTPEER, O_RDWR | O_NOCTTY | O_NONBLOCK);
	fchmod(ends[pair][1], 0620); /* /dev/pts is mounted with this mode or that */
	out(" %d %d\n", ends[pair][0], ends[pair][1]);
}

void tty_init(void)
{
	out("pair");
	open_pair(0);
}

static void op_pair(void)
{
	unsigned pair = R(PAIRS);

	if (ends[pair][0] || ends[pair][1]) {
		out(" there\n");
		return;
	}
	open_pair(pair);
}

/* One that is closed is closed for good: a master whose slave comes back tells it in its own time. */
static void op_close(void)
{
	unsigned pair = R(PAIRS), side = R(2);
	int fd = ends[pair][side];

	out(" %c%u", side ? 's' : 'm', pair);
	if (pair == 0 && !chance(20)) {
		out(" kept\n");
		return;
	}
	result(close(fd ? fd : -1));
	ends[pair][side] = 0;
	settle();
}

/* ---- bytes ---- */

static void show_bytes(const char *buf, long n)
{
	out("  \"");
	for (long i = 0; i < n && i < 200; i++) {
		unsigned char c = (unsigned char)buf[i];

		out(c >= ' ' && c < 127 ? "%c" : "\\%03o", c);
	}
	out("\" %08x\n", hash(buf, n > 0 ? (size_t)n : 0));
}

static long some_text(char *buf)
{
	static const char *const pieces[] = {
		"a", "word", "two words", "\n", "\n", "\r", "\r\n", "\t", "x\ty", "\004", "\003", "\034", "\032", "\025", "\027", "\010", "\177",
		"\026\003", "\026\n", "\022", "\023", "\021", "\017", "\377", "\200", "\303\244", "\343\201\202", "UPPER", "\033[A", "line\n", "\007",
	};
	unsigned n = 1 + R(8);
	long len = 0;

	for (unsigned i = 0; i < n; i++) {
		const char *piece = PICK(pieces);

		memcpy(buf + len, piece, strlen(piece));
		len += (long)strlen(piece);
	}
	if (chance(10))
		buf[len++] = 0;
	if (chance(5)) {
		unsigned more = 1 + R(300); /* more than a buffer holds is cut where Linux's kernel thread happened to be */

		memset(buf + len, 'z', more);
		len += more;
	}
	return len;
}

static void op_write(void)
{
	static char buf[8192];
	int fd = an_end();
	long len = some_text(buf);

	out("\n");
	show_bytes(buf, len);
	result(write(fd, buf, (size_t)len));
	settle();
}

static void op_read(void)
{
	static char buf[8192];
	static const size_t sizes[] = { 1, 2, 5, 20, 64, 1000, 4096, 8192, 8192, 0 };
	int fd = an_end();
	size_t size = PICK(sizes);
	long n;

	out(" %zu", size);
	n = result(read(fd, buf, size));
	if (n > 0)
		show_bytes(buf, n);
	settle();
}

/* ---- modes ---- */

static tcflag_t change(tcflag_t now, const struct flag *flags, unsigned n)
{
	const struct flag *f = &flags[R(n)];

	out(" %c%s", now & f->bits ? '-' : '+', f->name);
	return now ^ f->bits;
}
#define CHANGE(now, flags) change(now, flags, sizeof(flags) / sizeof(flags[0]))

static void op_modes(void)
{
	static const int how[] = { TCSANOW, TCSANOW, TCSADRAIN, TCSAFLUSH, 77 };
	struct termios t;
	int fd = an_end();

	if (tcgetattr(fd, &t)) {
		result(-1);
		return;
	}
	for (unsigned n = 1 + R(3); n; n--)
		switch (R(8)) {
		case 0: case 1: t.c_iflag = CHANGE(t.c_iflag, input_flags); break;
		case 2: case 3: t.c_oflag = CHANGE(t.c_oflag, output_flags); break;
		case 4: case 5: case 6: t.c_lflag = CHANGE(t.c_lflag, local_flags); break;
		default: {
			static const unsigned char places[] = { VMIN, VMIN, VEOL, VEOL2, VEOF, VERASE, VINTR };
			static const unsigned char values[] = { 0, 1, 3, 'a', 4, 0x7f, 10 };
			unsigned at = PICK(places);

			t.c_cc[at] = PICK(values);
			out(" cc%u=%u", at, t.c_cc[at]);
		}
		}
	result(tcsetattr(fd, PICK(how), &t));
	settle();
}

static void op_show_modes(void)
{
	struct termios t;

	if (result(tcgetattr(an_end(), &t)))
		return;
	out("  %x %x %x %x %u", t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag, t.c_line);
	for (unsigned i = 0; i < 17; i++)
		out(" %u", t.c_cc[i]);
	out("\n");
}

/* ---- the rest of tty_ioctl(2) ---- */

static void op_queues(void)
{
	int in = -1, outq = -1, fd = an_end();

	result(ioctl(fd, TIOCINQ, &in));
	result(ioctl(fd, TIOCOUTQ, &outq));
	out("  %d %d\n", in, outq);
}

static void op_flush(void)
{
	static const int queues[] = { TCIFLUSH, TCOFLUSH, TCIOFLUSH, 9 };
	int fd = an_end(), which = PICK(queues);

	out(" %d", which);
	result(ioctl(fd, TCFLSH, which));
	settle();
}

static void op_flow(void)
{
	static const int actions[] = { TCOOFF, TCOON, TCOON, TCIOFF, TCION, 9 };
	int fd = an_end(), action = PICK(actions);

	out(" %d", action);
	result(ioctl(fd, TCXONC, action));
	settle();
}

static void op_window(void)
{
	struct winsize w = { (unsigned short)R(100), (unsigned short)R(200), 0, 0 };
	int fd = an_end();

	if (chance(50))
		result(ioctl(fd, TIOCSWINSZ, chance(95) ? &w : BAD_PTR));
	memset(&w, 0, sizeof(w));
	result(ioctl(fd, TIOCGWINSZ, &w));
	out("  %u %u\n", w.ws_row, w.ws_col);
}

static void op_int(void)
{
	static const struct { const char *name; unsigned long cmd; bool sets; } calls[] = {
		{ "TIOCPKT", TIOCPKT, true }, { "TIOCGPKT", TIOCGPKT, false }, { "TIOCGPTLCK", TIOCGPTLCK, false }, { "TIOCSPTLCK", TIOCSPTLCK, true },
		{ "TIOCGEXCL", TIOCGEXCL, false }, { "TIOCGETD", TIOCGETD, false }, { "TIOCGSID", TIOCGSID, false }, { "TIOCGPGRP", TIOCGPGRP, false },
		{ "TIOCSPGRP", TIOCSPGRP, true }, { "TIOCMGET", TIOCMGET, false }, { "TIOCGSOFTCAR", TIOCGSOFTCAR, false },
		{ "TIOCSSOFTCAR", TIOCSSOFTCAR, true }, { "FIONBIO", FIONBIO, false },
	};
	unsigned which = R(sizeof(calls) / sizeof(calls[0]));
	int v = calls[which].sets ? (int)R(2) : 1, fd = an_end();

	out(" %s %d", calls[which].name, v);
	if (!result(ioctl(fd, calls[which].cmd, &v)))
		out("  %d\n", v);
	settle();
}

static void op_plain(void)
{
	static const struct { const char *name; unsigned long cmd; } calls[] = {
		{ "TIOCEXCL", TIOCEXCL }, { "TIOCNXCL", TIOCNXCL }, { "TIOCNOTTY", TIOCNOTTY }, { "TCSBRK", TCSBRK }, { "TIOCCBRK", TIOCCBRK },
		{ "TIOCSBRK", TIOCSBRK },
	};
	unsigned which = R(sizeof(calls) / sizeof(calls[0]));
	int fd = an_end();

	out(" %s", calls[which].name);
	result(ioctl(fd, calls[which].cmd, 1));
	settle();
}

static void op_poll(void)
{
	struct pollfd p = { .fd = an_end(), .events = POLLIN | POLLOUT | POLLPRI };

	result(poll(&p, 1, 0));
	out("  %x\n", p.revents);
}

static void op_stat(void)
{
	struct stat st;
	int fd = an_end();

	if (!result(fstat(fd, &st)))
		out("  %o %u\n", st.st_mode & S_IFMT, (unsigned)(st.st_rdev >> 8));
	result(isatty(fd));
	result(lseek(fd, 0, SEEK_CUR));
}

const struct op tty_ops[] = {
	{ "write", op_write, 30 }, { "read", op_read, 30 }, { "modes", op_modes, 18 }, { "show modes", op_show_modes, 2 },
	{ "queues", op_queues, 5 }, { "flush", op_flush, 3 }, { "flow", op_flow, 3 }, { "window", op_window, 2 }, { "int", op_int, 5 },
	{ "plain", op_plain, 2 }, { "poll", op_poll, 6 }, { "stat", op_stat, 1 }, { "pair", op_pair, 1 }, { "close", op_close, 1 },
	{ 0 }
};
