/* kernel/signal/signal.c: queues, masks, who takes a signal, stop against continue, the queue limit. */
#include "cred.h"
#include "kernel/signal/sigcore.h"
#include "kernel/task.h"
#include "slab.h"
#include "string.h"
#include <asm/resource.h>
#include <linux/signal.h>

static struct task *t, *t2;

static struct task *add_thread(struct task *leader, int pid)
{
	struct task *n = task_alloc(leader);

	n->pid = pid;
	n->tgid = leader->tgid;
	n->signal = leader->signal;
	n->signal->refs++;
	n->signal->live++;
	n->sighand = sighand_get(leader->sighand);
	n->cred = cred_get(leader->cred);
	n->parent = n->real_parent = leader->parent;
	list_add_tail(&n->thread_node, &n->signal->threads);
	return n;
}

static void start(void)
{
	slab_init();
	fork_init();
	sched_init();
	pid_init();
	init_task = task_create_kernel(NULL, INIT_PID);
	t = task_create_kernel(init_task, FIRST_PID);
	t->signal->rlim[RLIMIT_SIGPENDING].cur = 100;
	t->state = TASK_INTERRUPTIBLE;
	t2 = add_thread(t, 3);
	t2->state = TASK_INTERRUPTIBLE;
	current = t;
	t->state = TASK_RUNNING;
}

static void handle(int sig, u64 handler)
{
	t->sighand->action[sig - 1].handler = handler;
}

static siginfo_t queued(int sig, int value)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = sig;
	info.si_code = SI_QUEUE;
	info.si_value.sival_int = value;
	return info;
}

static int take(struct task *who)
{
	siginfo_t info;

	return dequeue_signal(who, who->blocked, &info);
}

START_TEST(test_classic_once)
{
	siginfo_t info;

	start();
	handle(SIGUSR1, 0x1000);
	set_blocked(t, sigmask(SIGUSR1));
	set_blocked(t2, sigmask(SIGUSR1));
	ck_assert_int_eq(send_sig_group(SIGUSR1, SEND_SIG_NOINFO, t), 0);
	ck_assert_int_eq(send_sig_group(SIGUSR1, SEND_SIG_PRIV, t), 0);
	ck_assert(!t->sigpending);
	set_blocked(t, 0);
	ck_assert(t->sigpending);
	ck_assert_int_eq(dequeue_signal(t, 0, &info), SIGUSR1);
	ck_assert_int_eq(info.si_code, SI_USER);
	ck_assert_int_eq(info.si_pid, FIRST_PID);
	ck_assert(!t->sigpending);
	ck_assert_int_eq(take(t), 0);
}
END_TEST

START_TEST(test_realtime_queue)
{
	siginfo_t info;

	start();
	handle(SIGRTMIN, 0x1000);
	set_blocked(t, ~0ull);
	for (int i = 0; i < 5; i++) {
		info = queued(SIGRTMIN, i);
		ck_assert_int_eq(send_sig_task(SIGRTMIN, &info, t), 0);
	}
	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(dequeue_signal(t, 0, &info), SIGRTMIN);
		ck_assert_int_eq(info.si_value.sival_int, i);
	}
	ck_assert_int_eq(dequeue_signal(t, 0, &info), 0);
}
END_TEST

START_TEST(test_limit)
{
	siginfo_t info = queued(SIGRTMIN + 1, 7);
	struct user_count *u;

	start();
	handle(SIGRTMIN + 1, 0x1000);
	handle(SIGUSR1, 0x1000);
	set_blocked(t, ~0ull);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(send_sig_task(SIGRTMIN + 1, &info, t), 0);
	ck_assert_int_eq(send_sig_task(SIGRTMIN + 1, &info, t), -EAGAIN);
	ck_assert_int_eq(send_sig_task(SIGUSR1, SEND_SIG_NOINFO, t), 0); /* classic ones always come through */
	u = user_count_get(t->cred->uid);
	ck_assert_uint_eq(u->sigpending, 101);
	sigpending_flush(&t->pending);
	ck_assert_uint_eq(u->sigpending, 0);
	user_count_put(u);
}
END_TEST

START_TEST(test_order)
{
	start();
	handle(SIGHUP, 0x1000);
	handle(SIGSEGV, 0x1000);
	handle(SIGUSR2, 0x1000);
	set_blocked(t, ~0ull);
	send_sig_task(SIGUSR2, SEND_SIG_PRIV, t);
	send_sig_task(SIGHUP, SEND_SIG_PRIV, t);
	send_sig_task(SIGSEGV, SEND_SIG_PRIV, t);
	ck_assert_int_eq(next_signal(&t->pending, 0), SIGSEGV); /* what an instruction caused */
	ck_assert_int_eq(next_signal(&t->pending, sigmask(SIGSEGV)), SIGHUP);
	ck_assert_int_eq(next_signal(&t->pending, sigmask(SIGSEGV) | sigmask(SIGHUP)), SIGUSR2);
	ck_assert_int_eq(next_signal(&t->pending, ~0ull), 0);
}
END_TEST

START_TEST(test_ignored)
{
	start();
	handle(SIGUSR1, SIG_IGN_ADDR);
	send_sig_task(SIGUSR1, SEND_SIG_NOINFO, t);
	send_sig_task(SIGCHLD, SEND_SIG_NOINFO, t); /* by default */
	ck_assert_uint_eq(t->pending.set, 0);
	set_blocked(t, sigmask(SIGUSR1) | sigmask(SIGCHLD)); /* then they wait: the action may change */
	send_sig_task(SIGUSR1, SEND_SIG_NOINFO, t);
	send_sig_task(SIGCHLD, SEND_SIG_NOINFO, t);
	ck_assert_uint_eq(t->pending.set, sigmask(SIGUSR1) | sigmask(SIGCHLD));
	drop_signals(t->signal, sigmask(SIGUSR1));
	ck_assert_uint_eq(t->pending.set, sigmask(SIGCHLD));
}
END_TEST

START_TEST(test_kill_not_blocked)
{
	start();
	set_blocked(t, ~0ull);
	ck_assert_uint_eq(t->blocked & (sigmask(SIGKILL) | sigmask(SIGSTOP)), 0);
	ck_assert(!fatal_signal_pending(t));
	send_sig_group(SIGKILL, SEND_SIG_PRIV, t);
	ck_assert(fatal_signal_pending(t));
	ck_assert(fatal_signal_pending(t2));
	ck_assert(t->signal->group_exit);
	ck_assert_int_eq(t->signal->group_exit_code, SIGKILL);
	/* a dying process takes nothing more */
	handle(SIGUSR1, 0x1000);
	send_sig_task(SIGUSR1, SEND_SIG_PRIV, t);
	ck_assert_uint_eq(t->pending.set, sigmask(SIGKILL));
}
END_TEST

START_TEST(test_fatal_default)
{
	start();
	send_sig_group(SIGTERM, SEND_SIG_PRIV, t);
	ck_assert(t->signal->group_exit);
	ck_assert_int_eq(t->signal->group_exit_code, SIGTERM);
	ck_assert(fatal_signal_pending(t2));
}
END_TEST

START_TEST(test_core_waits_for_its_thread)
{
	start();
	send_sig_group(SIGQUIT, SEND_SIG_PRIV, t); /* the thread that takes it decides, it may dump */
	ck_assert(!t->signal->group_exit);
	ck_assert(t->sigpending);
}
END_TEST

START_TEST(test_who)
{
	start();
	handle(SIGUSR1, 0x1000);
	set_blocked(t, sigmask(SIGUSR1));
	send_sig_group(SIGUSR1, SEND_SIG_PRIV, t);
	ck_assert(!t->sigpending);
	ck_assert(t2->sigpending); /* the one that has it unblocked was woken */
	ck_assert_int_eq(t2->state, TASK_RUNNING);
	/* t2 blocks it before it took it: back to t */
	set_blocked(t, 0);
	t->sigpending = false;
	set_blocked(t2, sigmask(SIGUSR1));
	ck_assert(t->sigpending);
	ck_assert(!t2->sigpending);
	ck_assert_int_eq(take(t), SIGUSR1);
}
END_TEST

START_TEST(test_exit_hands_over)
{
	start();
	handle(SIGUSR1, 0x1000);
	set_blocked(t2, sigmask(SIGUSR1));
	send_sig_group(SIGUSR1, SEND_SIG_PRIV, t);
	ck_assert(t->sigpending);
	t2->blocked = 0;
	signals_exit(t);
	ck_assert(t2->sigpending);
	ck_assert_int_eq(take(t2), SIGUSR1);
}
END_TEST

START_TEST(test_stop_and_continue_cancel)
{
	start();
	handle(SIGCONT, 0x1000);
	set_blocked(t, ~0ull);
	set_blocked(t2, ~0ull);
	send_sig_group(SIGTSTP, SEND_SIG_PRIV, t);
	send_sig_task(SIGTTIN, SEND_SIG_PRIV, t2);
	ck_assert_uint_eq(t->signal->shared_pending.set, sigmask(SIGTSTP));
	send_sig_group(SIGCONT, SEND_SIG_PRIV, t);
	ck_assert_uint_eq(t->signal->shared_pending.set, sigmask(SIGCONT));
	ck_assert_uint_eq(t2->pending.set, 0);
	send_sig_group(SIGTTOU, SEND_SIG_PRIV, t);
	ck_assert_uint_eq(t->signal->shared_pending.set, sigmask(SIGTTOU));
}
END_TEST

START_TEST(test_continue_ends_stop)
{
	start();
	t->signal->stop_sig = SIGSTOP;
	t2->state = TASK_STOPPED;
	ck_assert(group_stopped(t->signal));
	send_sig_group(SIGCONT, SEND_SIG_PRIV, t);
	ck_assert(!group_stopped(t->signal));
	ck_assert(t->signal->continued);
	ck_assert_int_eq(t2->state, TASK_RUNNING);
}
END_TEST

START_TEST(test_force)
{
	siginfo_t info;

	start();
	handle(SIGSEGV, SIG_IGN_ADDR);
	set_blocked(t, ~0ull);
	force_sig_fault(SIGSEGV, SEGV_MAPERR, 0x1234, 14, 6);
	ck_assert_uint_eq(t->sighand->action[SIGSEGV - 1].handler, SIG_DFL_ADDR);
	ck_assert(t->sigpending);
	ck_assert_int_eq(dequeue_synchronous(t, &info), SIGSEGV);
	ck_assert_ptr_eq(info.si_addr, (void *)0x1234);
	ck_assert_uint_eq(t->cr2, 0x1234);
	ck_assert_uint_eq(t->trap_err, 6);
}
END_TEST

START_TEST(test_init_takes_nothing)
{
	start();
	ck_assert_int_eq(send_sig_group(SIGKILL, SEND_SIG_PRIV, init_task), 0);
	ck_assert_uint_eq(init_task->signal->shared_pending.set, 0);
	ck_assert(!init_task->signal->group_exit);
}
END_TEST

START_TEST(test_exec)
{
	start();
	handle(SIGUSR1, 0x1000);
	handle(SIGUSR2, SIG_IGN_ADDR);
	t->sas_sp = 1;
	t->sas_size = 4096;
	ck_assert_uint_eq(t->sighand->refs, 2);
	ck_assert_int_eq(sighand_unshare(t), 0);
	ck_assert_ptr_ne(t->sighand, t2->sighand);
	signals_exec(t);
	ck_assert_uint_eq(t->sighand->action[SIGUSR1 - 1].handler, SIG_DFL_ADDR);
	ck_assert_uint_eq(t->sighand->action[SIGUSR2 - 1].handler, SIG_IGN_ADDR);
	ck_assert_uint_eq(t2->sighand->action[SIGUSR1 - 1].handler, 0x1000);
	ck_assert_uint_eq(t->sas_size, 0);
}
END_TEST

START_TEST(test_altstack)
{
	stack_t ss = { .ss_sp = (void *)0x10000, .ss_size = 8192 }, old;

	start();
	ck_assert_int_eq(do_sigaltstack(t, &ss, &old, 0x500000), 0);
	ck_assert_int_eq(old.ss_flags, SS_DISABLE);
	ck_assert_int_eq(do_sigaltstack(t, NULL, &old, 0x500000), 0);
	ck_assert_int_eq(old.ss_flags, 0);
	ck_assert(on_sig_stack(t, 0x12000));
	ck_assert(!on_sig_stack(t, 0x12001));
	ck_assert(!on_sig_stack(t, 0x10000));
	ck_assert_int_eq(do_sigaltstack(t, NULL, &old, 0x11000), 0);
	ck_assert_int_eq(old.ss_flags, SS_ONSTACK);
	ck_assert_int_eq(do_sigaltstack(t, &ss, NULL, 0x11000), -EPERM);
	ss.ss_size = 2047;
	ck_assert_int_eq(do_sigaltstack(t, &ss, NULL, 0), -ENOMEM);
	ss.ss_flags = 4;
	ck_assert_int_eq(do_sigaltstack(t, &ss, NULL, 0), -EINVAL);
}
END_TEST

UNIT_MAIN("signal", test_classic_once, test_realtime_queue, test_limit, test_order, test_ignored, test_kill_not_blocked,
	test_fatal_default, test_core_waits_for_its_thread, test_who, test_exit_hands_over, test_stop_and_continue_cancel,
	test_continue_ends_stop, test_force, test_init_takes_nothing, test_exec, test_altstack)
