/* kernel/syscall.c and the generated tables. */
#include "syscalls.h"
#include <asm/unistd_64.h>

static long answer(unsigned long nr)
{
	struct pt_regs regs = { .orig_ax = nr, .ax = 12345 };

	do_syscall_64(&regs);
	return regs.ax;
}

START_TEST(numbers_outside)
{
	ck_assert_int_eq(answer(sys_call_table_size), -ENOSYS);
	ck_assert_int_eq(answer(NR_SYSCALLS_MAX), -ENOSYS);
	ck_assert_int_eq(answer(-1ul), -ENOSYS);
	ck_assert_int_eq(answer(0x40000000ul | __NR_getpid), -ENOSYS); /* x32 */
	ck_assert_int_eq(answer(0x100000000ul | __NR_getpid), -ENOSYS);
	ck_assert_int_eq(answer(1ul << 63), -ENOSYS);
}
END_TEST

START_TEST(numbers_without_entry)
{
	for (unsigned nr = 0; nr < sys_call_table_size; nr++)
		if (!sys_call_table[nr])
			ck_assert_int_eq(answer(nr), -ENOSYS);
}
END_TEST

START_TEST(names_and_metadata)
{
	const struct syscall_metadata *m = syscall_metadata[__NR_recvfrom];

	ck_assert_str_eq(syscall_names[__NR_recvfrom], "recvfrom");
	ck_assert_str_eq(syscall_names[0], "read");
	ck_assert_ptr_nonnull(m);
	ck_assert_str_eq(m->name, "recvfrom");
	ck_assert_int_eq(m->nargs, 6);
	for (unsigned nr = 0; nr < sys_call_table_size; nr++) {
		m = syscall_metadata[nr];
		ck_assert_int_eq(!m, !sys_call_table[nr]);
		if (!m)
			continue;
		for (unsigned i = 0; i < 6; i++)
			ck_assert_int_eq(!!m->args[i], i < m->nargs);
	}
}
END_TEST

UNIT_MAIN("syscall", numbers_outside, numbers_without_entry, names_and_metadata)
