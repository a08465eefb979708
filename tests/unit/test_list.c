/* include/list.h */
#include "list.h"

struct item {
	int value;
	struct list_head node;
};

START_TEST(test_order)
{
	LIST_HEAD(head);
	struct item a = { .value = 1 }, b = { .value = 2 }, c = { .value = 3 }, *p;
	int seen = 0;

	ck_assert(list_empty(&head));
	list_add_tail(&b.node, &head);
	list_add_tail(&c.node, &head);
	list_add(&a.node, &head);
	list_for_each_entry(p, &head, node)
		ck_assert_int_eq(p->value, ++seen);
	ck_assert_int_eq(seen, 3);
	ck_assert_ptr_eq(list_first_entry(&head, struct item, node), &a);
	ck_assert_ptr_eq(list_last_entry(&head, struct item, node), &c);
}
END_TEST

START_TEST(test_delete)
{
	LIST_HEAD(head);
	struct item a = { .value = 1 }, b = { .value = 2 }, *p, *n;

	list_add_tail(&a.node, &head);
	list_add_tail(&b.node, &head);
	list_for_each_entry_safe(p, n, &head, node)
		list_del(&p->node);
	ck_assert(list_empty(&head));
	list_del(&a.node);
	ck_assert(list_empty(&a.node));
	ck_assert(list_empty(&head));
}
END_TEST

START_TEST(test_move_and_splice)
{
	LIST_HEAD(from);
	LIST_HEAD(to);
	struct item a = { .value = 1 }, b = { .value = 2 }, c = { .value = 3 }, *p;
	int seen = 0;

	list_add_tail(&a.node, &to);
	list_add_tail(&b.node, &from);
	list_add_tail(&c.node, &from);
	list_splice_tail(&from, &to);
	ck_assert(list_empty(&from));
	list_splice_tail(&from, &to);
	list_for_each_entry(p, &to, node)
		ck_assert_int_eq(p->value, ++seen);
	ck_assert_int_eq(seen, 3);
	list_move_tail(&a.node, &from);
	ck_assert_ptr_eq(list_first_entry(&from, struct item, node), &a);
	ck_assert_ptr_eq(list_first_entry(&to, struct item, node), &b);
}
END_TEST

UNIT_MAIN("list", test_order, test_delete, test_move_and_splice)
