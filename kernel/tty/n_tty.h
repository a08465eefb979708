/* What n_tty.c (input, reading) and n_tty_out.c (output, echo) share. */
#ifndef UMK_N_TTY_H
#define UMK_N_TTY_H

#include "tty.h"

#define N_TTY_BUF_SIZE 4096u
#define MASK(x) ((x) & (N_TTY_BUF_SIZE - 1))

/* Positions count bytes from the start of time; MASK() makes indices of them. */
#define WRITE_CHUNK 2048u /* as Linux cuts writes: how they fill the other end's buffers depends on it */
struct n_tty {
	u32 head;        /* where the next byte of input goes */
	u32 canon_head;  /* up to here lines are complete */
	u32 tail;        /* the next byte to read */
	bool icanon;     /* ICANON when the modes were last set */
	bool raw;        /* no byte means anything */
	bool lnext;      /* VLNEXT was the last byte */
	bool erasing;    /* between the \ and the / of ECHOPRT */
	u8 buf[N_TTY_BUF_SIZE];
	u64 line_end[N_TTY_BUF_SIZE / 64]; /* bits: the byte at this index ends a line */
	u64 special[4];  /* bits: bytes that mean something */

	/* output */
	u8 writing[WRITE_CHUNK]; /* a piece of a write, which holds tty.writing */
	u32 column;      /* of the cursor */
	u32 canon_column;/* where the line that is typed began */
	/* What is still to be echoed. From tail to commit it goes out when the line takes it; mark is where the last byte of input
	 * was dealt with. A line that is stopped in the midst of what has arrived together does not show what came before. */
	u32 echo_head, echo_mark, echo_commit, echo_tail;
	u16 echo[N_TTY_BUF_SIZE]; /* enum echo_op << 8 | byte, in as many slots as Linux's queue has bytes for it */
};
enum echo_op { ECHO_RAW, ECHO_CARET /* as ^X */, ECHO_BACK_COL, ECHO_CANON_COL, ECHO_ERASE_TAB /* columns | 0x80: after a tab */ };

/* ---- n_tty_out.c ---- */
void echo_op(struct n_tty *n, enum echo_op op, u8 arg);
void echo_char(struct tty *tty, u8 c);       /* with ECHOCTL in its readable form */
static inline void echo_char_raw(struct n_tty *n, u8 c) { echo_op(n, ECHO_RAW, c); }
void process_echoes(struct tty *tty);        /* up to mark, as much as the line takes */
void commit_echoes(struct tty *tty);         /* a byte has been dealt with: now and then it goes out at once */
void flush_echoes(struct tty *tty);          /* all that has arrived has been dealt with */
bool is_continuation(const struct tty *tty, u8 c); /* a later byte of an UTF-8 character */
bool is_control(u8 c);
u8 lower(u8 c);
/* Puts bytes on the line with OPOST's rules: how many of @size it took. */
size_t process_output(struct tty *tty, const u8 *buf, size_t size);

#define I_FLAG(tty, f) ((tty)->termios.c_iflag & (f))
#define O_FLAG(tty, f) ((tty)->termios.c_oflag & (f))
#define L_FLAG(tty, f) ((tty)->termios.c_lflag & (f))
#define CC(tty, n) ((tty)->termios.c_cc[n])

#endif
