/* Whose a terminal is: sessions, controlling terminals, the group in the foreground, and what happens to those in the
 * background (credentials(7), termios(3), tcsetpgrp(3)). The order of checks is that of Linux's tty_jobctrl.c. */
#include "tty.h"
#include "sched.h"
#include "uaccess.h"
#include <linux/capability.h>
#include <asm/ioctls.h>

static bool is_leader(const struct signal_struct *sig)
{
	return sig->sid == sig->leader->tgid;
}

static void set_owner(struct tty *tty, int session, int pgrp)
{
	int old_session = tty->session, old_pgrp = tty->pgrp;

	if (session)
		pid_hold(session);
	if (pgrp)
		pid_hold(pgrp);
	tty->session = session;
	tty->pgrp = pgrp;
	if (old_session)
		pid_release(old_session);
	if (old_pgrp)
		pid_release(old_pgrp);
}

void tty_exit(void)
{
	if (console_tty())
		set_owner(console_tty(), 0, 0);
}

/* ---- signal_struct.tty ---- */

void signal_tty_clear(struct signal_struct *sig)
{
	struct tty *tty = sig->tty;

	sig->tty = NULL;
	if (sig->tty_old_pgrp)
		pid_release(sig->tty_old_pgrp);
	sig->tty_old_pgrp = 0;
	if (tty)
		tty_put(tty);
}

void signal_tty_copy(struct signal_struct *to, const struct signal_struct *from)
{
	to->tty = from->tty ? tty_get(from->tty) : NULL;
	to->tty_old_pgrp = 0;
}

int signal_tty_nr(const struct signal_struct *sig)
{
	return sig->tty ? (int)sig->tty->dev : 0;
}

int signal_tty_pgrp(const struct signal_struct *sig)
{
	return sig->tty ? sig->tty->pgrp : -1;
}

void tty_clear_session(int sid)
{
	struct task *t;

	list_for_each_entry(t, &all_tasks, task_node) {
		struct tty *tty = t->signal && t->signal->sid == sid ? t->signal->tty : NULL;

		if (!tty)
			continue;
		t->signal->tty = NULL;
		tty_put(tty);
	}
}

void tty_set_session(struct tty *tty, struct signal_struct *sig)
{
	struct tty *old = sig->tty;

	set_owner(tty, sig->sid, sig->pgid);
	sig->tty = tty_get(tty);
	if (old)
		tty_put(old);
}

void tty_open_set_ctty(struct tty *tty, struct file *f)
{
	struct signal_struct *sig = current->signal;

	if (is_leader(sig) && !sig->tty && !tty->session && (f->flags & O_ACCMODE) != O_WRONLY)
		tty_set_session(tty, sig);
}

/* ---- foreground and background ---- */

void tty_signal_group(struct tty *tty, int sig)
{
	if (tty->pgrp)
		send_sig_pgrp(sig, SEND_SIG_PRIV, tty->pgrp);
}

long tty_check_change(struct tty *tty, int sig)
{
	struct signal_struct *me = current->signal;
	bool ignored;

	if (me->tty != tty || !tty->pgrp || me->pgid == tty->pgrp)
		return 0;
	ignored = (current->blocked & sigmask(sig)) || current->sighand->action[sig - 1].handler == 1;
	if (ignored)
		return sig == SIGTTIN ? -EIO : 0;
	if (pgrp_is_orphaned(me->pgid))
		return -EIO;
	send_sig_pgrp(sig, SEND_SIG_PRIV, me->pgid);
	return -ERESTARTSYS;
}

/* ---- the end of a session ---- */

void tty_signal_session(struct tty *tty, bool exit_session)
{
	struct task *t;
	int pgrp = tty->pgrp;

	if (!tty->session)
		return;
	list_for_each_entry(t, &all_tasks, task_node) {
		struct signal_struct *sig = t->signal;

		if (!sig || t != sig->leader || sig->sid != tty->session)
			continue;
		if (sig->tty == tty) {
			sig->tty = NULL;
			tty_put(tty);
		}
		if (!is_leader(sig))
			continue;
		send_sig_group(SIGHUP, SEND_SIG_PRIV, t);
		send_sig_group(SIGCONT, SEND_SIG_PRIV, t);
		if (pgrp) {
			pid_hold(pgrp);
			if (sig->tty_old_pgrp)
				pid_release(sig->tty_old_pgrp);
			sig->tty_old_pgrp = pgrp;
		}
	}
	if (pgrp && exit_session)
		send_sig_pgrp(SIGHUP, SEND_SIG_PRIV, pgrp);
	set_owner(tty, 0, 0);
}

void disassociate_ctty(bool on_exit)
{
	struct signal_struct *sig = current->signal;
	const siginfo_t *info = on_exit ? SEND_SIG_PRIV : SEND_SIG_NOINFO;
	struct tty *tty = sig->tty;

	if (!is_leader(sig))
		return;
	if (!tty) {
		if (on_exit && sig->tty_old_pgrp) {
			int pgrp = sig->tty_old_pgrp;

			sig->tty_old_pgrp = 0;
			send_sig_pgrp(SIGHUP, info, pgrp);
			send_sig_pgrp(SIGCONT, info, pgrp);
			pid_release(pgrp);
		}
		return;
	}
	tty_get(tty);
	if (on_exit && !tty->driver->pty) {
		tty_hangup(tty, true);
	} else if (tty->pgrp) {
		send_sig_pgrp(SIGHUP, info, tty->pgrp);
		if (!on_exit)
			send_sig_pgrp(SIGCONT, info, tty->pgrp);
	}
	if (sig->tty == tty)
		set_owner(tty, 0, 0);
	tty_put(tty);
	tty_clear_session(sig->sid);
}

/* ---- ioctls ---- */

static long tiocsctty(struct tty *tty, struct file *f, unsigned long arg)
{
	struct signal_struct *sig = current->signal;

	if (is_leader(sig) && sig->sid == tty->session)
		return 0;
	if (!is_leader(sig) || sig->tty)
		return -EPERM;
	if (tty->session) {
		if (arg != 1 || !capable(CAP_SYS_ADMIN))
			return -EPERM;
		tty_clear_session(tty->session); /* stolen */
	}
	if ((f->flags & O_ACCMODE) == O_WRONLY && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	tty_set_session(tty, sig);
	return 0;
}

static long tiocnotty(struct tty *tty)
{
	if (current->signal->tty != tty)
		return -ENOTTY;
	disassociate_ctty(false);
	if (current->signal->tty)
		signal_tty_clear(current->signal);
	return 0;
}

static long tiocspgrp(struct tty *real, unsigned long arg)
{
	struct signal_struct *sig = current->signal;
	long err = tty_check_change(real, SIGTTOU);
	int pgid;

	if (err)
		return err == -EIO ? -ENOTTY : err;
	if (get_user(pgid, (int __user *)u64_to_uptr(arg)))
		return -EFAULT;
	if (pgid < 0)
		return -EINVAL;
	if (!sig->tty || sig->tty != real || real->session != sig->sid)
		return -ENOTTY;
	if (!pgrp_exists(pgid, 0))
		return -ESRCH;
	if (!pgrp_exists(pgid, sig->sid))
		return -EPERM;
	set_owner(real, real->session, pgid);
	return 0;
}

long tty_jobctrl_ioctl(struct tty *tty, struct file *f, unsigned cmd, unsigned long arg)
{
	struct tty *real = tty_real(tty);
	int __user *uint = u64_to_uptr(arg);

	switch (cmd) {
	case TIOCNOTTY:
		return tiocnotty(tty);
	case TIOCSCTTY:
		return tiocsctty(real, f, arg);
	case TIOCGPGRP:
		if (tty == real && current->signal->tty != real)
			return -ENOTTY;
		return put_user(real->pgrp, uint);
	case TIOCSPGRP:
		return tiocspgrp(real, arg);
	case TIOCGSID:
		if ((tty == real && current->signal->tty != real) || !real->session)
			return -ENOTTY;
		return put_user(real->session, uint);
	}
	return -ENOIOCTLCMD;
}
