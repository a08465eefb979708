/* kernel/futex/futex.c over the fake host: who is woken, requeued, timed out; what a dying owner leaves. */
#include "mm_unit.h"
#include "syscalls.h"
#include "umk_kernel.h"
#include <linux/futex.h>

long __x64_sys_futex(const struct pt_regs *regs);

static struct mm *mm;
static u64 word;
static char order[32];
static unsigned len;
static long results[8];

static long call(u64 uaddr, int op, u32 val, u64 time, u64 uaddr2, u32 val3)
{
	struct pt_regs regs = { .di = uaddr, .si = (unsigned long)op, .dx = val, .r10 = time, .r8 = uaddr2, .r9 = val3 };

	return __x64_sys_futex(&regs);
}

static void waiter(void *arg)
{
	long i = (long)arg;

	results[i] = call(word, FUTEX_WAIT_BITSET, 0, 0, 0, 1u << i);
	order[len++] = (char)('0' + i);
	current->mm = NULL;
	current->state = TASK_ZOMBIE;
	sched_end();
}

static struct task *spawn(long i)
{
	struct task *t = task_alloc(NULL);

	t->mm = mm;
	t->signal = &mm_unit_signal;
	ck_assert_int_eq(task_start(t, waiter, (void *)i), 0);
	return t;
}

/* Lets the others run until they all sleep. */
static void settle(void)
{
	for (int i = 0; i < 20; i++)
		schedule();
}

static void body(void (*test)(void))
{
	test();
	host_exit(0, 0);
}

static void run(void (*test)(void))
{
	struct task *t;

	mm_unit_start();
	mm = current->mm;
	INIT_LIST_HEAD(&mm_unit_signal.threads);
	fork_init();
	sched_init();
	word = map_anon(0, 8192, RW, PRIVATE_ANON);
	t = task_alloc(NULL);
	t->mm = mm;
	t->signal = &mm_unit_signal;
	t->pid = 77;
	ck_assert_int_eq(task_start(t, (void (*)(void *))(void *)body, (void *)test), 0);
	unit_exit_catch = true;
	if (!__builtin_setjmp(unit_exit_jump))
		sched_start();
}

static void wake(void)
{
	for (long i = 0; i < 4; i++)
		spawn(i);
	settle();
	ck_assert_int_eq(call(word, FUTEX_WAKE, 1, 0, 0, 0), 1);
	settle();
	ck_assert_str_eq(order, "0"); /* the first that came */
	ck_assert_int_eq(call(word, FUTEX_WAKE_BITSET, 9, 0, 0, 8), 1);
	settle();
	ck_assert_str_eq(order, "03");
	ck_assert_int_eq(call(word + 4, FUTEX_WAKE, 9, 0, 0, 0), 0);
	ck_assert_int_eq(call(word, FUTEX_WAKE_PRIVATE, 9, 0, 0, 0), 0); /* they wait on the shared key */
	ck_assert_int_eq(call(word, FUTEX_WAKE, 9, 0, 0, 0), 2);
	settle();
	ck_assert_str_eq(order, "0312");
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(results[i], 0);
}

static void requeue(void)
{
	for (long i = 0; i < 4; i++)
		spawn(i);
	settle();
	ck_assert_int_eq(call(word, FUTEX_CMP_REQUEUE, 1, 2, word + 64, 1), -EAGAIN);
	ck_assert_int_eq(call(word, FUTEX_CMP_REQUEUE, 1, 2, word + 64, 0), 3);
	settle();
	ck_assert_str_eq(order, "0");
	ck_assert_int_eq(call(word, FUTEX_WAKE, 9, 0, 0, 0), 1);
	settle();
	ck_assert_str_eq(order, "03");
	ck_assert_int_eq(call(word + 64, FUTEX_WAKE, 9, 0, 0, 0), 2);
	settle();
	ck_assert_str_eq(order, "0312");
}

static void timeout(void)
{
	u64 ts[2] = { 0, 5000000 }, before = unit_now;

	ck_assert_uint_eq(copy_to_user(u64_to_uptr(word + 128), ts, sizeof(ts)), 0);
	ck_assert_int_eq(call(word, FUTEX_WAIT, 0, word + 128, 0, 0), -ETIMEDOUT);
	ck_assert_uint_ge(unit_now, before + 5000000);
	ck_assert_int_eq(call(word, FUTEX_WAIT, 1, word + 128, 0, 0), -EAGAIN);
	ck_assert_int_eq(call(word + 1, FUTEX_WAIT, 0, 0, 0, 0), -EINVAL);
	ck_assert_int_eq(call(0x3000, FUTEX_WAIT, 0, 0, 0, 0), -EFAULT);
	ck_assert_int_eq(call(trap_layout.task_size, FUTEX_WAKE, 0, 0, 0, 0), -EFAULT);
	ck_assert_int_eq(call(word, FUTEX_FD, 0, 0, 0, 0), -ENOSYS);
}

static void interrupted(void)
{
	struct task *t = spawn(0);

	settle();
	t->sigpending = true;
	wake_task_signal(t, false);
	settle();
	ck_assert_int_eq(results[0], -ERESTARTSYS);
	ck_assert_int_eq(call(word, FUTEX_WAKE, 9, 0, 0, 0), 0); /* it left the queue */
}

static u32 word_at(u64 addr)
{
	u32 v;

	ck_assert_int_eq(user_load32(u64_to_uptr(addr), &v), 0);
	return v;
}

static void robust(void)
{
	/* head at word+256: one entry whose lock, 8 bytes behind it, we own with waiters; nothing pending */
	u64 head[3] = { word + 512, 8, 0 }, entry = word + 256;
	u32 lock = 77 | FUTEX_WAITERS;

	copy_to_user(u64_to_uptr(word + 256), head, sizeof(head));
	copy_to_user(u64_to_uptr(word + 512), &entry, sizeof(entry));
	copy_to_user(u64_to_uptr(word + 520), &lock, sizeof(lock));
	current->robust_list = word + 256;
	exit_robust_list(current);
	ck_assert_uint_eq(word_at(word + 520), FUTEX_WAITERS | FUTEX_OWNER_DIED);
	/* somebody else's lock stays; a list without end ends */
	lock = 78;
	copy_to_user(u64_to_uptr(word + 520), &lock, sizeof(lock));
	entry = word + 512;
	copy_to_user(u64_to_uptr(word + 512), &entry, sizeof(entry));
	exit_robust_list(current);
	ck_assert_uint_eq(word_at(word + 520), 78);
	current->robust_list = 0x10; /* not there */
	exit_robust_list(current);
}

START_TEST(test_wake) { run(wake); } END_TEST
START_TEST(test_requeue) { run(requeue); } END_TEST
START_TEST(test_timeout) { run(timeout); } END_TEST
START_TEST(test_interrupted) { run(interrupted); } END_TEST
START_TEST(test_robust) { run(robust); } END_TEST

UNIT_MAIN("futex", test_wake, test_requeue, test_timeout, test_interrupted, test_robust)
