/* The files of /proc/PID that tell of accounting, scheduling, the OOM killer and name spaces, and the memory as a file.
 * proc(5). Those about identity and state are in proc_pid.c, those about mappings in proc_maps.c. */
#include "internal.h"
#include "proc_task.h"
#include <linux/capability.h>

#define OOM_SCORE_MIN (-1000)
#define OOM_SCORE_MAX 1000
#define OOM_ADJUST_MIN (-17) /* of the old oom_adj: never */
#define OOM_ADJUST_MAX 15

u64 task_utime(const struct task *t);

/* ---- accounting ---- */

static void io_text(struct seq *s, const struct task_io *io)
{
	seq_printf(s, "rchar: %llu\nwchar: %llu\nsyscr: %llu\nsyscw: %llu\n", (unsigned long long)io->rchar,
		(unsigned long long)io->wchar, (unsigned long long)io->syscr, (unsigned long long)io->syscw);
	seq_printf(s, "read_bytes: %llu\nwrite_bytes: %llu\ncancelled_write_bytes: %llu\n", (unsigned long long)io->read_bytes,
		(unsigned long long)io->write_bytes, (unsigned long long)io->cancelled_write_bytes);
}

void proc_io_show(struct seq *s, const struct proc_ctx *c)
{
	io_text(s, &c->task->io_count);
}

void proc_process_io_show(struct seq *s, const struct proc_ctx *c)
{
	struct task_io sum = c->task->signal->io_dead;
	const struct task *t;

	list_for_each_entry(t, &c->task->signal->threads, thread_node)
		task_io_add(&sum, &t->io_count);
	io_text(s, &sum);
}

void proc_sched_show(struct seq *s, const struct proc_ctx *c)
{
	const struct task *t = c->task;
	u64 ns = task_utime(t) + t->stime, now = ktime_get();
	unsigned threads = 0;

	for (const struct list_head *l = t->signal->threads.next; l != &t->signal->threads; l = l->next)
		threads++;
	seq_printf(s, "%s (%d, #threads: %u)\n", t->comm, t->pid, threads);
	seq_puts(s, "-------------------------------------------------------------------\n");
	seq_printf(s, "%-45s:%14llu.%06llu\n", "se.exec_start", (unsigned long long)now / 1000000,
		(unsigned long long)now % 1000000);
	seq_printf(s, "%-45s:%14llu.%06llu\n", "se.sum_exec_runtime", (unsigned long long)ns / 1000000,
		(unsigned long long)ns % 1000000);
	seq_printf(s, "%-45s:%21llu\n", "nr_switches", (unsigned long long)(t->nvcsw + t->nivcsw));
	seq_printf(s, "%-45s:%21llu\n", "nr_voluntary_switches", (unsigned long long)t->nvcsw);
	seq_printf(s, "%-45s:%21llu\n", "nr_involuntary_switches", (unsigned long long)t->nivcsw);
	seq_printf(s, "%-45s:%21d\n", "policy", t->sched_policy);
	seq_printf(s, "%-45s:%21d\n", "prio", 120 + t->nice);
}

void proc_schedstat_show(struct seq *s, const struct proc_ctx *c)
{
	const struct task *t = c->task;

	seq_printf(s, "%llu 0 %llu\n", (unsigned long long)(task_utime(t) + t->stime), (unsigned long long)(t->nvcsw + t->nivcsw));
}

void proc_syscall_show(struct seq *s, const struct proc_ctx *c)
{
	const struct task *t = c->task;
	const struct pt_regs *r = &t->regs;

	if (t->state == TASK_GUEST || t->state == TASK_RUNNING) {
		seq_puts(s, t == current ? "" : "running\n");
		if (t != current)
			return;
	}
	if (t->in_syscall >= 0)
		seq_printf(s, "%d 0x%llx 0x%llx 0x%llx 0x%llx 0x%llx 0x%llx", t->in_syscall, (unsigned long long)r->di,
			(unsigned long long)r->si, (unsigned long long)r->dx, (unsigned long long)r->r10,
			(unsigned long long)r->r8, (unsigned long long)r->r9);
	else
		seq_puts(s, "-1");
	seq_printf(s, " 0x%llx 0x%llx\n", (unsigned long long)r->sp, (unsigned long long)r->ip);
}

/* The kernel's own stack is for administrators, and holds no addresses of a kernel that they could look up. */
void proc_stack_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	if (!capable(CAP_SYS_ADMIN))
		s->error = -EACCES;
}

void proc_children_show(struct seq *s, const struct proc_ctx *c)
{
	const struct task *t;

	list_for_each_entry(t, &c->task->children, sibling)
		seq_printf(s, "%d ", t->pid);
}

/* ---- numbers that can be set ---- */

/* A decimal number, perhaps negative, with white space round it: 0 or -EINVAL. */
int proc_number(const char *text, s64 *value)
{
	bool negative;
	s64 n = 0;

	while (*text == ' ' || *text == '\t' || *text == '\n')
		text++;
	negative = *text == '-';
	if (*text == '-' || *text == '+')
		text++;
	if (*text < '0' || *text > '9')
		return -EINVAL;
	for (; *text >= '0' && *text <= '9'; text++)
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, *text - '0', &n))
			return -EINVAL;
	while (*text == ' ' || *text == '\t' || *text == '\n')
		text++;
	*value = negative ? -n : n;
	return *text ? -EINVAL : 0;
}

/* An unsigned int to @base, or with 0 in C's notation, and at most a newline, as kstrtouint() takes it: 0, -EINVAL or -ERANGE. */
static int unsigned_number(const char *text, unsigned base, u32 *value)
{
	bool any = !base;
	unsigned digits = 0;
	bool range = false;
	u32 n = 0;

	text += *text == '+';
	if (any && text[0] == '0' && (text[1] | 0x20) == 'x')
		base = 16, text += 2;
	else if (any)
		base = text[0] == '0' ? 8 : 10;
	for (;; text++, digits++) {
		char lower = (char)(*text | 0x20);
		unsigned d = *text >= '0' && *text <= '9' ? (unsigned)(*text - '0') : lower >= 'a' && lower <= 'f' ? (unsigned)(lower - 'a') + 10 : 99;

		if (d >= base)
			break;
		range |= __builtin_mul_overflow(n, base, &n) || __builtin_add_overflow(n, d, &n);
	}
	text += *text == '\n';
	*value = n;
	return !digits || *text ? -EINVAL : range ? -ERANGE : 0;
}

void proc_dump_filter_show(struct seq *s, const struct proc_ctx *c)
{
	if (c->task->mm)
		seq_printf(s, "%08x\n", c->task->mm->dump_filter);
}

long proc_dump_filter_store(const char *text, size_t size __maybe_unused, const struct proc_ctx *c)
{
	u32 filter;
	int err = unsigned_number(text, 0, &filter);

	if (err)
		return err;
	if (!c->task->mm)
		return -ESRCH;
	c->task->mm->dump_filter = filter & MM_DUMP_ALL;
	return 0;
}

/* ---- logins ---- */

#define NOBODY (~0u)

void proc_loginuid_show(struct seq *s, const struct proc_ctx *c) { seq_printf(s, "%u", c->task->loginuid); }
void proc_sessionid_show(struct seq *s, const struct proc_ctx *c) { seq_printf(s, "%u", c->task->sessionid); }

/* Each login of somebody is a session. Whoever has none may log in; another login is an administrator's business. */
long proc_loginuid_store(const char *text, size_t size __maybe_unused, const struct proc_ctx *c)
{
	static u32 last_session;
	u32 uid;
	int err;

	if (c->task != current)
		return -EPERM;
	err = unsigned_number(text, 10, &uid);
	if (err)
		return err;
	if (current->loginuid != NOBODY && !capable(CAP_AUDIT_CONTROL))
		return -EPERM;
	current->loginuid = uid;
	current->sessionid = uid == NOBODY ? NOBODY : ++last_session;
	return 0;
}

static bool may_set_slack(const struct task *t)
{
	return t == current || capable(CAP_SYS_NICE);
}

void proc_slack_show(struct seq *s, const struct proc_ctx *c)
{
	if (!may_set_slack(c->task))
		s->error = -EPERM;
	else
		seq_printf(s, "%llu\n", (unsigned long long)c->task->timer_slack);
}

long proc_slack_store(const char *text, size_t size __maybe_unused, const struct proc_ctx *c)
{
	s64 ns;
	int err = proc_number(text, &ns);

	if (err)
		return err;
	if (!may_set_slack(c->task))
		return -EPERM;
	c->task->timer_slack = ns ? ns : 50000;
	return 0;
}

/* ---- the OOM killer ---- */

void proc_oom_score_adj_show(struct seq *s, const struct proc_ctx *c)
{
	seq_printf(s, "%d\n", c->task->signal->oom_score_adj);
}

static long set_adj(struct signal_struct *sig, s64 adj)
{
	if (adj < sig->oom_score_adj_min && !capable(CAP_SYS_RESOURCE))
		return -EACCES;
	sig->oom_score_adj = (s16)adj;
	if (capable(CAP_SYS_RESOURCE))
		sig->oom_score_adj_min = (s16)adj;
	return 0;
}

long proc_oom_score_adj_store(const char *text, size_t size __maybe_unused, const struct proc_ctx *c)
{
	s64 adj;
	int err = proc_number(text, &adj);

	if (err || adj < OOM_SCORE_MIN || adj > OOM_SCORE_MAX)
		return -EINVAL;
	return set_adj(c->task->signal, adj);
}

void proc_oom_adj_show(struct seq *s, const struct proc_ctx *c)
{
	int adj = c->task->signal->oom_score_adj;

	adj = adj == OOM_SCORE_MAX ? OOM_ADJUST_MAX : adj * -OOM_ADJUST_MIN / OOM_SCORE_MAX;
	seq_printf(s, "%d\n", adj > OOM_ADJUST_MAX ? OOM_ADJUST_MAX : adj);
}

long proc_oom_adj_store(const char *text, size_t size __maybe_unused, const struct proc_ctx *c)
{
	s64 adj;
	int err = proc_number(text, &adj);

	if (err || adj < OOM_ADJUST_MIN || adj > OOM_ADJUST_MAX)
		return -EINVAL;
	adj = adj == OOM_ADJUST_MAX ? OOM_SCORE_MAX : adj * OOM_SCORE_MAX / -OOM_ADJUST_MIN;
	if (adj < c->task->signal->oom_score_adj && !capable(CAP_SYS_RESOURCE))
		return -EACCES;
	c->task->signal->oom_score_adj = (s16)adj;
	return 0;
}

void proc_oom_score_show(struct seq *s, const struct proc_ctx *c)
{
	s64 total = (s64)nr_total_pages(), points;
	int adj = c->task->signal->oom_score_adj;

	if (adj == OOM_SCORE_MIN || !c->task->mm) {
		seq_puts(s, "0\n");
		return;
	}
	points = (s64)mm_rss(c->task->mm) + (s64)(c->task->mm->nr_ptes / PAGE_SIZE) + adj * (total / 1000);
	points = (1000 + points * 1000 / total) * 2 / 3;
	seq_printf(s, "%lld\n", (long long)max(points, (s64)0));
}

/* ---- mem ---- */

#define MEM_CHUNK (4 * PAGE_SIZE)

/* Who has opened it keeps the right to it: the address space of that moment is read, whatever the process does. It does not live
 * longer for that: the file has its number only. */
int proc_mem_open(const struct proc_ctx *c, struct file *f)
{
	f->private = (void *)(uintptr_t)(c->task->mm ? c->task->mm->id : 0);
	return 0;
}

struct mm *proc_mem_get(const struct file *f)
{
	struct task *t;

	list_for_each_entry(t, &all_tasks, task_node)
		if (t->mm && t->mm->id == (uintptr_t)f->private) {
			mm_get(t->mm);
			return t->mm;
		}
	return NULL;
}

static ssize_t mem_copy(struct mm *mm, u8 *buf, struct iov_iter *it, u64 *pos, bool write)
{
	ssize_t done = 0;

	while (iov_iter_count(it)) {
		size_t want = min(iov_iter_count(it), MEM_CHUNK - (size_t)(*pos % PAGE_SIZE)), n;

		if (write) {
			n = copy_from_iter(buf, want, it);
			if (!n) {
				done = done ? done : -EFAULT;
				break;
			}
			n -= copy_to_mm(mm, *pos, buf, n);
		} else {
			n = want - copy_from_mm(mm, buf, *pos, want);
			if (n && copy_to_iter(buf, n, it) != n) {
				done = done ? done : -EFAULT;
				break;
			}
		}
		*pos += n;
		done += n;
		if (n < want) {
			done = done ? done : -EIO;
			break;
		}
		if (signal_pending(current))
			break;
		cond_resched();
	}
	return done;
}

static ssize_t mem_rw(struct file *f, struct iov_iter *it, u64 *pos, bool write)
{
	struct mm *mm = iov_iter_count(it) ? proc_mem_get(f) : NULL;
	ssize_t done = -ENOMEM;
	u8 *buf;

	if (!mm)
		return 0;
	buf = kmalloc(MEM_CHUNK);
	if (buf)
		done = mem_copy(mm, buf, it, pos, write);
	kfree(buf);
	mm_drop(mm);
	return done;
}

static ssize_t mem_read(struct file *f, struct iov_iter *to, u64 *pos) { return mem_rw(f, to, pos, false); }
static ssize_t mem_write(struct file *f, struct iov_iter *from, u64 *pos) { return mem_rw(f, from, pos, true); }

/* Addresses may look negative. */
loff_t proc_mem_llseek(struct file *f, loff_t off, int whence)
{
	if (whence > 1)
		return -EINVAL;
	f->pos = whence ? f->pos + (u64)off : (u64)off;
	return (loff_t)f->pos;
}

const struct file_operations proc_mem_fops = {
	.name = "mem", .read = mem_read, .write = mem_write, .llseek = proc_mem_llseek,
};
