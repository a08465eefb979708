/* kernel/pid.c: numbers and who keeps them */
#include "kerrno.h"
#include "kernel/task.h"
#include "slab.h"

static struct task a, b;
static struct signal_struct sa, sb;

static void start(void)
{
	slab_init();
	pid_init();
	INIT_LIST_HEAD(&sa.pgrp_node);
	INIT_LIST_HEAD(&sb.pgrp_node);
}

START_TEST(test_alloc)
{
	start();
	ck_assert_int_eq(pid_alloc(&a, 0), 1);
	ck_assert_int_eq(pid_alloc(&b, 0), 2);
	ck_assert_ptr_eq(find_task(1), &a);
	ck_assert_ptr_eq(find_task(3), NULL);
	ck_assert_ptr_eq(find_task(0), NULL);
	ck_assert_ptr_eq(find_task(-1), NULL);
	ck_assert_int_eq(pid_alloc(&a, 2), -EEXIST);
	ck_assert_int_eq(pid_alloc(&a, -2), -EINVAL);
	ck_assert_int_eq(pid_alloc(&a, pid_max), -EINVAL);
	ck_assert_int_eq(pid_alloc(&a, 700), 700);
	pid_free(700, &b); /* not b's */
	ck_assert_ptr_eq(find_task(700), &a);
	pid_free(700, &a);
	ck_assert_ptr_eq(find_task(700), NULL);
	ck_assert_int_eq(pid_alloc(&a, 0), 3);
}
END_TEST

START_TEST(test_wrap)
{
	int i;

	start();
	for (i = 1; i < pid_max; i++)
		ck_assert_int_eq(pid_alloc(&a, 0), i);
	ck_assert_int_eq(pid_alloc(&a, 0), -EAGAIN);
	pid_free(400, &a);
	pid_free(20, &a);
	ck_assert_int_eq(pid_alloc(&b, 0), 400); /* low numbers are left alone after the first round */
	ck_assert_int_eq(pid_alloc(&b, 0), -EAGAIN);
}
END_TEST

START_TEST(test_group_keeps_number)
{
	start();
	pid_alloc(&a, 0);
	pid_alloc(&b, 0);
	session_join(&sa, 1);
	pgrp_join(&sa, 1);
	session_join(&sb, 1);
	pgrp_join(&sb, 1);
	ck_assert(pgrp_exists(1, 0) && pgrp_exists(1, 1) && !pgrp_exists(1, 2) && !pgrp_exists(2, 0));
	pgrp_leave(&sa);
	pid_free(1, &a);
	ck_assert_ptr_eq(find_task(1), NULL);
	ck_assert(pgrp_exists(1, 1));
	ck_assert_int_eq(pid_alloc(&a, 1), -EEXIST);
	pgrp_leave(&sb);
	ck_assert(!pgrp_exists(1, 0));
	ck_assert_int_eq(pid_alloc(&a, 1), 1);
}
END_TEST

UNIT_MAIN("pid", test_alloc, test_wrap, test_group_keeps_number)
