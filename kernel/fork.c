/* New tasks: fork, vfork, clone, clone3. Decides what the child shares, copies and starts with; how its guest comes to
 * life is the trap backend's. Namespaces and cgroups are refused. */
#include "ipc/ipc_calls.h"
#include "time/cputimer.h"
#include "cred.h"
#include "fs.h"
#include "host.h"
#include "ktime.h"
#include "ledger.h"
#include "sched/loadavg.h"
#include "mm.h"
#include "pidfd.h"
#include "printk.h"
#include "slab.h"
#include "string.h"
#include "syscalls.h"
#include "task.h"
#include "trap.h"
#include "tty.h"
#include "umk_kernel.h"
#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/resource.h>

#define CLONE_NAMESPACES (CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | \
	CLONE_NEWCGROUP | CLONE_NEWTIME)
#define CLONE_LEGACY_FLAGS 0xffffffffull
#define MAX_PID_NS_LEVEL 32

/* What a call asks for, after decoding. */
struct clone_request {
	u64 flags;       /* CLONE_*, without the exit signal */
	int exit_signal;
	u64 stack;       /* the child's stack pointer, or 0 for the parent's */
	u64 tls;
	u64 child_tid;   /* user addresses */
	u64 parent_tid;
	u64 pidfd;       /* user address for CLONE_PIDFD */
	bool has_set_tid;
	u32 set_tid_size;
	int want_pid;    /* the innermost of clone3's set_tid */
};

u64 nr_forks;
static struct kmem_cache *task_cache, *signal_cache;

void fork_init(void)
{
	task_cache = kmem_cache_create("task", sizeof(struct task), 64);
	signal_cache = kmem_cache_create("signal", sizeof(struct signal_struct), 8);
}

/* ---- building blocks ---- */

/* A task that nothing knows yet, with what a child has of @parent by value; no references, no numbers. */
struct task *task_alloc(struct task *parent)
{
	struct task *t = kmem_cache_zalloc(task_cache);

	if (!t)
		return NULL;
	t->state = TASK_UNINTERRUPTIBLE;
	INIT_LIST_HEAD(&t->run_node);
	INIT_LIST_HEAD(&t->children);
	INIT_LIST_HEAD(&t->sibling);
	INIT_LIST_HEAD(&t->thread_node);
	INIT_LIST_HEAD(&t->task_node);
	sigpending_init(&t->pending);
	t->in_syscall = -1;
	t->exit_signal = SIGCHLD;
	t->start_time = ktime_get();
	t->timer_slack = t->default_timer_slack = 50000;
	t->mce_kill = PR_MCE_KILL_DEFAULT;
	memcpy(t->cpu_mask, host_info.cpu_mask, sizeof(t->cpu_mask));
	t->loginuid = t->sessionid = ~0u;
	if (parent) {
		memcpy(t->comm, parent->comm, sizeof(t->comm));
		memcpy(t->cpu_mask, parent->cpu_mask, sizeof(t->cpu_mask));
		t->blocked = parent->blocked;
		t->personality = parent->personality;
		t->loginuid = parent->loginuid;
		t->sessionid = parent->sessionid;
		t->timer_slack = t->default_timer_slack = parent->timer_slack;
		t->mempolicy = parent->mempolicy;
		t->mce_kill = parent->mce_kill;
		t->io_flusher = parent->io_flusher;
	}
	return t;
}

static struct signal_struct *signal_alloc(struct task *leader, const struct signal_struct *old)
{
	struct signal_struct *sig = kmem_cache_zalloc(signal_cache);

	if (!sig)
		return NULL;
	sig->refs = sig->live = 1;
	sig->leader = leader;
	INIT_LIST_HEAD(&sig->threads);
	INIT_LIST_HEAD(&sig->pgrp_node);
	INIT_LIST_HEAD(&sig->cpu_alarms);
	INIT_LIST_HEAD(&sig->posix_timers);
	sigpending_init(&sig->shared_pending);
	init_waitqueue_head(&sig->wait_chldexit);
	sig->real_timer.deadline = sig->cpu_timer.deadline = KTIME_MAX;
	sig->start_time = leader->start_time;
	if (old) {
		memcpy(sig->rlim, old->rlim, sizeof(sig->rlim));
		sig->oom_score_adj = old->oom_score_adj;
		sig->oom_score_adj_min = old->oom_score_adj_min;
		signal_tty_copy(sig, old);
	}
	return sig;
}

static void signal_put(struct signal_struct *sig)
{
	if (--sig->refs)
		return;
	signal_tty_clear(sig);
	sigpending_flush(&sig->shared_pending);
	kmem_cache_free(signal_cache, sig);
}

void task_free(struct task *t)
{
	if (t->signal)
		signal_put(t->signal);
	if (t->sighand)
		sighand_put(t->sighand);
	if (t->cred)
		cred_put(t->cred);
	io_context_exit(t);
	pidfd_detach(t);
	sigpending_flush(&t->pending);
	if (!t->oopsed) /* wait queues may still point to it */
		kmem_cache_free(task_cache, t);
}

/* Makes @t known: its number, its process, its parent. It has all it needs by now. */
static void task_link(struct task *t, struct task *parent, struct task *made_by)
{
	list_add_tail(&t->task_node, &all_tasks);
	nr_tasks++;
	nr_forks++;
	loadavg_kick();
	list_add_tail(&t->thread_node, &t->signal->threads);
	t->parent = t->real_parent = parent;
	t->made_by = made_by;
	if (t == t->signal->leader && parent != t)
		list_add_tail(&t->sibling, &parent->children);
}

struct task *task_create_kernel(struct task *parent, int pid)
{
	struct task *t = task_alloc(parent);

	if (!t)
		return NULL;
	t->signal = signal_alloc(t, NULL);
	t->sighand = sighand_alloc();
	t->cred = cred_first();
	if (!t->signal || !t->sighand || !t->cred || pid_alloc(t, pid) != pid)
		goto free_task;
	t->user = user_count_get(t->cred->uid);
	if (!t->user) {
		pid_free(pid, t);
		goto free_task;
	}
	t->user->processes++;
	t->nice = umk_options.nice;
	t->pid = t->tgid = pid;
	rlimits_first(t->signal->rlim);
	/* One session with init as its leader; the first program leads a group of its own, as a shell's job does. */
	session_join(t->signal, INIT_PID);
	pgrp_join(t->signal, pid);
	task_link(t, parent ? parent : t, parent ? parent : t);
	return t;

free_task:
	if (t->signal)
		kmem_cache_free(signal_cache, t->signal);
	t->signal = NULL;
	task_free(t);
	return NULL;
}

/* RLIMIT_NPROC counts tasks of the real user; the privileged pass. */
static int charge_user(struct task *child)
{
	struct user_count *u = user_count_get(child->cred->uid);

	if (!u)
		return -ENOMEM;
	if (u->processes >= rlimit(RLIMIT_NPROC) && child->cred->uid != 0 && !capable(CAP_SYS_RESOURCE) &&
	    !capable(CAP_SYS_ADMIN)) {
		user_count_put(u);
		return -EAGAIN;
	}
	u->processes++;
	child->user = u;
	return 0;
}

static void uncharge_user(struct task *t)
{
	if (!t->user)
		return;
	t->user->processes--;
	user_count_put(t->user);
	t->user = NULL;
}

/* ---- copying ---- */

static int copy_sighand(struct task *child, u64 flags)
{
	if (flags & CLONE_SIGHAND) {
		child->sighand = sighand_get(current->sighand);
		return 0;
	}
	child->sighand = sighand_copy(current->sighand);
	if (!child->sighand)
		return -ENOMEM;
	if (flags & CLONE_CLEAR_SIGHAND)
		sighand_clear(child->sighand);
	return 0;
}

static int copy_signal(struct task *child, u64 flags)
{
	if (flags & CLONE_THREAD) {
		child->signal = current->signal;
		child->signal->refs++;
		return 0;
	}
	child->signal = signal_alloc(child, current->signal);
	return child->signal ? 0 : -ENOMEM;
}

static int copy_files(struct task *child, u64 flags)
{
	child->files = flags & CLONE_FILES ? files_share(current->files) : files_copy(current->files);
	return child->files ? 0 : -ENOMEM;
}

static int copy_fs(struct task *child, u64 flags)
{
	child->fs = flags & CLONE_FS ? fs_share(current->fs) : fs_copy(current->fs);
	return child->fs ? 0 : -ENOMEM;
}

/* The child's address space and its host thread. */
static int copy_mm(struct task *child, u64 flags)
{
	struct mm *mm;
	int err;

	if (flags & CLONE_VM) {
		err = trap->task_create(&child->tt, current->mm->tmm, current->tt, child);
		if (err) {
			child->tt = NULL;
			return err;
		}
		mm_get(current->mm);
		child->mm = current->mm;
		return 0;
	}
	mm = mm_alloc();
	if (!mm)
		return -ENOMEM;
	mm->program = program_of_child(current->mm);
	err = trap->mm_create(&mm->tmm, &child->tt, child, mm->program);
	if (err) {
		mm->tmm = NULL;
		child->tt = NULL;
		mm_drop(mm);
		return err;
	}
	child->mm = mm;
	mm->membarrier = current->mm->membarrier;
	mdwe_fork(mm, current->mm);
	err = mm_copy(mm, current->mm);
	/* Whatever mm_copy has taken over is dropped with the mm; so the count must agree even on failure. */
	if (mm->exe_file)
		mm->exe_file->inode->deny_write++;
	if (!err)
		err = rewrite_mm_copy(mm, current->mm);
	return err;
}

static int copy_registers(struct task *child, const struct clone_request *req)
{
	void *xsave;
	u64 fs, gs;
	int err;

	child->regs = current->regs;
	child->regs.ax = 0;
	if (req->stack)
		child->regs.sp = req->stack;
	xsave = kmalloc(trap_layout.xsave_size);
	if (!xsave)
		return -ENOMEM;
	err = trap->get_fp(current->tt, xsave);
	if (!err)
		err = trap->get_bases(current->tt, &fs, &gs);
	/* A child that was killed from outside by now is born all the same: it dies of that when it is to run. */
	if (!err && !trap->set_fp(child->tt, xsave) &&
	    !trap->set_bases(child->tt, req->flags & CLONE_SETTLS ? req->tls : fs, gs))
		sched_apply(child);
	kfree(xsave);
	return err == -EIO ? -EAGAIN : err;
}

/* Undoes whatever of copy_process() has been done to a child that nobody has seen. */
static void drop_child(struct task *child)
{
	if (child->tt)
		trap->task_destroy(child->tt);
	child->tt = NULL;
	if (child->mm)
		mm_drop(child->mm);
	if (child->fs)
		fs_put(child->fs);
	if (child->files)
		files_put(child->files);
	sem_undo_exit(child);
	uncharge_user(child);
	task_free(child);
}

/* As a kernel that is built without them, once the caller has the right to ask. */
static int refuse_namespaces(u64 flags)
{
	LEDGER("clone namespace flags", flags);
	return capable(CAP_SYS_ADMIN) || (flags & CLONE_NEWUSER) ? -EINVAL : -EPERM;
}

/* clone(2)'s rules for flags, in Linux's order. */
static int check_flags(const struct clone_request *req)
{
	u64 f = req->flags;

	if ((f & (CLONE_NEWNS | CLONE_FS)) == (CLONE_NEWNS | CLONE_FS) ||
	    (f & (CLONE_NEWUSER | CLONE_FS)) == (CLONE_NEWUSER | CLONE_FS))
		return -EINVAL;
	if ((f & CLONE_THREAD) && !(f & CLONE_SIGHAND))
		return -EINVAL;
	if ((f & CLONE_SIGHAND) && !(f & CLONE_VM))
		return -EINVAL;
	if ((f & CLONE_THREAD) && (f & (CLONE_NEWUSER | CLONE_NEWPID)))
		return -EINVAL;
	if ((f & CLONE_PIDFD) && (f & CLONE_DETACHED))
		return -EINVAL;
	if ((f & CLONE_PIDFD) && (f & CLONE_PARENT_SETTID) && req->pidfd == req->parent_tid)
		return -EINVAL; /* one word is asked to hold two things */
	if (f & CLONE_NAMESPACES)
		return refuse_namespaces(f);
	if ((f & CLONE_SETTLS) && req->tls >= trap_layout.task_size)
		return -EPERM;
	return 0;
}

/* clone3's set_tid, when the number is taken: there is one pid namespace, whose owner may choose numbers. */
static int check_set_tid(const struct clone_request *req)
{
	if (!req->has_set_tid)
		return 0;
	if (req->set_tid_size > 1 || req->want_pid < 1 || req->want_pid >= pid_max)
		return -EINVAL;
	return capable(CAP_SYS_ADMIN) || capable(CAP_CHECKPOINT_RESTORE) ? 0 : -EPERM;
}

/* CLONE_PIDFD: the number is reserved and told before the child is seen. A descriptor, or -errno. */
static int make_pidfd(struct task *child, const struct clone_request *req, struct file **file)
{
	int fd = fd_reserve(O_CLOEXEC);
	struct file *f;

	if (fd < 0)
		return fd;
	f = pidfd_file(child, req->flags & CLONE_THREAD ? O_EXCL : 0);
	if (IS_ERR(f)) {
		fd_unreserve(fd);
		return (int)PTR_ERR(f);
	}
	if (put_user(fd, (int __user *)u64_to_uptr(req->pidfd))) {
		file_put(f);
		fd_unreserve(fd);
		return -EFAULT;
	}
	*file = f;
	return fd;
}

/* What the child has of its parent, copied or shared as @req says. What a failure leaves is drop_child()'s to undo.
 * 0, -EAGAIN, -ENOMEM, or what clone3's set_tid gives. */
static int copy_parts(struct task *child, const struct clone_request *req)
{
	u64 flags = req->flags;
	int err = charge_user(child);

	current->nproc_exceeded = current->nproc_exceeded && err;
	if (!err)
		err = sched_fork(child, current);
	if (!err)
		err = copy_files(child, flags);
	if (!err)
		err = copy_fs(child, flags);
	if (!err)
		err = copy_sighand(child, flags);
	if (!err)
		err = copy_signal(child, flags);
	if (!err)
		err = sem_undo_copy(child, flags);
	if (!err)
		err = copy_mm(child, flags);
	if (!err)
		err = io_context_fork(child, flags & CLONE_IO);
	if (!err)
		err = copy_registers(child, req);
	return err ? err : check_set_tid(req);
}

/* Who the child is: its number, thread group, session and process group, and what its end tells whom. */
static void set_identity(struct task *child, const struct clone_request *req, int pid)
{
	u64 flags = req->flags;

	child->pid = pid;
	child->set_child_tid = flags & CLONE_CHILD_SETTID ? req->child_tid : 0;
	child->clear_child_tid = flags & CLONE_CHILD_CLEARTID ? req->child_tid : 0;
	if (flags & CLONE_THREAD) {
		child->tgid = current->tgid;
		child->exit_signal = -1;
	} else {
		child->tgid = pid;
		child->exit_signal = flags & CLONE_PARENT ? current->signal->leader->exit_signal : req->exit_signal;
		session_join(child->signal, current->signal->sid);
		pgrp_join(child->signal, current->signal->pgid);
	}
}

/* The child, which can run by now, is seen from here on: by its parent, and by whoever looks for its number. */
static void publish(struct task *child, u64 flags)
{
	struct task *leader = current->signal->leader;
	bool sibling = flags & (CLONE_THREAD | CLONE_PARENT);

	if (flags & CLONE_THREAD)
		child->signal->live++;
	task_link(child, sibling ? leader->real_parent : leader, sibling ? leader->made_by : current);
	if (child->signal->leader == child && child->signal->rlim[RLIMIT_CPU].cur != RLIM64_INFINITY)
		cpu_timers_start(child->signal);
}

/* The new task is runnable; it has not run, and does not before current sleeps. @vfork_done is for the child to complete. */
static struct task *copy_process(const struct clone_request *req, struct completion *vfork_done)
{
	struct file *pidfile = NULL;
	u64 flags = req->flags;
	int err, pid, pidfd = -1;
	struct task *child;

	/* A signal that is on its way is for the parent alone: take it first, then the call starts again. */
	if (signal_pending(current))
		return ERR_PTR(-ERESTARTNOINTR);
	child = task_alloc(current);
	if (!child)
		return ERR_PTR(-ENOMEM);
	child->cred = cred_get(current->cred);
	err = copy_parts(child, req);
	if (err)
		goto drop;
	/* As Linux: a thread starts without alternate stack, a vfork child keeps the one it borrows. */
	if ((flags & (CLONE_VM | CLONE_VFORK)) != CLONE_VM) {
		child->sas_sp = current->sas_sp;
		child->sas_size = current->sas_size;
		child->sas_flags = current->sas_flags;
	}
	child->vfork_done = vfork_done;
	err = pid = pid_alloc(child, req->want_pid);
	if (err < 0)
		goto drop;
	set_identity(child, req, pid);
	if (flags & CLONE_PIDFD) {
		err = pidfd = make_pidfd(child, req, &pidfile);
		if (err < 0)
			goto free_pid;
	}
	/* Before the child can run; this may sleep. A bad address is nobody's error. */
	if (flags & CLONE_PARENT_SETTID)
		(void)put_user(pid, (int __user *)u64_to_uptr(req->parent_tid));
	/* All this may have slept; a sibling may have ended the process meanwhile. */
	err = fatal_signal_pending(current) ? -EINTR : task_start(child, task_loop, NULL);
	if (err)
		goto put_pidfd;
	if (pidfile)
		fd_install(pidfd, pidfile);
	publish(child, flags);
	return child;

put_pidfd:
	if (pidfile) {
		file_put(pidfile);
		fd_unreserve(pidfd);
	}
free_pid:
	if (!(flags & CLONE_THREAD))
		pgrp_leave(child->signal);
	pid_free(pid, child);
drop:
	drop_child(child);
	return ERR_PTR(err);
}

/* The work of all four calls: the child's number or -errno (EINVAL, EAGAIN, ENOMEM, EPERM, EEXIST). */
static long kernel_clone(const struct clone_request *req)
{
	struct completion vfork_done;
	struct task *child;
	int pid, err;

	err = check_flags(req);
	if (err)
		return err;
	init_completion(&vfork_done);
	child = copy_process(req, req->flags & CLONE_VFORK ? &vfork_done : NULL);
	if (IS_ERR(child))
		return PTR_ERR(child);
	pid = child->pid;
	if (req->flags & CLONE_VFORK) {
		/* The child clears vfork_done when it completes it; only a killed parent leaves earlier. */
		if (wait_event_killable(&vfork_done.wait, vfork_done.done) && !vfork_done.done)
			child->vfork_done = NULL;
	}
	return pid;
}

/* ---- the calls ---- */

SYSCALL_DEFINE0(fork)
{
	struct clone_request req = { .exit_signal = SIGCHLD };

	return kernel_clone(&req);
}

SYSCALL_DEFINE0(vfork)
{
	struct clone_request req = { .flags = CLONE_VFORK | CLONE_VM, .exit_signal = SIGCHLD };

	return kernel_clone(&req);
}

/* clone(2), x86-64's order of arguments; i386 has the last two the other way round. */
SYSCALL_DEFINE5(clone, unsigned long, flags, unsigned long, newsp, int __user *, parent_tid, int __user *, child_tid,
	unsigned long, tls)
{
	struct clone_request req = {
		.flags = (u32)flags & ~(u64)CSIGNAL,
		.exit_signal = flags & CSIGNAL,
		.stack = newsp,
		.tls = tls,
		.child_tid = (u64)(unsigned long)child_tid,
		.parent_tid = (u64)(unsigned long)parent_tid,
		.pidfd = (u64)(unsigned long)parent_tid,
	};

	return kernel_clone(&req);
}

/* clone3(2) */
SYSCALL_DEFINE2(clone3, struct clone_args __user *, uargs, size_t, size)
{
	struct clone_request req;
	struct clone_args args;
	int tids[MAX_PID_NS_LEVEL], err;

	if (size > PAGE_SIZE)
		return -E2BIG;
	if (size < CLONE_ARGS_SIZE_VER0)
		return -EINVAL;
	err = copy_struct_from_user(&args, sizeof(args), uargs, size);
	if (err)
		return err;
	if (args.set_tid_size > MAX_PID_NS_LEVEL)
		return -EINVAL;
	if (!args.set_tid != !args.set_tid_size)
		return -EINVAL;
	if ((args.exit_signal & ~(u64)CSIGNAL) || args.exit_signal > _NSIG)
		return -EINVAL;
	if ((args.flags & CLONE_INTO_CGROUP) && (args.cgroup > 0x7fffffff || size < CLONE_ARGS_SIZE_VER2))
		return -EINVAL;
	if (args.set_tid && copy_from_user(tids, u64_to_uptr(args.set_tid), args.set_tid_size * sizeof(tids[0])))
		return -EFAULT;
	if (args.flags & ~(CLONE_LEGACY_FLAGS | CLONE_CLEAR_SIGHAND | CLONE_INTO_CGROUP))
		return -EINVAL;
	if (args.flags & (CLONE_DETACHED | (CSIGNAL & ~CLONE_NEWTIME)))
		return -EINVAL;
	if ((args.flags & CLONE_SIGHAND) && (args.flags & CLONE_CLEAR_SIGHAND))
		return -EINVAL;
	if ((args.flags & (CLONE_THREAD | CLONE_PARENT)) && args.exit_signal)
		return -EINVAL;
	if (!args.stack != !args.stack_size)
		return -EINVAL;
	if (args.stack && (args.stack >= trap_layout.task_size || args.stack_size > trap_layout.task_size - args.stack))
		return -EINVAL;
	if (args.flags & CLONE_INTO_CGROUP) {
		LEDGER("clone3 CLONE_INTO_CGROUP", args.cgroup);
		return -EBADF;
	}
	memset(&req, 0, sizeof(req));
	req.has_set_tid = args.set_tid;
	req.set_tid_size = (u32)args.set_tid_size;
	req.want_pid = args.set_tid ? tids[0] : 0;
	req.flags = args.flags;
	req.exit_signal = (int)args.exit_signal;
	req.stack = args.stack ? args.stack + args.stack_size : 0;
	req.tls = args.tls;
	req.child_tid = args.child_tid;
	req.parent_tid = args.parent_tid;
	req.pidfd = args.pidfd;
	return kernel_clone(&req);
}

/* ---- the end of a task struct ---- */

void task_release(struct task *t)
{
	list_del(&t->task_node);
	nr_tasks--;
	list_del(&t->thread_node);
	list_del(&t->sibling);
	uncharge_user(t);
	pidfd_detach(t);
	pid_free(t->pid, t);
	if (t == t->signal->leader)
		pgrp_leave(t->signal);
	/* A task cannot free the stack that it stands on: the next one to run does, see sched.c. */
	if (t != current)
		task_free(t);
}
