/* Operations on signals. Only signals to oneself are sent, so that their order is known; what handlers see goes to the log. */
#include "diff.h"

static const int some_signals[] = { SIGUSR1, SIGUSR2, SIGURG, SIGCHLD, 34, 35, 36, SIGPIPE, SIGWINCH, SIGTERM };
static char altstack[65536];

int a_signal(void)
{
	int sig = PICK(some_signals);

	out(" %d", sig);
	return sig;
}

static unsigned blocked(const sigset_t *set)
{
	unsigned bits = 0;

	for (unsigned i = 0; i < sizeof(some_signals) / sizeof(some_signals[0]); i++)
		bits |= (sigismember(set, some_signals[i]) > 0) << i;
	return bits;
}

static void on_signal(int sig)
{
	sigset_t now;

	sigprocmask(SIG_BLOCK, NULL, &now);
	out(" <%d mask %x>", sig, blocked(&now));
}

static void on_signal_info(int sig, siginfo_t *si, void *uc)
{
	char here;
	sigset_t now;

	(void)uc;
	sigprocmask(SIG_BLOCK, NULL, &now);
	out(" <%d code %d self %d value %d alt %d mask %x>", sig, si->si_code, si->si_pid == getpid(),
	    si->si_code == SI_QUEUE || si->si_code == SI_TIMER ? si->si_value.sival_int : 0,
	    &here >= altstack && &here < altstack + sizeof(altstack), blocked(&now));
}

void signals_init(void)
{
	sigset_t none;

	sigemptyset(&none);
	for (unsigned i = 0; i < sizeof(some_signals) / sizeof(some_signals[0]); i++)
		signal(some_signals[i], some_signals[i] == SIGCHLD ? SIG_DFL : on_signal);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void a_set(sigset_t *set)
{
	unsigned bits = 0;

	sigemptyset(set);
	for (unsigned i = 0; i < sizeof(some_signals) / sizeof(some_signals[0]); i++)
		if (chance(40)) {
			sigaddset(set, some_signals[i]);
			bits |= 1u << i;
		}
	out(" {%x}", bits);
}

static void op_sigaction(void)
{
	struct sigaction sa = { 0 }, old = { 0 };
	int sig = chance(95) ? a_signal() : (int)VALUE(SIGKILL, SIGSTOP, 0, 65);

	a_set(&sa.sa_mask);
	sa.sa_flags = VALUE(0, SA_RESTART, SA_NODEFER, SA_RESETHAND, SA_ONSTACK, SA_NODEFER | SA_RESETHAND);
	switch (R(sig == SIGCHLD ? 2 : 5)) {
	case 0: sa.sa_handler = SIG_DFL; break;
	case 1: sa.sa_handler = sig == SIGCHLD ? SIG_DFL : SIG_IGN; break;
	case 2: sa.sa_handler = on_signal; break;
	default: sa.sa_sigaction = on_signal_info; sa.sa_flags |= SA_SIGINFO;
	}
	if (!result(sigaction(sig, &sa, &old)))
		out("  was %d flags %x mask %x\n", old.sa_handler == SIG_DFL ? 0 : old.sa_handler == SIG_IGN ? 1 : 2, old.sa_flags & ~0x4000000,
		    blocked(&old.sa_mask));
}

static void op_mask(void)
{
	sigset_t set, old;

	a_set(&set);
	sigemptyset(&old);
	result(sigprocmask(VALUE(SIG_BLOCK, SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK, 9), &set, &old));
	out("  %x\n", blocked(&old));
}

static void op_kill(void)
{
	result(kill(getpid(), chance(90) ? a_signal() : (int)VALUE(0, -1, 65)));
}

static void op_tgkill(void)
{
	result(syscall(SYS_tgkill, getpid(), getpid(), a_signal()));
}

static void op_queue(void)
{
	union sigval v = { .sival_int = (int)R(1000) };
	int sig = a_signal();

	result(sigqueue(getpid(), sig, v));
}

static void op_queue_info(void)
{
	siginfo_t si = { 0 };
	int sig = a_signal();

	si.si_code = VALUE(SI_QUEUE, -10, SI_USER, SI_TKILL, 5);
	si.si_signo = sig;
	si.si_pid = getpid();
	result(syscall(SYS_rt_sigqueueinfo, getpid(), sig, &si));
}

static void op_pending(void)
{
	sigset_t set;

	sigemptyset(&set);
	result(sigpending(&set));
	out("  %x\n", blocked(&set));
}

static void op_timedwait(void)
{
	struct timespec zero = { 0, VALUE(0, 0, -1) };
	siginfo_t si = { 0 };
	sigset_t set;

	a_set(&set);
	if (result(sigtimedwait(&set, &si, &zero)) > 0)
		out("  %d %d %d\n", si.si_signo, si.si_code, si.si_code == SI_QUEUE ? si.si_value.sival_int : 0);
}

static void op_altstack(void)
{
	stack_t ss = { .ss_sp = altstack }, old = { 0 };

	ss.ss_size = VALUE(sizeof(altstack), sizeof(altstack), 100);
	ss.ss_flags = (int)VALUE(0, SS_DISABLE, (int)(1u << 31), 7);
	if (!result(sigaltstack(chance(70) ? &ss : NULL, &old)))
		out("  %d %zu\n", old.ss_flags, old.ss_size);
}

/* Something is pending and let through: it cannot block. */
static void op_suspend(void)
{
	sigset_t all, none, old;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	signal(SIGUSR1, on_signal);
	kill(getpid(), SIGUSR1);
	sigfillset(&none);
	sigdelset(&none, SIGUSR1);
	result(sigsuspend(&none));
	sigprocmask(SIG_SETMASK, &old, NULL);
}

/* Two pending at once: in which order they come, and inside each other. */
static void op_burst(void)
{
	sigset_t all, old;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	for (int i = 0; i < 4; i++) {
		union sigval v = { .sival_int = i };

		sigqueue(getpid(), a_signal(), v);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	out("\n");
}

const struct op signal_ops[] = {
	{ "sigaction", op_sigaction, 20 }, { "sigprocmask", op_mask, 16 }, { "kill", op_kill, 16 }, { "tgkill", op_tgkill, 8 },
	{ "sigqueue", op_queue, 14 }, { "queueinfo", op_queue_info, 6 }, { "sigpending", op_pending, 6 }, { "sigtimedwait", op_timedwait, 10 },
	{ "sigaltstack", op_altstack, 8 }, { "sigsuspend", op_suspend, 5 }, { "burst", op_burst, 8 }, { 0 }
};

void state_signals(void)
{
	struct sigaction sa;
	sigset_t set;

	sigprocmask(SIG_BLOCK, NULL, &set);
	out("signals: blocked %x", blocked(&set));
	sigpending(&set);
	out(" pending %x actions", blocked(&set));
	for (unsigned i = 0; i < sizeof(some_signals) / sizeof(some_signals[0]); i++) {
		sigaction(some_signals[i], NULL, &sa);
		out(" %d/%x", sa.sa_handler == SIG_DFL ? 0 : sa.sa_handler == SIG_IGN ? 1 : 2, sa.sa_flags & ~0x4000000);
	}
	out("\n");
}
