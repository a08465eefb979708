/* VmFlags of smaps: what mmap, mprotect, madvise and mlock leave there. */
#include "maps.h"
#include "show.h"

#define FLAGS(what, a) printf("%s: %s\n", what, smaps_text(a, "VmFlags"))

int main(void)
{
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), ro = open("f", O_RDONLY);
	char *a = map_at(hole(16), 16, RW, ANON), *b;

	ftruncate(fd, 4 * P);
	FLAGS("plain", a);
	FLAGS("read", map_at(hole(1), 1, PROT_READ, ANON));
	FLAGS("none", map_at(hole(1), 1, PROT_NONE, ANON));
	FLAGS("exec", map_at(hole(1), 1, PROT_READ | PROT_EXEC, ANON));
	FLAGS("noreserve", map_at(hole(1), 1, RW, ANON | MAP_NORESERVE));
	FLAGS("growsdown", map_at(hole(1), 1, RW, ANON | MAP_GROWSDOWN));
	FLAGS("locked", map_at(hole(1), 1, RW, ANON | MAP_LOCKED));
	FLAGS("populated", map_at(hole(1), 1, RW, ANON | MAP_POPULATE));
	FLAGS("stack flag", map_at(hole(1), 1, RW, ANON | MAP_STACK));
	FLAGS("shared", map_at(hole(1), 1, RW, MAP_SHARED | MAP_ANONYMOUS));
	FLAGS("file", mmap(NULL, P, PROT_READ, MAP_PRIVATE, fd, 0));
	FLAGS("file, written", mmap(NULL, P, RW, MAP_PRIVATE, fd, 0));
	FLAGS("file shared", mmap(NULL, P, RW, MAP_SHARED, fd, 0));
	FLAGS("read-only file shared", mmap(NULL, P, PROT_READ, MAP_SHARED, ro, 0));
	b = map_at(hole(1), 1, RW, ANON);
	mprotect(b, P, PROT_READ);
	FLAGS("made read-only", b);
	b = map_at(hole(1), 1, RW, ANON);
	b[0] = 1;
	mprotect(b, P, PROT_READ);
	FLAGS("used and made read-only", b);
	b = map_at(hole(1), 1, PROT_NONE, ANON);
	mprotect(b, P, RW);
	FLAGS("made writable", b);
	b = map_at(hole(1), 1, PROT_NONE, ANON | MAP_NORESERVE);
	mprotect(b, P, RW);
	FLAGS("noreserve made writable", b);

	madvise(a, P, MADV_RANDOM);
	FLAGS("random", a);
	madvise(a, P, MADV_SEQUENTIAL);
	FLAGS("sequential", a);
	madvise(a, P, MADV_NORMAL);
	FLAGS("normal", a);
	madvise(a, P, MADV_DONTFORK);
	FLAGS("dontfork", a);
	madvise(a, P, MADV_WIPEONFORK);
	FLAGS("and wipeonfork", a);
	madvise(a, P, MADV_DONTDUMP);
	FLAGS("and dontdump", a);
	madvise(a, P, MADV_DOFORK);
	madvise(a, P, MADV_KEEPONFORK);
	madvise(a, P, MADV_DODUMP);
	FLAGS("all undone", a);
	madvise(a, P, MADV_HUGEPAGE);
	FLAGS("hugepage", a);
	madvise(a, P, MADV_NOHUGEPAGE);
	FLAGS("nohugepage", a);
	a = map_at(hole(16), 16, RW, ANON);
	madvise(a, P, MADV_MERGEABLE);
	FLAGS("mergeable", a);
	madvise(a, P, MADV_UNMERGEABLE);
	FLAGS("unmergeable", a);
	mlock(a, P);
	FLAGS("mlock", a);
	mlock2(a, P, 1);
	FLAGS("mlock on fault", a);
	munlock(a, P);
	FLAGS("munlock", a);
	mlockall(MCL_FUTURE);
	FLAGS("future", map_at(hole(1), 1, RW, ANON));
	mlockall(MCL_FUTURE | 4);
	FLAGS("future on fault", map_at(hole(1), 1, RW, ANON));
	munlockall();
	FLAGS("no more", map_at(hole(1), 1, RW, ANON));
	return 0;
}
