/* Accounting of what tasks use: who it is added to when threads and processes end, and getrusage(2). CPU time of a guest
 * is what the backend measures; that of the kernel is counted by sched.c for the task whose stack runs. */
#include "rusage.h"
#include "mm.h"
#include "signal/sigcore.h"
#include "string.h"
#include "syscalls.h"
#include "trap.h"

static struct __kernel_old_timeval timeval(u64 ns)
{
	return (struct __kernel_old_timeval){ (long)(ns / NSEC_PER_SEC), (long)(ns % NSEC_PER_SEC / 1000) };
}

static void add_thread(struct rusage *r, const struct task *t)
{
	r->ru_minflt += (long)t->min_flt;
	r->ru_majflt += (long)t->maj_flt;
	r->ru_nvcsw += (long)t->nvcsw;
	r->ru_nivcsw += (long)t->nivcsw;
}

/* Pages at most, so far. */
static u64 peak_rss(const struct mm *mm)
{
	return mm ? max(mm->hiwater_rss, mm_rss(mm)) : 0;
}

static void set_maxrss(struct rusage *r, u64 pages)
{
	r->ru_maxrss = (long)(pages * (PAGE_SIZE / 1024));
}

static void add_children(struct rusage *r, const struct signal_struct *s)
{
	r->ru_minflt += (long)s->cmin_flt;
	r->ru_majflt += (long)s->cmaj_flt;
	r->ru_nvcsw += (long)s->cnvcsw;
	r->ru_nivcsw += (long)s->cnivcsw;
	r->ru_inblock += (long)(s->cinblock >> 9);
	r->ru_oublock += (long)(s->coublock >> 9);
}

void usage_process(const struct signal_struct *s, struct rusage *r, bool children)
{
	u64 utime, stime, peak = s->maxrss;
	const struct task *t;

	memset(r, 0, sizeof(*r));
	process_times(s, &utime, &stime);
	r->ru_minflt = (long)s->min_flt;
	r->ru_majflt = (long)s->maj_flt;
	r->ru_nvcsw = (long)s->nvcsw;
	r->ru_nivcsw = (long)s->nivcsw;
	r->ru_inblock = (long)((s->io_dead.read_bytes - s->cinblock) >> 9);
	r->ru_oublock = (long)((s->io_dead.write_bytes - s->coublock) >> 9);
	list_for_each_entry(t, &s->threads, thread_node) {
		add_thread(r, t);
		peak = max(peak, peak_rss(t->mm));
	}
	if (children) {
		utime += s->cutime;
		stime += s->cstime;
		add_children(r, s);
		peak = max(peak, s->cmaxrss);
	}
	r->ru_utime = timeval(utime);
	r->ru_stime = timeval(stime);
	set_maxrss(r, peak);
}

void usage_task_exit(struct task *t)
{
	struct signal_struct *s = t->signal;

	sched_account();
	s->utime_dead += t->utime + trap->cpu_time(t->tt);
	s->stime_dead += t->stime;
	s->min_flt += t->min_flt;
	s->maj_flt += t->maj_flt;
	s->nvcsw += t->nvcsw;
	s->nivcsw += t->nivcsw;
	task_io_add(&s->io_dead, &t->io_count);
	t->io_count = (struct task_io){ 0 };
	s->maxrss = max(s->maxrss, peak_rss(t->mm));
	t->utime = t->stime = t->min_flt = t->maj_flt = t->nvcsw = t->nivcsw = 0;
}

void usage_inherit(struct signal_struct *parent, const struct signal_struct *child)
{
	struct rusage r;

	usage_process(child, &r, true);
	parent->cutime += child->utime_dead + child->cutime;
	parent->cstime += child->stime_dead + child->cstime;
	parent->cmin_flt += (u64)r.ru_minflt;
	parent->cmaj_flt += (u64)r.ru_majflt;
	parent->cnvcsw += (u64)r.ru_nvcsw;
	parent->cnivcsw += (u64)r.ru_nivcsw;
	parent->cinblock += child->io_dead.read_bytes;
	parent->coublock += child->io_dead.write_bytes;
	task_io_add(&parent->io_dead, &child->io_dead);
	parent->cmaxrss = max(parent->cmaxrss, max(child->maxrss, child->cmaxrss));
}

static void usage_thread(struct rusage *r, const struct task *t)
{
	memset(r, 0, sizeof(*r));
	r->ru_utime = timeval(task_utime(t));
	r->ru_stime = timeval(t->stime);
	add_thread(r, t);
	set_maxrss(r, max(t->signal->maxrss, peak_rss(t->mm)));
}

static void usage_children(struct rusage *r, const struct signal_struct *s)
{
	memset(r, 0, sizeof(*r));
	r->ru_utime = timeval(s->cutime);
	r->ru_stime = timeval(s->cstime);
	add_children(r, s);
	set_maxrss(r, s->cmaxrss);
}

/* getrusage(2): EINVAL, EFAULT. */
SYSCALL_DEFINE2(getrusage, int, who, struct rusage __user *, ru)
{
	struct rusage r;

	switch (who) {
	case RUSAGE_SELF:
		usage_process(current->signal, &r, false);
		break;
	case RUSAGE_THREAD:
		usage_thread(&r, current);
		break;
	case RUSAGE_CHILDREN:
		usage_children(&r, current->signal);
		break;
	default:
		return -EINVAL;
	}
	return copy_to_user(ru, &r, sizeof(r)) ? -EFAULT : 0;
}
