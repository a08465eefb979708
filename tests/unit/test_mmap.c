/* kernel/mm: areas, faults, protection, fork; the fake backend keeps what the host would show, and every test compares it
 * with the page table. */
#include "mm_unit.h"

#define HIGH 0x7fff00000000

static int fault(u64 addr, unsigned access)
{
	return handle_mm_fault(current->mm, addr, access);
}

static void finish(void)
{
	struct mm *mm = current->mm;
	u64 total = nr_total_pages();

	ck_assert_ptr_null(mm->lock_owner);
	mm_unit_drop(mm);
	current->mm = NULL;
	ck_assert_uint_eq(nr_free_pages() + (zero_pages ? ZERO_PAGES : 0), total);
	ck_assert_uint_eq(slab_leaks(true), 0);
}

START_TEST(test_place)
{
	u64 a, b, c;

	mm_unit_start();
	a = map_anon(0, 5000, RW, PRIVATE_ANON);
	ck_assert_uint_eq(a, HIGH - 2 * PAGE_SIZE);
	b = map_anon(0, PAGE_SIZE, VM_READ, PRIVATE_ANON);
	ck_assert_uint_eq(b, a - PAGE_SIZE);
	ck_assert_uint_eq(current->mm->nr_vmas, 2);
	c = map_anon(0, PAGE_SIZE, VM_READ, PRIVATE_ANON); /* joins */
	ck_assert_uint_eq(c, b - PAGE_SIZE);
	ck_assert_uint_eq(current->mm->nr_vmas, 2);
	ck_assert_int_eq(do_munmap(current->mm, b, PAGE_SIZE), 0);
	ck_assert_uint_eq(map_anon(0, PAGE_SIZE, RW, PRIVATE_ANON), b); /* the highest hole */
	ck_assert_uint_eq(map_anon(0x100000, PAGE_SIZE, RW, PRIVATE_ANON), 0x100000); /* a hint */
	ck_assert_uint_eq(map_anon(0x1234, PAGE_SIZE, RW, PRIVATE_ANON), GUEST_MMAP_MIN);
	ck_assert_uint_eq(current->mm->total_vm, 6);
	finish();
}
END_TEST

START_TEST(test_mmap_errors)
{
	struct mm *mm;
	u64 a;

	mm_unit_start();
	mm = current->mm;
	ck_assert_int_eq(do_mmap(mm, NULL, 0, 0, RW, PRIVATE_ANON, 0), -EINVAL);
	ck_assert_int_eq(do_mmap(mm, NULL, 0, ~0ull, RW, PRIVATE_ANON, 0), -ENOMEM);
	ck_assert_int_eq(do_mmap(mm, NULL, 0, 1ull << 47, RW, PRIVATE_ANON, 0), -ENOMEM);
	ck_assert_int_eq(do_mmap(mm, NULL, 0, 128 << 20, RW, PRIVATE_ANON, 0), -ENOMEM); /* 64 MiB of memory */
	ck_assert_int_eq(do_mmap(mm, NULL, 0, PAGE_SIZE, RW, 0x20, 0), -EINVAL);
	ck_assert_int_eq(do_mmap(mm, NULL, 0x123, PAGE_SIZE, RW, PRIVATE_ANON | FIXED, 0), -EINVAL);
	ck_assert_int_eq(do_mmap(mm, NULL, 0x1000, PAGE_SIZE, RW, PRIVATE_ANON | FIXED, 0), -EPERM);
	ck_assert_int_eq(do_mmap(mm, NULL, trap_layout.task_size, PAGE_SIZE, RW, PRIVATE_ANON | FIXED, 0), -ENOMEM);
	a = map_anon(0, PAGE_SIZE, RW, PRIVATE_ANON);
	ck_assert_int_eq(do_mmap(mm, NULL, a, PAGE_SIZE, RW, PRIVATE_ANON | 0x100000, 0), -EEXIST);
	mm_unit_signal.rlim[9].cur = 4 * PAGE_SIZE; /* RLIMIT_AS */
	ck_assert_int_eq(do_mmap(mm, NULL, 0, 4 * PAGE_SIZE, RW, PRIVATE_ANON, 0), -ENOMEM);
	map_anon(0, 3 * PAGE_SIZE, RW, PRIVATE_ANON);
	mm_unit_signal.rlim[9].cur = ~0ull;
	ck_assert_int_eq(do_munmap(mm, a + 1, PAGE_SIZE), -EINVAL);
	ck_assert_int_eq(do_munmap(mm, a, 0), -EINVAL);
	ck_assert_int_eq(do_munmap(mm, a, ~0ull), -EINVAL);
	ck_assert_int_eq(do_munmap(mm, 0x200000, PAGE_SIZE), 0); /* nothing there */
	ck_assert_int_eq(do_mprotect(mm, 0x200000, PAGE_SIZE, VM_READ), -ENOMEM);
	ck_assert_int_eq(do_mprotect(mm, a + 1, PAGE_SIZE, VM_READ), -EINVAL);
	ck_assert_int_eq(do_mprotect(mm, a, PAGE_SIZE, 0x80), -EINVAL);
	finish();
}
END_TEST

START_TEST(test_anon_fault)
{
	u64 a;

	mm_unit_start();
	a = map_anon(0, 4 << 20, RW, PRIVATE_ANON);
	ck_assert_int_eq(fault(a + 12345, VM_WRITE), 0);
	ck_assert_uint_eq(current->mm->rss_anon, 8); /* a cluster */
	ck_assert_uint_eq(unit_trap_maps, 1);
	check_host(current->mm, a, a + (4 << 20));
	ck_assert(unit_trap_lookup(current->mm->tmm, a, NULL, NULL));
	/* Sequential: clusters grow. */
	for (u64 x = a; x < a + (4 << 20); x += PAGE_SIZE)
		if (!unit_trap_lookup(current->mm->tmm, x, NULL, NULL))
			ck_assert_int_eq(fault(x, VM_WRITE), 0);
	ck_assert_uint_eq(current->mm->rss_anon, 1024);
	ck_assert_uint_lt(unit_trap_maps, 10);
	check_host(current->mm, a, a + (4 << 20));
	ck_assert_int_eq(fault(a - PAGE_SIZE, VM_READ), -EFAULT);
	ck_assert_int_eq(fault(trap_layout.task_size, VM_READ), -EFAULT);
	ck_assert_int_eq(fault(a, VM_EXEC), -EACCES);
	ck_assert_int_eq(fault(a, VM_READ), 0); /* spurious */
	ck_assert_int_eq(do_munmap(current->mm, a + PAGE_SIZE, (4 << 20) - 2 * PAGE_SIZE), 0);
	ck_assert_uint_eq(current->mm->rss_anon, 2);
	ck_assert(!unit_trap_lookup(current->mm->tmm, a + PAGE_SIZE, NULL, NULL));
	ck_assert(unit_trap_lookup(current->mm->tmm, a, NULL, NULL));
	check_host(current->mm, a, a + (4 << 20));
	finish();
}
END_TEST

START_TEST(test_protect)
{
	u64 a, v = 0x1122334455667788;
	int prot;

	mm_unit_start();
	a = map_anon(0, 16 * PAGE_SIZE, RW, PRIVATE_ANON);
	ck_assert_uint_eq(copy_to_mm(current->mm, a, &v, 8), 0);
	ck_assert_int_eq(do_mprotect(current->mm, a + 4 * PAGE_SIZE, 4 * PAGE_SIZE, VM_READ), 0);
	ck_assert_uint_eq(current->mm->nr_vmas, 3);
	ck_assert(unit_trap_lookup(current->mm->tmm, a + 4 * PAGE_SIZE, NULL, &prot));
	ck_assert_int_eq(prot, VM_READ);
	ck_assert_int_eq(fault(a + 4 * PAGE_SIZE, VM_WRITE), -EACCES);
	ck_assert_uint_eq(copy_to_mm(current->mm, a + 4 * PAGE_SIZE, &v, 8), 8);
	ck_assert_uint_gt(unit_trap_flushes, 0);
	check_host(current->mm, a, a + 16 * PAGE_SIZE);
	ck_assert_int_eq(do_mprotect(current->mm, a, 16 * PAGE_SIZE, 0), 0);
	ck_assert_uint_eq(current->mm->nr_vmas, 1);
	ck_assert(!unit_trap_lookup(current->mm->tmm, a, NULL, NULL));
	ck_assert_int_eq(fault(a, VM_READ), -EACCES);
	ck_assert_uint_eq(copy_from_mm(current->mm, &v, a, 8), 8);
	ck_assert_int_eq(do_mprotect(current->mm, a, 16 * PAGE_SIZE, RW), 0);
	v = 0;
	ck_assert_uint_eq(copy_from_mm(current->mm, &v, a, 8), 0);
	ck_assert_uint_eq(v, 0x1122334455667788);
	ck_assert_int_eq(do_mprotect(current->mm, a, 32 * PAGE_SIZE, RW), -ENOMEM); /* the end is not mapped */
	check_host(current->mm, a, a + 16 * PAGE_SIZE);
	finish();
}
END_TEST

START_TEST(test_stack)
{
	u64 top = HIGH, low = top - 32 * PAGE_SIZE;

	mm_unit_start();
	ck_assert_int_eq(mm_map_special(current->mm, low, 32 * PAGE_SIZE, RW | VM_MAYREAD | VM_MAYWRITE | VM_GROWSDOWN, "[stack]"),
		0);
	ck_assert_int_eq(fault(low - 100 * PAGE_SIZE, VM_WRITE), 0);
	ck_assert_uint_eq(find_vma(current->mm, low)->start, low - 100 * PAGE_SIZE);
	ck_assert_int_eq(fault(top - (8 << 20), VM_WRITE), 0);
	ck_assert_int_eq(fault(top - (8 << 20) - 1, VM_WRITE), -EFAULT); /* RLIMIT_STACK */
	mm_unit_signal.rlim[3].cur = 64 << 20;
	map_anon(top - (10 << 20) - PAGE_SIZE, PAGE_SIZE, RW, PRIVATE_ANON | FIXED);
	ck_assert_int_eq(fault(top - (9 << 20), VM_WRITE), 0);
	ck_assert_int_eq(fault(top - (9 << 20) - PAGE_SIZE, VM_WRITE), -EFAULT); /* the guard gap */
	check_host(current->mm, top - (10 << 20), top);
	finish();
}
END_TEST

START_TEST(test_brk)
{
	struct mm *mm;

	mm_unit_start();
	mm = current->mm;
	mm->start_brk = mm->brk = 0x600000;
	ck_assert_uint_eq(do_brk(mm, 0), 0x600000);
	ck_assert_uint_eq(do_brk(mm, 0x601234), 0x601234);
	ck_assert_uint_eq(do_brk(mm, 0x620000), 0x620000);
	ck_assert_uint_eq(mm->nr_vmas, 1);
	ck_assert_int_eq(fault(0x61ffff, VM_WRITE), 0);
	ck_assert_uint_eq(do_brk(mm, 0x600800), 0x600800);
	ck_assert_int_eq(fault(0x601000, VM_WRITE), -EFAULT);
	map_anon(0x640000, PAGE_SIZE, RW, PRIVATE_ANON | FIXED);
	ck_assert_uint_eq(do_brk(mm, 0x640000), 0x600800); /* a page must stay free */
	ck_assert_uint_eq(do_brk(mm, 0x63f000), 0x63f000);
	mm_unit_signal.rlim[2].cur = 0x50000; /* RLIMIT_DATA */
	ck_assert_uint_eq(do_brk(mm, 0x5fffff), 0x63f000);
	ck_assert_uint_eq(do_brk(mm, 0x660000), 0x63f000);
	finish();
}
END_TEST

static struct mm *fork_mm(void)
{
	struct mm *child = mm_unit_new();

	ck_assert_int_eq(mm_copy(child, current->mm), 0);
	return child;
}

static u64 peek(struct mm *mm, u64 addr)
{
	u64 v;

	ck_assert_uint_eq(copy_from_mm(mm, &v, addr, 8), 0);
	return v;
}

static void poke(struct mm *mm, u64 addr, u64 v)
{
	ck_assert_uint_eq(copy_to_mm(mm, addr, &v, 8), 0);
}

START_TEST(test_fork)
{
	struct mm *child, *grandchild;
	u64 small, large, shared, end;

	mm_unit_start();
	small = map_anon(0, 4 * PAGE_SIZE, RW, PRIVATE_ANON);
	map_anon(0, PAGE_SIZE, VM_READ, PRIVATE_ANON);
	large = map_anon(0, 200 * PAGE_SIZE, RW, PRIVATE_ANON);
	end = large + 200 * PAGE_SIZE;
	shared = map_anon(0, 4 * PAGE_SIZE, RW, SHARED_ANON);
	poke(current->mm, small, 1);
	for (u64 a = large; a < end; a += PAGE_SIZE)
		poke(current->mm, a, a);
	poke(current->mm, shared, 3);
	child = fork_mm();
	check_host(current->mm, large, end);
	check_host(child, large, end);
	ck_assert_uint_eq(child->total_vm, current->mm->total_vm);
	poke(current->mm, small, 11);
	ck_assert_uint_eq(peek(child, small), 1);
	poke(current->mm, large + 100 * PAGE_SIZE, 22);
	ck_assert_uint_eq(peek(child, large + 100 * PAGE_SIZE), large + 100 * PAGE_SIZE);
	poke(child, large + 150 * PAGE_SIZE, 33);
	ck_assert_uint_eq(peek(current->mm, large + 150 * PAGE_SIZE), large + 150 * PAGE_SIZE);
	poke(child, shared, 44);
	ck_assert_uint_eq(peek(current->mm, shared), 44);
	for (u64 a = large; a < end; a += PAGE_SIZE) {
		poke(child, a, 5);
		ck_assert_uint_ne(peek(current->mm, a), 5);
	}
	check_host(current->mm, large, end);
	check_host(child, large, end);
	grandchild = fork_mm();
	poke(grandchild, large, 7);
	ck_assert_uint_ne(peek(current->mm, large), 7);
	mm_unit_drop(grandchild);
	mm_unit_drop(child);
	poke(current->mm, large + PAGE_SIZE, 8); /* alone again: in place */
	check_host(current->mm, large, end);
	finish();
}
END_TEST

START_TEST(test_fork_flags)
{
	struct mm *child;
	u64 a, b;

	mm_unit_start();
	a = map_anon(0, PAGE_SIZE, RW, PRIVATE_ANON);
	b = map_anon(a - 2 * PAGE_SIZE, PAGE_SIZE, RW, PRIVATE_ANON);
	poke(current->mm, a, 1);
	poke(current->mm, b, 2);
	find_vma(current->mm, a)->flags |= VM_DONTCOPY;
	find_vma(current->mm, b)->flags |= VM_WIPEONFORK;
	child = fork_mm();
	ck_assert_ptr_null(find_vma_exact(child, a));
	ck_assert_uint_eq(peek(child, b), 0);
	mm_unit_drop(child);
	finish();
}
END_TEST

START_TEST(test_mremap)
{
	struct mm *mm;
	u64 a, b;
	long r;

	mm_unit_start();
	mm = current->mm;
	a = map_anon(0x10000000, 4 * PAGE_SIZE, RW, PRIVATE_ANON);
	for (unsigned i = 0; i < 4; i++)
		poke(mm, a + i * PAGE_SIZE, i + 1);
	ck_assert_int_eq(do_mremap(mm, a, 4 * PAGE_SIZE, 2 * PAGE_SIZE, 0, 0), (long)a);
	ck_assert_int_eq(fault(a + 2 * PAGE_SIZE, VM_READ), -EFAULT);
	ck_assert_int_eq(do_mremap(mm, a, 2 * PAGE_SIZE, 8 * PAGE_SIZE, 0, 0), (long)a);
	ck_assert_uint_eq(peek(mm, a + 7 * PAGE_SIZE), 0);
	map_anon(a + 8 * PAGE_SIZE, PAGE_SIZE, VM_READ, PRIVATE_ANON | FIXED);
	ck_assert_int_eq(do_mremap(mm, a, 8 * PAGE_SIZE, 9 * PAGE_SIZE, 0, 0), -ENOMEM);
	r = do_mremap(mm, a, 8 * PAGE_SIZE, 9 * PAGE_SIZE, 1, 0);
	ck_assert(!IS_ERR_VALUE(r));
	ck_assert_uint_eq(peek(mm, (u64)r + PAGE_SIZE), 2);
	ck_assert_int_eq(fault(a, VM_READ), -EFAULT);
	check_host(mm, (u64)r, (u64)r + 9 * PAGE_SIZE);
	b = 0x20000000;
	ck_assert_int_eq(do_mremap(mm, (u64)r, 9 * PAGE_SIZE, 9 * PAGE_SIZE, 3, b), (long)b);
	ck_assert_uint_eq(peek(mm, b), 1);
	ck_assert_int_eq(do_mremap(mm, b, 9 * PAGE_SIZE, 0, 0, 0), -EINVAL);
	ck_assert_int_eq(do_mremap(mm, b + 1, PAGE_SIZE, PAGE_SIZE, 0, 0), -EINVAL);
	ck_assert_int_eq(do_mremap(mm, b, 10 * PAGE_SIZE, 20 * PAGE_SIZE, 1, 0), -EFAULT);
	ck_assert_int_eq(do_mremap(mm, b, 9 * PAGE_SIZE, 9 * PAGE_SIZE, 3, b + PAGE_SIZE), -EINVAL);
	finish();
}
END_TEST

/* As many areas as there may be: placing, finding and removing them stays quick. */
START_TEST(test_many)
{
	struct mm *mm, *child;
	u32 n = 0;
	long r;

	mm_unit_start();
	mm = current->mm;
	for (;;) {
		r = do_mmap(mm, NULL, 0, 2 * PAGE_SIZE, n % 2 ? VM_READ : RW, PRIVATE_ANON, 0);
		if (IS_ERR_VALUE(r))
			break;
		n++;
	}
	ck_assert_int_eq(r, -ENOMEM);
	ck_assert_uint_eq(mm->nr_vmas, sysctl_max_map_count + 1); /* Linux's count, too */
	ck_assert_uint_eq(n, sysctl_max_map_count + 1);
	ck_assert_int_eq(do_mprotect(mm, HIGH - PAGE_SIZE, PAGE_SIZE, VM_EXEC), -ENOMEM);
	child = fork_mm();
	ck_assert_uint_eq(child->nr_vmas, mm->nr_vmas);
	mm_unit_drop(child);
	ck_assert_int_eq(do_munmap(mm, HIGH - 3 * PAGE_SIZE, PAGE_SIZE), 0); /* shortens one */
	ck_assert_int_eq(do_munmap(mm, GUEST_MMAP_MIN, HIGH - GUEST_MMAP_MIN), 0);
	ck_assert_uint_eq(mm->nr_vmas, 0);
	ck_assert_uint_eq(mm->total_vm, 0);
	finish();
}
END_TEST

/* Random calls; the tree, the list and the counts must agree all the time. */
static u64 check_tree(const struct vm_area *t, u64 low, u64 high)
{
	if (!t)
		return 0;
	ck_assert(t->start >= low && t->end <= high && t->start < t->end);
	return 1 + check_tree(t->left, low, t->start) + check_tree(t->right, t->end, high);
}

START_TEST(test_random)
{
	struct mm *mm;
	u64 x = 12345, base = 0x10000000;

	mm_unit_start();
	mm = current->mm;
	for (int i = 0; i < 20000; i++) {
		u64 a, len, last = 0, total = 0;
		struct vm_area *vma;

		x = x * 6364136223846793005ull + 1442695040888963407ull;
		a = base + ((x >> 33) % 200) * PAGE_SIZE;
		len = 1 + ((x >> 50) % 20);
		switch ((x >> 60) % 5) {
		case 0:
			map_anon(a, len * PAGE_SIZE, (x >> 45) % 8, PRIVATE_ANON | FIXED);
			break;
		case 1:
			ck_assert_int_eq(do_munmap(mm, a, len * PAGE_SIZE), 0);
			break;
		case 2:
			do_mprotect(mm, a, len * PAGE_SIZE, (x >> 45) % 8);
			break;
		case 3:
			do_mremap(mm, a, len * PAGE_SIZE, (1 + (x >> 40) % 20) * PAGE_SIZE, 1, 0);
			break;
		default:
			fault(a, (x >> 45) % 2 ? VM_WRITE : VM_READ);
		}
		if (i % 50)
			continue;
		list_for_each_entry(vma, &mm->vmas, node) {
			ck_assert_uint_ge(vma->start, last);
			last = vma->end;
			total += vma_pages(vma);
		}
		ck_assert_uint_eq(total, mm->total_vm);
		ck_assert_uint_eq(check_tree(mm->tree, 0, ~0ull), mm->nr_vmas);
		check_host(mm, base, base + 300 * PAGE_SIZE);
	}
	finish();
}
END_TEST

/* Strings of all lengths that end at, before and behind the borders of pieces, of pages and of what is mapped. */
START_TEST(test_strings)
{
	static char text[PAGE_SIZE], copy[2 * PAGE_SIZE];
	u64 a;

	mm_unit_start();
	memset(text, 'x', sizeof(text));
	a = map_anon(0, 3 * PAGE_SIZE, RW, PRIVATE_ANON);
	ck_assert_int_eq(do_munmap(current->mm, a + 2 * PAGE_SIZE, PAGE_SIZE), 0);
	for (size_t len = 0; len < 600; len += len < 8 ? 1 : 61) {
		for (u64 at = a + PAGE_SIZE - 300; at < a + PAGE_SIZE + 200; at++) {
			ck_assert_uint_eq(copy_to_user(u64_to_uptr(at), text, len), 0);
			ck_assert_uint_eq(copy_to_user(u64_to_uptr(at + len), "", 1), 0);
			ck_assert_int_eq(strncpy_from_user(copy, u64_to_uptr(at), PAGE_SIZE), len);
			ck_assert(!memcmp(copy, text, len) && !copy[len]);
			ck_assert_int_eq(strncpy_from_user(copy, u64_to_uptr(at), len), len); /* no room for the zero */
		}
		ck_assert_uint_eq(copy_to_user(u64_to_uptr(a + 2 * PAGE_SIZE - 600), text, 600), 0);
		ck_assert_int_eq(strncpy_from_user(copy, u64_to_uptr(a + 2 * PAGE_SIZE - len), PAGE_SIZE), -EFAULT);
		ck_assert_int_eq(strncpy_from_user(copy, u64_to_uptr(a + 2 * PAGE_SIZE - len), len), len);
	}
	finish();
}
END_TEST

START_TEST(test_oom)
{
	u64 a;
	int err = 0;

	mm_unit_start();
	a = map_anon(0, 60 << 20, RW, PRIVATE_ANON);
	map_anon(0, 60 << 20, RW, PRIVATE_ANON);
	a -= 60 << 20;
	for (u64 x = a; x < a + (120 << 20) && !err; x += PAGE_SIZE)
		err = fault(x, VM_WRITE);
	ck_assert_int_eq(err, -ENOMEM);
	finish();
}
END_TEST

UNIT_MAIN("mmap", test_place, test_mmap_errors, test_anon_fault, test_protect, test_stack, test_brk, test_fork, test_fork_flags,
	test_mremap, test_many, test_random, test_strings, test_oom)
