/* Arguments that point into guest memory. An address that cannot be read is shown as an address. */
#include "decode.h"
#include "fs.h"
#include "mm.h"
#include "string.h"
#include "syscalls.h"
#include "uio.h"
#include <asm/poll.h>
#include <asm/stat.h>
#include <asm/statfs.h>
#include <linux/eventpoll.h>
#include <linux/poll.h>
#include <linux/resource.h>
#include <linux/sysinfo.h>
#include <linux/time.h>
#include <linux/utsname.h>

#define IN(name, fn) const struct arg_decoder name = { .show = fn };
#define OUT(name, fn) const struct arg_decoder name = { .when = AT_EXIT, .show = fn };

/* Reads a structure for a decoder, or shows the address and makes the decoder return. */
#define READ_OR_ADDR(ts, var, addr) do { if (!tread(&(var), (addr), sizeof(var))) { taddr((ts), (addr)); return; } } while (0)

/* ---- strings and buffers ---- */

static void show_path(struct trace_state *ts, unsigned arg) { tstring(ts, ts->args[arg], 4095); }
static void show_string(struct trace_state *ts, unsigned arg) { tstring(ts, ts->args[arg], 32); }
static void show_buffer_in(struct trace_state *ts, unsigned arg) { tbuffer(ts, ts->args[arg], ts->args[arg + 1]); }
static void show_buffer_out(struct trace_state *ts, unsigned arg) { tbuffer(ts, ts->args[arg], (u64)ts->ret); }
IN(d_path, show_path)
IN(d_string, show_string)
OUT(d_string_out, show_string)
OUT(d_path_out, show_path)
IN(d_buffer_in, show_buffer_in)
OUT(d_buffer_out, show_buffer_out)

/* getrandom(2): every byte in hex, as strace has it. */
static void show_random(struct trace_state *ts, unsigned arg)
{
	size_t shown = min((u64)ts->ret, (u64)32);
	u8 bytes[32];

	if (shown && !tread(bytes, ts->args[arg], shown)) {
		taddr(ts, ts->args[arg]);
		return;
	}
	tputs(ts, "\"");
	for (size_t i = 0; i < shown; i++)
		tprintf(ts, "\\x%02x", bytes[i]);
	tputs(ts, (u64)ts->ret > shown ? "\"..." : "\"");
}
OUT(d_random, show_random)

static void show_argv(struct trace_state *ts, unsigned arg)
{
	u64 addr = ts->args[arg], p;

	if (!tread(&p, addr, sizeof(p))) {
		taddr(ts, addr);
		return;
	}
	tputs(ts, "[");
	for (unsigned i = 0; p; i++) {
		if (i == 32) {
			tputs(ts, ", ...");
			break;
		}
		tputs(ts, i ? ", " : "");
		tstring(ts, p, 32);
		addr += sizeof(p);
		if (!tread(&p, addr, sizeof(p))) {
			tprintf(ts, ", ... /* %#lx */", (unsigned long)addr);
			break;
		}
	}
	tputs(ts, "]");
}
IN(d_argv, show_argv)

static void show_envp(struct trace_state *ts, unsigned arg)
{
	u64 addr = ts->args[arg], p;
	unsigned count = 0;

	taddr(ts, addr);
	if (!addr)
		return;
	while (count < 100000 && tread(&p, addr + count * sizeof(p), sizeof(p)) && p)
		count++;
	tprintf(ts, " /* %u var%s */", count, count == 1 ? "" : "s");
}
IN(d_envp, show_envp)

/* ---- iovec ---- */

void tiovec(struct trace_state *ts, u64 addr, u64 count, u64 data)
{
	struct { u64 base, len; } v;

	if (!count && addr) {
		tputs(ts, "[]");
		return;
	}
	if (!tread(&v, addr, sizeof(v))) {
		taddr(ts, addr);
		return;
	}
	tputs(ts, "[");
	for (u64 i = 0; i < count; i++) {
		u64 part;

		tputs(ts, i ? ", " : "");
		if (i == 32 || !tread(&v, addr + i * sizeof(v), sizeof(v))) {
			tputs(ts, "...");
			break;
		}
		part = min(v.len, data);
		tputs(ts, "{iov_base=");
		tbuffer(ts, v.base, part);
		tprintf(ts, ", iov_len=%lu}", (unsigned long)v.len);
		data -= part;
	}
	tputs(ts, "]");
}

static void show_iovec_in(struct trace_state *ts, unsigned arg) { tiovec(ts, ts->args[arg], ts->args[arg + 1], ~0ull); }
static void show_iovec_out(struct trace_state *ts, unsigned arg) { tiovec(ts, ts->args[arg], ts->args[arg + 1], (u64)ts->ret); }
IN(d_iovec_in, show_iovec_in)
OUT(d_iovec_out, show_iovec_out)

/* ---- files ---- */

static const struct trace_name file_types[] = { TN(S_IFSOCK), TN(S_IFLNK), TN(S_IFREG), TN(S_IFBLK), TN(S_IFDIR), TN(S_IFCHR),
	TN(S_IFIFO), TN_END };

static void show_file_mode(struct trace_state *ts, u32 mode)
{
	if (mode & S_IFMT) {
		tname(ts, file_types, mode & S_IFMT, "S_IF???");
		tputs(ts, "|");
	}
	tprintf(ts, "%s%s%s%#03o", mode & S_ISUID ? "S_ISUID|" : "", mode & S_ISGID ? "S_ISGID|" : "",
		mode & S_ISVTX ? "S_ISVTX|" : "", mode & 0777);
}

static void show_stat(struct trace_state *ts, unsigned arg)
{
	struct stat st;

	READ_OR_ADDR(ts, st, ts->args[arg]);
	tputs(ts, "{st_mode=");
	show_file_mode(ts, st.st_mode);
	if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
		tprintf(ts, ", st_rdev=makedev(%#x, %#x), ...}", (unsigned)(st.st_rdev >> 8 & 0xfff),
			(unsigned)((st.st_rdev & 0xff) | (st.st_rdev >> 12 & 0xfff00)));
	else
		tprintf(ts, ", st_size=%ld, ...}", (long)st.st_size);
}
OUT(d_stat, show_stat)

static const struct trace_name statx_attributes[] = { TN(STATX_ATTR_COMPRESSED), TN(STATX_ATTR_IMMUTABLE), TN(STATX_ATTR_APPEND),
	TN(STATX_ATTR_NODUMP), TN(STATX_ATTR_ENCRYPTED), TN(STATX_ATTR_AUTOMOUNT), TN(STATX_ATTR_MOUNT_ROOT),
	TN(STATX_ATTR_VERITY), TN(STATX_ATTR_DAX), TN_END };

static void show_statx(struct trace_state *ts, unsigned arg)
{
	struct statx st;

	READ_OR_ADDR(ts, st, ts->args[arg]);
	tputs(ts, "{stx_mask=");
	tflags(ts, statx_mask_names, st.stx_mask, "STATX_???");
	tputs(ts, ", stx_attributes=");
	tflags(ts, statx_attributes, st.stx_attributes, "STATX_ATTR_???");
	tputs(ts, ", stx_mode=");
	show_file_mode(ts, st.stx_mode);
	tprintf(ts, ", stx_size=%lu, ...}", (unsigned long)st.stx_size);
}
OUT(d_statx, show_statx)

static void show_statfs(struct trace_state *ts, unsigned arg)
{
	struct statfs st;

	READ_OR_ADDR(ts, st, ts->args[arg]);
	tprintf(ts, "{f_type=%#lx, f_bsize=%ld, f_blocks=%lu, f_bfree=%lu, f_bavail=%lu, f_files=%lu, f_ffree=%lu, "
		"f_fsid={val=[%d, %d]}, f_namelen=%ld, f_frsize=%ld, f_flags=%#lx}", (unsigned long)st.f_type,
		(long)st.f_bsize, (unsigned long)st.f_blocks, (unsigned long)st.f_bfree, (unsigned long)st.f_bavail,
		(unsigned long)st.f_files, (unsigned long)st.f_ffree, st.f_fsid.val[0], st.f_fsid.val[1],
		(long)st.f_namelen, (long)st.f_frsize, (unsigned long)st.f_flags);
}
OUT(d_statfs, show_statfs)

/* getdents64(2): only how many entries. */
static void show_dirents(struct trace_state *ts, unsigned arg)
{
	u64 addr = ts->args[arg], off = 0;
	unsigned count = 0;
	u16 reclen;

	while (off < (u64)ts->ret && tread(&reclen, addr + off + 16, sizeof(reclen)) && reclen) {
		off += reclen;
		count++;
	}
	taddr(ts, addr);
	tprintf(ts, " /* %u entr%s */", count, count == 1 ? "y" : "ies");
}
OUT(d_dirents, show_dirents)

static void show_fd_pair(struct trace_state *ts, unsigned arg)
{
	int fds[2];

	READ_OR_ADDR(ts, fds, ts->args[arg]);
	tprintf(ts, "[%d, %d]", fds[0], fds[1]);
}
OUT(d_fd_pair, show_fd_pair)

static void show_int_at(struct trace_state *ts, unsigned arg)
{
	int v;

	READ_OR_ADDR(ts, v, ts->args[arg]);
	tprintf(ts, "[%d]", v);
}
OUT(d_int_out, show_int_at)

/* An offset that the call moves (sendfile): as it was. */
static void show_u64_inout(struct trace_state *ts, unsigned arg)
{
	u64 v;

	READ_OR_ADDR(ts, v, ts->args[arg]);
	tprintf(ts, "[%lu]", (unsigned long)v);
}
IN(d_u64_inout, show_u64_inout)

/* ---- time ---- */

void ttimespec(struct trace_state *ts, u64 addr)
{
	struct __kernel_timespec t;

	READ_OR_ADDR(ts, t, addr);
	tprintf(ts, "{tv_sec=%ld, tv_nsec=%ld}", (long)t.tv_sec, (long)t.tv_nsec);
}

static void show_timespec(struct trace_state *ts, unsigned arg) { ttimespec(ts, ts->args[arg]); }
IN(d_timespec, show_timespec)
OUT(d_timespec_out, show_timespec)

/* What is left of a sleep is written only when it was interrupted. */
static void show_timespec_remain(struct trace_state *ts, unsigned arg)
{
	if (ts->ret == -EINTR || ts->ret == -ERESTART_RESTARTBLOCK)
		show_timespec(ts, arg);
	else
		taddr(ts, ts->args[arg]);
}
const struct arg_decoder d_timespec_remain = { .when = AT_EXIT, .on_error = true, .show = show_timespec_remain };

static void ttimeval(struct trace_state *ts, u64 addr)
{
	struct { s64 sec, usec; } t;

	READ_OR_ADDR(ts, t, addr);
	tprintf(ts, "{tv_sec=%ld, tv_usec=%ld}", (long)t.sec, (long)t.usec);
}

static void show_timeval(struct trace_state *ts, unsigned arg) { ttimeval(ts, ts->args[arg]); }
OUT(d_timeval_out, show_timeval)

/* Two times: interval and value. */
static void show_interval(struct trace_state *ts, u64 addr, void (*time)(struct trace_state *ts, u64 addr))
{
	u64 probe[4];

	READ_OR_ADDR(ts, probe, addr);
	tputs(ts, "{it_interval=");
	time(ts, addr);
	tputs(ts, ", it_value=");
	time(ts, addr + 16);
	tputs(ts, "}");
}

static void show_itimerval(struct trace_state *ts, unsigned arg) { show_interval(ts, ts->args[arg], ttimeval); }
static void show_itimerspec(struct trace_state *ts, unsigned arg) { show_interval(ts, ts->args[arg], ttimespec); }
IN(d_itimerval, show_itimerval)
OUT(d_itimerval_out, show_itimerval)
IN(d_itimerspec, show_itimerspec)
OUT(d_itimerspec_out, show_itimerspec)

/* ---- limits and usage ---- */

static void show_limit(struct trace_state *ts, u64 v)
{
	if (v == ~0ull)
		tputs(ts, "RLIM64_INFINITY");
	else if (v > 1024 && v % 1024 == 0)
		tprintf(ts, "%lu*1024", (unsigned long)(v / 1024));
	else
		tprintf(ts, "%lu", (unsigned long)v);
}

static void show_rlimit(struct trace_state *ts, unsigned arg)
{
	u64 lim[2];

	READ_OR_ADDR(ts, lim, ts->args[arg]);
	tputs(ts, "{rlim_cur=");
	show_limit(ts, lim[0]);
	tputs(ts, ", rlim_max=");
	show_limit(ts, lim[1]);
	tputs(ts, "}");
}
IN(d_rlimit, show_rlimit)
OUT(d_rlimit_out, show_rlimit)

static void show_rusage(struct trace_state *ts, unsigned arg)
{
	u64 addr = ts->args[arg], probe[4];

	READ_OR_ADDR(ts, probe, addr);
	tputs(ts, "{ru_utime=");
	ttimeval(ts, addr);
	tputs(ts, ", ru_stime=");
	ttimeval(ts, addr + 16);
	tputs(ts, ", ...}");
}
OUT(d_rusage, show_rusage)

/* wait4 that found no child leaves it alone. */
static void show_wait_rusage(struct trace_state *ts, unsigned arg)
{
	if (ts->ret)
		show_rusage(ts, arg);
	else
		taddr(ts, ts->args[arg]);
}
OUT(d_wait_rusage, show_wait_rusage)

static void show_sysinfo(struct trace_state *ts, unsigned arg)
{
	struct sysinfo s;

	READ_OR_ADDR(ts, s, ts->args[arg]);
	tprintf(ts, "{uptime=%ld, loads=[%lu, %lu, %lu], totalram=%lu, freeram=%lu, sharedram=%lu, bufferram=%lu, totalswap=%lu, "
		"freeswap=%lu, procs=%u, totalhigh=%lu, freehigh=%lu, mem_unit=%u}", (long)s.uptime, (unsigned long)s.loads[0],
		(unsigned long)s.loads[1], (unsigned long)s.loads[2], (unsigned long)s.totalram, (unsigned long)s.freeram,
		(unsigned long)s.sharedram, (unsigned long)s.bufferram, (unsigned long)s.totalswap, (unsigned long)s.freeswap,
		s.procs, (unsigned long)s.totalhigh, (unsigned long)s.freehigh, s.mem_unit);
}
OUT(d_sysinfo, show_sysinfo)

static void show_uname(struct trace_state *ts, unsigned arg)
{
	struct new_utsname u;

	READ_OR_ADDR(ts, u, ts->args[arg]);
	tputs(ts, "{sysname=");
	tquote(ts, (const u8 *)u.sysname, strnlen(u.sysname, sizeof(u.sysname)), false);
	tputs(ts, ", nodename=");
	tquote(ts, (const u8 *)u.nodename, strnlen(u.nodename, sizeof(u.nodename)), false);
	tputs(ts, ", ...}");
}
OUT(d_uname, show_uname)

/* ---- signals ---- */

static void show_sigset(struct trace_state *ts, unsigned arg)
{
	u64 set;

	READ_OR_ADDR(ts, set, ts->args[arg]);
	tsigset(ts, set);
}
IN(d_sigset, show_sigset)
OUT(d_sigset_out, show_sigset)

static const struct trace_name sa_flags[] = { { 0x04000000, "SA_RESTORER" }, TN(SA_ONSTACK), TN(SA_RESTART), TN(SA_NODEFER),
	TN(SA_RESETHAND), TN(SA_SIGINFO), TN(SA_NOCLDSTOP), TN(SA_NOCLDWAIT), TN_END };

static void show_sigaction(struct trace_state *ts, unsigned arg)
{
	struct k_sigaction sa;

	READ_OR_ADDR(ts, sa, ts->args[arg]);
	tputs(ts, "{sa_handler=");
	if (sa.handler <= 1)
		tputs(ts, sa.handler ? "SIG_IGN" : "SIG_DFL");
	else
		taddr(ts, sa.handler);
	tputs(ts, ", sa_mask=");
	tsigset(ts, sa.mask);
	tputs(ts, ", sa_flags=");
	tflags(ts, sa_flags, (u32)sa.flags, "SA_???");
	if (sa.flags & 0x04000000)
		tprintf(ts, ", sa_restorer=%#lx", (unsigned long)sa.restorer);
	tputs(ts, "}");
}
IN(d_sigaction, show_sigaction)
OUT(d_sigaction_out, show_sigaction)

static const struct trace_name ss_flags[] = { { 1, "SS_ONSTACK" }, { 2, "SS_DISABLE" }, { 1u << 31, "SS_AUTODISARM" },
	TN_END };

static void show_sigaltstack(struct trace_state *ts, unsigned arg)
{
	stack_t ss;

	READ_OR_ADDR(ts, ss, ts->args[arg]);
	tputs(ts, "{ss_sp=");
	taddr(ts, (u64)ss.ss_sp);
	tputs(ts, ", ss_flags=");
	tflags(ts, ss_flags, (u32)ss.ss_flags, "SS_???");
	tprintf(ts, ", ss_size=%lu}", (unsigned long)ss.ss_size);
}
IN(d_sigaltstack, show_sigaltstack)
OUT(d_sigaltstack_out, show_sigaltstack)

static void show_wait_status(struct trace_state *ts, unsigned arg)
{
	u32 status;

	if (ts->ret <= 0) {
		taddr(ts, ts->args[arg]);
		return;
	}
	READ_OR_ADDR(ts, status, ts->args[arg]);
	twait_status(ts, status);
}
OUT(d_wait_status, show_wait_status)

static void show_siginfo_at(struct trace_state *ts, unsigned arg)
{
	siginfo_t info;

	READ_OR_ADDR(ts, info, ts->args[arg]);
	if (!info.si_signo) {
		taddr(ts, ts->args[arg]);
		return;
	}
	tputs(ts, "{si_signo=");
	tsignal(ts, info.si_signo);
	tprintf(ts, ", si_code=%d, si_pid=%d, si_uid=%u, si_status=%d, ...}", info.si_code, info.si_pid, info.si_uid,
		info.si_status);
}
OUT(d_siginfo_out, show_siginfo_at)

/* The mask that the frame brings back stands in its ucontext, at a fixed place above the stack pointer. */
void special_sigreturn(struct trace_state *ts)
{
	u64 set, uc_sigmask = 40 + 256; /* behind flags, link, stack and sigcontext */

	if (ts->exiting)
		return;
	tputs(ts, "{mask=");
	if (tread(&set, current->regs.sp + uc_sigmask, sizeof(set)))
		tsigset(ts, set);
	else
		tputs(ts, "?");
	tputs(ts, "}");
}

/* ---- poll and epoll ---- */

static const struct trace_name poll_bits[] = { TN(POLLIN), TN(POLLPRI), TN(POLLOUT), TN(POLLRDNORM), TN(POLLRDBAND), TN(POLLWRNORM),
	TN(POLLWRBAND), TN(POLLERR), TN(POLLHUP), TN(POLLNVAL), TN(POLLRDHUP), TN_END };
static const struct trace_name epoll_bits[] = { TN(EPOLLIN), TN(EPOLLPRI), TN(EPOLLOUT), TN(EPOLLRDNORM), TN(EPOLLRDBAND),
	TN(EPOLLWRNORM), TN(EPOLLWRBAND), TN(EPOLLMSG), TN(EPOLLERR), TN(EPOLLHUP), TN(EPOLLRDHUP), TN(EPOLLEXCLUSIVE),
	TN(EPOLLWAKEUP), TN(EPOLLONESHOT), TN(EPOLLET), TN_END };

static void show_pollfds(struct trace_state *ts, unsigned arg)
{
	u64 addr = ts->args[arg], count = (u32)ts->args[arg + 1];
	struct pollfd p;

	if (count && !tread(&p, addr, sizeof(p))) {
		taddr(ts, addr);
		return;
	}
	if (!addr) {
		tputs(ts, "NULL");
		return;
	}
	tputs(ts, "[");
	for (u64 i = 0; i < count; i++) {
		tputs(ts, i ? ", " : "");
		if (i == 32 || !tread(&p, addr + i * sizeof(p), sizeof(p))) {
			tputs(ts, "...");
			break;
		}
		tprintf(ts, "{fd=%d", p.fd);
		if (p.fd >= 0) {
			tputs(ts, ", events=");
			tflags(ts, poll_bits, (u16)p.events, "POLL???");
		}
		tputs(ts, "}");
	}
	tputs(ts, "]");
}
IN(d_pollfds, show_pollfds)

/* poll(2)'s result: the number, then what is ready. */
void result_poll(struct trace_state *ts)
{
	u64 addr = ts->args[0], count = (u32)ts->args[1];
	const char *between = "";
	struct pollfd p;

	tprintf(ts, "%ld", ts->ret);
	if (!ts->ret) {
		tputs(ts, " (Timeout)");
		return;
	}
	tputs(ts, " ([");
	for (u64 i = 0; i < count && tread(&p, addr + i * sizeof(p), sizeof(p)); i++) {
		if (!p.revents || p.fd < 0)
			continue;
		tprintf(ts, "%s{fd=%d, revents=", between, p.fd);
		tflags(ts, poll_bits, (u16)p.revents, "POLL???");
		tputs(ts, "}");
		between = ", ";
	}
	tputs(ts, "])");
}

/* ---- select ---- */

/* The first @n bits as numbers, or the address. */
static void tfdset(struct trace_state *ts, u64 addr, u32 n)
{
	const char *between = "";
	u64 bits = 0;

	if (!addr || !tread(&bits, addr, sizeof(bits))) {
		taddr(ts, addr);
		return;
	}
	tputs(ts, "[");
	for (u32 fd = 0; fd < min(n, 1024u); fd++) {
		if (fd % 64 == 0 && !tread(&bits, addr + fd / 8, sizeof(bits)))
			break;
		if (bits >> fd % 64 & 1) {
			tprintf(ts, "%s%u", between, fd);
			between = " ";
		}
	}
	tputs(ts, "]");
}

static void show_fdset(struct trace_state *ts, unsigned arg) { tfdset(ts, ts->args[arg], (u32)ts->args[0]); }
IN(d_fdset, show_fdset)

static void show_timeval_in(struct trace_state *ts, unsigned arg) { ttimeval(ts, ts->args[arg]); }
IN(d_timeval, show_timeval_in)

/* pselect6's last argument: a pointer to a mask, and its size. */
static void show_sigset_pair(struct trace_state *ts, unsigned arg)
{
	u64 pair[2], set;

	READ_OR_ADDR(ts, pair, ts->args[arg]);
	tputs(ts, "{sigmask=");
	if (pair[0] && tread(&set, pair[0], sizeof(set)))
		tsigset(ts, set);
	else
		taddr(ts, pair[0]);
	tprintf(ts, ", sigsetsize=%lu}", (unsigned long)pair[1]);
}
IN(d_sigset_pair, show_sigset_pair)

/* What is ready, and what is left of the time. */
static void select_result(struct trace_state *ts, void (*time)(struct trace_state *ts, u64 addr))
{
	static const char *const names[] = { "in ", "out ", "except " };
	const char *between = " (";

	tprintf(ts, "%ld", ts->ret);
	if (!ts->ret) {
		tputs(ts, " (Timeout)");
		return;
	}
	for (unsigned i = 0; i < 3; i++) {
		u32 n = min((u32)ts->args[0], 1024u);
		bool any = false;
		u64 bits;

		for (u32 fd = 0; ts->args[1 + i] && fd < n; fd += 64)
			any |= tread(&bits, ts->args[1 + i] + fd / 8, sizeof(bits)) && bits;
		if (!any)
			continue;
		tprintf(ts, "%s%s", between, names[i]);
		tfdset(ts, ts->args[1 + i], n);
		between = ", ";
	}
	if (ts->args[4]) {
		tprintf(ts, "%sleft ", between);
		time(ts, ts->args[4]);
		between = ", ";
	}
	tputs(ts, *between == ',' ? ")" : "");
}

void result_select(struct trace_state *ts) { select_result(ts, ttimeval); }
void result_pselect(struct trace_state *ts) { select_result(ts, ttimespec); }

/* ---- CPU sets, groups, file times ---- */

static void tcpus(struct trace_state *ts, u64 addr, u64 size)
{
	const char *between = "";
	u8 byte;

	if (!addr || !size || !tread(&byte, addr, 1)) {
		taddr(ts, addr);
		return;
	}
	tputs(ts, "[");
	for (u64 i = 0; i < min(size, (u64)128) && tread(&byte, addr + i, 1); i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			if (byte >> bit & 1) {
				tprintf(ts, "%s%lu", between, (unsigned long)(i * 8 + bit));
				between = " ";
			}
		}
	}
	tputs(ts, "]");
}

static void show_cpus_in(struct trace_state *ts, unsigned arg) { tcpus(ts, ts->args[arg], ts->args[arg - 1]); }
static void show_cpus_out(struct trace_state *ts, unsigned arg) { tcpus(ts, ts->args[arg], (u64)ts->ret); }
IN(d_cpus, show_cpus_in)
OUT(d_cpus_out, show_cpus_out)

static void tids(struct trace_state *ts, u64 addr, u64 count)
{
	u32 id;

	if (!addr || (count && !tread(&id, addr, sizeof(id)))) {
		taddr(ts, addr);
		return;
	}
	tputs(ts, "[");
	for (u64 i = 0; i < count && tread(&id, addr + i * sizeof(id), sizeof(id)); i++) {
		if (i == 32) {
			tputs(ts, ", ...");
			break;
		}
		tprintf(ts, i ? ", %u" : "%u", id);
	}
	tputs(ts, "]");
}

static void show_groups_in(struct trace_state *ts, unsigned arg) { tids(ts, ts->args[arg], (u32)ts->args[arg - 1]); }
static void show_groups_out(struct trace_state *ts, unsigned arg) { tids(ts, ts->args[arg], ts->args[0] ? (u64)ts->ret : 0); }
static void show_id_out(struct trace_state *ts, unsigned arg) { tids(ts, ts->args[arg], 1); }
IN(d_groups, show_groups_in)
OUT(d_groups_out, show_groups_out)
OUT(d_id_out, show_id_out)

static void show_file_times(struct trace_state *ts, unsigned arg)
{
	struct __kernel_timespec t[2];

	READ_OR_ADDR(ts, t, ts->args[arg]);
	for (unsigned i = 0; i < 2; i++) {
		tputs(ts, i ? ", " : "[");
		if (t[i].tv_nsec == 0x3fffffff)
			tputs(ts, "UTIME_NOW");
		else if (t[i].tv_nsec == 0x3ffffffe)
			tputs(ts, "UTIME_OMIT");
		else
			tprintf(ts, "{tv_sec=%ld, tv_nsec=%ld}", (long)t[i].tv_sec, (long)t[i].tv_nsec);
	}
	tputs(ts, "]");
}
IN(d_file_times, show_file_times)

static void tepoll_event(struct trace_state *ts, u64 addr)
{
	struct epoll_event ev;

	READ_OR_ADDR(ts, ev, addr);
	tputs(ts, "{events=");
	tflags(ts, epoll_bits, ev.events, "EPOLL???");
	tprintf(ts, ", data={u32=%u, u64=%lu}}", (u32)ev.data, (unsigned long)ev.data);
}

static void show_epoll_event(struct trace_state *ts, unsigned arg) { tepoll_event(ts, ts->args[arg]); }
IN(d_epoll_event, show_epoll_event)

static void show_epoll_events(struct trace_state *ts, unsigned arg)
{
	tputs(ts, "[");
	for (long i = 0; i < ts->ret; i++) {
		tputs(ts, i ? ", " : "");
		if (i == 32) {
			tputs(ts, "...");
			break;
		}
		tepoll_event(ts, ts->args[arg] + i * sizeof(struct epoll_event));
	}
	tputs(ts, "]");
}
OUT(d_epoll_events, show_epoll_events)
