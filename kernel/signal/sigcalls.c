/* The signal system calls: arguments and permissions; the work is in signal.c. */
#include "cred.h"
#include "sched.h"
#include "sigcore.h"
#include "string.h"
#include "syscalls.h"
#include "../task.h"
#include <linux/capability.h>
#include <linux/signal.h>

/* asm-generic/signal-defs.h; what a kernel before 5.11 did not know reads back as 0 */
#define SA_KNOWN (SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER | SA_RESETHAND | \
	SA_EXPOSE_TAGBITS | SA_RESTORER)

static bool valid_signal(int sig) { return sig >= 0 && sig <= _NSIG; }

/* ---- actions and masks ---- */

SYSCALL_DEFINE4(rt_sigaction, int, sig, const struct k_sigaction __user *, act, struct k_sigaction __user *, oact,
	size_t, sigsetsize)
{
	struct k_sigaction *k, old, new;

	if (sigsetsize != sizeof(ksigset_t))
		return -EINVAL;
	if (act && copy_from_user(&new, act, sizeof(new)))
		return -EFAULT;
	if (sig < 1 || sig > _NSIG || (act && (sig == SIGKILL || sig == SIGSTOP)))
		return -EINVAL;
	k = &current->sighand->action[sig - 1];
	old = *k;
	if (act) {
		new.flags &= SA_KNOWN;
		new.mask &= ~(sigmask(SIGKILL) | sigmask(SIGSTOP));
		*k = new;
		if (sig_task_ignored(current, sig))
			drop_signals(current->signal, sigmask(sig)); /* POSIX 3.3.1.3 */
	}
	if (oact && copy_to_user(oact, &old, sizeof(old)))
		return -EFAULT;
	return 0;
}

SYSCALL_DEFINE4(rt_sigprocmask, int, how, const ksigset_t __user *, nset, ksigset_t __user *, oset, size_t, sigsetsize)
{
	ksigset_t old = current->blocked, set;

	if (sigsetsize != sizeof(ksigset_t))
		return -EINVAL;
	if (nset) {
		if (copy_from_user(&set, nset, sizeof(set)))
			return -EFAULT;
		switch (how) {
		case SIG_BLOCK:
			set |= old;
			break;
		case SIG_UNBLOCK:
			set = old & ~set;
			break;
		case SIG_SETMASK:
			break;
		default:
			return -EINVAL;
		}
		set_blocked(current, set);
	}
	if (oset && copy_to_user(oset, &old, sizeof(old)))
		return -EFAULT;
	return 0;
}

SYSCALL_DEFINE2(rt_sigpending, ksigset_t __user *, uset, size_t, sigsetsize)
{
	ksigset_t set = (current->pending.set | current->signal->shared_pending.set) & current->blocked;

	if (sigsetsize > sizeof(set))
		return -EINVAL;
	return copy_to_user(uset, &set, sigsetsize) ? -EFAULT : 0;
}

/* ---- waiting for signals ---- */

static long sleep_until_signal(void)
{
	while (!signal_pending(current)) {
		current->state = TASK_INTERRUPTIBLE;
		schedule();
	}
	current->state = TASK_RUNNING;
	return -ERESTARTNOHAND;
}

SYSCALL_DEFINE2(rt_sigsuspend, const ksigset_t __user *, unewset, size_t, sigsetsize)
{
	ksigset_t set;

	if (sigsetsize != sizeof(set))
		return -EINVAL;
	if (copy_from_user(&set, unewset, sizeof(set)))
		return -EFAULT;
	current->saved_sigmask = current->blocked;
	set_blocked(current, set);
	sleep_until_signal();
	current->restore_sigmask = true;
	return -ERESTARTNOHAND;
}

SYSCALL_DEFINE0(pause)
{
	return sleep_until_signal();
}

/* Waits for one of @these until @deadline; its number, -EAGAIN, or -EINTR for another signal. */
static int wait_for_signal(ksigset_t these, siginfo_t *info, u64 deadline)
{
	struct task *t = current;
	ksigset_t mask = ~(these & ~(sigmask(SIGKILL) | sigmask(SIGSTOP)));
	int sig = dequeue_signal(t, mask, info);
	bool timeout;

	if (sig || !deadline)
		return sig ? sig : -EAGAIN;
	/* Those waited for are let through for as long as it sleeps, so that their arrival wakes it. */
	t->real_blocked = t->blocked;
	t->blocked &= mask;
	sigset_changed(t);
	timeout = false;
	if (!t->sigpending) {
		t->state = TASK_INTERRUPTIBLE;
		timeout = schedule_until(deadline);
		t->state = TASK_RUNNING;
	}
	set_blocked(t, t->real_blocked);
	t->real_blocked = 0;
	sig = dequeue_signal(t, mask, info);
	if (sig)
		return sig;
	return timeout ? -EAGAIN : -EINTR;
}

SYSCALL_DEFINE4(rt_sigtimedwait, const ksigset_t __user *, uthese, siginfo_t __user *, uinfo,
	const struct __kernel_timespec __user *, uts, size_t, sigsetsize)
{
	ksigset_t these;
	siginfo_t info;
	u64 deadline = KTIME_MAX;
	int ret;

	if (sigsetsize != sizeof(these))
		return -EINVAL;
	if (copy_from_user(&these, uthese, sizeof(these)))
		return -EFAULT;
	if (uts) {
		ret = get_timespec(&deadline, uts);
		if (ret)
			return ret;
		if (deadline)
			deadline = ktime_add_safe(ktime_get(), deadline);
	}
	ret = wait_for_signal(these, &info, deadline);
	if (ret > 0 && uinfo && copy_to_user(uinfo, &info, sizeof(info)))
		return -EFAULT;
	return ret;
}

SYSCALL_DEFINE0(restart_syscall)
{
	struct restart_block *rb = &current->restart;

	switch (rb->kind) {
	case RESTART_NONE:
		return -EINTR;
	case RESTART_POLL:
		return poll_restart(rb);
	default:
		return rb->fn(rb);
	}
}

/* ---- sending ---- */

int kill_permission(const struct task *t, int sig)
{
	const struct cred *c = current->cred, *o = t->cred;

	if (t->tgid == current->tgid || !o)
		return 0;
	if (c->euid == o->suid || c->euid == o->uid || c->uid == o->suid || c->uid == o->uid || capable(CAP_KILL))
		return 0;
	if (sig == SIGCONT && t->signal && t->signal->sid == current->signal->sid)
		return 0;
	return -EPERM;
}

static bool is_process(const struct task *t)
{
	return t->pid == t->tgid && t->signal && t->state != TASK_DEAD;
}

/* @sig to every process that @pgid (or, if 0, "all but init and ourselves") names. */
int kill_many(int sig, const siginfo_t *info, int pgid)
{
	struct task *t;
	int met = 0, sent = 0, err = 0;

	list_for_each_entry(t, &all_tasks, task_node) {
		int e;

		if (!is_process(t))
			continue;
		if (pgid ? t->signal->pgid != pgid : t->tgid == INIT_PID || t->tgid == current->tgid)
			continue;
		e = kill_permission(t, sig);
		if (!e && sig)
			e = send_sig_group(sig, info, t);
		met++;
		if (!e)
			sent++;
		else if (pgid || e != -EPERM)
			err = e; /* kill(-1) does not count those it may not kill */
	}
	if (!met)
		return -ESRCH;
	return pgid && sent ? 0 : err;
}

static int kill_process(int pid, int sig, const siginfo_t *info)
{
	struct task *t = find_task(pid);
	int err;

	if (!t || !t->signal)
		return -ESRCH;
	err = kill_permission(t, sig);
	return err || !sig ? err : send_sig_group(sig, info, t);
}

SYSCALL_DEFINE2(kill, int, pid, int, sig)
{
	siginfo_t info;

	if (pid == -0x7fffffff - 1)
		return -ESRCH;
	if (!valid_signal(sig)) {
		/* As in Linux a target that does not exist is noticed first. */
		int err = pid > 0 ? kill_process(pid, 0, NULL) : pid == -1 ? kill_many(0, NULL, 0) :
			kill_many(0, NULL, pid ? -pid : current->signal->pgid);

		return err == -ESRCH ? err : -EINVAL;
	}
	siginfo_user(&info, sig, SI_USER);
	if (pid > 0)
		return kill_process(pid, sig, &info);
	if (pid == -1)
		return kill_many(sig, &info, 0);
	return kill_many(sig, &info, pid ? -pid : current->signal->pgid);
}

/* To one thread, which must be in @tgid unless that is not positive. */
static int kill_thread(int tgid, int pid, int sig, const siginfo_t *info)
{
	struct task *t = find_task(pid);
	int err;

	if (!t || !t->signal || (tgid > 0 && t->tgid != tgid))
		return -ESRCH;
	if (!valid_signal(sig))
		return -EINVAL;
	err = kill_permission(t, sig);
	return err || !sig ? err : send_sig_task(sig, info, t);
}

SYSCALL_DEFINE3(tgkill, int, tgid, int, pid, int, sig)
{
	siginfo_t info;

	if (pid <= 0 || tgid <= 0)
		return -EINVAL;
	siginfo_user(&info, sig, SI_TKILL);
	return kill_thread(tgid, pid, sig, &info);
}

SYSCALL_DEFINE2(tkill, int, pid, int, sig)
{
	siginfo_t info;

	if (pid <= 0)
		return -EINVAL;
	siginfo_user(&info, sig, SI_TKILL);
	return kill_thread(0, pid, sig, &info);
}

/* Bytes of a siginfo that have a meaning for every code; what lies behind must be 0 for codes nobody knows. */
#define SIGINFO_MEANT 48

/* @sig is the guest's, any number. */
static bool known_code(int sig, int code)
{
	static const u8 limits[] = { [SIGILL] = 11, [SIGFPE] = 15, [SIGSEGV] = 10, [SIGBUS] = 5, [SIGTRAP] = 6,
		[SIGCHLD] = 6, [SIGPOLL] = 6, [SIGSYS] = 2 };

	if (code == SI_KERNEL)
		return true;
	if (code > SI_USER)
		return code <= (sig > 0 && sig < (int)ARRAY_SIZE(limits) && limits[sig] ? limits[sig] : NSIGPOLL);
	return code >= SI_DETHREAD || code == SI_ASYNCNL;
}

static int copy_siginfo_from_user(siginfo_t *info, const siginfo_t __user *u, int sig)
{
	const char *p = (const char *)info;

	if (copy_from_user(info, u, sizeof(*info)))
		return -EFAULT;
	info->si_signo = sig;
	if (known_code(sig, info->si_code))
		return 0;
	for (size_t i = SIGINFO_MEANT; i < sizeof(*info); i++)
		if (p[i])
			return -E2BIG;
	return 0;
}

/* Nobody may pretend to be the kernel, kill(2) or tkill(2), except to itself. */
static bool may_forge(const siginfo_t *info, int pid)
{
	return (info->si_code < 0 && info->si_code != SI_TKILL) || pid == current->pid;
}

SYSCALL_DEFINE3(rt_sigqueueinfo, int, pid, int, sig, const siginfo_t __user *, uinfo)
{
	siginfo_t info;
	int err = copy_siginfo_from_user(&info, uinfo, sig);

	if (err)
		return err;
	if (!may_forge(&info, pid))
		return -EPERM;
	if (!valid_signal(sig)) {
		err = kill_process(pid, 0, NULL);
		return err == -ESRCH ? err : -EINVAL;
	}
	return kill_process(pid, sig, &info);
}

SYSCALL_DEFINE4(rt_tgsigqueueinfo, int, tgid, int, pid, int, sig, const siginfo_t __user *, uinfo)
{
	siginfo_t info;
	int err = copy_siginfo_from_user(&info, uinfo, sig);

	if (err)
		return err;
	if (pid <= 0 || tgid <= 0)
		return -EINVAL;
	if (!may_forge(&info, pid))
		return -EPERM;
	return kill_thread(tgid, pid, sig, &info);
}

/* ---- the alternate stack ---- */

static bool within_sas(const struct task *t, u64 sp) { return sp > t->sas_sp && sp - t->sas_sp <= t->sas_size; }

bool on_sig_stack(const struct task *t, u64 sp)
{
	/* With SS_AUTODISARM the stack is forgotten while a handler uses it. */
	return !(t->sas_flags & SS_AUTODISARM) && within_sas(t, sp);
}

int do_sigaltstack(struct task *t, const stack_t *new, stack_t *old, u64 sp)
{
	int mode;
	u64 start, size;

	if (old) {
		memset(old, 0, sizeof(*old));
		old->ss_sp = (void *)t->sas_sp;
		old->ss_size = t->sas_size;
		old->ss_flags = (!t->sas_size ? SS_DISABLE : on_sig_stack(t, sp) ? SS_ONSTACK : 0) |
			(int)(t->sas_flags & SS_FLAG_BITS);
	}
	if (!new)
		return 0;
	if (on_sig_stack(t, sp))
		return -EPERM;
	mode = new->ss_flags & ~(int)SS_FLAG_BITS;
	if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
		return -EINVAL;
	start = (u64)new->ss_sp;
	size = new->ss_size;
	if (mode == SS_DISABLE)
		start = size = 0;
	else if (size < MINSIGSTKSZ)
		return -ENOMEM;
	t->sas_sp = start;
	t->sas_size = size;
	t->sas_flags = (u32)new->ss_flags;
	return 0;
}

SYSCALL_DEFINE2(sigaltstack, const stack_t __user *, uss, stack_t __user *, uoss)
{
	stack_t new, old;
	int err;

	if (uss && copy_from_user(&new, uss, sizeof(new)))
		return -EFAULT;
	err = do_sigaltstack(current, uss ? &new : NULL, uoss ? &old : NULL, current->regs.sp);
	if (!err && uoss && copy_to_user(uoss, &old, sizeof(old)))
		return -EFAULT;
	return err;
}
