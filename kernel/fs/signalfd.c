/* signalfd(2): pending signals as records to read. Whoever reads or polls sees its own signals, as in Linux: the file knows
 * only which ones it is about. */
#include "../signal/sigcore.h"
#include "internal.h"
#include "ksignal.h"
#include "syscalls.h"
#include <linux/eventpoll.h>
#include <linux/signal.h>
#include <linux/signalfd.h>

struct signalfd {
	ksigset_t mask; /* signals that it does not take */
};

/* The kinds of struct siginfo, as a signal's number and code tell (signal.c, siginfo_layout). */
enum info_layout { INFO_KILL, INFO_TIMER, INFO_RT, INFO_FAULT, INFO_CHLD, INFO_POLL, INFO_SYS };

static enum info_layout layout_of(const siginfo_t *info)
{
	int sig = info->si_signo, code = info->si_code;

	if (code == SI_TIMER)
		return INFO_TIMER;
	if (code == SI_SIGIO)
		return INFO_POLL;
	if (code < 0)
		return code == SI_TKILL ? INFO_KILL : INFO_RT;
	if (code == SI_USER || code == SI_KERNEL)
		return INFO_KILL;
	switch (sig) {
	case SIGILL:
	case SIGFPE:
	case SIGSEGV:
	case SIGBUS:
	case SIGTRAP:
		return INFO_FAULT;
	case SIGCHLD:
		return INFO_CHLD;
	case SIGPOLL:
		return INFO_POLL;
	case SIGSYS:
		return INFO_SYS;
	default:
		return code <= NSIGPOLL ? INFO_POLL : INFO_KILL;
	}
}

static void fill_record(struct signalfd_siginfo *r, const siginfo_t *info)
{
	memset(r, 0, sizeof(*r));
	r->ssi_signo = (u32)info->si_signo;
	r->ssi_errno = info->si_errno;
	r->ssi_code = info->si_code;
	switch (layout_of(info)) {
	case INFO_KILL:
		r->ssi_pid = (u32)info->si_pid;
		r->ssi_uid = info->si_uid;
		break;
	case INFO_TIMER:
		r->ssi_tid = (u32)info->si_tid;
		r->ssi_overrun = (u32)info->si_overrun;
		r->ssi_ptr = (u64)info->si_ptr;
		r->ssi_int = info->si_int;
		break;
	case INFO_RT:
		r->ssi_pid = (u32)info->si_pid;
		r->ssi_uid = info->si_uid;
		r->ssi_ptr = (u64)info->si_ptr;
		r->ssi_int = info->si_int;
		break;
	case INFO_FAULT:
		r->ssi_addr = (u64)info->si_addr;
		r->ssi_addr_lsb = info->si_signo == SIGBUS && info->si_code >= BUS_MCEERR_AR ? (u16)info->si_addr_lsb : 0;
		break;
	case INFO_CHLD:
		r->ssi_pid = (u32)info->si_pid;
		r->ssi_uid = info->si_uid;
		r->ssi_status = info->si_status;
		r->ssi_utime = (u64)info->si_utime;
		r->ssi_stime = (u64)info->si_stime;
		break;
	case INFO_POLL:
		r->ssi_band = (u32)info->si_band;
		r->ssi_fd = info->si_fd;
		break;
	case INFO_SYS:
		r->ssi_call_addr = (u64)info->si_call_addr;
		r->ssi_syscall = info->si_syscall;
		r->ssi_arch = info->si_arch;
		break;
	}
}

static bool has_signal(const struct signalfd *s)
{
	return has_pending_signals(&current->pending, s->mask) || has_pending_signals(&current->signal->shared_pending, s->mask);
}

/* The next signal of the set: its number, -EAGAIN, -ERESTARTSYS. */
static long take_signal(struct signalfd *s, siginfo_t *info, bool nonblock)
{
	for (;;) {
		int sig = dequeue_signal(current, s->mask, info);
		long err;

		if (sig)
			return sig;
		if (nonblock)
			return -EAGAIN;
		err = wait_event_interruptible(&current->sighand->signalfd_wait, has_signal(s));
		if (err)
			return err;
	}
}

static ssize_t signalfd_read(struct file *f, struct iov_iter *to, u64 *pos __maybe_unused)
{
	struct signalfd *s = f->private;
	size_t records = iov_iter_count(to) / sizeof(struct signalfd_siginfo);
	bool nonblock = f->flags & O_NONBLOCK;
	ssize_t done = 0;
	long err = 0;

	if (!records)
		return -EINVAL;
	while (records--) {
		struct signalfd_siginfo r;
		siginfo_t info;

		err = take_signal(s, &info, nonblock);
		if (err < 0)
			break;
		fill_record(&r, &info);
		if (copy_to_iter(&r, sizeof(r), to) != sizeof(r)) {
			err = -EFAULT;
			break;
		}
		done += (ssize_t)sizeof(r);
		nonblock = true;
		cond_resched();
	}
	return done ? done : err;
}

static u32 signalfd_poll(struct file *f, struct poll_table *pt)
{
	poll_wait(pt, &current->sighand->signalfd_wait);
	return has_signal(f->private) ? EPOLLIN : 0;
}

static void signalfd_show(struct file *f, char *buf, size_t size)
{
	struct signalfd *s = f->private;

	ksnprintf(buf, size, "sigmask:\t%016llx\n", (unsigned long long)~s->mask);
}

static void signalfd_release(struct file *f)
{
	kfree(f->private);
}

static const struct file_operations signalfd_ops = {
	.name = "signalfd", .nowait = true, .read = signalfd_read, .poll = signalfd_poll, .llseek = noop_llseek, .show_fdinfo = signalfd_show,
	.release = signalfd_release,
};

static long signalfd_new(ksigset_t mask, int flags)
{
	struct signalfd *s = kzalloc(sizeof(*s));
	struct file *f;
	int fd;

	if (!s)
		return -ENOMEM;
	s->mask = mask;
	fd = fd_reserve(flags & O_CLOEXEC);
	if (fd < 0) {
		kfree(s);
		return fd;
	}
	f = anon_file("[signalfd]", &signalfd_ops, s, O_RDWR | (flags & O_NONBLOCK), 0600);
	if (IS_ERR(f)) {
		fd_unreserve(fd);
		kfree(s);
		return PTR_ERR(f);
	}
	fd_install(fd, f);
	return fd;
}

static long do_signalfd(int ufd, const ksigset_t __user *umask, size_t size, int flags)
{
	struct file *f;
	ksigset_t set;
	long ret = ufd;

	if (size != sizeof(set))
		return -EINVAL;
	if (copy_from_user(&set, umask, sizeof(set)))
		return -EFAULT;
	if (flags & ~(SFD_CLOEXEC | SFD_NONBLOCK))
		return -EINVAL;
	set = ~(set & ~(sigmask(SIGKILL) | sigmask(SIGSTOP)));
	if (ufd == -1)
		return signalfd_new(set, flags);
	f = fget((unsigned)ufd);
	if (!f)
		return -EBADF;
	if (f->ops == &signalfd_ops) {
		((struct signalfd *)f->private)->mask = set;
		wake_up_all(&current->sighand->signalfd_wait);
	} else {
		ret = -EINVAL;
	}
	file_put(f);
	return ret;
}

SYSCALL_DEFINE3(signalfd, int, ufd, const ksigset_t __user *, user_mask, size_t, sizemask)
{
	return do_signalfd(ufd, user_mask, sizemask, 0);
}

SYSCALL_DEFINE4(signalfd4, int, ufd, const ksigset_t __user *, user_mask, size_t, sizemask, int, flags)
{
	return do_signalfd(ufd, user_mask, sizemask, flags);
}
