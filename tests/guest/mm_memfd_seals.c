/* The seals of memfd_create: what each forbids, and who may set them. */
/* musl */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "show.h"

#ifndef F_ADD_SEALS
#define F_ADD_SEALS 1033
#define F_GET_SEALS 1034
#endif
#define S_SEAL 1
#define S_SHRINK 2
#define S_GROW 4
#define S_WRITE 8
#define S_FUTURE 16
#define S_EXEC 32
#define PUNCH (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE)

static int memfd(unsigned flags)
{
	int fd = (int)syscall(SYS_memfd_create, "seals", flags);

	if (ftruncate(fd, 8192))
		printf("no size\n");
	return fd;
}

static char page[4096 * 3];

int main(void)
{
	char link[64];
	struct stat st;
	int fd, ro, p[2];
	char *a;

	fd = memfd(0);
	SHOW(fcntl(fd, F_GET_SEALS));
	SHOW(fcntl(fd, F_ADD_SEALS, S_GROW));
	fd = memfd(2);
	SHOW(fcntl(fd, F_GET_SEALS));
	SHOW(fcntl(fd, F_ADD_SEALS, 0));
	SHOW(fcntl(fd, F_ADD_SEALS, 0x100));
	SHOW(fcntl(fd, F_ADD_SEALS, S_SHRINK));
	SHOW(fcntl(fd, F_GET_SEALS));
	SHOW(ftruncate(fd, 4096));
	SHOW(ftruncate(fd, 12288));
	SHOW(fcntl(fd, F_ADD_SEALS, S_GROW));
	SHOW(fcntl(fd, F_GET_SEALS));
	SHOW(ftruncate(fd, 16384));
	SHOW(ftruncate(fd, 12288));
	SHOW(pwrite(fd, "x", 1, 12288));
	SHOW(pwrite(fd, "xyz", 3, 12287));
	SHOW(pwrite(fd, page, sizeof(page), 8192));
	SHOW(pwrite(fd, "x", 1, 12287));
	SHOW(fallocate(fd, 0, 8192, 8192));
	SHOW(fallocate(fd, 0, 0, 8192));
	SHOW(fallocate(fd, PUNCH, 0, 4096));

	/* A shared mapping that may be written stands in the way of F_SEAL_WRITE. */
	a = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	SHOW(fcntl(fd, F_ADD_SEALS, S_WRITE));
	SHOW(mprotect(a, 4096, PROT_READ));
	SHOW(fcntl(fd, F_ADD_SEALS, S_WRITE));
	SHOW(munmap(a, 4096));
	a = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	SHOW(fcntl(fd, F_ADD_SEALS, S_WRITE));
	SHOW(fcntl(fd, F_ADD_SEALS, S_WRITE));
	a[0] = 1;
	SHOW(pwrite(fd, "x", 1, 0));
	SHOW(pwrite(fd, "x", 0, 0));
	SHOW(fallocate(fd, PUNCH, 0, 4096));
	SHOW(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	SHOW_OK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
	SHOW(fcntl(fd, F_ADD_SEALS, S_SEAL));
	SHOW(fcntl(fd, F_GET_SEALS));
	SHOW(fcntl(fd, F_ADD_SEALS, S_SHRINK));
	SHOW(fcntl(fd, F_ADD_SEALS, 0x100));

	/* F_SEAL_FUTURE_WRITE lets what is mapped already go on. */
	fd = memfd(2);
	a = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	SHOW(fcntl(fd, F_ADD_SEALS, S_FUTURE));
	a[0] = 'f';
	SHOW(pread(fd, page, 1, 0));
	printf("%c\n", page[0]);
	SHOW(pwrite(fd, "x", 1, 0));
	SHOW(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	a = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	SHOW(a[0]);
	SHOW(mprotect(a, 4096, PROT_READ | PROT_WRITE));
	SHOW(fallocate(fd, PUNCH, 0, 4096));

	/* Who reads only seals nothing. */
	fd = memfd(2);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ro = open(link, O_RDONLY);
	SHOW(fcntl(ro, F_ADD_SEALS, S_WRITE));
	SHOW(fcntl(ro, F_GET_SEALS));

	/* F_SEAL_EXEC */
	fd = memfd(8);
	SHOW(fcntl(fd, F_GET_SEALS));
	SHOW(fstat(fd, &st));
	printf("mode %o\n", st.st_mode);
	SHOW(fchmod(fd, 0700));
	SHOW(fchmod(fd, 0600));
	SHOW(pwrite(fd, "x", 1, 0));
	fd = memfd(2 | 16);
	SHOW(fcntl(fd, F_ADD_SEALS, S_EXEC));
	SHOW(fcntl(fd, F_GET_SEALS));
	SHOW(fchmod(fd, 0600));
	SHOW(pwrite(fd, "x", 1, 0));

	/* Other files. */
	fd = open("f", O_RDWR | O_CREAT, 0600);
	SHOW(pipe(p));
	SHOW(fcntl(fd, F_GET_SEALS));
	SHOW(fcntl(fd, F_ADD_SEALS, S_WRITE));
	SHOW(fcntl(p[0], F_GET_SEALS));
	SHOW(fcntl(p[1], F_ADD_SEALS, S_WRITE));
	SHOW(fcntl(p[0], F_ADD_SEALS, S_WRITE));
	fd = open("/dev/shm", O_RDWR | O_TMPFILE, 0600);
	SHOW(fcntl(fd, F_GET_SEALS));
	SHOW(fcntl(fd, F_ADD_SEALS, S_WRITE));
	SHOW(fcntl(-1, F_GET_SEALS));
	return 0;
}
