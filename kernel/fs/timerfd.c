/* timerfd(2): a timer whose expiries are counted and read. CANCEL_ON_SET is accepted: nobody sets umk's clock, so nothing
 * is ever cancelled. */
#include "../time/clock.h"
#include "internal.h"
#include "syscalls.h"
#include <linux/capability.h>
#include <linux/eventpoll.h>
#include <linux/time.h>
#include <linux/timerfd.h>

#define TFD_SETTIME_FLAGS (TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)

struct timerfd {
	struct ktimer timer;
	int clock;
	u32 settime_flags;
	u64 expires, interval; /* ns of the clock */
	bool armed;            /* expires means something */
	bool expired;          /* it has come, and the intervals behind it have not been counted yet */
	u64 ticks;
	struct wait_queue_head wait;
};

static u64 timerfd_now(const struct timerfd *t)
{
	u64 now = 0;

	(void)clock_read(t->clock, &now);
	return now;
}

static void timerfd_fires(struct ktimer *timer)
{
	struct timerfd *t = container_of(timer, struct timerfd, timer);

	if (timerfd_now(t) < t->expires) { /* the host's clock was set back */
		timer_start(timer, clock_deadline(t->clock, t->expires));
		return;
	}
	t->expired = true;
	t->ticks++;
	wake_up_poll(&t->wait, EPOLLIN);
}

/* Counts the intervals that have passed since it expired, and lets the timer run on. */
static void timerfd_catch_up(struct timerfd *t)
{
	if (!t->expired || !t->interval)
		return;
	t->ticks += clock_forward(&t->expires, t->interval, timerfd_now(t)) - 1;
	t->expired = false;
	timer_start(&t->timer, clock_deadline(t->clock, t->expires));
}

static ssize_t timerfd_read(struct file *f, struct iov_iter *to, u64 *pos __maybe_unused)
{
	struct timerfd *t = f->private;
	u64 ticks;
	long err;

	if (iov_iter_count(to) < sizeof(ticks))
		return -EINVAL;
	if (!t->ticks && (f->flags & O_NONBLOCK))
		return -EAGAIN;
	if (!t->ticks) {
		err = wait_event_interruptible(&t->wait, t->ticks);
		if (err)
			return err;
	}
	timerfd_catch_up(t);
	ticks = t->ticks;
	t->ticks = 0;
	if (!t->interval)
		t->expired = false;
	return copy_to_iter(&ticks, sizeof(ticks), to) == sizeof(ticks) ? (ssize_t)sizeof(ticks) : -EFAULT;
}

static u32 timerfd_poll(struct file *f, struct poll_table *pt)
{
	struct timerfd *t = f->private;

	poll_wait(pt, &t->wait);
	return t->ticks ? EPOLLIN : 0;
}

static u64 timerfd_left(const struct timerfd *t)
{
	u64 now = timerfd_now(t);

	if (!t->armed)
		return 0;
	if (t->expires > now)
		return t->expires - now;
	/* due, and not looked at yet: Linux's interrupt would have come by now */
	return t->interval ? t->interval - (now - t->expires) % t->interval : 0;
}

static void timerfd_show(struct file *f, char *buf, size_t size)
{
	struct timerfd *t = f->private;
	u64 left = timerfd_left(t);

	ksnprintf(buf, size, "clockid: %d\nticks: %llu\nsettime flags: 0%o\nit_value: (%llu, %llu)\nit_interval: (%llu, %llu)\n",
		t->clock, (unsigned long long)t->ticks, t->settime_flags, (unsigned long long)(left / NSEC_PER_SEC),
		(unsigned long long)(left % NSEC_PER_SEC), (unsigned long long)(t->interval / NSEC_PER_SEC),
		(unsigned long long)(t->interval % NSEC_PER_SEC));
}

/* TFD_IOC_SET_TICKS is for checkpoint and restore. */
static long timerfd_ioctl(struct file *f, unsigned cmd, unsigned long arg)
{
	struct timerfd *t = f->private;
	u64 ticks;

	if (cmd != TFD_IOC_SET_TICKS)
		return -ENOTTY;
	if (copy_from_user(&ticks, u64_to_uptr(arg), sizeof(ticks)))
		return -EFAULT;
	if (!ticks)
		return -EINVAL;
	t->ticks = ticks;
	wake_up_poll(&t->wait, EPOLLIN);
	return 0;
}

static void timerfd_release(struct file *f)
{
	struct timerfd *t = f->private;

	timer_cancel(&t->timer);
	kfree(t);
}

static const struct file_operations timerfd_ops = {
	.name = "timerfd", .read = timerfd_read, .poll = timerfd_poll, .ioctl = timerfd_ioctl, .llseek = noop_llseek,
	.show_fdinfo = timerfd_show, .release = timerfd_release,
};

SYSCALL_DEFINE2(timerfd_create, int, clockid, int, flags)
{
	bool wakes = clockid == CLOCK_REALTIME_ALARM || clockid == CLOCK_BOOTTIME_ALARM;
	struct timerfd *t;
	struct file *f;
	int fd;

	if (flags & ~(TFD_CLOEXEC | TFD_NONBLOCK))
		return -EINVAL;
	if (clockid != CLOCK_MONOTONIC && clockid != CLOCK_REALTIME && clockid != CLOCK_BOOTTIME && !wakes)
		return -EINVAL;
	if (wakes && !capable(CAP_WAKE_ALARM))
		return -EPERM;
	t = kzalloc(sizeof(*t));
	if (!t)
		return -ENOMEM;
	t->clock = clockid;
	init_waitqueue_head(&t->wait);
	timer_setup(&t->timer, timerfd_fires);
	fd = fd_reserve(flags & O_CLOEXEC);
	if (fd < 0) {
		kfree(t);
		return fd;
	}
	f = anon_file("[timerfd]", &timerfd_ops, t, O_RDWR | (flags & O_NONBLOCK), 0600);
	if (IS_ERR(f)) {
		fd_unreserve(fd);
		kfree(t);
		return PTR_ERR(f);
	}
	fd_install(fd, f);
	return fd;
}

/* The timer of descriptor @fd with a reference to its file, or ERR_PTR(-EBADF, -EINVAL). */
static struct file *timerfd_get(int fd)
{
	struct file *f = fget((unsigned)fd);

	if (!f)
		return ERR_PTR(-EBADF);
	if (f->ops == &timerfd_ops)
		return f;
	file_put(f);
	return ERR_PTR(-EINVAL);
}

static void timerfd_set(struct timerfd *t, int flags, u64 value, u64 interval)
{
	timer_cancel(&t->timer);
	t->settime_flags = (u32)flags & TFD_SETTIME_FLAGS;
	t->expired = false;
	t->ticks = 0;
	t->interval = interval;
	t->armed = value != 0;
	if (!value)
		return;
	t->expires = flags & TFD_TIMER_ABSTIME ? value : ktime_add_safe(timerfd_now(t), value);
	timer_start(&t->timer, clock_deadline(t->clock, t->expires));
	if (t->timer.deadline <= ktime_get())
		timers_run(); /* due already: as with an interrupt, before anybody asks */
}

SYSCALL_DEFINE4(timerfd_settime, int, ufd, int, flags, const struct __kernel_itimerspec __user *, utmr,
	struct __kernel_itimerspec __user *, otmr)
{
	u64 value, interval, left, old_interval;
	struct timerfd *t;
	struct file *f;
	int err = get_itimerspec(&value, &interval, utmr);

	if (err)
		return err;
	if (flags & ~TFD_SETTIME_FLAGS)
		return -EINVAL;
	f = timerfd_get(ufd);
	if (IS_ERR(f))
		return PTR_ERR(f);
	t = f->private;
	if ((t->clock == CLOCK_REALTIME_ALARM || t->clock == CLOCK_BOOTTIME_ALARM) && !capable(CAP_WAKE_ALARM)) {
		err = -EPERM;
		goto put_file;
	}
	timerfd_catch_up(t);
	left = timerfd_left(t);
	old_interval = t->interval;
	timerfd_set(t, flags, value, interval);
	if (otmr)
		err = put_itimerspec(left, old_interval, otmr);
put_file:
	file_put(f);
	return err;
}

SYSCALL_DEFINE2(timerfd_gettime, int, ufd, struct __kernel_itimerspec __user *, otmr)
{
	struct file *f = timerfd_get(ufd);
	struct timerfd *t;
	int err;

	if (IS_ERR(f))
		return PTR_ERR(f);
	t = f->private;
	timerfd_catch_up(t);
	err = put_itimerspec(timerfd_left(t), t->interval, otmr);
	file_put(f);
	return err;
}
