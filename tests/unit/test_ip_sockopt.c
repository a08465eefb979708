/* net/ipv4/ip_sockopt.c and net/ipv6/ipv6_sockopt.c: whoever copies memberships to a guest, which may sleep, owns the socket. */
#include "net_unit.h"
#include "net/ip.h"

static char order[8];
static unsigned len;
static int fd, level;

static void note(char c)
{
	order[len++] = c;
}

static void end_task(void)
{
	if (len == 2)
		host_exit(0, 0);
	current->state = TASK_ZOMBIE;
	sched_end();
}

static void owner(void *unused)
{
	lock_sock(sock_of(fd));
	schedule();
	note('o');
	release_sock(sock_of(fd));
	end_task();
}

static void reader(void *unused)
{
	(void)__sys_getsockopt(fd, level, MCAST_MSFILTER, G(0), G(1000));
	note('r');
	end_task();
}

static void start(void (*fn)(void *))
{
	struct task *t = task_alloc(NULL);

	t->mm = mm_unit_task.mm;
	t->signal = mm_unit_task.signal;
	t->cred = mm_unit_task.cred;
	t->files = mm_unit_task.files;
	ck_assert_int_eq(task_start(t, fn, NULL), 0);
}

static void read_filter_of_owned(int family, int lvl)
{
	int size = 500;

	net_unit_start();
	fd = (int)__sys_socket(family, SOCK_DGRAM, 0);
	ck_assert_int_ge(fd, 0);
	level = lvl;
	poke(1000, &size, sizeof(size));
	fork_init();
	sched_init();
	start(owner);
	start(reader);
	unit_exit_catch = true;
	if (!__builtin_setjmp(unit_exit_jump))
		sched_start();
	ck_assert_str_eq(order, "or");
}

START_TEST(test_filter)
{
	read_filter_of_owned(AF_INET, SOL_IP);
}
END_TEST

START_TEST(test_filter6)
{
	read_filter_of_owned(AF_INET6, SOL_IPV6);
}
END_TEST

UNIT_MAIN("ip_sockopt", test_filter, test_filter6)
