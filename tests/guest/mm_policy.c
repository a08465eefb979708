/* NUMA policies, as a machine of one node has them. */
#include "maps.h"
#include "show.h"

#define DEFAULT 0
#define PREFERRED 1
#define BIND 2
#define INTERLEAVE 3
#define LOCAL 4
#define STATIC (1 << 15)
#define RELATIVE (1 << 14)
#define F_NODE 1
#define F_ADDR 2
#define F_MEMS 4

static unsigned long one = 1, two = 2, three = 3, none;
static unsigned long wide[20];

static long set(int mode, unsigned long *mask, unsigned long max) { return syscall(SYS_set_mempolicy, mode, mask, max); }
static long bindit(void *a, unsigned long len, int mode, unsigned long *mask, unsigned flags)
{
	return syscall(SYS_mbind, a, len, mode, mask, 64, flags);
}
static void get(const char *what, void *addr, unsigned long flags)
{
	unsigned long mask = 99;
	int mode = -1;
	long r = syscall(SYS_get_mempolicy, &mode, &mask, 64, addr, flags);

	if (r)
		printf("%s: %s\n", what, errno_name(errno));
	else
		printf("%s: mode %x nodes %lx\n", what, mode, mask);
}

int main(void)
{
	char *a = map_at(hole(16), 16, RW, ANON);
	void *pages[3] = { a, a + P, (void *)0x1000 };
	int status[3] = { 9, 9, 9 }, nodes[3] = { 0, 0, 0 }, mode;

	get("first", NULL, 0);
	SHOW(set(PREFERRED, &one, 64));
	get("preferred", NULL, 0);
	SHOW(set(PREFERRED, &none, 64));
	get("preferred none", NULL, 0);
	SHOW(set(BIND, &three, 64));
	get("bind", NULL, 0);
	SHOW(set(BIND, &two, 64));
	SHOW(set(BIND, &none, 64));
	SHOW(set(BIND | STATIC, &three, 64));
	get("static", NULL, 0);
	SHOW(set(BIND | RELATIVE, &two, 64));
	get("relative", NULL, 0);
	SHOW(set(BIND | STATIC | RELATIVE, &one, 64));
	SHOW(set(INTERLEAVE, &one, 64));
	get("interleave", NULL, 0);
	get("next node", NULL, F_NODE);
	SHOW(set(LOCAL, &one, 64));
	SHOW(set(LOCAL, NULL, 0));
	get("local", NULL, 0);
	get("next node", NULL, F_NODE);
	SHOW(set(DEFAULT, &one, 64));
	SHOW(set(99, &one, 64));
	SHOW(set(BIND, BAD_PTR, 64));
	SHOW(set(BIND, &one, 1 << 20));
	wide[0] = 1;
	SHOW(set(BIND, wide, 1200));
	wide[17] = 1;
	SHOW(set(BIND, wide, 1200));
	SHOW(set(DEFAULT, NULL, 0));
	get("allowed", NULL, F_MEMS);
	get("allowed and more", NULL, F_MEMS | F_NODE);
	get("address without flag", a, 0);
	get("bad flag", NULL, 8);
	get("no memory", (void *)0x1000, F_ADDR);
	get("memory", a, F_ADDR);
	SHOW(syscall(SYS_get_mempolicy, &mode, &one, 0, NULL, 0));
	SHOW(syscall(SYS_get_mempolicy, BAD_PTR, NULL, 0, NULL, 0));
	SHOW(syscall(SYS_get_mempolicy, NULL, BAD_PTR, 64, NULL, 0));

	SHOW(bindit(a + P, 2 * P, BIND, &one, 0));
	show_maps("mbind splits", a, 16);
	get("bound", a + P, F_ADDR);
	get("beside", a, F_ADDR);
	a[P] = 1;
	get("node of a page", a + P, F_ADDR | F_NODE);
	SHOW(bindit(a + 2 * P, 2 * P, PREFERRED, &one, 1));
	get("preferred", a + 3 * P, F_ADDR);
	SHOW(bindit(a, 16 * P, DEFAULT, NULL, 2));
	show_maps("default joins", a, 16);
	SHOW(bindit(a + 1, P, BIND, &one, 0));
	SHOW(bindit(a, P, BIND, &two, 0));
	SHOW(bindit(a, P, BIND, &one, 0x100));
	SHOW(bindit(a, 0, BIND, &one, 0));
	SHOW(bindit(a, -P, BIND, &one, 0));
	munmap(a + 4 * P, P);
	SHOW(bindit(a, 8 * P, BIND, &one, 0));
	SHOW(bindit(a, 8 * P, DEFAULT, NULL, 0));
	SHOW(bindit(a + 4 * P, P, DEFAULT, NULL, 0));

	SHOW(syscall(450, a, P, 0, 0));
	SHOW(bindit(a, P, BIND, &one, 0));
	SHOW(syscall(450, a, P, 0, 0));
	SHOW(syscall(450, a, P, 5, 0));
	SHOW(syscall(450, a, P, 0, 1));
	SHOW(bindit(a, P, INTERLEAVE, &one, 0));
	SHOW(syscall(450, a, P, 0, 0));

	/* Page a+P was used, page a was not. */
	madvise(a, 4 * P, MADV_DONTNEED);
	SHOW(syscall(SYS_move_pages, 0, 1, pages, NULL, status, 2));
	printf("%d\n", status[0]);
	memset(a, 1, 2 * P);
	SHOW(syscall(SYS_move_pages, 0, 3, pages, NULL, status, 2));
	printf("%d %d %d\n", status[0], status[1], status[2]);
	SHOW(syscall(SYS_move_pages, 0, 2, pages, nodes, status, 2));
	printf("%d %d\n", status[0], status[1]);
	nodes[0] = 7;
	SHOW(syscall(SYS_move_pages, 0, 2, pages, nodes, status, 2));
	SHOW(syscall(SYS_move_pages, 0, 1, BAD_PTR, NULL, status, 2));
	SHOW(syscall(SYS_move_pages, 0, 1, pages, NULL, BAD_PTR, 2));
	SHOW(syscall(SYS_move_pages, 0, 1, pages, NULL, status, 1));
	SHOW(syscall(SYS_move_pages, 0x7ffffff0, 1, pages, NULL, status, 2));
	SHOW(syscall(SYS_migrate_pages, 0, 64, &one, &one));
	SHOW(syscall(SYS_migrate_pages, 0, 64, &one, &none));
	SHOW(syscall(SYS_migrate_pages, 0, 64, BAD_PTR, &one));
	SHOW(syscall(SYS_migrate_pages, 0, 64, &one, BAD_PTR));
	SHOW(syscall(SYS_migrate_pages, 0, 1 << 20, &one, &one));
	SHOW(syscall(SYS_migrate_pages, 0x7ffffff0, 64, &one, &one));
	return 0;
}
