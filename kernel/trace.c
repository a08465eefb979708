/* --strace: one line a system call in strace's format, with strace -f's conventions: [pid N] when several tasks live,
 * "unfinished" when another task prints in between. It reads guest memory and changes nothing: what it cannot read it
 * shows as an address. What an argument looks like is in trace/. */
#include "trace/trace.h"
#include "fs.h"
#include "host.h"
#include "slab.h"
#include "string.h"
#include "syscalls.h"
#include "umk_kernel.h"

#define EXECVE 59     /* execve's number */
#define COLUMN 40 /* where "= result" begins */

static struct task *unfinished; /* whose line the output ends in the middle of, or NULL */
static unsigned nr_traced;

static struct trace_state *state_of(struct task *t)
{
	struct trace_state *ts = t->trace;

	if (!ts) {
		ts = kzalloc(sizeof(*ts));
		if (!ts)
			return NULL;
		t->trace = ts;
		nr_traced++;
	}
	return ts->exited ? NULL : ts;
}

/* ---- lines ---- */

/* Writes what is composed. The column goes on from the last piece of the line. */
static void flush_text(struct trace_state *ts)
{
	for (u32 i = 0; i < ts->len; i++)
		ts->column = ts->text[i] == '\n' ? 0 : ts->column + 1;
	if (ts->len)
		host_trace(ts->text, ts->len);
	ts->len = 0;
}

/* Before @t prints: ends another task's unfinished line. */
static void take_line(struct task *t)
{
	static const char text[] = " <unfinished ...>\n";

	if (unfinished && unfinished != t)
		host_trace(text, sizeof(text) - 1);
	if (unfinished != t)
		unfinished = NULL;
}

/* The [pid N] that a line begins with, in front of what is composed already. */
static void write_prefix(struct task *t, struct trace_state *ts)
{
	char prefix[32];
	int n;

	ts->column = 0;
	if (nr_traced < 2)
		return;
	n = ksnprintf(prefix, sizeof(prefix), "[pid %5d] ", t->pid);
	host_trace(prefix, n);
	ts->column = n;
}

/* A whole line of its own. */
static void write_line(struct task *t, struct trace_state *ts)
{
	take_line(t);
	if (unfinished == t) {
		static const char text[] = " <unfinished ...>\n";

		host_trace(text, sizeof(text) - 1);
		unfinished = NULL;
	}
	write_prefix(t, ts);
	flush_text(ts);
}

/* ---- arguments ---- */

static const struct syscall_metadata *metadata_of(int nr)
{
	return nr >= 0 && (unsigned)nr < sys_call_table_size ? syscall_metadata[nr] : NULL;
}

static const char *call_name(int nr, char buf[32])
{
	const struct syscall_metadata *m = metadata_of(nr);

	if (m)
		return m->name;
	if (nr >= 0 && (unsigned)nr < sys_call_table_size && syscall_names[nr])
		return syscall_names[nr];
	ksnprintf(buf, 32, "syscall_%#x", (unsigned)nr);
	return buf;
}

/* By the type alone. */
static void show_by_type(struct trace_state *ts, unsigned arg, const char *type)
{
	u64 v = ts->args[arg];

	if (strchr(type, '*'))
		taddr(ts, v);
	else if (!strncmp(type, "unsigned long", 13) || !strcmp(type, "size_t") || !strcmp(type, "u64"))
		tprintf(ts, v > 0xffff ? "%#lx" : "%lu", (unsigned long)v);
	else if (!strcmp(type, "long") || !strcmp(type, "loff_t") || !strcmp(type, "s64"))
		tprintf(ts, "%ld", (long)v);
	else if (!strncmp(type, "u", 1))
		tprintf(ts, "%u", (unsigned)v);
	else
		tprintf(ts, "%d", (int)v);
}

static void show_arg(struct trace_state *ts, unsigned arg, const struct arg_decoder *d, const struct syscall_metadata *m)
{
	if (d && d->when == AT_EXIT && !d->on_error && IS_ERR_VALUE(ts->ret))
		taddr(ts, ts->args[arg]);
	else if (d)
		d->show(ts, arg);
	else if (m)
		show_by_type(ts, arg, m->types[arg]);
	else
		tprintf(ts, "%#lx", (unsigned long)ts->args[arg]);
}

/* Lets the decoders of what only the exit shows read what the call is about to change. */
static void note_args(struct trace_state *ts, const struct call_decoder *row)
{
	for (unsigned i = 0; row && i < 6; i++)
		if (row->args[i] && row->args[i]->note)
			row->args[i]->note(ts, i);
}

/* Shows arguments from ts->next_arg on: at the entry up to the first that only the exit knows. */
static void show_args(struct trace_state *ts, const struct call_decoder *row, const struct syscall_metadata *m)
{
	unsigned count = m ? m->nargs : row ? 0 : 6;

	while (!m && row && count < 6 && row->args[count])
		count++;
	while (ts->next_arg < count && !ts->no_more) {
		const struct arg_decoder *d = row ? row->args[ts->next_arg] : NULL;

		if (!ts->exiting && d && d->when == AT_EXIT)
			break;
		show_arg(ts, ts->next_arg++, d, m);
		if (ts->next_arg < count && !ts->no_more)
			tputs(ts, ", ");
	}
}

static void show_call(struct trace_state *ts)
{
	const struct syscall_metadata *m = metadata_of(ts->nr);
	char buf[32];
	const struct call_decoder *row = find_call_decoder(call_name(ts->nr, buf));

	if (row && row->special) {
		row->special(ts);
		return;
	}
	if (!ts->exiting)
		note_args(ts, row);
	show_args(ts, row, m);
}

/* ---- results ---- */

static const char *restart_text(long ret)
{
	switch (-ret) {
	case ERESTARTSYS:
		return "ERESTARTSYS (To be restarted if SA_RESTART is set)";
	case ERESTARTNOINTR:
		return "ERESTARTNOINTR (To be restarted)";
	case ERESTARTNOHAND:
		return "ERESTARTNOHAND (To be restarted if no handler)";
	case ERESTART_RESTARTBLOCK:
		return "ERESTART_RESTARTBLOCK (Interrupted by signal)";
	}
	return NULL;
}

static void show_result(struct trace_state *ts)
{
	char buf[32];
	const struct call_decoder *row = find_call_decoder(call_name(ts->nr, buf));
	long ret = ts->ret;

	if (ret >= -MAX_ERRNO && ret < 0) {
		if (restart_text(ret))
			tprintf(ts, "? %s", restart_text(ret));
		else if (errno_name((int)-ret))
			tprintf(ts, "-1 %s (%s)", errno_name((int)-ret), errno_text((int)-ret));
		else
			tprintf(ts, "-1 (errno %ld)", -ret);
	} else if (row && row->result) {
		row->result(ts);
	} else {
		tprintf(ts, "%ld", ret);
	}
}

/* ")" and blanks up to the column of results. */
static void close_args(struct trace_state *ts)
{
	u32 at;

	tputs(ts, ") ");
	at = ts->column + ts->len;
	tprintf(ts, "%*s= ", at < COLUMN ? (int)(COLUMN - at) : 0, "");
}

/* ---- the events ---- */

/* The first program is not started by a call of a guest: its line is made up from the command line. */
static void show_first_exec(struct task *t, struct trace_state *ts)
{
	static bool done;
	unsigned envs = 0;
	char path[256];

	if (done)
		return;
	done = true;
	if (!t->mm || !t->mm->exe_file || file_path(t->mm->exe_file, path, sizeof(path)) < 0)
		strscpy(path, umk_options.program, sizeof(path));
	tputs(ts, "execve(");
	tquote(ts, (const u8 *)path, strlen(path), false);
	tputs(ts, ", [");
	for (char *const *a = umk_options.argv; *a; a++) {
		size_t len = strlen(*a);

		if (a - umk_options.argv >= 32) {
			tputs(ts, ", ...");
			break;
		}
		tputs(ts, a == umk_options.argv ? "" : ", ");
		tquote(ts, (const u8 *)*a, min(len, (size_t)32), len > 32);
	}
	while (umk_options.envp[envs])
		envs++;
	tprintf(ts, "], %#lx /* %u vars */) = 0\n", (unsigned long)(t->mm ? t->mm->env_start : 0), envs);
	write_line(t, ts);
}

void trace_syscall_enter(struct task *t)
{
	const struct pt_regs *r = &t->regs;
	struct trace_state *ts = state_of(t);
	char buf[32];

	if (!ts)
		return;
	if (trace_wants(EXECVE))
		show_first_exec(t, ts);
	ts->nr = (int)r->orig_ax;
	if (!trace_wants(ts->nr))
		return;
	ts->args[0] = r->di;
	ts->args[1] = r->si;
	ts->args[2] = r->dx;
	ts->args[3] = r->r10;
	ts->args[4] = r->r8;
	ts->args[5] = r->r9;
	ts->exiting = ts->no_more = false;
	ts->next_arg = 0;
	ts->saved = 0;
	tprintf(ts, "%s(", call_name(ts->nr, buf));
	show_call(ts);
	write_line(t, ts);
	ts->open = true;
	unfinished = t;
}

static void show_siginfo(struct trace_state *ts, const siginfo_t *info);

static void show_ignored(struct task *t, struct trace_state *ts)
{
	u32 count = ts->nr_ignored;

	ts->nr_ignored = 0;
	for (u32 i = 0; i < count; i++)
		trace_signal(t, ts->ignored[i].si_signo, &ts->ignored[i]);
}

void trace_signal_ignored(struct task *t, const void *siginfo)
{
	struct trace_state *ts = t->trace;

	if (!ts || ts->exited || ts->nr_ignored == ARRAY_SIZE(ts->ignored))
		return;
	ts->ignored[ts->nr_ignored++] = *(const siginfo_t *)siginfo;
	if (!ts->open)
		show_ignored(t, ts);
}

/* A child counts from its birth on, not from its first call. */
static void attach_child(const struct trace_state *ts)
{
	char buf[32];
	const char *name = call_name(ts->nr, buf);
	struct task *child;

	if (ts->ret <= 0 || (strncmp(name, "clone", 5) && strcmp(name, "fork") && strcmp(name, "vfork")))
		return;
	child = find_task((int)ts->ret);
	if (child && child->tt)
		state_of(child);
}

void trace_syscall_exit(struct task *t)
{
	struct trace_state *ts = t->trace;
	char buf[32];

	if (!ts || !ts->open)
		return;
	/* What a dying task's call would have returned nobody learns: trace_exit() ends its line. */
	if (fatal_signal_pending(t) || t->signal->group_exit)
		return;
	ts->ret = (long)t->regs.ax;
	ts->exiting = true;
	/* Where the line goes on decides the column; reading guest memory may let others print, so compose first. */
	show_call(ts);
	if (unfinished != t) {
		u32 size = ts->len;
		char *rest = kmemdup(ts->text, size);

		ts->len = 0;
		tprintf(ts, "<... %s resumed>", call_name(ts->nr, buf));
		write_line(t, ts);
		if (rest) {
			memcpy(ts->text, rest, size);
			ts->len = size;
		}
		kfree(rest);
	}
	close_args(ts);
	show_result(ts);
	tputs(ts, "\n");
	flush_text(ts);
	ts->open = false;
	unfinished = NULL;
	attach_child(ts);
	show_ignored(t, ts);
}

/* A call that does not return is "= ?". */
static void end_call(struct task *t, struct trace_state *ts)
{
	char buf[32];

	if (!ts->open)
		return;
	ts->open = false;
	if (unfinished != t) {
		tprintf(ts, "<... %s resumed>", call_name(ts->nr, buf));
		write_line(t, ts);
	}
	close_args(ts);
	tputs(ts, "?\n");
	flush_text(ts);
	unfinished = NULL;
}

void trace_signal(struct task *t, int sig, const void *siginfo)
{
	struct trace_state *ts = state_of(t);

	if (!ts)
		return;
	tputs(ts, "--- ");
	tsignal(ts, sig);
	tputs(ts, " ");
	show_siginfo(ts, siginfo);
	tputs(ts, " ---\n");
	write_line(t, ts);
}

void trace_exit(struct task *t, int code)
{
	struct trace_state *ts = state_of(t);

	if (!ts)
		return;
	end_call(t, ts);
	tputs(ts, "+++ ");
	if (code & 0x7f) {
		tputs(ts, "killed by ");
		tsignal(ts, code & 0x7f);
		if (code & 0x80)
			tputs(ts, " (core dumped)");
	} else {
		tprintf(ts, "exited with %d", code >> 8 & 0xff);
	}
	tputs(ts, " +++\n");
	write_line(t, ts);
	nr_traced--;
	t->trace = NULL;
	kfree(ts);
}

/* ---- siginfo ---- */

static const struct trace_name chld_codes[] = { TN(CLD_EXITED), TN(CLD_KILLED), TN(CLD_DUMPED), TN(CLD_TRAPPED), TN(CLD_STOPPED),
	TN(CLD_CONTINUED), TN_END };
static const struct trace_name segv_codes[] = { TN(SEGV_MAPERR), TN(SEGV_ACCERR), TN_END };
static const struct trace_name bus_codes[] = { TN(BUS_ADRALN), TN(BUS_ADRERR), TN(BUS_OBJERR), TN_END };
static const struct trace_name fpe_codes[] = { TN(FPE_INTDIV), TN(FPE_INTOVF), TN(FPE_FLTDIV), TN(FPE_FLTOVF), TN(FPE_FLTUND),
	TN(FPE_FLTRES), TN(FPE_FLTINV), TN_END };
static const struct trace_name ill_codes[] = { TN(ILL_ILLOPC), TN(ILL_ILLOPN), TN(ILL_ILLADR), TN(ILL_PRVOPC), TN_END };
static const struct trace_name trap_codes[] = { TN(TRAP_BRKPT), TN(TRAP_TRACE), TN_END };
static const struct trace_name user_codes[] = { TN(SI_USER), TN(SI_KERNEL), TN(SI_QUEUE), TN(SI_TIMER), TN(SI_MESGQ),
	TN(SI_ASYNCIO), TN(SI_SIGIO), TN(SI_TKILL), TN_END };

static const struct trace_name *codes_of(const siginfo_t *info)
{
	if (info->si_code <= 0 || info->si_code == SI_KERNEL)
		return user_codes;
	switch (info->si_signo) {
	case SIGCHLD: return chld_codes;
	case SIGSEGV: return segv_codes;
	case SIGBUS: return bus_codes;
	case SIGFPE: return fpe_codes;
	case SIGILL: return ill_codes;
	case SIGTRAP: return trap_codes;
	}
	return user_codes;
}

static void show_code(struct trace_state *ts, const siginfo_t *info)
{
	for (const struct trace_name *n = codes_of(info); n->name; n++) {
		if ((int)n->val == info->si_code) {
			tputs(ts, n->name);
			return;
		}
	}
	tprintf(ts, "%#x", (unsigned)info->si_code);
}

static void show_siginfo(struct trace_state *ts, const siginfo_t *info)
{
	bool user = info->si_code == SI_USER || info->si_code == SI_TKILL || info->si_code == SI_QUEUE;

	tputs(ts, "{si_signo=");
	tsignal(ts, info->si_signo);
	tputs(ts, ", si_code=");
	show_code(ts, info);
	if (info->si_signo == SIGCHLD && info->si_code > 0 && info->si_code != SI_KERNEL) {
		tprintf(ts, ", si_pid=%d, si_uid=%u, si_status=", info->si_pid, info->si_uid);
		if (info->si_code == CLD_EXITED)
			tprintf(ts, "%d", info->si_status);
		else
			tsignal(ts, info->si_status);
		tprintf(ts, ", si_utime=%ld, si_stime=%ld", (long)info->si_utime, (long)info->si_stime);
	} else if (user) {
		tprintf(ts, ", si_pid=%d, si_uid=%u", info->si_pid, info->si_uid);
		if (info->si_code == SI_QUEUE)
			tprintf(ts, ", si_int=%d, si_ptr=%#lx", info->si_int, (unsigned long)info->si_ptr);
	} else if (info->si_code == SI_TIMER) {
		tprintf(ts, ", si_timerid=%#x, si_overrun=%d, si_int=%d, si_ptr=%#lx", (unsigned)info->si_tid, info->si_overrun,
			info->si_int, (unsigned long)info->si_ptr);
	} else if (codes_of(info) != user_codes) {
		tputs(ts, ", si_addr=");
		taddr(ts, (u64)info->si_addr);
	}
	tputs(ts, "}");
}
