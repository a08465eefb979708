/* Inside --strace: one line of output as it is composed, the tables that say how an argument is shown, and the helpers
 * that decoders print with. trace.c writes lines, rows.c says which decoder shows which argument. */
#ifndef UMK_KERNEL_TRACE_H
#define UMK_KERNEL_TRACE_H

#include "types.h"
#include "sched.h"

/* A task's call being shown. Decoders append to text; what does not fit is cut off. */
struct trace_state {
	int nr;
	u64 args[6];
	long ret;          /* set at the exit */
	bool exiting;      /* which of the two a decoder is called for */
	bool open;         /* the entry is printed, the exit is not */
	bool exited;       /* the task is gone: nothing more is printed for it */
	bool no_more;      /* a decoder: the arguments after this one mean nothing in this call */
	u8 next_arg;       /* first argument that the entry has not shown */
	u32 column;        /* characters of the unfinished line */
	u64 saved;         /* a decoder's note: a length that the call is about to change */
	u32 nr_ignored;    /* signals that came during the call and are ignored: shown after it */
	siginfo_t ignored[4];
	u32 len;
	char text[12288];
};

struct trace_name {
	u64 val;
	const char *name;
};
#define TN(x) { (u64)(x), #x }
#define TN_END { 0, NULL }

/* When an argument is shown. OUT: at the exit, as an address if the call failed. */
enum decode_when { AT_ENTRY, AT_EXIT };
struct arg_decoder {
	enum decode_when when;
	bool on_error;     /* AT_EXIT: show() decides what a failed call shows */
	void (*show)(struct trace_state *ts, unsigned arg);
	void (*note)(struct trace_state *ts, unsigned arg); /* at the entry: puts what the exit needs into ts->saved; or NULL */
};
/* A row: a call and its arguments' decoders. NULL members are shown by the type in the call's metadata. */
struct call_decoder {
	const char *name;
	const struct arg_decoder *args[6];
	/* Shows all arguments by itself, at the entry and then at the exit, when the order or number is not plain. */
	void (*special)(struct trace_state *ts);
	void (*result)(struct trace_state *ts);  /* after "= " for results that are not errors */
};
const struct call_decoder *find_call_decoder(const char *name);

/* ---- printing (print.c) ---- */
void tprintf(struct trace_state *ts, const char *fmt, ...) __printf(2, 3);
void tputs(struct trace_state *ts, const char *s);
/* @size bytes with C escapes in quotes, "..." behind if @more. */
void tquote(struct trace_state *ts, const u8 *s, size_t size, bool more);
void tflags(struct trace_state *ts, const struct trace_name *names, u64 val, const char *unknown);
void tname(struct trace_state *ts, const struct trace_name *names, u64 val, const char *unknown);
void taddr(struct trace_state *ts, u64 addr);            /* NULL or 0x... */
void tsignal(struct trace_state *ts, int sig);
void tsigset(struct trace_state *ts, u64 set);
void twait_status(struct trace_state *ts, u32 status);
/* errno_name NULL for unknown numbers. */
const char *errno_name(int err);
const char *errno_text(int err);
/* Guest memory of current, or false. */
bool tread(void *to, u64 addr, size_t size);
/* A guest's string: at most @max bytes of it shown. */
void tstring(struct trace_state *ts, u64 addr, size_t max);
/* A guest's buffer of @size bytes, the first 32 shown. */
void tbuffer(struct trace_state *ts, u64 addr, u64 size);

/* ---- what several decoders show (args.c, structs.c, socket.c) ---- */
extern const struct trace_name statx_mask_names[];
void ttimespec(struct trace_state *ts, u64 addr);
/* @count segments, showing @data bytes of their contents in all. */
void tiovec(struct trace_state *ts, u64 addr, u64 count, u64 data);

/* @size bytes of netlink messages of a protocol; and that of the socket which is the call's first argument, or -1. (netlink.c) */
void tnetlink(struct trace_state *ts, u64 addr, u64 size, int protocol);
int trace_netlink_protocol(const struct trace_state *ts);
extern const struct trace_name trace_netlink_protocols[];

/* Is call @nr among those that --strace asks for? (expr.c) */
bool trace_wants(int nr);

#endif
