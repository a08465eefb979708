/* FUTEX_REQUEUE, FUTEX_CMP_REQUEUE, FUTEX_WAKE_OP. */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned a, b, arrived, left;

static long futex(void *u, int op, unsigned val, unsigned long val2, void *u2, unsigned val3)
{
	return syscall(SYS_futex, u, op | FUTEX_PRIVATE_FLAG, val, val2, u2, val3);
}
#define SHOW(what, call) do { long r = call; printf("%s: %ld%s%s\n", what, r, r < 0 ? " " : "", r < 0 ? strerrorname_np(errno) : ""); } while (0)

static void *waiter(void *arg)
{
	(void)arg;
	__atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST);
	futex(&a, FUTEX_WAIT, 0, 0, NULL, 0);
	__atomic_add_fetch(&left, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

/* All of @n sleep in the futex: their states say so. */
static void settle(unsigned n)
{
	while (__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) < n)
		usleep(1000);
	usleep(50000);
}

static void gone(unsigned n)
{
	while (__atomic_load_n(&left, __ATOMIC_SEQ_CST) < n)
		usleep(1000);
}

int main(void)
{
	pthread_t t[6];

	for (int i = 0; i < 6; i++)
		pthread_create(&t[i], NULL, waiter, NULL);
	settle(6);
	SHOW("compare fails", futex(&a, FUTEX_CMP_REQUEUE, 1, 100, &b, 5));
	SHOW("negative wake", futex(&a, FUTEX_CMP_REQUEUE, (unsigned)-1, 1, &b, 0));
	SHOW("negative requeue", futex(&a, FUTEX_REQUEUE, 1, 0xffffffff, &b, 0));
	SHOW("unaligned", futex(&a, FUTEX_REQUEUE, 1, 1, (char *)&b + 1, 0));
	SHOW("wake 1, requeue 3", futex(&a, FUTEX_CMP_REQUEUE, 1, 3, &b, 0));
	gone(1);
	SHOW("left on a, wake all", futex(&a, FUTEX_WAKE, 100, 0, NULL, 0));
	gone(3);
	SHOW("on b, wake 1", futex(&b, FUTEX_WAKE, 1, 0, NULL, 0));
	gone(4);
	SHOW("back to a", futex(&b, FUTEX_REQUEUE, 0, 100, &a, 0));
	/* a |= 4, old value 0 == 0: wakes a and b */
	b = 0;
	SHOW("wake-op", futex(&a, FUTEX_WAKE_OP, 1, 1, &b, FUTEX_OP(FUTEX_OP_OR, 4, FUTEX_OP_CMP_EQ, 0)));
	printf("b is %u\n", b);
	gone(5);
	SHOW("wake-op, comparison false", futex(&b, FUTEX_WAKE_OP, 1, 1, &a, FUTEX_OP(FUTEX_OP_ADD, 3, FUTEX_OP_CMP_GT, 7)));
	printf("a is %u\n", a);
	SHOW("wake-op, true", futex(&b, FUTEX_WAKE_OP, 1, 1, &a, FUTEX_OP(FUTEX_OP_ADD, 3, FUTEX_OP_CMP_LT, 7)));
	printf("a is %u\n", a);
	gone(6);
	SHOW("set", futex(&b, FUTEX_WAKE_OP, 1, 1, &a, FUTEX_OP(FUTEX_OP_SET, 0x7ff, FUTEX_OP_CMP_NE, 7)));
	printf("a is %#x\n", a);
	SHOW("andn", futex(&b, FUTEX_WAKE_OP, 1, 1, &a, FUTEX_OP(FUTEX_OP_ANDN, 0xf, FUTEX_OP_CMP_LE, 7)));
	printf("a is %#x\n", a);
	SHOW("xor, negative argument", futex(&b, FUTEX_WAKE_OP, 1, 1, &a, FUTEX_OP(FUTEX_OP_XOR, 0xfff, FUTEX_OP_CMP_GE, 7)));
	printf("a is %#x\n", a);
	SHOW("shifted argument", futex(&b, FUTEX_WAKE_OP, 1, 1, &a,
		FUTEX_OP((FUTEX_OP_SET | FUTEX_OP_OPARG_SHIFT), 20u, FUTEX_OP_CMP_EQ, 7)));
	printf("a is %#x\n", a);
	SHOW("unknown operation", futex(&b, FUTEX_WAKE_OP, 1, 1, &a, FUTEX_OP(6, 1, FUTEX_OP_CMP_EQ, 7)));
	SHOW("unknown comparison", futex(&b, FUTEX_WAKE_OP, 1, 1, &a, FUTEX_OP(FUTEX_OP_SET, 9, 8, 7)));
	printf("a is %#x\n", a);
	SHOW("wake-op, bad address", futex(&b, FUTEX_WAKE_OP, 1, 1, (void *)16, FUTEX_OP(FUTEX_OP_SET, 9, 0, 7)));
	for (int i = 0; i < 6; i++)
		pthread_join(t[i], NULL);
	return 0;
}
