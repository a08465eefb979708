/* Printing into a trace line: text, quoted bytes, flags by name, signals; and reading guest memory for it. Nothing here may
 * fail: what cannot be read is shown as an address, what does not fit is cut off. */
#include "trace.h"
#include "mm.h"
#include "string.h"
#include "uaccess.h"
#include <linux/wait.h>

#define STRING_MAX 32 /* strace's -s */

void tprintf(struct trace_state *ts, const char *fmt, ...)
{
	size_t room = sizeof(ts->text) - ts->len;
	__builtin_va_list ap;
	int n;

	__builtin_va_start(ap, fmt);
	n = kvsnprintf(ts->text + ts->len, room, fmt, ap);
	__builtin_va_end(ap);
	ts->len += min((size_t)n, room - 1);
}

void tputs(struct trace_state *ts, const char *s)
{
	tprintf(ts, "%s", s);
}

void taddr(struct trace_state *ts, u64 addr)
{
	if (addr)
		tprintf(ts, "%#lx", (unsigned long)addr);
	else
		tputs(ts, "NULL");
}

/* ---- guest memory ---- */

bool tread(void *to, u64 addr, size_t size)
{
	return current->mm && !copy_from_mm(current->mm, to, addr, size);
}

static const char *plain_escape(u8 c)
{
	switch (c) {
	case '"': return "\\\"";
	case '\\': return "\\\\";
	case '\t': return "\\t";
	case '\n': return "\\n";
	case '\v': return "\\v";
	case '\f': return "\\f";
	case '\r': return "\\r";
	}
	return NULL;
}

/* Other bytes in octal, as short as the next byte allows. */
static void quote_byte(struct trace_state *ts, u8 c, bool digit_follows)
{
	const char *escape = plain_escape(c);

	if (escape)
		tputs(ts, escape);
	else if (c >= ' ' && c < 0x7f)
		tprintf(ts, "%c", c);
	else
		tprintf(ts, digit_follows ? "\\%03o" : "\\%o", c);
}

void tquote(struct trace_state *ts, const u8 *s, size_t size, bool more)
{
	tputs(ts, "\"");
	for (size_t i = 0; i < size; i++)
		quote_byte(ts, s[i], i + 1 < size && s[i + 1] >= '0' && s[i + 1] <= '9');
	tputs(ts, more ? "\"..." : "\"");
}

/* Reads in pieces that do not cross a page: the end may be unreadable without harm. */
void tstring(struct trace_state *ts, u64 addr, size_t max)
{
	u32 start = ts->len;
	size_t done = 0;
	u8 piece[64];

	if (!addr) {
		tputs(ts, "NULL");
		return;
	}
	tputs(ts, "\"");
	for (;;) {
		size_t size = min(sizeof(piece), (size_t)(PAGE_SIZE - (addr + done) % PAGE_SIZE));
		const u8 *nul;

		if (!tread(piece, addr + done, size)) {
			ts->len = start;
			taddr(ts, addr);
			return;
		}
		nul = memchr(piece, 0, size);
		size = nul ? (size_t)(nul - piece) : size;
		for (size_t i = 0; i < size && done + i < max; i++)
			quote_byte(ts, piece[i], i + 1 < size && piece[i + 1] >= '0' && piece[i + 1] <= '9');
		done += size;
		if (nul && done <= max)
			break;
		if (done > max || nul) {
			tputs(ts, "\"...");
			return;
		}
	}
	tputs(ts, "\"");
}

void tbuffer(struct trace_state *ts, u64 addr, u64 size)
{
	u8 bytes[STRING_MAX];
	size_t shown = min(size, (u64)STRING_MAX);

	if (!addr || (shown && !tread(bytes, addr, shown)))
		taddr(ts, addr);
	else
		tquote(ts, bytes, shown, size > shown);
}

/* ---- names of values ---- */

/* strace's way: names of set bits joined by |, the rest as a number; a value without any name gets a comment. */
void tflags(struct trace_state *ts, const struct trace_name *names, u64 val, const char *unknown)
{
	const char *between = "";

	for (const struct trace_name *n = names; n->name; n++) {
		if (n->val == val && !*between) {
			tputs(ts, n->name);
			return;
		}
		if (n->val && (val & n->val) == n->val) {
			tprintf(ts, "%s%s", between, n->name);
			between = "|";
			val &= ~n->val;
		}
	}
	if (*between && val)
		tprintf(ts, "|%#lx", (unsigned long)val);
	else if (val)
		tprintf(ts, "%#lx /* %s */", (unsigned long)val, unknown);
	else if (!*between)
		tputs(ts, "0");
}

void tname(struct trace_state *ts, const struct trace_name *names, u64 val, const char *unknown)
{
	for (const struct trace_name *n = names; n->name; n++) {
		if (n->val == val) {
			tputs(ts, n->name);
			return;
		}
	}
	tprintf(ts, "%#lx /* %s */", (unsigned long)val, unknown);
}

/* ---- signals ---- */

static const char *const signals[] = { "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
	"USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
	"VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS", "RTMIN" };

/* Without the SIG. */
static const char *signal_name(int sig, char buf[12])
{
	if (sig > 0 && sig < (int)ARRAY_SIZE(signals))
		return signals[sig];
	if (sig > 32 && sig <= 64)
		ksnprintf(buf, 12, "RT_%d", sig - 32);
	else
		ksnprintf(buf, 12, "%d", sig);
	return buf;
}

void tsignal(struct trace_state *ts, int sig)
{
	char buf[12];

	tprintf(ts, sig > 0 && sig <= 64 ? "SIG%s" : "%s", signal_name(sig, buf));
}

/* [INT QUIT], or ~[RTMIN] when most are in. */
void tsigset(struct trace_state *ts, u64 set)
{
	const char *between = "";
	unsigned count = 0;
	bool invert;
	char buf[12];

	for (u64 rest = set; rest; rest &= rest - 1)
		count++;
	invert = count >= 42;
	tputs(ts, invert ? "~[" : "[");
	if (invert)
		set = ~set;
	for (int sig = 1; sig <= 64; sig++) {
		if (set >> (sig - 1) & 1) {
			tprintf(ts, "%s%s", between, signal_name(sig, buf));
			between = " ";
		}
	}
	tputs(ts, "]");
}

void twait_status(struct trace_state *ts, u32 status)
{
	tputs(ts, "[{");
	if ((status & 0xff) == 0x7f) {
		tputs(ts, "WIFSTOPPED(s) && WSTOPSIG(s) == ");
		tsignal(ts, status >> 8 & 0xff);
	} else if (status == 0xffff) {
		tputs(ts, "WIFCONTINUED(s)");
	} else if (status & 0x7f) {
		tputs(ts, "WIFSIGNALED(s) && WTERMSIG(s) == ");
		tsignal(ts, status & 0x7f);
		if (status & 0x80)
			tputs(ts, " && WCOREDUMP(s)");
	} else {
		tprintf(ts, "WIFEXITED(s) && WEXITSTATUS(s) == %d", status >> 8 & 0xff);
	}
	tputs(ts, "}]");
}
