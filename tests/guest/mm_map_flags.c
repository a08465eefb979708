/* Flags of mmap: types, MAP_SHARED_VALIDATE, MAP_SYNC, MAP_HUGETLB, MAP_DROPPABLE, and what files refuse. */
/* musl */
#include <sys/socket.h>

#include "maps.h"
#include "show.h"

#define MAP_SHARED_VALIDATE_ 3
#define MAP_DROPPABLE_ 8
#define MAP_SYNC_ 0x80000
#define MAP_HUGETLB_ 0x40000

int main(void)
{
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), ro = open("f", O_RDONLY), wo = open("f", O_WRONLY);
	int dir = open(".", O_RDONLY), path = open("f", O_PATH), p[2], sv[2], ap = open("f", O_WRONLY | O_APPEND), zero;
	char *a;

	if (pipe(p) || socketpair(AF_UNIX, SOCK_STREAM, 0, sv))
		return 1;
	ftruncate(fd, 4 * P);
	SHOW(mmap(NULL, P, RW, MAP_ANONYMOUS, -1, 0));
	SHOW(mmap(NULL, P, RW, MAP_ANONYMOUS | MAP_SHARED_VALIDATE_, -1, 0));
	SHOW(mmap(NULL, P, RW, MAP_ANONYMOUS | 4, -1, 0));
	SHOW_OK(mmap(NULL, P, RW, MAP_SHARED_VALIDATE_, fd, 0));
	SHOW(mmap(NULL, P, RW, MAP_SHARED_VALIDATE_ | MAP_SYNC_, fd, 0));
	SHOW_OK(mmap(NULL, P, RW, MAP_SHARED_VALIDATE_ | 0x8000000, fd, 0));
	SHOW(mmap(NULL, P, RW, MAP_SHARED_VALIDATE_ | 0x200000, fd, 0));
	SHOW(mmap(hole(1), P, RW, MAP_SHARED_VALIDATE_ | 0x100000, fd, 0));
	SHOW_OK(mmap(hole(1), P, RW, MAP_SHARED_VALIDATE_ | 0x80, fd, 0));
	SHOW_OK(mmap(NULL, P, RW, MAP_SHARED | 0x8000000, fd, 0));
	SHOW(mmap(NULL, P, RW, 0, fd, 0));
	SHOW(mmap(NULL, P, RW, 4, fd, 0));
	SHOW(mmap(NULL, P, RW, MAP_SHARED, ro, 0));
	SHOW_OK(mmap(NULL, P, PROT_READ, MAP_SHARED, ro, 0));
	SHOW_OK(mmap(NULL, P, RW, MAP_PRIVATE, ro, 0));
	SHOW(mmap(NULL, P, PROT_WRITE, MAP_SHARED, wo, 0));
	SHOW(mmap(NULL, P, PROT_WRITE, MAP_PRIVATE, wo, 0));
	SHOW(mmap(NULL, P, PROT_WRITE, MAP_SHARED, ap, 0));
	SHOW(mmap(NULL, P, PROT_READ, MAP_SHARED, dir, 0));
	SHOW(mmap(NULL, P, PROT_READ, MAP_SHARED, path, 0));
	SHOW(mmap(NULL, P, PROT_READ, MAP_SHARED, p[0], 0));
	SHOW(mmap(NULL, P, PROT_READ, MAP_PRIVATE, sv[0], 0));
	SHOW(mmap(NULL, P, PROT_READ, MAP_PRIVATE, 999, 0));
	SHOW(mmap(NULL, P, PROT_READ, MAP_PRIVATE, open("/dev/null", O_RDWR), 0));
	zero = open("/dev/zero", O_RDWR);
	SHOW(mmap(NULL, P, RW, MAP_PRIVATE | MAP_GROWSDOWN, fd, 0));
	SHOW(mmap(NULL, P, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0));
	SHOW(mmap(NULL, 0, RW, MAP_PRIVATE, fd, 0));
	SHOW((void *)syscall(SYS_mmap, NULL, P, RW, MAP_PRIVATE, fd, 1));
	SHOW((void *)syscall(SYS_mmap, NULL, 2 * P, RW, MAP_PRIVATE, fd, 0x7ffffffffffff000));
	SHOW((void *)syscall(SYS_mmap, NULL, P, RW, MAP_PRIVATE, fd, 0x7ffffffffffff000));
	SHOW_OK((void *)syscall(SYS_mmap, NULL, P, RW, MAP_PRIVATE, fd, 0x7fffffffffffe000));
	SHOW((void *)syscall(SYS_mmap, NULL, 2 * P, RW, MAP_PRIVATE, fd, -P));
	SHOW((void *)syscall(SYS_mmap, NULL, P, RW, MAP_PRIVATE, zero, -P));
	SHOW_OK((void *)syscall(SYS_mmap, NULL, P, RW, MAP_PRIVATE, zero, -2 * P));
	SHOW_OK((void *)syscall(SYS_mmap, NULL, P, RW, MAP_SHARED, zero, -2 * P));
	SHOW(mmap(NULL, 1 << 21, RW, ANON | MAP_HUGETLB_, -1, 0));
	SHOW(mmap(NULL, 1 << 21, RW, ANON | MAP_HUGETLB_ | 21 << 26, -1, 0));
	SHOW(mmap(NULL, 1 << 21, RW, ANON | MAP_HUGETLB_ | 16 << 26, -1, 0));
	SHOW(mmap(NULL, P, RW, MAP_PRIVATE | MAP_HUGETLB_, fd, 0));
	/* The order of checks. */
	SHOW(mmap(NULL, 0, RW, MAP_ANONYMOUS, 999, 0));
	SHOW(mmap((void *)1, P, RW, MAP_FIXED | MAP_SHARED, ro, 0));
	/* A closed descriptor does not end the mapping. */
	pwrite(fd, "still", 6, 0);
	a = mmap(NULL, P, PROT_READ, MAP_PRIVATE, ro, 0);
	close(ro);
	unlink("f");
	printf("%s\n", a);
	/* Linux 6.11: memory that may be dropped. */
	a = mmap(NULL, P, RW, MAP_DROPPABLE_ | MAP_ANONYMOUS, -1, 0);
	SHOW(a != MAP_FAILED);
	a[0] = 1;
	printf("%s\n", smaps_text(a, "VmFlags"));
	SHOW(mmap(NULL, P, RW, MAP_DROPPABLE_ | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
	SHOW(mmap(NULL, P, RW, MAP_DROPPABLE_ | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0));
	SHOW(mmap(NULL, P, RW, MAP_DROPPABLE_, fd, 0));
	SHOW(madvise(a, P, MADV_KEEPONFORK));
	SHOW(madvise(a, P, MADV_DODUMP));
	SHOW(mlock(a, P));
	return 0;
}
