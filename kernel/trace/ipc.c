/* Arguments of System V IPC, POSIX message queues, POSIX timers, signalfd and the newer futex calls. */
#include "decode.h"
#include "string.h"
#include "../ipc/shm.h"
#include <asm/siginfo.h>
#include <linux/futex.h>
#include <linux/mqueue.h>
#include <linux/msg.h>
#include <linux/sem.h>
#include <linux/time.h>

#define READ_OR_ADDR(ts, var, addr) do { if (!tread(&(var), (addr), sizeof(var))) { taddr((ts), (addr)); return; } } while (0)
#define IN(name, fn) const struct arg_decoder name = { .show = fn };
#define OUT(name, fn) const struct arg_decoder name = { .when = AT_EXIT, .show = fn };

/* ---- keys, flags, commands ---- */

static void show_key(struct trace_state *ts, unsigned arg)
{
	if (ts->args[arg])
		tprintf(ts, "%#x", (unsigned)ts->args[arg]);
	else
		tputs(ts, "IPC_PRIVATE");
}
IN(d_ipc_key, show_key)

static const struct trace_name get_flags[] = { TN(IPC_CREAT), TN(IPC_EXCL), TN_END };
static const struct trace_name shmget_flags[] = { TN(IPC_CREAT), TN(IPC_EXCL), TN(SHM_HUGETLB), TN(SHM_NORESERVE), TN_END };

static void get_mode(struct trace_state *ts, const struct trace_name *names, unsigned arg)
{
	u32 v = (u32)ts->args[arg];

	if (v & ~0777u) {
		tflags(ts, names, v & ~0777u, "IPC_???");
		tputs(ts, "|");
	}
	tprintf(ts, "%#03o", v & 0777u);
}

static void show_get_flags(struct trace_state *ts, unsigned arg) { get_mode(ts, get_flags, arg); }
static void show_shmget_flags(struct trace_state *ts, unsigned arg) { get_mode(ts, shmget_flags, arg); }
IN(d_ipc_flags, show_get_flags)
IN(d_shmget_flags, show_shmget_flags)

#define BY_TABLE(name, show, table, fn, what) \
	static void show(struct trace_state *ts, unsigned arg) { fn(ts, table, (u32)ts->args[arg], what); } \
	IN(name, show)

static const struct trace_name shmat_flags[] = { TN(SHM_RDONLY), TN(SHM_RND), TN(SHM_REMAP), TN(SHM_EXEC), TN_END };
static const struct trace_name msg_flags[] = { TN(IPC_NOWAIT), TN(MSG_NOERROR), TN(MSG_EXCEPT), TN(MSG_COPY), TN_END };
static const struct trace_name shm_cmds[] = { TN(IPC_RMID), TN(IPC_SET), TN(IPC_STAT), TN(IPC_INFO), TN(SHM_LOCK), TN(SHM_UNLOCK),
	TN(SHM_STAT), TN(SHM_INFO), TN(SHM_STAT_ANY), TN_END };
static const struct trace_name msg_cmds[] = { TN(IPC_RMID), TN(IPC_SET), TN(IPC_STAT), TN(IPC_INFO), TN(MSG_STAT), TN(MSG_INFO),
	TN(MSG_STAT_ANY), TN_END };
static const struct trace_name sem_cmds[] = { TN(IPC_RMID), TN(IPC_SET), TN(IPC_STAT), TN(IPC_INFO), TN(GETPID), TN(GETVAL),
	TN(GETALL), TN(GETNCNT), TN(GETZCNT), TN(SETVAL), TN(SETALL), TN(SEM_STAT), TN(SEM_INFO), TN(SEM_STAT_ANY), TN_END };
BY_TABLE(d_shmat_flags, show_shmat_flags, shmat_flags, tflags, "SHM_???")
BY_TABLE(d_msg_ipc_flags, show_msg_flags, msg_flags, tflags, "MSG_???")
BY_TABLE(d_shm_cmd, show_shm_cmd, shm_cmds, tname, "SHM_???")
BY_TABLE(d_msg_cmd, show_msg_cmd, msg_cmds, tname, "MSG_???")
BY_TABLE(d_sem_cmd, show_sem_cmd, sem_cmds, tname, "SEM_???")

/* ---- what they are about ---- */

static void show_perm(struct trace_state *ts, const char *name, const struct ipc64_perm *p)
{
	tprintf(ts, "{%s={uid=%u, gid=%u, mode=%#o, key=%u, cuid=%u, cgid=%u}", name, p->uid, p->gid, p->mode, (unsigned)p->key, p->cuid,
		p->cgid);
}

/* The buffer is read or written by some commands only: others show its address. */
static bool shows_buffer(const struct trace_state *ts, unsigned arg)
{
	int cmd = (int)ts->args[arg - 1];

	return cmd == IPC_STAT || cmd == IPC_SET;
}

static void show_shm_ds(struct trace_state *ts, unsigned arg)
{
	struct shmid64_ds d;

	if (!shows_buffer(ts, arg)) {
		taddr(ts, ts->args[arg]);
		return;
	}
	READ_OR_ADDR(ts, d, ts->args[arg]);
	show_perm(ts, "shm_perm", &d.shm_perm);
	tprintf(ts, ", shm_segsz=%lu, shm_cpid=%d, shm_lpid=%d, shm_nattch=%lu, shm_atime=%lu, shm_dtime=%lu, shm_ctime=%lu}",
		(unsigned long)d.shm_segsz, d.shm_cpid, d.shm_lpid, d.shm_nattch, (unsigned long)d.shm_atime,
		(unsigned long)d.shm_dtime, (unsigned long)d.shm_ctime);
}
OUT(d_shm_ds, show_shm_ds)

static void show_msg_ds(struct trace_state *ts, unsigned arg)
{
	struct msqid64_ds d;

	if (!shows_buffer(ts, arg)) {
		taddr(ts, ts->args[arg]);
		return;
	}
	READ_OR_ADDR(ts, d, ts->args[arg]);
	show_perm(ts, "msg_perm", &d.msg_perm);
	tprintf(ts, ", msg_stime=%lu, msg_rtime=%lu, msg_ctime=%lu, msg_qnum=%lu, msg_qbytes=%lu, msg_lspid=%d, msg_lrpid=%d}",
		(unsigned long)d.msg_stime, (unsigned long)d.msg_rtime, (unsigned long)d.msg_ctime, d.msg_qnum, d.msg_qbytes,
		d.msg_lspid, d.msg_lrpid);
}
OUT(d_msg_ds, show_msg_ds)

static void show_sem_arg(struct trace_state *ts, unsigned arg)
{
	struct semid64_ds d;

	if (!shows_buffer(ts, arg)) {
		taddr(ts, ts->args[arg]);
		return;
	}
	READ_OR_ADDR(ts, d, ts->args[arg]);
	show_perm(ts, "sem_perm", &d.sem_perm);
	tprintf(ts, ", sem_otime=%lu, sem_ctime=%lu, sem_nsems=%lu}", (unsigned long)d.sem_otime, (unsigned long)d.sem_ctime,
		(unsigned long)d.sem_nsems);
}
OUT(d_sem_arg, show_sem_arg)

static void show_sembufs(struct trace_state *ts, unsigned arg)
{
	static const struct trace_name flags[] = { TN(SEM_UNDO), TN(IPC_NOWAIT), TN_END };
	u64 addr = ts->args[arg], count = (u32)ts->args[arg + 1];
	struct sembuf b;

	READ_OR_ADDR(ts, b, addr);
	tputs(ts, "[");
	for (u64 i = 0; i < count; i++) {
		tputs(ts, i ? ", " : "");
		if (i == 32 || !tread(&b, addr + i * sizeof(b), sizeof(b))) {
			tputs(ts, "...");
			break;
		}
		tprintf(ts, "{sem_num=%u, sem_op=%d, sem_flg=", b.sem_num, b.sem_op);
		tflags(ts, flags, (u16)b.sem_flg, "SEM_???");
		tputs(ts, "}");
	}
	tputs(ts, "]");
}
IN(d_sembufs, show_sembufs)

static void show_msgbuf(struct trace_state *ts, u64 addr, u64 size)
{
	s64 type;

	READ_OR_ADDR(ts, type, addr);
	tprintf(ts, "{mtype=%ld, mtext=", (long)type);
	tbuffer(ts, addr + sizeof(type), size);
	tputs(ts, "}");
}

static void show_msgbuf_in(struct trace_state *ts, unsigned arg) { show_msgbuf(ts, ts->args[arg], ts->args[arg + 1]); }
IN(d_msgbuf_in, show_msgbuf_in)
OUT(d_msgbuf_out, show_msgbuf_in)

/* ---- message queues ---- */

static void show_mq_attr(struct trace_state *ts, unsigned arg)
{
	static const struct trace_name flags[] = { { 04000, "O_NONBLOCK" }, TN_END };
	struct mq_attr a;

	READ_OR_ADDR(ts, a, ts->args[arg]);
	tputs(ts, "{mq_flags=");
	tflags(ts, flags, (u64)a.mq_flags, "O_???");
	tprintf(ts, ", mq_maxmsg=%ld, mq_msgsize=%ld, mq_curmsgs=%ld}", (long)a.mq_maxmsg, (long)a.mq_msgsize, (long)a.mq_curmsgs);
}
IN(d_mq_attr, show_mq_attr)
OUT(d_mq_attr_out, show_mq_attr)

static void show_uint_out(struct trace_state *ts, unsigned arg)
{
	u32 v;

	READ_OR_ADDR(ts, v, ts->args[arg]);
	tprintf(ts, "[%u]", v);
}
OUT(d_uint_out, show_uint_out)

/* ---- timers ---- */

static void show_sigevent(struct trace_state *ts, unsigned arg)
{
	static const struct trace_name kinds[] = { TN(SIGEV_SIGNAL), TN(SIGEV_NONE), TN(SIGEV_THREAD), TN(SIGEV_THREAD_ID), TN_END };
	sigevent_t ev;

	READ_OR_ADDR(ts, ev, ts->args[arg]);
	tputs(ts, "{");
	if (ev.sigev_value.sival_ptr)
		tprintf(ts, "sigev_value={sival_int=%d, sival_ptr=%#lx}, ", ev.sigev_value.sival_int,
			(unsigned long)ev.sigev_value.sival_ptr);
	tputs(ts, "sigev_signo=");
	if (ev.sigev_notify == SIGEV_SIGNAL || ev.sigev_notify == SIGEV_THREAD_ID)
		tsignal(ts, ev.sigev_signo);
	else
		tprintf(ts, "%d", ev.sigev_signo);
	tputs(ts, ", sigev_notify=");
	tname(ts, kinds, (u32)ev.sigev_notify, "SIGEV_???");
	if (ev.sigev_notify & SIGEV_THREAD_ID)
		tprintf(ts, ", sigev_notify_thread_id=%d", ev.sigev_notify_thread_id);
	tputs(ts, "}");
}
IN(d_sigevent, show_sigevent)
OUT(d_timer_out, show_uint_out)

static const struct trace_name timer_flags[] = { TN(TIMER_ABSTIME), TN_END };
static const struct trace_name tfd_settime_flags[] = { { 1, "TFD_TIMER_ABSTIME" }, { 2, "TFD_TIMER_CANCEL_ON_SET" }, TN_END };
static const struct trace_name sfd_flags[] = { { 02000000, "SFD_CLOEXEC" }, { 04000, "SFD_NONBLOCK" }, TN_END };
BY_TABLE(d_timer_flags, show_timer_flags, timer_flags, tflags, "TIMER_???")
BY_TABLE(d_tfd_settime_flags, show_tfd_flags, tfd_settime_flags, tflags, "TFD_???")
BY_TABLE(d_signalfd_flags, show_sfd_flags, sfd_flags, tflags, "SFD_???")

/* ---- futexes ---- */

static const struct trace_name futex2_flags[] = { { 2, "FUTEX_32" }, { 4, "FUTEX2_NUMA" }, { 128, "FUTEX_PRIVATE_FLAG" }, TN_END };
BY_TABLE(d_futex2_flags, show_futex2_flags, futex2_flags, tflags, "FUTEX2_???")

static void show_waitv(struct trace_state *ts, u64 addr, u64 count)
{
	struct futex_waitv v;

	READ_OR_ADDR(ts, v, addr);
	tputs(ts, "[");
	for (u64 i = 0; i < count; i++) {
		tputs(ts, i ? ", " : "");
		if (i == 32 || !tread(&v, addr + i * sizeof(v), sizeof(v))) {
			tputs(ts, "...");
			break;
		}
		tprintf(ts, "{val=%#lx, uaddr=%#lx, flags=", (unsigned long)v.val, (unsigned long)v.uaddr);
		tflags(ts, futex2_flags, v.flags, "FUTEX2_???");
		tputs(ts, "}");
	}
	tputs(ts, "]");
}

static void show_waiters(struct trace_state *ts, unsigned arg) { show_waitv(ts, ts->args[arg], (u32)ts->args[arg + 1]); }
static void show_two_waiters(struct trace_state *ts, unsigned arg) { show_waitv(ts, ts->args[arg], 2); }
IN(d_futex_waiters, show_waiters)
IN(d_futex_two, show_two_waiters)
